"""A history on a cluster without payments that were taken back in full: Spark brings together, jybf itself decides."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jybf.model import FILE, LINE, ROW, SHEET, bad
from jybf.roster.canonical import UNREAD
from jybf.roster.reversed import MOST, taken_back, told_of
from jybf.spark.anchor import short_texts, stand
from jybf.spark.failures import Task, carrying
from jybf.spark.local import local
from jybf.vocabulary.keys import PERSON
from jybf.vocabulary.roles import STAGES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_PART, _GONE, _LEFT = "_份", "_冲", "_剩"  # which rows come together; a row that cancels, and what else of it is unread
_TOGETHER = 20_000  # rows that one task looks at, about


def netted(past: "DataFrame", task: Task, kept: "list[DataFrame]") -> tuple["DataFrame", tuple[str, ...]]:
    """The canonical ``past`` as :func:`jybf.roster.reversed.without_reversed` leaves it, and what is said of that.

    Only rows of a sheet about somebody of whom it has a sum that can't be read, as one below zero, are moved at all.
    """
    stages = [name for name in STAGES if name in past.columns]
    marks = [bad(name) for name in stages if bad(name) in past.columns]
    if not marks or not {PERSON, UNREAD} <= set(past.columns):
        return past, ()
    gone = stand(_gone(past, marks, task, kept), kept)
    if not (count := gone.count()):
        return past, ()
    first = gone.orderBy(ROW).limit(MOST).select(FILE, LINE).collect()
    return _emptied(past, gone, stages, marks), (told_of(((row[FILE], row[LINE]) for row in first), count),)


def _gone(past: "DataFrame", marks: list[str], task: Task, kept: "list[DataFrame]") -> "DataFrame":
    from pyspark.sql import functions as F  # noqa: N812

    person = [SHEET, PERSON]
    unread = past.filter(" OR ".join(f"`{mark}`" for mark in marks)).select(*person).dropna().distinct()
    near = stand(past.join(unread, person, "left_semi"), kept)
    parts = near.count() // _TOGETHER + 1
    parted = near.withColumn(_PART, F.pmod(F.hash(*person), F.lit(parts)))
    schema = f"`{ROW}` bigint, `{FILE}` string, `{LINE}` bigint, `{_LEFT}` string"
    return parted.groupBy(_PART).applyInArrow(_cancelling(task), schema)


def _cancelling(task: Task) -> Callable[[Any], Any]:
    """:func:`_cancelled` as Spark calls it, which would look at what types a named function states."""
    return lambda table: _cancelled(table, task)


def _cancelled(table: Any, task: Task) -> Any:
    """The rows that cancel, and what else of them can't be read."""
    with carrying():
        task.pack()
        frame = pl.DataFrame(table).drop(_PART)
        own = local(frame)
        there = frame.join(own.numbers.filter(taken_back(own.roster)).alias(ROW).to_frame(), on=ROW, how="semi")
        left = there[UNREAD].map_elements(_unsolved, pl.String)
        return short_texts(there.select(ROW, FILE, LINE, left.alias(_LEFT)).to_arrow())


def _unsolved(told: str) -> str | None:
    """What of ``_认不出`` is about no sum."""
    left = [one for one in msgspec.json.decode(told, type=list[list[str | None]]) if one[0] not in STAGES]
    return msgspec.json.encode(left).decode() if left else None


def _emptied(past: "DataFrame", gone: "DataFrame", stages: list[str], marks: list[str]) -> "DataFrame":
    from pyspark.sql import functions as F  # noqa: N812

    whole = past.join(gone.select(ROW, _LEFT, F.lit(True).alias(_GONE)), ROW, "left")
    cancels = F.col(_GONE).isNotNull()
    new = {name: F.when(cancels, F.lit(0).cast("bigint")).otherwise(F.col(name)) for name in stages}
    new |= {mark: F.col(mark) & ~cancels for mark in marks}
    new[UNREAD] = F.when(cancels, F.col(_LEFT)).otherwise(F.col(UNREAD))
    return whole.withColumns(new).select(*past.columns)
