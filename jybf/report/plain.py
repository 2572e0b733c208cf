"""What every writer needs: columns of 元, and personal numbers hidden. All vectorised: a county has a million rows."""

from collections.abc import Iterable, Sequence

import polars as pl

from jybf.model import MONEY, Report

# Longest first: what is left of a longer run of digits is never taken for a shorter number. Digits may be full-width.
_MASKS = (
    (r"\d{15,}(\d{3}[\dXxＸｘ])", "********${1}"),  # a card, or IDs typed too long
    (r"(\d{6})[ -]?(?:19|20)\d\d[ -]?\d{4}[ -]?\d\d(\d[\dXxＸｘ])", "${1}**********${2}"),  # citizen ID, also in groups
    (r"(\d{6})\d{10}(\d[\dXxＸｘ])", "${1}**********${2}"),  # … born whenever, or an 18-digit card
    (r"\d{12,}(\d{3}[\dXxＸｘ])", "********${1}"),  # 16 or 17 digits
    (r"(\d{6})\d{7}(\d\d)", "${1}*******${2}"),  # citizen ID of 15 digits
    (r"\d{8,}(\d{4})", "********${1}"),  # bank account or card
    (r"\d{4}(?:[ -]\d{4}){2,4}[ -](\d{1,4})", "********${1}"),  # card in groups of four
    (r"(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})", "${1}****${2}"),  # mobile phone
)


def amount_column(report: Report) -> str:
    """The money column of a row of ``calc`` or ``audit``, in 分."""
    return "核定金额" if report.kind == "calc" else "涉及金额"


def money_columns(report: Report) -> list[str]:
    """All columns of ``report.frame`` that are money, in 分."""
    return [name for name in report.frame.columns if name in MONEY]


def in_yuan(report: Report) -> pl.DataFrame:
    """``report.frame`` with its money as Decimal 元 (two places, null where there is none). Exact: no float in between."""
    return yuan_columns(report.frame, money_columns(report))


def yuan_columns(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """``frame`` with the columns ``names`` (Int64, 分) as Decimal 元."""
    return frame.with_columns((pl.col(names).cast(pl.Decimal(20, 2)) / 100).cast(pl.Decimal(20, 2)))


def masked(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with citizen IDs, cards and phones hidden wherever they stand in its text columns."""
    text = pl.col(pl.String)
    for pattern, shown in _MASKS:
        text = text.str.replace_all(pattern, shown)
    return frame.with_columns(text)


def covered(texts: Iterable[str], *, mask: bool) -> list[str]:
    """Some texts, with personal numbers hidden if ``mask``."""
    as_they_are = pl.DataFrame({"": pl.Series(texts, dtype=pl.String)})
    return (masked(as_they_are) if mask else as_they_are)[""].to_list()
