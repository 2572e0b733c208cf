"""Verdicts and findings → screens and files. One module a format; each has ``write(report, out, *, mask)``."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from jybf.errors import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jybf.model import Report

FORMATS = {  # format → suffix; the module of the same name writes it and is imported only when it is wanted
    "table": ".txt",
    "csv": ".csv",
    "json": ".json",
    "jsonl": ".jsonl",
    "xlsx": ".xlsx",
    "html": ".html",
}


class Writer(Protocol):
    """Writes the whole of ``report`` to ``out``; ``mask`` hides most of each ID, card and phone number.

    Gives what the user should know of what was written, as sentences; None: nothing.
    """

    def __call__(self, report: Report, out: BinaryIO, *, mask: bool) -> list[str] | None: ...


def writer(form: str) -> Writer:
    """The writer of format ``form``, a key of FORMATS."""
    return cast("Writer", import_module(f"{__name__}.{form}").write)


def format_of(path: str, formats: Mapping[str, str] = FORMATS) -> str:
    """The one of ``formats`` that the suffix of ``path`` asks for. Raises UsageError for a suffix nobody writes."""
    suffix = PurePath(path).suffix.lower()
    for form, known in formats.items():
        if suffix == known:
            return form
    choices = " ".join(formats.values())
    raise UsageError(Problem(f"不知道怎样写“{suffix or '没有后缀的文件'}”", path, f"后缀可用：{choices}；或用 -f 指明格式"))
