"""Where a person works, from whichever column says so, and unknown where two columns contradict each other."""

from __future__ import annotations

import pytest

from jybf.assess.cases import roster_of
from jybf.assess.known import know
from jybf.policy import load_pack

SHANXI, NATIONAL = load_pack("shanxi"), load_pack("national")


@pytest.mark.parametrize(
    ("row", "elsewhere", "outside"),
    [
        ({"务工省": "广东省"}, True, True),
        ({"务工省": "山西省"}, False, None),
        ({"务工省": "山西省", "务工县": "静乐县", "户籍县": "静乐县"}, False, False),
        ({"务工省": "山西省", "务工县": "小店区", "户籍县": "静乐县"}, False, True),
        ({"务工区域": "省外"}, True, True),
        ({"务工区域": "省内县外"}, False, True),
        ({"务工区域": "省内"}, False, None),
        ({"务工区域": "县内"}, False, False),
        ({"务工区域": "省外", "务工省": "山西省"}, None, True),
        ({"户籍省": "广东省", "务工省": "广东省"}, False, None),
        ({}, None, None),
    ],
)
def test_elsewhere_is_what_the_columns_agree_on(row: dict[str, object], elsewhere: bool | None, outside: bool | None) -> None:
    prepared = know(roster_of([{"身份证号": "甲", **row}]).rows, SHANXI)
    assert prepared.select("跨省", "县外").row(0) == (elsewhere, outside)


def test_without_a_default_an_unsaid_home_stays_unsaid() -> None:
    assert know(roster_of([{"务工省": "广东省"}]).rows, NATIONAL)["跨省"].item() is None


def test_an_unreadable_home_does_not_take_the_default() -> None:
    prepared = know(roster_of([{"务工省": "广东省", "户籍省": "？"}]).rows, SHANXI)
    assert prepared["户籍省"].item() is None
