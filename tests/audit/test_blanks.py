"""What is blank beside what is filled in, and spells of work: what is pointed at, and what is said of another row."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.audit.rosters import TRAINING, finding, lines, number, report, trainee, traveller

FULL = traveller(身份证号=number(3), 务工月数=6, 务工市="深圳市", 务工县="南山区", 务工单位="甲厂", 月工资="4000")


def spell(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {**traveller(**more), "务工开始日期": start, "务工结束日期": end}


def test_each_blank_is_pointed_at_by_its_own_column() -> None:
    bare = {**FULL, "务工省": "", "务工市": "", "务工县": "", "务工单位": ""}
    found = report(FULL, bare).rows.filter(pl.col("编号") == "JY112")
    assert found.select("行号", "级别", "列名").rows() == [(2, "提示", "务工单位"), (2, "提示", "务工地点")]


def test_a_name_that_is_missing_puts_the_money_at_stake() -> None:
    assert finding("JY112", traveller(), traveller(身份证号=number(3), 姓名=""))["涉及金额"] == 80000


def test_places_of_work_are_asked_of_the_transport_subsidy_only() -> None:
    assert lines("JY112", trainee(务工月数=6, 务工单位="甲厂"), trainee(务工月数=6), title=TRAINING) == []


@pytest.mark.parametrize(
    ("city", "enough"),
    [("深圳市", False), ("镇江市", False), ("新乡市", False), ("景德镇市", False), ("", False), ("东莞", True), ("中山市", True),
     ("济源市", True), ("义乌市", True), ("浦东新区", True), ("深圳市南山区", True)],
)  # fmt: skip
def test_a_city_says_enough_where_nothing_lies_below_it(city: str, enough: bool) -> None:
    assert (lines("JY114", FULL, {**FULL, "务工市": city, "务工县": ""}) == []) == enough


@pytest.mark.parametrize(
    ("city", "county", "enough"),
    [("深圳市", "深圳市", False), ("深圳市", "深圳", False), ("东莞市", "东莞市", True), ("儋州", "儋州市", True), ("义乌市", "义乌市", True),
     ("深圳市", "南山区", True)],
)  # fmt: skip
def test_a_city_written_again_as_its_county_is_no_county(city: str, county: str, enough: bool) -> None:
    assert (lines("JY114", FULL, {**FULL, "务工市": city, "务工县": county}) == []) == enough


def test_the_narrowest_thing_that_is_said_is_shown() -> None:
    row = finding("JY114", FULL, {**FULL, "务工县": "", "务工地点": "广东深圳"})
    assert (row["列名"], row["当前值"]) == ("务工地点", "广东深圳")
    assert "“深圳市”" in finding("JY114", FULL, {**FULL, "务工县": ""})["问题"]


def test_the_later_spell_is_named_and_the_earlier_one_shown() -> None:
    row = finding(
        "JY115", spell("2021-06-01", "2021-09-30", 务工单位="乙厂"), spell("2021-03-01", "2021-08-31", 务工单位="甲厂")
    )
    assert (row["行号"], row["应为"], row["涉及金额"]) == (1, "不早于 2021-08-31", 80000)
    assert "第 2 行" in row["问题"]


def test_spells_from_one_day_are_told_once() -> None:
    rows = [spell("2021-03-01", "2021-08-31", 务工单位=name) for name in ("甲厂", "乙厂")]
    assert lines("JY115", *rows) == [2]


def test_one_spell_told_every_month_contradicts_another_on_every_row() -> None:
    monthly = [spell("2021-06-01", "2021-12-31", 务工单位="乙厂")] * 3
    assert lines("JY115", *monthly) == []
    assert lines("JY115", spell("2021-03-01", "2021-08-31", 务工单位="甲厂"), *monthly) == [2, 3, 4]


def test_a_workshop_of_the_same_employer_is_the_same_place() -> None:
    rows = [
        spell("2021-03-01", "2021-08-31", 务工单位="示例电子有限公司"),
        spell("2021-04-01", "2021-06-30", 务工单位="示例电子二车间"),
    ]
    assert lines("JY115", *rows) == []
