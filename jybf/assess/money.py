"""SQL for how many units and how many 分: the months that count, and what the kind of the amount makes of them.

Everything is an integer (分, millionths, days); where a kind rounds, it says so.
"""

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from jybf.model import ROW, Amount, Period, Program, bad, last
from jybf.policy.versions import rates
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.dated import chosen
from jybf.vocabulary.sql import NULL, least, month_number, quote, whole_months


def asked(program: Program) -> str:
    """The units that the row itself states."""
    return quote(program.amount.units) if program.amount.units else "1"


def units(program: Program) -> str:
    """The units that the document allows for this row alone: those stated, and of them the months up to the deadline."""
    stated = asked(program)
    return _months(program.period, stated) if program.period else stated


def _months(period: Period, stated: str) -> str:
    """Months up to the deadline.

    Months are whole by nature: a start or end that could fall into two months is unknown, as are an end before its
    start, a start after the deadline of what was applied for in time, months that run across the deadline with gaps or
    without a start, and a missing end that no application by then makes up for. Where none are stated, no date makes
    them more.
    """
    proof, count = quote(last(period.proof)), _ANNIVERSARY if period.months == "对日" else _CALENDAR
    (start, start_to), (end, end_to) = ((count.at(quote(n)), count.at(quote(last(n)))) for n in (period.start, period.end))
    until = count.last(period.until)
    span, room = count.span(start, end), count.span(start, until)
    return (
        f"CASE WHEN {stated} <= 0 THEN {stated} WHEN {quote(bad(period.start))} OR {quote(bad(period.end))} THEN NULL"
        f" WHEN {quote(period.start)} IS NULL THEN CASE WHEN {end_to} > {until} THEN NULL ELSE {stated} END"
        f" WHEN {start} <> {start_to} OR ({start} > {until} AND {proof} <= DATE '{period.until}') THEN NULL"
        f" WHEN {quote(period.end)} IS NULL THEN CASE WHEN {proof} <= DATE '{period.until}' THEN {least(stated, room)} END"
        f" WHEN {end} <> {end_to} OR {end} < {start} THEN NULL"
        f" WHEN {end} > {until} AND {stated} < {span} THEN NULL"
        f" ELSE {least(least(stated, span), room)} END"
    )


class _Counting(msgspec.Struct, frozen=True):
    """How months are counted: ``at`` what of a day counts (SQL), ``last`` that of a known day, ``span`` from one to another."""

    at: Callable[[str], str]
    last: Callable[[date], str]
    span: Callable[[str, str], str]


_CALENDAR = _Counting(month_number, lambda day: str(day.year * 12 + day.month), lambda start, end: f"({end} - {start} + 1)")
_ANNIVERSARY = _Counting(  # 11-15 to 12-14 is one month, and to 12-13 none
    lambda day: day,
    lambda day: f"DATE '{day}'",
    lambda start, end: whole_months(start, f"CAST({end} + INTERVAL '1' DAY AS DATE)"),
)


def figures(program: Program) -> dict[str, str]:
    """What the sum is made of: name → SQL over the facts of a row."""
    figures = kind_of(program.amount).figures(program.amount)
    if program.versions:
        figures = {name: chosen(values) for name, values in rates(program).items()}
    return {name: sql for name, sql in figures.items() if quote(name) in due(program)}


def due(program: Program) -> str:
    """分 for the granted units, over :func:`figures`, ``_granted`` and ``_asked``."""
    sums = {version.span: _due(version.amount) for version in program.versions}
    return chosen(sums) if len({*sums.values()}) > 1 else _due(program.amount)


def _due(amount: Amount) -> str:
    return kind_of(amount).sums(amount)["_due"]


def worked_out(program: Program, granted: int | None, asked: int | None) -> str:
    """The query for every figure by which the kind of the amount explains the sum of a row for so many units."""
    kind, amount = kind_of(program.amount), program.amount
    given = {ROW: quote(ROW), "_units": units(program), "_granted": _constant(granted), "_asked": _constant(asked)}
    of_row = _named({**kind.figures(amount), **given})
    return f'SELECT *, {_named(kind.sums(amount))} FROM (SELECT {of_row} FROM "known") AS f'


def _named(figures: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {quote(name)}" for name, sql in figures.items())


def _constant(number: int | None) -> str:
    return NULL if number is None else f"CAST({number} AS BIGINT)"
