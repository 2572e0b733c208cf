"""What a row is known to say: the dictionary's fields, and the facts that follow from them as ``rules/facts.toml`` declares.

A fact is three columns: its value; **误**, a source that could have mattered can't be read, or two contradict each other; and
**自**, which of its ways spoke (from 1; 0: the region's default; NULL: none).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
from msgspec.structs import replace

from jybf.model import Field, Type, bad, last
from jybf.vocabulary.compiled import compiled
from jybf.vocabulary.fields import load_fields, rules_dir
from jybf.vocabulary.sql import quote
from jybf.vocabulary.toml import Door
from jybf.vocabulary.types import is_dated

GOVERNING_YEAR = "申请年度"
STATED_PERIOD = "所属期"  # the month or year that a row says it is paid for
TITLE_YEAR = "表题年度"
VOID = "作废"  # where and in what word a row says that it is void
STATED_YEARS = (STATED_PERIOD, TITLE_YEAR)  # where a row is of no one year by its work, the first of them that says one
DEFAULT = 0  # the 自 of what the region's policy takes where a row is silent


def by(name: str) -> str:
    """The integer column that says which way the fact ``name`` is known."""
    return f"{name}_自"


class Example(msgspec.Struct, forbid_unknown_fields=True):
    """What a fact ``is`` of a row of facts ``given`` ("": unknown, "？": unreadable), and ``by`` which column."""

    name: str
    given: dict[str, Any]
    is_: Any = msgspec.field(name="is")
    by: str = ""


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One ``[[fact]]`` as ``rules/facts.toml`` has it; see the head of that file."""

    name: str
    type: Type | None = None
    meaning: str = ""
    read: bool = False
    take: tuple[str, ...] = ()
    agree: tuple[str, ...] = ()
    presume: tuple[str, ...] = ()  # beside ``take``
    weak: tuple[int, ...] = ()  # of ``take``, from 1: what it says may be true beside the value that is asked for
    ask: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    case: tuple[Example, ...] = ()


class Clash(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One ``[[clash]]``: two cells of a row that can't both be true; see ``rules/facts.toml``."""

    when: str
    text: str
    at: str
    about: tuple[str, ...] = ()
    of: str = ""  # the fact that both of them tell
    code: str = ""


class FactsFile(msgspec.Struct, forbid_unknown_fields=True):
    """``rules/facts.toml`` as it stands."""

    fact: tuple[Entry, ...]
    clash: tuple[Clash, ...] = ()


class Way(msgspec.Struct, frozen=True):
    """One way to know a fact: a cell, or a formula; as SQL its first and its last possible value. ``reads``: other facts."""

    first: str
    last: str
    reads: tuple[str, ...]
    cell: bool  # whether it is a column as it stands


class Fact(msgspec.Struct, frozen=True):
    """A derived fact. ``ways``: in their order, or all to ``agree``; ``cells``: for each way the columns that it comes from,
    the one to point at first."""  # noqa: D205, D209

    field: Field
    ways: tuple[Way, ...]
    agree: bool
    cells: tuple[tuple[str, ...], ...]

    @property
    def dated(self) -> bool:
        """Whether it is known as a first and a last possible day."""
        return is_dated(self.field)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every column that it may come from, the one to point at first."""
        return tuple(dict.fromkeys(cell for cells in self.cells for cell in cells))


@cache
def entries() -> Mapping[str, Entry]:
    """The entries of ``rules/facts.toml`` by name, in their order. Raises :class:`~jybf.errors.PackError` with all faults."""
    return {entry.name: entry for entry in _file().fact}


@cache
def clashes() -> tuple[Clash, ...]:
    """What ``rules/facts.toml`` says that no two cells of a row can both say."""
    return _file().clash


def _file() -> FactsFile:
    path = rules_dir() / "facts.toml"
    return compiled("entries", [path], lambda: Door("事实", hint="改正 rules/facts.toml").load(path, FactsFile), FactsFile)


@cache
def facts() -> Mapping[str, Field]:
    """Name → field: all that predicates, keys and dates of a pack may name."""
    own = load_fields().by_name
    derived = {name: Field(name, entry.type or "text", meaning=entry.meaning) for name, entry in entries().items()}
    return {**own, **{name: field for name, field in derived.items() if name not in own}}


def standing(name: str) -> Field:
    """The field or fact ``name`` as a clause compares it: what is known in a weak way only tells no other value apart."""
    entry = entries().get(name)
    return replace(facts()[name], weak=entry.weak) if entry and entry.weak else facts()[name]


def asked(name: str) -> tuple[str, ...]:
    """The columns that a clerk can fill where the fact ``name`` is lacking."""
    entry = entries().get(name)
    return entry.ask or (name,) if entry else (name,)


def is_asked_elsewhere(name: str) -> bool:
    """Whether a clerk fills other columns than one of that name."""
    return asked(name) != (name,)


def columns(fact: Fact, name: str, ways: Mapping[int, Way]) -> Iterator[tuple[str, str]]:
    """Column → SQL: the value of ``fact`` (a date's twice), 误 and 自, by those of its ``ways`` (from 1) that a table has."""
    tell = _agreed if fact.agree else _taken
    yield name, tell({n: way.first for n, way in ways.items()}, ways, "NULL")
    if fact.dated:
        yield last(name), tell({n: way.last for n, way in ways.items()}, ways, "NULL")
    yield bad(name), f"COALESCE({tell(dict.fromkeys(ways, 'FALSE'), ways, 'TRUE')}, FALSE)"
    yield by(name), f"CAST({tell({n: str(n) for n in ways}, ways, None)} AS BIGINT)"


def _taken(values: Mapping[int, str], ways: Mapping[int, Way], blocked: str | None) -> str:
    """``values`` of the first way that has one; ``blocked`` (None: its value too) where that can't be read."""
    whens = ""
    for n, way in ways.items():
        whens += f" WHEN {way.first} IS NOT NULL THEN {values[n]}"
        whens += f" WHEN {_unread(way)} THEN {blocked or values[n]}"
    return f"CASE{whens} END"


def _agreed(values: Mapping[int, str], ways: Mapping[int, Way], blocked: str | None) -> str:
    """``values`` of the first way that has one; ``blocked`` where any can't be read or two contradict each other."""
    firsts = [way.first for way in ways.values()]
    unread = " OR ".join(f"({way.first} IS NULL AND {_unread(way)})" for way in ways.values())
    apart = " OR ".join(f"{a} <> {b}" for a, b in pairwise(firsts))
    stop = f" WHEN {unread}{f' OR {apart}' if apart else ''} THEN {blocked}" if blocked else ""
    return f"CASE{stop}{''.join(f' WHEN {way.first} IS NOT NULL THEN {values[n]}' for n, way in ways.items())} END"


def _unread(way: Way) -> str:
    return " OR ".join(quote(bad(name)) for name in way.reads)
