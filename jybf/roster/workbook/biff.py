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

from jybf.errors import InputError, Problem
from jybf.roster.grid import Broken, column_letters
from jybf.roster.workbook.limits import SAVE_AS
from jybf.roster.workbook.sheet import NOT_COMPUTED

_HEAD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_BEGIN, _END, _SHEET, _ROW, _PASSWORD, _CALENDAR = 0x809, 0x0A, 0x85, 0x208, 0x2F, 0x22
_FORMULA, _ERROR, _NUMBERS = 0x06, 0x205, 0xBD
_CELLS = frozenset((_FORMULA, _ERROR, _NUMBERS, 0xFD, 0x204, 0xD6, 0x203, 0x27E))
_HIDDEN = 0x20
_NO_TEXT = 3  # the result of a formula that gave nothing, or that nobody has computed
_LAST_SECTOR = 0xFFFFFFFA
_WORDS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class SheetRecords(msgspec.Struct, frozen=True):
    """Of one sheet: its cells without a value, the Excel rows that are hidden, and whether its days count from 1904."""

    broken: tuple[Broken, ...]
    hidden_lines: tuple[int, ...]
    since_1904: bool


def sheet_records(data: bytes, file: str) -> list[SheetRecords]:
    """What the records of each sheet of an xls say, in the workbook's order. InputError for a file that contradicts itself."""
    stream = _stream(data, file)
    try:
        if any(kind == _PASSWORD for kind, _ in _records(stream, 0)):
            raise InputError(Problem("文件有密码", where=file, hint="打开后去掉密码，另存一份再试"))
        starts = [int.from_bytes(body[:4], "little") for kind, body in _records(stream, 0) if kind == _SHEET]
        since_1904 = any(kind == _CALENDAR and body[:1] == b"\x01" for kind, body in _records(stream, 0))
        return [_sheet(stream, start, file, since_1904=since_1904) for start in starts]
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


def _last_column(kind: int, column: int, body: bytes) -> int:
    return int.from_bytes(body[-2:], "little") if kind == _NUMBERS else column


def _error(kind: int, body: bytes) -> int | None:
    """The code of an error, of a cell or of a formula's result."""
    if kind == _ERROR and body[7]:
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None
