"""Zips that lie, burst, lack a part or have two of it."""

import io
import struct
import zipfile
import zlib

from tests.hostile import sheets as x
from tests.hostile.case import Case, either, reads, refused
from tests.hostile.damage import flipped, noise
from tests.hostile.people import FIVE, HEADER, TABLE, person
from tests.hostile.zips import Entry, archive, changed, crc_of, entries, inflating, link

MB = 1 << 20
ZEROS = bytes(MB)
BLANKS = b" " * MB
FALSE = (*TABLE[:1], *(person(n, amount="88") for n in range(5)))  # the other truth
OTHER = x.sheet(x.data(FALSE)).encode()
WRONG = ("88.00",)


def _case(group, name, make, expect, file="花名册.xlsx", **more):
    return Case(name, group, file, lambda _: make(), expect, **more)


def _with(part, **lies):
    return archive(changed(entries(x.parts()), part, **lies))


def _blown(part, block, times, honest, *, before=b"", after=b""):
    """A part that unpacks to ``before``, ``times`` blocks and ``after``."""
    size = len(before) + len(block) * times + len(after)
    lies = {"size": size, "crc": crc_of(block, times, before, after)} if honest else {"size": 4096}
    items = [e for e in entries(x.parts()) if e.name != part]
    return archive([*items, Entry(part, deflated=inflating(block, times, before, after), **lies)])


def _blanks_within(times):
    text = x.sheet().encode()
    at = text.index(b"</sheetData>")
    return _blown(x.SHEET, BLANKS, times, True, before=text[:at], after=text[at:])


def _overlapping():
    """A thousand names for one and the same compressed megabyte, times twenty."""
    kernel = Entry("xl/media/0.bin", deflated=inflating(ZEROS, 20), size=20 * MB, crc=crc_of(ZEROS, 20))
    honest = entries(x.parts())
    at = len(archive([*honest])) - len(_index_of(archive(honest)))
    more = [
        Entry(f"xl/media/{n}.bin", size=kernel.size, crc=kernel.crc, packed=len(kernel.deflated), at=at) for n in range(1, 1000)
    ]
    return archive([*honest, kernel, *more])


def _index_of(data):
    return data[data.index(b"PK\x01\x02") :]


def _encrypted_names():
    return archive([Entry(e.name, e.content, flags=1) for e in entries(x.parts())])


def _descriptors():
    """Sizes and checksum after the data, as programs that write a stream do."""
    items = []
    for e in entries(x.parts()):
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = deflate.compress(e.content) + deflate.flush()
        after = b"PK\x07\x08" + struct.pack("<III", zlib.crc32(e.content), len(packed), len(e.content))
        items.append(Entry(e.name, e.content, flags=8, trailing=after))
    return archive(items)


def _streamed():
    class Sink(io.RawIOBase):
        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, piece):
            self.data += bytes(piece)
            return len(piece)

    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in x.parts().items():
            book.writestr(name, part)
    return sink.data


def _flipped(seed, times, within=None):
    data = x.workbook()
    return flipped(data, seed, times, *(within(data) if within else ()))


def _sheet_bytes(data):
    at = data.index(x.SHEET.encode()) + len(x.SHEET)
    return at + 40, data.index(b"PK", at) - 40


def _index_bytes(data):
    return data.index(b"PK\x01\x02"), len(data)


def _stored_flip():
    data = x.zipped(x.parts(), zipfile.ZIP_STORED)
    return data.replace(b">705<", b">905<")


def _cut(share):
    data = x.workbook((HEADER, *(person(n) for n in range(300))))
    return data[: int(len(data) * share)]


def _renamed(change):
    return x.zipped({change(name): part for name, part in x.parts().items()})


def _two(first, second, **lies):
    """Two parts of (nearly) one name, after each other."""
    items = [e for e in entries(x.parts()) if e.name != x.SHEET]
    return archive([*items, Entry(first, x.parts()[x.SHEET]), Entry(second, OTHER, **lies)])


def _lacking(*names):
    return x.zipped({name: part for name, part in x.parts().items() if name not in names})


def _two_sheets_one_lost():
    package = x.parts({"一组": x.sheet(), "二组": x.sheet()})
    del package["xl/worksheets/sheet2.xml"]
    return x.zipped(package)


def _relation(old, new):
    return x.with_part(x.RELS, lambda text: text.replace(old, new))


def _listed_twice():
    items = entries(x.parts())
    return archive([*items, Entry(x.SHEET, x.parts()[x.SHEET], at=0)])


def _unlisted():
    """A sheet that stands in the file and not in its index, before the one that is listed."""
    return archive([Entry(x.SHEET, OTHER, listed=False), *entries(x.parts())])


def _twins():
    """Two whole workbooks one after the other: the index at the end is that of the second."""
    return x.workbook(FALSE) + x.workbook()


def _comment_with_an_end():
    other = x.workbook(FALSE)
    return archive(entries(x.parts()), comment=other[other.rindex(b"PK\x05\x06") :] + b"..")


def _unicode_path():
    field = struct.pack("<BI", 1, zlib.crc32(b"xl/other.xml")) + x.SHEET.encode()
    items = [*entries(x.parts()), Entry("xl/other.xml", OTHER, extra=struct.pack("<HH", 0x7075, len(field)) + field)]
    return archive(items)


def _zip64(size):
    extra = struct.pack("<HHQQ", 1, 16, size, size)
    return _with(x.SHEET, size=0xFFFFFFFF, packed=0xFFFFFFFF, extra=extra)


def _swapped():
    package = x.parts({"一组": x.sheet(), "二组": x.sheet(x.data(FALSE))}, states={"二组": "hidden"})
    items = entries(package)
    starts, body = {}, b""
    for item in items:
        starts[item.name] = len(body)
        body = archive([*items[: items.index(item) + 1]])
        body = body[: len(body) - len(_index_of(body))]
    one, two = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    data = archive(items)
    index = bytearray(_index_of(data))
    for name, other in ((one, two), (two, one)):
        at = index.index(name.encode()) - 4
        index[at : at + 4] = struct.pack("<I", starts[other])
    return data[: len(data) - len(index)] + bytes(index)


def _elsewhere():
    package = x.parts()
    package["xl/tables/one.xml"] = package.pop(x.SHEET)
    package[x.RELS] = package[x.RELS].replace(b"worksheets/sheet1.xml", b"tables/one.xml")
    package[x.TYPES] = package[x.TYPES].replace(b"/xl/worksheets/sheet1.xml", b"/xl/tables/one.xml")
    return x.zipped(package)


_DAMAGED = ("损坏", "不完整", "读不了", "不是")
_BOMBS = [
    _case(
        "zip bomb",
        "a sheet of twelve hundred megabytes of zeros, told honestly",
        lambda: _blown(x.SHEET, ZEROS, 1200, True),
        refused("过大"),
    ),
    _case(
        "zip bomb",
        "a sheet of twelve hundred megabytes said to be four kilobytes",
        lambda: _blown(x.SHEET, ZEROS, 1200, False),
        refused(),
    ),
    _case(
        "zip bomb",
        "shared strings of twelve hundred megabytes said to be four kilobytes",
        lambda: _blown(x.STRINGS, ZEROS, 1200, False),
        refused(),
    ),
    _case(
        "zip bomb", "a content type part of twelve hundred megabytes", lambda: _blown(x.TYPES, BLANKS, 1200, False), refused()
    ),
    _case(
        "zip bomb",
        "a picture of twelve hundred megabytes of zeros",
        lambda: _blown("xl/media/image1.png", ZEROS, 1200, True),
        either(FIVE),
    ),
    _case("zip bomb", "a sheet with 900 MB of blanks inside", lambda: _blanks_within(900), either(FIVE)),
    _case("zip bomb", "a sheet with 250 MB of blanks inside", lambda: _blanks_within(250), either(FIVE)),
    _case("zip bomb", "a thousand names of one compressed block", _overlapping, either(FIVE)),
    _case("zip bomb", "a style sheet of a gigabyte", lambda: _blown(x.STYLES, BLANKS, 1000, False), refused()),
]
_LIES = [
    _case("lying headers", "a checksum that is not that of the sheet", lambda: _with(x.SHEET, crc=1), refused(*_DAMAGED)),
    _case("lying headers", "a sheet said to be longer than it is", lambda: _with(x.SHEET, size=10**6), either(FIVE, *_DAMAGED)),
    _case("lying headers", "a sheet said to be shorter than it is", lambda: _with(x.SHEET, size=600), refused(*_DAMAGED)),
    _case(
        "lying headers",
        "packed bytes said to be more than the file has",
        lambda: _with(x.SHEET, packed=10**8),
        either(FIVE, *_DAMAGED),
    ),
    _case(
        "lying headers",
        "packed bytes said to be four gigabytes",
        lambda: _with(x.SHEET, packed=0xFFFFFFFE),
        either(FIVE, *_DAMAGED),
    ),
    _case(
        "lying headers",
        "an index said to hold sixty thousand parts",
        lambda: archive(entries(x.parts()), count=60000),
        either(FIVE),
    ),
    _case("lying headers", "an index said to hold one part", lambda: archive(entries(x.parts()), count=1), either(FIVE)),
    _case(
        "lying headers",
        "an index said to start beyond the end",
        lambda: archive(entries(x.parts()), start=10**9),
        either(FIVE, *_DAMAGED),
    ),
    _case("lying headers", "a sheet said to be four exabytes in zip64", lambda: _zip64(1 << 62), refused("过大", *_DAMAGED)),
    _case("lying headers", "data descriptors after each part", _descriptors, either(FIVE)),
    _case("lying headers", "a zip written as a stream", _streamed, reads(FIVE)),
    _case(
        "lying headers",
        "a compression method that nobody knows",
        lambda: _with(x.SHEET, method=77, content=b"", deflated=b"abc"),
        refused(),
    ),
    _case("lying headers", "parts packed with LZMA", lambda: x.zipped(x.parts(), zipfile.ZIP_LZMA), either(FIVE)),
    _case("lying headers", "parts packed with bzip2", lambda: x.zipped(x.parts(), zipfile.ZIP_BZIP2), either(FIVE)),
    _case(
        "lying headers",
        "another name before the part than in the index",
        lambda: _with(x.SHEET, local="xl/worksheets/sheet9.xml"),
        either(FIVE),
    ),
    _case("lying headers", "the index gives two parts each other's place", _swapped, either(FIVE, never=WRONG)),
    _case("password-protected", "a zip whose parts are encrypted", _encrypted_names, refused("密码")),
]


_DAMAGE = [
    _case("0 bytes", "no byte at all", lambda: b"", refused("空")),
    _case("1 byte", "one byte", lambda: b"P", refused()),
    *(
        _case("truncated", f"cut after {share:.1%}", lambda share=share: _cut(share), refused(*_DAMAGED))
        for share in (0.01, 0.25, 0.5, 0.75, 0.9, 0.99)
    ),
    _case("truncated", "without its last byte", lambda: x.workbook()[:-1], either(FIVE, *_DAMAGED)),
    _case("truncated", "without the end of its index", lambda: x.workbook()[:-22], refused(*_DAMAGED)),
    *(
        _case(
            "bit flip in sheet data",
            f"three flipped bits in the packed sheet, number {n}",
            lambda n=n: _flipped(n, 3, within=_sheet_bytes),
            refused(*_DAMAGED),
        )
        for n in range(2)
    ),
    _case(
        "bit flip in sheet data",
        "a digit changed in a sheet that is stored",
        _stored_flip,
        refused(*_DAMAGED, never=("905.00",)),
    ),
    *(
        _case("random bit flips", f"forty flipped bits anywhere, number {n}", lambda n=n: _flipped(n, 40), either(FIVE))
        for n in range(3)
    ),
    *(
        _case(
            "random bit flips",
            f"four flipped bits in the index, number {n}",
            lambda n=n: _flipped(n, 4, within=_index_bytes),
            either(FIVE),
        )
        for n in range(3)
    ),
    _case("random bytes", "random bytes", lambda: noise(1, 20000), refused(), "花名册.csv"),
    _case("random bytes", "random bytes named as a workbook", lambda: noise(2, 20000), refused()),
    _case(
        "random bytes",
        "the beginning of a zip and random bytes",
        lambda: b"PK\x03\x04" + noise(3, 20000),
        refused(),
    ),
]
_NAMES = [
    _case(
        "path traversal entry",
        "a part that climbs out of the folder",
        lambda: archive([*entries(x.parts()), Entry("../../evil.txt", b"evil")]),
        either(FIVE),
    ),
    Case(
        "a part with an absolute path",
        "path traversal entry",
        "花名册.xlsx",
        lambda p: archive([*entries(x.parts()), Entry(f"{p.folder}/evil.txt", b"evil")]),
        either(FIVE),
    ),
    _case(
        "path traversal entry",
        "a part on drive C",
        lambda: archive([*entries(x.parts()), Entry("C:\\evil.txt", b"evil")]),
        either(FIVE),
    ),
    _case(
        "path traversal entry",
        "a sheet whose place climbs out of the workbook",
        lambda: _relation("worksheets/sheet1.xml", "../../../../etc/passwd"),
        refused(),
    ),
    Case(
        "a part that is a link to a file",
        "path traversal entry",
        "花名册.xlsx",
        lambda p: archive([link(x.SHEET, str(p.canary)), *(e for e in entries(x.parts()) if e.name != x.SHEET)]),
        refused(),
    ),
    _case(
        "backslash part names",
        "backslashes in the names of parts",
        lambda: _renamed(lambda n: n.replace("/", "\\")),
        either(FIVE),
    ),
    _case(
        "case-changed part names",
        "capitals in the names of parts",
        lambda: _renamed(lambda n: n.replace("sheet1", "Sheet1").replace("workbook.xml", "Workbook.xml")),
        either(FIVE),
    ),
    _case("case-changed part names", "all names in capitals", lambda: _renamed(str.upper), either(FIVE)),
    _case(
        "case-changed part names",
        "only the sheet's name in capitals",
        lambda: _renamed(lambda n: n.replace("sheet1", "SHEET1")),
        either(FIVE),
    ),
    _case("duplicate part: two truths", "the sheet twice", lambda: _two(x.SHEET, x.SHEET), refused("重名", never=WRONG)),
    _case(
        "duplicate part: two truths",
        "the sheet twice, once in capitals",
        lambda: _two(x.SHEET, x.SHEET.upper()),
        refused("重名", never=WRONG),
    ),
    _case(
        "duplicate part: two truths",
        "the sheet twice, once with a dot in its path",
        lambda: _two(x.SHEET, "xl/./worksheets/sheet1.xml"),
        either(FIVE, never=WRONG),
    ),
    _case(
        "duplicate part: two truths",
        "the sheet twice, once percent-encoded",
        lambda: _two(x.SHEET, "xl/worksheets/sheet%31.xml"),
        either(FIVE, never=WRONG),
    ),
    _case(
        "duplicate part: two truths",
        "the sheet twice, once with a leading slash",
        lambda: _two(x.SHEET, "/" + x.SHEET),
        either(FIVE, never=WRONG),
    ),
    _case(
        "duplicate part: two truths",
        "the sheet twice, once with a NUL in its name",
        lambda: _two(x.SHEET, x.SHEET + "\0x"),
        either(FIVE, never=WRONG),
    ),
    _case("duplicate part: two truths", "one part listed twice", _listed_twice, refused("重名", *_DAMAGED)),
    _case("duplicate part: two truths", "a sheet before the one that the index lists", _unlisted, either(FIVE, never=WRONG)),
    _case("duplicate part: two truths", "two workbooks one after the other", _twins, either(FIVE, never=WRONG)),
    _case(
        "duplicate part: two truths", "the end of another zip in the comment", _comment_with_an_end, either(FIVE, never=WRONG)
    ),
    _case(
        "duplicate part: two truths", "a part with a second name in an extra field", _unicode_path, either(FIVE, never=WRONG)
    ),
    *(
        _case("missing part", f"without {name}", lambda name=name: _lacking(name), refused())
        for name in (x.SHEET, x.BOOK, x.RELS)
    ),
    *(
        _case("missing part", f"without {name}", lambda name=name: _lacking(name), either(FIVE))
        for name in (x.TYPES, x.STYLES, x.STRINGS, "_rels/.rels")
    ),
    _case(
        "missing part",
        "shared strings lost",
        lambda: x.zipped({n: p for n, p in x.with_shared().items() if n != x.STRINGS}),
        refused(),
    ),
    _case("missing part", "one of two sheets lost", _two_sheets_one_lost, refused()),
    _case("missing part", "a sheet that no relation leads to", lambda: _relation('Id="rId1"', 'Id="rId77"'), refused()),
    _case("missing part", "a relation without a place", lambda: _relation('Target="worksheets/sheet1.xml"', ""), refused()),
    _case(
        "missing part",
        "a sheet with an absolute place",
        lambda: _relation("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"),
        reads(FIVE),
    ),
    _case("missing part", "a sheet beside its usual folder", _elsewhere, either(FIVE)),
]


def _nested():
    return x.zipped({"花名册.xlsx": x.workbook()})


_AROUND = [
    _case("zip after junk", "a kilobyte of junk before the zip", lambda: b"junk" * 256 + x.workbook(), either(FIVE)),
    _case(
        "zip after junk",
        "a kilobyte of junk that the index knows",
        lambda: archive(entries(x.parts()), prefix=b"junk" * 256),
        either(FIVE),
    ),
    _case(
        "zip after junk", "a picture before the zip", lambda: b"\x89PNG\r\n\x1a\n" + bytes(2000) + x.workbook(), either(FIVE)
    ),
    _case(
        "zip with >64 KiB trailing junk",
        "seventy kilobytes of zeros after the zip",
        lambda: x.workbook() + bytes(70_000),
        either(FIVE),
    ),
    _case(
        "zip with >64 KiB trailing junk", "ten bytes of junk after the zip", lambda: x.workbook() + b"0123456789", either(FIVE)
    ),
    _case(
        "zip with >64 KiB trailing junk",
        "seventy kilobytes of the letters PK after the zip",
        lambda: x.workbook() + b"PK\x05\x06" * 17_500,
        either(FIVE),
    ),
    _case("lying headers", "a part without a name", lambda: archive([*entries(x.parts()), Entry("", b"x")]), either(FIVE)),
    _case("zip that is no workbook", "an empty zip", lambda: archive([]), refused()),
    _case(
        "zip that is no workbook",
        "a text document",
        lambda: x.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
        refused("工作簿"),
    ),
    _case("zip that is no workbook", "a workbook inside a zip", _nested, refused("解压")),
    _case(
        "zip that is no workbook",
        "ten thousand empty parts",
        lambda: archive([*entries(x.parts()), *(Entry(f"x/{n}") for n in range(10_000))]),
        either(FIVE),
    ),
]
CASES = [*_BOMBS, *_LIES, *_DAMAGE, *_NAMES, *_AROUND]
