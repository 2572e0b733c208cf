"""xls and ods: what their records say and their reader does not."""

import struct
import zipfile

import pytest

from jybf.errors import InputError
from jybf.roster import read
from tests.hostile import biff
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
