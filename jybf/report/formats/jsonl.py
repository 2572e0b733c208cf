"""JSON Lines: a row a line. Numbers of people are text; money is text in 元 (``"800.00"``) or null, a chance text."""

from typing import BinaryIO

import polars as pl

from jybf.model import Report
from jybf.report.plain import in_yuan, masked


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """Each row of ``report.frame`` as one JSON object in UTF-8, keys in the contract's order."""
    frame = in_yuan(report).with_columns(pl.selectors.decimal().cast(pl.String))
    (masked(frame) if mask else frame).write_ndjson(out)
