"""How the cells of a field are read: one Reader a field, built from its type, its words and its column's unit."""

from collections.abc import Callable, Mapping
from datetime import date

import msgspec
import polars as pl

from jybf.model import Field, Type
from jybf.regex import pattern
from jybf.vocabulary.fields import Fields
from jybf.vocabulary.values import addresses, choices, dates, ids, money, numbers, schools, spans, text
from jybf.vocabulary.values.text import Unreadable

Value = str | int | bool | tuple[date, date]
Result = Value | Unreadable | None
Results = tuple[Result, ...]  # one for each target field
Parse = Callable[[str], Results]

HOUSEHOLD_NUMBER = "户编号"
NAME = "姓名"  # is kept as it is written, and told: without it nobody would find the row
DATED: tuple[Type, ...] = ("date", "range", "worktime", "period", "months")  # what days are read from
_UNIT = pattern(r"[(（/](万元|千元|百元|年|天|日)[)）]?$|([万千百]元)")


class Reader(msgspec.Struct, frozen=True):
    """Reads one column into ``targets``. ``as_is`` tells which cells are their own value, so nobody parses them.

    ``number``: a pattern, and why a cell that matches it and is kept as a number can't be read. ``words``: a text by which
    something is decided, so that it has to be whole.
    """

    targets: tuple[Field, ...]
    parse: Parse | None
    as_is: Callable[[pl.Expr], pl.Expr] | None = None
    number: tuple[str, Unreadable] | None = None
    words: bool = False


def unit_of(header: str, field: Field, title_unit: str) -> str:
    """The unit to add to a bare number: 万元 of money (the header's own, else the title's), 年 of months.

    With 千元 and 百元, and with 天 where months are meant, the number can't be read: that is what the reader says then.
    """
    found = _UNIT.search(header)
    unit = (found[1] or found[2]) if found else ""
    if field.type == "money":
        own = unit if unit.endswith("元") else ""
        return own or ("" if "元" in header else title_unit)
    of_months = _counts_months(field.name) or field.type == "worktime"
    return unit if of_months and unit in ("年", "天", "日") else ""


def reader_of(field: Field, fields: Fields, unit: str = "") -> Reader:
    """The reader of ``field``; ``unit`` is added to cells that end in a digit."""
    targets = tuple(fields.by_name[name] for name in field.into) or (field,)
    parse = _parser(field)
    words = _is_told(field) and not _is_code(field)
    kind = "code" if _is_code(field) else "words" if words else field.type
    parse = _with_unit(parse, unit) if parse and unit else parse
    return Reader(targets, parse, _AS_IS.get(kind), _AS_NUMBER.get(kind), words)


def lost_zeros(cells: pl.Series) -> pl.Series:
    """Which of ``cells`` are 2021.1 for what may have been 2021.10: beside 2021.11, 2021.12 or 2021.03, and no 2021.10."""

    def some(pattern: str) -> bool:
        return bool(cells.str.contains(pattern).any())

    doubtful = cells.str.contains(LOST_ZERO[0]).fill_null(value=False)
    two_digits = some(r"^[0-9]{4}\.(?:1[12]|0[1-9])$") and not some(r"^[0-9]{4}\.10$")
    return doubtful if two_digits else doubtful & False


def _is_code(field: Field) -> bool:
    """Whether the field numbers households or documents: one lost digit, and two of them are one."""
    return field.type == "text" and field.name.endswith("号") and field.name not in ("序号", "原行号")


def _is_told(field: Field) -> bool:
    """Whether the field is a text by which something is decided, and no remark, of which 无 would be one."""
    return field.type in ("text", "name") and field.name != NAME and not (field.only or field.none)


def _parser(field: Field) -> Parse | None:
    match field.type:
        case "text" | "name":
            return _text_parser(field)
        case "bool":
            return _one(choices.bool_parser(field))
        case "enum":
            return _one(choices.enum_parser(field))
        case "int":
            return _one(_counter(field.name))
        case _:
            return _OF_MORE.get((field.type, len(field.into))) or _PARSERS[field.type]


def _text_parser(field: Field) -> Parse | None:
    if _is_code(field):
        return _one(ids.parse_household if field.name == HOUSEHOLD_NUMBER else ids.parse_code)
    return _one(text.parse_text) if _is_told(field) else None


def _counter(name: str) -> Callable[[str], int | Unreadable | None]:
    if name == "务工月数":
        return numbers.parse_work_months
    return numbers.parse_month_count if _counts_months(name) else numbers.parse_int


def _counts_months(name: str) -> bool:
    return name.endswith(("月数", "期限"))


def _one(parse: Callable[[str], Result]) -> Parse:
    return lambda text: (parse(text),)


def _with_unit(parse: Parse, unit: str) -> Parse:
    return lambda text: parse(text + unit if text[-1:].isdigit() or not text.strip(numbers.NUMERALS) else text)


def _matches(pattern: str) -> Callable[[pl.Expr], pl.Expr]:
    return lambda cells: cells.str.contains(pattern)


_PARSERS: Mapping[Type, Parse] = {
    "id": _one(ids.parse_id),
    "account": _one(ids.parse_account),
    "credit_code": _one(ids.parse_credit_code),
    "date": _one(dates.parse_date),
    "place": _one(addresses.parse_place),
    "period": _one(spans.parse_period),
    "money": _one(money.parse_money),
    "rate": _one(numbers.parse_rate),
    "range": spans.parse_range,
    "worktime": spans.parse_worktime,
    "months": spans.parse_months,
    "address": addresses.parse_address,
    "school_year": _one(schools.parse_school_year),
}
# Columns that may say more than their kind: by type and number of target fields.
_OF_MORE: Mapping[tuple[Type, int], Parse] = {
    ("range", 3): spans.parse_term,
    ("place", 2): addresses.parse_province,
    ("months", 2): spans.parse_months_paid,
}
_AS_IS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "id": ids.sound_ids,
    "account": _matches(r"^[0-9]{6,30}$"),
    "credit_code": _matches(r"^[0-9A-Z]{18}$"),
    "code": _matches(r"^0*[1-9][0-9]*$"),
    "words": lambda cells: cells.is_in(list(text.ELSEWHERE)).not_(),
}
# The number 2021.1 may have been typed as 2021.10; the first 60 days of 1900 are counts, or one day off, or none (60).
_NO_DAY = (r"^[0-9]{4}\.1$|^1900-0[12]-", Unreadable("以数字保存，看不出是哪一天（2021.1 分不清 1 月还是 10 月）"))
# A text that came of such numbers has lost the zero too: what tells is that the column knows no tenth month.
LOST_ZERO = (
    r"^[0-9]{4}\.1$",
    Unreadable("这一列有 11、12 月或写作 01 的月份，却没有 10 月：2021.1 分不清 1 月还是 10 月，写作 2021-01 或 2021-10"),
)
_TOO_LONG = (r"^[0-9]{16,}$|[Ee]\+", ids.CODE_AS_NUMBER)  # a spreadsheet keeps 15 digits, those of an old ID too
_AS_NUMBER: Mapping[str, tuple[str, Unreadable]] = {
    "id": ("[0-9]{16,}|[Ee]", ids.STORED_AS_NUMBER),
    "account": ("[0-9]", ids.ACCOUNT_AS_NUMBER),
    "credit_code": _TOO_LONG,
    "code": _TOO_LONG,
    **dict.fromkeys(DATED, _NO_DAY),
}
