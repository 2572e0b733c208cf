"""Facts that follow from others, and what never does."""

from datetime import date

import polars as pl
import pytest

from jybf.assess.known import know
from jybf.policy import load_pack
from jybf.roster import read
from jybf.vocabulary.facts import facts
from jybf.vocabulary.types import written
from jybf.vocabulary.values.text import folded_names
from tests.roster.books import book, idno

NATIONAL = load_pack("national")
ZHAO = idno("50023019880101401")


def one(tmp_path, **cells):
    """What is known of the one row of a roster with these columns."""
    header, row = zip(*{"姓名": "张三", "身份证号": ZHAO, **cells}.items(), strict=True)
    return know(read([book(tmp_path, header, row)]).rows, NATIONAL).row(0, named=True)


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"户编号": "14092600123", "户主姓名": "张大", "行政村": "东村"}, "14092600123"),
        ({"户编号": "12", "户主姓名": "张大", "乡镇": "双路镇", "行政村": "东村"}, "12|双路镇|东村"),
        ({"户主姓名": "张 大", "乡镇": "双路镇", "行政村": "东村"}, "张大|双路镇|东村"),
        ({"与户主关系": "户主"}, ZHAO),
        ({"与户主关系": "之子"}, None),
    ],
)
def test_a_household_is_its_number_or_its_head(tmp_path, cells, key):
    assert one(tmp_path, **cells)["户"] == key


@pytest.mark.parametrize(
    ("cells", "group"),
    [
        ({"人员类别": "一般农户", "监测对象类别": "边缘易致贫户"}, "边缘易致贫人口"),
        ({"人员类别": None, "监测对象类别": "脱贫不稳定户"}, "脱贫人口"),
        ({"人员类别": None, "易地搬迁": "是"}, "易地搬迁人口"),
        ({"人员类别": "一般农户", "低保": "是"}, "农村低收入人口"),
        ({"人员类别": "脱贫户", "监测对象类别": "突发严重困难户"}, "脱贫人口"),
        ({"人员类别": "一般农户", "监测对象类别": "无"}, "一般农户"),
        ({"人员类别": "三类户", "易地搬迁": "是"}, None),
    ],
)
def test_a_monitored_or_resettled_household_decides_a_blank_category_but_no_unreadable_one(tmp_path, cells, group):
    assert one(tmp_path, **cells)["人员类别"] == group


def test_the_amount_claimed_is_the_first_that_is_known(tmp_path):
    assert one(tmp_path, 申请金额=None, 核定金额=700)["申报金额"] == 70000
    unread = one(tmp_path, 申请金额="八百左右", 核定金额=None)
    assert (unread["申报金额"], unread["申报金额_误"]) == (None, True)


@pytest.mark.parametrize(
    ("cells", "name", "value"),
    [
        ({"社保缴费起止": "2021年3月-2022年2月"}, "连续缴费月数", 12),
        ({"社保缴费起止": "2021年3月-2022年2月", "连续缴费月数": 8}, "连续缴费月数", 8),
        ({"以工代训起止": "2021.3.1-2021.8.31"}, "补贴月数", 6),
        ({"岗位名称": "保洁员", "所属期": "2021年8月"}, "补贴月数", 1),
        ({"岗位名称": "保洁员", "所属期": "2021年8月", "补贴月数": "2"}, "补贴月数", 2),
        ({"岗位名称": "保洁员", "所属期": "2021年第三季度"}, "补贴月数", None),
        ({"岗位名称": "保洁员", "所属期": "2021"}, "补贴月数", None),
        ({"就业起止": "2021.3.1-2021.5.31"}, "稳定就业月数", 3),
        ({"就业起止": "2021.3.1-2021.5.30"}, "稳定就业月数", 2),
        ({"务工月数": 7}, "稳定就业月数", 7),
        ({"就业起止": "2021.1-2021.6"}, "稳定就业月数", 6),
        ({"就业起止": "2021.1-2021.6", "务工月数": 5}, "稳定就业月数", 5),
        ({"就业开始日期": "2021.1.15", "就业结束日期": "2021.6"}, "稳定就业月数", 5),
        ({"就业开始日期": "2021年1月", "就业结束日期": "2021.3.31"}, "稳定就业月数", 3),
        ({"就业开始日期": "2021年1月", "就业结束日期": "2021.3.30"}, "稳定就业月数", 2),
        ({"就业起止": "2021年-2022年"}, "稳定就业月数", None),
        ({"招用日期": "2021.3.1", "解除合同时间": "2021.8.31"}, "稳定就业月数", 6),
        ({"解除时间": "2021.8.31"}, "离职日期", date(2021, 8, 31)),
        ({"解除时间": "2021.8.31", "离职时间": "2021.7.31"}, "离职日期", date(2021, 7, 31)),
        ({"解除时间": "2021.8.31", "离职时间": "不详"}, "离职日期_末", None),
        ({"计息起": "2021.3.1", "计息止": "2021.3.31"}, "计息天数", 30),
        ({"登记日期": "2021.3.15", "申请日期": "2021.9.14"}, "正常经营月数", 5),
        ({"登记日期": "2021.3.15", "申请日期": "2021.9.15"}, "正常经营月数", 6),
        ({"登记日期": "2021.8.31", "申请日期": "2022.2.28"}, "正常经营月数", 6),
        ({"放款日期": "2021.3.15", "到期日": "2024.3.15"}, "贷款期限", 36),
        ({"放款日期": "2021.3.15", "到期日": "2024.3.16"}, "贷款期限", 37),
        ({"放款日期": "2021.3.15", "贷款期限": 12}, "贷款到期日期", date(2022, 3, 15)),
        ({"合同开始日期": "2021.3.1", "合同期限": "1年"}, "合同结束日期", date(2022, 3, 1)),
        ({"合同开始日期": "2021.3.1", "合同期限": "1年", "合同结束日期": "2021.12.31"}, "合同结束日期", date(2021, 12, 31)),
    ],
)
def test_a_count_follows_from_its_dates_unless_its_own_cell_says_it(tmp_path, cells, name, value):
    assert one(tmp_path, **cells)[name] == value


@pytest.mark.parametrize("term", ["1年", "12个月", "一年"])
def test_a_contract_that_states_only_its_length_runs_from_the_day_of_the_post(tmp_path, term):
    row = one(tmp_path, 上岗时间="2021.3.1", 协议期限=term)
    assert (row["合同开始日期"], row["合同结束日期"]) == (date(2021, 3, 1), date(2022, 3, 1))


@pytest.mark.parametrize(
    "cells",
    [
        {"上岗时间": "2021.3.1"},
        {"上岗时间": "2021.3.1", "合同月数": "长期"},
        {"上岗时间": "2021.3.1", "合同月数": "1年", "合同开始日期": "去年"},
    ],
)
def test_no_length_or_an_unreadable_start_gives_no_contract(tmp_path, cells):
    assert one(tmp_path, **cells).get("合同结束日期") is None


def test_a_contract_keeps_its_own_start_whatever_the_day_of_the_post(tmp_path):
    row = one(tmp_path, 上岗时间="2021.3.1", 合同期限="1年", 合同开始日期="2021.2.1")
    assert row["合同结束日期"] == date(2022, 2, 1)


def test_among_ranges_a_lone_length_is_still_a_length(tmp_path):
    ranges = [("李四", ZHAO, "2021.1.1", f"2021.{month}.1-2022.2.28") for month in (1, 2)]
    rows = [("姓名", "身份证号", "上岗日期", "合同期限"), *ranges, ("张三", ZHAO, "2021.3.1", "3年")]
    roster = read([book(tmp_path, *rows)])
    assert roster.problems.height == 0
    assert know(roster.rows, NATIONAL).select("合同月数", "合同结束日期").rows()[1:] == [
        (None, date(2022, 2, 28)),
        (36, date(2024, 3, 1)),
    ]


def test_an_unreadable_cell_is_not_replaced_by_what_would_follow(tmp_path):
    assert one(tmp_path, 社保缴费起止="2021年3月-2022年2月", 连续缴费月数="很久")["连续缴费月数"] is None


def test_names_are_compared_without_blanks_and_with_one_kind_of_dot():
    names = pl.Series(["张 三", "阿卜杜拉•买买提", "阿卜杜拉．买买提", None])
    assert folded_names(names).to_list() == ["张三", "阿卜杜拉·买买提", "阿卜杜拉·买买提", None]


def test_a_rate_is_written_exactly_whatever_stands_beside_it():
    rates = pl.DataFrame({"执行利率": [43_500, 50_000, 38_525, None, 500]})
    told = rates.select(written(facts()["执行利率"], rates.columns)).to_series().to_list()
    assert told == ["4.35%", "5%", "3.8525%", None, "0.05%"]
