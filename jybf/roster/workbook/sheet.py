"""What the XML of a sheet says and its reader does not: which cells are numbers or errors, what is hidden and merged.

All of it is found by simple patterns, which hold for XML in regular form (grammar.py) and for no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from jybf.roster.grid import Broken, Merged, column_letters
from jybf.roster.workbook.grammar import column_of

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_COMPUTED = "公式没有算过，没有值；用 Excel 打开并保存后再试"

_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^<>]* t="e">(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v>')
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?: s="[0-9]+")?(?: t="n")?>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)
_SHARED_TEXT = re.compile(rb'<c [^<>]* t="s"')
_STYLED = re.compile(rb'<c [^<>]* s="[1-9]')
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^<>]* hidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col [^<>]*>")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')


@dataclass(frozen=True, slots=True)
class Layout:
    """What is hidden (Excel rows; columns by letter or range of letters) and merged."""

    hidden_lines: tuple[int, ...]
    hidden_columns: tuple[str, ...]
    merged: tuple[Merged, ...]


@dataclass(frozen=True, slots=True)
class SheetXml:
    """The XML of one sheet, in regular form."""

    xml: bytes

    @property
    def has_shared_texts(self) -> bool:
        """Whether any cell refers to the texts that all sheets share."""
        return b' t="s"' in self.xml and bool(_SHARED_TEXT.search(self.xml))

    @property
    def has_styles(self) -> bool:
        """Whether any cell has a style of its own, such as a format of dates."""
        return bool(_STYLED.search(self.xml))

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
                yield Broken(int(line), column_of(letters), "", NOT_COMPUTED)

    def layout(self) -> Layout:
        """What is hidden and merged."""
        lines = (int(line) for line in _HIDDEN_ROW.findall(self.xml)) if b' hidden="' in self.xml else ()
        return Layout(tuple(lines), tuple(self._hidden_columns()), tuple(self._merged()))

    def _hidden_columns(self) -> Iterator[str]:
        head = self.xml[: max(self.xml.find(b"<sheetData"), 0)]
        for column in _COLUMN.findall(head):
            ends = [int(n) for n in re.findall(rb' (?:min|max)="([0-9]{1,5})"', column)]
            if ends and re.search(rb' hidden="(?:1|true)"', column):
                first, end = column_letters(min(ends) - 1), column_letters(max(ends) - 1)
                yield first if first == end else f"{first}–{end}"

    def _merged(self) -> Iterator[Merged]:
        tail = max(self.xml.rfind(b"<mergeCells"), 0)
        for left, top, right, end in _MERGED.findall(self.xml, tail) if tail else ():
            yield Merged(int(top) - 1, column_of(left), int(end) - 1, column_of(right))

    def numbers(self, column: int, height: int) -> pl.Series:
        """Boolean, one a row: which cells of ``column`` hold a number and no text."""
        letters = column_letters(column).encode()
        found = re.findall(rb'<c r="' + letters + rb'([0-9]+)"(?: s="[0-9]+")?(?: t="n")?>', self.xml)
        lines = pl.Series([int(line) - 1 for line in found if int(line) <= height], dtype=pl.UInt32)
        return pl.Series([False]).new_from_index(0, height).scatter(lines, True)
