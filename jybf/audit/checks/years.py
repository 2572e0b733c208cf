"""A title of one year over rows of another."""

import polars as pl

from jybf.audit.book import FEN, Book
from jybf.audit.registry import check
from jybf.audit.wording import found, said, shown, stack
from jybf.model import DOUBT, Program, last
from jybf.vocabulary.facts import TITLE_YEAR

APPLIED, SINCE, UNTIL = "申请日期", "务工开始日期", "务工结束日期"


def yearly(program: Program) -> bool:
    """Paid once a year, for the year that the work, the row or the title says."""
    return bool(program.year)


@check("JY116", needs=((APPLIED, SINCE, UNTIL),), about=yearly)
def of_another_year_than_the_title(book: Book) -> pl.DataFrame:
    """Applied for before the title's year or more than a year after it, or for work that is wholly of other years."""
    rows, year = book.claims(yearly), pl.col(TITLE_YEAR).dt.year()
    day, end = pl.col(APPLIED).dt.year(), pl.col(last(APPLIED)).dt.year()
    applied = rows.filter((end < year) | (day > year + 1))
    worked = rows.filter((pl.col(last(UNTIL)).dt.year() < year) | (pl.col(SINCE).dt.year() > year))
    told = said("表题是 ", year, " 年的")
    return stack(
        found(
            applied,
            APPLIED,
            said(told, "，申请日期却是 ", shown(APPLIED)),
            want=said(year, " 年"),
            level=DOUBT,
            fen=pl.col(FEN),
        ),
        found(worked, SINCE, said(told, "，务工却在别的年份"), want=said(year, " 年"), level=DOUBT, fen=pl.col(FEN)),
    )
