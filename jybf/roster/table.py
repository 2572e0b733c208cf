"""One Grid → one typed table: header, columns, kinds of rows, values, totals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from jybf.errors import InputError, Problem
from jybf.model import Sheet
from jybf.roster.columns import Columns, map_columns
from jybf.roster.rows import DATA, KINDS, classify
from jybf.roster.title import read_title
from jybf.roster.totals import stated_totals
from jybf.roster.typed import Body, typed_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jybf.fields import Fields
    from jybf.roster.grid import Grid
    from jybf.roster.header import Header

_MONTH = re.compile(r"(?:.*[/年])?(?:1[0-2]|[1-9])月份?")
# What one merged cell may say for several people of a household; a person's own facts never spread.
_PERSONAL = frozenset({"序号", "姓名", "身份证号", "签字"})


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, its data rows (``行号`` and typed fields), its problems (``_row`` = index in ``rows``) and notices.

    ``kinds``: one of KINDS for each Excel row.
    """

    sheet: Sheet
    rows: pl.DataFrame
    problems: pl.DataFrame
    notices: tuple[str, ...]
    kinds: pl.Series


def read_table(grid: Grid, header: Header, fields: Fields, index: int) -> Table:
    """Read one sheet under its header. InputError for conflicting columns or values beyond the header."""
    title = read_title(grid.cells.head(header.first).rows(), fields)
    columns = map_columns(grid, header, title, fields)
    _refuse_shifted(grid, header)
    kinds = classify(grid, header, columns.by_field, fields)
    is_data = kinds == DATA
    data = _filled_down(grid, columns.by_field, fields).head(kinds.len()).filter(is_data)
    body = Body(grid, header, columns.by_field, title, fields, data, is_data)
    rows, problems = typed_rows(body)
    sheet = Sheet(
        index=index,
        file=grid.file,
        name=grid.name,
        title=title.text,
        header_line=header.last + 1,
        columns=_origins(columns.by_field, fields),
        unknown=columns.unknown,
        lines={kind: int((kinds == kind).sum()) for kind in KINDS},
        totals=stated_totals(body, kinds, rows),
        sha256=grid.sha256,
    )
    said = (*grid.notices, *columns.notices, *_about_unknown(grid, columns), *_about_blanks(body))
    return Table(sheet, rows, problems, said, kinds)


def _about_unknown(grid: Grid, columns: Columns) -> tuple[str, ...]:
    months = [name for name in columns.unknown if _MONTH.fullmatch(name)]
    others = [name for name in columns.unknown if name not in months]
    about_months = f"{grid.where}：{'、'.join(months)}各月一列的没有用到；请合成一列“享受月份”（如 2021年3-8月）"
    about_others = f"{grid.where}：不认识的列没有用到：{'、'.join(others)}"
    return (about_months,) * bool(months) + (about_others,) * bool(others)


def _about_blanks(body: Body) -> tuple[str, ...]:
    """In a format that shows error cells as blanks, a blank sum may be a formula's error."""
    sums = [name for name in body.columns if body.fields.by_name[name].type == "money"] if body.grid.blind else []
    blanks = [name for name in sums if body.texts(name).null_count()]
    if not blanks:
        return ()
    return (f"{body.grid.where}：{'、'.join(blanks)}有空白，这种格式分不清空白和公式错误；由公式算出的，另存为 xlsx 再读",)


def _refuse_shifted(grid: Grid, header: Header) -> None:
    """In text a value beyond the last header means that a comma has shifted the columns before it."""
    width = max((c for c, name in enumerate(header.names) if name), default=0) + 1
    if grid.name or width >= grid.cells.width:
        return
    beyond = grid.cells.slice(header.last + 1).select(pl.any_horizontal(pl.nth(range(width, grid.cells.width)).is_not_null()))
    lines = beyond.to_series().arg_true() + header.last + 2
    if lines.len():
        hint = "该行可能有未加引号的逗号（如金额 1,500），改正后再试"
        raise InputError(Problem(f"第 {lines[0]} 行的列比表头多", where=grid.where, hint=hint))


def _filled_down(grid: Grid, columns: Mapping[str, int], fields: Fields) -> pl.DataFrame:
    """Cells with those of a household repeated down their merged range; a blank that isn't merged stays blank."""
    shared = {c for f, c in columns.items() if f not in _PERSONAL and fields.by_name[f].type != "money"}
    cells = grid.cells
    for top, left, bottom, right in grid.merged or ():
        if bottom > top and left == right and left in shared and bottom < cells.height:
            column = cells[str(left)]
            filled = column.scatter(list(range(top, bottom + 1)), column[top])
            cells = cells.with_columns(filled)
    return cells


def _origins(columns: Mapping[str, int], fields: Fields) -> dict[str, int]:
    """Field → column, where a field without a column of its own comes from a composite one."""
    composite = {target: c for name, c in columns.items() for target in fields.by_name[name].into}
    return {**composite, **columns}
