"""Where somebody works, said in the column of the province or in another."""

import polars as pl
import pytest

from jybf.roster import read
from tests.roster.books import book, idno

ZHAO = idno("500230198801014012"[:17])


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
    rows = [
        ("姓名", "身份证号", "务工省份", "务工区域"),
        ("张三", ZHAO, "省外", "县内"),
        ("李四", ZHAO, "火星", "省外"),
        ("王五", ZHAO, "本省", "省内县外"),
        ("赵六", ZHAO, "本省", "省外"),
    ]
    roster = read([book(tmp_path, *rows)])
    assert roster.rows["务工区域"].to_list() == [None, "省外", "省内县外", None]
    assert roster.problems.select("_row", "字段", "原文").rows() == [
        (0, "务工区域", "县内"), (1, "务工省", "火星"), (3, "务工区域", "省外"),
    ]  # fmt: skip


def placed(tmp_path, *cells):
    """Province, prefecture, county and region of work of people from 静乐县, whose rows say 务工省, 务工区域, 务工县; and problems."""
    header = ("姓名", "身份证号", "户籍县", "务工省", "务工区域", "务工县")
    roster = read([book(tmp_path, header, *(("张三", ZHAO, "静乐县", *row) for row in cells))])
    rows = roster.rows.select(name if name in roster.rows.columns else pl.lit(None).alias(name) for name in WORK)
    return rows.rows(), roster.problems.select("_row", "字段").rows()


WORK = ("务工省", "务工市", "务工县", "务工区域")


@pytest.mark.parametrize("said", ["静乐", "静乐县城", "忻州市静乐县", "静乐县鹅城镇", "山西省忻州市静乐县", "静 乐 县"])
def test_a_county_is_known_however_it_is_written(tmp_path, said):
    rows, problems = placed(tmp_path, (None, None, said))
    assert rows == [("山西省", "忻州市", "静乐县", None)]
    assert problems == []


def test_the_own_county_is_a_region_of_work_and_a_prefecture_is_no_county(tmp_path):
    rows, problems = placed(
        tmp_path, (None, None, "本县"), ("山西省", None, "太原市"), ("山西省", None, "县外"), (None, None, "大同")
    )
    assert rows == [
        (None, None, "静乐县", "县内"), ("山西省", "太原市", None, None), ("山西省", None, None, "省内县外"), ("山西省", "大同市", None, None),
    ]  # fmt: skip
    assert problems == []


@pytest.mark.parametrize("said", ["鹅城镇", "开发区", "某某工业园", "静乐县、清徐县"])
def test_what_names_no_county_or_two_is_told_by_cell(tmp_path, said):
    rows, problems = placed(tmp_path, ("山西省", None, said))
    assert rows == [("山西省", None, None, None)]
    assert problems == [(0, "务工县")]


def test_what_names_no_county_does_not_matter_in_another_province(tmp_path):
    assert placed(tmp_path, ("广东省", None, "长安镇"))[1] == []


def test_places_of_one_row_that_contradict_each_other_are_told(tmp_path):
    rows, problems = placed(
        tmp_path, ("广东省", None, "清徐县"), (None, "省外", "本县"), ("山西省", "省内", "清徐"), ("广东省", None, "太原市")
    )
    assert rows[:2] == [(None, None, None, None), (None, None, None, None)]
    assert rows[2] == ("山西省", "太原市", "清徐县", "省内")
    assert sorted(problems) == [(0, "务工县"), (0, "务工省"), (1, "务工区域"), (3, "务工县"), (3, "务工省")]


@pytest.mark.parametrize(
    "said",
    [
        (None, "省内县外", "静乐"), (None, "省外", "静乐县"), (None, "省外", "清徐县"), ("山西省", "省外", None), ("广东省", "省内", None),
        ("广东省", "县内", None), ("山西省", "县内", "清徐"), ("广东省", "省内县外", None),
    ],
)  # fmt: skip
def test_a_region_that_the_names_speak_against_is_told_by_cell(tmp_path, said):
    rows, problems = placed(tmp_path, said)
    assert (rows[0][3], problems) == (None, [(0, "务工区域")])


@pytest.mark.parametrize(
    "said",
    [
        (None, "省内县外", "清徐"),
        ("山西省", "省内", "静乐"),
        (None, "县内", "静乐"),
        ("广东省", "省外", "长安镇"),
        (None, "省外", None),
    ],
)
def test_a_region_that_the_names_bear_out_stands(tmp_path, said):
    rows, problems = placed(tmp_path, said)
    assert (rows[0][3], problems) == (said[1], [])


def test_a_home_county_stands_in_its_province(tmp_path):
    header = ("姓名", "身份证号", "户籍省", "户籍县")
    rows = [("张三", ZHAO, "山西", "静乐"), ("李四", ZHAO, "河北省", "静乐县"), ("王五", ZHAO, "山西省", "城区")]
    roster = read([book(tmp_path, header, *rows)])
    assert roster.rows.select("户籍省", "户籍县").rows() == [("山西省", "静乐县"), (None, None), ("山西省", "城区")]
    assert sorted(roster.problems.select("_row", "字段").rows()) == [(1, "户籍县"), (1, "户籍省")]


def test_a_home_county_that_is_none_is_told_where_it_is_compared(tmp_path):
    header = ("姓名", "身份证号", "户籍县", "务工县")
    rows = [
        ("张三", ZHAO, "静乐县、岚县", "清徐县"),
        ("李四", ZHAO, "开发区", "清徐县"),
        ("王五", ZHAO, "开发区", None),
        ("赵六", ZHAO, "本县", "清徐县"),
    ]
    roster = read([book(tmp_path, header, *rows)])
    assert roster.rows["户籍县"].to_list() == [None, None, "开发区", None]
    assert roster.problems.select("_row", "字段").rows() == [(0, "户籍县"), (1, "户籍县")]


def test_the_county_of_a_title_is_that_of_its_people_but_a_firm_s_is_not(tmp_path):
    people = ("姓名", "身份证号"), ("张三", ZHAO)
    titled = read([book(tmp_path, ("静乐县鹅城镇2021年交通补贴花名册",), *people)])
    firm = read([book(tmp_path, ("清徐县示例公司2021年以工代训花名册",), *people, name="firm.xlsx")])
    assert titled.rows["表题县"].to_list() == ["静乐县"]
    assert "表题县" not in firm.rows.columns


def test_a_broken_cell_is_no_fault_of_the_column_beside_it(tmp_path):
    rows = [("姓名", "身份证号", "务工省份", "务工区域"), ("张三", ZHAO, "#N/A", "省外")]
    assert read([book(tmp_path, *rows)]).problems["字段"].to_list() == ["务工省"]
