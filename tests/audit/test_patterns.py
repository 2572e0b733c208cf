"""Telephones of many, and rows that were copied: one finding for all that is alike, and what it says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.audit.rosters import TRAINING, finding, lines, number, report, trainee, traveller

if TYPE_CHECKING:
    from tests.audit.rosters import Row

MOBILE = "13800000000"
PROVINCES = ("广东省", "浙江省", "江苏省")


def people(count: int, **same: Any) -> list[Row]:
    return [traveller(姓名=f"示例{i}", 身份证号=number(1, f"19{60 + i}0101"), **same) for i in range(count)]


def travelled(count: int, **same: Any) -> list[Row]:
    dates = {"务工开始日期": "2021-03-01", "务工结束日期": "2021-09-30"}
    return [{**row, "务工省": PROVINCES[i % 3]} for i, row in enumerate(people(count, **dates, **same))]


@pytest.mark.parametrize(
    "phone",
    [MOBILE, "138 0000 0000", "138-0000-0000", "+86 13800000000", "008613800000000", "13800000000.0", "１３８００００００００",
     "0351-6660000", "（0351）6660000", "400-810-0000", "13800000000（儿子）", "儿子：13800000000", "13800000000、13800000001",
     "13800000000或0351-6660000", "无", "/", "138****0000"],
)  # fmt: skip
def test_a_telephone_that_can_be_called_or_is_known_to_be_none_is_no_finding(phone: str) -> None:
    assert lines("JY111", traveller(联系电话=phone)) == []


@pytest.mark.parametrize("phone", ["1380000000", "138000000000", "6660000", "23800000000", "儿子", "13800000000、138"])
def test_any_other_telephone_is_a_hint(phone: str) -> None:
    assert finding("JY111", traveller(联系电话=phone))["级别"] == "提示"


def test_a_telephone_of_many_is_told_once_with_the_first_lines() -> None:
    six = finding("JY111", *people(6, 联系电话=MOBILE))
    assert (six["行号"], six["级别"]) == (1, "疑点")
    assert "6 个人" in six["问题"]
    assert "第 1、2、3、4、5 行等" in six["问题"]


def test_an_employer_may_answer_for_its_workers_with_one_telephone_of_its_own() -> None:
    def workers(*phones: str) -> list[int]:
        rows = [trainee(姓名=f"示例{i}", 身份证号=number(1, f"19{60 + i}0101"), 联系电话=p) for i, p in enumerate(phones)]
        return lines("JY111", *rows, title=TRAINING)

    assert workers(*[MOBILE] * 5) == []
    assert workers(*[MOBILE] * 5, "13800000001") == [1]


def test_copied_rows_are_one_finding_with_all_their_money() -> None:
    copied = finding("JY118", *travelled(10))
    assert (copied["行号"], copied["涉及金额"]) == (1, 800000)
    assert "连续 10 行" in copied["问题"]
    assert "金额都是 800.00" in copied["问题"]


def test_a_row_that_differs_ends_a_run() -> None:
    assert lines("JY118", *travelled(5), *travelled(5, 申请金额="700")) == []
    apart = [*travelled(10)[:5], traveller(身份证号=number(9)), *travelled(10)[5:]]
    assert lines("JY118", *apart) == []


def test_dates_known_to_the_month_are_no_copies() -> None:
    assert lines("JY118", *[{**row, "务工开始日期": "2021-03"} for row in travelled(10)]) == []


def test_two_runs_of_numbers_are_two_findings() -> None:
    rows = [traveller(姓名=f"示例{i}", 身份证号=number(serial)) for i, serial in enumerate((1, 2, 3, 101, 103, 105))]
    found = report(*rows).rows.filter(pl.col("编号") == "JY118")
    assert found.select("行号", "涉及金额").rows() == [(1, 240000), (4, 240000)]


def test_one_person_below_himself_is_no_run() -> None:
    assert lines("JY118", *[traveller(签字="庚虚构", 户=f"户{i}") for i in range(4)]) == []
