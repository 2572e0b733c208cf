"""xlsx: whole columns of text from the reading process, while the XML tells what each text was and what it left out.

The two go on side by side. Every value that stands in the XML must arrive; a sheet of which less arrives is rewritten in
plain form, which names the fault, and read once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from jybf.errors import InputError, Problem
from jybf.roster.grid import Grid, tidied
from jybf.roster.workbook.choice import about_hidden, choose, some
from jybf.roster.workbook.formulas import stale
from jybf.roster.workbook.index import Listed, known_formats, plain_workbook, read_index
from jybf.roster.workbook.package import Entry, check, open_package, unpack
from jybf.roster.workbook.plain import Plain, plain
from jybf.roster.workbook.process import ReaderError, reading
from jybf.roster.workbook.sheet import SheetXml, has_styles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jybf.roster.grid import Broken
    from jybf.roster.source import Source
    from jybf.roster.workbook.index import Index
    from jybf.roster.workbook.process import Frame

_REPAIR = "用 Excel 打开后另存为 xlsx"


@dataclass(frozen=True, slots=True)
class _Book:
    """The chosen sheets of a workbook and what they share: styles, calendar, and ``texts`` shared texts."""

    source: Source
    index: Index
    listed: tuple[Listed, ...]
    others: tuple[Entry, ...]  # the parts that nobody reads
    styles: Entry | None
    texts: int

    def form(self, listed: Listed, *, distrusted: bool = False) -> Plain:
        """The XML of a sheet in the form that patterns understand."""
        xml, where = unpack(listed.entry, self.source.file), f"{self.source.file}〔{listed.name}〕"
        if not self.index.strings and b't="s"' in xml:
            raise InputError(Problem("工作簿不完整，缺少共享文字（sharedStrings）", where=where, hint=_REPAIR))
        if not self.styles and has_styles(xml):
            raise InputError(Problem("工作簿不完整，缺少样式（styles），分不清日期和数", where=where, hint=_REPAIR))
        return plain(xml, self.texts, where, distrusted=distrusted)

    def packed(self, forms: Sequence[Plain] = ()) -> bytes:
        """What the reading process gets: the sheets as they are, or as ``forms`` have them."""
        own = [listed.entry for listed in self.listed]
        entries = [e if f.as_is else Entry.of(e.name, f.xml) for e, f in zip(own, forms, strict=True)] if forms else own
        return plain_workbook(entries, self.styles, self.index.strings, since_1904=self.index.since_1904)


def read_xlsx(source: Source, sheet: str | None) -> tuple[list[Grid], list[str], list[str]]:
    """The sheets, the names of hidden ones left out, and notices. InputError for what is damaged or made to harm."""
    parts = open_package(source.data, source.file)
    index = read_index(parts, source.file)
    places, hidden = choose([(listed.name, listed.visible) for listed in index.sheets], sheet, source.file)
    notices = [f"{source.file}：{name} 没有列在工作簿里，没有读" for name in index.unlisted]
    listed = tuple(index.sheets[place] for place in places)
    others = tuple(entry for entry in parts.values() if all(entry is not sheet.entry for sheet in listed))
    book = _Book(source, index, listed, others, *_shared(index, source.file))
    return [_grid(*of_sheet, book) for of_sheet in zip(book.listed, *_read(book), strict=True)], hidden, notices


def _shared(index: Index, file: str) -> tuple[Entry | None, int]:
    """The styles in formats that every reader knows, and how many shared texts there are."""
    styles, strings = (unpack(entry, file) if entry else b"" for entry in (index.styles, index.strings))
    known = known_formats(styles)
    texts = sum(strings.count(end) for end in (b"</si>", b":si>", b"<si/>"))
    return (index.styles if known == styles else Entry.of("xl/styles.xml", known)), texts


def _read(book: _Book) -> tuple[list[Plain], list[pl.DataFrame]]:
    """The forms of the sheets and their cells. A sheet that didn't come through is rewritten and read again."""
    forms, read = _first_reading(book)
    lost = [place for place, cells in enumerate(read) if _values(cells) < forms[place].values]
    if read and not lost:
        return forms, read
    again = lost if read else range(len(forms))
    forms = [book.form(book.listed[n], distrusted=True) if n in again else form for n, form in enumerate(forms)]
    read = _frames(book, forms)
    if any(_values(cells) < form.values for form, cells in zip(forms, read, strict=True)):
        raise InputError(Problem("读出的单元格比文件里写的少，不能用", where=book.source.file, hint=_REPAIR))
    return forms, read


def _first_reading(book: _Book) -> tuple[list[Plain], list[pl.DataFrame]]:
    """As far as it gets: no cells where the reader stumbled over something that the rewriting may name."""
    with reading("xlsx", book.packed(), book.source.file) as wait:
        for entry in book.others:
            check(entry, book.source.file)
        forms = [book.form(listed) for listed in book.listed]
        try:
            if all(form.as_is for form in forms):
                return forms, [_cells(frame) for frame in wait()]
        except ReaderError:
            return forms, []
    return forms, _frames(book, forms)


def _frames(book: _Book, forms: Sequence[Plain]) -> list[pl.DataFrame]:
    with reading("xlsx", book.packed(forms), book.source.file) as wait:
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


def _values(cells: pl.DataFrame) -> int:
    return sum(cells.height - cells[name].null_count() for name in cells.columns)


def _grid(listed: Listed, form: Plain, read: pl.DataFrame, book: _Book) -> Grid:
    sheet, cells = SheetXml(form.xml), tidied(read)
    numbers = partial(sheet.numbers, height=cells.height)
    outdated = stale(form.xml, cells, numbers) if form.formulas else []

    def broken() -> Iterator[Broken]:
        yield from form.broken
        yield from outdated
        yield from sheet.errors()
        yield from sheet.uncomputed()

    where = f"{book.source.file}〔{listed.name}〕"
    return Grid(
        book.source.file,
        listed.name,
        book.source.sha256,
        _without(cells, outdated),
        numbers,
        sheet.merged(),
        broken,
        (*about_hidden(where, hidden := sheet.hidden_lines()), *_about_strays(where, form.strays)),
        since_1904=book.index.since_1904,
        hidden_lines=hidden,
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
