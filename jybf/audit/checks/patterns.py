"""What real life seldom brings forth: one telephone for many, and rows below each other that were copied."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book
from jybf.audit.kin import PHONE, mobile
from jybf.audit.registry import check
from jybf.audit.scope import to_employer
from jybf.audit.wording import either, found, held, said, shown, stack
from jybf.model import DOUBT, LINE, ROW, SHEET, last
from jybf.roster import fold_name
from jybf.vocabulary.yuan import yuan

MOBILE, MOBILE_DIGITS = r"^1\d{10}$", 11
SCIENTIFIC = r"^\d(\.\d+)?[Ee]\+?\d+$"  # what a spreadsheet makes of a long number
NO_PHONE = r"^(无|没有|暂无|/|\\|)$|[*＊×xX]{2}"  # blanks in words, and numbers masked for publication
ONE = r"(1\d{10}|0\d{9,11}|[48]00\d{7})"  # a mobile, a telephone with its area code
NOTE = r"[\p{Han}、/,，;；|:：]*"  # whose it is, and what stands between two
REACHED = rf"^{NOTE}({ONE}{NOTE})+$"
SHARERS = 5  # persons: a family may well have one telephone
SEVERAL = 3  # rows below each other whose numbers or signatures go on like this
STRANGERS = 5  # … whose households are unknown, so that they may be one family
BLOCK = 10  # rows below each other with the same dates and the same sum
TICKETS = 5
PLACES = 3  # that people of one block went to: one employer or one bus is no pattern
SIGNED = r"[签印同意是否有无已未领√本人×]|^.$"  # what stands in a column of signatures instead of a name
WHERE = ("务工省", "务工市", "务工县")


@check("JY111", needs=("联系电话",))
def no_telephone(book: Book) -> pl.DataFrame:
    """A mobile, or a telephone that its area code makes one that can be called; of two numbers each."""
    odd = book.rows.filter(~pl.col("联系电话").str.contains(MOBILE))
    rows = odd.filter(~PHONE.str.contains(NO_PHONE), ~PHONE.str.contains(REACHED))
    return found(rows, "联系电话", _no_mobile(), want="11 位手机号；固定电话带区号")


def _no_mobile() -> pl.Expr:
    """What is wrong with a telephone: how many digits is no reason where there are eleven, or where some may be lost."""
    digits = PHONE.str.count_matches(r"\d")
    reasons = either(PHONE.str.contains(r"^\d{11}$"), "是 11 位数字，但不是 1 开头的手机号", "号码里夹有别的字符")
    told = either(digits == MOBILE_DIGITS, reasons, said("不是 11 位手机号（", digits, " 位数字）"))
    return either(PHONE.str.contains(SCIENTIFIC), "成了科学计数法，后几位数字可能已丢失", told)


@check("JY111", needs=("联系电话", ("身份证号", "姓名")))
def telephone_of_many(book: Book) -> pl.DataFrame:
    """One finding a sheet and number: five persons or more, not all of one household; an employer's own number is none."""
    columns = (ROW, SHEET, LINE, "户", "单位", "姓名", "身份证号", "联系电话")
    calls = book.claims().select(*columns, mobile().alias("_话"))
    many = calls.select("_话").drop_nulls().group_by("_话").len().filter(pl.col("len") >= SHARERS)
    rows = calls.join(many, on="_话", how="semi", maintain_order="left")
    if rows.is_empty():
        return stack()
    rows = rows.with_columns(pl.coalesce("身份证号", fold_name(pl.col("姓名"))).alias("_人")).drop_nulls("_人")
    rows = rows.join(_of_employers(book, calls), on=ROW, how="anti", maintain_order="left")
    one_home = ((pl.col("户").n_unique() == 1) & (pl.col("户").null_count() == 0)).over("_话")
    people = pl.col("_人").n_unique().over("_话")
    shared = rows.with_columns(people.alias("_数"), _lines("_话")).filter((pl.col("_数") >= SHARERS) & ~one_home)
    shared = shared.with_columns(held(SHEET, "_话")).unique([SHEET, "_话"], keep="first", maintain_order=True)
    problem = said(pl.col("_数"), " 个人填同一个电话（这张表", pl.col("_处"), "）")
    return found(shared, "联系电话", problem, level=DOUBT)


def _of_employers(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of employers' claims where the employer has only one telephone: its own."""
    mine = rows.join(book.of(to_employer).select(ROW), on=ROW, how="semi")
    return mine.filter(pl.col("_话").n_unique().over("单位") == 1).select(ROW)


def _lines(key: str) -> pl.Expr:
    """``_处``: the first lines of the sheet that share ``key``, in words."""
    each = pl.col(LINE).cast(pl.String)
    more = either(pl.len().over(SHEET, key) > SHARERS, "等")
    return said("第 ", each.head(SHARERS).str.join("、").over(SHEET, key), " 行", more).alias("_处")


@check("JY118", needs=("身份证号",))
def numbers_in_a_row(book: Book) -> pl.DataFrame:
    """Rows below each other whose numbers are of one area and one birthday and count up by one or two: triplets apart."""
    number = pl.col("身份证号")
    read = book.rows.select(ROW, SHEET, LINE, "姓名", "户", FEN, CLAIMS, number).filter(number.str.contains(r"^\d{17}[\dX]$"))
    rows = read.with_columns(number.str.slice(0, 14).alias("_头"), number.str.slice(14, 3).cast(pl.Int64).alias("_序"))
    step = pl.col("_序") - pl.col("_序").shift()
    runs = _runs(rows, (pl.col("_头") == pl.col("_头").shift()) & step.is_between(1, 2), SEVERAL)
    runs = runs.filter((pl.col("户").n_unique() > 1).over("_段") | pl.col("户").is_null().any().over("_段"))
    problem = said("从这一行起连续 ", pl.col("_长"), " 行，身份证号前 14 位相同、顺序码连号，像是编出来的")
    return _first(runs, "身份证号", problem)


@check("JY118")
def rows_copied_down(book: Book) -> pl.DataFrame:
    """The same days of work, sums of tickets or signatures, row below row, of people who went to different places."""
    rows = book.claims()
    start, end = "务工开始日期", "务工结束日期"
    dates = (pl.col(start) == pl.col(last(start))) & (pl.col(end) == pl.col(last(end)))
    worked = _runs(rows.filter(dates), _same(start, end, FEN), BLOCK).filter(_varied())
    tickets = _runs(rows.filter(pl.col("票据金额") > 0), _same("票据金额"), TICKETS).filter(_varied())
    spell = said(
        "务工起止都是 ",
        shown(start),
        " 至 ",
        shown(end),
        either(pl.col(FEN).is_not_null(), said("、金额都是 ", yuan(pl.col(FEN)))),
    )
    return stack(
        _first(worked, start, said(_from_here(), spell, "，去的地方却不同")),
        _first(tickets, "票据金额", said(_from_here(), "票据金额都是 ", shown("票据金额"), "，去的地方却不同")),
    )


@check("JY118", needs=("签字",))
def signatures_of_another(book: Book) -> pl.DataFrame:
    """One name in the column of signatures that is nobody's own, of several households, or of more than one would hold."""
    rows = book.claims()
    name = fold_name(pl.col("签字")).alias("_签")
    signed = rows.with_columns(name).filter(~pl.col("_签").str.contains(SIGNED), pl.col("_签") != fold_name(pl.col("姓名")))
    runs = _runs(signed, _same("_签"), SEVERAL)
    homes = pl.col("户").drop_nulls().n_unique().over("_段") > 1
    unknown = pl.col("户").is_null().any().over("_段") & (pl.col("_人数") >= STRANGERS)
    return _first(runs.filter(homes | unknown), "签字", said(_from_here(), "都是“", pl.col("签字"), "”签的字，不是本人"))


def _from_here() -> pl.Expr:
    return said("从这一行起连续 ", pl.col("_长"), " 行")


def _same(*names: str) -> pl.Expr:
    """Whether a row has what the row above it has; blank in both is the same."""
    return pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in names)


def _varied() -> pl.Expr:
    """Whether the people of a run went to several places, or to several employers."""
    place = pl.concat_str([pl.col(name).fill_null("") for name in WHERE])
    return pl.max_horizontal(value.n_unique().over("_段") for value in (place, pl.col("务工单位").drop_nulls())) >= PLACES


def _runs(rows: pl.DataFrame, goes_on: pl.Expr, least: int) -> pl.DataFrame:
    """Rows of one sheet that stand below each other (no line between) and go on alike, ``least`` or more persons.

    ``_段`` numbers the runs, ``_长`` is how many rows one has, ``_人数`` how many persons.
    """
    below = (pl.col(SHEET) == pl.col(SHEET).shift()) & (pl.col(LINE) == pl.col(LINE).shift() + 1)
    begins = ~(goes_on & below).fill_null(value=False)
    runs = rows.sort(ROW).with_columns(begins.cum_sum().alias("_段")).with_columns(pl.len().over("_段").alias("_长"))
    runs = runs.filter(pl.col("_长") >= least)
    people = pl.coalesce("身份证号", "姓名", pl.col(ROW).cast(pl.String)).n_unique().over("_段")
    return runs.with_columns(people.alias("_人数")).filter(pl.col("_人数") >= least)


def _first(runs: pl.DataFrame, field: str, problem: pl.Expr) -> pl.DataFrame:
    """One finding a run, on its first row, with the sums of all."""
    fen = pl.col(FEN).filter(CLAIMS).sum().over("_段")
    runs = runs.with_columns(pl.when(fen > 0).then(fen).alias("_总"))
    return found(runs.unique("_段", keep="first", maintain_order=True), field, problem, fen=pl.col("_总"))
