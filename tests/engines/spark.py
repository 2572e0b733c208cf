"""What calc and audit say on one machine and on Spark, side by side; and a standalone cluster on loopback to say it on."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jybf.assess import assess, describe
from jybf.model import PAGE, SHEET
from jybf.policy import load_pack
from jybf.report.plain import yuan_columns
from jybf.roster import same_homes
from jybf.roster.canonical import UNREAD
from tests.engines.rows import Rows, random_rows

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PLACE = ["文件", "工作表", "行号"]
SHORT = {  # for few rows and long plans: no code is run often
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.sql.codegen.wholeStage": "false",
}
COUNTY = "_文件"  # each file of the random rows is a county's, and its people, employers and accounts stand in others too


def session(master: str = "local[2]", **conf: str) -> SparkSession:
    """A session that is quiet, and whose workers run this Python."""
    from pyspark.sql import SparkSession

    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.host": "127.0.0.1"}
    os.environ["PYSPARK_PYTHON"] = sys.executable
    own = {"spark.driver.memory": "3g", "spark.sql.shuffle.partitions": "2", **SHORT}
    builder = SparkSession.builder.master(master)
    for key, value in {**quiet, **own, **{name.replace("_", "."): text for name, text in conf.items()}}.items():
        builder = builder.config(key, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("OFF")
    return found


def made(region: str, count: int, seed: int = 1) -> tuple[Rows, Rows]:
    """Random rows of a region, and payments before."""
    pack = load_pack(region)
    return random_rows(pack, count, seed), random_rows(pack, max(count // 5, 50), seed + 1, paid=True)


def expected_verdicts(region: str, rows: Rows, past: Rows) -> pl.DataFrame:
    """What calc says on one machine."""
    roster, history = same_homes([rows.roster, past.roster])
    found = assess(roster, load_pack(region), history=history)
    return yuan_columns(describe(found, roster), ["核定金额"])


def differing(theirs: pl.DataFrame, ours: pl.DataFrame) -> int:
    """How many lines stand in one of them only, each as often as it stands there."""
    names = ours.columns
    both = [frame.select(names).group_by(names).len("_几") for frame in (theirs, ours)]
    on = [*names, "_几"]
    return sum(a.join(b, on=on, how="anti", nulls_equal=True).height for a, b in (both, both[::-1]))


def here(df: object) -> pl.DataFrame:
    """A DataFrame of Spark as one of Polars."""
    return pl.DataFrame(df.toArrow())


def written(folder: Path, rows: Rows, past: Rows) -> tuple[str, str]:
    """Both as canonical tables."""
    names = str(folder / "花名册.parquet"), str(folder / "历史.parquet")
    for name, each in zip(names, (rows, past), strict=True):
        each.frame.write_parquet(name)
    return names


def killed(process: subprocess.Popen) -> None:
    """End ``process`` and all that it has started, as a machine does that loses its current."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Cluster(NamedTuple):
    """A master's address; ``workers``: each the leader of a group of processes, its executors among them."""

    address: str
    workers: list[subprocess.Popen]


@contextmanager
def cluster(workers: int = 2, memory: str = "2g") -> Iterator[Cluster]:
    """A master and ``workers`` of PySpark's own classes on loopback."""
    import pyspark

    home = Path(pyspark.__file__).parent
    folder, port = tempfile.mkdtemp(prefix="jybf-spark-"), _port()
    known = {
        **os.environ,
        "SPARK_HOME": str(home),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": folder,
    }
    quiet = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": known,
        "cwd": folder,
    }

    def start(name: str, *words: str) -> subprocess.Popen:
        of = f"org.apache.spark.deploy.{name}"
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), of, "--host", "127.0.0.1", "--webui-port", "0", *words],
            start_new_session=True,
            **quiet,
        )

    address = f"spark://127.0.0.1:{port}"
    master = start("master.Master", "--port", str(port))
    running: list[subprocess.Popen] = []
    try:
        for _ in range(300):
            with socket.socket() as knock:
                if not knock.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.2)
        running += [start("worker.Worker", "--cores", "1", "--memory", memory, address) for _ in range(workers)]
        yield Cluster(address, running)
    finally:
        for process in (*running, master):
            killed(process)
        shutil.rmtree(folder, ignore_errors=True)


__all__ = ["COUNTY", "PAGE", "PLACE", "SHEET", "UNREAD"]
