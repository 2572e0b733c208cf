"""The zip package of a workbook: opened only if it is what it says, and packed anew so that a reader sees nothing else.

Two programs may disagree on a zip file that lies: which of two parts of one name counts, where the directory is, how long
a part gets. So the reader never sees the file itself, but a plain package of the parts that were checked here.
"""

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable

import msgspec

from jybf.errors import InputError, Problem

_MIB = 1024 * 1024
_MOST_PARTS = 20_000
_MOST_UNPACKED = 1024 * _MIB  # a million rows of a roster take about 0.8 GB
_UNPACKED_AT_LEAST = 64 * _MIB
_MOST_RATIO = 60  # of the XML of a roster to its packed size; typical is 10
_DAMAGED = (zipfile.BadZipFile, KeyError, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, struct.error)
_REPAIR = "重新下载，或用 Excel 打开后另存为 xlsx"

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


class Entry(msgspec.Struct, frozen=True):
    """One part as it is packed: its path, how it is packed (0 stored, 8 deflated), CRC-32, unpacked size and bytes."""

    name: str
    method: int
    crc: int
    size: int
    packed: memoryview


def open_package(data: bytes, file: str) -> dict[str, Entry]:
    """The parts by lower-case path with "/". InputError for a package that is damaged, encrypted or made to harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
            _refuse_traps(infos, len(data), file)
            entries = [_entry(archive, info, data) for info in infos]
    except _DAMAGED:
        raise InputError(Problem("工作簿不完整或已损坏", where=file, hint=_REPAIR)) from None
    return {_plain_name(entry.name): entry for entry in entries}


def unpack(entry: Entry, file: str) -> bytes:
    """The bytes of a part, never more than it declares. InputError if they aren't those that were packed."""
    try:
        content = _inflated(entry)
    except zlib.error:
        content = b""
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise InputError(Problem(f"工作簿已损坏：部件 {entry.name} 与它的校验码不符", where=file, hint=_REPAIR))
    return content


def check(entry: Entry, file: str) -> None:
    """InputError for a part that is damaged, or is XML with a DOCTYPE. What nobody reads must be sound too."""
    content = unpack(entry, file)
    if entry.name.lower().endswith((".xml", ".rels", ".vml")):
        refuse_doctype(content, entry.name, file)


def refuse_doctype(xml: bytes, name: str, file: str) -> None:
    """InputError for XML that could fetch or multiply anything; a DOCTYPE has no business in a workbook."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\0" in xml[:64]:
        raise InputError(Problem(f"工作簿里有不该有的外部声明 DOCTYPE（{name}）", where=file, hint=_REPAIR))


def pack(entries: Iterable[Entry]) -> bytes:
    """A package of just these parts, still packed as they were, with nothing before, between or after them."""
    body, directory, count = bytearray(), bytearray(), 0
    for entry in entries:
        name = entry.name.encode()
        facts = (20, 0x800, entry.method, 0, 0x21, entry.crc, len(entry.packed), entry.size, len(name), 0)
        directory += _CENTRAL.pack(b"PK\x01\x02", 20, *facts, 0, 0, 0, 0, len(body)) + name
        body += _LOCAL.pack(b"PK\x03\x04", *facts) + name
        body += entry.packed
        count += 1
    return bytes(body + directory) + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)


def _inflated(entry: Entry) -> bytes:
    if entry.method == zipfile.ZIP_STORED:
        return bytes(entry.packed)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    content = stream.decompress(entry.packed, entry.size + 1)
    return content if stream.eof else b""


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lower()


def _refuse_traps(infos: list[zipfile.ZipInfo], packed: int, file: str) -> None:
    names = [_plain_name(info.filename) for info in infos]
    twice = next((name for name, count in Counter(names).items() if count > 1), None)
    outside = next((name for name in names if name.startswith("/") or ".." in name.split("/") or ":" in name), None)
    unpacked = sum(info.file_size for info in infos)
    reason = ""
    if any(info.flag_bits & 1 for info in infos):
        reason = "文件有密码，打开后去掉密码"
    elif twice:
        reason = f"工作簿里有重名的部件 {twice}，不能断定哪个是真的"
    elif outside:
        reason = f"工作簿里的部件 {outside} 指到了外面，不是正常的工作簿"
    elif len(names) > _MOST_PARTS:
        reason = f"工作簿里有 {len(names)} 个部件，不像花名册"
    elif unpacked > min(_MOST_UNPACKED, _UNPACKED_AT_LEAST + _MOST_RATIO * packed):
        reason = f"工作簿解开后有 {unpacked // _MIB} MB，过大，不像花名册"
    if reason:
        raise InputError(Problem(reason, where=file, hint="用 Excel 打开后另存为 xlsx；太大就拆成几个文件"))


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, data: bytes) -> Entry:
    """Where the bytes of a part are. Opening it makes zipfile compare its own header with the directory's."""
    archive.open(info).close()
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    header = _LOCAL.unpack_from(data, info.header_offset)
    start = info.header_offset + _LOCAL.size + header[-2] + header[-1]
    end = start + info.compress_size
    if end > len(data) or (info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size):
        raise zipfile.BadZipFile
    return Entry(info.filename, info.compress_type, info.CRC, info.file_size, memoryview(data)[start:end])
