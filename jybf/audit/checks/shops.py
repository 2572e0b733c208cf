"""One business behind several claims: of two founders, and of somebody on a public post who says that he has no living."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.checks.owners import ADDRESS, OWNER
from jybf.audit.checks.registers import unemployed
from jybf.audit.kin import folded_address
from jybf.audit.pairs import both, first, paired, strangers
from jybf.audit.registry import check
from jybf.audit.scope import months_asked, starts_business
from jybf.audit.spans import SINCE, UNTIL, spanned
from jybf.audit.wording import found, said, shown, stack
from jybf.model import DOUBT, ROW, Program, last
from jybf.roster import fold_name

CODE, PERSON = "统一社会信用代码", "身份证号"
ENTITY = ("创业实体", "单位名称")
OWN = 6  # characters
OPENED, BEGUN, CLOSED = "登记日期", "开业日期", "注销日期"


def founds(program: Program) -> bool:
    """Paid to whoever founded a business, once."""
    return starts_business(program) and bool(program.once) and program.payee in {"个人", "户"}


@check("JY415", needs=((PERSON, "户"), (CODE, *ENTITY, ADDRESS)), about=founds, history=True)
def one_business_of_two(book: Book) -> pl.DataFrame:
    """Founders of two households who claim for one business: by its code, or its name and no two codes, or its door."""
    rows = book.pool(founds).filter(CLAIMS).with_columns(
        _named().alias("_企"), folded_address(pl.col(ADDRESS)).alias("_址")
    )  # fmt: skip
    other = ~pl.any_horizontal((pl.col(key) == pl.col(theirs(key))).fill_null(value=False) for key in (PERSON, "户"))
    coded = (pl.col(CODE) != pl.col(theirs(CODE))).fill_null(value=False)
    ways = ((CODE, "代码", other), ("_址", "地址", other), ("_企", "名称", other & ~coded))
    told = [_shared(paired(book, rows, rows, key, where=where), what) for key, what, where in ways]
    later, earlier = both(book, pl.concat(told, how="diagonal_relaxed"))
    return stack(_of_two(later, pl.col("_同")), _of_two(earlier, pl.lit("")))


def _named() -> pl.Expr:
    """The name of a business where it is long enough to be one's own: 小卖部 is everybody's."""
    name = fold_name(pl.coalesce(*ENTITY))
    return pl.when(name.str.len_chars() >= OWN).then(name)


def _shared(pairs: pl.DataFrame, what: str) -> pl.DataFrame:
    return pairs.with_columns(pl.lit(what + "相同").alias("_同"))


def _of_two(rows: pl.DataFrame, why: pl.Expr) -> pl.DataFrame:
    problem = said("另一户的人也为这个实体申领", pl.when(why != "").then(said("（", why, "）")), "，见", pl.col(PLACE))
    field = pl.when(pl.col(ENTITY[0]).is_not_null()).then(pl.lit(ENTITY[0])).otherwise(pl.lit(CODE))
    now = pl.coalesce(*ENTITY, CODE)
    return found(rows, field, problem, now=now, want="一个实体只由创办人申领一次", level=DOUBT, fen=pl.col(FEN))


@check("JY415", about=starts_business)
def struck_off_by_its_own_row(book: Book) -> pl.DataFrame:
    """By the row's own day, where no register was asked."""
    rows = book.claims(starts_business).filter(pl.col(last(CLOSED)) <= pl.col("申请日期"))
    problem = said("注销日期 ", shown(CLOSED), "，到申请日期 ", shown("申请日期"), " 已不经营")
    return found(rows, CLOSED, problem, want="申请时在营", level=DOUBT, fen=pl.col(FEN))


@check("JY415", needs=(BEGUN, "申请日期"), about=lambda p: "正常经营月数" in months_asked(p))
def open_for_too_short(book: Book) -> pl.DataFrame:
    """Registered long enough ago, and open for fewer months than the policy asks for."""
    return stack(*(_too_short(book, program) for program in book.pack.programs))


def _too_short(book: Book, program: Program) -> pl.DataFrame:
    least = months_asked(program).get("正常经营月数")
    if least is None:
        return stack()
    full = pl.col(BEGUN).dt.offset_by(f"{least}mo")
    rows = book.claims(lambda other: other is program).filter(
        (pl.col(BEGUN) > pl.col(last(OPENED))).fill_null(value=True), full > pl.col(last("申请日期"))
    )
    problem = said("开业日期 ", shown(BEGUN), "，到申请日期 ", shown("申请日期"), f" 不满 {least} 个月")
    return found(rows, BEGUN, problem, want=said("满 ", full), level=DOUBT, fen=pl.col(FEN))


@check("JY207", needs=(PERSON,), about=unemployed)
def claims_for_a_business_of_his_own(book: Book) -> pl.DataFrame:
    """By another row he founded a business, or is the legal representative of one, and nothing says that it was closed."""
    mine = spanned(book.of(unemployed).filter(pl.col(CLAIMS) | pl.col(FEN).is_null()))
    owners = _owners(book)
    if strangers(mine, owners):
        return stack()
    closed = (pl.col(theirs(last(CLOSED))) <= pl.col(SINCE)).fill_null(value=False)
    hits = first(paired(book, mine, owners, where=(pl.col(theirs(SINCE)) <= pl.col(UNTIL)) & ~closed, later=True))
    problem = said("又是“", pl.col(theirs("_企")), "”的", pl.col(theirs("_任")), "，见", pl.col(PLACE))
    return found(hits, PERSON, problem, want="补贴期间没有经营的市场主体，或属没有经营的空户", fen=pl.col(FEN))


def _owners(book: Book) -> pl.DataFrame:
    """Who owns a business by a row of the input or the history, and since when it surely was there."""
    owned = [rows.filter(pl.col(OWNER).is_not_null()) for rows in (book.rows, book.past)]
    heads = pl.concat(owned, how="diagonal_relaxed").with_columns(
        pl.col(OWNER).alias(PERSON), pl.lit("法定代表人").alias("_任")
    )
    founders = book.pool(founds).filter(CLAIMS).with_columns(pl.lit("创办人").alias("_任"))
    both = spanned(pl.concat([heads, founders], how="diagonal_relaxed"))
    name = pl.coalesce(*ENTITY, CODE, pl.lit("一家市场主体")).alias("_企")
    return both.select(ROW, PERSON, "_任", name, pl.coalesce(last(OPENED), SINCE).alias(SINCE), last(CLOSED))
