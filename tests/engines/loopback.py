"""A standalone cluster on loopback: the same as on one machine, and where the driver is killed, nothing.

python -m tests.engines.loopback [rows] [region]    by hand, some minutes: a master and two workers of PySpark's own classes
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from tests.engines import spark as own

ROOT = Path(__file__).parents[2]


def _calc(address: str, region: str, roster: str, history: str, target: Path) -> subprocess.Popen:
    """The command line's own calc on the cluster."""
    words = ["calc", roster, "--engine", "spark", "-r", region, "--history", history, "-o", str(target), "--master", address]
    conf = {
        "spark.pyspark.python": sys.executable, "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "4",
        "spark.executor.memory": "1g", "spark.driver.memory": "2g", "spark.executorEnv.PYTHONPATH": str(ROOT),
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
    wrong = 0
    with tempfile.TemporaryDirectory() as name, own.cluster() as address:
        folder = Path(name)
        roster, history = own.written(folder, rows, past)
        begun = time.perf_counter()
        first = _calc(address, region, roster, history, folder / "甲").wait()
        took = time.perf_counter() - begun
        wrong += (differ := _same(folder / "甲", ours) if not first else -1) != 0
        print(f"两个工作节点：以 {first} 退出，{ours.height} 个结果，{differ} 个不同，{took:.0f} 秒", flush=True)

        run = _calc(address, region, roster, history, folder / "丙")
        while run.poll() is None and not list(folder.glob(".丙.jybf-*")):
            time.sleep(0.05)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        left = (folder / "丙").exists()
        wrong += left
        print(f"驱动程序在写的时候被杀：{'留下了结果' if left else '没有发布任何东西'}", flush=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
