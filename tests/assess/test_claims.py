"""What a cap pays: the least of what is asked and spent, the cap itself only on a stated presumption, nothing for nothing."""

from __future__ import annotations

from datetime import date

import pytest

from jybf.assess import assess, describe
from jybf.assess.cases import roster_of
from jybf.policy import load_pack

PACK = load_pack("shanxi")
AWAY = {"人员类别": "脱贫人口", "务工省": "广东省", "申请日期": date(2021, 8, 1)}
PRESUMED = "未写申报金额、票据金额，按上限核定"


def told(*rows: dict[str, object]) -> list[tuple[str, int | None, bool]]:
    """Of each row the result, the 分, and whether the cap was presumed."""
    roster = roster_of([AWAY | row for row in rows])
    frame = describe(assess(roster, PACK, programs=("跨省务工交通补贴",)), roster)
    return [(result, fen, PRESUMED in assumed) for result, fen, assumed in frame.select("结果", "核定金额", "假定").rows()]


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        ({}, ("可发放", 80_000, True)),
        ({"申请金额": ""}, ("可发放", 80_000, True)),
        ({"申请金额": "", "票据金额": ""}, ("可发放", 80_000, True)),
        ({"申请金额": "0.01"}, ("可发放", 1, False)),
        ({"申请金额": "900"}, ("可发放", 80_000, False)),
        ({"票据金额": "350"}, ("可发放", 35_000, False)),
        ({"申请金额": "800", "票据金额": ""}, ("可发放", 80_000, False)),
        ({"申请金额": "？"}, ("待补资料", None, False)),
        ({"申请金额": "800", "票据金额": "？"}, ("待补资料", None, False)),
        ({"申请金额": "0"}, ("不符合", None, False)),
        ({"申请金额": "800", "票据金额": "0"}, ("不符合", None, False)),
    ],
    ids=str,
)
def test_a_cap_is_paid_in_full_unasked_only_on_a_presumption_that_is_told(
    money: dict[str, object], expected: tuple[str, int | None, bool]
) -> None:
    assert told(money) == [expected]


def test_the_presumption_is_told_of_each_row_and_only_of_those_that_rest_on_it() -> None:
    assert [row[2] for row in told({"申请金额": "800"}, {"申请金额": ""})] == [False, True]


def test_a_row_that_gets_nothing_presumes_no_sum() -> None:
    assert told({"人员类别": "一般农户"}) == [("不符合", None, False)]
    assert told({"人员类别": ""}) == [("待补资料", None, False)]


def test_a_row_that_asks_for_nothing_does_not_use_up_what_is_paid_once_a_year() -> None:
    nothing, later = {"身份证号": "甲", "申请金额": "0"}, {"身份证号": "甲", "申请金额": "800", "申请日期": date(2021, 9, 1)}
    assert [row[0] for row in told(nothing, later)] == ["不符合", "可发放"]
