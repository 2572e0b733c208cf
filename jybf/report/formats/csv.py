"""CSV in the contract's columns. A text cell that a spreadsheet would run as a formula gets a leading apostrophe."""

from collections.abc import Sequence
from typing import BinaryIO

import polars as pl

from jybf.model import Report
from jybf.regex import pattern
from jybf.report.plain import in_yuan, masked, named
from jybf.visible import INVISIBLE

_OWN_WORDS = {"calc": ("结果", "标准类型"), "audit": ("编号", "级别")}  # this program's own, whatever a roster or a pack says
# At the beginning only, also after blanks and in full width: A-B公司 and 2021-08-01 are what they seem.
_FORMULA = rf"^((?:\s|{INVISIBLE})*[=+\-@＝＋－＠]|[\t\r\n])"

_RUNS = pattern(_FORMULA)


def write(report: Report, out: BinaryIO, *, mask: bool, header: bool = True) -> None:
    """UTF-8 without BOM (a file for Excel gets it from the caller), one header line, ``800.00`` or nothing as money.

    Without a ``header`` it is a part that is written behind others.
    """
    frame = in_yuan(report)
    write_frame(masked(frame) if mask else frame, out, _OWN_WORDS.get(report.kind, ()), header=header)


def write_frame(frame: pl.DataFrame, out: BinaryIO, own: Sequence[str] = (), *, header: bool = True) -> None:
    """``frame``, its sums in 元, as :func:`write` writes a report; ``own``: the columns with words of this program only."""
    text, inert = pl.col(pl.String), _inert(named(frame, lambda name: _RUNS.sub(r"'\1", name)), own)
    bare = inert.lazy().with_columns(pl.when(text != "").then(text))  # else "" would be quoted
    bare.sink_csv(out, line_terminator="\r\n", include_header=header)


def _inert(frame: pl.DataFrame, own: Sequence[str]) -> pl.DataFrame:
    outside = pl.selectors.string() - pl.selectors.by_name(*own, require_all=False)
    suspects = frame.select(outside.str.contains(_FORMULA).any()).row(0, named=True)
    columns = [name for name, found in suspects.items() if found]
    return frame.with_columns(pl.col(columns).str.replace(_FORMULA, "'${1}")) if columns else frame
