"""Where we are while reading a pack, and everything that was wrong so far."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Self

import msgspec
from msgspec.structs import replace

from jybf.errors import Problem
from jybf.model import Field, Predicate
from jybf.regex import pattern
from jybf.vocabulary.facts import asked

PLAIN_NUMBER = pattern(r"-?[0-9]{1,13}(?:\.[0-9]{1,9})?")  # as documents write one: no exponent, nothing beyond any sum
_SHOWN = 40  # characters of what is no number


class Loader(msgspec.Struct, frozen=True):
    """Where we are while reading one pack, and what was wrong so far."""

    file: str
    fields: Mapping[str, Field]
    text: str = ""  # the file's own, to find the line of a fault in
    faults: list[Problem] = []
    place: tuple[str, ...] = ()

    def at(self, *place: str) -> Self:
        """The loader of one ``place``; its faults are those of all."""
        return replace(self, place=place)

    def fault(self, message: str, *where: str) -> None:
        self.faults.append(Problem(message, " ".join(part for part in (self.file, *self.place, *where) if part)))

    def predicate(self, text: str, *where: str) -> Predicate:
        """The vetted predicate, or FALSE after noting why it is none."""
        from jybf.policy.predicate import Fault, parse  # sqlglot takes long to load, and a compiled pack does without it

        try:
            return _in_columns(parse(text, self.fields))
        except Fault as fault:
            self.fault(f"{fault}：{text}", *where)
            return Predicate(text, "FALSE", ())

    def names(self, names: Sequence[str], *where: str, types: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """``names`` as they are, each one unknown (or of another type) noted."""
        for name in names:
            known = self.fields.get(name)
            if known is None:
                self.fault(f"没有“{name}”这个字段", *where)
            elif types and known.type not in types:
                self.fault(f"“{name}”不是{'、'.join(sorted(types))}类型的字段", *where)
        return tuple(names)

    def exact(self, text: str, scale: int, what: str, *, least: int = 0) -> int:
        """The number ``text`` in units of 1/``scale``; anything finer or less is noted as no ``what`` and counts as nothing."""
        number = Decimal(text) * scale if PLAIN_NUMBER.fullmatch(text) else None
        if number is not None and number >= least and number == number.to_integral_value():
            return int(number)
        self.fault(f"“{text[:_SHOWN]}”不是{what}")
        return 0


def _in_columns(holds: Predicate) -> Predicate:
    """Name the columns that a clerk can fill instead of the facts derived from them."""
    names = tuple(dict.fromkeys(source for name in holds.fields for source in asked(name)))
    needs = tuple((source, path) for name, path in holds.needs for source in asked(name))
    return holds if names == holds.fields else replace(holds, fields=names, reads=holds.fields, want="", needs=needs)
