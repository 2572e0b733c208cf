"""Sheets as townships fill them in: titles, merges, gaps, totals, hidden things, two headers, odd names."""

from tests.hostile import sheets as x
from tests.hostile.case import Case, Row, either, reads, refused
from tests.hostile.people import FIVE, HEADER, IDS, NAMES, PEOPLE, SUMS, TABLE, but, person, rows

NEVER = ("95.00",)


def _case(group, name, table, expect, *, merge=(), file="花名册.xlsx", **options):
    after = f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{m}{chr(34)}/>' for m in merge)}</mergeCells>" if merge else ""
    return Case(
        name, group, file, lambda _: x.zipped(x.parts({"花名册": x.sheet(x.data(table), after=after)})), expect, **options
    )


def _book(group, name, make, expect, **options):
    return Case(name, group, "花名册.xlsx", lambda _: x.zipped(make()), expect, **options)


TITLE = ("双路镇2021年跨省务工交通补助花名册",)
FORM = ("填报单位（盖章）：双路镇人民政府   填报日期：2021年9月1日   单位：元",)
TOTAL = ("合计", None, "5人", None, None, None, "3515")
SIGNED = ("填表人：赵六   审核人：钱七",)
UPPER = ("序号", "姓名", "身份证号", "人员类别", "务工情况", None, "申请金额")
LOWER = (None, None, None, None, "务工省", "申请日期", None)
WRONG_TOTAL = ("合计", None, "5人", None, None, None, "9999")


def _people(*more):
    return (HEADER, *PEOPLE, *more)


def _shifted(down, right):
    return (*[()] * down, *((*(None,) * right, *row) for row in TABLE))


def _spaced():
    """People in rows 2, 4 and 7, as the table has blank rows between."""
    return (HEADER, PEOPLE[0], (), PEOPLE[1], (), (), PEOPLE[2])


_TABLES = [
    _case(
        "title + merged two-row header + total + signature rows",
        "a title, a header of two rows, a total and a signature",
        (TITLE, FORM, UPPER, LOWER, *PEOPLE, TOTAL, (), SIGNED),
        reads(rows(5)),
        merge=("A1:G1", "A2:G2", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:G4"),
    ),
    _case(
        "title + merged two-row header + total + signature rows",
        "a title, a total and a signature",
        (TITLE, FORM, HEADER, *PEOPLE, TOTAL, SIGNED, (None, None, None, None, None, "2021年9月1日")),
        reads(rows(4)),
    ),
    _case("title + merged two-row header + total + signature rows", "a total that is wrong", _people(WRONG_TOTAL), reads(FIVE)),
    _case(
        "title + merged two-row header + total + signature rows",
        "a header repeated on the next page",
        (HEADER, *PEOPLE[:3], HEADER, *PEOPLE[3:]),
        reads(rows(lines=(2, 3, 4, 6, 7))),
    ),
    _case(
        "title + merged two-row header + total + signature rows",
        "subtotals of villages and of pages",
        (
            HEADER,
            *PEOPLE[:2],
            ("小计", *(None,) * 5, "1403"),
            *PEOPLE[2:],
            ("本页合计", *(None,) * 5, "2112"),
            ("总计", *(None,) * 5, "3515"),
        ),
        reads(rows(lines=(2, 3, 5, 6, 7))),
    ),
    _case(
        "title + merged two-row header + total + signature rows",
        "a title and a header again on the next page",
        (TITLE, HEADER, *PEOPLE[:3], TITLE, HEADER, *PEOPLE[3:]),
        reads(rows(lines=(3, 4, 5, 8, 9))),
    ),
    _case(
        "merged name over two payment rows",
        "a name and an ID merged over two payments",
        (HEADER, PEOPLE[0], ("2", None, None, *PEOPLE[1][3:])),
        reads((FIVE[0], Row(3, "", "", ""))),
        merge=("B2:B3", "C2:C3"),
    ),
    _case(
        "merged name over two payment rows",
        "an amount merged over two people",
        (HEADER, PEOPLE[0], (*PEOPLE[1][:6], None)),
        reads((FIVE[0], Row(3, NAMES[1], IDS[1], None)), never=("1402.00",)),
        merge=("G2:G3",),
    ),
    _case(
        "merged name over two payment rows",
        "a household's head and category merged over two people",
        ((*HEADER, "户主姓名"), (*PEOPLE[0], "甲示例"), (*PEOPLE[1][:3], None, *PEOPLE[1][4:], None)),
        reads(FIVE[:2]),
        merge=("D2:D3", "H2:H3"),
    ),
    _case(
        "merged name over two payment rows",
        "a blank category that is not merged",
        (HEADER, PEOPLE[0], (*PEOPLE[1][:3], None, *PEOPLE[1][4:])),
        reads((FIVE[0], FIVE[1]._replace(amount=""))),
    ),
    _case("5 blank rows first", "five blank rows first", _shifted(5, 0), reads(rows(7))),
    _case("5 blank rows first", "twelve blank rows first", _shifted(12, 0), reads(rows(14))),
    _case("5 blank rows first", "forty blank rows first", _shifted(40, 0), either(rows(42))),
    _case("blank rows between, blank columns first", "blank rows between people", _spaced(), reads(rows(lines=(2, 4, 7)))),
    _case("blank rows between, blank columns first", "two blank columns first", _shifted(0, 2), reads(FIVE)),
    _case(
        "blank rows between, blank columns first",
        "three blank rows and columns first, and an error",
        (*_shifted(3, 3)[:4], (None, None, None, *PEOPLE[0][:6], x.Raw('<c r="J5" t="e"><v>#N/A</v></c>'))),
        reads((Row(5, NAMES[0], IDS[0], ""),), cells=("J5",)),
    ),
    _case(
        "duplicate header with different values",
        "two columns of one name and other sums",
        ((*HEADER, "申请金额"), *((*p, "95") for p in PEOPLE)),
        refused("申请金额", never=NEVER),
    ),
    _case(
        "duplicate header with different values",
        "two columns that mean the same and have other sums",
        ((*HEADER, "申报金额"), *((*p, "95") for p in PEOPLE)),
        either(FIVE, "申报金额", "申请金额", never=NEVER),
    ),
    _case(
        "duplicate header with different values",
        "two columns of IDs that differ",
        ((*HEADER, "身份证号码"), *((*p, IDS[(n + 1) % 5]) for n, p in enumerate(PEOPLE))),
        refused("身份证号"),
    ),
    _case(
        "duplicate header with different values",
        "two columns of one name and the same values",
        ((*HEADER, "申请金额"), *((*p, p[6]) for p in PEOPLE)),
        either(FIVE),
    ),
    _case(
        "two tables on one sheet",
        "two tables side by side",
        ((*HEADER, None, *HEADER), *((*a, None, *b) for a, b in zip(PEOPLE[:2], PEOPLE[2:4], strict=True))),
        either(None, never=NEVER),
    ),
    _case(
        "two tables on one sheet",
        "a table of other columns below the first",
        (*TABLE, (), ("姓名", "金额", "身份证号"), ("己示例", IDS[0], "95")),
        either(None, never=NEVER),
    ),
    _case("empty", "a sheet without cells", (), refused()),
    _case("empty", "a sheet of blank strings", ((" ", "", "\u3000"), ("",)), refused()),
    _case("headers only", "a header and nothing else", (HEADER,), refused("没有一行数据", "0 人")),
    _case("headers only", "a header, a total and a signature", (TITLE, HEADER, TOTAL, SIGNED), refused("没有一行数据", "0 人")),
    _case("headers only", "a title and nothing else", (TITLE,), refused()),
    _case(
        "headers only", "numbers of a template and no people", (HEADER, ("1",), ("2",), ("3",)), refused("没有一行数据", "0 人")
    ),
    _case("no header", "people without a header", PEOPLE, refused("表头")),
    _case("no header", "a header in row 30", (*[("说明",)] * 29, *TABLE), either(rows(31))),
    _case(
        "no header",
        "a header of which every name is unknown",
        (("甲", "乙", "丙", "丁", "戊", "己", "庚"), *PEOPLE),
        refused("表头"),
    ),
]


def _two_sheets(state, second="二组", shown=None):
    other = x.sheet(x.data((HEADER, person(0, name="藏示例", id_=IDS[4], amount="95"))))
    return x.parts({"花名册": x.sheet(shown), second: other}, states={second: state})


def _hidden_row(line, attribute):
    package = x.parts()
    package[x.SHEET] = package[x.SHEET].replace(f'<row r="{line}"'.encode(), f'<row r="{line}" {attribute}'.encode())
    return package


def _filtered():
    package = _hidden_row(3, 'hidden="1"')
    package[x.SHEET] = package[x.SHEET].replace(b"</sheetData>", b'</sheetData><autoFilter ref="A1:G6"/>')
    return package


def _hidden_column():
    package = x.parts()
    package[x.SHEET] = package[x.SHEET].replace(b"<sheetData>", b'<cols><col min="7" max="7" hidden="1"/></cols><sheetData>')
    return package


def _charts_only():
    package = x.parts()
    package[x.RELS] = (
        package[x.RELS].replace(b"/worksheet", b"/chartsheet").replace(b"worksheets/sheet1", b"chartsheets/sheet1")
    )
    package["xl/chartsheets/sheet1.xml"] = package.pop(x.SHEET)
    return package


def _no_sheets():
    package = x.parts()
    package[x.BOOK] = package[x.BOOK][: package[x.BOOK].index(b"<sheets>")] + b"<sheets/></workbook>"
    return package


def _same_names():
    package = x.parts({"花名册": x.sheet(), "花名": x.sheet(x.data((HEADER, person(0, amount="95"))))})
    package[x.BOOK] = package[x.BOOK].replace('name="花名"'.encode(), 'name="花名册"'.encode())
    return package


_NAMES = (
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "../../etc",
    "一组\u202e_gpj",
    "表" * 31,
    "𠮷😀",
    "1",
    " ",
    "a'b\"c&d",
    "_x001B_[31m",
    "con",
)
_HIDDEN = [
    _book(
        "hidden sheets", "a hidden sheet with people", lambda: _two_sheets("hidden"), reads(FIVE, says=("二组",), never=NEVER)
    ),
    _book(
        "hidden sheets",
        "a very hidden sheet with people",
        lambda: _two_sheets("veryHidden"),
        reads(FIVE, says=("二组",), never=NEVER),
    ),
    _book(
        "hidden sheets",
        "a sheet whose state is a word nobody knows",
        lambda: _two_sheets("none of these"),
        reads(FIVE, says=("二组",), never=NEVER),
    ),
    _book("hidden sheets", "all sheets hidden", lambda: x.parts(states={"花名册": "hidden"}), either(FIVE)),
    _book(
        "hidden sheets",
        "a hidden sheet that is asked for",
        lambda: _two_sheets("hidden"),
        reads((Row(2, "藏示例", IDS[4], "95.00"),)),
        options=("--sheet", "二组"),
    ),
    _book(
        "hidden sheets",
        "a sheet that is asked for and not there",
        lambda: _two_sheets("hidden"),
        refused("二组"),
        options=("--sheet", "三组"),
    ),
    _book(
        "hidden sheets",
        "two visible sheets",
        lambda: x.parts({"一组": x.sheet(x.data(TABLE[:3])), "二组": x.sheet(x.data((HEADER, *PEOPLE[2:])))}),
        reads((*FIVE[:2], *(r._replace(line=n) for n, r in enumerate(FIVE[2:], 2)))),
    ),
    _book(
        "hidden sheets",
        "a cover and an empty sheet beside the table",
        lambda: x.parts({"封面": x.sheet(x.data((TITLE,))), "花名册": x.sheet(), "Sheet3": x.sheet("")}),
        reads(FIVE),
    ),
    _book("filtered/hidden row", "a filtered row", _filtered, reads(FIVE, says=("第 3 行",))),
    _book(
        "filtered/hidden row",
        "a hidden row, said as true",
        lambda: _hidden_row(3, 'hidden="true"'),
        reads(FIVE, says=("第 3 行",)),
    ),
    _book("filtered/hidden row", "a row of no height", lambda: _hidden_row(3, 'ht="0" customHeight="1"'), reads(FIVE)),
    _book("filtered/hidden row", "a hidden column of sums", _hidden_column, reads(FIVE)),
    _book("empty", "a workbook of charts", _charts_only, refused()),
    _book("empty", "a workbook without sheets", _no_sheets, refused()),
    *(
        _book("odd sheet names", f"a sheet named {name!r}", lambda name=name: x.parts({name: x.sheet()}), reads(FIVE))
        for name in _NAMES
    ),
    _book("odd sheet names", "two sheets of one name", _same_names, either(None, never=NEVER)),
    *(
        Case(f"a file named {name!r}", "odd file names", name, lambda _: x.workbook(), reads(FIVE))
        for name in (
            "=cmd|'!A1.xlsx",
            "\u202excod.xlsx",
            "花\x1b[31m名\x07册.xlsx",
            "花\n名\r册.xlsx",
            "-rf.xlsx",
            "𠮷" * 50 + ".xlsx",
            "<b>.xlsx",
            "a b'c\"d.xlsx",
        )
    ),
]


_MONTHS = tuple(f"{n}月" for n in range(1, 13))
_WIDE = [
    _case(
        "wide month table",
        "twelve columns of ticks",
        (TITLE, (*HEADER, *_MONTHS), *((*p, *("√" if m < 6 else None for m in range(12))) for p in PEOPLE)),
        reads(rows(3)),
    ),
    _case(
        "wide month table",
        "twelve columns of sums that contradict the claim",
        (TITLE, (*HEADER, *_MONTHS), *((*p, *("95" for _ in range(12))) for p in PEOPLE)),
        reads(tuple(r._replace(amount="") for r in rows(3))),
    ),
]
_ROWS = [
    _case(
        "rows that look like others",
        "a person named 合计",
        (HEADER, person(0, name="合计"), *PEOPLE[1:]),
        reads((FIVE[0]._replace(name="合计"), *FIVE[1:])),
    ),
    _case(
        "rows that look like others",
        "a person with a name and a sum but no ID",
        _people(("6", "己示例", None, "脱贫户", "广东省", "2021-08-01", "500")),
        reads((*FIVE, Row(7, "己示例", "", ""))),
    ),
    _case(
        "rows that look like others",
        "a sum alone, which is a total",
        _people((None, None, None, None, None, None, "500")),
        reads(FIVE),
    ),
    _case(
        "rows that look like others",
        "a sum alone between people",
        (*TABLE[:5], (None, None, None, None, None, None, "500"), PEOPLE[4]),
        reads((*FIVE[:4], Row(6, "", "", ""), Row(7, NAMES[4], IDS[4], f"{SUMS[4]}.00"))),
    ),
    _case(
        "rows that look like others",
        "a person whose number is a remark",
        (HEADER, ("补：1", *PEOPLE[0][1:]), *PEOPLE[1:]),
        reads(FIVE),
    ),
    _case(
        "rows that look like others",
        "one person twice",
        _people(PEOPLE[0]),
        reads((*but({2: None}), Row(7, NAMES[0], IDS[0], None))),
    ),
    _case(
        "rows that look like others",
        "a person below the signature",
        (*TABLE[:5], SIGNED, PEOPLE[4]),
        reads((*FIVE[:4], Row(7, NAMES[4], IDS[4], f"{SUMS[4]}.00"))),
    ),
]
CASES = [*_TABLES, *_HIDDEN, *_WIDE, *_ROWS]
