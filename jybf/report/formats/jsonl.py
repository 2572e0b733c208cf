"""JSON Lines: a row a line. Numbers of people are text; money is text in 元 (``"800.00"``) or null, a chance text."""

from typing import BinaryIO

import polars as pl

from jybf.model import Report
from jybf.report.plain import flowing

FLOWS = True


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """Each line of ``report`` as one JSON object in UTF-8, keys in the contract's order."""
    flowing(report, mask=mask, ready=lambda frame: frame.with_columns(pl.selectors.decimal().cast(pl.String))).sink_ndjson(out)
