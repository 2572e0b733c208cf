"""Other formats and wrong names: .xls and what claims to be one, OpenDocument, web pages, passwords, lock files."""

import struct
from xml.sax.saxutils import escape

from tests.hostile import biff
from tests.hostile import sheets as x
from tests.hostile.case import Case, Row, either, reads, refused
from tests.hostile.damage import flipped, noise
from tests.hostile.people import FIVE, IDS, NAMES, TABLE, but
from tests.hostile.zips import Entry, archive, changed, entries, inflating

_LOUD = ("xls",)  # a format without checksums is read with a warning


def _case(group, name, file, make, expect, **more):
    return Case(name, group, file, lambda _: make(), expect, **more)


def _csv(encoding="utf-8"):
    return "\r\n".join(",".join(row) for row in TABLE).encode(encoding) + "\r\n".encode(encoding)


def _tabbed(encoding):
    return "\r\n".join("\t".join(row) for row in TABLE).encode(encoding)


_XLS = biff.workbook(TABLE)


def _records(change):
    """The .xls with its stream put through ``change``."""
    return biff.ole({"Workbook": change(biff.stream({"花名册": biff.table(TABLE)}))})


def _with(*more, base=TABLE, extra=b""):
    return biff.ole({"Workbook": biff.stream({"花名册": biff.table(base) + b"".join(more)}, extra)})


def _many_sectors():
    data = bytearray(_XLS)
    data[44:48] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(data)


def _poked(at, value):
    data = bytearray(_XLS)
    data[at : at + len(value)] = value
    return bytes(data)


def _numeric_id():
    table = [[*row[:2], None, *row[3:]] if n == 2 else row for n, row in enumerate(TABLE)]
    return _with(biff.number(3, 2, float(IDS[1])), base=table)


def _error_amount():
    table = [[*row[:6], None] if n == 2 else row for n, row in enumerate(TABLE)]
    return _with(biff.error(3, 6), base=table)


_NOBODY = (FIVE[0], Row(3, NAMES[1], None, ""), *FIVE[2:])
_OLE = [
    _case("xls", "an honest .xls", "花名册.xls", lambda: _XLS, reads(FIVE, says=_LOUD)),
    _case("xls", "an .xls named .et", "花名册.et", lambda: _XLS, reads(FIVE, says=_LOUD)),
    _case(".xls renamed .xlsx", "an .xls named .xlsx", "花名册.xlsx", lambda: _XLS, reads(FIVE, says=_LOUD)),
    _case(".xls renamed .xlsx", "an .xls named .csv", "花名册.csv", lambda: _XLS, reads(FIVE, says=_LOUD)),
    _case("xls", "an ID kept as a number in an .xls", "花名册.xls", _numeric_id, reads(_NOBODY, cells=("C3",))),
    _case("xls", "an error among the amounts of an .xls", "花名册.xls", _error_amount, either(but({3: None}))),
    _case(
        "xls", "a cell twice in an .xls", "花名册.xls", lambda: _with(biff.label(3, 6, "95")), either(FIVE, never=("95.00",))
    ),
    _case(
        "xls",
        "a stray cell in the last corner of an .xls",
        "花名册.xls",
        lambda: _with(biff.label(65536, 255, "x")),
        either(FIVE),
    ),
    _case(
        "xls",
        "a cell beyond the grid of an .xls",
        "花名册.xls",
        lambda: _with(biff.record(biff.LABEL, struct.pack("<HHH", 2, 0xFFFF, 0) + b"\1\0\0x")),
        either(FIVE),
    ),
    _case(
        "xls",
        "dates since 1904 in an .xls",
        "花名册.xls",
        lambda: _with(extra=biff.record(biff.SINCE_1904, b"\1\0")),
        reads(FIVE),
    ),
    _case(
        "password-protected",
        "an .xls with a password",
        "花名册.xls",
        lambda: _with(extra=biff.record(biff.PASSWORD, b"\1\0" + bytes(52))),
        refused("密码"),
    ),
    _case(
        "password-protected",
        "an .xlsx with a password",
        "花名册.xlsx",
        lambda: biff.ole({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(300)}),
        refused("密码"),
    ),
    *(
        _case("truncated xls", f"an .xls cut after {size} bytes", "花名册.xls", lambda size=size: _XLS[:size], refused())
        for size in (8, 300, 512, 600, 1024, 1500, 2000, 3000, 4000)
    ),
    _case(
        "OLE magic + random bytes",
        "the beginning of an .xls and random bytes",
        "花名册.xls",
        lambda: _XLS[:8] + noise(4, 20_000),
        refused(),
    ),
    _case(
        "OLE magic + random bytes",
        "the header of an .xls and random bytes",
        "花名册.xls",
        lambda: _XLS[:512] + noise(5, 20_000),
        refused(),
    ),
    _case("OLE header claims 4e9 sectors", "an .xls said to have four billion sectors", "花名册.xls", _many_sectors, refused()),
    _case(
        "OLE header claims 4e9 sectors",
        "an .xls with sectors of 2^60000 bytes",
        "花名册.xls",
        lambda: biff.workbook(TABLE, sector_shift=60000),
        refused(),
    ),
    _case(
        "OLE header claims 4e9 sectors",
        "an .xls whose directory is nowhere",
        "花名册.xls",
        lambda: biff.workbook(TABLE, first_directory=0x7FFFFFF0),
        refused(),
    ),
    _case(
        "OLE header claims 4e9 sectors",
        "an .xls whose sectors run in a circle",
        "花名册.xls",
        lambda: biff.workbook(TABLE, chain=lambda fat: [*fat[:2], *([2] * (len(fat) - 2))]),
        refused(),
    ),
    _case(
        "OLE header claims 4e9 sectors",
        "an .xls whose sectors lead out of the file",
        "花名册.xls",
        lambda: biff.workbook(TABLE, chain=lambda fat: [*fat[:3], 0x00FFFFFF, *fat[4:]]),
        either(FIVE),
    ),
    _case(
        "OLE header claims 4e9 sectors",
        "an .xls with four billion mini sectors",
        "花名册.xls",
        lambda: _poked(60, struct.pack("<II", 3, 0xFFFFFFF0)),
        either(FIVE),
    ),
    _case(
        "OLE header claims 4e9 sectors",
        "an .xls with four billion further tables",
        "花名册.xls",
        lambda: _poked(68, struct.pack("<II", 3, 0xFFFFFFF0)),
        either(FIVE),
    ),
    _case(
        "OLE header claims 4e9 sectors",
        "an .xls whose directory entry claims an exabyte",
        "花名册.xls",
        lambda: _poked(1024 + 128 + 120, struct.pack("<Q", 1 << 60)),
        either(FIVE),
    ),
    _case(
        "xls",
        "an .xls whose sheet begins outside its stream",
        "花名册.xls",
        lambda: biff.ole({"Workbook": biff.stream({"花名册": biff.table(TABLE)}, positions=[0x7FFFFFFF])}),
        refused(),
    ),
    _case(
        "xls",
        "an .xls with two sheets at one place",
        "花名册.xls",
        lambda: biff.ole(
            {"Workbook": biff.stream({"一组": biff.table(TABLE), "二组": biff.table(TABLE)}, positions=[200, 200])}
        ),
        either(FIVE),
    ),
    _case(
        "xls",
        "an .xls with a record longer than its stream",
        "花名册.xls",
        lambda: _records(lambda s: s.replace(struct.pack("<HH", biff.EOF, 0), struct.pack("<HH", biff.LABEL, 0xFFFF))),
        either(()),
    ),
    _case(
        "xls",
        "an .xls with a label longer than its record",
        "花名册.xls",
        lambda: _with(biff.record(biff.LABEL, struct.pack("<HHHHB", 9, 0, 0, 0xFFFF, 1) + b"ab")),
        either(FIVE),
    ),
    _case(
        "xls",
        "an .xls with empty records of every kind",
        "花名册.xls",
        lambda: _with(
            *(biff.record(kind) for kind in (biff.LABEL, biff.NUMBER, biff.ERROR, 0xFD, 0x27E, 6, 0xE5, 0xBD, 0x207))
        ),
        either(FIVE),
    ),
    _case(
        "xls",
        "an .xls whose strings are said to be four billion",
        "花名册.xls",
        lambda: _with(extra=biff.record(0xFC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF))),
        either(FIVE),
    ),
    _case(
        "xls",
        "an .xls with a thousand merged ranges that claim more",
        "花名册.xls",
        lambda: _with(biff.record(biff.MERGED, struct.pack("<H", 0xFFFF) + bytes(80))),
        either(FIVE),
    ),
    *(
        _case(
            "xls", f"an .xls with twelve flipped bits, number {n}", "花名册.xls", lambda n=n: flipped(_XLS, n, 12), either(None)
        )
        for n in range(6)
    ),
]


def _content(rows="", table="花名册", before=""):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        + before
        + '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="{table}">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )


def _ods_rows(rows=TABLE):
    cells = (
        "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(v)}</text:p></table:table-cell>' for v in row)
        for row in rows
    )
    return "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)


def _ods(content=None, manifest=""):
    return {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": (content or _content(_ods_rows())).encode(),
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{manifest}</manifest:file-entry></manifest:manifest>'.encode(),
    }


def _ods_with(more):
    return x.zipped(_ods(_content(_ods_rows() + more)))


def _repeated(rows, columns, inside="<text:p>x</text:p>"):
    return f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell office:value-type="string" table:number-columns-repeated="{columns}">{inside}</table:table-cell></table:table-row>'


_BLANK = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
_LOCKED = '<manifest:encryption-data manifest:checksum="x"><manifest:algorithm manifest:algorithm-name="x"/></manifest:encryption-data>'


def _entity(place):
    subset = f'<!DOCTYPE x [<!ENTITY who SYSTEM "{place.canary.as_uri()}">]>'
    return x.zipped(_ods(_content(_ods_rows(), before=subset).replace("甲示例", "&who;")))


def _ods_number_id():
    text = f'<table:table-cell office:value-type="string"><text:p>{IDS[1]}</text:p></table:table-cell>'
    as_number = (
        f'<table:table-cell office:value-type="float" office:value="{IDS[1]}"><text:p>{IDS[1]}</text:p></table:table-cell>'
    )
    return x.zipped(_ods(_content(_ods_rows().replace(text, as_number))))


def _ods_error():
    text = '<table:table-cell office:value-type="string"><text:p>702</text:p></table:table-cell>'
    broken = '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p></table:table-cell>'
    return x.zipped(_ods(_content(_ods_rows().replace(text, broken))))


def _ods_bomb():
    block = b" " * (1 << 20)
    items = [item for item in entries(_ods()) if item.name != "content.xml"]
    return archive([*items, Entry("content.xml", deflated=inflating(block, 3000), size=4096)])


_OPEN_DOCUMENT = [
    _case("ods", "an honest .ods", "花名册.ods", lambda: x.zipped(_ods()), reads(FIVE)),
    _case("ods", "an .ods named .xlsx", "花名册.xlsx", lambda: x.zipped(_ods()), reads(FIVE, says=("ods",))),
    _case("ods", "an .ods with blank rows to the end of the grid", "花名册.ods", lambda: _ods_with(_BLANK), reads(FIVE)),
    _case(
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "an .ods with one cell repeated over the whole grid",
        "花名册.ods",
        lambda: _ods_with(_repeated(1_048_000, 16_384)),
        refused(),
    ),
    _case(
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "an .ods with one cell repeated four billion times in a row",
        "花名册.ods",
        lambda: _ods_with(_repeated(1, 4_294_967_295)),
        either((*FIVE, Row(7, None, None, ""))),
    ),
    _case(
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "an .ods with one row repeated four billion times",
        "花名册.ods",
        lambda: _ods_with(_repeated(4_294_967_295, 1)),
        either(FIVE),
    ),
    _case(
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "an .ods with a long text repeated sixty thousand times",
        "花名册.ods",
        lambda: _ods_with(_repeated(60_000, 1, f"<text:p>{'长' * 33_000}</text:p>")),
        refused(),
    ),
    _case(
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "an .ods with a billion blanks in a cell",
        "花名册.ods",
        lambda: _ods_with(_repeated(1, 1, '<text:p>x<text:s text:c="2000000000"/></text:p>')),
        either(FIVE),
    ),
    Case("an entity of a local file in an .ods", "XXE local file", "花名册.ods", _entity, refused()),
    _case(
        "password-protected",
        "an .ods with a password",
        "花名册.ods",
        lambda: x.zipped(_ods("\x01\x02\x03not xml", _LOCKED)),
        refused("密码"),
    ),
    _case("ods", "an ID kept as a number in an .ods", "花名册.ods", _ods_number_id, reads(_NOBODY, cells=("C3",))),
    _case("ods", "an error among the amounts of an .ods", "花名册.ods", _ods_error, either(but({3: ""}))),
    _case(
        "ods",
        "an .ods without its content",
        "花名册.ods",
        lambda: x.zipped({n: p for n, p in _ods().items() if n != "content.xml"}),
        refused(),
    ),
    _case("ods", "an .ods cut in its content", "花名册.ods", lambda: x.zipped(_ods(_content(_ods_rows())[:-500])), refused()),
    _case(
        "ods",
        "an .ods whose checksum is wrong",
        "花名册.ods",
        lambda: archive(changed(entries(_ods()), "content.xml", crc=5)),
        refused(),
    ),
    _case("ods", "an .ods of three gigabytes", "花名册.ods", _ods_bomb, refused()),
    _case(
        "xlsb",
        "an .xlsb whose workbook is random bytes",
        "花名册.xlsb",
        lambda: x.zipped(
            {
                "[Content_Types].xml": b"<Types/>",
                "xl/workbook.bin": noise(6, 2000),
                "xl/_rels/workbook.bin.rels": b"<Relationships/>",
            }
        ),
        refused(),
    ),
    _case(
        "xlsb",
        "an .xlsb whose workbook is empty",
        "花名册.xlsb",
        lambda: x.zipped(
            {"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"", "xl/_rels/workbook.bin.rels": b"<Relationships/>"}
        ),
        refused(),
    ),
]
_HTML = (
    "<html><body><table>"
    + "".join("<tr>" + "".join(f"<td>{v}</td>" for v in row) + "</tr>" for row in TABLE)
    + "</table></body></html>"
)
_XML_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>'
    + "".join("<Row>" + "".join(f"<Cell><Data>{v}</Data></Cell>" for v in row) + "</Row>" for row in TABLE)
    + "</Table></Worksheet></Workbook>"
)
_SAVE_AS = ("另存为 xlsx",)
_NAMED = [
    _case(".xlsx renamed .xls", "an .xlsx named .xls", "花名册.xls", x.workbook, reads(FIVE, says=("xlsx",))),
    _case(".xlsx renamed .xls", "an .xlsx named .csv", "花名册.csv", x.workbook, reads(FIVE, says=("xlsx",))),
    _case(".xlsx renamed .xls", "an .xlsx named .et", "花名册.et", x.workbook, reads(FIVE, says=("xlsx",))),
    _case(".xlsx renamed .xls", "an .xlsx without a suffix", "花名册", x.workbook, reads(FIVE)),
    _case(".csv renamed .xlsx", "a CSV named .xlsx", "花名册.xlsx", _csv, reads(FIVE, says=("CSV",))),
    _case(
        ".csv(GBK) renamed .xls",
        "a CSV in GBK named .xls",
        "花名册.xls",
        lambda: _csv("gbk"),
        reads(FIVE, says=("CSV", "gb18030")),
    ),
    _case("Unicode text saved as .xls", "Unicode text named .xls", "花名册.xls", lambda: _tabbed("utf-16"), either(FIVE)),
    _case("HTML table export named .xls", "a web page named .xls", "花名册.xls", _HTML.encode, either(FIVE, *_SAVE_AS)),
    _case(
        "HTML table export named .xls",
        "a web page in GBK that begins with blanks",
        "花名册.xls",
        lambda: ("\r\n  " + _HTML).encode("gbk"),
        either(FIVE, *_SAVE_AS),
    ),
    _case(
        "HTML table export named .xls",
        "a web page in UTF-16",
        "花名册.xls",
        lambda: _HTML.encode("utf-16"),
        either(FIVE, *_SAVE_AS),
    ),
    _case(
        "HTML table export named .xls",
        "a web page that begins with a comment",
        "花名册.xls",
        ("<!-- export -->" + _HTML).encode,
        either(FIVE, *_SAVE_AS),
    ),
    _case(
        "HTML table export named .xls",
        "a web archive",
        "花名册.xls",
        lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + _HTML.encode(),
        either(FIVE, *_SAVE_AS),
    ),
    _case(
        "XML Spreadsheet 2003 named .xls",
        "an XML Spreadsheet named .xls",
        "花名册.xls",
        _XML_2003.encode,
        either(FIVE, *_SAVE_AS),
    ),
    _case(
        "XML Spreadsheet 2003 named .xls",
        "an XML Spreadsheet in UTF-16",
        "花名册.xls",
        lambda: _XML_2003.encode("utf-16"),
        either(FIVE, *_SAVE_AS),
    ),
    _case("other kinds", "a PDF", "花名册.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(200), refused(*_SAVE_AS)),
    _case("other kinds", "a picture", "花名册.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), refused(*_SAVE_AS)),
    _case("other kinds", "a gzip", "花名册.xlsx", lambda: b"\x1f\x8b\x08\0" + bytes(200), refused(*_SAVE_AS)),
    _case("other kinds", "a RAR", "花名册.xlsx", lambda: b"Rar!\x1a\x07\x01\0" + bytes(200), refused(*_SAVE_AS)),
    _case("other kinds", "a JSON", "花名册.json", lambda: b'[{"name": "x", "id": "y"}]', refused()),
    _case("other kinds", "rich text", "花名册.xls", lambda: rb"{\rtf1\ansi abc}", refused()),
    _case(
        "Excel owner-lock file in the folder",
        "a lock file",
        "~$花名册.xlsx",
        lambda: b"\x05Admin" + bytes(159),
        refused("锁文件"),
    ),
]
CASES = [*_OLE, *_OPEN_DOCUMENT, *_NAMED]
