"""Headers that may mean several fields: decided by title, neighbours, unit and values, else asked, never guessed."""

from datetime import date

import pytest

from jybf.errors import InputError, PackError
from jybf.roster import read
from jybf.vocabulary.fields import load_fields
from tests.roster.books import book, idno

WANG, ZHAO = idno("11010119900307123"), idno("50023019880101401")
CODE = "91500230MA0FAKE024"
CARD = "6217001234567890123"


def roster(folder, *rows, title="", **more):
    """A roster under ``title`` of header and rows."""
    return read([book(folder, [title], *rows, **more)])


def field_of(one, column):
    """The field that column ``column`` was taken for; None if it was left unread."""
    return next((name for name, place in one.sheets[0].columns.items() if place == column), None)


# 务工时间


@pytest.mark.parametrize(
    ("written", "months", "start", "end"),
    [
        ("6", 6, False, False),
        ("12个月", 12, False, False),
        ("2021.3.1", None, True, False),
        ("2021.3.1-2021.8.31", None, True, True),
        ("2021年3月至2021年8月", None, True, True),
    ],
)
def test_time_of_work_is_months_a_start_or_a_range_by_its_value(tmp_path, written, months, start, end):
    rows = roster(tmp_path, ("姓名", "身份证号", "务工时间"), ("王五", WANG, written)).rows
    assert rows["务工月数"].to_list() == [months]
    assert rows.select("务工开始日期", "务工结束日期").row(0) != (None, None) if start else rows["务工开始日期"][0] is None
    assert (rows["务工结束日期"][0] is not None) == end


def test_more_than_twelve_months_of_work_is_no_value(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "务工时间"), ("王五", WANG, "13"))
    assert one.rows["务工月数"].to_list() == [None]
    assert one.problems["字段"].to_list() == ["务工月数"]


def test_times_of_work_written_in_two_ways_are_read_row_by_row_and_told(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "务工时间"), ("王五", WANG, 6), ("赵六", ZHAO, "2021.3.1-2021.8.31"))
    assert one.rows["务工月数"].to_list() == [6, None]
    assert any("“务工时间”有 1 行写月数，1 行写日期" in notice for notice in one.notices)


def test_times_of_work_written_in_one_way_need_no_word(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "务工时间", "务工月数"), ("王五", WANG, "2021.3.1-2021.8.31", 6))
    assert not any("务工时间" in notice for notice in one.notices)


# 社会保障号码


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ((WANG, ZHAO), "身份证号"),
        ((WANG, ZHAO, WANG[:17] + "W"), "身份证号"),  # a slip in one cell is reported there
        (("A12345678", "1234567890"), "社会保障卡号"),
    ],
)
def test_a_social_security_number_is_an_id_if_its_values_pass_the_check(tmp_path, values, field):
    rows = [(f"人{i}", value) for i, value in enumerate(values)]
    assert field_of(roster(tmp_path, ("姓名", "社会保障号码"), *rows), 1) == field


@pytest.mark.parametrize(
    "values", [(WANG, ZHAO, "A12345678"), ("A12345678", "1234567890", WANG), ("无", "不详"), ("110101199003071234", "12345")]
)
def test_social_security_numbers_of_two_kinds_or_none_are_asked(tmp_path, values):
    with pytest.raises(InputError) as refused:
        roster(tmp_path, ("姓名", "社会保障号码", "金额"), *((f"人{i}", value, 800) for i, value in enumerate(values)))
    said = str(refused.value)
    assert "“社会保障号码”（B2）可能是“身份证号”、“社会保障卡号”" in said
    assert "--map" in said


def test_beside_an_id_a_social_security_number_is_that_of_the_card(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "社会保障号码"), ("王五", WANG, "A12345678"))
    assert field_of(one, 2) == "社会保障卡号"


# 账号


@pytest.mark.parametrize(
    ("others", "cells", "account", "field"),
    [
        (("姓名", "身份证号"), ("王五", WANG), CARD, "银行账号"),
        (("姓名", "性别"), ("王五", "男"), CARD, "银行账号"),
        (("单位名称", "统一社会信用代码"), ("甲厂", CODE), "50010001", "对公账号"),
        (("单位名称", "用工人数"), ("甲厂", 3), "50010001", "对公账号"),
        (("姓名", "身份证号", "统一社会信用代码"), ("王五", WANG, CODE), CARD, "银行账号"),
    ],
)
def test_an_account_is_that_of_whom_the_sheet_is_about(tmp_path, others, cells, account, field):
    assert field_of(roster(tmp_path, (*others, "账号"), (*cells, account)), len(others)) == field


def test_an_account_beside_a_person_and_a_firm_that_is_no_card_is_asked(tmp_path):
    with pytest.raises(InputError, match="“账号”（D2）可能是“银行账号”、“对公账号”"):
        roster(tmp_path, ("姓名", "身份证号", "统一社会信用代码", "账号"), ("王五", WANG, CODE, "50010001234567"))


def test_an_open_column_without_a_value_stops_nobody(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "统一社会信用代码", "账号"), ("王五", WANG, CODE, None))
    assert field_of(one, 3) is None
    assert any("“账号”（D2）可能是" in notice for notice in one.notices)


@pytest.mark.parametrize(("parent", "field"), [("银行信息", "银行账号"), ("单位", "对公账号")])
def test_the_header_above_an_account_says_whose_it_is(tmp_path, parent, field):
    header = [("姓名", "身份证号", "统一社会信用代码", parent, None), (None, None, None, "账号", "开户行")]
    one = roster(tmp_path, *header, ("王五", WANG, CODE, "50010001234567", "某行"), merge=("A2:A3", "B2:B3", "C2:C3", "D2:E2"))
    assert field_of(one, 3) == field


# 姓名


def test_beside_the_head_of_household_a_name_is_that_of_the_member(tmp_path):
    one = roster(tmp_path, ("户主", "姓名", "身份证号"), ("赵六", "王五", WANG))
    assert (field_of(one, 0), field_of(one, 1)) == ("户主姓名", "姓名")


@pytest.mark.parametrize(("parent", "field"), [("户主", "户主姓名"), ("法定代表人", "法定代表人"), ("监护人", "监护人姓名")])
def test_the_header_above_a_name_says_whose_it_is(tmp_path, parent, field):
    header = [("序号", "身份证号", parent, None, "学校"), (None, None, "姓名", "电话", None)]
    one = roster(tmp_path, *header, (1, WANG, "赵六", "1", "甲校"), merge=("A2:A3", "B2:B3", "C2:D2", "E2:E3"))
    assert field_of(one, 2) == field


# 金额


@pytest.mark.parametrize(
    ("title", "field", "how"),
    [
        ("2021年补贴申请表", "申请金额", "按表题"),
        ("2021年补贴发放表", "发放金额", "按表题"),
        ("2021年补贴公示表", "发放金额", "按表题"),
        ("2021年补贴核定表", "核定金额", "按表题"),
        ("2021年花名册", "申请金额", "没有写明"),
        ("2021年发放申请表", "申请金额", "没有写明"),
    ],
)
def test_an_amount_is_what_the_title_says_else_what_is_claimed_with_a_word_of_doubt(tmp_path, title, field, how):
    one = roster(tmp_path, ("姓名", "身份证号", "金额"), ("王五", WANG, 800), title=title)
    assert field_of(one, 2) == field
    assert any(f"按“{field}”理解" in notice and how in notice for notice in one.notices)


def test_an_amount_beside_the_one_claimed_is_asked_where_the_title_is_silent(tmp_path):
    with pytest.raises(InputError, match="“金额”（D2）可能是"):
        roster(tmp_path, ("姓名", "身份证号", "申请金额", "金额"), ("王五", WANG, 900, 800), title="2021年花名册")
    one = roster(tmp_path, ("姓名", "身份证号", "申请金额", "金额"), ("王五", WANG, 900, 800), title="2021年发放表")
    assert field_of(one, 3) == "发放金额"


# 标准


@pytest.mark.parametrize("header", ["标准（元/月）", "标准（元/人·月）", "补助标准（元/天）", "奖补标准(元/学年)"])
def test_a_rate_with_its_unit_is_read(tmp_path, header):
    assert field_of(roster(tmp_path, ("姓名", "身份证号", header), ("王五", WANG, 300)), 2) == "补贴标准"


@pytest.mark.parametrize("header", ["标准", "标准（元）"])
def test_a_rate_without_its_unit_is_asked_and_not_used(tmp_path, header):
    one = roster(tmp_path, ("姓名", "身份证号", header), ("王五", WANG, 300))
    assert field_of(one, 2) is None
    assert any("没有写明单位" in notice and "--map" in notice for notice in one.notices)


# 月数


def test_months_of_this_claim_and_months_in_all_are_told_apart(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "月数", "累计月数"), ("王五", WANG, 3, 9))
    assert one.rows["补贴月数"].to_list() == [3]
    assert one.sheets[0].unknown == ("累计月数",)


def test_two_columns_of_months_of_this_claim_are_refused(tmp_path):
    with pytest.raises(InputError, match="都是“补贴月数”"):
        roster(tmp_path, ("姓名", "身份证号", "月数", "申领月数"), ("王五", WANG, 3, 9))


# 类别


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("脱贫户", "一般户"), "人员类别"),
        (("三类户", "监测户"), "人员类别"),
        (("保洁员", "护林员"), "岗位类别"),
        (("企业", "合作社"), "单位类型"),
        (("甲", "乙"), None),
        (("脱贫户", "保洁员"), None),
    ],
)
def test_a_category_is_that_whose_values_it_has(tmp_path, values, field):
    rows = [(f"人{i}", None, value) for i, value in enumerate(values)]
    one = roster(tmp_path, ("姓名", "身份证号", "类别"), *rows)
    assert field_of(one, 2) == field
    assert any("“类别”（C2）" in notice for notice in one.notices)


# 时间、日期


@pytest.mark.parametrize(
    ("parent", "field"), [("某某", None), ("申请", "申请日期"), ("合同", "合同起止"), ("务工", "务工时间")]
)
def test_a_bare_time_is_taken_only_from_the_header_above_it(tmp_path, parent, field):
    header = [("姓名", "身份证号", parent, None), (None, None, "时间", "岗位")]
    one = roster(tmp_path, *header, ("王五", WANG, "2021.3.1-2022.2.28", 1), merge=("A2:A3", "B2:B3", "C2:D2"))
    assert (one.sheets[0].header_line, one.sheets[0].columns.get(field, None)) == (3, 2 if field else None)
    assert one.sheets[0].unknown == (() if field else ("某某/时间",))


@pytest.mark.parametrize("header", ["时间", "日期"])
def test_a_bare_time_with_nothing_above_it_is_unknown(tmp_path, header):
    one = roster(tmp_path, ("姓名", "身份证号", header), ("王五", WANG, "2021.3.1"))
    assert one.sheets[0].unknown == (header,)


# 合同期限


@pytest.mark.parametrize(
    ("header", "written", "months"),
    [
        ("合同期限", "3年", 36),
        ("合同期限", "12", 12),
        ("合同期限（年）", "3", 36),
        ("合同期限（月）", "3", 3),
        ("合同期限", "3", None),
    ],
)
def test_a_bare_number_is_a_length_of_contract_only_where_its_unit_is_known(tmp_path, header, written, months):
    one = roster(tmp_path, ("姓名", "身份证号", header), ("王五", WANG, written))
    assert one.rows["合同月数"].to_list() == [months]
    assert bool(one.problems.height) == (months is None)


# 认定时间


@pytest.mark.parametrize(
    ("others", "cells", "field"),
    [
        (("姓名", "身份证号"), ("王五", WANG), "识别时间"),
        (("单位名称", "统一社会信用代码"), ("甲厂", CODE), "认定日期"),
        (("姓名", "身份证号", "统一社会信用代码"), ("王五", WANG, CODE), None),
    ],
)
def test_a_day_of_recognition_is_that_of_whom_the_sheet_is_about(tmp_path, others, cells, field):
    assert field_of(roster(tmp_path, (*others, "认定时间"), (*cells, "2021.3.1")), len(others)) == field


def test_an_ambiguous_header_of_the_dictionary_names_only_fields_that_exist(tmp_path):
    path = tmp_path / "fields.toml"
    path.write_text(
        '[[field]]\nname = "甲"\ntype = "text"\n[[ambiguous]]\naliases = ["乙"]\n'
        'options = [{ field = "丙", columns = ["丁"], without = ["戊"], like = "己" }]\notherwise = "庚"\n',
        encoding="utf-8",
    )
    with pytest.raises(PackError) as refused:
        load_fields(path)
    assert all(f"字段“{name}”没有声明" in str(refused.value) for name in "丙丁戊己庚")


# 是否享受过


@pytest.mark.parametrize("header", ["是否享受过", "是否已享受", "是否重复享受", "以前是否领过", "是否领过", "享受过"])
@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("某公司2021年以工代训补贴花名册", "享受过以工代训"),
        ("丰都县一次性求职创业补贴花名册", "享受过"),
        ("跨省务工交通补助花名册", "享受过"),
    ],
)
def test_whether_somebody_had_it_before_is_of_the_programme_in_the_title(tmp_path, header, title, field):
    one = roster(tmp_path, ("姓名", "身份证号", header), ("王五", WANG, "是"), title=title)
    assert field_of(one, 2) == field
    assert one.rows[field].to_list() == [True]


def test_whether_somebody_had_it_before_is_told_not_to_count_where_nothing_says_of_what(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "是否享受过"), ("王五", WANG, "是"))
    assert any("“是否享受过”（C2）按“享受过”理解" in notice and "写“是”的行照样计算" in notice for notice in one.notices)


@pytest.mark.parametrize(
    ("programmes", "field"),
    [(("以工代训补贴", "企业以工代训"), "享受过以工代训"), (("以工代训补贴", "求职创业补贴"), "享受过")],
)
def test_the_programme_may_be_told_by_its_column_if_all_rows_agree(tmp_path, programmes, field):
    rows = [("王五", WANG, programmes[0], "是"), ("赵六", ZHAO, programmes[1], "否")]
    assert field_of(roster(tmp_path, ("姓名", "身份证号", "补贴项目", "是否享受过"), *rows), 3) == field


@pytest.mark.parametrize(("title", "field"), [("", "享受过以工代训"), ("求职创业补贴花名册", "享受过")])
def test_the_name_of_the_file_tells_the_programme_where_the_title_does_not(tmp_path, title, field):
    one = roster(tmp_path, ("姓名", "身份证号", "是否享受过"), ("王五", WANG, "是"), title=title, name="2021以工代训.xlsx")
    assert field_of(one, 2) == field


# 实际出勤天数


@pytest.mark.parametrize(
    ("title", "beside", "field"),
    [
        ("2022年培训生活费补贴花名册", "申请金额", "出勤天数"),
        ("", "培训工种", "出勤天数"),
        ("公益性岗位补贴发放表", "申请金额", "实际出勤天数"),
        ("", "规定出勤天数", "实际出勤天数"),
        ("", "申请金额", "实际出勤天数"),
    ],
)
def test_days_attended_are_those_of_a_course_or_of_a_post(tmp_path, title, beside, field):
    one = roster(tmp_path, ("姓名", "身份证号", "实际出勤天数", beside), ("王五", WANG, 10, 20), title=title)
    assert field_of(one, 2) == field


# 出勤天数、补贴月份


@pytest.mark.parametrize("header", ["出勤天数", "考勤天数"])
@pytest.mark.parametrize(
    ("title", "beside", "field"),
    [
        ("公益性岗位补贴发放表", "申请金额", "实际出勤天数"),
        ("", "规定出勤天数", "实际出勤天数"),
        ("2022年培训生活费补贴花名册", "申请金额", "出勤天数"),
        ("", "申请金额", "出勤天数"),
    ],
)
def test_days_present_are_those_of_a_post_only_where_the_table_says_so(tmp_path, header, title, beside, field):
    one = roster(tmp_path, ("姓名", "身份证号", header, beside), ("王五", WANG, 10, 20), title=title)
    assert field_of(one, 2) == field


@pytest.mark.parametrize("header", ["补贴月份", "发放月份", "月份", "所属月份", "所属期"])
@pytest.mark.parametrize("written", ["2021年2月", "2021-02", "202102", "2021-02-01 00:00:00"])
def test_the_month_of_a_public_post_is_the_period_paid_for(tmp_path, header, written):
    one = roster(tmp_path, ("姓名", "身份证号", header), ("王五", WANG, written), title="公益性岗位补贴发放表")
    assert one.rows.select("所属期", "所属期_末").row(0) == (date(2021, 2, 1), date(2021, 2, 28))
    assert "训练开始日期" not in one.rows.columns
    assert not one.problems.height


def test_several_months_of_a_public_post_are_a_period_and_their_number(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "补贴月份"), ("王五", WANG, "1月、3月"), title="2021年公益性岗位补贴发放表")
    assert one.rows.select("所属期", "所属期_末", "补贴月数").row(0) == (date(2021, 1, 1), date(2021, 3, 31), 2)


@pytest.mark.parametrize(
    ("title", "beside", "of_post"),
    [("以工代训补贴花名册", "上岗日期", False), ("", "上岗日期", True), ("", "申请金额", False)],
)
def test_months_are_those_of_training_unless_the_table_is_of_posts(tmp_path, title, beside, of_post):
    one = roster(tmp_path, ("姓名", "身份证号", "补贴月份", beside), ("王五", WANG, "2021年3月", "2021"), title=title)
    assert ("所属期" in one.rows.columns, "训练开始日期" in one.rows.columns) == (of_post, not of_post)


def test_a_bare_month_that_nothing_places_is_asked_and_not_used(tmp_path):
    one = roster(tmp_path, ("姓名", "身份证号", "月份"), ("王五", WANG, "2021年3月"))
    assert field_of(one, 2) is None
    assert any("“月份”（C2）可能是" in notice for notice in one.notices)
