"""Twice: within the input and against the history."""

from __future__ import annotations

from tests.audit.rosters import (
    TRAINING,
    finding,
    lines,
    report,
    trainee,
    traveller,
)

HOME = "2021年务工交通补贴花名册"


def test_transport_is_paid_once_a_year() -> None:
    row = finding("JY302", traveller(), traveller(申请日期="2021-09-01"))
    assert (row["行号"], row["涉及金额"]) == (2, 80000)


def test_six_months_are_counted_over_employers() -> None:
    first, second = (
        trainee(),
        trainee(训练开始日期="2021-07", 训练结束日期="2021-10", 申请日期="2021-11-01", 单位="乙厂", 单位名称="乙厂"),
    )
    row = finding("JY306", first, second, title=TRAINING)
    assert (row["行号"], row["应为"], row["涉及金额"]) == (2, "2", 60000)
    short = trainee(训练开始日期="2021-07", 训练结束日期="2021-08", 补贴月数=2, 申请金额="600")
    assert lines("JY306", first, short, title=TRAINING) == []


def test_a_person_listed_twice_is_found_even_where_no_money_is_stated() -> None:
    silent = {k: v for k, v in traveller().items() if k != "申请金额"}
    assert lines("JY302", silent, silent) == [2]
    assert report(silent).rows.is_empty()
