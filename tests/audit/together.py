"""The verdicts on many small rosters of one run: to plan a query takes longer than to carry it out on their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from msgspec.structs import replace

from jybf.assess import assess
from jybf.assess.compile import keys_of
from jybf.assess.known import know
from jybf.model import ROW, SHEET, Roster, Verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jybf.model import Pack

_OWN = "_册"


def assessed_together(rosters: Sequence[Roster], pack: Pack) -> list[Verdicts]:
    """The verdicts on each of ``rosters``, of one sheet and of the same columns, as if it were assessed alone.

    Each is a sheet with persons, households and employers of its own: whoever has a name in two of them is two.
    """
    starts = [sum(roster.rows.height for roster in rosters[:i]) for i in range(len(rosters))]
    rows = pl.concat([roster.rows.with_columns(pl.lit(i, pl.Int32).alias(SHEET)) for i, roster in enumerate(rosters)])
    rows = rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    known = know(rows, pack)
    sheets = tuple(replace(roster.sheets[0], index=i) for i, roster in enumerate(rosters))
    whole = assess(Roster(rows, rosters[0].problems, sheets), pack, known=_strangers(known, pack))
    assert whole.whole is None
    return [_of(whole, roster, known, start) for roster, start in zip(rosters, starts, strict=True)]


def _strangers(known: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """``known`` in which no key of one sheet is that of another."""
    keys = {key for program in pack.programs for key in keys_of(program)}
    texts = [name for name in keys & {*known.columns} if known.schema[name] == pl.String]
    own = [pl.when(pl.col(name).is_not_null()).then(pl.format("{}" + _OWN + "{}", name, SHEET)).alias(name) for name in texts]
    return known.with_columns(own)


def _of(whole: Verdicts, roster: Roster, known: pl.DataFrame, start: int) -> Verdicts:
    """What of the ``whole`` is about ``roster``, whose rows begin at ``start``, with its own places."""
    mine, end = pl.col(ROW).is_between(start, start + roster.rows.height, closed="left"), start + roster.rows.height
    rows, merged, unnamed = (
        frame.filter(mine).with_columns(pl.col(name) - start for name in (ROW, "先", "并入") if name in frame.columns)
        for frame in (whole.rows, whole.merged, whole.unnamed)
    )
    own = known[start:end].with_columns(roster.rows[ROW], roster.rows[SHEET])
    return replace(whole, rows=rows, merged=merged, unnamed=unnamed, known=own)
