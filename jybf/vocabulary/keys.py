"""Who and what is the same: one folding for each kind of key, the same for roster, history and lists.

A citizen's number, a credit code, an account and a document's number are folded when their cell is read (``values/ids``);
what is put together from several cells of a row, a household and an employer, is here.
"""

from collections.abc import Callable, Sequence

import polars as pl

from jybf.model import bad
from jybf.vocabulary.facts import by
from jybf.vocabulary.values.text import folded_names

PERSON, HOUSEHOLD, EMPLOYER = "身份证号", "户", "单位"
HEAD = ("户主", "本人")  # how whoever heads a household stands to its head
# The fields that hold the same kind of key: what one of them says may be met in any of the others.
FAMILIES = (
    (PERSON, "户主身份证号", "法定代表人身份证号", "开户人身份证号"),
    ("统一社会信用代码",),
    ("单位名称", "务工单位", "创业实体", "参保单位"),
    ("户编号",),
    ("银行账号", "对公账号"),
)
VILLAGE = ("乡镇", "行政村")  # where a head's name, or a short number of a household, is one household's
SHORT = 6  # characters of a household's number from which it is one of the whole county


def with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with 户 and 单位, each with its 误 and 自 as a fact has them, where there is anything to tell them from.

    The first source that says something counts; one that can't be read leaves the key unknown.
    """
    return rows.with_columns(*_key(rows, HOUSEHOLD, household), *_key(rows, EMPLOYER, employer))


def household(rows: pl.DataFrame) -> dict[str, pl.Expr]:
    """By source what it says of the household: its number, the number of its head, the head's name with its village.

    A short number counts from one again in every village.
    """
    where = [column(rows, name) for name in VILLAGE]
    number, head = column(rows, "户编号"), folded(rows, "户主姓名")
    local = pl.concat_str([number, *where], separator="|", ignore_nulls=True)
    is_head = column(rows, "与户主关系").is_in(HEAD)
    return {
        "户编号": pl.when(number.str.len_chars() < SHORT).then(local).otherwise(number),
        "户主身份证号": column(rows, "户主身份证号"),
        "户主姓名": pl.when(head.is_not_null()).then(pl.concat_str([head, *where], separator="|", ignore_nulls=True)),
        PERSON: pl.when(is_head).then(column(rows, PERSON)),
    }


def employer(rows: pl.DataFrame) -> dict[str, pl.Expr]:
    """By source what it says of the employer: its credit code, its name."""
    return {"统一社会信用代码": column(rows, "统一社会信用代码"), "单位名称": folded(rows, "单位名称")}


def alternatives(per: Sequence[str]) -> list[tuple[str, ...]]:
    """The keys by any of which two rows are of one: who is known to be the same person is of the same household."""
    own = tuple(PERSON if key == HOUSEHOLD else key for key in per)
    return [tuple(per)] if HOUSEHOLD not in per or PERSON in per else [tuple(per), own]


def column(rows: pl.DataFrame, name: str) -> pl.Expr:
    """The text column of that name, or nulls where the roster has none."""
    return pl.col(name) if name in rows.columns else pl.lit(None, pl.String)


def _key(rows: pl.DataFrame, name: str, sources: Callable[[pl.DataFrame], dict[str, pl.Expr]]) -> list[pl.Expr]:
    told = sources(rows)
    if not any(source in rows.columns for source in told if source != PERSON or "与户主关系" in rows.columns):
        return []
    value, unread, way = pl.lit(None, pl.String), pl.lit(value=False), pl.lit(None, pl.Int64)
    for number, (source, key) in reversed(list(enumerate(told.items(), 1))):
        blocked = pl.col(bad(source)) if source != PERSON and bad(source) in rows.columns else pl.lit(value=False)
        value = pl.when(blocked).then(None).otherwise(pl.coalesce(key, value))
        unread = pl.when(key.is_not_null()).then(False).otherwise(blocked | unread)
        way = pl.when(key.is_not_null() | blocked).then(number).otherwise(way)
    return [value.alias(name), unread.alias(bad(name)), way.cast(pl.Int64).alias(by(name))]


def folded(rows: pl.DataFrame, name: str) -> pl.Expr:
    """The names of that column as they are compared, or nulls where the roster has none."""
    return pl.lit(folded_names(rows[name])) if name in rows.columns else pl.lit(None, pl.String)
