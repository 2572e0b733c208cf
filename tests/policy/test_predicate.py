"""What a clause may say, and what its text becomes."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jybf.assess.cases import roster_of
from jybf.assess.known import known_of
from jybf.policy.predicate import parse
from jybf.policy.terms import Fault
from jybf.vocabulary.facts import facts


def holds(text: str, **row: object) -> bool | None:
    """The predicate's value on one literal row."""
    predicate = parse(text, facts())
    frame = known_of(roster_of([dict.fromkeys(predicate.fields) | row]).rows, {})
    return pl.SQLContext(rows=frame).execute(f"SELECT {predicate.sql} AS v FROM rows", eager=True)["v"][0]


@pytest.mark.parametrize(
    "text",
    [
        "人员类别 IS NULL",
        "COALESCE(年龄, 0) > 1",
        "CASE WHEN 仍在缴费 THEN TRUE ELSE FALSE END",
        "LEAST(年龄, 6) = 6",
        "人员类别 IS DISTINCT FROM '脱贫人口'",
        "年龄 IN (SELECT 1)",
        "年龄 IN (1, NULL)",
        "年龄 = NULL",
        "SUM(年龄) > 1",
        "COUNT(*) OVER () > 1",
        "NOW() > 申请日期",
        "CAST(年龄 AS INT) = 1",
        "CONCAT(姓名, 'x') = 'y'",
        "姓名 LIKE '张%'",
        "roster.年龄 = 1",
        "年龄 = 1; DROP TABLE roster",
        "年龄 = 1 -- 其余忽略",
        "姓名 = 'a''b'",
        "姓名 = 'a\\b'",
        "年龄 / 2 = 1",
        "申请日期 - 登记日期 > 5",
        "TRUE",
        "",
    ],
)
def test_whatever_could_turn_unknown_into_a_value_or_reach_beyond_the_row_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        parse(text, facts())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("没有这列 = 1", "没有“没有这列”这个字段"),
        ("年龄 = '3'", "不能相比"),
        ("申请日期 = 1", "不能相比"),
        ("仍在缴费 = '是'", "不能相比"),
        ("年龄 + 1", "不是一个是非判断"),
        ("人员类别 > '脱贫人口'", "只能比较相同或不同"),
        ("人员类别 = '脱贫户口'", "没有“脱贫户口”这个取值"),
        ("申请日期 <= DATE '2021-02-30'", "不是日期"),
        ("贷款金额 <= 0.001", "小数位太多"),
    ],
)
def test_a_mistake_is_named_in_the_authors_words(text: str, why: str) -> None:
    with pytest.raises(Fault, match=why):
        parse(text, facts())


@pytest.mark.parametrize(
    ("text", "row", "value"),
    [
        ("年龄 >= 16 AND 仍在缴费", {"年龄": 15}, False),
        ("年龄 >= 16 AND 仍在缴费", {"年龄": 16}, None),
        ("年龄 >= 16 OR 仍在缴费", {"年龄": 16}, True),
        ("NOT 仍在缴费", {}, None),
        ("人员类别 IN ('脱贫人口', '一般农户')", {}, None),
        ("人员类别 NOT IN ('脱贫人口')", {"人员类别": "一般农户"}, True),
        ("贷款金额 <= 200000", {"贷款金额": "200000.00"}, True),
        ("贷款金额 <= 200000", {"贷款金额": "200000.01"}, False),
        ("贷款金额 <= 200000 * 新招用人数", {"贷款金额": "400000", "新招用人数": 2}, True),
        ("执行利率 <= 3.85", {"执行利率": "3.85"}, True),
    ],
)
def test_false_decides_even_where_another_fact_is_missing(text: str, row: dict[str, object], value: bool | None) -> None:
    assert holds(text, **row) is value


@pytest.mark.parametrize(
    ("start", "end", "value"),
    [
        (date(2021, 3, 1), date(2022, 3, 1), True),
        (date(2021, 3, 1), date(2022, 3, 2), False),
        (date(2020, 2, 29), date(2021, 2, 28), True),
        (date(2020, 2, 29), date(2021, 3, 1), False),
        ("2021-03", "2022-02", True),
        ("2021-03", "2022-03", None),
        ("2021-03", "2022-04", False),
        ("2021-03", None, None),
    ],
)
def test_a_year_is_the_corresponding_day_and_an_unknown_day_is_never_guessed(
    start: object, end: object, value: bool | None
) -> None:
    assert holds("合同结束日期 <= 合同开始日期 + INTERVAL '1' YEAR", 合同开始日期=start, 合同结束日期=end) is value


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2021, 1, 31), date(2021, 2, 28), 1),
        (date(2021, 1, 31), date(2021, 2, 27), 0),
        (date(2020, 2, 29), date(2021, 2, 28), 12),
        (date(2021, 3, 15), date(2021, 9, 14), 5),
        (date(2021, 3, 15), date(2021, 9, 15), 6),
    ],
)
def test_whole_months_clamp_at_the_months_end(start: date, end: date, months: int) -> None:
    text = f"WHOLE_MONTHS(登记日期, 申请日期) = {months}"
    assert holds(text, 登记日期=start, 申请日期=end) is True


def test_a_lone_comparison_says_what_it_wants() -> None:
    assert parse("连续缴费月数 >= 12", facts()).want == "不少于 12"
    assert parse("仍在缴费", facts()).want == "为“是”"
    assert parse("贷款金额 <= 200000", facts()).want == "不超过 200000 元"
