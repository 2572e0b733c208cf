"""What the XML of an xlsx says and its reader does not: damage, traps, broken cells, hidden rows, merges, numbers."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import polars as pl

from jybf.errors import InputError, Problem
from jybf.roster.grid import Broken, Merged, column_letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_BYTES = 2 * 1024**3  # unpacked; a million rows of a roster take about 0.5 GB
_MOST_CELLS = 60_000_000
_DAMAGED = (zipfile.BadZipFile, KeyError, EOFError, OSError, RuntimeError, NotImplementedError, ET.ParseError)

_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
_UNCOMPUTED = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>')
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*? hidden="(?:1|true)"')
_FAR_COLUMN = re.compile(rb' r="([A-Z]{3}[0-9]+)"')
_WIDE = re.compile(rb' r="([A-Z]{2})[0-9]')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_SINCE_1904 = re.compile(rb' date1904="(?:1|true)"')
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*:)worksheet[ >]")
_LAST_ROW = re.compile(rb'<row [^>]*?r="([0-9]+)"')


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet by the package's index: its name, whether it is shown, and its XML."""

    name: str
    visible: bool
    xml: bytes
    since_1904: bool = False

    @property
    def addressed(self) -> bool:
        """Whether its cells carry their addresses, without which nothing can be found in the XML."""
        first = re.search(rb"<c[ />]", self.xml)
        return first is None or self.xml.startswith(b'<c r="', first.start())

    def broken(self) -> Iterator[Broken]:
        """Error cells, and formulas that no program has computed: readers show both as blank."""
        if b' t="e"' in self.xml:
            for letters, row, text in _ERROR.findall(self.xml):
                shown = text.decode(errors="replace")
                yield Broken(int(row), _column(letters), shown, f"单元格是错误值 {shown}")
        if b"<f" in self.xml:
            for letters, row in _UNCOMPUTED.findall(self.xml):
                yield Broken(int(row), _column(letters), "", "公式没有算过，没有值；用 Excel 打开并保存后再试")

    def hidden_rows(self) -> list[int]:
        """Excel rows that are hidden or filtered out."""
        return [int(row) for row in _HIDDEN_ROW.findall(self.xml)] if b' hidden="' in self.xml else []

    def merged(self) -> list[Merged]:
        """The merged ranges."""
        tail = max(self.xml.rfind(b"<mergeCells"), 0)
        found = _MERGED.findall(self.xml, tail) if tail else []
        return [Merged(int(top) - 1, _column(left), int(end) - 1, _column(right)) for left, top, right, end in found]

    def numbers(self, column: int, height: int) -> pl.Series:
        """Boolean, one a row: which cells of ``column`` hold a number and no text."""
        letters = column_letters(column).encode()
        rows = re.findall(rb'<c r="' + letters + rb'([0-9]+)"(?![^>]* t="(?!n"))[^>/]*>', self.xml)
        lines = pl.Series([int(row) - 1 for row in rows if int(row) <= height], dtype=pl.UInt32)
        return pl.Series([False]).new_from_index(0, height).scatter(lines, True)


def read_parts(data: bytes, file: str) -> list[Part]:
    """The worksheets in their order; reading every part checks its CRC. InputError for a damaged or trapped workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_package(archive, file)
            xml = {name: archive.read(name) for name in archive.namelist()}
            since_1904 = bool(_SINCE_1904.search(xml.get("xl/workbook.xml", b"")))
            parts = [Part(name, shown, _unprefixed(xml[path]), since_1904) for name, shown, path in _sheets(xml) if path in xml]
    except _DAMAGED:
        raise InputError(Problem("工作簿不完整或已损坏", where=file, hint="重新下载，或用 Excel 打开后另存")) from None
    if any(b"<!DOCTYPE" in part[:4096] for part in xml.values()):
        raise InputError(Problem("工作簿里有不该有的外部声明（DOCTYPE）", where=file, hint="用 Excel 打开后另存"))
    for part in parts:
        _check_extent(part.xml, file)
    return parts


def _check_package(archive: zipfile.ZipFile, file: str) -> None:
    names = [name.lower().replace("\\", "/") for name in archive.namelist()]
    if len(set(names)) != len(names):
        raise InputError(Problem("工作簿里有重名的部件，不能断定哪个是真的", where=file, hint="用 Excel 打开后另存"))
    if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
        raise InputError(Problem("工作簿解开后过大，不像花名册", where=file, hint="拆成几个文件"))


def _sheets(xml: Mapping[str, bytes]) -> Iterator[tuple[str, bool, str]]:
    """Name, visibility and path of each worksheet, by the workbook's own index."""
    index, relations = xml.get("xl/workbook.xml"), xml.get("xl/_rels/workbook.xml.rels")
    if index is None or relations is None or b"<!DOCTYPE" in index + relations:
        return
    # Without a DOCTYPE, XML can neither fetch files nor expand.
    targets = {r.get("Id", ""): r.get("Target", "") for r in ET.fromstring(relations)}  # noqa: S314
    for sheet in ET.fromstring(index).iterfind("{*}sheets/{*}sheet"):  # noqa: S314
        identity = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        target = targets.get(identity, "")
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in path:
            yield sheet.get("name", ""), sheet.get("state", "visible") == "visible", path


def _unprefixed(part: bytes) -> bytes:
    """The XML of a sheet with plain tags: some programs write <x:c> for <c>."""
    found = _PREFIX.search(part, 0, 4096)
    return part.replace(b"<" + found[1], b"<").replace(b"</" + found[1], b"</") if found else part


def _check_extent(part: bytes, file: str) -> None:
    """A single stray cell far out makes a reader allocate the whole rectangle up to it."""
    far = _FAR_COLUMN.search(part)
    if far:
        raise InputError(Problem(f"单元格 {far[1].decode()} 有内容，列数过多，不像花名册", where=file, hint="清除该单元格"))
    last = part.rfind(b"<row ")
    row = _LAST_ROW.match(part, last) if last >= 0 else None
    height = int(row[1]) if row else 0
    width = max((_column(letters) for letters in set(_WIDE.findall(part))), default=25) + 1 if height > 80_000 else 0
    if height > 1_048_576 or height * width > _MOST_CELLS:
        raise InputError(Problem(f"工作表写到了第 {height} 行，过大，不像花名册", where=file, hint="清除末尾多余的行列"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
