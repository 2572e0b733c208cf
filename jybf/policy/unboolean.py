"""SQL without truth values as values, for engines that have none: 1, 0 and NULL where a value stands."""

from collections.abc import Callable
from typing import cast

from sqlglot import exp

_TESTS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between, exp.And, exp.Or, exp.Not)
_JOINED = (exp.And, exp.Or)


def without_booleans(tree: exp.Expr, is_boolean: Callable[[str], bool]) -> exp.Expr:
    """``tree``, changed: each truth value that is stored, compared or counted is a number; ``is_boolean`` knows the columns."""
    return _Writer(is_boolean).value(tree)


class _Writer:
    def __init__(self, is_boolean: Callable[[str], bool]) -> None:
        self._is_boolean = is_boolean

    def value(self, node: exp.Expr) -> exp.Expr:
        """``node`` where a value stands."""
        if isinstance(node, exp.Boolean):
            return exp.Literal.number(int(bool(node.this)))
        if isinstance(node, exp.Paren):
            return exp.Paren(this=self.value(node.this))
        if isinstance(node, exp.Cast) and self._tests(node.this):
            return self.value(node.this)
        if isinstance(node, _TESTS):
            holds = self.test(node)
            whens = [
                exp.If(this=holds, true=exp.Literal.number(1)),
                exp.If(this=exp.Not(this=exp.Paren(this=holds.copy())), true=exp.Literal.number(0)),
            ]
            return exp.Case(ifs=whens)
        return self._parts(node)

    def test(self, node: exp.Expr) -> exp.Expr:
        """``node`` where a condition stands."""
        if isinstance(node, exp.Paren):
            return exp.Paren(this=self.test(node.this))
        if isinstance(node, exp.Not):
            return exp.Not(this=exp.Paren(this=self.test(node.this)))
        if isinstance(node, _JOINED):
            sides = (exp.Paren(this=self.test(side)) for side in (node.this, cast("exp.Expr", node.args["expression"])))
            left, right = sides
            return type(node)(this=left, expression=right)
        if isinstance(node, _TESTS):
            return self._parts(node)
        return exp.EQ(this=exp.Paren(this=self.value(node)), expression=exp.Literal.number(1))

    def _tests(self, node: exp.Expr) -> bool:
        """Whether ``node`` is a truth value."""
        if isinstance(node, exp.Paren):
            return self._tests(node.this)
        if isinstance(node, exp.Column):
            return self._is_boolean(node.name)
        return isinstance(node, (*_TESTS, exp.Boolean))

    def _parts(self, node: exp.Expr) -> exp.Expr:
        for part in list(node.iter_expressions()):
            name = part.arg_key or ""
            condition = isinstance(node, exp.Where | exp.Having) or (name, type(node)) in {("this", exp.If), ("on", exp.Join)}
            place = part.replace(exp.Null())  # while it is wrapped it hangs nowhere
            place.replace(self.test(part) if condition else self.value(part))
        return node
