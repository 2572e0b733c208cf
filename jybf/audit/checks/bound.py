"""What leaves no time for a job: a full-time public post, and the terms of a school."""

from collections.abc import Callable

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, theirs
from jybf.audit.checks.at_once import held
from jybf.audit.checks.hires import EMPLOYED
from jybf.audit.overlap import Pairs, Time, certain, common, full_time, same_employer, share_a_month
from jybf.audit.paid import some_of, stated_months, whole_months
from jybf.audit.pairs import first, paired, strangers
from jybf.audit.registry import check
from jybf.audit.scope import brokers, employs, on_the_job, post, schools, tier
from jybf.audit.wording import found, said, stack
from jybf.model import Program

PERSON = "身份证号"
AT_WORK: Pairs = (("务工开始日期", "务工结束日期"), *EMPLOYED)
TERMS = ((0, 9), (0, 10), (0, 11), (0, 12), (1, 3), (1, 4), (1, 5), (1, 6))  # months of a school year that have no holidays
SPAN = ("_起", "_止")


def _timed(rows: pl.DataFrame, time: Time) -> pl.DataFrame:
    return rows.with_columns(time[0].alias(SPAN[0]), time[1].alias(SPAN[1]))


def _times() -> tuple[Time, Time]:
    return (pl.col(SPAN[0]), pl.col(SPAN[1])), (pl.col(theirs(SPAN[0])), pl.col(theirs(SPAN[1])))


def _jobs(book: Book) -> pl.DataFrame:
    """Claims for people at an employer; of who has not left nobody knows more than that it was so when this was applied for."""
    rows = book.pool(employs).filter(CLAIMS, full_time())
    return _timed(rows, certain(EMPLOYED, ends=pl.col(DAY)))


@check("JY406", needs=(PERSON,), about=lambda program: post(program) or employs(program), history=True)
def post_and_job(book: Book) -> pl.DataFrame:
    """A whole month on a full-time public post and at an employer that is paid for the same person; both rows are told."""
    posts = book.pool(post).filter(pl.col(CLAIMS) | pl.col(FEN).is_null(), full_time())
    jobs = book.pool(employs)
    if strangers(posts, jobs):
        return stack()
    posts, jobs = _timed(posts, held(ends=pl.coalesce("合同结束日期", "发放日期", "申请日期", "填报日期"))), _jobs(book)
    mine, other = _times()
    on_posts = paired(book, posts.filter(CLAIMS), jobs, where=_shared(mine, other, str), later=True)
    at_jobs = paired(book, jobs, posts, where=_shared(mine, other, theirs), later=True)
    return stack(
        _told(on_posts, "在公益性岗位，又在“", pl.coalesce(*map(theirs, ("单位名称", "单位"))), "”的名册里"),
        _told(at_jobs, "在名册里，又在公益性岗位领补贴"),
    )


def _shared(mine: Time, other: Time, named: Callable[[str], str]) -> pl.Expr:
    """A whole month in common, one of those that the row of the post, in ``named`` columns, is paid for."""
    return share_a_month(mine, other) & some_of(stated_months(named), whole_months(common(mine, other)))


def _told(pairs: pl.DataFrame, *parts: str | pl.Expr) -> pl.DataFrame:
    rows = first(pairs)
    since, until = common(*_times())
    problem = said(since, " 至 ", until, " ", *parts, "，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="同一个月只在一处", fen=pl.col(FEN))


@check("JY406", needs=(PERSON, "务工单位"), about=brokers, history=True)
def placed_elsewhere(book: Book) -> pl.DataFrame:
    """Placed with one employer, and in the same months on the roster of another; both rows are told."""
    placed, jobs = book.pool(brokers).filter(CLAIMS, full_time(), pl.col("务工单位").is_not_null()), book.pool(employs)
    if strangers(placed, jobs):
        return stack()
    placed, jobs = _timed(placed, certain(AT_WORK, ends=pl.col(DAY))), _jobs(book)
    mine, other = _times()
    none = pl.lit(None, pl.String)
    here, there = (none, pl.col("务工单位")), (none, pl.col(theirs("单位名称")))
    placed_ = paired(book, placed, jobs, where=share_a_month(mine, other) & ~same_employer(here, there), later=True)
    here, there = (none, pl.col("单位名称")), (none, pl.col(theirs("务工单位")))
    jobs_ = paired(book, jobs, placed, where=share_a_month(mine, other) & ~same_employer(here, there), later=True)
    return stack(
        _told(placed_, "介绍到“", pl.col("务工单位"), "”，又在“", pl.col(theirs("单位名称")), "”的名册里"),
        _told(jobs_, "在名册里，又被介绍到“", pl.col(theirs("务工单位")), "”"),
    )


def _working(program: Program) -> bool:
    return tier(program) or employs(program) or on_the_job(program)


@check("JY212", needs=(PERSON, "学年"), about=schools, history=True)
def pupil_at_work(book: Book) -> pl.DataFrame:
    """Paid as a pupil, and in a whole month of term paid for as at work; both rows are told: one of the two is not true."""
    pupils, workers = book.pool(schools).filter(CLAIMS), book.pool(_working).filter(CLAIMS)
    if strangers(pupils, workers):
        return stack()
    workers = _timed(workers, certain(AT_WORK, ends=pl.col(DAY)))
    at_school = paired(book, pupils, workers, where=_in_term(str, _times()[1]), later=True)
    at_work = paired(book, workers, pupils, where=_in_term(theirs, _times()[0]), later=True)
    todo = "查学籍和考勤；顶岗实习的，凭实习协议注明。"
    told = ((at_school, "按在校生申领，同期又按务工、就业申领"), (at_work, "按务工、就业申领，同期又按在校生申领"))
    return stack(
        *(found(first(pairs), PERSON, said(text, "，见", pl.col(PLACE)), todo=todo, fen=pl.col(FEN)) for pairs, text in told)
    )


def _in_term(named: Callable[[str], str], work: Time) -> pl.Expr:
    """Whether the work has a whole month of the terms of 学年, in ``named`` columns."""
    year = pl.col(named("学年")).str.extract(r"^(\d{4})").cast(pl.Int32)
    terms = pl.concat_list([pl.date(year + later, month, 1) for later, month in TERMS])
    return (whole_months(work).list.set_intersection(terms).list.len() > 0).fill_null(value=False)
