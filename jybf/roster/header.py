"""Find the header of a sheet: the row, or the two or three merged rows, that name the most known fields."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.model import Field
from jybf.roster.grid import Grid, Merged
from jybf.roster.months import Month, month_columns
from jybf.vocabulary.fields import Choice, Fields

_LONGEST = 200  # characters of a header
LOOKED_AT = 15  # rows from the top
DEEPEST = 3  # rows of one header
ENOUGH = "至少要 3 个，或 2 个且有姓名、身份证号、单位名称之一"  # see Header.sound
_IDENTITY = frozenset(
    {"姓名", "身份证号", "单位名称", "统一社会信用代码", "户主姓名", "户主身份证号", "创业实体", "学校", "笔号", "退票原因"}
)
UNIT = r"^[（(]?(?:万?元(?:/[人月天年日户·.]+)?|个?月|天|日|人|年|岁|周岁|%)[）)]?$"

Row = Sequence[str | None]


class Header(msgspec.Struct, frozen=True):
    """Rows ``first`` to ``last`` of the grid (from 0); by column the header as shown and what it names."""

    first: int
    last: int
    names: tuple[str, ...]
    found: tuple[Field | Choice | None, ...]
    mapped: bool = False  # the user's own map says what the columns are

    @property
    def months(self) -> Mapping[int, Month]:
        """The columns of a wide table, one a month; empty where there are none, or none that can be told apart."""
        named = enumerate(zip(self.names, self.found, strict=True))
        return month_columns({c: name.split("/") for c, (name, found) in named if name and not found})

    @property
    def score(self) -> tuple[int, int]:
        """How many different fields it names, and how many months."""
        return len(self._known), len(self.months)

    @property
    def sound(self) -> bool:
        """Whether it names enough to be a roster's header."""
        return len(self._known) >= 3 or (len(self._known) == 2 and bool(self._known & _IDENTITY))

    @property
    def _known(self) -> set[str]:
        return {f.name for f in self.found if f} | ({"享受月份"} if self.months else set())


def find_header(grid: Grid, fields: Fields) -> Header | None:
    """The best header among the first rows, or None. Of equals the whole one, the one of fewer rows, then the upper one."""
    rows = _short(grid.cells.head(LOOKED_AT + 1))  # one more for units
    merged = None if grid.merged is None else [m for m in grid.merged if m.top < len(rows)]
    candidates = (
        _header(rows, first, depth, fields, merged)
        for depth in range(1, DEEPEST + 1)
        for first in range(min(LOOKED_AT, len(rows)) - depth + 1)
    )
    best = max((h for h in candidates if h.sound), key=lambda h: (*h.score, _complete(h, merged or ())), default=None)
    return best and _with_units(best, rows)


def _short(cells: pl.DataFrame) -> list[tuple[str | None, ...]]:
    """The rows with long texts cut off: no header is a page long, and looking for one goes over each cell many times."""
    return cells.select(pl.all().str.head(_LONGEST)).rows()


def header_at(grid: Grid, first: int, last: int, fields: Fields) -> Header:
    """Rows ``first`` to ``last`` (from 0) as the header, whatever it names."""
    rows = _short(grid.cells.head(last + 1))
    if last > first:
        above = _with_units(_header(rows, first, last - first, fields, grid.merged), rows)
        if above.last == last:
            return above
    return _header(rows, first, last - first + 1, fields, grid.merged)


def _complete(header: Header, merged: Sequence[Merged]) -> bool:
    """Whether no merged cell of the header reaches down to a further row of it."""
    return not any(header.first <= m.top <= header.last < m.bottom for m in merged)


def _header(rows: Sequence[Row], first: int, depth: int, fields: Fields, merged: Sequence[Merged] | None) -> Header:
    levels = [_inherited(*pair, row, merged) for row, pair in enumerate(pairwise(rows[first : first + depth]), first)]
    levels.append([cell or "" for cell in rows[first + depth - 1]])
    paths = [tuple(part for cell in column if (part := "".join(cell.split()))) for column in zip(*levels, strict=True)]
    return Header(first, first + depth - 1, tuple(map("/".join, paths)), tuple(_meaning(path, fields) for path in paths))


def _meaning(path: Sequence[str], fields: Fields) -> Field | Choice | None:
    """What a column names whose header is ``path``, from the outermost of its merged cells to its own."""
    match path:
        case []:
            return None
        case [only]:
            return fields.find(only)
        case [parent, child]:
            return fields.join(parent, child)
        case _:
            return fields.find("/".join(path)) or fields.join(*path[-2:])


def _inherited(parents: Row, children: Row, row: int, merged: Sequence[Merged] | None) -> list[str]:
    """The parent above each child: its own, or the one to the left that it is merged with.

    A file that can't tell what is merged leaves it to the blanks: a parent reaches right over blank cells with children.
    """
    inherited: list[str] = []
    for column, (own, child) in enumerate(zip(parents, children, strict=True)):
        if own:
            inherited.append(own)
        elif merged is not None:
            span = next((m for m in merged if m.top <= row <= m.bottom and m.left <= column <= m.right), None)
            inherited.append((parents[span.left] if span else None) or "")
        else:
            inherited.append(inherited[-1] if child and inherited else "")
    return inherited


def _with_units(header: Header, rows: Sequence[Row]) -> Header:
    """A row right below that holds nothing but units (元, 月, 天) is part of the header: 万元 must not get lost."""
    below = rows[header.last + 1] if header.last + 1 < len(rows) else ()
    units = [(cell or "").strip() for cell in below]
    if not any(units) or not all(re.match(UNIT, unit) for unit in units if unit):
        return header
    names = tuple(f"{name}({unit.strip('()（）')})" if unit else name for unit, name in zip(units, header.names, strict=True))
    return replace(header, last=header.last + 1, names=names)
