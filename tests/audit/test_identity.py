"""Data quality: unreadable cells, contradictions within a row, totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.audit import audit
from jybf.model import Findings, Roster, Total
from tests.audit.rosters import (
    TRANSPORT,
    finding,
    keeper,
    number,
    pack,
    report,
    titled,
    trainee,
    traveller,
    with_problem,
    with_total,
)

if TYPE_CHECKING:
    from tests.audit.rosters import Row


def audited(roster: Roster, *codes: str) -> Findings:
    return audit(roster, pack("shanxi"), assess(roster, pack("shanxi")), select=codes)


def test_a_clean_row_has_no_finding() -> None:
    assert report(traveller()).rows.is_empty()
    assert report(trainee(), title="以工代训补贴花名册").rows.is_empty()
    assert report(keeper(), title="公益性岗位补贴发放表").rows.is_empty()


def test_an_id_kept_as_a_number_is_a_finding_with_its_cell_and_the_money_at_stake() -> None:
    roster = titled(roster_of([traveller(身份证号="？")]), TRANSPORT)
    rows = audited(with_problem(roster, 1, "身份证号", "1.42E+17", "以数字保存", "JY103")).rows
    row = rows.row(by_predicate=pl.col("编号") == "JY103", named=True)
    assert (row["级别"], row["列名"], row["当前值"], row["问题"]) == ("拦截", "身份证号", "1.42E+17", "以数字保存")
    assert row["涉及金额"] == 80000


def test_an_unreadable_cell_of_a_row_that_claims_nothing_is_still_a_finding() -> None:
    roster = titled(roster_of([traveller(申请金额="", 申请日期="？")]), "台账")
    rows = audited(with_problem(roster, 1, "申请日期", "2021.2.30", "日期不存在", "JY116")).rows
    assert rows["编号"].to_list() == ["JY116"]


def test_a_cell_refused_without_a_code_of_its_own_is_jy902() -> None:
    roster = titled(roster_of([traveller()]), TRANSPORT)
    rows = audited(with_problem(roster, 1, "合同结束日期", "长期", "不是日期", "JY902")).rows
    assert rows.select("编号", "级别", "当前值").rows() == [("JY902", "疑点", "长期")]


def test_an_account_kept_as_a_number_is_a_doubt_though_its_code_is_a_hint() -> None:
    roster = titled(roster_of([traveller(银行账号="？")]), TRANSPORT)
    rows = audited(with_problem(roster, 1, "银行账号", "6.2E+18", "以数字保存", "JY605")).rows
    assert rows.select("编号", "级别").rows() == [("JY605", "疑点")]


def test_a_span_that_ends_before_it_starts_is_impossible() -> None:
    assert finding("JY116", traveller(务工开始日期="2021-05-01", 务工结束日期="2021-04-30"))["涉及金额"] == 80000


def test_more_days_than_a_course_is_said_to_have_are_a_doubt_within_its_dates() -> None:
    course = {"培训开始日期": "2021-03-01", "培训结束日期": "2021-03-20", "培训天数": 10}
    beyond = finding("JY116", traveller(**course, 出勤天数=21))
    assert (beyond["级别"], beyond["应为"]) == ("拦截", "不超过 20 天")


def test_a_total_that_does_not_add_up_names_its_own_line() -> None:
    roster = titled(roster_of([traveller()]), TRANSPORT)
    wrong = audited(with_total(roster, Total(9, "申请金额", 160000, 80000, grand=True))).rows
    assert wrong.select("编号", "行号", "当前值", "应为", "涉及金额").rows() == [("JY117", 9, "1600.00", "800.00", 80000)]
    heads = audited(with_total(roster, Total(9, "姓名", 2, 1, grand=False))).rows
    assert heads.select("编号", "当前值", "涉及金额").rows() == [("JY117", "2", None)]
    assert audited(with_total(roster, Total(9, "申请金额", 80000, 80000, grand=True))).rows.is_empty()


def test_a_sum_over_cells_that_can_t_be_read_is_undecided() -> None:
    roster = titled(roster_of([traveller(), traveller(身份证号=number(3), 申请金额="？")]), TRANSPORT)
    unread = with_problem(roster, 2, "申请金额", "八百左右", "不是金额", "JY902")
    rows = audited(with_total(unread, Total(9, "申请金额", 160000, 80000, grand=True))).rows
    row = rows.row(by_predicate=pl.col("编号") == "JY117", named=True)
    place = rows.row(by_predicate=pl.col("编号") == "JY902", named=True)["单元格"]
    assert (row["级别"], row["应为"], row["涉及金额"]) == ("疑点", "", None)
    assert place in row["问题"]


def test_a_number_of_heads_is_pointed_at_where_it_stands() -> None:
    roster = with_total(titled(roster_of([traveller()]), TRANSPORT), Total(9, "人数", 2, 1, grand=True, cell="A9"))
    assert audited(roster).rows.select("编号", "单元格", "应为").rows() == [("JY117", "A9", "1")]


def test_heads_may_be_rows_or_persons_or_what_a_column_of_heads_adds_up_to() -> None:
    def told(stated: int, *rows: Row) -> bool:
        roster = with_total(titled(roster_of(rows), TRANSPORT), Total(9, "人数", stated, len(rows), grand=True, cell="A9"))
        return not audited(roster, "JY117").rows.is_empty()

    months = [traveller(), traveller(), traveller(身份证号=number(3))]
    assert [told(n, *months) for n in (1, 2, 3, 4)] == [True, False, False, True]
    households = [traveller(家庭人口=4), traveller(身份证号=number(3), 家庭人口=5)]
    assert [told(n, *households) for n in (2, 8, 9)] == [False, True, False]
    nobody = [{"单位名称": "甲基地", "身份证号": "", "吸纳脱贫人口数": 50}]
    assert told(60, *nobody)
    assert not told(50, *nobody)


def test_heads_of_a_subtotal_are_those_of_its_own_rows() -> None:
    rows = [traveller(), traveller(), traveller(身份证号=number(3))]
    total = Total(2, "人数", 1, 2, grand=False, cell="A2")
    told = audited(with_total(titled(roster_of(rows), TRANSPORT), total), "JY117").rows
    assert told.select("行号", "级别").rows() == [(3, "疑点")]  # only that no total takes in the row below it


@pytest.mark.parametrize("field", ["补贴标准", "年龄", "家庭人口"])
def test_below_a_rate_or_an_age_stands_no_sum(field: str) -> None:
    roster = titled(roster_of([traveller(年龄=36, 补贴标准="800", 家庭人口=4)] * 2), TRANSPORT)
    assert audited(with_total(roster, Total(9, field, 36, 72, grand=True)), "JY117").rows.is_empty()


def test_without_a_total_nothing_was_added_up() -> None:
    found = report(traveller())
    assert "JY117" not in found.checked
    (why,) = [entry.why for entry in found.not_run if entry.code == "JY117"]
    assert why.startswith("表上没有合计，或合计行的数认不出，没有可比的")


def test_one_cell_read_into_two_fields_is_told_once() -> None:
    roster = titled(roster_of([traveller()]), TRANSPORT)
    sheet = replace(roster.sheets[0], columns={**roster.sheets[0].columns, "合同开始日期": 12, "合同结束日期": 12})
    span = [
        {"_row": 0, "字段": field, "原文": "长期", "原因": "看不出起止日期", "编号": "JY902"}
        for field in ("合同开始日期", "合同结束日期")
    ]
    twice = replace(roster, sheets=(sheet,), problems=pl.DataFrame(span, schema=roster.problems.schema))
    assert audited(twice).rows["单元格"].to_list() == ["M1"]
