"""A workbook as the XML parts of its package, each open to be tampered with."""

import io
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

from tests.hostile.people import TABLE

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
RELS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
TYPES = "[Content_Types].xml"


class Raw(str):
    """A cell, or a row, as XML."""

    __slots__ = ()


def letters(column):
    """0 → A, 26 → AA."""
    text = ""
    while column >= 0:
        column, digit = divmod(column, 26)
        text, column = chr(65 + digit) + text, column - 1
    return text


def cell(ref, text):
    """An inline string."""
    return Raw(f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>')


def number(ref, value, style=0):
    """A number as it stands in <v>."""
    return Raw(f'<c r="{ref}" s="{style}"><v>{value}</v></c>')


def row(line, values):
    """A row of strings or of Raw cells; None is no cell."""
    cells = (v if isinstance(v, Raw) else cell(f"{letters(c)}{line}", v) for c, v in enumerate(values) if v is not None)
    return Raw(f'<row r="{line}">{"".join(cells)}</row>')


def data(table=TABLE, first=1):
    """The rows of a table, from row ``first`` on; a Raw row stands as it is."""
    return "".join(r if isinstance(r, Raw) else row(line, r) for line, r in enumerate(table, first))


def sheet(content=None, before="", after=""):
    """The XML of a sheet around its rows."""
    content = data() if content is None else content
    return f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{before}<sheetData>{content}</sheetData>{after}</worksheet>'


def styles(formats=(), built_in=()):
    """A style a format: 0 is General; then the codes of ``formats``, then the built-in numbers."""
    codes = "".join(f"<numFmt numFmtId={quoteattr(str(164 + i))} formatCode={quoteattr(f)}/>" for i, f in enumerate(formats))
    numbers = [0, *(164 + i for i in range(len(formats))), *built_in]
    cells = "".join(f'<xf numFmtId="{n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' for n in numbers)
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(formats)}">{codes}</numFmts>'
        '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{len(numbers)}">{cells}</cellXfs></styleSheet>'
    ).replace('<numFmts count="0"></numFmts>', "")


def parts(sheets=None, *, states=None, book_extra="", style=None):
    """A whole package: sheet name → XML (one base sheet unless told)."""
    sheets = sheets or {"花名册": sheet()}
    states = states or {}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"{" state=" + quoteattr(states[name]) if name in states else ""}/>'
        for n, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    sml = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    texts = {
        TYPES: f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{sml}.sheet.main+xml"/>{kinds}'
        f'<Override PartName="/xl/styles.xml" ContentType="{sml}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{sml}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        BOOK: f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{book_extra}<sheets>{listed}</sheets></workbook>',
        RELS: f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{related}'
        f'<Relationship Id="rIdS" Type="{DOCUMENT}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rIdT" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        STYLES: style or styles(),
        STRINGS: shared(()),
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets.values(), 1)},
    }
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in texts.items()}


def shared(texts, counts=""):
    """The part of shared strings."""
    counts = counts or f'count="{len(texts)}" uniqueCount="{len(texts)}"'
    items = "".join(f'<si><t xml:space="preserve">{escape(t)}</t></si>' for t in texts)
    return f'{HEAD}<sst xmlns="{MAIN}" {counts}>{items}</sst>'


def with_shared(package=None, counts=""):
    """The same package with its strings moved to the part that Excel keeps them in."""
    package = dict(package or parts())
    found = []

    def moved(match):
        found.append(match[2])
        return f'<c r="{match[1]}" t="s"><v>{len(found) - 1}</v></c>'

    pattern = r'<c r="([A-Z]+[0-9]+)" t="inlineStr"><is><t xml:space="preserve">([^<]*)</t></is></c>'
    package[SHEET] = re.sub(pattern, moved, package[SHEET].decode()).encode()
    items = "".join(f'<si><t xml:space="preserve">{t}</t></si>' for t in found)
    counts = counts or f'count="{len(found)}" uniqueCount="{len(found)}"'
    package[STRINGS] = f'{HEAD}<sst xmlns="{MAIN}" {counts}>{items}</sst>'.encode()
    return package


def zipped(package, method=zipfile.ZIP_DEFLATED):
    """The package as an honest zip, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in package.items():
            archive.writestr(zipfile.ZipInfo(name, (2021, 8, 1, 0, 0, 0)), part, method)
    return out.getvalue()


def workbook(table=TABLE, **options):
    """An honest xlsx of one sheet."""
    return zipped(parts({"花名册": sheet(data(table))}, **options))


def with_part(name, change, package=None):
    """An honest zip with one part changed: bytes, text, None to leave it out, or a function of its text."""
    package = dict(package or parts())
    new = change(package[name].decode()) if callable(change) else change
    if new is None:
        del package[name]
    else:
        package[name] = new if isinstance(new, bytes) else new.encode()
    return zipped(package)
