"""A row's own values in words, and the rows of a finding. What a clerk reads of a finding is put together here."""

from __future__ import annotations

from functools import cache, reduce

import polars as pl

from jybf.assess import value
from jybf.model import ROW, Type, last
from jybf.vocabulary.facts import facts

Text = str | pl.Expr  # a str is meant as it stands, never as a column's name

CELL, NUMBER = "_格", "_证号"  # of a finding on no row of the roster: Excel's name of its cell, and whom it is about

DTYPES: dict[Type, pl.DataType] = {
    "date": pl.Date(), "period": pl.Date(), "int": pl.Int64(), "money": pl.Int64(), "rate": pl.Int64(), "bool": pl.Boolean(),
}  # fmt: skip
TEXTS = ("字段", "当前值", "应为", "问题", "依据", "建议", "级别", "编号", "对象")
# What leaves the treasury is what the last stage says: a claim that the approval cut down is no overpayment.
STAGES = ("发放金额", "核定金额", "申请金额", "申报金额", "贴息金额", "岗位补贴", "社保补贴")
# A derived fact → the columns that it may have come from: a finding names the cell that a clerk can correct.
ORIGINS = {
    "申报金额": STAGES, "户": ("户编号", "户主身份证号", "户主姓名"), "单位": ("统一社会信用代码", "单位名称"),
    "合同结束日期": ("合同月数",), "连续缴费月数": ("社保结束日期",), "补贴月数": ("训练结束日期", "所属期"),
    "稳定就业月数": ("务工月数", "就业结束日期", "务工结束日期"), "正常经营月数": ("登记日期", "开业日期"),
    "计息天数": ("计息结束日期",), "贷款到期日期": ("贷款期限",), "离职日期": ("解除日期",),
    "人员类别": ("监测对象类别", "易地搬迁", "低保特困"),
}  # fmt: skip


@cache
def columns() -> dict[str, pl.DataType]:
    """Every column of a complete frame with its type; a date or period twice, as an interval.

    结果 is left out: in a frame of the audit it is the verdict's, not that of an earlier output of this tool.
    """
    plain = {name: DTYPES.get(field.type, pl.String()) for name, field in facts().items() if name != "结果"}
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


def yuan(fen: pl.Expr) -> pl.Expr:
    """An Int64 of 分 as "800.00"."""
    return (fen // 100).cast(pl.String) + "." + (fen % 100).cast(pl.String).str.zfill(2)


def months(start: str, end: str) -> pl.Expr:
    """Months from date field ``start`` to ``end``, both counted, at most (wide: Polars' months are Int8)."""
    first, final = pl.col(start).dt, pl.col(last(end)).dt
    return (final.year().cast(pl.Int64) - first.year()) * 12 + final.month().cast(pl.Int64) - first.month() + 1


def said(*parts: Text) -> pl.Expr:
    """``parts`` joined into one text; a number as it is, an unknown part leaves nothing behind."""
    return pl.concat_str([_text(part).cast(pl.String) for part in parts], ignore_nulls=True)


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
    an empty ``code`` to the check's registration, an empty ``who`` to the row's own person.
    """
    if rows.is_empty():  # the most frequent case by far: nothing to put in words
        return stack()
    value_ = now if now is not None else shown(field) if isinstance(field, str) else ""
    texts = (field, value_, want, problem, ground, todo, level, code, who)
    money = pl.lit(None, pl.Int64) if fen is None else fen
    said_ = (_text(text).fill_null("").alias(name) for name, text in zip(TEXTS, texts, strict=True))
    return rows.select(ROW, money.cast(pl.Int64).alias("分"), *said_)


def stack(*frames: pl.DataFrame) -> pl.DataFrame:
    """All findings below one another; an empty frame of the right shape when there are none."""
    empty = pl.DataFrame(schema={ROW: pl.Int64, "分": pl.Int64, **dict.fromkeys(TEXTS, pl.String)})
    return pl.concat([empty, *frames], how="diagonal")


def _text(text: Text) -> pl.Expr:
    return pl.lit(text) if isinstance(text, str) else text
