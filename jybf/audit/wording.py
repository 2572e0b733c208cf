"""A row's own values in words, and the rows of a finding. What a clerk reads of a finding is put together here."""

from functools import cache, reduce

import polars as pl

from jybf.assess import value
from jybf.model import ROW, last
from jybf.vocabulary.facts import facts
from jybf.vocabulary.frames import told_once
from jybf.vocabulary.types import dtype
from jybf.vocabulary.yuan import yuan

Text = str | pl.Expr  # a str is meant as it stands, never as a column's name

HELD = "_及"  # all rows of what one finding is about: an employer's, a telephone's
CELL, NUMBER = "_格", "_证号"  # of a finding on no row of the roster: Excel's name of its cell, and whom it is about

TEXTS = ("字段", "当前值", "应为", "问题", "依据", "建议", "级别", "编号", "对象")


@cache
def columns() -> dict[str, pl.DataType]:
    """Every column of a complete frame with its type; a date or period twice, as an interval.

    结果 is left out: in a frame of the audit it is the verdict's, not that of an earlier output of this tool.
    """
    plain = {name: dtype(field) for name, field in facts().items() if name != "结果"}
    ends = {last(name): dtype for name, dtype in plain.items() if dtype == pl.Date}
    return {**plain, **ends}


def shown(name: str) -> pl.Expr:
    """The value of field ``name`` as text; money with two decimals and no unit, so that 当前值 and 应为 compare."""
    return yuan(pl.col(name)) if facts()[name].type == "money" else value(name, tuple(columns()))


def listed(names: tuple[str, ...]) -> pl.Expr:
    """The named values that a row has, as 务工省 广东省，户籍省 山西省; the bare value when there is one name only."""
    if len(names) == 1:
        return shown(names[0])
    return pl.concat_str([pl.lit(f"{name} ") + shown(name) for name in names], separator="，", ignore_nulls=True)


def governing(name: str) -> pl.Expr:
    """The day that governs, or the year when that is all that is known."""
    first, end = pl.col(name), pl.col(last(name))
    return pl.when(first == end).then(first.cast(pl.String)).otherwise(first.dt.strftime("%Y 年"))


def months(start: str, end: str) -> pl.Expr:
    """Months from date field ``start`` to ``end``, both counted, at most (wide: Polars' months are Int8)."""
    first, final = pl.col(start).dt, pl.col(last(end)).dt
    return (final.year().cast(pl.Int64) - first.year()) * 12 + final.month().cast(pl.Int64) - first.month() + 1


def said(*parts: Text) -> pl.Expr:
    """``parts`` joined into one text; a number as it is, an unknown part leaves nothing behind."""
    return pl.concat_str([_text(part).cast(pl.String) for part in parts], ignore_nulls=True)


def read_by(*texts: Text) -> set[str]:
    """The columns that ``texts`` read."""
    return {name for text in texts if not isinstance(text, str) for name in text.meta.root_names()}


def either(condition: pl.Expr, yes: Text, no: Text = "") -> pl.Expr:
    """``yes`` where ``condition`` is TRUE, else ``no``."""
    return pl.when(condition).then(_text(yes)).otherwise(_text(no))


def first_known(names: tuple[str, ...]) -> pl.Expr:
    """The first of ``names`` under which the row has a value, else the first of all: the cell that a finding points at."""
    return pl.coalesce(*(pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in names), pl.lit(names[0]))


def known(*names: str) -> pl.Expr:
    """TRUE where all ``names`` have a value."""
    return reduce(lambda a, b: a & b, (pl.col(name).is_not_null() for name in names))


def found(
    rows: pl.DataFrame,
    field: Text,
    problem: Text,
    *,
    now: Text | None = None,
    want: Text = "",
    ground: Text = "",
    todo: Text = "",
    level: Text = "",
    code: Text = "",
    who: Text = "",
    fen: pl.Expr | None = None,
) -> pl.DataFrame:
    """One finding for each of ``rows``: ``_row``, 字段, 当前值, 应为, 问题, 依据, 建议, 级别, 编号, 对象 (text) and 分 (Int64).

    ``now`` defaults to the row's value of ``field``; an empty ``ground``, ``todo`` or ``level`` leaves it to the catalogue,
    an empty ``code`` to the check's registration, an empty ``who`` to the row's own person. A column ``_及`` of ``rows``
    (see :func:`held`) goes along.
    """
    if rows.is_empty():  # the most frequent case by far: nothing to put in words
        return stack()
    value_ = now if now is not None else shown(field) if isinstance(field, str) else ""
    texts = (field, value_, want, problem, ground, todo, level, code, who)
    money = pl.lit(None, pl.Int64) if fen is None else fen
    said_ = (_text(text).fill_null("").alias(name) for name, text in zip(TEXTS, texts, strict=True))
    others = pl.col(HELD) if HELD in rows.columns else pl.lit(None, pl.List(pl.Int64))
    told = rows.select(ROW, money.cast(pl.Int64).alias("分"), others.alias(HELD), *said_)
    return told.with_columns(told_once(told["问题"]))


def held(*keys: str) -> pl.Expr:
    """``_及``: the rows that share ``keys``, for a finding on one of them that holds the money of all."""
    return pl.col(ROW).cast(pl.Int64).implode().over(keys, mapping_strategy="join").alias(HELD)


def stack(*frames: pl.DataFrame) -> pl.DataFrame:
    """All findings below one another; an empty frame of the right shape when there are none."""
    told = [frame for frame in frames if frame.height]  # nearly always none; an empty one adds no columns either
    return pl.concat([_nothing(), *told], how="diagonal") if told else _nothing()


@cache
def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={ROW: pl.Int64, "分": pl.Int64, HELD: pl.List(pl.Int64), **dict.fromkeys(TEXTS, pl.String)})


def _text(text: Text) -> pl.Expr:
    return pl.lit(text) if isinstance(text, str) else text
