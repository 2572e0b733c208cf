"""What the sheets of every workbook are made of: styles, cells whose text never runs, tables, the same bytes twice."""

import io
import re
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from decimal import Decimal
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

from jybf.model import MONEY as SUMS
from jybf.model import Report

Value = str | int | Decimal | None
Style = dict[str, Any]
AnySheet = Any  # openpyxl's write-only sheet has more than its type says

MOST_LINES = 1_048_576  # of an Excel sheet
MONEY_FORMAT = "#,##0.00"
LINE_HEIGHT = 15.5  # points: the fonts of a Chinese desktop are higher than Calibri's own characters

_MOST_FITTED = 20_000  # rows of a sheet that somebody may print: their heights are fitted to the text
_CLOCK = (2021, 1, 1, 0, 0, 0)  # a fixed stamp: the time of writing is no part of a result
_STAMP = b"2021-01-01T00:00:00Z"
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # characters that no workbook may hold
_ESCAPE = "_(x[0-9A-Fa-f]{4}_)"  # Excel would read _x0041_ as A, and _x001B_ as a control character
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # text that begins so stays text even when somebody edits the cell
_LONG = {"身份证号"}  # numbers that Excel would round
_TOP = Alignment(vertical="top", wrap_text=True)
_RIGHT = Alignment("right", "top", indent=1)  # a figure must not touch the text beside it
_RULED = Border(bottom=Side("hair", color="8B96A5"))  # rows of several lines run into each other without
HEAD: Style = {
    "font": Font(bold=True),
    "fill": PatternFill("solid", fgColor="DDE7F0"),
    "alignment": Alignment("center", "center"),
}
PLAIN: Style = {"alignment": _TOP, "border": _RULED}
FIGURE: Style = {"alignment": _RIGHT, "border": _RULED}
TITLE: Style = {"font": Font(bold=True, size=14)}
_TEXT = PLAIN | {"number_format": "@"}
MONEY = FIGURE | {"number_format": MONEY_FORMAT}
_LINKED = PLAIN | {"font": Font(underline="single", color="0563C1")}
_GUARDED: Style = {"quotePrefix": True}
UNWRAPPED: Style = {"alignment": Alignment(wrap_text=False)}
_WIDTHS = {
    "文件": 20, "工作表": 13, "行号": 6, "姓名": 9, "身份证号": 20, "单位": 16, "补贴项目": 16, "结果": 9, "核定金额": 11,
    "标准类型": 9, "依据": 18, "说明": 38, "假定": 22, "编号": 8, "级别": 6, "列名": 13, "单元格": 8, "当前值": 21,
    "应为": 18, "问题": 30, "涉及金额": 11, "建议": 22, "检查": 34, "原因": 50, "豁免": 18,
    "维度": 10, "名称": 40, "疑点": 6, "拦截": 6, "提示": 6, "行数": 7, "总行数": 8, "拦截金额": 14, "金额不明": 9,
    "申领金额": 14, "序号": 6, "乡镇": 12, "抽法": 8, "入样概率": 13, "发现": 18, "核查结果": 30, "放行": 9, "本次可发": 11,
}  # fmt: skip


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


def add_table(
    workbook: Workbook,
    name: str,
    rows: pl.DataFrame,
    money: str,
    *,
    links: tuple[tuple[str, ...], Sequence[str]] = ((), ()),
    tint: tuple[str, Sequence[PatternFill]] = ("", ()),
) -> AnySheet:
    """One sheet with a frozen header, a filter, and one style a column.

    ``links``: columns, of which the first that is filled carries the link, and what each row links to ("" for nothing);
    ``tint``: a column, and the fill of each of its cells.
    """
    widths = [_WIDTHS.get(column, 20) for column in rows.columns]
    sheet = printable(workbook, name, widths)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = f"A1:{get_column_letter(rows.width)}{rows.height + 1}"
    sheet.append([styled(sheet, column, HEAD) for column in rows.columns])
    for line, lines in enumerate(_lines(rows, widths), 2):
        if lines > 1:
            sheet.row_dimensions[line].height = lines * LINE_HEIGHT + 3
    styles = [_column_style(column, dtype, money) for column, dtype in rows.schema.items()]
    plain = [Stencil(sheet, style, reused=workbook.write_only) for style in styles]
    link = Stencil(sheet, _LINKED, reused=False)
    ruled = rows.height <= _MOST_FITTED  # then empty cells are cells too: the line under a row has no gaps
    fills = {id(fill): Stencil(sheet, PLAIN | {"fill": fill}, reused=workbook.write_only) for fill in tint[1]}
    tint_at = rows.columns.index(tint[0]) if tint[0] else -1
    for place, row in enumerate(safe(rows).iter_rows()):
        cells: list[Cell | None] = [stencil.cell(value) for stencil, value in zip(plain, row, strict=True)]
        if ruled:
            cells = [made or stencil.always(None) for made, stencil in zip(cells, plain, strict=True)]
        if tint_at >= 0:
            cells[tint_at] = fills[id(tint[1][place])].cell(row[tint_at])
        at = next((c for c in map(rows.columns.index, links[0]) if row[c] not in {None, ""}), -1)
        if at >= 0 and links[1][place]:
            cells[at] = _linked(link.always(row[at]), links[1][place], place + 2, at + 1)
        sheet.append(cells)
    return sheet


def _column_style(name: str, dtype: pl.DataType, money: str) -> Style:
    if name in {money, "本次可发", *SUMS}:
        return MONEY
    return _TEXT if name in _LONG else FIGURE if dtype.is_numeric() else PLAIN


def add_unchecked(workbook: Workbook, report: Report, name: str = "未检查") -> None:
    """The checks that lacked their data."""
    rows = [(skip.code, skip.title, skip.why) for skip in report.not_run]
    add_table(workbook, name, pl.DataFrame(rows, dict.fromkeys(("编号", "检查", "原因"), pl.String), orient="row"), "")


def printable(workbook: Workbook, name: str, widths: Sequence[float]) -> AnySheet:
    """A new sheet that prints on A4, landscape, as wide as the paper."""
    sheet: AnySheet = workbook.create_sheet(name)
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.7, footer=0.3)
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


def runs(value: object) -> bool:
    """Whether Excel would make a formula of it when somebody edits the cell."""
    return isinstance(value, str) and value.startswith(_FORMULA)


def safe(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with every text as a workbook may hold it and Excel will show it."""
    return rows.with_columns(pl.col(pl.String).str.replace_all(_CONTROL, "").str.replace_all(_ESCAPE, "_x005F_${1}"))


def safe_text(text: str) -> str:
    """One text as a workbook may hold it and Excel will show it."""
    return re.sub(_ESCAPE, r"_x005F_\1", re.sub(_CONTROL, "", text))


def display_width(text: str) -> float:
    """How wide a text is, in letters. A Chinese character has three bytes and the width of two letters."""
    return (len(text.encode(errors="replace")) + len(text)) / 2


def save(workbook: Workbook, out: BinaryIO) -> None:
    """Write ``workbook`` without the two clocks that openpyxl puts in: the entries' dates and the time of the last change."""
    draft = io.BytesIO()
    workbook.save(draft)
    with ZipFile(draft) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + _STAMP, content)
            target.writestr(ZipInfo(name, _CLOCK), content, ZIP_DEFLATED)


def stamped(workbook: Workbook) -> Workbook:
    """``workbook`` saying that it was made at a fixed time."""
    workbook.properties.created = datetime(*_CLOCK)  # noqa: DTZ001  a workbook knows no zones
    return workbook


def _styled(sheet: AnySheet, style: Style) -> Cell:
    made = WriteOnlyCell(sheet)
    for attribute, setting in style.items():
        setattr(made, attribute, setting)
    return made


def _linked(cell: Cell, target: str, line: int, column: int) -> Cell:
    """``cell`` with a link, which must know where the cell will stand."""
    cell.row, cell.column = line, column
    cell.hyperlink = Hyperlink(ref="", location=target)
    return cell


def _lines(rows: pl.DataFrame, widths: Sequence[int]) -> Sequence[int]:
    """How many lines each row's longest text takes, since not every program fits the heights of rows by itself.

    Lines break before they are full, hence 0.85; see ``display_width``.
    """
    if not 0 < rows.height <= _MOST_FITTED:
        return []
    text = [(name, width) for name, width in zip(rows.columns, widths, strict=True) if rows[name].dtype == pl.String]
    wide = [(pl.col(name).str.len_bytes() + pl.col(name).str.len_chars()) / 2 / (0.85 * width) for name, width in text]
    return rows.select(pl.max_horizontal(wide).ceil().cast(pl.Int64)).to_series().to_list()
