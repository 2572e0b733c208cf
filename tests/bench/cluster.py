"""What a calc of one canonical table costs on Polars, on DuckDB and on Spark ``local[2]``: whole processes, from start to end.

    python tests/bench/cluster.py [rows ...]            default: 100,000 and 1,000,000
    python tests/bench/cluster.py --audit [rows ...]    the audit: Polars, and Spark county by county

Seconds of the processor (all processes of a run, the system's too), and GB at the peak of all of them together. Of DuckDB it is the query alone, which writes codes and no words. Twenty counties; of 5 % of the people
another row stands in another county. The roster is made on the spot; its people are numbers. Needs ``jybf[spark]`` and Java 17.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import polars as pl
import psutil

sys.path.insert(0, str(Path(__file__).parent))
from calc import roster

from jybf.roster.canonical import canonical
from jybf.roster.files import Options, read_frame

ROOT = Path(__file__).parents[2]
COUNTIES, DOUBLES = 20, 20  # every so many rows somebody stands in another county too
SIZES = (100_000, 1_000_000)
QUERY = """
import duckdb, sys
from jybf.assess.warehouse import over_canonical
from jybf.policy import load_pack
from jybf.policy.dialects import translated
from jybf.roster.canonical import columns
from jybf.model import bad
source, target = sys.argv[1:]
made = over_canonical(load_pack("shanxi"))
stages, _ = translated(made.stages, made.select, "duckdb")
db = duckdb.connect()
db.execute("SET threads = 2")
here = {name for name, *_ in db.execute(f"DESCRIBE SELECT * FROM '{source}'").fetchall()}
lacking = [f"CAST({'FALSE' if name.endswith(bad('')) else 'NULL'} AS {kind}) AS \\"{name}\\"" for name, kind in columns().items() if name not in here]
db.execute(f"CREATE VIEW jybf_roster AS SELECT {', '.join(['*', *lacking])} FROM '{source}'")
names = [name for name, _ in stages]
for name, sql in stages[: names.index("verdicts") + 1]:
    db.execute(f'CREATE TEMP TABLE "{name}" AS {sql}')
db.execute(f"COPY (SELECT * FROM verdicts ORDER BY _row) TO '{target}' (FORMAT parquet)")
"""


class Cost(NamedTuple):
    seconds: float
    cpu: float
    gb: float


def made(rows: int, folder: Path) -> Path:
    """A canonical table of ``rows`` rows in as many sheets as there are counties."""
    target = folder / f"{rows}.parquet"
    people = roster(rows)
    double = pl.int_range(pl.len()) % DOUBLES == 0
    number, elsewhere = pl.col("身份证号码"), (pl.int_range(pl.len()) + rows // 2) % rows
    people = people.with_columns(
        pl.when(double).then(number.gather(elsewhere)).otherwise(number).alias("身份证号码"),
        (pl.int_range(pl.len()) * COUNTIES // pl.len()).alias("_县"),
    )
    parts, first = [], 0
    for (county,), part in people.partition_by("_县", as_dict=True, include_key=False, maintain_order=True).items():
        table = read_frame(part.with_columns(pl.lit(f"示例{county}县").alias("户籍县")), f"示例{county}县.csv", Options())
        sheet = canonical([table], first).with_columns(pl.lit(county, pl.Int64).alias("_sheet"))
        parts.append(sheet)
        first += sheet.height
    pl.concat(parts, how="diagonal").write_parquet(target)
    return target


def cost(command: list[str], folder: Path) -> Cost:
    """What ``command`` and all that it starts cost. Raises if it fails."""
    begun = time.perf_counter()
    known = {**os.environ, "PYTHONPATH": str(ROOT), "POLARS_MAX_THREADS": "2"}
    run = subprocess.Popen(command, cwd=folder, env=known, stdout=subprocess.DEVNULL)
    of, peak, cpu = psutil.Process(run.pid), 0, dict[int, float]()
    while run.poll() is None:
        held = 0
        for each in [of, *_children(of)]:
            try:
                held += each.memory_info().rss
                cpu[each.pid] = sum(each.cpu_times()[:2])
            except psutil.Error:
                continue
        peak = max(peak, held)
        time.sleep(0.2)
    if run.returncode > 1:
        raise SystemExit(f"{command[:6]} 以 {run.returncode} 退出")
    return Cost(time.perf_counter() - begun, sum(cpu.values()), peak / 1e9)


def _children(of: psutil.Process) -> list[psutil.Process]:
    try:
        return of.children(recursive=True)
    except psutil.Error:
        return []


def commands(verb: str, source: Path, folder: Path) -> dict[str, list[str]]:
    """By engine what is run."""
    jybf = [sys.executable, "-m", "jybf", verb, str(source), "-r", "shanxi", "-q"]
    memory = [
        "--conf",
        "spark.driver.memory=6g",
        "--conf",
        f"spark.local.dir={folder}/spark",
        "--conf",
        "spark.driver.host=127.0.0.1",
    ]
    shuffle = ["--conf", "spark.eventLog.enabled=false", "--conf", "spark.sql.shuffle.partitions=8"]
    county = ["--county", "户籍县"] if verb == "audit" else []
    return {
        "polars": [*jybf, "-o", f"{folder}/{source.stem}-{verb}-polars.parquet"],
        **(
            {"duckdb": [sys.executable, "-c", QUERY, str(source), f"{folder}/{source.stem}-duckdb.parquet"]}
            if verb == "calc"
            else {}
        ),
        "spark": [
            *jybf,
            "--engine",
            "spark",
            "--master",
            "local[2]",
            *memory,
            *shuffle,
            *county,
            "-o",
            f"{folder}/{source.stem}-{verb}-spark",
        ],
    }


def main() -> None:
    words = sys.argv[1:]
    verb = "audit" if "--audit" in words else "calc"
    sizes = [int(word) for word in words if word.isdigit()] or SIZES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in sizes:
            source = made(rows, folder)
            for engine, command in commands(verb, source, folder).items():
                told = cost(command, folder)
                print(
                    f"{verb} {rows:>11,} {engine:7} {told.cpu:8.1f} 处理器秒 {told.seconds:8.1f} 秒 {told.gb:6.2f} GB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
