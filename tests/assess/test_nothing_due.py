"""A sum of less than a 分 is nothing to pay: that is said, and never 可发放 0.00."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jybf.assess import assess, describe
from jybf.assess.cases import roster_of
from jybf.policy import load_pack

WORK: dict[str, Any] = {"人员类别": "脱贫人口", "申请日期": date(2021, 11, 1), "享受过以工代训": False, "身份证号": "甲"}
AWAY: dict[str, Any] = {"人员类别": "脱贫人口", "务工省": "广东省", "申请日期": date(2021, 8, 1)}
LOAN: dict[str, Any] = {
    "贷款金额": "1", "贷款合同日期": date(2022, 3, 10), "执行利率": "4.35", "计息天数": 1, "逾期": False, "贷款类型": "个人",
    "贷款期限": 12, "申请日期": date(2022, 6, 1), "人员类别": "脱贫人口",
}  # fmt: skip


def told(region: str, program: str, *rows: dict[str, Any], history: Any = (), **settings: str) -> list[tuple[Any, ...]]:
    past = roster_of(history) if history else None
    verdicts = assess(roster_of(rows), load_pack(region, settings), programs=(program,), history=past)
    return describe(verdicts, roster_of(rows)).select("结果", "核定金额", "说明").rows()


@pytest.mark.parametrize(
    ("region", "program", "row", "settings"),
    [
        ("fengdu", "以工代训补贴", WORK | {"补贴月数": 600, "申报金额": "0.40"}, {}),
        ("fengdu", "创业担保贷款贴息", LOAN, {}),
        ("national", "跨省务工交通补助", AWAY | {"户籍省": "山西省"}, {"跨省务工交通补助.yuan": "0"}),
        ("shanxi", "跨省务工交通补贴", AWAY, {"跨省务工交通补贴.yuan": "0"}),
    ],
)
def test_nothing_is_due_of_less_than_half_a_cent(
    region: str, program: str, row: dict[str, Any], settings: dict[str, str]
) -> None:
    ((result, fen, said),) = told(region, program, row, **settings)
    assert (result, fen) == ("不符合", None)
    assert "没有可发的" in said or "有利息可贴" in said


def test_half_a_cent_is_a_cent_and_paid() -> None:
    assert told("fengdu", "以工代训补贴", WORK | {"补贴月数": 600, "申报金额": "0.50"})[0][:2] == ("可发放", 1)


def test_what_is_nothing_for_months_that_nobody_knows_is_not_refused() -> None:
    row = WORK | {"补贴月数": 600, "申报金额": "0.40"}
    earlier = [{"补贴项目": "以工代训补贴", "身份证号": "甲", "申请日期": date(2021, 3, 1)}]
    assert told("fengdu", "以工代训补贴", row, history=earlier)[0][0] == "待补资料"
    assert told("fengdu", "以工代训补贴", row | {"补贴月数": ""})[0][0] == "待补资料"
