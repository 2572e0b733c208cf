"""收款人: who is paid and where the money goes. The pay list asks here, and so do the checks of accounts."""

from collections.abc import Sequence

import polars as pl

from jybf.vocabulary.roles import EMPLOYER
from jybf.vocabulary.values.account import CARD, bare
from jybf.vocabulary.values.text import fold_name

PAYEE = ("收款人", "收款人证号", "开户银行", "账号")
PAYEE_FIELDS = (  # of the dictionary, that these four come from
    "姓名", "身份证号", "户主姓名", "户主身份证号", "单位", *EMPLOYER, "统一社会信用代码", "贷款类型",
    "开户名", "开户人身份证号", "开户银行", "银行账号", "对公账号",
)  # fmt: skip
_OWN = ("开户名", "开户银行", "银行账号")
ACCOUNTS = {"个人": _OWN, "户": _OWN, "单位": ("开户名", "开户银行", "对公账号"), "项目": _OWN}  # payee → where it is asked for
NUMBER = bare(pl.col("银行账号"))
ORGANISATION = "公司|企业|合作社|车间|基地|中心|(厂|店|社|部|场|校|院|所|站|馆|行|园)$"
# What stands in a column of names and names nobody else: the person, what pays out, or nothing at all.
NOBODY = (
    r"^((户主)?本人(账户|账号|银行卡|卡)?|自己|同上|同左|同前|同姓名|无|暂无|没有|不详|待补"
    r"|\p{Han}{0,4}(一卡通|社保卡|社会保障卡)|[/\\\-—–―_、·~]*)$"
)
REMARK = r"[(\[【〔][^)\]】〕]*[)\]】〕]?"


def payees(to_employer: pl.Expr, to_project: pl.Expr) -> Sequence[pl.Expr]:
    """PAYEE of rows with PAYEE_FIELDS, all text; null where the row doesn't say it, or says it of somebody else.

    ``to_employer``, ``to_project``: whether the row's programme pays the employer, or a project: a loan, whose borrower is a
    person or an employer; else it pays the person, or the household.
    """
    employer = to_employer | (to_project & ~_lent_to_a_person())
    own = zip(PAYEE, _of_the_person(), _of_the_employer(), strict=True)
    return [pl.when(employer).then(theirs).otherwise(persons).alias(name) for name, persons, theirs in own]


def names_somebody(name: str) -> pl.Expr:
    """Whether the column says a name at all."""
    return (~plain_name(name).str.contains(NOBODY)).fill_null(value=False)


def plain_name(name: str) -> pl.Expr:
    """The name without remarks in brackets: 王一（本人）."""
    return fold_name(pl.col(name)).str.replace_all(REMARK, "")


def is_of_employer() -> pl.Expr:
    """Whether 银行账号 is the employer's: held in an organisation's name or, unsaid whose, the employer's only one.

    Bank cards are issued to persons, so that a card is never taken for an employer's without its holder's name.
    """
    holder = fold_name(pl.col("开户名"))
    employers = (fold_name(pl.col(name)).eq(holder).fill_null(value=False) for name in ("单位", *EMPLOYER))
    organisation = pl.any_horizontal(*employers, holder.str.contains(ORGANISATION).fill_null(value=False))
    only = (pl.col("银行账号").n_unique().over("单位") == 1) & (pl.col("单位").n_unique().over("银行账号") == 1)
    card = NUMBER.str.contains(CARD).fill_null(value=False)
    return pl.when(holder.is_not_null()).then(organisation).otherwise((only & ~card) | pl.col("姓名").is_null())


def _lent_to_a_person() -> pl.Expr:
    firm = (pl.col("贷款类型") == "小微企业").fill_null(value=False)
    by_code = pl.col("身份证号").is_null() & pl.col("统一社会信用代码").is_not_null()
    return pl.col("姓名").is_not_null() & ~firm & ~by_code


def _of_the_person() -> tuple[pl.Expr, ...]:
    """Of an account in another name the row's own number says nothing, nor the row's own name of another number."""
    name, number = (_of_the_row(*fields) for fields in (("姓名", "户主姓名"), ("身份证号", "户主身份证号")))
    holder = pl.when(names_somebody("开户名")).then("开户名")
    same_name = (plain_name("开户名") == fold_name(name)).fill_null(value=False) | holder.is_null()
    same_number = (pl.col("开户人身份证号") == number).fill_null(value=False) | pl.col("开户人身份证号").is_null()
    who = pl.coalesce(pl.when(~same_name).then(holder), pl.when(same_number).then(name))
    return who, pl.coalesce("开户人身份证号", pl.when(same_name).then(number)), pl.col("开户银行"), pl.col("银行账号")


def _of_the_row(own: str, head: str) -> pl.Expr:
    """What the row says of its person; where it names none, of the head of the household."""
    return pl.when(pl.col("姓名").is_null() & pl.col("身份证号").is_null()).then(head).otherwise(own)


def _of_the_employer() -> tuple[pl.Expr, ...]:
    """As the verdict names it, unless the account itself is in another name that is not the worker's."""
    only = pl.col("对公账号").is_null() | pl.col("银行账号").is_null()  # of two accounts nobody knows whose name and bank it is
    worker = (plain_name("开户名") == fold_name(pl.col("姓名"))).fill_null(value=False)
    holder = pl.when(only & names_somebody("开户名") & ~worker).then("开户名")
    sure = pl.col("开户名").is_not_null() | pl.col("姓名").is_null() | (pl.len().over("单位") > 1)
    account = pl.coalesce("对公账号", pl.when(is_of_employer() & sure).then("银行账号"))
    name = pl.coalesce(pl.when(account.is_not_null()).then(holder), *EMPLOYER)
    return name, pl.col("统一社会信用代码"), pl.when(only).then("开户银行"), account
