"""The names that the stages of the query share."""

from collections.abc import Sequence

import polars as pl

from jybf.model import RESULTS, ROW
from jybf.vocabulary.frames import inverse
from jybf.vocabulary.sql import quote

MERGED_RESULT = len(RESULTS)
NOTHING_DUE = "nothing"  # less than a 分
UNCOUNTED = "历史记录或前面的行没有写明已享受的数量"
REASONS = ("", "once", "quota", "excluded", "prior", NOTHING_DUE)
_MOST = 1 << 20  # more programmes than a pack has
OUTPUT = (
    ROW, "项目", "结果", "分", "数量", "期内", "申报数量", "年度", "不符", "缺", "推定", "可望", "缘由", "先", "依据日",
    "早于施行", "版",
)  # fmt: skip


Stages = Sequence[tuple[str, str]]  # tables that build on each other: a quoted name, and its SQL over those before it


def text(stages: Stages, select: str) -> str:
    """One query of ``stages`` and what is to be selected from them."""
    return f"WITH {', '.join(f'{name} AS ({sql})' for name, sql in stages)} {select}"


def stage(index: int, name: str) -> str:
    """The table that stage ``name`` of programme ``index`` makes."""
    return f'"p{index}_{name}"'


def hits(index: int) -> str:
    """The roster column that says how well a row's sheet or cell names programme ``index``; 0: not at all."""
    return f"_hits_{index}"


def reading_order(verdicts: pl.DataFrame) -> pl.Series:
    """The order of ``verdicts`` by ``_row`` and 项目 (null first), as places: by one number, a tenth of the time of by two.

    Where rows that follow each other have one each, which is usual, nothing need be sorted.
    """
    rows, count = verdicts[ROW], verdicts.height
    first, last = verdicts.select(pl.min(ROW).alias("first"), pl.max(ROW).alias("last")).row(0)
    if count and last - first == count - 1:
        places = rows - first
        if pl.repeat(False, count, eager=True).scatter(places, True).all():
            return inverse(places)
    return verdicts.select(rows * _MOST + pl.col("项目").fill_null(-1)).to_series().arg_sort()


def in_words(reasons: pl.Series) -> pl.Series:
    """缘由 by its words, for the indexes that the query gives; a byte a row."""
    return pl.Series("缘由", REASONS, dtype=pl.Enum(REASONS)).gather(reasons)


def as_number(condition: str) -> str:
    """A condition as an integer: 1, 0 or NULL."""
    return f"CAST(({condition}) AS INTEGER)"


def columns(values: dict[str, str]) -> str:
    """A select list of integers: column → SQL."""
    return ", ".join(f"CAST({sql} AS BIGINT) AS {quote(name)}" for name, sql in values.items())
