"""Twice: within the input and against the history."""

from __future__ import annotations

from typing import Any

from tests.audit.rosters import (
    HIRING,
    POST,
    TRAINING,
    Row,
    finding,
    keeper,
    lines,
    number,
    report,
    trainee,
    traveller,
)

HOME = "2021年务工交通补贴花名册"


def learner(**changes: Any) -> Row:
    row = {
        "姓名": "甲示例",
        "身份证号": number(1),
        "人员类别": "脱贫人口",
        "申请日期": "2021-08-01",
        "出勤天数": 10,
        "申请金额": "150",
    }
    return row | changes


def hired(**changes: Any) -> Row:
    row = {
        "姓名": "甲示例",
        "身份证号": number(1),
        "人员类别": "脱贫人口",
        "单位": "甲厂",
        "单位名称": "甲厂",
        "申请金额": "1000",
    }
    return row | {"申请日期": "2021-08-01"} | changes


def started(**changes: Any) -> Row:
    row = {
        "姓名": "甲示例",
        "身份证号": number(1),
        "户": "一户",
        "人员类别": "脱贫人口",
        "正常经营月数": 6,
        "带动就业人数": 3,
        "员工缴保月数": 6,
        "申请日期": "2022-08-01",
        "申请金额": "8000",
    }
    return row | changes


def test_the_same_person_programme_and_period_twice_is_stopped() -> None:
    course = {"培训开始日期": "2021-07-01", "培训结束日期": "2021-07-10"}
    first, title = learner(**course), "培训生活费补贴发放表"
    assert finding("JY301", first, first, title=title)["级别"] == "拦截"
    assert lines("JY301", first, learner(培训开始日期="2021-08-01", 培训结束日期="2021-08-10"), title=title) == []
    assert lines("JY301", first, learner(**course, 身份证号=number(3)), title=title) == []
    assert lines("JY301", learner(**course, 身份证号=""), learner(**course, 身份证号=""), title=title) == []


def test_twice_without_any_period_is_a_doubt() -> None:
    assert finding("JY301", learner(), learner(), title="培训生活费补贴发放表")["级别"] == "疑点"


def test_transport_is_paid_once_a_year() -> None:
    row = finding("JY302", traveller(), traveller(申请日期="2021-09-01"))
    assert (row["行号"], row["涉及金额"]) == (2, 80000)
    assert lines("JY302", traveller(), traveller(申请日期="2022-01-01")) == []
    assert lines("JY302", traveller(), traveller(身份证号=number(3))) == []


def test_transport_paid_before_is_found_in_the_history() -> None:
    earlier = traveller(补贴项目="跨省务工交通补贴", 申请日期="2021-02-01")
    assert "历史记录" in finding("JY302", traveller(), history=[earlier])["问题"]
    assert lines("JY302", traveller(), history=[{**earlier, "申请日期": "2020-02-01"}]) == []


def near(**changes: Any) -> Row:
    """A claim to the tier within the province."""
    there = {
        "务工省": "山西省",
        "户籍县": "甲县",
        "务工县": "乙县",
        "有组织输出": True,
        "申请金额": "300",
        "补贴项目": "省内务工交通补贴",
    }
    return traveller(**there | changes)


def far(**changes: Any) -> Row:
    return traveller(补贴项目="跨省务工交通补贴", **changes)


def test_both_tiers_in_one_year_are_a_doubt() -> None:
    assert finding("JY304", far(), near(), title="花名册")["级别"] == "疑点"
    assert lines("JY304", far(), near(申请日期="2022-08-01"), title="花名册") == []
    assert lines("JY304", far(), near(身份证号=number(3)), title="花名册") == []
    assert lines("JY304", far(), near(申请日期=""), title="花名册") == []
    assert lines("JY304", near(), title="花名册", history=[far(申请日期="2021-01-05")]) == [1]


def test_who_had_training_on_the_job_before_is_out() -> None:
    assert lines("JY305", trainee(享受过以工代训=True), title=TRAINING) == [1]
    assert lines("JY305", trainee(享受过以工代训=False), title=TRAINING) == []
    assert lines("JY305", trainee(享受过以工代训=""), title=TRAINING) == []


def test_six_months_are_counted_over_employers() -> None:
    first, second = trainee(), trainee(训练开始日期="2021-07", 训练结束日期="2021-10", 单位="乙厂", 单位名称="乙厂")
    row = finding("JY306", first, second, title=TRAINING)
    assert (row["行号"], row["应为"], row["涉及金额"]) == (2, "2", 60000)
    short = trainee(训练开始日期="2021-07", 训练结束日期="2021-08", 补贴月数=2, 申请金额="600")
    assert lines("JY306", first, short, title=TRAINING) == []


def test_a_month_is_claimed_by_one_employer() -> None:
    other = trainee(训练开始日期="2021-06", 训练结束日期="2021-07", 补贴月数=2, 申请金额="600", 单位="乙厂", 单位名称="乙厂")
    assert finding("JY307", trainee(), other, title=TRAINING)["当前值"] == "2021-06"
    assert lines("JY307", trainee(), {**other, "训练开始日期": "2021-07"}, title=TRAINING) == []
    assert lines("JY307", trainee(), {**other, "单位": ""}, title=TRAINING) == []
    assert lines("JY307", trainee(), {**other, "单位": "甲厂"}, title=TRAINING) == []


def test_nobody_holds_two_posts_at_once() -> None:
    other = keeper(岗位名称="护林员", 合同开始日期="2021-06-01", 合同结束日期="2022-05-31")
    assert finding("JY311", keeper(), other, title=POST)["级别"] == "拦截"
    assert lines("JY311", keeper(), {**other, "合同开始日期": "2022-03-01"}, title=POST) == []
    assert lines("JY311", keeper(), {**other, "合同开始日期": ""}, title=POST) == []


def test_the_monthly_lists_of_one_post_are_no_second_post() -> None:
    march, april = keeper(所属期="2021-03", 单位="村委会"), keeper(所属期="2021-04", 单位="村委会")
    assert lines("JY311", march, april, title=POST) == []


def test_two_posts_of_one_month_overlap() -> None:
    march, other = keeper(所属期="2021-03"), keeper(所属期="2021-03", 岗位名称="护林员")
    assert finding("JY311", march, other, title=POST)["级别"] == "拦截"
    assert lines("JY311", march, {**other, "所属期": "2021-04"}, title=POST) == []
    year = {"所属期": "2021", "合同开始日期": "", "合同结束日期": ""}  # else the contracts would say that they overlap
    assert lines("JY311", {**march, **year}, {**other, **year}, title=POST) == []
    home = {"户": "一户", "户编号": "一户"}
    assert finding("JY311", {**march, **home}, {**other, **home, "身份证号": number(3)}, title=POST)["级别"] == "疑点"


def test_two_posts_in_one_household_are_a_doubt() -> None:
    home = {"户": "一户", "户编号": "一户"}
    assert finding("JY311", keeper(**home), keeper(**home, 身份证号=number(3)), title=POST)["级别"] == "疑点"
    assert lines("JY311", keeper(**home), keeper(户="二户", 身份证号=number(3)), title=POST) == []


def test_a_base_that_took_the_award_gets_no_hiring_subsidy() -> None:
    award = {"补贴项目": "就业帮扶基地奖励", "单位": "甲厂", "单位名称": "甲厂", "申请日期": "2021-02-01", "发放金额": "100000"}
    assert lines("JY313", hired(), title=HIRING, history=[award]) == [1]
    assert lines("JY313", hired(单位="乙厂"), title=HIRING, history=[award]) == []


def test_one_person_is_claimed_by_one_employer() -> None:
    there = {"title": "社会保险补贴申请表"}
    other = {"单位": "乙厂", "单位名称": "乙厂"}
    assert lines("JY314", hired(), hired(**other), **there) == [2]
    assert lines("JY314", hired(), hired(**other, 身份证号=number(3)), **there) == []
    assert lines("JY314", hired(), hired(单位="", 单位名称=""), **there) == []


def test_a_code_here_and_a_name_there_may_be_one_employer() -> None:
    """Unknown is never another employer."""
    coded = hired(单位="91140000MA0FAKE017", 统一社会信用代码="91140000MA0FAKE017", 单位名称="")
    named = hired(单位="乙厂", 单位名称="乙厂")
    assert lines("JY314", coded, named, title="社会保险补贴申请表") == []
    assert lines("JY314", coded, {**named, "统一社会信用代码": "91140000MA0FAKE028"}, title="社会保险补贴申请表") == [2]


def test_a_household_gets_the_startup_sum_once() -> None:
    there = {"title": "一次性创业补助申请表", "region": "fengdu"}
    assert lines("JY315", started(), started(身份证号=number(3)), **there) == [2]
    assert lines("JY315", started(), started(身份证号=number(3), 户="二户"), **there) == []


def test_a_person_listed_twice_is_found_even_where_no_money_is_stated() -> None:
    silent = {k: v for k, v in traveller().items() if k != "申请金额"}
    assert lines("JY302", silent, silent) == [2]
    assert report(silent).rows.is_empty()
