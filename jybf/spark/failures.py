"""What goes wrong on a cluster, in one sentence that names it; and the way of a problem from a worker to the user."""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache, partial
from typing import Any

import msgspec

from jybf import __version__
from jybf.errors import InputError, JybfError, OutputError, PackError, Problem, UsageError
from jybf.model import Pack
from jybf.policy import load_pack

_FROM, _TO = "⟦jybf ", "⟧"
_KINDS = {kind.__name__: kind for kind in (InputError, OutputError, PackError, UsageError)}
_TOLD = re.compile(f"{_FROM}(.*?){_TO}", re.DOTALL)
_SAME = "在每个工作节点上装好同一版 jybf[spark]，或用 --conf spark.pyspark.python=… 指到装了它的 Python"
_DENIED = "Permission denied|AccessControlException|AccessDenied|INSUFFICIENT_PERMISSIONS"
_WORDS = (  # what Spark says → what is wrong, and what to do; {}: the name that it says
    (r"No module named '(jybf|polars|pyarrow|msgspec|sqlglot)[\w.]*'", "工作节点上没有 {}", _SAME),
    (r"\[TABLE_OR_VIEW_NOT_FOUND\].*?[`\"]([^\n]*?)[`\"] cannot be found", "没有“{}”这张表", "核对库名和表名"),
    (r"\[PATH_NOT_FOUND\][^\n]*?: (\S+?)\.? SQLSTATE", "没有 {}", "核对路径；每个工作节点都要够得着它"),
    (
        rf"(?:{_DENIED})[^\n]*?[=:]?\s*\"?([\w:/.\-]+/[^\s\",]+)",
        "没有读写 {} 的权限",
        "请管理员授权",
    ),
    (_DENIED, "没有读这张表的权限", "请管理员授权"),
    (
        r"(?:Could not read footer for file|\[CANNOT_READ_FILE_FOOTER\][^\n]*?file): ?(\S+?)\.?(?:\s|$)",
        "{} 不是完整的 Parquet 文件，或已损坏",
        "重新导出这一个文件",
    ),
    (r"(\S+?\.(?:parquet|orc))\b[^\n]*(?:is not a Parquet file|Malformed|corrupt)", "{} 已损坏", "重新导出这一个文件"),
    (
        r"\[FAILED_READ_FILE\.PARQUET_COLUMN_DATA_TYPE_MISMATCH\][^\n]*?file (\S+?)\.? (?:Column|Expected|SQLSTATE)",
        "{} 的列与别的分区类型不一样",
        "改成同一种类型再导出",
    ),
    (
        r"\[FAILED_READ_FILE[^\]]*\][^\n]*?(?:file|reading) (\S+?)\.? ",
        "读不了 {}：已损坏，或列与别的分区不一样",
        "重新导出这一个文件",
    ),
    (r"\[PATH_ALREADY_EXISTS\][^\n]*?(?:file:)?(/\S+)", "{} 已经有了", "换一个位置，或先移走它"),
    (
        r"OutOfMemoryError|Cannot allocate memory|exceeding memory limits|exited with a non-zero status|ExecutorLostFailure",
        "执行器的内存不够，或工作节点停了",
        "加大 --conf spark.executor.memory=…，或把县分得更细（--county 乡镇）",
    ),
    (r"Connection refused|All masters are unresponsive", "连不上 Spark 的主节点", "核对 --master"),
)


class Task(msgspec.Struct, frozen=True):
    """What every task has to have alike: the pack that it loads by name, and which one that must be."""

    region: str
    digest: str
    settings: tuple[tuple[str, str], ...] = ()
    as_of: date | None = None
    version: str = __version__

    def pack(self) -> Pack:
        """The pack, loaded here. Raises PackError where it is another one than the run began with."""
        return _loaded(self)


def task_of(pack: Pack, region: str, settings: dict[str, str], as_of: date | None) -> Task:
    """The task of a run with ``pack``, which is ``region``'s with ``settings``."""
    return Task(region, pack.digest, tuple(sorted(settings.items())), as_of)


@lru_cache(8)
def _loaded(task: Task) -> Pack:
    if task.version != __version__:
        raise UsageError(Problem(f"工作节点上的 jybf 是 {__version__}，这次运行的是 {task.version}", "", _SAME))
    pack = load_pack(task.region, dict(task.settings))
    if pack.digest != task.digest:
        raise PackError(
            Problem(f"工作节点上的规则包是 {pack.digest[:12]}，这次运行的是 {task.digest[:12]}", task.region, _SAME)
        )
    return pack


def guarded(task: Task, work: Callable[[Iterable[Any]], Iterator[Any]]) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """``work`` on the batches of a task, once the worker is found to be like the driver; its JybfError goes to the user."""
    return partial(_guarded, task=task, work=work)


def _guarded(batches: Iterable[Any], *, task: Task, work: Callable[[Iterable[Any]], Iterator[Any]]) -> Iterator[Any]:
    with carrying():
        task.pack()
        yield from work(batches)


@contextmanager
def carrying() -> Iterator[None]:
    """On a worker: a JybfError as a text that :func:`told` finds in what Spark says of the failed task."""
    try:
        yield
    except JybfError as error:
        told = [type(error).__name__, [[p.message, p.where, p.hint] for p in error.problems]]
        raise RuntimeError(_FROM + json.dumps(told, ensure_ascii=False) + _TO) from None


@contextmanager
def told(where: str = "") -> Iterator[None]:
    """On the driver: whatever Spark raises, as a JybfError with one sentence. ``where``: the input."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.logger import PySparkLogger

    loud = [PySparkLogger.getLogger(f"{of}QueryContextLogger") for of in ("DataFrame", "SQL")]  # print what they raise, as JSON
    levels = [each.level for each in loud]
    for each in loud:
        each.setLevel(logging.CRITICAL + 1)
    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise _said(str(error), where) from None
    finally:
        for each, level in zip(loud, levels, strict=True):
            each.setLevel(level)


def _said(text: str, where: str) -> JybfError:
    if found := _TOLD.search(text):
        kind, problems = json.loads(found[1])
        return _KINDS.get(kind, InputError)(*(Problem(*problem) for problem in problems))
    for pattern, words, hint in _WORDS:
        if match := re.search(pattern, text, re.DOTALL):
            return InputError(Problem(words.format(*match.groups()).replace("`.`", "."), where, hint))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
    what = (raised or lines or ["没有说为什么"])[-1 if raised else 0]
    return InputError(Problem(f"Spark 停下了：{what[:300]}", where, "看 Spark 的日志"))
