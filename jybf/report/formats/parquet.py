"""Parquet for warehouses and notebooks: texts as texts, numbers of people too, sums as Decimal 元, the same bytes twice."""

from typing import BinaryIO

import polars as pl

from jybf.model import Report
from jybf.report.plain import flowing

FLOWS = True


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """The lines of ``report`` in the contract's columns; what is not there is null, as in the other formats for programs."""
    flowing(report, mask=mask).sink_parquet(out)


def write_frame(frame: pl.DataFrame, out: BinaryIO) -> None:
    """``frame`` as it is, its sums in 元."""
    frame.write_parquet(out)
