"""The one-year LPR by the day on which it was in force (``rules/lpr.csv``), as data and as SQL."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

import msgspec

from jybf.vocabulary.fields import rules_dir


class Step(msgspec.Struct, frozen=True):
    """From ``start`` on the rate is ``rate`` (millionths); None: not verified from here on."""

    start: date
    rate: int | None


@cache
def lpr_steps() -> tuple[Step, ...]:
    """The whole series in order of time; before the first step and from a None step on the rate is unknown."""
    with (rules_dir() / "lpr.csv").open(encoding="utf-8", newline="") as file:
        rows: Sequence[Sequence[str]] = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    return tuple(Step(date.fromisoformat(day), int(Decimal(rate) * 10_000) if rate else None) for day, rate in rows[1:])


def lpr_at(first: date, last: date) -> int | None:
    """The rate in millionths for a day between ``first`` and ``last``; None where it is unknown or not one."""
    known = {_on(first), _on(last)} | {step.rate for step in lpr_steps() if first < step.start <= last}
    return known.pop() if len(known) == 1 else None


def _on(day: date) -> int | None:
    rates = [step.rate for step in lpr_steps() if step.start <= day]
    return rates[-1] if rates else None


def lpr_sql(day: str) -> str:
    """SQL for the rate on ``day`` (an SQL date), NULL where unknown."""
    whens = " ".join(
        f"WHEN {day} >= DATE '{s.start}' THEN {'NULL' if s.rate is None else s.rate}" for s in reversed(lpr_steps())
    )
    return f"CAST(CASE {whens} END AS BIGINT)"


def lpr_end() -> date:
    """The last day for which the rate was verified."""
    steps = lpr_steps()
    return date.fromordinal(steps[-1].start.toordinal() - 1) if steps[-1].rate is None else date.max
