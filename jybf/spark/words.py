"""Verdicts in words on a cluster: each batch of rows with its verdicts is said by what says them on one machine."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from msgspec.structs import replace

from jybf.assess.describe import described
from jybf.assess.stages import MERGED_RESULT, OUTPUT
from jybf.model import FILE, LINE, PAGE, ROW, VERDICT_COLUMNS, Pack, Roster
from jybf.report.plain import yuan_columns
from jybf.roster.cast import no_problems
from jybf.spark.failures import Task, guarded
from jybf.spark.judging import Judged
from jybf.spark.local import Local, frames, local, verdicts, with_stubs
from jybf.spark.regions import UNKNOWN

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

REGION, YEAR = "地区", "年度"  # what the output is partitioned by
_OF, _THERE = "_v", ("_那文件", "_那工作表", "_那行号")  # a verdict's columns; where the row stands that 先 points at
_PLACE = ("文件", "工作表", "行号")
MONEY = "decimal(20,2)"
_TEXT = [name for name in VERDICT_COLUMNS if name not in ("行号", "核定金额")]
SCHEMA = ", ".join(
    f"`{name}` {'bigint' if name == '行号' else MONEY if name == '核定金额' else 'string'}" for name in VERDICT_COLUMNS
)


def in_words(judged: Judged, task: Task) -> "DataFrame":
    """VERDICT_COLUMNS (核定金额 in 元) of all verdicts, and 地区 and 年度, in no order."""
    beside = _beside(judged)
    held = judged.past is not None
    work = partial(_say, task=task, unmatched=judged.unmatched, past=held)
    return beside.mapInArrow(guarded(task, work), f"{SCHEMA}, `{REGION}` string, `{YEAR}` string")


def _beside(judged: Judged) -> "DataFrame":
    """Each verdict beside its canonical row, and where the row stands that was paid first."""
    from pyspark.sql import functions as F  # noqa: N812

    own = judged.verdicts.filter(f"`结果` <> {MERGED_RESULT}")
    own = own.select(F.col(ROW).alias(_OF + ROW), *(F.col(name).alias(_OF + name) for name in OUTPUT[1:]))
    places = [judged.rows.select(F.col(ROW).alias("_n"), *_where())]
    if judged.past is not None:
        places.append(judged.past.select((-1 - F.col(ROW)).alias("_n"), *_where()))
    first = own.filter(F.col(f"{_OF}先").isNotNull()).select(F.col(f"{_OF}先").alias("_n")).distinct()
    there = places[0] if len(places) == 1 else places[0].unionByName(places[1])
    pointed = first.join(there, "_n").withColumnRenamed("_n", f"{_OF}先")
    rows = judged.rows.join(own, F.col(ROW) == F.col(_OF + ROW)).drop(_OF + ROW)
    return rows.join(pointed, f"{_OF}先", "left")


def _where() -> "list[Any]":
    from pyspark.sql import functions as F  # noqa: N812

    return [F.col(own).alias(name) for own, name in zip((FILE, PAGE, LINE), _THERE, strict=True)]


def _say(batches: Iterable[Any], *, task: Task, unmatched: int, past: bool) -> Iterator[Any]:
    pack = task.pack()
    for frame in frames(batches):
        said = _said(frame, pack, task, unmatched, past=past)
        texts = pl.col(*_TEXT, REGION, YEAR).cast(pl.String)
        yield from said.with_columns(texts).to_arrow().to_batches()


def _said(frame: pl.DataFrame, pack: Pack, task: Task, unmatched: int, *, past: bool) -> pl.DataFrame:
    judged = frame.select(ROW, *(pl.col(_OF + name).alias(name) for name in OUTPUT[1:]), *_THERE)
    canon = frame.drop([_OF + name for name in OUTPUT[1:]], *_THERE).unique(ROW, keep="any")
    own = local(canon)
    whole, roster, history = _pointed(judged, own)
    told = verdicts(whole.select(OUTPUT), own, pack, task.as_of)
    lost = tuple((n, "") for n in range(unmatched))
    told = replace(told, history=history if past else None, unmatched=lost)
    words = described(told, roster)
    named = told.rows.select(ROW, pl.col("年度").cast(pl.String))
    years = pl.concat([named, told.unnamed.select(ROW, pl.lit(None, pl.String).alias("年度"))]).sort(ROW, maintain_order=True)
    beside = words.sort(ROW, maintain_order=True).with_columns(
        years["年度"].fill_null(UNKNOWN).alias(YEAR), pl.lit(pack.id).alias(REGION)
    )
    return yuan_columns(beside.select(*VERDICT_COLUMNS, REGION, YEAR), ["核定金额"])


def _pointed(judged: pl.DataFrame, own: Local) -> tuple[pl.DataFrame, Roster, Roster]:
    """``judged`` with 先 as a place here; ``own`` and, behind its rows, those only pointed at; as much of the history."""
    there = (
        judged.select("先", *(pl.col(name).alias(to) for name, to in zip(_THERE, _PLACE, strict=True)))
        .drop_nulls("先")
        .unique("先")
    )
    here, before = there.filter(pl.col("先") >= 0), there.filter(pl.col("先") < 0)
    roster = with_stubs(own.roster, here.select(_PLACE))
    empty = Roster(own.roster.rows.clear(), no_problems(), ())
    history = with_stubs(empty, before.select(_PLACE))
    start = own.roster.rows.height
    numbers = pl.concat([
        here.select("先", (pl.int_range(pl.len(), dtype=pl.Int64) + start).alias("_新")),
        before.select("先", (-1 - pl.int_range(pl.len(), dtype=pl.Int64)).alias("_新")),
    ])  # fmt: skip
    placed = judged.join(numbers, on="先", how="left", maintain_order="left")
    return placed.with_columns(pl.col("_新").alias("先")), roster, history
