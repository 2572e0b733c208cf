"""xlsx: its cells are taken out of its XML here, once every part of the package is known to be what it says.

Nothing is expanded that a package of its size would not hold: the same workbook takes the same memory as in a reading process.
"""

from collections.abc import Iterator, Mapping
from functools import partial

import msgspec
import polars as pl

from jybf.errors import InputError, Problem
from jybf.roster.grid import Broken, Grid, solid, with_texts
from jybf.roster.source import Source
from jybf.roster.workbook.choice import about_hidden, choose, some
from jybf.roster.workbook.corrections import (
    Corrected,
    comments,
    corrections,
    struck_cells,
    struck_items,
    struck_styles,
    unplaced,
    without,
)
from jybf.roster.workbook.formulas import stale
from jybf.roster.workbook.index import Index, Listed, parsed, read_index
from jybf.roster.workbook.limits import REPAIR, limits_of, too_much
from jybf.roster.workbook.odd import sheet_of
from jybf.roster.workbook.package import Entry, check, open_package, unpack
from jybf.roster.workbook.sheet import Sheet
from jybf.roster.workbook.shown import about_rounded, columns, shown
from jybf.roster.workbook.strings import shared_texts
from jybf.roster.workbook.styles import Styles, styles_of
from jybf.roster.workbook.units import about_units, as_shown, shown_in_units

_BYTES_A_CELL = 48  # while it is taken out
_BYTES_A_PLACE = 16  # of a column, blank or not


class _Workbook(msgspec.Struct, frozen=True):
    """A workbook and what its sheets share; None where it has none."""

    source: Source
    index: Index
    styles: Styles | None
    texts: pl.Series | None
    parts: Mapping[str, Entry]
    struck: Mapping[int, Corrected]

    def sheet(self, xml: bytes, where: str) -> Sheet:
        """What is written in a sheet. InputError for more than a workbook of this size may hold."""
        _refuse_vast(xml.count(b"<c ") * _BYTES_A_CELL, self.source)
        sheet = sheet_of(xml, 0 if self.texts is None else self.texts.len(), where)
        if self.texts is None and not sheet.of("s").is_empty():
            raise InputError(Problem("工作簿不完整，缺少共享文字（sharedStrings）", where=where, hint=REPAIR))
        if self.styles is None and sheet.cells["style"].any():
            raise InputError(Problem("工作簿不完整，缺少样式（styles），分不清日期和数", where=where, hint=REPAIR))
        return sheet


def read_xlsx(source: Source, sheet: str | None) -> tuple[list[Grid], list[str], list[str], list[str]]:
    """The sheets, the names of hidden ones left out and of those without cells, and notices.

    InputError for what is damaged or made to harm.
    """
    parts = open_package(source.data, source.file)
    index = read_index(parts, source.file)
    places, hidden = choose([(listed.name, listed.visible) for listed in index.sheets], sheet, source.file)
    notices = [f"{source.file}：{name} 没有列在工作簿里，没有读" for name in index.unlisted]
    notices += [f"{source.file}：{name} 里的批注没有归到哪张工作表，没有读" for name in unplaced(parts, source.file)]
    listed = [index.sheets[place] for place in places]
    for entry in parts.values():
        if all(entry is not one.entry for one in listed):
            check(entry, source.file)
    strings = unpack(index.strings, source.file) if index.strings else b""
    texts = shared_texts(strings, source.file) if index.strings else None
    workbook = _Workbook(source, index, _styles(index, source.file), texts, parts, struck_items(strings))
    return [_grid(one, workbook) for one in listed], hidden, list(index.others) if sheet is None else [], notices


def _styles(index: Index, file: str) -> Styles | None:
    entry = index.styles
    return styles_of(parsed(unpack(entry, file), entry.name, file)) if entry else None


def _refuse_vast(size: int, source: Source) -> None:
    if size > limits_of(len(source.data)).memory:
        raise too_much(source.file)


def _grid(listed: Listed, workbook: _Workbook) -> Grid:
    where = f"{workbook.source.file}〔{listed.name}〕"
    xml = unpack(listed.entry, workbook.source.file)
    sheet = workbook.sheet(xml, where)
    styles = workbook.styles
    corrected, rows = corrections(struck_cells(xml, sheet, workbook.struck), struck_styles(sheet, styles), sheet.filled)
    notes = (*rows, *comments(workbook.parts, listed.entry.name, workbook.source.file))
    read, unread = _read(sheet, workbook)
    cells, texts = with_texts(read)
    numbers = partial(sheet.numbers, height=cells.height)
    units = list(shown_in_units(sheet, workbook.styles.units if workbook.styles else {}))
    pictures = list(sheet.pictures())
    outdated, too_many = stale(sheet, cells, numbers, all_doubtful=workbook.index.to_compute)

    def broken() -> Iterator[Broken]:
        yield from sheet.broken
        yield from unread
        yield from outdated
        yield from corrected
        yield from pictures
        yield from sheet.errors()
        yield from sheet.uncomputed()

    layout = sheet.layout
    about_formulas = (f"{where}：公式的写法太多，没有逐个复算；请用 Excel 打开并保存后再读",) * too_many
    about_numbers = (*about_units(where, units), *about_rounded(where, sheet, styles.dates if styles else ()))
    return Grid(
        workbook.source.file,
        listed.name,
        workbook.source.sha256,
        solid(without(as_shown(cells, units), [*outdated, *corrected, *pictures])),
        numbers,
        layout.merged,
        broken,
        (*_about_layout(sheet, where), *about_formulas, *about_numbers),
        since_1904=workbook.index.since_1904,
        hidden_lines=layout.hidden_lines,
        stray_lines=sheet.stray_lines,
        notes=notes,
        texts={} if units else texts,
        yearless=partial(sheet.of_style, styles.yearless, height=cells.height) if styles and styles.yearless else None,
    )


def _about_layout(sheet: Sheet, where: str) -> Iterator[str]:
    layout = sheet.layout
    yield from about_hidden(where, layout.hidden_lines)
    if layout.hidden_columns:
        yield f"{where}：隐藏的列照样读取：{some(layout.hidden_columns)}"
    if sheet.strays:
        yield f"{where}：{some(sheet.strays)}离花名册太远，没有读；多余的请清除"


def _read(sheet: Sheet, workbook: _Workbook) -> tuple[pl.DataFrame, list[Broken]]:
    """The columns of a sheet, and its numbers that can't be the days which their style says they are."""
    written = sheet.cells.filter(pl.col("text") != "")
    texts = workbook.texts if workbook.texts is not None else pl.Series([], dtype=pl.String)
    cells = shown(written, texts, workbook.styles.dates if workbook.styles else (), since_1904=workbook.index.since_1904)
    height, width = (written.select(pl.col(name).max()).item() or 0 for name in ("line", "column"))
    _refuse_vast(height * (width + 1) * _BYTES_A_PLACE, workbook.source)
    if cells["shown"].str.len_bytes().sum() > limits_of(len(workbook.source.data)).output:
        raise too_much(workbook.source.file)
    silent = cells.filter(pl.col("shown").is_null()).sort("line", "column").select("line", "column", "text")
    unread = [Broken(line, column, text, f"这个值读不出：{text[:20]}") for line, column, text in silent.iter_rows()]
    return columns(cells, height, width + 1) if height else pl.DataFrame(), unread
