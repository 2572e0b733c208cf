"""Units that stand in a title or a header, and cells that are longer than any value."""

import time

import pytest

from jybf.errors import InputError
from jybf.roster import read
from jybf.vocabulary.values.money import parse_money
from jybf.vocabulary.values.numbers import chinese_int
from tests.roster.books import book, idno

ZHAO = idno("50023019880101401")
HEADER = ("姓名", "身份证号", "申请金额", "务工月数", "申请日期")


@pytest.mark.parametrize(
    "title",
    [
        "单位：万元",
        "金额单位：人民币万元",
        "补贴花名册（单位：万元）",
        "单位:万元、人",
        "计量单位：万元",
        "填报单位：甲镇 单位： 万元",
    ],
)
def test_ten_thousands_stated_in_a_title_are_understood(tmp_path, title):
    roster = read([book(tmp_path, (title,), HEADER, ("甲", ZHAO, 0.08, 6, "2021-08-01"))])
    assert roster.rows["申请金额"].to_list() == [80000]


@pytest.mark.parametrize("title", ["单位：千元", "（金额单位：百元）"])
def test_a_unit_in_which_nobody_pays_is_not_taken_for_yuan(tmp_path, title):
    roster = read([book(tmp_path, (title,), HEADER[:3], ("甲", ZHAO, 0.8))])
    assert roster.rows["申请金额"].to_list() == [None]
    assert "单位" not in roster.rows.columns


@pytest.mark.parametrize("header", ["务工时长（天）", "务工月数(天)", "务工时间（天）"])
def test_days_are_no_months(tmp_path, header):
    roster = read([book(tmp_path, (*HEADER[:3], header), ("甲", ZHAO, 800, 10))])
    assert roster.rows.select(name for name in ("务工月数",) if name in roster.rows.columns).to_series(0).to_list() == [None]


@pytest.mark.parametrize("header", ["申请日期", "务工时间", "合同起止"])
def test_a_number_that_may_be_january_or_october_is_no_month(tmp_path, header):
    roster = read([book(tmp_path, (*HEADER[:3], header), ("甲", ZHAO, 800, 2021.1))])
    assert roster.problems["原因"].str.contains("10 月").all()
    assert roster.problems.height


@pytest.mark.parametrize("text", ["一" * 30_000, "-1" * 15_000, "至" * 30_000, "2021年1月至" * 4_000, "壹万" * 15_000])
def test_a_cell_as_long_as_a_book_is_no_value_and_costs_no_time(tmp_path, text):
    row = ("甲", ZHAO, text, text, text, text, text)
    begun = time.process_time()
    roster = read([book(tmp_path, (text,), (*HEADER, "享受月份", "合同起止", text), row)])
    assert time.process_time() - begun < 10
    assert roster.rows["申请金额"].to_list() == [None]
    assert roster.problems["原因"].str.contains("超过 200 字").any()


def test_numbers_in_words_end_where_no_roster_counts():
    assert chinese_int("壹亿壹亿壹亿") is None
    assert "不是金额" in parse_money("壹亿壹亿壹亿元").reason
    assert chinese_int("一亿") == 100_000_000


def test_a_long_remark_above_the_table_hides_no_header(tmp_path):
    path = book(tmp_path, ("说明" * 10_000,), HEADER, ("甲", ZHAO, 800, 6, "2021-08-01"))
    assert read([path]).rows.height == 1
    with pytest.raises(InputError):
        read([book(tmp_path, ("说明" * 10_000,))])
