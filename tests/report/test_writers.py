"""Every format from the same two reports: the contract's columns, exact money, text that stays text, the same bytes twice."""

import csv
import io
import json
from zipfile import ZipFile

import openpyxl
import polars as pl
import pytest
from rich.console import Console

from jybf.errors import OutputError, UsageError
from jybf.model import FINDING_COLUMNS, VERDICT_COLUMNS, Report
from jybf.report import FORMATS, format_of, writer
from jybf.report.anew import write_book
from jybf.report.formats.table_txt import print_report
from jybf.report.layout import table
from jybf.report.plain import masked
from jybf.visible import covered, covered_origin
from jybf.vocabulary.yuan import yuan
from tests.report.samples import TRANSPORT, audit_report, calc_report

KINDS = [calc_report, audit_report]


def _bytes(form, report, *, mask=False):
    out = io.BytesIO()
    writer(form)(report, out, mask=mask)
    return out.getvalue()


def _rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("make", KINDS)
def test_the_same_report_gives_the_same_bytes(form, make):
    assert _bytes(form, make()) == _bytes(form, make())


def test_csv_has_the_contracts_columns_in_order():
    assert tuple(_rows(_bytes("csv", calc_report()).decode())[0]) == VERDICT_COLUMNS
    assert tuple(_rows(_bytes("csv", audit_report()).decode())[0]) == FINDING_COLUMNS


def test_csv_money_has_two_decimals_and_is_empty_where_there_is_none():
    rows = _rows(_bytes("csv", calc_report()).decode())
    assert [row["核定金额"] for row in rows] == ["800.00", "", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_text_never_starts_a_formula(start):
    report = calc_report()
    frame = report.frame.with_columns(pl.lit(f"{start}1+1").alias("单位"))
    rows = _rows(_bytes("csv", Report("calc", frame, report.summary, {})).decode())
    assert rows[0]["单位"] == f"'{start}1+1"


@pytest.mark.parametrize("text", ["A-B公司", "2021-08-01", "1=1", "张三@某镇", "第 5 行 +1", "晚于 2021-12-31"])
def test_csv_text_with_such_a_sign_further_on_stays_as_it_is(text):
    report = calc_report()
    texts = pl.Series("单位", ["=1+1", text, text])  # beside a cell that does need the apostrophe
    rows = _rows(_bytes("csv", Report("calc", report.frame.with_columns(texts), report.summary, {})).decode())
    assert [row["单位"] for row in rows] == ["'=1+1", text, text]


def test_csv_ids_stay_text_in_full():
    assert "140224199001010019" in _bytes("csv", calc_report()).decode()


def test_mask_hides_ids_cards_and_phones_wherever_they_stand():
    frame = pl.DataFrame(
        {"说明": ["证号140224199001010019、卡6210000000000001234，电话19900000001", "140224900101001"], "行号": [1, 2]}
    )
    shown = masked(frame)["说明"].to_list()
    assert shown == ["证号140224**********19、卡********1234，电话199****0001", "140224*******01"]


@pytest.mark.parametrize(
    ("odd", "shown"),
    [
        ("1404982198503120013X", "********013X"),  # too long
        ("14049819850312001", "********2001"),  # too short
        ("140498 19850312 0013", "140498**********13"),
        ("140498-1985-0312-001X", "140498**********1X"),
        ("１４０４９８１９８５０３１２００１Ｘ", "１４０４９８**********１Ｘ"),
        ("ID140498198503120013号", "ID140498**********13号"),
        ("140498198503120013140498198503120013", "********0013"),
        ("6217 8580 0001 1234 567", "********567"),
        ("199-0000-0001", "199****0001"),
    ],
)
def test_mask_hides_numbers_in_odd_shapes(odd, shown):
    assert masked(pl.DataFrame({"说明": [odd]}))["说明"].item() == shown == covered(odd)


def test_an_invisible_character_saves_no_number_from_the_mask():
    assert masked(pl.DataFrame({"说明": ["1404981985\u200b03120013"]}))["说明"].item() == "140498**********13"


def test_the_digest_of_a_file_stays_whatever_its_digits_and_the_number_in_its_name_does_not():
    told = "名单 死亡13800001234.csv 138000012345，2021-12-31）、b.csv 123456789012 · 规则包 0123456789ab"
    assert covered_origin(told) == told.replace("死亡13800001234", "死亡138****1234")


def test_mask_leaves_sums_dates_and_short_numbers_alone():
    frame = pl.DataFrame({"说明": ["2021-08-31，30400.00 元，第 217 行，20210831"]})
    assert masked(frame).equals(frame)
    assert covered(frame["说明"].item()) == frame["说明"].item()


def test_json_is_one_versioned_object():
    whole = json.loads(_bytes("json", calc_report()))
    assert list(whole) == ["schema", "kind", "provenance", "summary", "rows"]
    assert [row["核定金额"] for row in whole["rows"]] == ["800.00", None, None]
    assert list(whole["rows"][0]) == list(VERDICT_COLUMNS)
    assert whole["summary"]["补齐可决定"] == [{"补齐": "务工省", "行数": 1, "金额": "800.00"}]


def test_json_of_an_audit_lists_what_was_not_checked():
    assert json.loads(_bytes("json", audit_report()))["not_run"][0]["编号"] == "JY601"


def test_json_without_rows_is_still_json():
    report = calc_report()
    assert json.loads(_bytes("json", Report("calc", report.frame.clear(), report.summary, {})))["rows"] == []


def test_jsonl_is_a_row_a_line():
    lines = _bytes("jsonl", audit_report()).decode().splitlines()
    assert [json.loads(line)["涉及金额"] for line in lines] == ["1200.50", None]


def test_xlsx_sheets_are_what_a_clerk_looks_for():
    calc, audit = (openpyxl.load_workbook(io.BytesIO(_bytes("xlsx", make()))) for make in KINDS)
    assert calc.sheetnames == ["汇总", "明细"]
    assert audit.sheetnames == ["汇总", "问题清单", "未检查"]


def test_xlsx_money_is_a_number_and_an_id_is_text():
    sheet = openpyxl.load_workbook(io.BytesIO(_bytes("xlsx", calc_report())))["明细"]
    money, number = sheet["I2"], sheet["E2"]
    assert (money.value, money.number_format) == (800, "#,##0.00")
    assert (number.value, number.number_format, number.data_type) == ("140224199001010019", "@", "s")


def test_xlsx_cells_without_a_value_are_blank_whatever_stood_above_them():
    book = openpyxl.load_workbook(io.BytesIO(_bytes("xlsx", calc_report())))
    rows = calc_report().frame.rows(named=True)
    for line, row in enumerate(rows, 2):
        shown = {head.value: cell.value for head, cell in zip(book["明细"][1], book["明细"][line], strict=True)}
        assert {name for name, value in shown.items() if value is None} == {
            n for n, value in row.items() if value in {None, ""}
        }


def test_xlsx_text_never_becomes_a_formula():
    sheet = openpyxl.load_workbook(io.BytesIO(_bytes("xlsx", calc_report())))["明细"]
    assert (sheet["D4"].value, sheet["D4"].data_type) == ("=丙示例", "s")


def test_xlsx_prints_on_one_width_with_its_header_on_each_page():
    sheet = openpyxl.load_workbook(io.BytesIO(_bytes("xlsx", calc_report())))["明细"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:M4", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
        "landscape",
        0,
        True,
    )


def test_xlsx_carries_no_clock():
    with ZipFile(io.BytesIO(_bytes("xlsx", calc_report()))) as archive:
        assert {entry.date_time[:1] for entry in archive.infolist()} <= {(1980,), (2021,)}
        assert archive.read("docProps/core.xml").count(b"2021-01-01T00:00:00Z") == 2


def test_xlsx_past_the_last_row_of_excel_is_an_error():
    report = calc_report()
    many = pl.concat([report.frame] * 350_000)
    with pytest.raises(OutputError, match="1048575"):
        _bytes("xlsx", Report("calc", many, report.summary, {}))


def test_the_table_shows_first_who_is_not_paid():
    text = _bytes("table", calc_report(), mask=True).decode()
    assert text.index("乙示例") < text.index("甲示例")
    assert "140224…19" in text
    assert "140224199001010019" not in text


def test_a_table_off_the_terminal_is_never_wrapped_or_cropped():
    report = calc_report()
    long = "很长的说明" * 100
    frame = report.frame.with_columns(pl.lit(long).alias("说明"))
    assert long in _bytes("table", Report("calc", frame, report.summary, {})).decode()


def test_the_table_of_an_audit_says_where_what_why_and_what_to_do():
    text = _bytes("table", audit_report(), mask=True).decode()
    for part in (
        "JY506",
        "H4",
        "丁示例",
        "2022-08-31",
        "2022-03-01 及以前",
        "1200.50 元",
        "山西（十二）",
        "重签协议",
        "JY601",
        "银行账号",
    ):
        assert part in text


def test_a_long_roster_is_shortened_on_a_terminal_and_says_how_to_see_it_all():
    report = calc_report()
    many = pl.concat([report.frame.filter(pl.col("结果") == "不符合")] * 300)
    out = io.StringIO()
    terminal = Console(file=out, width=80, force_terminal=True, color_system=None)
    print_report(Report("calc", many, report.summary, {}), terminal, mask=True)
    assert out.getvalue().count("乙示例") == 200
    assert "另有 100 行，用 --all 或 -o 结果.xlsx 查看全部" in out.getvalue()


def test_every_report_says_that_its_lines_add_up():
    assert "共 8 行 = 可发放 1 + 待补资料 1 + 不符合 1 + 表题 2 + 表头 2 + 合计 1" in _bytes("table", calc_report()).decode()
    assert TRANSPORT in _bytes("table", calc_report()).decode()


def test_an_unknown_suffix_is_a_usage_error_that_lists_the_formats():
    with pytest.raises(UsageError, match=r"\.docx.*\.xlsx"):
        format_of("结果.docx")
    assert format_of("结果.XLSX") == "xlsx"


@pytest.mark.parametrize(("fen", "text"), [(80000, "800.00"), (5, "0.05"), (-150, "-1.50"), (0, "0.00")])
def test_yuan_is_exact(fen, text):
    assert yuan(fen) == text


def test_a_text_that_no_cell_can_hold_is_shortened(tmp_path):
    rows = pl.DataFrame({"姓名": ["长" * 40_000], "身份证号": ["1" * 31_000]})
    with (tmp_path / "x.xlsx").open("wb") as out:
        write_book([table("明细", rows)], out)
    name, number = next(openpyxl.load_workbook(tmp_path / "x.xlsx")["明细"].iter_rows(min_row=2, values_only=True))
    assert (len(name), name[-1], number) == (32_001, "…", "1" * 31_000)


def test_a_list_of_very_many_rows_holds_what_a_short_one_does(tmp_path, monkeypatch):
    rows = pl.DataFrame({"姓名": ["甲", None, "=1"], "行号": [1, 2, 3], "核定金额": ["800.00", None, "1.50"]}).cast(
        {"核定金额": pl.Decimal(20, 2)}
    )
    read = []
    for most in (100_000, 1):
        monkeypatch.setattr("jybf.report.anew._AT_ONCE", most)
        with (tmp_path / "x.xlsx").open("wb") as out:
            write_book([table("明细", rows)], out)
        read.append([*openpyxl.load_workbook(tmp_path / "x.xlsx")["明细"].iter_rows(values_only=True)])
    assert read[0] == read[1]
    assert read[0][1:] == [("甲", 1, 800), (None, 2, None), ("=1", 3, 1.5)]
