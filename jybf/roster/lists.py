"""Lists that a roster is held against (deaths, payrolls, registers): found in full, but read only where they meet it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jybf.errors import InputError, Problem
from jybf.fields import load_fields
from jybf.model import LINE, ROW, SHEET, Listing, bad, last
from jybf.roster.columns import choose_columns
from jybf.roster.delimited import read_delimited
from jybf.roster.grid import tidied
from jybf.roster.header import find_header
from jybf.roster.listkinds import kinds
from jybf.roster.mapping import mapped_header
from jybf.roster.reading import gather
from jybf.roster.source import open_source
from jybf.roster.table import read_table, refuse_shifted
from jybf.roster.title import read_title
from jybf.roster.values.dates import arabic_date
from jybf.roster.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from jybf.fields import Fields
    from jybf.model import ListKind, Roster
    from jybf.roster.files import Options
    from jybf.roster.grid import Broken, Grid
    from jybf.roster.header import Header
    from jybf.roster.listkinds import Against
    from jybf.roster.source import Source
    from jybf.roster.table import Table

DRAWN = "数据时点"
_TOP = 1000  # rows that tell what the columns are
_DAY = re.compile(r"((?:19|20)\d\d)(?:年|[-._/]?)(1[0-2]|0?[1-9])(?:月|[-._/]?)(3[01]|[12]\d|0?[1-9])日?")
_SINCE = re.compile(r"截[至止]\D{0,4}" + _DAY.pattern)
# Families of fields that hold the same kind of thing: a list's key is looked for in all columns of its family.
_FAMILIES = (
    ("身份证号", "户主身份证号", "法定代表人身份证号", "开户人身份证号"),
    ("统一社会信用代码",),
    ("单位名称", "务工单位", "创业实体", "参保单位"),
    ("户编号",),
    ("银行账号", "对公账号"),
)
# What stands as a roster has it after reading; anything else is read to be told.
_PLAIN = {
    "id": "^[0-9]{17}[0-9X]$",
    "credit_code": "^[0-9A-Z]{18}$",
    "account": "^[0-9]+$",
    "text": "^[0-9A-Za-z\u4e00-\u9fff]+$",
}


class _Page(NamedTuple):
    """A sheet as far as it was read, how many rows it has in all, and whether all of them were wanted."""

    table: Table
    total: int
    whole: bool


class _Begun(NamedTuple):
    """A file as far as it can be read without knowing the roster; of a text the sheets, with notices of them."""

    source: Source
    text: tuple[list[Grid], list[str]] | None


class _File(NamedTuple):
    path: str
    stated: date | None
    pages: list[_Page]
    notices: list[str]


@contextmanager
def reading_lists(given: Sequence[Against], options: Options) -> Iterator[Callable[[Roster], tuple[Listing, ...]]]:
    """Begin to read the files of ``given``, while the caller reads the roster; the function given holds them against it.

    It returns each kind of list, of all its files, as far as it may concern the roster: a row is left unread if each of its
    keys stands there in plain form and none is a key of the roster. The sheets are numbered on from the roster's.
    Its InputError has all problems of all files.
    """
    load_fields()  # here, not in two threads at once
    with ThreadPoolExecutor(1) as pool:
        begun = [pool.submit(_begin, each.path, options) for each in given]
        try:
            yield lambda roster: _held_against(roster, given, begun, options)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin(path: str, options: Options) -> _Begun:
    """Bytes, digest, and the cells of a text: what keeps no other thread waiting. A workbook has a process of its own later."""
    source = open_source(path)
    if source.kind != "text":
        return _Begun(source, None)
    grids, notices = read_delimited(source, options.encoding, raw=True)
    return _Begun(replace(source, data=b""), (grids, notices))


def _held_against(
    roster: Roster, given: Sequence[Against], begun: Sequence[Future[_Begun]], options: Options
) -> tuple[Listing, ...]:
    wanted, problems, files = _wanted(roster), list[Problem](), dict[str, list[_File]]()
    index = len(roster.sheets)
    for each, reading in sorted(zip(given, begun, strict=True), key=lambda pair: _first(given, pair[0].kind)):
        try:
            file = _file(each, reading.result(), wanted, options, index)
        except InputError as error:
            problems += error.problems
        else:
            files.setdefault(each.kind.name, []).append(file)
            index += len(file.pages)
    if problems:
        raise InputError(*problems)
    return tuple(_joined(kinds()[name], own) for name, own in files.items())


def _first(given: Sequence[Against], kind: ListKind) -> int:
    return next(place for place, each in enumerate(given) if each.kind.name == kind.name)


def _joined(kind: ListKind, files: Sequence[_File]) -> Listing:
    """The files of one kind as one list. If one of them has no day, nobody knows the day of the whole."""
    pages = [page for file in files for page in file.pages]
    own = gather([page.table for page in pages], [notice for file in files for notice in file.notices])
    days = [file.stated or _drawn(own, page.table.sheet.index, file.path) for file in files for page in file.pages]
    rows = _dated(own.rows, {page.table.sheet.index: day for page, day in zip(pages, days, strict=True)})
    drawn = None if None in days else min(day for day in days if day)
    total, whole = sum(page.total for page in pages), any(page.whole for page in pages)
    return Listing(kind, replace(own, rows=rows), drawn, total, _dark(kind, own), whole)


def _file(each: Against, begun: _Begun, wanted: Mapping[str, pl.Series], options: Options, index: int) -> _File:
    """One file, its sheets numbered from ``index``."""
    kind, fields, source = each.kind, load_fields(), begun.source
    grids, notices = begun.text or _of_workbook(source)
    pages: list[_Page] = []
    for grid in grids:
        top = replace(grid, cells=tidied(grid.cells.head(_TOP)))
        mapped = options.columns.find(grid.file, grid.name)
        header = mapped_header(mapped, top, fields, options.columns.path) if mapped else find_header(top, fields)
        if header:
            pages.append(_page(kind, (grid, top), header, wanted, fields, index + len(pages)))
    if not pages:
        raise InputError(
            Problem(
                f"没有找到{kind.name}名单的表头",
                source.file,
                f"要有一行列名，其中两列以上认得（如姓名、{kind.keys[0]}）；用 jybf inspect 看一看，再用 --map 指定",
            )
        )
    return _File(each.path, each.stated, pages, [*source.notices, *notices])


def _of_workbook(source: Source) -> tuple[list[Grid], list[str]]:
    grids, _, notices = read_workbook(source, None)
    return grids, notices


def _wanted(roster: Roster) -> Mapping[str, pl.Series]:
    """By field the values of the roster that a list's cell may be: those of all columns of its family."""
    empty = pl.Series(dtype=pl.String)
    held = [[roster.rows[name].drop_nulls() for name in names if name in roster.rows.columns] for names in _FAMILIES]
    joined = [pl.concat(series, rechunk=True).unique() if series else empty for series in held]
    return {name: values for names, values in zip(_FAMILIES, joined, strict=True) for name in names}


def _page(
    kind: ListKind, grids: tuple[Grid, Grid], header: Header, wanted: Mapping[str, pl.Series], fields: Fields, index: int
) -> _Page:
    """One sheet, read as far as it must be; ``grids``: it as it stands, and its first rows, tidy."""
    grid, top = grids
    title = read_title(top.cells.head(header.first).rows(), fields, grid.name)
    columns = choose_columns(top, header, title, fields).by_field
    keys = [name for name in kind.keys if name in columns]
    if not keys:
        fault = f"{kind.name}名单里没有“{'”或“'.join(kind.keys)}”列，不能比对"
        raise InputError(Problem(fault, grid.where, "列名不同就用 jybf inspect 看一看，再用 --map 指定"))
    refuse_shifted(grid, header)
    below = grid.cells.slice(header.last + 1)
    filled = pl.any_horizontal(pl.col(str(columns[name])).is_not_null() for name in keys)
    total = int(below.select(filled.sum()).item())
    if grid.merged or any(name in columns for name in kind.whole):
        tidy = replace(grid, cells=tidied(grid.cells))
        return _Page(read_table(tidy, header, fields, index), total, bool(set(columns) & set(kind.whole)))
    near = pl.any_horizontal(_near(str(columns[name]), fields.by_name[name].type, wanted[name]) for name in keys)
    kept = below.select(near).to_series().arg_true() + header.last + 1
    lines = pl.concat([pl.int_range(header.last + 1, dtype=pl.UInt32, eager=True), kept.cast(pl.UInt32)])
    table = read_table(_only(grid, lines), header, fields, index)
    told = table.rows.with_columns((lines.gather(table.rows[LINE] - 1) + 1).cast(pl.Int64).alias(LINE))
    return _Page(replace(table, rows=told, notices=grid.notices), total, whole=False)


def _near(column: str, form: str, values: pl.Series) -> pl.Expr:
    """Whether a cell is one of ``values``, or is written otherwise than they are and must be read to be told."""
    cell = pl.col(column)
    return cell.is_in(values.implode()).fill_null(value=False) | ~cell.str.contains(_PLAIN.get(form, _PLAIN["text"])).fill_null(
        value=True
    )


def _only(grid: Grid, lines: pl.Series) -> Grid:
    """``grid`` with only ``lines`` (Excel rows, from 0): their cells, and what is said of them."""
    where = {line + 1: place for place, line in enumerate(lines, 1)}

    def broken() -> Sequence[Broken]:
        return [cell._replace(line=where[cell.line]) for cell in grid.broken() if cell.line in where]

    def numbers(column: int) -> pl.Series:
        return grid.numbers(column).gather(lines) if grid.numbers else pl.Series(dtype=pl.Boolean)

    return replace(
        grid,
        cells=tidied(grid.cells[lines]),
        numbers=numbers if grid.numbers else None,
        broken=broken,
        hidden_lines=(),
        stray_lines=(),
    )


def _dark(kind: ListKind, roster: Roster) -> int:
    """How many rows have a first key that nobody can read."""
    name = next((key for key in kind.keys if key in roster.rows.columns), "")
    return int(roster.rows[bad(name)].sum()) if bad(name) in roster.rows.columns else 0


def _drawn(roster: Roster, index: int, path: str) -> date | None:
    """The day that the title of a sheet says (截至…, 数据时点, 填报日期), else the name of the file."""
    title = next(sheet.title for sheet in roster.sheets if sheet.index == index)
    if day := _day(_SINCE.search(arabic_date(title))):
        return day
    rows = roster.rows.filter(pl.col(SHEET) == index)
    for name in (DRAWN, "填报日期"):
        if name in rows.columns and rows[name].n_unique() == 1 and rows[name][0]:
            return rows[last(name)][0]
    return _day(_DAY.search(Path(path).stem))


def _day(found: re.Match[str] | None) -> date | None:
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _dated(rows: pl.DataFrame, days: Mapping[int, date | None]) -> pl.DataFrame:
    day = pl.col(SHEET).replace_strict(days, return_dtype=pl.Date)
    own = {name: pl.coalesce(pl.col(name), day) if name in rows.columns else day for name in (DRAWN, last(DRAWN))}
    return rows.with_columns(expr.alias(name) for name, expr in own.items()).sort(ROW)
