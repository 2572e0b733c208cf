"""Which columns are fields: headers over two rows, twice, unknown, or told apart by title and values."""

from datetime import date

import pytest

from jybf.errors import InputError
from jybf.roster import cell, read
from tests.roster.books import book, idno

ZHAO = idno("500230198801014012"[:17])


def test_two_header_rows_are_joined_inside_their_merged_cells(tmp_path):
    path = book(
        tmp_path,
        ("姓名", "身份证号", "务工情况", None, "金额"),
        (None, None, "省份", "县", None),
        ("张三", ZHAO, "广东", "宝安区", 800),
        merge=("A1:A2", "B1:B2", "C1:D1", "E1:E2"),
    )
    roster = read([path])
    assert roster.rows.select("务工省", "务工县", "申请金额").row(0) == ("广东省", "宝安区", 80000)
    assert roster.sheets[0].header_line == 2
    assert "户籍省" not in roster.rows.columns


def test_two_columns_that_claim_one_field_are_all_named(tmp_path):
    with pytest.raises(InputError) as refused:
        read([book(tmp_path, ("姓名", "人员姓名", "身份证号", "证件号码"), ("张三", "李四", ZHAO, ZHAO))])
    said = str(refused.value)
    assert "“姓名”（A1）、“人员姓名”（B1）" in said
    assert "“身份证号”（C1）、“证件号码”（D1）" in said
    assert "改名或删去其中一列" in said


def test_repeated_unimportant_columns_are_no_conflict(tmp_path):
    assert read([book(tmp_path, ("姓名", "身份证号", "备注", "备注"), ("张三", ZHAO, "甲", "乙"))]).rows["备注"].to_list() == [
        "甲"
    ]


def test_unknown_columns_are_listed_and_never_guessed(tmp_path):
    roster = read([book(tmp_path, ("姓名", "身份证号", "爱好", None), ("张三", ZHAO, "钓鱼", "没有表头的值"))])
    assert roster.sheets[0].unknown == ("爱好", "（D 列没有表头）")
    assert any("爱好" in notice for notice in roster.notices)


def test_one_month_alone_or_months_that_run_back_are_named_with_what_to_do_instead(tmp_path):
    for name, months in {"一.xlsx": ("12月",), "倒.xlsx": ("11月", "12月", "1月")}.items():
        header = ("姓名", "身份证号", *months, "爱好")
        notices = read([book(tmp_path, header, ("张三", ZHAO, *["√"] * len(months), "钓鱼"), name=name)]).notices
        assert any(f"{'、'.join(months)}各月一列的没有用到；请合成一列“享受月份”" in notice for notice in notices)
        assert any(notice.endswith("不认识的列没有用到：爱好") for notice in notices)


@pytest.mark.parametrize(("title", "kind"), [("2021年以工代训花名册", "训练"), ("2021年技能培训花名册", "培训")])
@pytest.mark.parametrize(
    ("headers", "cells"),
    [
        (("培训开始时间", "培训结束时间"), ("2021.3.1", "2021.8.31")),
        (("培训起止时间",), ("2021.3.1-2021.8.31",)),
        (("培训时间",), ("2021.3.1-2021.8.31",)),
    ],
)
def test_training_dates_under_work_in_place_of_training_are_its_own(tmp_path, title, kind, headers, cells):
    rows = read([book(tmp_path, [title], ("姓名", "身份证号", *headers), ("张三", ZHAO, *cells))]).rows
    assert rows.select(f"{kind}开始日期", f"{kind}结束日期").row(0) == (date(2021, 3, 1), date(2021, 8, 31))


@pytest.mark.parametrize("header", ["培训月数", "培训补贴月数"])
def test_months_of_training_are_the_months_paid_for(tmp_path, header):
    assert read([book(tmp_path, ("姓名", "身份证号", header), ("张三", ZHAO, 3))]).rows["补贴月数"].to_list() == [3]


@pytest.mark.parametrize(("term", "field"), [("1年", "合同月数"), ("2021.3.1-2022.2.28", "合同开始日期")])
def test_a_contract_term_is_what_its_values_are(tmp_path, term, field):
    assert read([book(tmp_path, ("姓名", "身份证号", "合同期限"), ("张三", ZHAO, term))]).rows[field][0] is not None


def test_a_composite_column_names_its_cell_for_each_field(tmp_path):
    roster = read([book(tmp_path, ("姓名", "身份证号", "合同起止"), ("张三", ZHAO, "2021年3月至今"))])
    assert roster.problems.select("字段", "原文").row(0) == ("合同结束日期", "2021年3月至今")
    assert cell(roster.sheets[0], "合同结束日期", 2) == "C2"
    assert roster.rows["合同开始日期"].to_list() == [date(2021, 3, 1)]


def test_this_tools_own_output_is_read_as_history(tmp_path):
    header = [
        "文件",
        "工作表",
        "行号",
        "姓名",
        "身份证号",
        "单位",
        "补贴项目",
        "结果",
        "核定金额",
        "标准类型",
        "依据",
        "说明",
        "假定",
    ]
    row = [
        "甲.xlsx",
        "Sheet1",
        "5",
        "张三",
        ZHAO,
        "",
        "以工代训补贴",
        "可发放",
        "1200.00",
        "定额",
        "（一）",
        "〔2021年；6个月〕每月 200 元",
        "",
    ]
    rows = read([book(tmp_path, header, row)]).rows
    assert rows.select("原行号", "核定金额", "所属期", "所属期_末", "补贴月数", "行号").row(0) == (
        "5",
        120000,
        date(2021, 1, 1),
        date(2021, 12, 31),
        6,
        2,
    )


@pytest.mark.parametrize(
    ("header", "value", "field", "read_as"),
    [
        ("务工区域（县内/省内县外/省外）", "省外", "务工区域", "省外"),
        ("学段（中职、高职）", "高职", "教育阶段", "高职"),
        ("是否脱贫户", "是", "脱贫户", True),
        ("脱贫劳动力", "√", "脱贫户", True),
        ("是否建档立卡", "否", "脱贫户", False),
        ("是否建档立卡", "建档立卡户", "人员类别", "脱贫人口"),
    ],
)
def test_a_header_that_lists_its_answers_or_asks_for_yes_or_no_is_the_field_that_they_answer(
    tmp_path, header, value, field, read_as
):
    assert read([book(tmp_path, ("姓名", "身份证号", header), ("张三", ZHAO, value))]).rows[field].to_list() == [read_as]


def test_remarks_that_are_no_answers_stay_a_part_of_the_header(tmp_path):
    roster = read([book(tmp_path, ("姓名", "身份证号", "务工区域（本人/户主）"), ("张三", ZHAO, "省外"))])
    assert roster.sheets[0].unknown == ("务工区域（本人/户主）",)


def test_a_project_is_no_programme_where_the_posts_of_a_settlement_are_counted(tmp_path):
    posts = read([book(tmp_path, ("项目名称", "安置区人口", "岗位总数", "搬迁群众岗位数"), ("某桥", 900, 10, 7))])
    assert "补贴项目" not in posts.rows.columns
    claims = read([book(tmp_path, ("姓名", "身份证号", "项目名称"), ("张三", ZHAO, "雨露计划"))])
    assert claims.rows["补贴项目"].to_list() == ["雨露计划"]
