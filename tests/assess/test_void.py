"""A row that says of itself that it is void, or a dead person's, is not paid, and does not count."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from jybf.assess import assess, describe
from jybf.assess.cases import roster_of
from jybf.audit import audit
from jybf.audit.release import clearance
from jybf.policy import load_pack
from jybf.roster import read
from tests.roster.books import book, idno

if TYPE_CHECKING:
    from pathlib import Path

SHANXI = load_pack("shanxi")
HEADER = ("序号", "姓名", "身份证号", "人员类别", "务工省", "申请日期", "申请金额", "备注", "核查")
ONE = idno("14092619850312001")


def row(number: str = ONE, **changes: object) -> list[object]:
    own = dict(zip(HEADER, (1, "王五", number, "脱贫户", "广东省", "2021-08-01", 800, None, None), strict=True))
    return list((own | changes).values())


def told(path: Path) -> list[tuple[str, str]]:
    roster = read([str(path)])
    return describe(assess(roster, SHANXI), roster).select("结果", "说明").rows()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"序号": "作废"}, "“序号”（A2）写着“作废”"),
        ({"姓名": "王五（已故）"}, "“姓名”（B2）写着“已故”"),
        ({"备注": "本人2021年7月死亡"}, "“备注”（H2）写着“死亡”"),
        ({"核查": "此人已去世"}, "“核查”（I2）写着“去世”"),
    ],
)
def test_a_row_that_says_that_it_is_void_lacks_its_correction(tmp_path, changes, words):
    ((result, said),) = told(book(tmp_path, HEADER, row(**changes)))
    assert (result, said) == ("待补资料", f"{words}：不该发的删去这一行，该发的改正这一处")


@pytest.mark.parametrize("changes", [{"备注": "未重复享受"}, {"备注": "7月离职"}, {"核查": "属实"}])
def test_a_row_that_says_the_contrary_or_only_that_work_ended_is_judged_as_any(tmp_path, changes):
    assert told(book(tmp_path, HEADER, row(**changes)))[0][0] == "可发放"


def test_a_row_that_is_struck_out_and_one_with_a_comment_that_stops_it_are_void(tmp_path):
    path = book(tmp_path, HEADER, row(), row(idno("14092619860312001")), row(idno("14092619870312001")))
    edited = load_workbook(path)
    sheet = edited.active
    for cell in sheet[2]:
        cell.font = Font(strike=True)
    sheet["B3"].comment = Comment("停发，待核", "经办人")
    sheet["B4"].comment = Comment("票据已看", "经办人")
    edited.save(path)
    (struck, first), (stopped, second), (plain, _) = told(path)
    assert (struck, stopped, plain) == ("待补资料", "待补资料", "可发放")
    assert first.startswith("整行有删除线")
    assert second.startswith("“批注”（B3）写着“停发”")


def test_the_audit_names_a_void_row_once_and_releases_nothing_for_it(tmp_path):
    roster = read(
        [str(book(tmp_path, HEADER, row(序号="作废"), row(idno("14092619860312001"), 备注="本人死亡", 申请金额=None)))]
    )
    found = audit(roster, SHANXI, assess(roster, SHANXI))
    own = found.rows.filter(pl.col("编号").is_in(["JY901", "JY904"]))
    assert own.select("编号", "行号").rows() == [("JY904", 2), ("JY904", 3)]
    assert clearance(found).clear == (0, 0)


def test_a_void_row_does_not_use_up_what_is_paid_once(tmp_path):
    first, second = told(book(tmp_path, HEADER, row(序号="作废", 申请日期="2021-07-01"), row()))
    assert (first[0], second[0]) == ("待补资料", "可发放")


def test_a_void_person_does_not_count_among_an_employers() -> None:
    base = next(program for program in load_pack("fengdu").programs if program.id == "就业帮扶基地奖补")
    people = [
        {"单位": "甲", "人员类别": "脱贫人口", "稳定就业月数": 3, "申请日期": date(2021, 10, 1)}
        for _ in range(base.tally.least)
    ]

    def result(*rows: object) -> set[str]:
        roster = roster_of(rows)
        return set(describe(assess(roster, load_pack("fengdu"), programs=(base.id,)), roster)["结果"])

    assert result(*people) == {"待定标准"}
    assert result(*people[:-1], {**people[0], "作废": "整行有删除线"}) == {"待补资料"}
    assert result({**people[0], "作废": "整行有删除线"}, *people) == {"待定标准"}
