"""Canonical rows → verdicts on a cluster: facts row by row by jybf itself, all that rows do to each other as Spark SQL.

The SQL is that of :mod:`jybf.assess.compile` and :mod:`jybf.assess.ties`, written for Spark from its tree. Each programme's
chain is planned by itself, over tables that stand: Spark would take minutes to plan them as one.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jybf.assess.compile import Query, compile_pack
from jybf.assess.history import earlier_payments, unmatched
from jybf.assess.known import Columns, know
from jybf.assess.select import candidates, wanted_of
from jybf.assess.stages import OUTPUT, Stages, hits
from jybf.assess.tables import history_table, lay_out
from jybf.assess.ties import TIED, ties
from jybf.assess.warehouse import verdicts_of
from jybf.model import ROW, Pack, bad
from jybf.policy.dialects import translated
from jybf.roster.canonical import columns
from jybf.spark.anchor import stand
from jybf.spark.failures import Task, guarded
from jybf.spark.intake import TYPES
from jybf.spark.local import TIED as TOGETHER
from jybf.spark.local import frames, local
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

LOST = "_比不上"  # why a row of the history can be held against nobody
_PAST: Columns = {ROW: "BIGINT", "项目": "BIGINT", "_at": "DATE", "_units": "BIGINT", "申请年度": "BIGINT"}
_STANDS = ("facts", "judged", "final", "merged")  # what stands once it is worked out: many read it, or it is the last
_READ_OFTEN = ("keys", "headed", "homes", "told", "tied")
_ROWS, _HISTORY = "jybf_roster", "jybf_history"


class Asked(msgspec.Struct, frozen=True):
    """What a run is asked: as :func:`jybf.assess.assess` is."""

    task: Task
    programs: tuple[str, ...] = ()
    force: bool = False


class Judged(msgspec.Struct, frozen=True):
    """``rows``: canonical, with the keys that all rows tell (``jybf.spark.local.TIED``); ``past``: those of the history.

    ``verdicts``: OUTPUT of every row, those merged and those that nothing names included; ``unmatched``: payments of the
    history that can be held against nobody. ``kept``: what stands in the cluster's memory until :meth:`free`.
    """

    rows: "DataFrame"
    past: "DataFrame | None"
    verdicts: "DataFrame"
    unmatched: int
    kept: tuple["DataFrame", ...]

    def free(self) -> None:
        """Let go of what stands in the cluster's memory; nothing of the run can be read after that."""
        for each in self.kept:
            each.unpersist()


def judge(rows: "DataFrame", past: "DataFrame | None", pack: Pack, asked: Asked) -> Judged:
    """The verdicts on the canonical ``rows``, with ``past`` as what was paid before. Both are of one session of its own."""
    kept: list[DataFrame] = []
    rows, past = _tied(rows, past, kept)
    wanted = wanted_of(pack, asked.programs, force=asked.force)
    active = wanted if asked.force else tuple(i for i, program in enumerate(pack.programs) if program.amount.pays)
    query = compile_pack(pack, active, as_of=asked.task.as_of, have=columns(), past=past is not None)
    known = stand(_known(rows, query.facts, asked), kept)
    known.createOrReplaceTempView("known")
    lost = 0
    if past is not None:
        paid = stand(_paid(past, query, asked.task), kept)
        lost = paid.filter(f"`{LOST}` IS NOT NULL").count()
        paid.filter("`项目` IS NOT NULL").createOrReplaceTempView("history")
    named = _named(known, active)
    verdicts = _carried_out(known, pack, named, wanted, asked, kept, past=past is not None)
    return Judged(rows, past, verdicts, lost, tuple(kept))


def _tied(rows: "DataFrame", past: "DataFrame | None", kept: "list[DataFrame]") -> tuple["DataFrame", "DataFrame | None"]:
    """Both with ``_户`` and ``_单位``: the household and the employer as whoever says most of them has it."""
    tables = [rows, *([past] if past is not None else [])]
    if not any({HOUSEHOLD, EMPLOYER} & set(table.columns) for table in tables):
        return rows, past
    for name, table in zip((_ROWS, _HISTORY), tables, strict=False):
        whole(table).createOrReplaceTempView(name)
    session = rows.sparkSession
    names = [f'"{name}"' for name in (_ROWS, _HISTORY)[: len(tables)]]
    stages, select = translated(ties(names), f"SELECT * FROM {TIED}", "spark")  # noqa: S608  names of our own
    for name, sql in stages:
        table = session.sql(sql)
        (stand(table, kept) if name.rpartition("_")[2] in _READ_OFTEN else table).createOrReplaceTempView(name)
    told = stand(session.sql(select).select("_t", "_r", *TOGETHER), kept)
    own = [stand(_with_keys(table, told.filter(f"_t = {n}")), kept) for n, table in enumerate(tables)]
    return own[0], own[1] if past is not None else None


def _with_keys(table: "DataFrame", told: "DataFrame") -> "DataFrame":
    from pyspark.sql import functions as F  # noqa: N812

    keys = told.select(F.col("_r").alias(ROW), *(F.col(key).alias(name) for key, name in TOGETHER.items()))
    return table.join(keys, ROW, "left")


def whole(table: "DataFrame") -> "DataFrame":
    """``table`` with all canonical columns, those it lacks as unknown ones."""
    from pyspark.sql import functions as F  # noqa: N812

    there = set(table.columns)
    lacking = (
        F.lit(False if n.endswith(bad("")) else None).cast(TYPES[kind]).alias(n)
        for n, kind in columns().items()
        if n not in there
    )
    return table.select("*", *lacking)


def _known(rows: "DataFrame", facts: Columns, asked: Asked) -> "DataFrame":
    work = partial(_facts, facts=dict(facts), asked=asked)
    return rows.mapInArrow(guarded(asked.task, work), schema_of(facts))


def schema_of(kinds: Columns) -> str:
    """Columns as Spark declares them."""
    return ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in kinds.items())


def _facts(batches: Iterable[Any], *, facts: Columns, asked: Asked) -> Iterator[Any]:
    pack = asked.task.pack()
    for frame in frames(batches):
        own = local(frame)
        named = candidates(own.roster, pack, asked.programs, force=asked.force)
        laid = lay_out(know(own.roster.rows, pack).hstack(named), facts)
        hit = [name for name in facts if name.startswith("_hits_")]
        yield from laid.with_columns(own.numbers.alias(ROW), pl.col(hit).fill_null(0)).to_arrow().to_batches()


def _paid(past: "DataFrame", query: Query, task: Task) -> "DataFrame":
    kinds: Columns = {**_PAST, **_history_kinds(query)}
    work = partial(_payments, query=query, task=task)
    return past.mapInArrow(guarded(task, work), f"{schema_of(kinds)}, `{LOST}` string")


def _history_kinds(query: Query) -> Columns:
    from jybf.vocabulary.facts import facts
    from jybf.vocabulary.types import TYPES as KINDS

    return {key: KINDS[facts()[key].type].sql for key in query.keys}


def _payments(batches: Iterable[Any], *, query: Query, task: Task) -> Iterator[Any]:
    pack = task.pack()
    for frame in frames(batches):
        own = local(frame)
        past = earlier_payments(own.roster, pack)
        table = history_table(past, query.keys)
        lost = pl.DataFrame(unmatched(own.roster, past, pack), {ROW: pl.Int64, LOST: pl.String}, orient="row")
        both = pl.concat([table, lost.with_columns(-1 - pl.col(ROW))], how="diagonal")
        numbers = -1 - own.numbers.gather(-1 - both[ROW])
        yield from both.with_columns(numbers.alias(ROW)).to_arrow().to_batches()


def _named(known: "DataFrame", active: Sequence[int]) -> tuple[int, ...]:
    """Those of the programmes that any row may be about."""
    from pyspark.sql import functions as F  # noqa: N812

    most = known.agg(*(F.max(hits(i)).alias(hits(i)) for i in active)).first()
    return tuple(i for i in active if most and most[hits(i)])


def _carried_out(
    known: "DataFrame",
    pack: Pack,
    named: Sequence[int],
    wanted: Sequence[int],
    asked: Asked,
    kept: "list[DataFrame]",
    *,
    past: bool,
) -> "DataFrame":
    session = known.sparkSession
    if not named:
        unnamed = {ROW: ROW, "结果": "2", **dict.fromkeys(("不符", "缺", "推定", "缘由"), "0")}
        return known.selectExpr(*(f"CAST({unnamed.get(name, 'NULL')} AS BIGINT) AS `{name}`" for name in OUTPUT))
    query = compile_pack(pack, named, as_of=asked.task.as_of, have=columns(), past=past)
    last: Stages = [('"judged"', query.selected), ('"verdicts"', verdicts_of(pack, named, wanted))]
    stages, select = translated([*query.stages, *last], 'SELECT * FROM "verdicts"', "spark")
    for name, sql in stages:
        table = session.sql(sql)
        if name == "scoped" or name.rpartition("_")[2] in _STANDS:
            table = stand(table, kept)
        table.createOrReplaceTempView(name)
    return stand(session.sql(select), kept)
