"""Workbooks (xlsx; and xls, xlsb, ods, read by a process of their own) → one Grid a sheet."""

from typing import NamedTuple

from jybf.roster.grid import Grid
from jybf.roster.source import Source
from jybf.roster.workbook.xlsx import read_xlsx


class Left(NamedTuple):
    """A sheet that is not read, and why, in the user's words."""

    name: str
    why: str


def read_workbook(source: Source, sheet: str | None) -> tuple[list[Grid], list[Left], list[str]]:
    """The visible sheets with anything in them (or the one that ``sheet`` names), those left out, and notices."""
    if source.kind == "xlsx":
        grids, hidden, notices = read_xlsx(source, sheet)
    else:
        from jybf.roster.workbook.typed import read_typed  # with a process and a library that an xlsx has no use for

        grids, hidden, notices = *read_typed(source, sheet), []
    filled = [grid for grid in grids if not grid.cells.is_empty()]
    left = [Left(name, "隐藏的") for name in hidden] + [Left(grid.name, "空的") for grid in grids if grid.cells.is_empty()]
    about = f"{source.file}：隐藏的工作表没有读：{'、'.join(hidden)}（要读就用 --sheet 指定）"
    return filled, left, [*([about] if hidden else []), *notices]
