"""A condition read aloud: a sentence made from the predicate itself, to be held against what its author wrote beside it."""

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from jybf.policy.predicate import parsed
from jybf.vocabulary.facts import facts
from jybf.vocabulary.types import TYPES

_NUMBERS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "等于", exp.NEQ: "不等于", exp.LT: "少于", exp.LTE: "不超过", exp.GT: "多于", exp.GTE: "不少于",
}  # fmt: skip
_DAYS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "就是", exp.NEQ: "不是", exp.LT: "早于", exp.LTE: "不晚于", exp.GT: "晚于", exp.GTE: "不早于",
}  # fmt: skip
_WORDS: Mapping[type[exp.Expr], str] = {exp.EQ: "是", exp.NEQ: "不是"}
_INTERVALS = {"DAY": "天", "MONTH": "个月", "YEAR": "年"}
_COUNTED = {"WHOLE_MONTHS": "满的月数"}


def aloud(source: str) -> str:
    """``source``, a vetted predicate as its author wrote it, as a Chinese sentence; "" of what has no source."""
    return _said(parsed(source)) if source else ""


def _said(node: exp.Expr) -> str:
    if handler := _SAYINGS.get(type(node)):
        return handler(node)
    if isinstance(node, exp.Column):
        return f"“{node.name}”为“是”"
    return node.sql("duckdb")


def _junction(node: exp.Expr) -> str:
    left, right = node.this.unnest(), node.args["expression"].unnest()
    if (
        isinstance(node, exp.Or) and isinstance(left, exp.NEQ) and _kind(left) == "text"
    ):  # who is not one, of him nothing is asked
        return f"{_term(left.this)}是{_term(left.args['expression'])}的，{_said(right)}"
    word, others = ("，并且", exp.Or) if isinstance(node, exp.And) else ("，或者", exp.And)
    return word.join(f"（{_said(side)}）" if isinstance(side, others) else _said(side) for side in (left, right))


def _not(node: exp.Expr) -> str:
    inner = node.this.unnest()
    if isinstance(inner, exp.Column):
        return f"“{inner.name}”为“否”"
    if isinstance(inner, exp.In):
        return f"{_term(inner.this)}不是{_listed([_term(item) for item in inner.expressions])}"
    return f"不是（{_said(inner)}）"


def _comparison(node: exp.Expr) -> str:
    left, right = node.this, node.args["expression"]
    kind = _kind(left) or _kind(right)
    words = _DAYS if kind == "date" else _WORDS if kind == "text" else _NUMBERS
    unit = {"money": " 元", "rate": "%"}.get(kind, "") if isinstance(right, exp.Literal) else ""
    return f"{_term(left)}{words[type(node)]}{_spaced(_term(right))}{unit}"


def _between(node: exp.Expr) -> str:
    low, high = (_term(node.args[side]) for side in ("low", "high"))
    return f"{_term(node.this)}在 {low} 到 {high} 之间，首尾都算"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{'、'.join(words[:-1])}或{words[-1]}"


def _kind(node: exp.Expr) -> str:
    """What is compared: of the first column in it that is no text within a function."""
    if isinstance(node, exp.Year | exp.Month | exp.Day | exp.Anonymous):
        return "int"
    column = node if isinstance(node, exp.Column) else next(iter(node.find_all(exp.Column)), None)
    if isinstance(node, exp.Cast):
        return "date"
    return str(TYPES[facts()[column.name].type].kind) if column is not None and column.name in facts() else ""


def _term(node: exp.Expr) -> str:
    """A value: a field in quotation marks, a constant as it is."""
    handler = next((handler for kind, handler in _TERMS.items() if isinstance(node, kind)), None)
    return handler(node) if handler else node.sql("duckdb")


def _sum(node: exp.Expr) -> str:
    amount = node.args["expression"]
    if isinstance(amount, exp.Interval):
        way = "以后" if isinstance(node, exp.Add) else "以前"
        return f"{_term(node.this)}{way} {amount.this.name} {_INTERVALS[str(amount.args.get('unit'))]}"
    return f"{_term(node.this)} {'＋' if isinstance(node, exp.Add) else '－'} {_term(amount)}"


def _counted(node: exp.Expr) -> str:
    start, end = (*node.expressions, node.expressions[0])[:2]
    return f"{_term(start)}到{_term(end)}{_COUNTED.get(node.name.upper(), node.name)}"


def _spaced(text: str) -> str:
    return f" {text}" if text[:1].isascii() else text


_SAYINGS: Mapping[type[exp.Expr], Callable[[exp.Expr], str]] = {
    exp.And: _junction, exp.Or: _junction, exp.Not: _not, exp.Between: _between, **dict.fromkeys(_NUMBERS, _comparison),
    exp.In: lambda node: f"{_term(node.this)}是{_listed([_term(item) for item in node.expressions])}",
    exp.Paren: lambda node: _said(node.this),
}  # fmt: skip
_TERMS: Mapping[type[exp.Expr], Callable[[exp.Expr], str]] = {
    exp.Column: lambda node: f"“{node.name}”",
    exp.Literal: lambda node: node.name,
    exp.Cast: lambda node: node.this.name,
    exp.Paren: lambda node: f"（{_term(node.this)}）",
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: lambda node: f"{_term(node.this)} × {_term(node.args['expression'])}",
    exp.Neg: lambda node: f"－{_term(node.this)}",
    exp.Year: lambda node: f"{_term(node.this)}的年份",
    exp.Month: lambda node: f"{_term(node.this)}的月份",
    exp.Day: lambda node: f"{_term(node.this)}的日",
    exp.Anonymous: _counted,
}
