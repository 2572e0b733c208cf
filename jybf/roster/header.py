"""Find the header of a sheet: the row, or the two merged rows, that name the most known fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jybf.fields import Choice, Fields
    from jybf.model import Field
    from jybf.roster.grid import Grid, Merged

LOOKED_AT = 15  # rows from the top
_IDENTITY = frozenset({"姓名", "身份证号", "单位名称", "统一社会信用代码", "户主姓名", "户主身份证号", "创业实体", "学校"})

Row = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Header:
    """Rows ``first`` to ``last`` of the grid (from 0); by column the header as shown and what it names."""

    first: int
    last: int
    names: tuple[str, ...]
    found: tuple[Field | Choice | None, ...]
    mapped: bool = False  # the user's own map says what the columns are

    @property
    def score(self) -> int:
        """How many different fields it names."""
        return len({f.name for f in self.found if f})

    @property
    def sound(self) -> bool:
        """Whether it names enough to be a roster's header."""
        known = {f.name for f in self.found if f}
        return len(known) >= 3 or (len(known) == 2 and bool(known & _IDENTITY))


def find_header(grid: Grid, fields: Fields) -> Header | None:
    """The best header among the first rows, or None. Of equals the upper one, and one row before two."""
    rows = grid.cells.head(LOOKED_AT + 1).rows()
    candidates = [_single(rows, i, fields) for i in range(min(LOOKED_AT, len(rows)))]
    candidates += [_double(rows, i, fields, grid.merged) for i in range(min(LOOKED_AT, len(rows) - 1))]
    return max((h for h in candidates if h.sound), key=lambda h: h.score, default=None)


def _single(rows: Sequence[Row], i: int, fields: Fields) -> Header:
    names = tuple("".join((cell or "").split()) for cell in rows[i])
    return Header(i, i, names, tuple(fields.find(name) if name else None for name in names))


def _double(rows: Sequence[Row], i: int, fields: Fields, merged: Sequence[Merged] | None) -> Header:
    parents = _inherited(rows[i], rows[i + 1], i, merged)
    pairs = [("".join(p.split()), "".join((c or "").split())) for p, c in zip(parents, rows[i + 1], strict=False)]
    names = tuple("/".join(part for part in pair if part) for pair in pairs)
    found = tuple(fields.join(p, c) if p else fields.find(c) if c else None for p, c in pairs)
    return Header(i, i + 1, names, found)


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
