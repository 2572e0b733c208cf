"""What hostile files do to the terminal of whoever reads them: nothing."""

import os

import openpyxl
import pytest

from tests.cli.program import HEADER, PAID

ESC = "\x1b[31m\x9b5m\u202e"


def clean(result):
    return not any(c in (result.out + result.err).replace("\r\n", "\n") for c in "\x1b\x9b\x07\u202e\u2066\r")


@pytest.mark.parametrize(
    ("command", "form"), [("calc", "table"), ("calc", "csv"), ("calc", "json"), ("audit", "table"), ("inspect", "table")]
)
def test_names_of_files_sheets_and_columns_and_cells_steer_nothing(jybf, tmp_path, command, form):
    book = openpyxl.Workbook()
    book.active.title = f"表{chr(0x9B)}5m\u202e"
    rows = [line.split(",") for line in PAID.replace("甲示例", f"甲\u202e{chr(0x9B)}示例").splitlines()]
    for extra, row in zip((f"未知{chr(0x9B)}列\u202e", f"\u2066x{chr(0x9B)}"), rows, strict=True):
        book.active.append([*row, extra])
    book.save(tmp_path / f"红{ESC}.xlsx")
    result = jybf(command, f"红{ESC}.xlsx", "-f", form, *(("-r", "shanxi") if command != "inspect" else ()))
    assert result.code in (0, 1)
    assert clean(result)


def test_messages_about_hostile_names_are_one_clean_line(jybf):
    for arguments in (
        ["calc", f"无{ESC}\n错误：假的.csv"],
        ["calc", "x.csv", "-r", ESC],
        ["calc", "x.csv", "--set", ESC],
        [ESC],
    ):
        result = jybf(*arguments)
        assert result.code in (2, 3)
        assert clean(result)
        assert result.err.count("\n") == 1


def test_a_header_as_long_as_a_book_is_shortened_in_messages(jybf, roster):
    path = roster(PAID.replace(HEADER, f"{HEADER},{'长' * 20000}"))
    result = jybf("calc", path, "-r", "shanxi", "-f", "csv")
    assert result.code == 0
    assert max(map(len, result.err.splitlines())) < 2500


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes on POSIX only")
def test_a_name_that_is_no_text_is_no_obstacle(jybf, tmp_path):
    name = os.fsdecode(b"\xd0\xd5\xc3\xfb.csv")  # GBK
    (tmp_path / name).write_text(PAID, encoding="utf-8")
    for form in ("csv", "json", "table"):
        result = jybf("calc", name, "-r", "shanxi", "-f", form)
        assert result.code == 0
        assert "800.00" in result.out
    assert jybf("calc", name, "-r", "shanxi", "-o", "结果.xlsx").code == 0
