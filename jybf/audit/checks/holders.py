"""In whose name an account is: the person's own, that of the family or a guardian, or somebody else's."""

from __future__ import annotations

import polars as pl

from jybf.audit.book import FEN, Book
from jybf.audit.checks.accounts import COLLECTIVE, to_persons
from jybf.audit.registry import check
from jybf.audit.words import either, found
from jybf.model import HINT
from jybf.roster import fold_name

HEADS, GUARDIAN = "户主姓名", "监护人姓名"
FAMILY = "[夫妻父母子女儿孙媳婿兄弟姐妹哥]|配偶|监护|户主|家长|爷爷|奶奶|祖"
# What stands in a column of names and names nobody else: the person, what pays out, or nothing at all.
NOBODY = (
    r"^((户主)?本人(账户|账号|银行卡|卡)?|自己|同上|同左|同前|同姓名|无|暂无|没有|不详|待补"
    r"|\p{Han}{0,4}(一卡通|社保卡|社会保障卡)|[/\\\-—–―_、·~]*)$"
)
REMARK = r"[(\[【〔][^)\]】〕]*[)\]】〕]?"
MASK = r"[*×●○某Xx]+"  # how published lists leave out a part of a name


@check("JY602", needs=("姓名", "开户名"))
def account_of_another(book: Book) -> pl.DataFrame:
    """A name that somebody of the same household or the guardian bears is explained, but still to be authorised.

    What is stated to be authorised is left alone; accounts of companies are JY603.
    """
    rows = _unauthorised(book).filter(_said("开户名"), ~_agree("姓名", "开户名"))
    rows = rows.filter(~fold_name(pl.col("开户名")).str.contains(COLLECTIVE)).with_columns(_bare("开户名").alias("_开"))
    family = book.rows.select("户", _bare("姓名").alias("_开")).drop_nulls().unique()
    rows = rows.join(family.with_columns(pl.lit("是").alias("_家")), on=["户", "_开"], how="left", maintain_order="left")
    heads = (_bare(name).eq(pl.col("_开")).fill_null(value=False) for name in (HEADS, GUARDIAN))
    ours = pl.col("_家").is_not_null() | pl.any_horizontal(heads) | _kin()
    problem = either(ours, "开户名是同户家人，不是本人", "开户名不是本人")
    return found(rows, "开户名", problem, want=pl.col("姓名"), level=either(ours, HINT), fen=pl.col(FEN))


@check("JY602", needs=("身份证号", "开户人身份证号"))
def account_of_another_number(book: Book) -> pl.DataFrame:
    """A namesake's account: the name is right, or unsaid, and the holder's number is not the person's."""
    rows = _unauthorised(book).filter(pl.col("身份证号") != pl.col("开户人身份证号"))
    rows = rows.filter(~_said("开户名") | pl.col("姓名").is_null() | _agree("姓名", "开户名"))
    family = book.rows.select("户", pl.col("身份证号").alias("开户人身份证号")).drop_nulls().unique()
    rows = rows.join(
        family.with_columns(pl.lit("是").alias("_家")), on=["户", "开户人身份证号"], how="left", maintain_order="left"
    )
    head = (pl.col("开户人身份证号") == pl.col("户主身份证号")).fill_null(value=False)
    ours = pl.col("_家").is_not_null() | head | _kin()
    problem = either(ours, "开户人身份证号是同户家人的，不是本人的", "开户人身份证号不是本人的")
    return found(rows, "开户人身份证号", problem, want="与身份证号相同", level=either(ours, HINT), fen=pl.col(FEN))


def _kin() -> pl.Expr:
    return pl.col("收款人与本人关系").str.contains(FAMILY).fill_null(value=False)


def _unauthorised(book: Book) -> pl.DataFrame:
    return to_persons(book).filter(pl.col("代领授权").ne_missing(other=True))


def _said(name: str) -> pl.Expr:
    """Whether the column says a name at all."""
    return (~_plain(name).str.contains(NOBODY)).fill_null(value=False)


def _plain(name: str) -> pl.Expr:
    """The name without remarks in brackets: 王一（本人）."""
    return fold_name(pl.col(name)).str.replace_all(REMARK, "")


def _bare(name: str) -> pl.Expr:
    """The name as it is compared; banks often leave out the dots of long names."""
    return _plain(name).str.replace_all("·", "")


def _agree(one: str, other: str) -> pl.Expr:
    """Whether two names can be one: alike, alike as far as a mask shows them, or a long one cut short; null: one is unsaid."""
    a, b = _bare(one), _bare(other)
    long = pl.any_horizontal(_plain(name).str.contains("·", literal=True) for name in (one, other))
    cut = a.str.starts_with(b) | b.str.starts_with(a)
    return (a == b) | (long & cut) | _shows(a, b) | _shows(b, a)


def _shows(masked: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Whether what ``masked`` shows before and behind its mask is where ``name`` has it."""
    front, back = masked.str.extract(rf"^(.*?){MASK}"), masked.str.extract(rf"{MASK}([^*×●○某Xx]*)$")
    whole = front.str.len_chars() + back.str.len_chars() <= name.str.len_chars()
    return (name.str.starts_with(front) & name.str.ends_with(back) & whole).fill_null(value=False)
