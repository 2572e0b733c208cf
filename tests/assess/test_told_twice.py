"""Two cells that tell one fact: where they contradict each other neither pays nor refuses, else the one that stands in is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jybf.assess import assess, describe, missing
from jybf.assess.cases import roster_of
from jybf.policy import load_pack

Row = dict[str, Any]
PLACED: Row = {
    "人员类别": "脱贫人口", "免费介绍": True, "劳务派遣": False, "全日制": True, "就业渠道": "企业就业", "申请日期": date(2022, 10, 8),
}  # fmt: skip
TRAINED: Row = {"人员类别": "脱贫人口", "享受过以工代训": False, "申请日期": date(2021, 9, 10)}
POST: Row = {"人员类别": "脱贫人口", "意外险": True, "岗位名称": "保洁员"}
HIRED: Row = {
    "人员类别": "脱贫人口", "户籍省": "重庆市", "仍在缴费": True, "申请日期": date(2022, 3, 1), "合同开始日期": date(2021, 1, 1),
}  # fmt: skip
LOAN: Row = {
    "贷款类型": "个人", "贷款金额": "100000", "贷款合同日期": date(2021, 3, 15), "贷款发放日期": date(2021, 3, 15),
    "执行利率": "4.35", "逾期": False,
}  # fmt: skip
QUARTER: Row = {"计息开始日期": date(2021, 4, 1), "计息结束日期": date(2021, 6, 30)}
MARCH = {"就业开始日期": date(2021, 3, 1), "就业结束日期": date(2021, 5, 31)}
SHORT = {"就业开始日期": date(2021, 3, 31), "就业结束日期": date(2021, 5, 1)}
SUMMER = {"训练开始日期": date(2021, 6, 1), "训练结束日期": date(2021, 8, 31)}
YEAR = {"合同开始日期": date(2021, 3, 1), "合同结束日期": date(2022, 2, 28)}
INSURED = {"社保开始日期": "2021-01", "社保结束日期": "2021-12"}


def told(region: str, program: str, row: Row) -> tuple[str, str, str]:
    """The verdict on ``row``, why, and what it presumes."""
    roster = roster_of([{"身份证号": "甲", "单位": "甲厂", **row}])
    verdicts = assess(roster, load_pack(region), programs=(program,), force=True)
    shown = describe(verdicts, roster).row(0, named=True)
    assert shown["结果"] != "待补资料" or not missing(verdicts).height
    return shown["结果"], shown["说明"], shown["假定"]


TWICE = [
    ("fengdu", "职业介绍补贴（脱贫人口）", PLACED, {**SHORT, "稳定就业月数": 3}, {**MARCH, "稳定就业月数": 3}),
    ("fengdu", "职业介绍补贴（脱贫人口）", PLACED, {**SHORT, "务工月数": 3}, {**MARCH, "务工月数": 3}),
    ("fengdu", "职业介绍补贴（脱贫人口）", PLACED, {**MARCH, "稳定就业月数": 5},
     {"就业开始日期": date(2021, 5, 15), "就业结束日期": date(2021, 8, 31), "稳定就业月数": 4}),
    ("shanxi", "以工代训补贴", TRAINED, {**SUMMER, "补贴月数": 4}, {**SUMMER, "补贴月数": 2}),
    ("shanxi", "以工代训补贴", TRAINED | SUMMER, {"监测对象类别": "边缘易致贫户"}, {"监测对象类别": "突发严重困难户"}),
    ("shanxi", "公益性岗位补贴", POST, {**YEAR, "合同月数": 24}, {**YEAR, "合同月数": 12}),
    ("shanxi", "公益性岗位补贴", POST, {**YEAR, "合同月数": 6}, {"合同开始日期": "2021-03", "合同结束日期": "2022-02", "合同月数": 12}),
    ("fengdu", "一次性吸纳就业补贴", HIRED, {**INSURED, "连续缴费月数": 14}, {**INSURED, "连续缴费月数": 12}),
    ("fengdu", "创业担保贷款贴息", LOAN, {**QUARTER, "计息天数": 120}, {**QUARTER, "计息天数": 91}),
    ("fengdu", "创业担保贷款贴息", LOAN | QUARTER, {"贷款期限": 12, "贷款到期日期": date(2023, 3, 14)},
     {"贷款期限": 24, "贷款到期日期": date(2023, 3, 14)}),
]  # fmt: skip


@pytest.mark.parametrize(("region", "program", "row", "torn", "alike"), TWICE)
def test_two_cells_that_tell_one_fact_otherwise_hold_the_money_and_both_are_named(
    region: str, program: str, row: Row, torn: Row, alike: Row
) -> None:
    result, why, _ = told(region, program, row | torn)
    assert result == "待补资料"
    assert "前后矛盾" in why
    assert all(f"{cell} " in why for cell in torn)
    assert told(region, program, row | alike)[0] in {"可发放", "待定标准"}


@pytest.mark.parametrize(
    ("region", "program", "row", "torn"),
    [
        ("fengdu", "职业介绍补贴（脱贫人口）", PLACED, {"监测对象类别": "脱贫不稳定户", "人员类别": "边缘易致贫人口", **MARCH}),
        (
            "shanxi",
            "公益性岗位补贴",
            POST,
            {"合同开始日期": date(2021, 3, 1), "合同结束日期": date(2022, 12, 31), "合同月数": 12},
        ),
    ],
)
def test_what_is_told_twice_otherwise_refuses_nobody(region: str, program: str, row: Row, torn: Row) -> None:
    result, why, _ = told(region, program, row | torn)
    assert result == "待补资料"
    assert "前后矛盾" in why


@pytest.mark.parametrize(
    ("region", "program", "row", "presumed"),
    [
        ("fengdu", "职业介绍补贴（脱贫人口）", PLACED | MARCH, "稳定就业月数未填，按就业起止计"),
        ("shanxi", "以工代训补贴", TRAINED | SUMMER, "补贴月数未填，按训练起止的月份计"),
        ("shanxi", "以工代训补贴", TRAINED | SUMMER | {"人员类别": "", "监测对象类别": "脱贫不稳定户"}, "人员类别按脱贫人口计，由监测对象类别"),
        ("shanxi", "公益性岗位补贴", POST | {"上岗日期": date(2021, 3, 1), "合同月数": 12}, "合同结束日期未填，按合同月数算"),
        ("shanxi", "公益性岗位补贴", POST | {"合同开始日期": date(2021, 3, 1), "合同结束日期": "2022-03", "合同月数": 12},
         "合同结束日期只写到月，按合同月数算到日"),
        ("fengdu", "一次性吸纳就业补贴", HIRED | INSURED, "连续缴费月数未填，按社保起止的月份计"),
        ("fengdu", "创业担保贷款贴息", LOAN | QUARTER, "计息天数未填，按计息起止相差的天数计"),
        ("shanxi", "跨省务工交通补贴",
         {"人员类别": "脱贫人口", "务工省": "广东省", "申请日期": date(2021, 8, 1), "发放金额": "700"}, "申请金额、核定金额未填，按发放金额计"),
    ],
)  # fmt: skip
def test_a_fact_that_another_cell_stands_in_for_is_told(region: str, program: str, row: Row, presumed: str) -> None:
    result, _, assumed = told(region, program, row)
    assert result in {"可发放", "待定标准"}
    assert presumed in assumed
