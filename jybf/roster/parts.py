"""What the XML of an xlsx says and its reader does not: damage, traps, error cells, formulas never computed, hidden rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from jybf.errors import InputError, Problem
from jybf.roster.grid import Broken

_MOST_BYTES = 2 * 1024**3  # unpacked; a million rows of a roster take about 0.5 GB
_MOST_CELLS = 60_000_000
_DAMAGED = (zipfile.BadZipFile, KeyError, EOFError, OSError, RuntimeError, NotImplementedError, ElementTree.ParseError)

_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*? hidden="(?:1|true)"')
_FAR_COLUMN = re.compile(rb' r="([A-Z]{3}[0-9]+)"')
_WIDE = re.compile(rb' r="([A-Z]{2})[0-9]')
_LAST_ROW = re.compile(rb'<row [^>]*?r="([0-9]+)"')


@dataclass(frozen=True, slots=True)
class Part:
    """What one sheet's XML says beside its values."""

    broken: tuple[Broken, ...] = ()
    hidden_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """By sheet name; a sheet that isn't in the package's own index has nothing to say."""

    by_sheet: Mapping[str, Part] = field(default_factory=dict)


def inspect(data: bytes, file: str) -> Parts:
    """Read every part once, which also checks its CRC. InputError for a damaged or booby-trapped workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_package(archive, file)
            sheets = dict(_sheet_paths(archive))
            by_path = {name: _inspect_part(archive.read(name), name, file) for name in archive.namelist()}
    except _DAMAGED:
        raise InputError(Problem("工作簿不完整或已损坏", where=file, hint="重新下载，或用 Excel 打开后另存")) from None
    return Parts({sheet: by_path[path] for sheet, path in sheets.items() if path in by_path})


def _check_package(archive: zipfile.ZipFile, file: str) -> None:
    names = [name.lower().replace("\\", "/") for name in archive.namelist()]
    if len(set(names)) != len(names):
        raise InputError(Problem("工作簿里有重名的部件，不能断定哪个是真的", where=file, hint="用 Excel 打开后另存"))
    if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
        raise InputError(Problem("工作簿解开后过大，不像花名册", where=file, hint="拆成几个文件"))


def _sheet_paths(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Sheet name → path of its part, by the workbook's own index."""
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        for relation in _safe_xml(archive.read("xl/_rels/workbook.xml.rels")):
            targets[relation.get("Id", "")] = relation.get("Target", "")
    if "xl/workbook.xml" not in archive.namelist():
        return
    for sheet in _safe_xml(archive.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"):
        identity = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        target = targets.get(identity, "")
        yield sheet.get("name", ""), target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _safe_xml(part: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in part:
        raise zipfile.BadZipFile  # no workbook has one; it could pull in files or expand without end
    return ElementTree.fromstring(part)


def _inspect_part(part: bytes, name: str, file: str) -> Part:
    if name.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in part[:4096]:
        raise InputError(Problem("工作簿里有不该有的外部声明（DOCTYPE）", where=file, hint="用 Excel 打开后另存"))
    if not name.lower().startswith("xl/worksheets/"):
        return Part()
    _check_extent(part, file)
    hidden = tuple(int(row) for row in _HIDDEN_ROW.findall(part)) if b' hidden="' in part else ()
    return Part(tuple(_broken_cells(part)), hidden)


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


def _broken_cells(part: bytes) -> Iterator[Broken]:
    if b' t="e"' in part:
        for letters, row, text in _ERROR.findall(part):
            shown = text.decode(errors="replace")
            yield Broken(int(row), _column(letters), shown, f"单元格是错误值 {shown}")
    if b"<f>" in part or b"<f " in part:
        for letters, row in _UNCOMPUTED.findall(part):
            yield Broken(int(row), _column(letters), "", "公式没有算过，没有值；用 Excel 打开并保存后再试")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
