"""Parquet for warehouses and notebooks: texts as texts, numbers of people too, sums as Decimal 元, the same bytes twice."""

from typing import BinaryIO

import polars as pl

from jybf.model import Report
from jybf.report.plain import in_yuan, masked


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """``report.frame`` in the contract's columns; what is not there is null, as in the other formats for programs."""
    frame = in_yuan(report)
    write_frame(masked(frame) if mask else frame, out)


def write_frame(frame: pl.DataFrame, out: BinaryIO) -> None:
    """``frame`` as it is, its sums in 元."""
    frame.write_parquet(out)
