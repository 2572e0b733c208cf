"""The data rows of one sheet, column by column, as values; and every cell that could not be read."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.model import LINE, ROW, Field, last
from jybf.roster.cast import PROBLEMS, Cast, cast, no_problems
from jybf.roster.grid import Grid, Merged
from jybf.roster.header import Header
from jybf.roster.located import located
from jybf.roster.months import COUNTED
from jybf.roster.readers import DATED, LOST_ZERO, lost_zeros, reader_of, unit_of
from jybf.roster.still import until_filled_in
from jybf.roster.title import Title
from jybf.roster.told import is_picture, more_than_listed, odd_names, of_the_title
from jybf.vocabulary.fields import Fields
from jybf.vocabulary.values.choices import fold_word
from jybf.vocabulary.values.dates import year as whole_year
from jybf.vocabulary.values.spans import name_months
from jybf.vocabulary.values.text import UNCHECKED, Unreadable

TITLE_YEAR, TITLE_COUNTY = "表题年度", "表题县"
_NONE = "无"  # of the kinds that a vague word names several of: none
_HAS_YEAR = r"(?:19|20)[0-9]{2}"
_LISTS_MONTHS = r"月|季度|[上下]半年|[0-9]\s*[-~、，,至到]"
_OF_MONTHS = r"^\s*[0-9一二三四五六七八九十]{1,3}\s*(?:[-—–~至到]+\s*[0-9]{1,2}\s*)?月"

# Serial numbers are read as days since 1900.
_BARE_SERIAL = (
    r"^[0-9]{5}(?:\.[0-9]+)?$|^[0-9]{4}\.1$|^(?:1[0-8][0-9]{2}|190[0-3])-",
    Unreadable("工作簿用 1904 日期系统，这一格却没有设为日期格式，或早于 1904 年"),
)

Values = dict[str, pl.Series]


class Body(msgspec.Struct, frozen=True):
    """A sheet before its values are read. ``data``: the texts of its data rows; ``is_data``: which rows of cells those are.

    ``lines``: the Excel row of each; ``faults``: PROBLEMS that the layout has (merged sums, columns of months), with the index
    of the data row as ``_row``; ``merged``: the ranges that hold for several rows of data.
    """

    grid: Grid
    header: Header
    columns: Mapping[str, int]
    title: Title
    fields: Fields
    data: pl.DataFrame
    is_data: pl.Series
    lines: pl.Series
    faults: pl.DataFrame
    merged: Sequence[Merged] = ()

    def texts(self, name: str) -> pl.Series:
        """The texts of one field's column."""
        return self.data[str(self.columns[name])]

    def distinct(self, name: str) -> pl.Series:
        """The texts of one field's column, each at least once, and perhaps those of rows without data: for a quick look."""
        known = self.grid.texts.get(str(self.columns[name]))
        return self.texts(name) if known is None else known

    def numbers(self, name: str) -> Callable[[], pl.Series] | None:
        """What finds the cells that the file keeps as numbers; None: it has no such cells."""
        find = self.grid.numbers
        return (lambda: find(self.columns[name]).head(self.is_data.len()).filter(self.is_data)) if find else None


def typed_rows(body: Body) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``行号`` and every field of the sheet, and its PROBLEMS with the index of the row as ``_row``."""
    values: Values = {LINE: body.lines}
    problems = [_faults(body), _broken_cells(body)]
    said: Values = {}
    # Composite columns come last: they fill only what has no cell of its own.
    for field in sorted((body.fields.by_name[name] for name in body.columns), key=lambda f: len(f.into)):
        read = _read_column(body, field, values)
        problems.append(_without_answered(read.problems, body, field))
        _merge(values, read, body, field)
        if COUNTED in field.into[2:]:
            problems.append(more_than_listed(body, values, read.values[COUNTED]))
        if field.type in ("place", "address") and field.into:
            said |= {name: read.values[name] for name in field.into[1:]}
        if field.type == "address":
            values[field.name] = body.texts(field.name)
    problems.append(odd_names(body))
    problems = [_without_named(each, body, values) for each in problems]
    values |= _constants(body, values)
    texts = {name: body.texts(name) for name in body.columns}
    places, contradictions = located(values, said, texts, body.title.county)
    values |= places
    problems.append(contradictions)
    ended, found = until_filled_in(values, pl.concat([no_problems(), *problems]))
    values |= ended
    frame = pl.DataFrame([series.alias(name) for name, series in values.items()])
    return frame, found.unique([ROW, "字段"], keep="first", maintain_order=True)


def _read_column(body: Body, field: Field, values: Values) -> Cast:
    cells, as_written = body.texts(field.name), False
    if field.type == "months":
        cells = _with_year(cells, values, body.title)
    elif field.type in ("range", "worktime", "period") and body.title.year:
        cells = of_year(cells, body.title.year)
    else:
        as_written = True
    unit = unit_of(body.header.names[body.columns[field.name]], field, body.title.unit)
    reader = reader_of(field, body.fields, unit)
    if body.grid.since_1904 and field.type in DATED:
        reader = replace(reader, number=_BARE_SERIAL)
    find = body.numbers(field.name)
    if find is None and field.type in DATED:
        find, reader = (lambda: lost_zeros(cells)), replace(reader, number=LOST_ZERO)
    read = cast(cells, find, reader, body.distinct(field.name) if as_written else cells)
    if field.type == "date":
        read = of_the_title(body, field, read)
    return replace(read, values={**read.values, field.name: _each_month(cells, read)}) if field.type == "months" else read


def _each_month(cells: pl.Series, read: Cast) -> pl.Series:
    """The months that a list names, one by one: first and last don't tell which of those between are meant."""
    first = next(iter(read.values.values()))
    distinct = cells.filter(first.is_not_null()).unique().to_list()
    named = cells.replace_strict(distinct, [name_months(text) for text in distinct], default=None, return_dtype=pl.String)
    return named.zip_with(first.is_not_null(), pl.Series([None], dtype=pl.String).new_from_index(0, cells.len()))


def _with_year(months: pl.Series, values: Values, title: Title) -> pl.Series:
    """Lists of months that name no year take that of the row's 所属期, else that of the title."""
    year = pl.lit(title.year, dtype=pl.Int32)
    if "所属期" in values:
        first, end = (values[name].dt.year() for name in ("所属期", last("所属期")))
        one_year = pl.Series([None], dtype=pl.Int32).new_from_index(0, months.len()).zip_with
        year = pl.coalesce(first.zip_with((first == end).fill_null(False), one_year(first.is_null(), first)), year)
    text = pl.col("m")
    lacks_year = ~text.str.contains(_HAS_YEAR) & text.str.contains(_LISTS_MONTHS) & ~text.str.contains("个月")
    dated = pl.when(lacks_year & year.is_not_null()).then(pl.format("{}年{}", year, text)).otherwise(text)
    return months.to_frame("m").select(dated).to_series()


def of_year(spans: pl.Series, year: int) -> pl.Series:
    """Spans of months without a year (3月-8月) with that of the title, and near it years of two digits (21.3-21.8) in full."""
    text, near = pl.col("s"), "|".join(str(one)[2:] for one in (year - 1, year, year + 1))
    lacks = text.str.contains(_OF_MONTHS) & ~text.str.contains("年|个月|[0-9]{4}")
    short = rf"^((?:{near})[.年/].*?[-—–~至到]+)\s*((?:{near})[.年/][0-9].*)$"
    whole = text.str.replace(short, "20${1}20${2}")
    dated = pl.when(lacks).then(pl.format("{}年{}", pl.lit(year), text)).otherwise(whole)
    return spans.to_frame("s").select(dated).to_series()


def _merge(values: Values, read: Cast, body: Body, field: Field) -> None:
    """Add what was read; a composite column answers only where the target's own cell is blank."""
    for name, series in read.values.items():
        if name not in values:
            values[name] = series
        elif field.into:
            target = name if name in field.into else name.removesuffix(last(""))
            blank = values[name].is_null() & ~_present(body, target)
            values[name] = values[name].zip_with(~blank, series)


def _present(body: Body, name: str) -> pl.Series:
    """Whether a field has a cell of its own with something in it."""
    if name not in body.columns:
        return pl.Series([False]).new_from_index(0, body.data.height)
    return body.texts(name).is_not_null()


def _without_answered(problems: pl.DataFrame, body: Body, field: Field) -> pl.DataFrame:
    """Problems of a composite cell, but for targets that the row states in a cell of their own."""
    for target in field.into:
        if target in body.columns and target != field.name and problems.height:
            own = problems[ROW].is_in(_present(body, target).arg_true().cast(pl.Int64).implode())
            problems = problems.filter(~((problems["字段"] == target) & own))
    return problems


def _without_named(problems: pl.DataFrame, body: Body, values: Values) -> pl.DataFrame:
    """Problems but for a vague word (三类户) whose row says in another column which one is meant: it is as good as blank."""
    for field in body.fields.by_name.values():
        if field.named_by in values and field.name in body.columns and problems.height:
            told = values[field.named_by]
            which = (told.is_not_null() & (told != _NONE)).arg_true().cast(pl.Int64)
            vague = [text for text in problems["原文"].unique() if text and fold_word(text) in map(fold_word, field.vague)]
            of_field = problems["字段"] == field.name
            named = of_field & problems["原文"].is_in(vague) & problems[ROW].is_in(which.implode())
            problems = problems.filter(~named)
    return problems


def _constants(body: Body, values: Values) -> Values:
    """Facts of the title, the same for every row, where no column gives them."""
    constants: Values = {}
    for name, text in body.title.constants.items():
        field, cell = body.fields.by_name[name], pl.Series([text], dtype=pl.String)
        if name not in values:
            constants |= cast(cell, None, reader_of(field, body.fields), cell).values
    if body.title.year:
        first, end = whole_year(body.title.year)
        constants |= {TITLE_YEAR: pl.Series([first]), last(TITLE_YEAR): pl.Series([end])}
    if body.title.county:
        constants |= {TITLE_COUNTY: pl.Series([body.title.county])}
    return {name: one.new_from_index(0, body.data.height) for name, one in constants.items()}


def _faults(body: Body) -> pl.DataFrame:
    """The layout's problems, each told of the fields that its column fills."""
    names = body.faults["字段"].unique().to_list()
    filled = {name: _filled_by(body.fields.by_name[name], body) for name in names}
    told = pl.col("字段").replace_strict(list(filled), list(filled.values()), return_dtype=pl.List(pl.String))
    return body.faults.with_columns(told).explode("字段") if names else no_problems()


def _broken_cells(body: Body) -> pl.DataFrame:
    """Error cells and formulas without a value, as problems of the fields they should have filled."""
    named = {column: body.fields.by_name[name] for name, column in body.columns.items()}
    # They read as blank: where nothing is blank there are none to look for.
    blank = any(body.texts(name).null_count() for name in body.columns)
    broken = [cell for cell in body.grid.broken() if cell.column in named] if blank else []
    if not broken:
        return no_problems()
    index = {line: i for i, line in enumerate(body.lines.to_list())}
    rows = [
        (index[cell.line], target, cell.text, cell.reason, UNCHECKED)
        for cell in broken
        if cell.line in index and not is_picture(cell, named[cell.column])
        for target in _filled_by(named[cell.column], body)
    ]
    return pl.DataFrame(rows, schema=PROBLEMS, orient="row")


def _filled_by(field: Field, body: Body) -> list[str]:
    """The fields that a column fills: itself, or its targets that have no column of their own."""
    return [name for name in field.into or (field.name,) if name == field.name or name not in body.columns]
