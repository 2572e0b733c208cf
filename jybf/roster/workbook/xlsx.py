"""xlsx: whole columns of text from the reading process, while the XML tells what each text was and what it left out.

The two go on side by side. As many values must arrive as stand in the XML, and none where it has an error or an uncomputed
formula; a sheet that came through otherwise is rewritten in plain form, which names the fault, and read once more.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from jybf.errors import InputError, Problem
from jybf.roster.grid import Grid, tidied
from jybf.roster.workbook.choice import about_hidden, choose, some
from jybf.roster.workbook.formulas import stale
from jybf.roster.workbook.index import known_formats, plain_workbook, read_index
from jybf.roster.workbook.package import Entry, check, open_package, refuse_doctype, unpack
from jybf.roster.workbook.plain import Plain, plain, unread
from jybf.roster.workbook.process import ReaderError, reading
from jybf.roster.workbook.strings import plain_strings
from jybf.roster.workbook.units import about_units, as_shown, shown_in_units, units_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jybf.roster.grid import Broken
    from jybf.roster.source import Source
    from jybf.roster.workbook.index import Index, Listed
    from jybf.roster.workbook.process import Frame

_REPAIR = "用 Excel 打开后另存为 xlsx"


@dataclass(frozen=True, slots=True)
class _Workbook:
    """The chosen sheets of a workbook and what they share, in forms that every reader knows: styles and ``texts`` texts."""

    source: Source
    index: Index
    listed: tuple[Listed, ...]
    others: tuple[Entry, ...]  # the parts that nobody reads
    styles: Entry | None
    strings: Entry | None
    texts: int
    units: Mapping[bytes, str]  # of styles that show a number in a unit of their own

    def form(self, listed: Listed, *, distrusted: bool = False) -> Plain:
        """The XML of a sheet in the form that patterns understand."""
        where = f"{self.source.file}〔{listed.name}〕"
        form = plain(unpack(listed.entry, self.source.file), self.texts, where, distrusted=distrusted)
        if not self.strings and form.sheet.has_shared_texts:
            raise InputError(Problem("工作簿不完整，缺少共享文字（sharedStrings）", where=where, hint=_REPAIR))
        if not self.styles and form.sheet.has_styles:
            raise InputError(Problem("工作簿不完整，缺少样式（styles），分不清日期和数", where=where, hint=_REPAIR))
        return form

    def packed(self, forms: Sequence[Plain] = ()) -> bytes:
        """What the reading process gets: the sheets as they are, or as ``forms`` have them."""
        own = [listed.entry for listed in self.listed]
        entries = [e if f.as_is else Entry.of(e.name, f.xml) for e, f in zip(own, forms, strict=True)] if forms else own
        return plain_workbook(entries, self.styles, self.strings, since_1904=self.index.since_1904)


def read_xlsx(source: Source, sheet: str | None) -> tuple[list[Grid], list[str], list[str]]:
    """The sheets, the names of hidden ones left out, and notices. InputError for what is damaged or made to harm."""
    parts = open_package(source.data, source.file)
    index = read_index(parts, source.file)
    places, hidden = choose([(listed.name, listed.visible) for listed in index.sheets], sheet, source.file)
    notices = [f"{source.file}：{name} 没有列在工作簿里，没有读" for name in index.unlisted]
    listed = tuple(index.sheets[place] for place in places)
    others = tuple(entry for entry in parts.values() if all(entry is not sheet.entry for sheet in listed))
    workbook = _Workbook(source, index, listed, others, *_shared(index, source.file))
    return [_grid(*of_sheet, workbook) for of_sheet in zip(listed, *_read(workbook), strict=True)], hidden, notices


def _shared(index: Index, file: str) -> tuple[Entry | None, Entry | None, int, Mapping[bytes, str]]:
    """The styles, the shared texts, and how many of these there are; rewritten where readers would not understand them.

    And the units of styles.
    """
    styles, strings = index.styles, index.strings
    written = unpack(styles, file) if styles else b""
    units = units_of(written)
    if styles and (known := known_formats(written)) != written:
        styles = Entry.of(styles.name, known)
    if strings is None:
        return styles, None, 0, units
    refuse_doctype(xml := unpack(strings, file), strings.name, file)
    clear, texts = plain_strings(xml, file)
    return styles, strings if clear is xml else Entry.of(strings.name, clear), texts, units


def _read(workbook: _Workbook) -> tuple[list[Plain], list[pl.DataFrame]]:
    """The forms of the sheets and their cells. A sheet that came through otherwise is rewritten and read again."""
    forms, read = _first_reading(workbook)
    lost = [place for place, cells in enumerate(read) if not _as_written(forms[place], cells)]
    if read and not lost:
        return forms, read
    again = lost if read else range(len(forms))
    forms = [workbook.form(workbook.listed[n], distrusted=True) if n in again else form for n, form in enumerate(forms)]
    read = _frames(workbook, forms)
    return [_told(form, cells, workbook) for form, cells in zip(forms, read, strict=True)], read


def _told(form: Plain, cells: pl.DataFrame, workbook: _Workbook) -> Plain:
    """The form with the cells named that the reader gave no value. InputError if that doesn't explain the difference."""
    missing = form.holds.values - _values(cells)
    if not missing:
        return form
    arrived = {
        line: frozenset(c for c, text in enumerate(row) if text is not None) for line, row in enumerate(cells.iter_rows(), 1)
    }
    silent = unread(form, arrived)
    if len(silent) != missing:
        raise InputError(Problem("读出的单元格与文件里写的不符，不能用", where=workbook.source.file, hint=_REPAIR))
    return replace(form, broken=(*form.broken, *silent))


def _first_reading(workbook: _Workbook) -> tuple[list[Plain], list[pl.DataFrame]]:
    """As far as it gets: no cells where the reader stumbled over something that the rewriting may name."""
    with reading("xlsx", workbook.packed(), workbook.source.file) as wait:
        for entry in workbook.others:
            check(entry, workbook.source.file)
        forms = [workbook.form(listed) for listed in workbook.listed]
        with suppress(ReaderError):
            if all(form.as_is for form in forms):
                return forms, [_cells(frame) for frame in wait()]
    with suppress(ReaderError):
        if not all(form.as_is for form in forms):
            return forms, _frames(workbook, forms)
    return forms, []


def _frames(workbook: _Workbook, forms: Sequence[Plain]) -> list[pl.DataFrame]:
    with reading("xlsx", workbook.packed(forms), workbook.source.file) as wait:
        return [_cells(frame) for frame in wait()]


def _cells(frame: Frame) -> pl.DataFrame:
    """Columns "0", "1", … from the first of the sheet on, also those that are blank."""
    places: list[int] = frame.head["columns"]
    if not places:
        return pl.DataFrame()
    read = pl.read_ipc_stream(bytes(frame.body))
    read.columns = [str(place) for place in places]
    blank = pl.lit(None, dtype=pl.String)
    return read.select(pl.col(str(c)) if c in places else blank.alias(str(c)) for c in range(max(places) + 1))


def _as_written(form: Plain, cells: pl.DataFrame) -> bool:
    """Whether all values arrived, and none in a cell that has none: two cells of one address must not pass for one."""
    if _values(cells) != form.holds.values:
        return False
    mute = (*form.sheet.errors(), *form.sheet.uncomputed()) if form.holds.special else ()
    within = (cell for cell in mute if cell.line <= cells.height and cell.column < cells.width)
    return all(cells.item(cell.line - 1, cell.column) is None for cell in within)


def _values(cells: pl.DataFrame) -> int:
    return sum(cells.height - cells[name].null_count() for name in cells.columns)


def _grid(listed: Listed, form: Plain, read: pl.DataFrame, workbook: _Workbook) -> Grid:
    sheet, cells = form.sheet, tidied(read)
    numbers = partial(sheet.numbers, height=cells.height)
    none: tuple[list[Broken], bool] = [], False
    shown = list(shown_in_units(form.xml, workbook.units))
    outdated, too_many = stale(form.xml, cells, numbers, all_doubtful=workbook.index.to_compute) if form.holds.special else none

    def broken() -> Iterator[Broken]:
        yield from form.broken
        yield from outdated
        yield from sheet.errors()
        yield from sheet.uncomputed()

    where = f"{workbook.source.file}〔{listed.name}〕"
    layout = form.layout
    about_columns = (f"{where}：隐藏的列照样读取：{some(layout.hidden_columns)}",) * bool(layout.hidden_columns)
    about_formulas = (f"{where}：公式的写法太多，没有逐个复算；请用 Excel 打开并保存后再读",) * too_many
    return Grid(
        workbook.source.file,
        listed.name,
        workbook.source.sha256,
        _without(as_shown(cells, shown), outdated),
        numbers,
        layout.merged,
        broken,
        (
            *about_hidden(where, layout.hidden_lines),
            *about_columns,
            *_about_strays(where, form.strays),
            *about_formulas,
            *about_units(where, shown),
        ),
        since_1904=workbook.index.since_1904,
        hidden_lines=layout.hidden_lines,
        stray_lines=form.stray_lines,
    )


def _without(cells: pl.DataFrame, broken: Sequence[Broken]) -> pl.DataFrame:
    """The cells with blanks where there is no value to trust."""
    by_column: dict[str, list[int]] = {}
    for cell in broken:
        by_column.setdefault(str(cell.column), []).append(cell.line - 1)
    return cells.with_columns(cells[name].scatter(lines, None) for name, lines in by_column.items())


def _about_strays(where: str, strays: Sequence[str]) -> tuple[str, ...]:
    return (f"{where}：{some(strays)}离花名册太远，没有读；多余的请清除",) * bool(strays)
