"""The law as the engine knows it: vetted clauses, sums, limits and examples, each with its citation."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec
from msgspec.structs import replace


class Span(msgspec.Struct, frozen=True):
    """Days on which something is in force, the first and the last of them included; None: there is no such end."""

    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        """2023-01-01 起, 至 2022-12-31, 2022-01-01 至 2022-12-31."""
        if self.first and self.last:
            return f"{self.first} 至 {self.last}"
        return f"{self.first} 起" if self.first else f"至 {self.last}" if self.last else "一直"


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
    blank: str = ""  # where ``sql`` may be NULL for another reason than a blank: SQL that is NULL only for that


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
    span: Span | None = None  # when it is in force, where that is not always; ``holds`` is TRUE of any other day


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
    cite: str = ""  # of the sum, where it is another than the programme's
    source: str = ""  # the document that ``cite`` counts in, where it is another; so with all that follows


class Quota(msgspec.Struct, frozen=True):
    """At most ``most`` units per ``per``, over all rows, files and the history."""

    most: int
    unit: str
    per: tuple[str, ...]
    cite: str
    source: str = ""


class Exclusion(msgspec.Struct, frozen=True):
    """No payment where ``program`` was paid to the same ``per``; ``history``: only if it was paid earlier."""

    program: str
    per: tuple[str, ...]
    cite: str
    text: str
    history: bool = False
    source: str = ""


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
    source: str = ""


class Period(msgspec.Struct, frozen=True):
    """Execution governs: months from ``start`` to ``end`` count up to ``until``; an application (``proof``) by then proves.

    ``months``: those of the calendar that are touched, or those that are full from day to day.
    """

    start: str
    end: str
    proof: str
    until: date
    cite: str
    source: str = ""
    months: Literal["日历月", "对日"] = "日历月"


class Prior(msgspec.Struct, frozen=True):
    """Whoever had this programme before is out: by the roster's own ``field``, and by the history per ``per``."""

    field: str
    per: tuple[str, ...]
    cite: str
    text: str
    source: str = ""


class Case(msgspec.Struct, frozen=True):
    """An example of a programme: rows given, verdicts expected (and 元 where stated)."""

    name: str
    given: tuple[Mapping[str, object], ...]
    expect: tuple[str, ...]
    yuan: tuple[str, ...] = ()
    history: tuple[Mapping[str, object], ...] = ()
    says: str = ""  # words that 说明 or 假定 of the last row must contain
    source: str = ""  # the short name of the document whose pack gives the example
    line: str = ""  # 第 n 行, where it stands in the pack's own file; "" where it is inherited


class Version(msgspec.Struct, frozen=True):
    """What of a programme is in force in ``span``, where that changes with time; ``ended``: nothing is, by this clause."""

    span: Span
    amount: Amount
    quota: Quota | None
    until: date
    until_cite: str
    until_source: str = ""
    ended: str = ""
    ended_source: str = ""


class Setting(msgspec.Struct, frozen=True):
    """What a document leaves open of programmes, and how it is taken: ``value``, of ``choices``; ``cite``: who says so."""

    name: str
    text: str
    value: str
    choices: tuple[str, ...]
    default: str
    cite: str = ""


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
    until_source: str = ""
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
    since: date = date.min  # of the document; an earlier governing day: paid on the stated presumption that it was the same
    versions: tuple[Version, ...] = ()  # in order, of all time, each day in one; none where nothing changes with time
    overrides: tuple[tuple[str, str], ...] = ()  # (key, clause and document) of what a local pack says otherwise
    aside: tuple[str, ...] = ()  # names of examples that the override makes untrue
    settings: tuple[Setting, ...] = ()

    def at(self, version: int | None) -> "Program":
        """The programme as its ``version`` has it; where none is told, by no clause of its own. Clauses keep their places."""
        if not self.versions:
            return self
        if version is None:
            return replace(self, amount=replace(self.amount, cite=""))
        one = self.versions[version]
        return replace(
            self, amount=one.amount, quota=one.quota, until=one.until, until_cite=one.until_cite, until_source=one.until_source
        )

    @property
    def ground(self) -> str:
        """Document and clause of the programme, and of its sum where that is another."""
        own, amount = f"{self.source}{self.cite}", self.amount
        if not amount.cite or self.cited(amount) == own:
            return own
        return f"{own}；{self.cited(amount)}" if amount.source not in ("", self.source) else f"{own}、{amount.cite}"

    def widest(self) -> Quota | None:
        """Of the quotas of all versions that of most units; None where none of them has one."""
        quotas = [quota for version in self.versions if (quota := version.quota)]
        return max(quotas, key=lambda quota: quota.most, default=self.quota)

    def version_on(self, day: date) -> int:
        """Which version is in force on ``day``; 0 where nothing changes."""
        return next((i for i, v in enumerate(self.versions) if v.span.last is None or day <= v.span.last), 0)

    def cited(self, part: "Quota | Exclusion | Tally | Period | Prior | Amount") -> str:
        """Document and clause of a ``part``."""
        return f"{part.source or self.source}{part.cite or self.cite}"


class Pack(msgspec.Struct, frozen=True):
    """The law of one region: vetted, dated, cited. ``digest`` is the SHA-256 of its files."""

    id: str
    name: str
    aliases: tuple[str, ...]
    places: tuple[str, ...]
    document: str
    short: str
    issued: str
    since: date
    until: date
    defaults: Mapping[str, str]
    programs: tuple[Program, ...]
    digest: str = ""
    extends: str = ""  # the short name of the document that this one adds to
    known_on: date | None = None  # the law is taken as it was known on that day
    defaults_of: Mapping[str, str] = {}  # field → name of the pack above whose default it is

    def payable(self) -> tuple[Program, ...]:
        """The programmes that pay; the others are controls on contracts, loans and projects."""
        return tuple(p for p in self.programs if p.amount.pays)
