"""Where we are while reading a pack, and everything that was wrong so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from jybf.errors import Problem
from jybf.model import Predicate
from jybf.vocabulary.facts import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jybf.model import Field


@dataclass(frozen=True, slots=True)
class Loader:
    """Where we are while reading one pack, and what was wrong so far."""

    file: str
    fields: Mapping[str, Field]
    text: str = ""  # the file's own, to find the line of a fault in
    faults: list[Problem] = field(default_factory=list)

    def fault(self, message: str, *where: str) -> None:
        self.faults.append(Problem(message, " ".join(part for part in (self.file, *where) if part)))

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

    def fen(self, yuan: str, *where: str) -> int:
        """元 as 分, exact; anything finer or negative is noted and counts as nothing."""
        try:
            fen = Decimal(yuan) * 100
        except InvalidOperation:
            fen = Decimal("NaN")
        if fen.is_finite() and fen >= 0 and fen == fen.to_integral_value():
            return int(fen)
        self.fault(f"“{yuan}”不是到分为止的金额", *where)
        return 0


def _in_columns(holds: Predicate) -> Predicate:
    """Name the columns that a clerk can fill instead of the facts derived from them."""
    names = tuple(dict.fromkeys(source for name in holds.fields for source in SOURCES.get(name, (name,))))
    return holds if names == holds.fields else replace(holds, fields=names, want="")
