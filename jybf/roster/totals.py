"""What the total rows of a sheet state, against what the rows add up to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from jybf.model import LINE, Total
from jybf.roster.grid import column_letters
from jybf.roster.readers import reader_of, unit_of
from jybf.roster.rows import TOTAL
from jybf.roster.values.money import parse_money
from jybf.roster.values.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jybf.roster.typed import Body

HEADS = "人数"  # the field of a Total that counts rows

_HEADS = re.compile(r"(?<![0-9.])([0-9]{1,7})[人名]")
_YUAN = re.compile(r"(?<![0-9.])(?<![0-9],)[0-9][0-9,]*(?:\.[0-9]{1,2})?元")
_PAID = ("申请金额", "核定金额", "发放金额")  # what a sum without a column of its own can be of
_PARTIAL = re.compile("小计|本页|页计")

Row = tuple[str | None, ...]


def stated_totals(body: Body, kinds: pl.Series, rows: pl.DataFrame) -> tuple[Total, ...]:
    """Totals of money (分), counts and heads. ``kinds``: of the Excel rows; ``rows``: the typed data rows."""
    found: list[Total] = []
    since = 0  # the line of the total above
    for line in (kinds == TOTAL).arg_true() + 1:
        texts = body.grid.cells.row(line - 1)
        grand = not _PARTIAL.search(plain("".join(filter(None, texts))))
        inside = rows if grand else rows.filter(pl.col(LINE).is_between(since, line))
        stated = dict(_amounts(body, texts, rows)) or dict(_amount_in_words(texts, rows))
        found += (Total(line, name, sum_, int(inside[name].sum() or 0), grand) for name, sum_ in stated.items())
        heads = dict(sorted(_heads(texts)))
        found += (Total(line, HEADS, n, inside.height, grand, f"{column_letters(at)}{line}") for n, at in heads.items())
        since = line
    return tuple(found)


def _amounts(body: Body, texts: Row, rows: pl.DataFrame) -> Iterator[tuple[str, int]]:
    """What stands in the columns of money and counts."""
    for name, column in body.columns.items():
        field, text = body.fields.by_name[name], texts[column]
        if field.type in ("money", "int") and text and name in rows.columns:
            parse = reader_of(field, body.fields, unit_of(body.header.names[column], field, body.title.unit)).parse
            stated = parse(text)[0] if parse else None
            if isinstance(stated, int):
                yield name, stated


def _amount_in_words(texts: Row, rows: pl.DataFrame) -> Iterator[tuple[str, int]]:
    """合计：38 人，30400 元, where only one column can be meant."""
    written = {amount for text in texts if text for amount in _YUAN.findall(plain(text))}
    meant = [name for name in _PAID if name in rows.columns]
    if len(written) == len(meant) == 1:
        stated = parse_money(written.pop())
        if isinstance(stated, int):
            yield meant[0], stated


def _heads(texts: Row) -> Iterator[tuple[int, int]]:
    """Each number of heads, and the column that states it."""
    written = ((at, text) for at, text in enumerate(texts) if text)
    return ((int(count), at) for at, text in written for count in _HEADS.findall(plain(text)))
