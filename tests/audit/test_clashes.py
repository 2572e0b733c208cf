"""Who is held against whom: every row of two that clash is told, whatever else the other of them clashes with."""

from __future__ import annotations

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.audit.cases import run_case
from jybf.audit.catalogue import Case
from jybf.audit.run import audit
from tests.audit.rosters import HIRING, POST, finding, lines, number, pack, titled, trainee, traveller

SHOP = {"带动就业人数": 3, "员工缴保月数": 6}


def told(code: str, of: str, *rows: dict[str, object], **lists: tuple[dict[str, object], ...]) -> list[int]:
    """The lines (from 1) that the check ``code`` finds something on."""
    found = run_case(Case(name="", kind="发现", of=of, rows=rows, lists=lists), code).rows
    return sorted(set(found.filter(found["编号"] == code)["行号"]))


def test_a_business_of_three_households_is_told_on_all_three_however_each_two_are_tied() -> None:
    claims = (
        {"身份证号": "甲号", "户": "甲户", "统一社会信用代码": "91140926MA0000926R", "创业实体": "示例甲食品店"},
        {"身份证号": "乙号", "户": "乙户", "统一社会信用代码": "", "创业实体": "示例丙百货店"},
        {"身份证号": "丙号", "户": "丙户", "统一社会信用代码": "91140926MA0000926R", "创业实体": "示例丙百货店"},
    )
    assert told("JY415", "创业", *(SHOP | claim for claim in claims)) == [1, 2, 3]


def test_a_worker_of_two_employers_is_told_on_every_row_though_one_of_them_claims_twice() -> None:
    ours = trainee(补贴项目="社会保险补贴")
    theirs = ours | {"单位": "乙厂", "单位名称": "乙厂"}
    assert lines("JY314", ours, ours, theirs, title=HIRING) == [1, 2, 3]


def test_one_of_the_household_on_the_ledger_is_told_though_he_has_a_row_in_another_household() -> None:
    post = {"岗位名称": "保洁员", "所属期": "2021-05", "户编号": "140926000001"}
    ledger = ({"身份证号": number(2), "岗位名称": "保洁员", "上岗日期": "2021-01-01", "户编号": "140926000001"},)
    elsewhere = {"身份证号": number(2), "户编号": "140926000002", "户": "140926000002"}
    own = post | {"身份证号": number(1), "户": "140926000001"}
    assert told("JY311", "公岗", own, post | elsewhere, 公岗台账=ledger) == [1]
    here = {"身份证号": number(2), "户": "140926000001"}
    assert told("JY311", "公岗", own, post | here) == [2]


@pytest.mark.parametrize(
    ("mine", "cadre", "hit"),
    [
        ({"户编号": "12", "行政村": "北村"}, {"户编号": "12", "行政村": "北村"}, True),
        ({"户编号": "12", "行政村": "北村"}, {"户编号": "12", "行政村": "南村"}, False),
        ({"户编号": "12", "户主姓名": "王示例"}, {"户编号": "12", "户主姓名": "王示例"}, True),
        ({"户编号": "0012345"}, {"户编号": "0012345"}, True),
        ({"户主身份证号": number(2)}, {}, True),  # the head himself is the cadre
        ({"户编号": "13"}, {"户主身份证号": number(1)}, True),  # the cadre's head is the claimant
    ],
)
def test_a_cadre_s_household_is_told_by_its_number_its_village_or_its_head(mine, cadre, hit) -> None:
    listed = ({"身份证号": number(2), "职务": "村支书", "任职开始日期": "2019-01-01"} | cadre,)
    assert bool(told("JY206", "公岗", {"身份证号": number(1), "户": ""} | mine, 村干部=listed)) == hit


def test_a_payment_without_a_number_is_told_though_one_of_another_number_bears_the_name_before_it() -> None:
    before = {"姓名": "甲示例", "补贴项目": "", "申请金额": "800", "申请日期": "2021-05-01", "人员类别": "脱贫人口"}
    others, nobody_s = before | {"身份证号": number(2)}, before | {"身份证号": ""}
    assert lines("JY302", traveller(), history=[others]) == []
    assert lines("JY302", traveller(), history=[nobody_s]) == [1]
    assert lines("JY302", traveller(), history=[others, nobody_s]) == [1]


def test_a_worker_of_three_employers_is_told_on_every_row_that_is_at_once_with_another() -> None:
    worker = {"姓名": "甲示例", "身份证号": number(1)}
    trained = worker | {"训练开始日期": "2021-03-01", "训练结束日期": "2021-05-31", "补贴月数": 3}
    elsewhere = worker | {"训练开始日期": "", "训练结束日期": "", "补贴月数": ""}
    base = {"补贴项目": "就业帮扶基地奖励", "单位": "乙社", "单位名称": "乙社", "就业开始日期": "2021-06-01"}
    insured = {"补贴项目": "社会保险补贴", "单位": "丙社", "单位名称": "丙社", "就业开始日期": "2021-03-01"}
    summer, year = (elsewhere | row | {"就业结束日期": "2021-08-31"} for row in (base, insured))
    assert told("JY406", "以工代训", trained, summer) == []
    assert told("JY406", "以工代训", trained, summer, year) == [1, 2, 3]


def test_the_owner_s_spouse_is_told_though_the_owner_s_first_row_says_nothing_of_the_two() -> None:
    owner, home = {"身份证号": "老板钱", "法定代表人身份证号": "老板钱"}, {"户": "一户"}
    husband = {"身份证号": "丈夫孙", "法定代表人身份证号": "老板钱", "与户主关系": "户主"} | home
    rows = (owner | home | {"与户主关系": "其他"}, owner | home | {"与户主关系": "妻"}, husband)
    assert 3 in told("JY705", "以工代训", *rows)


def test_an_account_of_a_stranger_is_no_mere_hint_because_one_of_the_household_had_it_too() -> None:
    account = {"银行账号": "6217000010001234569"}
    paid = traveller(补贴项目="跨省务工交通补贴", 申请日期="2020-08-01") | account
    kin, stranger = (
        {"身份证号": number(n), "姓名": "乙示例", "户": home} for n, home in ((3, "1409260001"), (5, "1409260002"))
    )
    for history in ([paid | kin, paid | stranger], [paid | stranger, paid | kin]):
        row = finding("JY601", traveller(户="1409260001") | account, history=history)
        assert row["级别"] != "提示"
    assert finding("JY601", traveller(户="1409260001") | account, history=[paid | kin])["级别"] == "提示"


def test_an_owner_s_third_business_is_told_though_it_may_be_the_first_under_another_name() -> None:
    bases = ({"单位": name, "单位名称": name, "法定代表人身份证号": "老板赵"} for name in ("甲基地", "乙基地", "甲基地分部"))
    assert told("JY703", "基地", *bases) == [2, 3]


def test_a_holder_without_an_account_is_one_of_that_name_on_one_sheet_only() -> None:
    post = {"岗位名称": "保洁员", "开户名": "丙示例"}
    one, two = post | {"身份证号": number(1), "姓名": "甲示例"}, post | {"身份证号": number(3), "姓名": "乙示例"}
    assert told("JY411", "公岗", one, two) == [1, 2]
    given = titled(roster_of([{"补贴项目": "公益性岗位补贴", **row} for row in (one, two)]), POST)
    apart = replace(given, rows=given.rows.with_columns(pl.Series("_sheet", [0, 1], dtype=given.rows.schema["_sheet"])))
    apart = replace(apart, sheets=(*given.sheets, replace(given.sheets[0], index=1, name="另一张")))
    found = audit(apart, pack("shanxi"), assess(apart, pack("shanxi")), select=("JY411",)).rows
    assert found.is_empty()
