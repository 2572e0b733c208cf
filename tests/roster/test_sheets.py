"""Whole workbooks: which rows are people, which columns are fields, and where everything stood."""

import re
from datetime import date

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jybf.errors import InputError
from jybf.model import Total
from jybf.roster import cell, cells, read
from tests.roster.books import HEADER, WANG, book, idno, people, rezip

ZHAO = idno("500230198801014012"[:17])


@pytest.mark.parametrize(
    ("told", "totals"),
    [
        ("本表共3人，合计金额1,700元。", [("人数", 3), ("申请金额", 170000)]),
        ("补贴人数：2人    补贴金额合计：1600元", [("人数", 2), ("申请金额", 160000)]),
        ("以上人员共5人，补贴资金3020.5元，经村民代表会议评议通过。", [("人数", 5), ("申请金额", 302050)]),
        ("全县共1200人，合计金额960000元", []),
        ("补贴标准：每人800元，共计划下达1600元", []),
        ("审核人：共产党员 2人", []),
    ],
)
def test_what_a_sentence_says_of_the_whole_table_is_a_total_too(tmp_path, told, totals):
    above, below = (
        read([book(tmp_path, *rows)]).sheets[0].totals
        for rows in (([told], HEADER, *people(2)), (HEADER, *people(2), [f"说明：{told}"]))
    )
    assert [(t.field, t.stated, t.prose) for t in above] == [(*each, True) for each in totals]
    assert [(t.field, t.stated) for t in below] == totals
    assert all(t.computed == {"人数": 2, "申请金额": 160000}[t.field] for t in above + below)


@pytest.mark.parametrize("unit", ["元", "元、人", "元、天", "人、天、元", "万元，户"])
def test_a_unit_of_measure_is_no_office(tmp_path, unit):
    path = book(tmp_path, [f"填报单位（盖章）：双路镇人民政府   单位：{unit}"], HEADER, *people(1))
    assert read([path]).rows["填报单位"].to_list() == ["双路镇人民政府"]


def test_a_date_behind_the_office_that_filled_in_the_form_is_no_part_of_its_name(tmp_path):
    path = book(tmp_path, ["填报单位（盖章）：双路镇人民政府      2021年9月5日"], HEADER, *people(1))
    assert read([path]).rows["填报单位"].to_list() == ["双路镇人民政府"]


def test_title_header_people_totals_and_signatures_each_have_their_place(tmp_path):
    path = book(
        tmp_path,
        ["双路镇2021年交通补助花名册"],
        ["填报单位（盖章）：双路镇人民政府   填报日期：2021年9月1日   单位：元"],
        HEADER,
        *people(2),
        [],
        ["合计", None, "2人", 1600],
        ["填表人：赵六   审核人：钱七"],
        [None, None, None, "2021年9月1日"],
    )
    sheet = read([path]).sheets[0]
    assert sheet.lines == {"表题": 2, "表头": 1, "数据": 2, "合计": 1, "示例": 0, "落款": 2, "空行": 1}
    assert sheet.header_line == 3
    assert sheet.totals == (Total(7, "申请金额", 160000, 160000, True), Total(7, "人数", 2, 2, True, "C7"))


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


FEBRUARY = (date(2021, 2, 1), date(2021, 2, 28))


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


def test_a_row_with_a_name_or_an_amount_but_no_id_is_a_person(tmp_path):
    rows = read([book(tmp_path, HEADER, (1, "张三", None, None), (2, None, None, 800), *people(1))]).rows
    assert rows["行号"].to_list() == [2, 3, 4]


def test_subtotals_count_from_the_one_above_and_page_totals_are_no_grand_total(tmp_path):
    path = book(
        tmp_path,
        HEADER,
        *people(2),
        ["小计", None, None, 1600],
        *people(1),
        ["本页合计", None, None, 999],
        ["总计", None, None, 2400],
    )
    totals = read([path]).sheets[0].totals
    assert [(t.stated, t.computed, t.grand) for t in totals] == [
        (160000, 160000, False),
        (99900, 80000, False),
        (240000, 240000, True),
    ]


def test_a_header_repeated_on_the_next_page_is_no_person(tmp_path):
    assert read([book(tmp_path, HEADER, *people(1), HEADER, *people(1))]).rows["行号"].to_list() == [2, 4]


def test_a_row_that_numbers_the_columns_is_no_person(tmp_path):
    assert read([book(tmp_path, HEADER, (1, 2, 3, 4), *people(1))]).rows["行号"].to_list() == [3]


def test_a_template_line_with_only_its_serial_number_is_blank(tmp_path):
    sheet = read([book(tmp_path, HEADER, *people(1), [2], [3], ["填表人：某某"])]).sheets[0]
    assert (sheet.lines["数据"], sheet.lines["空行"], sheet.lines["落款"]) == (1, 2, 1)


@pytest.mark.parametrize(
    "row",
    [
        ("示例", "张三", ZHAO, 800),
        ("例", "张三", ZHAO, 800),
        ("填写示例：", "张三", ZHAO, 800),
        (None, "例如", ZHAO, 800),
    ],
)
def test_a_templates_example_is_nobodys_row_even_with_an_id(tmp_path, row):
    roster = read([book(tmp_path, HEADER, row, *people(1))])
    assert roster.rows["行号"].to_list() == [3]
    assert roster.sheets[0].lines["示例"] == 1


@pytest.mark.parametrize("words", ["填写说明", "填表说明：身份证号填 18 位", "说明："])
def test_a_templates_instructions_are_nobodys_row_even_with_an_id(tmp_path, words):
    roster = read([book(tmp_path, HEADER, (words, "姓名照身份证填", ZHAO, 800), *people(1))])
    assert roster.rows["行号"].to_list() == [3]
    assert roster.sheets[0].lines["落款"] == 1


def test_a_person_whose_name_only_begins_like_an_example_stays_a_person(tmp_path):
    assert read([book(tmp_path, HEADER, (1, "例阿妹", ZHAO, 800))]).rows.height == 1


def test_leading_blank_rows_and_columns_keep_excels_own_numbers(tmp_path):
    shifted = [[None, None, *row] for row in (HEADER, *people(1))]
    roster = read([book(tmp_path, [], [], [], *shifted)])
    assert roster.rows["行号"].to_list() == [5]
    assert cell(roster.sheets[0], "身份证号", 5) == "E5"


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


@pytest.mark.parametrize(("title", "field"), [("2021年补贴发放表", "发放金额"), ("2021年申请表", "申请金额"), ("", "申请金额")])
def test_an_amount_is_what_the_title_says_and_the_choice_is_told(tmp_path, title, field):
    roster = read([book(tmp_path, [title], HEADER, *people(1))])
    assert roster.rows[field].to_list() == [80000]
    assert any(f"按“{field}”理解" in notice for notice in roster.notices)


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


@pytest.mark.parametrize("title", ["单位：万元", ""])
def test_amounts_in_units_of_ten_thousand_say_so_in_header_or_title(tmp_path, title):
    header = "贷款金额" if title else "贷款金额（万元）"
    assert read([book(tmp_path, [title], ("姓名", "身份证号", header), ("张三", ZHAO, 15))]).rows["贷款金额"].to_list() == [
        15_000_000
    ]


def test_a_composite_column_names_its_cell_for_each_field(tmp_path):
    roster = read([book(tmp_path, ("姓名", "身份证号", "合同起止"), ("张三", ZHAO, "2021年3月至今"))])
    assert roster.problems.select("字段", "原文").row(0) == ("合同结束日期", "2021年3月至今")
    assert cell(roster.sheets[0], "合同结束日期", 2) == "C2"
    assert roster.rows["合同开始日期"].to_list() == [date(2021, 3, 1)]


def test_an_address_answers_only_where_the_province_has_no_cell_of_its_own(tmp_path):
    rows = [
        ("姓名", "身份证号", "务工省", "务工地点"),
        ("张三", ZHAO, "北京", "某某电子厂"),
        ("李四", ZHAO, None, "深圳市宝安区"),
    ]
    roster = read([book(tmp_path, *rows)])
    assert roster.rows.select("务工省", "务工县").rows() == [("北京市", None), ("广东省", "宝安区")]
    assert roster.problems.height == 0


@pytest.mark.parametrize(
    ("said", "region"), [("省外", "省外"), ("外省", "省外"), ("跨省", "省外"), ("本省", "省内"), ("省内", "省内")]
)
def test_a_province_that_is_only_said_to_be_another_or_the_own_is_a_region_of_work(tmp_path, said, region):
    roster = read([book(tmp_path, ("姓名", "身份证号", "务工省份"), ("张三", ZHAO, said), ("李四", ZHAO, "内蒙"))])
    assert roster.rows.select("务工省", "务工区域").rows() == [(None, region), ("内蒙古自治区", None)]
    assert roster.problems.height == 0


def test_a_region_of_its_own_column_stands_against_what_the_province_says(tmp_path):
    rows = [("姓名", "身份证号", "务工省份", "务工区域"), ("张三", ZHAO, "省外", "县内"), ("李四", ZHAO, "火星", "省外")]
    roster = read([book(tmp_path, *rows)])
    assert roster.rows["务工区域"].to_list() == ["县内", "省外"]
    assert roster.problems.select("_row", "字段").rows() == [(1, "务工省")]


def test_a_broken_cell_is_no_fault_of_the_column_beside_it(tmp_path):
    rows = [("姓名", "身份证号", "务工省份", "务工区域"), ("张三", ZHAO, "#N/A", "省外")]
    assert read([book(tmp_path, *rows)]).problems["字段"].to_list() == ["务工省"]


def test_months_without_a_year_take_that_of_the_title(tmp_path):
    rows = read([book(tmp_path, ["2021年以工代训花名册"], ("姓名", "身份证号", "享受月份"), ("张三", ZHAO, "3-8月"))]).rows
    assert rows.select("训练开始日期", "补贴月数").row(0) == (date(2021, 3, 1), 6)


def test_cells_of_many_findings_are_named_at_once(tmp_path):
    roster = read([book(tmp_path, HEADER, *people(2))])
    places = roster.rows.select("_sheet", "行号").with_columns(字段=pl.Series(["身份证号", "籍贯"]))
    assert cells(roster, places).to_list() == ["C2", ""]


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


SHAPES = st.lists(st.sampled_from(["数据", "合计", "落款", "空行", "表头"]), max_size=12)


@settings(max_examples=30, deadline=None)
@given(SHAPES)
def test_every_row_ends_in_exactly_one_kind(tmp_path_factory, shapes):
    looks = {
        "数据": (1, "张三", ZHAO, 800),
        "合计": ("合计", None, None, 800),
        "落款": ("审核人：某某",),
        "空行": (),
        "表头": HEADER,
    }
    rows = [("花名册",), HEADER, people(1)[0], *(looks[shape] for shape in shapes), ("注：完",)]
    lines = read([book(tmp_path_factory.mktemp("s"), *rows)]).sheets[0].lines
    assert sum(lines.values()) == len(rows)
    assert {kind: lines[kind] for kind in looks} == {
        kind: shapes.count(kind) + {"数据": 1, "表头": 1, "落款": 1}.get(kind, 0) for kind in looks
    }


def test_the_invented_people_have_sound_ids():
    assert len(idno(WANG)) == 18


def test_a_total_in_words_is_compared_where_one_amount_can_be_meant(tmp_path):
    totals = read([book(tmp_path, HEADER, *people(2), ["合计：3人，1,700元"])]).sheets[0].totals
    assert totals == (Total(4, "申请金额", 170000, 160000, True, "A4"), Total(4, "人数", 3, 2, True, "A4"))


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
    ("said", "fen"),
    [
        ("合计：贰人，壹仟陆佰元整", 160000),
        ("合计（大写）：人民币壹仟陆佰元伍角整", 160050),
        ("合计：1600元（大写：壹仟陆佰元整）", 160000),
        ("合计：1600元（大写：壹仟柒佰元整）", None),
        ("合计：12千元", None),
        ("合计：1.5万元", None),
    ],
)
def test_a_total_in_chinese_numerals_is_compared_too(tmp_path, said, fen):
    totals = read([book(tmp_path, HEADER, *people(2), [said])]).sheets[0].totals
    assert [total.stated for total in totals if total.field == "申请金额"] == [fen] * (fen is not None)


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
