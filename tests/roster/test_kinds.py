"""What a file is, told by its content: workbooks under any name, and everything else refused with the way out."""

import io
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from jybf.errors import InputError
from jybf.roster import read
from jybf.roster.ole import held
from tests.roster.books import HEADER, book, idno, people, text

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
CSV = f"姓名,身份证号,金额\n赵一,{idno('14022419900101001')},800\n"
SHEET_2003 = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'


def refusal(path):
    with pytest.raises(InputError) as refused:
        read([str(path)])
    return str(refused.value)


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body><table><tr><td>\xd0\xd5</td></tr></table>", "网页（HTML）表格"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><p>", "网页（HTML）表格"),
        ("<!-- 导出 --><div><table border=1><tr>".encode(), "网页（HTML）表格"),
        ("<meta charset=utf-8><table>".encode("utf-16"), "网页（HTML）表格"),
        (b'<?xml version="1.0"?><html xmlns="x"><table/></html>', "网页（HTML）表格"),
        (SHEET_2003.encode(), "XML 电子表格 2003"),
        (SHEET_2003.encode("utf-16"), "XML 电子表格 2003"),
        (b'<?xml version="1.0"?><root/>', "XML 文件"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页存档"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "图片"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "图片"),
        (b"Rar!\x1a\x07\0", "压缩包"),
        (b"7z\xbc\xaf\x27\x1c\0", "压缩包"),
        (zipped(word__document_xml="x"), "Word 文档"),
        (zipped(ppt__presentation_xml="x"), "演示文稿"),
        (zipped(a_xlsx="x"), "压缩包里没有工作簿"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"META-INF__manifest_xml": "<manifest:encryption-data"}), "文件有密码"),
        (b"\0" * 5000, "文件是空的"),
        (bytes(range(256)) * 20, "不是表格文件"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["花名册.xls", "花名册.xlsx", "花名册.csv"])
def test_what_is_no_workbook_says_what_it_is_and_the_way_out(tmp_path, content, said, name):
    reply = refusal(text(tmp_path, content, name=name))
    assert said in reply
    assert "（" in reply


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-8"])
@pytest.mark.parametrize("name", ["花名册.xls", "花名册.xlsx"])
def test_text_under_the_name_of_a_workbook_is_read_and_said(tmp_path, encoding, name):
    roster = read([text(tmp_path, CSV.replace(",", "\t"), encoding, name)])
    assert roster.rows["姓名"].to_list() == ["赵一"]
    assert "内容是 文本" in roster.notices[0]


def test_text_with_a_tag_in_it_is_text(tmp_path):
    assert read([text(tmp_path, CSV.replace("赵一", "<b>赵一</b>"))]).rows.height == 1


def test_a_workbook_under_another_suffix_is_read_and_said(tmp_path):
    roster = read([book(tmp_path, HEADER, *people(2), name="a.xlsx")])
    path = shutil.copy(tmp_path / "a.xlsx", tmp_path / "花名册.xls")
    renamed = read([str(path)])
    assert renamed.rows.equals(roster.rows)
    assert "后缀是 .xls，内容是 xlsx" in renamed.notices[0]


def ole(name="Workbook", *, tables=1, shift=9, used=3, sectors=4, first=b""):
    """The skeleton of an OLE file: a header, an allocation table, a directory with one name, a stream."""
    head = bytearray(OLE + bytes(504))
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, shift, 6)
    struct.pack_into("<II", head, 44, tables, 1)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", *[0xFFFFFFFE] * used, *[0xFFFFFFFF] * (128 - used))
    body = [table, f"{name}\0".encode("utf-16-le").ljust(512, b"\0"), first.ljust(512, b"\0"), bytes(512)]
    return bytes(head) + b"".join(body[:sectors])


BOF = bytes.fromhex("0908100000060500") + bytes(12)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (ole(first=BOF + b"\x42\0\x02\0"), "workbook"),
        (ole("Book"), "workbook"),
        (ole("EncryptedPackage"), "password"),
        (ole("EncryptedPackage")[:1100], "password"),
        (ole(first=BOF + b"\x2f\0\x36\0"), "password"),
        (ole(first=BOF + b"\x86\0\0\0\x2f\0\x36\0"), "password"),
        (ole("WordDocument"), "word"),
        (ole("PowerPoint Document"), "slides"),
        (ole("ET"), "nothing"),
        (ole(tables=4_000_000_000), "damage"),
        (ole(tables=0), "damage"),
        (ole(shift=40), "damage"),
        (ole(used=100), "damage"),
        (ole(sectors=2), "damage"),
        (OLE + bytes(range(256)) * 40, "damage"),
        (OLE, "damage"),
    ],
)
def test_an_ole_file_is_told_by_its_own_tables(data, what):
    assert held(data) == what


@pytest.mark.parametrize(
    ("data", "said"), [(ole("WordDocument"), "Word"), (ole("ET"), "另存为 xlsx"), (ole("EncryptedPackage"), "文件有密码")]
)
def test_an_ole_file_that_is_no_workbook_is_refused_with_the_way_out(tmp_path, data, said):
    assert said in refusal(text(tmp_path, data, name="花名册.et"))


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice to write xls")
def test_an_xls_is_read_loudly_and_a_cut_one_is_refused(tmp_path):
    source = book(tmp_path, HEADER, *people(30), name="a.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", "xls", source]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    whole = (tmp_path / "a.xls").read_bytes()
    roster = read([text(tmp_path, whole, name="花名册.xlsx")])
    assert roster.rows.height == 30
    assert any("xls 格式没有校验码" in notice for notice in roster.notices)
    for size in (400, 1600, len(whole) // 2, len(whole) - 1100):
        assert "损坏" in refusal(text(tmp_path, whole[:size], name="花名册.xls"))


def test_a_device_is_no_file():
    assert "设备" in refusal("/dev/zero") if Path("/dev/zero").exists() else True
