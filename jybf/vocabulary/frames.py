"""Frames of millions of rows: what Polars does with all of their columns, done with no more than it takes."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import polars as pl

_PLACE = "_place"
_MANY, _OFTEN = 10_000, 4  # rows from which it pays to know a column's texts, and how often each must stand there
_FIRST = 1000  # rows
_PART = 1 << 18  # rows that are worked on at once where much stands on the way
_SOME = 16  # the part of a column that is looked at first: the first of so many

Rows = TypeVar("Rows", pl.Series, pl.DataFrame)


def looked_up(rows: pl.DataFrame, table: pl.DataFrame, *keys: str, nulls_equal: bool = False) -> pl.DataFrame:
    """The other columns of ``table`` for each of ``rows``, in their order; null where its ``keys`` are not in the table.

    The keys are there once at most. A join of ``rows`` itself would make copies of all of its columns.
    """
    found = rows.select(keys).join(table, on=keys, how="left", nulls_equal=nulls_equal, maintain_order="left")
    return found.drop(keys)


def at(table: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """The rows of ``table`` at ``places``, which are their numbers; no copy where they stand there one after the other.

    Null for a place that is null, or negative, as those of a history are.
    """
    first = int(places[0]) if places.len() and places[0] is not None else -1
    if 0 <= first <= table.height - places.len():
        following = pl.int_range(first, first + places.len(), dtype=pl.Int64, eager=True)
        if places.eq_missing(following).all():
            return table.slice(first, places.len()) if places.len() < table.height else table
    here = places.set(places < 0, None) if (places.min() or 0) < 0 else places  # pyright: ignore[reportOperatorIssue]
    return table[here] if here.null_count() < here.len() else table.clear(here.len())


def grouped(keys: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.Series]]:
    """The rows of ``keys`` that differ, as they first appear, and the places of each. A column of one value costs nothing."""
    if keys.is_empty():
        return keys, []
    varying = [name for name, alike in constant(keys).items() if not alike]
    if not varying:
        return keys.head(1), [pl.int_range(keys.height, dtype=pl.UInt32, eager=True)]
    groups = keys.select(varying).with_row_index(_PLACE).group_by(varying, maintain_order=True).agg(_PLACE)[_PLACE]
    return keys[groups.list.first()], list(groups)


def kept(rows: pl.DataFrame, here: pl.Series) -> pl.DataFrame:
    """``rows`` where ``here`` is TRUE; no copy where that is all of them."""
    return rows if not here.null_count() and here.all() else rows.filter(here)


def put_in_order(rows: pl.DataFrame, order: pl.Series) -> pl.DataFrame:
    """The ``order`` (places, each once) of ``rows``, which are used up: no column stands there twice for long."""
    names, alike = rows.columns, constant(rows)
    once = rows.head(1).select(name for name in names if alike[name])
    if once.width == rows.width:
        return rows.head(order.len())
    ordered = pl.DataFrame([rows.drop_in_place(name).gather(order) for name in names if not alike[name]])
    return ordered.with_columns(_repeated(once)).select(names)


def compact(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``, in which a column of one value takes no room."""
    alike = [name for name, same in constant(rows).items() if same] if rows.height > 1 else []
    return rows.with_columns(_repeated(rows.head(1).select(alike)))


def _repeated(once: pl.DataFrame) -> Iterator[pl.Expr]:
    """The values of the only row as columns of any length, which Polars keeps as one value each."""
    values = once.row(0) if once.width else ()
    return (pl.lit(value, dtype).alias(name) for (name, dtype), value in zip(once.schema.items(), values, strict=True))


def inverse(places: pl.Series) -> pl.Series:
    """For each place, where it stands among ``places``, which are all from 0, each once."""
    numbers = pl.int_range(places.len(), dtype=pl.UInt32, eager=True)
    return numbers.clone().scatter(places, numbers)


def constant(rows: pl.DataFrame) -> dict[str, bool]:
    """Of each column whether all of its cells are alike: it is the same in any order, and tells nothing apart."""
    first = rows.head(_FIRST).select(pl.all().eq_missing(pl.all().first()).all()).row(0, named=True)
    return {name: alike and _alike(rows[name]) for name, alike in first.items()}  # most are told by their first cells


def _alike(cells: pl.Series) -> bool:
    """Whether all of ``cells`` are alike, as their first are; nothing as long as they are is made on the way."""
    if cells.len() <= _FIRST or cells.null_count() == cells.len():
        return True
    if cells.null_count() or cells.dtype.is_nested():  # lists have no least
        return False
    return bool(cells.to_frame("c").select(pl.col("c").min() == pl.col("c").max()).item())


def in_parts(work: Callable[[Rows], pl.Series], rows: Rows) -> pl.Series:
    """``work`` of ``rows``, each looked at alone; of many part by part: what stands on the way is no longer than a part."""
    if len(rows) <= _PART:
        return work(rows)
    return pl.concat([work(rows.slice(start, _PART)) for start in range(0, len(rows), _PART)])


def unique(rows: pl.DataFrame) -> pl.DataFrame:
    """The ``rows`` that differ, as they first appear: where they are few, few are held on the way."""
    parts = [part.unique(keep="first", maintain_order=True) for part in rows.iter_slices(_PART)]
    return pl.concat(parts).unique(keep="first", maintain_order=True) if len(parts) > 1 else parts[0] if parts else rows


def told_once(texts: pl.Series) -> pl.Series:
    """``texts``, each of them in memory once if they repeat: sentences that were put together anew in a million rows."""
    if texts.len() < _MANY or texts.len() < _OFTEN * int(texts.to_frame().select(pl.all().approx_n_unique()).item()):
        return texts
    distinct = texts.drop_nulls().unique()
    return distinct.gather(texts.cast(pl.Enum(distinct)).to_physical()).alias(texts.name)


def texts_of(cells: pl.DataFrame) -> dict[str, pl.Series]:
    """The texts of each column whose first rows have few of them, each once: what none of these has, no cell has."""
    if cells.height < _MANY:
        return {}
    some = cells.head(max(_MANY, cells.height // _SOME))
    counts = some.select(pl.all().n_unique()).row(0, named=True)
    few = [name for name, count in counts.items() if count * _OFTEN < some.height]
    found = cells.select(pl.col(few).drop_nulls().unique().implode()) if few else pl.DataFrame()
    return {name: found[name].item() for name in few}
