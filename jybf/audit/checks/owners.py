"""Who stands behind an employer: one person or one address behind several, and the owner on the roster of his own workers."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.checks.registers import registered
from jybf.audit.kin import folded_address
from jybf.audit.overlap import same_employer
from jybf.audit.registry import check
from jybf.audit.scope import counts, employs, to_employer
from jybf.audit.wording import either, found, held, said, stack
from jybf.model import DOUBT, HINT, ROW, Program
from jybf.roster import fold_name

LIST, PERSON, OWNER, ADDRESS = "工商登记", "身份证号", "法定代表人身份证号", "单位地址"
CODE, NAME = "统一社会信用代码", "单位名称"
HEAD, TIE = "户主身份证号", "与户主关系"
SPOUSE, FIRST = r"^之?(配偶|妻|夫|妻子|丈夫|爱人|老婆|老公|妻/夫)$", r"^(户主|本人|本人或户主)$"
BEHIND = {OWNER: "法定代表人", ADDRESS: "地址"}  # what several employers may share, in words


def lump(program: Program) -> bool:
    """Paid once to each employer: two of them get two."""
    return to_employer(program) and "单位" in program.once and PERSON not in program.once


@check("JY703", needs=("单位", (OWNER, ADDRESS)), about=to_employer)
def several_of_one_by_the_roster(book: Book) -> pl.DataFrame:
    rows = book.claims(to_employer)
    return stack(*(_behind(book, rows, key, pl.col(key), "同一") for key in BEHIND))


@check("JY703", needs=((CODE, NAME),), about=to_employer, lists=(LIST,), listed=((OWNER, ADDRESS),))
def several_of_one_by_the_register(book: Book) -> pl.DataFrame:
    """By the register, of employers of which the roster doesn't say it itself."""
    rows = registered(book, book.claims(to_employer)).unique(ROW, keep="first", maintain_order=True)
    where = f"在{book.drawn(LIST)}上是同一"
    frames = [(key, rows.filter(pl.col(key).is_null())) for key in BEHIND]
    return stack(*(_behind(book, frame, key, pl.col(theirs(key)), where) for key, frame in frames))


def _behind(book: Book, rows: pl.DataFrame, name: str, key: pl.Expr, told: str) -> pl.DataFrame:
    """Each employer but the first of those that share ``key``. Paid by the head, splitting gains nothing: then it is a hint."""
    rows = rows.with_columns(_folded(name, key).alias("_键")).filter(pl.col("_键").is_not_null(), pl.col("单位").is_not_null())
    rows = rows.sort(ROW).with_columns(held("单位", "_键")).unique(["单位", "_键"], keep="first", maintain_order=True)
    firsts = rows.select("_键", pl.col(ROW, CODE, NAME).name.suffix("_先"))
    both = rows.join(firsts, on="_键", how="inner", maintain_order="left_right").filter(pl.col(f"{ROW}_先") < pl.col(ROW))
    both = both.filter(_two_employers()).unique([ROW, "_键"], keep="first", maintain_order=True)
    level = either(pl.col(ROW).is_in(book.of(lump)[ROW].implode()), DOUBT, HINT)
    other = pl.coalesce(f"{NAME}_先", f"{CODE}_先")
    problem = said("与“", other, f"”{told}{BEHIND[name]}，分别申报，见", book.where(both[f"{ROW}_先"]))
    own = pl.col(name).is_not_null()
    field = either(own, name, either(pl.col(CODE).is_not_null(), CODE, NAME))
    now = pl.when(own).then(name).otherwise(pl.coalesce(CODE, NAME))
    return found(both, field, problem, now=now, want="实为一家的，合并申报", level=level, fen=pl.col(FEN))


def _folded(name: str, key: pl.Expr) -> pl.Expr:
    """What two employers may share: a person's number, or an address that is one house's and not a park's."""
    return key if name == OWNER else folded_address(key)


def _two_employers() -> pl.Expr:
    """Surely not one: by their codes if both are known, else by names of which neither holds the other."""
    none = pl.lit(None, pl.String)
    same_name = same_employer((none, pl.col(NAME)), (none, pl.col(f"{NAME}_先")))
    return pl.coalesce(pl.col(CODE) != pl.col(f"{CODE}_先"), ~same_name).fill_null(value=False)


@check("JY705", needs=(PERSON, (OWNER, "法定代表人")), about=employs)
def owner_among_the_workers(book: Book) -> pl.DataFrame:
    """By the number; where only the name of the owner is known, somebody may well have the same."""
    rows, owner = _workers(book), pl.col(OWNER)
    own = rows.filter(pl.col(PERSON) == owner)
    named = rows.filter(owner.is_null() & (fold_name(pl.col("姓名")) == fold_name(pl.col("法定代表人"))))
    want, name = "不含法定代表人本人", "与法定代表人同名，须核对是不是本人"
    return stack(
        found(own, PERSON, "法定代表人本人列入吸纳名单", want=want, fen=pl.col(FEN)),
        found(named, "姓名", name, want=want, level=HINT, fen=pl.col(FEN)),
    )


@check("JY705", needs=(PERSON, OWNER, ("户", HEAD)), about=employs)
def spouse_among_the_workers(book: Book) -> pl.DataFrame:
    """Of one household with the owner, one of the two its head and the other the head's spouse. Children may be hired."""
    owners = book.rows.select(pl.col(PERSON).alias(OWNER), pl.col("户", TIE).name.suffix("_主")).drop_nulls()
    rows = _workers(book).filter(pl.col(PERSON) != pl.col(OWNER))
    rows = rows.join(owners.unique(maintain_order=True), on=OWNER, how="left", maintain_order="left")
    of_head = (pl.col(HEAD) == pl.col(OWNER)) & _is(TIE, SPOUSE)
    one = pl.col("户") == pl.col("户_主")
    together = one & ((_is(TIE, SPOUSE) & _is(f"{TIE}_主", FIRST)) | (_is(TIE, FIRST) & _is(f"{TIE}_主", SPOUSE)))
    rows = rows.filter(of_head.fill_null(value=False) | together.fill_null(value=False))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    return found(rows, PERSON, "法定代表人的配偶列入吸纳名单", want="不含法定代表人的配偶", fen=pl.col(FEN))


@check("JY705", needs=(PERSON, OWNER), about=employs)
def owners_among_each_others_workers(book: Book) -> pl.DataFrame:
    """Two owners, each on the roster of the other's workers: to work for somebody else is no offence, to swap is."""
    rows = _workers(book).filter(pl.col(PERSON) != pl.col(OWNER))
    other = rows.select(pl.col(PERSON).alias(OWNER), pl.col(OWNER).alias(PERSON), pl.col(ROW).alias("_那"))
    other = other.unique([OWNER, PERSON], keep="first", maintain_order=True)
    rows = rows.join(other, on=[OWNER, PERSON], how="inner", maintain_order="left")
    problem = said("两家的法定代表人互相列入对方的名册，另一行见", book.where(rows["_那"]))
    return found(rows, PERSON, problem, want="实际在岗的职工", level=DOUBT, fen=pl.col(FEN))


@check("JY705", needs=(PERSON, (CODE, NAME)), about=employs, lists=(LIST,), listed=(OWNER,))
def registered_owner_among_the_workers(book: Book) -> pl.DataFrame:
    rows = registered(book, _workers(book))
    owner = pl.col(theirs(OWNER))
    own, spouse = pl.col(PERSON) == owner, (pl.col(HEAD) == owner) & _is(TIE, SPOUSE)
    rows = rows.filter(pl.col(OWNER).is_null() & (own.fill_null(value=False) | spouse.fill_null(value=False)))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    who = either(own, "法定代表人本人", "法定代表人的配偶")
    problem = said(f"在{book.drawn(LIST)}上是申报单位的", who, "，列入了吸纳名单，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="不含法定代表人本人和配偶", fen=pl.col(FEN))


def _is(name: str, pattern: str) -> pl.Expr:
    return pl.col(name).str.contains(pattern)


def _workers(book: Book) -> pl.DataFrame:
    """Who is claimed for as a worker. A base's own row may be its applicant's, unless it says of what group he is."""
    by_count = pl.col(ROW).is_in(book.of(counts)[ROW].implode())
    worker = pl.when(by_count).then(pl.col("人员类别").is_not_null()).otherwise(CLAIMS)
    return book.of(employs).filter(worker & pl.col(PERSON).is_not_null())
