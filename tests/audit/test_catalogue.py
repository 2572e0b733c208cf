"""The catalogue of checks is complete, and each check does what its own examples say."""

from __future__ import annotations

import pytest

from jybf.audit.cases import check_case
from jybf.audit.catalogue import Case, Text, texts

CASES = [(text, case) for text in texts().values() for case in text.case]


@pytest.mark.parametrize(("text", "case"), CASES, ids=[f"{text.code}-{case.name}" for text, case in CASES])
def test_each_check_does_what_its_examples_say(text: Text, case: Case) -> None:
    assert list(check_case(text, case)) == []


@pytest.mark.parametrize(
    "code", [code for code, text in texts().items() if not text.beyond and not code.startswith(("JY8", "JY9"))]
)
def test_each_check_has_a_find_a_near_miss_and_a_row_whose_data_is_missing(code: str) -> None:
    assert {case.kind for case in texts()[code].case} == {"发现", "不误报", "缺资料"}
