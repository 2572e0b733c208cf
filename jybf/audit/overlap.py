"""What is certain of two accounts of one person: the days that both are surely about, and whether they name one employer."""

from collections.abc import Callable

import polars as pl

from jybf.model import last
from jybf.roster import fold_name

Pairs = tuple[tuple[str, str], ...]
Time = tuple[pl.Expr, pl.Expr]  # the first and the last day (Date), both counted

_FORM = r"(股份)?(有限)?(责任)?公司$|[()（）\[\]【】\s]"
# A list may be of all insured persons: what residents pay for themselves says nothing of a job.
RESIDENT = "居民|灵活|个体|新农"


def certain(pairs: Pairs, *, ends: pl.Expr | None = None, named: Callable[[str], str] = str) -> Time:
    """The days that a row is surely about, from the first of ``pairs`` of date fields whose start is known.

    A pair of one field is a period: of a month it is all of the month, of more it is no day in particular. A span without
    an end goes up to ``ends`` (default: it is unknown). ``named``: the column in which a field stands. Null: not known.
    """
    since = until = pl.lit(None, pl.Date)
    for start, end in reversed(pairs):
        if start == end:
            first, final = pl.col(named(start)), pl.col(named(last(start)))
            stated = final <= first.dt.month_end()
        else:
            first = pl.col(named(last(start)))
            final = pl.col(named(end)) if ends is None else pl.coalesce(pl.col(named(end)), ends)
            stated = first.is_not_null()
        since = pl.when(stated).then(first).otherwise(since)
        until = pl.when(stated).then(final).otherwise(until)
    return since, until


def full_time(name: str = "全日制") -> pl.Expr:
    """Not said to be part-time: such a post leaves room for other work."""
    return pl.col(name).fill_null(value=True)


def overlapping(mine: Time, other: Time) -> pl.Expr:
    """Whether two certain times share a day; null where one of them is unknown."""
    return (mine[0] <= other[1]) & (other[0] <= mine[1]) & (mine[0] <= mine[1]) & (other[0] <= other[1])


def common(mine: Time, other: Time) -> Time:
    """The days of both, once they are known to overlap."""
    return pl.max_horizontal(mine[0], other[0]), pl.min_horizontal(mine[1], other[1])


def share_a_month(mine: Time, other: Time) -> pl.Expr:
    """Whether two certain times have a whole calendar month in common: not one where one ends and the other begins."""
    since, until = common(mine, other)
    month = since.dt.offset_by("-1d").dt.month_start().dt.offset_by("1mo")
    return overlapping(mine, other) & (month.dt.month_end() <= until)


def days(time: Time) -> pl.Expr:
    return (time[1] - time[0]).dt.total_days() + 1


def same_employer(mine: tuple[pl.Expr, pl.Expr], other: tuple[pl.Expr, pl.Expr]) -> pl.Expr:
    """Whether two (code, name) are one employer: by code, or one name in the other (a workshop, a branch); null: unknown."""
    codes = mine[0] == other[0]
    a, b = _plain(mine[1]), _plain(other[1])
    names = a.str.contains(b, literal=True) | b.str.contains(a, literal=True)
    return pl.coalesce(codes | names, names, codes)


def _plain(name: pl.Expr) -> pl.Expr:
    return fold_name(name).str.replace_all(_FORM, "")


def months_told(months: pl.Expr, shown: int = 4) -> pl.Expr:
    """Months (Date) of a group in words, the first few by name."""
    each = months.sort().unique(maintain_order=True)
    names = each.head(shown).dt.strftime("%Y-%m").str.join("、")
    return names + pl.when(each.len() > shown).then(pl.format(" 等 {} 个月", each.len())).otherwise(pl.lit(""))
