"""How the cells of a field are read: one Reader a field, built from its type, its words and its column's unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from jybf.fields import Field, Fields
from jybf.model import Type, last
from jybf.roster.values import dates, ids, money, numbers, places, spans, words
from jybf.roster.values.text import Unreadable

Value = str | int | bool | tuple[date, date]
Result = Value | Unreadable | None
Results = tuple[Result, ...]  # one for each target field

_DTYPES: Mapping[Type, pl.DataType] = {
    "int": pl.Int64(),
    "money": pl.Int64(),
    "rate": pl.Int64(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
    "period": pl.Date(),
}
_UNIT = re.compile(r"[(（/](万元|年)[)）]?$|(万元)")
# The number 2021.1 may have been typed as 2021.10.
_LOST_ZERO = (r"^[0-9]{4}\.1$", Unreadable("日期以数字保存，分不清 1 月还是 10 月"))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one column into ``targets``. ``as_is`` tells which cells are their own value, so nobody parses them.

    ``number``: a pattern, and why a cell that matches it and is kept as a number can't be read.
    """

    targets: tuple[Field, ...]
    parse: Callable[[str], Results] | None
    as_is: Callable[[pl.Expr], pl.Expr] | None = None
    number: tuple[str, Unreadable] | None = None


def dtype(field: Field) -> pl.DataType:
    """The Polars type of a field's column."""
    return _DTYPES.get(field.type, pl.String())


def is_dated(field: Field) -> bool:
    """Whether the field is a pair of columns: its first and its last possible day."""
    return field.type in ("date", "period")


def names_of(field: Field) -> tuple[str, ...]:
    """The columns of a field in Roster.rows."""
    return (field.name, last(field.name)) if is_dated(field) else (field.name,)


def unit_of(header: str, field: Field, title_unit: str) -> str:
    """The unit to add to a bare number: 万元 of money (the header's own, else the title's), 年 of months."""
    found = _UNIT.search(header)
    unit = (found[1] or found[2]) if found else ""
    if field.type == "money":
        return "万元" if unit == "万元" or (title_unit == "万元" and not re.search("元", header)) else ""
    return "年" if unit == "年" and _counts_months(field.name) else ""


def reader_of(field: Field, fields: Fields, unit: str = "") -> Reader:
    """The reader of ``field``; ``unit`` is added to cells that end in a digit."""
    targets = tuple(fields.by_name[name] for name in field.into) or (field,)
    match field.type:
        case "text" | "name":
            return Reader(targets, None)
        case "id":
            return Reader(targets, _one(ids.parse_id), ids.sound_ids, ("[0-9]", ids.STORED_AS_NUMBER))
        case "account":
            plain_digits = _matches(r"^[0-9]{6,30}$")
            return Reader(targets, _one(ids.parse_account), plain_digits, ("[0-9]", ids.ACCOUNT_AS_NUMBER))
        case "credit_code":
            return Reader(targets, _one(ids.parse_credit_code), _matches(r"^[0-9A-Z]{18}$"))
        case "date":
            return Reader(targets, _one(dates.parse_date), number=_LOST_ZERO)
        case "bool":
            return Reader(targets, _one(words.bool_parser(field)))
        case "enum":
            return Reader(targets, _one(words.enum_parser(field)))
        case _:
            return Reader(targets, _with_unit(_parser(field), unit))


def _parser(field: Field) -> Callable[[str], Results]:
    many: Mapping[str, Callable[[str], Results]] = {
        "range": spans.parse_range,
        "worktime": spans.parse_worktime,
        "months": spans.parse_months,
        "address": places.parse_address,
        "place": _one(places.parse_place),
        "period": _one(spans.parse_period),
        "money": _one(money.parse_money),
        "rate": _one(numbers.parse_rate),
        "int": _one(_counter(field.name)),
    }
    return many[field.type]


def _counter(name: str) -> Callable[[str], int | Unreadable | None]:
    if name == "务工月数":
        return numbers.parse_work_months
    return numbers.parse_month_count if _counts_months(name) else numbers.parse_int


def _counts_months(name: str) -> bool:
    return name.endswith(("月数", "期限"))


def _one(parse: Callable[[str], Result]) -> Callable[[str], Results]:
    return lambda text: (parse(text),)


def _with_unit(parse: Callable[[str], Results], unit: str) -> Callable[[str], Results]:
    return (lambda text: parse(text + unit if text[-1:].isdigit() else text)) if unit else parse


def _matches(pattern: str) -> Callable[[pl.Expr], pl.Expr]:
    return lambda cells: cells.str.contains(pattern)

