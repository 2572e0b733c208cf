"""Accounts: whose they are, and whether their numbers can be right. Sums paid to employers go to employers' accounts."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book
from jybf.audit.registry import check
from jybf.audit.scope import to_employer
from jybf.audit.wording import either, found, said
from jybf.model import DOUBT, HINT, LINE, ROW, SHEET
from jybf.roster import fold_name
from jybf.vocabulary.keys import FAMILIES
from jybf.vocabulary.payee import NUMBER, is_of_employer
from jybf.vocabulary.values.account import account_fault, is_citizen, is_mobile, may_be_wrong

COLLECTIVE = (
    "^[^·]*(?:公司|企业|合作社|车间|基地|中心|委员会|政府|[^·]{4,}(?:厂|店|社|部|场|校|院|所|站|馆|行|园)$)"  # no person's name
)
SHOWN = 8
LEAST = 6  # digits
# What two rows can be compared by: 现金, 待补 and the like are no account, zeros stand for one, a mask hides which it is.
REAL = pl.col("银行账号").str.contains(r"^[^*×]*[1-9][^*×]*$") & (pl.col("银行账号").str.count_matches(r"\d") >= LEAST)


@check("JY601", needs=(("身份证号", "姓名"), "银行账号"))
def shared_account(book: Book) -> pl.DataFrame:
    """An account of several persons; within one household it may be explained."""
    several = to_persons(book).filter(pl.col("银行账号").is_duplicated()).filter(REAL)
    rows = _with_persons(several).filter(pl.col("_人").is_not_null())
    shared = rows.filter(pl.col("_人").n_unique().over("银行账号") > 1)
    one_home = ((pl.col("户").n_unique() == 1) & (pl.col("户").null_count() == 0)).over("银行账号")
    one_sheet = pl.col(SHEET).n_unique().over("银行账号") == 1
    shared = shared.with_columns(book.where(shared[ROW]).alias(PLACE))
    lines, places = said("第 ", _few(LINE), " 行"), _few(PLACE)
    problem = said("几个人共用一个账号（", either(one_sheet, lines, places), "）")
    return found(shared, "银行账号", problem, level=either(one_home, HINT), fen=pl.col(FEN))


def _few(name: str) -> pl.Expr:
    """The column ``name`` of one account's rows, the first ones: a placeholder must not list the whole roster on each row."""
    more = pl.when(pl.len() > SHOWN).then(pl.format(" 等 {}", pl.len())).otherwise(pl.lit(""))
    return (pl.col(name).cast(pl.String).head(SHOWN).str.join("、") + more).over("银行账号")


def _with_persons(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``_人``: the number, else that of the same name on the same account, else the name itself."""
    named = rows.with_columns(fold_name(pl.col("姓名")).alias("_名"))
    namesake = pl.col("身份证号").drop_nulls().first().over("银行账号", "_名")
    return named.with_columns(pl.coalesce("身份证号", pl.when(pl.col("_名").is_not_null()).then(namesake), "_名").alias("_人"))


@check("JY601", needs=(("身份证号", "姓名"), "银行账号"))
def account_that_another_had(book: Book) -> pl.DataFrame:
    """An account to which the history paid somebody else and not this person; one household explains it."""
    to_people = book.pool(lambda program: program.payee != "单位").filter(pl.col(ROW) < 0)
    past = to_people.filter(pl.col("身份证号").is_not_null(), REAL).sort(ROW, descending=True)
    rows = to_persons(book).filter(CLAIMS, pl.col("身份证号").is_not_null())
    theirs = past.select("银行账号", pl.col(ROW).alias("_那"), pl.col("姓名").alias("_他"), pl.col("户").alias("_他户"))
    theirs = theirs.unique(["银行账号", "_他户"], keep="first", maintain_order=True)
    rows = rows.join(past, on=["银行账号", "身份证号"], how="anti", maintain_order="left")
    rows = rows.join(theirs, on="银行账号", maintain_order="left_right")
    rows = rows.with_columns((pl.col("户") == pl.col("_他户")).alias("_家"))
    rows = rows.sort(ROW, pl.col("_家").fill_null(value=False), maintain_order=True)
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    namesake = (fold_name(pl.col("姓名")) == fold_name(pl.col("_他"))).fill_null(value=False)
    who = either(namesake, "同名而身份证号不同的人", said("“", pl.col("_他"), "”"))
    problem = said("这个账号以前发给", who, "，见", book.where(rows["_那"]))
    return found(rows, "银行账号", problem, level=either(pl.col("_家"), HINT), fen=pl.col(FEN))


@check("JY605")
def account_is_another_number(book: Book) -> pl.DataFrame:
    """A citizen's number or a telephone in the place of the account: the money would go nowhere, or to somebody else."""
    ids = [name for name in FAMILIES[0] if name in book.columns]
    own = pl.any_horizontal(pl.lit(value=False), *((pl.col(name) == NUMBER).fill_null(value=False) for name in ids))
    citizen = own | is_citizen(NUMBER)
    phone = is_mobile(NUMBER) | (pl.col("联系电话").str.extract(r"(\d{7,12})") == NUMBER).fill_null(value=False)
    written = book.rows.filter(NUMBER.is_not_null())
    rows = written.with_columns(citizen.fill_null(value=False).alias("_证"), phone.fill_null(value=False).alias("_话"))
    problem = said("账号一栏写的是", either(pl.col("_证"), either(own, "本人（户主）的身份证号", "一个身份证号"), "电话号码"))
    return found(
        rows.filter(pl.col("_证") | pl.col("_话")), "银行账号", problem, want="银行卡或存折的账号", level=DOUBT, fen=pl.col(FEN)
    )


@check("JY605")
def account_of_odd_digits(book: Book) -> pl.DataFrame:
    """Too many or too few digits, other characters, or a card's last digit that can't be right."""
    rows = book.rows.filter(may_be_wrong(NUMBER))
    rows = rows.with_columns(account_fault(NUMBER).alias("_误")).filter(pl.col("_误").is_not_null())
    length = either(pl.col("_误").str.starts_with("62"), "16 至 19 位", "8 位以上的数字")
    want = either(pl.col("_误").str.contains("校验位"), "", length)
    return found(rows, "银行账号", pl.col("_误"), want=want)


def to_persons(book: Book) -> pl.DataFrame:
    """The rows whose account is to be a person's: of an employer's subsidy, those that give each worker an account."""
    of_employers = book.of(to_employer)
    own = of_employers.filter(is_of_employer()).select(ROW)
    return book.rows.join(own, on=ROW, how="anti") if own.height else book.rows
