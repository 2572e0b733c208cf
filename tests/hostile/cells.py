"""Cells that say something other than a plain text or number: errors, formulas, wrong types, twice, nowhere."""

import re

from tests.hostile import sheets as x
from tests.hostile.case import Case, Row, either, reads, refused
from tests.hostile.people import FIVE, HEADER, IDS, NAMES, TABLE, but, person

AMOUNT, ID, NAME = "G3", "C3", "B3"
OPEN = but({3: ""})  # the second person is not paid, the others are
UNASKED = but({3: "800.00"})  # a blank: the second person is paid the cap, and that is said
NOBODY = (FIVE[0], Row(3, NAMES[1], None, ""), *FIVE[2:])  # and the ID shown is not looked at
NAMELESS = (FIVE[0], Row(3, None, IDS[1], None), *FIVE[2:])
NO_LONGER = ("95.00", "80000.00")


def _set(ref, xml, **options):
    """The base workbook with one cell replaced by XML."""
    column = "ABCDEFG".index(ref[0])
    table = [list(one) for one in TABLE]
    table[int(ref[1:]) - 1][column] = x.Raw(xml.replace("@", f'r="{ref}"'))
    return x.workbook(table, **options)


def _case(group, name, make, expect, **more):
    return Case(name, group, "花名册.xlsx", lambda _: make(), expect, **more)


def _cell(group, name, ref, xml, expect, **options):
    return _case(group, name, lambda: _set(ref, xml, **options), expect)


def _sheet(change):
    return x.with_part(x.SHEET, change)


def _uncomputed(text):
    for n in range(2, 7):
        text = text.replace(
            f'<c r="G{n}" t="inlineStr"><is><t xml:space="preserve">{699 + n}</t></is></c>',
            f'<c r="G{n}"><f>{699 + n}*1</f></c>',
        )
    return text


def _recalculated():
    package = x.parts(
        {"花名册": x.sheet(x.data((*TABLE[:2], [*person(1)[:6], x.Raw('<c r="G3"><f>700+2</f><v>702</v></c>')], *TABLE[3:])))}
    )
    return x.with_part(x.BOOK, lambda t: t.replace("</workbook>", '<calcPr fullCalcOnLoad="1"/></workbook>'), package)


def _columns_of_numbers():
    table = [HEADER] + [[*person(n)[:2], x.number(f"C{n + 2}", IDS[n]) if n != 2 else IDS[n], *person(n)[3:]] for n in range(5)]
    return x.workbook(table)


_CODES = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#错误")
_ERRORS = [
    *(
        _cell(
            "error/boolean/bad-index cells",
            f"an amount that is {code}",
            AMOUNT,
            f'<c @ t="e"><v>{code}</v></c>',
            reads(OPEN, cells=(AMOUNT,)),
        )
        for code in _CODES
    ),
    _cell(
        "error/boolean/bad-index cells",
        "an amount whose formula gives an error",
        AMOUNT,
        '<c @ t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell(
        "error/boolean/bad-index cells",
        "an error with its type before its address",
        AMOUNT,
        '<c t="e" @><v>#N/A</v></c>',
        either(OPEN),
    ),
    _cell(
        "error/boolean/bad-index cells",
        "an error of a formula with attributes",
        AMOUNT,
        '<c @ s="0" t="e"><f t="shared" ref="G3:G4" si="0">A1/0</f><v>#DIV/0!</v></c>',
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell(
        "error/boolean/bad-index cells",
        "an error with rich extensions after it",
        AMOUNT,
        '<c @ t="e"><v>#N/A</v><extLst><ext/></extLst></c>',
        either(OPEN),
    ),
    _cell(
        "error/boolean/bad-index cells",
        "an error as a text that looks like one",
        AMOUNT,
        '<c @ t="str"><v>#N/A</v></c>',
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell(
        "error/boolean/bad-index cells", "an ID that is an error", ID, '<c @ t="e"><v>#REF!</v></c>', reads(NOBODY, cells=(ID,))
    ),
    _cell("error/boolean/bad-index cells", "a name that is an error", NAME, '<c @ t="e"><v>#REF!</v></c>', reads(NAMELESS)),
    _cell(
        "error/boolean/bad-index cells",
        "a header that is an error",
        "G1",
        '<c @ t="e"><v>#REF!</v></c>',
        either(but(dict.fromkeys(range(2, 7)), FIVE)),
    ),
    _cell(
        "error/boolean/bad-index cells",
        "an amount that is TRUE",
        AMOUNT,
        '<c @ t="b"><v>1</v></c>',
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell("error/boolean/bad-index cells", "an ID that is TRUE", ID, '<c @ t="b"><v>1</v></c>', reads(NOBODY, cells=(ID,))),
    *(
        _cell(
            "error/boolean/bad-index cells",
            f"the shared string number {n} of none",
            NAME,
            f'<c @ t="s"><v>{n}</v></c>',
            refused(),
        )
        for n in ("0", "99", "-1", "x", "1.5", "4294967296", "18446744073709551616")
    ),
    _cell(
        "error/boolean/bad-index cells",
        "a type of cell that does not exist",
        AMOUNT,
        '<c @ t="zz"><v>95</v></c>',
        either(OPEN, never=NO_LONGER),
    ),
    _cell("error/boolean/bad-index cells", "a text without its text", NAME, '<c @ t="inlineStr"/>', either(NAMELESS)),
    _cell(
        "error/boolean/bad-index cells",
        "a cell with two values",
        AMOUNT,
        "<c @><v>95</v><v>702</v></c>",
        either((FIVE[0], FIVE[1]._replace(amount=None), *FIVE[2:]), never=NO_LONGER),
    ),
    _cell(
        "error/boolean/bad-index cells",
        "a cell with a value and a text",
        AMOUNT,
        '<c @ t="inlineStr"><v>95</v><is><t>702</t></is></c>',
        either(FIVE, never=NO_LONGER),
    ),
    _cell("error/boolean/bad-index cells", "a value split by a comment", AMOUNT, "<c @><v>70<!-- -->2</v></c>", either(FIVE)),
    _cell("error/boolean/bad-index cells", "a value with blanks around it", AMOUNT, "<c @><v> 702 </v></c>", either(FIVE)),
    _cell(
        "error/boolean/bad-index cells",
        "a name with its reading above it",
        NAME,
        '<c @ t="inlineStr"><is><t>乙示例</t><rPh sb="0" eb="1"><t>yi</t></rPh></is></c>',
        reads(FIVE, never=("yi",)),
    ),
    _cell(
        "error/boolean/bad-index cells",
        "a name in runs of rich text",
        NAME,
        '<c @ t="inlineStr"><is><r><rPr><b/></rPr><t>乙</t></r><r><t>示例</t></r></is></c>',
        reads(FIVE),
    ),
]
_FORMULAS = [
    _cell(
        "formula without cached value", "a sum never computed", AMOUNT, "<c @><f>700+2</f></c>", reads(OPEN, cells=(AMOUNT,))
    ),
    _cell(
        "formula without cached value",
        "a sum with an empty value",
        AMOUNT,
        "<c @><f>700+2</f><v></v></c>",
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell(
        "formula without cached value",
        "a sum with an empty value tag",
        AMOUNT,
        "<c @><f>700+2</f><v/></c>",
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell(
        "formula without cached value",
        "an empty text as the value of a formula",
        AMOUNT,
        '<c @ t="str"><f>IF(1,"","")</f><v></v></c>',
        reads(UNASKED, says=("未写申报金额、票据金额，按上限核定",)),
    ),
    _cell(
        "formula without cached value",
        "a shared formula never computed",
        AMOUNT,
        '<c @><f t="shared" si="0"/></c>',
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell(
        "formula without cached value",
        "an array formula never computed",
        AMOUNT,
        '<c @><f t="array" ref="G3">SUM(A1)</f></c>',
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell(
        "formula without cached value",
        "a formula with an entity in it, never computed",
        AMOUNT,
        '<c @><f>IF(A1&lt;2,"a","b")&amp;1</f></c>',
        reads(OPEN, cells=(AMOUNT,)),
    ),
    _cell(
        "formula without cached value",
        "a formula in CDATA, never computed",
        AMOUNT,
        "<c @><f><![CDATA[700+2]]></f></c>",
        either(OPEN),
    ),
    _cell(
        "formula without cached value",
        "an ID looked up and never computed",
        ID,
        "<c @><f>VLOOKUP(B3,X!A:B,2,0)</f></c>",
        reads(NOBODY, cells=(ID,)),
    ),
    _cell("formula without cached value", "a name never computed", NAME, "<c @><f>X!A1</f></c>", reads(NAMELESS)),
    _case(
        "formula without cached value",
        "every amount never computed",
        lambda: _sheet(_uncomputed),
        reads(but(dict.fromkeys(range(2, 7), "")), cells=("G2", "G6")),
    ),
    _cell("formula without cached value", "an amount computed", AMOUNT, "<c @><f>700+2</f><v>702</v></c>", reads(FIVE)),
    _cell(
        "formula without cached value",
        "an ID computed as text",
        ID,
        f'<c @ t="str"><f>T("x")</f><v>{IDS[1]}</v></c>',
        reads(FIVE),
    ),
    _cell(
        "stale cached value 80000 for 8*100",
        "8*100 that says 80000",
        AMOUNT,
        "<c @><f>8*100</f><v>80000</v></c>",
        either((FIVE[0], FIVE[1]._replace(amount=None), *FIVE[2:]), never=("80000.00",)),
    ),
    _case("stale cached value 80000 for 8*100", "a workbook to be computed when it is opened", _recalculated, either(FIVE)),
]


def _reordered(text):
    rows = text[text.index("<row") : text.index("</sheetData>")]
    return text.replace(rows, "".join(f"{row}</row>" for row in reversed(rows.split("</row>")[:-1])))


def _cells_reordered(text):
    row = text[text.index('<row r="3">') : text.index('<row r="4">')]
    inner = row[len('<row r="3">') : -len("</row>")]
    return text.replace(inner, "".join(f"{c}</c>" for c in reversed(inner.split("</c>")[:-1])))


def _without(pattern):
    return lambda text: re.sub(pattern, "", text)


_PLACES = [
    _case("rows out of order in XML", "rows from the last to the first", lambda: _sheet(_reordered), either(FIVE)),
    _case(
        "rows out of order in XML",
        "the cells of a row from the last to the first",
        lambda: _sheet(_cells_reordered),
        either(FIVE),
    ),
    _case(
        "same cell twice: 800 and 80000",
        "an amount twice in its row",
        lambda: _sheet(lambda t: t.replace('<c r="G3"', x.cell("G3", "95") + '<c r="G3"')),
        refused(never=NO_LONGER),
    ),
    _case(
        "same cell twice: 800 and 80000",
        "an amount twice, the other one later",
        lambda: _sheet(lambda t: t.replace('<row r="4">', f'<row r="3">{x.cell("G3", "95")}</row><row r="4">')),
        refused(never=NO_LONGER),
    ),
    _case(
        "same cell twice: 800 and 80000",
        "an amount twice, the other one at the end",
        lambda: _sheet(lambda t: t.replace("</sheetData>", f'<row r="3">{x.cell("G3", "95")}</row></sheetData>')),
        refused(never=NO_LONGER),
    ),
    _case(
        "same cell twice: 800 and 80000",
        "a whole row twice",
        lambda: _sheet(lambda t: t.replace("</sheetData>", f"{x.row(2, person(0, amount='95'))}</sheetData>")),
        refused(never=NO_LONGER),
    ),
    _case(
        "same cell twice: 800 and 80000",
        "an amount twice, once in small letters",
        lambda: _sheet(lambda t: t.replace('<c r="G3"', x.cell("g3", "95") + '<c r="G3"')),
        refused(never=NO_LONGER),
    ),
    _case(
        "same cell twice: 800 and 80000",
        "an amount twice with the same value",
        lambda: _sheet(lambda t: t.replace('<c r="G3"', x.cell("G3", "702") + '<c r="G3"')),
        either(FIVE),
    ),
    _case(
        "same cell twice: 800 and 80000",
        "an address that is written with a zero",
        lambda: _sheet(lambda t: t.replace('<c r="G3"', x.cell("G03", "95") + '<c r="G3"')),
        either(FIVE, never=NO_LONGER),
    ),
    _case(
        "same cell twice: 800 and 80000",
        "a cell of another row within a row",
        lambda: _sheet(lambda t: t.replace('<c r="G3"', x.cell("G2", "95") + '<c r="G3"')),
        refused(never=NO_LONGER),
    ),
    _case("cells without r=", "no cell has an address", lambda: _sheet(_without(r'(?<=<c) r="[A-Z]+[0-9]+"')), reads(FIVE)),
    _case("cells without r=", "no row has a number", lambda: _sheet(_without(r'(?<=<row) r="[0-9]+"')), reads(FIVE)),
    _case(
        "cells without r=",
        "neither rows nor cells have addresses",
        lambda: _sheet(_without(r'(?<=<row|..<c) r="[A-Z]*[0-9]+"')),
        reads(FIVE),
    ),
    _case("cells without r=", "some cells have no address", lambda: _sheet(_without(r'(?<=<c) r="[DE][0-9]+"')), either(FIVE)),
    _case(
        "cells without r=",
        "no address, and an error among the amounts",
        lambda: x.with_part(
            x.SHEET,
            _without(r'(?<=<c) r="[A-Z]+[0-9]+"'),
            x.parts({"花名册": x.sheet(x.data((*TABLE[:2], [*person(1)[:6], x.Raw('<c t="e"><v>#N/A</v></c>')], *TABLE[3:])))}),
        ),
        either(OPEN),
    ),
    _case(
        "cells without r=",
        "a row number that its cells contradict",
        lambda: _sheet(lambda t: t.replace('<row r="3"', '<row r="9"')),
        either(FIVE),
    ),
]


def _numeric_id(value, number=0, **options):
    return lambda: _set(ID, f'<c @ s="{number}"><v>{value}</v></c>', **options)


_NUMBERS = [
    _case(
        "ID as number: precision lost",
        "an ID kept as a number of 15 digits",
        _numeric_id("140926198503130000"),
        reads(NOBODY, cells=(ID,), never=("130016",)),
    ),
    _case(
        "ID as number: precision lost",
        "an ID kept as a number with all its digits in the file",
        _numeric_id(IDS[1]),
        reads(NOBODY, cells=(ID,)),
    ),
    _case(
        "ID as number: precision lost",
        "an ID kept in E notation",
        _numeric_id("1.4092619850313E+17"),
        reads(NOBODY, cells=(ID,)),
    ),
    _case(
        "ID as number: precision lost",
        "an ID kept as a number and shown as eighteen zeros",
        _numeric_id(IDS[1], 1, style=x.styles(["000000000000000000"])),
        reads(NOBODY, cells=(ID,)),
    ),
    _case(
        "ID as number: precision lost",
        "an ID kept as a number in a cell formatted as text",
        _numeric_id(IDS[1], 1, style=x.styles(["@"])),
        reads(NOBODY, cells=(ID,)),
    ),
    _case(
        "ID as number: precision lost",
        "an ID kept as a number in a cell formatted as a date",
        _numeric_id(IDS[1], 1, style=x.styles(["yyyy-mm-dd"])),
        either(NOBODY),
    ),
    _case(
        "ID as number: precision lost",
        "an ID that a formula gives as a number",
        lambda: _set(ID, f"<c @><f>1*1</f><v>{IDS[1]}</v></c>"),
        reads(NOBODY, cells=(ID,)),
    ),
    _case(
        "ID as number: precision lost",
        "an ID kept as a number with t=n",
        lambda: _set(ID, f'<c @ t="n"><v>{IDS[1]}</v></c>'),
        reads(NOBODY, cells=(ID,)),
    ),
    _case(
        "ID as number: precision lost",
        "a text ID in a column of numbers",
        _columns_of_numbers,
        reads(tuple(r if r.line == 4 else r._replace(id=None, amount="") for r in FIVE), cells=("C2", "C6")),
    ),
    _case(
        "ID as number: precision lost",
        "an ID as text that Excel has written as 1.40926E+17",
        lambda: _set(ID, '<c @ t="str"><v>1.40926E+17</v></c>'),
        reads(NOBODY, cells=(ID,)),
    ),
]


def _formatted(text):
    return x.with_part(x.SHEET, lambda t: t.replace(">甲示例<", f">{text}<"))


_ESCAPES = [
    _case(
        "control characters",
        "an escape sequence in the name, as _x001B_",
        lambda: _formatted("甲示例_x001B_[2J"),
        either((FIVE[0]._replace(name=None), *FIVE[1:]), never=("\x1b",)),
    ),
    _case(
        "control characters",
        "a NUL in the name, as _x0000_",
        lambda: _formatted("甲示例_x0000_"),
        either((FIVE[0]._replace(name=None), *FIVE[1:]), never=("\0",)),
    ),
    _case(
        "control characters",
        "a real escape character in the name",
        lambda: _formatted("甲示例\x1b[31m"),
        either((FIVE[0]._replace(name=None), *FIVE[1:])),
    ),
    _case(
        "control characters",
        "a reference to an escape character in the name",
        lambda: _formatted("甲示例&#27;[31m"),
        either((FIVE[0]._replace(name=None), *FIVE[1:])),
    ),
    _case(
        "control characters",
        "an escaped underscore in the name",
        lambda: _formatted("甲示例_x005F_x001B_"),
        either((FIVE[0]._replace(name="甲示例_x001B_"), *FIVE[1:])),
    ),
    _case(
        "control characters",
        "half a surrogate pair in the name",
        lambda: _formatted("甲示例_xD842_"),
        either((FIVE[0]._replace(name=None), *FIVE[1:])),
    ),
    _case(
        "control characters",
        "a reference to half a surrogate pair in the name",
        lambda: _formatted("甲示例&#xD842;"),
        either((FIVE[0]._replace(name=None), *FIVE[1:])),
    ),
    _case(
        "control characters",
        "a header with an escape sequence",
        lambda: x.workbook(((*HEADER, "其\u202e他_x001B_]0;x_x0007_"), *(row for row in TABLE[1:]))),
        either(FIVE),
    ),
]
CASES = [*_ERRORS, *_FORMULAS, *_PLACES, *_NUMBERS, *_ESCAPES]
