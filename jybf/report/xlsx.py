"""A workbook that a county prints and signs: real numbers, frozen headers, IDs as text, the same bytes for the same input."""

from __future__ import annotations

import io
import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from jybf.audit import explain
from jybf.errors import OutputError, Problem
from jybf.model import INCOMPLETE, LEVELS, REFUSED, RESULTS
from jybf.report.plain import amount_column, in_yuan, masked
from jybf.report.words import notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jybf.model import Report

_Sheet = Any  # openpyxl's write-only sheet has more than its type says

_MOST = 1_048_575  # rows of an Excel sheet, less the header
_MOST_FITTED = 20_000  # rows of a sheet that somebody may print: their heights are fitted to the text
_LINE_HEIGHT = 14.5  # points
_CLOCK = (2021, 1, 1, 0, 0, 0)  # a fixed stamp: the time of writing is no part of a result
_STAMP = b"2021-01-01T00:00:00Z"
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # characters that no workbook may hold
_ESCAPE = "_(x[0-9A-Fa-f]{4}_)"  # Excel would read _x0041_ as A, and _x001B_ as a control character
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # text that begins so stays text even when somebody edits the cell
_LONG = {"身份证号"}  # numbers that Excel would round
_TOP = Alignment(vertical="top", wrap_text=True)
_HEAD = {"font": Font(bold=True), "fill": PatternFill("solid", fgColor="DDE7F0"), "alignment": Alignment("center", "center")}
_TITLE = {"font": Font(bold=True, size=14)}
_PLAIN = {"alignment": _TOP}
_TEXT = _PLAIN | {"number_format": "@"}
_MONEY = {"alignment": Alignment(vertical="top"), "number_format": "#,##0.00"}
_GUARDED = {"quotePrefix": True}
_LINE = {"alignment": Alignment(wrap_text=False)}
_WIDTHS = {
    "文件": 22, "工作表": 9, "行号": 6, "姓名": 9, "身份证号": 20, "单位": 16, "补贴项目": 16, "结果": 9, "核定金额": 11,
    "标准类型": 9, "依据": 18, "说明": 38, "假定": 22, "编号": 8, "级别": 6, "列名": 13, "单元格": 8, "当前值": 21,
    "应为": 18, "问题": 30, "涉及金额": 11, "建议": 22, "检查": 34, "原因": 50,
}  # fmt: skip


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """汇总 明细 不予发放 待补资料 for calc; 汇总 拦截 疑点 提示 未检查 for audit. OutputError past Excel's last row."""
    if report.frame.height > _MOST:
        raise OutputError(Problem(f"共 {report.frame.height} 行，Excel 一张表最多 {_MOST} 行", hint="改用 -o 结果.csv"))
    book = Workbook(write_only=True)
    book.properties.created = datetime(*_CLOCK)  # noqa: DTZ001  a workbook knows no zones
    _overview(book, report)
    frame = in_yuan(report)
    for name, part in _parts(report, masked(frame) if mask else frame):
        _table(book, name, part, amount_column(report))
    if report.kind == "audit":
        rows = [(skip.code, skip.title, skip.why) for skip in report.not_run]
        _table(book, "未检查", pl.DataFrame(rows, ["编号", "检查", "原因"], orient="row"), "")
    _save(book, out)


def _parts(report: Report, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    if report.kind == "calc":
        yield "明细", frame
        yield "不予发放", frame.filter(pl.col("结果") == REFUSED)
        yield "待补资料", frame.filter(pl.col("结果") == INCOMPLETE)
        return
    for level in LEVELS:
        yield level, frame.filter(pl.col("级别") == level)


def _overview(book: Workbook, report: Report) -> None:
    """汇总: the programmes of the run as a table, then the sentences that stand under the table on a screen."""
    sheet = _sheet(book, "汇总", [26, *[12] * 6])
    sheet.append([_cell(sheet, f"就业帮扶补贴{'测算' if report.kind == 'calc' else '审核'}汇总", _TITLE)])
    programs = report.summary.programs
    if programs:
        sheet.append([_cell(sheet, head, _HEAD) for head in ("补贴项目", *RESULTS, "可发放金额", "待补金额")])
    for p in programs:
        sheet.append(_sums(sheet, p.program, [p.counts[r] for r in RESULTS], (p.paid_fen, p.held_fen)))
    if len(programs) > 1:
        counts = [sum(p.counts[r] for p in programs) for r in RESULTS]
        sheet.append(_sums(sheet, "合计", counts, (sum(p.paid_fen for p in programs), sum(p.held_fen for p in programs))))
    if report.kind == "audit":
        _counts(sheet, report)
    for line in ("", *notes(report), *(f"提示  {notice}" for notice in report.notices)):
        sheet.append([_cell(sheet, line, _LINE)])
    for fact, value in report.provenance.items():
        sheet.append([_cell(sheet, text, _LINE) for text in (fact, value)])


def _sums(sheet: _Sheet, name: str, counts: Sequence[int], sums: Sequence[int]) -> list[Cell | int]:
    return [_cell(sheet, name, _PLAIN), *counts, *(_cell(sheet, Decimal(fen) / 100, _MONEY) for fen in sums)]


def _counts(sheet: _Sheet, report: Report) -> None:
    """Findings by level and rule, with the money they concern."""
    sheet.append([_cell(sheet, head, _HEAD) for head in ("规则", "编号", "级别", "条数", "涉及金额")])
    order = pl.col("级别").replace_strict({level: rank for rank, level in enumerate(LEVELS)}, return_dtype=pl.Int8)
    stated = pl.when(pl.col("涉及金额").count() > 0).then(pl.sum("涉及金额"))  # nothing stated is not zero
    found = report.frame.group_by("级别", "编号").agg(pl.len(), stated).sort(order, "编号")
    for level, code, count, fen in found.iter_rows():
        words = [_cell(sheet, text, _PLAIN) for text in (explain(code).title, code, level)]
        sheet.append([*words, count, _cell(sheet, None if fen is None else Decimal(fen) / 100, _MONEY)])


def _table(book: Workbook, name: str, rows: pl.DataFrame, money: str) -> None:
    """One sheet with a frozen header, a filter, and one style a column. Cells are reused: each row is written at once."""
    widths = [_WIDTHS.get(column, 20) for column in rows.columns]
    sheet = _sheet(book, name, widths)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = f"A1:{get_column_letter(rows.width)}{rows.height + 1}"
    sheet.append([_cell(sheet, column, _HEAD) for column in rows.columns])
    styles = [_MONEY if column == money else _TEXT if column in _LONG else _PLAIN for column in rows.columns]
    cells = [(_cell(sheet, None, style), _cell(sheet, None, style | _GUARDED)) for style in styles]
    for line, lines in enumerate(_lines(rows, widths), 2):
        if lines > 1:
            sheet.row_dimensions[line].height = lines * _LINE_HEIGHT
    safe = pl.col(pl.String).str.replace_all(_CONTROL, "").str.replace_all(_ESCAPE, "_x005F_${1}")
    for row in rows.with_columns(safe).iter_rows():
        sheet.append([_put(cell[_runs(value)], value) for cell, value in zip(cells, row, strict=True)])


def _lines(rows: pl.DataFrame, widths: Sequence[int]) -> Sequence[int]:
    """How many lines each row's longest text takes, since not every program fits the heights of rows by itself.

    A Chinese character has three bytes and the width of two letters: (bytes + characters) / 2 is its width. Lines break
    before they are full, hence 0.85.
    """
    if not 0 < rows.height <= _MOST_FITTED:
        return []
    text = [(name, width) for name, width in zip(rows.columns, widths, strict=True) if rows[name].dtype == pl.String]
    wide = [(pl.col(name).str.len_bytes() + pl.col(name).str.len_chars()) / 2 / (0.85 * width) for name, width in text]
    return rows.select(pl.max_horizontal(wide).ceil().cast(pl.Int64)).to_series().to_list()


def _sheet(book: Workbook, name: str, widths: Sequence[int]) -> _Sheet:
    """A sheet that prints on A4, landscape, as wide as the paper."""
    sheet = book.create_sheet(name)
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.7, footer=0.3)
    sheet.oddFooter.center.text = f"{name}　第 &P 页，共 &N 页"
    return sheet


def _cell(sheet: _Sheet, value: str | int | Decimal | None, style: dict[str, Any]) -> Cell:
    cell = WriteOnlyCell(sheet)
    for attribute, setting in (style | _GUARDED if _runs(value) else style).items():
        setattr(cell, attribute, setting)
    _put(cell, re.sub(_ESCAPE, r"_x005F_\1", re.sub(_CONTROL, "", value)) if isinstance(value, str) else value)
    return cell


def _runs(value: str | int | Decimal | None) -> bool:
    return isinstance(value, str) and value.startswith(_FORMULA)


def _put(cell: Cell, value: str | int | Decimal | None) -> Cell | None:
    """The cell with the value, none for nothing. Text stays text, also where Excel would see a formula or an error in it."""
    if value is None or value == "":
        return None
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _save(book: Workbook, out: BinaryIO) -> None:
    """Write ``book`` without the two clocks that openpyxl puts in: the entries' dates and the time of the last change."""
    draft = io.BytesIO()
    book.save(draft)
    with ZipFile(draft) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + _STAMP, content)
            target.writestr(ZipInfo(name, _CLOCK), content, ZIP_DEFLATED)
