"""In whose name an account is: the person's own, that of the family or a guardian, or somebody else's."""

import polars as pl

from jybf.audit.book import FEN, Book
from jybf.audit.checks.accounts import COLLECTIVE, to_persons
from jybf.audit.registry import check
from jybf.audit.scope import to_employer
from jybf.audit.wording import either, found, said, stack
from jybf.model import HINT, ROW
from jybf.roster import fold_name
from jybf.vocabulary.payee import names_somebody, plain_name

FAMILY = "[夫妻父母子女儿孙媳婿兄弟姐妹哥]|配偶|监护|户主|家长|爷爷|奶奶|祖"
MASK = r"[*×●○某Xx]+"  # how published lists leave out a part of a name


@check("JY602", needs=("姓名", "开户名"))
def account_of_another(book: Book) -> pl.DataFrame:
    """A name that somebody of the same household or the guardian bears is explained, but still to be authorised.

    What is stated to be authorised is left alone; accounts of companies are JY603.
    """
    rows = _unauthorised(book).filter(names_somebody("开户名"), ~_agree("姓名", "开户名"))
    if rows.is_empty():
        return stack()
    rows = rows.filter(~fold_name(pl.col("开户名")).str.contains(COLLECTIVE)).with_columns(_bare("开户名").alias("_开"))
    family = book.rows.select("户", _bare("姓名").alias("_开")).drop_nulls().unique()
    rows = rows.join(family.with_columns(pl.lit("是").alias("_家")), on=["户", "_开"], how="left", maintain_order="left")
    head, guardian = (_bare(name).eq(pl.col("_开")).fill_null(value=False) for name in ("户主姓名", "监护人姓名"))
    ours = pl.col("_家").is_not_null() | head
    who = either(ours, "开户名是同户家人，不是本人", either(guardian, "开户名是监护人，不是本人", _stated("开户名不是本人")))
    level = either(ours | guardian | _kin(), HINT)
    return found(rows, "开户名", who, want=pl.col("姓名"), level=level, fen=pl.col(FEN))


@check("JY602", needs=("身份证号", "开户人身份证号"))
def account_of_another_number(book: Book) -> pl.DataFrame:
    """A namesake's account: the name is right, or unsaid, and the holder's number is not the person's."""
    rows = _unauthorised(book).filter(pl.col("身份证号") != pl.col("开户人身份证号"))
    if rows.is_empty():
        return stack()
    rows = rows.filter(~names_somebody("开户名") | pl.col("姓名").is_null() | _agree("姓名", "开户名"))
    family = book.rows.select("户", pl.col("身份证号").alias("开户人身份证号")).drop_nulls().unique()
    rows = rows.join(
        family.with_columns(pl.lit("是").alias("_家")), on=["户", "开户人身份证号"], how="left", maintain_order="left"
    )
    head = (pl.col("开户人身份证号") == pl.col("户主身份证号")).fill_null(value=False)
    ours = pl.col("_家").is_not_null() | head
    whose = either(ours, "开户人身份证号是同户家人的，不是本人的", _stated("开户人身份证号不是本人的"))
    level = either(ours | _kin(), HINT)
    return found(rows, "开户人身份证号", whose, want="与身份证号相同", level=level, fen=pl.col(FEN))


def _kin() -> pl.Expr:
    return pl.col("收款人与本人关系").str.contains(FAMILY).fill_null(value=False)


def _stated(problem: str) -> pl.Expr:
    """``problem``, and the relation that is filled in: what is only stated is told as such."""
    return said(problem, either(_kin(), said("，填写的关系是", pl.col("收款人与本人关系"))))


def _unauthorised(book: Book) -> pl.DataFrame:
    """The rows whose account is to be a person's; in whose name an employer's is, is JY606."""
    rows = to_persons(book).filter(pl.col("代领授权").ne_missing(other=True))
    return rows.join(book.of(to_employer).filter(for_employer() | in_charge()).select(ROW), on=ROW, how="anti")


def for_employer() -> pl.Expr:
    """Whether a row of an employer's subsidy has the employer's account only."""
    return pl.col("对公账号").is_not_null() & pl.col("银行账号").is_null()


def in_charge() -> pl.Expr:
    """Whether the account is in the name of whoever runs the employer, who is not the worker of the row."""
    holder = fold_name(pl.col("开户名"))
    manager = (fold_name(pl.col(name)).eq(holder).fill_null(value=False) for name in ("法定代表人", "联系人"))
    return pl.any_horizontal(manager) & (holder != fold_name(pl.col("姓名"))).fill_null(value=True)


def _bare(name: str) -> pl.Expr:
    """The name as it is compared; banks often leave out the dots of long names."""
    return plain_name(name).str.replace_all("·", "")


def _agree(one: str, other: str) -> pl.Expr:
    """Whether two names can be one: alike, alike as far as a mask shows them, or a long one cut short; null: one is unsaid."""
    a, b = _bare(one), _bare(other)
    long = pl.any_horizontal(plain_name(name).str.contains("·", literal=True) for name in (one, other))
    cut = a.str.starts_with(b) | b.str.starts_with(a)
    return (a == b) | (long & cut) | _shows(a, b) | _shows(b, a)


def _shows(masked: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Whether what ``masked`` shows before and behind its mask is where ``name`` has it."""
    front, back = masked.str.extract(rf"^(.*?){MASK}"), masked.str.extract(rf"{MASK}([^*×●○某Xx]*)$")
    whole = front.str.len_chars() + back.str.len_chars() <= name.str.len_chars()
    return (name.str.starts_with(front) & name.str.ends_with(back) & whole).fill_null(value=False)
