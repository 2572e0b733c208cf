"""What the command line asks for, checked and typed; nothing heavy, so that a wrong option is told at once."""

import os
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

import msgspec

from jybf.errors import Problem, UsageError, near
from jybf.model import LEVELS
from jybf.vocabulary.values.dates import parse_date

ENGINES = ("duckdb", "spark")


class Request(msgspec.Struct, frozen=True):
    """The work. ``settings``: "项目.yuan" → 元; ``programs``: ids or parts of ids; ``select``, ``ignore``: heads of codes."""

    files: tuple[str, ...]
    region: str = ""
    sheet: str | None = None
    encoding: str | None = None
    columns: str = ""  # the file of --map
    programs: tuple[str, ...] = ()
    force: bool = False  # every row is judged by ``programs``, whatever it is named for
    settings: Mapping[str, str] = {}
    as_of: date | None = None
    law_as_of: date | None = None
    rules: str = ""  # the folder of the user's own packs
    history: tuple[str, ...] = ()
    ledger: str = ""  # a path or a URL; its payments are history too
    against: tuple[str, ...] = ()  # "死亡=名单.xlsx@2021-12-31"
    waivers: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    carried: bool = False  # the roster's own columns are carried on behind the verdicts
    engine: str = ""  # "duckdb": on disk, within ``memory``
    memory: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every file that is read, and that no output may be written over."""
        lists = (text.partition("=")[2] for text in self.against)
        paths = (path for text in lists for path in (text, text.rpartition("@")[0]))
        return tuple(path for path in (*self.files, *self.history, *paths, self.columns, self.waivers) if path)


class Delivery(msgspec.Struct, frozen=True):
    """The result. Without ``form`` and ``output`` a terminal gets the table and a pipe CSV."""

    form: str = ""
    output: str = ""
    mask: bool = False
    show_pii: bool = False
    quiet: bool = False
    whole: bool = False  # on a terminal too nothing is folded or shortened
    split: str = ""  # by what ``output``, a folder, gets a file each


class Shape(msgspec.Struct, frozen=True):
    """What is given of an audit: its findings, or the ``pay_list``, ``statistics`` or a ``sample`` of so many rows instead."""

    pay_list: bool = False
    statistics: bool = False
    sample: int | None = None
    seed: int = 0


class Cluster(msgspec.Struct, frozen=True):
    """Where a run on Spark goes. ``bad_rows``: where unreadable cells go; ``county``, ``most``: how an audit is parted."""

    master: str = "local[*]"
    conf: tuple[str, ...] = ()
    bad_rows: str = ""
    county: str = ""
    most: int = 0


def on_cluster(engine: str, cluster: Cluster) -> bool:
    """Whether a run is for a cluster. Raises UsageError where only the options are."""
    if engine != "spark" and cluster != Cluster():
        only = "--master、--conf、--bad-rows、--county、--county-rows 是 Spark 的"
        raise UsageError(Problem(only, "--engine", "加上 --engine spark"))
    return engine == "spark"


def request_of(
    files: list[str],
    region: str,
    sheet: str | None,
    encoding: str | None,
    columns: str,
    programs: list[str] | None,
    forced: list[str] | None,
    pairs: list[str] | None,
    as_of: str,
    history: list[str] | None,
    ledger: str = "",
    law_as_of: str = "",
    rules: str = "",
) -> Request:
    """What every command that assesses is asked. Raises UsageError."""
    if programs and forced:
        raise UsageError(Problem("--program 与 --as-program 只能用一个"))
    kept = tuple(programs or forced or ())
    return Request(
        tuple(files), region, sheet, encoding, columns, kept, bool(forced), settings(pairs), day_of(as_of, "--as-of"),
        day_of(law_as_of, "--law-as-of"), rules, tuple(history or ()), ledger,
    )  # fmt: skip


def check_inputs(request: Request) -> None:
    """Raises UsageError for a file given twice (its people would be paid twice) and for a history nobody can read."""
    piped = [text for text in request.against if text.endswith("=-")]
    inputs = (*request.files, *request.history, *("-" for _ in piped))
    count = Counter(map(_real, inputs))
    twice = dict.fromkeys(path for path in inputs if count[_real(path)] > 1)
    faults = [Problem("同一个文件给了两次", "、".join(twice), "去掉重复的")] if twice else []
    unread = [path for path in request.history if path.lower().endswith((".json", ".jsonl"))]
    faults += [Problem("历史不能是 json", path, "历史请用 csv 或 xlsx：加 -o 结果.xlsx 重算一份") for path in unread]
    if faults:
        raise UsageError(*faults)


def _real(path: str) -> str:
    return path if path == "-" else os.path.realpath(path)


def codes_of(texts: list[str] | None) -> tuple[str, ...]:
    """``["JY506,JY507", "JY6"]`` one by one."""
    return tuple(code for text in texts or () for code in re.split(r"[,，、\s]+", text) if code)


def day_of(text: str, option: str) -> date | None:
    """A day, read as cells are (2021-12-31, 2021.12.31, 2021年12月31日); None for "". Raises UsageError."""
    found = parse_date(text)
    if found is None and not text:
        return None
    if not isinstance(found, tuple):
        raise UsageError(Problem(f"“{text}”不是日期", option, "写成 2021-12-31"))
    if found[0] != found[1]:
        raise UsageError(Problem(f"“{text}”没有写到日", option, "写成 2021-12-31"))
    return found[0]


def settings(pairs: list[str] | None) -> dict[str, str]:
    """``["项目.yuan=650"]`` as a mapping. Raises UsageError with every pair that has no equals sign."""
    wrong = [pair for pair in pairs or () if "=" not in pair]
    if wrong:
        raise UsageError(*(Problem(f"“{pair}”缺少等号", "--set", "写成 一次性创业补贴.yuan=5000") for pair in wrong))
    return {key.strip(): value.strip() for key, _, value in (pair.partition("=") for pair in pairs or ())}


def carries(text: str) -> bool:
    """Whether ``--columns`` asks for the roster's own columns too. Raises UsageError."""
    if text not in ("own", "all"):
        raise UsageError(Problem(f"没有“{text}”这种写法", "--columns", "own：只有本工具的列；all：花名册自己的列跟在后面"))
    return text == "all"


def engine_of(text: str, engines: tuple[str, ...] = ENGINES) -> str:
    """The engine of ``--engine``, one of ``engines``; "" for the one that is always there. Raises UsageError."""
    if text not in ("", "polars", *engines):
        hint = f"{near(text, engines)}可选：polars（默认）、{'、'.join(engines)}"
        raise UsageError(Problem(f"没有引擎“{text}”", "--engine", hint))
    return "" if text == "polars" else text


def level(text: str) -> str:
    """One of LEVELS. Raises UsageError."""
    if text not in LEVELS:
        raise UsageError(Problem(f"没有级别“{text}”", "--fail-on", f"可选：{'、'.join(LEVELS)}"))
    return text
