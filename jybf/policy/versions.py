"""Versions of a programme in one programme: each clause knows when it is in force, and what differs must be told by the day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from msgspec.structs import replace

from jybf.model import Clause, Predicate, Program, Span, Version
from jybf.policy.implicit import ENDED, VERSION
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.dated import agree, chosen, day_of, governed, inside, outside
from jybf.vocabulary.sql import NULL, quote

_DAY = timedelta(days=1)
UNLIMITED = 1_000_000_000  # units, where no quota is in force


def eras(spans: Sequence[Span]) -> list[Span]:
    """All of time, cut wherever one of ``spans`` begins or ends."""
    cuts = sorted({s.first for s in spans if s.first} | {s.last + _DAY for s in spans if s.last})
    return [Span(a, b - _DAY if b else None) for a, b in pairwise([None, *cuts, None])]


def within(era: Span, span: Span | None) -> bool:
    """Whether ``era``, which no end of ``span`` cuts, lies in it."""
    if span is None or era == Span():
        return True
    after = not span.first or (era.first is not None and era.first >= span.first)
    return after and (not span.last or (era.last is not None and era.last <= span.last))


def merged(program: Program, own: Sequence[Clause], implied: Callable[[Program], Sequence[Clause]]) -> Program:
    """``program`` with all its clauses: its ``own``, of which some have a span, and those that each version implies."""
    if not program.versions:
        return replace(program, clauses=(*own, *implied(replace(program, clauses=tuple(own)))))
    spans = [version.span for version in program.versions]
    lists: list[list[Clause]] = []
    for i, version in enumerate(program.versions):
        mine = [replace(clause, span=None) for clause in own if within(version.span, clause.span)]
        as_then = replace(program.at(i), clauses=tuple(mine))
        ended = [_ended(version)] if version.ended else []
        lists.append([*mine, *implied(as_then), *ended])
    return replace(program, clauses=(*_in_time(spans, lists, program.basis), *_told_by_the_day(program)))


def _ended(version: Version) -> Clause:
    text = f"{version.span.first} 起停止执行"
    return Clause(ENDED, version.ended, text, Predicate("", "FALSE", ()), source=version.ended_source, code="JY507")


def _in_time(spans: Sequence[Span], lists: Sequence[Sequence[Clause]], basis: Sequence[str]) -> Iterator[Clause]:
    """The clauses of all versions, those that are in some versions only with their spans."""
    order: list[Clause] = []
    for clauses in lists:
        at = 0
        for clause in clauses:
            if clause not in order:
                alike = [i for i, other in enumerate(order) if other.id == clause.id]
                order.insert(alike[-1] + 1 if alike else at, clause)
            at = order.index(clause) + 1
    dated = [clause for clause in order if any(clause not in clauses for clauses in lists)]
    fails = {
        day: [f"NOT ({clause.holds.sql})" for clause in dated if clause in its] for day, its in zip(spans, lists, strict=True)
    }
    for clause in order:
        if clause not in dated:
            yield clause
            continue
        for span in _runs(spans, [clause in clauses for clauses in lists]):
            yield _dated(clause, span, {day: tests for day, tests in fails.items() if not within(day, span)}, basis)


def _runs(spans: Sequence[Span], there: Sequence[bool]) -> Iterator[Span]:
    """The days of the spans that are ``there``, those that follow each other as one."""
    start: Span | None = None
    for i, (span, is_there) in enumerate(zip(spans, there, strict=True)):
        if not is_there:
            continue
        start = start or span
        if i + 1 == len(spans) or not there[i + 1]:
            yield Span(start.first, span.last)
            start = None


def _dated(clause: Clause, span: Span, elsewhere: Mapping[Span, Sequence[str]], basis: Sequence[str]) -> Clause:
    """``clause`` in force in ``span`` only: TRUE of any other day. ``elsewhere``: the other days, each with what refuses then.

    Of a row whose day may lie in and out of it, it fails where on each of those days something does.
    """
    own = clause.holds.sql
    fails = [f"({' OR '.join((f'({outside(day)} AND {governed(basis)})', *tests))})" for day, tests in elsewhere.items()]
    sql = f"(CASE WHEN {outside(span)} OR ({own}) THEN TRUE WHEN {' AND '.join((f'NOT ({own})', *fails))} THEN FALSE END)"
    first, end = day_of(basis)
    silent = " AND ".join(f"{quote(name)} IS NULL" for name in basis)
    undone = f"({quote(basis[0])} IS NULL AND NOT ({own}))" if '"_' not in own else "FALSE"  # over facts alone
    path = f"(CASE WHEN {silent} THEN FALSE WHEN {inside(span, first, end)} THEN {undone} ELSE TRUE END)"
    holds = clause.holds
    needs = holds.needs if basis[0] in holds.fields else (*holds.needs, (basis[0], path))
    reads = tuple(dict.fromkeys((*(holds.reads or holds.fields), *basis)))
    fields = tuple(dict.fromkeys((*holds.fields, basis[0])))
    return replace(clause, span=span, holds=replace(holds, sql=sql, fields=fields, reads=reads, needs=needs, blank=own))


def _told_by_the_day(program: Program) -> Iterator[Clause]:
    """That the day tells which sum and which quota is in force, where that makes a difference."""
    tests = [agree(values) for values in (*rates(program).values(), mosts(program)) if len({*values.values()}) > 1]
    if not tests:
        return
    first, end = day_of(program.basis)
    silent = " AND ".join(f"{quote(name)} IS NULL" for name in program.basis)
    sure = " OR ".join(inside(version.span, first, end) for version in program.versions)
    needs = ((program.basis[0], f"(CASE WHEN {silent} THEN FALSE WHEN {sure} THEN FALSE ELSE TRUE END)"),)
    since = "、".join(str(version.span.first) for version in program.versions[1:])
    text = f"{program.basis[0]}定得出是哪一版标准（{since} 起改了）"
    sql = f"(CASE WHEN {' AND '.join(tests)} THEN TRUE END)"
    holds = Predicate("", sql, program.basis[:1], reads=program.basis, needs=needs)
    yield Clause(VERSION, program.cite, text, holds, source=program.source, code="JY901")


def rates(program: Program) -> dict[str, dict[Span, str]]:
    """Each figure of the sum → version → SQL over the facts of a row."""
    told = {version.span: kind_of(version.amount).figures(version.amount) for version in program.versions}
    names = dict.fromkeys(name for figures in told.values() for name in figures)
    return {name: {span: figures.get(name, NULL) for span, figures in told.items()} for name in names}


def mosts(program: Program) -> dict[Span, str]:
    """Version → the units of its quota, as SQL."""
    return {v.span: str(v.quota.most if v.quota else UNLIMITED) for v in program.versions}


def most(program: Program) -> str:
    """SQL: how many units the quota in force allows."""
    if program.versions:
        return chosen(mosts(program))
    return str(program.quota.most) if program.quota else str(UNLIMITED)
