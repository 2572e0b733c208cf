"""Layouts that townships really use: merged households, a column a month, a sheet a township, two tables on one sheet."""

from datetime import date

import openpyxl
import polars as pl
import pytest

from jybf.errors import InputError
from jybf.roster import cell, read
from tests.roster.books import HEADER, book, idno, people, text

ZHAO, QIAN, SUN = (idno(f"5002301988010140{n}") for n in (1, 2, 3))
LIST = (*HEADER[:3], "申请金额")
MONTHS = tuple(f"{n}月" for n in range(1, 13))


def months(*marked, mark="√"):
    return tuple(mark if n in marked else None for n in range(1, 13))


# ── merged cells ────────────────────────────────────────────────────


def test_what_a_household_shares_is_filled_down_inside_real_merges_only(tmp_path):
    header = ("户主姓名", "户编号", "家庭住址", "银行账号", "姓名", "身份证号")
    rows = [("王一", "H1", "东村1号", "6217000010001234567", "王一", ZHAO)]
    rows += [(None, None, None, None, name, number) for name, number in (("王二", QIAN), ("王三", SUN))]
    roster = read([book(tmp_path, header, *rows, merge=("A2:A3", "B2:B3", "C2:C3", "D2:D3"))])
    shared = roster.rows.select("户主姓名", "户编号", "家庭住址", "银行账号").rows()
    assert shared[0] == shared[1] == ("王一", "H1", "东村1号", "6217000010001234567")
    assert shared[2] == (None,) * 4


def test_a_block_merged_over_columns_and_rows_fills_its_first_column(tmp_path):
    rows = [
        ("户主姓名", None, "姓名", "身份证号"),
        ("王一", None, "王一", ZHAO),
        (None, None, "王二", QIAN),
        (None, None, "王三", SUN),
    ]
    roster = read([book(tmp_path, *rows, merge=("A1:B1", "A2:B4"))])
    assert roster.rows["户主姓名"].to_list() == ["王一"] * 3


@pytest.mark.parametrize("merge", ["A2:A3", "B1:B2", "A1:C1"])
def test_a_merge_that_begins_above_the_data_spreads_nothing(tmp_path, merge):
    rows = [("花名册",), ("家庭住址", "姓名", "身份证号"), (None, "王一", ZHAO), ("西村", "王二", QIAN)]
    assert read([book(tmp_path, *rows, merge=(merge,))]).rows["家庭住址"].to_list() == [None, "西村"]


def test_a_merged_subtotal_spreads_nothing_into_the_people_below(tmp_path):
    rows = [
        ("家庭住址", "姓名", "身份证号", "金额"),
        ("东村", "王一", ZHAO, 800),
        ("小计", None, None, 800),
        (None, "王二", QIAN, 800),
    ]
    roster = read([book(tmp_path, *rows, merge=("A3:A4",))])
    assert roster.rows["家庭住址"].to_list() == ["东村", None]


def test_a_merge_larger_than_the_table_is_harmless(tmp_path):
    rows = [("家庭住址", "姓名", "身份证号"), ("东村", "王一", ZHAO), (None, "王二", QIAN)]
    roster = read([book(tmp_path, *rows, merge=("A2:A60000",))])
    assert roster.rows["家庭住址"].to_list() == ["东村", "东村"]


def test_a_remark_merged_down_to_the_signatures_makes_nobody_of_them(tmp_path):
    rows = [("姓名", "身份证号", "备注"), ("王一", ZHAO, "已公示"), ("王二", QIAN, None), ("填表人：赵六",)]
    roster = read([book(tmp_path, *rows, merge=("C2:C4",))])
    assert roster.rows["行号"].to_list() == [2, 3]


def test_merges_that_must_overlap_are_refused(tmp_path):
    rows = [("姓名", "身份证号", "1月", "2月"), ("王一", ZHAO, "√", None), ("王二", QIAN, "√", None)]
    with pytest.raises(InputError, match="合并单元格互相重叠"):
        read([book(tmp_path, ("2021年花名册",), *rows, merge=tuple(f"C3:{c}{n}" for c in "DEFGH" for n in range(4, 9)))])


@pytest.mark.parametrize("rest", [("某某电子厂",), (None,)])
def test_the_second_payment_under_a_merged_person_is_a_row_without_identity_and_without_money(tmp_path, rest):
    rows = [
        ("姓名", "身份证号", "金额", "务工地点"),
        ("王一", ZHAO, 800, "深圳市"),
        (None, None, None, *rest),
        ("王二", QIAN, 800, None),
    ]
    roster = read([book(tmp_path, *rows, merge=("A2:A3", "B2:B3", "C2:C3"))])
    kept = [2, 3, 4] if rest[0] else [2, 4]
    assert roster.rows["行号"].to_list() == kept
    below = roster.rows.filter(pl.col("行号") == 3)
    assert below.select("姓名", "身份证号", "申请金额").rows() == [(None, None, None)] * below.height


def test_money_merged_over_a_household_is_the_first_rows_and_unknown_for_the_others(tmp_path):
    rows = [HEADER, (1, "王一", ZHAO, 1600), (2, "王二", QIAN, None), (3, "王三", SUN, 800), ("合计", None, None, 2400)]
    roster = read([book(tmp_path, *rows, merge=("D2:D3",))])
    assert roster.rows["申请金额"].to_list() == [160000, None, 80000]
    assert roster.rows["申请金额_误"].to_list() == [False, True, False]
    assert roster.problems.select("_row", "字段", "原因").rows() == [(1, "申请金额", "与 D2 合并，金额只算在第 2 行")]
    assert any("金额合并了几行（D2:D3），只算在首行" in notice for notice in roster.notices)
    assert [(t.stated, t.computed) for t in roster.sheets[0].totals] == [(240000, 240000)]


def test_a_rate_merged_over_many_rows_holds_for_all(tmp_path):
    rows = [("姓名", "身份证号", "补贴标准（元/月）"), ("王一", ZHAO, 300), ("王二", QIAN, None)]
    roster = read([book(tmp_path, *rows, merge=("C2:C3",))])
    assert roster.rows["补贴标准"].to_list() == [30000, 30000]
    assert roster.problems.height == 0


# ── a column a month ────────────────────────────────────────────────


@pytest.mark.parametrize(
    "header",
    [
        MONTHS,
        tuple(f"2021年{n}月" for n in range(1, 13)),
        ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"),
        tuple(f"{n}月（√）" for n in range(1, 13)),
        tuple(f"{n:02}月份" for n in range(1, 13)),
        tuple(date(2021, n, 1) for n in range(1, 13)),
    ],
    ids=["1月", "2021年1月", "一月", "1月（√）", "01月份", "日期"],
)
@pytest.mark.parametrize("mark", ["√", 1, "是", "✓"])
def test_ticked_months_are_what_the_same_months_in_one_column_are(tmp_path, header, mark):
    title = ["2021年以工代训补贴花名册"]
    wide = read([book(tmp_path, title, ("姓名", "身份证号", *header), ("王一", ZHAO, *months(1, 2, 3, 5, mark=mark)))])
    listed = read([book(tmp_path, title, ("姓名", "身份证号", "享受月份"), ("王一", ZHAO, "2021年1-3月、5月"), name="列.xlsx")])
    assert wide.rows.rows(named=True) == listed.rows.rows(named=True)
    assert wide.rows.select("训练开始日期", "训练结束日期", "补贴月数").row(0) == (date(2021, 1, 1), date(2021, 5, 1), 4)
    assert wide.problems.height == 0
    assert any("合成“享受月份”" in notice for notice in wide.notices)
    assert wide.sheets[0].unknown == ()


@pytest.mark.parametrize("parent", ["享受月份", "补贴月份", "发放月份", "2021年享受月份"])
@pytest.mark.parametrize("children", [tuple(range(1, 13)), MONTHS])
def test_bare_numbers_under_a_merged_header_of_months_are_months(tmp_path, parent, children):
    path = book(
        tmp_path,
        ("2021年以工代训补贴花名册",),
        ("姓名", "身份证号", parent),
        (None, None, *children),
        ("王一", ZHAO, *months(3, 4)),
        merge=("A2:A3", "B2:B3", "C2:N2"),
    )
    roster = read([path])
    assert roster.rows.select("行号", "训练开始日期", "补贴月数").rows() == [(4, date(2021, 3, 1), 2)]


def test_months_are_found_in_text_too(tmp_path):
    content = "姓名,身份证号,2021年1月,2021年2月\n" + f"王一,{ZHAO},√,\n王二,{QIAN},√,√\n"
    assert read([text(tmp_path, content)]).rows["补贴月数"].to_list() == [1, 2]


def test_months_below_a_common_header_are_found_in_text_that_can_not_merge(tmp_path):
    content = f"姓名,身份证号,2021年享受月份,,,备注\n,,1月,2月,3月,\n王一,{ZHAO},√,,√,\n"
    rows = read([text(tmp_path, content)]).rows
    assert rows.select("行号", "训练开始日期", "训练结束日期", "补贴月数").row(0) == (3, date(2021, 1, 1), date(2021, 3, 1), 2)


@pytest.mark.parametrize("merge", ["C3:E3", "C3:C4", "D3:D4"])
def test_a_tick_merged_over_months_or_people_is_nobodys_for_sure(tmp_path, merge):
    rows = [("王一", ZHAO, "√", "√", None), ("王二", QIAN, None, None, None), ("王三", SUN, "√", None, None)]
    header = ("姓名", "身份证号", "1月", "2月", "3月")
    roster = read([book(tmp_path, ("2021年花名册",), header, *rows, merge=(merge,))])
    assert roster.rows["补贴月数"].to_list() == [None, None, 1]
    assert roster.rows["补贴月数_误"].to_list() == [True, merge != "C3:E3", False]


def test_months_without_any_year_are_unreadable_and_say_why(tmp_path):
    roster = read([book(tmp_path, ("姓名", "身份证号", *MONTHS), ("王一", ZHAO, *months(3, 4)))])
    assert roster.problems["原因"].unique().to_list() == ["月份没有年份"]
    assert roster.rows["补贴月数"].to_list() == [None]


def test_the_year_of_the_rows_own_period_goes_before_that_of_the_title(tmp_path):
    rows = [("2022年补发花名册",), ("姓名", "身份证号", "所属期", "3月", "4月"), ("王一", ZHAO, "2021年", "√", None)]
    assert read([book(tmp_path, *rows)]).rows["训练开始日期"].to_list() == [date(2021, 3, 1)]


def test_months_over_the_turn_of_the_year_need_their_years(tmp_path):
    header = ("姓名", "身份证号", "2020年11月", "12月", "2021年1月", "2月")
    roster = read([book(tmp_path, header, ("王一", ZHAO, None, "√", "√", None))])
    assert roster.rows.select("训练开始日期", "训练结束日期").row(0) == (date(2020, 12, 1), date(2021, 1, 1))


@pytest.mark.parametrize(
    ("odd", "reason"), [("？", "不是√，也不是金额"), (22, "像是天数"), ("离职", "不是√"), ("#N/A", "错误值")]
)
def test_a_month_that_is_neither_ticked_nor_paid_is_reported_by_its_cell_and_the_months_are_unknown(tmp_path, odd, reason):
    title = ("2021年以工代训补贴花名册",)
    marks = ("√", "√", odd, *[None] * 9)
    roster = read([book(tmp_path, title, ("姓名", "身份证号", *MONTHS), ("王一", ZHAO, *marks), ("王二", QIAN, *months(1)))])
    assert set(roster.problems["字段"]) == {"训练开始日期", "训练结束日期", "补贴月数"}
    assert roster.problems["原因"].str.contains(rf"^E3 .*{reason}").all()
    assert roster.rows.select("补贴月数", "补贴月数_误").rows() == [(None, True), (1, False)]


@pytest.mark.parametrize("mark", ["×", "否", "0", "-", "/", None])
def test_a_month_crossed_out_or_blank_is_not_paid(tmp_path, mark):
    roster = read([book(tmp_path, ("2021年花名册",), ("姓名", "身份证号", "1月", "2月"), ("王一", ZHAO, "√", mark))])
    assert roster.rows["补贴月数"].to_list() == [1]
    assert roster.problems.height == 0


def test_a_stated_number_of_months_that_contradicts_the_ticks_is_unknown(tmp_path):
    header = ("姓名", "身份证号", *MONTHS, "补贴月数")
    rows = [("王一", ZHAO, *months(1, 2, 3, 4), 5), ("王二", QIAN, *months(1, 2), 2), ("王三", SUN, *months(1), None)]
    roster = read([book(tmp_path, ("2021年以工代训花名册",), header, *rows)])
    assert roster.rows["补贴月数"].to_list() == [None, 2, 1]
    assert roster.problems.select("_row", "字段", "原文", "原因").rows() == [
        (0, "补贴月数", "5", "本列写 5 个月，各月一列标了 4 个月")
    ]
    assert cell(roster.sheets[0], "补贴月数", 3) == "O3"


def test_amounts_by_month_are_the_claim_where_no_column_states_one(tmp_path):
    header = ("姓名", "身份证号", "1月", "2月", "3月")
    rows = [("王一", ZHAO, 300, None, 300.5), ("王二", QIAN, 300, "√", None), ("王三", SUN, 300, "三百左右", None)]
    roster = read([book(tmp_path, ("2021年以工代训花名册",), header, *rows)])
    assert roster.rows.select("申请金额", "补贴月数").rows() == [(60050, 2), (None, 2), (None, None)]
    assert roster.rows["申请金额_误"].to_list() == [False, True, True]
    assert any("各月金额相加作“申请金额”" in notice for notice in roster.notices)
    assert cell(roster.sheets[0], "申请金额", 4) == "C4"


def test_amounts_by_month_that_do_not_add_up_to_the_claim_make_it_unknown(tmp_path):
    header = ("姓名", "身份证号", "1月", "2月", "申请金额")
    rows = [("王一", ZHAO, 300, 300, 600), ("王二", QIAN, 300, None, 600)]
    roster = read([book(tmp_path, ("2021年以工代训花名册",), header, *rows)])
    assert roster.rows["申请金额"].to_list() == [60000, None]
    assert roster.problems.select("字段", "原因").row(0) == ("申请金额", "本列 600.00 元，各月相加 300.00 元")


@pytest.mark.parametrize("parent", ["工资发放", "出勤天数", "务工收入", "社保缴费"])
def test_months_of_wages_or_attendance_are_no_months_of_subsidy(tmp_path, parent):
    path = book(
        tmp_path,
        ("姓名", "身份证号", "申请金额", "务工情况", parent, None),
        (None, None, None, "省份", "1月", "2月"),
        ("王一", ZHAO, 600, "广东", 3000, 3000),
        merge=("A1:A2", "B1:B2", "C1:C2", "E1:F1"),
    )
    roster = read([path])
    assert "补贴月数" not in roster.rows.columns
    assert any("各月一列的没有用到" in notice for notice in roster.notices)


# ── headers ─────────────────────────────────────────────────────────


def test_three_header_rows_are_joined_inside_their_merged_cells(tmp_path):
    path = book(
        tmp_path,
        ("双路镇2021年公益性岗位花名册",),
        ("姓名", "身份证号", "务工情况", None, None, "补贴金额", None),
        (None, None, "地点", None, "单位", "岗位补贴", "社保补贴"),
        (None, None, "省份", "县", None, None, None),
        ("王一", ZHAO, "广东", "宝安区", "某某厂", 600, 300),
        merge=("A1:G1", "A2:A4", "B2:B4", "C2:E2", "C3:D3", "E3:E4", "F2:G2", "F3:F4", "G3:G4"),
    )
    roster = read([path])
    assert roster.sheets[0].header_line == 4
    assert roster.rows.select("行号", "姓名", "岗位补贴", "社保补贴").rows() == [(5, "王一", 60000, 30000)]
    assert roster.sheets[0].lines["表头"] == 3


def test_a_header_below_row_15_is_not_found_and_the_message_says_what_was_looked_at(tmp_path):
    with pytest.raises(InputError, match="前 15 行"):
        read([book(tmp_path, *[("说明文字",)] * 15, HEADER, *people(1))])
    assert read([book(tmp_path, *[("说明文字",)] * 14, HEADER, *people(1))]).rows["行号"].to_list() == [16]


# ── sheets named after townships and months ─────────────────────────


@pytest.mark.parametrize(
    ("name", "town"),
    [
        ("双路镇", "双路镇"), ("3.兴义镇", "兴义镇"), ("三合街道", "三合街道"), ("栗子乡", "栗子乡"), ("双路镇2021年", "双路镇"),
        ("各乡镇", None), ("城镇", None), ("返乡", None), ("Sheet1", None), ("汇总", None),
    ],
)  # fmt: skip
def test_a_sheet_named_after_a_township_fills_it_in(tmp_path, name, town):
    rows = read([book(tmp_path, sheets={name: [HEADER, *people(1)]})]).rows
    assert (rows["乡镇"].to_list() if "乡镇" in rows.columns else [None]) == [town]


@pytest.mark.parametrize(
    ("title", "town"),
    [
        ("双路镇2021年交通补助花名册", "双路镇"),
        ("丰都县双路镇2021年交通补助花名册", "双路镇"),
        ("重庆市丰都县栗子乡人民政府", "栗子乡"),
        ("2021年乡镇公益性岗位花名册", None),
        ("丰都县城镇公益性岗位花名册", None),
        ("丰都县2021年返乡创业花名册", None),
        ("乡村振兴2021年花名册", None),
    ],
)
def test_a_title_that_begins_with_a_township_names_it(tmp_path, title, town):
    rows = read([book(tmp_path, [title], HEADER, *people(1))]).rows
    assert (rows["乡镇"].to_list() if "乡镇" in rows.columns else [None]) == [town]


def test_a_column_of_townships_goes_before_the_name_of_the_sheet(tmp_path):
    rows = [("姓名", "身份证号", "乡镇"), ("王一", ZHAO, "兴义镇"), ("王二", QIAN, None)]
    assert read([book(tmp_path, sheets={"双路镇": rows})]).rows["乡镇"].to_list() == ["兴义镇", None]


@pytest.mark.parametrize(
    ("name", "title", "period"),
    [
        ("2021年3月", "", date(2021, 3, 1)),
        ("2021.03月", "", date(2021, 3, 1)),
        ("3月份", "2021年公益性岗位补贴", date(2021, 3, 1)),
        ("三月", "2021年公益性岗位补贴", date(2021, 3, 1)),
        ("3月", "", None),
        ("2022年3月", "2021年公益性岗位补贴", None),
    ],
)
def test_a_sheet_named_after_a_month_is_of_that_month_if_its_year_is_known(tmp_path, name, title, period):
    roster = read([book(tmp_path, sheets={name: [[title], HEADER, *people(1)]})])
    assert (roster.rows["所属期"].to_list() if "所属期" in roster.rows.columns else [None]) == [period]
    assert any("没有用作所属期" in notice for notice in roster.notices) == (period is None)


def test_townships_side_by_side_as_sheets_are_all_read_and_covers_and_empty_sheets_are_not(tmp_path):
    sheets = {
        "封面": [("某县2021年交通补助",), ("填报单位：某县人社局",)],
        "填表说明": [("一、姓名按身份证填写",), ("二、身份证号 18 位",)],
        "双路镇": [HEADER, *people(2)],
        "兴义镇": [HEADER, *people(1)],
        "Sheet2": [],
    }
    roster = read([book(tmp_path, sheets=sheets)])
    assert roster.rows["乡镇"].to_list() == ["双路镇", "双路镇", "兴义镇"]
    skipped = [notice for notice in roster.notices if "没有读这个工作表" in notice]
    assert [name for name in sheets if any(name in notice for notice in skipped)] == ["封面", "填表说明"]


# ── dates that are numbers ──────────────────────────────────────────


@pytest.mark.parametrize("serial", [-1, 0, 1, 59, 60, 2958465, 2958466])
def test_a_cell_with_a_date_format_that_holds_no_real_day_is_reported(tmp_path, serial):
    path = book(tmp_path, ("姓名", "身份证号", "申请日期"), ("王一", ZHAO, serial))
    workbook = openpyxl.load_workbook(path)
    workbook.active["C2"].number_format = "yyyy-mm-dd"
    workbook.save(path)
    roster = read([path])
    assert roster.rows["申请日期"].to_list() == [None]
    assert roster.problems["字段"].to_list() == ["申请日期"]


@pytest.mark.parametrize("serial", [-1, 0, 60, 2958466])
def test_a_bare_number_that_is_no_real_day_is_reported(tmp_path, serial):
    roster = read([book(tmp_path, ("姓名", "身份证号", "申请日期"), ("王一", ZHAO, serial))])
    assert roster.problems["字段"].to_list() == ["申请日期"]


# ── two tables on one sheet ─────────────────────────────────────────


def test_a_second_table_with_another_header_below_is_refused_with_its_cell(tmp_path):
    second = [("双路镇2021年创业补贴花名册",), ("序号", "姓名", "统一社会信用代码", "身份证号"), (1, "王二", None, QIAN)]
    with pytest.raises(
        InputError,
        match=r"第 5 行又是一个表头，与第 1 行的不同（C5“统一社会信用代码”，上面是“身份证号”、D5“身份证号”，上面是“金额”）",
    ) as refused:
        read([book(tmp_path, HEADER, *people(2), *second[:1], second[1], second[2])])
    assert "分成两个工作表" in str(refused.value)


def test_a_table_above_the_one_with_more_columns_is_no_title(tmp_path):
    first, second = ("姓名", "身份证号", "金额"), ("序号", "姓名", "身份证号", "人员类别", "务工省", "申请金额")
    rows = [first, ("王一", ZHAO, 800), second, (1, "王二", QIAN, "脱贫户", "广东", 800)]
    with pytest.raises(InputError, match="第 1 行和第 3 行都是表头"):
        read([book(tmp_path, *rows)])


def test_a_form_above_the_header_is_no_second_table(tmp_path):
    form = [("单位名称", None, "统一社会信用代码", None), ("联系人姓名", "赵六", "联系电话", None)]
    assert read([book(tmp_path, *form, HEADER, *people(1))]).rows["行号"].to_list() == [4]


def test_the_lower_row_of_a_header_with_one_child_is_no_person_on_the_next_page(tmp_path):
    header = [("身份证号", "人员", "金额"), (None, "姓名", None)]
    path = book(tmp_path, *header, (ZHAO, "王一", 800), *header, (QIAN, "王二", 800), merge=("A1:A2", "C1:C2"))
    assert read([path]).rows["行号"].to_list() == [3, 6]


def test_a_second_header_that_only_spells_the_same_columns_otherwise_is_a_page_header(tmp_path):
    again = ("序号", "人员姓名", "公民身份号码", "金额（元）")
    roster = read([book(tmp_path, HEADER, *people(1), again, *people(1))])
    assert roster.rows["行号"].to_list() == [2, 4]
    assert roster.sheets[0].lines["表头"] == 2


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (
            ("姓名", "身份证号", "务工省", "户籍省", "人员类别", "申请金额"),
            "C4“务工省”，上面是“户籍省”、D4“户籍省”，上面是“务工省”",
        ),
        (("姓名", "身份证号", "户籍省", "务工省", "人员类别", "核定金额"), "F4“核定金额”，上面是“申请金额”"),
        (("姓名", "身份证号", "户籍省", "务工省", "人员类别", "申请金额（万元）"), "F4“申请金额（万元）”，上面是“申请金额”"),
        (("姓名", "身份证号", "户籍省", "务工省", "人员类别", "申请金额", "盖印"), "G4“盖印”，上面空着"),
        (("姓名", "身份证号", "户籍省", "务工省", "人员类别"), "F4空着，上面是“申请金额”"),
    ],
)
def test_a_page_header_whose_columns_are_not_those_above_is_refused_with_the_difference(tmp_path, again, told):
    header = ("姓名", "身份证号", "户籍省", "务工省", "人员类别", "申请金额")
    rows = [("王一", ZHAO, "山西", "广东", "脱贫户", 800), ("王二", QIAN, "山西", "广东", "脱贫户", 800)]
    with pytest.raises(InputError) as refused:
        read([book(tmp_path, ("跨省务工补贴花名册",), header, rows[0], again, rows[1])])
    assert f"第 4 行又是一个表头，与第 2 行的不同（{told}）" in str(refused.value)
    assert "分成两个工作表" in str(refused.value)


def test_a_row_of_units_on_the_next_page_that_are_not_those_above_is_refused(tmp_path):
    rows = [HEADER, (None, None, None, "万元"), ("1", "王一", ZHAO, 0.08)]
    assert read([book(tmp_path, *rows, *rows)]).rows["行号"].to_list() == [3, 6]
    with pytest.raises(InputError, match="D5“元”，上面是“金额 万元”"):
        read([book(tmp_path, *rows, HEADER, (None, None, None, "元"), ("2", "王二", QIAN, 800))])


def test_a_row_of_words_that_also_name_columns_is_no_header(tmp_path):
    header = ("姓名", "身份证号", "与户主关系", "人员类别", "务工区域")
    roster = read([book(tmp_path, header, ("王一", ZHAO, "本人", "脱贫户", "省外"), (None, "不详", "户主", "低保", "县外"))])
    assert roster.rows["行号"].to_list() == [2, 3]


@pytest.mark.parametrize("gap", [(), (None,)])
def test_two_tables_side_by_side_are_refused(tmp_path, gap):
    person = (1, "王一", ZHAO, 800)
    with pytest.raises(InputError, match=r"列起又是一遍“序号”、“姓名”、“身份证号”.*并排放了两个表"):
        read([book(tmp_path, (*HEADER, *gap, *HEADER), (*person, *gap, *person))])


def test_a_list_numbered_anew_beyond_a_blank_column_is_another_table(tmp_path):
    header, row = (*HEADER, None, "序号", "乡镇"), (1, "王一", ZHAO, 800, None, 1, "双路镇")
    with pytest.raises(InputError, match="F 列起又是一遍“序号”：一张表里并排放了两个表"):
        read([book(tmp_path, header, row)])


def test_columns_beyond_a_blank_one_are_told(tmp_path):
    header = (*HEADER, None, "乡镇", "家庭人口")
    roster = read([book(tmp_path, header, (1, "王一", ZHAO, 800, None, "双路镇", 3))])
    assert any("E 列空着，右边的列（乡镇、家庭人口）按同一个表读" in notice for notice in roster.notices)


@pytest.mark.parametrize(
    "heading", ["退回人员名单（不予补助）", "以下人员不符合条件，予以退回，不发放补贴", "退回人员", "附：未通过审核的"]
)
def test_a_heading_between_people_is_told_for_below_it_may_be_another_list(tmp_path, heading):
    first, second = people(2)
    [told] = read([book(tmp_path, ("某镇花名册",), LIST, first, (heading,), second)]).notices
    assert f"第 4 行“{heading[:20]}”下面的行按同一张表读" in told


@pytest.mark.parametrize("between", ["某镇花名册", "填表人：王某", "第1页", "2021年8月1日", "某镇人民政府（盖章）"])
def test_titles_printed_again_and_footers_between_people_are_nothing_to_tell(tmp_path, between):
    first, second = people(2)
    assert read([book(tmp_path, ("某镇花名册",), LIST, first, (between,), LIST, second, ("经办人：李某",))]).notices == ()


def test_many_headings_are_told_shortly_and_the_same_one_once(tmp_path):
    rows = [row for n, person in enumerate(people(6)) for row in ((f"第{n}组",), person)]
    [told] = read([book(tmp_path, LIST, *rows, ("第5组",), people(7)[-1])]).notices
    assert "第 8 行“第3组”等 6 处下面的行" in told
