"""Sums, terms in months, interest, funds."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.audit.rosters import LOAN, TRAINING, Row, finding, lines, number, report, trainee, traveller


def borrower(**changes: Any) -> Row:
    """A loan of Fengdu: 200000 at 4.35 %, LPR 3.85 % less 1.5 points, 360 days: 4000.00 of interest is subsidised."""
    row = {
        "姓名": "甲示例", "身份证号": number(1), "贷款类型": "个人", "贷款合同编号": "合字1号", "贷款金额": "200000", "执行利率": "4.35",
        "贷款合同日期": "2021-03-01", "贷款发放日期": "2021-03-01", "贷款到期日期": "2024-03-01", "贷款期限": 36, "计息天数": 360,
        "申请日期": "2022-03-01", "逾期": False, "展期": False, "贴息金额": "4000", "人员类别": "脱贫人口",
    }  # fmt: skip
    return row | changes


def test_more_than_the_ceiling_is_stopped_with_the_excess() -> None:
    row = finding("JY501", traveller(申请金额="1000"))
    assert (row["级别"], row["当前值"], row["应为"], row["涉及金额"]) == ("拦截", "1000.00", "800.00", 20000)


def test_a_claim_that_the_approval_cut_down_is_no_overpayment() -> None:
    assert finding("JY501", traveller(申请金额="800", 核定金额="800", 发放金额="900"))["列名"] == "发放金额"


def test_one_row_may_not_ask_for_more_months_than_the_term() -> None:
    long = trainee(训练开始日期="2021-01", 训练结束日期="2021-08", 补贴月数=8, 申请金额="2400")
    assert finding("JY505", long, title=TRAINING)["涉及金额"] == 60000


def test_interest_is_recomputed_to_the_cent() -> None:
    there = {"title": LOAN, "region": "fengdu"}
    over = finding("JY512", borrower(贴息金额="4500"), **there)
    assert (over["级别"], over["应为"], over["涉及金额"]) == ("拦截", "4000.00", 50000)


@pytest.mark.parametrize(("days", "level"), [(375, "拦截"), (361, "提示"), (350, "疑点")])
def test_stated_days_of_interest_agree_with_their_dates(days: int, level: str) -> None:
    year = {"计息开始日期": "2021-03-01", "计息结束日期": "2022-02-24"}
    assert lines("JY512", borrower(**year), title=LOAN, region="fengdu") == []
    rows = report(borrower(**year, 计息天数=days, 贴息金额=""), title=LOAN, region="fengdu").rows
    told = rows.filter(pl.col("编号") == "JY512", pl.col("列名") == "计息天数")
    assert told.select("级别", "应为").rows() == [(level, "360 天")]


@pytest.mark.parametrize("end", ["结清日期", "贷款到期日期"])
def test_interest_ends_when_the_loan_does(end: str) -> None:
    year = {"计息开始日期": "2021-03-01", "计息结束日期": "2022-02-24"}
    row = finding("JY512", borrower(**year | {end: "2021-12-31"}), title=LOAN, region="fengdu")
    assert (row["级别"], row["列名"], row["涉及金额"]) == ("拦截", "计息结束日期", 400000)
    assert row["单元格"]
    assert end in row["问题"]


def test_an_extended_loan_is_a_doubt() -> None:
    row = finding("JY512", borrower(展期=True), title=LOAN, region="fengdu")
    assert (row["级别"], row["列名"]) == ("疑点", "展期")


def test_the_lpr_is_that_of_the_contract_s_day() -> None:
    there = {"title": LOAN, "region": "fengdu"}
    assert finding("JY512", borrower(约定LPR="3.80"), **there)["应为"] == "3.85%"


@pytest.mark.parametrize(
    ("changes", "column"),
    [({"贷款金额": "200001"}, "贷款金额"), ({"贷款期限": 37, "贷款到期日期": "2024-04-01"}, "贷款到期日期")],
)
def test_a_loan_beyond_its_limit_is_told_once_and_at_the_column_that_breaks_it(changes: Row, column: str) -> None:
    row = finding("JY511", borrower(**changes), title=LOAN, region="fengdu")
    assert (row["列名"], row["级别"], row["涉及金额"]) == (column, "拦截", 400000)
