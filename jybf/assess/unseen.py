"""Conditions that no example has seen true, false or unknown: of these nobody has tried what they do."""

from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from jybf.assess.cases import Outcome
from jybf.model import Clause, Program
from jybf.policy.clash import HELD
from jybf.policy.implicit import APPLIES, IDS
from jybf.policy.versions import within

_TRUE, _FALSE, _UNKNOWN = "成立", "不成立", "不知道"


def unseen(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, Clause, tuple[str, ...]]]:
    """(programme, clause, how it was never seen) for the conditions that the pack itself writes."""
    seen: dict[str, list[set[str]]] = {}
    programs: dict[str, Program] = {}
    for outcome in outcomes:
        program = outcome.program
        programs[program.id] = program
        marks = seen.setdefault(program.id, [set() for _ in program.clauses])
        if outcome.rows is not None and not outcome.aside:
            _look(program, outcome.rows, marks)
    for name, program in programs.items():
        for clause, marks in zip(program.clauses, seen[name], strict=True):
            if clause.id not in {*IDS, *HELD} - {APPLIES} and (never := _never(clause, marks)):
                yield name, clause, never


def _never(clause: Clause, marks: set[str]) -> tuple[str, ...]:
    return tuple(mark for mark in (_TRUE, _FALSE, _UNKNOWN) if mark not in marks and (mark != _FALSE or clause.id != APPLIES))


def _look(program: Program, rows: pl.DataFrame, marks: Sequence[set[str]]) -> None:
    for row in rows.select("不符", "缺", "推定", "版", "早于施行").iter_rows(named=True):
        if row["早于施行"] is None:  # no programme takes the row: nothing else was looked at
            continue
        for j, clause in enumerate(program.clauses):
            bit = 1 << j
            if row["不符"] & bit:
                marks[j].add(_FALSE)
            elif (row["缺"] | row["推定"]) & bit:
                marks[j].add(_UNKNOWN)
            elif _in_force(program, clause, row["版"]):
                marks[j].add(_TRUE)


def _in_force(program: Program, clause: Clause, version: int | None) -> bool:
    if clause.span is None:
        return True
    return version is not None and within(program.versions[version].span, clause.span)
