"""Cells merged over several rows: what a household shares is repeated; what is one person's or one payment's is not."""

from collections.abc import Mapping, Sequence
from itertools import chain

import polars as pl

from jybf.errors import InputError, Problem
from jybf.model import ROW
from jybf.roster.cast import PROBLEMS
from jybf.roster.grid import Grid, Merged, column_letters, solid
from jybf.roster.header import Header
from jybf.roster.rows import DATA, SIGNATURE
from jybf.vocabulary.fields import Fields
from jybf.vocabulary.values.text import UNCHECKED

# A person's own facts never spread: the row below is somebody else's, or another payment.
_PERSONAL = frozenset({"序号", "姓名", "身份证号", "签字"})
_WHO = ("姓名", "身份证号", "户主姓名", "户主身份证号", "户编号", "单位名称", "统一社会信用代码")
_RATES = frozenset({"补贴标准", "月工资"})  # money that may hold for many rows at once
_NAMED = 3
SHARED = "合并，金额只算在第"  # of every reason why a cell below a merged sum has none of its own


def merged_below(grid: Grid, header: Header, kinds: pl.Series) -> list[Merged]:
    """The merged ranges below the header, cut off at the end of the table. InputError if they must overlap."""
    below = [m._replace(bottom=min(m.bottom, kinds.len() - 1)) for m in grid.merged or () if header.last < m.top < kinds.len()]
    if sum(m.bottom - m.top + 1 for m in below) > kinds.len() * grid.cells.width:
        raise InputError(Problem("合并单元格互相重叠", where=grid.where, hint="用 Excel 打开后另存为 xlsx"))
    return below


def tall(merged: Sequence[Merged], kinds: pl.Series) -> list[Merged]:
    """Those of the ranges that take more than one row and begin in a row of data; of overlapping ones the upper."""
    found: list[Merged] = []
    vertical = sorted((m for m in merged if m.bottom > m.top), key=lambda m: (m.left, m.top))
    is_data = (kinds == DATA).to_list() if vertical else []
    for m in vertical:
        overlaps = found and found[-1].left == m.left and found[-1].bottom >= m.top
        if is_data[m.top] and not overlaps:
            found.append(m)
    return found


def with_members(kinds: pl.Series, merged: Sequence[Merged], columns: Mapping[str, int]) -> pl.Series:
    """``kinds`` with the rows that share a cell of who somebody is with a person: data too, however little they hold."""
    who = {columns[name] for name in _WHO if name in columns}
    lower = _lower([m for m in merged if m.left in who])
    meant = kinds[lower] == SIGNATURE
    return kinds.scatter(lower.filter(meant), DATA) if meant.any() else kinds


def filled_down(cells: pl.DataFrame, merged: Sequence[Merged], columns: Mapping[str, int], fields: Fields) -> pl.DataFrame:
    """Cells with those of a household repeated down their merged range; a blank that isn't merged stays blank.

    A sum of money stays with the first row, whatever the file keeps hidden below it.
    """
    shared = {c: _is_sum(name, fields) for name, c in columns.items() if name not in _PERSONAL}
    by_column: dict[int, list[Merged]] = {}
    for m in merged:
        if m.left in shared:
            by_column.setdefault(m.left, []).append(m)
    for column, ranges in by_column.items():
        text = cells[str(column)]
        tops = pl.Series([m.top for m in ranges for _ in range(m.top, m.bottom)], dtype=pl.Int64)
        cells = cells.with_columns(text.scatter(_lower(ranges), None if shared[column] else text.gather(tops)))
    return solid(cells) if by_column else cells


def shared_sums(merged: Sequence[Merged], columns: Mapping[str, int], fields: Fields, lines: pl.Series) -> pl.DataFrame:
    """PROBLEMS of the rows (``_row`` = index in the data, whose Excel rows are ``lines``) below a merged sum of money.

    It belongs to the first row alone; how much of it is meant for the others nobody can say.
    """
    sums = {c: name for name, c in columns.items() if _is_sum(name, fields)}
    index = {line: i for i, line in enumerate(lines.to_list())} if any(m.left in sums for m in merged) else {}
    rows = [
        (index[line + 1], sums[m.left], "", f"与 {column_letters(m.left)}{m.top + 1} {SHARED} {m.top + 1} 行", UNCHECKED)
        for m in merged
        if m.left in sums
        for line in range(m.top + 1, m.bottom + 1)
        if line + 1 in index
    ]
    return pl.DataFrame(rows, schema=PROBLEMS, orient="row").sort(ROW, maintain_order=True)


def about_shared_sums(where: str, merged: Sequence[Merged], columns: Mapping[str, int], fields: Fields) -> tuple[str, ...]:
    """A notice of sums that are merged over several rows, with the first of their cells."""
    sums = {c for name, c in columns.items() if _is_sum(name, fields)}
    mine = [f"{column_letters(m.left)}{m.top + 1}:{column_letters(m.right)}{m.bottom + 1}" for m in merged if m.left in sums]
    named = "、".join(mine[:_NAMED]) + (f" 等 {len(mine)} 处" if len(mine) > _NAMED else "")
    return (f"{where}：金额合并了几行（{named}），只算在首行，其余各行的金额待补：请拆开写明每行多少",) if mine else ()


def _is_sum(name: str, fields: Fields) -> bool:
    return fields.by_name[name].type == "money" and name not in _RATES


def _lower(merged: Sequence[Merged]) -> pl.Series:
    """Every row of the ranges but their first."""
    rows = chain.from_iterable(range(m.top + 1, m.bottom + 1) for m in merged)
    return pl.Series(list(rows), dtype=pl.Int64)
