"""School years as people write them → one form, 2021-2022. A school year is named after the autumn that it begins in."""

from jybf.regex import pattern
from jybf.vocabulary.values.text import Unreadable, has_gap, is_nothing, plain

_TO = r"[-—–―‐‑‒−~/至到一]+"
_YEAR = r"(?:20)?[0-9]{2}"
_TERM = r"(?:-[12]|\(?(?:第?[一二12上下]学期|[秋春]季?(?:学期)?)\)?)"
_FORMS = (
    pattern(rf"(?P<a>{_YEAR})年?{_TO}(?P<b>{_YEAR})年?(?:学?年度?)?{_TERM}?"),
    pattern(rf"(?P<a>20[0-9]{{2}})(?:学年度?{_TERM}?)?"),
    pattern(r"(?P<a>20[0-9]{2})年?秋季?(?:学期)?"),
    pattern(r"(?P<b>20[0-9]{2})年?春季?(?:学期)?"),  # the spring belongs to the year that began in the autumn before
    pattern(rf"(?P<a>20[0-9]{{2}})年?秋季?(?:学期)?{_TO}(?P<b>20[0-9]{{2}})年?春季?(?:学期)?"),
    pattern(rf"(?P<a>20[0-9]{{2}})[年.]0?9月?{_TO}(?P<b>20[0-9]{{2}})[年.]0?[678]月?"),
)
_TOLD = pattern(rf"(?<![0-9])(?:(?:{_YEAR}年?(?:{_TO}|[、,和及]))*{_YEAR}学年|20[0-9]{{2}}年?[秋春]季)")
_IN_WORDS = pattern("[〇○零一二三四五六七八九]{4}")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

UNCLEAR = Unreadable("看不出是哪一学年（写作 2021-2022）")


def parse_school_year(text: str) -> str | Unreadable | None:
    """2021—2022学年, 2021/2022, 2021学年第一学期, 21-22学年, 2021年秋季学期, 2022年春季学期 → 2021-2022."""
    folded = _arabic(text)
    if is_nothing(folded):
        return None
    found = next((m for form in _FORMS if (m := form.fullmatch(folded))), None)
    if has_gap(text) or not found:
        return UNCLEAR
    parts = found.groupdict()
    first, then = _full(parts.get("a")), _full(parts.get("b"))
    if first and then and then != first + 1:
        return Unreadable("学年的两个年份不相邻")
    start = first or then - 1
    return f"{start}-{start + 1}"


def school_year_in(heading: str) -> str:
    """The one school year that a title names; "" where it names none, or several."""
    years = {parse_school_year(found[0]) for found in _TOLD.finditer(_arabic(heading))}
    only = years.pop() if len(years) == 1 else None
    return only if isinstance(only, str) else ""


def _arabic(text: str) -> str:
    return _IN_WORDS.sub(lambda run: run[0].translate(_DIGITS), plain(text))


def _full(year: str | None) -> int:
    return int(year) % 100 + 2000 if year else 0
