"""An employer's people against what was paid for them, month by month: insurance contributions and wages."""

from datetime import date

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book
from jybf.audit.overlap import RESIDENT, Pairs, certain, months_told, same_employer
from jybf.audit.registry import check
from jybf.audit.scope import employs, insured
from jybf.audit.wording import either, found, said, stack
from jybf.model import DOUBT, HINT, ROW, last
from jybf.vocabulary.roles import LISTED_EMPLOYER

PERSON, CODE, NAME, MONTH = "身份证号", "统一社会信用代码", "单位名称", "_月"
CLAIMED: Pairs = (
    ("所属期", "所属期"), ("训练开始日期", "训练结束日期"), ("社保开始日期", "社保结束日期"), ("就业开始日期", "就业结束日期"),
    ("招用日期", "离职日期"), ("合同开始日期", "合同结束日期"),
)  # fmt: skip
DATED = ("所属期", "训练开始日期", "社保开始日期", "就业开始日期", "招用日期", "合同开始日期")
CONTRIBUTED: Pairs = (("所属期", "所属期"), ("社保开始日期", "社保结束日期"))
EARNED: Pairs = (("所属期", "所属期"), ("训练开始日期", "训练结束日期"), ("发放日期", "发放日期"))
INSURED, PAID = (tuple(start for start, _ in pairs) for pairs in (CONTRIBUTED, EARNED))


@check("JY405", needs=(PERSON, DATED), about=employs, lists=("社保缴费",), listed=(PERSON, INSURED))
def without_contributions(book: Book) -> pl.DataFrame:
    """Where the policy asks for no insurance, months without it are a hint: small workshops often pay none."""
    listed = book.listed("社保缴费").filter(~pl.col("参保险种").str.contains(RESIDENT).fill_null(value=False))
    level = either(pl.col(ROW).is_in(book.of(insured)[ROW].implode()), DOUBT, HINT)
    return _compared(book, "社保缴费", "缴社保", _months(listed, CONTRIBUTED), level)


@check("JY405", needs=("参保单位",), about=employs)
def insured_by_another_on_the_roster(book: Book) -> pl.DataFrame:
    """The roster's own column of who pays the contributions names neither the claimant nor a part of it."""
    none = pl.lit(None, pl.String)
    rows = book.claims(employs).filter(~same_employer((none, pl.col(NAME)), (none, pl.col("参保单位"))))
    problem = said("参保单位是“", pl.col("参保单位"), "”，不是申报单位")
    return found(rows, "参保单位", problem, want=said("由申报单位", pl.col(NAME), "缴社保"), level=DOUBT, fen=pl.col(FEN))


@check("JY508", about=insured)
def not_insured_by_the_employer(book: Book) -> pl.DataFrame:
    """Contributions that a person pays alone, or of which the employer's part is nothing, are not those of an employee."""
    rows, kind = book.claims(insured), pl.col("参保险种")
    alone = rows.filter(kind.str.contains(RESIDENT), ~kind.str.contains("职工|工伤|失业|生育"))
    nothing = rows.filter(pl.col("单位缴费") == 0)
    paid, want = said("参保险种写的是“", kind, "”，不是由单位缴纳的"), "由申报单位缴纳职工社会保险"
    return stack(
        found(alone, "参保险种", paid, want=want, level=DOUBT, fen=pl.col(FEN)),
        found(nothing, "单位缴费", "单位缴费是 0，仍按单位已缴费申领", want=want, level=DOUBT, fen=pl.col(FEN)),
    )


@check("JY405", needs=(PERSON, DATED), about=employs, lists=("工资",), listed=(PAID,))
def without_wages(book: Book) -> pl.DataFrame:
    """Wages paid on a day are of that month or of the one before; a wage of nothing is none."""
    nothing = pl.coalesce("实发工资", "月工资", "发放金额") == 0
    listed = book.listed("工资").filter(~nothing.fill_null(value=False))
    return _compared(book, "工资", "发工资", _months(listed, EARNED), pl.lit(DOUBT))


def _months(listed: pl.DataFrame, pairs: Pairs) -> pl.DataFrame:
    """Each row of a list with ``_自``, ``_至`` (first days of months, as wide as may be) and ``_确``: known to the month."""
    since, until, exact = pl.lit(None, pl.Date), pl.lit(None, pl.Date), pl.lit(value=False)
    for start, end in reversed(pairs):
        known = pl.col(start).is_not_null()
        begin = pl.col(start).dt.offset_by("-1mo") if start == "发放日期" else pl.col(start)
        since = pl.when(known).then(begin).otherwise(since)
        until = pl.when(known).then(pl.coalesce(last(end), last("数据时点"))).otherwise(until)
        sharp = _one_month(start) & (pl.col(end).is_null() | (pl.lit(value=True) if end == start else _one_month(end)))
        exact = pl.when(known).then(sharp).otherwise(exact)
    rows = listed.filter(pl.col(PERSON).is_not_null())
    return rows.select(
        PERSON, PLACE, pl.col(CODE).alias("_码"), pl.coalesce(*LISTED_EMPLOYER).alias("_雇"),
        since.dt.month_start().alias("_自"), until.dt.month_start().alias("_至"), exact.fill_null(value=False).alias("_确"),
    )  # fmt: skip


def _one_month(name: str) -> pl.Expr:
    return pl.col(name).dt.month_start() == pl.col(last(name)).dt.month_start()


def _compared(book: Book, kind: str, did: str, listed: pl.DataFrame, level: pl.Expr) -> pl.DataFrame:
    """Months for which the list has nothing, and months for which another employer paid.

    Nothing is said of a person one of whose rows names no time, of months that the list does not reach, of a first month
    before the first payment (whoever begins in the middle of a month is often paid from the next), and of a lone month
    elsewhere beside one here: people change employers within a month.
    """
    timeless = listed.filter(pl.col("_自").is_null() | pl.col("_至").is_null()).select(PERSON)
    timed = listed.join(timeless, on=PERSON, how="anti")
    if timed.is_empty():
        return stack()
    claims = _claimed(book, kind, timed).join(timeless, on=PERSON, how="anti")
    each = _paid(claims, timed)
    neighbour = [pl.col("_己").shift(step).over(ROW).fill_null(value=False) for step in (1, -1)]
    begun = (pl.col(MONTH) == pl.col(MONTH).min().over(ROW)) & neighbour[1]
    none = each.filter(~pl.col("_己") & ~pl.col("_他") & ~begun)
    elsewhere = pl.col("_他") & ~pl.col("_己")
    others = each.filter(elsewhere, (elsewhere & ~neighbour[0] & ~neighbour[1]).any().over(ROW))
    return stack(_none(book, kind, did, none, level), _others(book, kind, did, others))


def _claimed(book: Book, kind: str, listed: pl.DataFrame) -> pl.DataFrame:
    """Row and month for each month that is surely claimed, was over at the application, and that the list can know."""
    since, until = certain(CLAIMED, ends=pl.col("申请日期"))
    rows = book.of(employs).filter(pl.col(CLAIMS) & pl.col(PERSON).is_not_null())
    rows = rows.select(ROW, PERSON, CODE, NAME, "申请日期", since.alias("_自"), until.alias("_至"))
    first, final = _reach(book.lists[kind].drawn, listed)
    applied = pl.col("申请日期").dt.month_start().dt.offset_by("-1mo")
    bounds = pl.max_horizontal(pl.col("_自").dt.month_start(), first), pl.min_horizontal("_至", applied, final).dt.month_start()
    rows = rows.filter(pl.col("_自") <= pl.col("_至")).with_columns(bounds[0].alias("_自"), bounds[1].alias("_至"))
    return _by_month(rows.filter(pl.col("_自") <= pl.col("_至")))


def _reach(drawn: date | None, listed: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last month that the list surely knows of: the month in which it was drawn is not over."""
    first, latest = (pl.lit(listed.select(end).item(), pl.Date) for end in (pl.col("_自").min(), pl.col("_至").max()))
    final = pl.lit(drawn, pl.Date).dt.month_start().dt.offset_by("-1mo") if drawn else latest
    return first, final


def _by_month(rows: pl.DataFrame) -> pl.DataFrame:
    months = pl.date_ranges("_自", "_至", "1mo").alias(MONTH)
    return rows.with_columns(months).drop("_自", "_至").explode(MONTH)


def _paid(claims: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """``claims`` with ``_己``: paid by the claimant, or nobody knows whom; ``_他``: surely another, ``_雇`` at ``_处``."""
    bounds = claims.select(pl.col(MONTH).min().alias("a"), pl.col(MONTH).max().alias("b")).row(0)
    near = listed.with_columns(
        pl.max_horizontal("_自", pl.lit(bounds[0], pl.Date)), pl.min_horizontal("_至", pl.lit(bounds[1], pl.Date))
    )
    paid = _by_month(near.filter(pl.col("_自") <= pl.col("_至")))
    both = claims.join(paid, on=[PERSON, MONTH], how="left", maintain_order="left")
    mine = same_employer((pl.col(CODE), pl.col(NAME)), (pl.col("_码"), pl.col("_雇"))).fill_null(value=True)
    there = pl.col(PLACE).is_not_null()
    other = there & ~mine & pl.col("_确")
    return (
        both.with_columns((there & (mine | ~pl.col("_确"))).alias("_己"), other.fill_null(value=False).alias("_他"))
        .group_by(ROW, MONTH, maintain_order=True)
        .agg(pl.col("_己").any(), pl.col("_他").any(), *(pl.col(name).filter("_他").first() for name in ("_雇", PLACE)))
        .sort(ROW, MONTH)
    )


def _none(book: Book, kind: str, did: str, rows: pl.DataFrame, level: pl.Expr) -> pl.DataFrame:
    told = rows.group_by(ROW, maintain_order=True).agg(months_told(pl.col(MONTH)).alias(MONTH))
    told = told.join(book.rows, on=ROW, how="left", maintain_order="left")
    dark = book.lists[kind].dark
    unread = f"；名单有 {dark} 行身份证号认不出，也要看" if dark else ""
    problem = said(f"{book.drawn(kind)}上，申领的 ", pl.col(MONTH), f" 没有给本人{did}{unread}")
    return found(told, PERSON, problem, want=f"申领的月份都{did}", level=level, fen=pl.col(FEN))


def _others(book: Book, kind: str, did: str, rows: pl.DataFrame) -> pl.DataFrame:
    told = rows.group_by(ROW, maintain_order=True).agg(months_told(pl.col(MONTH)).alias(MONTH), pl.col("_雇", PLACE).first())
    told = told.join(book.rows, on=ROW, how="left", maintain_order="left")
    problem = said(f"{book.drawn(kind)}上，申领的 ", pl.col(MONTH), " 是“", pl.col("_雇"), f"”给本人{did}，见", pl.col(PLACE))
    want = said("由申报单位", pl.col(NAME), did)
    return found(told, PERSON, problem, want=want, level=DOUBT, fen=pl.col(FEN))
