"""What is in force on the day that governs a row, as SQL over ``_at``, ``_at_末`` and ``_by``: a day may be known to the month.

Of a row whose day may lie in several spans only that is known in which all of them agree.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from jybf.model import Span, bad, last
from jybf.vocabulary.sql import NULL, quote

_DAY = timedelta(days=1)
_FIRST, _LAST = quote("_at"), quote(last("_at"))


def outside(span: Span) -> str:
    """TRUE where no day of the row is in ``span``; NULL where the row has no day."""
    tests = [f"{_FIRST} > DATE '{span.last}'"] * bool(span.last) + [f"{_LAST} < DATE '{span.first}'"] * bool(span.first)
    return f"({' OR '.join(tests)})" if tests else "FALSE"


def inside(span: Span, first: str = _FIRST, end: str = _LAST) -> str:
    """TRUE where every day from ``first`` to ``end`` is in ``span``."""
    tests = [f"{first} >= DATE '{span.first}'"] * bool(span.first) + [f"{end} <= DATE '{span.last}'"] * bool(span.last)
    return f"({' AND '.join(tests)})" if tests else "TRUE"


def governed(basis: Sequence[str]) -> str:
    """TRUE where no blank of ``basis``, once it is filled, could make another day govern."""
    return f'("_by" = 0 OR "_by" = {len(basis)})'


def day_of(basis: Sequence[str]) -> tuple[str, str]:
    """The first and the last day that may govern, over the facts alone."""
    whens = [(f"WHEN {quote(name)} IS NOT NULL THEN {{}} WHEN {quote(bad(name))} THEN NULL", name) for name in basis]
    first = " ".join(when.format(quote(name)) for when, name in whens)
    end = " ".join(when.format(quote(last(name))) for when, name in whens)
    return f"(CASE {first} END)", f"(CASE {end} END)"


def chosen(values: Mapping[Span, str]) -> str:
    """Of ``values`` (SQL) that which is in force; NULL where spans that the row's day may lie in differ."""
    whens = [f"WHEN {_sure(values, one)} THEN {values[one]}" for one in values if len(values) > 1]
    return f"(CASE {' '.join(whens)} END)" if whens else next(iter(values.values()), NULL)


def _sure(values: Mapping[Span, str], one: Span) -> str:
    return " AND ".join(_or_same(span, value, values[one]) for span, value in values.items() if span != one)


def _or_same(span: Span, value: str, own: str) -> str:
    return f"({outside(span)} OR {value} = {own})" if value != own else "TRUE"


def agree(values: Mapping[Span, str]) -> str:
    """TRUE where the spans that the row's day may lie in have one value; else NULL."""
    pairs = [(a, b) for i, a in enumerate(values) for b in list(values)[i + 1 :] if values[a] != values[b]]
    tests = [f"({outside(a)} OR {outside(b)} OR ({values[a]}) = ({values[b]}))" for a, b in pairs]
    return f"(CASE WHEN {' AND '.join(tests)} THEN TRUE END)" if tests else "TRUE"


def day_before(day: date) -> date:
    """The day before ``day``."""
    return day - _DAY
