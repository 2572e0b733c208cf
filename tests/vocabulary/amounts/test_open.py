"""未定: no document states the sum; a county or ``--set`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jybf.errors import PackError, UsageError

from .law import law, told

if TYPE_CHECKING:
    from pathlib import Path

OPEN = 'kind = "open"\nunit = "元/人·月"\nunits = "补贴月数"'


def test_whoever_qualifies_waits_for_a_sum(tmp_path: Path) -> None:
    one = told(law(tmp_path, OPEN, qualifies="待定标准"), 补贴月数=3)
    assert (one.result, one.yuan, one.label) == ("待定标准", "", "未定")
    assert "文件未定标准：用 --set 或本地规则包给出" in one.reason
    assert one.lines["标准"] == "文件没有定，用 --set 或本地规则包给出"
    assert one.lines["数量"] == "“补贴月数” 3，核 3"


def test_units_are_asked_for_only_once_there_is_a_sum(tmp_path: Path) -> None:
    assert told(law(tmp_path, OPEN)).result == "待定标准"
    assert told(law(tmp_path, OPEN, yuan="500")).result == "待补资料"


def test_a_sum_that_is_set_is_paid_as_a_fixed_one_and_called_local(tmp_path: Path) -> None:
    one = told(law(tmp_path, OPEN, yuan="500"), 补贴月数=3)
    assert (one.result, one.yuan, one.label) == ("可发放", "1500.00", "本地标准")
    assert one.lines["标准"] == "500.00 元/人·月（定额，由 --set 给出）"


def test_days_of_a_year_are_no_matter_of_an_open_sum(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="只有贴息有计息天数"):
        law(tmp_path, OPEN, days="365")


def test_an_open_sum_takes_no_sum(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="open 不认 yuan，相近的有 unit；可写：unit、units"):
        law(tmp_path, OPEN + '\nyuan = "500"')
