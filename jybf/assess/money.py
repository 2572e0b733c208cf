"""SQL for how many units and how many 分: the months that count, what bounds a cap, the interest subsidy.

Everything is an integer (分, millionths, days); the one rounding is half up to the 分, in :func:`interest`.
"""

from __future__ import annotations

from jybf.model import Period, Program, bad, last
from jybf.vocabulary.lpr import lpr_sql
from jybf.vocabulary.sql import quote

NULL = "CAST(NULL AS BIGINT)"
_LOAN = ("贷款金额", "执行利率", "计息天数", "贷款合同日期")


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
    start, a list with gaps that runs across the deadline, and a missing end that no application by then makes up for.
    """
    (start, start_to), (end, end_to) = ((_month(name), _month(last(name))) for name in (period.start, period.end))
    proof = quote(last(period.proof))
    until = period.until.year * 12 + period.until.month
    span, room = f"({end} - {start} + 1)", f"({until} - {start} + 1)"
    return (
        f"CASE WHEN {quote(bad(period.start))} OR {quote(bad(period.end))} THEN NULL"
        f" WHEN {quote(period.start)} IS NULL THEN {stated} WHEN {start} <> {start_to} THEN NULL"
        f" WHEN {quote(period.end)} IS NULL THEN CASE WHEN {proof} <= DATE '{period.until}' THEN {_least(stated, room)} END"
        f" WHEN {end} <> {end_to} OR {end} < {start} THEN NULL"
        f" WHEN {end} > {until} AND {stated} < {span} THEN NULL"
        f" ELSE {_least(_least(stated, span), room)} END"
    )


def _month(name: str) -> str:
    """Months since year 0, wide: Polars' months are Int8 and would wrap silently."""
    return f"(CAST(EXTRACT(YEAR FROM {quote(name)}) AS BIGINT) * 12 + CAST(EXTRACT(MONTH FROM {quote(name)}) AS BIGINT))"


def _least(a: str, b: str) -> str:
    """The lesser of two, NULL if either is unknown: ``LEAST`` would drop the unknown one."""
    return f"(CASE WHEN {a} <= {b} THEN {a} WHEN {b} < {a} THEN {b} END)"


def claim(program: Program) -> str:
    """What bounds a cap: the least of the stated claim and the money spent, of those that the roster has."""
    if program.amount.kind != "cap":
        return NULL
    bound = quote("申报金额")
    for name in program.amount.spent:
        spent = quote(name)
        bound = f"(CASE WHEN {bound} IS NULL OR {spent} < {bound} THEN COALESCE({spent}, {bound}) ELSE {bound} END)"
    return bound


def base(program: Program) -> str:
    """分 a unit."""
    amount = program.amount
    if amount.tiers:
        whens = " ".join(f"WHEN {when.sql} THEN {fen}" for when, fen in amount.tiers)
        return f"CAST(CASE {whens} END AS BIGINT)"
    return NULL if amount.fen is None else f"CAST({amount.fen} AS BIGINT)"


def interest(program: Program) -> str:
    """分 of interest above the borrower's own share: principal × (rate − (LPR − margin)) × days ÷ days of the year."""
    amount = program.amount
    if amount.kind != "interest":
        return NULL
    principal, rate, days, signed = map(quote, _LOAN)
    over = f"({rate} - ({lpr_sql(signed)} - {amount.margin}))"
    year = 1_000_000 * amount.days
    return f"CASE WHEN {over} <= 0 THEN 0 ELSE (2 * {principal} * {over} * {days} + {year}) // {2 * year} END"


def due(program: Program) -> str:
    """分 for the granted units, over the columns ``_rate``, ``_granted``, ``_claim`` and ``_interest``."""
    kind = program.amount.kind
    if kind == "interest":
        return '"_interest"'
    if kind in {"open", "control"}:
        return NULL
    total = '("_rate" * "_granted")'
    if kind == "fixed":
        return total
    # a claim for more units than are granted counts in proportion, down to the 分
    claim = 'CASE WHEN "_granted" < "_asked" THEN "_claim" * "_granted" // "_asked" ELSE "_claim" END'
    return f"CASE WHEN ({claim}) < {total} THEN ({claim}) ELSE {total} END"
