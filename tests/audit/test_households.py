"""One person, one number; one household, one head: which rows are named, where they point, and how grave it is."""

from __future__ import annotations

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.audit import audit
from tests.audit.rosters import TRANSPORT, lines, number, pack, report, titled, traveller, with_problem

A, B, C = number(1), number(3), number(5)
HOME = "140925100001"
OLD = "142201850101001"  # number(1) as it was before 1999


def test_both_rows_of_one_number_are_named_and_point_at_each_other() -> None:
    found = report(traveller(), traveller(姓名="乙示例"), select=("JY108",)).rows.filter(pl.col("编号") == "JY108")
    assert found.select("行号", "应为").rows() == [(1, "乙示例"), (2, "甲示例")]


def test_of_three_rows_with_one_number_each_points_at_another_name() -> None:
    found = report(traveller(), traveller(), traveller(姓名="乙示例"), select=("JY108",)).rows.filter(pl.col("编号") == "JY108")
    assert found.select("行号", "应为").rows() == [(1, "乙示例"), (2, "乙示例"), (3, "甲示例")]


def test_a_short_number_of_a_household_holds_within_its_village_a_long_one_everywhere() -> None:
    def twice(home: str, *villages: str) -> list[int]:
        rows = [traveller(身份证号=n, 户编号=home, 行政村=v) for n, v in zip((A, B), villages, strict=True)]
        return lines("JY108", *rows)

    assert twice("12345", "示例村", "示例村") == [1, 2]
    assert twice("12345", "示例村", "样本村") == []
    assert twice("123456", "示例村", "样本村") == [1, 2]


@pytest.mark.parametrize("text", [OLD, "'" + OLD, " 142201 850101 001", "１４２２０１８５０１０１００１"])
def test_an_old_number_is_completed_however_it_was_typed(text: str) -> None:
    roster = with_problem(roster_of([traveller(身份证号="？"), traveller()]), 1, "身份证号", text, "15 位旧号", "JY101")
    roster = titled(roster, TRANSPORT)
    rows = audit(roster, pack("shanxi"), assess(roster, pack("shanxi"))).rows.filter(pl.col("编号") == "JY109")
    assert rows.select("行号", "当前值", "涉及金额").rows() == [(1, text, 80000)]


def test_who_was_paid_under_an_old_number_is_found_in_the_history() -> None:
    roster, law = titled(roster_of([traveller(), traveller(身份证号=B)]), TRANSPORT), pack("shanxi")
    paid = roster_of([traveller(补贴项目="跨省务工交通补贴", 申请日期="2020-08-01", 身份证号="？")])
    past = with_problem(replace(paid, sheets=(replace(paid.sheets[0], file="2020.xlsx"),)), 1, "身份证号", OLD, "旧号", "JY101")
    found = audit(roster, law, assess(roster, law, history=past), history=past).rows.filter(pl.col("编号") == "JY109")
    assert found["行号"].to_list() == [1]
    assert "2020.xlsx" in found["问题"].item()


@pytest.mark.parametrize(
    ("relation", "serial", "wrong"),
    [("妻", 1, True), ("之妻", 1, True), ("户主之女", 1, True), ("儿 子", 2, True), ("女婿（上门）", 2, True), ("妻", 2, False),
     ("弟妹", 1, False), ("弟妹", 2, False), ("外孙", 2, False), ("兄弟姐妹", 1, False), ("子女", 2, False)],
)  # fmt: skip
def test_a_relation_contradicts_a_sex_only_where_it_says_one(relation: str, serial: int, wrong: bool) -> None:
    assert bool(lines("JY110", traveller(身份证号=number(serial), 性别="", 与户主关系=relation))) == wrong


def test_a_couple_is_judged_only_beside_a_single_head() -> None:
    pair = [traveller(户编号=HOME, 与户主关系="户主"), traveller(身份证号=B, 户编号=HOME, 与户主关系="配偶")]
    assert lines("JY110", *pair) == [2]
    assert lines("JY110", *pair, traveller(户编号=HOME, 与户主关系="户主", 申请日期="2022-08-01")) == []


def test_a_household_without_a_head_is_told_once_and_only_when_all_of_it_is_there() -> None:
    son, other = (traveller(身份证号=n, 户编号=HOME, 与户主关系="子", 家庭人口=2) for n in (A, C))
    assert lines("JY110", son, other) == [1]
    assert lines("JY110", son, {**other, "身份证号": ""}) == []
    assert lines("JY110", son, {**other, "与户主关系": ""}) == []
    assert lines("JY110", son, {**other, "与户主关系": "本人"}) == []
