from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jybf.roster.typed import of_year
from jybf.vocabulary.values.dates import parse_date
from jybf.vocabulary.values.spans import name_months, parse_months, parse_period, parse_range, parse_term, parse_worktime
from jybf.vocabulary.values.text import Unreadable

JULY_1 = (date(2021, 7, 1), date(2021, 7, 1))
JULY = (date(2021, 7, 1), date(2021, 7, 31))
JANUARY = (date(2021, 1, 1), date(2021, 1, 31))
MARCH, AUGUST = (date(2021, 3, 1), date(2021, 3, 31)), (date(2021, 8, 1), date(2021, 8, 31))
YEAR = (date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "2021.7.1",
        "2021/7/1",
        "2021-07-01",
        "20210701",
        "2021年7月1日",
        "２０２１年７月１日",
        "2021 年 7 月 1 日",
        "44378",
        "2021-07-01 00:00:00",
        "二〇二一年七月一日",
        "2021年7月1号",
    ],
)
def test_a_day_in_all_its_spellings(written):
    assert parse_date(written) == JULY_1


@pytest.mark.parametrize("written", ["2021-7", "2021.07", "2021年7月", "2021年7月份", "202107", "二〇二一年七月"])
def test_a_month_is_the_days_it_can_mean(written):
    assert parse_date(written) == JULY


@pytest.mark.parametrize("written", ["2021", "2021年", "2021年度"])
def test_a_year_is_the_days_it_can_mean(written):
    assert parse_date(written) == YEAR


@pytest.mark.parametrize("written", ["2021.2.30", "9月31日", "2021年13月", "20210931", "2021-02-29", "0021-07-01"])
def test_a_day_that_never_was_is_impossible(written):
    assert parse_date(written).code == "JY116"


@pytest.mark.parametrize(
    "written", ["长期", "至今", "去年3月", "21.7.1", "7/1/2021", "9月30日", "99999", "2021.7/1", "٢٠٢١.٧.١"]
)
def test_what_is_no_certain_date_is_not_guessed(written):
    assert parse_date(written).code == "JY902"


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_serial_number_is_the_day_that_excel_shows(day):
    serial = str((day - date(1899, 12, 30)).days)
    may_be_a_month = serial[:3] in ("195", "196", "197", "198", "199", "200", "201", "202") and serial[4] != "0"
    assert parse_date(serial) == (Unreadable("看不出是日期序号还是年月") if may_be_a_month else (day, day))


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_a_written_day_reads_back(day, form):
    assert parse_date(day.strftime(form)) == (day, day)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2021.3.1-2022.2.28", date(2021, 3, 1), date(2022, 2, 28)),
        ("2021年3月1日至2022年2月28日", date(2021, 3, 1), date(2022, 2, 28)),
        ("2021-03-01—2022-02-28", date(2021, 3, 1), date(2022, 2, 28)),
        ("2021-03-01-2022-02-28", date(2021, 3, 1), date(2022, 2, 28)),
        ("20210301-20220228", date(2021, 3, 1), date(2022, 2, 28)),
        ("2021.3.1-3.31", date(2021, 3, 1), date(2021, 3, 31)),
        ("自2021年3月1日起至2021年3月31日止".replace("起", ""), date(2021, 3, 1), date(2021, 3, 31)),
    ],
)
def test_a_range_of_days(written, start, end):
    assert parse_range(written) == ((start, start), (end, end))


@pytest.mark.parametrize(
    "written",
    [
        "2021.03-2021.08",
        "2021年3月-8月",
        "2021.3-8",
        "202103~202108",
        "2021年3月至8月",
        "2021年3-8月",
        "2021年3-8月份",
        "2021年3至8月",
    ],
)
def test_a_range_of_months(written):
    assert parse_range(written) == (MARCH, AUGUST)


def test_a_lone_month_is_a_range_but_a_lone_day_is_not():
    assert parse_range("2021年3月") == (MARCH, MARCH)
    assert all(isinstance(end, Unreadable) for end in parse_range("2021-3-8"))


def test_a_range_until_now_has_a_start_and_no_readable_end():
    start, end = parse_range("2021年3月至今")
    assert start == MARCH
    assert isinstance(end, Unreadable)


def test_a_range_to_a_day_that_never_was_says_so():
    assert parse_range("2021.2.1-2021.2.30")[1].code == "JY116"


@pytest.mark.parametrize(
    "written",
    [
        "2021.2.29-2021.8.31",
        "2021年2月30日-2021年8月31日",
        "2021/4/31-2021/8/31",
        "20210229-20210831",
        "2021-02-29-2021-08-31",
    ],
)
def test_a_range_from_a_day_that_never_was_says_so_and_keeps_its_end(written):
    start, end = parse_range(written)
    assert (start.reason, start.code) == ("日期不存在", "JY116")
    assert end == (date(2021, 8, 31), date(2021, 8, 31))
    assert parse_worktime(written) == (None, start, end)


def test_an_end_that_leaves_out_its_year_does_not_hide_that_the_start_never_was():
    assert [side.code for side in parse_range("2021.2.29-8.31")] == ["JY116", "JY116"]


def test_days_without_a_year_are_no_days_that_never_were():
    assert [side.code for side in parse_range("0501-0831")] == ["JY902", "JY902"]


@pytest.mark.parametrize(
    "written",
    [
        "2021年3-8月",
        "2021年3月至8月",
        "2021-03,2021-04,2021-05,2021-06,2021-07,2021-08",
        "202103-202108",
        "2021年3、4、5、6、7、8月",
    ],
)
def test_a_list_of_months_has_ends_and_a_count(written):
    assert parse_months(written) == (MARCH, AUGUST, 6)


@pytest.mark.parametrize("written", ["2021年第1季度", "2021年一季度", "2021Q1", "二〇二一年第一季度"])
def test_a_quarter_is_its_three_months_where_several_may_stand(written):
    assert parse_months(written) == (JANUARY, MARCH, 3)
    assert parse_range(written) == (JANUARY, MARCH)


@pytest.mark.parametrize("written", ["2021.9-2021.4", "2021年9月至2021年4月", "202109-202104"])
def test_months_that_run_back_say_so(written):
    never = Unreadable("起止颠倒，结束早于开始", "JY116")
    assert parse_range(written) == (never, never)
    assert parse_months(written) == (never, never, never)
    assert parse_period(written) == never


def test_months_that_may_run_into_the_next_year_are_not_reversed():
    assert parse_months("2021年8-3月")[0].code == parse_range("2021年8-3月")[0].code == "JY902"


def test_a_list_with_a_gap_counts_only_the_months_named():
    assert parse_months("2021年3月、8月") == (MARCH, AUGUST, 2)


def test_a_list_of_months_keeps_the_gap_between_them():
    assert name_months("2021年3月、5月") == "2021-03、2021-05"
    assert name_months("2021年12月-2022年1月") == "2021-12、2022-01"
    assert name_months("2021-03-01") == "2021-03"
    assert name_months("6个月") is name_months("不详") is name_months("2021-03-08") is None


@pytest.mark.parametrize("written", ["3-8月", "6", "2021年3、3月", "2021年8-3月"])
def test_months_without_a_year_or_sense_are_refused(written):
    assert all(isinstance(part, Unreadable) for part in parse_months(written))


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("6", (6, None, None)),
        ("6个月", (6, None, None)),
        ("12", (12, None, None)),
        ("2021年3月", (None, MARCH, None)),
        ("2021.3-8", (None, MARCH, AUGUST)),
    ],
)
def test_a_working_time_says_by_its_value_what_it_is(written, meaning):
    assert parse_worktime(written) == meaning


@pytest.mark.parametrize("written", ["13", "很久"])
def test_a_working_time_beyond_a_year_is_refused(written):
    assert parse_worktime(written)[0].code == "JY113"


@pytest.mark.parametrize(
    ("written", "months"),
    [
        ("2021年第一季度", (1, 3)),
        ("2021Q4", (10, 12)),
        ("2021年下半年", (7, 12)),
        ("2021年度", (1, 12)),
        ("2021年3月-8月", (3, 8)),
    ],
)
def test_a_period_is_its_first_and_last_day(written, months):
    first, end = parse_period(written)
    assert (first.month, end.month) == months
    assert first.day == 1
    assert (end + timedelta(days=1)).day == 1


@pytest.mark.parametrize("written", ["2021-07-01", "2021-07-01 00:00:00", "2021-07-15", "2021年7月8日", "20210731", "44378"])
def test_a_day_in_a_column_of_periods_stands_for_its_month(written):
    assert parse_period(written) == JULY


def test_a_day_that_may_have_been_typed_as_months_is_no_period():
    assert "看不出是一天还是几个月" in parse_period("2021-03-08 00:00:00").reason
    assert parse_period("2021-08-03") == AUGUST


def test_a_period_of_a_day_that_never_was_says_so():
    assert [parse_period(written).code for written in ("2021-13", "2021.2.30", "2021.2.30-2021.3.31")] == ["JY116"] * 3


@pytest.mark.parametrize(
    "written",
    [
        "二0二一年十月二十日", "二〇二一年十月廿日", "2021年10月20日星期三", "2021-10-20（周三）", "2021.10.20.", "2021年10月20日。", "贰零贰壹年拾月贰拾日",
    ],
)  # fmt: skip
def test_a_day_as_it_is_written_by_hand(written):
    assert parse_date(written) == (date(2021, 10, 20), date(2021, 10, 20))


@pytest.mark.parametrize("written", ["2021年10月20日星期四", "2021年10月星期三", "星期三", "一0月"])
def test_a_day_that_its_weekday_denies_is_none(written):
    assert isinstance(parse_date(written), Unreadable)


def test_a_list_of_months_in_a_row_is_a_span_and_one_with_a_gap_only_a_count():
    assert parse_range("2021年3、4、5月") == (MARCH, (date(2021, 5, 1), date(2021, 5, 31)))
    assert all(isinstance(side, Unreadable) for side in parse_range("2021年3月至5月、7月"))
    assert parse_term("2021年3月至5月、7月") == (MARCH, (date(2021, 7, 1), date(2021, 7, 31)), 4)
    assert "写全四位" in parse_range("21.3-21.8")[0].reason


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3月-8月", "2021年3月-8月"), ("3-8月", "2021年3-8月"), ("21.3-21.8", "2021.3-2021.8"), ("20.3.1-21.8.31", "2020.3.1-2021.8.31"),
        ("21年3月-21年8月", "2021年3月-2021年8月"), ("19.3-19.8", "19.3-19.8"), ("6个月", "6个月"), ("2020年3月-8月", "2020年3月-8月"), ("8", "8"),
    ],
)  # fmt: skip
def test_spans_without_a_year_are_of_the_title_s(written, meant):
    assert of_year(pl.Series([written]), 2021).to_list() == [meant]
