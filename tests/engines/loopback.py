"""A standalone cluster on loopback: the same as on one machine, though a worker is killed; where the driver is, nothing.

python -m tests.engines.loopback [rows] [region]    by hand, some minutes: a master and two workers of PySpark's own classes
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import polars as pl

from tests.engines import spark as own

ROOT = Path(__file__).parents[2]
KILLED = (0.3, 0.5, 0.7, 0.9)  # parts of the time that a run takes, after which a worker is killed


def _calc(address: str, region: str, roster: str, history: str, target: Path) -> subprocess.Popen:
    """The command line's own calc on the cluster."""
    words = ["calc", roster, "--engine", "spark", "-r", region, "--history", history, "-o", str(target), "--master", address]
    conf = {
        "spark.pyspark.python": sys.executable, "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "4",
        "spark.executor.memory": "1g", "spark.driver.memory": "2g", "spark.executorEnv.PYTHONPATH": str(ROOT), **own.SHORT,
    }  # fmt: skip
    settings = [word for key, value in conf.items() for word in ("--conf", f"{key}={value}")]
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", "jybf", *words, *settings], cwd=ROOT, env=known, start_new_session=True)


def _same(target: Path, ours: pl.DataFrame) -> int:
    found = pl.read_parquet(f"{target}/**/*.parquet", hive_partitioning=False)
    return own.differing(found, ours)


def main(*words: str) -> int:
    count, region = int(words[0]) if words else 2000, words[1] if len(words) > 1 else "shanxi"
    rows, past = own.made(region, count)
    ours = own.expected_verdicts(region, rows, past)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables = own.written(folder, rows, past)
        begun = time.perf_counter()
        wrong = _compared("两个工作节点", folder / "甲", ours, region, tables)
        took = time.perf_counter() - begun
        for n, share in enumerate(KILLED):
            what = f"一个工作节点在第 {share * took:.0f} 秒被杀"
            wrong += _compared(what, folder / f"乙{n}", ours, region, tables, share * took)
        wrong += _abandoned(folder, region, tables)
    return int(wrong > 0)


def _compared(what: str, target: Path, ours: pl.DataFrame, region: str, tables: tuple[str, str], kill: float = 0) -> int:
    """Whether a run does not end as on one machine; ``kill``: seconds after which a worker is gone with its executor."""
    begun = time.perf_counter()
    with own.cluster() as running:
        run = _calc(running.address, region, *tables, target)
        if kill:
            with suppress(subprocess.TimeoutExpired):
                run.wait(kill)
            what += "，这时已经算完" if run.poll() is not None else ""
            own.killed(running.workers[0])
        code = run.wait()
    differ, took = _same(target, ours) if not code else -1, time.perf_counter() - begun
    print(f"{what}：以 {code} 退出，{ours.height} 个结果，{differ} 个不同，{took:.0f} 秒", flush=True)
    return int(differ != 0)


def _abandoned(folder: Path, region: str, tables: tuple[str, str]) -> int:
    """Whether a driver that is killed while it writes leaves a result."""
    with own.cluster() as running:
        run = _calc(running.address, region, *tables, folder / "丙")
        while run.poll() is None and not list(folder.glob(".丙.jybf-*")):
            time.sleep(0.05)
        own.killed(run)
    left = (folder / "丙").exists()
    print(f"驱动程序在写的时候被杀：{'留下了结果' if left else '没有发布任何东西'}", flush=True)
    return int(left)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
