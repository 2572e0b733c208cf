"""Age, contracts and insurance of public posts, the order of dates, deadlines."""

from __future__ import annotations

import polars as pl
import pytest

from tests.audit.rosters import POST, TRAINING, finding, keeper, lines, number, report, trainee, traveller


@pytest.mark.parametrize("region", ["shanxi", "fengdu", "xinjiang", "national"])
def test_a_contract_of_more_than_a_year_is_stopped_in_every_region(region: str) -> None:
    row = finding("JY506", keeper(合同结束日期="2022-03-02"), title=POST, region=region)
    assert (row["级别"], row["列名"], row["当前值"], row["应为"]) == ("拦截", "合同结束日期", "2022-03-02", "不晚于 2022-03-01")
    assert row["涉及金额"] == 50000


@pytest.mark.parametrize("region", ["shanxi", "fengdu", "xinjiang", "national"])
def test_a_contract_to_the_corresponding_day_is_only_a_hint(region: str) -> None:
    assert finding("JY506", keeper(合同结束日期="2022-03-01"), title=POST, region=region)["级别"] == "提示"
    assert lines("JY506", keeper(合同结束日期="2022-02-28"), title=POST, region=region) == []


def test_a_stated_term_of_more_than_twelve_months_is_enough_without_dates() -> None:
    undated = {"合同开始日期": "", "合同结束日期": ""}
    assert finding("JY506", keeper(**undated, 合同月数=24), title=POST)["列名"] == "合同月数"


def test_months_trained_after_the_deadline_are_cut_off_and_named() -> None:
    row = finding("JY507", trainee(训练开始日期="2021-11", 训练结束日期="2022-02", 申请日期="2022-03-01"), title=TRAINING)
    assert (row["级别"], row["列名"], row["涉及金额"]) == ("拦截", "训练结束日期", 60000)


def test_fengdu_closes_on_acceptance() -> None:
    late, there = trainee(申请日期="2022-01-01"), {"title": TRAINING, "region": "fengdu"}
    assert finding("JY507", late, **there)["列名"] == "申请日期"


def test_insurance_must_cover_the_post() -> None:
    whole = {"意外险开始日期": "2021-03-01", "意外险结束日期": "2022-02-28"}
    assert finding("JY519", keeper(**whole | {"意外险结束日期": "2021-12-31"}), title=POST)["列名"] == "意外险结束日期"
    assert finding("JY519", keeper(**whole | {"意外险开始日期": "2021-03-02"}), title=POST)["列名"] == "意外险开始日期"


def test_one_late_step_is_one_finding_that_names_the_nearest_step_before_it() -> None:
    steps = {"申请日期": "2021-08-10", "审批日期": "2021-08-11", "发放日期": "2021-08-01"}
    assert finding("JY514", traveller(**steps))["问题"] == "发放日期早于审批日期"


def test_a_late_application_is_refused_and_late_work_without_an_application_is_held() -> None:
    told = report(
        traveller(申请日期="2026-02-01"),
        traveller(申请日期="", 务工结束日期="2026-03-01", 身份证号=number(3)),
        title="跨省交通补贴",
    ).rows.filter(pl.col("编号").is_in(["JY507", "JY901"]))
    assert told.select("编号", "列名", "当前值").rows() == [("JY507", "申请日期", "2026-02-01"), ("JY901", "申请日期", "")]
