"""Facts against facts: what is certain of two times, two employers, two places; what a list that says too little proves."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jybf.audit.cases import run_case
from jybf.audit.catalogue import Case
from jybf.audit.overlap import certain, same_employer, share_a_month
from jybf.audit.regions import of_code, of_name
from jybf.model import last

PERIOD = (("所属期", "所属期"),)


def told(code: str, of: str, *rows: dict[str, object], **lists: tuple[dict[str, object], ...]) -> bool:
    """Whether the check ``code`` finds anything."""
    found = run_case(Case(name="", kind="发现", of=of, rows=rows, lists=lists), code).rows
    return code in found["编号"].to_list()


@pytest.mark.parametrize(
    ("first", "final", "days"),
    [
        (date(2021, 10, 1), date(2021, 10, 31), (date(2021, 10, 1), date(2021, 10, 31))),
        (date(2021, 1, 1), date(2021, 12, 31), (None, None)),
    ],
)
def test_a_month_of_pay_is_all_of_the_month_and_a_year_of_it_no_day_in_particular(first, final, days) -> None:
    frame = pl.DataFrame({"所属期": [first], last("所属期"): [final]})
    assert frame.select(a=certain(PERIOD)[0], b=certain(PERIOD)[1]).row(0) == days


@pytest.mark.parametrize(
    ("since", "until", "whole"),
    [
        (date(2021, 10, 1), date(2021, 10, 31), True),
        (date(2021, 10, 2), date(2021, 11, 29), False),
        (None, date(2021, 12, 1), None),
    ],
)
def test_times_share_a_month_only_from_its_first_day_to_its_last(since, until, whole) -> None:
    year = (pl.lit(date(2021, 1, 1)), pl.lit(date(2021, 12, 31)))
    other = (pl.lit(since, pl.Date), pl.lit(until, pl.Date))
    assert pl.select(share_a_month(year, other)).item() is whole


@pytest.mark.parametrize(
    ("mine", "other", "same"),
    [
        (("A", "甲厂"), ("A", "乙厂"), True),
        ((None, "丰都甲食品有限公司"), (None, "丰都甲食品有限责任公司"), True),
        (("A", "甲厂"), (None, "甲厂（二车间）"), True),
        (("A", "甲厂"), ("B", "乙厂"), False),
        (("A", None), (None, "乙厂"), None),
    ],
)
def test_one_employer_has_one_code_or_one_name_within_the_other(mine, other, same) -> None:
    pairs = [tuple(pl.lit(text, pl.String) for text in pair) for pair in (mine, other)]
    assert pl.select(same_employer(*pairs)).item() is same


def test_a_code_tells_the_province_and_a_national_register_none() -> None:
    held = pl.DataFrame({"a": ["91140000MA0FAKE017", "91100000MA0FAKE017", "140000000000001"]})
    assert held.select(of_code(pl.col("a")))["a"].to_list() == ["山西省", None, None]


def test_the_short_name_of_a_city_may_be_a_motto() -> None:
    held = pl.DataFrame({"a": ["大同机械厂", "大同市机械厂", "山西建工", "兴旺厂"]})
    assert held.select(of_name(held["a"]))["a"].to_list() == [None, "山西省", "山西省", None]


@pytest.mark.parametrize("kind", ["社保缴费", "工资"])
def test_a_list_without_months_says_nothing_of_any_month(kind) -> None:
    assert not told("JY405", "以工代训", {}, **{kind: ({"单位名称": "乙公司"},)})


def test_a_year_of_contributions_elsewhere_is_no_month_in_particular() -> None:
    assert not told("JY405", "以工代训", {}, 社保缴费=({"参保单位": "乙公司", "所属期": "2021"},))


def test_wages_paid_in_the_month_after_are_the_wages_of_the_month() -> None:
    paid = tuple({"单位名称": "甲厂", "发放日期": f"2021-{month:02}-10", "实发工资": "2600"} for month in range(3, 9))
    assert not told("JY405", "以工代训", {}, 工资=paid)
    assert told("JY405", "以工代训", {}, 工资=paid[:2])


def test_whoever_changes_employers_within_a_month_is_not_doubted() -> None:
    moved = (
        {"参保单位": "甲厂", "社保开始日期": "2021-01", "社保结束日期": "2021-05"},
        {"参保单位": "乙公司", "社保开始日期": "2021-06"},
    )
    assert not told("JY405", "以工代训", {}, 社保缴费=moved)


def test_a_business_is_found_by_name_where_the_register_has_no_codes() -> None:
    shop = {"户": "甲户", "统一社会信用代码": "92500230MA0FAKE05X", "带动就业人数": 3, "员工缴保月数": 6}
    entry = {"身份证号": "", "单位名称": "甲小店", "法定代表人身份证号": "身份证号0", "登记日期": "2021-01-01"}
    assert not told("JY415", "创业", shop, 工商登记=(entry,))


def test_a_household_s_shop_in_the_head_s_name_is_the_household_s_own() -> None:
    shop = {"户主身份证号": "户主", "统一社会信用代码": "92500230MA0FAKE05X", "带动就业人数": 3, "员工缴保月数": 6}
    entry = {"身份证号": "", "统一社会信用代码": "92500230MA0FAKE05X", "法定代表人身份证号": "户主", "登记日期": "2021-01-01"}
    assert not told("JY415", "创业", shop, 工商登记=(entry,))


def test_partners_and_firms_may_borrow_on_another_name() -> None:
    loan = {"创业实体": "甲小店", "法定代表人身份证号": "别人"}
    assert told("JY419", "贷款", loan)
    assert not told("JY419", "贷款", loan | {"贷款类型": "合伙", "合伙人数": 2})


def test_a_post_on_the_last_day_of_a_ledger_says_nothing_of_the_time_after_it() -> None:
    ledger = ({"岗位名称": "保洁员", "上岗日期": "2021-01-01", "数据时点": "2021-05-31"},)
    assert not told("JY409", "职介", {}, 公岗台账=ledger)


def test_a_graduation_without_a_day_says_nothing() -> None:
    assert not told("JY418", "雨露", {}, 在校生=({"学校": "某职业中学", "教育阶段": "中职", "学籍状态": "毕业"},))
