"""A file of one table and no sheets → its Grid: text with separators, or the columns of a frame, as a Parquet file has them."""

from collections.abc import Callable

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.roster.delimited import look_at, misread, overlong, with_zero_bytes
from jybf.roster.grid import Grid, with_texts
from jybf.roster.source import Source, texts_of_frame


class Flat(msgspec.Struct, frozen=True):
    """A flat file that was looked at: its source need not be held any longer.

    ``raw``: gives its table with its cells as they stand, for whoever needs but a few of them tidy; else as :meth:`read`.
    """

    raw: Callable[[], tuple[Grid, list[str]]]

    def read(self) -> tuple[Grid, list[str]]:
        """Its one table, and notices of how it was read. InputError names all faulty lines."""
        grid, notices = self.raw()
        cells, texts = with_texts(grid.cells)
        return replace(grid, cells=cells, texts=texts), notices


def flat(source: Source, encoding: str | None) -> Flat:
    """``source``, a text or a frame, looked at. Raises InputError."""
    if source.frame is None:
        return Flat(look_at(source, encoding).read)
    grid = _of_frame(source, source.frame)
    return Flat(lambda: (grid, []))


def _of_frame(source: Source, frame: pl.DataFrame) -> Grid:
    """The names of the columns are row 1."""
    if not frame.width:
        raise InputError(Problem("文件是空的", where=source.file, hint="检查导出是否完成"))
    places = [str(place) for place in range(frame.width)]
    names = pl.DataFrame([frame.columns], schema=dict.fromkeys(places, pl.String), orient="row")
    cells = pl.concat([names, texts_of_frame(frame, source.file).rename(dict(zip(frame.columns, places, strict=True)))])
    swallowed = misread(cells, ",", source.file)[1]
    if problems := [*with_zero_bytes(cells, source.file), *swallowed, *overlong(cells, source.file)]:
        raise InputError(*problems)
    return Grid(source.file, "", source.sha256, cells, form="Parquet")
