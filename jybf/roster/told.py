"""Cells that can be read by themselves, and are told all the same: for what else the sheet, its title or its look says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jybf.model import ROW, Field, Note
from jybf.roster.cast import PROBLEMS, Cast, no_problems
from jybf.roster.grid import Broken
from jybf.roster.months import COUNTED
from jybf.roster.readers import NAME
from jybf.vocabulary.values.names import doubtful, odd_name
from jybf.vocabulary.values.text import UNCHECKED

if TYPE_CHECKING:
    from jybf.roster.typed import Body, Values

SIGNED = ("签字",)
_PICTURED = ("#NAME?", "#VALUE!")  # what other programs make of a picture that WPS, or Excel, put into a cell


def odd_names(body: Body) -> pl.DataFrame:
    """Names that are told, though kept as they are written: without them nobody would find the row."""
    if NAME not in body.columns:
        return no_problems()
    texts, distinct = body.texts(NAME), body.distinct(NAME)
    odd = {text: why for text in distinct.filter(doubtful(distinct)).unique() if (why := odd_name(text))}
    at = texts.is_in(list(odd)).fill_null(value=False).arg_true().cast(pl.Int64)
    rows = pl.DataFrame({ROW: at, "原文": texts.gather(at)}, schema={ROW: pl.Int64, "原文": pl.String})
    reasons = pl.col("原文").replace_strict(list(odd), [why.reason for why in odd.values()], return_dtype=pl.String)
    return rows.select(ROW, pl.lit(NAME).alias("字段"), "原文", reasons.alias("原因"), pl.lit(UNCHECKED).alias("编号"))


def more_than_listed(body: Body, values: Values, listed: pl.Series) -> pl.DataFrame:
    """A count of months beside a list of fewer is unknown: the span of a list with gaps would bear it out."""
    if COUNTED not in body.columns or body.header.months:  # columns of months are counted by themselves
        return no_problems()
    more = (values[COUNTED] > listed).fill_null(value=False)
    values[COUNTED] = values[COUNTED].set(more, None)
    at = more.arg_true().cast(pl.Int64)
    rows = pl.DataFrame({ROW: at, "原文": body.texts(COUNTED).gather(at), "_数": listed.gather(at)})
    reason = pl.format("起止、月份里只列出 {} 个月", "_数").alias("原因")
    return rows.select(ROW, pl.lit(COUNTED).alias("字段"), "原文", reason, pl.lit(UNCHECKED).alias("编号"))


def of_the_title(body: Body, field: Field, read: Cast) -> Cast:
    """A day that is shown without its year, and is kept with another than the title's, is of no certain year."""
    days, see = read.values[field.name], body.grid.yearless
    if not (body.title.year and see):
        return read
    hidden = see(body.columns[field.name]).head(body.is_data.len()).filter(body.is_data)
    other = (hidden & (days.dt.year() != body.title.year)).fill_null(value=False)
    if not other.any():
        return read
    told = days.filter(other).to_list()
    reasons = [f"表上只显示月、日，存的却是 {day.year} 年，与表题的 {body.title.year} 年不符：写明年份" for day in told]
    rows = {ROW: other.arg_true().cast(pl.Int64), "原文": [day.isoformat() for day in told], "原因": reasons}
    named = pl.DataFrame(rows).with_columns(pl.lit(field.name).alias("字段"), pl.lit(UNCHECKED).alias("编号"))
    values = {name: series.set(other, None) for name, series in read.values.items()}
    return Cast(values, pl.concat([read.problems, named.select(list(PROBLEMS))]))


def pictures(body: Body) -> list[Note]:
    """The signatures of rows of data that WPS keeps as pictures, which no other program can show."""
    named = {column: body.fields.by_name[name] for name, column in body.columns.items() if name in SIGNED}
    is_data = set(body.lines.to_list()) if named else set[int]()
    cells = [cell for cell in (body.grid.broken() if named else ()) if cell.column in named and cell.line in is_data]
    return [Note(c.line, c.column, "图片", c.text) for c in cells if is_picture(c, named[c.column])]


def is_picture(cell: Broken, field: Field) -> bool:
    return field.name in SIGNED and cell.text in _PICTURED
