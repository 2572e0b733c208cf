"""xls and ods: what their records say and their reader does not."""

import struct
import zipfile

import pytest

from jybf.errors import InputError
from jybf.roster import read
from tests.hostile import biff, legacy
from tests.hostile import sheets as x
from tests.roster.books import idno

ZHAO, QIAN = idno("50023019880101401"), idno("50023019900202402")
HEADER = ("姓名", "身份证号", "银行账号", "申请金额")
PERSON = ("甲", ZHAO, "6217001234567890123")


def formula(line, column, result):
    """A cell with a formula and the eight bytes of its result; its expression is the number 1."""
    return biff.record(0x06, struct.pack("<HHH", line - 1, column, 0) + result + struct.pack("<HIH3B", 0, 0, 3, 0x1E, 1, 0))


def xls(folder, *records, rows=(HEADER, PERSON)):
    path = folder / "花名册.xls"
    path.write_bytes(biff.ole({"Workbook": biff.stream({"名单": biff.table(rows) + b"".join(records)})}))
    return str(path)


def reasons(path):
    return [(row["字段"], row["原因"]) for row in read([path]).problems.iter_rows(named=True)]


def test_an_error_cell_of_an_xls_is_named(tmp_path):
    assert reasons(xls(tmp_path, biff.error(2, 3))) == [("申请金额", "单元格是错误值 #N/A")]


def test_a_formula_of_an_xls_that_nobody_computed_is_named(tmp_path):
    nothing = b"\x03" + bytes(5) + b"\xff\xff"
    assert "公式没有算过" in reasons(xls(tmp_path, formula(2, 3, nothing)))[0][1]


def test_an_error_as_the_result_of_a_formula_is_named(tmp_path):
    division = b"\x02\0\x07\0\0\0\xff\xff"
    assert reasons(xls(tmp_path, formula(2, 3, division))) == [("申请金额", "单元格是错误值 #DIV/0!")]


def test_a_cell_twice_in_an_xls_is_refused(tmp_path):
    with pytest.raises(InputError, match="D2 写了两次"):
        read([xls(tmp_path, biff.number(2, 3, 702), biff.number(2, 3, 95))])


def test_a_whole_number_is_a_number(tmp_path):
    rows = (HEADER, (*PERSON[:2], None, "800"), ("乙", QIAN, None, "800"))
    path = xls(tmp_path, biff.number(2, 2, 123456789.0), biff.number(3, 2, 12345678901.5), rows=rows)
    assert [field for field, _ in reasons(path)] == ["银行账号", "银行账号"]


@pytest.mark.parametrize("odd", ['calcext:value-type="error"', "<text:p>#DIV/0!</text:p>", "<draw:text-box>", "<text:note >"])
def test_an_ods_that_would_be_read_as_something_else_is_refused(tmp_path, odd):
    path = tmp_path / "花名册.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<x>{odd}</x>")
    with pytest.raises(InputError, match="另存为 xlsx"):
        read([str(path)])


def font(*, struck=False):
    return biff.record(0x31, struct.pack("<HHHHHBBBBBB", 220, 8 * struck, 0x7FFF, 400, 0, 0, 0, 0, 0, 1, 0) + b"a")


def style(number):
    return biff.record(0xE0, struct.pack("<HHH", number, 0, 0) + bytes(14))


def styled(line, column, text, number):
    body = bytearray(biff.label(line, column, text))
    body[8:10] = struct.pack("<H", number)
    return bytes(body)


def comment(line, column, text, box=1):
    """The records of a comment: its box, the text of it, and where it is."""
    return b"".join(
        (
            biff.record(0x5D, struct.pack("<HHHH", 0x15, 0x12, 0x19, box) + bytes(18)),
            biff.record(0x1B6, bytes(18)),
            biff.record(0x3C, b"\x01" + text.encode("utf-16-le")),
            biff.record(0x1C, struct.pack("<HHHHHBB", line - 1, column, 0, box, 1, 0, 0x61)),
        )
    )


def xls_styled(folder, *records, fonts, styles):
    path = folder / "花名册.xls"
    rows = biff.table((HEADER, (*PERSON, "800"), ("乙", QIAN, "6217001234567890123"))) + b"".join(records)
    extra = b"".join((*fonts, *map(style, styles)))
    path.write_bytes(biff.ole({"Workbook": biff.stream({"名单": rows}, extra)}))
    return read([str(path)])


def test_a_comment_and_a_struck_cell_of_an_xls_are_told_by_cell(tmp_path):
    fonts = [font()] * 4 + [font(struck=True)]  # the fifth has the number 5
    roster = xls_styled(tmp_path, styled(3, 3, "800", 1), comment(2, 0, "已死亡"), fonts=fonts, styles=(0, 5))
    assert [(row["_row"], row["字段"]) for row in roster.problems.iter_rows(named=True)] == [(1, "申请金额")]
    assert roster.rows["申请金额"].to_list() == [80000, None]
    assert any("A2“已死亡”" in notice for notice in roster.notices)
    assert not any("哪几个字" in notice for notice in roster.notices)


def test_a_font_of_an_xls_that_strikes_out_a_part_of_a_text_at_most_is_told(tmp_path):
    roster = xls_styled(tmp_path, styled(3, 3, "800", 1), fonts=[font(), font(struck=True)], styles=(0, 0))
    assert any("看不出划去了一格中的哪几个字" in notice for notice in roster.notices)


def test_comments_and_struck_texts_of_an_ods_are_told_by_cell(tmp_path):
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    line = '<style:style style:name="S"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    made = '<style:style style:name="T" style:parent-style-name="S"/>'

    def ods_row(*cells):
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def ods_cell(text, more="", note=""):
        return f'<table:table-cell office:value-type="string"{more}>{note}<text:p>{text}</text:p></table:table-cell>'

    note = "<office:annotation><text:p>已死亡</text:p></office:annotation>"
    rows = (
        ods_row(*map(ods_cell, HEADER)),
        ods_row(ods_cell("甲", note=note), *map(ods_cell, (ZHAO, "6217001234567890123", "800"))),
        ods_row(*map(ods_cell, ("乙", QIAN, "6217001234567890123", '<text:span text:style-name="T">8</text:span>00'))),
        ods_row(
            *map(ods_cell, ("丙", idno("50023019910303403"), "6217001234567890123")), ods_cell("800", ' table:style-name="T"')
        ),
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{line}{made}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="名单">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "花名册.ods"
    path.write_bytes(x.zipped({**legacy._ods(), "content.xml": content.encode()}))
    roster = read([str(path)])
    assert roster.rows.select("姓名", "申请金额").rows() == [("甲", 80000), ("乙", None), ("丙", None)]
    assert [(row["_row"], row["原因"][:7]) for row in roster.problems.iter_rows(named=True)] == [
        (1, "有删除线：划去"),
        (2, "整格有删除线，"),
    ]
    assert any("A2“已死亡”" in notice for notice in roster.notices)
