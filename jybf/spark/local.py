"""Rows of the canonical table that one task holds, as the Roster that the rest of jybf takes; numbers go there and back.

The engine of this machine wants a row's number to be its place. ``Local.numbers`` are the numbers that the rows have in the
whole run, by their places here.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import polars as pl
from msgspec.structs import replace

from jybf.assess.known import know
from jybf.assess.stages import MERGED_RESULT, REASONS
from jybf.model import FILE, LINE, ROW, SHEET, Pack, Roster, Sheet, Verdicts
from jybf.roster.canonical import read_canonical
from jybf.roster.reading import gather
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD

TIED = {HOUSEHOLD: "_户", EMPLOYER: "_单位"}  # the columns with what the rows of the whole run say of a row's keys
ENOUGH = 50_000  # rows that are worked on at once


class Local(NamedTuple):
    """``roster``: rows in the order of the whole run; ``numbers``: the ``_row`` of each there."""

    roster: Roster
    numbers: pl.Series

    def here(self, rows: pl.Series) -> pl.Series:
        """The places of the rows with these numbers, null for those that are elsewhere."""
        places = pl.DataFrame({"n": self.numbers, "i": pl.int_range(self.numbers.len(), eager=True, dtype=pl.Int64)})
        return rows.alias("n").to_frame().join(places, on="n", how="left", maintain_order="left")["i"]


def frames(batches: Iterable[Any], most: int = ENOUGH) -> Iterator[pl.DataFrame]:
    """The record batches of a task as frames of some ``most`` rows."""
    held: list[pl.DataFrame] = []
    for batch in batches:
        held.append(pl.DataFrame(batch))
        if sum(frame.height for frame in held) >= most:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)


def local(frame: pl.DataFrame, index: int = 0) -> Local:
    """``frame``: canonical rows, each once, with the columns TIED where keys are known from all rows; sheets from ``index``."""
    rows = frame.sort(ROW)
    tables, notices = read_canonical(rows.drop(*TIED.values(), strict=False), "规范表", "", index)
    parts = rows.partition_by(SHEET, maintain_order=True)
    files = [part[FILE][0] for part in parts]
    whole = gather(tables, notices)
    sheets = tuple(replace(sheet, file=file) for sheet, file in zip(whole.sheets, files, strict=True))
    numbers = pl.concat([part[ROW] for part in parts])
    order = numbers.arg_sort()
    place = pl.int_range(numbers.len(), eager=True, dtype=pl.Int64)
    there = pl.DataFrame({ROW: order.cast(pl.Int64), "_新": place})
    ordered = whole.rows[order].with_columns(place.alias(ROW), *_tied(rows))
    problems = whole.problems.join(there, on=ROW, how="left", maintain_order="left")
    problems = problems.with_columns(pl.col("_新").alias(ROW)).drop("_新").sort(ROW, maintain_order=True)
    return Local(replace(whole, rows=ordered, problems=problems, sheets=sheets), numbers[order])


def _tied(rows: pl.DataFrame) -> Iterator[pl.Series]:
    for key, name in TIED.items():
        if name in rows.columns:
            yield rows[name].alias(key)


def verdicts(judged: pl.DataFrame, own: Local, pack: Pack, as_of: date | None, known: pl.DataFrame | None = None) -> Verdicts:
    """The verdicts on the rows of ``own``: of ``judged`` (OUTPUT), which Spark has worked out for the whole run.

    ``先`` stays as it is: what is elsewhere has no place here.
    """
    placed = judged.with_columns(own.here(judged[ROW]).alias(ROW)).sort(ROW, "项目")
    named = placed.filter(pl.col("项目").is_not_null())
    merged = named.filter(pl.col("结果") == MERGED_RESULT)
    rows = named.filter(pl.col("结果") < MERGED_RESULT)
    reasons = pl.Series(REASONS, dtype=pl.String).gather(rows["缘由"])
    into = merged.select(ROW, "项目", own.here(merged["先"]).alias("并入"))
    unnamed = placed.filter(pl.col("项目").is_null()).select(ROW)
    facts = know(own.roster.rows, pack) if known is None else known
    return Verdicts(rows.with_columns(reasons.alias("缘由")), into, unnamed, pack, facts, as_of)


def stubs(places: pl.DataFrame, first: int) -> tuple[pl.DataFrame, tuple[Sheet, ...]]:
    """Rows only pointed at: ``places`` (文件, 工作表, 行号, each once) as ``_sheet`` and 行号, and their sheets.

    The sheets are numbered from ``first``.
    """
    pages = (
        places.select("文件", "工作表")
        .unique(maintain_order=True)
        .with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + first).alias(SHEET))
    )
    rows = places.join(pages, on=["文件", "工作表"], how="left", maintain_order="left", nulls_equal=True)
    sheets = tuple(Sheet(index, file, page or "", "", 0, {}) for file, page, index in pages.iter_rows())
    return rows.select(SHEET, pl.col("行号").cast(pl.Int64).alias(LINE)), sheets


def with_stubs(roster: Roster, places: pl.DataFrame) -> Roster:
    """``roster`` with rows that are only pointed at behind its own."""
    rows, sheets = stubs(places, max((sheet.index for sheet in roster.sheets), default=-1) + 1)
    numbered = rows.with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + roster.rows.height).alias(ROW))
    own = roster.rows.cast({SHEET: pl.Int64})
    return replace(roster, rows=pl.concat([own, numbered], how="diagonal"), sheets=(*roster.sheets, *sheets))
