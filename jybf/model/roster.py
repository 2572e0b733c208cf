"""What a reader hands on: fields, sheets, rows with the origin of each cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    import polars as pl

# The last line is composite: one source column that is read into other fields (``Field.into``); period is a pair of dates.
Type = Literal[
    "text", "name", "id", "credit_code", "account", "enum", "place", "date", "int", "money", "rate", "bool",
    "range", "worktime", "months", "address", "period", "school_year",
]  # fmt: skip

ROW = "_row"  # a row's place in the whole input: file order, then sheet, then Excel row
SHEET = "_sheet"  # index into Roster.sheets
LINE = "行号"  # Excel's own row number, from 1
# Where a row of a canonical table comes from, besides: see jybf.roster.canonical.
FILE, PAGE, TITLE, CALLED, COLUMNS = "_文件", "_工作表", "_表题", "_表名", "_表列"
ORIGIN = (ROW, SHEET, FILE, PAGE, LINE, TITLE, CALLED, COLUMNS)


def last(name: str) -> str:
    """The column with the last possible day of date field ``name``; ``name`` itself holds the first possible day."""
    return f"{name}_末"


def bad(name: str) -> str:
    """The Boolean column that says the cell of ``name`` holds something which could not be read as its type."""
    return f"{name}_误"


class Field(msgspec.Struct, frozen=True):
    """One canonical column of a roster, as ``rules/fields.toml`` declares it."""

    name: str
    type: Type
    aliases: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = {}  # enum: canonical → written
    meaning: str = ""
    into: tuple[str, ...] = ()  # composite: the fields its cells are read into
    vague: tuple[str, ...] = ()  # enum: what names several values at once, so that it can't be taken for one
    named_by: str = ""  # enum: the field that says which of those a vague word means
    only: str = ""  # why it is only read: no rule, fact, check, key or reader uses it
    none: bool = False  # text: 无 is an answer, not a blank
    weak: tuple[int, ...] = ()  # of a fact: its ways by which a clause may hold, and never fails
    repeat: bool = False  # may stand in a sheet twice; the first one counts


class Sheet(msgspec.Struct, frozen=True):
    """One table of one file: where its columns stand and what its other rows were."""

    index: int
    file: str
    name: str  # "" for a file without sheets
    title: str  # the text above the header, in one line
    header_line: int  # Excel row of the last header row
    columns: Mapping[str, int]  # canonical field → Excel column, from 0
    unknown: tuple[str, ...] = ()  # headers the dictionary does not know
    lines: Mapping[str, int] = {}  # rows by kind: 表题 表头 数据 … 孤立
    totals: tuple[Total, ...] = ()
    sha256: str = ""
    notes: tuple[Note, ...] = ()  # what stands on its rows of data beside their values
    read: str = ""  # the list of verdicts that carried its rows here, and that was read instead of ``file``


class Note(NamedTuple):
    """What is said of a cell, or of a whole row (``column`` -1), beside the values.

    ``kind`` is 批注, 删除线, 图片 or 旁注: what is said where nothing is read; of such a one ``cell`` is what stands there.
    """

    line: int  # Excel's, from 1
    column: int  # from 0
    kind: str
    text: str
    cell: str = ""


class Total(msgspec.Struct, frozen=True):
    """What a total row, or a sentence around the table, states and what its rows add up to: money in 分, heads as a count."""

    line: int
    field: str
    stated: int
    computed: int
    grand: bool  # True: of the whole sheet; False: of the rows from ``since`` up to here
    cell: str = ""  # where a number stands that has no column of its own (38 人 in the cell of the label)
    since: int = 0  # the Excel row after which the rows of a subtotal begin
    prose: bool = False  # said in a sentence of the title or the footer


class Roster(msgspec.Struct, frozen=True):
    """All rows of all files, typed by field, in reading order.

    ``rows``: one row a person, household or employer; columns ``_row`` ``_sheet`` ``行号``, then each field found in any
    sheet (a date twice: ``name`` and ``last(name)``; a field with unreadable cells also ``bad(name)``).
    ``problems``: ``_row``, ``字段``, ``原文``, ``原因``, ``编号``: each cell that could not be read, once, with its reason.
    """

    rows: pl.DataFrame
    problems: pl.DataFrame
    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...] = ()  # said on stderr: encodings, hidden sheets, decisions on ambiguous headers
    own: pl.DataFrame | None = None  # one for each of ``rows``: the sheets' own columns, where they are to be carried on


class ListKind(msgspec.Struct, frozen=True):
    """A kind of list that a roster can be held against, as ``rules/lists.toml`` declares it.

    ``keys``: the fields by which a row of it is found; ``wants``: those without which a hit proves nothing; ``also``: those
    that make a hit more exact; ``whole``: with one of these columns all of its rows matter, and not only those that meet the
    roster.
    """

    name: str
    meaning: str
    keys: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


class Listing(msgspec.Struct, frozen=True):
    """One list as far as it may concern a roster. 数据时点 of each row is its own, else ``drawn``, the day of the whole list.

    ``roster``: the rows that may meet the roster (all rows, if ``whole``); ``total``: how many rows the list has in all;
    ``dark``: rows by whose keys nobody can be found.
    """

    kind: ListKind
    roster: Roster
    drawn: date | None
    total: int
    dark: int
    whole: bool
