"""jybf from Python: what the commands do, on a file or a frame, without printing and without an exit.

>>> import polars as pl
>>> from jybf import api
>>> people = pl.DataFrame({
...     "姓名": ["甲示例", "乙示例"],
...     "身份证号": ["140926197011110009", "140926197112120003"],
...     "人员类别": ["脱贫户", "一般农户"],
...     "务工省": ["广东省", "浙江省"],
...     "申请日期": ["2021-08-01", "2021-08-02"],
...     "申请金额": [800, 800],
... })
>>> api.calc(people, "shanxi", programs=["跨省"]).frame.select("行号", "结果", "核定金额").rows()
[(2, '可发放', 80000), (3, '不符合', None)]
>>> api.audit(people, "shanxi", programs=["跨省"]).frame.select("行号", "编号", "级别").rows()
[(3, 'JY214', '拦截')]
>>> api.why(people, "甲示例", "shanxi", programs=["跨省"]).rows[0].proofs[0].result
'可发放'

A frame is a table with a header: what ``polars.read_excel`` and ``polars.read_parquet`` give, texts best of all, since a number
has lost its zeros. Sums are Int64 in 分; ``yuan`` makes 元 of them. Every function raises :class:`JybfError`, whose
``problems`` say what, where and what to do, all at once. What a command says on stderr stands in ``Report.notices``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from os import PathLike, fspath
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import polars as pl
from msgspec.structs import replace

from jybf.commands.audit import audited
from jybf.commands.calc import calculated
from jybf.commands.request import Request, check_inputs
from jybf.commands.why import proved
from jybf.errors import JybfError, Problem
from jybf.model import Report, Roster
from jybf.model.proof import Why
from jybf.report.plain import in_yuan
from jybf.report.progress import Doing, unheard
from jybf.roster import read as read_files
from jybf.roster.source import as_text

__all__ = ["JybfError", "Problem", "Report", "Roster", "Source", "Why", "audit", "calc", "read", "why", "yuan"]

Source = str | PathLike[str] | pl.DataFrame | Sequence[str | PathLike[str]]
T = TypeVar("T")
_TABLE = "数据.csv"  # what a frame is called in 文件 and in messages


def read(source: Source, *, sheet: str | None = None, encoding: str | None = None) -> Roster:
    """What the reader makes of ``source``: typed rows, where each stands, and the cells that it can't read."""
    with _files(source) as paths:
        return read_files(paths, sheet=sheet, encoding=encoding)


def calc(
    source: Source,
    region: str = "",
    *,
    programs: Sequence[str] = (),
    history: Source = (),
    ledger: str = "",
    as_of: date | None = None,
    settings: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: str = "",
) -> Report:
    """As ``jybf calc``: ``frame`` has VERDICT_COLUMNS.

    ``settings``: "项目.yuan" → 元; ``columns``: the file of --map; ``ledger``: a path or a URL, whose payments are history too.
    """
    request = Request(
        (), region, sheet, encoding, columns, tuple(programs), settings=settings or {}, as_of=as_of, ledger=ledger
    )  # fmt: skip
    return _with_files(source, history, lambda files, past: _told(replace(request, files=files, history=past), calculated))


def audit(
    source: Source,
    region: str = "",
    *,
    programs: Sequence[str] = (),
    history: Source = (),
    ledger: str = "",
    against: Mapping[str, str] | None = None,
    as_of: date | None = None,
    settings: Mapping[str, str] | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    waivers: str = "",
    sheet: str | None = None,
    encoding: str | None = None,
    columns: str = "",
) -> Report:
    """As ``jybf audit``: ``frame`` has FINDING_COLUMNS, ``not_run`` what was not checked.

    ``against``: kind of list → its file (``"死亡": "名单.xlsx@2021-12-31"``); ``ledger``: as of :func:`calc`.
    """
    lists = tuple(f"{kind}={path}" for kind, path in (against or {}).items())
    request = Request(
        (), region, sheet, encoding, columns, tuple(programs), settings=settings or {}, as_of=as_of, against=lists,
        waivers=waivers, select=tuple(select), ignore=tuple(ignore), ledger=ledger,
    )  # fmt: skip
    return _with_files(source, history, lambda files, past: _told(replace(request, files=files, history=past), audited))


def why(
    source: Source,
    who: str,
    region: str = "",
    *,
    programs: Sequence[str] = (),
    history: Source = (),
    ledger: str = "",
    as_of: date | None = None,
) -> Why:
    """As ``jybf why``: the proofs of the rows that ``who`` (number, name or Excel row) means, and what is found on them."""
    request = Request((), region, programs=tuple(programs), as_of=as_of, ledger=ledger)
    return _with_files(
        source, history, lambda files, past: proved(replace(request, files=files, history=past), who, _unsaid, unheard)
    )


def yuan(report: Report) -> pl.DataFrame:
    """``report.frame`` with its sums as Decimal 元, two places."""
    return in_yuan(report)


def _told(request: Request, work: Callable[[Request, Callable[[str], None], Doing], Report]) -> Report:
    check_inputs(request)
    notices: list[str] = []
    report = work(request, notices.append, unheard)
    return replace(report, notices=tuple(dict.fromkeys(notices)))


def _unsaid(_: str) -> None:
    """A proof has no notices."""


def _with_files(source: Source, history: Source, work: Callable[[tuple[str, ...], tuple[str, ...]], T]) -> T:
    with _files(source) as files, _files(history) as past:
        return work(tuple(files), tuple(past))


@contextmanager
def _files(source: Source) -> Iterator[list[str]]:
    """The paths of ``source``; a frame lies in one as long as it is read."""
    if not isinstance(source, pl.DataFrame):
        one = isinstance(source, str | PathLike)
        yield [fspath(source)] if one else [fspath(path) for path in source]
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, _TABLE)
        path.write_bytes(as_text(source, _TABLE))
        yield [str(path)]
