"""The areas of ``rules/areas.csv``: by name, and the counties of a province or of the whole country."""

import csv
from collections import Counter
from collections.abc import Mapping
from functools import cache
from operator import itemgetter

import msgspec

from jybf.errors import PackError, Problem
from jybf.regex import pattern
from jybf.vocabulary.fields import rules_dir

_KIND = pattern(r"(?:自治县|自治旗|林区|[县区旗市])$")
_COLLOQUIAL = {"内蒙": "内蒙古自治区"}
_SHORTEST = 3  # characters of a county's name that is looked for inside other texts: 文县 is in 语文县


class Area(msgspec.Struct, frozen=True):
    """One area by its official name; ``level`` is 省级, 地级 or 县级, ``province`` the official name of its province.

    ``city``: the prefecture that a county is of; "" for other areas, and where there is none between.
    """

    name: str
    level: str
    province: str
    city: str = ""


@cache
def _listed() -> tuple[tuple[Area, str], ...]:
    """Every area and its short name ("" if it has none). PackError if ``rules/areas.csv`` can't be read."""
    path = rules_dir() / "areas.csv"
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        names, *rows = csv.reader(lines)
        parts = itemgetter(*map(names.index, ("名称", "简称", "级别", "上级省", "上级市")))
        return tuple((Area(name, level, above or name, city), short) for name, short, level, above, city in map(parts, rows))
    except (OSError, ValueError) as e:
        raise PackError(Problem(f"地名表读不到或缺列：{e}", where=path.name)) from None


@cache
def areas() -> Mapping[str, Area]:
    """Official and short names → area, but for counties that share their name or have one of two characters."""
    counted = Counter(area.name for area, _ in _listed() if area.level == "县级")
    named = [(a, short) for a, short in _listed() if a.level != "县级" or (counted[a.name] == 1 and len(a.name) >= _SHORTEST)]
    # Official names first: 海南 is the province even though a prefecture of 青海 begins alike.
    known = {short: area for area, short in named if short} | {area.name: area for area, _ in named}
    return known | {word: known[name] for word, name in _COLLOQUIAL.items() if name in known}


@cache
def counties(province: str | None = None) -> Mapping[str, Area]:
    """Names of the counties of ``province`` (None: of the country), also without 县, 市 or 区, where one county is meant."""
    there = [area for area, _ in _listed() if area.level == "县级" and province in (None, area.province)]
    named = [(name, area) for area in there for name in {area.name, without_kind(area.name)} if len(name) > 1]
    counted = Counter(name for name, _ in named)
    return {name: area for name, area in named if counted[name] == 1}


@cache
def area_names() -> frozenset[str]:
    """What areas are called, in full and in short; a name may be that of several."""
    names = {name for area, short in _listed() for name in (area.name, short, without_kind(area.name))}
    return frozenset(name for name in names if len(name) > 1)


def without_kind(name: str) -> str:
    """A county's name without its last word: 静乐 of 静乐县."""
    return _KIND.sub("", name)
