"""Rows of nothing but sums, which name nobody: totals whose label is left out."""

from collections.abc import Mapping, Sequence

import polars as pl

from jybf.roster.grid import Grid, Merged
from jybf.roster.rows import DATA, TOTAL
from jybf.vocabulary.fields import Fields
from jybf.vocabulary.values.money import parse_money

_WHO = ("姓名", "身份证号", "单位名称", "统一社会信用代码", "户主姓名", "户主身份证号", "创业实体")


def with_nameless_totals(
    kinds: pl.Series, grid: Grid, columns: Mapping[str, int], fields: Fields, merged: Sequence[Merged]
) -> pl.Series:
    """``kinds`` with 合计 for such a row below all others, and between them where it is what those above it add up to.

    A row of a ``merged`` range is of whoever the range names. A sheet that names nobody has no such rows.
    """
    if not set(_WHO) & set(columns):
        return kinds
    sums = [c for name, c in columns.items() if fields.by_name[name].type == "money"]
    body = grid.cells.head(kinds.len())
    others = [pl.col(name).is_null() for name in body.columns if int(name) not in sums]
    any_sum = pl.any_horizontal(pl.lit(value=False), *(pl.col(str(c)).is_not_null() for c in sums))
    bare = body.select(pl.all_horizontal(*others, any_sum)).to_series() & (kinds == DATA)
    held = {line for m in merged for line in range(m.top, m.bottom + 1)}
    lines = [line for line in bare.arg_true().to_list() if line not in held]
    if not lines:
        return kinds
    data = (kinds == DATA).arg_true().to_list()
    return kinds.scatter([line for line in lines if _is_total(line, data, kinds, body, sums)], TOTAL)


def _is_total(line: int, data: Sequence[int], kinds: pl.Series, body: pl.DataFrame, sums: Sequence[int]) -> bool:
    above = [other for other in data if other < line]
    if line == data[-1]:
        return bool(above)
    since = max((kinds.head(line) == TOTAL).arg_true(), default=-1)
    told = [(c, _yuan(body[line, str(c)])) for c in sums if body[line, str(c)] is not None]
    added = ((value, [_yuan(body[other, str(c)]) for other in above if other > since]) for c, value in told)
    return len(above) > 1 and all(value is not None and value == sum(filter(None, parts)) for value, parts in added)


def _yuan(text: str | None) -> int | None:
    """A sum in 分, or in the unit of the sheet: all of them alike."""
    fen = parse_money(text) if text else None
    return fen if isinstance(fen, int) else None
