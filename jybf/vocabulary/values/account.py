"""The numbers of bank accounts: what the digits themselves tell, for the audit and for whoever writes to a bank."""

import polars as pl

from jybf.vocabulary.values.ids import sound_ids

CARD = r"^62\d{14,17}$"
LONGEST_CARD = 19
_ACCOUNT = r"^\d{8,32}$"
_MOBILE = r"^1[3-9]\d{9}$"
_PROVINCES = (11, 65)  # how the numbers of citizens begin; passbooks of the post begin with 60


def bare(account: pl.Expr) -> pl.Expr:
    """The account without blanks and strokes."""
    return account.str.replace_all(r"[\s\-]", "")


def account_fault(number: pl.Expr) -> pl.Expr:
    """What is wrong with a ``bare`` account by its digits alone, as text; null: nothing, or there is none.

    Bank cards (62…, 16–19 digits) end in a Luhn digit; nothing else is judged by it, since passbooks don't.
    """
    few = pl.when(number.str.contains(r"^\d{33}")).then(pl.lit("账号位数过多")).otherwise(pl.lit("账号位数过少"))
    strange = pl.when(number.str.contains(r"\d")).then(pl.lit("账号夹有别的字符")).otherwise(pl.lit("写的不是账号"))
    length = pl.format("62 开头的银行卡是 16 至 19 位，这里是 {} 位，可能漏录或多录", number.str.len_chars())
    return (
        pl.when(~number.str.contains(_ACCOUNT))
        .then(pl.when(number.str.contains(r"^\d*$")).then(few).otherwise(strange))
        .when(number.str.contains("^62") & ~number.str.contains(CARD))
        .then(length)
        .when(number.str.contains(CARD) & ~_luhn(number))
        .then(pl.lit("银行卡号校验位不对，可能录错一位"))
    )


def may_be_wrong(number: pl.Expr) -> pl.Expr:
    """Whether :func:`account_fault` has to look closely at a ``bare`` account: adding up digits is dear, cards are few."""
    return ~number.str.contains(_ACCOUNT) | number.str.starts_with("62")


def is_citizen(number: pl.Expr) -> pl.Expr:
    """Whether a ``bare`` account is a citizen's number."""
    capital = number.str.to_uppercase()
    return sound_ids(capital) & capital.str.slice(0, 2).cast(pl.Int64, strict=False).is_between(*_PROVINCES)


def is_mobile(number: pl.Expr) -> pl.Expr:
    """Whether a ``bare`` account is the number of a mobile phone."""
    return number.str.contains(_MOBILE)


def _luhn(number: pl.Expr) -> pl.Expr:
    """Every second digit from the right counts double, its digits added; the sum of a card is a multiple of ten."""
    backwards = number.str.pad_start(LONGEST_CARD, "0").str.reverse()
    digits = [backwards.str.slice(i, 1).cast(pl.Int64, strict=False) for i in range(LONGEST_CARD)]
    counted = [digit * 2 - 9 * (digit > 4).cast(pl.Int64) if i % 2 else digit for i, digit in enumerate(digits)]
    return pl.sum_horizontal(counted) % 10 == 0
