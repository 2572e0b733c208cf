"""Files → one Roster: every sheet read, every problem of every file told at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from jybf.errors import InputError, Problem
from jybf.fields import Fields, load_fields
from jybf.model import LINE, ROW, SHEET, Roster, bad
from jybf.roster.cast import PROBLEMS, no_problems
from jybf.roster.delimited import read_delimited
from jybf.roster.derive import derive
from jybf.roster.header import LOOKED_AT, find_header
from jybf.roster.source import open_source
from jybf.roster.table import Table, read_table
from jybf.roster.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jybf.model import Sheet
    from jybf.roster.grid import Grid

_SOUGHT = "前 15 行里没有找到表头：至少要有姓名、身份证号、单位名称等认得的列名"


def read(
    paths: Sequence[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Roster:
    """Read rosters (xlsx, xls, ods, CSV; "-" is stdin) into one typed table.

    ``sheet`` picks one sheet of each workbook by name or number from 1; ``encoding`` is that of text files.
    ``progress`` hears each file's name as it is begun. InputError carries the problems of all files; then nothing is read.
    """
    fields = load_fields()
    tables: list[Table] = []
    notices: list[str] = []
    problems: list[Problem] = []
    for path in paths:
        if progress:
            progress(path)
        try:
            read_tables, said = _read_file(path, sheet, encoding, fields, len(tables))
        except InputError as e:
            problems += e.problems
            continue
        tables += read_tables
        notices += said
    if problems:
        raise InputError(*problems)
    return _roster(tables, notices)


def _read_file(path: str, sheet: str | None, encoding: str | None, fields: Fields, index: int) -> tuple[list[Table], list[str]]:
    source = open_source(path)
    if source.kind == "text":
        grids, notices = read_delimited(source, encoding)
    else:
        grids, notices = read_workbook(source, sheet)
    tables, skipped = _tables(grids, fields, index)
    if not tables:
        hint = "核对是不是花名册；文字是乱码就用 --encoding；列名不同就在 rules/fields.toml 里加别名"
        raise InputError(Problem(_SOUGHT, where=source.file, hint=hint))
    if not any(t.rows.height for t in tables):
        raise InputError(Problem("只有表头，没有一行数据", where=source.file, hint="检查导出是否完成"))
    return tables, [*source.notices, *notices, *skipped, *(n for t in tables for n in t.notices)]


def _tables(grids: Sequence[Grid], fields: Fields, index: int) -> tuple[list[Table], list[str]]:
    tables: list[Table] = []
    skipped: list[str] = []
    problems: list[Problem] = []
    for grid in grids:
        header = find_header(grid, fields)
        if not header:
            skipped.append(f"{grid.where}：前 {LOOKED_AT} 行没有认得的表头，没有读这个工作表")
            continue
        try:
            tables.append(read_table(grid, header, fields, index + len(tables)))
        except InputError as e:
            problems += e.problems
    if problems:
        raise InputError(*problems)
    return tables, skipped


def _roster(tables: Sequence[Table], notices: Sequence[str]) -> Roster:
    rows: list[pl.DataFrame] = []
    problems: list[pl.DataFrame] = [no_problems()]
    start = 0
    for table in tables:
        place = pl.int_range(start, start + table.rows.height, dtype=pl.Int64, eager=True)
        own = pl.lit(table.sheet.index, dtype=pl.Int64).alias(SHEET)
        rows.append(table.rows.select(place.alias(ROW), own, LINE, pl.exclude(LINE)))
        problems.append(table.problems.with_columns(pl.col(ROW) + start))
        start += table.rows.height
    found = pl.concat(problems).select(*PROBLEMS).sort(ROW, maintain_order=True)
    own = _marked(pl.concat(rows, how="diagonal"), found)
    whole = derive(own)
    return Roster(whole, found, _short_names([t.sheet for t in tables]), (*notices, *_about_terms(own, whole)))


def _about_terms(own: pl.DataFrame, whole: pl.DataFrame) -> tuple[str, ...]:
    """Contracts whose start follows from the day of the post."""
    stated, known = (frame.get_column("合同开始日期", default=None) for frame in (own, whole))
    derived = (0 if known is None else known.count()) - (0 if stated is None else stated.count())
    return (f"有 {derived} 行合同只写了期限，没有写开始日期：从上岗日期起算",) if derived else ()


def _short_names(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """A file goes by its name, and by its path where two have the same name."""
    paths = dict.fromkeys(sheet.file for sheet in sheets)
    count = Counter(Path(path).name for path in paths)
    short = {path: Path(path).name if count[Path(path).name] == 1 else path for path in paths}
    return tuple(replace(sheet, file=short[sheet.file]) for sheet in sheets)


def _marked(rows: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """Say of each field with unreadable cells which rows they are in. ``_row`` is the row's index."""
    marks: list[pl.Series] = []
    for (name,), of_field in problems.group_by(["字段"], maintain_order=True):
        mark = pl.Series([False]).new_from_index(0, rows.height).scatter(of_field[ROW], True)
        marks.append(mark.alias(bad(str(name))))
    return rows.with_columns(marks)
