"""The zip package and the XML of a workbook: opened only if they are what they say, made plain where they are odd."""

import io
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jybf.errors import InputError
from jybf.roster import read
from jybf.roster.workbook.grammar import regular
from jybf.roster.workbook.odd import sheet_of
from jybf.roster.workbook.package import open_package, pack, unpack
from jybf.roster.workbook.shown import shown
from tests.roster.books import HEADER, book, idno, people, rezip

ZHAO, QIAN = idno("50023019880101401"), idno("50023019900202402")


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(*rows, after=""):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'.encode()


def cell(address, value, kind="n"):
    return f'<c r="{address}" t="{kind}"><v>{value}</v></c>'


def row(line, *cells):
    return f'<row r="{line}">{"".join(cells)}</row>'


REGULAR = sheet(row(1, cell("A1", 1), cell("B1", 2)), row(2, cell("A2", 3)))


def held(xml, texts=9):
    """Line, column and text of every cell."""
    return sheet_of(xml, texts, "甲.xlsx〔乙〕").cells.select("line", "column", "text").rows()


def refusal(xml, texts=9):
    with pytest.raises(InputError) as refused:
        held(xml, texts)
    return str(refused.value)


def test_a_sheet_as_programs_write_it_is_read_by_patterns():
    assert regular(REGULAR).cells.select("line", "column", "text").rows() == [(1, 0, "1"), (1, 1, "2"), (2, 0, "3")]


@pytest.mark.parametrize(
    "odd",
    [
        REGULAR.replace(b"<v>1</v>", b"<v>1<!-- --></v>"),
        REGULAR.replace(b"<v>1</v>", b"<v><![CDATA[1]]></v>"),
        REGULAR.replace(b'r="A1" t="n"', b't="n" r="A1"'),
        REGULAR.replace(b'r="A1"', b"r='A1'"),
        REGULAR.replace(b'<c r="A1" t="n">', b"<c>"),
        REGULAR.replace(b'<row r="2">', b"<row>"),
        REGULAR.replace(b'<row r="2">', b'<row\nr="2">'),
        re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", REGULAR).replace(b"xmlns=", b"xmlns:x="),
        REGULAR.replace(b'<c r="A1"', b'<c r ="A1"'),
        REGULAR.replace(b'<c r="A1"', f'<c r="A1" xmlns="{MAIN}"'.encode()),
        REGULAR.replace(b"<v>1</v>", b"<v>&#49;</v>"),
        REGULAR.replace(b"<v>1</v>", b"<v><?xm y?>1</v >"),
        REGULAR.replace(b"><", b">\n <"),
        sheet(
            row(1, cell("A1", 1), cell("B1", 2)),
            row(2, cell("A2", 3)),
            after=f"<extLst><ext>{row(9, cell('A9', 8))}</ext></extLst>",
        ),
        sheet(row(2, cell("A2", 3)), row(1, cell("A1", 1), cell("B1", 2))),
    ],
)
def test_the_same_cells_written_oddly_become_the_same_cells(odd):
    assert not regular(odd)
    assert held(odd) == held(REGULAR)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (sheet(row(1, cell("A1", 1), cell("A1", 2)), row(3, "<c/>")), "A1 写了两次"),
        (sheet(row(1, cell("A1", 1)), row(1, cell("A1", 2))), "A1 写了两次"),
        (sheet(row(1, cell("A1", "#N/A", "e"), cell("A1", 2))), "A1 写了两次"),
        (sheet(row(1, cell("A1", 2), cell("A1", "", "str"))), "A1 写了两次"),
        (sheet(row(1, '<c r="A1"><v>8</v><v>00</v></c>')), "写了两个值"),
        (sheet(row(1, '<c r="a1"><v>8</v></c>')), "地址“a1”不对"),
        (sheet(row(1, '<x:c xmlns:x="http://z" r="A1"><v>8</v></x:c>')), "不该在单元格当中"),
        (sheet(row(1, '<c r="A1"><x:v xmlns:x="http://z">8</x:v></c>')), "A1 的写法认不出"),
        (sheet(row(4294967297, cell("A4294967297", 1))), "表格范围之外"),
        (sheet(row(1, cell("XFE1", 1))), "表格范围之外"),
        (sheet(row(1, cell("AAAAAAAA1", 1))), "表格范围之外"),
        (sheet(row(5, "<c/>", cell("A4", 1))), "不能断定它在哪一行"),
        (sheet(row(1, cell("A1", 9, "s"))), "引用的文字"),
        (sheet(row(1, cell("A1", -1, "s"))), "引用的文字"),
        (b'<!DOCTYPE x [<!ENTITY e "1">]>' + REGULAR, "DOCTYPE"),
        (REGULAR.replace(b"</sheetData>", b""), "XML 已损坏"),
        (sheet(row(1, "<c><is>" + "<t>" * 100 + "</t>" * 100 + "</is></c>")), "嵌套超过"),
        (sheet(row(1, *(f"<c><v>{n}</v></c>" for n in range(703)))), "703 列"),
        (b"<x/>", "不是工作表"),
        (REGULAR.replace(b"sheetData", b"sheetDate"), "不是工作表"),
        (REGULAR.replace(b"worksheet", b"worksheets"), "不是工作表"),
        (REGULAR.replace(b"<sheetData>", b"<y><sheetData>").replace(b"</sheetData>", b"</sheetData></y>"), "不是工作表"),
        (REGULAR.replace(b'<c r="A2" t="n"><v>3</v></c>', b"800"), "单元格之外有文字“800”"),
        (REGULAR.replace(b"</row><row", b"</row>800<row"), "单元格之外有文字“800”"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_its_cell(odd, said):
    shown = refusal(odd)
    assert said in shown
    assert shown.startswith("甲.xlsx〔乙〕")


@pytest.mark.parametrize(("kind", "value"), [("e", "#SPILL!"), ("n", "12a"), ("n", "NaN"), ("n", "1_000"), ("n", "٨٠٠")])
def test_a_cell_without_a_readable_value_is_set_aside_and_named(kind, value):
    odd = sheet_of(sheet("<row>" + cell("A1", 1) + cell("B1", value, kind) + "</row>"), 0, "甲")
    assert [(c.line, c.column, c.text) for c in odd.broken] == [(1, 1, value)]
    assert odd.cells["column"].to_list() == [0]


@pytest.mark.parametrize(
    "odd",
    [
        '<c r="B1" t="str"><is><t>800</t></is></c>',
        '<c r="B1"><is><t>800</t></is></c>',
        '<c r="B1" t="inlineStr"><v>800</v></c>',
        '<c r="B1" t="inlineStr"><is>800</is></c>',
        '<c r="B1" t="inlineStr"><is><x><t>800</t></x></is></c>',
        '<c r="B1">800</c>',
        '<c r="B1"><v><x>800</x></v></c>',
    ],
)
def test_a_value_that_stands_in_the_wrong_place_of_its_cell_is_no_blank(odd):
    read_ = sheet_of(sheet(row(1, cell("A1", 1), odd)), 0, "甲")
    assert [(c.line, c.column, c.text) for c in read_.broken] == [(1, 1, "800")]
    assert read_.cells["column"].to_list() == [0]


def test_numbers_that_lose_a_digit_are_told_by_cell_and_noise_is_not(tmp_path):
    rows = [[*one[:3], amount] for one, amount in zip(people(3), (0.30000000000000004, 800.0000000004, 800.01), strict=True)]
    roster = read([book(tmp_path, HEADER, *rows)])
    assert roster.rows["申请金额"].to_list() == [30, 80000, 80001]
    assert [notice for notice in roster.notices if "位小数" in notice] == [
        f"{tmp_path / '花名册.xlsx'}〔Sheet1〕：D3的数多于 9 位小数，四舍五入到 9 位读"
    ]


def test_a_whole_number_is_the_same_with_a_fraction_of_nothing():
    written = ["1.0", "12.00", "1.50", ".0", "-3.0", "0.0", "1.0e2", "9007199254740993.0", None]
    cells = pl.DataFrame({"kind": "n", "style": 0, "text": written}, schema_overrides={"style": pl.UInt32})
    told = shown(cells, pl.Series([], dtype=pl.String), (), since_1904=False)["shown"].to_list()
    assert told == ["1", "12", "1.5", "0", "-3", "0", "100", "9007199254740992", None]


def test_a_million_formatted_blanks_are_no_cells():
    blanks = (f'<row r="{n}" s="1"><c r="A{n}" s="3"/></row>' for n in range(2, 300_000))
    assert held(sheet(row(1, cell("A1", 1)), *blanks)) == [(1, 0, "1")]


def with_cell(path, extra):
    """The workbook at ``path`` with a cell more at the end of its second row, whose D2 is 800."""
    end = b'</row><row r="3"'
    return rezip(path, lambda name, part: part.replace(end, extra + end) if "sheet1" in name else part)


@pytest.mark.parametrize(
    "again",
    [
        b'<c r="D2"><v>80000</v></c>',
        b'<c r="D2" t="e"><v>#N/A</v></c>',
        b'<c r="D2"><f>A2</f></c>',
        b'<c r="D2" t="str"><v></v></c>',
    ],
)
def test_a_cell_that_is_there_twice_is_refused_if_the_other_holds_anything(tmp_path, again):
    with pytest.raises(InputError, match="D2 写了两次"):
        read([with_cell(book(tmp_path, HEADER, *people(2)), again)])


def test_blank_cells_that_are_there_twice_or_out_of_order_take_nothing_away(tmp_path):
    blanks = b'<c r="H2"/><c r="G2"/><c r="G2"/><c r="G9"/><c r="D2" s="0"></c><c r="D2"/>'
    path = with_cell(book(tmp_path, HEADER, *people(2)), blanks)
    assert read([path]).rows["申请金额"].to_list() == [80000, 80000]


def test_a_damaged_part_is_refused_also_where_nobody_reads_it(tmp_path):
    path = Path(book(tmp_path, HEADER, *people(1)))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("docProps/thumbnail.jpeg", b"picturepicture")
    path.write_bytes(path.read_bytes().replace(b"picturepicture", b"pictureXicture"))
    with pytest.raises(InputError, match=r"thumbnail.*校验码"):
        read([str(path)])


def test_a_package_made_anew_has_the_same_parts_and_nothing_else():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/a.xml", "一" * 1000)
        archive.writestr("b.txt", b"")
    parts = open_package(b"junk before " + content.getvalue(), "甲")
    with zipfile.ZipFile(io.BytesIO(pack(parts.values()))) as made:
        assert made.testzip() is None
        assert {n: made.read(n) for n in made.namelist()} == {"xl/a.xml": ("一" * 1000).encode(), "b.txt": b""}
    assert unpack(parts["xl/a.xml"], "甲") == ("一" * 1000).encode()


_values = st.dictionaries(
    st.tuples(st.integers(1, 60), st.integers(0, 9)), st.integers(-(10**6), 10**6), min_size=1, max_size=40
)


@settings(max_examples=60, deadline=None)
@given(_values, st.randoms(use_true_random=False))
def test_rows_in_any_order_and_cells_in_any_dress_read_the_same(values, order):
    lines = sorted({line for line, _ in values})
    order.shuffle(lines)
    rows = [
        f"<row r='{line}'>"
        + "".join(f"<c t='n' r='{chr(65 + c)}{n}'><v>{v}</v></c>" for (n, c), v in values.items() if n == line)
        + "</row>"
        for line in lines
    ]
    found = held(sheet(*rows))
    assert {(line, column): int(text) for line, column, text in found} == values
    assert found == sorted(found)
