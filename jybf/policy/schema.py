"""The shape of a pack's TOML, key by key. Unknown keys and wrong types are errors; meaning is checked in ``load``.

What the law itself is made of (a quota, a period) stands in the TOML as it is; the rest is named for what it becomes.
"""

from datetime import date
from typing import Any, Literal

import msgspec

from jybf.model import Exclusion, Period, Prior, Quota


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every table of a pack: what it does not know, it refuses."""


class ClauseSpec(Strict, frozen=True):
    id: str
    cite: str
    text: str
    holds: str
    source: str = ""  # set by the loader where a clause is inherited
    code: str = "JY214"
    presume: str = ""
    breach: bool = False


class TallySpec(Strict, frozen=True):
    per: str
    counts: str
    least: int
    read: str
    cite: str
    text: str
    beside: list[str] = []


class ManualSpec(Strict, frozen=True):
    cite: str
    text: str


class CaseSpec(Strict, frozen=True):
    name: str
    given: dict[str, Any] | list[dict[str, Any]]
    expect: str | list[str]
    yuan: str | list[str] = []
    history: list[dict[str, Any]] = []
    says: str = ""


class ProgramSpec(Strict, frozen=True):
    id: str
    cite: str
    payee: Literal["个人", "户", "单位", "项目"]
    basis: str | list[str]
    titles: list[str] = []
    unless: list[str] = []
    source: str = ""  # set by the loader where a programme is inherited
    columns: list[str] = []
    year: list[str] = []
    applies: str = ""
    applies_text: str = ""
    until: date | None = None
    until_cite: str = ""
    once: list[str] = []
    fund: str = ""
    codes: dict[str, str] = {}
    quota: Quota | None = None
    period: Period | None = None
    prior: Prior | None = None
    tally: TallySpec | None = None
    excluded_by: tuple[Exclusion, ...] = ()
    amount: dict[str, Any] | None = None  # by its kind: jybf.vocabulary.amounts
    clause: list[ClauseSpec] = []
    manual: list[ManualSpec] = []
    case: list[CaseSpec] = []


class PackSpec(Strict, frozen=True):
    id: str
    name: str
    document: str
    short: str
    until: date
    since: date = date.min
    until_cite: str = ""
    issued: str = ""
    aliases: list[str] = []
    places: list[str] = []
    extends: str = ""
    defaults: dict[str, str] = {}
    program: list[dict[str, Any]] = []
    control: list[dict[str, Any]] = []
