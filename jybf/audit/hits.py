"""Hits on a list: which of them hold while the money is for, as far as the dates on both sides make it certain."""

import polars as pl

from jybf.audit.book import DAY, theirs
from jybf.audit.overlap import Time, certain
from jybf.audit.spans import SINCE, SPANS, UNTIL, spanned
from jybf.audit.wording import either, said
from jybf.model import ROW, last

WHEN = "_时"  # of a hit: its time in words
STILL = pl.coalesce("合同结束日期", "发放日期", "申请日期", "填报日期")  # an open span lasts until then at least


def paid_for() -> Time:
    """The days that a row is surely paid for: of the spans it states, else the day that governs; null if neither is known."""
    since, until = certain(SPANS, ends=STILL)
    stated, one = since <= until, pl.col(DAY) == pl.col(last(DAY))
    day = pl.when(one).then(DAY)
    return pl.when(stated).then(since).otherwise(day), pl.when(stated).then(until).otherwise(day)


def undated() -> pl.Expr:
    """Whether a row states no span that it is paid for, so that only the day that governs is known."""
    return ~pl.any_horizontal(pl.col(start).is_not_null() & pl.col(end).is_not_null() for start, end in SPANS)


def in_force(hits: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    """Each row of ``hits`` once, if the list's time from ``start`` to ``end`` surely meets what is paid for; with ``_时``.

    A day on which the one ends and the other begins is no meeting. Without ``start`` a hit is kept, unless ``end`` shows
    that all was over; an open ``end`` goes on.
    """
    since, until = paid_for()
    begin, begin_last = pl.col(theirs(start)), pl.col(theirs(last(start)))
    finish, finish_last = pl.col(theirs(end)), pl.col(theirs(last(end)))
    within = (begin_last < until) & (finish.is_null() | (finish > since))
    around = (begin_last <= pl.col(SINCE)) & (finish.is_null() | (finish >= pl.col(UNTIL))) & (pl.col(SINCE) < pl.col(UNTIL))
    over = (finish_last <= pl.col(SINCE)).fill_null(value=False)
    holds = (within | around).fill_null(value=False)
    rows = spanned(hits).with_columns(_told(start, end).alias(WHEN), begin.is_not_null().alias("_有"))
    rows = rows.filter(pl.when(begin.is_null()).then(~over).otherwise(holds))
    return rows.sort(ROW, "_有", descending=[False, True], maintain_order=True).unique(ROW, keep="first", maintain_order=True)


def _told(start: str, end: str) -> pl.Expr:
    begin, finish = day(start), day(end)
    whole = either(begin.is_not_null(), said(begin, " 起"), f"没有写{start}")
    return said(whole, either(finish.is_not_null(), said("，", finish, " 止")))


def day(name: str) -> pl.Expr:
    """The date field ``name`` of a list, to the day, the month or the year: as far as it is known."""
    first, final = pl.col(theirs(name)), pl.col(theirs(last(name)))
    exact = [first == final, final <= first.dt.month_end()]
    forms = [first.dt.strftime(form) for form in ("%Y-%m-%d", "%Y-%m", "%Y 年")]
    return pl.when(exact[0]).then(forms[0]).when(exact[1]).then(forms[1]).otherwise(forms[2])
