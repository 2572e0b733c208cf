"""Public posts: who is not there, whose wages go round, and what the days of attendance come to."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.overlap import RESIDENT, Pairs, Time, certain, common, full_time, overlapping, share_a_month
from jybf.audit.paid import LISTED, ON_POST, on_post, some_of, stated_months, whole_months
from jybf.audit.pairs import first, paired
from jybf.audit.regions import of_address
from jybf.audit.registry import check
from jybf.audit.scope import post
from jybf.audit.spans import SINCE, UNTIL, spanned
from jybf.audit.wording import either, found, said, stack
from jybf.model import DOUBT, HINT, LINE, ROW, SHEET, Program, last
from jybf.roster import fold_name
from jybf.vocabulary.roles import LISTED_EMPLOYER
from jybf.vocabulary.yuan import yuan

PERSON, OURS = "身份证号", "_家"
DATED = (*(start for start, _ in ON_POST), LISTED)
AT_WORK: Pairs = (("所属期", "所属期"), ("务工开始日期", "务工结束日期"), ("就业开始日期", "就业结束日期"))
INSURED: Pairs = (("所属期", "所属期"), ("社保开始日期", "社保结束日期"))
PLACES, BUSY = ("务工省", "务工县", "务工区域"), tuple(start for start, _ in AT_WORK)  # of a ledger: where and when
STILL = pl.coalesce("合同结束日期", "发放日期", "申请日期", "填报日期")  # a post without an end is held until then at least
DONE, DUE = "实际出勤天数", "规定出勤天数"
MONTH = 31
YUAN = 100  # 分: what rounding a sum may explain
PAY = "岗位补贴"
JOB = ("岗位", "岗位名称", "岗位类别", "合同类型")
POSTED, NOT_POSTED = "公益性?岗位|公岗", "非公益|不是公益|不属于公益"


def placed(program: Program) -> bool:
    """Paid for placing people, but not on public posts."""
    return any(clause.code == "JY409" for clause in program.clauses)


def elsewhere() -> pl.Expr:
    """Whether a row of a list puts a person to work outside its county; null: it can't be said."""
    province = pl.col(theirs("务工省")) != pl.coalesce("户籍省", theirs("户籍省"))
    work, home = (name.str.strip_suffix("县").str.strip_suffix("区") for name in (pl.col(theirs("务工县")), pl.col("户籍县")))
    county = ~(work.str.contains(home, literal=True) | home.str.contains(work, literal=True))
    away = province | county | pl.col(theirs("县外"))
    return away & (pl.col(theirs("务工区域")) != "县内").fill_null(value=True)


@check("JY409", needs=(PERSON,), about=placed, lists=("公岗台账",))
def placed_on_a_public_post(book: Book) -> pl.DataFrame:
    """On the ledger of public posts in the time of the employment that the placement is paid for."""
    rows = book.hits("公岗台账", rows=spanned(book.of(placed)).filter(CLAIMS))
    held = certain(ON_POST, ends=pl.coalesce(theirs("合同结束日期"), theirs("数据时点")), named=theirs)
    dated = held[0].is_not_null() & held[1].is_not_null()
    rows = rows.filter(~dated | overlapping((pl.col(SINCE), pl.col(UNTIL)), held))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    when = either(dated, said("（", held[0], " 起）"), "（没有写上岗日期）")
    problem = said(f"在{book.drawn('公岗台账')}上，就业期间在公益性岗位", when, "，见", pl.col(PLACE))
    return found(rows, PERSON, problem, level=DOUBT, ground=book.clauses("JY409"), fen=pl.col(FEN))


@check("JY409", needs=(PERSON,), about=placed, history=True)
def placed_on_a_post_of_another_row(book: Book) -> pl.DataFrame:
    """As by the ledger, where the posts stand in the same input, or were paid before."""
    rows, since_until = spanned(book.pool(placed)).filter(CLAIMS), on_post(pl.coalesce("合同结束日期", "填报日期"))
    posts = book.pool(post).with_columns(since_until[0].alias("_起"), since_until[1].alias("_止"))
    held = pl.col(theirs("_起")), pl.col(theirs("_止"))
    pairs = paired(book, rows, posts, where=overlapping((pl.col(SINCE), pl.col(UNTIL)), held), later=True)
    problem = said("就业期间在公益性岗位（", held[0], " 起），见", pl.col(PLACE))
    return found(first(pairs), PERSON, problem, level=DOUBT, ground=book.clauses("JY409"), fen=pl.col(FEN))


@check("JY409", about=placed)
def placed_on_a_post_by_its_own_row(book: Book) -> pl.DataFrame:
    """The columns beside 就业渠道 that give it away; that one is the clause's."""
    channel = pl.col("就业渠道").str.contains(POSTED).fill_null(value=False)
    rows = book.of(placed).filter(pl.col(CLAIMS) & ~channel)
    frames = [(rows.filter(pl.col(n).str.contains(POSTED) & ~pl.col(n).str.contains(NOT_POSTED)), n) for n in JOB]
    problem, ground = "这一栏写着公益性岗位，“就业渠道”却没有这样写", book.clauses("JY409")
    told = (found(frame, name, problem, level=DOUBT, ground=ground, fen=pl.col(FEN)) for frame, name in frames)
    return stack(*told).unique(ROW, keep="first", maintain_order=True)


@check("JY410", needs=(DONE,), about=post)
def paid_without_attendance(book: Book) -> pl.DataFrame:
    """No day of attendance; a blank among rows that have one is only a hint."""
    rows = book.claims(post)
    unread = book.roster.problems.filter(pl.col("字段") == DONE)[ROW].unique()
    blank = rows.filter(pl.col(DONE).is_null() & ~pl.col(ROW).is_in(unread.implode()))
    return stack(
        found(rows.filter(pl.col(DONE) == 0), DONE, "一天也没有出勤，仍领岗位补贴", want="有出勤的才发", fen=pl.col(FEN)),
        found(blank, DONE, "没有出勤天数，仍领岗位补贴", want="补填出勤天数", level=HINT, fen=pl.col(FEN)),
    )


@check("JY410", needs=(PERSON, DATED), about=post, lists=("务工台账",), listed=(PLACES, BUSY))
def works_elsewhere(book: Book) -> pl.DataFrame:
    """At work outside the county for a whole month of the post; a part-time post leaves room for a job nearby, not for this."""
    rows = book.hits("务工台账", rows=book.of(post).filter(pl.col(CLAIMS) & full_time()))
    mine = on_post(STILL)
    away = certain(AT_WORK, ends=pl.col(theirs("数据时点")), named=theirs)
    rows = rows.filter(elsewhere() & share_a_month(mine, away) & _paid_in(mine, away)).unique(
        ROW, keep="first", maintain_order=True
    )
    since, until = common(mine, away)
    where = pl.coalesce(theirs("务工地点"), theirs("务工县"), theirs("务工省"), theirs("务工区域"))
    at = said(since, " 至 ", until, " 在“", where, "”务工")
    problem = said(f"在{book.drawn('务工台账')}上，", at, "，同期领岗位补贴，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="在岗的才发", fen=pl.col(FEN))


@check(
    "JY410", needs=(PERSON, DATED), about=post, lists=("社保缴费",),
    listed=("参保地", tuple(start for start, _ in INSURED), LISTED_EMPLOYER),
)  # fmt: skip
def insured_elsewhere(book: Book) -> pl.DataFrame:
    """Insured by an employer of another province for a whole month of the post."""
    rows = book.hits("社保缴费", rows=book.claims(post))
    employer = pl.coalesce(*(theirs(name) for name in LISTED_EMPLOYER))
    job = ~pl.col(theirs("参保险种")).str.contains(RESIDENT).fill_null(value=False)
    mine = on_post(STILL)
    other = certain(INSURED, ends=pl.col(theirs("数据时点")), named=theirs)
    rows = rows.with_columns(of_address(rows[theirs("参保地")]).alias("_省"))
    rows = rows.filter((pl.col("_省") != pl.col("户籍省")) & employer.is_not_null() & job)
    rows = rows.filter(share_a_month(mine, other) & _paid_in(mine, other))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    problem = said(f"在{book.drawn('社保缴费')}上，在岗期间由", pl.col("_省"), "的“", employer, "”缴社保，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="在岗的才发", fen=pl.col(FEN))


def _paid_in(mine: Time, other: Time) -> pl.Expr:
    """Whether one of the months paid for, as far as the row states any, is all within both times."""
    return some_of(stated_months(), whole_months(common(mine, other)))


def family(book: Book, name: str) -> pl.DataFrame:
    """户 and, as ``name``, the number of each person that the roster has in it, with ``_家``."""
    return book.rows.select("户", pl.col(PERSON).alias(name), pl.lit("是").alias(OURS)).drop_nulls().unique()


@check("JY411", about=post)
def paid_to_another(book: Book) -> pl.DataFrame:
    """The account's holder by number; somebody of the same household explains it, but still needs the person's own word."""
    holder = pl.col("开户人身份证号")
    rows = book.of(post).filter(pl.col(CLAIMS) & (holder != pl.col(PERSON)))
    rows = rows.join(family(book, "开户人身份证号"), on=["户", "开户人身份证号"], how="left", maintain_order="left")
    ours = pl.col(OURS).is_not_null() | (holder == pl.col("户主身份证号")).fill_null(value=False)
    problem = either(ours, "岗位补贴发到同户家人的账户", "岗位补贴发到别人的账户：开户人身份证号不是本人的")
    return found(rows, "开户人身份证号", problem, want="发到本人账户", level=either(ours, HINT), fen=pl.col(FEN))


@check("JY411", needs=("姓名", "开户名"), about=post)
def collected_by_one(book: Book) -> pl.DataFrame:
    """One holder who draws the pay of two or more others, none of them of a household with him.

    Without an account a name is one person's of its sheet alone: elsewhere it may be another's.
    """
    rows = book.of(post).with_columns(fold_name(pl.col("姓名")).alias("_名"), fold_name(pl.col("开户名")).alias("_收"))
    chiefs = pl.any_horizontal(
        fold_name(pl.col(n)).eq(pl.col("_收")).fill_null(value=False) for n in ("户主姓名", "监护人姓名")
    )
    kin = rows.select("户", pl.col("_名").alias("_收"), pl.lit("是").alias(OURS)).drop_nulls().unique()
    others = rows.filter(pl.col(CLAIMS) & (pl.col("_名") != pl.col("_收")) & ~chiefs)
    others = others.join(kin, on=["户", "_收"], how="left", maintain_order="left").filter(pl.col(OURS).is_null())
    nameless = pl.when(pl.col("银行账号").is_null()).then(SHEET)
    whom = ["_收", "银行账号", nameless]
    many = others.filter(pl.col("_名").n_unique().over(whom) > 1)
    lines = pl.col(LINE).cast(pl.String).unique(maintain_order=True).head(10).str.join("、").over(whom)
    heads = pl.col("_名").n_unique().over(whom)
    problem = said("“", pl.col("开户名"), "”一人收了 ", heads, " 人的岗位补贴（第 ", lines, " 行），像代领")
    return found(many, "开户名", problem, want=pl.col("姓名"), fen=pl.col(FEN))


@check("JY411", needs=(("补贴标准", PAY), ("行政村", "单位")), about=post)
def shared_out(book: Book) -> pl.DataFrame:
    """Everybody of a village gets the same, less than the standard, and together they get just the pay of fewer posts.

    Half of the standard or less is rather half a month, or a standard by the year.
    """
    place = ["行政村", "单位", "岗位名称", "所属期", last("所属期"), SHEET]
    each, standard = _of_post(), _standard()
    rows = book.of(post).filter(pl.col(CLAIMS) & each.is_not_null()).with_columns(each.alias("_每"))
    equal = (pl.col("_每").n_unique() == 1) & (standard.n_unique() == 1) & (pl.len() >= 3)
    rows = rows.filter(pl.col("行政村").is_not_null() | pl.col("单位").is_not_null()).filter(equal.over(place))
    heads = pl.len().over(place)
    posts = (pl.col("_每") * heads / standard).round().cast(pl.Int64)
    exact = (pl.col("_每") * heads - posts * standard).abs() <= heads
    worked = ((pl.col("_每") - standard * pl.col(DONE) / pl.col(DUE)).abs() <= YUAN).fill_null(value=False)
    rows = rows.filter((pl.col("_每") < standard) & (pl.col("_每") * 2 > standard) & exact & ~worked.all().over(place))
    problem = said(heads, " 人都领 ", yuan(pl.col("_每")), " 元，合起来正好是 ", posts, " 个岗位的标准，像平分")
    return found(rows, _cell(), problem, now=yuan(pl.col("_每")), want=yuan(standard), fen=pl.col(FEN))


def _standard() -> pl.Expr:
    """What a full month pays, in 分: its own column, else 岗位补贴 where that is not the sum that is paid."""
    return pl.coalesce("补贴标准", pl.when(pl.col("_列") != PAY).then(pl.col(PAY)))


def _of_post() -> pl.Expr:
    """What a row pays for the post alone, in 分: its own column, unless that is the standard and a sum stands beside it."""
    return pl.when(pl.col("补贴标准").is_not_null()).then(pl.coalesce(PAY, FEN)).otherwise(pl.col(FEN))


def _cell() -> pl.Expr:
    return pl.when(pl.col("补贴标准").is_not_null() & pl.col(PAY).is_not_null()).then(pl.lit(PAY)).otherwise(pl.col("_列"))


@check("JY412", needs=(DUE, DONE, ("补贴标准", PAY)), about=post)
def days_recomputed(book: Book) -> pl.DataFrame:
    """Standard ÷ days due × days done, for one month. A standard by the day, and pay beside 社保补贴, come out otherwise.

    Who never came is JY410's.
    """
    standard, paid, done, due = _standard(), _of_post(), pl.col(DONE), pl.col(DUE)
    rows = book.of(post).filter(pl.col(CLAIMS), due.is_between(1, MONTH), done.is_between(1, due), _one_month())
    right = standard * done / due
    expected = (right, right + pl.col("社保补贴").fill_null(0), standard * done)
    fits = [((sum_ - other).abs() <= YUAN).fill_null(value=False) for sum_ in (paid, pl.col(FEN)) for other in expected]
    rows = rows.filter(standard.is_not_null() & ~pl.any_horizontal(fits))
    want = right.round().cast(pl.Int64)
    formula = said(yuan(standard), " ÷ ", due, " 天 × ", done, " 天 = ", yuan(want), " 元")
    gap = said(either(paid > right, "多 ", "少 "), yuan((paid - want).abs()), " 元")
    problem = said("按出勤应为 ", formula, "，表上", gap)
    more = pl.when(paid > want).then(paid - want)
    level = either(paid > want, "", DOUBT)  # too little is made up for, too much must not leave the treasury
    return found(rows, _cell(), problem, now=yuan(paid), want=yuan(want), level=level, fen=more)


def _one_month() -> pl.Expr:
    one = (pl.col("补贴月数") == 1).fill_null(value=True)
    return one & (pl.col(last("所属期")) <= pl.col("所属期").dt.month_end()).fill_null(value=True)
