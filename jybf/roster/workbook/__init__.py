"""Workbooks (xlsx, xls, xlsb, ods) → one Grid a sheet, read by a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jybf.roster.workbook.typed import read_typed
from jybf.roster.workbook.xlsx import read_xlsx

if TYPE_CHECKING:
    from jybf.roster.grid import Grid
    from jybf.roster.source import Source


def read_workbook(source: Source, sheet: str | None) -> tuple[list[Grid], list[str]]:
    """The visible sheets with anything in them (or the one that ``sheet`` names), and notices on what was left out."""
    grids, notices = read_xlsx(source, sheet) if source.kind == "xlsx" else read_typed(source, sheet)
    return [grid for grid in grids if grid.cells.height and grid.cells.width], notices
