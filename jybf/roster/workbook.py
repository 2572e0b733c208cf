"""Workbooks (xlsx, xlsm, xls, xlsb, ods) → one Grid a sheet."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import python_calamine as calamine

from jybf.errors import InputError, Problem
from jybf.roster.grid import Grid, Merged, grid_columns
from jybf.roster.parts import Part, Parts, inspect
from jybf.roster.source import Source

_MOST_LINES_NAMED = 5


def read_workbook(source: Source, sheet: str | None) -> tuple[list[Grid], list[str]]:
    """The visible sheets with anything in them (or the one that ``sheet`` names), and notices on the others."""
    parts = inspect(source.data, source.file) if source.kind == "xlsx" else Parts()
    with _guarded(source.file), _without_gc():
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        chosen, notices = _choose(workbook.sheets_metadata, sheet, source.file)
        grids = [_grid(workbook, name, source, parts.by_sheet.get(name, Part())) for name in chosen]
    return [grid for grid in grids if grid.cells.height], notices


def _choose(sheets: Sequence[calamine.SheetMetadata], wanted: str | None, file: str) -> tuple[list[str], list[str]]:
    tables = [s for s in sheets if s.typ == calamine.SheetTypeEnum.WorkSheet]
    if wanted is not None:
        named = [s.name for s in tables if s.name == wanted]
        numbered = [s.name for number, s in enumerate(tables, 1) if str(number) == wanted]
        if not named and not numbered:
            names = "、".join(f"{number} {s.name}" for number, s in enumerate(tables, 1))
            raise InputError(Problem(f"没有工作表“{wanted}”", where=file, hint=f"有：{names}"))
        return (named or numbered)[:1], []
    visible = [s.name for s in tables if s.visible == calamine.SheetVisibleEnum.Visible]
    hidden = [s.name for s in tables if s.name not in visible]
    notice = f"{file}：隐藏的工作表没有读：{'、'.join(hidden)}（要读就用 --sheet 指定）"
    return visible, [notice] if hidden else []


def _grid(workbook: calamine.CalamineWorkbook, name: str, source: Source, part: Part) -> Grid:
    sheet = workbook.get_sheet_by_name(name)
    cells, numbers = grid_columns(sheet.to_python(skip_empty_area=False))
    ranges = sheet.merged_cell_ranges
    merged = None if ranges is None else [Merged(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    where = f"{source.file}〔{name}〕"
    return Grid(source.file, name, source.sha256, cells, numbers, merged, part.broken, _hidden_rows(where, part))


def _hidden_rows(where: str, part: Part) -> tuple[str, ...]:
    rows = part.hidden_rows
    if not rows:
        return ()
    named = "、".join(map(str, rows[:_MOST_LINES_NAMED])) + ("等" if len(rows) > _MOST_LINES_NAMED else "")
    return (f"{where}：有 {len(rows)} 行被隐藏或筛选掉（第 {named} 行），照样读取",)


@contextmanager
def _without_gc() -> Iterator[None]:
    """A million fresh strings make the collector run in vain: half of the reading time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _guarded(file: str) -> Iterator[None]:
    """Whatever the reader throws becomes an InputError; its panics are no Exception."""
    try:
        yield
    except calamine.PasswordError:
        raise InputError(Problem("文件有密码", where=file, hint="打开后去掉密码，另存一份再试")) from None
    except (calamine.CalamineError, OSError, ValueError, MemoryError) as e:
        raise InputError(Problem(f"工作簿读不了：{e}", where=file, hint="用 Excel 打开后另存为 xlsx")) from None
    except BaseException as e:
        if type(e).__name__ != "PanicException":
            raise
        raise InputError(Problem("工作簿已损坏，读不了", where=file, hint="用 Excel 打开后另存为 xlsx")) from None
