"""Payments of random rows that were taken back later: in full, or all but one yuan."""

from __future__ import annotations

import msgspec
import polars as pl

from jybf.model import LINE, ROW, SHEET, bad
from jybf.roster.canonical import HEAD, UNREAD
from jybf.vocabulary.keys import PERSON
from jybf.vocabulary.roles import STAGES
from jybf.vocabulary.yuan import yuan

EVERY, PARTLY = 15, 3  # one payment in so many is taken back; of these one in so many not in full


def with_reversals(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame``, a canonical history, and behind the rows of each sheet some with sums below zero, which are read as none."""
    stages = [name for name in STAGES if name in frame.columns]
    paid = frame.with_columns(pl.coalesce(stages).alias("_付")).filter(
        ~pl.any_horizontal(bad(name) for name in stages if bad(name) in frame.columns),
        pl.col("_付") > 100, pl.col(PERSON).is_not_null(), pl.col(ROW) % EVERY == 0,
    )  # fmt: skip
    off = pl.when(pl.int_range(pl.len()) % PARTLY == 0).then(100).otherwise(0)
    told = paid.select(pl.col(UNREAD), pl.col("_付") - off)
    unread = pl.Series([_told(text, stages[0], fen) for text, fen in told.iter_rows()], dtype=pl.String)
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    back = paid.drop("_付").with_columns(
        (number + frame[ROW].max() + 1).alias(ROW), (number + frame[LINE].max() + 1).alias(LINE),
        *(pl.lit(None, pl.Int64).alias(name) for name in stages),
        pl.lit(value=True).alias(bad(stages[0])), pl.lit(None, pl.String).alias(HEAD), pl.lit(unread).alias(UNREAD),
    )  # fmt: skip
    whole = pl.concat([frame, back], how="diagonal").sort(SHEET, ROW)
    return whole.with_columns(
        pl.col(f"^.*{bad('')}$").fill_null(value=False), pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW)
    )


def _told(text: str | None, field: str, fen: int) -> str:
    told = msgspec.json.decode(text) if text else []
    return msgspec.json.encode([*told, [field, f"-{yuan(fen)}", "金额为负", "JY902"]]).decode()
