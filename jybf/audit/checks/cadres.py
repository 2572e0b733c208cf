"""Public posts and those who hand them out: village cadres on a post themselves, or somebody of their household."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.hits import WHEN, in_force
from jybf.audit.pairs import of_household
from jybf.audit.registry import check
from jybf.audit.scope import post
from jybf.audit.wording import either, found, said
from jybf.model import ROW

LIST, PERSON, HOUSE, HEAD, TIE, OFFICE = "村干部", "身份证号", "户编号", "户主身份证号", "与村干部关系", "职务"
SELF = r"^(是)?(本人|村干部|村干部本人|本人是村干部)$"
NONE = r"^(否|无|不是|没有|非|不属于|非亲属|无关系|普通村民|群众|[/\\—-]+)$"


@check("JY205", about=post)
def cadre_by_its_own_row(book: Book) -> pl.DataFrame:
    rows = _held(book).filter(pl.col(TIE).str.contains(SELF))
    problem = "本人是村干部，又占公益性岗位"
    return found(rows, TIE, problem, want="不是村干部", fen=pl.col(FEN))


@check("JY205", needs=(PERSON,), about=post, lists=(LIST,))
def cadre_on_a_post(book: Book) -> pl.DataFrame:
    rows = _in_office(book.hits(LIST, rows=_held(book)).filter(_is_cadre(book)))
    problem = said(f"在{book.drawn(LIST)}上，是", _office(), "，", pl.col(WHEN), "，又占公益性岗位，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="不是村干部", fen=pl.col(FEN))


@check("JY206", about=post)
def relative_by_its_own_row(book: Book) -> pl.DataFrame:
    tie = pl.col(TIE).str.replace_all(r"\s", "")
    rows = _held(book).filter(tie.is_not_null() & ~tie.str.contains(SELF) & ~tie.str.contains(NONE))
    problem = said("“与村干部关系”填的是“", pl.col(TIE), "”")
    return found(rows, TIE, problem, want="不是村干部的家属，或有公开评议的记录", fen=pl.col(FEN))


@check("JY206", needs=(PERSON,), about=post, lists=(LIST,))
def registered_relative(book: Book) -> pl.DataFrame:
    """Entered in the list as somebody's relative."""
    rows = _in_office(book.hits(LIST, rows=_held(book)).filter(~_is_cadre(book)))
    tie = pl.coalesce(theirs(TIE), theirs("与户主关系"))
    how = either(tie.is_not_null(), said("登记为村干部家属（", tie, "）"), "没有写职务，像是村干部家属")
    problem = said(f"在{book.drawn(LIST)}上，", how, "，占公益性岗位，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="不是村干部的家属，或有公开评议的记录", fen=pl.col(FEN))


@check("JY206", needs=(PERSON, (HOUSE, HEAD)), about=post, lists=(LIST,))
def of_a_cadres_household(book: Book) -> pl.DataFrame:
    """Of one household with a cadre in office, by the household's number or its head's; and not on the list himself."""
    rows = book.missing_from(LIST, _held(book))
    same = _in_office(of_household(book, LIST, rows).filter(_is_cadre(book)))
    name, field = pl.col(theirs("姓名")), either(pl.col(HOUSE).is_not_null(), HOUSE, HEAD)
    who = either(name.is_not_null(), said("“", name, "”（", _office(), "）"), _office())
    problem = said(f"与{book.drawn(LIST)}上的", who, "同户，占公益性岗位，见", pl.col(PLACE))
    now = pl.coalesce(HOUSE, HEAD)
    return found(same, field, problem, now=now, want="不是村干部的家属，或有公开评议的记录", fen=pl.col(FEN))


def _held(book: Book) -> pl.DataFrame:
    """Who is on a post, paid or not: a ledger without sums names its people too."""
    return book.of(post).filter(pl.col(CLAIMS) | pl.col(FEN).is_null())


def _is_cadre(book: Book) -> pl.Expr:
    """Whether an entry is a cadre's: it says so, or has an office, or the list knows no offices."""
    tie, office = pl.col(theirs(TIE)), pl.col(theirs(OFFICE))
    silent = OFFICE not in book.lists[LIST].roster.rows.columns
    told = tie.str.contains(SELF) | tie.str.contains(NONE)
    return pl.when(tie.is_not_null()).then(told).otherwise(office.is_not_null() | pl.lit(silent))


def _in_office(hits: pl.DataFrame) -> pl.DataFrame:
    return in_force(hits, "任职开始日期", "任职结束日期").sort(ROW)


def _office() -> pl.Expr:
    return pl.coalesce(theirs(OFFICE), pl.lit("村干部"))
