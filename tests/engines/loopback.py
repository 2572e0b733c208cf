"""A standalone cluster on loopback: the same as on one machine, though a worker is killed; where the driver is, nothing.

python -m tests.engines.loopback [calc|audit] [rows] [region] [share ...]    by hand, some minutes: a master and two workers
of PySpark's own classes; ``share``: instead of ``KILLED``
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import polars as pl

from jybf.api import audit, yuan
from tests.engines import counties
from tests.engines import spark as own

ROOT = Path(__file__).parents[2]
KILLED = (0.3, 0.5, 0.7, 0.9)  # parts of the time that a run takes, after which a worker is killed


class Job(NamedTuple):
    """What the command line is asked but for the target, and how many lines of a target differ from one machine's."""

    words: tuple[str, ...]
    lines: int
    differing: Callable[[Path], int]


def _calc(folder: Path, region: str, count: int) -> Job:
    rows, past = own.made(region, count)
    ours, (roster, history) = own.expected_verdicts(region, rows, past), own.written(folder, rows, past)
    return Job(("calc", roster, "--history", history), ours.height, lambda target: own.differing(_read(target), ours))


def _audit(folder: Path, region: str, count: int) -> Job:
    given = counties.province(region, count, folder)
    ours = yuan(audit(given.roster, region, history=given.history))

    def differing(target: Path) -> int:
        silent = _read(target.with_name(f"{target.name}_没查"))
        return own.differing(counties.row_by_row(_read(target), silent), counties.row_by_row(ours, silent))

    return Job(("audit", given.roster, "--history", given.history, "--county", own.COUNTY), ours.height, differing)


def _read(target: Path) -> pl.DataFrame:
    return pl.read_parquet(f"{target}/**/*.parquet", hive_partitioning=False)


def _started(address: str, region: str, words: tuple[str, ...], target: Path) -> subprocess.Popen:
    """The command line's own run on the cluster."""
    conf = {
        "spark.pyspark.python": sys.executable, "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "4",
        "spark.executor.memory": "1g", "spark.driver.memory": "2g", "spark.executorEnv.PYTHONPATH": str(ROOT), **own.SHORT,
    }  # fmt: skip
    settings = [word for key, value in conf.items() for word in ("--conf", f"{key}={value}")]
    where = ["--engine", "spark", "-r", region, "-o", str(target), "--master", address]
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "jybf", *words, *where, *settings], cwd=ROOT, env=known, start_new_session=True
    )


def main(*words: str) -> int:
    asked, *more = words if words[:1] in (("calc",), ("audit",)) else ("calc", *words)
    count, region = int(more[0]) if more else 2000, more[1] if len(more) > 1 else "shanxi"
    shares = [float(word) for word in more[2:]] or KILLED
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = {"calc": _calc, "audit": _audit}[asked](folder, region, count)
        begun = time.perf_counter()
        wrong = _compared("两个工作节点", folder / "甲", job, region)
        took = time.perf_counter() - begun
        for n, share in enumerate(shares):
            what = f"一个工作节点在第 {share * took:.0f} 秒被杀"
            wrong += _compared(what, folder / f"乙{n}", job, region, share * took)
        wrong += _abandoned(folder, job, region)
    return int(wrong > 0)


def _compared(what: str, target: Path, job: Job, region: str, kill: float = 0) -> int:
    """Whether a run does not end as on one machine; ``kill``: seconds after which a worker is gone with its executor."""
    begun = time.perf_counter()
    with own.cluster() as running:
        run = _started(running.address, region, job.words, target)
        if kill:
            with suppress(subprocess.TimeoutExpired):
                run.wait(kill)
            what += "，这时已经算完" if run.poll() is not None else ""
            own.killed(running.workers[0])
        code = run.wait()
    done = code in ((0, 1) if job.words[0] == "audit" else (0,))
    differ, took = job.differing(target) if done else -1, time.perf_counter() - begun
    print(f"{what}：以 {code} 退出，{job.lines} 条，{differ} 条不同，{took:.0f} 秒", flush=True)
    return int(differ != 0)


def _abandoned(folder: Path, job: Job, region: str) -> int:
    """Whether a driver that is killed while it writes leaves a result."""
    with own.cluster() as running:
        run = _started(running.address, region, job.words, folder / "丙")
        while run.poll() is None and not list(folder.glob(".丙.jybf-*")):
            time.sleep(0.05)
        own.killed(run)
    left = (folder / "丙").exists()
    print(f"驱动程序在写的时候被杀：{'留下了结果' if left else '没有发布任何东西'}", flush=True)
    return int(left)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
