"""What is to be paid against what was approved, where a case of the catalogue can't say it."""

from __future__ import annotations

import polars as pl
from msgspec.structs import replace

from jybf.assess.cases import roster_of
from jybf.audit.cases import DAY
from jybf.model import SHEET, Findings, Listing, last
from jybf.roster import DRAWN, kinds
from tests.audit.rosters import Row, number, report, traveller


def approval(*rows: Row, dark: int = 0) -> Listing:
    """A list of approvals, of which ``dark`` rows have numbers that can't be read."""
    own = roster_of([{"户": "", "单位": "", DRAWN: DAY, **row} for row in rows])
    own = replace(own, rows=own.rows.with_columns(pl.lit(1, pl.Int64).alias(SHEET)))
    own = replace(own, sheets=(replace(own.sheets[0], index=1, file="审批表.xlsx"),))
    return Listing(kinds()["审批表"], own, own.rows[last(DRAWN)][0], len(rows), dark, whole=True)


def told(findings: Findings) -> list[tuple[str, ...]]:
    return findings.rows.filter(pl.col("编号") == "JY607").select("级别", "文件", "单元格", "姓名", "身份证号").rows()


def test_who_is_not_on_an_approval_that_is_partly_unreadable_may_be_on_it() -> None:
    row, other = traveller(), {"身份证号": number(3), "姓名": "乙示例", "核定金额": "800"}
    levels = [report(row, lists=[approval(other, dark=dark)]).rows for dark in (0, 1)]
    mine = [frame.filter(pl.col("编号") == "JY607", pl.col("文件") == "case")["级别"].to_list() for frame in levels]
    assert mine == [["拦截"], ["疑点"]]


def test_who_was_left_out_is_shown_where_the_approval_has_them() -> None:
    listed = approval({"身份证号": number(1), "核定金额": "800"}, {"身份证号": number(3), "姓名": "乙示例", "核定金额": "800"})
    assert told(report(traveller(), lists=[listed])) == [("疑点", "审批表.xlsx", "A2", "乙示例", number(3))]


def test_a_sum_that_one_row_leaves_unsaid_is_not_compared() -> None:
    two = traveller(), traveller(申请金额="")
    assert told(report(*two, lists=[approval({"身份证号": number(1), "核定金额": "500"})])) == []
