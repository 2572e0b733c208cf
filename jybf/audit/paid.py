"""The months that a row says it is paid for, one by one: months listed with gaps between them are no span."""

from collections.abc import Callable

import polars as pl

from jybf.audit.overlap import Pairs, Time, certain
from jybf.audit.pairs import of_months
from jybf.model import last

LISTED, PERIOD, COUNT = "享受月份", "所属期", "补贴月数"
DRILL = ("训练开始日期", "训练结束日期")
WORK: Pairs = (("就业开始日期", "就业结束日期"), ("务工开始日期", "务工结束日期"))  # how long the employment lasted
ON_POST: Pairs = ((PERIOD, PERIOD), ("上岗日期", "退岗日期"), ("合同开始日期", "合同结束日期"))


def listed_months(named: Callable[[str], str] = str) -> pl.Expr:
    """The months (first days) that 享受月份 names; null: none, or some outside the first and last day that the row states."""
    months = pl.col(named(LISTED)).str.split("、").list.eval((pl.element() + "-01").str.to_date("%Y-%m-%d", strict=False))
    begun = (pl.col(named(DRILL[0])).dt.month_start() <= months.list.first()).fill_null(value=True)
    over = (months.list.last() <= pl.col(named(last(DRILL[1])))).fill_null(value=True)
    return pl.when(begun & over).then(months)


def _own_list(named: Callable[[str], str]) -> pl.Expr:
    """Those listed unless 所属期 is one of them; a list without it is nearer to the row, for 所属期 may be its title's."""
    listed = listed_months(named)
    return pl.when(~listed.list.contains(of_months(((PERIOD, PERIOD),), named)[0]).fill_null(value=False)).then(listed)


def stated_months(named: Callable[[str], str] = str) -> pl.Expr:
    """The month of 所属期, or the months listed; null where the row states neither."""
    month = of_months(((PERIOD, PERIOD),), named)[0]
    return pl.coalesce(_own_list(named), pl.when(month.is_not_null()).then(pl.concat_list(month)))


def paid_months(named: Callable[[str], str] = str) -> pl.Expr:
    """As :func:`stated_months`, else all from the first to the last month of the training; null where they are not known.

    A quarter or a year is all of its months where so many are paid for, unless the work was at another time: then it is when
    the money was applied for.
    """
    period = period_months(named)
    since, until = certain((DRILL, *WORK), named=named)
    elsewhere = ((pl.col(named(last(PERIOD))) < since) | (until < pl.col(named(PERIOD)))).fill_null(value=False)
    whole = pl.when(pl.col(named(COUNT)) >= period.list.len(), ~elsewhere).then(period)
    return pl.coalesce(stated_months(named), whole, months_of(of_months((DRILL,), named)))


def period_months(named: Callable[[str], str] = str) -> pl.Expr:
    """The months of 所属期; of a quarter or a year perhaps not all are meant."""
    return months_of((pl.col(named(PERIOD)), pl.col(named(last(PERIOD)))))


def on_post(ends: pl.Expr | None = None, named: Callable[[str], str] = str) -> Time:
    """The time of a public post that a row is surely about: the months paid for, else the time on it, else the contract."""
    since, until = certain(ON_POST, ends=ends, named=named)
    listed = _own_list(named)
    return pl.coalesce(listed.list.first(), since), pl.coalesce(listed.list.last().dt.month_end(), until)


def months_of(time: Time) -> pl.Expr:
    """The months (first days) with a day in ``time``; null: its days are unknown, or there are none."""
    return pl.date_ranges(pl.when(time[0] <= time[1]).then(time[0].dt.month_start()), time[1], "1mo")


def whole_months(time: Time) -> pl.Expr:
    """The months that lie all within ``time``."""
    after = time[0].dt.offset_by("-1d").dt.month_start().dt.offset_by("1mo")
    return months_of((after, time[1].dt.offset_by("1d").dt.month_start().dt.offset_by("-1d")))


def some_of(stated: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Whether one of ``months`` is among those that a row states; TRUE where it states none."""
    return stated.is_null() | (stated.list.set_intersection(months).list.len() > 0).fill_null(value=False)
