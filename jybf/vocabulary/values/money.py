"""Amounts of money, exact: text → an integer number of 分."""

import re
from decimal import Decimal

from jybf.regex import pattern
from jybf.vocabulary.values.numbers import NUMERALS, chinese_int
from jybf.vocabulary.values.text import Unreadable, has_gap, is_nothing, plain

_AMOUNT = pattern(
    r"(?:人民币|RMB|¥)?(?P<minus>-?)(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?P<part>\.[0-9]+)?"
    r"(?P<unit>万?)[元圆]?[整正]?(?:/[人月天日户年个岗·.]+)?"
)
_IN_WORDS = pattern(
    rf"(?:人民币)?(?:(?P<yuan>[{NUMERALS}]+)[元圆])?(?:(?P<jiao>[{NUMERALS}])角)?零?(?:(?P<fen>[{NUMERALS}])分)?[整正]?"
)
_WITHOUT_YUAN = pattern(rf"(?:[十拾]|[{NUMERALS}][十拾百佰千仟万萬])[{NUMERALS}]*")  # 八百; but a lone 八 or 百 is no amount
_LONGEST = 40  # a longer "amount" is a prank or a paste


def parse_money(text: str) -> int | Unreadable | None:
    """800, 800元, ￥800.00, 1,500, 0.08万元, 捌佰元整, 八百 → 分. Negative amounts and fractions of a 分 are refused."""
    folded = plain(text)
    if is_nothing(folded):
        return None
    if has_gap(text) or len(folded) > _LONGEST:
        return Unreadable("不是金额")
    found = _AMOUNT.fullmatch(folded.removesuffix("。") if folded.endswith("元。") else folded)
    return _in_figures(found) if found else _in_words(folded)


def _in_figures(found: re.Match[str]) -> int | Unreadable:
    if found["minus"]:
        return Unreadable("金额为负")
    fen = Decimal(found["whole"].replace(",", "") + (found["part"] or "")) * (1_000_000 if found["unit"] else 100)
    if fen != fen.to_integral_value():
        return Unreadable("金额多于两位小数")
    return int(fen) if fen < 10**15 else Unreadable("金额过大")


def _in_words(folded: str) -> int | Unreadable:
    found = _IN_WORDS.fullmatch(f"{folded}元" if _WITHOUT_YUAN.fullmatch(folded) else folded)
    if not found or not any(found.groups()):
        bracketed = re.fullmatch(r"\([0-9.,]+\)", folded)  # the bookkeeper's minus
        return Unreadable("金额为负" if bracketed else "不是金额")
    yuan, jiao, fen = (chinese_int(found[part]) if found[part] else 0 for part in ("yuan", "jiao", "fen"))
    if yuan is None or jiao is None or fen is None or max(jiao, fen) > 9:
        return Unreadable("不是金额")
    return yuan * 100 + jiao * 10 + fen
