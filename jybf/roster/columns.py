"""Which column holds which field: decides the ambiguous headers, refuses conflicts, lists the unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jybf.errors import InputError, Problem
from jybf.fields import Choice, Fields
from jybf.model import Field
from jybf.roster.grid import Grid, column_letters
from jybf.roster.values.text import plain
from jybf.roster.values.words import fold_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from jybf.roster.header import Header
    from jybf.roster.title import Title

_SAMPLE = 200  # rows looked at to decide a header by its values


@dataclass(frozen=True, slots=True)
class Columns:
    """Field → column (from 0), the headers nobody knows, and notices on what was decided."""

    by_field: Mapping[str, int]
    unknown: tuple[str, ...]
    notices: tuple[str, ...]


def map_columns(grid: Grid, header: Header, title: Title, fields: Fields) -> Columns:
    """Map the columns of ``grid``. InputError names every two columns that claim one field."""
    decided: dict[int, Field] = {c: f for c, f in enumerate(header.found) if isinstance(f, Field)}
    sure = {f.name for f in decided.values()}
    notices: list[str] = []
    for column, choice in enumerate(header.found):
        if isinstance(choice, Choice):
            name = _decide(choice, grid, header, column, title, sure, fields)
            decided[column] = fields.by_name[name]
            notices.append(f"{grid.where}：表头“{header.names[column]}”（{_at(header, column)}）按“{name}”理解")
    _refuse_conflicts(decided, grid, header)
    by_field = {decided[c].name: c for c in sorted(decided, reverse=True)}  # the first of a repeated one wins
    return Columns(dict(sorted(by_field.items(), key=lambda item: item[1])), _unknown(grid, header), tuple(notices))


def _at(header: Header, column: int) -> str:
    return f"{column_letters(column)}{header.last + 1}"


def _decide(choice: Choice, grid: Grid, header: Header, column: int, title: Title, sure: set[str], fields: Fields) -> str:
    taken = {choice.yes, choice.no} & sure
    if len(taken) == 1 and not choice.enum:
        return choice.no if choice.yes in taken else choice.yes
    if choice.title:
        holds = any(word in title.text or word in grid.name for word in choice.title)
    elif choice.columns:
        holds = choice.columns[0] in sure and not set(choice.columns[1:]) & sure
    else:
        holds = _most_values_are(choice, grid.cells[str(column)].slice(header.last + 1), fields)
    return choice.yes if holds else choice.no


def _most_values_are(choice: Choice, cells: pl.Series, fields: Fields) -> bool:
    values = cells.drop_nulls().head(_SAMPLE).to_list()
    if choice.enum:
        field = fields.by_name[choice.enum]
        known = {fold_word(w) for v, spellings in field.values.items() for w in (v, *spellings)}
        hits = sum(fold_word(value) in known | {fold_word(w) for w in field.vague} for value in values)
    else:
        hits = sum(bool(re.search(choice.values, plain(value))) for value in values)
    return bool(values) and hits * 2 > len(values)


def _refuse_conflicts(decided: Mapping[int, Field], grid: Grid, header: Header) -> None:
    claims: dict[str, list[int]] = {}
    for column, field in sorted(decided.items()):
        if not field.repeat:
            claims.setdefault(field.name, []).append(column)
    problems = [
        Problem(
            "、".join(f"“{header.names[c]}”（{_at(header, c)}）" for c in columns) + f"都是“{name}”，不能断定用哪一列",
            where=grid.where,
            hint="改名或删去其中一列",
        )
        for name, columns in claims.items()
        if len(columns) > 1
    ]
    if problems:
        raise InputError(*problems)


def _unknown(grid: Grid, header: Header) -> tuple[str, ...]:
    """Headers that name no field, and columns with values but no header."""
    unknown: list[str] = []
    for column, (name, found) in enumerate(zip(header.names, header.found, strict=False)):
        if name and not found:
            unknown.append(name)
        elif not name and grid.cells[str(column)].slice(header.last + 1).null_count() < _below(grid, header):
            unknown.append(f"（{column_letters(column)} 列没有表头）")
    return tuple(unknown)


def _below(grid: Grid, header: Header) -> int:
    return max(grid.cells.height - header.last - 1, 0)
