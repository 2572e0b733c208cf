"""Files that were sound, edited by chance as a program or a hand might: told, refused, or read as another program reads them.

``python -m tests.hostile.edits 1500`` tries that many, prints a line a kind and the numbers of what came to no good end.
Where what is to be paid differs, the file is either told of (a notice, a problem, a row that is held), or an honest file with
other words in it: then another reader finds the same, and a plain workbook of what it finds is paid alike.
"""

import csv
import io
import re
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl

from jybf import assess, policy
from jybf.errors import InputError
from jybf.roster import read
from tests.hostile import biff, legacy, mutants
from tests.hostile import sheets as x
from tests.hostile.damage import chance
from tests.hostile.people import HEADER, PEOPLE, TABLE, crowd, person

_TAG = re.compile(rb"<[^<>]+>")
_VALUE = re.compile(rb'"[^"<>]*"')
_NOT_STATED = ("可发放", "不符合", "待定标准")  # results of a row about which a person would have to be told


def _book():
    """Two sheets, of one of which a half is easily lost; a day as a number, an index of texts, a style."""
    second = x.sheet(x.data((HEADER, *(person(n, id_=one) for n, one in enumerate(_MORE)))))
    rows = [(*p[:5], x.number(f"F{n}", 44409, 1), x.number(f"G{n}", p[6])) for n, p in enumerate(PEOPLE, 2)]
    first = x.sheet(x.data((HEADER, *rows)))
    return x.zipped(x.with_shared(x.parts({"一组": first, "二组": second}, style=_STYLES)))


_STYLES = x.styles(("yyyy-mm-dd",)).replace("<fill/>", '<fill><patternFill patternType="none"/></fill>')
_MORE = tuple(row[2] for row in crowd(40)[0][30:33])


def _csv():
    return "\r\n".join(",".join(row) for row in TABLE).encode() + b"\r\n"


def _ods():
    """Sums are numbers, and a day is a day."""
    package = legacy._ods()
    kept = re.sub(rb'"string"(><text:p>(70[0-9])<)', rb'"float" office:value="\2"\1', package["content.xml"])
    kept = kept.replace(b'"string"><text:p>2021-', b'"date" office:date-value="2021-08-01"><text:p>2021-', 2)
    return x.zipped({**package, "content.xml": kept})


@cache
def _sound(name):
    return {"xlsx": _book, "csv": _csv, "xls": lambda: biff.workbook(TABLE), "ods": _ods}[name]()


def _parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _swapped_entries(data, die):
    """Two parts change places, or one is lost, emptied, renamed, or stands for another too."""
    package = _parts(data)
    one, other = die.sample(sorted(package), 2)
    kind = die.randrange(5)
    if kind == 0:
        package[one], package[other] = package[other], package[one]
    elif kind == 1:
        del package[one]
    elif kind == 2:
        package[one] = b""
    elif kind == 3:
        package[one + "x"] = package.pop(one)
    else:
        package[one] = package[other]
    return x.zipped(package)


def _edited(data, die, parts=None):
    """One part with one of its tags lost, doubled, renamed, moved, or with an attribute, a text or a letter changed."""
    package = _parts(data)
    name = die.choice(sorted(parts or package))
    xml = package[name]
    tags = list(_TAG.finditer(xml))
    tag, other = die.choice(tags), die.choice(tags)
    kind, at = die.randrange(9), die.randrange(len(xml))
    first, second = sorted((tag, other), key=lambda m: m.start())
    values = list(_VALUE.finditer(xml))
    value = die.choice(values) if values else None
    if kind == 0:
        xml = xml[: tag.start()] + xml[tag.end() :]
    elif kind == 1:
        xml = xml[: tag.end()] + tag[0] + xml[tag.end() :]
    elif kind == 2:
        own = re.match(rb"</?([\w:]+)", tag[0])
        xml = re.sub(rb"(</?)" + own[1] + rb"(?=[\s/>])", rb"\1" + own[1] + b"x", xml) if own else xml
    elif kind == 3:
        xml = xml[: first.start()] + xml[second.end() :]
    elif kind == 4:
        xml = xml[: second.end()] + xml[first.start() : second.end()] + xml[second.end() :]
    elif kind == 5 and value:
        xml = xml[: value.start()] + die.choice((b'""', b'"1"', b'"x"', die.choice(values)[0])) + xml[value.end() :]
    elif kind == 6:
        xml = xml[: tag.end()] + die.choice((b"7", b"<x/>", b"<!-- -->", b" ", b"<![CDATA[8]]>")) + xml[tag.end() :]
    elif kind == 7:
        xml = re.sub(rb' [\w:]+="[^"]*"', b"", xml[: tag.end()][tag.start() :], count=1).join(
            (xml[: tag.start()], xml[tag.end() :])
        )
    else:
        xml = xml[:at] + bytes([xml[at] ^ 1 << die.randrange(7)]) + xml[at + 1 :]
    return x.zipped({**package, name: xml})


def _elements(data, die):
    """A whole row or cell is lost, doubled, or changes places with another."""
    package = _parts(data)
    name = die.choice([part for part in package if "sheet" in part or part == "content.xml"])
    what = die.choice(
        (
            rb"<row .*?</row>",
            rb"<c .*?</c>",
            rb"<table:table-row>.*?</table:table-row>",
            rb"<table:table-cell.*?</table:table-cell>",
            rb"<si>.*?</si>",
        )
    )
    found = list(re.finditer(what, package[name]))
    if len(found) < 2:
        return data
    a, b = sorted(die.sample(found, 2), key=lambda m: m.start())
    xml, kind = package[name], die.randrange(3)
    if kind == 0:
        xml = xml[: a.start()] + xml[a.end() :]
    elif kind == 1:
        xml = xml[: a.end()] + a[0] + xml[a.end() :]
    else:
        xml = xml[: a.start()] + b[0] + xml[a.end() : b.start()] + a[0] + xml[b.end() :]
    return x.zipped({**package, name: xml})


def _indexed(data, die):
    """A reference to a text, a style, an address or a kind of cell becomes another."""
    package = _parts(data)
    name = die.choice([part for part in package if part.startswith("xl/worksheets")])
    what = die.choice(
        (rb'(t="s"><v>)([0-9]+)', rb'( s=")([0-9]+)', rb'(<c r=")([A-Z]+[0-9]+)', rb'(<row r=")([0-9]+)', rb'( t=")([a-zA-Z]+)')
    )
    found = list(re.finditer(what, package[name]))
    if not found:
        return data
    one, other = die.choice(found), die.choice(found)[2]
    new = die.choice((other, b"0", b"1", b"99", b"-1", b"str", b"inlineStr", b"n", b"e", b"b", b"d", b"ZZ9"))
    xml = package[name]
    return x.zipped({**package, name: xml[: one.start(2)] + new + xml[one.end(2) :]})


def _struck(data, die):
    return mutants.mutant(data, die.randrange(1 << 30))


def _typed_over(data, die):
    """A character of a text is lost, doubled or becomes another that such files are full of."""
    changed, at = bytearray(data), die.randrange(len(data))
    kind = die.randrange(4)
    if kind == 0:
        del changed[at]
    elif kind == 1:
        changed[at:at] = changed[at : at + 1]
    elif kind == 2:
        changed[at] = die.choice(b',"\r\n\t ;0189-\0\x1a\x7f')
    else:
        changed[at:at] = die.choice((b",", b'"', b"\r\n", b"\xef\xbb\xbf", b"\0", "，".encode(), b"\xa1\xa1", b"\x10"))
    return bytes(changed)


KINDS = {
    "xlsx bytes": ("xlsx", _struck),
    "xlsx parts": ("xlsx", _swapped_entries),
    "xlsx XML": ("xlsx", _edited),
    "xlsx elements": ("xlsx", _elements),
    "xlsx indexes": ("xlsx", _indexed),
    "csv bytes": ("csv", _struck),
    "csv characters": ("csv", _typed_over),
    "ods XML": ("ods", lambda data, die: _edited(data, die, ("content.xml",))),
    "ods elements": ("ods", _elements),
    "xls bytes": ("xls", _struck),
}


@cache
def _pack():
    return policy.load_pack("shanxi")


def _outcome(path):
    """What may be paid, row by row, and all that is told."""
    return _paid(roster := read([str(path)])), _told(roster)


def _paid(roster):
    frame = assess.describe(assess.assess(roster, _pack()), roster)
    return frame.select("工作表", "行号", "姓名", "身份证号", "结果", "核定金额").rows()


def _told(roster):
    return {*roster.notices, *roster.problems.select("字段", "原文", "原因").rows()}


def _by_another(kind, data):
    """Name of each sheet → the texts that another reader finds in it; None if it finds none."""
    try:
        return {"xlsx": _by_openpyxl, "csv": _by_csv, "ods": _by_tree}[kind](data)
    except Exception:  # noqa: BLE001 - whatever it can't read
        return None


def _by_openpyxl(data):
    with warnings.catch_warnings(action="ignore"):
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        s.title: [[_text(c) for c in row] for row in s.iter_rows(values_only=True)]
        for s in book.worksheets
        if s.sheet_state == "visible"
    }


def _text(value):
    return None if value is None else str(value).removesuffix(" 00:00:00")


def _by_csv(data):
    return {"": list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))}


def _by_tree(data):
    tree, found = ET.fromstring(_parts(data)["content.xml"]), {}  # noqa: S314 - our own
    for table in tree.iterfind(".//{*}body/{*}spreadsheet/{*}table"):
        rows = [
            ["\n".join("".join(p.itertext()) for p in cell.iterfind("{*}p")) or None for cell in row.iterfind("{*}table-cell")]
            for row in table.iterfind("{*}table-row")
        ]
        found[next(v for k, v in table.attrib.items() if k.endswith("}name"))] = rows
    return found


def _is_honest(kind, data, rows, folder):
    """Whether another reader finds what was read: a plain workbook of it comes to the same rows."""
    found = _by_another(kind, data)
    if found is None:
        return False
    path = Path(folder) / "另.xlsx"
    path.write_bytes(
        x.zipped(x.parts({n or "花名册": x.sheet(x.data([[v or None for v in row] for row in r])) for n, r in found.items()}))
    )
    try:
        return [row[1:] for row in _outcome(path)[0]] == [row[1:] for row in rows]
    except InputError:
        return False


def _changed(control, rows):
    """Whether any row is decided otherwise: one that is held for what is missing is told by its result."""
    return [row for row in rows if row not in control and row[4] in _NOT_STATED] or len(rows) != len(control)


def verdict(name, number, folder):
    """``refused``, ``same``, ``told``, ``honest`` (an honest file with other words), ``warned`` (of a form without checksums), ``SILENT``, or an error's name."""
    kind, change = KINDS[name]
    return _judged(kind, change(_sound(kind), chance(number)), folder)


def of(kind, old, new, folder):
    """The same of a file in each of whose parts the first ``old`` is ``new``."""
    parts = {name: part.replace(old, new, 1) for name, part in _parts(_sound(kind)).items()}
    return _judged(kind, x.zipped(parts), folder)


def _judged(kind, data, folder):
    path = Path(folder) / f"花名册.{kind}"
    sound, control = _control(kind, folder)
    path.write_bytes(data)
    try:
        roster = read([str(path)])
        if _is_same(roster, sound):
            return "same"
        rows = _paid(roster)
    except InputError:
        return "refused"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return type(error).__name__
    if _told(roster) - _told(sound) or not _changed(control, rows):
        return "told"
    return _unsaid(kind, data, roster, rows, folder)


def _unsaid(kind, data, roster, rows, folder):
    """What a mutant is of which nothing is told."""
    if kind == "xls" and any("没有校验码" in notice for notice in roster.notices):
        return "warned"
    return "honest" if _is_honest(kind, data, rows, folder) else "SILENT"


def _is_same(roster, other):
    names = [(s.name, s.title) for s in roster.sheets] == [(s.name, s.title) for s in other.sheets]
    return names and roster.rows.equals(other.rows) and roster.problems.equals(other.problems)


@cache
def _control(kind, folder):
    """The sound file as it is read, and what may be paid by it."""
    path = Path(folder) / f"花名册.{kind}"
    path.write_bytes(_sound(kind))
    return read([str(path)]), _paid(read([str(path)]))


GOOD = frozenset(("refused", "same", "told", "honest", "warned"))


def main(count="1500", first="0"):
    """Try so many, the kinds in turn; print what they came to."""
    names, bad = list(KINDS), {}
    found = {name: Counter() for name in names}
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(int(first), int(first) + int(count)):
            name = names[number % len(names)]
            answer = verdict(name, number, folder)
            found[name][answer] += 1
            if answer not in GOOD:
                bad.setdefault(answer, []).append((name, number))
    for name, counts in found.items():
        print(f"{name:15}", dict(counts))
    print(f"{count} in {time.perf_counter() - begun:.0f} s", bad)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
