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
# Characters of names as they are written outside the mainland, or were before 1956: 張 and 张 are one name. Not those that are
# two in the short form too: 於, 範, 鍾.
TRADITIONAL = (
    "張陳劉黃趙吳孫馬鄭謝韓馮許鄧蕭葉蘇盧蔣賈鐘譚鄒陸嚴龍萬錢湯賴龔顧單華國軍偉強傑勝輝紅麗豔艷蘭蓮鳳風學東貴財寶慶興榮發濤飛雲鵬"
    "亞靜潔曉瓊愛義禮樂權連進達運遠長開關門間陽陰齊齡魯鮑鴻鶴麥聶聖聲肅臨舉蔭薩藍藝蘆衛覺觀詩誠諸諾謙譽讓豐貝貞賀賢贊車載輪農鄔釗"
    "銀銘鋒鋼錦鎮鏡鐵閔閻雙靈韋項順領頤願顯養駱騰鳴黨倫備傳億優儀兒凱勞勳勵協厲參呂啟喬嘯園圓團堅塗壯壽夢奧婁嬌寧實寬將尋島崗嵐嶺"
    "嶽帥師廣彥從恆悅憲懷應戰揚時晉暉暢書會棟楊楓業樹橋櫻欒歐歡歲歸漢淨淵溫滿潤澤濟灣烏無煒煥燁燦爾爭獻瑪瑩瑋環畢異禎穎競簡紀納純"
    "絲經綠綱緒緣緯績繡繼續羅習聞聯聰蒼莊薔見親詳誼貢費買賓賜賞贏躍軒輕輔釋鈞鈴錫鎧際隨顏馳驍驊驥鯤鵑鶯鷹"
)
SIMPLE = (
    "张陈刘黄赵吴孙马郑谢韩冯许邓萧叶苏卢蒋贾钟谭邹陆严龙万钱汤赖龚顾单华国军伟强杰胜辉红丽艳艳兰莲凤风学东贵财宝庆兴荣发涛飞云鹏"
    "亚静洁晓琼爱义礼乐权连进达运远长开关门间阳阴齐龄鲁鲍鸿鹤麦聂圣声肃临举荫萨蓝艺芦卫觉观诗诚诸诺谦誉让丰贝贞贺贤赞车载轮农邬钊"
    "银铭锋钢锦镇镜铁闵阎双灵韦项顺领颐愿显养骆腾鸣党伦备传亿优仪儿凯劳勋励协厉参吕启乔啸园圆团坚涂壮寿梦奥娄娇宁实宽将寻岛岗岚岭"
    "岳帅师广彦从恒悦宪怀应战扬时晋晖畅书会栋杨枫业树桥樱栾欧欢岁归汉净渊温满润泽济湾乌无炜焕烨灿尔争献玛莹玮环毕异祯颖竞简纪纳纯"
    "丝经绿纲绪缘纬绩绣继续罗习闻联聪苍庄蔷见亲详谊贡费买宾赐赏赢跃轩轻辅释钧铃锡铠际随颜驰骁骅骥鲲鹃莺鹰"
)
_FOLDS = f"[^0-9A-Za-z\u4e00-\u9fff]|[{TRADITIONAL}]"  # all others are compared as they stand
_UNTWIN = str.maketrans(_TWINS)
_NAMED = _TWINS | dict(zip(TRADITIONAL, SIMPLE, strict=True))
DRAWN = [stroke * times for stroke in "/／\\＼_—–―－-" for times in (1, 2, 3)]  # for what is not filled in
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


def without_placeholders(cells: pl.Series, texts: pl.Series | None = None, *, none: bool = False) -> pl.Series:
    """Texts with null for what only fills a cell: strokes, 不详, and 无 unless ``none`` is an answer here.

    A sum or a day that is written so stays unreadable: there it may stand for something. ``texts``: those of the cells, if
    they are few.
    """
    words = [*DRAWN, "不详"] if none else [*DRAWN, "不详", "暂无", "无"]
    if texts is not None and not texts.is_in(words).any():
        return cells
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
    """Names as they are compared: NFKC, short forms, no blanks inside, one kind of separator dot (``·``)."""
    import polars as pl

    return names.map_batches(_folded, return_dtype=pl.String(), is_elementwise=True)


def _folded(names: pl.Series) -> pl.Series:
    """Most columns have nothing to fold: to ask takes a tenth of the time."""
    import polars as pl

    return names.to_frame("n").select(_folding(pl.col("n"))).to_series() if names.str.contains(_FOLDS).any() else names


def _folding(names: pl.Expr) -> pl.Expr:
    folded = names.str.replace_many(_NAMED).str.replace_all("[˙ㆍ]", "·").str.normalize("NFKC")
    return folded.str.replace_all(_BLANKS, "").str.replace_all("[·.。•・‧∙⋅･᛫⸱]+", "·")


def folded_names(names: pl.Series) -> pl.Series:
    """:func:`fold_name` of a whole column, each distinct name folded once."""
    import polars as pl

    distinct = names.drop_nulls().unique()
    folded = distinct.to_frame("n").select(fold_name(pl.col("n"))).to_series()
    return folded.gather(names.cast(pl.Enum(distinct)).to_physical()).alias(names.name)
