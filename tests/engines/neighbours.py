"""Each county audited by itself, with the rows of others that share a key with it, as a cluster does: here without one.

What is found on a row has to be told by the rows that share a key with it, or no county can be audited alone; and a check that
asks more of the roster than that misses on one machine what the rest of the roster hides from it.

python -m tests.engines.neighbours [rows] [region ...]   by hand: the audit of a whole province, and of its counties, what differs
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from jybf.assess.stages import OUTPUT
from jybf.audit.kin import KEY, KIND, NAMED, UNHELD
from jybf.model import ROW, Roster, bad
from jybf.policy import load_pack, pack_names
from jybf.roster import read, same_homes
from jybf.roster.listkinds import kinds
from jybf.roster.reversed import taken_back
from jybf.spark.county import COUNTY, FOUND, FROM, JUDGED, LIST, NEAR, OF, OWN, PAST, SORT, Audit, Listed, audit_county
from jybf.spark.failures import Task, task_of
from jybf.spark.local import TIED
from jybf.spark.vicinity import _kin
from tests.engines.compare import expected
from tests.engines.counties import COUNTIES, DRAWN, Province, audited_here, province, row_by_row, show
from tests.engines.spark import COUNTY as COLUMN
from tests.engines.spark import differing


def county_by_county(given: Province, region: str, counties: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is found on the rows of the first ``counties``, and what did not run there."""
    pack = load_pack(region)
    task = task_of(pack, region, {}, None)
    rosters = same_homes([read([given.roster]), read([given.history], paid=True)])
    told = expected(pack, *rosters)
    lists = {kind: pl.read_parquet(path) for kind, path in given.lists.items()}
    rows, before = map(_with_keys, (given.roster, given.history), rosters)
    known = tuple(_listed(kind, table) for kind, table in lists.items())
    asked = Audit(task, tuple(before.columns), known)
    parts = islice(_counties(rows, before, told, lists, task), counties)
    whole = pl.concat([pl.DataFrame(audit_county(part.to_arrow(), asked)) for part in parts])
    silent = whole.filter(pl.col(SORT) != FOUND).select("县", pl.col("建议").alias("原因"))
    return whole.filter(pl.col(SORT) == FOUND), silent


def without_what_cancels(given: Province) -> Province:
    """Its history without payments that were taken back: a cluster nets them before it parts the counties."""
    past = pl.read_parquet(given.history).filter(~taken_back(read([given.history], paid=True)))
    past.with_columns(pl.int_range(pl.len()).alias(ROW)).write_parquet(given.history)
    return given


def _with_keys(path: str, roster: Roster) -> pl.DataFrame:
    keys = [roster.rows[key].alias(name) for key, name in TIED.items() if key in roster.rows.columns]
    return pl.read_parquet(path).with_columns(keys)


def _listed(kind: str, table: pl.DataFrame) -> Listed:
    keys = [each for each in kinds()[kind].keys if each in table.columns]
    marks = [each for each in map(bad, keys) if each in table.columns]
    filled = pl.any_horizontal(*(pl.col(each).is_not_null() for each in keys), *marks)
    dark = int(table[bad(keys[0])].sum()) if bad(keys[0]) in table.columns else 0
    return Listed(
        kind, tuple(each for each in table.columns if not each.startswith("_")), DRAWN, table.filter(filled).height, dark
    )


def _counties(
    rows: pl.DataFrame, past: pl.DataFrame, told: pl.DataFrame, lists: dict[str, pl.DataFrame], task: Task
) -> Iterator[pl.DataFrame]:
    own = rows.select(ROW, pl.col(COLUMN).fill_null("").alias(COUNTY))
    keys = _keys(rows, task, OWN).join(own, on=ROW)
    numbers, of = keys.filter(~pl.col(KIND).is_in([*NAMED, UNHELD])), keys.select(COUNTY, KIND, KEY).unique()
    near = numbers.join(of, on=[KIND, KEY]).filter(pl.col(COUNTY) != pl.col(f"{COUNTY}_right"))
    near = near.select(ROW, pl.col(f"{COUNTY}_right").alias(COUNTY))
    first = own.join(told.select(ROW, "先"), on=ROW).select(pl.col("先").alias(ROW), COUNTY).drop_nulls()
    near = pl.concat([near, first.filter(pl.col(ROW) >= 0)]).unique().join(own, on=[COUNTY, ROW], how="anti")
    members = pl.concat([own.with_columns(pl.lit(OWN).alias(FROM)), near.with_columns(pl.lit(NEAR).alias(FROM))])
    judged = told.select(ROW, *(pl.col(name).alias(OF + name) for name in OUTPUT[1:]))
    others = {PAST: past} | {LIST + kind: table for kind, table in lists.items()}
    met = {
        what: _keys(table, task, what).join(of, on=[KIND, KEY]).select(ROW, COUNTY).unique() for what, table in others.items()
    }
    paid = first.filter(pl.col(ROW) < 0).select((-1 - pl.col(ROW)).alias(ROW), COUNTY)
    met[PAST] = pl.concat([met[PAST], paid]).unique()
    for (name,), here in members.group_by(COUNTY, maintain_order=True):
        parts = [rows.join(here, on=ROW), judged.join(here.drop(FROM), on=ROW).with_columns(pl.lit(JUDGED).alias(FROM))]
        for what, table in others.items():
            theirs = met[what].filter(pl.col(COUNTY) == name)
            parts.append(table.join(theirs, on=ROW).with_columns(pl.lit(what).alias(FROM)))
        yield pl.concat(parts, how="diagonal_relaxed")


def _keys(table: pl.DataFrame, task: Task, what: str) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(batch) for batch in _kin(table.to_arrow().to_batches(), task=task, what=what)])


def compared(given: Province, region: str, counties: int = COUNTIES) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is found on the rows of the first ``counties`` in the whole province, and in each of them alone.

    But for clauses that no row of a county decides.
    """
    whole = audited_here(given, region)
    found, silent = county_by_county(given, region, counties)
    whole = whole if counties == COUNTIES else whole.filter(pl.col("文件").is_in(found["文件"].unique().implode()))
    return row_by_row(whole, silent), row_by_row(found, silent)


def main(*words: str) -> int:
    count = next((int(word) for word in words if word.isdigit()), 2_000)
    wrong = 0
    for region in [word for word in words if not word.isdigit()] or [name for name, _ in pack_names()]:
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            ours, theirs = compared(without_what_cancels(province(region, count, Path(folder))), region)
            wrong += (found := differing(theirs, ours))
            print(f"{region:9} {count} 行，{ours.height} 条，{found} 条不同，{time.perf_counter() - begun:.0f} 秒", flush=True)
            if found:
                show(theirs, ours, "只有一县的看见")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
