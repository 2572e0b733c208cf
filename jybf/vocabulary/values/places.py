"""Where a text lies: province, prefecture, county, by the official names in ``rules/areas.csv``."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from operator import itemgetter

import msgspec

from jybf.errors import PackError, Problem
from jybf.vocabulary.fields import rules_dir
from jybf.vocabulary.values.text import Unreadable, is_nothing, plain

_BETWEEN = re.compile(r"[、,;/和与及]+")
_COUNTY = re.compile(r"[\u4e00-\u9fff]{1,9}?(?:自治县|自治旗|林区|县|区|旗|市)")
# After a short name these make another place of it: 南京路, 朝阳区.
_OTHER = re.compile(r"[东南西北中]?[路街巷]|大[道街]|[区县镇乡村]")
_NO_COUNTY = ("园区", "新区", "开发区", "社区", "小区", "校区")
_UNNAMED = Unreadable("看不出是哪个省")
_COLLOQUIAL = {"内蒙": "内蒙古自治区"}
# What a column of provinces may say instead of a province.
_REGIONS = {"省外": "省外", "外省": "省外", "跨省": "省外", "省内": "省内", "本省": "省内"}


class Area(msgspec.Struct, frozen=True):
    """One area by its official name; ``level`` is 省级, 地级 or 县级, ``province`` the official name of its province."""

    name: str
    level: str
    province: str


class Place(msgspec.Struct, frozen=True):
    """What an address names: official names, None where it names none."""

    province: str
    city: str | None = None
    county: str | None = None


@cache
def areas() -> Mapping[str, Area]:
    """Official and short names → area. PackError if ``rules/areas.csv`` can't be read."""
    path = rules_dir() / "areas.csv"
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        names, *rows = csv.reader(lines)
        parts = itemgetter(*map(names.index, ("名称", "简称", "级别", "上级省")))
    except (OSError, ValueError) as e:
        raise PackError(Problem(f"地名表读不到或缺列：{e}", where=path.name)) from None
    named = [(Area(name, level, above or name), name, short) for name, short, level, above in map(parts, rows)]
    # Official names first: 海南 is the province even though a prefecture of 青海 begins alike.
    known = {s: a for a, _, s in named if s} | {n: a for a, n, _ in named}
    return known | {word: known[name] for word, name in _COLLOQUIAL.items() if name in known}


def _leading(text: str, province: str | None = None) -> tuple[Area, str] | None:
    """The longest area name that ``text`` begins with (inside ``province`` if given), and the rest of the text."""
    for end in range(min(len(text), 15), 1, -1):
        area = areas().get(text[:end])
        rest = text[end:]
        if area and province in (None, area.province) and (text[:end] == area.name or not _OTHER.match(rest)):
            suffix = area.name[-1] if text[:end] != area.name else ""  # 凉山州: short name and kind
            return area, rest.removeprefix(suffix)
    return None


def _locate(text: str) -> Place | None:
    """The place that one address begins with."""
    found = _leading(text.removeprefix("中国"))
    if not found:
        return None
    area, rest = found
    city = area.name if area.level == "地级" else None
    below = _leading(rest, area.province) if area.level == "省级" else None
    if below and below[0].level == "地级":
        city, rest = below[0].name, below[1]
    if area.level == "县级":
        return Place(area.province, None, area.name)
    return Place(area.province, city, _county(rest, area.province))


def _county(rest: str, province: str) -> str | None:
    known = _leading(rest, province)
    if known and known[0].level == "县级":
        return known[0].name
    written = _COUNTY.match(rest)
    return written[0] if written and not written[0].endswith(_NO_COUNTY) else None


def parse_address(text: str) -> tuple[str | Unreadable | None, str | None, str | None]:
    """Province, prefecture and county that an address names; two provinces, or none, make the province unreadable."""
    folded = plain(text)
    if is_nothing(folded):
        return None, None, None
    places = [place for part in _BETWEEN.split(folded) if (place := _locate(part))]
    if len({p.province for p in places}) > 1:
        return Unreadable("写了不止一个省"), None, None
    if not places or not _locate(_BETWEEN.split(folded)[0]):
        return _UNNAMED, None, None
    several = len(places) > 1
    return places[0].province, None if several else places[0].city, None if several else places[0].county


def parse_place(text: str) -> str | Unreadable | None:
    """The official name of the province that ``text`` is or lies in (深圳 → 广东省)."""
    return parse_address(text)[0]


def parse_province(text: str) -> tuple[str | Unreadable | None, str | None]:
    """Province, or what is said instead of one: 省外 and 本省 name a region of work, and no province."""
    region = _REGIONS.get(plain(text))
    return (None, region) if region else (parse_place(text), None)
