"""Whether a cell for a name holds the name of one person: broken characters, masks, several people and trials do not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jybf.regex import pattern
from jybf.vocabulary.values.text import ELSEWHERE, ERROR, Unreadable, plain, unknown_private

if TYPE_CHECKING:
    import polars as pl

_WORDS = (
    "某|等|附|待|后补|见[上备台]|未[知填]|漏填|缺失|暂缺|不[明清]|测试|示例|样例|范例|模板|姓名|不详|无名|[和与及]|本人|户主|同[上左前]|户$|人口$|配偶|"
    "[儿女]子?$"
)
_ESCAPES = r"&#x?[0-9A-Fa-f]+;?|&[A-Za-z]{2,8};|\\u[0-9A-Fa-f]{4}|_x[0-9A-Fa-f]{4}_|(?:%[0-9A-Fa-f]{2}){2}"
_BROKEN = pattern(rf"[\ufffd?□■▯]|{_ESCAPES}")
_MASKED = pattern(r"[*×●○◯]|[\u4e00-\u9fff][Xx]{1,2}$|^[\u4e00-\u9fff]{1,2}某{1,2}(?:[甲乙丙丁])?$|某某")
_COUNTED = pattern(
    r"等(?:[0-9一二三四五六七八九十两几多]+[人户名口]|人)$|^.{2,}等$|^.{2,}等[0-9一二三四五六七八九十两]+[人户名]"
)
_BETWEEN = pattern(r"[、,，;；/／|\\&+\n]|(?<=[\u4e00-\u9fff]{2})[和与及](?=[\u4e00-\u9fff]{2})")
_NOTE = pattern(r"\([^()]*\)?$")
_TRIAL = pattern(r"(?i)测试|^(?:示例|样例|范例|模板|姓名|张三李四|待定|未知|不详|无名)$|^(?:test|demo|sample|xxx|abc)[0-9]*$")
_ASTRAY = pattern(r"^(?:[男女是否有无汉]|本人|户主|同上|同左|配偶|儿子|女儿|(?:脱贫|监测|一般|边缘)(?:农?户|人口))$")
_FAILED = pattern(ERROR)
_HAN = pattern(r"[\u4e00-\u9fff]{2,}")
_FEWEST = 2  # characters of a name
_CHARACTER = 3  # bytes of one in UTF-8

BROKEN = Unreadable("姓名里有乱码或打不出的字，看不出是谁：照身份证改正")
MASKED = Unreadable("姓名遮去了字，看不出是谁：用没有隐去的原件")
SEVERAL = Unreadable("这一格写了不止一个人：一人一行")
TRIAL = Unreadable("不是人的姓名，像是试填的行：不是真人的，删去这一行")

ASTRAY = Unreadable("不是人的姓名，像是别的列错到了这一格：照身份证改正")


def doubtful(names: pl.Series) -> pl.Series:
    """Which of ``names`` deserve a look: nearly all are a few Chinese characters, none of which begins another encoding."""
    plain_name = names.str.contains(r"^[\x{4e00}-\x{9fff}·]{2,20}$") & ~names.str.contains(rf"{_WORDS}|^[{_first_bytes()}]")
    return (~plain_name).fill_null(value=False)


@cache
def _first_bytes() -> str:
    """The characters whose bytes in GBK begin a Chinese one in UTF-8."""
    pairs = (bytes((first, second)) for first in range(0xE4, 0xEA) for second in range(0x80, 0xC0))
    return "".join(pair.decode("gbk", "ignore") for pair in pairs)


def odd_name(text: str) -> Unreadable | None:
    """Why ``text`` is not the name of one person; None where nothing speaks against it.

    A note in brackets, and the dot within the names of some peoples, are no second person.
    """
    folded = plain(text)
    if _BROKEN.search(folded) or _FAILED.search(folded) or unknown_private(text) or _recoded(text):
        return BROKEN
    bare = _NOTE.sub("", folded) or folded
    if _TRIAL.search(bare):
        return TRIAL
    if _MASKED.search(bare):
        return MASKED
    if bare in ELSEWHERE or _ASTRAY.search(bare) or not any(character.isalpha() for character in bare):
        return ASTRAY
    if _COUNTED.search(bare) or sum(len(part) >= _FEWEST for part in _BETWEEN.split(bare)) > 1:
        return SEVERAL
    return None


def _recoded(text: str) -> bool:
    """Whether the bytes of ``text`` in an encoding of one kind are Chinese words in another: 鐜嬪皬鏄 is 王小明."""
    if text.isascii():
        return False
    for written, meant in (("gbk", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gbk")):
        raw = text.encode(written, "ignore")
        meaning = raw.decode(meant, "ignore")
        lost = len(raw) - len(meaning.encode(meant))
        if _HAN.fullmatch(meaning) and lost < _CHARACTER and len(raw) >= len(text):
            return True
    return False
