"""审核结论, 审核说明 and 涉及金额 at the end of the user's own sheet, in the manner of the columns that stand there."""

from collections.abc import Iterator
from copy import copy
from math import ceil
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from jybf.regex import pattern
from jybf.report.layout import LINE_HEIGHT, MONEY_FORMAT, Value, display_width, runs
from jybf.report.marks import CLEAR, VERDICTS, Marked, Outcome
from jybf.report.sheets import put, safe_text
from jybf.report.tints import FILLS, note
from jybf.roster.own import ADDED

WIDTHS = (11.0, 80.0, 12.0)  # two problems in full on one or two lines

_LAST = 16_384  # Excel's last column
_TALLEST = 409  # points of a row
_DEEPEST = 3  # rows of one header
_AREA = pattern(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)")
_TAKEN_OVER = ("font", "border", "fill", "alignment", "number_format", "protection")


def add_columns(sheet: Worksheet, marked: Marked, caution: str) -> bool:
    """Add the three columns after the last one in use; ``caution`` goes with the first. False if there is no room."""
    line = marked.sheet.header_line
    last = _last_column(sheet, line)
    if last + len(ADDED) > _LAST:
        return False
    _make_room(sheet, last + 1, last + len(ADDED))
    like = _last_header(sheet, line, last)
    _add_header(sheet, line, like, last + 1)
    head = sheet.cell(_top(sheet, line, last + 1), last + 1)
    head.comment = note(caution)
    _add_outcomes(sheet, marked, like, last + 1)
    _extend(sheet, line, like, last + len(ADDED))
    return True


def needed_height(outcome: Outcome) -> float:
    """How many points high a row must be to show 审核说明; lines break before they are full."""
    lines = ceil(display_width(outcome.words) / (0.85 * WIDTHS[1]))
    return min(lines * LINE_HEIGHT + 3 * (lines > 1), _TALLEST)


def merged_at(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Each cell of a merged range → the one that shows, by row and column from 1."""
    ranges = [each.bounds for each in sheet.merged_cells.ranges]
    return {
        (row, column): (top, left)
        for left, top, right, bottom in ranges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }


def _cells(sheet: Worksheet) -> Iterator[Cell]:
    """The cells that exist; the public ways to go over them make those that don't."""
    existing: Any = sheet._cells  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    yield from existing.values()


def _last_column(sheet: Worksheet, header_line: int) -> int:
    """The last column in use from the header down: titles above may reach further."""
    first = header_line - _DEEPEST + 1
    ends = [cell.column for cell in _cells(sheet) if cell.value is not None and cell.row >= first]
    ends += [each.max_col for each in sheet.merged_cells.ranges if each.max_row >= header_line]
    ends += [int(range_boundaries(table.ref)[2] or 1) for table in sheet.tables.values()]
    return max(ends, default=1)


def _last_header(sheet: Worksheet, line: int, last: int) -> int:
    """The last column that has a header: what stands beside it is made like it."""
    shown = merged_at(sheet)
    return next((c for c in range(last, 0, -1) if sheet.cell(*shown.get((line, c), (line, c))).value is not None), last)


def _top(sheet: Worksheet, line: int, column: int) -> int:
    """The first row of a header that is merged over several."""
    return next((each.min_row for each in sheet.merged_cells.ranges if (line, column) in each.cells), line)


def _add_header(sheet: Worksheet, line: int, like: int, first: int) -> None:
    own = next((each for each in sheet.merged_cells.ranges if (line, like) in each.cells), None)
    top = own.min_row if own else line
    model = sheet.cell(top, own.min_col if own else like)
    for column, name in enumerate(ADDED, first):
        cell: Any = sheet.cell(top, column)
        for part in _TAKEN_OVER:
            setattr(cell, part, copy(getattr(model, part)))
        cell.value = name
        if top < line:
            sheet.merge_cells(start_row=top, end_row=line, start_column=column, end_column=column)


def _add_outcomes(sheet: Worksheet, marked: Marked, like: int, first: int) -> None:
    """A verdict on every data row, bordered and set as the row is; cells of one look share it."""
    looks: dict[tuple[int, int], list[Any]] = {}
    for line, outcome in marked.outcomes.items():
        near: Any = sheet.cell(line, like)
        key = (near.style_id, outcome.rank)
        look = looks[key] = looks.get(key) or _look(sheet, near, outcome.rank)
        values: tuple[Value, ...] = (VERDICTS[outcome.rank], safe_text(outcome.words), outcome.yuan)
        for column, (value, model) in enumerate(zip(values, look, strict=True), first):
            cell: Any = sheet.cell(line, column)
            cell._style = copy(model._style)  # noqa: SLF001 - a look is set once and shared
            put(cell, value)
            if runs(value):
                cell.quotePrefix = True
        _fit(sheet, line, outcome)


def _look(sheet: Worksheet, near: Any, rank: int) -> list[Cell]:
    """Cells that are set as 审核结论, 审核说明 and 涉及金额 of one rank are, beside ``near``."""
    made: list[Cell] = []
    for horizontal in ("center", "left", "right"):
        cell = WriteOnlyCell(sheet)
        cell.font, cell.border, cell.protection = copy(near.font), copy(near.border), copy(near.protection)
        cell.alignment = Alignment(horizontal, "center", wrap_text=horizontal == "left")
        made.append(cell)
    if rank < CLEAR:
        made[0].fill = FILLS[rank]
    made[2].number_format = MONEY_FORMAT
    return made


def _fit(sheet: Worksheet, line: int, outcome: Outcome) -> None:
    """Make the row as high as 审核说明 needs."""
    needed = needed_height(outcome)
    row = sheet.row_dimensions[line] if needed > LINE_HEIGHT else None
    if row and (not row.height or row.height < needed):
        row.height = needed


def _make_room(sheet: Worksheet, first: int, last: int) -> None:
    """Widths for the new columns, out of the stretches of columns that the workbook keeps as one."""
    for letter, stretch in list(sheet.column_dimensions.items()):
        low, high = int(stretch.min or 0), int(stretch.max or 0)
        if not low or high < first or low > last:
            continue
        if high > last:
            rest = copy(stretch)
            rest.index, rest.min, rest.max = get_column_letter(last + 1), last + 1, high
            sheet.column_dimensions[rest.index] = rest
        if low < first:
            stretch.max = first - 1
        else:
            del sheet.column_dimensions[letter]
    for column, width in enumerate(WIDTHS, first):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _extend(sheet: Worksheet, line: int, like: int, last: int) -> None:
    """Filter and print area take in the new columns where they took in the last one."""
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _wider(sheet.auto_filter.ref, line, like, last)
    if sheet.print_area:
        areas = [f"{a}{b}:{c}{d}" for a, b, c, d in _AREA.findall(sheet.print_area.replace(sheet.title, ""))]
        if areas:
            sheet.print_area = ",".join(_wider(area, line, like, last) for area in areas)


def _wider(area: str, line: int, like: int, last: int) -> str:
    left, top, right, bottom = (int(side or 0) for side in range_boundaries(area))
    if not (top <= line <= bottom and like <= right):
        return area
    return f"{get_column_letter(left)}{top}:{get_column_letter(max(right, last))}{bottom}"
