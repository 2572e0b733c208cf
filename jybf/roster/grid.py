"""One sheet as it stands in its file: cells as text by Excel row and column, before anything is understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jybf.roster.values.text import INVISIBLE, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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

    ``numbers(column)``: Boolean, one a row, which cells the file keeps as numbers; ``broken()``: the cells it can't give a
    value; both are looked up only when it matters. ``merged`` is None if the file can't say. ``notices`` are for the user.
    """

    file: str
    name: str
    sha256: str
    cells: pl.DataFrame
    numbers: Callable[[int], pl.Series] | None = None
    merged: Sequence[Merged] | None = None
    broken: Callable[[], Iterable[Broken]] = tuple
    notices: tuple[str, ...] = ()
    blind: bool = False  # its format shows an error cell as a blank one
    form: str = ""  # how a text is written: its encoding and separator
    since_1904: bool = False  # the workbook counts its days from 1904, not 1900

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


def columns_of(rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    """The ``cells`` of a Grid from rows of Python values, all of one length."""
    width = len(rows[0]) if rows else 0
    texts = {str(c): [value if type(value := row[c]) is str else _text(value) for row in rows] for c in range(width)}
    return tidied(pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String())))


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.15G}"  # Excel keeps 15 digits: an 18-digit ID turns into E notation, as it should
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return str(value)


def joined(texts: Iterable[str | None], separator: str = " ") -> str:
    """The texts that are there, in one line."""
    return separator.join(" ".join(t.split()) for t in texts if t)
