"""School years: one form for every way to write them, from a cell or from the title."""

import pytest

from jybf.roster import read
from jybf.vocabulary.values.schools import parse_school_year, school_year_in
from jybf.vocabulary.values.text import Unreadable
from tests.roster.books import book


@pytest.mark.parametrize(
    "written",
    [
        "2021-2022", "2021-2022学年", "2021—2022学年", "2021——2022学年", "2021–2022", "2021～2022", "2021~2022学年",
        "2021/2022", "2021至2022学年", "２０２１－２０２２", "2021-2022学年度", "2021-2022年度", "2021 - 2022 学年", "2021",
        "2021学年", "2021学年度", "21-22学年", "2021-22学年", "2021年至2022年", "2021年—2022年学年", "2021—2022学年第一学期",
        "2021-2022学年（上学期）", "2021-2022-1", "2021学年第二学期", "2021年秋季学期", "2021秋", "2022年春季学期", "2022年春季",
        "2021年秋季学期至2022年春季学期", "2021年9月-2022年7月", "2021.09-2022.06", "二〇二一—二〇二二学年",
    ],
)  # fmt: skip
def test_a_school_year_has_one_form(written):
    assert parse_school_year(written) == "2021-2022"


@pytest.mark.parametrize(
    "written",
    [
        "2021年", "2021-2023", "2022-2021学年", "2021级", "20212022", "2021-09-01", "2021年下学期", "第一学期", "大一",
        "2021、2022学年", "2021 2022", "2021-2022 1",
    ],
)  # fmt: skip
def test_what_may_be_either_year_is_no_school_year(written):
    assert isinstance(parse_school_year(written), Unreadable)


@pytest.mark.parametrize("written", ["", "/", "无"])
def test_no_school_year_is_nothing(written):
    assert parse_school_year(written) is None


@pytest.mark.parametrize(
    ("heading", "year"),
    [
        ("丰都县2021—2022学年雨露计划补助花名册", "2021-2022"),
        ("丰都县2022年春季学期雨露计划补助花名册", "2021-2022"),
        ("丰都县2021学年第一学期、2022年春季雨露计划", "2021-2022"),
        ("丰都县2021、2022学年雨露计划补助花名册", ""),
        ("丰都县2021学年、2022学年雨露计划补助花名册", ""),
        ("丰都县2021年雨露计划补助花名册", ""),
    ],
)
def test_a_title_may_name_one_school_year(heading, year):
    assert school_year_in(heading) == year


def test_the_school_year_of_the_title_holds_for_rows_without_a_column(tmp_path):
    one = read([book(tmp_path, ["丰都县2021—2022学年雨露计划花名册"], ["姓名", "学校"], ["王五", "某职校"])])
    assert one.rows["学年"].to_list() == ["2021-2022"]


def test_a_cell_that_names_no_school_year_is_said_with_its_reason(tmp_path):
    one = read([book(tmp_path, ["姓名", "学校", "学年"], ["王五", "某职校", "2021年"], ["赵六", "某职校", "2021～2022"])])
    assert one.rows["学年"].to_list() == [None, "2021-2022"]
    assert one.problems.select("字段", "原文", "原因").row(0) == ("学年", "2021年", "看不出是哪一学年（写作 2021-2022）")
