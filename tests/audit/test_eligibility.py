"""What follows from verdicts: failed clauses, missing facts, rows that name no programme."""

from __future__ import annotations

from typing import Any

import polars as pl

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.audit import audit
from jybf.audit.run import in_order
from tests.audit.rosters import (
    POST,
    TRAINING,
    TRANSPORT,
    Row,
    finding,
    keeper,
    lines,
    number,
    pack,
    report,
    titled,
    trainee,
    traveller,
    with_problem,
)


def test_a_claim_outside_the_policy_is_stopped_with_value_clause_and_sum() -> None:
    row = finding("JY214", traveller(人员类别="一般农户"))
    assert (row["级别"], row["列名"], row["当前值"], row["应为"]) == ("拦截", "人员类别", "一般农户", "脱贫人口")
    assert (row["依据"], row["涉及金额"], row["姓名"]) == ("山西省实施意见（四）", 80000, "甲示例")


def test_a_row_that_claims_nothing_is_no_violation_for_being_ineligible() -> None:
    assert report(traveller(人员类别="一般农户", 申请金额="0")).rows.is_empty()
    assert report(traveller(人员类别="一般农户", 申请金额="")).rows["级别"].to_list() == ["提示"]


def test_a_list_of_payments_without_a_money_column_claims() -> None:
    silent = {k: v for k, v in traveller(人员类别="一般农户").items() if k not in {"申请金额", "申请日期"}}
    assert lines("JY214", silent, title="2021年跨省务工交通补贴发放花名册") == [1]
    told = report(silent, title="2021年跨省务工人员台账").rows.filter(编号="JY214")
    assert told["级别"].to_list() == ["提示"]


def test_an_unreadable_sum_is_a_claim() -> None:
    assert lines("JY214", traveller(人员类别="一般农户", 申请金额="？")) == [1]


def test_a_claim_that_lacks_a_fact_is_a_finding_that_names_it() -> None:
    row = finding("JY901", traveller(务工省=""))
    assert (row["级别"], row["列名"], row["涉及金额"]) == ("疑点", "务工省", 80000)
    assert "缺“务工省”" in row["问题"]
    assert report(traveller(务工省="", 申请金额="")).rows.is_empty()


def test_a_claim_under_no_programme_is_a_finding() -> None:
    row = {"姓名": "甲示例", "身份证号": number(1), "申请金额": "500"}
    assert lines("JY903", row, title="花名册") == [1]
    assert lines("JY903", {**row, "申请金额": ""}, title="花名册") == []


def test_a_claim_that_fails_two_clauses_has_two_findings() -> None:
    both = report(trainee(人员类别="一般农户", 享受过以工代训=True), title=TRAINING).rows
    assert both["编号"].to_list() == ["JY214", "JY305"]


def test_a_claim_for_months_after_the_deadline_is_stopped_for_that_alone() -> None:
    months = {"训练开始日期": "2022-01", "训练结束日期": "2022-03", "补贴月数": 3, "申请日期": "2022-04-01"}
    late = report(trainee(**months, 申请金额="900"), title=TRAINING).rows
    assert late["编号"].to_list() == ["JY507"]
    assert late["涉及金额"].to_list() == [90000]


def test_findings_come_by_line_and_code() -> None:
    rows = report(traveller(申请金额="900"), traveller(身份证号=number(3), 性别="女", 人员类别="一般农户")).rows
    assert rows.select("行号", "编号").rows() == [(1, "JY501"), (2, "JY106"), (2, "JY214")]


def test_findings_on_one_cell_come_by_their_text_and_the_same_text_once() -> None:
    told = [
        (2, "乙", "甲列", "A2"),
        (2, "甲", "乙列", ""),
        (1, "丙", "甲列", "A1"),
        (2, "乙", "乙列", "A2"),
        (2, "丁", "乙列", ""),
    ]
    names = ["行号", "问题", "列名", "单元格"]
    found = pl.DataFrame(told, schema=names, orient="row").with_columns(编号=pl.lit("JY501"), 当前值=pl.lit("1"), _sheet=0)
    assert in_order(found).select(names).rows() == [told[2], told[4], told[3], told[1]]


def test_every_finding_says_what_where_why_and_what_to_do() -> None:
    rows = report(keeper(合同结束日期="2023-01-01", 意外险=False, 人员类别=""), title=POST).rows
    told = rows.select("编号", "级别", "文件", "列名", "单元格", "问题", "依据", "建议")
    assert rows.height == 2
    assert all(all(cells) for cells in told.rows())


def test_an_employer_with_too_few_workers_is_named_instead_of_a_worker() -> None:
    staff = [
        {"姓名": f"工{i}", "身份证号": number(i), "人员类别": "脱贫人口", "单位": "甲厂", "单位名称": "甲厂"} for i in range(3)
    ]
    claim = {**staff[0], "申请日期": "2022-01-05", "申请金额": "100000"}
    row = finding("JY416", claim, *staff[1:], title="就业帮扶基地奖励申报表")
    assert (row["行号"], row["姓名"], row["身份证号"], row["涉及金额"]) == (1, "甲厂", "", 10000000)


def office(**changes: Any) -> Row:
    return {"单位": "甲乡", "单位名称": "甲乡", "机构层级": "乡镇（街道）", "专职人员数": 3} | changes


def test_a_control_is_broken_without_any_claim_and_its_gaps_are_named() -> None:
    there = {"title": "基层平台人员配备表", "region": "xinjiang"}
    broken = finding("JY416", office(专职人员数=2), **there)
    assert (broken["姓名"], broken["级别"]) == ("甲乡", "拦截")
    assert report(office(), **there).rows.is_empty()
    assert "专职人员数" in finding("JY901", office(), office(单位="乙乡", 专职人员数=""), **there)["问题"]


def test_a_ledger_row_without_its_contract_dates_is_not_passed_over() -> None:
    dated, undated = keeper(申请金额=""), keeper(申请金额="", 合同结束日期="", 身份证号=number(3))
    assert lines("JY901", dated, undated, title="公益性岗位台账") == [2]


def settlement(**changes: Any) -> Row:
    return {"单位": "甲区", "单位名称": "甲区", "安置区人口": 1200, "岗位总数": 100, "搬迁群众岗位数": 60} | changes


def test_a_roster_of_a_control_that_names_nobody_is_audited_to_its_last_row() -> None:
    posts = [{"安置区人口": 1200, "岗位总数": 100, "搬迁群众岗位数": held} for held in (70, 69)]
    assert lines("JY416", *posts, title="安置区岗位统计表", region="xinjiang") == [2]


def test_what_may_be_outside_a_control_is_no_breach_of_it_but_a_doubt() -> None:
    there = {"title": "安置区岗位统计表", "region": "xinjiang"}
    assert finding("JY416", settlement(), **there)["级别"] == "拦截"
    small = report(settlement(安置区人口=300), **there).rows
    assert small.select("编号", "级别", "列名").rows() == [("JY901", "疑点", "深度贫困安置区")]
    assert report(settlement(安置区人口=300, 深度贫困安置区=False), **there).rows.is_empty()


def test_an_unreadable_cell_is_told_as_such_and_by_its_own_name() -> None:
    roster = titled(roster_of([traveller(申请金额="？")]), TRANSPORT)
    unread = with_problem(roster, 1, "申请金额", "八百左右", "不是金额", "JY902")
    rows = audit(unread, pack("shanxi"), assess(unread, pack("shanxi"))).rows
    row = rows.row(by_predicate=pl.col("编号") == "JY901", named=True)
    assert (row["列名"], row["问题"]) == ("申请金额", "不能核定跨省务工交通补贴：认不出“申请金额”")
    assert row["单元格"]


def test_a_doubt_that_no_single_cell_explains_gives_the_clause_not_a_history() -> None:
    staff = [
        {"姓名": f"工{i}", "身份证号": number(i), "人员类别": "", "单位": "甲厂", "单位名称": "甲厂"} for i in range(1, 60)
    ]
    claim = staff[0] | {"申请日期": "2022-01-05", "申请金额": "100000"}
    told = finding("JY901", claim, *staff[1:], title="就业帮扶基地奖励申报表")["问题"]
    assert "不能确定" in told
    assert "历史" not in told


def test_two_claims_to_what_is_paid_once_are_told_though_neither_can_be_decided_yet() -> None:
    unsaid, same = traveller(人员类别="", 身份证号=number(1)), {"行政村": "乙村"}
    row = finding("JY302", unsaid, unsaid | same)
    assert (row["行号"], row["级别"], row["列名"]) == (2, "疑点", "身份证号")
    paid = traveller(身份证号=number(1))
    assert finding("JY302", unsaid, paid)["级别"] == "疑点"
    assert finding("JY302", paid, unsaid)["级别"] == "拦截"  # whatever it lacks, the row above has used it up
    assert finding("JY302", paid, paid | same)["级别"] == "拦截"
    assert lines("JY302", unsaid, traveller(人员类别="一般农户", 身份证号=number(1))) == []
