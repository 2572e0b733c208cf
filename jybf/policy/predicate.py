"""Vet one clause: a small, typed, three-valued subset of SQL, written anew from its tree before any engine sees it.

Unknown stays unknown. Nothing that turns NULL into a value is in the language, and a date known only to the month (or
year) is the interval of days it may be: a comparison which that day could change is NULL, not a guess.
"""

import re
from collections.abc import Callable, Iterator, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from jybf.errors import near
from jybf.model import Field, Predicate
from jybf.policy.terms import Fault, Term, only, same_unit, scalar
from jybf.vocabulary.facts import by, standing
from jybf.vocabulary.sql import quote
from jybf.vocabulary.types import TYPES, UNITS, Kind

_MAX_LENGTH = 600
_DEEPEST = 16  # AND, OR, NOT, brackets and signs within each other: a rule has half of it, the engine follows a third more
_TOO_DEEP = "套得太深（NOT、括号、AND、OR 一层套一层），请分成几条；同一列的几个值用 IN"
_OPERATORS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_WORDS = {"=": "为", "<>": "不为", "<": "小于", "<=": "不超过", ">": "大于", ">=": "不少于"}
_DATE_WORDS = {"=": "为", "<>": "不为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_ALIKE: Mapping[Kind, str] = {  # how what stands beside a column of the kind is written
    "bool": "是非列单独写，不成立的前面写 NOT", "date": "日期写成 DATE '2021-08-01'", "int": "数字不加引号",
    "money": "元，数字不加引号", "rate": "百分数，数字不加引号", "text": "文字加单引号",
}  # fmt: skip
_MIRROR = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def parse(text: str, fields: Mapping[str, Field]) -> Predicate:
    """The vetted form of ``text`` over ``fields``; raises :class:`Fault` with the first thing that does not belong."""
    fields = {name: standing(name) for name in fields}
    tree = parsed(text)
    for call in tree.find_all(exp.Anonymous, exp.AddMonths):
        if call.name.upper() != "WHOLE_MONTHS":  # the other functions are for facts
            raise Fault(f"不允许函数 {call.sql('duckdb')}；条件里只有 WHOLE_MONTHS、YEAR、MONTH、DAY", call.name)
    return _vetted(text, tree, fields)


def parse_clash(text: str, fields: Mapping[str, Field]) -> Predicate:
    """As :func:`parse`, with the functions of facts."""
    return _vetted(text, parsed(text), fields)


def _vetted(text: str, tree: exp.Expr, fields: Mapping[str, Field]) -> Predicate:
    sql = condition(tree, fields)
    names = dict.fromkeys(column.name for column in tree.find_all(exp.Column, bfs=False))
    if not names:
        raise Fault("没有读任何字段，永远成立或永远不成立")
    return Predicate(text, sql, tuple(names), _want(tree, fields), needs=tuple(_needs(tree, fields, ())))


def _needs(node: exp.Expr, fields: Mapping[str, Field], above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each field of a junction with the SQL that is TRUE where nothing beside it has decided: all above it is NULL."""
    if isinstance(node, exp.Paren | exp.Not):
        yield from _needs(node.this, fields, above)
    elif isinstance(node, exp.And | exp.Or):
        above = (*above, f"({condition(node, fields)}) IS NULL")
        for side in (node.this, node.args["expression"]):
            yield from _needs(side, fields, above)
    elif above:
        path = " AND ".join((*above, f"({condition(node, fields)}) IS NULL"))
        yield from ((name, path) for name in dict.fromkeys(column.name for column in node.find_all(exp.Column, bfs=False)))


def parsed(text: str) -> exp.Expr:
    """The tree of one expression; raises :class:`Fault` for what no author needs to write."""
    if len(text) > _MAX_LENGTH:
        raise Fault(f"写得太长（上限 {_MAX_LENGTH} 个字符）")
    if re.search(r"[\x00-\x1f\x7f\\\"]|--|/\*|''", text.replace("\n", " ")):
        raise Fault("不能含引号套引号、反斜杠、注释或控制字符")
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except RecursionError:
        raise Fault(_TOO_DEEP) from None
    except SqlglotError as error:
        raise Fault("不是合法的条件式：引号、括号要成对，文字用单引号，相等写一个 =") from error
    if len(trees) != 1 or trees[0] is None:
        raise Fault("应当正好是一个条件式")
    _refuse_deep(trees[0])
    return trees[0]


def _refuse_deep(tree: exp.Expr) -> None:
    """Raise where one thing stands within another deeper than every engine can follow."""
    within, depth = [tree], 0
    while within:
        within, depth = [part for node in within for part in node.iter_expressions()], depth + 1
        if depth > _DEEPEST:
            raise Fault(_TOO_DEEP)


def condition(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    """SQL of a Boolean expression."""
    if handler := _CONDITIONS.get(type(node)):
        return handler(node, fields)
    lone = scalar(node, fields)
    if lone.kind != "bool":
        raise Fault(f"“{node.sql('duckdb')}”不是一个是非判断")
    return lone.low


def _paren(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    only(node, "this")
    return f"({condition(node.this, fields)})"


def _not(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    only(node, "this")
    return f"NOT ({condition(node.this, fields)})"


def _junction(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    only(node, "this", "expression")
    word = "AND" if isinstance(node, exp.And) else "OR"
    return f"({condition(node.this, fields)} {word} {condition(node.args['expression'], fields)})"


def _constant(node: exp.Expr, _: Mapping[str, Field]) -> str:
    return "TRUE" if node.this else "FALSE"


def _between(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    only(node, "this", "low", "high")
    value, low, high = (scalar(node.args[arg], fields) for arg in ("this", "low", "high"))
    return f"({_compare('>=', value, low)} AND {_compare('<=', value, high)})"


def _comparison(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    only(node, "this", "expression")
    return _compare(_OPERATORS[type(node)], scalar(node.this, fields), scalar(node.args["expression"], fields))


def _membership(node: exp.Expr, fields: Mapping[str, Field]) -> str:
    only(node, "this", "expressions")
    value = scalar(node.this, fields)
    if not node.expressions or not all(isinstance(item, exp.Literal) for item in node.expressions):
        raise Fault("IN 的括号里只能是常量")
    tests = (_compare("=", value, scalar(item, fields)) for item in node.expressions)
    return f"({' OR '.join(tests)})"


def _compare(operator: str, left: Term, right: Term) -> str:
    left, right = same_unit(left, right)
    if left.kind == "bool" or left.kind != right.kind:
        column = (left if left.field else right).field
        told = f"{_said(left)}和{_said(right)}不能相比：{_ALIKE[left.kind if left.field else right.kind]}"
        raise Fault(told, column.name if column else "")
    if left.kind == "text" and operator not in {"=", "<>"}:
        raise Fault("文字只能比较相同或不同")
    left, right = _known_value(left, right), _known_value(right, left)
    if left.exact and right.exact:
        return _standing(operator, left, right)
    return _compare_intervals(operator, left, right)


def _said(term: Term) -> str:
    """“补贴月数”（整数）, '12'（文字）."""
    if term.field:
        return f"“{term.field.name}”（{TYPES[term.field.type].label}）"
    return f"{term.low}（{TYPES[term.kind].label}）"


def _standing(operator: str, left: Term, right: Term) -> str:
    """Two values that are exact; where one is known in a weak way, it is the other's or may be that too."""
    weak = next((side.field for side in (left, right) if side.field and side.field.weak), None)
    if weak is None:
        return f"({left.low} {operator} {right.low})"
    if operator not in {"=", "<>"}:
        raise Fault(f"“{weak.name}”只能比较相同或不同")
    ways = ", ".join(map(str, weak.weak))
    same = f"{left.low} = {right.low}"
    same = f"(CASE WHEN {same} THEN TRUE WHEN {quote(by(weak.name))} IN ({ways}) THEN NULL ELSE {same} END)"
    return same if operator == "=" else f"NOT ({same})"


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


def _known_value(literal: Term, column: Term) -> Term:
    """Fold a category as a roster's cell is folded; a misspelt one would silently never match."""
    if not column.field or not column.field.values or not literal.words or literal.words in column.field.values:
        return literal
    values = column.field.values
    for value, aliases in values.items():
        if literal.words in aliases:
            return Term("text", f"'{value}'", f"'{value}'", value)
    close = near(literal.words, values)
    raise Fault(f"“{column.field.name}”没有“{literal.words}”这个取值，{close}只有：{'、'.join(values)}", literal.words)


_CONDITIONS: Mapping[type[exp.Expr], Callable[[exp.Expr, Mapping[str, Field]], str]] = {
    exp.Paren: _paren, exp.Not: _not, exp.And: _junction, exp.Or: _junction, exp.Boolean: _constant,
    exp.Between: _between, exp.In: _membership, **dict.fromkeys(_OPERATORS, _comparison),
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
    right = scalar(node.args["expression"], fields)
    kind = TYPES[fields[node.this.name].type].kind
    words = (_DATE_WORDS if kind == "date" else _WORDS)[_OPERATORS[type(node)]]
    return f"{words} {right.words}{UNITS[kind]}" if right.words else ""
