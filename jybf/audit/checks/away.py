"""On a public post at home and at work far from it in one month, and households that claim for work that nobody does."""

from collections.abc import Callable

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, theirs
from jybf.audit.checks.at_once import held
from jybf.audit.counties import OUTSIDE, outside, place
from jybf.audit.overlap import Pairs, Time, certain, common, days, full_time, share_a_month
from jybf.audit.paid import LISTED as MONTHS
from jybf.audit.paid import some_of, stated_months, whole_months
from jybf.audit.pairs import HOME, first, of_household, paired, strangers
from jybf.audit.registry import check
from jybf.audit.scope import post, tier
from jybf.audit.wording import either, first_known, found, said, shown, stack
from jybf.model import HINT, ROW, Program, last

PERSON, WAY, DONE = "身份证号", "就业渠道", "实际出勤天数"
POSTS, WORKERS = "公岗台账", "务工台账"
DATED = ("所属期", "上岗日期", "合同开始日期", MONTHS)
AT_WORK: Pairs = (("务工开始日期", "务工结束日期"), ("就业开始日期", "就业结束日期"))
LISTED: Pairs = (("所属期", "所属期"), *AT_WORK)
FLEXIBLE = "灵活|零工|零星|临时|散工|季节"
PUBLIC = "公益|公岗"
WORK = ("务工区域", "务工省", "务工市", "务工县", "务工地点", "务工单位", "务工开始日期", "就业开始日期")
MOVED = (pl.col("人员类别") == "易地搬迁人口") | pl.col("易地搬迁")  # their post is in the county that they moved to
_MINE, _THEIRS = (pl.col("_起"), pl.col("_止")), (pl.col(theirs("_起")), pl.col(theirs("_止")))


def _post_or_tier(program: Program) -> bool:
    return post(program) or tier(program)


def _on_post() -> Time:
    """When a row is paid for its post. A sum without a month can't be for what came after it was paid."""
    since, until = held(ends=pl.coalesce("合同结束日期", "发放日期", "申请日期", "填报日期"))
    paid = pl.coalesce("发放日期", "填报日期")
    unstated = pl.col("所属期").is_null() & pl.col(MONTHS).is_null()
    return since, pl.when(unstated).then(pl.min_horizontal(until, paid)).otherwise(until)


def _clash(post_: Time, away: Time) -> pl.Expr:
    """A whole month in common; or a month of pay whose days of attendance can't all lie beside the work elsewhere."""
    both = common(post_, away)
    month = pl.col(last("所属期")) <= pl.col("所属期").dt.month_end()
    full = month & (both[0] <= both[1]) & (pl.col(DONE) > days(post_) - days(both))
    return _shared(post_, away, str).fill_null(value=False) | full.fill_null(value=False)


def _shared(post_: Time, away: Time, named: Callable[[str], str]) -> pl.Expr:
    """A whole month in common, one of those paid for where the row of the post, in ``named`` columns, states them."""
    return share_a_month(post_, away) & some_of(stated_months(named), whole_months(common(post_, away)))


def _of_posts(book: Book) -> pl.DataFrame:
    """Who is on a post, paid or not: a ledger states no sums."""
    return book.pool(post).filter((pl.col(CLAIMS) | pl.col(FEN).is_null()) & full_time())


def _of_travellers(book: Book) -> pl.DataFrame:
    """Claims for work outside the county that nothing contradicts; and whom a ledger of no programme has at work there."""
    flexible = pl.col(WAY).str.contains(f"{FLEXIBLE}|{PUBLIC}").fill_null(value=False)
    claims = book.pool(tier).filter((pl.col(CLAIMS) | pl.col(FEN).is_null()) & pl.col("县外").fill_null(value=True))
    ledger = book.rows.join(book.members, on=ROW, how="anti", maintain_order="left").filter(pl.col("县外") | pl.col("跨省"))
    return pl.concat([claims, ledger], how="diagonal_relaxed").filter(~flexible)


@check("JY309", needs=(PERSON, (*DATED, "务工开始日期", "就业开始日期")), about=_post_or_tier)
def post_and_journey(book: Book) -> pl.DataFrame:
    """Both in this input, or one of them in the history: of the two those that are paid."""
    posts, travellers = _of_posts(book), _of_travellers(book)
    if strangers(posts, travellers):
        return stack()
    posts, travellers = _timed(posts, _on_post()), _timed(travellers, _at_work())
    on_posts = _met(paired(book, posts.filter(CLAIMS), travellers, where=_clashing(), later=True))
    away = _met(paired(book, travellers.filter(CLAIMS), posts, where=_clashing(swapped=True), later=True))
    where = either(place().is_not_null(), said("在“", place(), "”"))
    problem = said(_span(), "领公岗补贴，又", where, "务工、领交通补助，见", pl.col(PLACE))
    other = said(_span(), "在外务工、领交通补助，又在公益性岗位领补贴，见", pl.col(PLACE))
    return stack(
        found(on_posts, PERSON, problem, want="同一个月只在一处", fen=pl.col(FEN)),
        found(away, PERSON, other, want="同一个月只在一处", fen=pl.col(FEN)),
    )


def _timed(rows: pl.DataFrame, time: Time) -> pl.DataFrame:
    return rows.with_columns(time[0].alias("_起"), time[1].alias("_止"))


def _at_work() -> Time:
    return certain(AT_WORK, ends=pl.coalesce("申请日期", "填报日期"))


def _clashing(*, swapped: bool = False) -> pl.Expr:
    """Whether the times of a pair clash; ``swapped``: the post is the other's."""
    return _shared(_THEIRS, _MINE, theirs) if swapped else _clash(_MINE, _THEIRS)


def _met(clashing: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose times clash, once a row, with the days in common."""
    return first(_timed(clashing, common(_MINE, _THEIRS)))


def _span() -> pl.Expr:
    return said(pl.col("_起"), " 至 ", pl.col("_止"), " ")


@check("JY309", needs=(PERSON, DATED), about=post, lists=(WORKERS,))
def away_by_the_ledger(book: Book) -> pl.DataFrame:
    """A ledger that names no time is only a hint, and says nothing of what is paid for in other years."""
    hits = book.hits(WORKERS, rows=_timed(_of_posts(book).filter(pl.col(ROW) >= 0), _on_post()))
    hits = hits.filter(outside(hits), ~pl.col(theirs(WAY)).str.contains(f"{FLEXIBLE}|{PUBLIC}").fill_null(value=False))
    mine, away = _MINE, certain(LISTED, ends=pl.col(theirs("数据时点")), named=theirs)
    dated = pl.any_horizontal(pl.col(theirs(start)).is_not_null() for start, _ in LISTED)
    year = pl.col(theirs("数据时点")).dt.year().is_between(mine[0].dt.year(), mine[1].dt.year()).fill_null(value=False)
    hits = hits.with_columns(_clash(mine, away).alias("_定")).filter(pl.col("_定") | (~dated & year))
    rows = first(_timed(hits, common(mine, away)), "_定")
    when = either(pl.col("_定"), _span(), "（没有写务工起止）")
    problem = said(f"在{book.drawn(WORKERS)}上，", when, "在“", place(), "”务工，同期领公岗补贴，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="人在岗的月份才发", level=either(pl.col("_定"), "", HINT), fen=pl.col(FEN))


@check("JY309", needs=(PERSON, ("务工开始日期", "就业开始日期")), about=tier, lists=(POSTS,))
def on_the_ledger_of_posts(book: Book) -> pl.DataFrame:
    hits = book.hits(POSTS, rows=_timed(_of_travellers(book).filter(pl.col(ROW) >= 0), _at_work()))
    on_post = held(theirs, pl.coalesce(theirs("合同结束日期"), theirs("数据时点")))
    hits = _timed_theirs(hits.filter(full_time(theirs("全日制"))), on_post)
    rows = _met(hits.filter(_clashing(swapped=True)))
    title = either(pl.col(theirs("岗位名称")).is_not_null(), said("（", pl.col(theirs("岗位名称")), "）"))
    problem = said(f"在{book.drawn(POSTS)}上，", _span(), "在公益性岗位", title, "，同期领外出务工的补助，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="同一个月只在一处", fen=pl.col(FEN))


def _timed_theirs(hits: pl.DataFrame, time: Time) -> pl.DataFrame:
    return hits.with_columns(time[0].alias(theirs("_起")), time[1].alias(theirs("_止")))


@check("JY309", about=_post_or_tier)
def both_in_one_row(book: Book) -> pl.DataFrame:
    """A post whose row says that the work is outside the county, and a journey whose row says that the work is a post."""
    posts = book.of(post).filter(
        pl.col(CLAIMS) & full_time() & pl.col("务工区域").is_in(OUTSIDE) & ~MOVED.fill_null(value=False)
    )
    travellers = book.of(tier).filter(pl.col(CLAIMS) & full_time() & pl.col(WAY).str.contains(PUBLIC))
    away = said("领公岗补贴，务工区域却填“", shown("务工区域"), "”")
    public = said("领外出务工的补助，就业渠道却填“", shown(WAY), "”")
    return stack(
        found(posts, "务工区域", away, want="县内", fen=pl.col(FEN)),
        found(travellers, WAY, public, want="按实际的就业渠道填写", fen=pl.col(FEN)),
    )


@check("JY310", needs=(HOME,), about=tier, lists=(WORKERS,))
def nobody_of_the_household_is_away(book: Book) -> pl.DataFrame:
    """The ledger has the household, somebody of it at work in the county in that year, and nobody who works or may work away.

    A row of the ledger that names no work is of somebody who doesn't; the claimant's own rows count wherever they stand.
    """
    rows = book.claims(tier)
    homes = of_household(book, WORKERS, rows)
    own = book.hits(WORKERS, rows=rows)
    hits = pl.concat([homes.with_columns(pl.lit(value=True).alias("_户内")), own], how="diagonal")
    hits = hits.unique([ROW, PLACE], keep="first", maintain_order=True)
    away, blank = outside(hits), pl.all_horizontal(pl.col(theirs(name)).is_null() for name in WORK)
    hits = hits.with_columns(away.alias("_外"), blank.alias("_空"), _in_the_year().alias("_年"))
    near = (
        pl.col("_外").eq(other=False).fill_null(value=False)
        & pl.col("_年").fill_null(value=True)
        & pl.col("_户内").fill_null(value=False)
    )
    about = _in_the_year(before=1).fill_null(value=True)  # an application is often of the year before
    excused = ~pl.col("_空") & pl.col("_外").fill_null(value=True) & about
    hits = hits.with_columns(near.alias("_近")).filter(~excused.any().over(ROW), pl.col("_近").any().over(ROW))
    told = first(
        hits.filter("_近").with_columns(pl.len().over(ROW).alias("_人"), pl.col("_年").is_not_null().alias("_定")), "_定"
    )
    doubt = either(pl.col("_定"), "", "（名单没有写是哪一年的）")
    problem = said(
        f"在{book.drawn(WORKERS)}上，这一户务工的 ", pl.col("_人"), " 人都在县内", doubt, "，没有人在县外，见", pl.col(PLACE)
    )
    level = either(pl.col("_定"), "", HINT)
    cell, now = first_known(HOME), pl.coalesce(*HOME)
    return found(told, cell, problem, now=now, want="户内有人在县外务工", level=level, fen=pl.col(FEN))


def _in_the_year(before: int = 0) -> pl.Expr:
    """Whether a row of the ledger is of a year that the claim is for, or ``before``; null: it does not say of which year."""
    begin = pl.min_horizontal("务工开始日期", "就业开始日期", DAY).dt.year() - before
    end = pl.max_horizontal(last(DAY), last("务工结束日期")).dt.year()
    starts, ends = (pl.coalesce(*(theirs(wrap(pair[i])) for pair in LISTED)) for i, wrap in ((0, str), (1, last)))
    drawn = pl.col(theirs("数据时点"))
    since, until = pl.coalesce(starts, drawn).dt.year(), pl.coalesce(ends, drawn, starts).dt.year()
    return (since <= end) & (until >= begin)
