"""What every kind of value shares: folding of text, and the answer "this can't be read"."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from jybf.regex import pattern
from jybf.visible import INVISIBLE

if TYPE_CHECKING:
    import polars as pl

UNCHECKED = "JY902"  # a cell that can't be read as its type, where no more special code exists

# Variation selectors only choose the form of a character.
_BLANKS = rf"\s+|{INVISIBLE}|[\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_BLANK = pattern(_BLANKS)
# Control characters but blanks: of what stood there something is lost (8\x100). And what turns text around: on the screen
# 008 is read as 800, what a clerk saw is not what is written.
_LOSSES = "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u202e\ufffe\uffff]"
LOST = "\ufffd"  # stands for what is lost; no cell with it has a value
_GAP = pattern(r"\d\s+\d")
# The same character at two places of Unicode, where NFKC keeps them apart: what GBK (FE50 to FEA0) had in the private area
# before the standard gave each of the 80 a place, the 14 of them that GB 18030 kept there until 2005, and the radicals that
# text copied from a PDF has for 长 见 车 马 ….
_GBK = enumerate((byte for byte in range(0x50, 0xA1) if byte != 0x7F), 0xE815)
_TWINS = {chr(private): bytes((0xFE, byte)).decode("gb18030") for private, byte in _GBK} | dict(
    zip(
        "⻄⻅⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻨⻩⻬⻮⻰⻳"
        "\ue816\ue817\ue818\ue81e\ue826\ue82b\ue82c\ue831\ue832\ue83b\ue843\ue854\ue855\ue864",
        "西见贝车长门青韦页风飞食马鬼鱼鸟麦黄齐齿龙龟"
        "\U00020087\U00020089\U000200cc\u9fb4\u9fb5\u9fb6\u9fb7\U000215d7\u9fb8\U0002298f\u9fb9\u9fba\U000241fe\u9fbb",
        strict=True,
    )
)
_FOLDS = "[^0-9A-Za-z\u4e00-\u9fff]"  # what these are is what they are compared as
_UNTWIN = str.maketrans(_TWINS)
_DRAWN = [stroke * times for stroke in "/／\\＼_—–―－-" for times in (1, 2, 3)]  # for what is not filled in
_NOTHING = frozenset({"无", "/", "-"})
# What a spreadsheet leaves of a formula that failed, or of a column that was too narrow, once it is a text.
ERROR = r"^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)$"
# What refers to another place, or to later, where a value should stand.
ELSEWHERE = frozenset((
    "同上", "同左", "同前", "〃", "″", "见上", "见附件", "见附表", "见附页", "见备注", "见台账", "详见附件", "详见附表",
    "详见台账", "附后", "后附", "后补", "待补", "待补充", "待填", "待填写", "待定", "待查", "待核", "待核实", "待完善",
    "未知", "未填", "漏填", "缺失", "暂缺", "不清楚", "不明",
))  # fmt: skip
_QUOTED = pattern(r'^=?"(.*)"$')


UNKNOWN = ("?", "？", "□", "■", "▯")  # for a character that an encoding has lost, or a doubt


class Unreadable(msgspec.Struct, frozen=True):
    """Why a cell has no value, in the user's words, and the code under which it is reported."""

    reason: str
    code: str = UNCHECKED


UNPRINTED = Unreadable("有打不出的字或问号：照原件写全")


def plain(text: str) -> str:
    """``text`` in NFKC without blanks and invisible characters: how cells are compared, not how they are shown.

    Of what NFKC turns to letters and digits only the full-width ones are: 8² is not 82, and ⑧ not 8.
    """
    if text.isascii():
        return _BLANK.sub("", text)
    parts = (("".join(part), posing) for posing, part in groupby(text.translate(_UNTWIN), _poses))
    return _BLANK.sub("", "".join(part if posing else unicodedata.normalize("NFKC", part) for part, posing in parts))


@cache
def _poses(letter: str) -> bool:
    """Whether NFKC would make letters or digits of a character that is none: ², ⑧, Ⅹ, 𝟠, ½, ㊀."""
    if letter.isascii() or "\uff01" <= letter <= "\uff5e":
        return False
    folded = unicodedata.normalize("NFKC", letter)
    is_number = folded != letter and unicodedata.category(letter) in ("No", "Nl")
    return is_number or any(c.isascii() and c.isalnum() for c in folded)


def unknown_private(text: str) -> bool:
    """Whether ``text`` has a private character of which nobody knows what it stands for."""
    return any("\ue000" <= letter <= "\uf8ff" and letter not in _TWINS for letter in text)


def has_gap(text: str) -> bool:
    """Whether blanks part two digits: 1 2 may be 12, or 1 and 2."""
    return bool(_GAP.search(text))


def is_nothing(folded: str) -> bool:
    """Whether the folded cell is a way to write that there is nothing to write."""
    return not folded or folded in _NOTHING


def without_placeholders(cells: pl.Series, *, none: bool = False) -> pl.Series:
    """Texts with null for what only fills a cell: strokes, 不详, and 无 unless ``none`` is an answer here.

    A sum or a day that is written so stays unreadable: there it may stand for something.
    """
    words = [*_DRAWN, "不详"] if none else [*_DRAWN, "不详", "暂无", "无"]
    blank = cells.is_in(words).fill_null(value=False)  # whole texts: a pattern would take five times as long
    return cells.set(blank, None) if blank.any() else cells


def parse_text(text: str) -> str | Unreadable:
    """The text as it stands, if it is no reference to another place or to later."""
    return Unreadable(f"“{text}”不是要填的内容：照原件写全") if plain(text) in ELSEWHERE else text


def unquote(text: str) -> str:
    """``text`` without the tricks that keep digits text in a spreadsheet: ``="…"``, a leading ``'``."""
    return _QUOTED.sub(r"\1", text).lstrip("'‘’`")


def tidy(cells: pl.Expr) -> pl.Expr:
    """Cells as they are kept: without invisible characters and surrounding blanks; empty becomes null."""
    import polars as pl  # places and packs are read without it

    trimmed = cells.str.replace_all(_LOSSES, LOST).str.replace_all(INVISIBLE, "").str.strip_chars()
    return pl.when(trimmed != "").then(trimmed)


def fold_name(names: pl.Expr) -> pl.Expr:
    """Names as they are compared: NFKC, no blanks inside, one kind of separator dot (``·``)."""
    import polars as pl

    return names.map_batches(_folded, return_dtype=pl.String(), is_elementwise=True)


def _folded(names: pl.Series) -> pl.Series:
    """Most columns have nothing to fold: to ask takes a tenth of the time."""
    import polars as pl

    return names.to_frame("n").select(_folding(pl.col("n"))).to_series() if names.str.contains(_FOLDS).any() else names


def _folding(names: pl.Expr) -> pl.Expr:
    folded = names.str.replace_many(_TWINS).str.replace_all("[˙ㆍ]", "·").str.normalize("NFKC")
    return folded.str.replace_all(_BLANKS, "").str.replace_all("[·.。•・‧∙⋅･᛫⸱]+", "·")


def folded_names(names: pl.Series) -> pl.Series:
    """:func:`fold_name` of a whole column, each distinct name folded once."""
    import polars as pl

    distinct = names.drop_nulls().unique()
    folded = distinct.to_frame("n").select(fold_name(pl.col("n"))).to_series()
    return folded.gather(names.cast(pl.Enum(distinct)).to_physical()).alias(names.name)
