"""What the 说明 of a row that is paid carries, so that a later run knows it again: keys and the time that it was paid for."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import polars as pl

from jybf.assess.sentences import value
from jybf.model import Program
from jybf.policy.derivation import derived
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR
from jybf.vocabulary.facts import by
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD, PERSON, SHORT, VILLAGE
from jybf.vocabulary.roles import LOAN, PERIOD, WORKED

_SEPARATORS = "[；〔〕]"


def carried(program: Program, columns: Sequence[str]) -> Iterator[pl.Expr]:
    """Of each fact its field and its value as one text, null where it has none; name and number have columns of their own.

    Over the facts of the row and 数量, the units granted.
    """
    quota, prior = program.quota, program.prior
    keys = dict.fromkeys((*program.once, *(quota.per if quota else ()), *(prior.per if prior else ())))
    paid_to = {EMPLOYER} if program.payee == "单位" else set[str]()
    for key in dict.fromkeys((*keys, *paid_to)):
        if key == HOUSEHOLD:
            yield from _household(columns)
        elif key == EMPLOYER:
            yield from _items(("统一社会信用代码",), columns)
        elif key not in (PERSON, YEAR):
            yield from _items((key,), columns)
    if quota and quota.unit not in ("月", ""):  # months are carried as 6个月
        yield pl.format(f"{program.amount.units} {{}}", "数量")
    if not program.once:
        names = [name for name in (*program.year, *PERIOD, *WORKED, LOAN) if name not in keys]
        yield from _spans(list(dict.fromkeys(names)), columns)


def _household(columns: Sequence[str]) -> Iterator[pl.Expr]:
    """What told the household: its number, its head's number, or its head's name with the village."""
    if by(HOUSEHOLD) not in columns:
        return
    for way, cells in enumerate(derived()[HOUSEHOLD].cells, 1):
        name, *_ = cells
        if name == PERSON or name not in columns:
            continue
        spoke = pl.col(by(HOUSEHOLD)) == way
        local = spoke & (pl.col(name).str.len_chars() < SHORT) if name == "户编号" else spoke
        places = VILLAGE if name != "户主身份证号" else ()
        yield from (pl.when(spoke).then(item) for item in _items((name,), columns))
        yield from (pl.when(local).then(item) for item in _items(places, columns))


def _spans(names: Sequence[str], columns: Sequence[str]) -> Iterator[pl.Expr]:
    """The facts ``names``, first and last day of a span as one where the dictionary has a field for both."""
    whole = {field.into[:2]: field.name for field in load_fields().by_name.values() if field.type == "range"}
    done = set[str]()
    for pair in pairwise(names):
        if pair in whole and {*pair} <= {*columns}:
            done |= {*pair}
            first, end = (_clean(value(name, columns)) for name in pair)
            yield pl.format(f"{whole[pair]} {{}}至{{}}", first, end)
            yield from (
                pl.when(pl.col(other).is_null()).then(item)
                for name, other in (pair, pair[::-1])
                for item in _items((name,), columns)
            )
    yield from _items([name for name in names if name not in done], columns)


def _items(names: Sequence[str], columns: Sequence[str]) -> Iterator[pl.Expr]:
    yield from (pl.format(f"{name} {{}}", _clean(value(name, columns))) for name in names if name in columns)


def _clean(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_SEPARATORS, "")
