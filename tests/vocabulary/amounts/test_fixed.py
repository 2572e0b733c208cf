"""定额: so much a unit, or by the tier; no more and no less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jybf.errors import PackError, UsageError

from .law import law, told

if TYPE_CHECKING:
    from pathlib import Path

DAILY = 'kind = "fixed"\nyuan = "46.50"\nunit = "元/人·天"\nunits = "出勤天数"'
TIERS = """kind = "fixed"
tiers = [ { when = "教育阶段 = '中职'", yuan = "3000" }, { when = "教育阶段 = '高职'", yuan = "5000" } ]"""


def test_the_sum_is_the_rate_times_the_units_whatever_is_asked(tmp_path: Path) -> None:
    one = told(law(tmp_path, DAILY), 出勤天数=3, 申请金额="9000")
    assert (one.result, one.yuan, one.label) == ("可发放", "139.50", "定额")
    assert one.reason == "〔2021年；3天〕46.5 元/人·天 × 3"
    assert one.lines["标准"] == "46.50 元/人·天（定额）"
    assert one.lines["金额"] == "46.50 × 3 = 139.50 元"


def test_units_that_are_not_stated_leave_the_sum_open(tmp_path: Path) -> None:
    one = told(law(tmp_path, DAILY))
    assert (one.result, one.yuan) == ("待补资料", "")
    assert one.lines["数量"] == "“出勤天数” 没有，核 不能定"
    assert "金额" not in one.lines


@pytest.mark.parametrize(
    ("stage", "result", "yuan"),
    [("中职", "可发放", "3000.00"), ("高职", "可发放", "5000.00"), ("", "待补资料", ""), ("普高", "不符合", "")],
)
def test_each_tier_has_its_sum_and_a_row_of_none_is_refused(tmp_path: Path, stage: str, result: str, yuan: str) -> None:
    one = told(law(tmp_path, TIERS), 教育阶段=stage)
    assert (one.result, one.yuan) == (result, yuan)


@pytest.mark.parametrize(
    ("months", "result", "yuan"),
    [(3, "可发放", "300.00"), (7, "可发放", "600.00"), ("", "待补资料", ""), ("？", "待补资料", "")],
)
def test_a_row_that_may_be_of_an_earlier_tier_is_of_none_yet(tmp_path: Path, months: object, result: str, yuan: str) -> None:
    tiers = '[ { when = "务工月数 < 6", yuan = "300" }, { when = "人员类别 = \'脱贫人口\'", yuan = "600" } ]'
    one = told(law(tmp_path, f'kind = "fixed"\ntiers = {tiers}'), 务工月数=months, 人员类别="脱贫人口")
    assert (one.result, one.yuan) == (result, yuan)


def test_a_sum_a_unit_of_which_no_column_says_how_many_is_refused(tmp_path: Path) -> None:
    for kind in ('kind = "open"', 'kind = "fixed"\nyuan = "46.50"'):
        with pytest.raises(PackError, match="写了 unit（元/人·天），没有写 units"):
            law(tmp_path, f'{kind}\nunit = "元/人·天"')


def test_the_proof_names_the_tier(tmp_path: Path) -> None:
    assert told(law(tmp_path, TIERS), 教育阶段="高职").lines["标准"] == "5000.00 元（定额，档次 教育阶段 = '高职'）"


def test_what_the_document_fixes_can_not_be_set(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="这个项目的标准由文件定死，不能另设"):
        law(tmp_path, DAILY, yuan="40")


def test_a_sum_and_tiers_beside_it_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="fixed 要写 yuan 或 tiers，只写一项"):
        law(tmp_path, TIERS + '\nyuan = "1"')


@pytest.mark.parametrize("yuan", ["-1", "0.001", "很多", "NaN"])
def test_a_sum_is_an_amount_down_to_the_fen(tmp_path: Path, yuan: str) -> None:
    with pytest.raises(PackError, match=f"“{yuan}”不是到分为止的金额"):
        law(tmp_path, f'kind = "fixed"\nyuan = "{yuan}"')
