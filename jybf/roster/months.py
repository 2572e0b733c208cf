"""Wide tables: a column a month, ticked or with that month's amount → the list of months of a row, and their sum."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import msgspec
import polars as pl

from jybf.model import ROW, Field
from jybf.regex import pattern
from jybf.roster.cast import PROBLEMS
from jybf.roster.grid import Broken, Merged, column_letters
from jybf.vocabulary.roles import CLAIMS
from jybf.vocabulary.values.choices import bool_parser
from jybf.vocabulary.values.dates import arabic_date
from jybf.vocabulary.values.money import parse_money
from jybf.vocabulary.values.text import UNCHECKED, Unreadable, plain
from jybf.vocabulary.yuan import yuan

LISTED = "享受月份"  # the field that the columns of months fill together
COUNTED = "补贴月数"

_YEAR = r"(?:(?P<y>(?:19|20)[0-9]{2})(?:年度?|[-/.]))?"
_MONTH = pattern(_YEAR + r"(?P<m>1[0-2]|0?[1-9])月份?(?:\((?:万?元|打?[√勾]|[√是]/[×否])\))?")
_DATE = pattern(r"(?P<y>(?:19|20)[0-9]{2})-(?P<m>1[0-2]|0?[1-9])(?:-0?1)?(?:00:00:00)?")  # a header kept as a date
_BARE = pattern(r"(?P<y>)(?P<m>1[0-2]|0?[1-9])")
_IN_PARENT = pattern(r"((?:19|20)[0-9]{2})年")
_OF_OTHER_THINGS = pattern("工资|收入|报酬|出勤|考勤|天数|社保|参保|缴费|生产|产量")
_DAYS = 31 * 100  # 分: a number up to 31 is rather a count of days than a sum
_TICK = bool_parser(Field("", "bool"))


class Month(NamedTuple):
    """A column's month; ``year`` is None where neither it nor a column before it names one."""

    year: int | None
    number: int

    def __str__(self) -> str:
        return f"{self.year}年{self.number}月" if self.year else f"{self.number}月"


class Wide(msgspec.Struct, frozen=True):
    """The columns of months, read together; one value a row of data.

    ``texts``: the list of months as 享受月份 writes it (null: none is marked, or a cell can't be read); ``count``: how many;
    ``sums``: 分, where every marked cell holds an amount. ``problems``: PROBLEMS, ``_row`` = the row's index.
    """

    texts: pl.Series
    count: pl.Series
    sums: pl.Series
    problems: pl.DataFrame


def month_columns(paths: Mapping[int, Sequence[str]]) -> Mapping[int, Month]:
    """Column → month, for headers given as paths from the outermost merged cell; {} unless two or more, all different.

    A month without a year is of the year of the column before it; months that run back without a year tell nothing.
    """
    found = {column: month for column, path in paths.items() if (month := _month(tuple(path)))}
    months: list[Month] = []
    for month in found.values():
        months.append(Month(month.year or (months[-1].year if months else None), month.number))
    ascending = all(a.year != b.year or a.number < b.number for a, b in pairwise(months))
    return dict(zip(found, months, strict=True)) if len(months) > 1 and ascending and len(set(months)) == len(months) else {}


@lru_cache(4096)  # the same cells are asked about as a header of one, two and three rows
def _month(path: tuple[str, ...]) -> Month | None:
    if not any(map(str.isnumeric, path[-1])):  # most heads
        return None
    *parents, child = (arabic_date(plain(part)) for part in path)
    above = "".join(parents)
    if _OF_OTHER_THINGS.search(above):
        return None
    found = _MONTH.fullmatch(child) or _DATE.fullmatch(child) or ("月" in above and _BARE.fullmatch(child)) or None
    years = set(_IN_PARENT.findall(above))
    year = found and (found["y"] or (years.pop() if len(years) == 1 else None))
    return found and Month(int(year) if year else None, int(found["m"]))


def read_months(
    months: Mapping[int, Month], data: pl.DataFrame, lines: pl.Series, broken: Iterable[Broken], merged: Sequence[Merged]
) -> Wide:
    """Read the columns ``months`` of ``data``, whose rows stand in Excel rows ``lines``; ``broken``: cells without a value.

    A mark in a cell that is ``merged`` over months or people may be meant for any of them.
    """
    marks: list[pl.Expr] = []
    sums: list[pl.Expr] = []
    faults = [_faults_of_cells(lines, [*(cell for cell in broken if cell.column in months), *_spread(months, merged)])]
    for column in months:
        cells = data[str(column)]
        read = {text: _mark(text) for text in cells.unique().drop_nulls()}
        known = {text: mark for text, mark in read.items() if isinstance(mark, int)}
        marks.append(pl.lit(_replaced(cells, {text: mark > 0 for text, mark in known.items()}, pl.Boolean())))
        sums.append(pl.lit(_replaced(cells, {text: mark for text, mark in known.items() if mark > 1}, pl.Int64())))
        faults.append(
            _faults(cells, column, lines, {t: mark.reason for t, mark in read.items() if isinstance(mark, Unreadable)})
        )
    problems = pl.concat(faults).sort(ROW, maintain_order=True).unique(ROW, keep="first", maintain_order=True)
    sound = pl.lit(pl.Series([True]).new_from_index(0, data.height).scatter(problems[ROW], False))
    named = [pl.when(mark).then(pl.lit(str(month))) for mark, month in zip(marks, months.values(), strict=True)]
    count, paid = pl.sum_horizontal(marks), pl.sum_horizontal(s.is_not_null() for s in sums)
    known = sound & (count > 0)
    frame = data.select(
        pl.when(known).then(pl.concat_str(named, separator="、", ignore_nulls=True)).alias("t"),
        pl.when(known).then(count.cast(pl.Int64)).alias("n"),
        pl.when(known & (paid == count)).then(pl.sum_horizontal(sums)).alias("s"),
    )
    return Wide(frame["t"], frame["n"], frame["s"], problems)


def settled(
    rows: pl.DataFrame, problems: pl.DataFrame, wide: Wide, columns: Mapping[str, int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``rows`` and ``problems`` once the months are compared with what other columns of the row say.

    A count or a sum that contradicts the months is unknown. Where no column states a claim, the months' sum is the claim.
    """
    found = [problems]
    if COUNTED in columns:
        differ = rows[COUNTED] != wide.count
        told = pl.format("本列写 {} 个月，各月一列标了 {} 个月", pl.lit(rows[COUNTED]), pl.lit(wide.count))
        rows, found = _without(rows, COUNTED, differ, told, found)
    if not wide.sums.count():
        return rows, pl.concat(found)
    claim = next((name for name in CLAIMS if name in columns), "")
    if claim:
        differ = rows[claim] != wide.sums
        told = pl.format("本列 {} 元，各月相加 {} 元", *(yuan(pl.lit(s)) for s in (rows[claim], wide.sums)))
    else:
        claim, differ = CLAIMS[0], wide.count.is_not_null() & wide.sums.is_null()
        rows = rows.with_columns(wide.sums.alias(claim))
        found.append(wide.problems.with_columns(pl.lit(claim).alias("字段")))
        told = pl.lit("有的月份打√，有的月份填金额，合计不出")
    rows, found = _without(rows, claim, differ, told, found)
    return rows, pl.concat(found)


def _without(
    rows: pl.DataFrame, name: str, where: pl.Series, told: pl.Expr, found: list[pl.DataFrame]
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """``rows`` without the values of ``name`` in the rows ``where``, and a problem for each."""
    at = where.fill_null(value=False)
    if not at.any():
        return rows, found
    reasons = rows.select(told.alias("原因")).filter(at)
    wrong = reasons.select(
        at.arg_true().cast(pl.Int64).alias(ROW),
        pl.lit(name).alias("字段"),
        rows[name].filter(at).cast(pl.String).fill_null("").alias("原文"),
        "原因",
        pl.lit(UNCHECKED).alias("编号"),
    )
    return rows.with_columns(pl.when(~pl.lit(at)).then(pl.col(name)).alias(name)), [*found, wrong]


def _mark(text: str) -> int | Unreadable:
    """0: not this month (or nothing to say); 1: this month; above: its amount in 分."""
    said = _TICK(text)
    if not isinstance(said, Unreadable):
        return int(said or 0)
    amount = parse_money(text)
    if not isinstance(amount, int):
        return Unreadable("不是√，也不是金额")
    return amount if amount > _DAYS else Unreadable("像是天数，不是√，也不是金额")


def _replaced(cells: pl.Series, values: Mapping[str, int | bool], dtype: pl.DataType) -> pl.Series:
    return cells.replace_strict(list(values), list(values.values()), default=None, return_dtype=dtype)


def _faults(cells: pl.Series, column: int, lines: pl.Series, why: Mapping[str, str]) -> pl.DataFrame:
    letters = column_letters(column)
    rows = [
        (i, LISTED, text, f"{letters}{line} {why[text]}", UNCHECKED)
        for i, (text, line) in enumerate(zip(cells, lines, strict=True) if why else ())
        if text in why
    ]
    return pl.DataFrame(rows, schema=PROBLEMS, orient="row")


def _spread(months: Mapping[int, Month], merged: Sequence[Merged]) -> list[Broken]:
    """The first month's cell of each row that a merged range touches."""
    touched = [(m, next((c for c in months if m.left <= c <= m.right), None)) for m in merged]
    why = "是合并单元格，看不出算哪个月、算谁的"
    return [Broken(line + 1, c, "", why) for m, c in touched if c is not None for line in range(m.top, m.bottom + 1)]


def _faults_of_cells(lines: pl.Series, cells: Sequence[Broken]) -> pl.DataFrame:
    index = {line: i for i, line in enumerate(lines.to_list())} if cells else {}
    rows = [
        (index[cell.line], LISTED, cell.text, f"{column_letters(cell.column)}{cell.line} {cell.reason}", UNCHECKED)
        for cell in cells
        if cell.line in index
    ]
    return pl.DataFrame(rows, schema=PROBLEMS, orient="row")
