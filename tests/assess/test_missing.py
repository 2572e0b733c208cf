"""What an undecided row is asked for: what can still change its verdict, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jybf.assess import assess, describe, missing
from jybf.assess.cases import roster_of
from jybf.policy import load_pack

DAY = date(2021, 10, 8)
LOAN: dict[str, Any] = {
    "贷款金额": "200000", "贷款合同日期": date(2022, 3, 10), "执行利率": "4.35", "计息天数": 90, "逾期": False,
}  # fmt: skip
TRAINED: dict[str, Any] = {"人员类别": "脱贫人口", "享受过以工代训": False}
HIRED: dict[str, Any] = {"人员类别": "脱贫人口", "户籍省": "重庆市", "身份证号": "甲"}
NOBODY: dict[str, Any] = {"身份证号": ""}
INSURED: dict[str, Any] = {"人员类别": "脱贫人口", "社保开始日期": date(2026, 1, 1), "单位": "", **NOBODY}


def asked(region: str, program: str, row: dict[str, Any], *history: dict[str, Any]) -> tuple[str, list[str]]:
    """The verdict, and the facts that it asks for."""
    pack = load_pack(region)
    roster = roster_of([row], next(each for each in pack.programs if each.id == program))
    past = roster_of([{"补贴项目": program, **paid} for paid in history]) if history else None
    verdicts = assess(roster, pack, programs=(program,), history=past)
    names = missing(verdicts)["字段"].to_list()
    shown = describe(verdicts, roster).row(0, named=True)
    assert all(f"“{name}”" in shown["说明"] for name in names)
    return shown["结果"], names


@pytest.mark.parametrize(
    ("region", "program", "row", "names"),
    [
        ("fengdu", "创业担保贷款贴息", LOAN | {"贷款类型": "个人", "贷款金额": ""}, {"贷款金额"}),
        ("fengdu", "创业担保贷款贴息", LOAN | {"贷款类型": "小微企业"}, {"新招用人数"}),
        ("fengdu", "创业担保贷款贴息", LOAN | {"贷款类型": "合伙"}, {"合伙人数"}),
        ("fengdu", "创业担保贷款贴息", LOAN | {"合伙人数": 1}, {"贷款类型", "新招用人数"}),
        ("shanxi", "以工代训补贴", TRAINED | {"补贴月数": 3}, {"训练开始日期", "申请日期"}),
        ("shanxi", "以工代训补贴", TRAINED | {"补贴月数": 3, "申请日期": date(2022, 1, 5)}, {"训练开始日期"}),
        ("shanxi", "以工代训补贴", TRAINED | {"申请日期": DAY}, {"补贴月数", "训练开始日期", "训练结束日期"}),
        ("fengdu", "就业帮扶基地奖补", NOBODY, {"申请日期", "吸纳脱贫人口数"}),
        ("shanxi", "就业帮扶基地奖励", NOBODY | {"申请日期": DAY, "吸纳脱贫人口数": 45}, {"吸纳边缘易致贫人口数"}),
        ("shanxi", "就业帮扶基地奖励", NOBODY | {"吸纳脱贫人口数": 50}, {"申请日期"}),
        ("shanxi", "跨省务工交通补贴", {"务工开始日期": date(2025, 12, 31), **NOBODY}, {"人员类别", "务工省", "身份证号"}),
        ("shanxi", "跨省务工交通补贴", {"务工开始日期": date(2026, 1, 1), **NOBODY}, {"人员类别", "务工省", "申请日期"}),
        ("national", "社会保险补贴", INSURED, {"申请日期"}),
        ("national", "社会保险补贴", INSURED | {"所属期": date(2021, 3, 1)}, {"统一社会信用代码"}),
    ],
)
def test_what_is_lacking_is_what_can_still_change_the_verdict(
    region: str, program: str, row: dict[str, Any], names: set[str]
) -> None:
    result, told = asked(region, program, row)
    assert (result, set(told)) == ("待补资料", names)


def test_what_is_filled_in_and_can_not_stand_is_named_with_what_is_written() -> None:
    pack = load_pack("shanxi")
    row = TRAINED | {"补贴月数": 3, "训练开始日期": date(2021, 8, 1), "训练结束日期": date(2021, 3, 31), "申请日期": DAY}
    roster = roster_of([row])
    told = describe(assess(roster, pack, programs=("以工代训补贴",)), roster)[0, "说明"]
    assert "训练结束日期 2021-03-31，训练开始日期 2021-08-01：前后矛盾" in told


def test_nothing_is_asked_of_who_had_it_once() -> None:
    result, names = asked("fengdu", "一次性吸纳就业补贴", HIRED | {"申请日期": DAY}, HIRED | {"申请日期": date(2021, 3, 1)})
    assert (result, names) == ("不符合", [])
    result, names = asked(
        "fengdu", "一次性吸纳就业补贴", HIRED | {"申请日期": DAY}, HIRED | {"身份证号": "乙", "申请日期": DAY}
    )
    assert result == "待补资料"
    assert names


@pytest.mark.parametrize(("months", "result"), [(6, "不符合"), (5, "待补资料")])
def test_nothing_is_asked_of_who_has_used_up_the_months(months: int, result: str) -> None:
    row = TRAINED | {"身份证号": "甲", "申请日期": DAY}
    past = {"身份证号": "甲", "补贴月数": months, "申请日期": date(2021, 5, 10)}
    assert asked("fengdu", "以工代训补贴", row, past)[0] == result


def results(region: str, program: str, *rows: dict[str, Any]) -> list[tuple[str, bool]]:
    """The verdict on each of ``rows`` of one run, and whether it asks for anything."""
    pack = load_pack(region)
    verdicts = assess(roster_of(rows), pack, programs=(program,))
    lacking = set(missing(verdicts)["_row"])
    told = describe(verdicts, roster_of(rows))["结果"].to_list()
    return [(result, row in lacking) for row, result in enumerate(told)]


PAID_MONTHS = TRAINED | {"身份证号": "甲", "补贴月数": 6, "申请日期": date(2021, 5, 10)}
TRAVELLED: dict[str, Any] = {"人员类别": "脱贫人口", "务工省": "广东省", "身份证号": "甲", "申请日期": date(2021, 5, 10)}
SPENT = [
    ("fengdu", "以工代训补贴", PAID_MONTHS, TRAINED | {"身份证号": "甲", "申请日期": DAY}),
    ("shanxi", "跨省务工交通补贴", TRAVELLED, {"身份证号": "甲", "申请日期": DAY}),
    ("shanxi", "跨省务工交通补贴", TRAVELLED, TRAVELLED | {"申请日期": DAY, "务工省": ""}),
    ("fengdu", "雨露计划", {"身份证号": "甲", "学年": "2021-2022学年", "教育阶段": "中职", "申请日期": date(2021, 9, 10)},
     {"身份证号": "甲", "学年": "2021-2022学年", "申请日期": DAY}),
]  # fmt: skip


@pytest.mark.parametrize(("region", "program", "paid", "later"), SPENT)
def test_nothing_is_asked_of_who_had_it_all_in_the_same_run(
    region: str, program: str, paid: dict[str, Any], later: dict[str, Any]
) -> None:
    assert results(region, program, paid, later) == [("可发放", False), ("不符合", False)]
    assert results(region, program, later, paid) == [("不符合", False), ("可发放", False)]


@pytest.mark.parametrize(("region", "program", "paid", "later"), SPENT)
@pytest.mark.parametrize("change", [{"身份证号": "乙"}, {"申请日期": date(2021, 5, 1)}, {"申请日期": "2021-05"}])
def test_a_row_that_may_be_another_persons_or_the_first_is_asked_for_what_it_lacks(
    region: str, program: str, paid: dict[str, Any], later: dict[str, Any], change: dict[str, Any]
) -> None:
    assert results(region, program, paid, later | change) == [("可发放", False), ("待补资料", True)]


def test_what_is_left_of_the_months_is_still_asked_for() -> None:
    five, two, more = (PAID_MONTHS | {"补贴月数": n, "申请日期": date(2021, 5, n)} for n in (5, 2, 1))
    lacking = {name: value for name, value in more.items() if name != "补贴月数"} | {"申请日期": DAY}
    assert results("fengdu", "以工代训补贴", five, lacking)[1] == ("待补资料", True)
    assert results("fengdu", "以工代训补贴", five, two, lacking)[2] == ("不符合", False)


def test_a_row_that_another_day_may_yet_govern_is_asked_for_it() -> None:
    months = {"训练开始日期": date(2021, 3, 1), "训练结束日期": date(2021, 8, 31), "申请日期": date(2021, 9, 10)}
    later = TRAINED | {"身份证号": "甲", "申请日期": date(2021, 12, 1)}
    assert results("shanxi", "以工代训补贴", PAID_MONTHS | months, later)[1] == ("待补资料", True)
    known = later | {"训练开始日期": date(2021, 9, 1)}
    assert results("shanxi", "以工代训补贴", PAID_MONTHS | months, known)[1] == ("不符合", False)


def test_a_row_that_is_itself_undecided_uses_up_nothing() -> None:
    undecided = TRAVELLED | {"务工省": ""}
    assert results("shanxi", "跨省务工交通补贴", undecided, undecided | {"申请日期": DAY}) == [("待补资料", True)] * 2


@pytest.mark.parametrize("lacks", [{"单位": ""}, {"单位": "？"}])
def test_an_employer_that_nobody_can_tell_is_not_the_one_that_nobody_could_tell_before(lacks: dict[str, Any]) -> None:
    row = {"人员类别": "脱贫人口", "身份证号": "甲", "申请日期": DAY} | lacks
    result, names = asked("shanxi", "一次性吸纳就业补贴", row, row | {"申请日期": date(2021, 3, 1)})
    assert (result, names) == ("待补资料", ["统一社会信用代码"])
