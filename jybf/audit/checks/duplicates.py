"""The same thing twice: within the input, and against earlier payments."""

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, theirs
from jybf.audit.overlap import Pairs, certain, common, days, overlapping
from jybf.audit.paid import WORK, listed_months, months_of, paid_months, period_months
from jybf.audit.pairs import both, first, months_in, of_months, only_named, other_employer, paired, payee, strangers
from jybf.audit.registry import check
from jybf.audit.scope import for_hiring, on_the_job, pays, post, tier, to_employer, trains
from jybf.audit.wording import either, first_known, found, said, shown, stack
from jybf.model import DOUBT, REFUSED, RESULTS, ROW, Program, last
from jybf.policy.derivation import pointed
from jybf.vocabulary.roles import LOAN, PERIOD, WORKED

# What two employers may be paid for one after the other: the months that a row states.
MONTHS: Pairs = (
    ("所属期", "所属期"), ("社保开始日期", "社保结束日期"), ("就业开始日期", "就业结束日期"), ("合同开始日期", "合同结束日期"),
)  # fmt: skip

YEAR = 12  # months of a period that may be of any of them
COURSE: Pairs = (("培训开始日期", "培训结束日期"),)
ATTENDED = "出勤天数"
SPELL = ("所属期", "训练开始日期", *(start for start, _ in WORK))


def by_months(program: Program) -> bool:
    """Paid by the month, for months that a row states."""
    return pays(program) and program.amount.units == "补贴月数"


def by_days(program: Program) -> bool:
    return trains(program) and program.amount.units == ATTENDED


def repeats(program: Program) -> bool:
    """Paid again for every new period. Once-only programmes are left to their verdict, which knows the year."""
    return pays(program) and not program.once


@check("JY301", needs=(("身份证号", "单位"),), about=repeats)
def same_row_twice(book: Book) -> pl.DataFrame:
    """Same programme, person (else employer), employer, loan and period; without any period it is only a doubt."""
    payer = [i for i, program in enumerate(book.pack.programs) if to_employer(program)]
    employer = pl.when(pl.col("项目").is_in(payer)).then("单位").fill_null("")
    rows = book.pool(repeats).with_columns(payee().alias("_人"), employer.alias("_付"))
    rows = rows.filter(pl.col("_人").is_not_null() & (pl.len().over("项目", "_人", "_付") > 1))
    if rows.is_empty():
        return stack()
    key = ("项目", "_人", "_付", "_期")
    rows = rows.with_columns(told_apart(book).alias("_期")).with_columns(only_named().any().over(key).alias("_名"))
    again = _later(book, rows, *key)
    dated, spell = _dated(book), pl.any_horizontal(pl.col("所属期", *WORKED).is_not_null())
    vague = either(spell, "可能重复：起止相同，没有写明是其中哪几个月的", "可能重复：没有写明是哪一期的")
    named = "可能重复：同一项目、同一单位、同一所属期、同名，没有都写身份证号"
    sure = either(pl.col("_名"), named, "重复：同一项目、同一对象、同一所属期")
    problem = said("与", pl.col("先"), either(dated, sure, vague))
    field = first_known(("身份证号", *pointed("单位")))
    now = pl.coalesce("身份证号", *pointed("单位"))
    return found(again, field, problem, now=now, level=either(dated & ~pl.col("_名"), "", DOUBT), fen=pl.col(FEN))


def told_apart(book: Book) -> pl.Expr:
    """What tells two payments apart, as one comparable text; of months with a gap between them, those months.

    A year is no period of what is paid for by the month: there the time at work goes on telling.
    """
    nearer = pl.col("所属期").is_null() | (worked_months(book).is_not_null() & ~_a_month())
    worked = pl.when(nearer).then(_joined(*WORKED)).otherwise(pl.lit(""))
    listed = listed_months()
    gap = listed.list.len() < months_in((listed.list.first(), listed.list.last()))
    return said(_joined(*PERIOD, LOAN), worked, either(gap, pl.col("享受月份")))


def _dated(book: Book) -> pl.Expr:
    """Whether rows that agree in their time are surely of one: of what is paid by the month a year is not, nor a contract."""
    monthly = pl.col("项目").is_in([i for i, program in enumerate(book.pack.programs) if program.amount.units])
    exact = [pl.col(name).is_not_null() for name in PERIOD[1:-1]]
    whole = [monthly & (pl.col("补贴月数") >= months.list.len()) for months in (period_months(), worked_months(book))]
    stated = pl.col("所属期").is_not_null() & (~monthly | _a_month())
    return pl.any_horizontal(*exact, *(test.fill_null(value=False) for test in (stated, *whole)))


def _a_month() -> pl.Expr:
    return pl.col(last("所属期")) <= pl.col("所属期").dt.month_end()


def worked_months(book: Book) -> pl.Expr:
    """The months of the employment, where a programme pays for those: a post and training on the job have their own."""
    paid = [i for i, p in enumerate(book.pack.programs) if by_months(p) and not post(p) and not on_the_job(p)]
    return pl.when(pl.col("项目").is_in(paid), pl.col("补贴月数").is_not_null()).then(months_of(of_months(WORK)))


@check("JY304", needs=("身份证号",), about=tier, history=True)
def two_tiers_in_a_year(book: Book) -> pl.DataFrame:
    """Whether both tiers of the transport subsidy may be drawn in one year is not said, hence a doubt."""
    refused = book.cases(tier).filter(pl.col("结果") == RESULTS.index(REFUSED)).select(ROW, "项目")
    judged = book.cases(tier).select(ROW, "项目", pl.col("年度").cast(pl.Int64).alias("_年"))  # the year of the work, if known
    year = pl.when(pl.col(DAY).dt.year() == pl.col(last(DAY)).dt.year()).then(pl.col(DAY).dt.year().cast(pl.Int64))
    rows = book.pool(tier).select(ROW, "项目", CLAIMS, FEN, "身份证号", "申请年度", DAY, last(DAY))
    rows = rows.join(refused, on=[ROW, "项目"], how="anti").join(judged, on=[ROW, "项目"], how="left")
    rows = rows.with_columns(pl.coalesce("_年", pl.col("申请年度").cast(pl.Int64), year).alias("_年")).sort(ROW, "项目")
    rows = rows.filter(pl.col(CLAIMS), pl.col("身份证号").is_not_null(), pl.col("_年").is_not_null())
    again = _later(book, rows.filter(pl.col("项目").n_unique().over("身份证号", "_年") > 1), "身份证号", "_年")
    problem = said(pl.col("_年"), " 年又领另一档交通补助，另一笔在", pl.col("先"))
    return found(again.unique(ROW, maintain_order=True), "身份证号", problem, fen=pl.col(FEN))


@check("JY301", needs=("身份证号", SPELL), about=by_months)
def same_month_in_two_rows(book: Book) -> pl.DataFrame:
    """Two spells of one person that have months in common. The very same spell is :func:`same_row_twice`'s.

    What two employers claim is JY307's, and two posts are JY311's.
    """
    rows = book.pool(by_months).filter(CLAIMS)
    if strangers(rows, rows):
        return stack()
    pairs = _months_in_common(book, rows)
    other_post = (pl.col("岗位名称") != pl.col(theirs("岗位名称"))).fill_null(value=False)
    one = (pl.col("项目") == pl.col(theirs("项目"))) & ~other_employer().fill_null(value=False) & ~other_post
    apart = (pl.col("_期") != pl.col(theirs("_期"))) | _written_otherwise(book)
    told = _by_row(pairs.filter(one, apart))
    problem = said(pl.col("_月"), " 已在另一行申领，见", pl.col(PLACE), _unsure())
    field = first_known(SPELL)
    return found(told, field, problem, now=pl.col("_月"), level=either(pl.col("_疑"), DOUBT), fen=pl.col(FEN))


def _written_otherwise(book: Book) -> pl.Expr:
    """Whether one employer is paid under two names, or once by its code: no key of a row shows them to be one."""
    return (book.is_of(to_employer) & (pl.col("单位") != pl.col(theirs("单位")))).fill_null(value=False)


@check("JY301", needs=("身份证号", *COURSE[0]), about=by_days)
def same_day_in_two_courses(book: Book) -> pl.DataFrame:
    """Two courses paid by the day: more days attended than there are days in both is a day paid twice."""
    rows = book.pool(by_days).filter(CLAIMS, *_to_the_day()).with_columns(told_apart(book).alias("_期"))
    mine, other = certain(COURSE), certain(COURSE, named=theirs)
    apart = (pl.col("项目") == pl.col(theirs("项目"))) & (pl.col("_期") != pl.col(theirs("_期")))
    pairs = paired(book, rows, rows, where=apart & overlapping(mine, other))
    room = days(mine) + days(other) - days(common(mine, other))
    attended = [pl.min_horizontal(name, days(time)) for name, time in ((ATTENDED, mine), (theirs(ATTENDED), other))]
    known = pl.col(ATTENDED).is_not_null() & pl.col(theirs(ATTENDED)).is_not_null()
    sure = (known & (attended[0] + attended[1] > room)).alias("_定")
    span = [said(day) for day in common(mine, other)]
    pairs = pairs.with_columns(sure, said(span[0], " 至 ", span[1]).alias("_同"))
    told, vague = first(pairs, "_定"), "；两个班出勤的天数也许错得开，是不是同几天看签到"
    problem = said(pl.col("_同"), " 已在另一行按天申领，见", pl.col(PLACE), either(pl.col("_定"), "", vague))
    level = either(pl.col("_定"), "", DOUBT)
    return found(told, COURSE[0][0], problem, now=pl.col("_同"), level=level, fen=pl.col(FEN))


def _to_the_day() -> list[pl.Expr]:
    return [pl.col(name) == pl.col(last(name)) for name in COURSE[0]]


@check("JY307", needs=("身份证号", "单位", "训练开始日期", "训练结束日期"), about=on_the_job, history=True)
def same_month_two_employers(book: Book) -> pl.DataFrame:
    rows = book.pool(on_the_job).filter(CLAIMS)
    if strangers(rows, rows):
        return stack()
    told = _by_row(_months_in_common(book, rows).filter(other_employer()))
    problem = said("同一人 ", pl.col("_月"), " 又由另一单位申领，见", pl.col(PLACE), _unsure())
    level = either(pl.col("_疑"), DOUBT)
    return found(told, "训练开始日期", problem, now=pl.col("_月"), level=level, fen=pl.col(FEN))


def _months_in_common(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs of claims (``rows``) of one person whose months, known to the month, overlap; with ``_月``: those months (Date).

    ``_疑``: fewer are claimed than a span has, or perhaps not all of a quarter, and nobody knows which.
    """
    rows = _by_the_month(book, rows)
    months, unsure = pl.col("_各").list.set_intersection(theirs("_各")), pl.col("_缺") | pl.col(theirs("_缺"))
    apart = (pl.col("_起") > pl.col(theirs("_止"))) | (pl.col(theirs("_起")) > pl.col("_止"))
    pairs = paired(book, rows, rows, where=(months.list.len() > 0) & ~apart.fill_null(value=False))
    return pairs.with_columns(months.alias("_月"), unsure.alias("_疑"))


def _by_the_month(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``_各``: the months that they may be for, ``_缺``: perhaps not all of those, and ``_期``."""
    sources = {"_自": paid_months(), "_工": worked_months(book), "_季": period_months()}
    rows = rows.with_columns(expr.alias(name) for name, expr in sources.items())
    quarter = pl.when(pl.col("_季").list.len() < YEAR).then("_季")
    rows = rows.with_columns(pl.coalesce("_自", "_工", quarter).alias("_各"), told_apart(book).alias("_期"))
    fewer = (pl.col("补贴月数") < pl.col("_各").list.len()).fill_null(value=False)
    part = pl.coalesce("_自", "_工").is_null() | fewer
    return rows.with_columns(part.alias("_缺"), *_days(pl.col("_自").is_null())).drop(*sources)


def _days(where: pl.Expr) -> list[pl.Expr]:
    """The first and the last possible day of the employment: of one month, two spells may have a half each."""
    starts, ends = zip(*WORK, strict=True)
    sides = {"_起": pl.coalesce(*starts), "_止": pl.coalesce(*map(last, ends))}
    return [pl.when(where).then(day).alias(name) for name, day in sides.items()]


def _by_row(pairs: pl.DataFrame) -> pl.DataFrame:
    """One line a row: all its months in common as text, where the first other row is, and whether nothing of it is sure."""
    listed = pl.col("_月").sort().dt.strftime("%Y-%m").unique(maintain_order=True).str.join("、")
    own = pl.col(FEN, PLACE, *SPELL).first()
    return pairs.explode("_月").group_by(ROW, maintain_order=True).agg(own, pl.col("_疑").all(), listed)


def _unsure() -> pl.Expr:
    return either(pl.col("_疑"), "；申领的不一定是起止里的每个月，是哪几个月须核实")


@check("JY314", needs=("身份证号", "单位"), about=for_hiring, history=True)
def two_employers_for_one_person(book: Book) -> pl.DataFrame:
    """Where a person counts once whoever claims, the verdict says so already."""
    rows = book.pool(lambda program: for_hiring(program) and not _once_a_person(program)).filter(CLAIMS)
    same = pl.col("项目") == pl.col(theirs("项目"))
    pairs = paired(book, rows, rows, where=same & other_employer() & ~_one_after_the_other())
    problem = said("同一人由另一单位申报同一补贴，见", pl.col(PLACE))
    return stack(*(found(rows, "身份证号", problem, fen=pl.col(FEN)) for rows in both(book, pairs)))


def _once_a_person(program: Program) -> bool:
    return "身份证号" in program.once and "单位" not in program.once


def _one_after_the_other() -> pl.Expr:
    """Whether a pair is about months of which none is in both: who changes employers is taken on twice."""
    mine, other = of_months(MONTHS), of_months(MONTHS, theirs)
    return ((mine[1] < other[0]) | (other[1] < mine[0])).fill_null(value=False)


def _joined(*names: str) -> pl.Expr:
    """``names`` as one comparable text, a blank equal to a blank."""
    return pl.concat_str([shown(name).fill_null("") for name in names], separator="\x1f")


def _later(book: Book, rows: pl.DataFrame, *key: str) -> pl.DataFrame:
    """The rows of the input that are not the first with their ``key``, with ``先``: where the first stands."""
    again = rows.with_columns(pl.col(ROW).min().over(key).alias("_先")).filter(pl.col(ROW) > pl.col("_先"), pl.col(ROW) >= 0)
    return again.with_columns(book.where(again["_先"]).alias("先"))
