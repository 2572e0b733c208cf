"""Against the register of companies: who owns a business and claims as if he did not, and employers that were not there."""

from collections.abc import Callable

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, theirs
from jybf.audit.hits import WHEN, day, in_force
from jybf.audit.overlap import same_employer
from jybf.audit.registry import check
from jybf.audit.scope import employs, pays, post, to_employer
from jybf.audit.spans import UNTIL, spanned
from jybf.audit.wording import either, first_known, found, held, said, shown
from jybf.model import DOUBT, HINT, ROW, SHEET, Program, last

LIST, PERSON, OWNER = "工商登记", "身份证号", "法定代表人身份证号"
CODE, NAME = "统一社会信用代码", "单位名称"
OPENED, CLOSED, STATE, DRAWN = "登记日期", "注销日期", "经营状态", "数据时点"
SHUT = "注销|吊销|撤销"
ODD = "异常|严重违法|失信|停业|歇业|清算"
WELL = "无异常|未列入|不在|移出|正常"
# When an employer's person began: the first that is known. Until when the money is claimed: the latest of these.
BEGAN = ("训练开始日期", "就业开始日期", "招用日期", "合同开始日期")
CLAIMED = (DAY, "申请日期", "训练结束日期", "所属期")


def unemployed(program: Program) -> bool:
    """Paid to persons because they have no living of their own: public posts, and their own insurance contributions."""
    return pays(program) and program.payee == "个人" and (post(program) or "社保补贴" in program.titles)


def one_an_employer(rows: pl.DataFrame) -> pl.DataFrame:
    """One row an employer and sheet, with the sum of its claims and ``_人``: how many rows they are."""
    sums = pl.when(CLAIMS).then(FEN).sum().over(SHEET, "单位")
    rows = rows.with_columns(
        pl.when(sums > 0).then(sums).alias(FEN), pl.len().over(SHEET, "单位").alias("_人"), held(SHEET, "单位")
    )
    return rows.sort(ROW).unique([SHEET, "单位"], keep="first", maintain_order=True)


def registered(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with their employers' entries: by the code; where it is not there, by a name that only one employer has."""
    by_code = book.hits(LIST, CODE, rows=rows)
    rest = rows.filter(pl.col(CODE).is_null())
    by_name = book.hits(LIST, NAME, rows=rest)
    alone = by_name.filter(pl.col(theirs(CODE)).n_unique().over(ROW) == 1)
    return pl.concat([by_code, alone], how="diagonal").sort(ROW, maintain_order=True)


def named_by() -> pl.Expr:
    return first_known((CODE, NAME))


@check("JY207", needs=(PERSON,), about=unemployed, lists=(LIST,), listed=((OWNER, PERSON),))
def owns_a_business(book: Book) -> pl.DataFrame:
    """As legal representative, owner or shareholder of what is on the register while the money is for."""
    rows = book.of(unemployed).filter(pl.col(CLAIMS) | pl.col(FEN).is_null())
    owned, shared = book.hits(LIST, PERSON, by=OWNER, rows=rows), book.hits(LIST, rows=rows)
    hits = pl.concat([owned.with_columns(pl.lit("法定代表人或经营者").alias("_任")), shared], how="diagonal")
    undated = pl.col(theirs(CLOSED)).is_null() & pl.col(theirs(STATE)).str.contains(SHUT).fill_null(value=False)
    kept = in_force(hits.filter(~undated), OPENED, CLOSED).sort(ROW)
    what = pl.coalesce(theirs(NAME), theirs("创业实体"), theirs(CODE), pl.lit("一家市场主体"))
    role = pl.coalesce("_任", theirs("职务"), pl.lit("登记在册的经营者、股东"))
    problem = said(f"在{book.drawn(LIST)}上，是“", what, "”的", role, "（登记：", pl.col(WHEN), "），见", pl.col(PLACE))
    return found(kept, PERSON, problem, want="补贴期间没有经营的市场主体，或属没有经营的空户", fen=pl.col(FEN))


@check("JY702", about=employs)
def founded_after_by_its_own_row(book: Book) -> pl.DataFrame:
    rows = one_an_employer(book.of(employs).filter(pl.col(CLAIMS) & (pl.col(OPENED) > _began(last))))
    problem = said("单位 ", shown(OPENED), " 才登记，", first_known(BEGAN), "却是 ", _shown_began(), _others())
    return found(rows, OPENED, problem, want=said("不晚于 ", _began(str)), fen=pl.col(FEN))


@check("JY702", about=to_employer)
def not_in_good_standing_by_its_own_row(book: Book) -> pl.DataFrame:
    rows = one_an_employer(book.of(to_employer).filter(pl.col(CLAIMS) & in_trouble()))
    problem = said("“经营状态”填的是“", pl.col(STATE), "”，仍在申领", _others())
    return found(rows, STATE, problem, want="申领时正常经营", fen=pl.col(FEN))


@check("JY702", about=to_employer)
def closed_by_its_own_row(book: Book) -> pl.DataFrame:
    """As by the register, where the roster has the day itself."""
    until = pl.max_horizontal(*CLAIMED)
    rows = one_an_employer(book.of(to_employer).filter(pl.col(CLAIMS) & (pl.col(last(CLOSED)) < until)))
    problem = said("单位 ", shown(CLOSED), " 已注销，此后还在申领", _others())
    return found(rows, CLOSED, problem, want=said("注销不早于 ", until), fen=pl.col(FEN))


def in_trouble() -> pl.Expr:
    """Whether the row's own state is none of a business that goes on."""
    return pl.col(STATE).str.contains(f"{SHUT}|{ODD}") & ~pl.col(STATE).str.contains(f"{WELL}|未({SHUT})")


@check("JY702", needs=((CODE, NAME),), about=to_employer, lists=(LIST,), listed=((CLOSED, STATE),))
def closed_before_the_claim(book: Book) -> pl.DataFrame:
    """Struck off before the day of the claim and of what it is for."""
    rows = registered(book, book.claims(to_employer))
    closed = pl.col(theirs(last(CLOSED))) < pl.max_horizontal(*CLAIMED)
    rows = one_an_employer(rows.filter(closed.all(ignore_nulls=False).over(ROW)))
    since = said(f"在{book.drawn(LIST)}上，单位 ", day(CLOSED), " 已注销或吊销，此后还在申领")
    problem, want = said(since, _others(), "，见", pl.col(PLACE)), said("注销不早于 ", pl.max_horizontal(*CLAIMED))
    return found(rows, named_by(), problem, now=_employer(), want=want, fen=pl.col(FEN))


@check("JY702", needs=((CODE, NAME),), about=to_employer, lists=(LIST,), listed=((STATE, CLOSED),))
def not_in_good_standing(book: Book) -> pl.DataFrame:
    """A state without a day is that of the list: a doubt if the list is older than the claim, else it may have come after."""
    rows = spanned(registered(book, book.claims(to_employer)))
    state = pl.col(theirs(STATE))
    shut = state.str.contains(SHUT) & pl.col(theirs(CLOSED)).is_null()
    odd = state.str.contains(ODD) & ~state.str.contains(WELL)
    rows = one_an_employer(rows.filter((shut | odd).all(ignore_nulls=False).over(ROW)))
    then = (pl.col(theirs(last(DRAWN))) <= pl.max_horizontal(*CLAIMED, UNTIL)).fill_null(value=False)
    when = either(then, "", "；申领时是不是这样，须核实")
    problem = said(f"在{book.drawn(LIST)}上，单位的经营状态是“", state, "”", _others(), when, "，见", pl.col(PLACE))
    level, want = either(then, "", HINT), "申领时正常经营"
    return found(rows, named_by(), problem, now=_employer(), want=want, level=level, fen=pl.col(FEN))


@check("JY702", needs=((CODE, NAME), BEGAN), about=employs, lists=(LIST,), listed=(OPENED,))
def founded_after(book: Book) -> pl.DataFrame:
    rows = registered(book, book.of(employs).filter(pl.col(CLAIMS) & pl.col(OPENED).is_null()))
    late = pl.col(theirs(OPENED)) > _began(last)
    rows = one_an_employer(rows.filter(late.all(ignore_nulls=False).over(ROW)))
    began = said(first_known(BEGAN), "却是 ", _shown_began())
    problem = said(f"在{book.drawn(LIST)}上，单位 ", day(OPENED), " 才登记，", began, _others(), "，见", pl.col(PLACE))
    return found(rows, named_by(), problem, now=_employer(), want="先登记，后用工", fen=pl.col(FEN))


@check("JY701", needs=(CODE, NAME), about=to_employer, lists=(LIST,), listed=(CODE, (NAME, "创业实体")))
def named_otherwise(book: Book) -> pl.DataFrame:
    """The register's name for the code; a workshop of it, a shorter form and a trade name within it are the same."""
    rows = book.hits(LIST, CODE, rows=book.of(to_employer).filter(pl.col(NAME).is_not_null()))
    none, name = pl.lit(None, pl.String), pl.coalesce(theirs(NAME), theirs("创业实体"))
    other = ~same_employer((none, pl.col(NAME)), (none, name))
    rows = one_an_employer(rows.filter(other.all(ignore_nulls=False).over(ROW)))
    problem = said(f"在{book.drawn(LIST)}上，这个代码是“", name, "”的，见", pl.col(PLACE))
    return found(rows, NAME, problem, want=name, level=DOUBT, todo="核对营业执照：代码写错，还是更名", fen=pl.col(FEN))


def _began(end: Callable[[str], str]) -> pl.Expr:
    """The first (``str``) or the last possible day (``last``) of the beginning of work."""
    return pl.coalesce(*map(end, BEGAN))


def _shown_began() -> pl.Expr:
    return pl.coalesce(*map(shown, BEGAN))


def _employer() -> pl.Expr:
    return pl.coalesce(CODE, NAME)


def _others() -> pl.Expr:
    return either(pl.col("_人") > 1, said("（共 ", pl.col("_人"), " 人）"))
