"""Verdicts of some programmes only, and verdicts on some rows only: what is said of a row needs no other."""

from collections.abc import Iterator

import polars as pl
from msgspec.structs import replace

from jybf.model import ROW, Verdicts

ROWS = 500_000  # that are put into words at once: the words of ten million rows need not stand all at the same time


def left_out(verdicts: Verdicts) -> pl.Series:
    """The ``_row`` of rows that only other programmes than those asked for are about, in order."""
    ours = _rows_of(verdicts)
    if not verdicts.whole:
        return ours.clear()
    every = _rows_of(verdicts.whole).unique().sort()
    return every.filter(~every.is_in(ours.implode()))


def _rows_of(verdicts: Verdicts) -> pl.Series:
    frames = (verdicts.rows, verdicts.merged, verdicts.unnamed)
    return pl.concat([frame[ROW].cast(pl.Int64) for frame in frames])


def sliced(verdicts: Verdicts, rows: int) -> Iterator[tuple[range, Verdicts]]:
    """The ``rows`` of a roster by ROWS, and the ``verdicts`` on each of these, which are sorted by their ``_row``.

    Of no rows one part, with none.
    """
    for first in range(0, max(rows, 1), ROWS):
        part = range(first, min(first + ROWS, rows))
        yield part, _on(verdicts, part)


def _on(verdicts: Verdicts, part: range) -> Verdicts:
    whole = _on(verdicts.whole, part) if verdicts.whole else None
    own = (_between(frame, part) for frame in (verdicts.rows, verdicts.merged, verdicts.unnamed))
    return replace(verdicts, **dict(zip(("rows", "merged", "unnamed"), own, strict=True)), whole=whole)


def _between(frame: pl.DataFrame, part: range) -> pl.DataFrame:
    start, end = (int(frame[ROW].search_sorted(row)) for row in (part.start, part.stop))
    return frame.slice(start, end - start)
