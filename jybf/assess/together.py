"""The verdicts on many small rosters of one run: to plan a query takes longer than to carry it out on their rows."""

from collections.abc import Sequence

import polars as pl
from msgspec.structs import replace

from jybf.assess.compile import keys_of
from jybf.assess.known import know
from jybf.assess.run import assess
from jybf.model import ROW, SHEET, Pack, Roster, Verdicts


def assess_together(
    rosters: Sequence[Roster], pack: Pack, *, programs: Sequence[str] = (), force: bool = False
) -> list[Verdicts]:
    """The verdicts on each of ``rosters``, of one sheet and with the same columns, as if it were assessed alone.

    Each is a sheet with persons, households and employers of its own: whoever has a name in two of them is two.
    """
    starts = [sum(roster.rows.height for roster in rosters[:i]) for i in range(len(rosters))]
    rows = pl.concat([roster.rows.with_columns(pl.lit(i, pl.Int32).alias(SHEET)) for i, roster in enumerate(rosters)])
    rows = rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    known = know(rows, pack)
    sheets = tuple(replace(roster.sheets[0], index=i) for i, roster in enumerate(rosters))
    together = Roster(rows, rosters[0].problems, sheets)
    found = assess(together, pack, programs=programs, force=force, known=_strangers(known, pack))
    return [_of(found, roster, known, start) for roster, start in zip(rosters, starts, strict=True)]


def _strangers(known: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """``known`` in which no key of one sheet is that of another."""
    keys = {key for program in pack.programs for key in keys_of(program)}
    texts = [name for name in known.columns if name in keys and known.schema[name] == pl.String]
    own = [pl.when(pl.col(name).is_not_null()).then(pl.format("{}〔{}〕", name, SHEET)).alias(name) for name in texts]
    return known.with_columns(own)


def _of(found: Verdicts, roster: Roster, known: pl.DataFrame, start: int) -> Verdicts:
    """What of those ``found`` is about ``roster``, whose rows begin at ``start``, with its own places."""
    end = start + roster.rows.height
    rows, merged, unnamed = (
        frame.filter(pl.col(ROW).is_between(start, end, closed="left")).with_columns(
            pl.col(name) - start for name in (ROW, "先", "并入") if name in frame.columns
        )
        for frame in (found.rows, found.merged, found.unnamed)
    )
    whole = found.whole and _of(found.whole, roster, known, start)
    own = known[start:end].with_columns(roster.rows[ROW], roster.rows[SHEET])
    return replace(found, rows=rows, merged=merged, unnamed=unnamed, known=own, whole=whole)
