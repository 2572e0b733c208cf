"""What a kind of amount is: the keys that it takes, and the answers to all that is ever asked of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

import msgspec

from jybf.model import PAID, Amount, Clause, Predicate, Program
from jybf.vocabulary.sql import NULL

Line = tuple[str, str]  # of a proof: what, and how
CLAIM = "申报金额"  # the clause by which what bounds a sum is readable: a blank is presumed, never lacking


class Vetting(Protocol):
    """What the loader of a pack does for a kind; each notes what is wrong, so that the author hears of it all."""

    def fault(self, message: str) -> None: ...
    def predicate(self, text: str) -> Predicate: ...
    def names(self, names: Sequence[str], *, types: frozenset[str] = ...) -> tuple[str, ...]: ...
    def exact(self, text: str, scale: int, what: str, *, least: int = ...) -> int: ...


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The keys of ``[program.amount]`` that a kind takes, besides ``kind``."""

    def amount(self, kind: str, vet: Vetting) -> Amount:
        """The amount of ``kind`` that these keys say."""
        raise NotImplementedError


class Setting(msgspec.Struct, frozen=True):
    """What ``--set 项目.key=…`` may change.

    ``form``: how it is written; ``refusal``: what is said where the kind is another; ``apply``: amount, value, loader → the
    amount as it is set.
    """

    form: str
    refusal: str
    apply: Callable[[Amount, str, Vetting], Amount]


class Row(msgspec.Struct, frozen=True):
    """A row in a proof.

    ``figures``: what the query works out by :attr:`Kind.figures` and :attr:`Kind.sums`, and ``_granted``, ``_asked`` (分,
    millionths, units; None: unknown); ``shown``: a fact as a reader writes it, "" where the row lacks it; ``counted``: the
    lines on its units.
    """

    figures: Mapping[str, int | None]
    shown: Callable[[str], str]
    counted: Sequence[Line]


def _no_setting() -> Mapping[str, Setting]:
    return {}


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of amount.

    ``spec``: the keys it takes (None: it is never written). ``settings``: key → what ``--set`` may do; ``supposes``:
    what it may in a trial, whatever the documents set. ``result``: of a row
    that qualifies. ``ids``: of the clauses that ``clauses`` may imply. ``figures``: name → SQL over the facts of a row;
    ``sums``: name → SQL over those, ``_granted`` and ``_asked`` (units granted, asked for), with ``_due`` in 分. ``label``:
    标准类型; ``page``: in a pack's page; ``words``: in 说明, ``{}`` stands for the units granted; ``ceiling``: where ``fen``
    is but a ceiling, what 说明 adds for less; ``presumes``: in 假定; ``proof``: the lines of ``why``. ``code``: the finding
    for another sum than is due; ``exact``: the sum is ``fen`` times the units, no more and no less.
    """

    name: str
    label: str
    page: Callable[[Amount], str]
    words: Callable[[Amount], str]
    proof: Callable[[Amount, Row], Iterable[Line]]
    spec: type[Spec] | None = None
    settings: Mapping[str, Setting] = msgspec.field(default_factory=_no_setting)
    supposes: Mapping[str, Setting] = msgspec.field(default_factory=_no_setting)
    result: str = PAID
    ids: tuple[str, ...] = ()
    clauses: Callable[[Program], Iterable[Clause]] = lambda _: ()
    figures: Callable[[Amount], Mapping[str, str]] = lambda _: {}
    sums: Callable[[Amount], Mapping[str, str]] = lambda _: {"_due": NULL}
    ceiling: str = ""
    presumes: Callable[[Program], str] = lambda _: ""
    code: str = ""
    exact: bool = False


def percent(millionths: int) -> str:
    """38500 → ``3.85%``."""
    return f"{Decimal(millionths) / 10_000:f}%"
