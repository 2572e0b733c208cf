"""Formulas whose kept results are out of date: someone changed the sheet with a program that does not compute.

Only arithmetic inside the sheet is done again (+ - * /, SUM, ROUND over cells of few rows), which is what amounts
of a roster are made of. Sums down a column belong to totals, and those are compared elsewhere.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import NamedTuple

import msgspec
import polars as pl

from jybf.regex import pattern
from jybf.roster.grid import Broken, column_of
from jybf.roster.workbook.sheet import NOT_COMPUTED, Sheet

_GROUP = pattern(r' si="([0-9]+)"')
_REFERENCE = pattern(r"(?<![\w!.'])(\$?)([A-Z]{1,2})(\$?)([0-9]{1,7})(?::\$?([A-Z]{1,2})\$?([0-9]{1,7}))?(?![\w(!.])")
_ARITHMETIC = pattern(r"(?:CELL\(-?\d+,\d,-?\d+,\d\)|SPAN\(-?\d+,\d,-?\d+,\d,-?\d+\)|SUM|ROUND|[0-9.+\-*/(), ])+")
_LONGEST = 200
_MOST_WRITTEN = 40_000  # characters of all different formulas: about a second of work
_MOST_PASSES = 8  # through formulas that build on one another
_EXACT, _ROUNDED = 0.005, 0.0101  # 元: a result further off than that is another amount

Values = dict[int, pl.Series]


class _Kept(NamedTuple):
    """A cell with a formula: where it stands (from 0), the formula in terms of distances, its text and its kept result.

    ``distances`` is "" for a formula that is more than arithmetic.
    """

    line: int
    column: int
    distances: str
    shown: str
    result: str


class _Formula(msgspec.Struct, frozen=True):
    """One kind of arithmetic, the cells of one column (lines from 0) that have it, and their kept results."""

    tree: ast.expr
    column: int
    lines: pl.Series
    kept: pl.Series
    shown: str


def stale(
    sheet: Sheet, cells: pl.DataFrame, numbers: Callable[[int], pl.Series], *, all_doubtful: bool = False
) -> tuple[list[Broken], bool]:
    """The cells whose formula gives another number than the one kept; and whether there were too many kinds to compute.

    ``cells`` and ``numbers`` are those of the Grid.
    ``all_doubtful``: the workbook wants everything computed anew, so that what can't be checked here has no result at all.
    """
    kept = list(_kept(sheet.formulas))
    too_many = sum(len(distances) for distances, _ in {(one.distances, one.column) for one in kept}) > _MOST_WRITTEN
    formulas = [] if too_many else list(_formulas(kept))
    values = _values(cells, numbers) if formulas else {}
    found: dict[tuple[int, int], Broken] = {}
    for _ in range(_MOST_PASSES):
        fresh = [cell for formula in formulas for cell in _differing(formula, values) if cell[:2] not in found]
        if not fresh:
            break
        for line, column, result, computed, shown in fresh:
            reason = f"公式{shown} 的结果过期了：存的是 {result:.15g}，重新计算是 {computed:.15g}；用 Excel 打开并保存后再试"
            found[line, column] = Broken(line, column, f"{result:.15g}", reason)
            values[column] = values[column].scatter(line - 1, computed)
    if all_doubtful:
        checked = {place for formula in formulas for place in _checked(formula, values)}
        doubtful = [one for one in kept if (one.line, one.column) not in checked]
        found |= {(one.line + 1, one.column): Broken(one.line + 1, one.column, one.result, NOT_COMPUTED) for one in doubtful}
    return list(found.values()), too_many


def _kept(formulas: pl.DataFrame) -> Iterator[_Kept]:
    shared: dict[str, str] = {}
    computed = formulas.filter((pl.col("kind") != "n") | (pl.col("text") != ""))
    of_one = computed.select("line", "column", "kind", "attributes", "written", "text")
    for line, column, kind, attributes, written, result in of_one.iter_rows():
        text, group = written.upper(), _GROUP.search(attributes)
        distances = "" if kind != "n" or ' t="dataTable"' in attributes else _distances(text, line - 1, column)
        if group and written:
            shared[group[1]] = distances
        elif group:
            distances = shared.get(group[1], "")
        yield _Kept(line - 1, column, distances, f" ={text}" if text else "", result)


def _formulas(kept: Iterable[_Kept]) -> Iterator[_Formula]:
    """Every kind of arithmetic in the sheet, once, with all its cells."""
    cells: dict[tuple[str, int], list[tuple[int, float, str]]] = {}
    for one in kept:
        if one.distances and (number := _number(one.result)) is not None:
            cells.setdefault((one.distances, one.column), []).append((one.line, number, one.shown))
    for (distances, column), of_one in cells.items():
        tree = _tree(distances)
        if tree:
            lines, results, shown = zip(*of_one, strict=True)
            yield _Formula(tree, column, pl.Series(lines), pl.Series(results), shown[0])


def _checked(formula: _Formula, values: Mapping[int, pl.Series]) -> Iterator[tuple[int, int]]:
    computed = _computed(formula.tree, formula, values)
    known = computed.is_finite() if computed is not None else pl.Series([], dtype=pl.Boolean)
    return ((int(formula.lines[at]), formula.column) for at in known.fill_null(value=False).arg_true())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _distances(text: str, line: int, column: int) -> str:
    """The formula with each reference as a distance from its own cell, or as the place itself where a $ holds it fast.

    "" if it does more than arithmetic.
    """

    def distance(found: re.Match[str]) -> str:
        across, letters, down, row, right, bottom = found.groups()
        left, top = column_of(letters) - (0 if across else column), int(row) - 1 - (0 if down else line)
        place = f"{top},{int(bool(down))},{left},{int(bool(across))}"
        if not right:
            return f"CELL({place})"
        return f"SPAN({place},{column_of(right) - column_of(letters)})" if bottom == row else "?"

    own_words = "CELL" in text or "SPAN" in text
    written = "" if own_words or len(text) > _LONGEST else _REFERENCE.sub(distance, text)
    return written if _ARITHMETIC.fullmatch(written) else ""


def _tree(distances: str) -> ast.expr | None:
    try:
        return ast.parse(distances.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _values(cells: pl.DataFrame, numbers: Callable[[int], pl.Series]) -> Values:
    """Numbers as they are, blanks as 0, everything else unknown: as arithmetic in a sheet takes them, where it is certain."""
    return {
        column: pl.select(
            pl.when(texts.is_null()).then(0.0).when(numbers(column)).then(texts.cast(pl.Float64, strict=False))
        ).to_series()
        for column, texts in enumerate(cells.iter_columns())
    }


def _differing(formula: _Formula, values: Mapping[int, pl.Series]) -> Iterator[tuple[int, int, float, float, str]]:
    computed = _computed(formula.tree, formula, values)
    if computed is None:
        return
    allowed = _ROUNDED if "ROUND" in ast.dump(formula.tree) else _EXACT
    off = ((computed - formula.kept).abs() > allowed + formula.kept.abs() * 1e-9).fill_null(value=False) & computed.is_finite()
    for at in off.arg_true():
        yield int(formula.lines[at]) + 1, formula.column, formula.kept[at], computed[at], formula.shown


def _computed(node: ast.AST, formula: _Formula, values: Mapping[int, pl.Series]) -> pl.Series | None:
    """One number a cell of the formula, null where an operand is unknown; None if the tree is no arithmetic."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return pl.Series([float(number)]).new_from_index(0, formula.lines.len())
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            inner = _computed(operand, formula, values)
            return -inner if inner is not None and isinstance(sign, ast.USub) else inner
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            sides = [_computed(side, formula, values) for side in (left, right)]
            return None if sides[0] is None or sides[1] is None else _OPERATIONS[type(op)](sides[0], sides[1])
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(name, arguments, formula, values)
        case _:
            return None


_OPERATIONS: Mapping[type[ast.operator], Callable[[pl.Series, pl.Series], pl.Series]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: a / b,
}


def _called(name: str, arguments: list[ast.expr], formula: _Formula, values: Mapping[int, pl.Series]) -> pl.Series | None:
    if name == "CELL":
        return _cell(_integers(arguments), 0, formula, values)
    operands = [part for argument in arguments for part in _operands(argument, formula, values)]
    if not operands or any(operand is None for operand in operands):
        return None
    known = [operand for operand in operands if operand is not None]
    if name == "ROUND" and len(known) == 2:
        places = known[1][0]
        return known[0].round(int(places), mode="half_away_from_zero") if places in range(10) else None
    return reduce(operator.add, known) if name == "SUM" else None


def _operands(argument: ast.expr, formula: _Formula, values: Mapping[int, pl.Series]) -> list[pl.Series | None]:
    match argument:
        case ast.Call(func=ast.Name(id="SPAN"), args=places):
            *place, width = _integers(places)
            return [_cell(place, further, formula, values) for further in range(width + 1)]
        case _:
            return [_computed(argument, formula, values)]


def _integers(nodes: list[ast.expr]) -> list[int]:
    return [int(ast.literal_eval(node)) for node in nodes]


def _cell(place: list[int], further: int, formula: _Formula, values: Mapping[int, pl.Series]) -> pl.Series:
    """The value at a place, and so many columns further right; a cell beyond the sheet's last is blank."""
    down, fixed_row, right, fixed_column = place
    column = values.get(right + further + (0 if fixed_column else formula.column))
    lines = formula.lines * 0 + down if fixed_row else formula.lines + down
    if column is None:
        return pl.Series([0.0]).new_from_index(0, lines.len())
    inside = lines.is_between(0, column.len() - 1)
    return pl.select(pl.when(inside).then(column.gather(lines.clip(0, column.len() - 1))).otherwise(0.0)).to_series()
