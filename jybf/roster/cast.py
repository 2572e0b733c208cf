"""Columns of text → columns of values, each distinct text read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from jybf.fields import Field
from jybf.model import ROW
from jybf.roster.readers import Reader, Results, dtype, is_dated, names_of
from jybf.roster.values.text import Unreadable

PROBLEMS = {ROW: pl.Int64(), "字段": pl.String(), "原文": pl.String(), "原因": pl.String(), "编号": pl.String()}


@dataclass(frozen=True, slots=True)
class Cast:
    """One column read: by name of Roster.rows the values, and a frame of PROBLEMS whose ``_row`` is the row's index."""

    values: Mapping[str, pl.Series]
    problems: pl.DataFrame


def cast(cells: pl.Series, numbers: Callable[[], pl.Series] | None, reader: Reader) -> Cast:
    """Read ``cells`` (String, null = blank); ``numbers`` finds which of them are kept as numbers, if it matters."""
    if reader.parse is None:
        return Cast({reader.targets[0].name: cells}, no_problems())
    if numbers and reader.number:
        doubtful = cells.str.contains(reader.number[0]).fill_null(False)
        lost = doubtful & numbers() if doubtful.any() else doubtful
        if lost.any():
            return _cast_without(cells, lost, reader, reader.number[1])
    return _cast_distinct(cells, reader) if reader.as_is is None else _cast_odd(cells, reader)


def no_problems() -> pl.DataFrame:
    """An empty frame of PROBLEMS."""
    return pl.DataFrame(schema=PROBLEMS)


def _cast_without(cells: pl.Series, lost: pl.Series, reader: Reader, why: Unreadable) -> Cast:
    """Cells that are unreadable for being numbers are set aside; the rest is read as text."""
    rest = cast(cells.set(lost, None), None, reader)
    return Cast(rest.values, pl.concat([_problems(cells, lost, reader.targets[0], dict.fromkeys(cells.filter(lost), why)), rest.problems]))


def _cast_odd(cells: pl.Series, reader: Reader) -> Cast:
    """Keep the cells that are their own value; read only the others."""
    assert reader.as_is
    name = reader.targets[0].name
    kept = cells.to_frame("c").select(reader.as_is(pl.col("c")).fill_null(False)).to_series()
    if kept.all():
        return Cast({name: cells}, no_problems())
    odd = _cast_distinct(cells.set(kept, None), reader)
    return Cast({name: cells.zip_with(kept, odd.values[name]).alias(name)}, odd.problems)


def _cast_distinct(cells: pl.Series, reader: Reader) -> Cast:
    assert reader.parse
    distinct = cells.drop_nulls().unique().sort()
    results = [reader.parse(text) for text in distinct.to_list()]
    codes = cells.cast(pl.Enum(distinct)).to_physical()
    values: dict[str, pl.Series] = {}
    faults: list[pl.DataFrame] = []
    for place, target in enumerate(reader.targets):
        for name, column in _columns(target, place, results).items():
            values[name] = column.gather(codes) if distinct.len() else column.clear(cells.len())
        why = {t: r[place] for t, r in zip(distinct.to_list(), results) if isinstance(r[place], Unreadable)}
        if why:
            faults.append(_problems(cells, cells.is_in(list(why)).fill_null(False), target, why))
    return Cast(values, pl.concat([no_problems(), *faults]))


def _columns(target: Field, place: int, results: Sequence[Results]) -> dict[str, pl.Series]:
    """The values that the distinct texts have for one target field."""
    read = [None if isinstance(r[place], Unreadable) else r[place] for r in results]
    names = names_of(target)
    if not is_dated(target):
        return {names[0]: pl.Series(names[0], read, dtype=dtype(target))}
    ends = [[value[end] if isinstance(value, tuple) else None for value in read] for end in (0, 1)]
    return {name: pl.Series(name, end, dtype=pl.Date) for name, end in zip(names, ends)}


def _problems(cells: pl.Series, where: pl.Series, target: Field, why: Mapping[str, object]) -> pl.DataFrame:
    faults = {text: fault for text, fault in why.items() if isinstance(fault, Unreadable)}
    frame = pl.DataFrame({ROW: where.arg_true().cast(pl.Int64), "原文": cells.filter(where)})
    return frame.select(
        ROW,
        pl.lit(target.name).alias("字段"),
        "原文",
        pl.col("原文").replace_strict(list(faults), [f.reason for f in faults.values()]).alias("原因"),
        pl.col("原文").replace_strict(list(faults), [f.code for f in faults.values()]).alias("编号"),
    )
