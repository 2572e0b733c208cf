"""The findings on a large random province, word for word, on one machine and on Spark: in files, for they are millions.

python -m tests.engines.findings [rows] [region ...]   by hand: 100,000 rows of every region, half an hour each; some 16 findings
a row, and as many GB of memory as there are hundred thousands of rows
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from jybf.policy import pack_names
from tests.engines import spark as own
from tests.engines.codes import WIDE
from tests.engines.counties import DRAWN, Province, audited_here, province, row_by_row

FOUND, SILENT = "发现", "没查"
SHOWN = 20  # findings that differ


def here(given: Province, region: str, target: Path) -> None:
    """The findings of one machine as Parquet."""
    audited_here(given, region).write_parquet(target)


def there(given: Province, region: str, target: Path) -> None:
    """Those of Spark, county by county, and what did not run there, as folders of Parquet."""
    from jybf.spark.doors import MOST, audited
    from jybf.spark.runs import Given, judged

    read = own.session(**WIDE).read.parquet
    runs = judged(Given(read(given.roster)), region, past=Given(read(given.history), "历史"))
    found = audited(runs, own.COUNTY, {kind: (read(path), DRAWN) for kind, path in given.lists.items()}, (), (), MOST)
    found.findings.write.parquet(str(target / FOUND))
    found.not_run.write.parquet(str(target / SILENT))


def differing(theirs: Path, ours: Path) -> tuple[int, pl.DataFrame]:
    """How many findings there are on one machine; and those that stand in one of the two only, or not as often in both."""
    silent = pl.read_parquet(theirs / SILENT / "*.parquet").lazy()
    names = list(pl.read_parquet_schema(ours))
    both = [
        row_by_row(pl.scan_parquet(path), silent).select(*names, 印=pl.struct(names).hash())
        for path in (ours, theirs / FOUND / "*.parquet")
    ]
    counts = [each.group_by("印").len().collect() for each in both]
    odd = [a.join(b, on=["印", "len"], how="anti") for a, b in (counts, counts[::-1])]
    told = [
        each.join(only.lazy(), on="印", how="semi").select(pl.lit(label).alias("在"), *names).collect()
        for each, only, label in zip(both, odd, ("一台", "Spark"), strict=True)
    ]
    return int(counts[0]["len"].sum()), pl.concat(told)


def main(*words: str) -> int:
    count = next((int(word) for word in words if word.isdigit()), 100_000)
    wrong = 0
    for region in [word for word in words if not word.isdigit()] or [name for name, _ in pack_names()]:
        with tempfile.TemporaryDirectory() as folder:
            given, ours = province(region, count, Path(folder)), Path(folder, "一台.parquet")
            begun = time.perf_counter()
            here(given, region, ours)
            between = time.perf_counter()
            there(given, region, Path(folder))
            ended = time.perf_counter()
            own.session().stop()
            height, found = differing(Path(folder), ours)
            wrong += found.height
            took = f"{between - begun:.0f} 秒和 {ended - between:.0f} 秒"
            print(f"{region:9} {count} 行，{height} 条发现，{found.height} 条不同，{took}", flush=True)
            for row in found.head(SHOWN).rows(named=True):
                print("  ", {name: value for name, value in row.items() if value not in (None, "")}, flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
