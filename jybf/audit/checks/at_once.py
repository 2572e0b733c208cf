"""What nobody does twice at one time: training on the job and a course, two public posts, two posts in a household."""

from collections.abc import Callable

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.overlap import Pairs, Time, certain, same_employer
from jybf.audit.paid import listed_months, months_of, on_post, paid_months, some_of, stated_months
from jybf.audit.pairs import CODE, HOME, first, home, months_in, of_household, of_months, paired, strangers, surely
from jybf.audit.registry import check
from jybf.audit.scope import on_the_job, post, trains
from jybf.audit.wording import either, first_known, found, said, shown, stack
from jybf.model import DOUBT, HINT, ROW, last
from jybf.policy.derivation import pointed
from jybf.roster import fold_name

PERSON, TITLE, DONE = "身份证号", "岗位名称", "实际出勤天数"
COURSE: Pairs = (("培训开始日期", "培训结束日期"),)
DRILL: Pairs = (("训练开始日期", "训练结束日期"),)
ON_THE_JOB = "以工代训"  # a ledger of courses may hold the training on the job itself
_CALLED = r"(岗位|人员|[岗员工])$"


@check("JY308", needs=(PERSON, *DRILL[0]), about=on_the_job, lists=("培训台账",))
def course_of_the_ledger(book: Book) -> pl.DataFrame:
    rows = book.hits("培训台账", rows=book.claims(on_the_job))
    kinds = [
        pl.col(theirs(name)).str.contains(ON_THE_JOB).fill_null(value=False) for name in ("培训工种", "培训类别", "补贴项目")
    ]
    rows = rows.filter(~pl.any_horizontal(kinds))
    return _overlapping(rows, f"在{book.drawn('培训台账')}上，", str, theirs)


@check("JY308", needs=(PERSON, (*DRILL[0], *COURSE[0])), about=lambda p: on_the_job(p) or trains(p), history=True)
def course_of_another_row(book: Book) -> pl.DataFrame:
    """Whichever of the two was entered later, in the input or against the history."""
    drills, courses = (book.pool(which).filter(CLAIMS) for which in (on_the_job, trains))
    if strangers(drills, courses):
        return stack()
    return stack(
        _overlapping(paired(book, drills, courses), "", str, theirs),
        _overlapping(paired(book, courses, drills), "", theirs, str),
    )


def _overlapping(rows: pl.DataFrame, where: str, drill: Callable[[str], str], course: Callable[[str], str]) -> pl.DataFrame:
    """Pairs whose days surely meet; of a claimed month it is not known which days were trained: a course in it is a hint."""
    claimed, month = paid_months(drill), of_months(DRILL, drill)
    count = pl.min_horizontal(drill("补贴月数"), listed_months(drill).list.len())
    gaps = (count < months_in(month)).fill_null(value=False)  # some months of the span are not claimed
    known = (pl.col(drill("补贴月数")) >= claimed.list.len()).fill_null(value=True)  # and it is said which
    possible, taught = _possible(DRILL, drill), _possible(COURSE, course)
    certainly = certain(COURSE, named=course)
    meet = surely(certain(DRILL, named=drill), possible, certainly, taught) & ~gaps
    inside = _meets(claimed, months_of(certainly)) | _meets(claimed, months_of(taught), alone=True)
    alone = known & inside & (possible[0] <= taught[1]) & (taught[0] <= possible[1])
    told = first(rows.with_columns(meet.alias("_定")).filter(pl.col("_定") | alone), "_定")
    spans = [said(shown_by(name, a), " 至 ", shown_by(name, b)) for name, (a, b) in ((drill, DRILL[0]), (course, COURSE[0]))]
    open_ = either(pl.col("_定"), "", "，是不是同几天看考勤")
    problem = said(where, "以工代训 ", spans[0], "，又参加了 ", spans[1], " 的培训", open_, "，见", pl.col(PLACE))
    mine = DRILL if drill is str else COURSE
    return found(
        told, mine[0][0], problem, want="同一段时间只补一种培训", level=either(pl.col("_定"), "", HINT), fen=pl.col(FEN)
    )


def _meets(claimed: pl.Expr, months: pl.Expr, *, alone: bool = False) -> pl.Expr:
    """Whether a month is claimed; ``alone``: whether there is only that one, known to the month."""
    shared = claimed.list.set_intersection(months).list.len() > 0
    return (shared & (months.list.len() == 1) if alone else shared).fill_null(value=False)


def _possible(pairs: Pairs, named: Callable[[str], str]) -> Time:
    start, end = pairs[0]
    return pl.col(named(start)), pl.col(named(last(end)))


def shown_by(named: Callable[[str], str], name: str) -> pl.Expr:
    """A date as far as it is known, by the ``named`` column."""
    if named is str:
        return shown(name)
    begin, end = pl.col(named(name)), pl.col(named(last(name)))
    text = pl.when(begin == end).then(begin.cast(pl.String)).when(end <= begin.dt.month_end()).then(begin.dt.strftime("%Y-%m"))
    return text.otherwise(begin.dt.strftime("%Y 年"))


def held(named: Callable[[str], str] = str, ends: pl.Expr | None = None) -> Time:
    """When somebody surely is on a public post: a month of pay is a month on it, but for the days before and after it."""
    since, until = on_post(ends, named)
    begin, leave = pl.coalesce(*map(named, map(last, ("上岗日期", "合同开始日期")))), pl.col(named("退岗日期"))
    return pl.when(since.is_not_null()).then(pl.max_horizontal(since, begin)), pl.when(until.is_not_null()).then(
        pl.min_horizontal(until, leave)
    )


def _of_posts(book: Book) -> pl.DataFrame:
    """Who is on a post, paid or not: a ledger states no sums, but a sum of nothing is for nobody's work."""
    return book.pool(post).filter(pl.col(CLAIMS) | pl.col(FEN).is_null())


def _on_posts(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the time and the months of their posts."""
    since, until = held(ends=pl.col("合同结束日期"))
    return rows.with_columns(since.alias("_起"), until.alias("_止"), stated_months().alias("_月"))


@check("JY311", needs=(PERSON, (TITLE, "单位", "务工单位")), about=post)
def two_posts_at_once(book: Book) -> pl.DataFrame:
    """Two names of a post are two posts; one name at two employers may be two spellings of one employer, hence a doubt."""
    rows = _of_posts(book)
    if strangers(rows, rows):
        return stack()
    posts = _on_posts(rows)
    two, moved = _other_title().fill_null(value=False), _room_to_move()
    rows = paired(book, posts, posts, where=_together() & (two | _other_place().fill_null(value=False)))
    told = first(rows.with_columns((two & ~moved).alias("_定"), moved.alias("_换")), "_定")
    named = either(pl.col(theirs(TITLE)).is_not_null(), said("“", pl.col(theirs(TITLE)), "”"))
    change = either(pl.col("_换"), "；两岗出勤合计不超过当月天数，先查是不是月中换岗")
    problem = said("同一人同期在两个公益性岗位，另一岗", named, "在", pl.col(PLACE), change)
    return found(told, PERSON, problem, level=either(pl.col("_定"), "", DOUBT), fen=pl.col(FEN))


def _room_to_move() -> pl.Expr:
    """Whether the days of attendance on both posts may lie beside one another in the month: who changes posts has two rows."""
    both = pl.col(DONE) + pl.col(theirs(DONE))
    alone = pl.col("_月").list.len() == 1
    return (alone & (both <= pl.col("_月").list.last().dt.month_end().dt.day())).fill_null(value=False)


@check("JY311", needs=(PERSON, "户"), about=post)
def two_posts_in_a_household(book: Book) -> pl.DataFrame:
    rows = _of_posts(book).with_columns(home().alias("_家"))
    if strangers(rows, rows, "_家"):
        return stack()
    posts = _on_posts(rows)
    rows = first(paired(book, posts, posts, "_家", where=_together() & (pl.col(PERSON) != pl.col(theirs(PERSON)))))
    return _one_home(rows, said("同户另一人同期也在公益性岗位，见", pl.col(PLACE)))


@check("JY311", needs=(PERSON, (TITLE, "单位", "务工单位")), about=post, lists=("公岗台账",))
def another_post_on_the_ledger(book: Book) -> pl.DataFrame:
    """The ledger holds the post of the roster too: only one of another name, and not at the same employer, is another."""
    rows = book.hits("公岗台账", rows=_on_posts(_of_posts(book)).filter(pl.col(ROW) >= 0, CLAIMS))
    elsewhere = _other_place()
    rows = _timed(rows).filter(_together(), _other_title(), elsewhere.fill_null(value=True))
    told = first(rows.with_columns(elsewhere.alias("_定")), "_定")
    sure = pl.col("_定").fill_null(value=False)
    title = pl.col(theirs(TITLE))
    problem = said(f"在{book.drawn('公岗台账')}上，同期还有另一个岗位“", title, "”，见", pl.col(PLACE))
    return found(
        told, PERSON, problem, want=said("只有“", pl.col(TITLE), "”一岗"), level=either(sure, DOUBT, HINT), fen=pl.col(FEN)
    )


@check("JY311", needs=(PERSON, HOME), about=post, lists=("公岗台账",))
def household_on_the_ledger(book: Book) -> pl.DataFrame:
    """Of those of the household who are not in the roster's household themselves: they are compared row by row."""
    posts = _on_posts(_of_posts(book)).with_columns(home().alias("_家"))
    rows = _timed(of_household(book, "公岗台账", posts.filter(pl.col(ROW) >= 0, CLAIMS)))
    rows = rows.filter(_together(), pl.col(PERSON) != pl.col(theirs(PERSON)))
    compared = posts.select("_家", pl.col(PERSON).alias(theirs(PERSON))).drop_nulls().unique()
    rows = first(rows.join(compared, on=compared.columns, how="anti", maintain_order="left"))
    return _one_home(rows, said(f"在{book.drawn('公岗台账')}上，同户另一人同期也在公益性岗位，见", pl.col(PLACE)))


def _one_home(rows: pl.DataFrame, problem: pl.Expr) -> pl.DataFrame:
    todo, now = "当地限一户一岗的，退出一岗；不限的，注明依据", pl.coalesce(*pointed("户"))
    return found(rows, first_known(pointed("户")), problem, now=now, level=DOUBT, todo=todo, fen=pl.col(FEN))


def _timed(hits: pl.DataFrame) -> pl.DataFrame:
    ends = pl.coalesce(theirs("合同结束日期"), theirs("数据时点"))
    since, until = held(theirs, ends)
    months = stated_months(theirs).alias(theirs("_月"))
    return hits.with_columns(since.alias(theirs("_起")), until.alias(theirs("_止")), months)


def _together() -> pl.Expr:
    """Whether a pair is surely on its posts on one day, of a month that both are paid for as far as they state months."""
    begin, end = pl.max_horizontal("_起", theirs("_起")), pl.min_horizontal("_止", theirs("_止"))
    known = pl.all_horizontal(pl.col(c).is_not_null() for c in ("_起", "_止", theirs("_起"), theirs("_止")))
    mine, other = pl.col("_月"), pl.col(theirs("_月"))
    stated = pl.coalesce(mine.list.set_intersection(other), mine, other)
    return known & (begin <= end) & some_of(stated, months_of((begin, end)))


def _other_title() -> pl.Expr:
    """Whether two posts have different names; a post is called 保洁 here and 保洁员 there."""
    a, b = (fold_name(pl.col(name)).str.replace(_CALLED, "") for name in (TITLE, theirs(TITLE)))
    return ~(a.str.contains(b, literal=True) | b.str.contains(a, literal=True))


def _other_place() -> pl.Expr:
    sides = [
        (pl.col(named(CODE)), pl.coalesce(*map(named, ("单位名称", "务工单位", "单位"))).str.replace_all("人民政府", "政府"))
        for named in (str, theirs)
    ]
    return ~same_employer(*sides)
