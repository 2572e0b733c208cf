"""CSV in the contract's columns. A text cell that a spreadsheet would run as a formula gets a leading apostrophe."""

from typing import BinaryIO

import polars as pl

from jybf.model import Report
from jybf.report.plain import in_yuan, masked
from jybf.visible import INVISIBLE

_OWN_WORDS = ("结果", "标准类型", "编号", "级别")  # this program's own, whatever a roster or a pack says
# At the beginning only, also after blanks and in full width: A-B公司 and 2021-08-01 are what they seem.
_FORMULA = rf"^((?:\s|{INVISIBLE})*[=+\-@＝＋－＠]|[\t\r\n])"


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """UTF-8 without BOM (a file for Excel gets it from the caller), one header line, ``800.00`` or nothing as money."""
    frame = in_yuan(report)
    write_frame(masked(frame) if mask else frame, out)


def write_frame(frame: pl.DataFrame, out: BinaryIO) -> None:
    """``frame``, its sums in 元, as :func:`write` writes a report."""
    text = pl.col(pl.String)
    bare = _inert(frame).with_columns(pl.when(text != "").then(text))  # else "" would be quoted
    bare.lazy().sink_csv(out, line_terminator="\r\n")


def _inert(frame: pl.DataFrame) -> pl.DataFrame:
    outside = pl.selectors.string() - pl.selectors.by_name(*_OWN_WORDS, require_all=False)
    suspects = frame.select(outside.str.contains(_FORMULA).any()).row(0, named=True)
    columns = [name for name, found in suspects.items() if found]
    return frame.with_columns(pl.col(columns).str.replace(_FORMULA, "'${1}")) if columns else frame
