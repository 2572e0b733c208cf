"""One Grid → one typed table: header, columns, kinds of rows, values, totals."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import Sheet
from jybf.regex import pattern
from jybf.roster.carry import Carried, carry
from jybf.roster.columns import Columns, map_columns
from jybf.roster.grid import Grid, Merged, column_letters
from jybf.roster.header import Header
from jybf.roster.merges import about_shared_sums, filled_down, merged_below, shared_sums, tall, with_members
from jybf.roster.months import LISTED, Wide, read_months, settled
from jybf.roster.nameless import with_nameless_totals
from jybf.roster.neighbours import about_gap, refuse_side_by_side
from jybf.roster.remarks import about_notes, about_remarks, asides, noted, void
from jybf.roster.rows import DATA, KINDS, STRAY, all_data, classify, headings_between
from jybf.roster.title import Title, read_title
from jybf.roster.told import pictures
from jybf.roster.totals import stated_totals
from jybf.roster.typed import Body, typed_rows
from jybf.roster.unfold import known_before
from jybf.vocabulary.fields import Fields
from jybf.vocabulary.roles import CLAIMS
from jybf.vocabulary.values.text import without_placeholders

_SHOWN, _MOST_TOLD = 20, 4  # characters of a heading, and headings
_MONTH = pattern(r"(?:.*[/年])?(?:1[0-2]|[1-9])月份?")


class Table(msgspec.Struct, frozen=True):
    """A sheet, its data rows (``行号`` and typed fields), its problems (``_row`` = index in ``rows``) and notices.

    ``kinds``: one of KINDS for each Excel row.
    """

    sheet: Sheet
    rows: pl.DataFrame
    problems: pl.DataFrame
    notices: tuple[str, ...]
    kinds: pl.Series
    carried: Carried | None = None  # its own columns, for who asked for them


def read_table(grid: Grid, header: Header, fields: Fields, index: int, *, carried: bool = False) -> Table:
    """Read one sheet under its header, and keep what is to be ``carried`` on.

    InputError: conflicting columns, a second table, values beyond it.
    """
    title = read_title(grid.above(header.first), fields, grid.name)
    refuse_side_by_side(grid, header)
    columns = map_columns(grid, header, title, fields)
    refuse_shifted(grid, header)
    kinds = classify(grid, header, columns.by_field, fields) if not grid.origin else all_data(grid)
    merged = tall(merged_below(grid, header, kinds), kinds)
    kinds = with_members(kinds, merged, columns.by_field)
    kinds = with_nameless_totals(kinds, grid, columns.by_field, fields, merged)
    body, wide = _body(grid, header, columns, title, fields, kinds, merged)
    rows, problems = typed_rows(body)
    if wide:
        rows, problems = settled(rows, problems, wide, body.columns)
    rows, problems = known_before(rows, problems, body)
    said_beside = asides(body)
    notes = (
        *(note for note in grid.notes if grid.origin or (kinds.len() >= note.line and kinds[note.line - 1] == DATA)),
        *pictures(body),
        *noted(said_beside),
    )
    marked = void(body, notes, said_beside)
    rows = rows.with_columns(marked) if marked.len() else rows
    sheet = replace(_sheet(body, kinds, rows, index), unknown=_unknown(columns, header, wide), notes=notes)
    about_layout = (
        *about_gap(grid, header),
        *_about_headings(grid, headings_between(grid, header, kinds)),
        *about_shared_sums(grid.where, merged, body.columns, fields),
        *_about_months(grid, header, wide, set(body.columns)),
    )
    about_rows = (*_about_unknown(grid, sheet), *_about_blanks(body), *about_remarks(body), *about_notes(grid, sheet))
    said = (*grid.notices, *columns.notices, *title.notices, *about_layout, *about_rows)
    return Table(sheet, rows, problems, said, kinds, carry(body, rows, problems, notes) if carried else None)


def _sheet(body: Body, kinds: pl.Series, rows: pl.DataFrame, index: int) -> Sheet:
    """What is known of the sheet beside its rows, its unknown columns and its notes."""
    grid = body.grid
    return Sheet(
        index=index,
        file=grid.file,
        name=grid.name,
        title=body.title.text,
        header_line=body.header.last + 1,
        columns=_origins(body.columns, body.fields, rows),
        lines={DATA: rows.height} if grid.origin else _places(kinds, len(grid.stray_lines)),
        totals=stated_totals(body, kinds, rows),
        sha256=grid.sha256,
        read=grid.origin.read if grid.origin else "",
    )


def _places(kinds: pl.Series, strays: int) -> dict[str, int]:
    """How many rows are of each kind."""
    return {kind: int((kinds == kind).sum()) for kind in KINDS} | ({STRAY: strays} if strays else {})


def _body(
    grid: Grid, header: Header, columns: Columns, title: Title, fields: Fields, kinds: pl.Series, merged: Sequence[Merged]
) -> tuple[Body, Wide | None]:
    """The data rows of a sheet: merged cells filled down, the columns of months joined to one list."""
    is_data = kinds == DATA
    data = filled_down(grid.cells, merged, columns.by_field, fields).head(kinds.len()).filter(is_data)
    data = data.with_columns(_filled(data, grid, columns.by_field, fields))
    at = is_data.arg_true()
    faults = shared_sums(merged, columns.by_field, fields, at + 1)
    lines = grid.origin.lines.gather(at) if grid.origin else (at + 1 + grid.skipped).cast(pl.Int64)
    body = Body(grid, header, columns.by_field, title, fields, data, is_data, lines, faults, merged)
    if not header.months or LISTED in columns.by_field:
        return body, None
    wide = read_months(header.months, data, body.lines, grid.broken(), merged_below(grid, header, kinds))
    first = min(header.months)
    by_field = {**columns.by_field, LISTED: first}
    data = data.with_columns(wide.texts.alias(str(first)))
    grid = replace(grid, texts={name: texts for name, texts in grid.texts.items() if name != str(first)})
    return replace(body, grid=grid, columns=by_field, data=data, faults=pl.concat([faults, wide.problems])), wide


def _filled(data: pl.DataFrame, grid: Grid, by_field: Mapping[str, int], fields: Fields) -> Iterator[pl.Series]:
    """The columns of texts, in which a stroke or 无 says no more than a blank."""
    for field, column in ((fields.by_name[name], column) for name, column in by_field.items()):
        if field.type in ("text", "name", "place"):
            yield without_placeholders(data[str(column)], grid.texts.get(str(column)), none=field.none)


def _unknown(columns: Columns, header: Header, wide: Wide | None) -> tuple[str, ...]:
    used = {header.names[c] for c in header.months} if wide else set[str]()
    return tuple(name for name in columns.unknown if name not in used)


def _about_headings(grid: Grid, headings: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    told = "、".join(f"第 {line} 行“{text[:_SHOWN]}”" for line, text in headings[:_MOST_TOLD])
    more = f"等 {len(headings)} 处" if len(headings) > _MOST_TOLD else ""
    return (f"{grid.where}：{told}{more}下面的行按同一张表读；若是另一张表（如退回的人），分开再试",) * bool(headings)


def _about_months(grid: Grid, header: Header, wide: Wide | None, stated: set[str]) -> tuple[str, ...]:
    if not wide:
        return ()
    (first, since), *_, (end, until) = sorted(header.months.items())
    named = f"{column_letters(first)}–{column_letters(end)} 列（{since}…{until}）"
    summed = f"，没有申请金额一列，各月金额相加作“{CLAIMS[0]}”" if wide.sums.count() and not stated & set(CLAIMS) else ""
    return (f"{grid.where}：{named}合成“{LISTED}”：打√、填 1 或金额的月份计入{summed}",)


def _about_unknown(grid: Grid, sheet: Sheet) -> tuple[str, ...]:
    months = [name for name in sheet.unknown if _MONTH.fullmatch(name)]
    others = [name for name in sheet.unknown if name not in months]
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


def refuse_shifted(grid: Grid, header: Header) -> None:
    """InputError where a row of a text is wider than the header: a comma has shifted the columns before it."""
    width = max((c for c, name in enumerate(header.names) if name), default=0) + 1
    if grid.name or width >= grid.cells.width:
        return
    beyond = grid.cells.slice(header.last + 1).select(pl.any_horizontal(pl.nth(range(width, grid.cells.width)).is_not_null()))
    lines = beyond.to_series().arg_true() + header.last + 2
    if lines.len():
        hint = "该行可能有未加引号的逗号（如金额 1,500），改正后再试"
        raise InputError(Problem(f"第 {lines[0]} 行的列比表头多", where=grid.where, hint=hint))


def _origins(columns: Mapping[str, int], fields: Fields, rows: pl.DataFrame) -> dict[str, int]:
    """Field → column, where a field without a column of its own comes from a composite one, or from those of months."""
    composite = {target: c for name, c in columns.items() for target in fields.by_name[name].into}
    summed = {name: columns[LISTED] for name in CLAIMS if LISTED in columns and name in rows.columns}
    return {**summed, **composite, **columns}
