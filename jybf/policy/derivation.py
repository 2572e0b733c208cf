"""What follows from what: the facts of ``rules/facts.toml``, vetted, and the columns that they come from."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache

from jybf.vocabulary.compiled import compiled
from jybf.vocabulary.facts import Fact, entries
from jybf.vocabulary.fields import load_fields, rule_files


@cache
def derived() -> Mapping[str, Fact]:
    """Every fact that follows from others, in the order in which they may be worked out. Raises :class:`PackError`."""
    return compiled("facts", rule_files(), _vetted, dict[str, Fact])


def _vetted() -> dict[str, Fact]:
    from jybf.policy.formula import vetted  # of no use where there is a compiled form

    return vetted()


def sources(name: str) -> tuple[str, ...]:
    """The columns that the fact ``name`` may come from, the one to point at first; none of a cell that stands for itself."""
    fact = derived().get(name)
    return fact.sources if fact else ()


def pointed(name: str) -> tuple[str, ...]:
    """The columns that a finding on the fact ``name`` points at; of a cell that stands for itself its own."""
    entry = entries().get(name)
    return (entry.at if entry else ()) or sources(name) or (name,)


def cells_of(fact: Fact, way: int | None) -> tuple[str, ...]:
    """The columns that ``fact`` comes from by its ``way`` (from 1; None: any), the one to point at first."""
    if way is None:
        return fact.sources
    return fact.cells[way - 1] if way <= len(fact.cells) else (fact.field.name,)


def can_tell(columns: Collection[str], name: str, asked: frozenset[str] = frozenset()) -> bool:
    """Whether a sheet with ``columns`` has, in one way or another, where to write the fact ``name``.

    ``asked``: the facts that it is to tell, and that can't tell it in turn: a loan's end has its term, and its term its end.
    """
    asked |= {name}
    ways = [way.reads for way in derived()[name].ways if asked.isdisjoint(way.reads)] if name in derived() else []
    return name in columns or any(all(can_tell(columns, read, asked) for read in reads) for reads in ways)


def columns_for(name: str) -> tuple[tuple[str, ...], ...]:
    """The ways of columns to add so that the fact ``name`` can be written, its own or the nearest to it first."""
    return tuple(dict.fromkeys(_columns_for(name)))


def _columns_for(name: str) -> Iterator[tuple[str, ...]]:
    fields = load_fields().by_name
    if name in fields:
        yield (name,)
    for way in derived()[name].ways if name in derived() else ():
        told = dict.fromkeys(next((c for c in (read, *sources(read)) if c in fields), "") for read in way.reads)
        if "" not in told and name not in told:
            yield tuple(told)
