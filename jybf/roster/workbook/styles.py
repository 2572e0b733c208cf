"""What styles make of a cell: a day, with its year or without, a sum in a unit that the cell does not hold, one struck out."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

import msgspec

from jybf.regex import pattern
from jybf.roster.workbook.units import unit_of

# Of the formats that Excel knows by number and writes nowhere: those of every language, and of Chinese.
_BUILT_IN = frozenset(map(str, (*range(14, 23), *range(45, 48), *range(27, 37), *range(50, 59))))
_MONTH_AND_DAY = frozenset(("16", "28", "29", "30", "51", "54", "58"))  # d-mmm, m月d日, m-d
_LITERAL = pattern(r'"(?:[_\\*].|[^"])*"?|[_\\*].?', re.DOTALL)
_SPAN = pattern(r"\[([hms])\1*\]", re.IGNORECASE)
_BRACKET = pattern(r"\[[^\]]*\]?")
_DAY = pattern(r"[^a]*[dmhys]|.*a.*[pm/]", re.IGNORECASE | re.DOTALL)  # AM/PM, and no weekday: aaaa


class Styles(msgspec.Struct, frozen=True):
    """By style, as cells refer to it: those that show a day or a time, and those that add a unit.

    ``yearless``: of the days those that show month and day only; ``struck``: those that strike a cell out.
    """

    dates: tuple[int, ...] = ()
    units: Mapping[int, str] = {}
    yearless: tuple[int, ...] = ()
    struck: tuple[int, ...] = ()


def styles_of(root: ET.Element) -> Styles:
    """What the styles of a workbook say."""
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iterfind("{*}numFmts/{*}numFmt")}
    used = [one.get("numFmtId", "") for one in root.iterfind("{*}cellXfs/{*}xf")]
    dates = (_BUILT_IN - codes.keys()) | {number for number, code in codes.items() if _is_day(code)}
    units = {number: unit for number, code in codes.items() if (unit := unit_of(code))}
    yearless = (_MONTH_AND_DAY - codes.keys()) | {number for number, code in codes.items() if _is_yearless(code)}
    struck = {place for place, font in enumerate(root.iterfind("{*}fonts/{*}font")) if _strikes(font)}
    fonts = [one.get("fontId", "") for one in root.iterfind("{*}cellXfs/{*}xf")]
    return Styles(
        tuple(place for place, number in enumerate(used) if number in dates),
        {place: units[number] for place, number in enumerate(used) if number in units},
        tuple(place for place, number in enumerate(used) if number in yearless),
        tuple(place for place, font in enumerate(fonts) if font.isdigit() and int(font) in struck),
    )


def _strikes(font: ET.Element) -> bool:
    strike = font.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in ("0", "false")


def _is_yearless(code: str) -> bool:
    """Whether a day is shown by its month and day, and nobody sees the year."""
    first = _BRACKET.sub("", _LITERAL.sub("", code).partition(";")[0]).lower()
    return "d" in first and "m" in first and not re.search("[ye]", first)


def _is_day(code: str) -> bool:
    first = _LITERAL.sub("", code).partition(";")[0]  # what holds for positive numbers
    return bool(_SPAN.search(first) or _DAY.match(_BRACKET.sub("", first)))
