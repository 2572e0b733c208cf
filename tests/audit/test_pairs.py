"""Two accounts of one person: what their times make certain, how many are compared, and which households are one."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jybf.audit.pairs import MOST, home, of_months, surely
from jybf.audit.wording import columns
from jybf.model import last
from tests.audit.rosters import POST, TRAINING, keeper, lines, number, trainee

MAY = (date(2021, 5, 1), date(2021, 5, 31))


def one(expression: pl.Expr, **values: object) -> object:
    """``expression`` on a row with ``values``; every other field is unknown."""
    types = columns() | {"_sheet": pl.Int32()}
    row = {name: pl.Series([values.get(name)], dtype=dtype) for name, dtype in types.items()}
    return pl.DataFrame(row).select(expression).item()


@pytest.mark.parametrize(
    ("certain", "possible", "meet"),
    [
        (MAY, MAY, True),
        ((date(2021, 5, 31), date(2021, 6, 1)), (date(2021, 5, 1), date(2021, 6, 30)), True),
        ((date(2021, 5, 31), date(2021, 5, 1)), MAY, True),  # some day of May: all of May is the other's
        ((date(2021, 6, 1), date(2021, 6, 30)), (date(2021, 6, 1), date(2021, 6, 30)), False),
        ((None, None), (None, None), False),
        ((None, None), MAY, True),  # no day is known, but every possible one is the other's
    ],
)
def test_two_times_surely_meet_wherever_their_unknown_days_lie(
    certain: tuple[date | None, date | None], possible: tuple[date | None, date | None], *, meet: bool
) -> None:
    mine = (pl.lit(certain[0], pl.Date), pl.lit(certain[1], pl.Date))
    wide = (pl.lit(possible[0], pl.Date), pl.lit(possible[1], pl.Date))
    may = (pl.lit(MAY[0]), pl.lit(MAY[1]))
    assert one(surely(mine, wide, may, may)) is meet


def test_a_year_is_no_month_that_was_paid_for() -> None:
    year = {"所属期": date(2021, 1, 1), last("所属期"): date(2021, 12, 31)}
    since, until = of_months((("所属期", "所属期"),))
    assert one(since, **year) is None
    month = {"所属期": date(2021, 5, 1), last("所属期"): date(2021, 5, 31)}
    assert (one(since, **month), one(until, **month)) == MAY


def test_a_short_number_of_a_household_is_one_of_its_village() -> None:
    north, south = (one(home(), 户="12", 户编号="12", 行政村=village) for village in ("北村", "南村"))
    assert north != south
    assert one(home(), 户="1409260001", 户编号="1409260001", 行政村="北村") == "1409260001"
    assert one(home(), 户="北村甲示例") == "北村甲示例"
    assert one(home()) is None


def test_the_input_is_compared_before_a_history_of_many_years() -> None:
    """However long the history is, two rows of the input meet."""
    history = [keeper(补贴项目="公益性岗位补贴", 所属期=f"{2000 + i // 12}-{i % 12 + 1:02d}") for i in range(MOST + 20)]
    years = [{**row, "身份证号": number(1)} for row in history]
    now, twice = keeper(所属期="2021-03"), keeper(所属期="2021-03", 岗位名称="护林员")
    assert lines("JY311", now, twice, title=POST, history=years) == [2]


def test_a_placeholder_for_a_household_does_not_square_itself() -> None:
    rows = [keeper(所属期="2021-03", 身份证号=number(i), 户="1409260000", 户编号="1409260000") for i in range(MOST + 30)]
    assert len(lines("JY311", *rows, title=POST)) == MOST - 1


def test_training_of_which_only_the_year_is_known_clashes_with_nothing() -> None:
    year = trainee(训练开始日期="2021", 训练结束日期="2021")
    assert lines("JY307", year, {**year, "单位": "乙厂", "单位名称": "乙厂"}, title=TRAINING) == []
