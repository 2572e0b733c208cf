"""Work away from home: where it really is, whether its months are over, and what tickets say."""

import polars as pl

from jybf.audit.book import CLAIMS, COLUMN, FEN, PLACE, Book, theirs
from jybf.audit.in_force import sum_in_force
from jybf.audit.kin import alike
from jybf.audit.overlap import RESIDENT, Pairs, certain, common, share_a_month
from jybf.audit.pairs import first, paired, strangers
from jybf.audit.regions import district, of_address, of_code, of_name
from jybf.audit.registry import check
from jybf.audit.scope import by_month, months_asked, tier, waits
from jybf.audit.wording import either, found, months, said, shown, stack
from jybf.model import DOUBT, HINT, INCOMPLETE, RESULTS, ROW, Program, last
from jybf.vocabulary.facts import by
from jybf.vocabulary.roles import LISTED_EMPLOYER, STAGES
from jybf.vocabulary.yuan import yuan

WORK: Pairs = (("务工开始日期", "务工结束日期"), ("就业开始日期", "就业结束日期"))
INSURED: Pairs = (("所属期", "所属期"), ("社保开始日期", "社保结束日期"))
STAYED: Pairs = (("就业开始日期", "就业结束日期"), ("务工开始日期", "务工结束日期"), ("招用日期", "离职日期"))
# What a stated number of months is counted from.
SINCE = {
    "稳定就业月数": ("就业开始日期", "务工开始日期", "招用日期"),
    "连续缴费月数": ("社保开始日期",),
    "正常经营月数": ("登记日期", "开业日期"),
}
LONGEST = 120  # months that a cell may state: ten years
AWAY = pl.col("跨省") & (pl.col("户籍省") != pl.coalesce("务工省", pl.lit("")))


def by_ticket(program: Program) -> bool:
    """The transport subsidies that pay no more than the journey cost."""
    return "票据金额" in program.amount.spent


@check("JY401", needs=(("统一社会信用代码", "务工地点", "务工单位", "单位名称"),), about=tier)
def works_at_home_after_all(book: Book) -> pl.DataFrame:
    """Work in another province by one column, in the home province by another.

    A name alone is only a hint, unless it is an address of city and district.
    """
    rows = book.of(tier).filter(pl.col(CLAIMS) & AWAY)
    coded = rows.filter(of_code(pl.col("统一社会信用代码")) == pl.col("户籍省"))
    placed = rows.filter(of_address(rows["务工地点"]) == pl.col("户籍省"))
    names = [(name, rows.filter(of_name(rows[name]) == pl.col("户籍省"))) for name in ("务工单位", "单位名称")]
    claimed, home = said("填的是到", pl.coalesce("务工省", pl.lit("省外")), "务工，"), pl.col("户籍省")
    want, fen = said("与务工省一致"), pl.col(FEN)
    by_name = said(claimed, "用人单位的名称却是", home, "的")
    by_code = said(claimed, "用人单位的信用代码却是在", home, "登记的")
    return stack(
        found(coded, "统一社会信用代码", by_code, want=want, fen=fen),
        found(placed, "务工地点", said(claimed, "务工地点却在", home), want=want, fen=fen),
        *(found(named, name, by_name, want=want, level=_of_name(named[name]), fen=fen) for name, named in names),
    )


def _of_name(names: pl.Series) -> pl.Expr:
    return either(district(names), "", HINT)


@check(
    "JY401", needs=("身份证号", ("务工开始日期", "就业开始日期")), about=tier, lists=("社保缴费",),
    listed=(("参保地", "统一社会信用代码"), tuple(start for start, _ in INSURED), LISTED_EMPLOYER),
)  # fmt: skip
def insured_at_home(book: Book) -> pl.DataFrame:
    """Insured by an employer of the home province for a whole month of the work elsewhere."""
    rows = book.hits("社保缴费", rows=book.of(tier).filter(pl.col(CLAIMS) & AWAY))
    employer = pl.coalesce(*(theirs(name) for name in LISTED_EMPLOYER))
    where = pl.coalesce(of_address(rows[theirs("参保地")]), of_code(pl.col(theirs("统一社会信用代码"))))
    rows = rows.filter(where == pl.col("户籍省"), employer.is_not_null(), _of_a_job())
    mine, listed = certain(WORK), certain(INSURED, ends=pl.col(theirs("数据时点")), named=theirs)
    rows = rows.filter(share_a_month(mine, listed)).with_columns(common(mine, listed)[0].alias("_起"), employer.alias("_雇"))
    rows = rows.sort(ROW, "_起").unique(ROW, keep="first", maintain_order=True)
    insured = said("从 ", pl.col("_起").dt.strftime("%Y-%m"), " 起由", pl.col("户籍省"), "的“", pl.col("_雇"), "”缴社保")
    problem = said(f"在{book.drawn('社保缴费')}上，务工期间", insured, "，见", pl.col(PLACE))
    return found(rows, "身份证号", problem, want=said("与务工省 ", pl.col("务工省"), " 一致"), fen=pl.col(FEN))


def _of_a_job() -> pl.Expr:
    return ~pl.col(theirs("参保险种")).str.contains(RESIDENT).fill_null(value=False)


def stays(program: Program) -> bool:
    """Asks for months of steady work."""
    return "稳定就业月数" in months_asked(program)


@check("JY402", about=stays)
def more_months_than_the_dates(book: Book) -> pl.DataFrame:
    """Months stated beside a first and a last day that hold fewer; those that a clause asks for are whole ones."""
    return stack(*(_too_short(book, program) for program in book.pack.programs if stays(program)))


def _too_short(book: Book, program: Program) -> pl.DataFrame:
    rows, least = book.claims(lambda other: other is program), months_asked(program)["稳定就业月数"]
    stated, most = pl.col("稳定就业月数"), pl.coalesce(months(start, end) for start, end in STAYED)
    full = pl.coalesce(start.dt.offset_by(f"{least}mo").dt.offset_by("-1d") for start in _starts())
    end = pl.coalesce(pl.when(start.is_not_null()).then(last(b)) for start, (_, b) in zip(_starts(), STAYED, strict=True))
    more = ((most >= 1) & (stated > most)).fill_null(value=False)
    short = ((most >= 1) & (stated >= least) & (full > end)).fill_null(value=False)
    rows = rows.with_columns(more.alias("_多")).filter(pl.col("_多") | short)
    spans = said("写的是 ", stated, " 个月，起止日期")
    problem = either(
        pl.col("_多"), said(spans, "最多 ", most, " 个月"), said(spans, f"不满 {least} 个月，要到 ", full, " 才满")
    )
    want = either(pl.col("_多"), said("不超过 ", most), f"满 {least} 个月")
    return found(rows, "稳定就业月数", problem, want=want, level=DOUBT, fen=pl.col(FEN))


@check("JY402", about=lambda program: tier(program) and not stays(program))
def more_months_away_than_the_dates(book: Book) -> pl.DataFrame:
    """No clause asks for them, and some rosters count the year's other journeys too: a hint."""
    rows, most = book.claims(lambda program: tier(program) and not stays(program)), months(*WORK[0])
    rows = rows.filter((most >= 1) & (pl.col("务工月数") > most))
    problem = said("写的是 ", pl.col("务工月数"), " 个月，务工起止最多 ", most, " 个月")
    return found(rows, "务工月数", problem, want=said("不超过 ", most), level=HINT, fen=pl.col(FEN))


def _starts() -> list[pl.Expr]:
    """The first possible day of each of STAYED that is known at both ends."""
    return [pl.when(pl.col(end).is_not_null()).then(start) for start, end in STAYED]


@check("JY403", needs=("申请日期",), about=waits)
def applied_before_the_months_were_over(book: Book) -> pl.DataFrame:
    """The months that a clause asks for can't have passed by the day of the application, whatever number is stated."""
    return stack(*(_early(book, program) for program in book.pack.programs if waits(program)))


def _early(book: Book, program: Program) -> pl.DataFrame:
    rows = book.claims(lambda other: other is program)
    return stack(*(_too_early(rows, program, name, least) for name, least in months_asked(program).items()))


def _too_early(rows: pl.DataFrame, program: Program, name: str, least: int) -> pl.DataFrame:
    """Whoever states fewer months has failed the clause already, who states more than have passed has not.

    Insurance is paid by the month, the rest by the day.
    """
    start, end = pl.coalesce(SINCE[name]), last("申请日期")
    full = start.dt.offset_by(f"{least}mo").dt.offset_by("-1d")
    early = (full.dt.month_start() if name == "连续缴费月数" else full) > pl.col(end)
    fewer = pl.col(by(name)) == 1 if name == "正常经营月数" and by(name) in rows.columns else pl.lit(value=False)
    rows = rows.filter(early & (fewer | (pl.col(name) >= least)).fill_null(value=True))
    origin = pl.coalesce(*(shown(each) for each in SINCE[name]))
    problem = said(f"{program.id}要满 {least} 个月，从 ", origin, " 起算要到 ", full, f" 才满（{name}），申请早了")
    return found(rows, "申请日期", problem, want=said("不早于 ", full), ground=program.source + program.cite, fen=pl.col(FEN))


@check("JY403", needs=("申请日期",), about=by_month)
def applied_before_the_last_month(book: Book) -> pl.DataFrame:
    """Months of training that had not begun when they were applied for; those after the deadline are JY507's."""
    until = {i: program.period.until for i, program in enumerate(book.pack.programs) if program.period}
    limit = pl.col("项目").replace_strict(until, return_dtype=pl.Date)
    rows = book.judged(by_month).filter(pl.col(CLAIMS) & (pl.col("训练开始日期") <= limit))
    months = pl.col("申报数量").clip(1, LONGEST)
    counted = pl.col("训练开始日期").dt.month_start().dt.offset_by(pl.format("{}mo", months - 1))  # where no end is stated
    end = pl.coalesce("训练结束日期", counted)
    rows = rows.filter(pl.min_horizontal(end, limit).dt.month_start() > pl.col(last("申请日期")), end.is_not_null())
    said_so = either(
        pl.col("训练结束日期").is_not_null(),
        shown("训练结束日期"),
        said(end.dt.strftime("%Y-%m"), "（从 ", shown("训练开始日期"), " 起 ", pl.col("申报数量"), " 个月）"),
    )
    problem = said("申请时，训练到 ", said_so, " 的月份还没有开始")
    return found(rows, "申请日期", problem, want=said("不早于 ", end), level=DOUBT, fen=pl.col(FEN))


@check("JY504", needs=(STAGES,), about=tier)
def sum_of_another_tier(book: Book) -> pl.DataFrame:
    """More than the only tier that a row can be of ever pays, and no more than another one does, whatever else it lacks."""
    tiers = [p.at(i) for p in book.pack.programs if tier(p) for i in range(len(p.versions) or 1)]
    sums = [program.amount.fen for program in tiers if program.amount.fen]
    most = sum_in_force(book.pack.programs)
    rows = book.judged(tier).filter((pl.len().over(ROW) == 1) & (pl.col("结果") == RESULTS.index(INCOMPLETE)))
    rows = rows.filter((pl.col(FEN) > most) & (pl.col(FEN) <= max(sums, default=0)))
    problem = said("按务工地是", book.named(), "，最多 ", yuan(most), " 元，表上是别的档次的金额")
    now, want, over = yuan(pl.col(FEN)), said("不超过 ", yuan(most)), pl.col(FEN) - most
    return found(rows, pl.col(COLUMN), problem, now=now, want=want, ground=book.cited(), fen=over)


@check("JY404", needs=("票据金额",), about=by_ticket)
def ceiling_without_a_ticket(book: Book) -> pl.DataFrame:
    """Others in the roster have a ticket; this one asks for just the ceiling without."""
    told = book.judged(by_ticket).filter(pl.col(CLAIMS) & pl.col("票据金额").is_null() & ~_unread(book, "票据金额"))
    rows = told.filter(pl.col(FEN) == sum_in_force(book.pack.programs))
    problem = said("没有票据金额，正好按上限 ", yuan(pl.col(FEN)), " 元申领")
    return found(rows, "票据金额", problem, want="有票据的按票据，没有的按当地规定", ground=book.cited(), fen=pl.col(FEN))


def _unread(book: Book, name: str) -> pl.Expr:
    rows = book.roster.problems.filter(pl.col("字段") == name)[ROW].unique()
    return pl.col(ROW).is_in(rows.implode())


@check("JY404", about=tier)
def ticket_of_another_journey(book: Book) -> pl.DataFrame:
    """A ticket bought after the application; or more than a month away from the time of work, which is only a hint."""
    rows, day = book.claims(tier), pl.col("票据日期")
    late = (day > pl.col(last("申请日期"))).fill_null(value=False)
    before = pl.col(last("票据日期")) < pl.col("务工开始日期").dt.offset_by("-1mo")
    after = day > pl.col(last("务工结束日期")).dt.offset_by("1mo")
    far = rows.filter(~late & (before.fill_null(value=False) | after.fill_null(value=False)))
    span = said(shown("务工开始日期"), " 至 ", shown("务工结束日期"))
    problem = either(before, "票据早于外出一个多月", "票据晚于返乡一个多月")
    return stack(
        found(rows.filter(late), "票据日期", "票据日期晚于申请日期", want=said("不晚于 ", shown("申请日期")), fen=pl.col(FEN)),
        found(far, "票据日期", problem, want=said("在务工前后：", span), level=HINT, fen=pl.col(FEN)),
    )


@check("JY404", needs=("身份证号",), about=tier, history=True)
def one_ticket_of_two(book: Book) -> pl.DataFrame:
    """One number of a ticket on the rows of two persons."""
    rows = book.pool(tier).filter(CLAIMS).with_columns(alike("票据编号").alias("_票"))
    if strangers(rows, rows, "_票"):
        return stack()
    pairs = first(paired(book, rows, rows, "_票", where=pl.col("身份证号") != pl.col(theirs("身份证号"))))
    problem = said("票据编号与另一人的相同，见", pl.col(PLACE))
    return found(pairs, "票据编号", problem, want="一人一票", level=DOUBT, fen=pl.col(FEN))
