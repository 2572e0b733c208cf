"""The shape of a pack's TOML, key by key. Unknown keys and wrong types are errors; meaning is checked in ``load``.

What the law itself is made of (a quota, a period) stands in the TOML as it is; the rest is named for what it becomes.
"""

from datetime import date
from typing import Any, Literal

import msgspec

from jybf.model import Exclusion, Period, Prior


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every table of a pack: what it does not know, it refuses."""


class Dated(Strict, frozen=True, kw_only=True):
    """What is in force from a day to a day. ``entered``: when it was written down; ``repeal``: from then on it is no more."""

    from_: date | None = msgspec.field(default=None, name="from")
    until: date | None = None
    entered: date | None = None
    repeal: bool = False
    cite: str
    source: str = ""  # set by the loader where it is inherited, here and below


class AmountHead(Dated, frozen=True, kw_only=True):
    """What an amount of any kind may say besides the keys of its kind."""

    cite: str = ""


class QuotaSpec(Dated, frozen=True, kw_only=True):
    most: int = 0
    unit: str = ""
    per: list[str] = []


class DeadlineSpec(Dated, frozen=True, kw_only=True):
    day: date | None = None


class ClauseSpec(Dated, frozen=True, kw_only=True):
    id: str
    text: str = ""
    holds: str = ""
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
    source: str = ""


class ManualSpec(Strict, frozen=True):
    cite: str
    text: str
    source: str = ""


class CaseSpec(Strict, frozen=True):
    name: str
    given: dict[str, Any] | list[dict[str, Any]]
    expect: str | list[str]
    yuan: str | list[str] = []
    history: list[dict[str, Any]] = []
    says: str = ""
    source: str = ""


class SettingSpec(Strict, frozen=True):
    """``choice``: how it may be taken → programme → the keys that are then written there."""

    id: str
    programs: list[str]
    text: str
    default: str
    choice: dict[str, dict[str, dict[str, Any]]]
    cite: str = ""


class Choice(Strict, frozen=True):
    """How a local pack takes a setting, and which inherited examples that makes untrue."""

    value: str
    cite: str
    aside: list[str] = []


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
    since: date | None = None  # set by the loader where a programme is inherited
    until: date | None = None
    until_cite: str = ""
    until_source: str = ""
    deadline: list[DeadlineSpec] = []
    once: list[str] = []
    fund: str = ""
    codes: dict[str, str] = {}
    quota: QuotaSpec | list[QuotaSpec] | None = None
    period: Period | None = None
    prior: Prior | None = None
    tally: TallySpec | None = None
    excluded_by: tuple[Exclusion, ...] = ()
    amount: dict[str, Any] | list[dict[str, Any]] | None = None  # by its kind: jybf.vocabulary.amounts
    clause: list[ClauseSpec] = []
    manual: list[ManualSpec] = []
    case: list[CaseSpec] = []
    entered: date | None = None
    aside: list[str] = []
    overrides: list[list[str]] = []  # set by the loader where a local pack overrides keys


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
    settings: dict[str, Choice] = {}
    setting: list[SettingSpec] = []
    program: list[dict[str, Any]] = []
    control: list[dict[str, Any]] = []
