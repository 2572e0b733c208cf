"""The sheets of a workbook as data: what stands in them, and how it looks, whoever writes them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import polars as pl

from jybf.model import MONEY as SUMS
from jybf.model import Report

Value = str | int | Decimal | None
Row = Mapping[str, Value]

MOST_LINES = 1_048_576  # of an Excel sheet
MONEY_FORMAT = "#,##0.00"
LINE_HEIGHT = 15.5  # points: the fonts of a Chinese desktop are higher than Calibri's own characters
MOST_FITTED = 20_000  # rows of a sheet that somebody may print: their heights are fitted to the text
CLOCK = (2021, 1, 1, 0, 0, 0)  # a fixed stamp: the time of writing is no part of a result
STAMP = b"2021-01-01T00:00:00Z"
HEAD_FILL, RULE, LINK = "DDE7F0", "8B96A5", "0563C1"  # behind a header, below a row, of a link
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.7, "header": 0.5, "footer": 0.3}  # inches, on A4
LONG = frozenset({"身份证号", "收款人证号", "账号"})  # numbers that Excel would round

_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # characters that no workbook may hold
_LONGEST = 32_000  # characters of a cell, within what Excel allows (UTF-16 units)
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # text that begins so stays text even when somebody edits the cell
_WIDTHS = {
    "文件": 20, "工作表": 13, "行号": 6, "姓名": 9, "身份证号": 20, "单位": 16, "补贴项目": 16, "结果": 9, "核定金额": 11,
    "标准类型": 9, "依据": 18, "说明": 38, "假定": 22, "编号": 8, "级别": 6, "列名": 13, "单元格": 8, "当前值": 21,
    "应为": 18, "问题": 30, "涉及金额": 11, "建议": 22, "检查": 34, "原因": 50, "豁免": 18,
    "维度": 10, "名称": 40, "疑点": 6, "拦截": 6, "提示": 6, "行数": 7, "总行数": 8, "拦截金额": 14, "金额不明": 9,
    "申领金额": 14, "序号": 6, "乡镇": 12, "抽法": 8, "入样概率": 13, "发现": 18, "核查结果": 30, "放行": 9, "本次可发": 11,
    "行政村": 12, "收款人": 14, "收款人证号": 20, "开户银行": 16, "账号": 22, "按": 10, "人数": 7, "笔数": 7,
}  # fmt: skip


class Fill(msgspec.Struct, frozen=True):
    """How the cells of a column are kept (``shown``, a number format) and what may be written there (``rule``, as the writer
    takes it)."""  # noqa: D205, D209

    shown: str
    rule: Mapping[str, Any]


class Table(msgspec.Struct, frozen=True):
    """One sheet: lines ``above``, a header, and ``rows`` below it, which has ``columns`` (a frame, or one mapping a row).

    ``figures``: the columns of numbers, ``money``: those of 元; ``tints``: column → how a text of it begins → colour;
    ``links``: the columns of which the first that is filled carries the link, and where each row leads to (``'表'!A1``, "" for
    nowhere); ``heads``: rows (from 0) that look like the header; ``listed``: whether it is a list, with a filter, lines
    between the rows and long text that goes on below, rather than a page of sentences. ``fills``: column → how it is filled
    in, of a form, which stands still below its header and is printed with its lines, also where nothing is written yet;
    ``beside``: how many columns of it are printed again on the pages beside the first.
    """

    name: str
    columns: Sequence[str]
    rows: pl.DataFrame | Sequence[Row]
    figures: frozenset[str] = frozenset()
    money: frozenset[str] = frozenset()
    widths: Sequence[float] = ()
    tints: Mapping[str, Mapping[str, str]] = {}
    links: tuple[tuple[str, ...], Sequence[str]] = ((), ())
    above: Sequence[str] = ()
    heads: frozenset[int] = frozenset()
    listed: bool = True
    fills: Mapping[str, Fill] = {}
    beside: int = 0

    @property
    def top(self) -> int:
        """The row of the header, from 1."""
        return len(self.above) + 1


def table(name: str, rows: pl.DataFrame, **more: Any) -> Table:
    """``rows`` as a list on a sheet of its own."""
    widths = [_WIDTHS.get(column, 20) for column in rows.columns]
    figures = frozenset(column for column, dtype in rows.schema.items() if dtype.is_numeric())
    return Table(name, rows.columns, rows, figures, figures & {*SUMS}, widths, **more)


def unchecked(report: Report, name: str = "未检查") -> Table:
    """The checks that lacked their data."""
    rows = [(skip.code, skip.title, skip.why) for skip in report.not_run]
    return table(name, pl.DataFrame(rows, dict.fromkeys(("编号", "检查", "原因"), pl.String), orient="row"))


def runs(value: object) -> bool:
    """Whether Excel would make a formula of it when somebody edits the cell."""
    return isinstance(value, str) and value.startswith(_FORMULA)


def running(rows: pl.DataFrame) -> list[str]:
    """The columns of ``rows`` with a text that Excel would make a formula of."""
    found = rows.select(pl.col(pl.String).str.slice(0, 1).is_in(_FORMULA).any())
    return [name for name in found.columns if found[name].item()] if found.width else []


def clean(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with every text as a workbook may hold it."""
    text = pl.col(pl.String).str.replace_all(_CONTROL, "")
    too_long = text.str.len_chars() > _LONGEST
    return rows.with_columns(pl.when(too_long).then(text.str.head(_LONGEST) + "…").otherwise(text))


def clean_text(text: str) -> str:
    """One text as a workbook may hold it."""
    return re.sub(_CONTROL, "", text)


def display_width(text: str) -> float:
    """How wide a text is, in letters. A Chinese character has three bytes and the width of two letters."""
    return (len(text.encode(errors="replace")) + len(text)) / 2


def heights(shown: Table) -> dict[int, float]:
    """By Excel row the points that its longest text takes, since not every program fits the heights of rows by itself.

    Lines break before they are full, hence 0.85; see ``display_width``. Rows of one line are left out.
    """
    rows = shown.rows
    if not isinstance(rows, pl.DataFrame) or not 0 < rows.height <= MOST_FITTED:
        return {}
    text = [(name, width) for name, width in zip(rows.columns, shown.widths, strict=True) if rows[name].dtype == pl.String]
    wide = [(pl.col(name).str.len_bytes() + pl.col(name).str.len_chars()) / 2 / (0.85 * width) for name, width in text]
    lines = rows.select(pl.max_horizontal(wide).ceil().cast(pl.Int64)).to_series()
    return {n: count * LINE_HEIGHT + 3 for n, count in enumerate(lines, shown.top + 1) if count and count > 1}
