"""What the total rows of a sheet state, against what the rows add up to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from jybf.model import Total
from jybf.roster.readers import reader_of, unit_of
from jybf.roster.rows import DATA, TOTAL
from jybf.roster.values.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jybf.fields import Fields

HEADS = "人数"  # the field of a Total that counts rows
_HEADS = re.compile(r"(?<![0-9.])([0-9]{1,7})[人名]")
_PARTIAL = re.compile("小计|本页|页计")


def stated_totals(
    cells: pl.DataFrame,
    kinds: pl.Series,
    columns: Mapping[str, int],
    headers: tuple[str, ...],
    title_unit: str,
    typed: pl.DataFrame,
    fields: Fields,
) -> tuple[Total, ...]:
    """Totals of money (分), counts and heads. ``typed``: the sheet's data rows with 行号 and the values of its fields."""
    rows = (kinds == TOTAL).arg_true().to_list()
    amounts = {f: c for f, c in columns.items() if fields.by_name[f].type in ("money", "int") and f in typed.columns}
    data_lines = (kinds == DATA).arg_true() + 1
    found: list[Total] = []
    since = 0  # the line of the subtotal above
    for row in rows:
        texts = cells.row(row)
        grand = not _PARTIAL.search(plain("".join(t for t in texts if t)[:40]))
        above = 0 if grand else since
        inside = typed.filter(pl.col("行号").is_between(above + 1, row + 1 if not grand else cells.height))
        heads = int(data_lines.is_between(above + 1, row + 1 if not grand else cells.height).sum())
        found += _of_amounts(texts, row + 1, grand, amounts, headers, title_unit, inside, fields)
        found += (Total(row + 1, HEADS, stated, heads, grand) for stated in _heads(texts))
        since = row + 1
    return tuple(found)


def _of_amounts(
    texts: tuple[str | None, ...],
    line: int,
    grand: bool,
    amounts: Mapping[str, int],
    headers: tuple[str, ...],
    title_unit: str,
    inside: pl.DataFrame,
    fields: Fields,
) -> Iterator[Total]:
    for name, column in amounts.items():
        text = texts[column]
        field = fields.by_name[name]
        reader = reader_of(field, fields, unit_of(headers[column], field, title_unit))
        stated = reader.parse(text)[0] if text and reader.parse else None
        if isinstance(stated, int):
            yield Total(line, name, stated, int(inside[name].sum() or 0), grand)


def _heads(texts: tuple[str | None, ...]) -> set[int]:
    return {int(count) for text in texts if text for count in _HEADS.findall(plain(text))}
