"""One row a type: how engines store it, how a clause compares it, in which scale it counts, how a value is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from jybf.model import Field, Type, last
from jybf.vocabulary.yuan import yuan

if TYPE_CHECKING:
    import polars as pl

Sql = Literal["BIGINT", "DATE", "BOOLEAN", "VARCHAR"]
Kind = Literal["bool", "int", "money", "rate", "text", "date"]


class TypeOf(msgspec.Struct, frozen=True):
    """A type. ``label``: as users call it; ``kind``: what a clause may compare it with (None: it is read into other fields).

    ``scale``: how many of the units that are stored make one of those that people write (分 to 元, millionths to percent).
    """

    label: str
    sql: Sql = "VARCHAR"
    kind: Kind | None = "text"
    scale: int = 1
    unit: str = ""  # behind a value in a sentence

    @property
    def dated(self) -> bool:
        """Whether a field is a pair of columns: its first and its last possible day."""
        return self.sql == "DATE"


TYPES: dict[Type, TypeOf] = {
    "text": TypeOf("文字"),
    "name": TypeOf("姓名"),
    "id": TypeOf("身份证号"),
    "credit_code": TypeOf("统一社会信用代码"),
    "account": TypeOf("账号"),
    "enum": TypeOf("固定的词"),
    "place": TypeOf("省份"),
    "school_year": TypeOf("学年"),
    "date": TypeOf("日期", "DATE", "date"),
    "period": TypeOf("年度、季度或月份", "DATE", "date"),
    "int": TypeOf("整数", "BIGINT", "int"),
    "money": TypeOf("金额", "BIGINT", "money", 100, " 元"),
    "rate": TypeOf("利率", "BIGINT", "rate", 10_000, "%"),
    "bool": TypeOf("是或否", "BOOLEAN", "bool"),
    "range": TypeOf("起止日期", kind=None),
    "worktime": TypeOf("月数或起止日期", kind=None),
    "months": TypeOf("月份", kind=None),
    "address": TypeOf("地址", kind=None),
}
UNITS = {row.kind: row.unit for row in TYPES.values()}  # by what a clause compares


def is_dated(field: Field) -> bool:
    """Whether the field is a pair of columns: its first and its last possible day."""
    return TYPES[field.type].dated


def names_of(field: Field) -> tuple[str, ...]:
    """The columns of a field in Roster.rows."""
    return (field.name, last(field.name)) if is_dated(field) else (field.name,)


def stored(sql: Sql) -> pl.DataType:
    """The Polars type of an SQL type."""
    import polars as pl

    return {"BIGINT": pl.Int64(), "DATE": pl.Date(), "BOOLEAN": pl.Boolean(), "VARCHAR": pl.String()}[sql]


def dtype(field: Field) -> pl.DataType:
    """The Polars type of a field's columns."""
    return stored(TYPES[field.type].sql)


def written(field: Field, columns: Sequence[str]) -> pl.Expr:
    """A field's value as a reader writes it, over a frame with ``columns``; null where there is none."""
    import polars as pl

    own, row = pl.col(field.name), TYPES[field.type]
    if field.type == "money":
        return yuan(own) + row.unit
    if field.type == "rate":
        rest = (own % row.scale).cast(pl.String).str.zfill(len(str(row.scale)) - 1)  # no division: a float adds digits
        return pl.format("{}.{}", own // row.scale, rest).str.strip_chars_end("0").str.strip_chars_end(".") + row.unit
    if row.sql == "BOOLEAN":
        return own.replace_strict({True: "是", False: "否"}, return_dtype=pl.String)
    if row.dated and last(field.name) in columns:
        return _day(own, pl.col(last(field.name)))
    return own.cast(pl.String)


def _day(first: pl.Expr, end: pl.Expr) -> pl.Expr:
    """A date to the precision that the roster gave."""
    import polars as pl

    month = (first.dt.day() == 1) & (end == first.dt.month_end())
    year = (first.dt.ordinal_day() == 1) & (end == first.dt.offset_by("1y").dt.offset_by("-1d"))
    return (
        pl.when(first == end).then(first.dt.to_string("%Y-%m-%d"))
        .when(year).then(first.dt.to_string("%Y年")).when(month).then(first.dt.to_string("%Y-%m"))
        .otherwise(pl.format("{}至{}", first, end))
    )  # fmt: skip
