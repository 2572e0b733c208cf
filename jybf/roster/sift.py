"""A list's sheet, read only where it may meet the roster: a register has a million rows, and a roster meets few of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import LINE, ListKind, Roster
from jybf.roster.columns import choose_columns
from jybf.roster.grid import Broken, Grid, tidied, with_texts
from jybf.roster.header import Header
from jybf.roster.rows import is_example
from jybf.roster.table import Table, read_table, refuse_shifted
from jybf.roster.title import read_title
from jybf.vocabulary.fields import Fields
from jybf.vocabulary.keys import FAMILIES

# What stands as a roster has it after reading; anything else is read to be told.
_PLAIN = {
    "id": "^[0-9]{17}[0-9X]$",
    "credit_code": "^[0-9A-Z]{18}$",
    "account": "^[0-9]+$",
    "text": "^[0-9A-Z\u4e00-\u9fff]+$",
}


class Page(NamedTuple):
    """A sheet as far as it was read, how many rows it has in all, and whether all of them were wanted."""

    table: Table
    total: int
    whole: bool


def keys_of(roster: Roster) -> Mapping[str, pl.Series]:
    """By field the values of the roster that a list's cell may be: those of all columns of its family."""
    empty = pl.Series(dtype=pl.String)
    held = [[roster.rows[name].drop_nulls() for name in names if name in roster.rows.columns] for names in FAMILIES]
    joined = [pl.concat(series, rechunk=True).unique() if series else empty for series in held]
    return {name: values for names, values in zip(FAMILIES, joined, strict=True) for name in names}


def sifted(
    kind: ListKind, grids: tuple[Grid, Grid], header: Header, values: Mapping[str, pl.Series], fields: Fields, index: int
) -> Page:
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
    examples = top.cells.slice(header.last + 1).select((filled & is_example(top, columns)).sum()).item()  # at the top, if any
    total = int(below.select(filled.sum()).item()) - int(examples or 0)
    if grid.merged or any(name in columns for name in kind.whole):
        cells, texts = with_texts(grid.cells)
        tidy = replace(grid, cells=cells, texts=texts)
        return Page(read_table(tidy, header, fields, index), total, bool(set(columns) & set(kind.whole)))
    near = pl.any_horizontal(_near(str(columns[name]), fields.by_name[name].type, values[name]) for name in keys)
    kept = below.select(near).to_series().arg_true() + header.last + 1
    lines = pl.concat([pl.int_range(header.last + 1, dtype=pl.UInt32, eager=True), kept.cast(pl.UInt32)])
    table = read_table(_only(grid, lines), header, fields, index)
    told = table.rows.with_columns((lines.gather(table.rows[LINE] - 1) + 1).cast(pl.Int64).alias(LINE))
    return Page(replace(table, rows=told, notices=grid.notices), total, whole=False)


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
        notes=(),
        yearless=None,
    )
