"""A title of one year over rows of another, and one journey that is claimed for two years."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.pairs import first, paired, strangers
from jybf.audit.registry import check
from jybf.audit.scope import tier
from jybf.audit.wording import found, said, shown, stack
from jybf.model import DOUBT, REFUSED, RESULTS, ROW, Program, last
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


@check("JY302", needs=("身份证号",), about=tier, history=True)
def one_journey_of_two_years(book: Book) -> pl.DataFrame:
    """From and to the same days over the end of a year, and claimed for the one and for the other: one ticket, not two."""
    rows = book.pool(tier).filter(CLAIMS, pl.col(SINCE).dt.year() < pl.col(last(UNTIL)).dt.year())
    if strangers(rows, rows):
        return stack()
    refused = book.cases(tier).filter(pl.col("结果") == RESULTS.index(REFUSED)).select(ROW, "项目")
    short = pl.col(last(UNTIL)) <= pl.col(SINCE).dt.offset_by("1y")
    same = [pl.col(name) == pl.col(theirs(name)) for name in ("项目", SINCE, last(SINCE), UNTIL, last(UNTIL))]
    mine = rows.join(refused, on=[ROW, "项目"], how="anti")
    pairs = first(paired(book, mine, rows, where=pl.all_horizontal(short, *same)))
    problem = said("同一次外出（", shown(SINCE), " 至 ", shown(UNTIL), "）又按另一年申领，另一笔见", pl.col(PLACE))
    return found(pairs, SINCE, problem, want="一次外出只申领一次", level=DOUBT, fen=pl.col(FEN))
