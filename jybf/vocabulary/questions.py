"""What a column asks that no field is for: 是否服刑, 以前年度享受情况, 审核结果; and which answers speak against paying."""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec
import polars as pl

from jybf.regex import pattern
from jybf.vocabulary.remarks import BRACKETS, CONTRARY, against, struck_out
from jybf.vocabulary.values.text import DRAWN, plain

_ASKS = pattern("(?:是否|是不是|有无|有没有)(?:属于?|为|系|有)?")
_TAIL = pattern("的?(?:情况|状态|结果|结论|意见|与否|标志)$")
_JUDGED = pattern("(?:审核|核查|核实|审批|审查|复核|初审|终审|比对|查验|验收|公示)的?(?:情况|结果|结论|意见)$")
_PAYING = pattern("[领发]")  # 未领, 未发: that is what the roster is for
_BARE = pattern("(?:符合|合格|同意|通过|[在到上]岗|在职|本人|外?出?务工|外出)(?:条件|要求|资格)?")
_YEAR = pattern(r"20\d\d")
# What was had before, or elsewhere: 往年领取金额, 2020年享受, 是否领过同类补贴. Who drew it, where and how is another matter.
_BEFORE = r"以前|以往|往年|历年|上一?年|去年|前年|此前|之前|先前|曾|已经?|累计|重复|多次|同类|其他|其它|别的|另外?|20\d\d年?度?"
_HAD = pattern(
    rf"(?:{_BEFORE}).{{0,6}}?(?:享受|领|获得|发放|兑付|补贴|补助|奖补)|(?:享受|领取?|补助?|发放?)过|(?:享受|领|补)[^，]{{0,6}}重复"
    r"|已经?[发补](?:放|助|贴)?(?:补贴|补助|资?金额?|月数?|$)|享受.{0,3}其[他它]"
)
_LESS = pattern("(?:扣减|核减|扣除|应扣|扣发|扣回)(?!后)")
_NOT_HAD = pattern(
    "脱贫|贫困|工资|薪|报酬|保险|养老|低保|特困|五保|残疾|医保|高龄|孤儿|教育|"
    "(?:人数?|方式|时间|日期|地点|签[字名章]|账[户号]|卡号?|银行|标准)$"
)
_OF_FUNDS = pattern("(?:稳岗|失业|保险费?|社保费?)返还")
# 不详 and 待查 are no answer, and no denial.
_DENIED = r"^(?:[否无没非×✗✘☒]|未(?:[^知]|$)|不(?:[^详清知明]|$)|[XNF]$|NO$|FALSE$|从未|尚未|首次|正常$|0+(?:\.0+)?\D{0,3}$)"


class Question(msgspec.Struct, frozen=True):
    """The answers to a heading that speak against paying: with ``yes`` whatever denies nothing, with ``no`` what denies.

    ``who``: of CONTRARY, whose claims that concerns; "" all. ``void``: such an answer says that the row is void.
    """

    yes: bool = False
    no: bool = False
    who: str = ""
    void: bool = False


def question(heading: str, title: str) -> Question | None:
    """What the answers to ``heading`` may say against paying, on a sheet with this ``title``; None: nothing that is known.

    What is had in the year of the title is what the sheet asks for.
    """
    *above, own = re.sub(BRACKETS, "", plain(heading)).split("/")  # of a heading in two lines the lower says more
    told = (_asked(text, title) for text in dict.fromkeys((own, own + "".join(above))))
    return next(filter(None, told), None)


def _asked(text: str, title: str) -> Question | None:
    subject = _TAIL.sub("", _ASKS.sub("", text, count=1))
    if _says(against, subject) and not _OF_FUNDS.search(subject):
        return Question(yes=True, void=bool(_says(struck_out, subject)))
    ours = set(_YEAR.findall(text)) & set(_YEAR.findall(title))
    if _LESS.search(subject) or (_HAD.search(subject) and not ours):
        return None if _NOT_HAD.search(subject) else Question(yes=True)
    denied = _denied(text)
    if _JUDGED.search(text) or any(_says(against, each) for each in denied):
        return Question(no=True)
    return next(_contrary(subject, denied), None)


def _denied(text: str) -> list[str]:
    """What a no says to a heading that asks, or has no other words: 未在岗. Behind 务工单位 it says nothing of the kind."""
    asks = _ASKS.search(text)
    asked = _TAIL.sub("", text[asks.end() :] if asks else text)
    if _PAYING.search(asked) or not (asks or _BARE.fullmatch(asked)):
        return []
    return [no + asked for no in ("不", "未", "不是")]


def _says(says: Callable[[pl.Expr], pl.Expr], text: str) -> str | None:
    return pl.select(says(pl.lit(text))).item()


def _contrary(subject: str, denied: Sequence[str]) -> Iterator[Question]:
    for who, words in CONTRARY:
        if re.search(words, subject):
            yield Question(yes=True, who=who)
        elif any(re.search(words, text) for text in denied):
            yield Question(no=True, who=who)


def answered(asks: Question, texts: pl.Series) -> pl.Series:
    """Which of ``texts``, null where a cell is blank, speak against paying as answers to what ``asks``."""
    folded = texts.str.strip_chars().str.to_uppercase()
    folded = folded.set(folded.is_in(DRAWN).fill_null(value=False), None)
    denied = folded.str.contains(_DENIED)
    return (denied if asks.no else ~denied).fill_null(value=False)
