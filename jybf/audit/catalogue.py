"""What each finding code means, why it matters and on what grounds: ``rules/checks.toml``, as data."""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from jybf.errors import PackError, Problem, UsageError
from jybf.fields import rules_dir
from jybf.model import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of the catalogue, as ``jybf explain`` prints it. ``level`` is the finding's level unless the row says more."""

    code: str
    title: str
    level: str
    why: str
    compares: str
    grounds: str
    todo: str
    example: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    check: list[Text]


@cache
def texts() -> dict[str, Text]:
    """The whole catalogue by code, in order of code. PackError lists all faults of the file at once."""
    path = rules_dir() / "checks.toml"
    try:
        entries = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File).check
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PackError(Problem(f"审核规则目录读不出来：{error}", path.name)) from error
    codes = [entry.code for entry in entries]
    faults = [f"{code} 写了两次" for code in sorted({code for code in codes if codes.count(code) > 1})]
    faults += [f"{entry.code} 的级别“{entry.level}”应为{'、'.join(LEVELS)}" for entry in entries if entry.level not in LEVELS]
    if faults:
        raise PackError(*(Problem(fault, path.name) for fault in faults))
    return {entry.code: entry for entry in sorted(entries, key=lambda entry: entry.code)}


def codes() -> tuple[str, ...]:
    """Every code of the catalogue, in order."""
    return tuple(texts())


def explain(code: str) -> Text:
    """The catalogue's entry for ``code`` (in any case). UsageError with the nearest codes when there is none."""
    known, wanted = texts(), code.strip().upper()
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
        hint = f"相近的有 {'、'.join(near)}" if near else f"全部编号：{'、'.join(known)}"
        raise UsageError(Problem(f"没有编号“{code}”的审核规则", hint=hint))
    return known[wanted]


def chosen(select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """The codes to report: those that begin with one of ``select`` (default: all) but with none of ``ignore``.

    UsageError names every pattern that no code begins with.
    """
    patterns = [(pattern, pattern.strip().upper()) for pattern in (*select, *ignore)]
    unknown = [pattern for pattern, wanted in patterns if not any(code.startswith(wanted) for code in codes())]
    if unknown:
        raise UsageError(*(Problem(f"没有以“{p}”开头的审核规则", hint="jybf explain 列出全部编号") for p in unknown))
    kept = tuple(pattern.strip().upper() for pattern in select) or ("",)
    dropped = tuple(pattern.strip().upper() for pattern in ignore)
    return frozenset(code for code in codes() if code.startswith(kept) and not code.startswith(dropped))
