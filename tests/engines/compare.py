"""The verdicts of another engine beside those of calc: how many rows differ.

python -m tests.engines.compare [rows] [engine ...]    by hand: 100,000 random rows of every region, with a history
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import polars as pl
from msgspec.structs import replace

from jybf.assess import assess
from jybf.assess.stages import OUTPUT, REASONS
from jybf.assess.warehouse import HISTORY, ROSTER, over_canonical
from jybf.commands.sql import written
from jybf.model import ROW, Pack, Roster
from jybf.policy import load_pack, pack_names
from jybf.policy.dialects import STEPPED, settings, step, translated
from jybf.roster import same_homes
from jybf.roster.canonical import columns
from tests.engines.engines import ENGINES, NoEngineError, Run, laid_out
from tests.engines.rows import Rows, random_rows

Change = Callable[[str], str]


def expected(pack: Pack, roster: Roster, history: Roster | None) -> pl.DataFrame:
    """OUTPUT of every row as calc has it, in order; of a row that nothing names a programme for 项目 is null."""
    if history:
        roster, history = same_homes([roster, history])
    found = assess(roster, pack, history=history)
    reasons = dict(zip(REASONS, range(len(REASONS)), strict=True))
    judged = found.rows.with_columns(pl.col("缘由").replace_strict(reasons, return_dtype=pl.Int64))
    merged = found.merged.select(ROW, "项目", pl.lit(4).alias("结果"), pl.col("并入").alias("先"))
    unnamed = found.unnamed.select(
        ROW, pl.lit(2).alias("结果"), *(pl.lit(0).alias(name) for name in ("不符", "缺", "推定", "缘由"))
    )
    parts = [
        part.select(pl.col(name).cast(pl.Int64) for name in part.columns if name in OUTPUT)
        for part in (judged, merged, unnamed)
    ]
    return ordered(pl.concat(parts, how="diagonal"))


def ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """OUTPUT as integers; what only a merged row's own engine columns say is no verdict."""
    own = frame.select(pl.col(OUTPUT).cast(pl.Int64)).sort(ROW, "项目", nulls_last=True)
    kept = (ROW, "项目", "结果", "先")
    return own.with_columns(pl.when(pl.col("结果") != 4).then(pl.col(name)).alias(name) for name in OUTPUT if name not in kept)


def carried_out(run: Run, pack: Pack, dialect: str, *, past: bool, steps: bool, change: Change = str) -> pl.DataFrame:
    """What the engine makes of the query as ``jybf sql`` gives it, after ``change`` of the engine's own text."""
    made = over_canonical(pack, past=past)
    made = replace(made, stages=[(name, change(sql)) for name, sql in made.stages])
    if not steps:
        return ordered(run(written(pack, made, dialect).rstrip(";")))
    for name, sql in (stages := translated(made.stages, made.select, dialect))[0]:
        run(step(name, sql, dialect).rstrip(";"))
    return ordered(run(stages[1] + settings(dialect)))


def as_it_stands(run: Run, pack: Pack, *, change: Change = str) -> pl.DataFrame:
    """What DuckDB makes of the engine's own text, table by table, after ``change``."""
    made = over_canonical(pack, past=True)
    for name, sql in made.stages:
        run(f"CREATE TEMPORARY TABLE {name} AS {change(sql)}")
    return ordered(run(made.select))


def differing(theirs: pl.DataFrame, ours: pl.DataFrame) -> int:
    """How many verdicts stand in one of them only."""
    return (
        ours.join(theirs, on=OUTPUT, how="anti", nulls_equal=True).height
        + theirs.join(ours, on=OUTPUT, how="anti", nulls_equal=True).height
    )


def tables(rows: Rows, past: Rows | None) -> dict:
    """The canonical tables that the query reads."""
    found = {ROSTER: laid_out(rows.frame, columns())}
    return found | ({HISTORY: laid_out(past.frame, columns())} if past else {})


def main(*words: str) -> int:
    count = int(words[0]) if words else 100_000
    wrong = 0
    for region, _ in pack_names():
        pack = load_pack(region)
        rows, past = random_rows(pack, count, 1), random_rows(pack, max(count // 20, 50), 2, paid=True)
        ours = expected(pack, rows.roster, past.roster)
        for name in words[1:] or ENGINES:
            begun = time.perf_counter()
            try:
                with ENGINES[name](tables(rows, past)) as run:
                    theirs = carried_out(run, pack, name, past=True, steps=name in STEPPED)
            except NoEngineError as error:
                print(f"{region:9} {name:11} 没有：{error}", flush=True)
                continue
            wrong += (found := differing(theirs, ours))
            print(
                f"{region:9} {name:11} {count} 行，{ours.height} 个结果，{found} 个不同，{time.perf_counter() - begun:.0f} 秒",
                flush=True,
            )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
