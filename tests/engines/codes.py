"""The verdicts of a large random province as numbers, on one machine and on Spark: words for millions of rows take hours.

python -m tests.engines.codes [rows] [region ...]   by hand: 100,000 rows of every region, some minutes each; 1,000,000 take twenty

What a verdict's words say follows row by row from these numbers, by the same code on both; ``tests.engines.counties`` compares
the words themselves.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from jybf.assess.stages import OUTPUT
from jybf.policy import load_pack, pack_names
from jybf.roster import read
from jybf.roster.reversed import without_reversed
from tests.engines import spark as own
from tests.engines.compare import differing, expected, ordered
from tests.engines.counties import Province, province

WIDE = {  # for many rows: Spark's own ways to be fast, and no verdict on the driver
    "spark_driver_memory": "6g", "spark_sql_shuffle_partitions": "8", "spark_sql_codegen_wholeStage": "true",
    "spark_driver_extraJavaOptions": "-XX:+UseParallelGC",
}  # fmt: skip


def here(given: Province, region: str) -> pl.DataFrame:
    """OUTPUT of every row on one machine."""
    history = without_reversed(read([given.history], paid=True))
    assert history.notices  # some were taken back
    return expected(load_pack(region), read([given.roster]), history)


def there(given: Province, region: str, target: Path) -> pl.DataFrame:
    """The same on Spark, by way of the folder ``target``."""
    from jybf.spark.runs import Given, judged

    table = own.session(**WIDE).read.parquet
    runs = judged(Given(table(given.roster)), region, past=Given(table(given.history), "历史"))
    runs.each[0].judged.verdicts.select(*OUTPUT).write.parquet(str(target))
    return ordered(pl.read_parquet(f"{target}/*.parquet"))


def main(*words: str) -> int:
    count = next((int(word) for word in words if word.isdigit()), 100_000)
    wrong = 0
    for region in [word for word in words if not word.isdigit()] or [name for name, _ in pack_names()]:
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            given = province(region, count, Path(folder))
            begun = time.perf_counter()
            ours = here(given, region)
            between = time.perf_counter()
            theirs = there(given, region, Path(folder, "码"))
            wrong += (found := differing(theirs, ours))
            took = f"造 {begun - start:.0f} 秒，算 {between - begun:.0f} 秒和 {time.perf_counter() - between:.0f} 秒"
            print(f"{region:9} {count} 行，{ours.height} 个结果，{found} 个不同，{took}", flush=True)
            own.session().stop()
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
