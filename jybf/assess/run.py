"""Roster × Pack → Verdicts: lay the rows out as the query expects them, run it, and account for every row."""

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl
from msgspec.structs import replace

from jybf.assess.compile import Query, compile_pack
from jybf.assess.history import earlier_payments, unmatched
from jybf.assess.known import know
from jybf.assess.needed import asks_of_homes, facts_of
from jybf.assess.partial import ROWS
from jybf.assess.select import candidates, wanted_of
from jybf.assess.stages import MERGED_RESULT, OUTPUT, hits, in_words, reading_order
from jybf.assess.tables import carry_out, history_table, lay_out
from jybf.model import ROW, Pack, Roster, Verdicts
from jybf.policy.implicit import APPLIES
from jybf.roster.homes import with_homes
from jybf.vocabulary.frames import compact, put_in_order
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD


def assess(
    roster: Roster,
    pack: Pack,
    *,
    programs: Sequence[str] = (),
    force: bool = False,
    as_of: date | None = None,
    history: Roster | None = None,
    controls: bool = False,
    known: pl.DataFrame | None = None,
    beside: Collection[str] | None = None,
) -> Verdicts:
    """Every row's verdict from every programme it is about.

    ``programs``: ids (or parts) to keep to, where the others are judged and left out; ``force``: to judge every row by,
    whatever it is named for; ``as_of``: the governing day where a row is silent; ``history``: earlier
    payments, counted for once-only, quotas and exclusions; ``controls``: the pack's controls instead of its programmes;
    ``known``: the facts of the rows, where they have been worked out already; ``beside``: the only facts that are asked for
    besides those that verdicts and words rest on (default: all are).
    """
    wanted = wanted_of(pack, programs, force=force, controls=controls)
    named = candidates(roster, pack, programs, force=force, controls=controls)
    active = [i for i in range(len(pack.programs)) if hits(i) in named.columns]
    rows = _known(roster.rows, pack, active, beside) if known is None else known
    past = earlier_payments(history, pack) if history else None
    if not active:
        none = _verdicts(pl.DataFrame(schema={**dict.fromkeys(OUTPUT, pl.Int64)}), rows, named, pack, as_of)
        return replace(none, history=history, past=past)
    query = compile_pack(pack, active, as_of=as_of, have=roster.rows.columns, past=past is not None)
    verdicts = _verdicts(_stranded(_judged(query, rows.hstack(named), past), named, pack), rows, named, pack, as_of)
    lost = unmatched(history, past, pack) if history and past is not None else 0
    return _kept(replace(verdicts, history=history, past=past, unmatched=lost), wanted)


def _known(rows: pl.DataFrame, pack: Pack, active: Sequence[int], beside: Collection[str] | None) -> pl.DataFrame:
    """The facts of ``rows``: all, or of many rows only those that are asked for; of few that is sooner done than found out."""
    if beside is None:
        return know(rows, pack)
    if not {HOUSEHOLD, EMPLOYER} & {*rows.columns} and asks_of_homes(pack, active):
        rows = with_homes(rows)
    return compact(know(rows, pack, facts_of(pack, active) | {*beside})) if rows.height > ROWS else know(rows, pack)


def _judged(query: Query, rows: pl.DataFrame, past: pl.DataFrame | None) -> pl.DataFrame:
    """What ``query`` makes of ``rows`` with their hits, and of what was paid before: OUTPUT, in no order."""
    history = history_table(past, query.keys)
    return carry_out(query.stages, query.selected, known=lay_out(rows, query.facts), history=history)


def verdicts_of(
    result: pl.DataFrame, rows: pl.DataFrame, pack: Pack, as_of: date | None, programs: Sequence[str], *, force: bool
) -> Verdicts:
    """The verdicts of another engine's ``result`` (OUTPUT, in order), in which every row ends somewhere; 项目 NULL: unnamed."""
    unnamed = result.filter(pl.col("项目").is_null()).select(ROW)
    named = result.filter(pl.col("项目").is_not_null())
    merged = named.filter(pl.col("结果") == MERGED_RESULT).select(ROW, "项目", pl.col("先").alias("并入"))
    judged = named.filter(pl.col("结果") < MERGED_RESULT)
    told = judged.with_columns(in_words(judged["缘由"]))
    return _kept(Verdicts(told, merged, unnamed, pack, rows, as_of), wanted_of(pack, programs, force=force))


def _kept(verdicts: Verdicts, wanted: Sequence[int]) -> Verdicts:
    """``verdicts`` of the ``wanted`` programmes only; what the others made of the same rows stays behind them."""
    own = pl.col("项目").is_in(wanted)
    rows, merged = verdicts.rows.filter(own), verdicts.merged.filter(own)
    if (rows.height, merged.height) == (verdicts.rows.height, verdicts.merged.height):
        return verdicts
    return replace(verdicts, rows=rows, merged=merged, whole=verdicts)


def _stranded(result: pl.DataFrame, named: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Every row must end somewhere: one that each candidate's own 适用 rules out is refused by the candidate named best."""
    ended = pl.repeat(False, named.height, eager=True).scatter(result[ROW], True)
    if ended.all():
        return result
    lost = named.with_row_index(ROW).cast({ROW: pl.Int64}).filter(~ended)
    best = pl.max_horizontal(*named.columns)
    extra: list[pl.DataFrame] = []
    for name in named.columns:
        index = int(name.removeprefix("_hits_"))
        bit = next((1 << j for j, clause in enumerate(pack.programs[index].clauses) if clause.id == APPLIES), 0)
        mine = lost.filter((pl.col(name) > 0) & (pl.col(name) == best))
        lost = lost.join(mine, on=ROW, how="anti")
        nothing = dict.fromkeys(("缺", "推定", "缘由"), pl.lit(0))
        known = {ROW: pl.col(ROW), "项目": pl.lit(index), "结果": pl.lit(1), "不符": pl.lit(bit), **nothing}
        extra.append(mine.select(known.get(c, pl.lit(None)).cast(pl.Int64).alias(c) for c in OUTPUT))
    return pl.concat([result, *extra])


def _verdicts(result: pl.DataFrame, rows: pl.DataFrame, named: pl.DataFrame, pack: Pack, as_of: date | None) -> Verdicts:
    result = put_in_order(result, reading_order(result))
    merged = result.filter(pl.col("结果") == MERGED_RESULT).select(ROW, "项目", pl.col("先").alias("并入"))
    judged = result.filter(pl.col("结果") < MERGED_RESULT) if merged.height else result
    unnamed = rows.select(ROW)
    if named.columns:
        unnamed = unnamed.filter(named.select(pl.max_horizontal(pl.all()) == 0).to_series())
    return Verdicts(judged.with_columns(in_words(judged["缘由"])), merged, unnamed, pack, rows, as_of)
