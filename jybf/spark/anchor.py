"""Tables that stand once they are worked out, kept in the cluster's memory and on its disks and planned anew from there.

A cached DataFrame still carries all of its plan, which every reader plans again; the plan of a query of a hundred tables would
never end. Its rows as they stand are an end of their own, and what is lost with a worker is worked out again from its lineage.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def stand(df: "DataFrame", kept: "list[DataFrame]") -> "DataFrame":
    """``df`` as a table of its own, worked out now or when it is read; ``kept`` gets what is to be let go of in the end."""
    from pyspark import StorageLevel
    from pyspark.sql.classic.dataframe import DataFrame as Classic

    kept.append(df.persist(StorageLevel.MEMORY_AND_DISK))
    session: Any = df.sparkSession
    cached: Any = kept[-1].select("*")
    rows = cached._jdf.queryExecution().toRdd()  # noqa: SLF001  PySpark's own way to cut a plan loses its rows with a worker
    return Classic(session._jsparkSession.internalCreateDataFrame(rows, cached._jdf.schema(), False), session)  # noqa: SLF001


def short_texts(table: Any) -> Any:
    """An Arrow table with its texts as Spark takes those of a group: Polars has longer ones."""
    import pyarrow as pa

    kinds = [pa.field(one.name, pa.string() if one.type == pa.large_string() else one.type) for one in table.schema]
    return table.cast(pa.schema(kinds))
