"""One file → its sheets, each read as far as it can be: what ``read`` takes whole and ``inspect`` shows in part."""

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.roster.canonical import read_canonical
from jybf.roster.flat import flat
from jybf.roster.grid import Grid
from jybf.roster.header import ENOUGH, LOOKED_AT, Header, find_header
from jybf.roster.mapping import NO_MAP, ColumnMap, mapped_header
from jybf.roster.own import is_guide, is_payout, report_of, understood
from jybf.roster.rows import EXAMPLE
from jybf.roster.source import Source, open_source
from jybf.roster.table import Table, read_table
from jybf.roster.unfold import unfolded
from jybf.roster.workbook import Left, read_workbook
from jybf.vocabulary.fields import Fields, load_fields

_SOUGHT = f"前 {LOOKED_AT} 行里没有找到表头：一行里认得的列名{ENOUGH}"

OF_FORM = "空表后面的说明"  # why nobody reads it


class Options(msgspec.Struct, frozen=True):
    """How files are read: one ``sheet`` of each workbook by name or number, the ``encoding`` of texts, the user's own map.

    ``paid``: they say what was paid earlier, and not who applies; ``carried``: their own columns are to be carried on.
    """

    sheet: str | None = None
    encoding: str | None = None
    columns: ColumnMap = NO_MAP
    paid: bool = False
    carried: bool = False


class Page(msgspec.Struct, frozen=True):
    """One sheet: ``header`` is None if there is none, ``table`` if it can't be read for its ``problems``."""

    grid: Grid
    header: Header | None = None
    table: Table | None = None
    problems: tuple[Problem, ...] = ()


class File(msgspec.Struct, frozen=True):
    """One input. ``left``: sheets not looked at; ``notices``: what the user must know.

    ``problems``: why it is not read, those of its pages included.
    """

    source: Source  # without the bytes of a text: they are as large as its cells
    size: int
    pages: tuple[Page, ...]
    left: tuple[Left, ...]
    notices: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_file(path: str, options: Options, fields: Fields, index: int = 0) -> File:
    """Read one file; its sheets are numbered from ``index``. InputError if nothing in it can be looked at."""
    return _read(open_source(path), options, fields, index)


def read_frame(frame: pl.DataFrame, name: str, options: Options) -> Table:
    """The one table of a frame, whose columns' names are its header (line 1); ``name``: its file's. Raises InputError.

    It may have no rows: a frame can be the end of a roster, where only the totals stand.
    """
    file = _read(Source(name, b"", "", "text", frame=frame), options, load_fields(), 0)
    table = next((page.table for page in file.pages if page.table), None)
    if table is None or (file.problems and table.rows.height):
        raise InputError(*file.problems)
    return table


def _read(source: Source, options: Options, fields: Fields, index: int) -> File:
    size = len(source.data)
    if source.kind == "canonical":
        return _canonical(source, index)
    if source.kind == "text":
        begun, source = flat(source, options.encoding), source.let_go()
        grid, notices = begun.read()
        grids, left = [grid], []
    else:
        grids, left, notices = read_workbook(source, options.sheet)
    pages: list[Page] = []
    for grid in grids:
        for own, header in unfolded(grid, fields, paid=options.paid):
            pages.append(_page(own, header, options, fields, index + sum(page.table is not None for page in pages)))
    told = [not page.header and is_guide(page.grid) for page in pages]
    left = [*left, *(Left(page.grid.name, OF_FORM) for page, guide in zip(pages, told, strict=True) if guide)]
    pages = [page for page, guide in zip(pages, told, strict=True) if not guide]
    pages, about_own = _without_reports(pages, paid=options.paid)
    tables = [page.table for page in pages if page.table]
    skipped = [
        f"{p.grid.where}：前 {LOOKED_AT} 行没有认得的表头，没有读这个工作表" for p in pages if not p.header and not p.problems
    ]
    said = (
        *source.notices,
        *notices,
        *about_own,
        *skipped,
        *(n for table in tables for n in (*table.notices, *_about_worktime(table))),
    )
    problems = tuple(problem for page in pages for problem in page.problems) or _nothing_in(tables, source)
    return File(source, size, tuple(pages), tuple(left), said, problems)


def _canonical(source: Source, index: int) -> File:
    """A canonical table: what the reader has made of files before, with their origins."""
    tables, said = read_canonical(source.whole, source.file, source.sha256, index)
    grid = Grid(source.file, "", source.sha256, pl.DataFrame())
    pages = tuple(Page(replace(grid, name=table.sheet.name), table=table) for table in tables)
    return File(source.let_go(), len(source.data), pages, (), said, _nothing_in(tables, source))


def _page(grid: Grid, header: Header | None, options: Options, fields: Fields, index: int) -> Page:
    columns = options.columns
    try:
        mapped = columns.find(grid.file, grid.name) if not header else None
        header = header or (mapped_header(mapped, grid, fields, columns.path) if mapped else find_header(grid, fields))
        if header and not grid.origin:
            grid, header = understood(grid, header, fields)
        return Page(grid, header, read_table(grid, header, fields, index, carried=options.carried) if header else None)
    except InputError as error:
        return Page(grid, header, None, error.problems)


def _without_reports(pages: list[Page], *, paid: bool) -> tuple[list[Page], list[str]]:
    """The pages of people, and what is said of those left out: of an audit's own workbook only 放行清单 says who was paid."""
    reports = {page.grid.name: report_of(page.header) for page in pages if page.header and report_of(page.header)}
    released = [page for page in pages if page.header and is_payout(page.header)]
    if not reports and not released:
        return pages, []
    if paid:
        kept = released
        told = [f"{page.grid.where}：按审核的“放行清单”，可发、核减后发的才算发过" for page in released]
    else:
        kept = [page for page in pages if page.grid.name not in reports and page not in released] or released
        told = [f"{page.grid.where}：是审核写的清单，不是花名册，没有读" for page in pages if page not in kept]
    if kept:
        return kept, told
    what = "、".join(dict.fromkeys(reports.values()))
    fault = f"这是审核写的{what}，" + ("没有说发给了谁" if paid else "不是花名册")
    hint = "历史请用发放台账、测算结果，或有“放行清单”的审核工作簿" if paid else "用原来的花名册"
    return [Page(page.grid, page.header, None, (Problem(fault, page.grid.where, hint),)) for page in pages[:1]], []


def _about_worktime(table: Table) -> tuple[str, ...]:
    """务工时间 is read row by row: where some rows state months and others dates, somebody should look."""
    columns, rows = table.sheet.columns, table.rows
    own = columns.get("务工时间")
    if own is None or columns["务工月数"] != own or columns["务工开始日期"] != own:
        return ()
    months, dates = (int(rows[name].count()) for name in ("务工月数", "务工开始日期"))
    if not (months and dates):
        return ()
    place = table.sheet.file + (f"〔{table.sheet.name}〕" if table.sheet.name else "")
    return (f"{place}：“务工时间”有 {months} 行写月数，{dates} 行写日期，逐行按各自的写法理解；请核对",)


def _nothing_in(tables: list[Table], source: Source) -> tuple[Problem, ...]:
    if not tables:
        hint = "核对是不是花名册；文字是乱码就用 --encoding；列名不同就用 jybf inspect 看一看，再用 --map 指定"
        return (Problem(_SOUGHT, where=source.file, hint=hint),)
    if not any(table.rows.height for table in tables):
        form = any(table.sheet.lines.get(EXAMPLE) for table in tables)
        hint = "这是还没有填的空表，在“示例”下面填好再用" if form else "检查导出是否完成"
        return (Problem("只有表头，没有一行数据", where=source.file, hint=hint),)
    return ()
