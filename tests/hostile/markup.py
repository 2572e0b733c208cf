"""XML that reaches for files, grows, nests or is simply not well formed; and links that must not be followed."""

from tests.hostile import sheets as x
from tests.hostile.case import Case, either, reads, refused
from tests.hostile.people import FIVE, TABLE, person

TYPE = ("DOCTYPE",)


def _doctype(text, subset, root):
    """``text`` with a DOCTYPE after its declaration."""
    return text.replace(x.HEAD, f"{x.HEAD}<!DOCTYPE {root} [{subset}]>", 1)


def _named(text, entity="&who;"):
    """``text`` with the first person's name replaced by a reference to an entity."""
    return text.replace(">甲示例<", f">{entity}<", 1)


def _lol(depth=10, width=10):
    lines = ['<!ENTITY a0 "lol">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * width}">' for n in range(1, depth))]
    return "".join(lines), f"&a{depth - 1};"


def _case(group, name, part, change, expect, package=None):
    """A workbook with one part changed by ``change(text, place)``."""
    return Case(
        name, group, "花名册.xlsx", lambda p: x.with_part(part, lambda text: change(text, p), package and package()), expect
    )


def _file(p):
    return f'<!ENTITY who SYSTEM "{p.canary.as_uri()}">'


def _web(p):
    return f'<!ENTITY who SYSTEM "http://127.0.0.1:{p.port}/x">'


def _utf16(text, place):
    text = _named(_doctype(text, _file(place), "worksheet"))
    return text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def _late(text, place):
    """A DOCTYPE after a comment longer than what a hasty reader looks at."""
    return _named(_doctype(text.replace(x.HEAD, f"{x.HEAD}<!--{' ' * 70_000}-->"), "", "worksheet")).replace(
        f"<!--{' ' * 70_000}-->", f"<!--{' ' * 70_000}--><!DOCTYPE worksheet [{_file(place)}]>"
    )


def _laughing(text, _):
    subset, reference = _lol()
    return _named(_doctype(text, subset, "worksheet"), reference)


def _quadratic(text, _):
    return _named(_doctype(text, f'<!ENTITY who "{"呵" * 40_000}">', "worksheet"), "&who;" * 40_000)


def _parameter(place):
    return f'<!ENTITY % dtd SYSTEM "http://127.0.0.1:{place.port}/x.dtd"> %dtd;'


_DOCTYPES = [
    _case(
        "XXE local file",
        "an entity of a local file in the sheet",
        x.SHEET,
        lambda t, p: _named(_doctype(t, _file(p), "worksheet")),
        refused(*TYPE),
    ),
    _case(
        "XXE local file",
        "an entity of a local file in the shared strings",
        x.STRINGS,
        lambda t, p: _named(_doctype(t, _file(p), "sst")),
        refused(*TYPE),
        x.with_shared,
    ),
    _case(
        "XXE local file",
        "an entity of a local file in the workbook part",
        x.BOOK,
        lambda t, p: _doctype(t, _file(p), "workbook").replace("花名册", "&who;"),
        refused(*TYPE),
    ),
    _case(
        "XXE local file",
        "an entity of a local file in the relations",
        x.RELS,
        lambda t, p: _doctype(t, _file(p), "Relationships").replace("rIdS", "&who;"),
        refused(*TYPE),
    ),
    _case(
        "XXE local file",
        "an entity of a local file in the content types",
        x.TYPES,
        lambda t, p: _doctype(t, _file(p), "Types"),
        refused(*TYPE),
    ),
    _case(
        "XXE local file",
        "an entity of a local file in the styles",
        x.STYLES,
        lambda t, p: _doctype(t, _file(p), "styleSheet"),
        refused(*TYPE),
    ),
    _case("XXE local file", "an entity of a local file in a sheet in UTF-16", x.SHEET, _utf16, refused()),
    _case("XXE local file", "a DOCTYPE after seventy thousand blanks", x.SHEET, _late, refused(*TYPE)),
    _case(
        "XXE network",
        "an entity from the network in the sheet",
        x.SHEET,
        lambda t, p: _named(_doctype(t, _web(p), "worksheet")),
        refused(*TYPE),
    ),
    _case(
        "XXE network",
        "a parameter entity from the network",
        x.SHEET,
        lambda t, p: _doctype(t, _parameter(p), "worksheet"),
        refused(*TYPE),
    ),
    _case(
        "XXE network",
        "a DOCTYPE with a system identifier on the network",
        x.SHEET,
        lambda t, p: t.replace(x.HEAD, f'{x.HEAD}<!DOCTYPE worksheet SYSTEM "http://127.0.0.1:{p.port}/x.dtd">'),
        refused(*TYPE),
    ),
    _case("billion laughs in sheet", "a billion laughs in the sheet", x.SHEET, _laughing, refused(*TYPE)),
    _case(
        "billion laughs in strings",
        "a billion laughs in the shared strings",
        x.STRINGS,
        _laughing,
        refused(*TYPE),
        x.with_shared,
    ),
    _case(
        "billion laughs in sheet",
        "a billion laughs in the workbook part",
        x.BOOK,
        lambda t, _: _doctype(t, _lol()[0], "workbook").replace("花名册", _lol()[1]),
        refused(*TYPE),
    ),
    _case("quadratic blow-up 4 GB", "one long entity forty thousand times", x.SHEET, _quadratic, refused(*TYPE)),
]


def _deep(count):
    return lambda t, _: t.replace("<sheetData>", "<x>" * count + "</x>" * count + "<sheetData>")


def _inside(part_tag, count):
    return lambda t, _: t.replace(f"</{part_tag}>", "<x>" * count + "</x>" * count + f"</{part_tag}>")


def _rich(count):
    """A name of many runs of rich text."""
    runs = "<r><t></t></r>" * count
    return lambda t, _: t.replace('<t xml:space="preserve">甲示例</t>', f"{runs}<r><t>甲</t></r><r><t>示例</t></r>")


_GROWTH = [
    _case("deep XML", "a million nested tags in the sheet", x.SHEET, _deep(1_000_000), either(FIVE)),
    _case(
        "deep XML", "a million tags never closed", x.SHEET, lambda t, _: t.replace("<sheetData>", "<x>" * 1_000_000), refused()
    ),
    _case(
        "deep XML",
        "three hundred thousand nested tags in the workbook part",
        x.BOOK,
        _inside("workbook", 300_000),
        either(FIVE),
    ),
    _case(
        "deep XML",
        "three hundred thousand nested tags in the relations",
        x.RELS,
        _inside("Relationships", 300_000),
        either(FIVE),
    ),
    _case(
        "deep XML",
        "three hundred thousand nested tags in the shared strings",
        x.STRINGS,
        _inside("sst", 300_000),
        either(FIVE),
        x.with_shared,
    ),
    _case(
        "deep XML", "three hundred thousand nested tags in the styles", x.STYLES, _inside("styleSheet", 300_000), either(FIVE)
    ),
    _case(
        "huge attribute",
        "an attribute of ten megabytes on a cell",
        x.SHEET,
        lambda t, _: t.replace('<c r="A2"', f'<c a="{"x" * 10_000_000}" r="A2"'),
        either(FIVE),
    ),
    _case(
        "huge attribute",
        "an attribute of twenty megabytes on the workbook",
        x.BOOK,
        lambda t, _: t.replace("<sheets>", f'<sheets a="{"x" * 20_000_000}">'),
        either(FIVE),
    ),
    _case(
        "huge attribute",
        "two hundred thousand attributes on a row",
        x.SHEET,
        lambda t, _: t.replace('<row r="2"', '<row r="2" ' + " ".join(f'a{n}=""' for n in range(200_000))),
        either(FIVE),
    ),
    _case(
        "huge attribute",
        "a sheet whose name has a million characters",
        x.BOOK,
        lambda t, _: t.replace("花名册", "册" * 1_000_000),
        either(FIVE),
    ),
    _case(
        "huge attribute",
        "a comment of ten megabytes",
        x.SHEET,
        lambda t, _: t.replace("<sheetData>", f"<!--{' ' * 10_000_000}--><sheetData>"),
        either(FIVE),
    ),
    _case("huge attribute", "a name in a hundred thousand runs of rich text", x.SHEET, _rich(100_000), either(FIVE)),
    _case(
        "huge attribute",
        "half a million relations",
        x.RELS,
        lambda t, _: t.replace("</Relationships>", '<Relationship Id="a" Type="b" Target="c"/>' * 500_000 + "</Relationships>"),
        either(FIVE),
    ),
]
_MALFORMED = [
    _case("not well formed", "a tag that is never closed", x.SHEET, lambda t, _: t.replace("</sheetData>", ""), refused()),
    _case(
        "not well formed",
        "tags closed in the wrong order",
        x.SHEET,
        lambda t, _: t.replace("</row></sheetData>", "</sheetData></row>"),
        either(FIVE),
    ),
    _case("not well formed", "a sheet cut in its middle", x.SHEET, lambda t, _: t[: t.index("丁示例")], refused()),
    _case("not well formed", "a sheet cut between two rows", x.SHEET, lambda t, _: t[: t.index('<row r="5"')], refused()),
    _case(
        "not well formed",
        "shared strings cut in their middle",
        x.STRINGS,
        lambda t, _: t[: t.index("戊示例")],
        refused(),
        x.with_shared,
    ),
    _case(
        "not well formed",
        "bytes that are no UTF-8 in a name",
        x.SHEET,
        lambda t, _: t.encode().replace("甲示例".encode(), b"\xff\xfe\xc1"),
        either(()),
    ),
    _case("not well formed", "an entity that nobody has declared", x.SHEET, lambda t, _: _named(t, "&nobody;"), refused()),
    _case(
        "not well formed",
        "a second root after the first",
        x.SHEET,
        lambda t, _: t + t.removeprefix(x.HEAD).replace("705", "95"),
        either(FIVE, never=("95.00",)),
    ),
    _case(
        "not well formed",
        "two tables of cells in one sheet",
        x.SHEET,
        lambda t, _: t.replace(
            "</sheetData>", "</sheetData>" + t[t.index("<sheetData>") : t.index("</worksheet>")].replace("705", "95")
        ),
        either(FIVE, never=("95.00",)),
    ),
    _case(
        "not well formed",
        "a table of cells inside a comment",
        x.SHEET,
        lambda t, _: t.replace(
            "<sheetData>", f"<!--{t[t.index('<sheetData>') : t.index('</worksheet>')].replace('705', '95')}--><sheetData>"
        ),
        either(FIVE, never=("95.00",)),
    ),
    _case(
        "not well formed",
        "cells inside a comment",
        x.SHEET,
        lambda t, _: t.replace('<c r="G6"', '<!--<c r="G6"><v>95</v></c>--><c r="G6"'),
        either(FIVE, never=("95.00",)),
    ),
    _case(
        "not well formed",
        "an error cell inside a comment",
        x.SHEET,
        lambda t, _: t.replace('<c r="G6"', '<!--<c r="G6" t="e"><v>#N/A</v></c>--><c r="G6"'),
        either(FIVE),
    ),
    _case(
        "not well formed", "a name in CDATA", x.SHEET, lambda t, _: t.replace(">甲示例<", "><![CDATA[甲示例]]><"), either(FIVE)
    ),
    _case(
        "not well formed",
        "a name written in character references",
        x.SHEET,
        lambda t, _: t.replace(">甲示例<", ">&#30002;&#x793A;例<"),
        reads(FIVE),
    ),
    _case("not well formed", "single quotes around attributes", x.SHEET, lambda t, _: t.replace('"', "'"), either(FIVE)),
    _case(
        "not well formed",
        "line breaks and blanks inside tags",
        x.SHEET,
        lambda t, _: t.replace("<c r=", "<c\n\tr= ").replace('" t=', '"\r\n  t = ').replace("<row ", "<row\n"),
        either(FIVE),
    ),
    _case(
        "not well formed",
        "attributes in another order",
        x.SHEET,
        lambda t, _: t.replace(' t="inlineStr"', "").replace("<c ", '<c t="inlineStr" '),
        either(FIVE),
    ),
    _case("not well formed", "every tag with a prefix", x.SHEET, lambda t, _: _prefixed(t), either(FIVE)),
    _case(
        "not well formed",
        "a sheet in UTF-16",
        x.SHEET,
        lambda t, _: t.replace('"UTF-8"', '"UTF-16"').encode("utf-16"),
        either(FIVE),
    ),
    _case("not well formed", "a sheet in GBK", x.SHEET, lambda t, _: t.replace('"UTF-8"', '"GBK"').encode("gbk"), either(FIVE)),
    _case(
        "not well formed", "a sheet of another namespace", x.SHEET, lambda t, _: t.replace(x.MAIN, "urn:other"), either(FIVE)
    ),
    _case(
        "not well formed",
        "the strict form of the format",
        x.SHEET,
        lambda t, _: t.replace(x.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        either(FIVE),
    ),
]


def _prefixed(text):
    head, body = text.split("\n", 1)
    body = body.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
    return head + "\n" + body.replace('xmlns="', 'xmlns:x="', 1)


def _external(place):
    """A formula that refers to another workbook, whose place is a file of ours, and one that asks the network."""
    cells = [*person(4)[:6], x.Raw("<c r=\"G6\"><f>'[1]册'!A1</f><v>705</v></c>")]
    package = x.parts({"花名册": x.sheet(x.data((*TABLE[:5], cells)))}, book_extra="")
    package[x.BOOK] = package[x.BOOK].replace(
        b"</sheets>", b'</sheets><externalReferences><externalReference r:id="rIdX"/></externalReferences>'
    )
    package[x.RELS] = package[x.RELS].replace(
        b"</Relationships>",
        f'<Relationship Id="rIdX" Type="{x.DOCUMENT}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'.encode(),
    )
    package["xl/externalLinks/externalLink1.xml"] = (
        f'{x.HEAD}<externalLink xmlns="{x.MAIN}" xmlns:r="{x.DOCUMENT}"><externalBook r:id="rId1"/></externalLink>'.encode()
    )
    package["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'{x.HEAD}<Relationships xmlns="{x.PACKAGE}/relationships"><Relationship Id="rId1" Type="{x.DOCUMENT}/externalLinkPath" Target="{place.canary.as_uri()}" TargetMode="External"/></Relationships>'
    ).encode()
    return x.zipped(package)


def _asking(formula):
    def make(place):
        text = formula.format(port=place.port, file=place.canary)
        return x.workbook((*TABLE[:5], [*person(4)[:6], x.Raw(f'<c r="G6"><f>{text}</f><v>705</v></c>')]))

    return make


def _remote_sheet(place):
    return x.with_part(
        x.RELS,
        lambda t: t.replace(
            'Target="worksheets/sheet1.xml"', f'Target="http://127.0.0.1:{place.port}/sheet1.xml" TargetMode="External"'
        ),
    )


def _file_sheet(place):
    return x.with_part(
        x.RELS, lambda t: t.replace('Target="worksheets/sheet1.xml"', f'Target="{place.canary.as_uri()}" TargetMode="External"')
    )


_LINKS = [
    Case("a formula on another workbook", "external workbook link", "花名册.xlsx", _external, reads(FIVE)),
    Case(
        "a formula that asks a web service",
        "external workbook link",
        "花名册.xlsx",
        _asking('WEBSERVICE("http://127.0.0.1:{port}/")'),
        reads(FIVE),
    ),
    Case("a formula that starts a program", "external workbook link", "花名册.xlsx", _asking("cmd|'/c calc'!A1"), reads(FIVE)),
    Case("a formula on a file", "external workbook link", "花名册.xlsx", _asking("'file://{file}'#$A1"), reads(FIVE)),
    Case("a sheet whose place is on the network", "external workbook link", "花名册.xlsx", _remote_sheet, refused()),
    Case("a sheet whose place is a file", "external workbook link", "花名册.xlsx", _file_sheet, refused()),
]
CASES = [*_DOCTYPES, *_GROWTH, *_MALFORMED, *_LINKS]
