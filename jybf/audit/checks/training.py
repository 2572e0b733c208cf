"""Courses: shorter than paid for, without a certificate, and attended by people who were somewhere else."""

from functools import partial

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.checks.posts import AT_WORK, BUSY, PLACES, elsewhere
from jybf.audit.kin import alike
from jybf.audit.overlap import Pairs, Time, certain, common, days, overlapping
from jybf.audit.paid import ON_POST, on_post
from jybf.audit.pairs import first, paired, strangers
from jybf.audit.registry import check
from jybf.audit.scope import certifies, post, trains
from jybf.audit.wording import either, found, said, shown, stack
from jybf.model import DOUBT, HINT, ROW, last

PERSON, ATTENDED = "身份证号", "出勤天数"
COURSE: Pairs = (("培训开始日期", "培训结束日期"),)
MONTH = 31
DATED = ("培训开始日期", "培训结束日期")
EMPLOYED: Pairs = (("就业开始日期", "就业结束日期"), ("上岗日期", "退岗日期"))
# Kind of list → when it keeps a person away, and how to say so.
AWAY: dict[str, tuple[Pairs, str]] = {
    "服刑": ((("服刑开始日期", "服刑结束日期"),), "服刑、羁押或强制戒毒"),
    "住院": ((("住院开始日期", "住院结束日期"),), "住院"),
}


def no_room(course: Time, away: Time) -> pl.Expr:
    """Whether the days attended can't all lie outside ``away``; where attendance is unknown, whether it covers the course.

    On the day of leaving, and on the day of coming back, one may well have been in class.
    """
    since = pl.when(away[0] > course[0]).then(away[0].dt.offset_by("1d")).otherwise(away[0])
    away = since, pl.when(away[1] < course[1]).then(away[1].dt.offset_by("-1d")).otherwise(away[1])
    left = days(course) - days(common(course, away))
    missed = pl.when(pl.col(ATTENDED).is_not_null()).then(pl.col(ATTENDED) > left).otherwise(left == 0)
    return overlapping(course, away) & missed


def claimed(book: Book) -> pl.DataFrame:
    return book.claims(trains)


@check("JY413", about=trains)
def course_shorter_than_paid(book: Book) -> pl.DataFrame:
    """Fewer days from the first to the last than the course is said to have."""
    most = (pl.col(last(DATED[1])) - pl.col(DATED[0])).dt.total_days() + 1
    rows = claimed(book).filter((most >= 1) & (pl.col("培训天数") > most))
    problem = said("培训 ", shown(DATED[0]), " 至 ", shown(DATED[1]), " 最多 ", most, " 天，填了 ", pl.col("培训天数"), " 天")
    return found(rows, "培训天数", problem, want=said("不超过 ", most, " 天"), fen=pl.col(FEN))


@check("JY413", needs=("证书编号",), about=certifies)
def without_a_certificate(book: Book) -> pl.DataFrame:
    unread = book.roster.problems.filter(pl.col("字段") == "证书编号")[ROW].unique()
    rows = book.of(certifies).filter(pl.col(CLAIMS) & pl.col("证书编号").is_null() & ~pl.col(ROW).is_in(unread.implode()))
    problem, todo = "没有证书编号，仍申领", "补填证书编号；没有取得证书的，按当地规定核减"
    return found(rows, "证书编号", problem, want="填写证书编号", todo=todo, fen=pl.col(FEN))


@check("JY413", about=trains)
def one_certificate_for_two(book: Book) -> pl.DataFrame:
    """A certificate is one person's."""
    rows = claimed(book).with_columns(alike("证书编号").alias("_证")).drop_nulls(["_证", PERSON])
    rows = rows.filter(pl.col(PERSON).n_unique().over("_证") > 1)
    rows = rows.with_columns(pl.col(ROW).min().over("_证").alias("_先")).filter(pl.col(ROW) > pl.col("_先"))
    problem = said("证书编号与别人的相同，另一人在", book.where(rows["_先"]))
    return found(rows, "证书编号", problem, want="一人一证", fen=pl.col(FEN))


@check("JY413", about=trains)
def away_by_its_own_row(book: Book) -> pl.DataFrame:
    course, work = certain(COURSE), certain((("务工开始日期", "务工结束日期"),))
    rows = claimed(book).filter((pl.col("县外") | pl.col("跨省")) & no_room(course, work))
    problem = said("务工 ", shown("务工开始日期"), " 至 ", shown("务工结束日期"), " 在县外，培训却在同一段时间签到")
    return found(rows, DATED[0], problem, want="人在当地才能参训", fen=pl.col(FEN))


@check("JY413", needs=(PERSON, *DATED), about=trains, lists=("务工台账",), listed=(PLACES, BUSY))
def away_by_the_ledger(book: Book) -> pl.DataFrame:
    rows = book.hits("务工台账", rows=claimed(book))
    course, away = certain(COURSE), certain(AT_WORK, ends=pl.col(theirs("数据时点")), named=theirs)
    rows = rows.filter(elsewhere() & no_room(course, away)).unique(ROW, keep="first", maintain_order=True)
    where = pl.coalesce(theirs("务工地点"), theirs("务工县"), theirs("务工省"), theirs("务工区域"))
    problem = said(f"在{book.drawn('务工台账')}上，培训期间在“", where, "”务工，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="人在当地才能参训", fen=pl.col(FEN))


def kept_away(book: Book, kind: str) -> pl.DataFrame:
    """In custody or in hospital on days that the attendance needs; without dates a hit says nothing of the course."""
    pairs, did = AWAY[kind]
    rows = book.hits(kind, rows=claimed(book))
    course, away = certain(COURSE), certain(pairs, ends=pl.col(theirs("数据时点")), named=theirs)
    rows = rows.filter(no_room(course, away)).unique(ROW, keep="first", maintain_order=True)
    since, until = common(course, away)
    problem = said(f"在{book.drawn(kind)}上，培训期间的 ", since, " 至 ", until, f" {did}，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="按实际参训的天数", fen=pl.col(FEN))


for _kind in AWAY:
    _since = AWAY[_kind][0][0][0]
    check("JY414", needs=(PERSON, *DATED), about=trains, lists=(_kind,), listed=(_since,))(partial(kept_away, kind=_kind))


@check("JY414", needs=(PERSON, *DATED), about=trains, lists=("公岗台账",), listed=(tuple(start for start, _ in ON_POST),))
def on_a_post_meanwhile(book: Book) -> pl.DataFrame:
    """Most public posts leave half the day: only a full-time one is a doubt."""
    rows = book.hits("公岗台账", rows=claimed(book))
    held = certain(ON_POST, ends=pl.coalesce(theirs("合同结束日期"), theirs("数据时点")), named=theirs)
    full = pl.col(theirs("全日制"))
    rows = rows.filter(no_room(certain(COURSE), held) & full.fill_null(value=True))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    problem = said(f"在{book.drawn('公岗台账')}上，培训期间在公益性岗位", either(full, "（全日制）"), "，见", pl.col(PLACE))
    todo = "对照两边的考勤：在岗的那几天能不能参训"
    return found(rows, PERSON, problem, want="培训与在岗错开", level=either(full, DOUBT, HINT), todo=todo, fen=pl.col(FEN))


@check("JY414", needs=(PERSON, *DATED), about=trains, history=True)
def on_a_post_by_another_row(book: Book) -> pl.DataFrame:
    """As by the ledger. Days of both that can't lie beside one another in the month of the post are a doubt."""
    rows, posts = book.pool(trains).filter(CLAIMS), book.pool(post).filter(CLAIMS)
    if strangers(rows, posts):
        return stack()
    held, full = on_post(pl.coalesce("合同结束日期", "申请日期")), pl.col(theirs("全日制"))
    posts = posts.with_columns(held[0].alias("_起"), held[1].alias("_止"))
    theirs_held = pl.col(theirs("_起")), pl.col(theirs("_止"))
    crowded = full.fill_null(value=True) & no_room(certain(COURSE), theirs_held)
    hits = paired(book, rows, posts, where=crowded, later=True)
    month = (theirs_held[1] - theirs_held[0]).dt.total_days() < MONTH
    sure = full | (month & (pl.col(ATTENDED) + pl.col(theirs("实际出勤天数")) > days(theirs_held)))
    hits = first(hits.with_columns(sure.fill_null(value=False).alias("_定")), "_定")
    problem = said("培训期间在公益性岗位，见", pl.col(PLACE))
    todo, level = "对照两边的考勤：在岗的那几天能不能参训", either(pl.col("_定"), DOUBT, HINT)
    return found(hits, PERSON, problem, want="培训与在岗错开", level=level, todo=todo, fen=pl.col(FEN))


@check("JY414", about=trains)
def at_work_by_its_own_row(book: Book) -> pl.DataFrame:
    """Work in the same days by the row itself; who works away is JY413's."""
    away = (pl.col("县外") | pl.col("跨省")).fill_null(value=False)
    rows = claimed(book).filter(no_room(certain(COURSE), certain(EMPLOYED)) & ~away)
    times = [said(shown(a), " 至 ", shown(b)) for a, b in EMPLOYED]
    when = pl.when(pl.col(EMPLOYED[0][0]).is_not_null()).then(times[0]).otherwise(times[1])
    problem = said("培训期间在岗就业（", when, "）")
    return stack(found(rows, DATED[0], problem, want="培训与在岗错开，或属在岗培训", level=HINT, fen=pl.col(FEN)))
