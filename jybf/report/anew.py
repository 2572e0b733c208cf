"""A workbook built anew by a writer in Rust, which takes whole columns; the same bytes for the same input.

What it can't do is left to the annotated copy: a note, a colour or a guard of its own for one cell among others.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl
from rustpy_xlsxwriter import FastExcel, Format

from jybf.report.layout import (
    CLOCK,
    HEAD_FILL,
    LONG,
    MARGINS,
    MONEY_FORMAT,
    MOST_FITTED,
    RULE,
    STAMP,
    Table,
    clean,
    clean_text,
    heights,
    running,
)  # fmt: skip

PLACE = "原处"  # the column of links: the cell that a row is about

_A4, _A3, _A3_LETTERS = 9, 8, 220
_AT_ONCE = 200_000  # rows that the writer is given as a whole; for more it would be deaf to Ctrl-C for seconds
_CLOCKED = "docProps/core.xml"


def write_book(tables: Sequence[Table], out: BinaryIO) -> None:
    """Write ``tables`` as one workbook, the first of them in front."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsx")
        book = FastExcel(path)
        for table in tables:
            _add(book, table)
        book.save()
        _stop_the_clock(path)
        with path.open("rb") as made:
            shutil.copyfileobj(made, out)


def _add(book: FastExcel, table: Table) -> None:
    links = any(table.links[1])
    columns = [*table.columns, *[PLACE] * links]
    rows = _rows(table, links=links)
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame()
    special = table.figures | LONG | {PLACE}
    guarded = running(frame)
    book.sheet(
        table.name,
        frame.iter_rows(named=True) if frame.height > _AT_ONCE else rows,
        column_widths=[*table.widths, *[24.0] * links],
        column_formats={
            n: _format(table, n, guarded=n in guarded) for n in columns if _fitted(table) or n in {*guarded, *special}
        },
        header_format=_head(),
        header_row=table.top - 1,
        merge_ranges=[(n, 0, n, len(columns) - 1, clean_text(line), _above(n)) for n, line in enumerate(table.above) if line],
        dedupe_strings=bool(table.fills),  # kept whole until it is written: else the title's own height would come too late
        row_heights=_roomy(table) if table.fills else {line - 1: points for line, points in heights(table).items()},
        row_formats={table.top + row: _head() for row in table.heads},
        autofilter=table.listed and not table.fills,
        url_columns=[PLACE] * links,
        conditional_formats={column: _tints(tints) for column, tints in table.tints.items()},
        data_validations={name: dict(fill.rule) for name, fill in table.fills.items() if fill.rule},
        ignore_errors=[name for name in columns if name not in table.money],
        page_setup=_page(table),
    )
    if table.listed:
        book.freeze(row=table.top, sheet=table.name)


def _rows(table: Table, *, links: bool) -> pl.DataFrame | list[dict[str, Any]]:
    """The rows as the writer takes them: numbers for 元, which it would leave out as Decimal, and the links at the end."""
    if not isinstance(table.rows, pl.DataFrame):
        texts = ({name: row.get(name) for name in table.columns} for row in table.rows)
        return [{n: clean_text(v) if isinstance(v, str) else v and float(v) for n, v in row.items()} for row in texts]
    rows = clean(table.rows).with_columns(pl.col(pl.Decimal).cast(pl.Float64))
    return (
        rows.with_columns(pl.Series(PLACE, [f"internal:{link}" if link else "" for link in table.links[1]])) if links else rows
    )


def _roomy(table: Table) -> dict[int, float]:
    """A form is written in by hand too: by row (from 0) the points."""
    return {row: 26.0 if row == 0 else 20.0 for row in range(table.top + len(table.rows))}


def _fitted(table: Table) -> bool:
    """Whether it is a list that somebody may print, with long text in several lines; a longer one is for looking up."""
    return table.listed and len(table.rows) <= MOST_FITTED


def _format(table: Table, name: str, *, guarded: bool) -> Format:
    made = Format()
    if name in table.fills:
        return made.set_num_format(table.fills[name].shown)
    if _fitted(table):
        made = made.set_align("top").set_border_bottom("hair").set_border_bottom_color(RULE)
    if name in table.figures:
        made = made.set_align("right").set_indent(1)
    elif _fitted(table):
        made = made.set_text_wrap()
    if name in table.money:
        made = made.set_num_format(MONEY_FORMAT)
    if name in LONG:
        made = made.set_num_format("@")
    if name == PLACE:
        made = made.set_hyperlink()
    return made.set_quote_prefix() if guarded else made


def _above(line: int) -> Format:
    return Format().set_bold().set_font_size(11 if line else 14)


def _head() -> Format:
    return Format().set_bold().set_background_color(HEAD_FILL).set_align("center").set_align("vcenter")


def _tints(tints: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"type": "text", "criteria": "begins_with", "value": begins, "format": Format().set_background_color(colour)}
        for begins, colour in tints.items()
    ]


def _page(table: Table) -> dict[str, Any]:
    """A4, landscape, as wide as the paper, with the header on each page; a form on A3, and beside each other if it is wide."""
    footer = f"&C{table.name.replace('&', '&&')}　第 &P 页，共 &N 页"
    page = {"landscape": True, "paper_size": _A4, "fit_to_pages": (1, 0), "margins": MARGINS, "footer": footer}
    if table.fills:
        across = max(1, round(sum(table.widths) / _A3_LETTERS))
        page |= {"paper_size": _A3, "fit_to_pages": (across, 0), "print_gridlines": True}
    if table.beside:
        page["repeat_columns"] = (0, table.beside - 1)
    return page | ({"repeat_rows": (0, table.top - 1)} if table.listed else {})


def _stop_the_clock(path: Path) -> None:
    """Put a fixed time for that of writing: the part with it stands at the end, and is written anew with what follows it."""
    with ZipFile(path, "a") as archive:
        start = archive.getinfo(_CLOCKED).header_offset
        late = [entry for entry in archive.infolist() if entry.header_offset >= start]
        parts = {entry.filename: archive.read(entry) for entry in late}
        for entry in late:
            archive.filelist.remove(entry)
            del archive.NameToInfo[entry.filename]
        archive.start_dir = start
        for name, part in parts.items():
            fixed = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + STAMP, part) if name == _CLOCKED else part
            archive.writestr(ZipInfo(name, CLOCK), fixed, ZIP_DEFLATED)
