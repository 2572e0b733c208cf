"""Lists that a roster is held against (deaths, payrolls, registers): found in full, but read only where they meet it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import ROW, SHEET, Listing, ListKind, Roster, bad, last
from jybf.regex import pattern
from jybf.roster.canonical import read_canonical
from jybf.roster.files import Options
from jybf.roster.flat import flat
from jybf.roster.grid import Grid, tidied
from jybf.roster.header import find_header
from jybf.roster.listkinds import Against, kinds
from jybf.roster.mapping import mapped_header
from jybf.roster.own import understood
from jybf.roster.reading import gather
from jybf.roster.sift import Page, keys_of, sifted
from jybf.roster.source import Source, open_source
from jybf.roster.workbook import read_workbook
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.values.dates import arabic_date

DRAWN = "数据时点"
_TOP = 1000  # rows that tell what the columns are
_DAY = pattern(r"((?:19|20)\d\d)(?:年|[-._/]?)(1[0-2]|0?[1-9])(?:月|[-._/]?)(3[01]|[12]\d|0?[1-9])日?")
_SINCE = pattern(r"(?:截[至止]|数据时点|填报日期|填表日期|制表日期|统计时间|导出时间)\D{0,4}" + _DAY.pattern)


class _Begun(NamedTuple):
    """A file as far as it can be read without knowing the roster; of a text the sheets, with notices of them."""

    source: Source
    text: tuple[list[Grid], list[str]] | None


class _File(NamedTuple):
    path: str
    stated: date | None
    pages: list[Page]
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
    begun, source = flat(source, options.encoding), source.let_go()
    grid, notices = begun.raw()
    return _Begun(source, ([grid], notices))


def _held_against(
    roster: Roster, given: Sequence[Against], begun: Sequence[Future[_Begun]], options: Options
) -> tuple[Listing, ...]:
    if not given:
        return ()
    values, problems, files = keys_of(roster), list[Problem](), dict[str, list[_File]]()
    index = len(roster.sheets)
    order = [each.kind.name for each in given]  # files of one kind stand together
    for each, reading in sorted(zip(given, begun, strict=True), key=lambda pair: order.index(pair[0].kind.name)):
        try:
            file = _file(each, reading.result(), values, options, index)
        except InputError as error:
            problems += error.problems
        else:
            files.setdefault(each.kind.name, []).append(file)
            index += len(file.pages)
    if problems:
        raise InputError(*problems)
    return tuple(_joined(kinds()[name], own) for name, own in files.items())


def _joined(kind: ListKind, files: Sequence[_File]) -> Listing:
    """The files of one kind as one list. If one of them has no day, nobody knows the day of the whole."""
    pages = [page for file in files for page in file.pages]
    own = gather([page.table for page in pages], [notice for file in files for notice in file.notices])
    days = [file.stated or _drawn(own, page.table.sheet.index, file.path) for file in files for page in file.pages]
    rows = dated(own.rows, {page.table.sheet.index: day for page, day in zip(pages, days, strict=True)})
    drawn = None if None in days else min(day for day in days if day)
    total, whole = sum(page.total for page in pages), any(page.whole for page in pages)
    return Listing(kind, replace(own, rows=rows), drawn, total, _dark(kind, own), whole)


def _file(each: Against, begun: _Begun, values: Mapping[str, pl.Series], options: Options, index: int) -> _File:
    """One file, its sheets numbered from ``index``."""
    kind, fields, source = each.kind, load_fields(), begun.source
    if source.kind == "canonical":  # its values are typed already: there is nothing to leave unread
        tables, said = read_canonical(source.whole, source.file, source.sha256, index)
        whole = [Page(t, t.rows.height, whole=bool(set(t.sheet.columns) & set(kind.whole))) for t in tables]
        return _File(each.path, each.stated, whole, [*said])
    if begun.text:
        grids, notices = begun.text
    else:
        grids, _, notices = read_workbook(source, None)
    pages: list[Page] = []
    for grid in grids:
        top = replace(grid, cells=tidied(grid.cells.head(_TOP)))
        mapped = options.columns.find(grid.file, grid.name)
        header = mapped_header(mapped, top, fields, options.columns.path) if mapped else find_header(top, fields)
        if header:
            (whole, header), (top, _) = understood(grid, header, fields), understood(top, header, fields)
            pages.append(sifted(kind, (whole, top), header, values, fields, index + len(pages)))
    if not pages:
        hint = f"要有一行列名，其中两列以上认得（如姓名、{kind.keys[0]}）；用 jybf inspect 看一看，再用 --map 指定"
        raise InputError(Problem(f"没有找到{kind.name}名单的表头", source.file, hint))
    return _File(each.path, each.stated, pages, [*source.notices, *notices])


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


def dated(rows: pl.DataFrame, days: Mapping[int, date | None]) -> pl.DataFrame:
    """``rows`` of a list with 数据时点: their own, else that of their sheet (number → day)."""
    day = pl.col(SHEET).replace_strict(days, return_dtype=pl.Date)
    own = {name: pl.coalesce(pl.col(name), day) if name in rows.columns else day for name in (DRAWN, last(DRAWN))}
    return rows.with_columns(expr.alias(name) for name, expr in own.items()).sort(ROW)
