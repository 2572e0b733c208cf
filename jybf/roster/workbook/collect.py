"""The cells of a sheet as an XML parser meets them, however they are written. What can't stand as it does is refused."""

from typing import NamedTuple
from xml.parsers import expat

import msgspec

from jybf.errors import InputError, Problem
from jybf.regex import pattern
from jybf.roster.grid import column_letters, column_of
from jybf.roster.workbook.grammar import LAST_COLUMN, LAST_LINE, MAIN
from jybf.roster.workbook.limits import REPAIR

_OWN = frozenset((*MAIN, ""))  # some write no namespace at all
_ADDRESS = pattern(r"([A-Z]{1,9})([0-9]{1,12})")
_DEEPEST = 64
_NESTS = ("worksheet", "sheetData", "row", "c")
_IN_CELL = frozenset(("v", "f", "is", "extLst"))
_MOST_CELLS = 4_000_000
_BLANKS = " \t\r\n"
MISPLACED = "?"  # the type of a cell whose text stands where its own type has none

Rows = dict[int, "dict[int, Cell]"]


class Cell(NamedTuple):
    """One cell: type and style as written; value or text (None: none at all); its formula's attributes and text, if any."""

    type: str
    style: str
    value: str | None
    formula: tuple[str, str] | None


class Collected(msgspec.Struct):
    """``rows``: line (from 1) → column (from 0) → Cell; ``told``: of columns and merged ranges, as a sheet writes them."""

    where: str
    rows: Rows = {}
    hidden: set[int] = set()
    told: list[str] = []
    holds_cells: bool = False  # whether it is a worksheet, with a place for cells if only an empty one
    _path: list[str] = []
    _line: int = 0
    _stated: bool = False  # whether the row says which one it is
    _column: int = -1
    _attributes: dict[str, str] = {}
    _parts: dict[str, list[str]] = {}
    _misplaced: list[str] = []
    _formula: dict[str, str] | None = None
    _seen: set[tuple[int, int]] = set()

    def refusal(self, reason: str) -> InputError:
        """The error that refuses the sheet."""
        return InputError(Problem(reason, where=self.where, hint=REPAIR))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        namespace, _, tag = name.rpartition(" ")
        path = self._path
        path.append(tag if namespace in _OWN else "")
        if len(path) > _DEEPEST:
            raise self.refusal(f"XML 嵌套超过 {_DEEPEST} 层，不是正常的工作表")
        if path[:2] == ["worksheet", "sheetData"]:
            self.holds_cells = True
            self._begin_inside(tag, attributes)
        elif path == ["worksheet", "mergeCells", "mergeCell"]:
            self.told.append(f'<mergeCell ref="{_escaped(attributes.get("ref", ""))}"/>')
        elif path == ["worksheet", "cols", "col"]:
            own = (f' {k}="{_escaped(attributes[k])}"' for k in ("min", "max", "hidden") if k in attributes)
            self.told.append(f"<col{''.join(own)}/>")

    def _begin_inside(self, tag: str, attributes: dict[str, str]) -> None:
        """An element among the cells. One that no program writes there is refused: it may hide a cell, or be none."""
        depth, own = len(self._path), self._path[-1]
        if depth in (3, 4) and own != _NESTS[depth - 1]:
            raise self.refusal(f"工作表的写法认不出：{tag[:20]} 不该在单元格当中")
        if depth == 3:
            self._begin_row(attributes)
        elif depth == 4:
            self._begin_cell(attributes)
        elif depth == 5 and own not in _IN_CELL:
            raise self.refusal(f"单元格 {self._here()} 的写法认不出：{tag[:20]}")
        elif depth == 5 and own != "extLst":
            self._begin_part(own, attributes)

    def _here(self) -> str:
        return f"{column_letters(self._column)}{self._line}"

    def _begin_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "")
        self._stated = stated.isascii() and stated.isdigit() and len(stated) < 13
        self._line = int(stated) if self._stated else self._line + 1
        self._column = -1
        if not 1 <= self._line <= LAST_LINE:
            raise self.refusal(f"第 {self._line} 行在表格范围之外")
        if attributes.get("hidden") in ("1", "true"):
            self.hidden.add(self._line)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r")
        found = _ADDRESS.fullmatch(stated) if stated else None
        if stated and not found:
            raise self.refusal(f"单元格地址“{stated[:20]}”不对")
        line, self._column = (int(found[2]), column_of(found[1])) if found else (self._line, self._column + 1)
        if found and (not 1 <= line <= LAST_LINE or self._column >= LAST_COLUMN):
            raise self.refusal(f"单元格 {stated} 在表格范围之外")
        if not self._stated:
            self._line = line
        elif line != self._line:
            raise self.refusal(f"单元格 {stated} 写在第 {self._line} 行里，不能断定它在哪一行")
        if (self._line, self._column) in self._seen:
            raise self.refusal(f"单元格 {self._here()} 写了两次，不能断定哪个是真的")
        self._seen.add((self._line, self._column))
        self._attributes, self._parts, self._formula = attributes, {}, None

    def _begin_part(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in self._parts:
            raise self.refusal(f"单元格 {self._here()} 里写了两个值，不能断定哪个是真的")
        self._parts[tag] = []
        if tag == "f":
            self._formula = {k: v for k, v in attributes.items() if k in ("t", "si", "ref")}

    def text(self, text: str) -> None:
        """Characters inside an element."""
        path = self._path
        if path[:2] != ["worksheet", "sheetData"]:
            return
        inside = path[4:] if path[:4] == list(_NESTS) else None
        if inside in (["is", "t"], ["is", "r", "t"], ["v"], ["f"]):
            self._parts[inside[0]].append(text)
        elif not text.strip(_BLANKS):
            pass
        elif inside is None:
            raise self.refusal(f"工作表已损坏：单元格之外有文字“{text.strip(_BLANKS)[:20]}”")
        elif inside[:1] != ["extLst"] and inside[:2] != ["is", "rPh"]:
            self._misplaced.append(text)

    def end(self, _: str) -> None:
        """An element ends."""
        closed = len(self._path) == len(_NESTS) and tuple(self._path) == _NESTS
        self._path.pop()
        if not closed:
            return
        kind = self._attributes.get("t", "n")
        parts = {tag: "".join(texts) for tag, texts in self._parts.items()}
        own, other = ("is", "v") if kind == "inlineStr" else ("v", "is")
        value = parts.get(own)
        if self._misplaced or (parts.get(other) and (kind != "inlineStr" or not value)):
            kind, value = MISPLACED, "".join((value or "", parts.get(other) or "", *self._misplaced))
        formula = None
        if self._formula is not None:
            formula = "".join(f' {k}="{_escaped(v)}"' for k, v in self._formula.items()), parts.get("f", "")
        self._keep(Cell(kind, self._attributes.get("s", "0"), value, formula))
        self._parts, self._misplaced = {}, []

    def _keep(self, cell: Cell) -> None:
        if not cell.value and not cell.formula:
            return
        self.rows.setdefault(self._line, {})[self._column] = cell
        if len(self._seen) > _MOST_CELLS:
            raise self.refusal("工作表过大而且写法不常见")


def collect(xml: bytes, where: str) -> Collected:
    """Read the whole XML. InputError for a DOCTYPE, for broken XML, and for cells that can't stand where they say."""
    sheet = Collected(where)

    def doctype(*_: object) -> None:
        raise sheet.refusal("工作簿里有不该有的外部声明（DOCTYPE）")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = sheet.start, sheet.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = sheet.text, doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):  # also an encoding that it doesn't know
        raise sheet.refusal("工作表的 XML 已损坏") from None
    if not sheet.holds_cells:
        raise sheet.refusal("这个工作表的内容不是工作表（缺少 sheetData），里面有什么读不出来")
    return sheet


def _escaped(text: str) -> str:
    from html import escape  # with a table of every named letter: a regular sheet needs none

    return escape(text)
