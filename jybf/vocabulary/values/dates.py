"""Dates as people write them → the interval of days they can mean: one day, one month or one year."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from jybf.regex import pattern
from jybf.vocabulary.values.numbers import chinese_int
from jybf.vocabulary.values.text import Unreadable, has_gap, is_nothing, plain

Interval = tuple[date, date]

CLOCK = pattern(r"(?<=\d)[ T](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$")
_FORMS = (
    pattern(r"(?P<y>[0-9]{4})(?P<sep>[-./])(?P<m>[0-9]{1,2})(?:(?P=sep)(?P<d>[0-9]{1,2}))?"),
    pattern(r"(?P<y>[0-9]{4})年(?:度|(?P<m>[0-9]{1,2})月份?(?:(?P<d>[0-9]{1,2})[日号]?)?)?"),
    pattern(r"(?P<y>[0-9]{4})(?:(?P<m>[0-9]{2})(?P<d>[0-9]{2})?)?"),
)
_YEAR_AND_MONTH = pattern(r"(?:19[5-9]|20[0-2])[0-9][1-9]")  # 20217 may be July 2021, or a day of 1955
_WEEKDAY = pattern(r"[(]?(?:星期|周|礼拜)([一二三四五六日天])[)]?$")
# 2021.10.20. as a sentence ends; behind one digit of a day another may be lost.
_STOP = pattern(r"(?:(?<=[日号])|(?<=[0-9][-./][0-9]{2}[-./][0-9]{2})|(?<=[0-9][-./][0-9][-./][0-9]{2}))[.。,，、]$")
_SERIAL = pattern(r"[0-9]{5}(?:\.0+)?")
_SERIAL_FROM, _SERIAL_TO = 18264, 73050  # 1950-01-01 … 2099-12-31; outside, five digits are no date
_EPOCH = date(1899, 12, 30)
_NO_YEAR = pattern(r"([0-9]{1,2})月([0-9]{1,2})[日号]?")
_NOW = pattern("至今|至?现在|至?目前|(?:尚|还)?(?:未|没有?)(?:返乡|返回|回乡|回来|返)|(?:仍|还)?在外(?:务工)?|(?:仍|还)在岗")
_YEARS = range(1900, 2100)

STILL = Unreadable("没有写明到哪一天为止：写结束（返乡）的日期；还没有结束的，在表头上写明填报日期，或写填表的那一天")
IMPOSSIBLE = Unreadable("日期不存在", "JY116")


def day(value: date) -> Interval:
    """The interval of one day."""
    return value, value


def month(year: int, number: int) -> Interval:
    """The interval of month ``number`` of ``year``."""
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def year(number: int) -> Interval:
    """The interval of a year."""
    return date(number, 1, 1), date(number, 12, 31)


def parse_date(text: str) -> Interval | Unreadable | None:
    """2021.7.1, 2021年7月, 20210701, 202107, 44378, 二〇二一年七月一日, 2021年 → first and last possible day."""
    return _kept(text) if len(text) <= _AS_LONG_AS_A_DATE else _parsed(text)


def _parsed(text: str) -> Interval | Unreadable | None:
    bare = CLOCK.sub("", text.strip())
    folded = arabic_date(plain(bare))
    if is_nothing(folded):
        return None
    if has_gap(bare):
        return Unreadable("不是能确定的日期")
    if weekday := _WEEKDAY.search(folded):
        return _on_weekday(folded[: weekday.start()], weekday[1])
    folded = _STOP.sub("", folded)
    if _YEAR_AND_MONTH.fullmatch(folded):
        return Unreadable("看不出是日期序号还是年月")
    if _SERIAL.fullmatch(folded):
        return _serial(int(float(folded)))
    found = next((m for form in _FORMS if (m := form.fullmatch(folded))), None)
    return _interval(found["y"], found["m"], found["d"]) if found else _why_not(folded)


# A roster has few days, and each begins or ends many a range. What is longer is no date, and would only fill the memory.
_AS_LONG_AS_A_DATE = 40
_kept = lru_cache(4096)(_parsed)


def arabic_date(folded: str) -> str:
    """``folded`` with the numerals of a date written in words turned to digits (二〇二一年十二月 → 2021年12月, 廿日 → 20日)."""

    def digits(run: re.Match[str]) -> str:
        if run[0].isascii():  # digits as they are
            return run[0]
        by_place = run[0].translate(_PLACES)
        words = run[0].replace("廿", "二十").replace("卅", "三十")
        number = int(by_place) if by_place.isdigit() and len(by_place) == 4 else chinese_int(words)
        return run[0] if number is None else str(number)

    return re.sub(r"[〇○零0一二三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾]+(?=[年月日号])", digits, folded)


def _on_weekday(folded: str, weekday: str) -> Interval | Unreadable | None:
    """The day that is written with its ``weekday``: of the two one is wrong where they don't agree."""
    found = parse_date(folded)
    if not isinstance(found, tuple) or found[0] != found[1]:
        return found if isinstance(found, Unreadable) else Unreadable("不是能确定的日期")
    own = "一二三四五六日"[found[0].weekday()]
    return found if weekday.replace("天", "日") == own else Unreadable(f"日期与星期不符：{found[0]} 是星期{own}")


_PLACES = str.maketrans("〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "000123456789123456789")


def _interval(y: str, m: str | None, d: str | None) -> Interval | Unreadable:
    if int(y) not in _YEARS:
        return Unreadable("年份不可能", "JY116")
    if m is None:
        return year(int(y))
    try:
        return day(date(int(y), int(m), int(d))) if d else month(int(y), int(m))
    except ValueError:
        return IMPOSSIBLE


def _serial(number: int) -> Interval | Unreadable:
    if _SERIAL_FROM <= number <= _SERIAL_TO:
        return day(_EPOCH + timedelta(days=number))
    return Unreadable("不是日期")


def _why_not(folded: str) -> Unreadable:
    if _NOW.fullmatch(folded):
        return STILL
    without_year = _NO_YEAR.fullmatch(folded)
    if without_year:
        possible = _interval("2020", without_year[1], without_year[2])  # a leap year
        return possible if isinstance(possible, Unreadable) else Unreadable("日期没有年份")
    return Unreadable("不是能确定的日期")
