"""Once-only, quotas, exclusions and head counts: what one row does to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.assess import assess, describe
from jybf.assess.cases import roster_of
from jybf.policy import load_pack

if TYPE_CHECKING:
    from jybf.model import Pack

SHANXI, FENGDU, XINJIANG = load_pack("shanxi"), load_pack("fengdu"), load_pack("xinjiang")
AWAY = {"人员类别": "脱贫人口", "务工省": "广东省"}
TRAINED = {"人员类别": "脱贫人口", "申请日期": date(2021, 11, 1)}


Rows = Sequence[Mapping[str, object]]


def told(pack: Pack, rows: Rows, program: str, *, history: Rows = (), as_of: date | None = None) -> list[tuple[Any, ...]]:
    """What calc says of ``rows``: line, result, 分 and grounds."""
    roster, past = roster_of(rows), roster_of(history) if history else None
    verdicts = assess(roster, pack, programs=(program,), history=past, as_of=as_of)
    return describe(verdicts, roster).select("行号", "结果", "核定金额", "说明").rows()


def test_once_a_year_pays_the_earlier_application_wherever_it_stands() -> None:
    rows = [{**AWAY, "身份证号": "甲", "申请日期": date(2021, 9, 1)}, {**AWAY, "身份证号": "甲", "申请日期": date(2021, 8, 1)}]
    first, second = told(SHANXI, rows, "跨省务工交通补贴")
    assert first[1:3] == ("不符合", None)
    assert "第 2 行" in first[3]
    assert second[1:3] == ("可发放", 80_000)


def test_on_one_day_the_row_that_stands_first_is_paid() -> None:
    rows = [{**AWAY, "身份证号": "甲", "申请日期": date(2021, 8, 1)}] * 2
    assert [row[1] for row in told(SHANXI, rows, "跨省务工交通补贴")] == ["可发放", "不符合"]


def test_who_comes_second_is_shown_the_row_that_is_paid_not_one_that_waits() -> None:
    rows = [{**AWAY, "身份证号": "甲", "申请日期": date(2021, month, 1)} for month in (8, 9, 7)]
    paid, second, waits = told(SHANXI, [*rows[:2], {**rows[2], "人员类别": None}], "跨省务工交通补贴")
    assert [row[1] for row in (paid, second, waits)] == ["可发放", "不符合", "待补资料"]
    assert "第 1 行核定" in second[3]


def test_a_new_year_is_a_new_once() -> None:
    rows = [{**AWAY, "身份证号": "甲", "申请日期": date(year, 12, 31)} for year in (2021, 2022)]
    assert [row[1] for row in told(SHANXI, rows, "跨省务工交通补贴")] == ["可发放", "可发放"]


FOUNDS = {
    "人员类别": "脱贫人口", "正常经营月数": 6, "带动就业人数": 3, "员工缴保月数": 6, "申请日期": date(2022, 3, 1),
}  # fmt: skip


@pytest.mark.parametrize("keys", [("身份证号",), ("户",)])
def test_what_a_household_gets_once_nobody_of_it_gets_in_another(keys: tuple[str, ...]) -> None:
    apart = [{"身份证号": "甲", "户": "一"}, {"身份证号": "乙", "户": "二"}]
    shared = [{**each, **{key: apart[0][key] for key in keys}} for each in apart]
    assert [row[1] for row in told(FENGDU, [{**FOUNDS, **each} for each in apart], "一次性创业")] == ["可发放", "可发放"]
    assert [row[1] for row in told(FENGDU, [{**FOUNDS, **each} for each in shared], "一次性创业")] == ["可发放", "不符合"]


def test_two_people_without_an_id_are_not_one_person() -> None:
    rows = [{**AWAY, "身份证号": "", "申请日期": date(2021, 8, 1)}] * 2
    assert [row[1] for row in told(SHANXI, rows, "跨省务工交通补贴")] == ["待补资料", "待补资料"]


def test_a_history_of_the_same_year_bars_and_one_of_another_year_does_not() -> None:
    row = {**AWAY, "身份证号": "甲", "申请日期": date(2022, 8, 1)}
    for year, expected in ((2022, "不符合"), (2021, "可发放")):
        past = [{"身份证号": "甲", "补贴项目": "跨省务工交通补贴", "申请日期": date(year, 1, 5)}]
        ((_, result, _, said),) = told(SHANXI, [row], "跨省务工交通补贴", history=past)
        assert result == expected
        assert ("历史记录" in said) == (expected == "不符合")


def test_what_was_paid_under_a_programmes_name_was_paid_by_it_wherever_the_work_was() -> None:
    row = {**AWAY, "身份证号": "甲", "申请日期": date(2021, 8, 1)}
    past = [{"身份证号": "甲", "补贴项目": "跨省务工交通补贴", "务工省": "山西省", "申请日期": date(2021, 3, 5)}]
    ((_, result, _, said),) = told(SHANXI, [row], "跨省务工交通补贴", history=past)
    assert (result, "历史记录" in said) == ("不符合", True)


@pytest.mark.parametrize("day", [date(2026, 1, 2), "？"])
def test_an_employer_applies_when_its_last_row_says_and_one_that_nobody_can_read_leaves_it_open(day: object) -> None:
    rows = [{"单位": "甲园区", "人员类别": "脱贫人口", "申请日期": each} for each in (date(2025, 12, 30), day)]
    for ordered in (rows, rows[::-1]):
        ((line, result, *_),) = told(XINJIANG, ordered, "企业园区奖补")
        assert (line, result) == (ordered.index(rows[1]) + 1, "待补资料" if day == "？" else "不符合")


def test_a_row_of_an_employer_without_a_date_leaves_it_to_the_others() -> None:
    rows = [
        {"单位": "甲园区", "人员类别": "脱贫人口"},
        {"单位": "甲园区", "人员类别": "脱贫人口", "申请日期": date(2025, 12, 30)},
    ]
    for ordered in (rows, rows[::-1]):
        assert [row[1] for row in told(XINJIANG, ordered, "企业园区奖补")] == ["待定标准"]


def test_work_over_new_year_counts_for_the_year_that_its_row_states() -> None:
    worked = {"务工开始日期": date(2020, 3, 1), "务工结束日期": date(2021, 1, 20)}
    row = {**AWAY, "身份证号": "甲", "申请日期": date(2021, 11, 8)}
    for stated, expected in (("2020", "可发放"), ("2021", "不符合")):
        past = [{"身份证号": "甲", "补贴项目": "跨省务工交通补贴", "所属期": stated, **worked}]
        assert told(SHANXI, [row], "跨省务工交通补贴", history=past)[0][1] == expected
        first = {**AWAY, **worked, "身份证号": "甲", "所属期": stated, "申请日期": date(2021, 2, 1)}
        assert [each[1] for each in told(SHANXI, [first, row], "跨省务工交通补贴")] == ["可发放", expected]


@pytest.mark.parametrize(("months", "granted"), [((4, 2), (4, 2)), ((4, 3), (4, 2)), ((6, 1), (6, 0)), ((7, 1), (6, 0))])
def test_six_months_a_person_are_shared_out_over_rows(months: tuple[int, int], granted: tuple[int, int]) -> None:
    rows = [{**TRAINED, "身份证号": "甲", "补贴月数": n} for n in months]
    sums = [row[2] for row in told(FENGDU, rows, "以工代训补贴")]
    assert sums == [n * 50_000 or None for n in granted]


def test_months_paid_before_count_towards_the_six() -> None:
    past = [{"身份证号": "甲", "补贴项目": "以工代训补贴", "补贴月数": 4, "申请日期": date(2021, 5, 1)}]
    ((_, result, fen, said),) = told(FENGDU, [{**TRAINED, "身份证号": "甲", "补贴月数": 6}], "以工代训补贴", history=past)
    assert (result, fen) == ("可发放", 100_000)
    assert "申报 6 个月，核 2 个月" in said


def test_earlier_months_of_which_nobody_wrote_the_number_leave_the_row_undecided() -> None:
    past = [{"身份证号": "甲", "补贴项目": "以工代训补贴", "申请日期": date(2021, 5, 1)}]
    ((_, result, _, said),) = told(FENGDU, [{**TRAINED, "身份证号": "甲", "补贴月数": 6}], "以工代训补贴", history=past)
    assert result == "待补资料"
    assert "历史记录" in said


def test_fengdu_counts_its_six_months_anew_each_year() -> None:
    rows = [{**TRAINED, "身份证号": "甲", "补贴月数": 6, "申请日期": date(2021, 12, 1)}]
    before = [{**TRAINED, "身份证号": "甲", "补贴月数": 6, "申请日期": date(2020, 12, 1)}]
    assert [row[2] for row in told(FENGDU, rows, "以工代训补贴", history=before)] == [300_000]


def workers(count: int, **first: object) -> list[dict[str, object]]:
    """``count`` workers of one base, all counting; ``first`` changes the first of them."""
    row = {"单位": "某基地", "人员类别": "脱贫人口", "申请日期": date(2021, 9, 1)}
    return [{**row, "身份证号": f"工{i}"} | (first if i == 0 else {}) for i in range(count)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (workers(50), "可发放"),
        (workers(49), "不符合"),
        (workers(50, 人员类别="一般农户"), "不符合"),
        (workers(50, 人员类别=""), "待补资料"),
        (workers(51, 人员类别=""), "可发放"),
        (workers(50, 身份证号="工1"), "不符合"),
        (workers(50, 身份证号="", 姓名="某甲"), "待补资料"),
    ],
    ids=["fifty", "forty-nine", "one-other", "one-unknown", "one-unknown-to-spare", "one-twice", "one-unidentified"],
)
def test_a_base_needs_fifty_different_persons_who_surely_count(rows: list[dict[str, object]], expected: str) -> None:
    (verdict,) = told(SHANXI, rows, "就业帮扶基地奖励")
    assert verdict[1] == expected
    assert verdict[2] == (10_000_000 if expected == "可发放" else None)


def test_a_base_that_took_the_award_gets_no_absorption_subsidy() -> None:
    roster = roster_of([*workers(50), {"单位": "别家", "人员类别": "脱贫人口", "申请日期": date(2021, 9, 1)}])
    both = ("就业帮扶基地奖励", "一次性吸纳就业补贴")
    frame = describe(assess(roster, SHANXI, programs=both), roster)
    absorbed = frame.filter(pl.col("补贴项目") == both[1])
    assert set(absorbed[:50]["结果"]) == {"不符合"}
    assert absorbed[50, "结果"] == "待定标准"


def test_as_of_governs_only_where_the_roster_is_silent() -> None:
    rows = [{"人员类别": "脱贫人口", "补贴月数": 6}, {"人员类别": "脱贫人口", "补贴月数": 6, "申请日期": date(2022, 1, 1)}]
    silent, late = told(FENGDU, rows, "以工代训补贴", as_of=date(2021, 12, 31))
    assert silent[1:3] == ("可发放", 300_000)
    assert late[1] == "不符合"


def test_where_months_govern_a_row_without_dates_is_an_application_of_the_day_that_as_of_says() -> None:
    months = {"人员类别": "脱贫人口", "补贴月数": 4}
    rows = [months, {**months, "训练开始日期": "？"}, {**months, "申请日期": date(2022, 1, 1)}]
    silent, unreadable, stated = told(SHANXI, rows, "以工代训补贴", as_of=date(2021, 10, 1))
    assert silent[1:3] == ("可发放", 120_000)
    assert (unreadable[1], stated[1]) == ("待补资料", "待补资料")
    ((_, late, _, _),) = told(SHANXI, rows[:1], "以工代训补贴", as_of=date(2022, 1, 1))
    assert late == "待补资料"


def test_an_unreadable_date_is_not_silence() -> None:
    ((_, result, _, _),) = told(
        FENGDU, [{**TRAINED, "补贴月数": 6, "申请日期": "？"}], "以工代训补贴", as_of=date(2021, 12, 31)
    )
    assert result == "待补资料"


def test_a_row_of_which_nothing_names_a_programme_says_so() -> None:
    roster = roster_of([{"身份证号": "甲", "性别": "女"}])
    frame = describe(assess(roster, SHANXI), roster)
    assert frame["结果"].to_list() == ["待补资料"]
    assert "--program" in frame[0, "说明"]


def test_a_row_that_is_none_of_its_programmes_business_is_refused_once() -> None:
    roster = roster_of([{**AWAY, "务工省": "山西省", "申请日期": date(2021, 8, 1)}])
    frame = describe(assess(roster, SHANXI, programs=("跨省务工交通补贴",)), roster)
    assert frame["结果"].to_list() == ["不符合"]
    assert "务工省 山西省" in frame[0, "说明"]


def test_a_claim_for_more_months_than_are_granted_counts_in_proportion() -> None:
    ((_, _, fen, _),) = told(FENGDU, [{**TRAINED, "补贴月数": 7, "申报金额": "2100"}], "以工代训补贴")
    assert fen == 180_000


def test_a_payment_of_nothing_is_no_earlier_payment() -> None:
    row = {**AWAY, "身份证号": "甲", "申请日期": date(2022, 8, 1)}
    past = [{"身份证号": "甲", "补贴项目": "跨省务工交通补贴", "申请日期": date(2022, 1, 5), "申报金额": "0"}]
    ((_, result, _, _),) = told(SHANXI, [row], "跨省务工交通补贴", history=past)
    assert result == "可发放"


def test_a_history_that_can_be_held_against_nobody_is_said_and_presumed() -> None:
    roster = roster_of([{**AWAY, "身份证号": "甲", "申请日期": date(2022, 8, 1)}])
    past = roster_of([{"身份证号": "？", "补贴项目": "跨省务工交通补贴", "申请日期": date(2022, 1, 5)}])
    verdicts = assess(roster, SHANXI, programs=("跨省务工交通补贴",), history=past)
    assert len(verdicts.unmatched) == 1
    assert "没有比对" in describe(verdicts, roster)[0, "假定"]


def test_a_cross_province_payment_of_the_history_does_not_bar_the_tier_within_the_province() -> None:
    near = {"人员类别": "脱贫人口", "务工省": "山西省", "务工县": "神池县", "户籍县": "静乐县", "有组织输出": True}
    now = roster_of([{**near, "身份证号": "甲", "申请日期": date(2021, 12, 1)}])
    past = roster_of([{"身份证号": "甲", "务工省": "广东省", "申请日期": date(2021, 6, 1)}])
    titled = replace(past, sheets=(replace(past.sheets[0], title="2021年跨省务工交通补贴发放花名册"),))
    frame = describe(assess(now, SHANXI, programs=("省内务工交通补贴",), history=titled), now)
    assert frame["结果"].to_list() == ["可发放"]


def test_a_day_before_the_document_took_effect_is_paid_on_a_stated_presumption() -> None:
    for day, early in ((date(2021, 6, 30), True), (date(2021, 7, 1), False)):
        roster = roster_of([{**AWAY, "申请日期": day}])
        frame = describe(assess(roster, SHANXI, programs=("跨省务工交通补贴",)), roster)
        assert frame[0, "结果"] == "可发放"
        assert ("早于文件施行" in frame[0, "假定"]) is early
