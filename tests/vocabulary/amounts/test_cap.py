"""最高、不超过: at most so much a unit, and no more than is asked for or was spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jybf.errors import PackError, UsageError

from .law import law, told, told_of

if TYPE_CHECKING:
    from pathlib import Path

TRAVEL = 'kind = "cap"\nyuan = "800"\nspent = ["票据金额"]'
MONTHLY = 'kind = "cap"\nyuan = "300"\nunit = "元/人·月"\nunits = "补贴月数"'
SIX_MONTHS = 'quota = { most = 6, unit = "月", per = ["身份证号"], cite = "（一）" }'


@pytest.mark.parametrize(
    ("asked", "spent", "paid"),
    [("500", "600", "500.00"), ("600", "500", "500.00"), ("900", "850", "800.00"), ("", "350", "350.00"), ("", "", "800.00")],
)
def test_the_least_of_the_ceiling_the_claim_and_the_expense_is_paid(tmp_path: Path, asked: str, spent: str, paid: str) -> None:
    one = told(law(tmp_path, TRAVEL), 申请金额=asked, 票据金额=spent)
    assert (one.result, one.yuan, one.label) == ("可发放", paid, "上限")
    assert one.lines["标准"] == "800.00 元（上限）"
    assert paid in one.lines["申报"] or not (asked or spent)


def test_a_ceiling_that_nobody_asked_for_is_paid_on_a_presumption(tmp_path: Path) -> None:
    one = told(law(tmp_path, TRAVEL))
    assert "未写申报金额、票据金额，按上限核定" in one.assumed
    assert one.lines["申报"] == "没有写明，按上限"


def test_the_reason_says_where_less_than_the_ceiling_is_paid(tmp_path: Path) -> None:
    full, less = told_of(law(tmp_path, TRAVEL), {"申请金额": "800"}, {"申请金额": "799.99"})
    assert full.reason == "〔2021年〕不超过 800 元"
    assert less.reason == "〔2021年〕不超过 800 元，按申报或实际支出核定"


def test_a_claim_for_more_months_than_are_granted_counts_in_proportion(tmp_path: Path) -> None:
    one = told(law(tmp_path, MONTHLY, limits=SIX_MONTHS), 补贴月数=7, 申请金额="1000")
    assert one.yuan == "857.14"
    assert one.lines["数量"] == "“补贴月数” 7，核 6"
    assert one.lines["最多"] == "300.00 × 6 = 1800.00 元"
    assert one.lines["申报"] == "申报金额 1000.00 元，按 6/7 折合 857.14 元（四舍五入到分）；与上限取低的 857.14 元"


@pytest.mark.parametrize(
    ("months", "claim", "paid"),
    [
        (8, "1500.01", "1125.01"),  # 1125.0075
        (12, "1500.01", "750.01"),  # 750.005: half up
        (7, "999.99", "857.13"),  # 857.1343
        (7, "0.01", "0.01"),  # 0.0086
        (8, "2399.99", "1799.99"),  # 1799.9925
        (8, "2400.01", "1800.00"),  # 1800.0075: the ceiling
    ],
)
def test_a_share_of_a_claim_is_rounded_half_up_to_the_fen(tmp_path: Path, months: int, claim: str, paid: str) -> None:
    one = told(law(tmp_path, MONTHLY, limits=SIX_MONTHS), 补贴月数=months, 申请金额=claim)
    assert (one.result, one.yuan) == ("可发放", paid)


def test_a_county_may_set_a_lower_ceiling_and_no_higher_one(tmp_path: Path) -> None:
    one = told(law(tmp_path, TRAVEL, yuan="650.50"), 申请金额="800")
    assert (one.yuan, one.label, one.lines["标准"]) == ("650.50", "本地标准", "650.50 元（上限，由 --set 给出）")
    with pytest.raises(UsageError, match="801 元超过文件的上限 800 元"):
        law(tmp_path, TRAVEL, yuan="801")


def test_a_ceiling_needs_a_sum_and_takes_no_key_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(PackError) as error:
        law(tmp_path, 'kind = "cap"\nmargin = "1.5"\nspent = ["没有的列"]')
    faults = str(error.value)
    assert "某补贴 amount：cap 不认 margin，可写：yuan、unit、units、tiers、spent" in faults
    assert "某补贴 amount：cap 要写 yuan 或 tiers，只写一项" in faults
    assert "某补贴 amount：没有“没有的列”这个字段" in faults
