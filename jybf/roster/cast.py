"""Columns of text → columns of values, each distinct text read once."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.model import ROW, Field
from jybf.roster.readers import NAME, Parse, Reader, Results
from jybf.vocabulary.types import dtype, is_dated, names_of
from jybf.vocabulary.values.text import ERROR, LOST, UNKNOWN, UNPRINTED, Unreadable

PROBLEMS = {ROW: pl.Int64(), "字段": pl.String(), "原文": pl.String(), "原因": pl.String(), "编号": pl.String()}

_LONGEST = 200  # characters; a longer cell holds no single value, and could keep a pattern busy for hours
_LOST = (
    (LOST, Unreadable("有乱码或控制符，看不出原来写的是什么：照原件改正")),
    (ERROR, Unreadable("公式出错，或列太窄，值没有留下：照原件改正")),
)
_IN_WORDS = ((f"[{''.join(UNKNOWN)}]", UNPRINTED),)
_SIGNS = [LOST, "#", *UNKNOWN]  # one look finds that nearly no cell has any of them
_TOO_LONG = Unreadable(f"这一格超过 {_LONGEST} 字，不是一个值")


class Cast(msgspec.Struct, frozen=True):
    """One column read: by name of Roster.rows the values, and a frame of PROBLEMS whose ``_row`` is the row's index."""

    values: Mapping[str, pl.Series]
    problems: pl.DataFrame


def cast(cells: pl.Series, numbers: Callable[[], pl.Series] | None, reader: Reader, texts: pl.Series) -> Cast:
    """Read ``cells`` (String, null = blank); ``numbers`` finds which of them are kept as numbers, if it matters.

    ``texts``: those of the cells, each at least once.
    """
    if reader.as_is and not reader.words and not (numbers and reader.number):
        return _cast_odd(cells, reader, texts, reader.as_is)  # what is kept has none of the signs
    if reader.targets[0].name != NAME and texts.str.contains_any(_SIGNS).any():
        for pattern, why in (*_LOST, *(_IN_WORDS if reader.words else ())):
            wrong = cells.str.contains(pattern).fill_null(value=False)
            if wrong.any():
                return _cast_without(cells, wrong, reader, why)
    if reader.parse is None:
        return Cast({reader.targets[0].name: cells}, no_problems())
    if numbers and reader.number:
        pattern, why = reader.number
        doubtful = texts.str.contains(pattern).any()
        if doubtful and (lost := cells.str.contains(pattern).fill_null(value=False) & numbers()).any():
            return _cast_without(cells, lost, reader, why)
    if reader.as_is is None:
        return _cast_distinct(cells, reader.targets, reader.parse, texts)
    return _cast_odd(cells, reader, texts, reader.as_is)


def _kept(cells: pl.Series, as_is: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    return cells.to_frame("c").select(as_is(pl.col("c")).fill_null(value=False)).to_series()


@cache
def no_problems() -> pl.DataFrame:
    """An empty frame of PROBLEMS."""
    return pl.DataFrame(schema=PROBLEMS)


def _cast_without(cells: pl.Series, lost: pl.Series, reader: Reader, why: Unreadable) -> Cast:
    """Cells that are unreadable for being numbers are set aside; the rest is read as text."""
    rest = cast(cells.set(lost, None), None, reader, cells.filter(~lost))
    problems = _problems(cells, lost, reader.targets[0], dict.fromkeys(cells.filter(lost), why))
    return Cast(rest.values, pl.concat([problems, rest.problems]))


def _cast_odd(cells: pl.Series, reader: Reader, texts: pl.Series, as_is: Callable[[pl.Expr], pl.Expr]) -> Cast:
    """Keep the cells that are their own value; read only the others."""
    name = reader.targets[0].name
    if texts.len() < cells.len() and _kept(texts, as_is).all():
        return Cast({name: cells}, no_problems())
    kept = _kept(cells, as_is)
    if kept.all():
        return Cast({name: cells}, no_problems())
    odd = cast(cells.set(kept, None), None, replace(reader, as_is=None), cells.filter(~kept))
    return Cast({name: cells.zip_with(kept, odd.values[name]).alias(name)}, odd.problems)


def _cast_distinct(cells: pl.Series, targets: Sequence[Field], parse: Parse, texts: pl.Series) -> Cast:
    distinct = texts.drop_nulls().unique().sort()
    results = [parse(text) if len(text) <= _LONGEST else (_TOO_LONG,) * len(targets) for text in distinct]
    codes = cells.cast(pl.Enum(distinct)).to_physical()
    values: dict[str, pl.Series] = {}
    problems = [no_problems()]
    for place, target in enumerate(targets):
        for name, column in _columns(target, place, results).items():
            values[name] = column.gather(codes) if results else column.clear(cells.len())
        why = {text: r[place] for text, r in zip(distinct, results, strict=True) if isinstance(r[place], Unreadable)}
        if why and (wrong := distinct.is_in(list(why)).gather(codes).fill_null(value=False)).any():
            problems.append(_problems(cells, wrong, target, why))
    return Cast(values, pl.concat(problems))


def _columns(target: Field, place: int, results: Sequence[Results]) -> dict[str, pl.Series]:
    """The values that the distinct texts have for one target field."""
    read = [None if isinstance(r[place], Unreadable) else r[place] for r in results]
    names = names_of(target)
    if not is_dated(target):
        return {names[0]: pl.Series(names[0], read, dtype=dtype(target))}
    ends = [[value[end] if isinstance(value, tuple) else None for value in read] for end in (0, 1)]
    return {name: pl.Series(name, end, dtype=pl.Date) for name, end in zip(names, ends, strict=False)}


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
