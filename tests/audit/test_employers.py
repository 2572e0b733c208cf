"""Employers' codes."""

from __future__ import annotations

from tests.audit.rosters import TRAINING, finding, lines, number, report, trainee

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(head: str) -> str:
    """An invented credit code with a right check character."""
    head = head.ljust(17, "0")
    total = sum(_SIGNS.index(sign) * pow(3, i, 31) for i, sign in enumerate(head))
    return head + _SIGNS[-total % 31]


def test_a_code_with_a_wrong_check_character_is_found_on_every_claim_and_else_once_a_sheet() -> None:
    right = code("91140000MA0")
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    assert lines("JY701", trainee(统一社会信用代码=right), title=TRAINING) == []
    two = trainee(统一社会信用代码=wrong), trainee(统一社会信用代码=wrong, 身份证号=number(3))
    assert lines("JY701", *two, title=TRAINING) == [1, 2]
    assert lines("JY701", *(row | {"申请金额": "0"} for row in two), title=TRAINING) == [1]
    assert lines("JY701", trainee(统一社会信用代码=""), title=TRAINING) == []


def test_a_mistyped_code_of_a_claim_carries_its_sum() -> None:
    wrong = {"统一社会信用代码": "91140000MA0"}
    assert finding("JY701", trainee(**wrong), title=TRAINING)["涉及金额"] == 120000
    two = report(trainee(**wrong), trainee(**wrong, 身份证号=number(3), 申请金额="900"), title=TRAINING).rows
    assert two.filter(two["编号"] == "JY701")["涉及金额"].to_list() == [120000, 90000]
