"""An odd sheet made regular: cells without addresses, rows out of order, other prefixes, a stray cell at the world's end.

What can't be decided is refused by cell: the same cell twice, a cell outside the grid, a text that isn't there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from jybf.errors import InputError, Problem
from jybf.roster.grid import Broken, column_letters
from jybf.roster.workbook.sheet import LAST_COLUMN, LAST_LINE, WIDEST, column_of, count_values, is_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_REPAIR = "用 Excel 打开后另存为 xlsx"
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*:)worksheet[ >]")
_BLANK_CELL = re.compile(rb"<c [^<>]*(?:/>|></c>)")
_BLANK_ROW = re.compile(rb"<row [^<>]*(?:/>|></row>)")
_ADDRESS = re.compile(r"([A-Z]{1,9})([0-9]{1,12})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_DEEPEST = 64
_MOST_CELLS = 4_000_000
_BLANKS_BEFORE_STRAY = 1_000  # rows
_COLUMNS_BEFORE_STRAY = 100
_MOST_STRAYS = 20  # rows
_WIDEST_STRAY = 2  # cells of a stray row: more are somebody's row


class Cell(NamedTuple):
    """One cell: its type and style as written, its value or text, its formula."""

    type: str
    style: str
    value: str
    formula: str


@dataclass(frozen=True, slots=True)
class Plain:
    """``xml`` in regular form, and what was set aside: cells without a readable value, and stray ones with their texts."""

    xml: bytes
    values: int  # how many a reader must find in it
    formulas: bool  # whether it has any
    broken: tuple[Broken, ...] = ()
    strays: tuple[str, ...] = ()
    stray_lines: tuple[int, ...] = ()
    as_is: bool = False


def plain(xml: bytes, texts: int, where: str, *, distrusted: bool = False) -> Plain:
    """``xml`` as it is if regular, else rewritten. ``texts``: how many shared texts there are to refer to.

    ``distrusted``: rewrite in any case, because a reader has read less than stands there. InputError names the cell.
    """
    if distrusted or not is_regular(xml):
        found = _PREFIX.search(xml, 0, 4096)
        bare = xml.replace(b"<" + found[1], b"<").replace(b"</" + found[1], b"</") if found else xml
        if not found or distrusted or not is_regular(bare):
            return _rewritten(bare, texts, where)
        return Plain(bare, count_values(bare), b"<f" in bare)
    return Plain(xml, count_values(xml), b"<f" in xml, as_is=True)


def _rewritten(xml: bytes, texts: int, where: str) -> Plain:
    sheet = _Collected(where)
    sheet.parse(_without_blanks(xml))
    columns = _stray_columns(sheet.rows)
    _refuse_wide(sheet.rows, columns, where)
    lines = _stray_lines(sheet.rows, columns, where)
    strays = [
        (line, column, cell)
        for line, row in sorted(sheet.rows.items())
        for column, cell in sorted(row.items())
        if line in lines or column in columns
    ]
    kept = {n: {c: cell for c, cell in row.items() if c not in columns} for n, row in sheet.rows.items() if n not in lines}
    broken = tuple(_broken(kept, texts, where))
    for cell in broken:
        del kept[cell.line][cell.column]
    named = tuple(f"{column_letters(column)}{line}" for line, column, _ in strays)
    written = _written(kept, sheet)
    return Plain(written, count_values(written), b"<f" in written, broken, named, tuple(sorted(lines)))


def _without_blanks(xml: bytes) -> bytes:
    """Formatted blanks come by the million. Where cells stand by their order alone, they count and stay."""
    addressed = xml.count(b"<c ") == xml.count(b'<c r="') and xml.count(b"<row ") == xml.count(b'<row r="') and b"<!" not in xml
    return _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", xml)) if addressed else xml


@dataclass(slots=True)
class _Collected:
    """The cells of a sheet as expat meets them."""

    where: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict[int, dict[int, Cell]])
    row_attributes: dict[int, dict[str, str]] = field(default_factory=dict[int, dict[str, str]])
    merged: list[str] = field(default_factory=list[str])
    _path: list[str] = field(default_factory=list[str])
    _line: int = 0
    _stated: bool = False  # whether the row says which one it is
    _column: int = -1
    _attributes: dict[str, str] = field(default_factory=dict[str, str])
    _texts: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _count: int = 0

    def parse(self, xml: bytes) -> None:
        """Read the whole XML. InputError for a DOCTYPE, for broken XML, and for cells that can't stand where they say."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, ValueError, LookupError):  # also an encoding that it doesn't know
            raise self._refusal("工作表的 XML 已损坏") from None

    def _refusal(self, reason: str, cell: str = "") -> InputError:
        return InputError(Problem(reason, where=f"{self.where} {cell}".strip(), hint=_REPAIR))

    def _doctype(self, *_: object) -> None:
        raise self._refusal("工作簿里有不该有的外部声明（DOCTYPE）")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self._path.append(tag)
        if len(self._path) > _DEEPEST:
            raise self._refusal(f"XML 嵌套超过 {_DEEPEST} 层，不是正常的工作表")
        if tag == "row":
            self._begin_row(attributes)
        elif tag == "c":
            self._begin_cell(attributes)
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "")
        self._stated = stated.isascii() and stated.isdigit() and len(stated) < 13
        self._line = int(stated) if self._stated else self._line + 1
        self._column = -1
        if not 1 <= self._line <= LAST_LINE:
            raise self._refusal(f"第 {self._line} 行在表格范围之外")
        self.row_attributes[self._line] = {k: v for k, v in attributes.items() if k == "hidden"}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r")
        found = _ADDRESS.fullmatch(stated) if stated else None
        if stated and not found:
            raise self._refusal(f"单元格地址“{stated[:20]}”不对")
        line, self._column = (int(found[2]), column_of(found[1].encode())) if found else (self._line, self._column + 1)
        if found and (not 1 <= line <= LAST_LINE or self._column >= LAST_COLUMN):
            raise self._refusal(f"单元格 {stated} 在表格范围之外")
        if not self._stated:
            self._line = line
        elif line != self._line:
            raise self._refusal(f"单元格 {stated} 写在第 {self._line} 行里，不能断定它在哪一行")
        self._attributes, self._texts = attributes, {"v": [], "t": [], "f": []}

    def _text(self, text: str) -> None:
        if self._path and self._path[-1] in self._texts and "rPh" not in self._path:
            self._texts[self._path[-1]].append(text)

    def _end(self, _: str) -> None:
        if self._path.pop() != "c":
            return
        value, inline, formula = ("".join(self._texts.get(tag, ())) for tag in "vtf")
        self._texts = {}
        kind = self._attributes.get("t", "n")
        cell = Cell(kind, self._attributes.get("s", "0"), inline if kind == "inlineStr" else value, formula)
        if not cell.value and not formula:
            return
        row = self.rows.setdefault(self._line, {})
        if self._column in row:
            address = f"{column_letters(self._column)}{self._line}"
            raise self._refusal(f"单元格 {address} 写了两次，不能断定哪个是真的", address)
        row[self._column] = cell
        self._count += 1
        if self._count > _MOST_CELLS:
            raise self._refusal("工作表过大而且写法不常见")


def _stray_columns(rows: Mapping[int, Mapping[int, Cell]]) -> frozenset[int]:
    """The columns that stand far to the right of all others."""
    return frozenset(_beyond_gap({column for row in rows.values() for column in row}, _COLUMNS_BEFORE_STRAY))


def _stray_lines(rows: Mapping[int, Mapping[int, Cell]], columns: frozenset[int], where: str) -> frozenset[int]:
    """The few rows that stand far below all others with next to nothing in them. InputError for what may be people."""
    lines = frozenset(_beyond_gap(set(rows), _BLANKS_BEFORE_STRAY))
    wide = [line for line in lines if len(rows[line]) > _WIDEST_STRAY or columns & set(rows[line])]
    if wide or len(lines) > _MOST_STRAYS:
        line = min(wide or lines)
        cell = f"{column_letters(min(rows[line]))}{line}"
        reason = f"隔了 {_BLANKS_BEFORE_STRAY} 行以上的空白，{cell} 又有内容，不能断定是不是花名册的一部分"
        raise InputError(Problem(reason, where=where, hint="清除多余的单元格，或把空行删掉"))
    return lines


def _refuse_wide(rows: Mapping[int, Mapping[int, Cell]], strays: frozenset[int], where: str) -> None:
    widest = max((column for row in rows.values() for column in row if column not in strays), default=0)
    if widest >= WIDEST:
        raise InputError(Problem(f"工作表有 {widest + 1} 列，不像花名册", where=where, hint="删去多余的列"))


def _beyond_gap(places: Iterable[int], gap: int) -> list[int]:
    """What comes after the first gap of that many places."""
    ordered = sorted(places)
    for i, (before, after) in enumerate(pairwise(ordered), 1):
        if after - before > gap:
            return ordered[i:]
    return []


def _broken(rows: Mapping[int, Mapping[int, Cell]], texts: int, where: str) -> Iterable[Broken]:
    """Error cells, formulas without a value, numbers that are none. InputError for a reference to a text that isn't there."""
    for line, row in rows.items():
        for column, (kind, _, value, formula) in row.items():
            if kind == "e":
                yield Broken(line, column, value, f"单元格是错误值 {value}")
            elif formula and not value:
                yield Broken(line, column, "", "公式没有算过，没有值；用 Excel 打开并保存后再试")
            elif kind == "n" and not _NUMBER.fullmatch(value.strip()):
                yield Broken(line, column, value, f"单元格存的不是数：{value[:20]}")
            elif kind == "s" and not (value.isascii() and value.isdigit() and int(value[:9]) < texts):
                cell = f"{column_letters(column)}{line}"
                reason = f"工作簿已损坏：{cell} 引用的文字（第 {value[:20]} 条）不存在"
                raise InputError(Problem(reason, where=where, hint=_REPAIR))


def _written(rows: Mapping[int, Mapping[int, Cell]], sheet: _Collected) -> bytes:
    body = "".join(
        f'<row r="{line}"{_hidden(sheet.row_attributes.get(line, {}))}>'
        + "".join(_cell(f"{column_letters(column)}{line}", cell) for column, cell in sorted(row.items()))
        + "</row>"
        for line, row in sorted(rows.items())
    )
    merged = "".join(f"<mergeCell ref={quoteattr(ref)}/>" for ref in sheet.merged)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ranges = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>{ranges}</worksheet>'.encode()


def _hidden(attributes: Mapping[str, str]) -> str:
    return ' hidden="1"' if attributes.get("hidden") in ("1", "true") else ""


def _cell(address: str, cell: Cell) -> str:
    style = f' s="{cell.style}"' if cell.style.isdigit() else ""
    formula = f"<f>{escape(cell.formula)}</f>" if cell.formula else ""
    if cell.type == "inlineStr":
        return f'<c r="{address}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(cell.value)}</t></is></c>'
    return f'<c r="{address}"{style} t={quoteattr(cell.type)}>{formula}<v>{escape(cell.value)}</v></c>'
