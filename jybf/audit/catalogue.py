"""What each finding code means, why it matters and on what grounds: ``rules/checks/*.toml``, as data."""

import difflib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from jybf.errors import PackError, Problem, UsageError
from jybf.model import LEVELS
from jybf.vocabulary.compiled import compiled
from jybf.vocabulary.fields import rules_dir
from jybf.vocabulary.toml import Door

_DOOR = Door("审核规则目录")


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An example: rows changed from a base row (or a whole ``table`` of cells), and what the check makes of them.

    ``kind``: 发现 it finds; 不误报 a near miss, which it leaves alone; 缺资料 what it would need is not there, and it says so.
    """

    name: str
    kind: Literal["发现", "不误报", "缺资料"]
    of: str
    rows: tuple[dict[str, Any], ...] = ({},)
    table: tuple[tuple[str, ...], ...] = ()
    lists: dict[str, tuple[dict[str, Any], ...]] = {}
    history: tuple[dict[str, Any], ...] = ()
    region: str = ""
    title: str = ""
    level: str = ""
    line: int = 0
    says: str = ""


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """A lawful row that examples start from, the title above it and the region whose policy it is under."""

    region: str
    title: str
    row: dict[str, Any]


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the catalogue, as ``jybf explain`` prints it. ``level`` is the finding's level unless the row says more.

    ``beyond``: why no roster and no list can decide it; empty for what is checked.
    """

    code: str
    title: str
    level: str
    why: str
    compares: str
    grounds: str
    todo: str
    example: str
    beyond: str = ""
    case: tuple[Case, ...] = ()


class _File(msgspec.Struct):
    check: list[Text]


class _Bases(msgspec.Struct):
    base: dict[str, Base]


_BASES = "base.toml"


@cache
def texts() -> dict[str, Text]:
    """The whole catalogue by code, in order of code. PackError lists all faults of all files at once."""
    paths = sorted((rules_dir() / "checks").glob("*.toml"))
    return compiled("checks", [*paths, Path(__file__)], lambda: _texts(paths), dict[str, Text])


def _texts(paths: Sequence[Path]) -> dict[str, Text]:
    faults: list[Problem] = []
    entries: list[tuple[str, Text]] = []
    for path in (path for path in paths if path.name != _BASES):
        try:
            entries += [(path.name, text) for text in _DOOR.load(path, _File).check]
        except PackError as error:
            faults += error.problems
    faults += [Problem(fault, name) for name, text in entries for fault in _faults(text, [each for _, each in entries])]
    if faults:
        raise PackError(*faults)
    return {text.code: text for _, text in sorted(entries, key=lambda entry: entry[1].code)}


@cache
def bases() -> dict[str, Base]:
    """The rows that examples start from, by name. PackError when the file is not as it must be."""
    path = rules_dir() / "checks" / _BASES
    return compiled("bases", [path, Path(__file__)], lambda: _DOOR.load(path, _Bases).base, dict[str, Base])


def _faults(text: Text, every: Sequence[Text]) -> Iterator[str]:
    if sum(other.code == text.code for other in every) > 1:
        yield f"{text.code} 写了两次"
    if text.level not in LEVELS:
        yield f"{text.code} 的级别“{text.level}”应为{'、'.join(LEVELS)}"
    yield from (f"{text.code}“{case.name}”的 of“{case.of}”不在 {_BASES} 里" for case in text.case if case.of not in bases())


def codes() -> tuple[str, ...]:
    """Every code of the catalogue, in order."""
    return tuple(texts())


def explain(code: str) -> Text:
    """The catalogue's entry for ``code`` (in any case). UsageError with the nearest codes when there is none."""
    known, wanted = texts(), code.strip().upper()
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
        hint = f"相近的有 {'、'.join(near)}" if near else "jybf explain 列出全部"
        raise UsageError(Problem(f"没有编号是“{code}”或讲到它的审核规则", hint=hint))
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
