"""xls, xlsb and ods: their cells come from the reading process with their types, there is nothing else to ask."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jybf.roster.grid import Grid, Merged, tidied
from jybf.roster.workbook.choice import choose
from jybf.roster.workbook.package import check, open_package, pack
from jybf.roster.workbook.process import reading

if TYPE_CHECKING:
    from jybf.roster.source import Source
    from jybf.roster.workbook.process import Frame


class _Cells(msgspec.Struct):
    columns: list[list[str | None]]
    numbers: list[list[int]]


def read_typed(source: Source, sheet: str | None) -> tuple[list[Grid], list[str]]:
    """The sheets, and the names of hidden ones left out. InputError for what is damaged or made to harm."""
    data = source.data if source.kind == "xls" else _checked(source)
    with reading("typed", data, source.file) as wait:
        frames = wait()
    places, hidden = choose([(f.head["name"], f.head["visible"]) for f in frames], sheet, source.file)
    return [_grid(frames[place], source) for place in places], hidden


def _checked(source: Source) -> bytes:
    """The package packed anew, once every part is what its check sum says."""
    parts = open_package(source.data, source.file)
    for entry in parts.values():
        check(entry, source.file)
    # The type comes first and unpacked: so it is in an ods.
    return pack(sorted(parts.values(), key=lambda e: e.name != "mimetype" or e.method != zipfile.ZIP_STORED))


def _grid(frame: Frame, source: Source) -> Grid:
    cells = msgspec.json.decode(frame.body, type=_Cells)
    texts = pl.DataFrame(
        {str(c): column for c, column in enumerate(cells.columns)},
        schema_overrides={str(c): pl.String() for c in range(len(cells.columns))},
    )
    ranges = frame.head["merged"]
    merged = None if ranges is None else [Merged(top, left, bottom, right) for (top, left), (bottom, right) in ranges]

    def numbers(column: int) -> pl.Series:
        lines = pl.Series(cells.numbers[column], dtype=pl.UInt32)
        return pl.Series([False]).new_from_index(0, texts.height).scatter(lines, True)

    return Grid(source.file, frame.head["name"], source.sha256, tidied(texts), numbers, merged, blind=True)
