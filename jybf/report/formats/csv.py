"""CSV in the contract's columns. A text cell that a spreadsheet would run as a formula gets a leading apostrophe."""

from collections.abc import Sequence
from typing import BinaryIO

import polars as pl

from jybf.model import Report
from jybf.regex import pattern
from jybf.report.plain import flowing, named
from jybf.visible import INVISIBLE

FLOWS = True
_OWN_WORDS = {"calc": ("结果", "标准类型"), "audit": ("编号", "级别")}  # this program's own, whatever a roster or a pack says
# At the beginning only, also after blanks and in full width: A-B公司 and 2021-08-01 are what they seem.
_FORMULA = rf"^((?:\s|{INVISIBLE})*[=+\-@＝＋－＠]|[\t\r\n])"

_RUNS = pattern(_FORMULA)
_SOUND = (("0", "="), ("\u4e00", "\ua000"))  # from, to: texts that begin with a digit, or with Chinese; this is soon seen


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """UTF-8 without BOM (a file for Excel gets it from the caller), one header line, ``800.00`` or nothing as money."""
    own = _OWN_WORDS.get(report.kind, ())
    _sink(flowing(report, mask=mask, ready=lambda frame: _ready(frame, own)), out)


def write_frame(frame: pl.DataFrame, out: BinaryIO) -> None:
    """``frame``, its sums in 元, as :func:`write` writes a report."""
    _sink(_ready(frame, ()).lazy(), out)


def _sink(lines: pl.LazyFrame, out: BinaryIO) -> None:
    lines.sink_csv(out, line_terminator="\r\n")


def _ready(frame: pl.DataFrame, own: Sequence[str]) -> pl.DataFrame:
    """``frame`` without anything that would run, in its names too; ``own``: the columns with words of this program only."""
    text, inert = pl.col(pl.String), _inert(named(frame, lambda name: _RUNS.sub(r"'\1", name)), own)
    return inert.with_columns(pl.when(text != "").then(text))  # else "" would be quoted


def _inert(frame: pl.DataFrame, own: Sequence[str]) -> pl.DataFrame:
    suspects = frame.select(pl.selectors.string() - pl.selectors.by_name(*own, require_all=False))
    for first, end in _SOUND:
        suspects = suspects.select(_any(suspects, ~pl.all().is_between(pl.lit(first), pl.lit(end), closed="left")))
    columns = _any(suspects, pl.all().str.contains(_FORMULA))
    return frame.with_columns(pl.col(columns).str.replace(_FORMULA, "'${1}")) if columns else frame


def _any(frame: pl.DataFrame, test: pl.Expr) -> list[str]:
    """The columns of which any cell passes the ``test``."""
    return [column.name for column in frame.select(test.any()) if column.item()]
