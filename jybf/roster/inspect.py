"""What a run would make of its files, told before any money is computed: sheets, rows, columns, cells that can't be read."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError
from jybf.model import LINE, ROW, Field, Total
from jybf.model.survey import BY_MONTH, NO_HEADER, READ, REFUSED, Fault, FileSurvey, Gap, Seen, SheetSurvey, Stretch, Sum
from jybf.regex import pattern
from jybf.roster.cells import cell
from jybf.roster.columns import BY_NAME, Columns, choose_columns
from jybf.roster.evidence import seems
from jybf.roster.files import File, Options, Page, read_file
from jybf.roster.grid import Grid, column_letters, column_of
from jybf.roster.header import LOOKED_AT, Header, header_at
from jybf.roster.merges import SHARED
from jybf.roster.rows import DATA
from jybf.roster.table import Table
from jybf.roster.title import Title, read_title
from jybf.vocabulary.fields import Fields, load_fields

_STARS = ("＊", "*")  # before the header of a column that must be filled
_LIKE_A_HEADER = 3  # filled cells
_CELL = pattern("([A-Z]{1,3})([0-9]{1,7}) ")


def inspect(paths: Sequence[str], options: Options, progress: Callable[[str], None]) -> tuple[FileSurvey, ...]:
    """Look at each file as ``read`` would read it. What can't be read is told as such, and the others are still shown."""
    fields = load_fields()
    seen: list[FileSurvey] = []
    for path in paths:
        progress(path)
        try:
            seen.append(_file(read_file(path, options, fields), fields))
        except InputError as error:
            seen.append(FileSurvey("标准输入" if path == "-" else path, problems=error.problems))
    count = Counter(Path(one.file).name for one in seen)
    # The folder "." has no name of its own.
    return tuple(replace(f, file=Path(f.file).name or f.file) if count[Path(f.file).name] == 1 else f for f in seen)


def _file(file: File, fields: Fields) -> FileSurvey:
    source = file.source
    sheets = tuple(_sheet(page, fields) for page in file.pages)
    form = file.pages[0].grid.form if file.pages else ""
    sheets += tuple(SheetSurvey(left.name, f"{left.why}，没有读") for left in file.left)
    return FileSurvey(source.file, source.kind, file.size, source.sha256, form, sheets, file.notices, file.problems)


def _sheet(page: Page, fields: Fields) -> SheetSurvey:
    grid, header = page.grid, page.header
    if header is None:
        return _made(page.table) if page.table else _unknown(page, fields)
    title = read_title(grid.above(header.first), fields, grid.name)
    columns = choose_columns(grid, header, title, fields)
    faults = _faults(page.table) if page.table else ()
    return SheetSurvey(
        name=grid.name,
        state=READ if page.table else REFUSED,
        problems=page.problems,
        hidden=grid.hidden_lines,
        title=title.text,
        taken=_taken(title, columns, fields),
        header=(header.first + 1, header.last + 1),
        rows=tuple(_stretches(page.table.kinds)) if page.table else (),
        count=page.table.rows.height if page.table else 0,
        columns=tuple(_columns(page, header, columns, faults, fields)),
        faults=faults,
        blanks=tuple(_blanks(page, page.table, header, columns)) if page.table else (),
        elsewhere=_elsewhere(grid, faults) if page.table else (),
        sums=tuple(_sums(page.table, fields)) if page.table else (),
    )


def _made(table: Table) -> SheetSurvey:
    """A sheet of a canonical table, which has no cells of its own."""
    sheet, faults = table.sheet, _faults(table)
    unread = Counter({fault.column: len(fault.cells) for fault in faults})
    at = {name: column_letters(place) for name, place in sheet.columns.items() if name in table.rows.columns}
    seen = (Seen(at[name], name, name, BY_NAME, table.rows[name].count(), unread[at[name]]) for name in at)
    sums = tuple(_sums(table, load_fields()))
    return SheetSurvey(
        sheet.name, READ, title=sheet.title, count=table.rows.height, columns=tuple(seen), faults=faults, sums=sums
    )


def _unknown(page: Page, fields: Fields) -> SheetSurvey:
    """A sheet without a header that anybody knows: its fullest row, in case that it is one."""
    if page.problems:
        return SheetSurvey(page.grid.name, REFUSED, page.problems)
    above = page.grid.cells.head(LOOKED_AT)
    filled = above.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    row = filled.arg_max() or 0
    if filled.is_empty() or filled[row] < _LIKE_A_HEADER:
        return SheetSurvey(page.grid.name, NO_HEADER)
    header = header_at(page.grid, row, row, fields)
    seen = tuple(_alone(place, header, page.grid.cells.slice(row + 1), fields) for place in range(len(header.names)))
    shown = tuple(column for column in seen if column.header)
    return SheetSurvey(page.grid.name, NO_HEADER, header=(row + 1, row + 1), columns=shown)


def _alone(place: int, header: Header, cells: pl.DataFrame, fields: Fields) -> Seen:
    """A column of a sheet that isn't read: known headers there may be, though too few."""
    known, name = header.found[place], header.names[place]
    if isinstance(known, Field):
        return Seen(column_letters(place), name, known.name, BY_NAME, cells[str(place)].count())
    if known is not None:
        return Seen(column_letters(place), name, "", "", cells[str(place)].count(), open=known.fields)
    return _column(place, name, header, cells, fields)


def _column(place: int, name: str, header: Header, cells: pl.DataFrame, fields: Fields) -> Seen:
    """A column of which nothing is known but what it is like."""
    texts = cells[str(place)]
    near = () if header.mapped else fields.near(name)
    return Seen(column_letters(place), name, "", "", texts.count(), near=near, seems=seems(texts, fields))


def _taken(title: Title, columns: Columns, fields: Fields) -> dict[str, str]:
    """What the title says of every row, but for what a column says of each."""
    own = {target for name in columns.by_field for target in (name, *fields.by_name[name].into)}
    year = {"年度": str(title.year)} if title.year else {}
    unit = {"金额单位": title.unit} if title.unit else {}
    return {**year, **unit, **{name: text for name, text in title.constants.items() if name not in own}}


def _sums(table: Table, fields: Fields) -> Iterator[Sum]:
    sheet = table.sheet
    for total in sheet.totals:
        field = fields.by_name.get(total.field)
        where = total.cell or cell(sheet, total.field, total.line) or f"第 {total.line} 行"
        money = field is not None and field.type == "money"
        yield Sum(where, total.field, total.stated, total.computed, money, _gaps(table, total))


def _gaps(table: Table, total: Total) -> int:
    """The cells that ``total`` adds up and nobody can read; below a merged sum none is lacking."""
    shared = pl.col("原因").str.contains(SHARED, literal=True)
    mine = table.problems.filter((pl.col("字段") == total.field) & ~shared)[ROW].unique()
    lines = table.rows[LINE].gather(mine) if mine.len() else mine
    return lines.len() if total.grand else int(lines.is_between(total.since, total.line).sum())


def _stretches(kinds: pl.Series) -> Iterator[Stretch]:
    line = 1
    for length, kind in kinds.rle().struct.unnest().rows():
        yield Stretch(kind, line, line + length - 1)
        line += length


def _faults(table: Table) -> tuple[Fault, ...]:
    """By column and reason, in the order of the columns; a cell of several fields is one cell."""
    places = table.sheet.columns
    lines = table.rows[LINE]
    found: dict[tuple[int, str], list[tuple[str, str, str, str]]] = {}
    for row, field, text, reason, code in table.problems.sort(ROW, maintain_order=True).rows():
        column, why = _of_month(reason, lines[row]) or (places.get(field, -1), reason)
        place = f"{column_letters(column)}{lines[row]}" if column >= 0 else f"第 {lines[row]} 行"
        found.setdefault((column, why), []).append((place, field, text, code))
    return tuple(
        Fault(
            column=column_letters(column),
            field="、".join(dict.fromkeys(field for _, field, _, _ in faults)),
            reason=reason,
            code=faults[0][3],
            cells=tuple(dict.fromkeys(place for place, _, _, _ in faults)),
            texts=tuple({place: text or "" for place, _, text, _ in faults}.values()),
        )
        for (column, reason), faults in sorted(found.items(), key=lambda item: item[0][0])
    )


def _of_month(reason: str, line: int) -> tuple[int, str] | None:
    """The column of the month that ``reason`` begins with, and the rest of it: the list of months has many cells a row."""
    found = _CELL.match(reason)
    return (column_of(found[1]), reason[found.end() :]) if found and int(found[2]) == line else None


def _columns(page: Page, header: Header, columns: Columns, faults: Sequence[Fault], fields: Fields) -> Iterator[Seen]:
    cells = _data(page, header)
    unread = Counter[str]()
    for fault in faults:
        unread[fault.column] += len(fault.cells)
    for column, name in enumerate(header.names):
        texts = cells[str(column)]
        filled = texts.count()
        month = column in header.months
        field = "享受月份" if month else columns.claims.get(column, "")
        if not (name or field or filled):
            continue
        how = BY_MONTH if month else columns.how.get(column, "")
        if field:
            yield Seen(column_letters(column), name, field, how, filled, unread[column_letters(column)])
        elif choices := columns.open.get(column, ()):
            yield Seen(column_letters(column), name, "", "", filled, open=choices)
        else:
            yield _column(column, name, header, cells, fields)


def _data(page: Page, header: Header) -> pl.DataFrame:
    """The cells of the rows of data; of a sheet that can't be read, all below the header."""
    cells = page.grid.cells
    if page.table is None:
        return cells.slice(header.last + 1)
    kinds = page.table.kinds
    return cells.head(kinds.len()).filter(kinds == DATA)


def _blanks(page: Page, table: Table, header: Header, columns: Columns) -> Iterator[Gap]:
    """Of the columns marked with a star; a cell that is merged, or that the title speaks for, is not blank."""
    cells = _data(page, header)
    for column, name in enumerate(header.names):
        word = name.rpartition("/")[2].strip()
        if not word.startswith(_STARS):
            continue
        field = columns.claims.get(column, "")
        empty = cells[str(column)].is_null()
        if field in table.rows.columns:
            empty &= table.rows[field].is_null()
        if empty.any():
            lines = table.rows[LINE].filter(empty)
            yield Gap(field or word, tuple(f"{column_letters(column)}{line}" for line in lines))


def _elsewhere(grid: Grid, faults: Sequence[Fault]) -> tuple[str, ...]:
    told = {place for fault in faults for place in fault.cells}
    broken = (f"{column_letters(one.column)}{one.line}" for one in grid.broken())
    return tuple(dict.fromkeys(place for place in broken if place not in told))
