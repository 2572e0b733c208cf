"""Where somebody works, said in the column of the province or in another."""

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
    rows = [("姓名", "身份证号", "务工省份", "务工区域"), ("张三", ZHAO, "省外", "县内"), ("李四", ZHAO, "火星", "省外")]
    roster = read([book(tmp_path, *rows)])
    assert roster.rows["务工区域"].to_list() == ["县内", "省外"]
    assert roster.problems.select("_row", "字段").rows() == [(1, "务工省")]


def test_a_broken_cell_is_no_fault_of_the_column_beside_it(tmp_path):
    rows = [("姓名", "身份证号", "务工省份", "务工区域"), ("张三", ZHAO, "#N/A", "省外")]
    assert read([book(tmp_path, *rows)]).problems["字段"].to_list() == ["务工省"]
