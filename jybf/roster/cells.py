"""Where a value stands in its file: Excel's own names of cells."""

import polars as pl

from jybf.model import LINE, SHEET, Roster, Sheet
from jybf.roster.grid import column_letters


def cell(sheet: Sheet, field: str, line: int) -> str:
    """Excel's name of a cell, such as G7: ``field`` in Excel row ``line``; empty if the sheet has no column for it."""
    column = sheet.columns.get(field)
    return "" if column is None else f"{column_letters(column)}{line}"


def cells(roster: Roster, places: pl.DataFrame) -> pl.Series:
    """The cells of many findings: ``places`` has ``_sheet``, ``行号`` and ``字段``; one name a row, "" where none."""
    letters = [
        (sheet.index, field, column_letters(column)) for sheet in roster.sheets for field, column in sheet.columns.items()
    ]
    known = pl.DataFrame(letters, schema={SHEET: pl.Int64, "字段": pl.String, "列": pl.String}, orient="row")
    named = places.select(pl.col(SHEET).cast(pl.Int64), LINE, "字段").join(
        known, on=[SHEET, "字段"], how="left", maintain_order="left"
    )
    return named.select(pl.format("{}{}", "列", LINE).fill_null("").alias("单元格")).to_series()
