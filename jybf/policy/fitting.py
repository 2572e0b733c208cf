"""Whether a value of an example is one that its field can have."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from jybf.errors import near
from jybf.model import Field
from jybf.policy.loader import PLAIN_NUMBER
from jybf.regex import pattern
from jybf.vocabulary.types import TYPES, is_dated

_DAY = pattern(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
_MOST = 10**15  # 分, as a cell may hold


def misfits(field: Field | None, value: object) -> str:
    """What is wrong with ``value`` as one of ``field`` in an example; "" if nothing is."""
    if field is None or value in ("", "？"):
        return ""
    if is_dated(field):
        kind, right = "date", _is_day(value)
    else:
        kind = TYPES[field.type].kind or "text"
        right = _FITS[kind](value)
    if not right:
        return f"“{field.name}”是{TYPES[field.type].label}，{_HOW[kind]}"
    return _not_one_of(field, value) if isinstance(value, str) and kind == "text" else ""


def _is_day(value: object) -> bool:
    if isinstance(value, list):
        days = cast("list[object]", value)
        return len(days) == 2 and all(isinstance(day, date) for day in days)
    return (isinstance(value, date) and not isinstance(value, datetime)) or bool(
        isinstance(value, str) and _DAY.fullmatch(value)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, str) and bool(PLAIN_NUMBER.fullmatch(value)) and abs(Decimal(value)) < _MOST


_FITS: Mapping[str, Callable[[object], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST,
    "money": _is_number,
    "rate": _is_number,
    "text": lambda value: isinstance(value, str),
}
_HOW = {
    "date": '写成 2021-08-01（不加引号），只到月份写 "2021-08"',
    "bool": "写 true 或 false",
    "int": "直接写数，不加引号",
    "money": '写成文字，元，如 "800.00"',
    "rate": '写成文字，百分数，如 "4.35"',
    "text": "写成文字，加引号",
}


def _not_one_of(field: Field, value: str) -> str:
    if not field.values or value in field.values:
        return ""
    own = next((known for known, aliases in field.values.items() if value in aliases), "")
    close = f"例子里写“{own}”；" if own else near(value, field.values)
    return f"“{field.name}”没有“{value}”这个取值，{close}可写：{'、'.join(field.values)}"
