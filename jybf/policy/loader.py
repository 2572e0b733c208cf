"""Where we are while reading a pack, and everything that was wrong so far."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import msgspec
from msgspec.structs import replace

from jybf.errors import Problem, near
from jybf.model import Field, Predicate, Type
from jybf.regex import pattern
from jybf.vocabulary import toml
from jybf.vocabulary.facts import asked
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.types import TYPES

T = TypeVar("T")

PLAIN_NUMBER = pattern(r"-?[0-9]{1,13}(?:\.[0-9]{1,9})?")  # as documents write one: no exponent, nothing beyond any sum
_SHOWN = 40  # characters of what is no number


class Loader(msgspec.Struct, frozen=True):
    """Where we are while reading one pack, and what was wrong so far.

    ``places``: by identity, where each table of the file's own ``text`` stands; of what is inherited it knows nothing.
    """

    file: str
    fields: Mapping[str, Field]
    text: str = ""
    faults: list[Problem] = []
    places: dict[int, toml.Place] = {}
    table: Any = None  # the one that is being read
    place: tuple[str, ...] = ()  # its name
    above: list[Path] = []  # the packs that it extends, the nearest first

    def at(self, table: object, *place: str) -> Self:
        """The loader of one ``table``, called ``place``; its faults are those of all."""
        return replace(self, table=table, place=place)

    def stands(self, raw: object, place: toml.Place = ()) -> None:
        """Note where each table within ``raw`` stands, which is at ``place``."""
        items: Iterator[tuple[str | int, object]] = iter(())
        if isinstance(raw, dict):
            self.places[id(cast("object", raw))] = place
            items = iter(cast("dict[str, object]", raw).items())
        elif isinstance(raw, list):
            items = iter(enumerate(cast("list[object]", raw)))
        for key, value in items:
            self.stands(value, (*place, key))

    def same(self, new: T, old: object) -> T:
        """``new``, which stands where ``old`` did."""
        if id(old) in self.places:
            self.places[id(new)] = self.places[id(old)]
        return new

    def fault(self, message: str, *where: str, about: str = "", hint: str = "", path: toml.Place | None = None) -> None:
        """Note ``message`` on the table at hand, or on what of it is or says ``about``; ``path``: the keys that lead there."""
        at = toml.spot(self.text, spot, about) if (spot := self._spot(about, path)) is not None else ""
        problem = Problem(message, " ".join(part for part in (self.file, at, *self.place, *where) if part), hint)
        if problem not in self.faults:
            self.faults.append(problem)

    def line_of(self, table: object) -> str:
        """第 n 行, of a ``table`` of the file's own."""
        place = self.places.get(id(table))
        return toml.line(self.text, place) if place else ""

    def _spot(self, about: str, path: toml.Place | None) -> toml.Place | None:
        """Where in the file ``about`` stands, else the table; None if it is inherited."""
        path = _path(self.table, about) if path is None and about else path or ()
        known, here = self.places.get(id(self.table)), self.table
        for step in path:
            here = _within(here, step)
            known = self.places.get(id(here), None if known is None else (*known, step))
        return known

    def predicate(self, text: str, *where: str) -> Predicate:
        """The vetted predicate, or FALSE after noting why it is none."""
        from jybf.policy.predicate import Fault, parse  # sqlglot takes long to load, and a compiled pack does without it
        from jybf.policy.slips import meant

        try:
            return _in_columns(parse(text, self.fields))
        except Fault as fault:
            about, remedy = fault.word if fault.word in text else text, "" if fault.word.isidentifier() else meant(text)
            self.fault(f"{fault}：{text}", *where, about=about, hint=remedy, path=_path(self.table, text))
            return Predicate(text, "FALSE", ())

    def names(self, names: Sequence[str], *where: str, types: frozenset[str] = frozenset(), key: str = "") -> tuple[str, ...]:
        """``names`` as they are, each one unknown (or of another type) noted; ``key``: under which they stand."""
        for name in filter(None, names):
            known = self.fields.get(name)
            path = (key, *_path(self.table[key], name)) if key and key in self.table else None
            if known is None:
                self.fault(no_field(name, self.fields), *where, about=name, path=path)
            elif types and known.type not in types:
                wanted = "、".join(TYPES[cast("Type", each)].label for each in sorted(types))
                self.fault(f"“{name}”是{TYPES[known.type].label}，这里要{wanted}", *where, about=name, path=path)
        return tuple(names)

    def exact(self, text: str, scale: int, what: str, *, least: int = 0) -> int:
        """The number ``text`` in units of 1/``scale``; anything finer or less is noted as no ``what`` and counts as nothing."""
        number = Decimal(text) * scale if PLAIN_NUMBER.fullmatch(text) else None
        if number is not None and number >= least and number == number.to_integral_value():
            return int(number)
        how = '，写成 "800"、"468.50" 这样' if "金额" in what else ""
        self.fault(f"“{text[:_SHOWN]}”不是{what}{how}", about=text)
        return 0


def no_field(name: str, fields: Mapping[str, Field]) -> str:
    """That there is no field ``name``, and which ones are spelt like it or are written so in a header."""
    close = [known for known in load_fields().near(name) if known in fields] if name not in fields else []
    alike = near(name, fields).removeprefix("相近的有 ").removesuffix("；").split("、")
    told = "、".join(list(dict.fromkeys([*close, *filter(None, alike)]))[:3])
    if owner := next((field for field in fields.values() if name in field.values), None):
        return f"没有“{name}”这个字段；它是“{owner.name}”的取值，文字要加单引号：'{name}'"
    return f"没有“{name}”这个字段" + (f"，相近的有 {told}" if told else "，jybf rules fields 列出全部")


def _within(here: object, step: str | int) -> object:
    if isinstance(here, list) and isinstance(step, int):
        return cast("list[object]", here)[step]
    return cast("dict[str, object]", here).get(str(step)) if isinstance(here, dict) else None


def _path(raw: object, about: str) -> toml.Place:
    """The keys that lead to the first key or text ``about`` within ``raw``; () if there is none."""
    return next(_paths(raw, about), ())


def _paths(raw: object, about: str) -> Iterator[toml.Place]:
    items: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(raw, dict):
        items = iter(cast("dict[str, object]", raw).items())
    elif isinstance(raw, list):
        items = iter(enumerate(cast("list[object]", raw)))
    for key, value in items:
        if about in (key, value):
            yield (key,)
        yield from ((key, *rest) for rest in _paths(value, about))


def _in_columns(holds: Predicate) -> Predicate:
    """Name the columns that a clerk can fill instead of the facts derived from them."""
    names = tuple(dict.fromkeys(source for name in holds.fields for source in asked(name)))
    needs = tuple((source, path) for name, path in holds.needs for source in asked(name))
    return holds if names == holds.fields else replace(holds, fields=names, reads=holds.fields, want="", needs=needs)
