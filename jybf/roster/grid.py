"""One sheet as it stands in its file: cells as text by Excel row and column, before anything is understood."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec
import polars as pl

from jybf.model import Note
from jybf.vocabulary.frames import texts_of
from jybf.vocabulary.values.text import INVISIBLE, tidy

_INLINE = 12  # bytes of a text that Polars keeps in place
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


class Origin(msgspec.Struct, frozen=True):
    """Of rows that a list of verdicts carries (``--columns all``): from where in their own sheet they are.

    ``read``: the list as messages name it; ``above``: the lines above the sheet's header; ``lines``: Excel row of each row of
    cells; ``problems``: what was known of its cells.
    """

    read: str
    above: tuple[str, ...]
    lines: pl.Series
    problems: pl.DataFrame


class Grid(msgspec.Struct, frozen=True):
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
    hidden_lines: tuple[int, ...] = ()  # Excel rows that are hidden or filtered out, and read all the same
    stray_lines: tuple[int, ...] = ()  # Excel rows far below the table, whose cells were not read
    notes: tuple[Note, ...] = ()  # comments on cells, and rows that are struck out
    yearless: Callable[[int], pl.Series] | None = None  # as ``numbers``: days that are shown without their year
    origin: Origin | None = None  # its rows once stood elsewhere
    texts: Mapping[str, pl.Series] = MappingProxyType({})  # of columns that repeat theirs, as ``texts_of`` has them
    skipped: int = 0  # rows of the file between the header and the first of the cells: of a long text that is read in pieces

    def above(self, header: int) -> Sequence[tuple[str | None, ...]]:
        """The rows above the one (from 0) in which the ``header`` begins."""
        return [(line,) for line in self.origin.above] if self.origin else self.cells.head(header).rows()

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


def column_of(letters: str) -> int:
    """A → 0, AA → 26; nothing → -1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def tidied(cells: pl.DataFrame) -> pl.DataFrame:
    """``cells`` with every column tidied that needs it; most don't, and asking is cheaper than doing."""
    return with_texts(cells)[0]


def with_texts(cells: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """``cells`` tidied, and ``texts_of`` them."""
    if not cells.width or not cells.height:
        return cells, {}
    texts = texts_of(cells)
    asked = (pl.lit(texts.get(name, cells[name])).str.contains(_UNTIDY).any().alias(name) for name in cells.columns)
    untidy = [name for name, dirty in pl.select(asked).row(0, named=True).items() if dirty]
    again = {name: pl.select(tidy(pl.lit(texts[name])).drop_nulls().unique()).to_series() for name in untidy if name in texts}
    return cells.with_columns(tidy(pl.col(name)).alias(name) for name in untidy), {**texts, **again}


def solid(cells: pl.DataFrame) -> pl.DataFrame:
    """``cells`` with their texts anew.

    Texts of more than 12 bytes that ``Series.scatter`` put into a column are different ones to Polars 2.1 where it counts
    them within a group (``n_unique``): one person would be two.
    """
    long = cells.select(pl.col(pl.String).str.len_bytes().max())
    return cells.with_columns(pl.col(name) + "" for name in long.columns if (long[name].item() or 0) > _INLINE)


def joined(texts: Iterable[str | None], separator: str = " ") -> str:
    """The texts that are there, in one line."""
    return separator.join(" ".join(t.split()) for t in texts if t)
