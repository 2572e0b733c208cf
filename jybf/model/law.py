"""The law as the engine knows it: vetted clauses, sums, limits and examples, each with its citation."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec


class Predicate(msgspec.Struct, frozen=True):
    """A vetted Boolean expression over roster columns. ``sql`` is what engines run: TRUE, FALSE or NULL = a fact is missing.

    ``sql`` was written anew from a typed tree, never the author's own text. ``want`` says in words what a lone
    comparison asks ("不少于 12"), and is empty where the clause's own text must speak.
    """

    source: str
    sql: str
    fields: tuple[str, ...]  # the roster fields it reads, in order of appearance
    want: str = ""
    reads: tuple[str, ...] = ()  # the facts in ``sql``, where they are others than ``fields``, which a clerk can fill
    # Where ``sql`` is NULL: (field, SQL), on what a field of it still depends; a field that is not among them always matters.
    needs: tuple[tuple[str, str], ...] = ()


class Clause(msgspec.Struct, frozen=True):
    """One condition of a programme. ``code`` is the finding that a claimed row gets for failing it."""

    id: str
    cite: str
    text: str
    holds: Predicate
    source: str = ""  # the document's short name; cite is a clause number in it
    code: str = "JY214"
    presume: str = ""  # the stated presumption under which a blank (never an unreadable) fact counts as holding
    breach: bool = False  # a violation in itself, whether or not the row claims money


class Amount(msgspec.Struct, frozen=True):
    """What a programme pays, in the terms of its kind (:mod:`jybf.vocabulary.amounts`); ``fen`` None: no one sum is set."""

    kind: str
    fen: int | None = None
    unit: str = ""  # 元/人·月, 元/天 … "" for a sum paid once
    units: str = ""  # the field that counts units
    spent: tuple[str, ...] = ()  # money fields that the sum follows, besides 申报金额
    tiers: tuple[tuple[Predicate, int], ...] = ()
    terms: Mapping[str, int] = {}  # the kind's own numbers
    local: bool = False  # the sum was set from outside the documents (--set)
    pays: bool = True  # False: a control on contracts, loans or projects


class Quota(msgspec.Struct, frozen=True):
    """At most ``most`` units per ``per``, over all rows, files and the history."""

    most: int
    unit: str
    per: tuple[str, ...]
    cite: str


class Exclusion(msgspec.Struct, frozen=True):
    """No payment where ``program`` was paid to the same ``per``; ``history``: only if it was paid earlier."""

    program: str
    per: tuple[str, ...]
    cite: str
    text: str
    history: bool = False


class Tally(msgspec.Struct, frozen=True):
    """Employer-level: how many different persons in the roster satisfy ``counts``; ``read`` is a field that states it.

    ``beside``: fields that state those whom ``read`` leaves out; the sum of all of them is the number.
    """

    per: str
    counts: Predicate
    least: int
    read: str
    cite: str
    text: str
    beside: tuple[str, ...] = ()


class Period(msgspec.Struct, frozen=True):
    """Execution governs: months from ``start`` to ``end`` count up to ``until``; an application (``proof``) by then proves."""

    start: str
    end: str
    proof: str
    until: date
    cite: str


class Prior(msgspec.Struct, frozen=True):
    """Whoever had this programme before is out: by the roster's own ``field``, and by the history per ``per``."""

    field: str
    per: tuple[str, ...]
    cite: str
    text: str


class Case(msgspec.Struct, frozen=True):
    """An example of a programme: rows given, verdicts expected (and 元 where stated)."""

    name: str
    given: tuple[Mapping[str, object], ...]
    expect: tuple[str, ...]
    yuan: tuple[str, ...] = ()
    history: tuple[Mapping[str, object], ...] = ()
    says: str = ""  # words that 说明 or 假定 of the last row must contain


class Program(msgspec.Struct, frozen=True):
    """One programme of a pack, vetted. ``clauses``: the document's own and, last, the implicit ones (适用, 期限, 身份 …)."""

    id: str
    cite: str
    payee: Literal["个人", "户", "单位", "项目"]
    amount: Amount
    clauses: tuple[Clause, ...]
    basis: tuple[str, ...]  # date fields; the first that is filled governs
    until: date
    until_cite: str
    source: str = ""  # the short name of the document that cite counts in
    titles: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()  # words of a title that mean another programme after all
    columns: tuple[str, ...] = ()
    year: tuple[str, ...] = ()  # first and last day of the period whose year the claim is for; () or two years: by basis
    once: tuple[str, ...] = ()
    quota: Quota | None = None
    excluded_by: tuple[Exclusion, ...] = ()
    tally: Tally | None = None
    period: Period | None = None
    prior: Prior | None = None
    fund: str = ""
    codes: Mapping[str, str] = {}  # once, quota, excluded → finding code
    manual: tuple[tuple[str, str], ...] = ()  # (cite, text): what no predicate can decide
    cases: tuple[Case, ...] = ()


class Pack(msgspec.Struct, frozen=True):
    """The law of one region: vetted, dated, cited. ``digest`` is the SHA-256 of its files."""

    id: str
    name: str
    aliases: tuple[str, ...]
    places: tuple[str, ...]
    document: str
    short: str
    issued: str
    since: date  # an earlier governing day is under another document: paid on the stated presumption that it says the same
    until: date
    defaults: Mapping[str, str]
    programs: tuple[Program, ...]
    digest: str = ""

    def payable(self) -> tuple[Program, ...]:
        """The programmes that pay; the others are controls on contracts, loans and projects."""
        return tuple(p for p in self.programs if p.amount.pays)
