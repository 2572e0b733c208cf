"""What every kind of value shares: folding of text, and the answer "this can't be read"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from jybf.visible import INVISIBLE

UNCHECKED = "JY902"  # a cell that can't be read as its type, where no more special code exists

_BLANKS = re.compile(rf"\s+|{INVISIBLE}")
_NOTHING = frozenset({"无", "/", "-"})
_QUOTED = re.compile(r'^=?"(.*)"$')


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a cell has no value, in the user's words, and the code under which it is reported."""

    reason: str
    code: str = UNCHECKED


def plain(text: str) -> str:
    """``text`` in NFKC without blanks and invisible characters: how cells are compared, not how they are shown."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def is_nothing(folded: str) -> bool:
    """Whether the folded cell is a way to write that there is nothing to write."""
    return not folded or folded in _NOTHING


def unquote(text: str) -> str:
    """``text`` without the tricks that keep digits text in a spreadsheet: ``="…"``, a leading ``'``."""
    return _QUOTED.sub(r"\1", text).lstrip("'‘’`")


def tidy(cells: pl.Expr) -> pl.Expr:
    """Cells as they are kept: without invisible characters and surrounding blanks; empty becomes null."""
    trimmed = cells.str.replace_all(INVISIBLE, "").str.strip_chars()
    return pl.when(trimmed != "").then(trimmed)


def fold_name(names: pl.Expr) -> pl.Expr:
    """Names as they are compared: NFKC, no blanks inside, one kind of separator dot (``·``)."""
    folded = names.str.normalize("NFKC").str.replace_all(rf"\s+|{INVISIBLE}", "")
    return folded.str.replace_all("[.•・‧∙⋅･]", "·")


def folded_names(names: pl.Series) -> pl.Series:
    """:func:`fold_name` of a whole column, each distinct name folded once."""
    distinct = names.drop_nulls().unique()
    folded = distinct.to_frame("n").select(fold_name(pl.col("n"))).to_series()
    return folded.gather(names.cast(pl.Enum(distinct)).to_physical()).alias(names.name)
