"""The same payee paid again for a time that may be the same: whatever can't be told apart from an earlier payment is told."""

from collections.abc import Callable

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, theirs
from jybf.audit.checks.duplicates import by_days, by_months, repeats, told_apart, worked_months
from jybf.audit.overlap import Time, certain, common, overlapping
from jybf.audit.paid import paid_months
from jybf.audit.pairs import first, other_employer, paired, payee
from jybf.audit.registry import check
from jybf.audit.scope import counts, lends, to_employer
from jybf.audit.spans import SPANS
from jybf.audit.wording import either, first_known, found, said, stack
from jybf.model import DOUBT, ROW, last
from jybf.policy.derivation import pointed
from jybf.vocabulary.roles import LOAN

_KEY, _TEXT, _COMPARED = "_谁", "_期", "_比过"
_COURSE, _INTEREST = ("培训开始日期", "培训结束日期"), ("计息开始日期", "计息结束日期")
_TIMES = (*SPANS, ("社保开始日期", "社保结束日期"))  # the nearest to the money first
_QUARTER = 92  # days: what is longer does not say when in it


@check("JY301", needs=(("身份证号", "单位"),), about=repeats)
def paid_again_for_an_overlapping_time(book: Book) -> pl.DataFrame:
    """Pairs of one payee that no time tells apart: times that surely meet, and where one of the two states none.

    Those of one text are ``same_row_twice``'s; months and days of courses are compared one by one elsewhere.
    """
    rows = _payees(book)
    if rows.is_empty():
        return stack()
    pairs = _pairs(book, _compared(book, rows))
    meet = _first(lambda pair: _surely(pair).fill_null(value=False)).alias("_日")
    both = pl.any_horizontal(_exact(pair, str) & _exact(pair, theirs) for pair in _TIMES).fill_null(value=False)
    sure = _surely(_INTEREST).fill_null(value=False).alias("_定")
    again = first(pairs.with_columns(meet, sure).filter(pl.col("_日").is_not_null() | ~both), "_定")
    vague = said("同一项目在", pl.col(PLACE), "还有一笔，看不出是不是同一期")
    problem = either(pl.col("_日").is_not_null(), said(pl.col("_日"), " 与", pl.col(PLACE), "重叠"), vague)
    field = first_known((*(start for start, _ in _TIMES), "身份证号", *pointed("单位")))
    level = either(pl.col("_定"), "", DOUBT)
    return found(again, field, problem, want="起止不重叠，或写明是哪一期的", level=level, fen=pl.col(FEN))


def _pairs(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """Two of the claims ``rows``: one programme, one payee (an employer's rows: one employer too; a loan's: one contract)."""
    employers, loans = book.is_of(to_employer), book.is_of(lends)
    elsewhere = employers & other_employer().fill_null(value=False)
    other_loan = loans & (pl.col(LOAN) != pl.col(theirs(LOAN))).fill_null(value=False)
    both_compared = pl.col(_COMPARED) & pl.col(theirs(_COMPARED))
    compared = ~elsewhere & ~other_loan & (pl.col(_TEXT) != pl.col(theirs(_TEXT))) & ~both_compared
    return paired(book, rows, rows, _KEY, where=compared & ~_apart())


def _payees(book: Book) -> pl.DataFrame:
    """The claims of whoever has several; of an employer that is paid for its people the row that its verdict is on."""
    who = pl.when(book.is_of(counts)).then("单位").otherwise(payee())
    rows = book.pool(repeats).filter(CLAIMS).with_columns(pl.format("{}|{}", "项目", who).alias(_KEY))
    rows = rows.filter(pl.len().over(_KEY) > 1)
    judged = rows.join(book.verdicts.rows, on=[ROW, "项目"], how="semi", maintain_order="left")
    return pl.concat([rows.filter(pl.col(ROW) < 0), judged])


def _compared(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the text of their time, and whether another check compares their months or days one by one."""
    months = book.is_of(by_months) & pl.coalesce(paid_months(), worked_months(book)).is_not_null()
    days = book.is_of(by_days) & pl.all_horizontal(pl.col(name) == pl.col(last(name)) for name in _COURSE)
    compared = (months | days).fill_null(value=False)
    return rows.with_columns(told_apart(book).alias(_TEXT), compared.alias(_COMPARED))


def _apart() -> pl.Expr:
    """Whether a pair is surely about two times: no day in common of one kind, two school years; else two years."""
    tests = [_disjoint(*(_possible(pair, named) for named in (str, theirs))) for pair in _TIMES]
    starts, ends = zip(*(_possible(_INTEREST, named) for named in (str, theirs)), strict=True)
    tests += [ends[0] <= starts[1], ends[1] <= starts[0]]  # the day on which one period ends bears interest in the next
    silent = pl.all_horizontal(pl.col(named(start)).is_null() for start, _ in _TIMES for named in (str, theirs))
    years = [(pl.col(named(DAY)).dt.year(), pl.col(named(last(DAY))).dt.year()) for named in (str, theirs)]
    tests += [pl.col("学年") != pl.col(theirs("学年")), silent & _disjoint(*years)]
    return pl.any_horizontal(test.fill_null(value=False) for test in tests)


def _possible(pair: tuple[str, str], named: Callable[[str], str]) -> Time:
    return pl.col(named(pair[0])), pl.col(named(last(pair[1])))


def _disjoint(mine: Time, other: Time) -> pl.Expr:
    return (mine[1] < other[0]) | (other[1] < mine[0])


def _exact(pair: tuple[str, str], named: Callable[[str], str]) -> pl.Expr:
    """Whether both ends are stated, and not as a whole year."""
    ends = [(pl.col(named(last(name))) - pl.col(named(name))).dt.total_days() < _QUARTER for name in pair]
    return ends[0] & ends[1]


def _surely(pair: tuple[str, str]) -> pl.Expr:
    """Whether the days of ``pair`` surely meet, in more than the day on which interest ends."""
    mine, other = certain((pair,)), certain((pair,), named=theirs)
    shared = common(mine, other)
    return overlapping(mine, other) & ((shared[0] < shared[1]) if pair == _INTEREST else pl.lit(value=True))


def _first(wanted: Callable[[tuple[str, str]], pl.Expr]) -> pl.Expr:
    """The days in common of the first pair of dates that is ``wanted``, in words; null: of none."""
    told: list[pl.Expr] = []
    for pair in _TIMES:
        days = common(certain((pair,)), certain((pair,), named=theirs))
        told.append(pl.when(wanted(pair)).then(said(days[0], " 至 ", days[1])))
    return pl.coalesce(told)
