"""What stands above the header: who filled in the form, for which year and month, in which unit."""

from datetime import date

import pytest

from jybf.roster import read
from tests.roster.books import HEADER, book, idno, people

ZHAO = idno("500230198801014012"[:17])
FEBRUARY = (date(2021, 2, 1), date(2021, 2, 28))


@pytest.mark.parametrize("unit", ["元", "元、人", "元、天", "人、天、元", "万元，户"])
def test_a_unit_of_measure_is_no_office(tmp_path, unit):
    path = book(tmp_path, [f"填报单位（盖章）：双路镇人民政府   单位：{unit}"], HEADER, *people(1))
    assert read([path]).rows["填报单位"].to_list() == ["双路镇人民政府"]


def test_a_date_behind_the_office_that_filled_in_the_form_is_no_part_of_its_name(tmp_path):
    path = book(tmp_path, ["填报单位（盖章）：双路镇人民政府      2021年9月5日"], HEADER, *people(1))
    assert read([path]).rows["填报单位"].to_list() == ["双路镇人民政府"]


def test_a_label_that_nobody_filled_in_says_nothing_and_not_what_the_next_one_says(tmp_path):
    path = book(tmp_path, ["填报单位（盖章）：　　　填报日期：　　年　月　日　　单位：元"], HEADER, *people(1))
    assert not {"填报单位", "填报日期"} & {*read([path]).rows.columns}


def test_a_fact_above_the_header_holds_for_every_row(tmp_path):
    path = book(tmp_path, ["单位名称：某某服饰有限公司  联系电话：13900000000"], ["单位：元"], HEADER, *people(2))
    roster = read([path])
    assert roster.rows["单位名称"].to_list() == ["某某服饰有限公司"] * 2
    assert "联系电话" not in roster.rows.columns  # it is that of whoever filled in the form


def test_the_date_of_filling_in_is_not_the_date_of_application(tmp_path):
    rows = read([book(tmp_path, ["填报日期：2021年9月1日"], HEADER, *people(1))]).rows
    assert rows["填报日期"].to_list() == [date(2021, 9, 1)]
    assert "申请日期" not in rows.columns


def test_the_one_year_of_a_title_is_known_and_two_are_not(tmp_path):
    one = read([book(tmp_path, ["2021年花名册"], HEADER, *people(1))]).rows
    two = read([book(tmp_path, ["2021年至2022年花名册"], HEADER, *people(1), name="二.xlsx")]).rows
    assert (one["表题年度"][0], one["表题年度_末"][0]) == (date(2021, 1, 1), date(2021, 12, 31))
    assert "表题年度" not in two.columns


@pytest.mark.parametrize(
    "title",
    [
        "丰都县示例乡2021年2月公益性岗位补贴发放表",
        "公益性岗位补贴发放表（2021年2月）",
        "二〇二一年二月份公益岗位工资表",
        "2021年2月公岗人员补贴发放表 2021年3月5日",
    ],
)
def test_the_one_month_that_a_list_of_posts_pays_for_is_the_period_of_its_rows(tmp_path, title):
    rows = read([book(tmp_path, [title], HEADER, *people(2))]).rows
    assert rows.select("所属期", "所属期_末").rows() == [FEBRUARY] * 2


@pytest.mark.parametrize(
    "title",
    [
        "2021年公益性岗位补贴发放表",
        "2021年1-2月公益性岗位补贴发放表",
        "2021年1月至2月公益性岗位补贴发放表",
        "2021年1月、2月公益性岗位补贴发放表",
        "2021年2月公益性岗位补贴发放表（含3月补发）",
        "公益性岗位补贴发放表（截至2021年2月）",
        "公益性岗位补贴发放表 填报时间 2021年2月",
        "2021年2月28日公益性岗位补贴发放表",
        "2021年2月申请公益性岗位补贴人员花名册",
        "2021年2月新招公益性岗位人员补贴花名册",
        "2021年2月公益性岗位人员花名册",
        "2021年2月以工代训补贴发放表",
        "2021年2月跨省务工交通补贴发放表",
    ],
)
def test_a_title_that_does_not_say_one_month_of_payment_gives_no_period(tmp_path, title):
    assert "所属期" not in read([book(tmp_path, [title], HEADER, *people(1))]).rows.columns


def test_the_months_of_the_rows_go_before_that_of_the_title(tmp_path):
    header, title = ("姓名", "身份证号", "补贴月份"), "2021年2月公益性岗位补贴发放表"
    rows = read([book(tmp_path, [title], header, ("张三", ZHAO, "2021年1月"), ("李四", ZHAO, None))]).rows
    assert rows["所属期"].to_list() == [date(2021, 1, 1), None]


def test_a_sheet_that_is_named_after_another_month_than_its_title_gives_no_period(tmp_path):
    title = ["2021年2月公益性岗位补贴发放表"]
    roster = read([book(tmp_path, sheets={"2月": [title, HEADER, *people(1)], "3月": [title, HEADER, *people(1)]})])
    assert roster.rows["所属期"].to_list() == [date(2021, 2, 1), None]
    assert any("工作表“3月”与表题的 2021年2月不符" in notice for notice in roster.notices)


@pytest.mark.parametrize(("title", "field"), [("2021年补贴发放表", "发放金额"), ("2021年申请表", "申请金额"), ("", "申请金额")])
def test_an_amount_is_what_the_title_says_and_the_choice_is_told(tmp_path, title, field):
    roster = read([book(tmp_path, [title], HEADER, *people(1))])
    assert roster.rows[field].to_list() == [80000]
    assert any(f"按“{field}”理解" in notice for notice in roster.notices)


@pytest.mark.parametrize("title", ["单位：万元", ""])
def test_amounts_in_units_of_ten_thousand_say_so_in_header_or_title(tmp_path, title):
    header = "贷款金额" if title else "贷款金额（万元）"
    assert read([book(tmp_path, [title], ("姓名", "身份证号", header), ("张三", ZHAO, 15))]).rows["贷款金额"].to_list() == [
        15_000_000
    ]


def test_months_without_a_year_take_that_of_the_title(tmp_path):
    rows = read([book(tmp_path, ["2021年以工代训花名册"], ("姓名", "身份证号", "享受月份"), ("张三", ZHAO, "3-8月"))]).rows
    assert rows.select("训练开始日期", "补贴月数").row(0) == (date(2021, 3, 1), 6)
