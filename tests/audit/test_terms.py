"""Age, contracts and insurance of public posts, the order of dates, deadlines."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.audit.rosters import POST, TRAINING, Row, finding, keeper, lines, number, report, trainee, traveller


def young(born: str, **changes: Any) -> Row:
    return traveller(身份证号=number(1, born), **changes)


def test_sixteen_is_reached_on_the_day_after_the_sixteenth_birthday() -> None:
    assert finding("JY208", young("20050801"))["级别"] == "拦截"
    assert lines("JY208", young("20050731")) == []


def test_a_year_in_which_somebody_turns_sixteen_leaves_a_doubt() -> None:
    assert finding("JY208", young("20050601", 申请日期="", 所属期="2021"))["级别"] == "疑点"
    assert lines("JY208", young("20041231", 申请日期="", 所属期="2021")) == []


def test_age_matters_only_to_a_claim_and_only_when_the_day_is_known() -> None:
    assert lines("JY208", young("20100101", 申请金额="")) == []
    assert lines("JY208", young("20100101", 申请日期=""), title="跨省务工交通补贴花名册") == []
    assert lines("JY208", traveller(身份证号="")) == []


@pytest.mark.parametrize("region", ["shanxi", "fengdu", "xinjiang", "national"])
def test_a_contract_of_more_than_a_year_is_stopped_in_every_region(region: str) -> None:
    row = finding("JY506", keeper(合同结束日期="2022-03-02"), title=POST, region=region)
    assert (row["级别"], row["列名"], row["当前值"], row["应为"]) == ("拦截", "合同结束日期", "2022-03-02", "不晚于 2022-03-01")
    assert row["涉及金额"] == 50000


@pytest.mark.parametrize("region", ["shanxi", "fengdu", "xinjiang", "national"])
def test_a_contract_to_the_corresponding_day_is_only_a_hint(region: str) -> None:
    assert finding("JY506", keeper(合同结束日期="2022-03-01"), title=POST, region=region)["级别"] == "提示"
    assert lines("JY506", keeper(合同结束日期="2022-02-28"), title=POST, region=region) == []


def test_a_contract_from_leap_day_may_end_on_the_last_of_february() -> None:
    contract = {"合同开始日期": "2020-02-29", "合同结束日期": "2021-02-28"}
    assert finding("JY506", keeper(**contract), title=POST)["级别"] == "提示"


def test_an_over_long_contract_is_a_breach_even_if_nothing_is_claimed() -> None:
    assert lines("JY506", keeper(合同结束日期="2023-02-28", 申请金额=""), title="公益性岗位台账") == [1]


def test_a_contract_known_to_the_month_is_judged_only_where_the_month_decides() -> None:
    assert lines("JY506", keeper(合同开始日期="2021-03", 合同结束日期="2022-03"), title=POST) == []
    assert lines("JY506", keeper(合同开始日期="2021-03", 合同结束日期="2022-05"), title=POST) == [1]


def test_a_stated_term_of_more_than_twelve_months_is_enough_without_dates() -> None:
    undated = {"合同开始日期": "", "合同结束日期": ""}
    assert finding("JY506", keeper(**undated, 合同月数=24), title=POST)["列名"] == "合同月数"
    assert lines("JY506", keeper(**undated, 合同月数=12), title=POST) == []
    assert lines("JY506", keeper(**undated, 合同月数=""), title=POST) == []


def test_months_trained_after_the_deadline_are_cut_off_and_named() -> None:
    row = finding("JY507", trainee(训练开始日期="2021-11", 训练结束日期="2022-02"), title=TRAINING)
    assert (row["级别"], row["列名"], row["涉及金额"]) == ("拦截", "训练结束日期", 60000)
    assert lines("JY507", trainee(训练开始日期="2021-09", 训练结束日期="2021-12"), title=TRAINING) == []


def test_fengdu_closes_on_acceptance() -> None:
    late, there = trainee(申请日期="2022-01-01"), {"title": TRAINING, "region": "fengdu"}
    assert finding("JY507", late, **there)["列名"] == "申请日期"
    assert lines("JY507", trainee(申请日期="2021-12-31"), **there) == []
    assert lines("JY507", trainee(申请日期="2022-01-01", 申请金额=""), **there) == []


def test_the_whole_policy_ends_with_2025() -> None:
    assert lines("JY507", traveller(申请日期="2026-01-01"), title="跨省务工交通补贴") == [1]
    assert lines("JY507", traveller(申请日期="2025-12-31"), title="跨省务工交通补贴") == []


def test_money_paid_after_the_end_for_a_case_within_it_is_a_hint() -> None:
    assert finding("JY507", traveller(申请日期="2025-12-01", 发放日期="2026-01-05"))["级别"] == "提示"
    assert lines("JY507", traveller(申请日期="2025-12-01", 发放日期="2025-12-31")) == []


def test_insurance_must_cover_the_post() -> None:
    whole = {"意外险开始日期": "2021-03-01", "意外险结束日期": "2022-02-28"}
    assert lines("JY519", keeper(**whole), title=POST) == []
    assert finding("JY519", keeper(**whole | {"意外险结束日期": "2021-12-31"}), title=POST)["列名"] == "意外险结束日期"
    assert finding("JY519", keeper(**whole | {"意外险开始日期": "2021-03-02"}), title=POST)["列名"] == "意外险开始日期"
    assert lines("JY519", keeper(**whole | {"意外险结束日期": ""}), title=POST) == []


def test_a_post_without_insurance_is_a_doubt() -> None:
    assert finding("JY519", keeper(意外险=False), title=POST)["级别"] == "疑点"


def test_an_agreement_is_signed_before_work_begins() -> None:
    assert lines("JY519", keeper(签订日期="2021-03-02"), title=POST) == [1]
    assert lines("JY519", keeper(签订日期="2021-03-01"), title=POST) == []
    assert lines("JY519", keeper(签订日期="2021-03-05", 上岗日期="2021-03-10"), title=POST) == []


def test_an_agreement_that_ended_before_the_period_pays_nothing() -> None:
    assert lines("JY519", keeper(所属期="2022-03"), title=POST) == [1]
    assert lines("JY519", keeper(所属期="2022-02"), title=POST) == []


def test_steps_of_the_procedure_follow_each_other() -> None:
    steps = {"申请日期": "2021-08-01", "审批日期": "2021-08-05", "公示开始日期": "2021-08-06", "公示结束日期": "2021-08-12"}
    assert lines("JY514", traveller(**steps, 发放日期="2021-08-13")) == []
    assert finding("JY514", traveller(**steps, 发放日期="2021-08-12"))["问题"] == "公示未满就发放"
    assert finding("JY514", traveller(**steps | {"审批日期": "2021-07-31"}))["列名"] == "审批日期"
    assert lines("JY514", traveller(**steps | {"审批日期": "2021-08"})) == []
    assert lines("JY514", traveller(**steps | {"审批日期": ""})) == []


def test_one_late_step_is_one_finding_that_names_the_nearest_step_before_it() -> None:
    steps = {"申请日期": "2021-08-10", "审批日期": "2021-08-11", "发放日期": "2021-08-01"}
    assert finding("JY514", traveller(**steps))["问题"] == "发放日期早于审批日期"


def test_a_pupil_of_fifteen_may_get_the_pupil_s_grant() -> None:
    pupil = {
        "姓名": "甲示例",
        "身份证号": number(1, "20061001"),
        "申请日期": "2021-09-01",
        "申请金额": "1500",
        "学校": "某职中",
    }
    assert lines("JY208", pupil, title="雨露计划补助花名册") == []


def test_each_row_shows_the_date_that_governs_it() -> None:
    late = report(
        traveller(申请日期="2026-02-01"),
        traveller(申请日期="", 务工结束日期="2026-03-01", 身份证号=number(3)),
        title="跨省交通补贴",
    ).rows.filter(pl.col("编号") == "JY507")
    assert late.select("列名", "当前值").rows() == [("申请日期", "2026-02-01"), ("务工结束日期", "2026-03-01")]
