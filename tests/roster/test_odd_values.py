"""What clerks and attackers write in a cell: each is exact, or unreadable with its reason, and none is guessed."""

from datetime import date

import openpyxl
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from jybf.roster import read
from jybf.roster.grid import tidied
from jybf.vocabulary.values.addresses import parse_place
from jybf.vocabulary.values.dates import parse_date
from jybf.vocabulary.values.ids import parse_account, parse_id
from jybf.vocabulary.values.money import parse_money
from jybf.vocabulary.values.numbers import parse_int, parse_month_count, parse_rate, parse_work_months
from jybf.vocabulary.values.spans import parse_months, parse_period, parse_range
from jybf.vocabulary.values.text import SIMPLE, TRADITIONAL, Unreadable, fold_name, folded_names, plain
from tests.roster.books import WANG, book, idno, text

ONE = idno(WANG)


def other_digits(text, zero):
    return "".join(chr(zero + int(c)) if c.isdigit() else c for c in text)


@pytest.mark.parametrize(
    "written",
    [
        ONE,
        f" {ONE}\u3000",
        f"\u00a0{ONE}",
        f"\ufeff{ONE}",
        f"{ONE[:9]}\u200d{ONE[9:]}",
        f"{ONE[:9]}\n{ONE[9:]}",
        f"\u202a{ONE}\u202c",
        f"{ONE}\ufe0f",
        other_digits(ONE, 0xFF10),
        f"‘{ONE}",
        f'"{ONE}"',
        f"{ONE}43",
    ],
)
def test_one_id_in_many_wrappings_is_one_person(written):
    assert parse_id(written) == ONE


@pytest.mark.parametrize(
    "written",
    [
        other_digits(ONE, 0x0660),
        other_digits(ONE, 0x06F0),
        other_digits(ONE, 0x0966),
        other_digits(ONE, 0x1D7CE),
        other_digits(ONE, 0x1D7D8),
        "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in ONE),
        f"{ONE[:17]}③",
        f"{ONE[:17]}Ⅹ",
        f"{ONE[:17]}×",
        f"{ONE[:17]}Х",
        f"{ONE[:17]}*",
        f"{ONE[:17]}叉",
        ONE.replace("0", "O"),
        ONE.replace("1", "l"),
        ONE.replace("0", "〇"),
        f"+{ONE}",
        f"-{ONE}",
        f"={ONE}",
        f"{ONE}.0",
        f"{ONE}(本人)",
        f"{ONE}00",
        f"{ONE}99",
        f"{ONE}/{ONE}",
        f"身份证{ONE}",
        ONE[:17],
        f"{ONE}0",
        f"{ONE[:6]}-{ONE[6:14]}-{ONE[14:]}",
        "000000000000000000",
        "——",
        "不详",
    ],
)
def test_what_only_looks_like_an_id_is_no_id(written):
    assert parse_id(written).code == "JY101"


@pytest.mark.parametrize("written", ["5.0023E+17", "5.0023e17", "5.0023E17", "９.９９９９９E+17"])
def test_an_id_in_e_notation_says_that_it_is_lost(written):
    assert parse_id(written).code == "JY103"
    assert parse_account(written).code == "JY605"


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("８００", 80000),
        ("８００．００元", 80000),
        ("￥１，５００．００", 150000),
        ("1，500", 150000),
        ("12,345,678.9", 1234567890),
        ("800\u200b", 80000),
        ("\ufeff800", 80000),
        ("800 元", 80000),
        ("800.5元整", 80050),
        ("捌佰圆整", 80000),
        ("八百", 80000),
        ("一千二百", 120000),
        ("600元。", 60000),
        ("八百元正", 80000),
        ("玖佰玖拾玖元玖角玖分", 99999),
        ("零元", 0),
        ("1.5万元", 1500000),
        ("1.5万", 1500000),
        ("00800", 80000),
    ],
)
def test_odd_amounts_that_have_one_meaning(written, fen):
    assert parse_money(written) == fen


@pytest.mark.parametrize(
    "written",
    [
        *("1,50", "15,00", "1,5000", ",500", "1,,500", "1,500,", "1.500,00", "1'500", "1 500", "8 00", "1\u2009500"),
        *("1e3", "8E2", "8E+2", "1_000", "0x320", "8OO", "8oo", "l00", "NaN", "nan", "inf", "-inf", "Infinity", "∞", "1e400"),
        *("٨٠٠", "८००", "①⑧", "8²", "８²0", "𝟠𝟘𝟘", "⑧⑩", "½", "800½", "Ⅷ", "8٠0", "㈧"),
        *("八〇〇", "八零零", "八00", "8百", "二百五元", "一万二元", "六百五", "八", "百", "廿元", "两"),
        *("500*3", "500x3", "500×3", "500+300", "=800", "=500*3", "800-", "800-900", "800~900", "约800", "≤800", "800左右"),
        *("—", "——", "--", "TRUE", "是", "√", "#REF!", "#N/A", "80%", "800‰", "$800", "800.", ".5", "800.001", "9" * 16),
    ],
)
def test_odd_amounts_are_no_amounts(written):
    assert isinstance(parse_money(written), Unreadable)


@pytest.mark.parametrize("written", ["6²", "⑥", "٦", "1 2", "6.5", "-6", "+6", "1e1", "0x6", "NaN", "1_0", "6,000", "Ⅵ", "6½"])
def test_odd_counts_are_no_counts(written):
    for parse in (parse_int, parse_month_count, parse_work_months, parse_rate):
        if not (parse is parse_rate and written == "6.5"):
            assert isinstance(parse(written), Unreadable)


@pytest.mark.parametrize("written", ["3.⑧", "3 85%", "٣%", "3.85‰", "3,85", "385BP", "1e-2", "²"])
def test_odd_rates_are_no_rates(written):
    assert isinstance(parse_rate(written), Unreadable)


@pytest.mark.parametrize(
    "written", ["2021.02.30", "20210631", "2021-13-01", "2021-00-10", "2021-01-00", "2021年2月29日", "0000-00-00"]
)
def test_days_that_never_were(written):
    assert parse_date(written).code == "JY116"


@pytest.mark.parametrize(
    "written",
    [
        *("21.7.1", "21年7月1日", "7/1/2021", "1/7/2021", "长期", "至今", "今天", "农历七月初一", "2021年元月", "民国110年"),
        *("0", "-1", "59", "60", "61", "18263", "99999", "2958465", "2958466", "44378.5", "20217", "19907", "2021071"),
        *("2021 1 1", "2021 12 1", "20 21.7.1", "2021.⑦.①", "²0210701", "2O21.7.1", "2021.l.1", "2021-07-01 25:99"),
        *("2021.7/1", "2021..7", "2021.7.1.", "2021,7,1", "2021。7。1", "2e3", "NaN", "+2021", "2021_07_01", "2021.7.1前"),
    ],
)
def test_odd_dates_are_no_dates(written):
    assert parse_date(written).code == "JY902"


def test_a_leap_day_is_a_day_in_leap_years_only():
    assert parse_date("2020-02-29") == (date(2020, 2, 29), date(2020, 2, 29))
    assert [parse_date(f"{year}-02-29").code for year in (1900, 2021)] == ["JY116", "JY116"]


def test_blanks_between_digits_never_make_another_date():
    gaps = ("2021 1 1-2021 3 1", "2021年1 1月", "2021年1 2月")
    assert all(
        isinstance(part, Unreadable) for text in gaps for part in (*parse_range(text), *parse_months(text), parse_period(text))
    )


NAMES = ["阿依古丽·买买提", "阿依古丽．买买提", "阿依古丽•买买提", "阿依古丽・买买提", "阿依古丽‧买买提", "阿依古丽∙买买提", "阿依古丽⋅买买提", "阿依古丽･买买提", "阿依古丽˙买买提", "阿依古丽.买买提", "阿依古丽。买买提", "阿依古丽 · 买买提", "阿依古丽\u200b·买买提", "阿依古丽··买买提"]  # fmt: skip


def test_the_dots_of_a_name_are_one_dot_in_comparison():
    assert folded_names(pl.Series(NAMES)).unique().to_list() == ["阿依古丽·买买提"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        ("⻢超", "马超"),
        ("⾼⼭", "高山"),
        ("\ue81e某", "\u9fb4某"),
        ("葛\U000e0100某", "葛某"),
        ("ＡＢ某", "AB某"),
        ("\uf9e9某", "里某"),
    ],
)
def test_one_name_written_in_two_ways_is_one_in_comparison(one, other):
    assert folded_names(pl.Series([one]))[0] == folded_names(pl.Series([other]))[0]
    assert plain(one) == plain(other)


@pytest.mark.parametrize("name", ["𠮷某", "䶮某", "㛃某", "\ue000某", "葛\U000e0100某", "张·三", "张•三", "⻢超"])
def test_a_name_is_kept_as_it_was_written(name):
    assert tidied(pl.DataFrame({"0": [f" {name}\u200b "]}))["0"][0] == name


def test_what_a_column_without_odd_characters_is_not_folded_for_would_stay_as_it_is():
    letters = pl.Series([*"09AZaz", *(c for c in map(chr, range(0x4E00, 0xA000)) if c not in TRADITIONAL)])
    assert letters.to_frame("n").select(fold_name(pl.col("n"))).to_series().equals(letters)
    folded = pl.concat([letters, pl.Series(["张 三"])]).to_frame("n").select(fold_name(pl.col("n"))).to_series()
    assert folded.to_list() == [*letters, "张三"]


def test_a_name_in_long_characters_is_the_same_name_in_short_ones():
    assert folded_names(pl.Series(["張偉", "劉 學軍", "静乐县興國公司"])).to_list() == ["张伟", "刘学军", "静乐县兴国公司"]
    assert not {*TRADITIONAL} & {*SIMPLE}
    assert folded_names(pl.Series(["于某", "於某", "范某", "範某"])).n_unique() == 4


def test_different_names_stay_different():
    assert folded_names(pl.Series(["\ue000某", "\ue001某", "某", "昇某", "升某"])).n_unique() == 5


@pytest.mark.parametrize("hidden", ["\x1c", "\x85", "\u00ad", "\u061c", "\u200e", "\u2066", "\u3164", "\ufeff", "\U000e0041"])
def test_what_cannot_be_seen_is_dropped(hidden):
    assert tidied(pl.DataFrame({"0": [f"赵{hidden}一"]}))["0"][0] == "赵一"


@pytest.mark.parametrize("lost", ["\x01", "\x08", "\x10", "\x1a", "\x1b", "\x7f", "\x9b", "\u202e", "\ufffd", "\ufffe"])
@pytest.mark.parametrize("header", ["金额", "身份证号", "人员类别", "单位名称", "备注"])
def test_a_cell_with_a_control_character_has_no_value_and_is_told(tmp_path, lost, header):
    path = tmp_path / "名册.csv"
    path.write_text(f"姓名,序号,手机号,{header}\n张三,1,,8{lost}0\n", encoding="utf-8")
    roster = read([str(path)])
    name = next(field for field in roster.sheets[0].columns if field not in {"姓名", "序号", "联系电话"})
    assert roster.rows[name].to_list() == [None]
    assert roster.problems.select("字段", "原因").rows() == [(name, "有乱码或控制符，看不出原来写的是什么：照原件改正")]


@given(st.text(st.characters(categories=["Nd", "Nl", "No"]), min_size=1, max_size=6))
@example("㊀")
@example("㆓")
@example("〸")
def test_only_ascii_full_width_and_chinese_digits_are_digits(text):
    figure = "".join(chr(ord(c) - 0xFEE0) if "０" <= c <= "９" else c for c in text)
    for parse in (parse_money, parse_int):
        assert isinstance(parse(text), Unreadable) or figure.isascii() or all(c in "〇一二三四五六七八九十百千万" for c in text)


@pytest.mark.parametrize("written", [15, "十五", "十五万元"])
def test_a_number_in_words_takes_the_unit_of_its_header_too(tmp_path, written):
    path = book(tmp_path, ("姓名", "身份证号", "贷款金额（万元）"), ("张三", ONE, written))
    assert read([path]).rows["贷款金额"].to_list() == [15_000_000]


def test_numbers_of_households_and_papers_kept_as_numbers_are_lost(tmp_path):
    """Else four households are one: their numbers differ in the digits that a spreadsheet does not keep."""
    header = ("姓名", "户编号", "统一社会信用代码", "残疾证号", "证书编号")
    rows = [(f"甲{n}", 1409261234567890100 + n, 911409260000000010 + n, 14092619850101101144 + n, n + 1) for n in range(4)]
    roster = read([book(tmp_path, header, *rows)])
    assert roster.rows["户编号"].null_count() == roster.rows["统一社会信用代码"].null_count() == 4
    assert roster.rows["证书编号"].to_list() == ["1", "2", "3", "4"]
    assert roster.problems.group_by("字段", maintain_order=True).len().rows() == [(name, 4) for name in header[1:4]]
    assert set(roster.problems["原因"]) == {"以数字保存，后几位已丢失，须按原件重录为文本"}


@pytest.mark.parametrize(
    "written", ["同上", "0", "000", "见附件", "？？", "#REF!", "无户编号", "5002?3001", "5002****01", "00012左右", "####"]
)
@pytest.mark.parametrize("header", ["户编号", "贷款合同编号", "证书编号"])
def test_what_is_no_whole_number_is_nobody_s_number(tmp_path, header, written):
    roster = read([book(tmp_path, ("姓名", "身份证号", header), ("甲示例", ONE, written))])
    assert roster.rows[header].to_list() == [None]
    assert roster.problems["字段"].to_list() == [header]


@pytest.mark.parametrize("written", ["#REF!", "#N/A", "######", "同上", "〃", "见附表", "待补", "某?厂"])
@pytest.mark.parametrize("header", ["单位名称", "乡镇", "户主姓名", "学校", "开户名", "务工省", "岗位名称"])
def test_what_refers_elsewhere_or_is_left_of_an_error_is_no_text(tmp_path, header, written):
    roster = read([book(tmp_path, ("姓名", "身份证号", header), ("甲示例", ONE, written))])
    assert roster.rows[header].to_list() == [None]
    assert header in roster.problems["字段"]


@pytest.mark.parametrize("written", ["山西省外", "广东省以外", "广东等地", "浙江省?", "非山西"])
def test_a_place_that_is_elsewhere_or_more_than_one_is_no_province(written):
    assert isinstance(parse_place(written), Unreadable)


@pytest.mark.parametrize("written", ["待核实", "已停", "病故", "存疑", "已离职"])
def test_a_remark_in_brackets_behind_any_word_is_told(tmp_path, written):
    row = ("甲示例", ONE, f"某厂（{written}）", f"广东省（{written}）")
    roster = read([book(tmp_path, ("姓名", "身份证号", "单位名称", "务工省"), row)])
    told = [f"“{name}”的括号里写着“{written}”" for name in ("单位名称", "务工省")]
    assert [note.text for note in roster.sheets[0].notes] == told


def test_numbers_of_households_kept_as_text_are_kept_as_they_are(tmp_path):
    rows = [("甲", "1409261234567890101", "91110000MA0000000E"), ("乙", " H-001号 ", "9１110000ma0000000e")]
    roster = read([book(tmp_path, ("姓名", "户编号", "统一社会信用代码"), *rows)])
    assert roster.problems.is_empty()
    assert roster.rows.select("户编号", "统一社会信用代码").rows() == [rows[0][1:], ("H-001号", "91110000MA0000000E")]


def test_numbers_of_households_in_e_notation_are_lost_in_a_text_file_too(tmp_path):
    roster = read([text(tmp_path, "姓名,户编号,信用代码\n甲,1.40926E+18,9.11409E+17\n乙,E5,91110000MA0000000E\n")])
    assert roster.rows["户编号"].to_list() == [None, "E5"]
    assert sorted(roster.problems["字段"]) == ["户编号", "统一社会信用代码"]


def test_a_day_where_months_belong_is_no_list_of_months():
    """Excel turns 3-8 into the eighth of March and 2021年3月 into the first."""
    for written in ("2021-3-8", "2021-03-08", "2021-03-08 00:00:00", "2021-10-12", "2021-13-01", "0000-01-01"):
        assert all(isinstance(part, Unreadable) for part in parse_months(written))
    march = (date(2021, 3, 1), date(2021, 3, 31))
    assert parse_months("2021-03-01") == parse_months("2021-03-01 00:00:00") == (march, march, 1)
    assert parse_months("2021-3-8月")[2] == parse_months("2021.3-8")[2] == 6


def test_a_month_that_lost_its_zero_is_no_january_in_a_workbook_of_1904_either(tmp_path):
    path = book(tmp_path, ("姓名", "身份证号", "申请日期"), ("甲", idno(WANG), 2021.1), ("乙", idno(WANG), "2021.1"))
    workbook = openpyxl.load_workbook(path)
    workbook.epoch = CALENDAR_MAC_1904
    workbook.save(path)
    assert read([path]).rows["申请日期"].to_list() == [None, date(2021, 1, 1)]


@pytest.mark.parametrize("written", ["/", "／", "\\", "—", "——", "–", "-", "无", "不详", "暂无"])
def test_what_only_fills_the_cell_of_a_text_is_a_blank(tmp_path, written):
    header = ("姓名", "身份证号", "务工单位", "务工省", "务工市", "务工县", "户编号", "单位名称")
    rows = read([book(tmp_path, header, ("王五", ONE, *[written] * 6), ("赵六", None, *["甲"] * 6))]).rows
    assert rows.select("务工单位", "务工省", "务工市", "务工县", "户编号", "单位名称").row(0) == (None,) * 6


def test_what_is_an_answer_is_no_blank(tmp_path):
    rows = read([book(tmp_path, ("姓名", "身份证号", "劳动能力", "务工单位"), ("王五", ONE, "无", "无名氏饭店"))]).rows
    assert rows.select("劳动能力", "务工单位").row(0) == ("无", "无名氏饭店")


def test_a_stroke_beside_a_place_of_work_leaves_it_to_that_place(tmp_path):
    rows = read(
        [book(tmp_path, ("姓名", "身份证号", "务工地点", "务工省", "务工县"), ("王五", ONE, "广东省深圳市南山区", "/", "—"))]
    ).rows
    assert rows.select("务工省", "务工县").row(0) == ("广东省", "南山区")


def test_each_of_the_80_private_characters_of_gbk_is_the_one_that_the_standard_made_of_it():
    private = "".join(chr(code) for code in range(0xE815, 0xE865))
    folded = pl.select(fold_name(pl.lit(private))).item()
    assert len(folded) == 80
    assert not [letter for letter in folded if "\ue000" <= letter <= "\uf8ff"]
    assert folded[0xE863 - 0xE815] == "䶮"
