"""To keep to one programme leaves the rows of others out, and to force one judges every row by it."""

from __future__ import annotations

from datetime import date

import polars as pl
from msgspec.structs import replace

from jybf.assess import assess, describe, missing
from jybf.assess.cases import roster_of
from jybf.audit import audit
from jybf.model import Roster
from jybf.policy import load_pack
from jybf.report.summary import summarise

SHANXI = load_pack("shanxi")
AWAY, NEAR = "跨省务工交通补贴", "省内务工交通补贴"
HIRED, BASE = "一次性吸纳就业补贴", "就业帮扶基地奖励"
PERSON = {"人员类别": "脱贫人口", "申请日期": date(2021, 8, 1), "务工省": "广东省"}


def named(*programs: str, title: str = "", **more: object) -> Roster:
    """A roster of a row for each of ``programs``, named in its own cell ("": blank)."""
    roster = roster_of([{**PERSON, **more, "补贴项目": program} for program in programs])
    return replace(roster, sheets=(replace(roster.sheets[0], title=title),))


def told(roster: Roster, *programs: str, force: bool = False) -> list[tuple[int, str, str]]:
    frame = describe(assess(roster, SHANXI, programs=programs, force=force), roster)
    return frame.select("行号", "补贴项目", "结果").rows()


def test_rows_that_name_another_programme_are_left_out_and_counted() -> None:
    roster = named(AWAY, "雨露计划", "", AWAY)
    assert told(roster, "跨省") == [(1, AWAY, "可发放"), (3, AWAY, "可发放"), (4, AWAY, "可发放")]
    verdicts = assess(roster, SHANXI, programs=("跨省",))
    assert summarise(verdicts, roster, missing(verdicts)).lines == {"可发放": 3, "别的项目": 1}


def test_a_title_names_a_programme_for_the_rows_that_name_none_themselves() -> None:
    roster = named("", AWAY, title="2021年雨露计划花名册")
    assert told(roster, AWAY) == [(2, AWAY, "可发放")]
    assert [line for line, *_ in told(roster, "雨露")] == [1]


def test_a_cell_that_names_no_programme_of_the_region_is_taken_for_none_that_is_asked_for() -> None:
    assert told(named("稳岗返还"), AWAY) == [(1, "", "待补资料")]


def test_a_row_whose_title_names_the_programme_is_refused_by_it_where_its_scope_is_another() -> None:
    roster = named("", title="2021年跨省务工交通补贴花名册", 务工省="山西省")
    assert told(roster, AWAY) == [(1, AWAY, "不符合")]


def test_a_row_that_either_of_two_programmes_is_named_for_is_that_ones_whose_scope_it_is() -> None:
    roster = named("", title="2021年务工交通补贴花名册")
    assert told(roster, AWAY) == [(1, AWAY, "可发放")]
    assert told(roster, NEAR) == []


def test_forcing_judges_every_row_whatever_it_is_named_for() -> None:
    roster = named(AWAY, "雨露计划", "稳岗返还", title="2021年雨露计划花名册")
    assert told(roster, AWAY, force=True) == [(line, AWAY, "可发放") for line in (1, 2, 3)]


def test_what_is_left_out_still_bars_what_it_excludes() -> None:
    base = {"单位": "甲", "身份证号": "", "吸纳脱贫人口数": 60, "补贴项目": BASE}
    hired = {"单位": "甲", "补贴项目": HIRED}

    roster = roster_of([{**PERSON, **base}, {**PERSON, **hired}])
    assert told(roster) == [(1, BASE, "可发放"), (2, HIRED, "不符合")]
    assert told(roster, HIRED) == [(2, HIRED, "不符合")]


def test_the_audit_of_one_programme_compares_with_all_and_tells_of_its_rows_only() -> None:
    both = {"身份证号": "甲", "银行账号": "6222020200012345678", "申报金额": "800", "姓名": "甲一"}

    rows = [{**PERSON, **both, "补贴项目": AWAY}, {**PERSON, **both, "姓名": "乙二", "身份证号": "乙", "补贴项目": "雨露计划"}]
    roster = roster_of(rows)
    whole = audit(roster, SHANXI, assess(roster, SHANXI))
    only = audit(roster, SHANXI, assess(roster, SHANXI, programs=(AWAY,)))
    assert set(whole.rows["行号"]) == {1, 2}
    assert set(only.rows["行号"]) == {1}
    assert only.rows.rows() == whole.rows.filter(pl.col("行号") == 1).rows()
    assert "JY601" in only.rows["编号"]
    assert set(only.roll["行号"]) == {1}
    assert {entry.code for entry in only.not_run} < {entry.code for entry in whole.not_run}
