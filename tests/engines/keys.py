"""The keys of invented people, homes and firms: what stands in a column for the person of a number, one text a number.

Two people are a home, three a firm, ``HERE`` a village. Names are fewer than people, short numbers of homes begin anew in
each village; nothing else is twice below ``MOST`` people.
"""

from __future__ import annotations

import polars as pl

from jybf.vocabulary.facts import facts

MOST = 13_440_000
HOME, FIRM, HERE = 2, 3, 30
TOGETHER = HOME * FIRM  # a county of whole homes and firms has a multiple of so many people
NAMES, SHORT = 3000, 50
PERSON = "身份证号"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of credit codes
_CHARACTERS = {n: chr(0x4E00 + n) for n in range(NAMES)}


def text(name: str, number: pl.Expr) -> pl.Expr | None:
    """What stands in the column ``name`` for the person ``number`` (integers); None for one that is no key."""
    if name not in facts():
        return None
    kind, home, firm = facts()[name].type, number // HOME * HOME, number // FIRM
    whose = {"户主身份证号": home, "户主姓名": home, "法定代表人身份证号": firm * FIRM}.get(name, number)
    if kind in ("id", "name"):
        return identity(whose) if kind == "id" else pl.format("示例{}", _letter(whose % NAMES, _CHARACTERS))
    texts = {
        "统一社会信用代码": credit_code(firm),
        "银行账号": account(number),
        "对公账号": account(pl.when(firm % 16 == 0).then(number).otherwise(firm + MOST)),  # some firms have a person's
        "户编号": pl.when(home % 5 == 0).then(pl.format("{}", home // HOME % SHORT)).otherwise(pl.format("140926{}", home)),
        "联系电话": pl.format("1{}", _digits(number, 10)),
        **dict.fromkeys(("单位名称", "务工单位", "创业实体"), pl.format("示例{}有限公司", firm)),
        **dict.fromkeys(("证书编号", "贷款合同编号", "残疾证号"), pl.format("证{}", number)),
        "单位地址": pl.format("示例路{}号", firm),
        "乡镇": pl.format("示例{}镇", number // HERE // 10), "行政村": pl.format("示例{}村", number // HERE),
    }  # fmt: skip
    return texts.get(name)


def identity(number: pl.Expr) -> pl.Expr:
    """A sound ID of each number below ``MOST``."""
    month, day = _digits(number % 12 + 1, 2), _digits(number // 12 % 28 + 1, 2)
    year, serial = (1960 + number // 336_000 % 40).cast(pl.String), _digits(number // 336 % 1000, 3)
    head = pl.concat_str(pl.lit("140926"), year, month, day, serial)
    total = sum((head.str.slice(n, 1).cast(pl.Int64) * weight for n, weight in enumerate(_WEIGHTS)), pl.lit(0))
    return head + pl.lit("10X98765432").str.slice(total % 11, 1)


def credit_code(number: pl.Expr) -> pl.Expr:
    """A sound credit code of each number below ten millions."""
    head, letters = pl.concat_str(pl.lit("91140926MA"), _digits(number, 7)), dict(enumerate(_ALPHABET))
    fixed = sum(_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate("91140926MA"))
    total = sum((number // 10 ** (16 - place) % 10 * pow(3, place, 31) for place in range(10, 17)), pl.lit(fixed))
    return head + _letter(-total % 31, letters)


def account(number: pl.Expr) -> pl.Expr:
    """The number of a bank account."""
    return pl.format("62284800{}", _digits(number, 10))


def _digits(number: pl.Expr, width: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)


def _letter(number: pl.Expr, letters: dict[int, str]) -> pl.Expr:
    return number.replace_strict(letters, return_dtype=pl.String)
