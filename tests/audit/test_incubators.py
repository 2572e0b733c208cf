"""A base's ledger of the businesses that it houses: each counts once, however it is written."""

from __future__ import annotations

from typing import Any

import pytest

from jybf.audit.cases import run_case
from jybf.audit.catalogue import Case

CODES = [f"91140926MA0FAKE{n:02}X" for n in range(20)]
LEDGER: list[dict[str, Any]] = [{"身份证号": "", "统一社会信用代码": code, "创业实体": f"{code[-3:]}店"} for code in CODES]


def found(ledger: list[dict[str, Any]], *rows: dict[str, Any]) -> list[tuple[str, str]]:
    """Level and problem of what the ledger says of a base of ``rows``."""
    case = Case(name="", kind="发现", of="孵化", rows=rows or ({"入驻实体数": 20},), lists={"入驻台账": tuple(ledger)})
    return run_case(case, "JY417").rows.select("级别", "问题").rows()


def test_as_many_as_are_stated_are_no_finding() -> None:
    assert found(LEDGER) == []


@pytest.mark.parametrize(
    "again",
    [
        {"创业实体": LEDGER[0]["创业实体"]},
        {"创业实体": f" {LEDGER[0]['创业实体']}"},
        {"创业实体": CODES[0].lower()},
        {"统一社会信用代码": CODES[0]},
    ],
)
def test_one_that_stands_twice_counts_once_and_is_told(again: dict[str, Any]) -> None:
    ((level, problem),) = found([*LEDGER[:19], {"身份证号": "", **again}])
    assert level == "疑点"
    assert "有 19 家，同一家写了几次的只算一家" in problem
    assert "第 1 行与" in problem
    ((level, _),) = found([*LEDGER, {"身份证号": "", **again}])
    assert level == "提示"


def test_a_ledger_of_nobody_knows_which_of_several_bases_is_not_compared_in_silence() -> None:
    two = ({"入驻实体数": 20}, {"入驻实体数": 20, "单位": "乙孵化基地", "单位名称": "乙孵化基地"})
    assert [(level, "没有比对" in problem) for level, problem in found(LEDGER, *two)] == [("提示", True)] * 2
    named = [entry | {"单位名称": "乙孵化基地"} for entry in LEDGER]
    assert [(level, "有 0 家" in problem) for level, problem in found(named, *two)] == [("疑点", True)]
