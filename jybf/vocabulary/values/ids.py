"""Citizen IDs (GB 11643), unified credit codes (GB 32100) and bank accounts. An ID is never repaired by guessing."""

import re
from datetime import date
from functools import cache, partial

import polars as pl

from jybf.regex import pattern
from jybf.vocabulary.frames import in_parts
from jybf.vocabulary.values.text import ELSEWHERE, Unreadable, is_nothing, plain, unquote

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BLOCKS = ((0, 4), (4, 8), (8, 12), (12, 16), (16, 17))
_CHECKS = "10X98765432"
_ID = pattern(r"[1-9][0-9]{16}[0-9X]")
_OLD = pattern(r"[1-9][0-9]{14}")
_IN_TEXT = pattern(r"(?<![0-9])[1-9][0-9]{16}[0-9X](?![0-9X])")
_DIGIT = pattern(r"[0-9]|(?<=[0-9])X")
_SEPARATOR = pattern(r"[-—–_·.,、]")
_COUNTS, _COVERED = pattern("[1-9一二三四五六七八九十]"), pattern(r"[?*×□■●○]|左右|^约|大概")
_PARTED = pattern(r"[-‐‑‒–—―−_·.,、/\\\\|]+")  # what stands between the parts of a document's number
HOUSEHOLD_OF_COUNTY = 10  # characters from which a household's number is one of the whole country, not of a village
_SHOWN = 20  # characters of a text that is no ID
_DISABILITY = pattern(r"[1-7][1-4](?:B[0-9])?")  # what follows the ID: kind and grade, and how often renewed
_NUMBER_KEPT_AS_FLOAT = pattern(r"[0-9.]+E\+?[0-9]+")
_BORN_FROM, _BORN_TO = date(1900, 1, 1), date(2025, 12, 31)  # fixed: a verdict must not depend on the day it is run
_CODE_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(3**i % 31 for i in range(17))

OLD_NUMBER = Unreadable("15 位旧号已停用，须换成 18 位", "JY101")
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
    number, more = folded[:18], folded[18:]
    if not _ID.fullmatch(number) or (more and not _DISABILITY.fullmatch(more)):
        return OLD_NUMBER if _is_old(folded) else Unreadable(_no_id(folded), "JY101")
    return _unsound(number) or number


def _is_old(folded: str) -> bool:
    """Whether it is a number of before 1999: no century in the date of birth, and no check digit."""
    return bool(_OLD.fullmatch(folded)) and _born(f"19{folded[6:12]}") is not None


def _no_id(folded: str) -> str:
    """What keeps the text from being an ID, by what it is: other words, separators, a remark, a wrong length."""
    digits = len(_DIGIT.findall(folded))
    if not digits:
        return f"写的是“{folded[:_SHOWN]}”，不是身份证号"
    if _ID.fullmatch(_SEPARATOR.sub("", folded)):
        return f"身份证号里夹有“{_strange(folded)}”，须连写成 18 位"
    numbers = _IN_TEXT.findall(folded)
    rest = _IN_TEXT.sub("", folded)
    if numbers and rest and not _DIGIT.search(rest):
        return f"身份证号之外还写了“{rest[:_SHOWN]}”" if len(numbers) == 1 else f"一格写了 {len(numbers)} 个身份证号"
    length = [f" {digits} 位，应为 18 位"] if digits != 18 else []
    strange = [f"含有不该有的字符“{_strange(folded)}”"] if _strange(folded) else []
    return "身份证号" + "，".join(length + strange) if length or strange else _misplaced(folded)


def _strange(folded: str) -> str:
    return "".join(dict.fromkeys(_DIGIT.sub("", folded)))[:_SHOWN]


def _misplaced(folded: str) -> str:
    """18 characters that may all stand in an ID, but not where they do."""
    return "身份证号的 X 只能在末位" if "X" in folded[:17] else f"身份证号前六位 {folded[:6]} 不是地区代码"


def _unsound(number: str) -> Unreadable | None:
    if _CHECKS[sum(int(c) * w for c, w in zip(number, _WEIGHTS, strict=False)) % 11] != number[17]:
        return Unreadable("身份证号校验位不符", "JY102")
    born = _born(number[6:14])
    if born is None:
        return Unreadable("身份证号中的出生日期不存在", "JY104")
    return None if _BORN_FROM <= born <= _BORN_TO else Unreadable("身份证号中的出生日期不可能", "JY104")


def _born(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sound_ids(ids: pl.Expr) -> pl.Expr:
    """Boolean: which cells are sound IDs as they stand; null where one is no number. What fails it goes to ``parse_id``."""
    return ids.map_batches(partial(in_parts, _sound), return_dtype=pl.Boolean)


def _sound(ids: pl.Series) -> pl.Series:
    """Arithmetic of whole columns, each worked out once: one expression would parse the number anew wherever it stands."""
    whole = ids.str.slice(0, 17).cast(pl.Int64, strict=False)
    number = whole.set(whole < 10**16, None)  # 17 digits and no leading zero or sign
    high, low = (number // 10**9).cast(pl.UInt32), (number % 10**9).cast(pl.UInt32)
    parts = (high // 10**4, high % 10**4, low // 10**5, low // 10 % 10**4, low % 10)
    first, *others = (_sums(*block).gather(part) for block, part in zip(_BLOCKS, parts, strict=True))
    check = pl.Series([*_CHECKS]).gather(sum(others, first) % 11) == ids.str.slice(17, 1)
    return (ids.str.len_bytes() == 18) & check & (number // 10**3 % 10**8).is_in(_days().implode())


@cache
def _sums(start: int, stop: int) -> pl.Series:
    """The weighted sum of digits ``start`` to ``stop`` by the number that they are: looked up it costs a quarter."""
    sums = [0]
    for weight in _WEIGHTS[start:stop]:
        sums = [so_far + digit * weight for so_far in sums for digit in range(10)]
    return pl.Series(sums, dtype=pl.UInt16)


@cache
def _days() -> pl.Series:
    """The days on which somebody may be born, as the numbers that an ID has for them."""
    return pl.date_range(_BORN_FROM, _BORN_TO, eager=True).dt.strftime("%Y%m%d").cast(pl.Int64)


def credit_code_ok(text: str) -> bool:
    """Whether ``text`` is 18 characters of a unified credit code with the right check character (MOD 31)."""
    if len(text) != 18 or any(c not in _CODE_CHARS for c in text):
        return False
    total = sum(_CODE_CHARS.index(c) * w for c, w in zip(text, _CODE_WEIGHTS, strict=False))
    return _CODE_CHARS[-total % 31] == text[17]


def parse_credit_code(text: str) -> str | Unreadable | None:
    """The code in capitals without blanks, sound or not: the audit checks it with :func:`credit_code_ok`.

    A remark instead of one (办理中, 看不清) is none: two employers would be one.
    """
    folded = unquote(plain(text)).upper()
    if is_nothing(folded):
        return None
    if not re.search("[0-9A-Z]", folded):
        return Unreadable(f"“{folded[:_SHOWN]}”不是统一社会信用代码")
    return CODE_AS_NUMBER if _NUMBER_KEPT_AS_FLOAT.fullmatch(folded) else folded


def parse_code(text: str) -> str | Unreadable | None:
    """The number of a document without blanks, separators and cases; in E notation it is that of many.

    What has no digit but zeros is no number, and what a sign covers is that of many.
    """
    folded = unquote(plain(text)).upper()
    if is_nothing(folded):
        return None
    if not _COUNTS.search(folded) or _COVERED.search(folded):
        return Unreadable(f"“{text}”不是完整的编号：照原件填写，没有就空着")
    return CODE_AS_NUMBER if _NUMBER_KEPT_AS_FLOAT.fullmatch(folded) else _unparted(folded)


def parse_household(text: str) -> str | Unreadable | None:
    """As :func:`parse_code`; a short number keeps its separators: 1-12 of one village is not its 11-2."""
    folded = unquote(plain(text)).upper()
    number = parse_code(text)
    long = isinstance(number, str) and len(number) >= HOUSEHOLD_OF_COUNTY
    return number if long or not isinstance(number, str) else _PARTED.sub("-", folded)


def _unparted(folded: str) -> str:
    return _PARTED.sub("", folded) or folded


def parse_account(text: str) -> str | Unreadable | None:
    """The account without blanks, and without strokes between its digits; an account in E notation has lost digits."""
    folded = unquote(plain(text))
    if is_nothing(folded):
        return None
    if folded in ELSEWHERE:
        return Unreadable(f"“{text}”不是账号：照存折、卡面填写")
    digits = _unparted(folded)
    return ACCOUNT_AS_NUMBER if _NUMBER_KEPT_AS_FLOAT.fullmatch(folded.upper()) else digits if digits.isdigit() else folded
