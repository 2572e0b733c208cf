"""The same law on a cluster: canonical or raw tables in, verdicts and findings out, as DataFrames of Spark (``jybf[spark]``).

>>> import jybf.spark
>>> df = spark.read.parquet("花名册/")          # doctest: +SKIP
>>> jybf.spark.calc(df, region="shanxi")                 # doctest: +SKIP
DataFrame[文件: string, 工作表: string, 行号: bigint, …]

What one row says is worked out by jybf itself on the workers, in Arrow batches: cells, facts, words. What rows do to each
other is worked out by Spark: the query that a pack is compiled to, in Spark's SQL.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from jybf.errors import Problem, UsageError

__all__ = ["audit", "calc"]  # pyright: ignore[reportUnsupportedDunderAll]

OWN_PACK = "集群上只按自带的规则包算，县里自己的规则包没有做"


def __getattr__(name: str) -> Any:
    """The doors, which need Spark, for whoever goes through one. Raises UsageError where PySpark is not installed."""
    if name not in __all__:
        raise AttributeError(name)
    need()
    return getattr(import_module("jybf.spark.doors"), name)


def need() -> None:
    """Raises UsageError where PySpark is not installed."""
    if any(find_spec(name) is None for name in ("pyspark", "pyarrow", "pandas")):  # without pandas PySpark runs no Python
        raise UsageError(Problem("没有安装 PySpark", "--engine spark", "pip install 'jybf[spark]'，并装好 Java 17"))
