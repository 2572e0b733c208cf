"""贴息: the interest above the borrower's own share, exact to the 分."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from jybf.errors import PackError, UsageError

from .law import law, told

if TYPE_CHECKING:
    from pathlib import Path

INTEREST = 'kind = "interest"\nmargin = "1.5"'
LOAN: dict[str, Any] = {"贷款金额": "200000", "执行利率": "5.85", "贷款合同日期": date(2021, 9, 13), "计息天数": 365}


@pytest.mark.parametrize(
    ("loan", "yuan"),
    [
        ({}, "7097.22"),  # 200000 × (5.85% − 2.35%) × 365 ÷ 360
        ({"执行利率": "2.36", "计息天数": 1}, "0.06"),  # 0.0555…
        ({"贷款金额": "0.03", "计息天数": 360, "执行利率": "52.35"}, "0.02"),  # 0.015: half up
        ({"贷款合同日期": date(2021, 12, 20), "执行利率": "5.80", "计息天数": 90}, "1750.00"),
    ],
    ids=str,
)
def test_what_exceeds_the_borrowers_share_is_paid_for_the_days(tmp_path: Path, loan: dict[str, Any], yuan: str) -> None:
    one = told(law(tmp_path, INTEREST), **LOAN | loan)
    assert (one.result, one.yuan, one.label) == ("可发放", yuan, "计算")


def test_the_proof_goes_from_the_lpr_to_the_sum(tmp_path: Path) -> None:
    one = told(law(tmp_path, INTEREST), **LOAN)
    assert list(one.lines.items())[1:] == [
        ("LPR", "2021-09-13 的一年期 LPR 3.85%"),
        ("自付", "LPR − 1.5% = 2.35%，由借款人负担"),
        ("贴息率", "执行利率 5.85% − 2.35% = 3.5%"),
        ("贴息", "200000.00 元 × 3.5% × 365 天 ÷ 360 天 = 7097.22 元（四舍五入到分）"),
    ]
    assert one.reason.endswith("贷款金额 × (执行利率 − (LPR − 1.5%)) × 天数 ÷ 360，四舍五入到分")


@pytest.mark.parametrize(
    "loan",
    [
        {"贷款金额": "0"},
        {"计息天数": 0},
        {"执行利率": "2.35"},
        {"执行利率": "2"},
        {"贷款金额": "0.03", "计息天数": 1},  # less than half a 分
        {"执行利率": "2.10", "贷款合同日期": "2021-12"},  # below either LPR of that month
        {"计息天数": 0, "执行利率": ""},  # whatever else is lacking
    ],
    ids=str,
)
def test_where_nothing_is_left_to_subsidise_nobody_is_paid_nothing(tmp_path: Path, loan: dict[str, Any]) -> None:
    one = told(law(tmp_path, INTEREST), **LOAN | loan)
    assert (one.result, one.yuan) == ("不符合", "")
    assert "有利息可贴：本金、天数和利差都大于 0" in one.reason


def test_days_left_blank_are_lacking_and_no_refusal(tmp_path: Path) -> None:
    assert told(law(tmp_path, INTEREST), **LOAN | {"计息天数": "", "执行利率": "2.36"}).result == "待补资料"


@pytest.mark.parametrize("signed", ["", "2021-12", date(2019, 8, 19)], ids=["blank", "of a month with two rates", "too early"])
def test_a_contract_whose_lpr_nobody_knows_is_not_paid(tmp_path: Path, signed: object) -> None:
    one = told(law(tmp_path, INTEREST), **LOAN | {"贷款合同日期": signed})
    assert (one.result, one.yuan) == ("待补资料", "")
    assert one.lines["LPR"] == "“贷款合同日期”没有或不在 LPR 表所载的日子里，不能定"


def test_a_contract_of_a_month_with_one_rate_is_paid(tmp_path: Path) -> None:
    assert told(law(tmp_path, INTEREST), **LOAN | {"贷款合同日期": "2021-09"}).yuan == "7097.22"


@pytest.mark.parametrize("name", ["贷款金额", "执行利率", "计息天数"])
def test_every_fact_of_the_loan_must_be_known(tmp_path: Path, name: str) -> None:
    one = told(law(tmp_path, INTEREST), **LOAN | {name: ""})
    assert (one.result, one.reason) == ("待补资料", f"缺“{name}”")
    assert "贴息" not in one.lines


def test_the_days_of_a_year_are_presumed_and_may_be_set(tmp_path: Path) -> None:
    assert "计息按一年 360 天（当地规定不同时用 --set 某补贴.days=365）" in told(law(tmp_path, INTEREST), **LOAN).assumed
    set_ = told(law(tmp_path, INTEREST, days="365"), **LOAN)
    assert (set_.yuan, "计息按一年 365 天" in set_.assumed) == ("7000.00", True)
    with pytest.raises(UsageError, match="取 360 或 365"):
        law(tmp_path, INTEREST, days="366")
    with pytest.raises(UsageError, match="这个项目的标准由文件定死，不能另设"):
        law(tmp_path, INTEREST, yuan="100")


@pytest.mark.parametrize(("key", "said"), [('margin = "很少"', "“很少”不是百分数"), ("days = 366", "“days”")])
def test_a_wrong_term_is_told(tmp_path: Path, key: str, said: str) -> None:
    with pytest.raises(PackError) as error:
        law(tmp_path, f'kind = "interest"\n{key}')
    assert re.search(rf"x.toml 第 17 行第 \d+ 列 某补贴 amount：{said}", str(error.value))
