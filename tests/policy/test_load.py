"""Loading is strict and says everything at once; a local pack adds and overrides in the open."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jybf.assess import assess, check_cases, describe
from jybf.assess.cases import roster_of
from jybf.errors import PackError, UsageError
from jybf.policy import find_region, load_pack, lpr_at, pack_names

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
id = "x"
name = "某县"
document = "某县通知"
short = "某县通知"
since = 2021-05-04
until = 2025-12-31
"""
PROGRAM = """
[[program]]
id = "跨省务工交通补贴"
cite = "（四）"
payee = "个人"
titles = ["跨省", "交通补"]
applies = "务工省 <> 户籍省"
basis = "申请日期"
once = ["身份证号", "申请年度"]
fund = "衔接推进乡村振兴补助资金"

[program.amount]
kind = "cap"
yuan = "800"

[[program.clause]]
id = "对象"
cite = "（四）"
text = "对象是脱贫人口"
holds = "人员类别 = '脱贫人口'"

[[program.manual]]
cite = "（四）"
text = "务工情况由乡镇核实"

[[program.case]]
name = "脱贫人口在外省：可发放"
given = { "人员类别" = "脱贫人口", "务工省" = "广东省", "户籍省" = "山西省", "申请日期" = 2021-08-01 }
expect = "可发放"
yuan = "800.00"

[[program.case]]
name = "一般农户：不符合"
given = { "人员类别" = "一般农户", "务工省" = "广东省", "户籍省" = "山西省", "申请日期" = 2021-08-01 }
expect = "不符合"

[[program.case]]
name = "务工省未填：待补资料"
given = { "人员类别" = "脱贫人口", "申请日期" = 2021-08-01 }
expect = "待补资料"
"""


def write(folder: Path, text: str, name: str = "x.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("region", [name for name, _ in pack_names()])
def test_every_case_of_every_shipped_pack_comes_out_as_it_says(region: str) -> None:
    assert check_cases(load_pack(region)) == []


def test_a_pack_of_a_few_lines_pays(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, HEAD + PROGRAM))
    assert check_cases(pack) == []


def test_all_faults_are_told_at_once_with_file_and_clause(tmp_path: Path) -> None:
    text = (
        (HEAD + PROGRAM)
        .replace("人员类别 = '脱贫人口'\"", '人员类型 = 1"')
        .replace('cite = "（四）"\npayee', 'cite = ""\npayee')
    )
    with pytest.raises(PackError) as error:
        load_pack(write(tmp_path, text.replace("务工省 <> 户籍省", "务工省 IS NULL")))
    told = str(error.value)
    assert "x.toml 第 27 行第 10 列 跨省务工交通补贴 对象：没有“人员类型”这个字段，相近的有 人员类别" in told
    assert "applies" in told
    assert "缺 cite" in told


def test_a_programme_without_its_three_kinds_of_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="缺一个“待补资料”的 case"):
        load_pack(write(tmp_path, (HEAD + PROGRAM).replace('expect = "待补资料"', 'expect = "不符合"')))


def test_every_wrong_key_of_a_programme_is_told_in_the_authors_words(tmp_path: Path) -> None:
    text = (
        (HEAD + PROGRAM).replace("once =", "onec =").replace('yuan = "800"\n', "yuan = 800\n").replace('payee = "个人"\n', "")
    )
    with pytest.raises(PackError) as error:
        load_pack(write(tmp_path, text.replace("人员类别 = '脱贫人口'\"", '人员类别 IS NULL"')))
    told = str(error.value)
    for words in ("没有“onec”这个键，是不是“once”", "缺“payee”", "“yuan”应是文字，写成了整数", "IS NULL"):
        assert words in told


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="onec"):
        load_pack(write(tmp_path, (HEAD + PROGRAM).replace("once =", "onec =")))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        *(
            ('yuan = "800"\n', f'yuan = "{odd}"\n', "跨省务工交通补贴 amount：")
            for odd in ("1e999999999", "1e-999999999", "-5", "NaN", "∞", "٨٠٠", "9" * 5000)
        ),
        ("人员类别 = '脱贫人口'\"", "NOT " * 140 + '意外险"', "对象：套得太深"),
        ("人员类别 = '脱贫人口'\"", "(" * 140 + "意外险" + ")" * 140 + '"', "对象：套得太深"),
        ("人员类别 = '脱贫人口'\"", " OR ".join(["意外险"] * 80) + '"', "对象：套得太深"),
        ("人员类别 = '脱贫人口'\"", " OR ".join(["意外险"] * 10_000) + '"', "对象：写得太长"),
        ("人员类别 = '脱贫人口'\"", '补贴月数 > 1e999999999"', "对象：“1e999999999”"),
        ('yuan = "800.00"', 'yuan = "1e999999999"', "脱贫人口在外省：可发放：“1e999999999”"),
        ("[[program]]", '[defaults]\n"补贴月数" = "3"\n[[program]]', "defaults：“补贴月数”是整数"),
        ('id = "x"', 'id = "x"\nextends = "x"', "绕成了圈"),
        ('id = "x"', f'id = "x"\nextends = "{"a" * 5000}"', "extends 应是一个规则包的代号"),
        ('id = "x"', 'id = "x"\nextends = "shanxi"\ndefaults = 5', "第 4 行第 1 列：“defaults”应是"),
        ('id = "x"', f'id = "x"\nn = {"9" * 5000}', "不是正确的 TOML"),
        ("[program.amount]", "clause = 5\n[program.amount]", "不是正确的 TOML"),
    ],
)
def test_what_no_engine_could_follow_is_a_sentence_with_file_and_clause(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(PackError) as error:
        load_pack(write(tmp_path, (HEAD + PROGRAM).replace(old, new, 1)))
    assert told in str(error.value)
    assert "x.toml" in str(error.value)


def test_a_case_with_a_value_that_its_field_cannot_have_is_a_sentence(tmp_path: Path) -> None:
    for odd in (
        '"补贴月数" = "三"',
        '"申请金额" = 1e999',
        f'"补贴月数" = {"9" * 30}',
        '"意外险" = [1]',
        '"贷款类型" = "个人贷"',
    ):
        with pytest.raises(PackError) as error:
            load_pack(write(tmp_path, (HEAD + PROGRAM).replace("given = {", f"given = {{ {odd},")))
        assert len(error.value.problems) == 3
        assert all(re.search(r"第 \d+ 行第 (11|20|28) 列", str(each)) for each in error.value.problems)


def test_a_case_that_does_not_come_out_is_a_sentence(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, (HEAD + PROGRAM).replace('yuan = "800.00"', 'yuan = "700.00"')))
    (told,) = check_cases(pack)
    assert "应为 700.00 元" in told


def test_a_county_adds_to_its_province_and_goes_on_citing_it(tmp_path: Path) -> None:
    county = HEAD + 'extends = "shanxi"\n' + PROGRAM.replace("跨省务工交通补贴", "返岗路费补贴").replace("交通补", "返岗路费")
    pack = load_pack(write(tmp_path, county))
    sources = {program.id: program.source for program in pack.programs}
    assert sources["返岗路费补贴"] == "某县通知"
    assert sources["以工代训补贴"] == "山西省实施意见"


def test_two_rules_for_one_thing_need_an_open_override(tmp_path: Path) -> None:
    county = HEAD + 'extends = "shanxi"\n' + PROGRAM
    with pytest.raises(PackError, match="override"):
        load_pack(write(tmp_path, county))
    override = (
        county.replace('payee = "个人"', 'payee = "个人"\noverride = true')
        .replace('id = "对象"', 'id = "对象"\noverride = true')
        .replace('yuan = "800"', 'yuan = "600"')
        .replace("800.00", "600.00")
    )
    pack = load_pack(write(tmp_path, override))
    program = next(p for p in pack.programs if p.id == "跨省务工交通补贴")
    assert (program.amount.fen, program.cited(program.amount)) == (60_000, "某县通知（四）")
    assert program.source == "山西省实施意见"


def test_a_sum_that_the_document_leaves_open_can_be_set_and_says_that_it_is_local() -> None:
    pack = load_pack("national", {"跨省务工交通补助.yuan": "650"})
    roster = roster_of([{"人员类别": "脱贫人口", "务工省": "广东省", "户籍省": "山西省", "申请日期": date(2021, 8, 1)}])
    frame = describe(assess(roster, pack, programs=("跨省务工交通补助",)), roster)
    assert frame.select("结果", "核定金额", "标准类型").row(0) == ("可发放", 65_000, "本地标准")


@pytest.mark.parametrize(
    ("key", "value"),
    [("没有这个.yuan", "1"), ("跨省务工交通补贴.yuan", "801"), ("以工代训补贴.yuan", "500"), ("跨省务工交通补贴.yuan", "很多")],
)
def test_a_setting_never_goes_over_what_the_document_says(key: str, value: str) -> None:
    with pytest.raises(UsageError):
        load_pack("shanxi", {key: value})


def test_a_region_goes_by_id_or_name_and_a_typo_gets_a_suggestion() -> None:
    assert find_region("shanxi") == find_region("山西") == find_region("山西省") == "shanxi"
    assert find_region("静乐") == find_region("太原市小店区") == find_region("忻州") == "shanxi"
    with pytest.raises(UsageError, match="是不是“shanxi”"):
        find_region("shanix")


def test_the_lpr_is_that_of_the_contracts_day_and_ends_where_it_was_verified() -> None:
    assert lpr_at(date(2021, 12, 19), date(2021, 12, 19)) == 38_500
    assert lpr_at(date(2021, 12, 20), date(2021, 12, 20)) == 38_000
    assert lpr_at(date(2021, 12, 1), date(2021, 12, 31)) is None
    assert lpr_at(date(2026, 8, 20), date(2026, 8, 20)) == 30_000
    assert lpr_at(date(2026, 8, 21), date(2026, 8, 21)) is None
    assert lpr_at(date(2019, 8, 19), date(2019, 8, 19)) is None


@pytest.mark.parametrize(
    ("rate", "signed", "days", "yuan"),
    [
        ("5.85", date(2021, 9, 13), 365, "7097.22"),  # 200000 × (5.85% − 2.35%) × 365 ÷ 360
        ("5.80", date(2021, 12, 20), 90, "1750.00"),
    ],
)
def test_interest_above_the_borrowers_share_is_exact_to_the_fen(rate: str, signed: date, days: int, yuan: str) -> None:
    row = {
        "贷款类型": "个人", "贷款金额": "200000", "执行利率": rate, "贷款合同日期": signed, "计息天数": days, "贷款期限": 12,
        "逾期": False, "申请日期": date(2022, 12, 1), "贷款合同编号": "某1", "贷款发放日期": signed,
        "贷款到期日期": date(signed.year + 1, signed.month, signed.day),
    }  # fmt: skip
    roster = roster_of([row])
    frame = describe(assess(roster, load_pack("fengdu"), programs=("创业担保贷款贴息",)), roster)
    assert frame[0, "结果"] == "可发放", frame[0, "说明"]
    assert Decimal(frame[0, "核定金额"]) / 100 == Decimal(yuan)
