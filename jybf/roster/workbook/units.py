"""Numbers that a cell's format shows with a unit of its own: who sees 0.08万元 means 800 元, and the file keeps 0.08."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from jybf.regex import pattern
from jybf.roster.grid import column_letters
from jybf.roster.workbook.choice import some
from jybf.roster.workbook.sheet import Sheet

_UNIT = pattern(r"[0#?][^;,.0#?]*(万|千|百|亿)")
# What moves the point (0!.0, or a comma after the last digit) shows in that unit the very sum that is kept.
_SCALED = pattern(r"[!\\]\.|[0#?],+(?![0#?])")


class Shown(NamedTuple):
    """A number (``line`` from 1, ``column`` from 0) and the unit that its format adds."""

    line: int
    column: int
    unit: str


def unit_of(code: str) -> str:
    """The unit that a number format adds to a number without changing the number; "": none."""
    found = _UNIT.search(re.sub(r"\[[^\]]*\]|[_*].", "", code))
    return found[1] if found and not _SCALED.search(code) else ""


def shown_in_units(sheet: Sheet, units: Mapping[int, str]) -> Iterator[Shown]:
    """The numbers of a sheet that stand there with a unit which the file does not keep. ``units``: style → unit."""
    numbers = sheet.of("n").filter(pl.col("style").is_in(list(units)), pl.col("text") != "")
    for line, column, style in numbers.select("line", "column", "style").iter_rows():
        yield Shown(line, column, units[style])


def as_shown(cells: pl.DataFrame, shown: Sequence[Shown]) -> pl.DataFrame:
    """The cells with those numbers as everybody sees them: 0.08万."""
    by_column: dict[str, dict[int, str]] = {}
    for line, column, unit in shown:
        by_column.setdefault(str(column), {})[line - 1] = unit
    for name, units in by_column.items():
        texts, lines = cells[name], list(units)
        cells = cells.with_columns(texts.scatter(lines, texts.gather(lines) + pl.Series(list(units.values()))))
    return cells


def about_units(where: str, shown: Sequence[Shown]) -> tuple[str, ...]:
    """A notice of them."""
    cells = some([f"{column_letters(one.column)}{one.line}" for one in shown])
    unit = shown[0].unit if shown else ""
    return (f"{where}：{cells}的数由格式带上“{unit}”显示，按看到的读（如 0.08 显示为 0.08万，读作 800 元）",) * bool(shown)
