"""Why a row is paid or not, step by step: what ``jybf why`` shows. Texts are for the user; money is in 分."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from jybf.model.result import Findings

Mark = Literal["成立", "不成立", "缺", "推定", "未判"]

HOLDS: Mark = "成立"
FAILS: Mark = "不成立"
LACKS: Mark = "缺"
PRESUMED: Mark = "推定"
IDLE: Mark = "未判"  # nobody asked, because something else had decided before


class Fact(msgspec.Struct, frozen=True):
    """One fact that a clause reads. ``value`` is "" where the row lacks it; ``cell``: Excel's name, "" without a column.

    ``origin`` says where else it comes from, or why it is lacking; ``unread``: the cell holds something unreadable.
    """

    name: str
    value: str
    cell: str
    origin: str = ""
    unread: bool = False


class Step(msgspec.Struct, frozen=True):
    """One condition of a programme. ``cite`` has the document and the clause number.

    ``said``: the row's own values and what is wanted; where it fails, lacks or is presumed, what a verdict says of it.
    """

    mark: Mark
    id: str
    text: str
    cite: str
    said: str = ""


class Member(msgspec.Struct, frozen=True):
    """A row that an employer's number is counted from. ``mark``: 成立 counts, 不成立 doesn't, 缺 may."""

    row: int
    place: str
    name: str
    mark: Mark


class Proof(msgspec.Struct, frozen=True):
    """One verdict on one row, with all that it follows from.

    ``result`` to ``assumed`` are the verdict as calc tells it; ``fen`` is None unless paid, ``hope`` what an open row would
    get if every missing fact held (None: nobody knows). ``sum``: how the money was worked out, (what, how) line by line.
    ``head``: the row on which the employer's verdict stands that this row only counts towards; "" if it is its own.
    """

    program: str
    payee: str
    source: str  # the short name of its document
    cite: str
    result: str
    fen: int | None
    hope: int | None
    grounds: str
    reason: str
    assumed: tuple[str, ...]
    steps: tuple[Step, ...]
    sum: tuple[tuple[str, str], ...] = ()
    manual: tuple[tuple[str, str], ...] = ()  # (cite, text)
    head: str = ""
    members: tuple[Member, ...] = ()


class Apart(msgspec.Struct, frozen=True):
    """A programme that the row is not about, and what rules it out."""

    program: str
    why: str


class RowProof(msgspec.Struct, frozen=True):
    """One row of a roster. ``unnamed``: what calc says of a row that names no programme; else ""."""

    row: int
    file: str
    sheet: str
    line: int
    name: str
    number: str
    employer: str
    facts: tuple[Fact, ...]
    proofs: tuple[Proof, ...]
    apart: tuple[Apart, ...]
    unnamed: str = ""


class Why(msgspec.Struct, frozen=True):
    """The rows that were asked for, what the audit found on them, and from what everything was made."""

    rows: tuple[RowProof, ...]
    findings: Findings | None = None
    provenance: Mapping[str, str] = {}
