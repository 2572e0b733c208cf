"""Tables that stand once they are worked out, kept in the cluster's memory and on its disks and planned anew from there.

A cached DataFrame still carries all of its plan, which every reader plans again; the plan of a query of a hundred tables would
never end. Its rows as they stand are an end of their own, and what is lost with a worker is worked out again from its lineage.

Each task carries that lineage back to the last shuffle and is read by recursion. Where tables are so small that every join is a
broadcast there is none for long, and the stack of a worker overflows, which ends it: a long lineage gets a shuffle of its own.
"""

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from jybf.model import ROW

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_LONG = 36  # steps without a shuffle: some 60 overflow the usual stack of 1 MB
_A_WHILE = 10_000  # rows that one core works on for some seconds
_LENGTHS: WeakKeyDictionary[Any, dict[int, int]] = WeakKeyDictionary()  # by context of its RDDs, each asked once


def stand(df: "DataFrame", kept: "list[DataFrame]", *, spread: bool = False) -> "DataFrame":
    """``df`` as a table of its own, worked out now or when it is read; ``kept`` gets what is to be let go of in the end.

    ``spread``: where most rows are of one part or few, as of one file, they are parted anew for all cores.
    """
    from pyspark import StorageLevel
    from pyspark.sql.classic.dataframe import DataFrame as Classic

    kept.append(df.persist(StorageLevel.MEMORY_AND_DISK))
    session: Any = df.sparkSession
    rows = _rows(kept[-1].select("*"))
    long = ROW in df.columns and _length(rows, _LENGTHS.setdefault(session.sparkContext, {})) > _LONG
    if long or (spread and _uneven(kept[-1])):
        rows = _rows(kept[-1].repartition(ROW))
    schema = kept[-1]._jdf.schema()  # noqa: SLF001  PySpark's own way to cut a plan loses its rows with a worker
    return Classic(session._jsparkSession.internalCreateDataFrame(rows, schema, False), session)  # noqa: SLF001


def _uneven(df: "DataFrame") -> bool:
    """Whether one part has half as many rows again as its share, and so many that it takes a while."""
    from pyspark.sql import functions as F  # noqa: N812

    parts = df.groupBy(F.spark_partition_id()).count()
    most, total = parts.agg(F.max("count"), F.sum("count")).first() or (0, 0)
    return (most or 0) > max(_A_WHILE, 1.5 * (total or 0) / df.sparkSession.sparkContext.defaultParallelism)


def _rows(df: Any) -> Any:
    """The rows of ``df``; not the tree of how they come to be, which Spark 4.3 puts under each scan of them.

    That of a table has under it those of all it was made of, once for each way to them: a hundred thousand steps, told to
    listeners at each stage of each reader.
    """
    from py4j.protocol import Py4JError

    run, jvm = df._jdf.queryExecution(), df.sparkSession._jvm.org.apache.spark.sql.execution  # noqa: SLF001
    try:
        untold = jvm.SparkPlanInfo.EMPTY()
    except Py4JError:  # before 4.3 no tree is put there
        return run.toRdd()
    conf = df.sparkSession._jsparkSession.sessionState().conf()  # noqa: SLF001
    return jvm.SQLExecutionRDD(run.executedPlan().execute(), conf, untold)


def _length(rdd: Any, known: dict[int, int]) -> int:
    """How many RDDs follow each other up to ``rdd`` without a shuffle."""
    if (number := rdd.id()) not in known:
        parents = rdd.dependencies()
        each = (parents.apply(n) for n in range(parents.size()))
        near = [_length(one.rdd(), known) for one in each if "Shuffle" not in one.getClass().getSimpleName()]
        known[number] = 1 + max(near, default=0)
    return known[number]


def short_texts(table: Any) -> Any:
    """An Arrow table with its texts as Spark takes those of a group: Polars has longer ones."""
    import pyarrow as pa

    kinds = [pa.field(one.name, pa.string() if one.type == pa.large_string() else one.type) for one in table.schema]
    return table.cast(pa.schema(kinds))
