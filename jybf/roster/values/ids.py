"""Citizen IDs (GB 11643), unified credit codes (GB 32100) and bank accounts. An ID is never repaired by guessing."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from jybf.roster.values.text import Unreadable, is_nothing, plain, unquote

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BLOCKS = ((0, 4), (4, 8), (8, 12), (12, 17))
_CHECKS = "10X98765432"
_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_DISABILITY = re.compile(r"[1-7][1-4](?:B[0-9])?")  # what follows the ID: kind and grade, and how often renewed
_NUMBER_KEPT_AS_FLOAT = re.compile(r"[0-9.]+E\+?[0-9]+")
_BORN_FROM, _BORN_TO = date(1900, 1, 1), date(2025, 12, 31)  # fixed: a verdict must not depend on the day it is run
_CODE_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(3**i % 31 for i in range(17))

STORED_AS_NUMBER = Unreadable("身份证号以数字保存，后三位已丢失，须按原件重录为文本", "JY103")
CODE_AS_NUMBER = Unreadable("以数字保存，后几位已丢失，须按原件重录为文本")
ACCOUNT_AS_NUMBER = Unreadable("账号以数字保存，可能丢失位数，须重录为文本", "JY605")


def id_ok(text: str) -> bool:
    """Whether ``text`` is a sound 18-character ID: characters, birth date, check digit."""
    return parse_id(text) == text


def parse_id(text: str) -> str | Unreadable | None:
    """The 18 characters of an ID. A disability number (20 or 22 characters) gives the ID that it begins with."""
    folded = unquote(plain(text)).upper()
    if is_nothing(folded):
        return None
    if _NUMBER_KEPT_AS_FLOAT.fullmatch(folded):
        return STORED_AS_NUMBER
    if len(folded) == 15 and folded.isascii() and folded.isdigit():
        return Unreadable("15 位旧号，须补为 18 位", "JY101")
    number, more = folded[:18], folded[18:]
    if len(folded) < 18 or (more and not _DISABILITY.fullmatch(more)):
        return Unreadable(f"身份证号 {len(folded)} 位，应为 18 位", "JY101")
    if not _ID.fullmatch(number):
        return Unreadable("身份证号含有不该有的字符", "JY101")
    return _unsound(number) or number


def _unsound(number: str) -> Unreadable | None:
    if _CHECKS[sum(int(c) * w for c, w in zip(number, _WEIGHTS, strict=False)) % 11] != number[17]:
        return Unreadable("身份证号校验位不符", "JY102")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Unreadable("身份证号中的出生日期不存在", "JY104")
    return None if _BORN_FROM <= born <= _BORN_TO else Unreadable("身份证号中的出生日期不可能", "JY104")


def sound_ids(ids: pl.Expr) -> pl.Expr:
    """Boolean: which cells are sound IDs as they stand. Whole-column arithmetic; what fails it goes to ``parse_id``."""
    number = ids.str.slice(0, 17).cast(pl.Int64, strict=False)
    total = pl.sum_horizontal(_weighted(number, *block) for block in _BLOCKS) % 11
    # (12 - total) % 11 is the check digit, 10 standing for X.
    last = pl.when(ids.str.ends_with("X")).then(10).otherwise(ids.str.slice(17, 1).cast(pl.Int64, strict=False))
    born = ids.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    shape = (ids.str.len_bytes() == 18) & (number >= 10**16)  # 17 digits and no leading zero or sign
    return shape & (last == (12 - total) % 11) & born.is_between(_BORN_FROM, _BORN_TO)


def _weighted(number: pl.Expr, start: int, stop: int) -> pl.Expr:
    """The weighted sum of digits ``start`` to ``stop`` of 17, looked up: 4 look-ups a number cost a fifth of 17 divisions."""
    block = pl.int_range(10 ** (stop - start), eager=True)
    sums = sum((block // 10 ** (stop - 1 - i) % 10 * _WEIGHTS[i] for i in range(start, stop)), start=block * 0)
    return pl.lit(sums).gather(number // 10 ** (17 - stop) % 10 ** (stop - start))


def credit_code_ok(text: str) -> bool:
    """Whether ``text`` is 18 characters of a unified credit code with the right check character (MOD 31)."""
    if len(text) != 18 or any(c not in _CODE_CHARS for c in text):
        return False
    total = sum(_CODE_CHARS.index(c) * w for c, w in zip(text, _CODE_WEIGHTS, strict=False))
    return _CODE_CHARS[-total % 31] == text[17]


def parse_credit_code(text: str) -> str | Unreadable | None:
    """The code in capitals without blanks, sound or not: the audit checks it with :func:`credit_code_ok`."""
    folded = unquote(plain(text)).upper()
    if is_nothing(folded):
        return None
    return CODE_AS_NUMBER if _NUMBER_KEPT_AS_FLOAT.fullmatch(folded) else folded


def parse_code(text: str) -> str | Unreadable:
    """The number of a household or of a document, as it is written; in E notation it is that of many."""
    return CODE_AS_NUMBER if _NUMBER_KEPT_AS_FLOAT.fullmatch(plain(text).upper()) else text


def parse_account(text: str) -> str | Unreadable | None:
    """The account without blanks; an account in E notation has lost digits."""
    folded = unquote(plain(text))
    if is_nothing(folded):
        return None
    return ACCOUNT_AS_NUMBER if _NUMBER_KEPT_AS_FLOAT.fullmatch(folded.upper()) else folded
