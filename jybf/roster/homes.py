"""One household by the citizen's number of its head, where one row or file numbers it and another names only the head."""

from collections.abc import Sequence

import polars as pl
from msgspec.structs import replace

from jybf.model import Roster, bad
from jybf.vocabulary.keys import HEAD, column

_HOME, _NUMBER, _HEADS, _OWN, _TIE = "户", "户编号", "户主身份证号", "身份证号", "与户主关系"
_ID, _KEY, _NUMBERED = "_头", "_户", "_有号"


def same_homes(rosters: Sequence[Roster]) -> list[Roster]:
    """The ``rosters`` with one 户 for each household that they name by one head, be it numbered in one of them only."""
    rows = tied([roster.rows for roster in rosters])
    return [replace(roster, rows=frame) for roster, frame in zip(rosters, rows, strict=True)]


def tied(frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """``frames`` with 户 as the number that any row gives its head's household, else the head; rows with a number keep it.

    Rows whose number can't be read are of no known household.

    A name of a household that only rows of one head bear goes with them.
    """
    heads = pl.concat([_heads(frame) for frame in frames]).unique()
    if heads.is_empty():
        return list(frames)
    marked = [_marked(frame, heads) for frame in frames]
    known = pl.concat([frame.select(_ID, _HOME, _NUMBERED) for frame in marked]).drop_nulls(_ID)
    numbers = known.filter(_NUMBERED).unique(_ID, keep="first", maintain_order=True).select(_ID, pl.col(_HOME).alias(_KEY))
    homes = known.join(numbers, on=_ID, how="left").with_columns(pl.coalesce(_KEY, _ID).alias(_KEY))
    by_head = homes.select(_ID, _KEY).unique()
    names = homes.filter(~pl.col(_NUMBERED)).group_by(_HOME).agg(pl.col(_KEY).unique()).filter(pl.col(_KEY).list.len() == 1)
    by_name = names.drop_nulls().select(_HOME, pl.col(_KEY).list.first().alias("_名户"))
    return [_told(frame, by_head, by_name) for frame in marked]


def _heads(rows: pl.DataFrame) -> pl.Series:
    """The citizens' numbers of those who are said to be heads."""
    own = pl.when(column(rows, _TIE).is_in(HEAD)).then(column(rows, _OWN))
    both = rows.select(column(rows, _HEADS).alias(_HEADS), own.alias(_OWN))
    return pl.concat([both[_HEADS].alias(_ID), both[_OWN].alias(_ID)]).drop_nulls()


def _marked(rows: pl.DataFrame, heads: pl.Series) -> pl.DataFrame:
    own = column(rows, _OWN)
    head = pl.coalesce(column(rows, _HEADS), pl.when(own.is_in(heads.implode())).then(own))
    return rows.with_columns(
        head.alias(_ID), column(rows, _HOME).alias(_HOME), column(rows, _NUMBER).is_not_null().alias(_NUMBERED)
    )


def _told(rows: pl.DataFrame, by_head: pl.DataFrame, by_name: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the household of the head, else that of the name, where they give no number."""
    joined = rows.join(by_head, on=_ID, how="left", maintain_order="left")
    joined = joined.join(by_name, on=_HOME, how="left", maintain_order="left")
    unread = pl.col(bad(_HOME)) if bad(_HOME) in rows.columns else pl.lit(value=False)
    home = pl.when(_NUMBERED | unread).then(_HOME).otherwise(pl.coalesce(_KEY, "_名户", _HOME))
    return joined.with_columns(home.alias(_HOME)).drop(_ID, _KEY, _NUMBERED, "_名户")
