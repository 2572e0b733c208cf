"""Sums: too much, too little, too many units, interest recomputed, and out of which pocket."""

import polars as pl

from jybf.assess.stages import NOTHING_DUE
from jybf.audit.book import CLAIMS, COLUMN, FEN, Book
from jybf.audit.in_force import by_version
from jybf.audit.registry import check
from jybf.audit.scope import tier
from jybf.audit.wording import either, found, said, shown, stack
from jybf.model import DOUBT, HINT, PAID, RESULTS, Program, last
from jybf.policy import lpr_at
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.roles import STAGES
from jybf.vocabulary.yuan import yuan

PAYABLE = pl.col("结果") == RESULTS.index(PAID)
CENT = 1  # 分: what rounding may explain in one interest period


def sets_sum(program: Program) -> bool:
    """Whether the policy says what is due, interest aside (that is recomputed by JY512)."""
    return kind_of(program.amount).code == "JY501"


def fixed(program: Program) -> bool:
    return kind_of(program.amount).exact


def interest(program: Program) -> bool:
    return kind_of(program.amount).code == "JY512"


def limited(program: Program) -> bool:
    return program.quota is not None and bool(program.amount.units)


def once_for_all(program: Program) -> bool:
    """Paid once, whatever the year."""
    return program.amount.pays and bool(program.once) and program.codes.get("once", "JY303") == "JY303"


def funded(program: Program) -> bool:
    return bool(program.fund)


@check("JY501", needs=(STAGES,), about=sets_sum)
def more_than_due(book: Book) -> pl.DataFrame:
    due, claimed = pl.col("分").fill_null(0), pl.col(FEN)
    rows = book.judged(sets_sum).filter((PAYABLE | (pl.col("缘由") == NOTHING_DUE)) & (claimed > due))
    problem = said(book.named(), "应发 ", yuan(due), " 元，表上多出 ", yuan(claimed - due), " 元")
    want = yuan(due)
    return found(rows, pl.col(COLUMN), problem, now=yuan(claimed), want=want, ground=book.cited(), fen=claimed - due)


@check("JY502", needs=(STAGES,), about=fixed)
def less_than_due(book: Book) -> pl.DataFrame:
    """Below a ceiling is lawful; below a fixed sum somebody goes short."""
    due, claimed = pl.col("分"), pl.col(FEN)
    rows = book.judged(fixed).filter(PAYABLE & (claimed > 0) & (claimed < due))
    problem = said(book.named(), "定额 ", yuan(due), " 元，表上少 ", yuan(due - claimed), " 元")
    return found(rows, pl.col(COLUMN), problem, now=yuan(claimed), want=yuan(due), ground=book.cited())


@check("JY505", about=limited)
def more_units_than_the_term(book: Book) -> pl.DataFrame:
    """One row that asks for more months than anybody may have, whatever else is wrong with it."""
    return stack(*(_beyond_term(book, program) for program in book.pack.programs if limited(program)))


def _beyond_term(book: Book, program: Program) -> pl.DataFrame:
    quota, units = program.quota, program.amount.units
    assert quota is not None  # noqa: S101  limited() has looked
    most = by_version(program, lambda then: then.quota.most if then.quota else None)
    rows = book.judged(lambda other: other is program).filter(pl.col(CLAIMS) & (pl.col("申报数量") > most))
    problem = said(f"{program.id}申领 ", pl.col("申报数量"), f" 个{quota.unit}，最长 ", most, f" 个{quota.unit}")
    share = pl.col(FEN) * (pl.col("申报数量") - most) // pl.col("申报数量")
    return found(rows, units, problem, want=said("不超过 ", most), ground=program.cited(quota), fen=share)


@check("JY512", needs=(("贴息金额", "申报金额"),), about=interest)
def interest_differs(book: Book) -> pl.DataFrame:
    due, claimed = pl.col("分"), pl.coalesce("贴息金额", FEN)
    rows = book.judged(interest).filter(PAYABLE & ((claimed - due).abs() > CENT))
    field = either(pl.col("贴息金额").is_not_null(), "贴息金额", pl.col(COLUMN))
    problem = said("按合同日 LPR、利率和天数复算，应贴 ", yuan(due), " 元")
    return found(
        rows, field, problem, now=yuan(claimed), want=yuan(due), ground=book.cited(),
        fen=pl.when(claimed > due).then(claimed - due), level=either(claimed < due, DOUBT),
    )  # fmt: skip


@check("JY512", about=interest)
def interest_days_differ(book: Book) -> pl.DataFrame:
    """Days too many are interest too much; one too many is whether both ends count, which the local rule settles."""
    start, end = "计息开始日期", "计息结束日期"
    exact = (pl.col(start) == pl.col(last(start))) & (pl.col(end) == pl.col(last(end)))
    days = (pl.col(end) - pl.col(start)).dt.total_days()
    more = pl.col("计息天数") - days
    rows = book.of(interest).filter(exact & (days >= 0) & (more != 0))
    problem = either(more == 1, "计息天数比起止相差的天数多 1 天（算头又算尾）", "计息天数与起止日期不符")
    level = pl.when(more == 1).then(pl.lit(HINT)).when(more < 0).then(pl.lit(DOUBT)).otherwise(pl.lit(""))
    return found(rows, "计息天数", problem, want=said(days, " 天"), level=level, fen=pl.when(more > 1).then(FEN))


@check("JY512", about=interest)
def interest_on_an_extended_loan(book: Book) -> pl.DataFrame:
    """What the extension costs is not subsidised; whether the interest stops before it, only the contract tells."""
    rows = book.of(interest).filter(pl.col(CLAIMS) & pl.col("展期"))
    problem, todo = "贷款已展期，展期期间的利息不贴", "对照原合同，核对计息是否只到原到期日"
    return found(rows, "展期", problem, level=DOUBT, todo=todo, fen=pl.col(FEN))


@check("JY512", needs=(("贴息金额", "申报金额"),), about=interest)
def more_than_the_interest(book: Book) -> pl.DataFrame:
    """What is subsidised is a part of the interest that the bank charges."""
    claimed = pl.coalesce("贴息金额", FEN)
    rows = book.of(interest).filter(pl.col(CLAIMS) & (claimed > pl.col("应付利息")))
    field = either(pl.col("贴息金额").is_not_null(), "贴息金额", pl.col(COLUMN))
    want = said("不超过应付利息 ", yuan(pl.col("应付利息")))
    problem = said("贴息多于银行收的利息 ", yuan(pl.col("应付利息")), " 元")
    return found(rows, field, problem, now=yuan(claimed), want=want, level=DOUBT, fen=claimed - pl.col("应付利息"))


@check("JY302", about=tier)
def had_it_this_year_by_its_own_column(book: Book) -> pl.DataFrame:
    return _had(book.of(tier))


@check("JY303", about=once_for_all)
def had_it_by_its_own_column(book: Book) -> pl.DataFrame:
    return _had(book.of(once_for_all))


def _had(rows: pl.DataFrame) -> pl.DataFrame:
    """A row of what is paid once that says itself that something was paid before; of what, and when, only the clerk knows."""
    rows = rows.filter(pl.col(CLAIMS) & (pl.col("已享受金额") > 0))
    problem = said("表上写着已享受 ", yuan(pl.col("已享受金额")), " 元，只给一次的又申领")
    return found(
        rows, "已享受金额", problem, want="以前没有领过", level=DOUBT, todo="查明已享受的是哪一项、哪一年。", fen=pl.col(FEN)
    )


@check("JY512", about=interest)
def lpr_of_another_day(book: Book) -> pl.DataFrame:
    ends = ["贷款合同日期", last("贷款合同日期")]
    rows = book.of(interest).filter(pl.col("约定LPR").is_not_null() & pl.col(ends[0]).is_not_null())
    days = rows.select(ends).unique()
    rates = pl.Series("_LPR", [lpr_at(first, final) for first, final in days.iter_rows()], pl.Int64)
    wrong = rows.join(days.with_columns(rates), on=ends).filter(pl.col("约定LPR") != pl.col("_LPR"))
    want = said(pl.col("_LPR") / 10_000, "%")
    return found(wrong, "约定LPR", said("贷款合同日 ", shown(ends[0]), " 的一年期 LPR 是 ", want), want=want, level=DOUBT)


@check("JY516", needs=("资金来源",), about=funded)
def wrong_pocket(book: Book) -> pl.DataFrame:
    return stack(*(_pocket(book, program) for program in book.pack.programs if funded(program)))


def _pocket(book: Book, program: Program) -> pl.DataFrame:
    """Rosters shorten a fund to its first word ("衔接资金"), so the first word decides."""
    other = ~pl.col("资金来源").str.contains(program.fund[:2], literal=True)
    rows = book.judged(lambda other: other is program).filter(pl.col(CLAIMS) & other)
    problem, ground = f"{program.id}应从{program.fund}列支", program.source + program.cite
    return found(rows, "资金来源", problem, want=program.fund, ground=ground, fen=pl.col(FEN))
