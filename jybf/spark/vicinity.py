"""Each county with what it has to see: its rows, the rows of others that share a key with them, payments before, lists.

Spark joins them; no more than a county with its neighbours ever comes together, and nothing on the driver but counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from jybf.assess.history import earlier_payments, unmatched
from jybf.assess.known import know
from jybf.assess.stages import OUTPUT
from jybf.audit.book import complete
from jybf.audit.kin import KEY, KIND, NAMED, UNHELD, kin
from jybf.audit.unmatched import of_no_home
from jybf.errors import InputError, Problem, UsageError
from jybf.model import ROW, Pack, Roster, bad
from jybf.roster.canonical import columns
from jybf.roster.listkinds import kinds
from jybf.spark.anchor import stand
from jybf.spark.county import COUNTY, FROM, JUDGED, LIST, NEAR, OF, OWN, PAST, Listed
from jybf.spark.failures import Task, guarded
from jybf.spark.judging import Judged
from jybf.spark.local import TIED, frames, local

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_TOLD = 5  # counties that a message names


def together(judged: Judged, county: str, lists: Mapping[str, "DataFrame"], task: Task, kept: "list[DataFrame]") -> "DataFrame":
    """All that the audit of each county reads, a line a row: ``_县``, ``_来``, canonical columns, verdicts (``_v…``)."""
    from pyspark.sql import functions as F  # noqa: N812

    rows = judged.rows
    if county not in rows.columns:
        raise InputError(
            Problem(f"没有“{county}”这一列，分不出县", "--county", "用 --county 写出规范表里有的一列，如 户籍县、乡镇")
        )
    own = rows.select(ROW, F.coalesce(F.col(county).cast("string"), F.lit("")).alias(COUNTY))
    keys = _keys(rows, task, OWN).join(own, ROW)
    keys = stand(keys, kept)
    first = own.join(judged.verdicts.select(ROW, F.col("先")), ROW).select(COUNTY, F.col("先").alias(ROW)).distinct()
    near = _neighbours(keys).unionByName(first.filter(f"{ROW} >= 0")).distinct().join(own, [COUNTY, ROW], "left_anti")
    members = own.select(COUNTY, ROW, F.lit(OWN).alias(FROM)).unionByName(near.withColumn(FROM, F.lit(NEAR)))
    parts = [members.join(rows, ROW), members.drop(FROM).join(_verdicts(judged), ROW).withColumn(FROM, F.lit(JUDGED))]
    strangers = {PAST: judged.past} if judged.past is not None else {}
    strangers |= {LIST + name: table for name, table in lists.items()}
    for what, table in strangers.items():
        met = _met(keys, table, task, what)
        if what == PAST:
            met = met.unionByName(first.filter(f"{ROW} < 0").select(COUNTY, (-1 - F.col(ROW)).alias(ROW))).distinct()
        parts.append(met.join(table, ROW).withColumn(FROM, F.lit(what)))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.unionByName(part, allowMissingColumns=True)
    return whole


def _verdicts(judged: Judged) -> "DataFrame":
    from pyspark.sql import functions as F  # noqa: N812

    return judged.verdicts.select(ROW, *(F.col(name).alias(OF + name) for name in OUTPUT[1:]))


def _keys(table: "DataFrame", task: Task, what: str) -> "DataFrame":
    return table.mapInArrow(
        guarded(task, partial(_kin, task=task, what=what)), f"{ROW} bigint, `{KIND}` string, `{KEY}` string"
    )


def _kin(batches: Iterable[Any], *, task: Task, what: str) -> Iterator[Any]:
    pack = task.pack()
    for frame in frames(batches):
        own = local(frame)
        rows = know(own.roster.rows, pack)
        keys = kin(rows, ours=what == OWN, unheld=_unheld(own.roster, rows, pack) if what == PAST else ())
        yield from keys.with_columns(own.numbers.gather(keys[ROW]).alias(ROW)).to_arrow().to_batches()


def _unheld(history: Roster, rows: pl.DataFrame, pack: Pack) -> list[int]:
    """The rows of a history that can be held against nobody, or that don't say of which household they are."""
    lost = [row for row, _ in unmatched(history, earlier_payments(history, pack), pack)]
    return [*lost, *complete(rows).filter(of_no_home())[ROW]]


def _neighbours(keys: "DataFrame") -> "DataFrame":
    """Each county with the rows of others that share a key with one of its own."""
    from pyspark.sql import functions as F  # noqa: N812

    numbers = keys.filter(~F.col(KIND).isin(*NAMED, UNHELD))
    shared = numbers.groupBy(KIND, KEY).agg(F.collect_set(COUNTY).alias("_们")).filter("size(`_们`) > 1")
    there = numbers.join(shared, [KIND, KEY]).select(ROW, F.col(COUNTY).alias("_己"), F.explode("_们").alias(COUNTY))
    return there.filter(F.col("_己") != F.col(COUNTY)).select(COUNTY, ROW)


def _met(keys: "DataFrame", table: "DataFrame", task: Task, what: str) -> "DataFrame":
    """Each county with the rows of ``table`` that share a key with its own."""
    theirs = _keys(table, task, what)
    return theirs.join(keys.select(COUNTY, KIND, KEY).distinct(), [KIND, KEY]).select(COUNTY, ROW).distinct()


def check_size(whole: "DataFrame", most: int) -> None:
    """Raises InputError for counties that have more than ``most`` rows with their neighbours."""
    sizes = whole.groupBy(COUNTY).count().filter(f"count > {most}").orderBy("count", ascending=False).limit(_TOLD).collect()
    if sizes:
        told = "、".join(f"{row[COUNTY] or '没有写县的'} {row['count']} 行" for row in sizes)
        hint = "内存够就加大 --county-rows 和 --conf spark.executor.memory，不够就分得更细：--county 乡镇"
        raise InputError(Problem(f"一个县（连同与它有关的行）超过 {most} 行，一个执行器放不下：{told}", "", hint))


def listed(name: str, table: "DataFrame", drawn: date | None) -> Listed:
    """What is known of a whole list. Raises UsageError for one that has to be read whole, InputError for one without keys."""
    from pyspark.sql import functions as F  # noqa: N812

    if name not in kinds():
        raise UsageError(Problem(f"没有“{name}”这种名单", "lists", f"可用：{'、'.join(kinds())}"))
    kind = kinds()[name]
    if entire := [each for each in kind.whole if each in table.columns]:
        fault = f"{name}名单有“{'”“'.join(entire)}”列，要整份比对（找不在花名册上的人），集群上没有做"
        raise UsageError(Problem(fault, name, "去掉这几列，或用一台机器审核：jybf audit --against"))
    keys = [each for each in kind.keys if each in table.columns]
    if not keys:
        raise InputError(Problem(f"{name}名单里没有“{'”或“'.join(kind.keys)}”列，不能比对", name))
    dark = F.count(F.when(F.col(bad(keys[0])), 1)) if bad(keys[0]) in table.columns else F.lit(0)
    filled = F.count(F.when(F.coalesce(*(F.col(each).isNotNull() | _marked(table, each) for each in keys)), 1))
    total, unread = table.select(filled, dark).first() or (0, 0)
    own = tuple(each for each in table.columns if each in columns() and each not in TIED.values())
    return Listed(name, own, drawn, int(total), int(unread))


def _marked(table: "DataFrame", name: str) -> Any:
    from pyspark.sql import functions as F  # noqa: N812

    return F.col(bad(name)) if bad(name) in table.columns else F.lit(False)
