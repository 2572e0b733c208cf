"""What number formats make of a number: a day, or a sum in a unit that the cell does not hold."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

import msgspec

from jybf.roster.workbook.units import unit_of

# Of the formats that Excel knows by number and writes nowhere: those of every language, and of Chinese.
_BUILT_IN = frozenset(map(str, (*range(14, 23), *range(45, 48), *range(27, 37), *range(50, 59))))
_LITERAL = re.compile(r'"(?:[_\\*].|[^"])*"?|[_\\*].?', re.DOTALL)
_SPAN = re.compile(r"\[([hms])\1*\]", re.IGNORECASE)
_BRACKET = re.compile(r"\[[^\]]*\]?")
_DAY = re.compile(r"[^a]*[dmhys]|.*a.*[pm/]", re.IGNORECASE | re.DOTALL)  # AM/PM, and no weekday: aaaa


class Styles(msgspec.Struct, frozen=True):
    """By style, as cells refer to it: those that show a day or a time, and those that add a unit."""

    dates: tuple[int, ...] = ()
    units: Mapping[int, str] = {}


def styles_of(root: ET.Element) -> Styles:
    """What the styles of a workbook say."""
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iterfind("{*}numFmts/{*}numFmt")}
    used = [one.get("numFmtId", "") for one in root.iterfind("{*}cellXfs/{*}xf")]
    dates = (_BUILT_IN - codes.keys()) | {number for number, code in codes.items() if _is_day(code)}
    units = {number: unit for number, code in codes.items() if (unit := unit_of(code))}
    return Styles(
        tuple(place for place, number in enumerate(used) if number in dates),
        {place: units[number] for place, number in enumerate(used) if number in units},
    )


def _is_day(code: str) -> bool:
    first = _LITERAL.sub("", code).partition(";")[0]  # what holds for positive numbers
    return bool(_SPAN.search(first) or _DAY.match(_BRACKET.sub("", first)))
