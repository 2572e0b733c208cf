"""Random rosters as the reader hands them on, in sheets with and without titles, and as the canonical table."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl
from msgspec.structs import replace

from jybf.model import LINE, ROW, SHEET, Pack, Roster, Sheet, bad, last
from jybf.roster.canonical import CELL, canonical, columns
from jybf.roster.cast import PROBLEMS
from jybf.roster.reading import gather
from jybf.roster.rows import DATA
from jybf.roster.table import Table
from tests.assess.rows import SOURCES, random_roster

HOMES = ("户编号", "户主身份证号", "户主姓名", "乡镇", "行政村", "与户主关系", "统一社会信用代码", "单位名称")
_NO_FIELDS = ("户", "单位", "作废")


class Rows(NamedTuple):
    """The same rows twice: as calc has them, and as a warehouse has them."""

    roster: Roster
    frame: pl.DataFrame


def random_rows(pack: Pack, count: int, seed: int, *, paid: bool = False) -> Rows:
    """``count`` random rows about all programmes of ``pack``; of rows that were ``paid`` some say that they were not."""
    rng = random.Random(seed)  # noqa: S311  reproducible, not secret
    rows = own_rows(pack, count, seed, paid=paid)
    titles = titles_of(pack)
    sheets = [Sheet(n, f"示例{n}.xlsx", "表", title, 1, {"姓名": 0, "身份证号": 1}) for n, title in enumerate(titles)]
    sheets[0] = replace(sheets[0], title="", columns=telling(pack))
    place = pl.Series(SHEET, sorted(rng.randrange(len(sheets)) for _ in range(count)), dtype=pl.Int64)
    return in_sheets(pack, rows, sheets, place, rng, paid=paid)


def own_rows(pack: Pack, count: int, seed: int, also: Iterable[str] = (), *, paid: bool = False) -> pl.DataFrame:
    """Random values of all that the pack, its facts and ``also`` read, in no sheet yet."""
    names = [*SOURCES, *HOMES, *also, *(["发放状态"] if paid else [])]
    rows = random_roster(pack, count, seed, dict.fromkeys(names)).rows
    known = columns()
    return rows.drop([name for name in rows.columns if name not in known or name.removesuffix(bad("")) in _NO_FIELDS])


def titles_of(pack: Pack) -> list[str]:
    """The titles of sheets: none, one that names no programme, one for each."""
    own = (f"示例镇 2021 年{program.titles[0] if program.titles else program.id}花名册" for program in pack.programs)
    return ["", "2021年花名册", *own]


def telling(pack: Pack) -> dict[str, int]:
    """Columns that tell by themselves what the rows apply for."""
    return dict.fromkeys([program.columns[0] for program in pack.programs if program.columns], 2)


def in_sheets(
    pack: Pack, rows: pl.DataFrame, sheets: Sequence[Sheet], place: pl.Series, rng: random.Random, *, paid: bool = False
) -> Rows:
    """``rows`` in the ``sheets`` where ``place`` (ascending, one a row) puts them, some with a cell that names a programme."""
    count = rows.height
    words = (
        [program.id for program in pack.programs]
        + [word for program in pack.programs for word in program.titles]
        + ["别的 补贴"]
    )
    cell = [rng.choice(words) if rng.random() < 0.2 else None for _ in range(count)]
    state = (
        {"发放状态": pl.Series([rng.choice(["成功", "银行退票", None]) for _ in range(count)], dtype=pl.String)} if paid else {}
    )
    tie = pl.Series([rng.choice(["户主", "配偶", "之子", None]) for _ in range(count)], dtype=pl.String)
    rows = rows.drop(ROW, SHEET).with_columns(
        place, pl.Series(CELL, cell, dtype=pl.String), pl.when(pl.lit(tie).is_not_null()).then(pl.lit(tie)).alias("与户主关系"),
        **{name: pl.lit(series) for name, series in state.items()},
    )  # fmt: skip
    rows = rows.with_columns(_at_the_edge(rows, pl.Series([rng.choice([-1, 0, 1, None]) for _ in range(count)])))
    tables = [
        _table(sheets[n], part.drop(SHEET))
        for (n,), part in rows.partition_by(SHEET, as_dict=True, maintain_order=True).items()
    ]
    return Rows(gather(tables, ()), canonical(tables))


def _at_the_edge(rows: pl.DataFrame, days: pl.Series) -> list[pl.Expr]:
    """A contract that ends so many ``days`` after its first year, where it begins on a certain day and its end can be read."""
    start, end = "合同开始日期", "合同结束日期"
    names = [end, last(end)]
    if not {start, *names} <= {*rows.columns}:
        return []
    unread = pl.col(bad(end)) if bad(end) in rows.columns else pl.lit(value=False)
    there = pl.lit(days).is_not_null() & (pl.col(start) == pl.col(last(start))) & ~unread
    over = pl.col(start).dt.offset_by("1y") + pl.duration(days=pl.lit(days))
    silent = [name for name in ("合同月数", "上岗日期", last("上岗日期")) if name in rows.columns]  # else they contradict it
    ends = (pl.when(there).then(over).otherwise(name).alias(name) for name in names)
    return [*ends, *(pl.when(~there).then(name).alias(name) for name in silent)]


def _table(sheet: Sheet, rows: pl.DataFrame) -> Table:
    marks = [name for name in rows.columns if name.endswith(bad(""))]
    found = [
        pl.DataFrame({ROW: rows[mark].arg_true().cast(pl.Int64)}).select(
            ROW, pl.lit(mark.removesuffix(bad(""))).alias("字段"), pl.lit("？").alias("原文"), pl.lit("认不出").alias("原因"), pl.lit("JY902").alias("编号")
        )
        for mark in marks
    ]  # fmt: skip
    problems = pl.concat([pl.DataFrame(schema=PROBLEMS), *found]).sort(ROW, maintain_order=True)
    values = rows.drop(marks).select(LINE, pl.exclude(LINE))
    return Table(sheet, values, problems, (), pl.Series([DATA]).new_from_index(0, rows.height))
