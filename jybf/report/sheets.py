"""What the annotated copy adds to a workbook: styles, cells whose text never runs, tables, the same bytes twice."""

import io
import re
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import datetime
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from jybf.report.layout import (
    CLOCK,
    HEAD_FILL,
    LINK,
    LONG,
    MARGINS,
    MONEY_FORMAT,
    RULE,
    STAMP,
    Table,
    Value,
    clean,
    clean_text,
    heights,
    runs,
)  # fmt: skip

_ESCAPE = "_(x[0-9A-Fa-f]{4}_)"  # Excel would read _x0041_ as A, and _x001B_ as a control character
Style = dict[str, Any]
AnySheet = Any  # openpyxl's write-only sheet has more than its type says

_TOP = Alignment(vertical="top", wrap_text=True)
_RIGHT = Alignment("right", "top", indent=1)  # a figure must not touch the text beside it
_RULED = Border(bottom=Side("hair", color=RULE))  # rows of several lines run into each other without
HEAD: Style = {
    "font": Font(bold=True),
    "fill": PatternFill("solid", fgColor=HEAD_FILL),
    "alignment": Alignment("center", "center"),
}
_PLAIN: Style = {"alignment": _TOP, "border": _RULED}
_FIGURE: Style = {"alignment": _RIGHT, "border": _RULED}
_TITLE: Style = {"font": Font(bold=True, size=14)}
_MONEY = {"number_format": MONEY_FORMAT}
_LINKED = _PLAIN | {"font": Font(underline="single", color=LINK)}
_GUARDED: Style = {"quotePrefix": True}


class Stencil:
    """Cells of one style on one sheet. A write-only sheet writes each at once, so that there one cell serves for all."""

    def __init__(self, sheet: AnySheet, style: Style, *, reused: bool) -> None:
        self._cells = _styled(sheet, style), _styled(sheet, style | _GUARDED)
        self._reused = reused

    def cell(self, value: Value) -> Cell | None:
        """A cell with ``value`` (text already ``safe``), None for nothing."""
        template = self._cells[runs(value)]
        return put(template if self._reused else copy(template), value)

    def always(self, value: Value) -> Cell:
        """A new cell, also for nothing."""
        made = copy(self._cells[runs(value)])
        made.value = None  # what the one cell that serves for all held last
        put(made, value)
        return made


def add(workbook: Workbook, table: Table) -> AnySheet:
    """A new sheet of ``workbook`` with what ``table`` says."""
    sheet = printable(workbook, table.name, table.widths)
    for line in table.above:
        sheet.append([styled(sheet, line, _TITLE)])
    sheet.append([styled(sheet, column, HEAD) for column in table.columns])
    if table.listed:
        sheet.freeze_panes = f"A{table.top + 1}"
        sheet.print_title_rows = f"{table.top}:{table.top}"
        last = len(table.rows) + table.top
        sheet.auto_filter.ref = f"A{table.top}:{get_column_letter(len(table.columns))}{last}"
    for line, points in heights(table).items():
        sheet.row_dimensions[line].height = points
    looks = [_look(table, column) for column in table.columns]
    head, stencils = Stencil(sheet, HEAD, reused=False), [Stencil(sheet, look, reused=False) for look in looks]
    for line, row in enumerate(_lines(table)):
        cells = [(head if line in table.heads else each).always(value) for each, value in zip(stencils, row, strict=True)]
        for at, style in _tints(table, row):
            cells[at] = styled(sheet, row[at], looks[at] | style)
        _lead(sheet, table, line, row, cells)
        sheet.append(cells)
    return sheet


def _lines(table: Table) -> Iterator[Sequence[Value]]:
    if isinstance(table.rows, pl.DataFrame):
        yield from safe(table.rows).iter_rows()
    else:
        for row in table.rows:
            cells = [row.get(name) for name in table.columns]
            yield [safe_text(value) if isinstance(value, str) else value for value in cells]


def _look(table: Table, column: str) -> Style:
    """How the cells of ``column`` look."""
    look = _FIGURE if column in table.figures else _PLAIN
    look = look if table.listed else {"alignment": Alignment(look["alignment"].horizontal, "top", wrap_text=False)}
    return look | (_MONEY if column in table.money else {"number_format": "@"} if column in LONG else {})


def _tints(table: Table, row: Sequence[Value]) -> Iterator[tuple[int, Style]]:
    """The cells of a row with a colour of their own."""
    for column, tints in table.tints.items():
        at = table.columns.index(column)
        text = str(row[at] or "")
        yield from ((at, {"fill": PatternFill("solid", fgColor=c)}) for begins, c in tints.items() if text.startswith(begins))


def _lead(sheet: AnySheet, table: Table, line: int, row: Sequence[Value], cells: list[Cell]) -> None:
    """The link of a row goes with the first of its cells for links that is filled."""
    columns, targets = table.links
    at = next((c for c in map(table.columns.index, columns) if row[c] not in {None, ""}), None)
    if at is not None and targets[line]:
        cell = cells[at] = styled(sheet, row[at], _LINKED)
        cell.row, cell.column = table.top + 1 + line, at + 1  # a link must know where its cell will stand
        cell.hyperlink = Hyperlink(ref="", location=targets[line])


def printable(workbook: Workbook, name: str, widths: Sequence[float]) -> AnySheet:
    """A new sheet that prints on A4, landscape, as wide as the paper."""
    sheet: AnySheet = workbook.create_sheet(name)
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(**MARGINS)
    sheet.oddFooter.center.text = f"{name.replace('&', '&&')}　第 &P 页，共 &N 页"
    return sheet


def styled(sheet: AnySheet, value: Value, style: Style) -> Cell:
    """One cell, to be appended to ``sheet``."""
    made = _styled(sheet, style | _GUARDED if runs(value) else style)
    put(made, safe_text(value) if isinstance(value, str) else value)
    return made


def put(cell: Cell, value: Value) -> Cell | None:
    """The cell with the value, none for nothing. Text stays text, also where Excel would see a formula or an error in it."""
    if value is None or value == "":
        return None
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def safe(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with every text as a workbook may hold it and Excel will show it."""
    return clean(rows).with_columns(pl.col(pl.String).str.replace_all(_ESCAPE, "_x005F_${1}"))


def safe_text(text: str) -> str:
    """One text as a workbook may hold it and Excel will show it."""
    return re.sub(_ESCAPE, r"_x005F_\1", clean_text(text))


def save(workbook: Workbook, out: BinaryIO) -> None:
    """Write ``workbook`` without the two clocks that openpyxl puts in: the entries' dates and the time of the last change."""
    draft = io.BytesIO()
    workbook.save(draft)
    with ZipFile(draft) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + STAMP, content)
            target.writestr(ZipInfo(name, CLOCK), content, ZIP_DEFLATED)


def stamped(workbook: Workbook) -> Workbook:
    """``workbook`` saying that it was made at a fixed time."""
    workbook.properties.created = datetime(*CLOCK)  # noqa: DTZ001  a workbook knows no zones
    return workbook


def _styled(sheet: AnySheet, style: Style) -> Cell:
    made = WriteOnlyCell(sheet)
    for attribute, setting in style.items():
        setattr(made, attribute, setting)
    return made
