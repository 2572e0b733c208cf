"""Cells that hold a stretch of time: ranges, lists of months, working times, periods."""

import re
from collections.abc import Iterator

from jybf.regex import pattern
from jybf.vocabulary.values.dates import CLOCK, IMPOSSIBLE, STILL, Interval, arabic_date, month, parse_date
from jybf.vocabulary.values.numbers import parse_month_count, parse_work_months
from jybf.vocabulary.values.text import Unreadable, has_gap, is_nothing, plain

Result = Interval | Unreadable | None

_SEPARATOR = pattern(r"[—–~一]+|-+|至|到")
_OPEN_ENDED = pattern(r"(?:今|现在|目前|长期)")
_PARTIAL = pattern(r"(?:(?P<m>[0-9]{1,2})(?P<sep>[月./-]))?(?P<n>[0-9]{1,2})(?P<unit>[月日号]?)")
_QUARTER = pattern(r"(?P<y>(?:19|20)[0-9]{2})年?(?:第?(?P<q>[1-4])季度?|Q(?P<e>[1-4])|(?P<h>[上下])半年)")
_YEAR_ONCE = pattern(r"(?<=年)([0-9]{1,2})(?=(?:[—–~-]+|至|到)[0-9]{1,2}月$)")  # 2021年4-9月
_ITEM = pattern(
    r"(?:(?P<y>[0-9]{4})[年.-]?)?(?P<m>[0-9]{1,2})月?份?"
    r"(?:(?:至|到|[-—–~]+)(?:(?P<y2>[0-9]{4})[年.-]?)?(?P<m2>[0-9]{1,2})月?份?)?"
)
_DAY = pattern(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_COUNT = "(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_ONLY_A_COUNT = pattern(rf"{_COUNT}个月")
_LENGTH = pattern(rf"{_COUNT}个月|{_COUNT}年(?:半|{_COUNT}个月)?|半年")

_A_DAY_OR_MONTHS = Unreadable("看不出是一天还是几个月（Excel 会把“3-8”改成 3 月 8 日）")
_WITH_GAPS = Unreadable("月份不相连，看不出起止日期")
_TWO_DIGITS = pattern(r"[0-9]{2}[.年/][0-9]{1,2}")
_SHORT_YEAR = Unreadable("年份只写了两位，看不出是哪一年：写全四位，如 2021.3-2021.8")
_BACKWARDS = Unreadable("起止颠倒，结束早于开始", "JY116")


def parse_range(text: str) -> tuple[Result, Result]:
    """2021.3.1-2022.2.28, 2021年3-8月, 2021年一季度, 2021年3月至今 → start and end. One month or year is its own range."""
    folded = _YEAR_ONCE.sub(r"\1月", arabic_date(plain(text)).replace("月份", "月"))
    if is_nothing(folded):
        return None, None
    whole = parse_date(text)
    if not isinstance(whole, Unreadable) and whole is not None:
        return _alone(whole)
    if months := _part_of_year(folded):
        return months
    found = [] if has_gap(text) else list(dict.fromkeys(_splits(folded)))
    if len(found) == 1:
        return _forward(*found[0])
    if months := _months_in_a_row(text, folded):
        return months
    unclear = whole if whole and whole.code == "JY116" else _no_span(folded)
    return unclear, unclear


def _months_in_a_row(text: str, folded: str) -> tuple[Result, Result] | None:
    """The first and the last of a list of months (2021年3、4、5月), where none between them is left out."""
    months = [] if has_gap(text) or not re.search("[、,和及]", folded) else _listed(folded)
    if isinstance(months, Unreadable) or not months:
        return None
    if max(months) - min(months) + 1 != len(months):
        return _WITH_GAPS, _WITH_GAPS
    return month(min(months) // 12, min(months) % 12 + 1), month(max(months) // 12, max(months) % 12 + 1)


def _no_span(folded: str) -> Unreadable:
    return _SHORT_YEAR if _TWO_DIGITS.match(folded) else Unreadable("看不出起止日期")


def _forward(start: Result, end: Result) -> tuple[Result, Result]:
    """The range, unless it ends before it starts, whatever days its months stand for."""
    backwards = isinstance(start, tuple) and isinstance(end, tuple) and end[1] < start[0]
    return (_BACKWARDS, _BACKWARDS) if backwards else (start, end)


def _alone(whole: Interval) -> tuple[Result, Result]:
    if whole[0] != whole[1]:
        return whole, whole
    unclear = Unreadable("只有一个日期，看不出起止")
    return unclear, unclear


def _splits(folded: str) -> Iterator[tuple[Result, Result]]:
    """Every way to cut the text in two dates; a sound range has exactly one."""
    for cut in _SEPARATOR.finditer(folded):
        start = parse_date(folded[: cut.start()].removeprefix("自").removeprefix("从") or "/")
        rest = folded[cut.end() :].removesuffix("止")
        if start is None or (isinstance(start, Unreadable) and start != IMPOSSIBLE):
            continue
        if _OPEN_ENDED.fullmatch(rest):
            yield start, STILL
            continue
        end = _partial(start, rest) or parse_date(rest)
        if end is not None and (not isinstance(end, Unreadable) or end.code == "JY116"):
            yield start, end


def _partial(start: Interval | Unreadable, rest: str) -> Interval | Unreadable | None:
    """An end that leaves out what it shares with the start: 8月, 8, 3.31, 31日; None when it is not written so."""
    found = _PARTIAL.fullmatch(rest)
    if not found or isinstance(start, Unreadable):
        return start if found and isinstance(start, Unreadable) else None
    first, to_the_day = start[0], start[0] == start[1]
    if found["m"]:
        parts = (found["m"], found["n"]) if to_the_day and found["unit"] != "月" else None
    elif found["unit"] == "月" or not to_the_day:
        parts = (found["n"], None) if found["unit"] in ("", "月") else None
    else:
        parts = (str(first.month), found["n"])
    if parts is None or start[1].year - first.year or (start[1] - first).days > 31:
        return None
    end = parse_date(f"{first.year}年{parts[0]}月" + (f"{parts[1]}日" if parts[1] else ""))
    return None if end is not None and not isinstance(end, Unreadable) and end[1] < first else end


def parse_term(text: str) -> tuple[Result, Result, int | Unreadable | None]:
    """A term: a range, a list of months (3月至5月、7月), or only its length (3年, 12个月) → start, end, months."""
    if _LENGTH.fullmatch(plain(text)):
        return None, None, parse_month_count(text)
    start, end = parse_range(text)
    return parse_months(text) if start == _WITH_GAPS else (start, end, None)


def parse_worktime(text: str) -> tuple[int | Unreadable | None, Result, Result]:
    """The ambiguous 务工时间: months (a number up to 12), or a start, or a start and an end."""
    months = parse_work_months(text)
    if not isinstance(months, Unreadable):
        return months, None, None
    start = parse_date(text)
    if start is None or (not isinstance(start, Unreadable) and (start[1] - start[0]).days < 31):
        return None, start, None
    first, end = parse_range(text)
    if isinstance(first, Unreadable) and first.code != "JY116":
        return (months if months.reason.endswith("12") else Unreadable("看不出是月数还是日期", "JY113")), None, None
    return None, first, end


def parse_months(text: str) -> tuple[Result, Result, int | Unreadable | None]:
    """2021年3-8月, 2021年3、4、5月, 2021-03,2021-04 → first month, last month, how many; 6个月 → only how many."""
    folded = plain(text)
    if is_nothing(folded):
        return None, None, None
    if _ONLY_A_COUNT.fullmatch(folded):
        return None, None, parse_month_count(text)
    bare = CLOCK.sub("", text.strip())
    day = parse_date(bare)
    if _DAY.fullmatch(plain(bare)) and day is not None:
        return _month_of_day(day)
    if part := _part_of_year(folded):
        return *part, part[1][0].month - part[0][0].month + 1
    months = Unreadable("看不出是哪几个月") if has_gap(text) else _listed(arabic_date(folded))
    if isinstance(months, Unreadable):
        return months, months, months
    first, last = min(months), max(months)
    return month(first // 12, first % 12 + 1), month(last // 12, last % 12 + 1), len(months)


def parse_months_paid(text: str) -> tuple[Result, int | Unreadable | None]:
    """The same months as one period from the first to the last of them, and how many."""
    start, end, count = parse_months(text)
    if isinstance(start, tuple) and isinstance(end, tuple):
        return (start[0], end[1]), count
    return start, count


def name_months(text: str) -> str | None:
    """Every month of such a list by name, as 2021-03、2021-05; None where it names none that can be told."""
    first, end, _ = parse_months(text)
    if not (isinstance(first, tuple) and isinstance(end, tuple)):
        return None
    listed = _listed(arabic_date(plain(text)))
    whole = range(first[0].year * 12 + first[0].month - 1, end[0].year * 12 + end[0].month)
    months = sorted(listed) if isinstance(listed, list) else whole
    return "、".join(f"{m // 12}-{m % 12 + 1:02}" for m in months)


def _month_of_day(day: Interval | Unreadable) -> tuple[Result, Result, int | Unreadable | None]:
    of_month = day if isinstance(day, Unreadable) else _of_whole_months(day)
    return of_month, of_month, of_month if isinstance(of_month, Unreadable) else 1


def _listed(folded: str) -> list[int] | Unreadable:
    """The months of a list, counted from year 0."""
    months: list[int] = []
    for item in re.split(r"[,、;和及]", folded):
        found = _ITEM.fullmatch(item)
        if not found:
            return Unreadable("看不出是哪几个月")
        known = int(found["y"]) if found["y"] else months[-1] // 12 if months else None
        if known is None:
            return Unreadable("月份没有年份" if "月" in folded or "," in folded else "看不出是月份还是月数")
        first, last = int(found["m"]), int(found["m2"] or found["m"])
        if not (1 <= first <= 12 and 1 <= last <= 12):
            return Unreadable("月份不存在", "JY116")
        end = int(found["y2"] or known) * 12 + last
        if found["y2"] and end < known * 12 + first:
            return _BACKWARDS
        months += range(known * 12 + first - 1, end)
    if not months or len(set(months)) != len(months) or not 1900 <= months[0] // 12 < 2100:
        return Unreadable("月份重复或倒置")
    return months


def parse_period(text: str) -> Result:
    """A year, half-year, quarter, month or range of them → its first and last day. A day stands for its month."""
    bare = CLOCK.sub("", text.strip())
    if has_gap(bare):
        return Unreadable("看不出所属期")
    folded = plain(bare).upper()
    if part := _part_of_year(folded):
        return part[0][0], part[1][1]
    whole = parse_date(folded.removesuffix("度")) if folded else None
    if not isinstance(whole, Unreadable):
        return whole and _of_whole_months(whole, typed=_DAY.fullmatch(folded) is None)
    start, end = parse_range(folded)
    if isinstance(start, Unreadable) or isinstance(end, Unreadable) or start is None or end is None:
        never = [side for side in (start, end) if isinstance(side, Unreadable) and side.code == "JY116"]
        return never[0] if never else Unreadable("看不出所属期")
    return start[0], end[1]


def _of_whole_months(period: Interval, *, typed: bool = False) -> Interval | Unreadable:
    """A spreadsheet keeps 2021年6月 as a day of that month, and 3-8 too unless somebody ``typed`` a day."""
    first = period[0]
    if period[0] != period[1]:
        return period
    if first.month < first.day <= 12 and not typed:
        return _A_DAY_OR_MONTHS
    return month(first.year, first.month)


def _part_of_year(folded: str) -> tuple[Interval, Interval] | None:
    """The first and the last month of a quarter or of half a year; None for anything else."""
    numbered = re.sub(r"[一二三四](?=季)", lambda q: str("一二三四".index(q[0]) + 1), arabic_date(folded).upper())
    part = _QUARTER.fullmatch(numbered)
    if not part:
        return None
    if part["h"]:
        first, length = (1, 6) if part["h"] == "上" else (7, 6)
    else:
        first, length = int(part["q"] or part["e"]) * 3 - 2, 3
    return month(int(part["y"]), first), month(int(part["y"]), first + length - 1)
