"""What an OLE file (xls, et, doc, a workbook with a password) holds, told from its own tables before any reader opens it."""

from typing import Literal

Held = Literal["workbook", "password", "word", "slides", "nothing", "damage"]

_HEADER = 512
_FREE = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFF9
_GLOBALS = bytes.fromhex("0908100000060500")  # the first record of a BIFF8 workbook
_WRITE_PROTECTED, _PASSWORD = 0x86, 0x2F
_STREAMS: tuple[tuple[str, Held], ...] = (
    ("EncryptedPackage", "password"),
    ("Workbook", "workbook"),
    ("Book", "workbook"),
    ("WordDocument", "word"),
    ("PowerPoint Document", "slides"),
)


def held(data: bytes) -> Held:
    """What is in the OLE file; "damage" where its tables promise more than the file has."""
    found: Held | None = next((what for name, what in _STREAMS if f"{name}\0".encode("utf-16-le") in data), None)
    if found == "password":  # told even of a file that is cut off
        return "password"
    if not _whole(data):
        return "damage"
    return "password" if found == "workbook" and _locked(data) else found or "nothing"


def _whole(data: bytes) -> bool:
    """Whether every sector that the allocation table speaks of is there. Readers believe these numbers without bound."""
    if len(data) < 3 * _HEADER:
        return False
    shift, small = (_number(data, at, 2) for at in (30, 32))
    tables, directory, small_tables, more_tables = (_number(data, at, 4) for at in (44, 48, 64, 72))
    if shift not in (9, 12) or small != 6:
        return False
    size = 1 << shift
    sectors = -(-len(data) // size) - 1  # the last may be cut short
    if not 0 < tables <= sectors or small_tables > sectors or more_tables > sectors or directory >= sectors:
        return False
    return all(table < sectors for table in _listed(data, tables)) and _last_used(data, tables, size) < sectors


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")


def _listed(data: bytes, tables: int) -> list[int]:
    """The sectors of the allocation table as far as the header lists them: 109, for files up to 7 MB (or 440 MB)."""
    listed = (_number(data, 76 + 4 * i, 4) for i in range(min(tables, 109)))
    return [table for table in listed if table < _LAST_SECTOR]


def _last_used(data: bytes, tables: int, size: int) -> int:
    last = 0
    per_table = size // 4
    for number, table in enumerate(_listed(data, tables)):
        entries = memoryview(data[(table + 1) * size : (table + 2) * size].ljust(size, b"\xff")).cast("I")
        used = next((i for i in range(len(entries) - 1, -1, -1) if entries[i] != _FREE), None)
        last = last if used is None else number * per_table + used
    return last


def _locked(data: bytes) -> bool:
    """Whether the workbook stream begins with a password record. It is in the first sector, so it is in one piece."""
    start = data.find(_GLOBALS)
    while start >= 0 and start % 64:
        start = data.find(_GLOBALS, start + 1)
    at = start + 4 + 16 if start >= 0 else len(data)
    while at + 4 <= len(data):
        kind = _number(data, at, 2)
        if kind != _WRITE_PROTECTED:
            return kind == _PASSWORD
        at += 4 + _number(data, at + 2, 2)
    return False
