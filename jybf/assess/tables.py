"""The tables that a query reads: what the rows have, and typed NULLs for what they lack."""

from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from jybf.assess.stages import Stages
from jybf.model import ROW, bad
from jybf.vocabulary.facts import facts
from jybf.vocabulary.types import TYPES, Sql, stored

_FEW = 1000  # rows; what runs a query in parts pays for them, a few milliseconds a stage, where all fits into one


def lay_out(rows: pl.DataFrame, columns: Mapping[str, Sql]) -> pl.DataFrame:
    """``columns`` (name → SQL type) of ``rows``: typed NULLs (FALSE for "unreadable") for what they lack."""
    have = set(rows.columns)
    return rows.select(_column(name, kind, there=name in have) for name, kind in columns.items())


def carry_out(stages: Stages, select: str, **tables: pl.DataFrame) -> pl.DataFrame:
    """The result of ``select`` over ``tables`` and ``stages``, which stand one by one until their last reader has read them.

    As one text Polars would plan a stage anew for each of its readers, which takes longer than to carry it out.
    """
    return work_out(stages, {"": select}, **tables)[""]


def work_out(stages: Stages, wanted: Mapping[str, str], **tables: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """As :func:`carry_out`, of each of ``wanted`` its result."""
    engine = "in-memory" if sum(frame.height for frame in tables.values()) < _FEW else "auto"
    context = pl.SQLContext({name: frame.lazy() for name, frame in tables.items()})
    readers = [*(sql for _, sql in stages), *wanted.values()]
    last = {name: max((n for n, sql in enumerate(readers) if name in sql), default=-1) for name, _ in stages}
    for n, (name, sql) in enumerate(stages):
        context.register(name.strip('"'), context.execute(sql).collect(engine=engine).lazy())
        context.unregister([other.strip('"') for other, read in last.items() if read == n])
    return {name: context.execute(select).collect(engine=engine) for name, select in wanted.items()}


@cache
def _column(name: str, kind: Sql, *, there: bool) -> pl.Expr:
    """Kept, as it costs more to say than to carry out: a query reads up to four hundred columns."""
    absent = False if name == bad(name.removesuffix("_误")) else None
    return (pl.col(name) if there else pl.lit(absent)).cast(stored(kind)).alias(name)


def history_table(past: pl.DataFrame | None, keys: Sequence[str]) -> pl.DataFrame:
    """The table ``history`` of a query by these ``keys``: the paid rows of ``past``, none without it."""
    kinds: dict[str, Sql] = {ROW: "BIGINT", "项目": "BIGINT", "_at": "DATE", "_units": "BIGINT", "申请年度": "BIGINT"}
    kinds |= {key: TYPES[facts()[key].type].sql for key in keys}
    frame = pl.DataFrame(schema={ROW: pl.Int64}) if past is None else past
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(stored(kind)).alias(name) for name, kind in kinds.items()
    )
