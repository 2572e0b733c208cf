"""What calc and audit of one canonical table cost on Polars, on DuckDB and on Spark ``local[2]``: whole processes.

    python tests/bench/cluster.py [calc|audit] [rows ...]   default: both, up to 1,000,000 rows and 100,000
    python tests/bench/cluster.py --draw                    the same, and docs/cluster.svg
    python tests/bench/cluster.py audit --counties 1 10000 100000   what the worker holds that audits one county

Seconds of the processor (all processes of a run, the system's too), GB at the peak of all of them together and of the largest
Python worker; of Spark also the bytes that are shuffled, by its own event log. Of DuckDB it is the query alone, which writes
codes and no words. Twenty counties; of 5 % of the people another row stands in another county. The roster is made on the spot;
its people are numbers. Needs ``jybf[spark]`` and Java 17.
"""

import json
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
from plot import draw

from jybf.roster.canonical import canonical
from jybf.roster.files import Options, read_frame

ROOT = Path(__file__).parents[2]
PLOT = ROOT / "docs" / "cluster.svg"
COUNTIES, DOUBLES = 20, 20  # every so many rows somebody stands in another county too
SIZES = {"calc": (10_000, 100_000, 1_000_000), "audit": (10_000, 100_000)}
EVENTS = "events"
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
db.execute("SET threads = 2; SET memory_limit = '6GB'")
here = {name for name, *_ in db.execute(f"DESCRIBE SELECT * FROM '{source}'").fetchall()}
lacking = [f"CAST({'FALSE' if name.endswith(bad('')) else 'NULL'} AS {kind}) AS \\"{name}\\"" for name, kind in columns().items() if name not in here]
db.execute(f"CREATE VIEW jybf_roster AS SELECT {', '.join(['*', *lacking])} FROM '{source}'")
names = [name for name, _ in stages]
for name, sql in stages[: names.index("verdicts") + 1]:
    db.execute(f'CREATE TEMP TABLE "{name}" AS {sql}')
db.execute(f"COPY (SELECT * FROM verdicts ORDER BY _row) TO '{target}' (FORMAT parquet)")
"""


class Cost(NamedTuple):
    """Seconds of the processor, GB at the peak; GB of the largest Python worker; GB that are shuffled; seconds by the clock."""

    cpu: float
    gb: float
    worker: float
    shuffled: float
    seconds: float


def made(rows: int, folder: Path, counties: int = COUNTIES) -> Path:
    """A canonical table of ``rows`` rows in as many sheets as there are counties."""
    target = folder / f"{rows}.parquet"
    people = roster(rows)
    double = pl.int_range(pl.len()) % DOUBLES == 0
    number, elsewhere = pl.col("身份证号码"), (pl.int_range(pl.len()) + rows // 2) % rows
    people = people.with_columns(
        pl.when(double).then(number.gather(elsewhere)).otherwise(number).alias("身份证号码"),
        (pl.int_range(pl.len()) * counties // pl.len()).alias("_县"),
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
    of, peak, worker, cpu = psutil.Process(run.pid), 0, 0, dict[int, float]()
    while run.poll() is None:
        held = 0
        for each in [of, *_children(of)]:
            try:
                own = each.memory_info().rss
                held += own
                worker = max(worker, own if each.pid != of.pid and "python" in each.name() else 0)
                cpu[each.pid] = sum(each.cpu_times()[:2])
            except psutil.Error:
                continue
        peak = max(peak, held)
        time.sleep(0.2)
    if run.returncode > 1:
        raise SystemExit(f"{command[:6]} 以 {run.returncode} 退出")
    return Cost(sum(cpu.values()), peak / 1e9, worker / 1e9, shuffled(folder / EVENTS) / 1e9, time.perf_counter() - begun)


def _children(of: psutil.Process) -> list[psutil.Process]:
    try:
        return of.children(recursive=True)
    except psutil.Error:
        return []


def shuffled(events: Path) -> int:
    """The bytes that the tasks of a run wrote to be shuffled; its event log is gone after that."""
    total = 0
    for _ in range(100):  # the driver's other half ends after it
        if not list(events.rglob("*.inprogress")):
            break
        time.sleep(0.1)
    for path in events.rglob("events_*"):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if '"SparkListenerTaskEnd"' in line[:60]:
                    metrics = json.loads(line).get("Task Metrics") or {}
                    total += metrics.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
        path.unlink()
    return total


def commands(verb: str, source: Path, folder: Path) -> dict[str, list[str]]:
    """By engine what is run."""
    target = f"{folder}/{source.stem}-{verb}"
    jybf = [sys.executable, "-m", "jybf", verb, str(source), "-r", "shanxi", "-q"]
    (folder / EVENTS).mkdir(exist_ok=True)
    conf = {
        "spark.driver.memory": "6g", "spark.local.dir": f"{folder}/spark", "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "8", "spark.eventLog.enabled": "true", "spark.eventLog.dir": f"file://{folder}/{EVENTS}",
        "spark.eventLog.compress": "false",
    }  # fmt: skip
    settings = [word for key, value in conf.items() for word in ("--conf", f"{key}={value}")]
    county = ["--county", "户籍县"] if verb == "audit" else []
    query = {"DuckDB": [sys.executable, "-c", QUERY, str(source), f"{target}-duckdb.parquet"]} if verb == "calc" else {}
    spark = [*jybf, "--engine", "spark", "--master", "local[2]", *settings, *county, "-o", f"{target}-spark"]
    return {"Polars": [*jybf, "-o", f"{target}-polars.parquet"], **query, "Spark": spark}


def measured(verb: str, rows: int, counties: int) -> dict[str, Cost]:
    """The cost of each engine, told as it ends."""
    found: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = made(rows, folder, counties)
        for engine, command in commands(verb, source, folder).items():
            own = found[f"{verb} {engine}"] = cost(command, folder)
            told = f"{own.cpu:8.1f} 处理器秒 {own.gb:6.2f} GB，工作进程 {own.worker:.2f} GB，洗牌 {own.shuffled:.3f} GB，{own.seconds:.0f} 秒"
            print(f"{verb:5} {rows:>11,} {engine:7} {told}", flush=True)
    return found


def main() -> None:
    words = sys.argv[1:]
    counties = int(words.pop(words.index("--counties") + 1)) if "--counties" in words else COUNTIES
    sizes = [int(word) for word in words if word.isdigit()]
    curves: dict[str, dict[int, tuple[float, float]]] = {}
    for verb in [each for each in SIZES if each in words] or SIZES:
        for rows in sizes or SIZES[verb]:
            for name, own in measured(verb, rows, counties).items():
                curves.setdefault(name, {})[rows] = (own.cpu, own.gb)
    if "--draw" in words:
        PLOT.write_text(draw(curves), encoding="utf-8")


if __name__ == "__main__":
    main()
