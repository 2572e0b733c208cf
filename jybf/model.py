"""The frozen dataclasses and column names that every stage speaks in. No input or output here.

Units: money is an integer number of 分; a rate is an integer number of millionths (3.85 % = 38500); a day is a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003  dataclass annotations are read at run time by the loader
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

# The last line is composite: one source column that is read into other fields (``Field.into``); period is a pair of dates.
Type = Literal[
    "text", "name", "id", "credit_code", "account", "enum", "place", "date", "int", "money", "rate", "bool",
    "range", "worktime", "months", "address", "period",
]  # fmt: skip

ROW = "_row"  # a row's place in the whole input: file order, then sheet, then Excel row
SHEET = "_sheet"  # index into Roster.sheets
LINE = "行号"  # Excel's own row number, from 1


def last(name: str) -> str:
    """The column with the last possible day of date field ``name``; ``name`` itself holds the first possible day."""
    return f"{name}_末"


def bad(name: str) -> str:
    """The Boolean column that says the cell of ``name`` holds something which could not be read as its type."""
    return f"{name}_误"


@dataclass(frozen=True, slots=True)
class Field:
    """One canonical column of a roster, as ``rules/fields.toml`` declares it."""

    name: str
    type: Type
    aliases: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # enum: canonical value → what rosters write
    meaning: str = ""
    into: tuple[str, ...] = ()  # composite: the fields its cells are read into
    vague: tuple[str, ...] = ()  # enum: what names several values at once, so that it can't be taken for one
    repeat: bool = False  # may stand in a sheet twice; the first one counts


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of one file: where its columns stand and what its other rows were."""

    index: int
    file: str
    name: str  # "" for a file without sheets
    title: str  # the text above the header, in one line
    header_line: int  # Excel row of the last header row
    columns: Mapping[str, int]  # canonical field → Excel column, from 0
    unknown: tuple[str, ...] = ()  # headers the dictionary does not know
    lines: Mapping[str, int] = field(default_factory=dict)  # how many rows are 表题 表头 数据 合计 落款 空行
    totals: tuple[Total, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """What a total row states and what its rows add up to: money in 分, heads as a count."""

    line: int
    field: str
    stated: int
    computed: int
    grand: bool  # True: of the whole sheet; False: of the rows since the total above


@dataclass(frozen=True, slots=True)
class Roster:
    """All rows of all files, typed by field, in reading order.

    ``rows``: one row a person, household or employer; columns ``_row`` ``_sheet`` ``行号``, then each field found in any
    sheet (a date twice: ``name`` and ``last(name)``; a field with unreadable cells also ``bad(name)``).
    ``problems``: ``_row``, ``字段``, ``原文``, ``原因``, ``编号``: each cell that could not be read, once, with its reason.
    """

    rows: pl.DataFrame
    problems: pl.DataFrame
    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...] = ()  # said on stderr: encodings, hidden sheets, decisions on ambiguous headers


PAID, REFUSED, INCOMPLETE, UNDETERMINED = "可发放", "不符合", "待补资料", "待定标准"
MERGED = "并入单位"  # a worker's row that only counts towards its employer's verdict
RESULTS = (PAID, REFUSED, INCOMPLETE, UNDETERMINED)  # Verdicts.rows carries the index

VERDICT_COLUMNS = (
    "文件", "工作表", "行号", "姓名", "身份证号", "单位", "补贴项目",
    "结果", "核定金额", "标准类型", "依据", "说明", "假定",
)  # fmt: skip

FINDING_COLUMNS = (
    "编号", "级别", "文件", "工作表", "行号", "列名", "单元格", "姓名", "身份证号",
    "当前值", "应为", "问题", "依据", "涉及金额", "建议",
)  # fmt: skip

STOP, DOUBT, HINT = "拦截", "疑点", "提示"
LEVELS = (STOP, DOUBT, HINT)  # from the gravest


@dataclass(frozen=True, slots=True)
class Predicate:
    """A vetted Boolean expression over roster columns. ``sql`` is what engines run: TRUE, FALSE or NULL = a fact is missing.

    ``sql`` was written anew from a typed tree, never the author's own text. ``want`` says in words what a lone
    comparison asks ("不少于 12"), and is empty where the clause's own text must speak.
    """

    source: str
    sql: str
    fields: tuple[str, ...]  # the roster fields it reads, in order of appearance
    want: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a programme. ``code`` is the finding that a claimed row gets for failing it."""

    id: str
    cite: str
    text: str
    holds: Predicate
    source: str = ""  # the document's short name; cite is a clause number in it
    code: str = "JY214"
    presume: str = ""  # the stated presumption under which a blank (never an unreadable) fact counts as holding
    breach: bool = False  # a violation in itself, whether or not the row claims money


@dataclass(frozen=True, slots=True)
class Amount:
    """What a programme pays. ``fen`` is None while no document sets the sum."""

    kind: Literal["cap", "fixed", "open", "interest", "control"]
    fen: int | None = None
    unit: str = ""  # 元/人·月, 元/天 … "" for a sum paid once
    units: str = ""  # the field that counts units
    spent: tuple[str, ...] = ()  # money fields that bound a cap, besides 申报金额
    tiers: tuple[tuple[Predicate, int], ...] = ()
    margin: int = 0  # interest: what is taken off the LPR for the borrower's own share, in millionths
    days: int = 360  # interest: days of a year
    local: bool = False  # the sum was set from outside the documents (--set)


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``most`` units per ``per``, over all rows, files and the history."""

    most: int
    unit: str
    per: tuple[str, ...]
    cite: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """No payment where ``program`` was paid to the same ``per``; ``history``: only if it was paid earlier."""

    program: str
    per: tuple[str, ...]
    cite: str
    text: str
    history: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Employer-level: how many different persons in the roster satisfy ``counts``; ``read`` is a field that states it."""

    per: str
    counts: Predicate
    least: int
    read: str
    cite: str
    text: str


@dataclass(frozen=True, slots=True)
class Period:
    """Execution governs: months from ``start`` to ``end`` count up to ``until``; an application (``proof``) by then proves them."""

    start: str
    end: str
    proof: str
    until: date
    cite: str


@dataclass(frozen=True, slots=True)
class Prior:
    """Whoever had this programme before is out: by the roster's own ``field``, and by the history per ``per``."""

    field: str
    per: tuple[str, ...]
    cite: str
    text: str


@dataclass(frozen=True, slots=True)
class Program:
    """One programme of a pack, vetted. ``clauses`` holds the document's own and, last, the implicit ones (适用, 期限, 身份 …)."""

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
    once: tuple[str, ...] = ()
    quota: Quota | None = None
    excluded_by: tuple[Exclusion, ...] = ()
    tally: Tally | None = None
    period: Period | None = None
    prior: Prior | None = None
    fund: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)  # once, quota, excluded → finding code
    manual: tuple[tuple[str, str], ...] = ()  # (cite, text): what no predicate can decide
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """An example of a programme: rows given, verdicts expected (and 元 where stated)."""

    name: str
    given: tuple[Mapping[str, object], ...]
    expect: tuple[str, ...]
    yuan: tuple[str, ...] = ()
    history: tuple[Mapping[str, object], ...] = ()
    says: str = ""  # words that 说明 or 假定 of the last row must contain


@dataclass(frozen=True, slots=True)
class Pack:
    """The law of one region: vetted, dated, cited. ``digest`` is the SHA-256 of its files."""

    id: str
    name: str
    aliases: tuple[str, ...]
    places: tuple[str, ...]
    document: str
    short: str
    issued: str
    until: date
    defaults: Mapping[str, str]
    programs: tuple[Program, ...]
    digest: str = ""

    def payable(self) -> tuple[Program, ...]:
        """The programmes that pay; the others are controls on contracts, loans and projects."""
        return tuple(p for p in self.programs if p.amount.kind != "control")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What each row gets from each programme it belongs to.

    ``rows``: ``_row``, ``项目`` (index into ``pack.programs``), ``结果`` (index into RESULTS), ``分`` (Int64, null unless paid),
    ``数量`` (units granted), ``申报数量``, ``年度``, ``不符`` ``缺`` ``推定`` (bit j = clause j failed, undecided, presumed),
    ``可望`` (分 that an undecided row would get if every missing fact held; null if no document sets it),
    ``缘由`` ("" or once, quota, excluded, prior), ``先`` (the ``_row`` that was paid first; negative: row of the history).
    ``merged``: ``_row``, ``项目``, ``并入``: worker rows that only count towards the employer's verdict on row ``并入``.
    ``unnamed``: ``_row`` of rows of which nothing says what they apply for.
    """

    rows: pl.DataFrame
    merged: pl.DataFrame
    unnamed: pl.DataFrame
    pack: Pack
    as_of: date | None = None
    history: Roster | None = None


@dataclass(frozen=True, slots=True)
class NotRun:
    """A check that lacked its data: unchecked is never passed."""

    code: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Findings:
    """``rows`` has FINDING_COLUMNS as text but 行号 (Int64) and 涉及金额 (Int64, 分)."""

    rows: pl.DataFrame
    not_run: tuple[NotRun, ...]
    checked: tuple[str, ...]  # codes that ran


@dataclass(frozen=True, slots=True)
class Report:
    """What a writer gets: one table of contract columns, what to say around it, and where every figure came from.

    ``frame``: VERDICT_COLUMNS or FINDING_COLUMNS; 行号 Int64, 核定金额 or 涉及金额 Int64 in 分 (null where there is none), the
    rest text with "" for nothing. ``summary``: what stands on stderr, under the table and on the first sheet.
    """

    kind: Literal["calc", "audit"]
    frame: pl.DataFrame
    summary: Summary
    provenance: Mapping[str, str]
    not_run: tuple[NotRun, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgramSum:
    """One programme in one run: rows by result, and 分 that are certain or still held back by missing facts."""

    program: str
    counts: Mapping[str, int]
    paid_fen: int
    held_fen: int


@dataclass(frozen=True, slots=True)
class Release:
    """What a missing fact holds back: filling ``fact`` (alone) would decide ``rows`` rows and release up to ``fen`` 分."""

    fact: str
    rows: int
    fen: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a run, for a human. ``lines``: how many rows of the input ended where; they add up to ``total``."""

    total: int
    lines: Mapping[str, int]
    programs: tuple[ProgramSum, ...] = ()
    releases: tuple[Release, ...] = ()
    near: tuple[str, ...] = ()  # near misses, as sentences
    levels: Mapping[str, int] = field(default_factory=dict)  # audit: findings by level
    risk_fen: int = 0  # audit: 分 that the findings at 拦截 concern
