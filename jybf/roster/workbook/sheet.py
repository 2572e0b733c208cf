"""What the XML of a sheet says and its reader does not: which cells are numbers or errors, what is hidden and merged.

All of it is found by patterns that run through the bytes once. They hold for XML as spreadsheet programs write it
(``is_regular``); anything else is rewritten first (plain.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from jybf.roster.grid import Broken, Merged, column_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST_LINE, LAST_COLUMN = 1_048_576, 16_384
WIDEST = 702  # columns of a roster: A to ZZ
_LONGEST_GAP = 1_000  # blank rows inside a table
_MOST_CELLS = 5_000_000  # of a rectangle that is mostly blank
_SPARSE = 10  # a rectangle with fewer than one cell in so many

# Comments and the like, other quotes, cells and rows without their address in front, addresses far out, prefixes.
_ODD = r"<!|<\?(?:[^x]|x[^m])|='|<(?:c|row)[>/\t\r\n]|<c [^r]|<c r=\"(?:[A-Z]{3}|[A-Z]+[0-9]{8})|:(?:row|c|v|is)[ >]"
_ROW = re.compile(rb'<row [^<>]*?\br="([0-9]+)"')
_WIDE = re.compile(rb'<c r="([A-Z]{2})[0-9]')
_BAD_INDEX = re.compile(rb't="s"[^<>]*><v>(?![0-9]{1,9}</v>)')
_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^<>]*? t="e"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v>')
_UNCOMPUTED = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>')
_STYLED = re.compile(rb'<c [^<>]*\bs="[1-9]')
_HIDDEN_ROW = re.compile(rb'<row [^<>]*?\br="([0-9]+)"[^<>]*? hidden="(?:1|true)"')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')


@dataclass(frozen=True, slots=True)
class SheetXml:
    """The XML of one sheet, in regular form."""

    xml: bytes

    def errors(self) -> Iterator[Broken]:
        """Error cells, which readers show as blank."""
        if b' t="e"' in self.xml:
            for letters, line, text in _ERROR.findall(self.xml):
                shown = text.decode(errors="replace")
                yield Broken(int(line), column_of(letters), shown, f"单元格是错误值 {shown}")

    def uncomputed(self) -> Iterator[Broken]:
        """Formulas that no program has computed, which readers show as blank."""
        if b"<f" in self.xml:
            for letters, line in _UNCOMPUTED.findall(self.xml):
                yield Broken(int(line), column_of(letters), "", "公式没有算过，没有值；用 Excel 打开并保存后再试")

    def hidden_lines(self) -> tuple[int, ...]:
        """Excel rows that are hidden or filtered out."""
        return tuple(int(line) for line in _HIDDEN_ROW.findall(self.xml)) if b' hidden="' in self.xml else ()

    def merged(self) -> list[Merged]:
        """The merged ranges."""
        tail = max(self.xml.rfind(b"<mergeCells"), 0)
        found = _MERGED.findall(self.xml, tail) if tail else []
        return [Merged(int(top) - 1, column_of(left), int(end) - 1, column_of(right)) for left, top, right, end in found]

    def numbers(self, column: int, height: int) -> pl.Series:
        """Boolean, one a row: which cells of ``column`` hold a number and no text."""
        letters = column_letters(column).encode()
        found = re.findall(rb'<c r="' + letters + rb'([0-9]+)"(?![^<>]* t="(?!n"))[^<>/]*>', self.xml)
        lines = pl.Series([int(line) - 1 for line in found if int(line) <= height], dtype=pl.UInt32)
        return pl.Series([False]).new_from_index(0, height).scatter(lines, True)


def count_values(xml: bytes) -> int:
    """How many cells have a value, as far as tags tell, and are no error: each must arrive."""
    without = xml.count(b"<v></v>") + sum(1 for _ in SheetXml(xml).errors())
    return xml.count(b"</v>") + xml.count(b"</is>") - without


def is_regular(xml: bytes) -> bool:
    """Whether a sheet is as programs write it: plain tags, every cell with its address, rows in order, no vast blanks."""
    if _is_odd(xml) or _BAD_INDEX.search(xml):
        return False
    lines = [int(line) for line in _ROW.findall(xml)]
    in_order = all(0 < b - a <= _LONGEST_GAP for a, b in pairwise([0, *lines]))
    return in_order and len(lines) == xml.count(b"<row ") and lines[-1:] <= [LAST_LINE] and not _is_sparse(xml, lines)


def _is_odd(xml: bytes) -> bool:
    # The engine of Polars looks for all of it in one pass, in a time that no input can stretch.
    try:
        return bool(pl.Series([xml]).cast(pl.String).str.contains(_ODD).item())
    except pl.exceptions.PolarsError:  # not UTF-8
        return True


def has_styles(xml: bytes) -> bool:
    """Whether any cell has a style of its own, such as a format of dates."""
    return bool(_STYLED.search(xml))


def _is_sparse(xml: bytes, lines: list[int]) -> bool:
    if not lines or lines[-1] * 26 < _MOST_CELLS:
        return False
    width = max((column_of(letters) + 1 for letters in set(_WIDE.findall(xml))), default=26)
    area = lines[-1] * width
    return area > _MOST_CELLS and area > _SPARSE * count_values(xml)


def column_of(letters: bytes) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
