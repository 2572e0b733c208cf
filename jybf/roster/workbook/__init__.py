"""Workbooks (xlsx; and xls, xlsb, ods, read by a process of their own) → one Grid a sheet."""

from typing import NamedTuple

from jybf.roster.grid import Grid
from jybf.roster.source import Source
from jybf.roster.workbook.choice import some

EMPTY = "空的"


class Left(NamedTuple):
    """A sheet that is not read, and why, in the user's words."""

    name: str
    why: str


def read_workbook(source: Source, sheet: str | None) -> tuple[list[Grid], list[Left], list[str]]:
    """The visible sheets with anything in them (or the one that ``sheet`` names), those left out, and notices."""
    # Each with what the other, and a text, has no use for: a parser of XML, or a process and a library.
    if source.kind == "xlsx":
        from jybf.roster.workbook.xlsx import read_xlsx

        grids, hidden, others, notices = read_xlsx(source, sheet)
    else:
        from jybf.roster.workbook.typed import read_typed

        grids, hidden, others = read_typed(source, sheet)
        notices = []
    filled = [grid for grid in grids if not grid.cells.is_empty()]
    empty = [grid.name for grid in grids if grid.cells.is_empty()]
    left = [Left(name, why) for names, why in ((hidden, "隐藏的"), (empty, EMPTY), (others, "图表或宏表")) for name in names]
    said = (
        (hidden, f"隐藏的工作表没有读：{'、'.join(hidden)}（要读就用 --sheet 指定）"),
        (empty, f"{EMPTY}工作表：{some(empty)}，没有一格有内容；不该是空的，就核对原件"),
        (others, f"图表或宏表没有读：{some(others)}"),
    )
    return filled, left, [*(f"{source.file}：{text}" for names, text in said if names), *notices]
