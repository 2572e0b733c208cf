"""Where a condition turns: for each comparison of a field the values below it, at it, above it, and the blank."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

import msgspec
from sqlglot import exp

from jybf.model import Clause, Program, Span
from jybf.policy.predicate import parsed
from jybf.vocabulary.facts import facts
from jybf.vocabulary.types import TYPES

BLANK = "空白"
_DAY = timedelta(days=1)
_CENT = Decimal("0.01")
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


class Edge(msgspec.Struct, frozen=True):
    """A ``field``, and its values (as an example writes them) about where it turns, each with what it is."""

    field: str
    values: tuple[tuple[str, object], ...]


def edges(clause: Clause, row: Mapping[str, object]) -> Iterator[Edge]:
    """Of each comparison in ``clause``, as its author wrote it; ``row``: an example, whose days the others are counted from."""
    if not clause.holds.source:
        return
    done: list[tuple[str, object]] = []
    for node in parsed(clause.holds.source).walk(bfs=False):
        for field, at in _turns(node, row):
            if (field, at) not in done:
                blank = [] if field in (name for name, _ in done) else [(BLANK, "")]
                done.append((field, at))
                yield Edge(field, (*_values(field, at), *blank))


def turning_days(program: Program) -> Edge:
    """The days about which what governs changes: the last of one version and the first of the next, the deadline and after."""
    changes = [("改版当天", v.span.first) for v in program.versions if v.span.first]
    days = [(word, day) for word, day in (*changes, ("截止当天", program.until)) if day < date.max]
    before = {"改版当天": ("改版前一天", -_DAY), "截止当天": ("截止次日", _DAY)}
    found = [each for word, day in days for each in ((word, day), (before[word][0], day + before[word][1]))]
    return Edge(program.basis[0], tuple(sorted(found, key=lambda each: each[1])))


def in_force(clause: Clause, program: Program, row: Mapping[str, object]) -> dict[str, object]:
    """``row`` on a day on which ``clause`` is in force."""
    day = next((value for name in program.basis if (value := row.get(name))), None)
    if clause.span is None or (isinstance(day, date) and inside(clause.span, day)):
        return {**row}
    return {**row, program.basis[0]: clause.span.first or clause.span.last}


def inside(span: Span, day: date) -> bool:
    """Whether ``day`` lies in ``span``."""
    return (span.first is None or span.first <= day) and (span.last is None or day <= span.last)


def _turns(node: exp.Expr, row: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The fields that ``node`` compares, each with what it is compared with; None: with nothing but itself."""
    if isinstance(node, exp.Between) and isinstance(node.this, exp.Column):
        yield from ((node.this.name, _value(node.args[side], row)) for side in ("low", "high"))
    elif isinstance(node, exp.In) and isinstance(node.this, exp.Column):
        yield node.this.name, [item.name for item in node.expressions]
    elif isinstance(node, _COMPARISONS):
        for own, other in ((node.this, node.args["expression"]), (node.args["expression"], node.this)):
            value = _value(other, row)
            if isinstance(own, exp.Column) and value is not None:
                yield own.name, value
                break
    elif isinstance(node, exp.Column) and facts()[node.name].type == "bool":
        yield node.name, None


def _value(node: exp.Expr, row: Mapping[str, object]) -> object:
    """What ``node`` comes to in ``row``; None where that can't be told without the engine."""
    if isinstance(node, exp.Literal):
        return node.name if node.args.get("is_string") else Decimal(node.name)
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal):
        return date.fromisoformat(node.this.name)
    if isinstance(node, exp.Column):
        value = row.get(node.name)
        return value if isinstance(value, date) else None
    if isinstance(node, exp.Add | exp.Sub) and isinstance(amount := node.args["expression"], exp.Interval):
        day, count = _value(node.this, row), int(amount.this.name) * (1 if isinstance(node, exp.Add) else -1)
        return _shifted(day, str(amount.args.get("unit")), count) if isinstance(day, date) else None
    return None


def _shifted(day: date, unit: str, count: int) -> date:
    return day + count * _DAY if unit == "DAY" else _months_on(day, count * (12 if unit == "YEAR" else 1))


def _months_on(day: date, months: int) -> date:
    """The corresponding day ``months`` later, at most the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _values(field: str, at: object) -> Iterator[tuple[str, object]]:
    kind = TYPES[facts()[field].type].kind
    if kind == "bool":
        yield from (("是", True), ("否", False))
    elif kind == "text":
        yield from _words(field, [str(word) for word in cast("list[object]", at)] if isinstance(at, list) else [str(at)])
    elif isinstance(at, date):
        yield from (("前一天", at - _DAY), ("当天", at), ("后一天", at + _DAY))
    elif isinstance(at, Decimal):
        step = Decimal(1) if kind == "int" else _CENT
        said: Callable[[Decimal], object] = int if kind == "int" else lambda value: f"{value:.2f}"
        yield from ((word, said(value)) for word, value in (("少一点", at - step), ("正好", at), ("多一点", at + step)))


def _words(field: str, words: list[str]) -> Iterator[tuple[str, object]]:
    own = facts()[field].values or {}
    canonical = [next((known for known, aliases in own.items() if word in (known, *aliases)), word) for word in words]
    yield from ((word, word) for word in canonical)
    if other := next((known for known in own if known not in canonical), ""):
        yield f"别的（{other}）", other
