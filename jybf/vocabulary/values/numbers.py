"""Counts, months and rates. Counts are integers, months whole months, rates millionths (3.85 % = 38500)."""

import re
from decimal import Decimal

from jybf.regex import pattern
from jybf.vocabulary.values.text import Unreadable, has_gap, is_nothing, plain

_DIGITS = {c: i % 10 for i, c in enumerate("〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖")} | {"两": 2, "貳": 2, "陸": 6}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
NUMERALS = "".join((*_DIGITS, *_TENS, *_MYRIADS))

_LONGEST = 40  # numerals in a row
_LARGEST = 10**13  # far beyond any count or amount of a roster, and still a number of 64 bits in 分

_INT = pattern(r"([0-9]+)(?:\.0+)?(?:人|名|天|日|岁|周岁|个|户|次|年|家)?")
_MONTHS = pattern(r"(?:([0-9]+)年)?(?:([0-9]+)(?:\.0+)?(?:个月|月整)?)?")
_RATE = pattern(r"([0-9]+(?:\.[0-9]+)?)(%?)")
MOST_MONTHS_OF_WORK = 12  # of one year


def chinese_int(text: str) -> int | None:
    """一百二十 → 120, 壹万贰仟 → 12000; None unless every place is written out, and for what no roster counts."""
    if len(text) > _LONGEST:
        return None
    total = section = 0
    digit: int | None = None
    unit_before = 10_000
    for c in text:
        if c in _DIGITS:
            if digit and c not in "〇零":  # two digits in a row: not a number written in words
                return None
            digit = _DIGITS[c]
            unit_before = 10_000 if c in "〇零" else unit_before
        elif c in _TENS and _TENS[c] < unit_before:
            unit_before = _TENS[c]
            section += (1 if digit is None else digit) * unit_before
            digit = None
        elif c in _MYRIADS and (section or digit):
            total = (total + section + (digit or 0)) * _MYRIADS[c]
            section, digit, unit_before = 0, None, 100_000
        else:
            return None
    if digit and unit_before not in (10, 10_000):  # 一百二: 102 or 120? 一万二: 10002 or 12000?
        return None
    number = total + section + (digit or 0)
    return number if text and number < _LARGEST else None


def arabic(folded: str) -> str:
    """``folded`` with each run of Chinese numerals written in digits, where it is one number."""

    def digits(run: re.Match[str]) -> str:
        number = chinese_int(run[0])
        return run[0] if number is None else str(number)

    return re.sub(f"[{NUMERALS}]+", digits, folded)


def parse_int(text: str) -> int | Unreadable | None:
    """6, 6.0, 六, 6人 → 6."""
    folded = plain(text)
    if is_nothing(folded):
        return None
    found = _INT.fullmatch(arabic(folded))
    return int(found[1]) if found and len(found[1]) < 16 and not has_gap(text) else Unreadable("不是整数")


def parse_month_count(text: str) -> int | Unreadable | None:
    """6, 6个月 → 6; 1年, 一年 → 12; 半年 → 6; 1年6个月, 一年半 → 18."""
    folded = plain(text)
    if is_nothing(folded):
        return None
    written = arabic(folded.replace("年半", "年6个月").replace("半年", "6个月"))
    found = _MONTHS.fullmatch(written)
    if not found or len(written) > 8 or has_gap(text):
        return Unreadable("不是月数")
    return int(found[1] or 0) * 12 + int(found[2] or 0)


def parse_work_months(text: str) -> int | Unreadable | None:
    """Months worked in a year: as :func:`parse_month_count`, at most 12."""
    months = parse_month_count(text)
    if isinstance(months, Unreadable):
        return Unreadable("务工月数不是整月数", "JY113")
    if months is not None and months > MOST_MONTHS_OF_WORK:
        return Unreadable("务工月数大于 12", "JY113")
    return months


def parse_rate(text: str) -> int | Unreadable | None:
    """3.85%, 3.85, 0.0385 → 38500. Without a sign, above 1 is percent, up to 0.3 a fraction; between is refused."""
    folded = plain(text)
    if is_nothing(folded):
        return None
    found = _RATE.fullmatch(folded)
    if not found or len(folded) > 20 or has_gap(text):
        return Unreadable("不是利率")
    number = Decimal(found[1])
    percent = found[2] == "%" or number > 1
    if not percent and number > Decimal("0.3"):
        return Unreadable("看不出是百分数还是小数，请写明 %")
    millionths = number * (10_000 if percent else 1_000_000)
    return int(millionths) if millionths == int(millionths) else Unreadable("利率小数位过多")
