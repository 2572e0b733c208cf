"""Where a sheet has no column for what a row lacks, the column to add is named; where it has, the cell is blank."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.assess import assess, describe
from jybf.assess.cases import roster_of
from jybf.audit import audit
from jybf.model import SHEET, Roster
from jybf.policy import load_pack
from jybf.policy.derivation import can_tell, columns_for

PACKS = {region: load_pack(region) for region in ("national", "shanxi", "fengdu", "xinjiang")}
AWAY = {"人员类别": "脱贫人口", "申请日期": date(2021, 8, 1), "申请金额": "800"}
ASKED = sorted({n for p in PACKS.values() for own in p.programs for c in own.clauses for n in c.holds.fields})


def said(roster: Roster, region: str, program: str) -> list[str]:
    frame = describe(assess(roster, PACKS[region], programs=(program,)), roster)
    return frame.filter(pl.col("结果") == "待补资料")["说明"].to_list()


def test_a_column_that_is_not_there_is_to_be_added_and_one_that_is_there_to_be_filled() -> None:
    assert said(roster_of([AWAY]), "shanxi", "跨省") == ["缺“务工省”（表中没有“务工省”一列，请加上）"]
    assert said(roster_of([AWAY | {"务工省": ""}]), "shanxi", "跨省") == ["缺“务工省”"]


def test_each_sheet_is_asked_for_what_it_has_not() -> None:
    one = roster_of([AWAY | {"务工省": ""}, AWAY])
    with_, without = one.sheets[0], replace(one.sheets[0], index=1, columns={"人员类别": 0})
    two = replace(one, rows=one.rows.with_columns(pl.Series(SHEET, [0, 1], pl.Int32)), sheets=(with_, without))
    assert [text.partition("（")[1] for text in said(two, "shanxi", "跨省")] == ["", "（"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "（表中没有“合同结束日期”一列，请加上；“合同开始日期”和“合同月数”也可以）"),
        ({"合同开始日期": date(2021, 8, 1)}, "（表中没有“合同结束日期”一列，请加上；“合同开始日期”和“合同月数”也可以）"),
        ({"合同开始日期": date(2021, 8, 1), "合同月数": ""}, "；"),
        ({"合同开始日期": date(2021, 8, 1), "合同结束日期": ""}, "；"),
    ],
)
def test_of_a_fact_with_several_ways_all_that_would_do_are_named(given: dict[str, object], words: str) -> None:
    row = {"人员类别": "脱贫人口", "意外险": True, "补贴月数": 3} | given
    (text,) = said(roster_of([row]), "shanxi", "公益性岗位补贴")
    assert f"缺“合同结束日期”{words}" in text + "；"


@pytest.mark.parametrize("name", ASKED)
def test_any_column_that_is_named_is_enough_to_be_asked_no_more_for_one(name: str) -> None:
    assert not can_tell((), name)
    for columns in columns_for(name):
        assert can_tell(columns, name)


def test_of_two_facts_that_tell_each_other_one_has_to_be_there() -> None:
    assert not can_tell(("贷款发放日期",), "贷款期限")
    assert not can_tell(("贷款发放日期",), "贷款到期日期")
    assert can_tell(("贷款发放日期", "贷款到期日期"), "贷款期限")
    assert can_tell(("贷款发放日期", "贷款期限"), "贷款到期日期")


def test_the_audit_asks_for_the_same_column() -> None:
    roster = roster_of([AWAY])
    roster = replace(roster, sheets=(replace(roster.sheets[0], title="2021年跨省务工交通补贴花名册"),))
    found = audit(roster, PACKS["shanxi"], assess(roster, PACKS["shanxi"], programs=("跨省",))).rows
    (problem,) = found.filter(pl.col("编号") == "JY901")["问题"]
    assert problem == "不能核定跨省务工交通补贴：缺“务工省”（表中没有“务工省”一列，请加上）"
