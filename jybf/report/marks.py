"""Findings as marks on sheets: which cell gets which note, and what stands at the end of each row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec
import polars as pl

from jybf.model import LEVELS, LINE, ROW, SHEET, Report, Roster, Sheet
from jybf.report.plain import in_yuan, masked
from jybf.roster.grid import column_of

WAIVED = len(LEVELS)  # the rank after those of LEVELS
CLEAR = WAIVED + 1
VERDICTS = (*LEVELS, "已豁免", "未发现问题")  # 审核结论 by rank
COLOURS = ("F28B82", "FFF2A8", "9DC3E6", "D9D9D9")  # each also has its own lightness, for those who print in black and white
_MEANINGS = ("拦截，更正之前不能发", "疑点，核实之后再定", "提示", "已豁免")
CAUTION = "“未发现问题”只是说查过的规则没有发现问题；没有查的规则见“{}”。"

_MOST_BY_CELL = 240_000  # cells of the user's and of the list: about 15 seconds
REBUILT = "格子和问题太多，照抄原表要很久：按原来的行列另建了一份，没有原来的格式"
_IDENTITY = ("姓名", "单位名称", "身份证号", "户主姓名", "统一社会信用代码")
_MOST_NOTES = 6  # findings told in one note; all of them stand in the list
_LONGEST = 600  # characters of 审核说明

Place = tuple[int, int]  # Excel row from 1, column from 0


class Outcome(NamedTuple):
    """The end of a data row: its gravest rank, its problems in short, and 元."""

    rank: int
    words: str
    yuan: Decimal | None


class Mark(msgspec.Struct):
    """A cell with findings: the gravest rank and the text of each."""

    rank: int = CLEAR
    notes: list[str] = []

    def add(self, rank: int, notes: Iterable[str]) -> None:
        """One more finding, or those of another mark."""
        self.rank = min(self.rank, rank)
        self.notes += notes

    @property
    def text(self) -> str:
        """The whole note."""
        rest = len(self.notes) - _MOST_NOTES
        return "\n\n".join([*self.notes[:_MOST_NOTES], *[f"另有 {rest} 条，见问题清单"] * (rest > 0)])


class Marked(msgspec.Struct, frozen=True):
    """One sheet that was read: its marks by place, and by Excel row what stands at the end of each data row."""

    sheet: Sheet
    marks: Mapping[Place, Mark]
    outcomes: Mapping[int, Outcome]


class PlacedFindings(msgspec.Struct, frozen=True):
    """The findings in the order of the list, gravest first, the waived at the end.

    ``rows``: FINDING_COLUMNS with 涉及金额 in 元, and 豁免 if anything is waived; one for each row: ``ranks``, and ``places``
    (sheet and place, None where the finding stands nowhere); ``sheets`` as in the roster.
    """

    rows: pl.DataFrame
    ranks: Sequence[int]
    places: Sequence[tuple[int, Place] | None]
    sheets: tuple[Marked, ...]


def legend(*, waived: bool) -> dict[str, str]:
    """What each colour means; the last only where something is waived."""
    return dict(zip(_MEANINGS[: WAIVED + waived], COLOURS, strict=False))


def too_large(report: Report) -> bool:
    """Whether a workbook that is written cell by cell would take longer than a quarter of a minute."""
    rows = report.roster.rows.height if report.roster else 0
    widest = max((len(sheet.columns) for sheet in report.roster.sheets), default=0) if report.roster else 0
    return rows * widest + report.frame.height * report.frame.width > _MOST_BY_CELL


def marked(report: Report, *, mask: bool) -> PlacedFindings:
    """Every finding with its place. ``report.roster`` and ``report.context`` may be None: then nothing has a place."""
    rows, roster = _ranked(report, mask=mask), report.roster
    shown = rows.select(*report.frame.columns, *(["豁免"] if (rows["豁免"] != "").any() else []))
    ranks: list[int] = rows["级"].to_list()
    if roster is None:
        return PlacedFindings(shown, ranks, [None] * rows.height, ())
    placed = _placed(rows, roster)
    spots = placed.select(SHEET, "_行", "_列").rows()
    places = [None if column is None else (int(sheet), (int(line), int(column))) for sheet, line, column in spots]
    notes: list[str] = placed.select(_note()).to_series().to_list()
    by_sheet: defaultdict[int, dict[Place, Mark]] = defaultdict(dict)
    for where, rank, note in zip(places, ranks, notes, strict=True):
        if where:
            by_sheet[where[0]].setdefault(where[1], Mark()).add(rank, [note])
    ends = _outcomes(rows, roster)
    sheets = tuple(Marked(sheet, by_sheet[sheet.index], ends[sheet.index]) for sheet in roster.sheets)
    return PlacedFindings(shown, ranks, places, sheets)


def _ranked(report: Report, *, mask: bool) -> pl.DataFrame:
    """The findings in 元 with their context and 级, sorted."""
    frame = in_yuan(report)
    frame = masked(frame) if mask else frame
    none = {ROW: pl.Int64, SHEET: pl.Int64, "豁免": pl.String}
    context = report.context
    if context is None:
        beside = pl.DataFrame({name: pl.Series([None] * frame.height, dtype=dtype) for name, dtype in none.items()})
    else:
        beside = context.select(pl.col(name).cast(dtype) for name, dtype in none.items())
    level = pl.col("级别").replace_strict({level: rank for rank, level in enumerate(LEVELS)}, return_dtype=pl.Int64)
    rank = pl.when(pl.col("豁免") != "").then(pl.lit(WAIVED)).otherwise(level)
    whole = frame.hstack(beside).with_columns(pl.col("豁免").fill_null("")).with_columns(rank.cast(pl.Int64).alias("级"))
    return whole.sort("级", maintain_order=True)


def _placed(rows: pl.DataFrame, roster: Roster) -> pl.DataFrame:
    """``rows`` with the place of each, ``_行`` from 1 and ``_列`` from 0: its own cell, else that of who the row is about."""
    named = pl.col("单元格").str.extract_groups(r"^([A-Z]{1,3})([1-9][0-9]{0,6})$").struct
    fallback = {sheet.index: _identity(sheet) for sheet in roster.sheets}
    split = rows.with_columns(named.field("1").alias("_字"), named.field("2").cast(pl.Int64).alias("_格行"))
    letters = {word: column_of(word) for word in split["_字"].drop_nulls().unique()}
    own = pl.col("_字").replace_strict(letters, default=None, return_dtype=pl.Int64)
    has_line = pl.col(LINE).is_not_null() & (pl.col(LINE) > 0)
    by_row = pl.when(has_line).then(pl.col(SHEET).replace_strict(fallback, default=None, return_dtype=pl.Int64))
    column = pl.when(pl.col(SHEET).is_not_null()).then(pl.coalesce(own, by_row))
    return split.with_columns(column.alias("_列"), pl.coalesce("_格行", LINE).alias("_行"))


def _identity(sheet: Sheet) -> int:
    """The column that tells who a row is about, else the first that was read."""
    known = (sheet.columns[name] for name in _IDENTITY if name in sheet.columns)
    return next(known, min(sheet.columns.values(), default=0))


def _note() -> pl.Expr:
    """One finding as the text of a note."""
    waived = pl.when(pl.col("豁免") != "").then(pl.format("（已豁免：{}）", "豁免")).otherwise(pl.lit(""))
    head = pl.format("{} {}{}  {}", "编号", "级别", waived, "问题")
    rest = (pl.when(pl.col(name) != "").then(pl.format("\n{}：{}", pl.lit(name), name)) for name in ("应为", "依据", "建议"))
    return pl.concat_str(head, *rest, ignore_nulls=True)


def _outcomes(rows: pl.DataFrame, roster: Roster) -> dict[int, dict[int, Outcome]]:
    """By sheet and Excel row: the gravest rank, what was found, and the largest sum at that rank, as 汇总 adds them up."""
    gravest = pl.col("级") == pl.col("级").min().over(ROW)
    words = pl.when(pl.col("豁免") != "").then(pl.format("{}（已豁免：{}）", "问题", "豁免")).otherwise("问题")
    told = (
        rows.filter(pl.col(ROW).is_not_null())
        .with_columns(words.alias("_话"), gravest.alias("_最重"))
        .group_by(ROW, maintain_order=True)
        .agg(
            pl.min("级"),
            pl.col("_话").unique(maintain_order=True).str.join("；"),
            pl.col("涉及金额").filter("_最重").max(),
        )
    )
    short = pl.when(pl.col("_话").str.len_chars() > _LONGEST).then(pl.format("{}…", pl.col("_话").str.head(_LONGEST)))
    lines = roster.rows.select(ROW, SHEET, LINE).join(told, on=ROW, how="left", maintain_order="left")
    lines = lines.select(SHEET, LINE, pl.col("级").fill_null(CLEAR), short.otherwise("_话").fill_null(""), "涉及金额")
    ends: dict[int, dict[int, Outcome]] = {sheet.index: {} for sheet in roster.sheets}
    for sheet, line, *outcome in lines.iter_rows():
        ends[sheet][line] = Outcome(*outcome)
    return ends
