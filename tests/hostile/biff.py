"""The least .xls that readers accept: BIFF8 records in an OLE file of three kinds of sectors."""

import struct

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
BOF, EOF, SHEET, LABEL, NUMBER, PASSWORD, ERROR, SINCE_1904, MERGED = 0x809, 0x0A, 0x85, 0x204, 0x203, 0x2F, 0x205, 0x22, 0xE5


def record(kind, body=b""):
    """One record of the stream."""
    return struct.pack("<HH", kind, len(body)) + body


def _text(text, width="H"):
    return struct.pack(f"<{width}B", len(text.encode("utf-16-le")) // 2, 1) + text.encode("utf-16-le")


def label(line, column, text):
    """A cell of text; ``line`` from 1, ``column`` from 0."""
    return record(LABEL, struct.pack("<HHH", line - 1, column, 0) + _text(text))


def number(line, column, value):
    """A cell of a number."""
    return record(NUMBER, struct.pack("<HHHd", line - 1, column, 0, value))


def error(line, column, code=0x2A):
    """A cell with an error; 0x2A is #N/A."""
    return record(ERROR, struct.pack("<HHHBB", line - 1, column, 0, code, 1))


def _begin(kind):
    return record(BOF, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0x600))


def stream(sheets, extra=b"", positions=None):
    """The Workbook stream: ``sheets`` is name → records; ``positions`` lies about where they begin."""
    bodies = [_begin(0x10) + cells + record(EOF) for cells in sheets.values()]
    lists = [_text(name, "B") for name in sheets]
    head = _begin(5) + record(0x42, struct.pack("<H", 1200)) + extra
    size = len(head) + sum(4 + 6 + len(name) for name in lists) + 4
    listed = b""
    for n, name in enumerate(lists):
        at = positions[n] if positions else size + sum(map(len, bodies[:n]))
        listed += record(SHEET, struct.pack("<IBB", at, 0, 0) + name)
    return head + listed + record(EOF) + b"".join(bodies)


def table(rows):
    """The records of rows of text."""
    return b"".join(label(n, c, text) for n, row in enumerate(rows, 1) for c, text in enumerate(row) if text is not None)


def ole(streams, *, fat_count=1, sector_shift=9, first_directory=None, chain=None):
    """An OLE file of named streams, each padded beyond the size that would make it a mini stream."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    padded = {name: content + bytes(-len(content) % SECTOR) for name, content in padded.items()}
    sectors = sum(len(content) // SECTOR for content in padded.values())
    directories = (len(padded) + 4) // 4
    fats = -(-(sectors + directories + 8) // 126)
    table_, entries, at = [FAT] * fats, [_entry("Root Entry", 5, END, 0, 1)], fats + directories
    table_ += [fats + n + 1 for n in range(directories - 1)] + [END]
    for n, (name, content) in enumerate(padded.items(), 1):
        count = len(content) // SECTOR
        entries.append(_entry(name, 2, at, len(content), n + 1 if n < len(padded) else 0))
        table_ += [at + k + 1 for k in range(count - 1)] + [END]
        at += count
    if chain:
        table_ = chain(table_)
    fat = struct.pack(f"<{len(table_)}I", *table_).ljust(fats * SECTOR, b"\xff")
    directory = b"".join(entries).ljust(directories * SECTOR, b"\0")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, sector_shift, 6) + bytes(6)
    count = fats if fat_count == 1 else fat_count
    first = fats if first_directory is None else first_directory
    head += struct.pack("<IIIIIIIII", 0, count, first, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *range(fats), *[FREE] * (109 - fats))
    return head + fat + directory + b"".join(padded.values())


def _entry(name, kind, start, size, right):
    raw = (name + "\0").encode("utf-16-le")
    sibling = FREE if kind == 5 or not right else right
    child = right if kind == 5 else FREE
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, FREE, sibling, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def workbook(rows, **options):
    """An honest .xls of one sheet."""
    return ole({"Workbook": stream({"花名册": table(rows)})}, **options)
