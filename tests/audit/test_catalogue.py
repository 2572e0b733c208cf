"""The catalogue of checks is complete, and each check does what its own examples say."""

from __future__ import annotations

import polars as pl
import pytest

from jybf.assess import assess
from jybf.audit import cases
from jybf.audit.catalogue import Case, Text, texts
from jybf.model import LINE, Findings, Pack, Roster, Verdicts

CASES = [(text, case) for text in texts().values() for case in text.case]


ASSESSED: dict[str, Verdicts] = {}


def assessed_once(roster: Roster, pack: Pack, *, history: Roster | None = None) -> Verdicts:
    """The verdicts on ``roster``: many examples differ only in the lists that they are held against."""
    key = repr((pack.id, _told(roster), history and _told(history)))
    if key not in ASSESSED:
        ASSESSED[key] = assess(roster, pack, history=history)
    return ASSESSED[key]


def _told(roster: Roster) -> tuple[object, ...]:
    """All that ``roster`` holds, as what its repr tells apart."""
    frames = roster.rows, roster.problems
    return roster.sheets, roster.notices, *((frame.schema, frame.to_dict(as_series=False)) for frame in frames)


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "assess", assessed_once)


def said(found: Findings, code: str) -> bool:
    """Whether the audit said that it could not check: unchecked is never passed."""
    undecided = found.rows["编号"].str.starts_with("JY9").any()
    return undecided or any(entry.code == code for entry in found.not_run)


@pytest.mark.parametrize(("text", "case"), CASES, ids=[f"{text.code}-{case.name}" for text, case in CASES])
def test_each_check_does_what_its_examples_say(text: Text, case: Case) -> None:
    found = cases.run_case(case, text.code, "JY9" if case.kind == "缺资料" else text.code)
    rows = found.rows.filter(pl.col("编号") == text.code)
    if case.kind != "发现":
        assert rows["问题"].to_list() == []
        assert case.kind != "缺资料" or said(found, text.code)
        return
    mine = rows.filter(pl.col(LINE) == (case.line or len(case.rows)))
    assert not mine.is_empty(), rows.select(LINE, "级别", "问题").rows()
    assert (case.level or text.level) in mine["级别"]
    assert any(case.says in problem for problem in mine["问题"])


@pytest.mark.parametrize(
    "code", [code for code, text in texts().items() if not text.beyond and not code.startswith(("JY8", "JY9"))]
)
def test_each_check_has_a_find_a_near_miss_and_a_row_whose_data_is_missing(code: str) -> None:
    assert {case.kind for case in texts()[code].case} == {"发现", "不误报", "缺资料"}
