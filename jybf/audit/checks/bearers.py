"""One person, one number: one number under two names, one name under two numbers, and numbers that only a guess can read."""

import polars as pl

from jybf.audit.book import FEN, Book
from jybf.audit.book import PLACE as LISTED
from jybf.audit.checks.households import HOME, NAME, PLACE, THERE, conflicting, home
from jybf.audit.checks.registers import LIST as REGISTER
from jybf.audit.checks.registers import unemployed
from jybf.audit.kin import mobile
from jybf.audit.registry import check
from jybf.audit.wording import either, found, said, stack
from jybf.model import HINT, ROW, Roster, bad
from jybf.roster import fold_name

BORN = 14  # digits of a number that say where and when somebody was born


def _again(book: Book, number: str) -> pl.DataFrame:
    """The rows of the input and of the history whose ``number`` stands on several, with the name as names are compared."""
    past = book.past.unique(ROW)
    several = pl.concat([book.rows[number], past[number].cast(pl.String)]).is_duplicated()
    parts = [book.rows.filter(several.head(book.rows.height)), past.filter(several.tail(past.height))]
    both = pl.concat(parts, how="diagonal_relaxed")
    return both.with_columns(fold_name(pl.col("姓名")).alias(NAME))


@check("JY108", needs=("身份证号", "姓名"))
def one_number_of_two_names(book: Book) -> pl.DataFrame:
    """Names as they are compared: without blanks, dots, remarks in brackets; a long name may be cut short."""
    rows = _again(book, "身份证号").with_columns(
        pl.col(NAME).str.replace_all(r"[（(\[【].*$", "").str.replace_all("·", "").alias("_简")
    )
    told = conflicting(book, rows, ("身份证号",), "_简")
    there = rows.select(
        pl.col(ROW).alias(THERE), pl.col("姓名").alias("_他"), pl.col("_简").alias("_他简"), pl.col(NAME).alias("_他名")
    )
    told = told.join(there, on=THERE, how="left", maintain_order="left")
    long = pl.any_horizontal(pl.col(name).str.contains("·", literal=True) for name in (NAME, "_他名"))
    cut = pl.col("_简").str.starts_with(pl.col("_他简")) | pl.col("_他简").str.starts_with(pl.col("_简"))
    told = told.filter(~(long & cut).fill_null(value=False))
    before = pl.col(THERE) < 0
    problem = said("同一身份证号在", pl.col(PLACE), "写的是“", pl.col("_他"), "”", either(before, "，可能改过名或录错"))
    return found(told, "姓名", problem, want=pl.col("_他"), level=either(before, HINT), fen=pl.col(FEN))


@check("JY108", needs=("身份证号", "姓名", ("户编号", "户主身份证号")))
def one_name_of_two_numbers(book: Book) -> pl.DataFrame:
    """Two of one name in one household are one person with a number mistyped, or somebody entered twice."""
    rows = book.rows.with_columns(fold_name(pl.col("姓名")).alias(NAME), home().alias(HOME))
    told = conflicting(book, rows, (HOME, NAME), "身份证号")
    return found(told, "身份证号", said("同一户里同一姓名另有一个身份证号，见", pl.col(PLACE)), fen=pl.col(FEN))


def _sharing_a_telephone(book: Book) -> pl.DataFrame:
    """The rows of the input and of the history whose mobile (``_话``) stands on several, with the name as it is compared."""
    both = pl.concat([book.rows, book.past.unique(ROW, maintain_order=True)], how="diagonal_relaxed")
    both = both.with_columns(mobile().alias("_话")).filter(pl.col("_话").is_not_null(), pl.col("_话").is_duplicated())
    return both.with_columns(fold_name(pl.col("姓名")).alias(NAME))


@check("JY108", needs=("身份证号", "姓名", "联系电话"))
def one_name_and_telephone_of_two_numbers(book: Book) -> pl.DataFrame:
    """Two of one name with one telephone, in the input or before: perhaps one person under a second number."""
    told = conflicting(book, _sharing_a_telephone(book), ("_话", NAME), "身份证号")
    problem = said("同一姓名、同一电话另有一个身份证号，见", pl.col(PLACE))
    return found(told, "身份证号", problem, fen=pl.col(FEN))


@check("JY108", needs=("身份证号", "姓名", "联系电话"))
def one_telephone_and_birth_of_two_numbers(book: Book) -> pl.DataFrame:
    """Two numbers of one area and day, two names, one telephone: a sound written in two ways, or twins."""
    both = _sharing_a_telephone(book).with_columns(pl.col("身份证号").str.slice(0, BORN).alias("_生"))
    told = conflicting(book, both, ("_话", "_生"), "身份证号")
    there = both.select(pl.col(ROW).alias(THERE), pl.col("户").alias("_他户"), pl.col(NAME).alias("_他"))
    told = told.join(there, on=THERE, how="left", maintain_order="left").filter(pl.col(NAME) != pl.col("_他"))
    home = (pl.col("户") == pl.col("_他户")).fill_null(value=False)
    problem = said("身份证号前 14 位、电话都与“", pl.col("_他"), "”相同，见", pl.col(PLACE), "；是双胞胎，还是一个人报了两次")
    return found(told, "身份证号", problem, level=either(home, HINT), fen=pl.col(FEN))


@check("JY108", needs=("身份证号", "姓名"))
def name_of_a_listed_number_that_nobody_can_read(book: Book) -> pl.DataFrame:
    """Whoever has the name of a list's row whose number can't be read may be meant by it."""
    dark = [kind for kind, listing in book.lists.items() if listing.dark]
    owners = [
        _namesakes(book, kind, "法定代表人身份证号", "法定代表人", book.of(unemployed)) for kind in dark if kind == REGISTER
    ]
    return stack(*(_namesakes(book, kind, "身份证号", "姓名", book.rows) for kind in dark), *owners)


def _namesakes(book: Book, kind: str, number: str, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Those of ``rows`` that have the ``name`` of a row of the list whose ``number`` can't be read."""
    listed = book.listed(kind)
    if bad(number) not in listed.columns:
        return stack()
    dark = listed.filter(pl.col(bad(number))).select(fold_name(pl.col(name)).alias(NAME), pl.col(LISTED).alias(PLACE))
    dark = dark.drop_nulls().unique(NAME, keep="first", maintain_order=True)
    rows = rows.with_columns(fold_name(pl.col("姓名")).alias(NAME)).join(dark, on=NAME, how="inner", maintain_order="left")
    problem = said(f"{book.drawn(kind)}上有同名的人，号码认不出，可能就是他，见", pl.col(PLACE))
    return found(rows, "姓名", problem, fen=pl.col(FEN))


@check("JY109", needs=("身份证号",))
def old_number_beside_the_new(book: Book) -> pl.DataFrame:
    """An old number of 15 digits is read as none, so that nothing else notices the same person under 18."""
    old = book.rows.drop("身份证号").join(_old(book.roster), on=ROW)
    numbers = pl.concat([frame.select(ROW, "身份证号") for frame in (book.past, book.rows)])
    numbers = numbers.join(old, on="身份证号", how="semi").sort(ROW)
    others = numbers.unique("身份证号", keep="last", maintain_order=True).rename({ROW: THERE})
    mine = old.join(others, on="身份证号", maintain_order="left")
    now, problem = pl.col("原文"), "这个 15 位旧号与另一行的 18 位号是同一个人，见"
    told = found(mine, "身份证号", said(problem, book.where(mine[THERE])), now=now, fen=pl.col(FEN))
    if book.verdicts.history is None:
        return told
    past = _old(book.verdicts.history).select((-1 - pl.col(ROW)).alias(THERE), "身份证号").unique("身份证号", keep="first")
    back = book.rows.join(past, on="身份证号", maintain_order="left")
    problem = said("以前用 15 位旧号发放过，没有与历史比上，见", book.where(back[THERE]))
    return stack(told, found(back, "身份证号", problem, fen=pl.col(FEN)))


@check("JY109", needs=("身份证号",))
def old_number_in_a_list(book: Book) -> pl.DataFrame:
    """An old number of 15 digits in a list is no other's than the one of 18 that it makes, and nothing else meets it."""
    return stack(*(_in_list(book, kind) for kind in book.lists))


def _in_list(book: Book, kind: str) -> pl.DataFrame:
    places = book.listed(kind).select(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW), pl.col(LISTED).alias(PLACE))
    past = _old(book.lists[kind].roster).join(places, on=ROW, how="left", maintain_order="left").drop(ROW)
    rows = book.rows.join(past.unique("身份证号", keep="first", maintain_order=True), on="身份证号", maintain_order="left")
    problem = said(f"{book.drawn(kind)}用 15 位旧号写着这个人，没有比上，见", pl.col(PLACE))
    return found(rows, "身份证号", problem, fen=pl.col(FEN))


def _old(roster: Roster) -> pl.DataFrame:
    """``_row``, 身份证号 (of 18 digits) and 原文 of the cells that hold an old number of 15: 19 and the check digit added."""
    plain = pl.col("原文").str.normalize("NFKC").str.replace_all(r"[\s'’]", "")
    texts = roster.problems.filter(pl.col("字段") == "身份证号").with_columns(plain.alias("_旧"))
    cells = texts.filter(pl.col("_旧").str.contains(r"^[0-9]{15}$"))
    body = pl.concat_str([pl.col("_旧").str.slice(0, 6), pl.lit("19"), pl.col("_旧").str.slice(6)])
    cells = cells.with_columns(body.alias("_本"))
    digits = (pl.col("_本").str.slice(i, 1).cast(pl.Int64) * (2 ** (17 - i) % 11) for i in range(17))
    mark = pl.sum_horizontal(digits) % 11
    return cells.select(ROW, "原文", pl.concat_str([pl.col("_本"), pl.lit("10X98765432").str.slice(mark, 1)]).alias("身份证号"))
