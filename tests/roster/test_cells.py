"""What is kept in a cell: merged, broken, a number in place of text or date, a unit in its format."""

import re
from datetime import date

import openpyxl
import polars as pl
import pytest

from jybf.roster import cells, read
from tests.roster.books import HEADER, WANG, book, idno, people, rezip

ZHAO = idno("500230198801014012"[:17])


def test_a_merged_household_cell_fills_its_members_and_a_blank_one_does_not(tmp_path):
    rows = [("户主姓名", "姓名", "身份证号"), ("王一", "王一", ZHAO), (None, "王二", ZHAO), (None, "王三", ZHAO)]
    assert read([book(tmp_path, *rows, merge=("A2:A3",))]).rows["户主姓名"].to_list() == ["王一", "王一", None]


def test_a_merged_name_is_not_spread_over_two_payments(tmp_path):
    rows = [("姓名", "身份证号", "金额"), ("王一", ZHAO, 800), (None, None, 800)]
    read_rows = read([book(tmp_path, *rows, merge=("A2:A3", "B2:B3"))]).rows
    assert read_rows["身份证号"].to_list() == [ZHAO, None]


def test_an_id_or_account_kept_as_a_number_is_refused(tmp_path):
    roster = read(
        [
            book(
                tmp_path,
                ("姓名", "身份证号", "银行账号"),
                ("张三", int(ZHAO[:17] + "0"), 6217001234567890123),
                ("李四", ZHAO, "6217001234567890123"),
            )
        ]
    )
    assert roster.problems.select("_row", "字段", "编号").rows() == [(0, "身份证号", "JY103"), (0, "银行账号", "JY605")]
    assert roster.rows["身份证号"].to_list() == [None, ZHAO]
    assert roster.rows["身份证号_误"].to_list() == [True, False]


def test_an_old_id_kept_as_a_number_has_lost_nothing(tmp_path):
    header, old = ("姓名", "身份证号"), "110101900307123"
    roster = read([book(tmp_path, header, ("张三", int(old)), ("李四", old), ("王五", int(old[:12])))])
    assert roster.problems["编号"].to_list() == ["JY101"] * 3
    assert roster.problems["原因"].to_list() == ["15 位旧号已停用，须换成 18 位"] * 2 + ["身份证号 12 位，应为 18 位"]


def test_error_cells_and_formulas_never_computed_are_problems_not_blanks(tmp_path):
    roster = read([book(tmp_path, HEADER, (1, "张三", ZHAO, "#N/A"), (2, "李四", ZHAO, "=400*2"))])
    assert roster.problems["原因"].str.contains("错误值 #N/A|公式没有算过").to_list() == [True, True]
    assert roster.rows["申请金额_误"].to_list() == [True, True]


def test_cells_are_examined_alike_where_a_program_writes_its_tags_with_a_prefix(tmp_path):
    path = book(tmp_path, HEADER, (1, "张三", ZHAO, "#N/A"), (2, "李四", int(ZHAO[:17] + "0"), "=400*2"))

    def prefix(name, part):
        if not name.startswith("xl/worksheets/"):
            return part
        return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", part).replace(b"xmlns=", b"xmlns:x=")

    roster = read([rezip(path, prefix)])
    assert roster.problems.select("_row", "字段").rows() == [(0, "申请金额"), (1, "申请金额"), (1, "身份证号")]


def test_error_cells_are_found_also_where_no_cell_has_an_address(tmp_path):
    def without_addresses(name, part):
        return re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", part) if name.startswith("xl/worksheets/") else part

    path = rezip(book(tmp_path, HEADER, (1, "张三", ZHAO, "#N/A"), (2, "李四", ZHAO, 800)), without_addresses)
    roster = read([path])
    assert roster.problems.select("_row", "字段", "原文").rows() == [(0, "申请金额", "#N/A")]
    assert roster.rows["申请金额"].to_list() == [None, 80000]


def test_a_date_kept_as_a_number_that_may_be_october_is_refused(tmp_path):
    roster = read(
        [
            book(
                tmp_path,
                ("姓名", "身份证号", "申请日期"),
                ("张三", ZHAO, 2021.1),
                ("李四", ZHAO, 2021.2),
                ("王五", ZHAO, date(2021, 7, 1)),
            )
        ]
    )
    assert roster.rows["申请日期"].to_list() == [None, date(2021, 2, 1), date(2021, 7, 1)]


def test_cells_of_many_findings_are_named_at_once(tmp_path):
    roster = read([book(tmp_path, HEADER, *people(2))])
    places = roster.rows.select("_sheet", "行号").with_columns(字段=pl.Series(["身份证号", "籍贯"]))
    assert cells(roster, places).to_list() == ["C2", ""]


def test_a_bare_number_for_a_date_is_refused_where_days_count_from_1904(tmp_path):
    path = book(tmp_path, ("姓名", "身份证号", "申请日期"), ("张三", ZHAO, 44378))
    assert read([path]).rows["申请日期"].to_list() == [date(2021, 7, 1)]
    mac = rezip(
        path,
        lambda name, part: (
            part.replace(b"<workbookPr ", b'<workbookPr date1904="1" ') if name.endswith("workbook.xml") else part
        ),
    )
    assert read([mac]).problems["字段"].to_list() == ["申请日期"]


@pytest.mark.parametrize(
    ("code", "kept", "fen", "told"),
    [
        ('0.00"万元"', 0.08, 80000, True),
        ('[$-804]#,##0.00"万"', 0.08, 80000, True),
        ('0!.0000"万元"', 800, 80000, False),  # these show the sum that is kept
        ('0"."0,"万元"', 800, 80000, False),
        ('0.00_万"元"', 800, 80000, False),
        ('[DBNum2]General"元整"', 800, 80000, False),
        ('0"百元"', 8, None, True),
    ],
)
def test_a_number_that_its_format_shows_with_a_unit_is_read_as_it_is_shown(tmp_path, code, kept, fen, told):
    path = book(tmp_path, HEADER, (1, "张三", ZHAO, kept), (2, "李四", idno(WANG), 700))
    workbook = openpyxl.load_workbook(path)
    workbook.active["D2"].number_format = code
    workbook.save(path)
    roster = read([path])
    assert roster.rows["申请金额"].to_list() == [fen, 70000]
    assert any("D2的数由格式带上" in notice for notice in roster.notices) == told


def test_a_unit_in_the_header_and_in_the_format_is_one(tmp_path):
    path = book(tmp_path, (*HEADER[:3], "申请金额（万元）"), (1, "张三", ZHAO, 0.08), (2, "李四", idno(WANG), 0.07))
    workbook = openpyxl.load_workbook(path)
    workbook.active["D2"].number_format = '0.00"万元"'
    workbook.save(path)
    assert read([path]).rows["申请金额"].to_list() == [80000, 70000]
