"""Employers: whether their code can be right, whether their kind may claim, and whether they have the people they name."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book
from jybf.audit.checks.registers import one_an_employer
from jybf.audit.hits import paid_for
from jybf.audit.overlap import RESIDENT, same_employer
from jybf.audit.registry import check
from jybf.audit.scope import counts, employs, starts_business, to_employer
from jybf.audit.wording import either, found, held, said, stack
from jybf.model import DOUBT, ROW, SHEET, Program
from jybf.roster import credit_code_ok
from jybf.vocabulary.roles import LISTED_EMPLOYER

CODE, NAME, PERSON = "统一社会信用代码", "单位名称", "身份证号"
# The first character of an 18-character code says who registered its holder: 1 public bodies, A the army, 5 civil
# affairs. In older numbers (9-digit organisation codes, 15-digit registrations) it says nothing of the kind.
PUBLIC, CIVIL = ("1", "A"), "5"
LENGTH = 18
BODIES = "机关|事业单位|参公|行政单位|人民团体|军队"
NOT_BODIES = "非机关|非事业|改制|转企|所属企业|下属企业"
HEADS = ("参保人数", "个税人数", "用工人数")
YEARS = "5y"  # no claim is for longer than this


@check("JY701", needs=(CODE,))
def code_mistyped(book: Book) -> pl.DataFrame:
    """Every claim under a mistyped code, each with its own sum; where nothing is claimed, the first row that has it."""
    rows = book.rows.filter(pl.col(CODE).is_not_null())
    wrong = rows.select(pl.col(CODE).unique()).filter(~pl.col(CODE).map_elements(credit_code_ok, return_dtype=pl.Boolean))
    rows = rows.join(wrong, on=CODE, how="semi", maintain_order="left")
    rows = rows.filter(pl.col(CLAIMS) | (~pl.col(CLAIMS).any() & (pl.int_range(pl.len()) == 0)).over(SHEET, CODE))
    return found(rows, CODE, "统一社会信用代码不是 18 位，或校验位不对", fen=pl.when(CLAIMS).then(FEN))


@check("JY701", about=to_employer)
def one_code_two_names(book: Book) -> pl.DataFrame:
    """A code is one employer's: a second name that neither holds the first nor is held by it."""
    rows = book.of(to_employer).filter(pl.col(CODE).is_not_null() & pl.col(NAME).is_not_null())
    first = rows.sort(ROW).unique([CODE], keep="first", maintain_order=True).select(CODE, pl.col(ROW, NAME).name.suffix("_先"))
    rows = rows.join(first, on=CODE, how="inner", maintain_order="left").filter(pl.col(NAME) != pl.col(f"{NAME}_先"))
    none = pl.lit(None, pl.String)
    rows = rows.filter(~same_employer((none, pl.col(NAME)), (none, pl.col(f"{NAME}_先"))))
    rows = rows.with_columns(held(SHEET, CODE, NAME)).unique([SHEET, CODE, NAME], keep="first", maintain_order=True)
    problem = said("同一个代码写了两个名称，另一个是“", pl.col(f"{NAME}_先"), "”，见", book.where(rows[f"{ROW}_先"]))
    todo = "对照营业执照更正写错的一处；更过名的，注明原名"
    return found(rows, NAME, problem, want="与代码是同一家单位", level=DOUBT, todo=todo, fen=pl.col(FEN))


def of_a_business(program: Program) -> bool:
    """Paid to an employer, or for a business that the row names."""
    return to_employer(program) or starts_business(program)


@check("JY704", needs=(CODE,), about=of_a_business)
def public_body_claims(book: Book) -> pl.DataFrame:
    code = pl.col(CODE)
    first = code.str.slice(0, 1)
    rows = book.of(of_a_business).filter(CLAIMS, code.str.len_chars() == LENGTH, first.is_in([*PUBLIC, CIVIL]))
    who = either(first == CIVIL, "民政登记的社会组织", "机关事业单位")
    problem = said(
        who, either(pl.col(ROW).is_in(book.of(to_employer)[ROW].implode()), "申领用人单位补贴", "的代码申领创业补助")
    )
    return found(rows, CODE, problem, fen=pl.col(FEN))


@check("JY704", about=to_employer)
def public_body_by_its_kind(book: Book) -> pl.DataFrame:
    """By what the roster calls the employer, where no code tells."""
    kind, told = pl.col("单位类型"), (pl.col(CODE).str.len_chars() == LENGTH).fill_null(value=False)
    rows = book.of(to_employer).filter(pl.col(CLAIMS) & ~told & kind.str.contains(BODIES) & ~kind.str.contains(NOT_BODIES))
    problem = said("“单位类型”填的是“", kind, "”，申领用人单位补贴")
    return found(one_an_employer(rows), "单位类型", problem, want="企业等经营主体", level=DOUBT, fen=pl.col(FEN))


@check("JY706", needs=(PERSON, "单位", HEADS), about=employs)
def more_names_than_heads(book: Book) -> pl.DataFrame:
    """More people at one time than the employer insures, declares wages of, or has at all, by the roster's own columns."""
    peak = _peak(book)
    rows = _claimants(book).filter(pl.any_horizontal(pl.col(name).is_not_null() for name in HEADS))
    most = [pl.col(name).max().over("单位").alias(name) for name in HEADS]
    rows = one_an_employer(rows.with_columns(most).join(peak, on="单位", how="inner", maintain_order="left"))
    return stack(*(_exceeding(rows, name) for name in HEADS))


def _exceeding(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    problem = said("名册同期有 ", pl.col("_名"), f" 人，{name}只有 ", pl.col(name), " 人")
    return found(rows.filter(pl.col("_名") > pl.col(name)), name, problem, want=said("不少于 ", pl.col("_名")), fen=pl.col(FEN))


@check("JY706", needs=(PERSON, (CODE, NAME)), about=employs, lists=("社保缴费",), listed=(PERSON, (CODE, *LISTED_EMPLOYER)))
def more_names_than_insured(book: Book) -> pl.DataFrame:
    """More people at one time than the list has of this employer in all, whenever. An employer that it lacks is not judged."""
    rows = one_an_employer(_claimants(book)).join(_peak(book), on="单位", how="inner", maintain_order="left")
    rows = rows.join(_insured(book, CODE), on=CODE, how="left", maintain_order="left")
    rows = rows.join(_insured(book, NAME), on=NAME, how="left", maintain_order="left", suffix="_名")
    heads = pl.max_horizontal("_保", "_保_名")
    rows = rows.filter(pl.col("_名") > heads)
    problem = said("名册同期有 ", pl.col("_名"), f" 人，{book.drawn('社保缴费')}上这家单位只有 ", heads, " 人")
    field = either(pl.col(CODE).is_not_null(), CODE, NAME)
    want = said("不少于 ", pl.col("_名"), " 人")
    return found(rows, field, problem, now=pl.coalesce(CODE, NAME), want=want, fen=pl.col(FEN))


def _insured(book: Book, key: str) -> pl.DataFrame:
    """Employer (``key``) → ``_保``: the persons whom the list has of it; a number that nobody can read is one more."""
    listed = book.listed("社保缴费").filter(~pl.col("参保险种").str.contains(RESIDENT).fill_null(value=False))
    name = pl.coalesce(*LISTED_EMPLOYER) if key == NAME else pl.col(key)
    people = pl.col(PERSON).n_unique() - pl.col(PERSON).is_null().any() + pl.col(PERSON).is_null().sum()
    rows = listed.with_columns(name.alias("_键")).filter(pl.col("_键").is_not_null())
    return rows.group_by("_键").agg(people.cast(pl.Int64).alias("_保")).rename({"_键": key})


def _claimants(book: Book) -> pl.DataFrame:
    return book.of(employs).filter(pl.col(CLAIMS) & pl.col("单位").is_not_null())


def _peak(book: Book) -> pl.DataFrame:
    """单位 → ``_名``: how many persons it names in the month of the most; who has no months is there in all of them."""
    workers = book.of(counts)[ROW]
    rows = book.of(employs).filter(pl.col(CLAIMS) | pl.col(ROW).is_in(workers.implode()))
    since, until = paid_for()
    end = pl.min_horizontal(until, since.dt.offset_by(YEARS))
    rows = rows.filter(pl.col("单位").is_not_null() & pl.col(PERSON).is_not_null())
    rows = rows.select("单位", PERSON, since.dt.month_start().alias("_起"), end.dt.month_start().alias("_止"))
    timed = rows.filter(pl.col("_起") <= pl.col("_止")).with_columns(pl.date_ranges("_起", "_止", "1mo").alias("_月"))
    by_month = timed.explode("_月").group_by("单位", "_月").agg(pl.col(PERSON).n_unique().alias("_时"))
    dated = by_month.group_by("单位").agg(pl.col("_时").max())
    open_ = rows.filter(pl.any_horizontal(pl.col("_起", "_止").is_null()))
    always = open_.group_by("单位").agg(pl.col(PERSON).n_unique().alias("_常"))
    both = dated.join(always, on="单位", how="full", coalesce=True)
    return both.select("单位", pl.sum_horizontal(pl.col("_时", "_常").fill_null(0)).cast(pl.Int64).alias("_名"))
