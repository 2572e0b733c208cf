"""The catalogue of checks is complete, and each check does what its own examples say."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import polars as pl
import pytest

from jybf.assess import assess
from jybf.assess.together import assess_together
from jybf.audit import cases
from jybf.audit.catalogue import Case, Text, bases, texts
from jybf.model import LINE, Findings, Pack, Roster, Verdicts

ASSESSED: dict[str, Verdicts] = {}
GIVEN: dict[int, Roster] = {}
made = cases.given


def region_of(case: Case) -> str:
    return case.region or bases()[case.of].region


@cache
def groups() -> list[list[tuple[Text, Case]]]:
    """The examples, those side by side that one query can judge: of one region, with the same columns and no history."""
    found: dict[Any, list[tuple[Text, Case]]] = defaultdict(list)
    for text in texts().values():
        for case in text.case:
            columns = dict.fromkeys(name for row in (bases()[case.of].row, *case.rows) for name in row)
            alone = (text.code, case.name) if case.table or case.history else ()
            found[region_of(case), *columns, *alone].append((text, case))
    return list(found.values())


def given(case: Case) -> Roster:
    """The roster of ``case``, made once: nobody writes into it."""
    if id(case) not in GIVEN:  # the catalogue keeps its cases
        GIVEN[id(case)] = made(case)
    return GIVEN[id(case)]


@cache
def together(number: int) -> dict[str, Verdicts]:
    """The verdicts on the rosters of one group of examples, by what they hold; none for one that is alone."""
    examples = [case for _, case in groups()[number]]
    if len(examples) == 1:
        return {}
    pack, rosters = cases._pack(region_of(examples[0])), [given(case) for case in examples]
    verdicts = assess_together(rosters, pack)
    return {_key(pack, roster, None): each for roster, each in zip(rosters, verdicts, strict=True)}


def _key(pack: Pack, roster: Roster, history: Roster | None) -> str:
    return repr((pack.id, _told(roster), history and _told(history)))


def _told(roster: Roster) -> tuple[object, ...]:
    """All that ``roster`` holds, as what its repr tells apart."""
    frames = roster.rows, roster.problems
    return roster.sheets, roster.notices, *((frame.schema, frame.to_dict(as_series=False)) for frame in frames)


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many examples differ only in the lists that they are held against, more only in what their cells say."""

    def assessed_once(roster: Roster, pack: Pack, *, history: Roster | None = None) -> Verdicts:
        key = _key(pack, roster, history)
        if key not in ASSESSED:
            ASSESSED[key] = assess(roster, pack, history=history)
        return ASSESSED[key]

    monkeypatch.setattr(cases, "assess", assessed_once)
    monkeypatch.setattr(cases, "given", given)


def said(found: Findings, code: str) -> bool:
    """Whether the audit said that it could not check: unchecked is never passed."""
    undecided = found.rows["编号"].str.starts_with("JY9").any()
    return undecided or any(entry.code == code for entry in found.not_run)


@pytest.mark.parametrize(
    ("text", "case", "number"),
    [
        pytest.param(text, case, number, id=f"{text.code}-{case.name}")
        for number, group in enumerate(groups())
        for text, case in group
    ],
)
def test_each_check_does_what_its_examples_say(text: Text, case: Case, number: int) -> None:
    ASSESSED.update(together(number))
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


SHARED = [number for number, group in enumerate(groups()) if len(group) > 1]


@pytest.mark.parametrize("number", SHARED[:: len(SHARED) // 12])
def test_an_example_is_judged_among_others_as_it_is_alone(number: int) -> None:
    told = together(number)
    for _, case in groups()[number][:: len(groups()[number]) - 1]:
        roster, pack = given(case), cases._pack(region_of(case))
        one, other = told[_key(pack, roster, None)], assess(roster, pack)
        assert all(getattr(one, name).equals(getattr(other, name)) for name in ("rows", "merged", "unnamed", "known"))


@pytest.mark.parametrize(
    "code", [code for code, text in texts().items() if not text.beyond and not code.startswith(("JY8", "JY9"))]
)
def test_each_check_has_a_find_a_near_miss_and_a_row_whose_data_is_missing(code: str) -> None:
    assert {case.kind for case in texts()[code].case} == {"发现", "不误报", "缺资料"}
