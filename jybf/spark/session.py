"""The session of a run from the command line, and the tables that it names."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jybf.errors import Problem, UsageError
from jybf.spark.failures import Task
from jybf.spark.intake import workbooks

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods")
_ASIDE = ("~$", ".", "_")  # how files begin that are none of the user's
_QUIET = {
    "spark.ui.showConsoleProgress": "false",
    "spark.ui.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
}


def session_of(master: str, conf: Sequence[str]) -> "SparkSession":
    """A session on ``master`` with ``conf`` (``key=value``). Raises UsageError."""
    from pyspark.sql import SparkSession

    stated = dict(_setting(each) for each in conf)
    if python := stated.get("spark.pyspark.python", sys.executable if master.startswith("local") else ""):
        os.environ["PYSPARK_PYTHON"] = python  # what the driver tells the workers to run is read from here alone
    builder = SparkSession.builder.appName("jybf").master(master)
    for key, value in {**_QUIET, **stated}.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.startswith("spark."):
        raise UsageError(Problem(f"“{text}”不是 Spark 的设定", "--conf", "写成 spark.executor.memory=8g"))
    return key, value


def table_of(session: "SparkSession", named: str, task: Task, *, paid: bool = False) -> "DataFrame":
    """What ``named`` is: Parquet, ORC or CSV files, or a folder of workbooks (read, one task each).

    Beside workbooks no file of a folder is passed over: what is no roster is told.
    """
    path = Path(named)
    inside = sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith(_ASIDE))
    if any(each.suffix.lower() in _WORKBOOKS for each in (path, *inside)):
        return workbooks(session, [str(each) for each in inside] or [named], task, paid=paid)
    form = _form(path, named)
    if form == "csv":
        return session.read.csv(named, header=True, multiLine=True, escape='"')
    if form:
        return session.read.format(form).load(named)
    hint = "在 Python 里给一张表：jybf.spark.calc(spark.table(名字), region=…)"
    raise UsageError(Problem("不是 Parquet、ORC、CSV，也不是工作簿的文件夹", named, hint))


def _form(path: Path, named: str) -> str:
    """The form of files by their suffix; "" for anything else."""
    suffixes = (
        [path.suffix.lower(), *(each.suffix.lower() for each in sorted(path.glob("*"))[:100])]
        if path.is_dir()
        else [path.suffix.lower()]
    )
    known: Mapping[str, str] = {".csv": "csv", ".orc": "orc", ".parquet": "parquet"}
    found = next((known[each] for each in suffixes if each in known), "")
    return found or ("parquet" if "/" in named else "")
