"""A zip written by hand, so that each of its fields can lie."""

import struct
import zlib
from dataclasses import dataclass, replace

_EXTERNAL_LINK = 0o120777 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a zip. What is None is told truly; ``at`` points the index at another place, ``local`` is the name there."""

    name: str
    content: bytes = b""
    deflated: bytes | None = None  # the compressed bytes, where they are not those of ``content``
    size: int | None = None
    packed: int | None = None
    crc: int | None = None
    flags: int = 0
    method: int = 8
    local: str | None = None
    extra: bytes = b""
    attributes: int = 0
    at: int | None = None
    listed: bool = True
    trailing: bytes = b""  # a data descriptor


def link(name, target):
    """A symbolic link."""
    return Entry(name, target.encode(), method=0, attributes=_EXTERNAL_LINK)


def entries(package):
    """The honest entries of a package."""
    return [Entry(name, part) for name, part in package.items()]


def changed(items, name, **lies):
    """``items`` with lies told about one of them."""
    return [replace(item, **lies) if item.name == name else item for item in items]


def _packed(entry):
    if entry.deflated is not None:
        return entry.deflated
    if entry.method == 0:
        return entry.content
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    return deflate.compress(entry.content) + deflate.flush()


def _fields(entry, stored):
    size = len(entry.content) if entry.size is None else entry.size
    crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
    packed = len(stored) if entry.packed is None else entry.packed
    return struct.pack("<HHHHHIII", 20, entry.flags | 0x800, entry.method, 0, 0x5301, crc, packed, size)


def archive(items, *, count=None, start=None, comment=b"", prefix=b""):
    """The bytes of a zip; ``count`` and ``start`` lie about its index."""
    body, index = bytearray(prefix), bytearray()
    listed = 0
    for entry in items:
        stored = b"" if entry.at is not None else _packed(entry)
        fields = _fields(entry, stored)
        at = len(body) if entry.at is None else entry.at
        if entry.at is None:
            name = (entry.name if entry.local is None else entry.local).encode()
            body += (
                b"PK\x03\x04"
                + fields
                + struct.pack("<HH", len(name), len(entry.extra))
                + name
                + entry.extra
                + stored
                + entry.trailing
            )
        if entry.listed:
            name = entry.name.encode()
            listed += 1
            index += b"PK\x01\x02" + struct.pack("<H", 0x0314) + fields
            index += struct.pack("<HHHHHII", len(name), len(entry.extra), 0, 0, 0, entry.attributes, at) + name + entry.extra
    count, start = listed if count is None else count, len(body) if start is None else start
    end = b"PK\x05\x06" + struct.pack(
        "<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(index), start & 0xFFFFFFFF, len(comment)
    )
    return bytes(body + index) + end + comment


def inflating(block, times, before=b"", after=b""):
    """The deflated form of ``before + block * times + after``, made without making that."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = deflate.compress(before) + deflate.flush(zlib.Z_FULL_FLUSH)
    once = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    return head + once * times + deflate.compress(after) + deflate.flush()


def crc_of(block, times, before=b"", after=b""):
    """The CRC of the same; a thousandfold block costs a thousand passes, so mind its size."""
    crc = zlib.crc32(before)
    for _ in range(times):
        crc = zlib.crc32(block, crc)
    return zlib.crc32(after, crc)
