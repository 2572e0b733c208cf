"""Where a text lies: the province, prefecture and county that an address or the name of a place names."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import msgspec

from jybf.regex import pattern
from jybf.vocabulary.values.places import Area, area_names, areas, counties, without_kind
from jybf.vocabulary.values.text import UNPRINTED, Unreadable, is_nothing, plain

_BETWEEN = pattern(r"[、,;/+→⇒➔\n]+|-+>|—+>")
_AND = "和与及"
_COUNTY = pattern(r"[\u4e00-\u9fff]{1,9}?(?:自治县|自治旗|林区|县|区|旗|市)")
# After a short name these make another place of it: 南京路, 山西北路, 朝阳区.
_ROAD = r"[东南西北中上下内外环支]{0,2}[一二三四五六七八九十]{0,2}(?:[路街巷弄]|大道|大街)"
_OTHER = pattern(rf"{_ROAD}|[区县镇乡村]")
# Houses, shops and dishes that are called after a place far away: they stand somewhere else.
_HOUSES = "大厦|大楼|宾馆|饭店|酒店|酒楼|饭庄|餐馆|餐厅|菜馆|会馆|商会|公馆|办事处"
_DISHES = "火锅|拉面|牛肉面|烩面|刀削面|小吃|烤鸭|米粉|米线|麻辣烫|大盘鸡|烧烤|烤肉|小面|凉皮|肉夹馍|家常菜|人家|同仁堂"
_SHOP = pattern(f"{_HOUSES}|{_DISHES}|分公司")
_NAMESAKE = pattern(f"{_HOUSES}|{_DISHES}|广场|公园|大学|学院|医院|[门桥坊站]")
_NAMED = pattern(r"[\u4e00-\u9fff]{1,11}?(?:自治县|自治旗|[县区旗市])")
_NO_COUNTY = pattern(r"(?:园区|新区|开发区|社区|小区|校区|工业区|度假区|保税区|经开区|高新区|示范区|景区|片区|街区|厂区)$")
_BEFORE_A_TITLE = pattern(
    r"^(?:附件?(?:表)?[0-9一二三四五六七八九十]*[:：.、]?|[0-9]{4}年度?|[0-9]{1,2}月份?|关于|[(（][^()（）]*[)）])+"
)
_ABOUT_OTHERS = pattern("协作|对口|支援|援助|赴|前往|外出到|公司|集团|厂|驻")
_OUTSIDE = pattern("[省市区县州](?:以|之)?外$|等[地处]?$")  # 山西省外 is anywhere but in 山西, 广东等地 more than 广东
_UNNAMED = Unreadable("看不出是哪个省")
_SEVERAL = Unreadable("写了不止一个省")
_A_FIRM = Unreadable("像是店名或单位名，不是地名，看不出在哪个省")
_SEVERAL_COUNTIES = Unreadable("写了不止一个县")
_NO_COUNTY_NAMED = Unreadable("看不出是哪个县")
# What a column of provinces or counties may say instead of a name.
_REGIONS = {"省外": "省外", "外省": "省外", "跨省": "省外", "省内": "省内", "本省": "省内"}
_LOCAL = {
    "本县": "县内", "县内": "县内", "本县内": "县内", "本县城": "县内", "县城": "县内",
    "外县": "省内县外", "县外": "省内县外", "省内县外": "省内县外",
}  # fmt: skip


class Place(msgspec.Struct, frozen=True):
    """What an address names: official names, None where it names none; a county that no table has as it is written."""

    province: str | None
    city: str | None = None
    county: str | None = None


def parse_address(text: str) -> tuple[str | Unreadable | None, str | None, str | Unreadable | None]:
    """Province, prefecture and county that an address names.

    Two provinces, none, or the name of a firm make the province unreadable; two counties of one province the county.
    """
    folded = plain(text)
    if is_nothing(folded):
        return None, None, None
    parts = _parts(folded)
    found = [located for part in parts if (located := _locate(part))]
    if not parts or not _locate(parts[0]) or "?" in folded or _OUTSIDE.search(folded):
        return UNPRINTED if "?" in folded else _UNNAMED, None, None
    named = {place.province for place, _ in found} | {p for place, rest in found for p in _elsewhere(rest, place.province)}
    if len(named) > 1:
        return _SEVERAL, None, None
    if len(found) == 1 and _is_firm(parts[0], found[0][1]):
        return _A_FIRM, None, None
    place = found[0][0]
    if len(found) == 1:
        return place.province, place.city, place.county
    return place.province, None, _SEVERAL_COUNTIES if len({p.county for p, _ in found}) > 1 else None


def parse_place(text: str) -> str | Unreadable | None:
    """The official name of the province that ``text`` is or lies in (深圳 → 广东省)."""
    return parse_address(text)[0]


def parse_province(text: str) -> tuple[str | Unreadable | None, str | None]:
    """Province, or what is said instead of one: 省外 and 本省 name a region of work, and no province."""
    region = _REGIONS.get(plain(text))
    return (None, region) if region else (parse_place(text), None)


@lru_cache(65_536)
def locate_county(text: str, province: str | None = None) -> Place | str | Unreadable:
    """What a cell for a county names: a place (of ``province``, where that is known), or a region of work (本县 → 县内).

    静乐, 静乐县城, 忻州市静乐县 and 静乐县鹅城镇 are one county; a prefecture alone is no county.
    """
    folded = plain(text)
    region = _LOCAL.get(folded) or _REGIONS.get(folded)
    if region:
        return region
    found = [_place(part, province) for part in _parts(folded)]
    if any(place is None for place in found) or not found:
        return _NO_COUNTY_NAMED
    return _SEVERAL_COUNTIES if len(set(found)) > 1 else found[0] or _NO_COUNTY_NAMED


def _parts(folded: str) -> list[str]:
    """The texts that stand side by side; the 和 of 呼和浩特 parts nothing."""
    if any(word in folded for word in _AND):
        folded = _and().sub(lambda found: "、" if found[0] in _AND else found[0], folded)
    return [part for part in _BETWEEN.split(folded) if part]


@cache
def _and() -> re.Pattern[str]:
    names = [name for name in area_names() if any(c in name for c in _AND)]
    return re.compile("|".join([*sorted(names, key=len, reverse=True), f"[{_AND}]"]))


def _place(text: str, province: str | None) -> Place | None:
    """The place in a cell for counties, which may leave out the province: 城区 is one of it."""
    located = _locate(text)
    if located and located == (Place(located[0].province, located[0].city), ""):
        return located[0]  # 大同 is the prefecture rather than a county of that name
    if county := _known_county(text, province) or (_known_county(text, None) if province else None):
        return Place(county.province, county.city or None, county.name)
    if located:
        return located[0]
    written = _written(text)
    return Place(None, None, written) if written else None


def _leading(text: str, province: str | None = None) -> tuple[Area, str] | None:
    """The longest area name that ``text`` begins with (inside ``province`` if given), and the rest of the text."""
    for end in range(min(len(text), 15), 1, -1):
        area = areas().get(text[:end])
        rest = text[end:]
        if area and province in (None, area.province) and (text[:end] == area.name or not _OTHER.match(rest)):
            suffix = area.name[-1] if text[:end] != area.name else ""  # 凉山州: short name and kind
            return area, rest.removeprefix(suffix)
    return None


def _locate(text: str) -> tuple[Place, str] | None:
    """The place that one address begins with, and what follows its province and prefecture."""
    found = _leading(text.removeprefix("中国"))
    if not found:
        county = _known_county(text, None)
        whole = county and (text == without_kind(county.name) or text.startswith(county.name))
        return (Place(county.province, None, county.name), "") if county and whole else None
    area, rest = found
    city = area.name if area.level == "地级" else None
    below = _leading(rest, area.province) if area.level == "省级" else None
    if below and below[0].level == "地级":
        city, rest = below[0].name, below[1]
    if area.level == "县级":
        return Place(area.province, None, area.name), rest
    known = _known_county(rest, area.province)
    return Place(area.province, city, known.name if known else _written(rest)), rest


def _known_county(text: str, province: str | None) -> Area | None:
    """The county of ``province`` that ``text`` begins with, be it without 县 or 区; a whole name goes before a short one."""
    for end in range(min(len(text), 15), 1, -1):
        area = counties(province).get(text[:end])
        if area and (text[:end] == area.name or not _OTHER.match(text[end:])):
            return area
    return None


def _written(text: str) -> str | None:
    """A county's name by its form alone."""
    written = _COUNTY.match(text)
    return written[0] if written and not _NO_COUNTY.search(written[0]) else None


def _elsewhere(rest: str, province: str | None) -> Iterator[str]:
    """The other provinces that the rest of an address names, itself or by one of their cities.

    Roads and houses that are called after a place are not there.
    """
    at = 0
    while at < len(rest):
        found = _leading(rest[at:])
        if not found:
            at += 1
            continue
        area, after = found
        named = rest[at : len(rest) - len(after)]
        whole = named == area.name
        is_place = not _OTHER.match(after) and not _NAMESAKE.match(after)
        if area.province != province and is_place and (whole or area.level != "县级"):
            yield area.province
        at += len(named)


def _is_firm(text: str, rest: str) -> bool:
    """Whether a short name of a place only begins the name of a shop or an employer: 重庆火锅店, 江苏大厦."""
    named = text.removeprefix("中国").removesuffix(rest)
    area = areas().get(named)
    return area is not None and named != area.name and bool(_SHOP.match(rest))


def county_in(texts: Iterable[str]) -> str | None:
    """The only county that ``texts`` name in full; None if there is none, or more than one."""
    names = {name for text in texts for found in _NAMED.finditer(text) for name in _endings(found[0])}
    return names.pop() if len(names) == 1 else None


def place_of_title(texts: Iterable[str]) -> Place | None:
    """The place with whose full name one of ``texts`` begins, behind a year and the like; of a firm's name it tells nothing."""
    for text in texts:
        head = _BEFORE_A_TITLE.sub("", plain(text))
        found = _locate(head)
        area = next((areas()[head[:end]] for end in range(min(len(head), 15), 1, -1) if head[:end] in areas()), None)
        if found and area and head.startswith(area.name) and not _ABOUT_OTHERS.search(head):
            return found[0]
    return None


def _endings(text: str) -> list[str]:
    """The longest end of ``text`` that is a county's full name: 山西省静乐县 ends with one."""
    known = (text[start:] for start in range(len(text)) if text[start:] in areas())
    return [name for name in known if areas()[name].level == "县级" and areas()[name].name == name][:1]
