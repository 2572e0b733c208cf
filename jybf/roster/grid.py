"""One sheet as it stands in its file: cells as text by Excel row and column, before anything is understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import polars as pl

from jybf.roster.values.text import INVISIBLE, tidy

_UNTIDY = rf"^\s|\s$|^$|{INVISIBLE}"


class Merged(NamedTuple):
    """A merged range; rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Broken(NamedTuple):
    """A cell that has no value to read: ``line`` from 1, ``column`` from 0."""

    line: int
    column: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Grid:
    """``cells``: String columns "0", "1", … in Excel's order; row i of the frame is Excel row i + 1; blank is null.

    ``numbers``: for a column that has any, which cells the file keeps as numbers. ``merged`` is None if the file
    can't say. ``notices`` are for the user.
    """

    file: str
    name: str
    sha256: str
    cells: pl.DataFrame
    numbers: Mapping[int, pl.Series] = field(default_factory=dict)
    merged: Sequence[Merged] | None = None
    broken: Sequence[Broken] = ()
    notices: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """How messages name this sheet."""
        return f"{self.file}〔{self.name}〕" if self.name else self.file


def column_letters(column: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    while column >= 0:
        column, digit = divmod(column, 26)
        letters, column = chr(65 + digit) + letters, column - 1
    return letters


def tidied(cells: pl.DataFrame) -> pl.DataFrame:
    """``cells`` with every column tidied that needs it; most don't, and asking is cheaper than doing."""
    if not cells.width or not cells.height:
        return cells
    untidy = cells.select(pl.all().str.contains(_UNTIDY).any()).row(0, named=True)
    return cells.with_columns(tidy(pl.col(name)).alias(name) for name, dirty in untidy.items() if dirty)


def text_column(values: Sequence[object]) -> tuple[pl.Series, pl.Series | None]:
    """The texts of one column of Python values, and which of them are numbers (None: none is)."""
    if set(map(type, values)) <= {str}:
        return pl.Series(values, dtype=pl.String), None
    texts = pl.Series([v if type(v) is str else _text(v) for v in values], dtype=pl.String)
    numbers = pl.Series([type(v) is float or type(v) is int for v in values], dtype=pl.Boolean)
    return texts, numbers if numbers.any() else None


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "是" if value else "否"
        case float() | int():
            return f"{value:.15G}"  # Excel keeps 15 digits: an 18-digit ID turns into E notation, as it should
        case datetime():
            return str(value.date()) if value.time() == time() else str(value)
        case date() | time() | timedelta():
            return str(value)
        case _:
            return str(value)


def grid_columns(rows: Sequence[Sequence[object]]) -> tuple[pl.DataFrame, dict[int, pl.Series]]:
    """Rows of Python values, all of one length → the ``cells`` and ``numbers`` of a Grid."""
    width = len(rows[0]) if rows else 0
    columns = [text_column([row[c] for row in rows]) for c in range(width)]
    cells = pl.DataFrame([texts.alias(str(c)) for c, (texts, _) in enumerate(columns)])
    return tidied(cells), {c: numbers for c, (_, numbers) in enumerate(columns) if numbers is not None}


def joined(texts: Iterable[str | None], separator: str = " ") -> str:
    """The texts that are there, in one line."""
    return separator.join(" ".join(t.split()) for t in texts if t)
