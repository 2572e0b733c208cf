"""Verdicts and findings → screens and files; ``formats`` has what they can be written as."""

from collections.abc import Mapping
from pathlib import PurePath

from jybf.errors import Problem, UsageError
from jybf.report.formats import FORMATS, flows, writer

__all__ = ["FORMATS", "flows", "format_of", "writer"]


def format_of(path: str, formats: Mapping[str, str] = FORMATS) -> str:
    """The one of ``formats`` that the suffix of ``path`` asks for. Raises UsageError for a suffix nobody writes."""
    suffix = PurePath(path).suffix.lower()
    for form, known in formats.items():
        if suffix == known:
            return form
    choices = " ".join(formats.values())
    raise UsageError(Problem(f"不知道怎样写“{suffix or '没有后缀的文件'}”", path, f"后缀可用：{choices}；或用 -f 指明格式"))
