"""The public notice: whom it names, what it hides, until when and to whom one may object; it prints on A4."""

import io
from datetime import date

import openpyxl
import polars as pl
import pytest

from jybf.errors import OutputError, UsageError
from jybf.report.bank import PAYMENT
from jybf.report.notice import Notice, public, write_notice
from tests.audit.rosters import number
from tests.report.chromium import CHROMIUM, NO_CHROMIUM, browser
from tests.report.test_bank import CARD, payments
from tests.report.test_browser import sheets
from tests.report.test_html import HOSTILE, Reader

TITLE = "示例县2021年跨省务工交通补贴拟发放名单公示"
NOTICE = Notice(TITLE, date(2021, 12, 28), "示例县人力资源和社会保障局就业股", "0350-1234567")
LIVING = {"乡镇": "示例镇", "行政村": "东坡村", "电话": "13900000001", "原因": "〔2021年〕"}
FRAME = payments(LIVING, LIVING | {"姓名": "乙𠮷例", "账号": "1234567", "身份证号": "K123", "金额": 50_005})


def page(tmp_path, frame=FRAME, notice=NOTICE):
    write_notice(frame, notice, tmp_path / "公示.html")
    return (tmp_path / "公示.html").read_text(encoding="utf-8")


def test_names_are_whole_numbers_are_hidden_and_what_nobody_has_is_left_out():
    rows = public(FRAME)
    assert rows.columns == ["序号", "姓名", "身份证号", "乡镇", "行政村", "补贴项目", "账号", "金额"]
    one, other = rows.rows()
    assert one[1:3] == ("甲示例", f"142201**********{number(1)[-2:]}")
    assert one[6:] == ("****4569", 80_000)
    assert other[1:3] == ("乙𠮷例", "****")
    assert other[6:] == ("****4567", 50_005)


def test_where_no_person_is_named_the_employer_is():
    rows = public(payments({"姓名": "", "身份证号": "", "单位": "甲厂13900000001"}))
    assert rows.row(0, named=True)["姓名"] == "甲厂139****0001"


def test_the_period_counts_its_first_day():
    assert NOTICE.period == "公示期 7 天：2021年12月28日至2022年1月3日"


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_says_all_of_it_and_no_number_of_anybody_s(tmp_path, text):
    frame = payments(LIVING | {"姓名": text}, LIVING)
    told = Reader(page(tmp_path, frame, Notice(TITLE + text, date(2021, 12, 28), "示例局", "0350-1234567")))
    for words in (TITLE, "0350-1234567", "1600.00", "合计 2 笔", "示例镇", "东坡村", "2022年1月3日"):
        assert words in told.text
    for hidden in (CARD, number(1), "13900000001", "〔2021年〕"):
        assert hidden not in told.text
    assert {tag for tag, _ in told.tags} <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "p",
        "b",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "br",
    }


def test_the_sheet_has_the_same_list_with_its_sum(tmp_path):
    write_notice(FRAME, NOTICE, tmp_path / "公示.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "公示.xlsx").read_bytes()))["公示"]
    told = [sheet.cell(row, 1).value for row in (1, 2, 3, 5)]
    assert told == [TITLE, "以下 2 笔、共 1300.05 元，拟予发放，现予公示。", NOTICE.period, f"{NOTICE.office}　2021年12月28日"]
    assert "0350-1234567" in sheet.cell(4, 1).value
    assert [cell.value for cell in sheet[6]][:3] == ["序号", "姓名", "身份证号"]
    assert [cell.value for cell in sheet[9]] == [None, "合计", None, None, None, None, None, 1300.05]
    assert sheet.page_setup.paperSize == 9


def test_a_notice_by_which_nobody_could_object_is_refused_with_all_that_it_lacks(tmp_path):
    with pytest.raises(UsageError) as error:
        page(tmp_path, notice=Notice("", date(2021, 1, 1), " ", "", days=0))
    assert len(error.value.problems) == 4
    with pytest.raises(OutputError, match="没有要公示的"):
        page(tmp_path, pl.DataFrame(schema=PAYMENT))
    with pytest.raises(OutputError, match="公示写不成"):
        write_notice(FRAME, NOTICE, tmp_path / "公示.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)
def test_it_prints_on_a4(tmp_path):
    page(tmp_path, payments(*[LIVING] * 60))
    with browser(tmp_path / "profile") as tab:
        tab.open((tmp_path / "公示.html").as_uri())
        assert set(sheets(tab.pdf())) == {(595, 842)}
