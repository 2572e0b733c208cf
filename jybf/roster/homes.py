"""One key for each household and each employer, where one row or file says more of it than another."""

from collections.abc import Sequence

import polars as pl
from msgspec.structs import replace

from jybf.model import Roster, bad
from jybf.vocabulary.frames import looked_up
from jybf.vocabulary.keys import EMPLOYER, HEAD, HOUSEHOLD, PERSON, column, folded, with_keys

_NUMBER, _HEADS, _TIE = "户编号", "户主身份证号", "与户主关系"
_CODE, _NAME = "统一社会信用代码", "单位名称"
_ID, _KEY, _NUMBERED = "_头", "_户", "_有号"


def keyed(roster: Roster) -> Roster:
    """``roster``, read without keys, with 户 and 单位."""
    return replace(roster, rows=with_homes(roster.rows))


def same_homes(rosters: Sequence[Roster]) -> list[Roster]:
    """The ``rosters`` with one 户 for each household and one 单位 for each employer, be it known in one of them only."""
    rows = tied([roster.rows for roster in rosters])
    return [replace(roster, rows=frame) for roster, frame in zip(rosters, rows, strict=True)]


def with_homes(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with 户 and 单位, as all of them together tell."""
    return tied([with_keys(rows)])[0]


def tied(frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """``frames`` with 户 and 单位 as whoever says most of them has it; what can't be read is of no known one."""
    return _of_members(_of_heads(_employers(frames)))


def _employers(frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """An employer that is only named is the one of that very name, where all rows that have a code for it have the same."""
    if not any({_CODE, EMPLOYER} <= set(frame.columns) for frame in frames):
        return list(frames)
    named = [frame.with_columns(folded(frame, _NAME).alias(_KEY)) for frame in frames]
    codes = pl.concat([frame.select(_KEY, column(frame, _CODE).alias(_ID)) for frame in named]).drop_nulls().unique()
    sole = codes.filter(pl.len().over(_KEY) == 1)
    return [_coded(frame, sole) if EMPLOYER in frame.columns else frame.drop(_KEY) for frame in named]


def _coded(rows: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with 单位 as the code of the name, where it is only the name."""
    code = pl.coalesce(looked_up(rows, codes, _KEY)[_ID], EMPLOYER)
    named = pl.when(pl.col(EMPLOYER) == pl.col(_KEY)).then(code).otherwise(EMPLOYER)
    return rows.with_columns(named.alias(EMPLOYER)).drop(_KEY)


def _of_heads(frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """``frames`` with 户 as the number that any row gives its head's household, else the head; rows with a number keep it.

    A name of a household that only rows of one head bear goes with them.
    """
    heads = pl.concat([_heads(frame) for frame in frames]).unique()
    if heads.is_empty():
        return list(frames)
    marked = [_marked(frame, heads) for frame in frames]
    known = pl.concat([frame.select(_ID, HOUSEHOLD, _NUMBERED) for frame in marked]).drop_nulls(_ID)
    numbers = known.filter(_NUMBERED).unique(_ID, keep="first", maintain_order=True).select(_ID, pl.col(HOUSEHOLD).alias(_KEY))
    homes = _numbered(known, numbers)
    names = homes.filter(~pl.col(_NUMBERED)).group_by(HOUSEHOLD).agg(pl.col(_KEY).unique()).filter(pl.col(_KEY).list.len() == 1)
    by_name = names.drop_nulls().select(HOUSEHOLD, pl.col(_KEY).list.first().alias("_名户"))
    return [_told(_numbered(frame, numbers), by_name) for frame in marked]


def _numbered(rows: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the number of their head's household, else the head; most rosters have no number at all."""
    if numbers.is_empty():
        return rows.with_columns(pl.col(_ID).alias(_KEY))
    return rows.with_columns(pl.coalesce(looked_up(rows, numbers, _ID)[_KEY], _ID).alias(_KEY))


def _of_members(frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """A row that says nothing of a household is of the one that other rows give its person, if they all give the same."""
    people = [frame for frame in frames if PERSON in frame.columns]
    told = [frame.select(PERSON, HOUSEHOLD) for frame in people if HOUSEHOLD in frame.columns]
    if not told or all(HOUSEHOLD in frame.columns and not frame[HOUSEHOLD].null_count() for frame in people):
        return list(frames)
    homes = pl.concat(told).drop_nulls().unique().filter(pl.len().over(PERSON) == 1).rename({HOUSEHOLD: _KEY})
    return [_filled(frame, homes) if PERSON in frame.columns else frame for frame in frames]


def _filled(rows: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    home = pl.coalesce(column(rows, HOUSEHOLD), looked_up(rows, homes, PERSON)[_KEY])
    return rows.with_columns(_readable(rows, home))


def _readable(rows: pl.DataFrame, home: pl.Expr) -> pl.Expr:
    """``home``, but as it stands where what it says can't be read."""
    unread = pl.col(bad(HOUSEHOLD)) if bad(HOUSEHOLD) in rows.columns else pl.lit(value=False)
    return pl.when(unread).then(column(rows, HOUSEHOLD)).otherwise(home).alias(HOUSEHOLD)


def _heads(rows: pl.DataFrame) -> pl.Series:
    """The citizens' numbers of those who are said to be heads."""
    own = pl.when(column(rows, _TIE).is_in(HEAD)).then(column(rows, PERSON))
    both = rows.select(column(rows, _HEADS).alias(_HEADS), own.alias(PERSON))
    return pl.concat([both[_HEADS].alias(_ID), both[PERSON].alias(_ID)]).drop_nulls()


def _marked(rows: pl.DataFrame, heads: pl.Series) -> pl.DataFrame:
    own = column(rows, PERSON)
    head = pl.coalesce(column(rows, _HEADS), pl.when(own.is_in(heads.implode())).then(own))
    return rows.with_columns(
        head.alias(_ID), column(rows, HOUSEHOLD).alias(HOUSEHOLD), column(rows, _NUMBER).is_not_null().alias(_NUMBERED)
    )


def _told(frame: pl.DataFrame, by_name: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with the household of the head, else that of the name, where it gives no number."""
    named = looked_up(frame, by_name, HOUSEHOLD)["_名户"]
    home = pl.when(_NUMBERED).then(HOUSEHOLD).otherwise(pl.coalesce(_KEY, named, HOUSEHOLD))
    return frame.with_columns(_readable(frame, home)).drop(_ID, _KEY, _NUMBERED)
