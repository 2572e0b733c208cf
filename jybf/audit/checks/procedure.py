"""How the money was handled: caps paid out as a rule, contributions, rates of interest, failed payments, dates in heaps."""

import polars as pl

from jybf.audit.book import CLAIMS, COLUMN, FEN, Book, theirs
from jybf.audit.checks.amounts import PAYABLE, interest
from jybf.audit.in_force import sum_in_force
from jybf.audit.registry import check
from jybf.audit.scope import pays
from jybf.audit.wording import either, found, said, shown, stack
from jybf.model import HINT, ROW, SHEET, Program, last
from jybf.policy import lpr_at
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.roles import STAGES
from jybf.vocabulary.yuan import yuan

FEW = 5  # rows of one kind that may well be chance
HEAP = 20  # rows that make a heap of dates worth a look
WEEKS = 60  # days over which applications must lie before one day of approval is odd
ABOVE_LPR = 15_000  # millionths: what a bank may ask above the LPR
FAILED = "失败|退票|退回|退汇|未兑付|未到账|未发放"


def capped(program: Program) -> bool:
    """Programmes that pay up to a sum which no local rule has fixed."""
    return bool(kind_of(program.amount).ceiling) and not program.amount.local


def only_insures(program: Program) -> bool:
    """Programmes that return contributions, so that their sum is what a post states in a column of its own."""
    return pays(program) and "社保补贴" in program.titles


@check("JY503", needs=(STAGES,), about=capped)
def cap_paid_as_a_rule(book: Book) -> pl.DataFrame:
    """One finding a sheet and programme, on its first row, where every claim is the ceiling itself."""
    rows = book.judged(capped).filter(PAYABLE & (pl.col(FEN) > 0))
    group = (SHEET, "项目")
    ceiling = sum_in_force(book.pack.programs)
    every = (pl.col(FEN) == ceiling).fill_null(value=False).all().over(group) & (pl.len().over(group) >= FEW)
    rows = rows.filter(every).with_columns(pl.len().over(group).alias("_数"))
    rows = rows.filter(pl.col("票据金额").is_null()).unique(group, keep="first", maintain_order=True)
    problem = said("文件写的是不超过 ", yuan(pl.col("分")), " 元，这张表 ", pl.col("_数"), " 行全部按上限申领")
    return found(rows, pl.col(COLUMN), problem, now=yuan(pl.col(FEN)), want="按实际支出或县里的细则", ground=book.cited())


@check("JY510", needs=(("社保补贴", *STAGES[:4]), "单位缴费"))
def more_than_was_contributed(book: Book) -> pl.DataFrame:
    """The subsidy returns what the employer paid for the row's time, and no more.

    A contribution that holds the subsidy once multiplied by its months is rather that of one month: a hint.
    """
    mine, paid = _subsidy(book), pl.col("单位缴费")
    rows = book.rows.filter(mine > paid)
    monthly = (mine <= paid * pl.col("补贴月数")).fill_null(value=False)
    hint = said("；若是每月的，补 ", pl.col("补贴月数"), " 个月没有超过")
    problem = said("社保补贴多于单位缴费 ", yuan(paid), " 元", either(monthly, hint))
    want, over = said("不超过 ", shown("单位缴费")), pl.when(~monthly).then(mine - paid)
    field = either(pl.col("社保补贴").is_not_null(), "社保补贴", pl.col(COLUMN))
    return found(rows, field, problem, now=yuan(mine), want=want, level=either(monthly, HINT), fen=over)


def _subsidy(book: Book) -> pl.Expr:
    """What a row pays towards insurance: its own column, else the sum where insurance is all that the programme is for."""
    whole = pl.col(ROW).is_in(book.of(only_insures)[ROW].implode())
    return pl.coalesce("社保补贴", pl.when(whole).then(FEN))


@check("JY510", needs=("身份证号", "社保补贴", "所属期"), lists=("社保缴费",), listed=("单位缴费", "所属期"))
def more_than_the_list_says(book: Book) -> pl.DataFrame:
    """Only where list and roster speak of the very same months."""
    rows = book.hits("社保缴费", rows=book.rows.filter(pl.col("社保补贴") > 0))
    same = (pl.col("所属期") == pl.col(theirs("所属期"))) & (pl.col(last("所属期")) == pl.col(theirs(last("所属期"))))
    rows = rows.filter(same, pl.col(theirs("单位缴费")).is_not_null())
    paid = pl.col(theirs("单位缴费")).sum().over("_row")
    rows = rows.with_columns(paid.alias("_缴")).unique("_row", keep="first", maintain_order=True)
    rows = rows.filter(pl.col("社保补贴") > pl.col("_缴"))
    told = said("单位缴费 ", yuan(pl.col("_缴")), " 元，见", pl.col("_处"))
    problem = said(book.drawn("社保缴费"), "上 ", shown("所属期"), " ", told)
    over = pl.col("社保补贴") - pl.col("_缴")
    return found(rows, "社保补贴", problem, want=said("不超过 ", yuan(pl.col("_缴"))), level="疑点", fen=over)


@check("JY513", needs=("执行利率", ("贷款合同日期", "约定LPR")), about=interest)
def rate_above_the_limit(book: Book) -> pl.DataFrame:
    """Above the LPR of the contract's day (else the one the contract names) by more than banks may ask."""
    rows = book.of(interest).filter(pl.col("执行利率").is_not_null())
    ends = ["贷款合同日期", last("贷款合同日期")]
    days = rows.filter(pl.col(ends[0]).is_not_null()).select(ends).unique()
    rates = pl.Series("_LPR", [lpr_at(first, final) for first, final in days.iter_rows()], pl.Int64)
    rows = rows.join(days.with_columns(rates), on=ends, how="left", maintain_order="left")
    base = pl.coalesce("_LPR", "约定LPR")
    rows = rows.filter(pl.col("执行利率") > base + ABOVE_LPR)
    want = said("不超过 ", (base + ABOVE_LPR) / 10_000, "%")
    problem = said("执行利率 ", pl.col("执行利率") / 10_000, "%，高于 LPR ", base / 10_000, "% 加 150 个基点")
    return found(rows, "执行利率", problem, want=want)


@check("JY515", needs=(("审批日期", "申请日期", "发放日期"),))
def dates_in_a_heap(book: Book) -> pl.DataFrame:
    """One finding a sheet: applications of weeks approved on one day; most of a year's in its last week."""
    return stack(_approved_at_once(book.rows), _at_the_end_of_the_year(book.rows))


def _approved_at_once(rows: pl.DataFrame) -> pl.DataFrame:
    known = rows.filter(CLAIMS, pl.col("审批日期") == pl.col(last("审批日期")), pl.col("申请日期").is_not_null())
    group = (SHEET, "审批日期")
    span = (pl.col("申请日期").max() - pl.col(last("申请日期")).min()).dt.total_days().over(group)
    heap = known.with_columns(pl.len().over(group).alias("_数"), span.alias("_跨"))
    heap = heap.filter((pl.col("_数") >= HEAP) & (pl.col("_跨") > WEEKS)).unique(group, keep="first", maintain_order=True)
    problem = said("有 ", pl.col("_数"), " 行申请日期相差 ", pl.col("_跨"), " 天，却在同一天审批")
    return found(heap, "审批日期", problem)


def _at_the_end_of_the_year(rows: pl.DataFrame) -> pl.DataFrame:
    day = pl.coalesce(pl.when(pl.col(name) == pl.col(last(name))).then(name) for name in ("发放日期", "申请日期"))
    dated = rows.with_columns(day.alias("_日")).filter(CLAIMS, pl.col("_日").is_not_null())
    late = (pl.col("_日").dt.month() == 12) & (pl.col("_日").dt.day() >= 25)
    heap = dated.with_columns(late.sum().over(SHEET).alias("_数"), pl.len().over(SHEET).alias("_共"))
    heap = heap.filter(late & (pl.col("_数") >= HEAP) & (pl.col("_数") * 2 > pl.col("_共")))
    heap = heap.unique(SHEET, keep="first", maintain_order=True)
    problem = said(pl.col("_共"), " 行里有 ", pl.col("_数"), " 行集中在 12 月 25 日以后")
    field = pl.when(pl.col("发放日期") == pl.col("_日")).then(pl.lit("发放日期")).otherwise(pl.lit("申请日期"))
    return found(heap, field, problem, now=pl.col("_日").cast(pl.String))


@check("JY518", needs=("发放状态",))
def not_paid_out(book: Book) -> pl.DataFrame:
    rows = book.rows.filter(CLAIMS, pl.col("发放状态").str.contains(FAILED))
    return found(rows, "发放状态", said("已核定的钱没有发到：", pl.col("发放状态")), want="重发，或写明原因")
