"""The form in which spreadsheet programs write the cells of a sheet, as one regular expression.

XML that matches it as a whole can be searched with simple patterns: no comment, prefix, quote or attribute can hide
anything from them. XML that doesn't may be just as sound, and is rewritten first (plain.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST_LINE, LAST_COLUMN = 1_048_576, 16_384
_LONGEST_GAP = 1_000  # blank rows inside a table
_MOST_CELLS = 5_000_000  # of a rectangle that is mostly blank
_SPARSE = 10  # a rectangle with fewer than one value in so many cells
_CHUNK = 2 * 1024 * 1024  # fits the processor's cache

_SPACE = r"[ \t\r\n]*"
_HEAD = r'<c r="[A-Z]{1,2}[0-9]{1,7}"(?: s="[0-9]{1,6}")?'
_FORMULA = r'(?:<f(?: [a-zA-Z0-9]+="[^"<>]*")*(?: ?/>|>[^<]*</f>))'
_NUMBER = r"<v>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?</v>"
_TEXT = r'<is><t(?: xml:space="preserve")?(?: ?/>|>[^<]*</t>)</is>'
_VALUES = (
    r'(?: t="[a-zA-Z]{1,9}")?(?: ?/>|></c>)',
    rf'(?: t="n")?>(?:{_FORMULA}?{_NUMBER}|{_FORMULA}(?:<v ?/>|<v></v>)?)</c>',
    rf' t="s">{_FORMULA}?<v>[0-9]{{1,9}}</v></c>',
    rf' t="inlineStr">{_TEXT}</c>',
    rf' t="str">{_FORMULA}?<v(?: xml:space="preserve")?>[^<]*</v></c>',
    rf' t="b">{_FORMULA}?<v>[01]</v></c>',
    rf' t="[ed]">{_FORMULA}?<v>[^<]+</v></c>',
)
_CELL = rf"{_HEAD}(?:{'|'.join(_VALUES)})"
_ROW = rf'<row r="[0-9]{{1,7}}"(?: [a-zA-Z0-9:]+="[^"<>]*")*(?: ?/>|>{_SPACE}(?:{_CELL}{_SPACE})*</row>)'
_ROWS = rf"^{_SPACE}(?:{_ROW}{_SPACE})*$"
# What must not stand before or after the cells: declarations, and cells again in whatever dress.
_ALIEN = re.compile(rb"<!|<\?(?!xml )|<(?:[\w.-]+:)?(?:sheetData|row|c|v|is)[\s/>]")
MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_MOST_HEAD = 4 * 1024 * 1024
# Blanks, formulas that were not computed, errors.
_SILENT = rf'{_HEAD}(?:{_VALUES[0]}|(?: t="n")?>{_FORMULA}(?:<v ?/>|<v></v>)?</c>| t="e">)'
_LINE = re.compile(rb'<row r="([0-9]+)')
_WIDE = re.compile(rb'<c r="([A-Z]{2})[0-9]')


@dataclass(frozen=True, slots=True)
class Regular:
    """Of a sheet in regular form: how many values a reader must find in it, and whether it has formulas or errors."""

    values: int
    special: bool


def regular(xml: bytes) -> Regular | None:
    """What a sheet holds that is as programs write it: the form above, rows in their order, no vast blanks. None: it isn't.

    Takes memory for a part of the sheet at a time, and a time that no input can stretch.
    """
    begin, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    if begin < 0 or not _is_head(xml[:begin]) or _ALIEN.search(xml, end + len(b"</sheetData>")):
        return None
    line, values, special = 0, 0, False
    for chunk in _chunks(xml, begin + len(b"<sheetData>"), end):
        if (silent := _silent(chunk)) is None:
            return None
        lines = [line, *(int(found) for found in _LINE.findall(chunk))]
        if any(not 0 < b - a <= _LONGEST_GAP for a, b in pairwise(lines)):
            return None
        line = lines[-1]
        values += chunk.count(b"<c ") - silent
        special |= b"<f" in chunk or b' t="e"' in chunk
    is_sparse = line * 26 > _MOST_CELLS and line * _width(xml) > _SPARSE * values
    return None if line > LAST_LINE or is_sparse else Regular(values, special)


def _silent(chunk: bytes) -> int | None:
    """How many cells have no value; None if not all of the chunk is in the form above. A text of no length is a value."""
    # The engine of Polars goes through it at some 500 MB a second.
    try:
        text = pl.Series([chunk]).cast(pl.String).str
        return int(text.count_matches(_SILENT).item()) if text.contains(_ROWS).item() else None
    except pl.exceptions.PolarsError:  # not UTF-8
        return None


def _is_head(head: bytes) -> bool:
    """Whether the cells that follow are those of a worksheet, and not of something inside or around it."""
    if len(head) > _MOST_HEAD or _ALIEN.search(head):
        return False
    try:
        root = ET.fromstring(head + b"</worksheet>")  # noqa: S314 - without a DOCTYPE
    except (ET.ParseError, ValueError, LookupError):
        return False
    return root.tag in [f"{{{space}}}worksheet" for space in MAIN]


def _chunks(xml: bytes, begin: int, end: int) -> Iterator[bytes]:
    """The rows in stretches of whole rows."""
    while begin < end:
        cut = xml.find(b"<row ", begin + _CHUNK, end)
        stop = cut if cut > 0 else end
        yield xml[begin:stop]
        begin = stop


def _width(xml: bytes) -> int:
    return max((column_of(letters) + 1 for letters in set(_WIDE.findall(xml))), default=26)


def column_of(letters: bytes) -> int:
    """A → 0, AA → 26; nothing → -1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
