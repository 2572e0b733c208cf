"""Workbooks (xlsx, xlsm, xls, xlsb, ods) → one Grid a sheet.

Two bindings of one reader: for xlsx the one that gives whole columns of text, while the XML tells what a text was; the
other formats have no XML to ask, and come cell by cell with their types.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

import fastexcel
import polars as pl
import python_calamine as calamine

from jybf.errors import InputError, Problem
from jybf.roster.grid import Grid, Merged, columns_of, tidied
from jybf.roster.parts import Part, read_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jybf.roster.source import Source

_MOST_LINES_NAMED = 5


def read_workbook(source: Source, sheet: str | None) -> tuple[list[Grid], list[str]]:
    """The visible sheets with anything in them (or the one that ``sheet`` names), and a notice on the hidden ones."""
    parts = read_parts(source.data, source.file) if source.kind == "xlsx" else []
    with _guarded(source.file):
        if parts and all(part.addressed for part in parts):
            grids, notices = _by_columns(source, parts, sheet)
        else:
            grids, notices = _by_cells(source, sheet)
    return [grid for grid in grids if grid.cells.height and grid.cells.width], notices


def _choose(sheets: Sequence[tuple[str, bool]], wanted: str | None, file: str) -> tuple[list[str], list[str]]:
    """The names of the sheets to read, out of names and whether they are shown; and a notice on those left out."""
    if wanted is not None:
        named = [name for name, _ in sheets if name == wanted]
        numbered = [name for number, (name, _) in enumerate(sheets, 1) if str(number) == wanted]
        if not named and not numbered:
            names = "、".join(f"{number} {name}" for number, (name, _) in enumerate(sheets, 1))
            raise InputError(Problem(f"没有工作表“{wanted}”", where=file, hint=f"有：{names}"))
        return (named or numbered)[:1], []
    hidden = [name for name, visible in sheets if not visible]
    notice = f"{file}：隐藏的工作表没有读：{'、'.join(hidden)}（要读就用 --sheet 指定）"
    return [name for name, visible in sheets if visible], [notice] if hidden else []


def _by_columns(source: Source, parts: Sequence[Part], sheet: str | None) -> tuple[list[Grid], list[str]]:
    reader = fastexcel.read_excel(source.data)
    chosen, notices = _choose([(part.name, part.visible) for part in parts], sheet, source.file)
    by_name = {part.name: part for part in parts}
    return [_grid_of_part(reader, by_name[name], source) for name in chosen], notices


def _grid_of_part(reader: fastexcel.ExcelReader, part: Part, source: Source) -> Grid:
    loaded = reader.load_sheet(part.name, header_row=None, skip_rows=0, dtypes="string")
    places = [column.absolute_index for column in loaded.available_columns()]
    read = loaded.to_polars() if places else pl.DataFrame()
    read.columns = [str(place) for place in places]
    blank = pl.lit(None, dtype=pl.String)
    cells = read.select(pl.col(str(c)) if c in places else blank.alias(str(c)) for c in range(max(places, default=-1) + 1))
    return Grid(
        source.file,
        part.name,
        source.sha256,
        tidied(cells),
        lambda column: part.numbers(column, cells.height),
        part.merged(),
        part.broken,
        _about_hidden(f"{source.file}〔{part.name}〕", part.hidden_rows()),
        since_1904=part.since_1904,
    )


def _about_hidden(where: str, rows: Sequence[int]) -> tuple[str, ...]:
    if not rows:
        return ()
    named = "、".join(map(str, rows[:_MOST_LINES_NAMED])) + ("等" if len(rows) > _MOST_LINES_NAMED else "")
    return (f"{where}：有 {len(rows)} 行被隐藏或筛选掉（第 {named} 行），照样读取",)


def _by_cells(source: Source, sheet: str | None) -> tuple[list[Grid], list[str]]:
    workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.data))
    tables = [s for s in workbook.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
    shown = calamine.SheetVisibleEnum.Visible
    chosen, notices = _choose([(s.name, s.visible == shown) for s in tables], sheet, source.file)
    return [_grid_of_cells(workbook.get_sheet_by_name(name), source) for name in chosen], notices


def _grid_of_cells(sheet: calamine.CalamineSheet, source: Source) -> Grid:
    rows = sheet.to_python(skip_empty_area=False)
    ranges = sheet.merged_cell_ranges
    merged = None if ranges is None else [Merged(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    return Grid(source.file, sheet.name, source.sha256, columns_of(rows), _numbers_in(rows), merged, blind=True)


def _numbers_in(rows: Sequence[Sequence[object]]) -> Callable[[int], pl.Series]:
    return lambda column: pl.Series([type(row[column]) is float for row in rows], dtype=pl.Boolean)


@contextmanager
def _guarded(file: str) -> Iterator[None]:
    """Whatever the readers throw becomes an InputError; their panics are no Exception."""
    try:
        yield
    except calamine.PasswordError:
        raise InputError(Problem("文件有密码", where=file, hint="打开后去掉密码，另存一份再试")) from None
    except (calamine.CalamineError, fastexcel.FastExcelError, OSError, ValueError, MemoryError) as e:
        reason = str(e).splitlines()[0] if str(e) else type(e).__name__
        raise InputError(Problem(f"工作簿读不了：{reason}", where=file, hint="用 Excel 打开后另存为 xlsx")) from None
    except BaseException as e:
        if type(e).__name__ != "PanicException":
            raise
        raise InputError(Problem("工作簿已损坏，读不了", where=file, hint="用 Excel 打开后另存为 xlsx")) from None
