"""Vet one clause: a small, typed, three-valued subset of SQL, written anew from its tree before any engine sees it.

Unknown stays unknown. Nothing that turns NULL into a value is in the language, and a date known only to the month (or
year) is the interval of days it may be: a comparison which that day could change is NULL, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import sqlglot
from sqlglot import exp

from jybf.model import Field, Predicate, last

Kind = Literal["bool", "int", "money", "rate", "text", "date"]

_KINDS: Mapping[str, Kind] = {
    "int": "int", "money": "money", "rate": "rate", "date": "date", "bool": "bool", "period": "date",
    "text": "text", "name": "text", "id": "text", "credit_code": "text", "account": "text", "enum": "text", "place": "text",
}  # fmt: skip
_SCALE = {"money": 100, "rate": 10_000}  # 元 → 分, percent → millionths
_MAX_LENGTH, _MAX_NUMBER = 600, 10**12
_OPERATORS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_WORDS = {"=": "为", "<>": "不为", "<": "小于", "<=": "不超过", ">": "大于", ">=": "不少于"}
_DATE_WORDS = {"=": "为", "<>": "不为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_MIRROR = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


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


def quote(name: str) -> str:
    """``name`` as an SQL identifier."""
    return f'"{name}"'


def whole_months(start: str, end: str) -> str:
    """SQL for the largest k with start + k months ≤ end (month ends clamp, 29 February included)."""
    year = f"(CAST(EXTRACT(YEAR FROM {end}) AS BIGINT) - CAST(EXTRACT(YEAR FROM {start}) AS BIGINT)) * 12"
    month = f"CAST(EXTRACT(MONTH FROM {end}) AS BIGINT) - CAST(EXTRACT(MONTH FROM {start}) AS BIGINT)"
    short = f"EXTRACT(DAY FROM {end}) < EXTRACT(DAY FROM {start}) AND EXTRACT(DAY FROM {end} + INTERVAL '1' DAY) <> 1"
    return f"({year} + {month} - CASE WHEN {short} THEN 1 ELSE 0 END)"


def parse(text: str, fields: Mapping[str, Field]) -> Predicate:
    """The vetted form of ``text`` over ``fields``; raises :class:`Fault` with the first thing that does not belong."""
    tree = _tree(text)
    sql = _condition(tree, fields)
    names = dict.fromkeys(column.name for column in tree.find_all(exp.Column, bfs=False))
    if not names:
        raise Fault("没有读任何字段，永远成立或永远不成立")
    return Predicate(text, sql, tuple(names), _want(tree, fields))


def _tree(text: str) -> exp.Expr:
    if len(text) > _MAX_LENGTH:
        raise Fault(f"写得太长（上限 {_MAX_LENGTH} 个字符）")
    if re.search(r"[\x00-\x1f\x7f\\\"]|--|/\*|''", text.replace("\n", " ")):
        raise Fault("不能含引号套引号、反斜杠、注释或控制字符")
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise Fault("不是合法的条件式") from error
    if len(trees) != 1 or trees[0] is None:
        raise Fault("应当正好是一个条件式")
    return trees[0]


def _only(node: exp.Expr, *names: str) -> None:
    """Modifiers hide in unexpected arguments (IN (SELECT …), table-qualified columns): none may be set."""
    extra = [name for name, value in node.args.items() if value and name not in names]
    if extra:
        raise Fault(f"“{node.sql('duckdb')}”用了不允许的写法")


def _condition(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    """SQL of a Boolean expression."""
    if isinstance(node, exp.Paren):
        _only(node, "this")
        return f"({_condition(node.this, fields)})"
    if isinstance(node, exp.Not):
        _only(node, "this")
        return f"NOT ({_condition(node.this, fields)})"
    if isinstance(node, exp.And | exp.Or):
        _only(node, "this", "expression")
        word = "AND" if isinstance(node, exp.And) else "OR"
        return f"({_condition(node.this, fields)} {word} {_condition(node.expression, fields)})"
    if isinstance(node, exp.Boolean):
        return "TRUE" if node.this else "FALSE"
    if isinstance(node, exp.Between):
        _only(node, "this", "low", "high")
        value, low, high = (_term(node.args[arg], fields) for arg in ("this", "low", "high"))
        return f"({_compare('>=', value, low)} AND {_compare('<=', value, high)})"
    if isinstance(node, exp.In):
        return _membership(node, fields)
    if type(node) in _OPERATORS:
        _only(node, "this", "expression")
        return _compare(_OPERATORS[type(node)], _term(node.this, fields), _term(node.args["expression"], fields))
    term = _term(node, fields)
    if term.kind != "bool":
        raise Fault(f"“{node.sql('duckdb')}”不是一个是非判断")
    return term.low


def _membership(node: exp.In, fields: Mapping[str, Field]) -> str:
    _only(node, "this", "expressions")
    value = _term(node.this, fields)
    if not node.expressions or not all(isinstance(item, exp.Literal) for item in node.expressions):
        raise Fault("IN 的括号里只能是常量")
    tests = (_compare("=", value, _term(item, fields)) for item in node.expressions)
    return f"({' OR '.join(tests)})"


def _compare(operator: str, left: Term, right: Term) -> str:
    left, right = _same_unit(left, right)
    if left.kind == "bool" or left.kind != right.kind:
        raise Fault(f"“{left.low} {operator} {right.low}”两边的类型不能相比")
    if left.kind == "text" and operator not in {"=", "<>"}:
        raise Fault("文字只能比较相同或不同")
    left, right = _known_value(left, right), _known_value(right, left)
    if left.exact and right.exact:
        return f"({left.low} {operator} {right.low})"
    return _compare_intervals(operator, left, right)


def _compare_intervals(operator: str, a: Term, b: Term) -> str:
    if operator in {">", ">="}:
        return _compare_intervals(_MIRROR[operator], b, a)
    if operator == "<>":
        return f"NOT ({_compare_intervals('=', a, b)})"
    if operator == "=":
        sure, never = f"{a.low} = {b.high} AND {a.high} = {b.low}", f"{a.high} < {b.low} OR {a.low} > {b.high}"
    else:
        sure = f"{a.high} {operator} {b.low}"
        never = f"{a.low} {'>' if operator == '<=' else '>='} {b.high}"
    return f"(CASE WHEN {sure} THEN TRUE WHEN {never} THEN FALSE END)"


def _same_unit(left: Term, right: Term) -> tuple[Term, Term]:
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
        return Term(_KINDS[kind], number, number, term.words)
    return Term(_KINDS[kind], f"({term.low} * {scale})", f"({term.high} * {scale})")


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise Fault(f"“{value}”的小数位太多")
    return int(value)


def _known_value(literal: Term, column: Term) -> Term:
    """Fold a category as a roster's cell is folded; a misspelt one would silently never match."""
    values = column.field.values if column.field else {}
    if not values or not literal.words or literal.words in values:
        return literal
    for value, aliases in values.items():
        if literal.words in aliases:
            return Term("text", f"'{value}'", f"'{value}'", value)
    raise Fault(f"“{column.low}”没有“{literal.words}”这个取值，只有：{'、'.join(values)}".replace('"', ""))


def _term(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    """A scalar expression."""
    handler = _TERMS.get(type(node))
    if handler is None:
        raise Fault(f"“{node.sql('duckdb')}”用了不允许的写法")
    return handler(node, fields)


def _column(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    _only(node, "this")
    field = fields.get(node.name)
    if field is None or field.type not in _KINDS:
        raise Fault(f"没有“{node.name}”这个字段")
    kind = _KINDS[field.type]
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
    _only(node, "this", "expression")
    sign = "+" if isinstance(node, exp.Add) else "-"
    left, amount = _term(node.this, fields), node.args["expression"]
    if isinstance(amount, exp.Interval):
        return _shifted(left, sign, amount)
    left, right = _same_unit(left, _term(amount, fields))
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
    return Term("date", *(f"CAST({side} {step} AS DATE)" for side in (day.low, day.high)))


def _product(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    _only(node, "this", "expression")
    left, right = _term(node.this, fields), _term(node.args["expression"], fields)
    kinds = {left.kind, right.kind}
    if "int" not in kinds or not kinds <= {"int", "money"} or not (left.exact and right.exact):
        raise Fault(f"“{node.sql('duckdb')}”不能这样相乘")
    return Term("money" if "money" in kinds else "int", *[f"({left.low} * {right.low})"] * 2)


def _negative(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    _only(node, "this")
    value = _term(node.this, fields)
    if value.kind not in {"int", "money", "rate"}:
        raise Fault("负号只能用于数")
    return Term(value.kind, f"(- {value.high})", f"(- {value.low})")


def _part(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    _only(node, "this")
    day, part = _term(node.this, fields), type(node).__name__.upper()
    if day.kind != "date" or (part != "YEAR" and not day.exact and day.field is None):
        raise Fault(f"{part}() 里应是日期")
    if part == "YEAR":
        return Term("int", *(f"CAST(EXTRACT(YEAR FROM {side}) AS BIGINT)" for side in (day.low, day.high)))
    exact = f"(CASE WHEN {day.low} = {day.high} THEN CAST(EXTRACT({part} FROM {day.low}) AS BIGINT) END)"
    return Term("int", exact, exact)


def _months(node: exp.Expr, fields: Mapping[str, Field]) -> Term:
    if node.name.upper() != "WHOLE_MONTHS" or len(node.expressions) != 2:
        raise Fault(f"不允许函数 {node.name}()")
    start, end = (_term(item, fields) for item in node.expressions)
    if {start.kind, end.kind} != {"date"}:
        raise Fault("WHOLE_MONTHS(起, 止) 里应是两个日期")
    return Term("int", whole_months(start.high, end.low), whole_months(start.low, end.high))


_TERMS: Mapping[type[exp.Expr], Callable[[exp.Expr, Mapping[str, Field]], Term]] = {
    exp.Column: _column, exp.Literal: _literal, exp.Cast: _day, exp.Add: _sum, exp.Sub: _sum, exp.Mul: _product,
    exp.Neg: _negative, exp.Year: _part, exp.Month: _part, exp.Day: _part, exp.Anonymous: _months,
    exp.Paren: lambda node, fields: _term(node.this, fields),
}  # fmt: skip


def _want(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    """What a lone comparison of a field with constants asks, in words: 不少于 12."""
    if isinstance(node, exp.Column):
        return "为“是”"
    if isinstance(node, exp.Not) and isinstance(node.this, exp.Column):
        return "为“否”"
    if isinstance(node, exp.In) and isinstance(node.this, exp.Column):
        return f"属于{'、'.join(item.name for item in node.expressions)}"
    if type(node) not in _OPERATORS or not isinstance(node.this, exp.Column):
        return ""
    right = _term(node.args["expression"], fields)
    kind = _KINDS[fields[node.this.name].type]
    words = (_DATE_WORDS if kind == "date" else _WORDS)[_OPERATORS[type(node)]]
    unit = {"money": " 元", "rate": "%"}.get(kind, "")
    return f"{words} {right.words}{unit}" if right.words else ""
