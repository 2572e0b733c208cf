"""Files as they come: wrong suffixes, passwords, encodings, broken lines. One clear refusal each, or the right rows."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart

from jybf.errors import InputError
from jybf.roster import read
from tests.roster.books import HEADER, book, idno, people, rezip, text

ZHAO = idno("50023019880101401")
CSV = f"序号,姓名,身份证号,金额\n1,张三,{ZHAO},800\n2,䶮某,{ZHAO},300\n"


def refusal(*paths, **options):
    with pytest.raises(InputError) as refused:
        read([str(path) for path in paths], **options)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_excel_are_told_apart(tmp_path, encoding):
    roster = read([text(tmp_path, CSV, encoding)])
    assert roster.rows["姓名"].to_list() == ["张三", "䶮某"]
    assert bool(roster.notices and "编码" in roster.notices[0]) == (encoding in ("gb18030", "utf-16"))


def test_an_encoding_asked_for_is_used(tmp_path):
    assert read([text(tmp_path, CSV, "utf-8")], encoding="utf-8").rows.height == 2
    assert "没有叫“无此码”的编码" in refusal(text(tmp_path, CSV), encoding="无此码")


def test_a_line_in_another_encoding_is_named(tmp_path):
    content = CSV.encode() + f"3,王五,{ZHAO},1\n".encode("gbk")
    assert "第 4 行的文字不是 UTF-8" in refusal(text(tmp_path, content))


@pytest.mark.parametrize(("separator", "newline"), [(",", "\r\n"), ("\t", "\n"), (";", "\n"), (",", "\r")])
def test_separators_and_line_ends(tmp_path, separator, newline):
    content = CSV.replace(",", separator).replace("\n", newline)
    assert read([text(tmp_path, content)]).rows["申请金额"].to_list() == [80000, 30000]


def test_mixed_line_ends_lose_nobody(tmp_path):
    content = f"姓名,身份证号,金额\r\n张三,{ZHAO},1\r李四,{ZHAO},2\n王五,{ZHAO},3\r\n"
    assert read([text(tmp_path, content)]).rows["行号"].to_list() == [2, 3, 4]


def test_blank_lines_and_newlines_in_quotes_keep_excels_row_numbers(tmp_path):
    content = f'\n花名册\n姓名,身份证号,备注\n\n"张\n三",{ZHAO},x\n李四,{ZHAO},y\n'
    assert read([text(tmp_path, content)]).rows["行号"].to_list() == [5, 6]


def test_a_comma_without_quotes_that_shifts_columns_is_refused_with_its_line(tmp_path):
    assert "第 3 行" in refusal(text(tmp_path, f"姓名,身份证号,金额\n张三,{ZHAO},800\n李四,{ZHAO},1,500\n"))


def test_a_lone_quote_is_refused_with_its_line(tmp_path):
    assert "第 2 行的引号不成对" in refusal(text(tmp_path, f'姓名,身份证号,金额\n"张三,{ZHAO},800\n李四,{ZHAO},500\n'))


def test_full_width_commas_are_no_separators(tmp_path):
    assert "中文逗号" in refusal(text(tmp_path, CSV.replace(",", "，")))


def test_a_sep_line_is_no_row_at_all_as_in_excel(tmp_path):
    assert read([text(tmp_path, "sep=;\n" + CSV.replace(",", ";"))]).rows["行号"].to_list() == [2, 3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"\n\n  \n", "文件是空的"),
        (b"\xef\xbb\xbf", "文件是空的"),
        (b"\xef\xbb\xbf" * 2, "文件是空的"),
        (b"\xff\xfe\r\0\n\0", "文件是空的"),
        (b" ,,,\r\n;;\t\r\n", "文件是空的"),
        (b"x", "没有找到表头"),
        ("姓名,身份证号,金额\n".encode(), "只有表头"),
        (b"<html><table><tr><td>x</td></tr></table>", "另存为 xlsx"),
        (b'<?xml version="1.0"?><Workbook/>', "另存为 xlsx"),
        (b"\x00\x01\x02 binary", "不是表格文件"),
        (b"PK\x03\x04 cut off", "已损坏"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 4000, "不是工作簿"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4000 + "EncryptedPackage\0".encode("utf-16-le"), "文件有密码"),
        (b"hello,world\n1,2\n", "没有找到表头"),
    ],
)
def test_what_is_no_roster_is_refused_with_the_reason(tmp_path, content, said):
    assert said in refusal(text(tmp_path, content, name="花名册.xlsx"))


def test_the_problems_of_all_files_are_told_at_once(tmp_path):
    said = refusal(tmp_path / "无.xlsx", tmp_path, text(tmp_path, b"", name="空.csv"), tmp_path / "~$甲.xlsx")
    for reason in ("文件不存在", "这是文件夹", "文件是空的", "锁文件"):
        assert reason in said


def test_a_wrong_suffix_is_read_by_content_and_said(tmp_path):
    roster = read([text(tmp_path, CSV, name="其实是文本.xlsx")])
    assert roster.rows.height == 2
    assert "已按内容读取" in roster.notices[0]


def test_stdin_is_read_like_a_file(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(CSV.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert read(["-"]).sheets[0].file == "标准输入"


def test_hidden_sheets_and_sheets_without_a_header_are_named(tmp_path):
    path = book(
        tmp_path,
        sheets={"甲村": [HEADER, *people(1)], "乙村": [HEADER, *people(2)], "说明": [["填表须知"]], "旧": [HEADER]},
        hidden=("旧",),
    )
    roster = read([path])
    assert [sheet.name for sheet in roster.sheets] == ["甲村", "乙村"]
    assert roster.rows.select("_row", "_sheet", "行号").rows() == [(0, 0, 2), (1, 1, 2), (2, 1, 3)]
    assert any("隐藏的工作表没有读：旧" in notice for notice in roster.notices)
    assert any("说明" in notice for notice in roster.notices)


def test_empty_sheets_and_charts_are_named(tmp_path):
    workbook = Workbook()
    for row in (HEADER, *people(1)):
        workbook.active.append(row)
    workbook.create_sheet("乙村")
    workbook.create_chartsheet("图一").add_chart(BarChart())
    workbook.save(tmp_path / "甲.xlsx")
    notices = read([str(tmp_path / "甲.xlsx")]).notices
    assert [notice.partition("：")[2] for notice in notices if "工作表" in notice or "图表" in notice] == [
        "空的工作表：乙村，没有一格有内容；不该是空的，就核对原件",
        "图表或宏表没有读：图一",
    ]
    assert not any("没有读" in notice for notice in read([str(tmp_path / "甲.xlsx")], sheet="1").notices)


@pytest.mark.parametrize("wanted", ["乙村", "2"])
def test_one_sheet_is_picked_by_name_or_number(tmp_path, wanted):
    path = book(tmp_path, sheets={"甲村": [HEADER, *people(1)], "乙村": [HEADER, *people(2)]})
    assert [sheet.name for sheet in read([path], sheet=wanted).sheets] == ["乙村"]
    assert "1 甲村、2 乙村" in refusal(path, sheet="丙村")


def in_sheet(old, new):
    return lambda name, part: part.replace(old, new) if "worksheets/" in name else part


def test_a_doctype_is_refused_unread(tmp_path):
    path = rezip(
        book(tmp_path, HEADER, *people(1)),
        in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'),
    )
    assert "DOCTYPE" in refusal(path)


def moved_to(address, row):
    """The one amount of a sheet, moved to another cell."""

    def move(name, part):
        moved = part.replace(b'<row r="2"', b'<row r="' + row + b'"').replace(b'r="D2"', b'r="' + address + b'"')
        return moved if "worksheets/" in name else part

    return move


def test_a_cell_outside_every_grid_is_refused(tmp_path):
    assert "表格范围之外" in refusal(rezip(book(tmp_path, HEADER, *people(1)), moved_to(b"D99999999", b"99999999")))


def test_a_stray_cell_far_to_the_right_is_named_and_the_table_read(tmp_path):
    roster = read([rezip(book(tmp_path, HEADER, *people(1)), moved_to(b"XFD2", b"2"))])
    assert roster.rows["姓名"].to_list() == ["张1000"]
    assert any("XFD2" in notice for notice in roster.notices)


def test_a_stray_cell_far_below_is_named_and_counted_and_the_table_read(tmp_path):
    path = rezip(book(tmp_path, HEADER, *people(1), (None, None, None, 5)), in_sheet(b'"3"', b'"1048576"'))
    roster = read([rezip(path, in_sheet(b'r="D3"', b'r="D1048576"'))])
    assert roster.rows["行号"].to_list() == [2]
    assert roster.sheets[0].lines["孤立"] == 1
    assert any("D1048576" in notice for notice in roster.notices)


def test_cells_without_addresses_are_read_in_order(tmp_path):
    def bare(name, part):
        return re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", part) if "worksheets/" in name else part

    roster = read([rezip(book(tmp_path, HEADER, *people(2), (3, "王五", 110101199003070000, 1)), bare)])
    assert roster.rows["申请金额"].to_list() == [80000, 80000, 100]
    assert roster.problems["编号"].to_list() == ["JY103"]


def test_a_hidden_row_is_read_and_said(tmp_path):
    path = rezip(book(tmp_path, HEADER, *people(3)), in_sheet(b'<row r="3"', b'<row r="3" hidden="1"'))
    roster = read([path])
    assert roster.rows.height == 3
    assert any("第 3 行" in notice for notice in roster.notices)


def test_a_flipped_bit_is_noticed(tmp_path):
    path = book(tmp_path, HEADER, *people(50))
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(Path(path).read_bytes())
    data[info.header_offset + 200] ^= 4
    Path(path).write_bytes(data)
    assert "已损坏" in refusal(path)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_as_input_and_nothing_else(tmp_path_factory, content):
    with pytest.raises(InputError) as refused:
        read([text(tmp_path_factory.mktemp("x"), content)])
    assert refused.value.exit_code == 3


def test_rows_that_end_early_are_said(tmp_path):
    content = f"姓名,身份证号,金额,备注\n张三,{ZHAO},800\n李四,{ZHAO},800,x\n填表人：某某\n"
    assert "第 2 行的列比其他行少" in read([text(tmp_path, content)]).notices[0]
