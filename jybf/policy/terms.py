"""The scalar expressions of a clause: fields, constants, sums, shifted dates; each as SQL with its least and greatest value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from sqlglot import exp

from jybf.model import Field, last
from jybf.vocabulary.sql import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Kind = Literal["bool", "int", "money", "rate", "text", "date"]

KINDS: Mapping[str, Kind] = {
    "int": "int", "money": "money", "rate": "rate", "date": "date", "bool": "bool", "period": "date",
    "text": "text", "name": "text", "id": "text", "credit_code": "text", "account": "text", "enum": "text", "place": "text",
    "school_year": "text",
}  # fmt: skip
_SCALE = {"money": 100, "rate": 10_000}  # 元 → 分, percent → millionths
_MAX_NUMBER = 10**12


class Fault(Exception):  # noqa: N818  it is a finding about the author's text, collected, not an error of this program
    """Why a predicate is refused, in words for its author."""


@dataclass(frozen=True, slots=True)
class Term:
    """An expression as SQL: its least and greatest possible value (the same text where it is exact)."""

    kind: Kind
    low: str
    high: str
    words: str = ""  # a literal as a reader would say it
    field: Field | None = None

    @property
    def exact(self) -> bool:
        return self.low == self.high


def whole_months(start: str, end: str) -> str:
    """SQL for the largest k with start + k months ≤ end (month ends clamp, 29 February included)."""
    year = f"(CAST(EXTRACT(YEAR FROM {end}) AS BIGINT) - CAST(EXTRACT(YEAR FROM {start}) AS BIGINT)) * 12"
    month = f"CAST(EXTRACT(MONTH FROM {end}) AS BIGINT) - CAST(EXTRACT(MONTH FROM {start}) AS BIGINT)"
    short = f"EXTRACT(DAY FROM {end}) < EXTRACT(DAY FROM {start}) AND EXTRACT(DAY FROM {end} + INTERVAL '1' DAY) <> 1"
    return f"({year} + {month} - CASE WHEN {short} THEN 1 ELSE 0 END)"


def only(node: exp.Expr, *names: str) -> None:
    """Modifiers hide in unexpected arguments (IN (SELECT …), table-qualified columns): none may be set."""
    extra = [name for name, value in node.args.items() if value and name not in names]
    if extra:
        raise Fault(f"“{node.sql('duckdb')}”用了不允许的写法")


def scalar(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    """A scalar expression."""
    handler = _TERMS.get(type(node))
    if handler is None:
        raise Fault(f"“{node.sql('duckdb')}”用了不允许的写法")
    return handler(node, fields)


def _column(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    only(node, "this")
    field = fields.get(node.name)
    if field is None or field.type not in KINDS:
        raise Fault(f"没有“{node.name}”这个字段")
    kind = KINDS[field.type]
    high = last(field.name) if kind == "date" else field.name
    return Term(kind, quote(field.name), quote(high), field=field)


def _literal(node: exp.Expr, _: Mapping[str, Field]) -> Term:
    text = str(node.this)
    if node.args.get("is_string"):
        return Term("text", f"'{text}'", f"'{text}'", text)
    number = Decimal(text)
    if abs(number) > _MAX_NUMBER:
        raise Fault(f"“{text}”太大")
    return Term("int", text, text, text)


def _day(node: exp.Expr, _: Mapping[str, Field]) -> Term:
    target = node.args.get("to")
    if not (isinstance(target, exp.DataType) and target.is_type("date") and isinstance(node.this, exp.Literal)):
        raise Fault("不允许类型转换")
    try:
        day = date.fromisoformat(node.this.name)
    except ValueError as error:
        raise Fault(f"“{node.this.name}”不是日期") from error
    return Term("date", f"DATE '{day}'", f"DATE '{day}'", str(day))


def _sum(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    only(node, "this", "expression")
    sign = "+" if isinstance(node, exp.Add) else "-"
    left, amount = scalar(node.this, fields), node.args["expression"]
    if isinstance(amount, exp.Interval):
        return _shifted(left, sign, amount)
    left, right = same_unit(left, scalar(amount, fields))
    if left.kind != right.kind or left.kind not in {"int", "money", "rate"}:
        raise Fault(f"“{node.sql('duckdb')}”不能这样加减")
    low, high = (right.low, right.high) if sign == "+" else (right.high, right.low)
    return Term(left.kind, f"({left.low} {sign} {low})", f"({left.high} {sign} {high})")


def _shifted(day: Term, sign: str, amount: exp.Interval) -> Term:
    unit, count = str(amount.args.get("unit")), amount.this
    if day.kind != "date" or unit not in {"DAY", "MONTH", "YEAR"} or not isinstance(count, exp.Literal):
        raise Fault("只能给日期加减 INTERVAL 'n' DAY、MONTH 或 YEAR")
    if not count.name.isdecimal() or int(count.name) > 1200:
        raise Fault("INTERVAL 里应是不超过 1200 的整数")
    step = f"{sign} INTERVAL '{count.name}' {unit}"
    # without the cast DuckDB makes a timestamp of it
    return Term("date", f"CAST({day.low} {step} AS DATE)", f"CAST({day.high} {step} AS DATE)")


def _product(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    only(node, "this", "expression")
    left, right = scalar(node.this, fields), scalar(node.args["expression"], fields)
    kinds = {left.kind, right.kind}
    if "int" not in kinds or not kinds <= {"int", "money"} or not (left.exact and right.exact):
        raise Fault(f"“{node.sql('duckdb')}”不能这样相乘")
    product = f"({left.low} * {right.low})"
    return Term("money" if "money" in kinds else "int", product, product)


def _negative(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    only(node, "this")
    value = scalar(node.this, fields)
    if value.kind not in {"int", "money", "rate"}:
        raise Fault("负号只能用于数")
    return Term(value.kind, f"(- {value.high})", f"(- {value.low})")


def _part(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    only(node, "this")
    day, part = scalar(node.this, fields), type(node).__name__.upper()
    if day.kind != "date" or (part != "YEAR" and not day.exact and day.field is None):
        raise Fault(f"{part}() 里应是日期")
    if part == "YEAR":
        low, high = (f"CAST(EXTRACT(YEAR FROM {side}) AS BIGINT)" for side in (day.low, day.high))
        return Term("int", low, high)
    exact = f"(CASE WHEN {day.low} = {day.high} THEN CAST(EXTRACT({part} FROM {day.low}) AS BIGINT) END)"
    return Term("int", exact, exact)


def _months(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    if node.name.upper() != "WHOLE_MONTHS" or len(node.expressions) != 2:
        raise Fault(f"不允许函数 {node.name}()")
    start, end = (scalar(item, fields) for item in node.expressions)
    if {start.kind, end.kind} != {"date"}:
        raise Fault("WHOLE_MONTHS(起, 止) 里应是两个日期")
    return Term("int", whole_months(start.high, end.low), whole_months(start.low, end.high))


def same_unit(left: Term, right: Term) -> tuple[Term, Term]:
    """A plain number beside money means 元, beside a rate percent."""
    for kind, scale in _SCALE.items():
        if left.kind == kind and right.kind == "int":
            return left, _scaled(right, kind, scale)
        if right.kind == kind and left.kind == "int":
            return _scaled(left, kind, scale), right
    return left, right


def _scaled(term: Term, kind: str, scale: int) -> Term:
    if term.words:
        number = str(_whole(Decimal(term.low) * scale))
        return Term(KINDS[kind], number, number, term.words)
    return Term(KINDS[kind], f"({term.low} * {scale})", f"({term.high} * {scale})")


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise Fault(f"“{value}”的小数位太多")
    return int(value)


_TERMS: Mapping[type[exp.Expr], Callable[[exp.Expr, Mapping[str, Field]], Term]] = {
    exp.Column: _column, exp.Literal: _literal, exp.Cast: _day, exp.Add: _sum, exp.Sub: _sum, exp.Mul: _product,
    exp.Neg: _negative, exp.Year: _part, exp.Month: _part, exp.Day: _part, exp.Anonymous: _months,
    exp.Paren: lambda node, fields: scalar(node.this, fields),
}  # fmt: skip
