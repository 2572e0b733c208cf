"""Findings in numbers: each counted once in every dimension, money never twice, and what nobody stated no zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jybf.audit.statistics import GROUPS, statistics, tallied
from jybf.model import CONTEXT, FINDING_COLUMNS, MONEY, STATISTICS_COLUMNS, Findings, Report, Summary
from tests.audit.rosters import number, report, traveller

if TYPE_CHECKING:
    from collections.abc import Mapping

ON_ROW = {"_row": 3, "_sheet": 0, "文件": "甲.xlsx", "工作表": "一", "行号": 5, "编号": "JY601", "级别": "疑点", "乡镇": "东镇"}
STOPPED = ON_ROW | {"级别": "拦截", "编号": "JY214"}


def counted(*findings: Mapping[str, Any], roll: pl.DataFrame | None = None) -> pl.DataFrame:
    """The statistics of literal findings; a column that is left out is "" (no number: null)."""
    numbers = {"_row", "_sheet", "行号", "涉及金额"}
    names = dict.fromkeys((*FINDING_COLUMNS, *CONTEXT))
    schema = {name: pl.Int64 if name in numbers else pl.String for name in names}
    rows = [{name: each.get(name, None if name in numbers else "") for name in names} for each in findings]
    frame = pl.DataFrame(rows, schema)
    return statistics(frame.select(FINDING_COLUMNS), frame.select(CONTEXT), roll)


def line(frame: pl.DataFrame, dimension: str, name: str) -> dict[str, Any]:
    return frame.filter(pl.col("维度") == dimension, pl.col("名称") == name).row(0, named=True)


def whole(*findings: Mapping[str, Any]) -> dict[str, Any]:
    return line(counted(*findings), "合计", "合计")


def test_a_row_with_several_findings_is_one_row_and_its_largest_sum_once() -> None:
    got = whole(STOPPED | {"涉及金额": 300}, STOPPED | {"编号": "JY102", "涉及金额": 800}, ON_ROW | {"涉及金额": 900})
    assert (got["拦截"], got["疑点"], got["行数"]) == (2, 1, 1)
    assert (got["拦截金额"], got["涉及金额"]) == (800, 900)


def test_a_sum_that_nobody_stated_is_null_and_the_row_is_told() -> None:
    got = whole(STOPPED, STOPPED | {"编号": "JY102"})
    assert (got["拦截金额"], got["涉及金额"], got["金额不明"]) == (None, None, 1)
    part = whole(STOPPED, STOPPED | {"_row": 4, "行号": 6, "涉及金额": 800})
    assert (part["拦截金额"], part["金额不明"]) == (800, 1)


def test_a_doubt_without_a_sum_holds_no_unknown_money_back() -> None:
    assert whole(ON_ROW)["金额不明"] == 0


def test_what_is_waived_is_counted_apart_and_puts_no_money_at_risk() -> None:
    got = whole(ON_ROW | {"级别": "提示", "豁免": "甲局长，至 2026-12-31", "涉及金额": 800})
    assert [got[name] for name in ("拦截", "疑点", "提示", "豁免", "行数", "涉及金额")] == [0, 0, 0, 1, 0, None]


def test_rows_that_do_not_say_their_township_are_told_from_findings_on_no_row() -> None:
    total = {"文件": "甲.xlsx", "工作表": "一", "行号": 40, "编号": "JY117", "级别": "拦截", "涉及金额": 100}
    frame = counted(ON_ROW | {"乡镇": ""}, total)
    assert line(frame, "乡镇", "未写明")["疑点"] == 1
    assert line(frame, "乡镇", "不在某一行")["拦截"] == 1
    assert line(frame, "合计", "合计")["行数"] == 1


def test_rules_bear_their_titles_and_the_gravest_stands_first() -> None:
    frame = counted(ON_ROW, ON_ROW | {"_row": 9, "行号": 11}, STOPPED)
    names = frame.filter(pl.col("维度") == "规则")["名称"].to_list()
    assert [name[:5] for name in names] == ["JY214", "JY601"]
    assert all(len(name) > 6 for name in names)


def test_the_counts_of_townships_employers_and_programmes_add_up_to_the_total() -> None:
    other = {"_row": 9, "行号": 11, "乡镇": "西镇", "单位": "甲厂"}
    frame = counted(ON_ROW, STOPPED | {"涉及金额": 300}, ON_ROW | other, STOPPED | other | {"涉及金额": 800})
    for dimension in GROUPS:
        part = frame.filter(pl.col("维度") == dimension)
        for name in ("拦截", "疑点", "行数", "拦截金额", "涉及金额"):
            assert part[name].sum() == line(frame, "合计", "合计")[name], (dimension, name)


def test_no_findings_are_no_lines_in_the_same_columns() -> None:
    frame = counted()
    assert frame.is_empty()
    assert tuple(frame.columns) == STATISTICS_COLUMNS


def of_roster() -> tuple[Findings, pl.DataFrame]:
    rows = [
        traveller(乡镇="东镇", 申请金额="900"),
        traveller(身份证号=number(3), 姓名="乙示例", 乡镇="东镇"),
        traveller(身份证号=number(5), 姓名="丙示例", 乡镇="西镇", 人员类别="一般农户", 性别="女"),
    ]
    found = report(*rows, ignore=("JY118",))  # invented numbers are in sequence
    return found, statistics(found.rows, found.context, found.roll)


def test_beside_its_findings_a_township_says_how_many_rows_it_has_and_what_they_claim() -> None:
    _, frame = of_roster()
    east, west = line(frame, "乡镇", "东镇"), line(frame, "乡镇", "西镇")
    assert (east["行数"], east["总行数"], east["拦截金额"], east["申领金额"]) == (1, 2, 10_000, 170_000)
    assert (west["行数"], west["总行数"], west["拦截"], west["疑点"]) == (1, 1, 1, 1)
    assert frame.filter(pl.col("维度") == "规则")["总行数"].null_count() == 3


def test_the_sum_at_risk_is_that_of_the_headline() -> None:
    found, frame = of_roster()
    stopped = found.rows.filter(pl.col("级别") == "拦截").group_by("文件", "工作表", "行号").agg(pl.max("涉及金额"))
    assert line(frame, "合计", "合计")["拦截金额"] == stopped["涉及金额"].sum() == 90_000


def test_the_report_keeps_what_was_said_around_its_findings() -> None:
    found, frame = of_roster()
    summary = Summary(3, {"可发放": 3})
    given = Report("audit", found.rows, summary, {"程序": "x"}, found.not_run, context=found.context, findings=found)
    got = tallied(given)
    assert (got.kind, got.summary, got.not_run) == ("statistics", summary, found.not_run)
    assert got.frame.equals(frame)
    assert set(got.frame.columns) & set(MONEY) == {"拦截金额", "涉及金额", "申领金额"}
