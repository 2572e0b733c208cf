"""The user's own workbook, opened to be copied: what the copy will lack is named, and what can't be copied is said to be so."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.drawing import image
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from jybf.model import Sheet
from jybf.regex import pattern
from jybf.report.inert import Stilled, cut_off, formulas, still
from jybf.report.sheets import stamped
from jybf.visible import sentence

if TYPE_CHECKING:
    from jybf.roster.source import Source

MOST_CELLS = 700_000  # cells, rows and texts: 35,000 rows of 14 columns, about half a minute
_CELLS = pattern(rb"<(?:\w+:)?(?:c|row|si)[ />]")
_SPREAD = pattern(rb"<(?:\w+:)?(?:mergeCell|hyperlink) [^<>]*?\bref=[\"']([A-Z0-9:$]+)[\"']")  # openpyxl makes all their cells
_SHAPE = pattern(rb"<(?:\w+:)?(?:sp|cxnSp|grpSp)[ >]")
_NO_FILL = pattern(rb"<((?:\w+:)?)fill\s*(?:/>|>\s*</\1fill>)")
_CREATED = b":created"
_ODD = "工作簿的写法不常见，不能带格式复制"

_LOST = (  # the beginnings of parts that openpyxl leaves behind
    ("宏", ("xl/vbaproject", "xl/macrosheets/")),
    ("表单控件", ("xl/ctrlprops/", "xl/activex/")),
    ("切片器", ("xl/slicers/", "xl/slicercaches/", "xl/timelines/", "xl/timelinecaches/")),
    ("批注里的对话（文字还在）", ("xl/threadedcomments/",)),
    ("嵌入的对象", ("xl/embeddings/",)),
    ("SmartArt", ("xl/diagrams/",)),
    ("外部数据连接", ("xl/connections", "xl/querytables/", "xl/model/")),
    ("外部链接", ("xl/externallinks/",)),
    ("数字签名", ("_xmlsignatures/",)),
    ("单元格里的图片", ("xl/cellimages", "xl/richdata/")),
)
_IMAGES = ("图片", ("xl/media/",))
_WARNED = {
    "Data Validation extension": "取自别的工作表的下拉选项",
    "Conditional Formatting extension": "数据条、图标集等新式条件格式",
    "Sparkline Group extension": "迷你图",
    "Slicer List extension": "切片器",
    "DrawingML support": "形状和文本框",
    "Unable to read chart": "图表",
    "Print area cannot": "打印区域",
    "but has a comment": "合并单元格里面的批注",
}


class UnfitError(Exception):
    """This workbook can't be copied with its formats; the message is a clerk's reason."""


@contextmanager
def fit() -> Iterator[None]:
    """Whatever openpyxl stumbles over in the block is an UnfitError: the audit itself is done, and its result is wanted.

    What it warns of is no sentence for a clerk; ``opened`` tells that in its own words.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (UnfitError, OSError):
        raise
    except Exception as error:
        raise UnfitError(_ODD) from error


class Copy(NamedTuple):
    """The workbook, its sheet for each that was read, by index, where it had formulas, and what is to be said of it."""

    workbook: Workbook
    sheets: dict[int, Worksheet]
    stilled: list[Stilled]
    notices: list[str]


def opened(source: Source, sheets: Sequence[Sheet]) -> Copy:
    """The workbook with the values that it shows, its ``sheets``, and notices of what the copy lacks. Raises UnfitError."""
    with ZipFile(io.BytesIO(source.data)) as archive:
        names = [name.replace("\\", "/").lower() for name in archive.namelist()]
        _refuse_huge(archive)
        lost = _lost(archive, names)
        dated = any(_CREATED in archive.read(name) for name in archive.namelist() if name.lower() == "docprops/core.xml")
        data = _readable(archive, source.data)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        workbook = openpyxl.load_workbook(io.BytesIO(data), rich_text=True, keep_links=False)
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False) if formulas(workbook) else workbook
    lost += [what for warning in caught for sign, what in _WARNED.items() if sign in str(warning.message)]
    lost += cut_off(workbook)
    stilled = still(workbook, values)
    if not dated:
        stamped(workbook)
    workbook.template = False
    said = [f"{sheets[0].file}：批注副本里公式的格子写的是它们显示的值，公式的文字在批注里"] * bool(stilled)
    own = {sheet.index: _own(workbook, sheet) for sheet in sheets}
    return Copy(workbook, own, stilled, _told(sheets[0].file, names, lost) + said)


def _told(file: str, names: Sequence[str], lost: Sequence[str]) -> list[str]:
    notices = [f"{file}：批注副本里没有{'、'.join(dict.fromkeys(lost))}，要用请看原件"] if lost else []
    charts = any(name.startswith("xl/charts/") for name in names) and "图表" not in lost
    return notices + [f"{file}：批注副本里的图表可能变样，以原件为准"] * charts


def _refuse_huge(archive: ZipFile) -> None:
    """Before anything is built: how many cells, rows and texts there are, and how many cells merges would make."""
    count = 0
    for name in archive.namelist():
        if name.lower().endswith(".xml") and name.lower().startswith("xl/"):
            xml = archive.read(name)
            count += sum(1 for _ in _CELLS.finditer(xml)) + sum(_areas(xml))
        if count > MOST_CELLS:
            raise UnfitError(f"原表超过 {MOST_CELLS // 10_000} 万格")


def _areas(xml: bytes) -> Iterator[int]:
    for found in _SPREAD.finditer(xml):
        left, top, right, bottom = range_boundaries(found[1].decode())
        yield (int(right or 16_384) - int(left or 1) + 1) * (int(bottom or 1_048_576) - int(top or 1) + 1)


def _lost(archive: ZipFile, names: Sequence[str]) -> list[str]:
    kinds = _LOST if image.PILImage else (*_LOST, _IMAGES)
    lost = [what for what, starts in kinds if any(name.startswith(starts) for name in names)]
    drawings = [name for name in archive.namelist() if re.fullmatch(r"xl/drawings/drawing\d*\.xml", name, re.IGNORECASE)]
    return lost + ["形状和文本框"] * any(_SHAPE.search(archive.read(name)) for name in drawings)


def _readable(archive: ZipFile, data: bytes) -> bytes:
    """The package as openpyxl understands it: it refuses a fill without a pattern, and strips _x005F_ but not _x005f_."""
    changed = {
        name: better
        for name in archive.namelist()
        if name.lower().startswith("xl/") and (better := _plainer(name, own := archive.read(name))) != own
    }
    if not changed:
        return data
    rewritten = io.BytesIO()
    with ZipFile(rewritten, "w", ZIP_DEFLATED) as target:
        for name in archive.namelist():
            target.writestr(name, changed.get(name) or archive.read(name))
    return rewritten.getvalue()


def _plainer(name: str, part: bytes) -> bytes:
    plain = part.replace(b"_x005F_", b"_x005f_")
    return _NO_FILL.sub(rb"<\1fill><\1patternFill/></\1fill>", plain) if "styles" in name.lower() else plain


def _own(workbook: Workbook, sheet: Sheet) -> Worksheet:
    """The sheet that was read. Raises UnfitError where openpyxl sees nothing where the reader saw a header."""
    named = [own for own in workbook.worksheets if sentence(own.title) == sheet.name]
    if len(named) != 1:
        raise UnfitError(_ODD)
    heads = [named[0].cell(sheet.header_line, column + 1) for column in sheet.columns.values()]
    if all(head.value is None and not isinstance(head, MergedCell) for head in heads):
        raise UnfitError(_ODD)
    return named[0]
