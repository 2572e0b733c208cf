"""What an author who wrote a condition that is none most likely meant: the slip of the pen, and how it is written instead."""

from collections.abc import Sequence
from re import Pattern

from jybf.regex import pattern

_CAN = "只能写 = <> < <= > >=、IN、BETWEEN、AND、OR、NOT、+ - *、DATE、INTERVAL、WHOLE_MONTHS、YEAR、MONTH、DAY"
_BLANKS = "空白由程序按“不知道”算，不用写；确要按满足算的，写 presume"
_SLIPS: Sequence[tuple[Pattern[str], str]] = (
    (pattern("[‘’“”＇＂`]|^[^']*\""), "文字用半角的单引号：'…'"),
    (pattern("[（），。；：＝＜＞＋－＊！]"), "括号、逗号、等号要用半角的"),
    (pattern("[≥≤≠]"), "写成 >=、<=、<>"),
    (pattern(r"&&|\|\||(?<=[\s')])(?:且|并且|和|与|或|或者)(?=[\s(])|(?<![\w'])(?:非|不是) "), "且写 AND，或写 OR，非写 NOT"),
    (pattern(r"(?i)\bIS\b|COALESCE|IFNULL|\bCASE\b|\bIIF\b|LEAST|GREATEST|''"), _BLANKS),
    (pattern(r"(?i)\bLIKE\b|\bILIKE\b|REGEXP|CONTAINS"), "没有模糊的比较：几个取值写 IN ('…', '…')"),
    (pattern(r"(?i)(?:=|<>)\s*(?:true|false)\b"), "是非列单独写，不成立的前面写 NOT"),
    (pattern(r"[/%]"), "没有除法：两边都乘上去，如 搬迁群众岗位数 * 100 >= 岗位总数 * 70"),
    (pattern(r"\d\s*[<>]=?\s*\w+\s*[<>]"), "范围写 … BETWEEN 20 AND 50"),
)


def meant(text: str) -> str:
    """The remedy for the first slip in the condition ``text``; all that can be written if none is known."""
    return next((remedy for slip, remedy in _SLIPS if slip.search(text)), _CAN)
