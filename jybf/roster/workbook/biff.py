"""What the records of an xls say and its reader does not: error cells, hidden rows, a cell that is there twice.

Records are as [MS-XLS] 2.3 describes them: a kind and a length of 16 bits each, then the body; a cell begins with its row
and column. BIFF5, in which some townships still save, is alike as far as this goes.
"""

import io
import struct
from collections.abc import Iterator
from typing import Any, cast

import msgspec
import olefile  # pyright: ignore[reportMissingTypeStubs]
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import Note
from jybf.roster.grid import Broken, column_letters
from jybf.roster.workbook.corrections import COMMENT
from jybf.roster.workbook.limits import SAVE_AS
from jybf.roster.workbook.sheet import NOT_COMPUTED

_HEAD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_BEGIN, _END, _SHEET, _ROW, _PASSWORD, _CALENDAR = 0x809, 0x0A, 0x85, 0x208, 0x2F, 0x22
_FORMULA, _ERROR, _NUMBERS = 0x06, 0x205, 0xBD
_CELLS = frozenset((_FORMULA, _ERROR, _NUMBERS, 0xFD, 0x204, 0xD6, 0x203, 0x27E))
_FONT, _STYLE, _NOTE, _BOX, _BOX_TEXT, _CONTINUE = 0x31, 0xE0, 0x1C, 0x5D, 0x1B6, 0x3C
_STRIKES = 0x08
_HIDDEN = 0x20
_NO_TEXT = 3  # the result of a formula that gave nothing, or that nobody has computed
_LAST_SECTOR = 0xFFFFFFFA
_WORDS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class SheetRecords(msgspec.Struct, frozen=True):
    """Of one sheet: its cells without a value, the Excel rows that are hidden, and whether its days count from 1904.

    ``struck``: line and column of the cells that their style strikes out; ``in_parts``: some font strikes out what no style
    says, a part of a text maybe, which stays unread.
    """

    broken: tuple[Broken, ...]
    hidden_lines: tuple[int, ...]
    since_1904: bool
    notes: tuple[Note, ...] = ()
    struck: frozenset[tuple[int, int]] = frozenset()
    in_parts: bool = False


def sheet_records(data: bytes, file: str) -> list[SheetRecords]:
    """What the records of each sheet of an xls say, in the workbook's order. InputError for a file that contradicts itself."""
    stream = _stream(data, file)
    try:
        if any(kind == _PASSWORD for kind, _ in _records(stream, 0)):
            raise InputError(Problem("文件有密码", where=file, hint="打开后去掉密码，另存一份再试"))
        starts = [int.from_bytes(body[:4], "little") for kind, body in _records(stream, 0) if kind == _SHEET]
        since_1904 = any(kind == _CALENDAR and body[:1] == b"\x01" for kind, body in _records(stream, 0))
        struck, in_parts = _struck_styles(stream)
        return [
            replace(
                _sheet(stream, start, file, since_1904=since_1904),
                notes=tuple(sorted(_notes(stream, start))),
                struck=frozenset(_struck_cells(stream, start, struck)) if struck else frozenset(),
                in_parts=in_parts,
            )
            for start in starts
        ]
    except struct.error:
        raise InputError(Problem("工作簿已损坏，记录不完整", where=file, hint=SAVE_AS)) from None


def _stream(data: bytes, file: str) -> bytes:
    try:
        with cast("Any", olefile).OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT) as ole:
            followers: list[int] = [sector for sector in ole.fat or () if sector < _LAST_SECTOR]
            if len(set(followers)) == len(followers):  # else two chains meet, or one runs in a circle
                return bytes(ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read())
    except (OSError, ValueError, IndexError, MemoryError, RecursionError, struct.error):
        pass
    raise InputError(Problem("工作簿不完整或已损坏", where=file, hint=SAVE_AS))


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from ``start`` to the end of that part; those of charts inside it are passed over."""
    at, depth = start, 0
    while True:
        kind, length = _HEAD.unpack_from(stream, at)
        at += 4 + length
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 1 and kind != _END:
            yield kind, stream[at - length : at]
        if depth <= 0:
            return


def _sheet(stream: bytes, start: int, file: str, *, since_1904: bool) -> SheetRecords:
    seen: set[int] = set()
    broken: list[Broken] = []
    hidden: list[int] = []
    for kind, body in _records(stream, start):
        if kind == _ROW:
            if body[12] & _HIDDEN:
                hidden.append(int.from_bytes(body[:2], "little") + 1)
        elif kind in _CELLS:
            row, column = _PLACE.unpack_from(body)
            for c in range(column, _last_column(kind, column, body) + 1):
                if (place := row << 16 | c) in seen:
                    cell = f"{column_letters(c)}{row + 1}"
                    reason = f"单元格 {cell} 写了两次，不能断定哪个是真的"
                    raise InputError(Problem(reason, where=file, hint=SAVE_AS))
                seen.add(place)
            if (code := _error(kind, body)) is not None:
                shown = _WORDS.get(code, "#?")
                broken.append(Broken(row + 1, column, shown, f"单元格是错误值 {shown}"))
            elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == _NO_TEXT:
                broken.append(Broken(row + 1, column, "", NOT_COMPUTED))
    return SheetRecords(tuple(broken), tuple(hidden), since_1904)


def _struck_styles(stream: bytes) -> tuple[set[int], bool]:
    """The styles of cells that strike out, and whether a font strikes out that none of them has."""
    records = list(_records(stream, 0))
    fonts = [body for kind, body in records if kind == _FONT]
    # No font has the number 4: the fifth is 5.
    gone = {n + (n > 3) for n, body in enumerate(fonts) if int.from_bytes(body[2:4], "little") & _STRIKES}
    styles = [int.from_bytes(body[:2], "little") for kind, body in records if kind == _STYLE]
    return {place for place, font in enumerate(styles) if font in gone}, bool(gone - set(styles))


def _struck_cells(stream: bytes, start: int, struck: set[int]) -> Iterator[tuple[int, int]]:
    for kind, body in _records(stream, start):
        if kind in _CELLS:
            row, column = _PLACE.unpack_from(body)
            for n in range(_last_column(kind, column, body) - column + 1):
                if int.from_bytes(body[4 + 6 * n : 6 + 6 * n], "little") in struck:
                    yield row + 1, column + n


def _notes(stream: bytes, start: int) -> Iterator[Note]:
    """The comments of a sheet: where each is stands in one record, what it says in that of the box that shows it."""
    said: dict[int, str] = {}
    own, text_follows = -1, False
    is_old = stream[4:6] != b"\x00\x06"  # BIFF5 has the text beside the place
    for kind, body in _records(stream, start):
        if kind == _BOX:
            own, text_follows = int.from_bytes(body[6:8], "little"), False
        elif kind == _BOX_TEXT:
            text_follows = True
        elif kind == _CONTINUE and text_follows and own not in said:
            said[own] = body[1:].decode("utf-16-le" if body[:1] == b"\x01" else "latin-1", errors="replace")
        elif kind == _NOTE:
            row, column = _PLACE.unpack_from(body)
            size, box = (int.from_bytes(body[at : at + 2], "little") for at in (4, 6))
            text = body[6 : 6 + size].decode("gb18030", errors="replace") if is_old else said.get(box, "")
            yield Note(row + 1, column, COMMENT, " ".join(text.split()) or "（文字读不出）")


def _last_column(kind: int, column: int, body: bytes) -> int:
    return int.from_bytes(body[-2:], "little") if kind == _NUMBERS else column


def _error(kind: int, body: bytes) -> int | None:
    """The code of an error, of a cell or of a formula's result."""
    if kind == _ERROR and body[7]:
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None
