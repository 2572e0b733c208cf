"""What the rows of a roster are known to say: defaults and derived facts, the first tables of the query."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.assess.stages import Stages
from jybf.assess.tables import carry_out, lay_out
from jybf.model import ROW, Pack, bad, last
from jybf.policy.derivation import derived
from jybf.vocabulary.facts import DEFAULT, Way, by, columns, facts, standing
from jybf.vocabulary.sql import quote, text
from jybf.vocabulary.types import TYPES, Sql, is_dated

Columns = Mapping[str, "Sql"]

_WAY = "_式"  # how the column of a formula begins


class Tables(msgspec.Struct, frozen=True):
    """The stages from ``roster`` (``reads``: its columns) to ``name`` (``gives``: what is new there)."""

    stages: Stages
    name: str
    reads: Columns
    gives: Columns


def know(rows: pl.DataFrame, pack: Pack, wanted: Collection[str] | None = None) -> pl.DataFrame:
    """``rows`` with the defaults of ``pack`` in blank (never in unreadable) cells, and every fact that follows from anything.

    A fact has three columns: its value (of a date the first and the last possible day), 误 and 自. ``wanted``: no more facts
    than these and those that they follow from.
    """
    return known_of(rows, pack.defaults, wanted)


def known_of(rows: pl.DataFrame, defaults: Mapping[str, str], wanted: Collection[str] | None = None) -> pl.DataFrame:
    """As :func:`know`, with what goes without saying (field → value)."""
    tables = known_tables(rows.columns, defaults, wanted=wanted)
    if not tables.gives:
        return rows
    new = ", ".join(map(quote, tables.gives))
    table = lay_out(rows, {ROW: "BIGINT", **tables.reads})
    told = carry_out(tables.stages, f"SELECT {new} FROM {quote(tables.name)}", roster=table)
    return rows.with_columns(told.with_columns(pl.col(f"^.*{by('')}$").cast(pl.Int8)).get_columns())  # ways are few


def known_from(known: pl.DataFrame, name: str, column: str) -> int:
    """How many of the rows know the fact ``name`` from their ``column``."""
    fact = derived()[name]
    ways = [way for way, cells in enumerate(fact.cells, 1) if cells[0] == column]
    return int(known[by(name)].is_in(ways).sum()) if by(name) in known.columns else 0


def columns_of(names: Iterable[str]) -> Columns:
    """The columns of the facts ``names`` but for 自, with their SQL types."""
    wanted: dict[str, Sql] = {}
    for name in names:
        field = facts()[name]
        wanted[name] = TYPES[field.type].sql
        wanted |= {last(name): "DATE"} if is_dated(field) else {}
        wanted[bad(name)] = "BOOLEAN"
        wanted |= {by(name): "BIGINT"} if standing(name).weak else {}
    return wanted


def known_tables(
    have: Collection[str], defaults: Mapping[str, str], keep: Columns | None = None, wanted: Collection[str] | None = None
) -> Tables:
    """The tables that work out the facts ``wanted`` (default: all) of a roster with the columns ``have``.

    ``keep``: the columns that the last table shall have, as they stand or as the facts of their names are known.
    """
    keep = keep or {}
    ways = _needed(_ways({*have, *defaults}), wanted)
    read = {name for each in ways.values() for way in each.values() for name in way.reads}
    silent = {name: value for name, value in defaults.items() if wanted is None or name in read or name in keep}
    steps = [_defaults(silent)] if silent else []
    steps += [step for names in _levels(ways) for step in _worked_out({name: ways[name] for name in names})]
    gives: Columns = {column: _type(column) for step in steps for column in step if not column.startswith(_WAY)}
    reads: Columns = {column: kind for column, kind in keep.items() if column not in gives}
    reads = {**reads, **columns_of(sorted({*read, *silent}))}
    stages, name = _chain(steps, tuple(reads))
    return Tables(stages, name, reads, gives)


def _chain(steps: Sequence[Mapping[str, str]], columns: Sequence[str]) -> tuple[Stages, str]:
    """Each of ``steps`` (column → SQL over the table before) as a table of its own, and the name of the last."""
    stages: list[tuple[str, str]] = []
    source, held = "roster", dict.fromkeys(columns)
    for number, step in enumerate(steps, 1):
        table = "known" if number == len(steps) else f"known_{number}"
        kept = [quote(column) for column in held if column not in step]
        new = [f"{sql} AS {quote(column)}" for column, sql in step.items()]
        stages.append((quote(table), f"SELECT {', '.join([*kept, *new])} FROM {quote(source)}"))
        held = {column: None for column in (*held, *step) if not (column.startswith(_WAY) and column not in step)}
        source = table
    return stages, source


def _ways(have: Collection[str]) -> dict[str, dict[int, Way]]:
    """By fact those of its ways, from 1, that read anything a roster with the columns ``have`` can say."""
    live: dict[str, dict[int, Way]] = {}
    for name, fact in derived().items():
        there = {*have, *live}
        ways = {n: way for n, way in enumerate(fact.ways, 1) if any(read in there for read in way.reads)}
        if name in have and fact.ways and name not in fact.cells[0]:  # stated outright
            ways = {len(fact.ways) + 1: Way(quote(name), quote(last(name) if fact.dated else name), (name,), cell=True), **ways}
        if ways:
            live[name] = ways
    return live


def _needed(ways: Mapping[str, Mapping[int, Way]], wanted: Collection[str] | None) -> Mapping[str, Mapping[int, Way]]:
    """Those of the facts that the ``wanted`` ones follow from."""
    if wanted is None:
        return ways
    needed = set(wanted)
    for name in reversed(list(ways)):
        if name in needed:
            needed |= {read for way in ways[name].values() for read in way.reads}
    return {name: each for name, each in ways.items() if name in needed}


def _levels(ways: Mapping[str, Mapping[int, Way]]) -> list[list[str]]:
    """The facts in groups: each reads those of earlier groups as they are known, and all others as they stand in the roster."""
    reads = {name: {read for way in each.values() for read in way.reads} for name, each in ways.items()}
    level: dict[str, int] = {}
    for name in ways:
        after = [level[read] + 1 for read in reads[name] if read in level]
        with_ = [level[other] for other in level if name in reads[other]]
        level[name] = max((*after, *with_), default=0)
    return [[name for name in ways if level[name] == number] for number in sorted(set(level.values()))]


def _defaults(silent: Mapping[str, str]) -> dict[str, str]:
    """What goes without saying in a region: in blank cells, never in unreadable ones."""
    step: dict[str, str] = {}
    for name, value in silent.items():
        own, blank = quote(name), f"{quote(name)} IS NULL AND NOT {quote(bad(name))}"
        step[name] = f"CASE WHEN {blank} THEN {text(value)} ELSE {own} END"
        step[by(name)] = f"CAST(CASE WHEN {own} IS NOT NULL THEN 1 WHEN {blank} THEN {DEFAULT} END AS BIGINT)"
    return step


def _worked_out(ways: Mapping[str, Mapping[int, Way]]) -> Iterator[dict[str, str]]:
    """The formulas of one group of facts, then the facts themselves."""
    formulas: dict[str, str] = {}
    facts_: dict[str, str] = {}
    for name, each in ways.items():
        named = dict(each)
        for n, way in each.items():
            if not way.cell:
                first, end = f"{_WAY}{name}_{n}", f"{_WAY}{name}_{n}_末"
                formulas[first] = way.first
                formulas |= {end: way.last} if way.last != way.first else {}
                named[n] = replace(way, first=quote(first), last=quote(end if end in formulas else first))
        facts_ |= dict(columns(derived()[name], name, named))
    if formulas:
        yield formulas
    yield facts_


def _type(column: str) -> Sql:
    name, _, what = column.partition("_")
    return {"误": "BOOLEAN", "自": "BIGINT"}.get(what) or TYPES[facts()[name].type].sql  # pyright: ignore[reportReturnType]
