"""The scalar expressions of a clause: fields, constants, sums, shifted dates; each as SQL with its least and greatest value."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import msgspec
from sqlglot import exp

from jybf.model import Field, last
from jybf.policy.loader import PLAIN_NUMBER, no_field
from jybf.vocabulary import sql
from jybf.vocabulary.sql import quote
from jybf.vocabulary.types import TYPES, Kind

_MAX_NUMBER = 10**12


class Fault(Exception):  # noqa: N818  it is a finding about the author's text, collected, not an error of this program
    """Why a predicate is refused, in words for its author, and the ``word`` of it that is wrong."""

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


class Term(msgspec.Struct, frozen=True):
    """An expression as SQL: its least and greatest possible value (the same text where it is exact)."""

    kind: Kind
    low: str
    high: str
    words: str = ""  # a literal as a reader would say it
    field: Field | None = None

    @property
    def exact(self) -> bool:
        return self.low == self.high


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
    kind = field and TYPES[field.type].kind
    if field is None or kind is None:
        raise Fault(no_field(node.name, fields), node.name)
    high = last(field.name) if kind == "date" else field.name
    return Term(kind, quote(field.name), quote(high), field=field)


def _literal(node: exp.Expr, _: Mapping[str, Field]) -> Term:
    text = str(node.this)
    if node.args.get("is_string"):
        return Term("text", f"'{text}'", f"'{text}'", text)
    if not PLAIN_NUMBER.fullmatch(text) or Decimal(text) > _MAX_NUMBER:
        raise Fault(f"“{text[:40]}”太大，或不是这里能写的数（只用数字和小数点）")
    return Term("int", text, text, text)


def _day(node: exp.Expr, _: Mapping[str, Field]) -> Term:
    target = node.args.get("to")
    if not (isinstance(target, exp.DataType) and target.is_type("date") and isinstance(node.this, exp.Literal)):
        raise Fault("不允许类型转换")
    try:
        day = date.fromisoformat(node.this.name)
    except ValueError as error:
        raise Fault(f"“{node.this.name}”不是日期，写成 DATE '2021-08-01'", node.this.name) from error
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


def _function(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    """One of the dictionary's own functions; each takes dates, and its result is exact where they are."""
    name = node.name.upper() if isinstance(node, exp.Anonymous) else "ADD_MONTHS"
    given = node.expressions or [node.this, node.args.get("expression")]
    handler, kinds = _FUNCTIONS.get(name, (None, ()))
    if handler is None:
        raise Fault(f"不允许函数 {node.name}()", node.name)
    terms = [scalar(item, fields) for item in given if item is not None]
    if len(terms) != len(kinds) or any(want not in (term.kind, "any") for term, want in zip(terms, kinds, strict=True)):
        raise Fault(f"{name}() 里应是{'、'.join({'date': '日期', 'int': '数', 'any': '字段'}[kind] for kind in kinds)}")
    return handler(*terms)


def _whole_months(start: Term, end: Term) -> Term:
    return Term("int", sql.whole_months(start.high, end.low), sql.whole_months(start.low, end.high))


def _most_months(start: Term, end: Term) -> Term:
    return _exact("int", sql.whole_months(start.low, end.high))


def _months_touched(start: Term, end: Term) -> Term:
    """Both known to the month, and the end no earlier."""
    count = f"{sql.month_number(end.low)} - {sql.month_number(start.low)} + 1"
    known = f"{sql.same_month(start.low, start.high)} AND {sql.same_month(end.low, end.high)}"
    return _exact("int", f"CASE WHEN {known} AND {count} > 0 THEN {count} END")


def _months_begun(start: Term, end: Term) -> Term:
    return _exact("int", sql.months_begun(start.low, end.low))


def _days(start: Term, end: Term) -> Term:
    return _exact("int", sql.days(start.low, end.low))


def _known_day(day: Term) -> Term:
    return _exact("date", f"CASE WHEN {day.low} = {day.high} THEN {day.low} END")


def _filled(field: Term) -> Term:
    return _exact("bool", f"CASE WHEN {field.low} IS NOT NULL THEN TRUE END")


def _add_months(start: Term, months: Term) -> Term:
    return Term("date", sql.add_months(start.low, months.low), sql.add_months(start.high, months.low))


def _full_month(day: Term) -> Term:
    return _exact("bool", f"({sql.same_month(day.low, day.high)} AND {day.low} <> {day.high})")


def _month_first(day: Term) -> Term:
    return _exact("date", f"CASE WHEN {sql.same_month(day.low, day.high)} THEN {day.low} END")


def _month_last(day: Term) -> Term:
    return _exact("date", f"CASE WHEN {sql.same_month(day.low, day.high)} THEN {day.high} END")


def _exact(kind: Kind, text: str) -> Term:
    return Term(kind, f"({text})", f"({text})")


_FUNCTIONS: Mapping[str, tuple[Callable[..., Term], tuple[str, ...]]] = {
    "WHOLE_MONTHS": (_whole_months, ("date", "date")),
    "MOST_MONTHS": (_most_months, ("date", "date")),
    "MONTHS_TOUCHED": (_months_touched, ("date", "date")),
    "MONTHS_BEGUN": (_months_begun, ("date", "date")),
    "ADD_MONTHS": (_add_months, ("date", "int")),
    "DAYS": (_days, ("date", "date")),
    "KNOWN_DAY": (_known_day, ("date",)),
    "FULL_MONTH": (_full_month, ("date",)),
    "MONTH_FIRST": (_month_first, ("date",)),
    "MONTH_LAST": (_month_last, ("date",)),
    "FILLED": (_filled, ("any",)),
}


def same_unit(left: Term, right: Term) -> tuple[Term, Term]:
    """A plain number beside money means 元, beside a rate percent."""
    for kind in ("money", "rate"):
        if left.kind == kind and right.kind == "int":
            return left, _scaled(right, kind)
        if right.kind == kind and left.kind == "int":
            return _scaled(left, kind), right
    return left, right


def _scaled(term: Term, kind: Kind) -> Term:
    scale = TYPES[kind].scale
    if term.words:
        number = str(_whole(Decimal(term.low) * scale))
        return Term(kind, number, number, term.words)
    return Term(kind, f"({term.low} * {scale})", f"({term.high} * {scale})")


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise Fault(f"“{value}”的小数位太多")
    return int(value)


_TERMS: Mapping[type[exp.Expr], Callable[[exp.Expr, Mapping[str, Field]], Term]] = {
    exp.Column: _column, exp.Literal: _literal, exp.Cast: _day, exp.Add: _sum, exp.Sub: _sum, exp.Mul: _product,
    exp.Neg: _negative, exp.Year: _part, exp.Month: _part, exp.Day: _part, exp.Anonymous: _function,
    exp.AddMonths: _function,
    exp.Paren: lambda node, fields: scalar(node.this, fields),
}  # fmt: skip
