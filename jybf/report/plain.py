"""What every writer needs: columns of 元, and personal numbers hidden. Tables are vectorised: a county has a million rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import polars as pl
from msgspec.structs import replace
from polars.io.plugins import register_io_source

from jybf.assess.partial import ROWS
from jybf.model import MONEY, Report
from jybf.visible import INVISIBLE, MASKS, covered, covered_origin

_ORIGINS = frozenset({"provenance", "出处"})  # keys of what names files with their digests
_DIGEST = "SHA-256"


def amount_column(report: Report) -> str:
    """The money column of a row of ``calc`` or ``audit``, in 分."""
    return "核定金额" if report.kind == "calc" else "涉及金额"


def money_columns(report: Report) -> list[str]:
    """All columns of ``report.frame`` that are money, in 分."""
    return [name for name, dtype in report.frame.schema.items() if name in MONEY and dtype.is_integer()]


def in_yuan(report: Report) -> pl.DataFrame:
    """``report.frame`` with its money as Decimal 元 (two places, null where there is none). Exact: no float in between."""
    return yuan_columns(report.frame, money_columns(report))


def yuan_columns(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """``frame`` with the columns ``names`` (Int64, 分) as Decimal 元."""
    return frame.with_columns((pl.col(names).cast(pl.Decimal(20, 2)) / 100).cast(pl.Decimal(20, 2)))


def flowing(report: Report, *, mask: bool, ready: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame) -> pl.LazyFrame:
    """The lines of ``report`` in 元, masked if so asked, each part of them as ``ready`` makes it: for a writer that flows.

    What is made of many lines need not stand all at once.
    """
    money, lines = money_columns(report), report.lines

    def made(frame: pl.DataFrame) -> pl.DataFrame:
        frame = yuan_columns(frame, money)
        return ready(masked(frame) if mask else frame)

    def parts(*_: object) -> Iterator[pl.DataFrame]:
        return map(made, lines.parts() if lines else report.frame.iter_slices(ROWS))

    if not lines and report.frame.height <= ROWS:
        return made(report.frame).lazy()
    return register_io_source(parts, schema=made(report.frame.clear()).schema)


def masked(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with citizen IDs, cards and phones hidden wherever they stand in its text columns and in their names.

    Characters that nobody sees are taken out, since they may stand in the middle of a number.
    """
    text = pl.col(pl.String).str.replace_all(INVISIBLE, "")
    for pattern, shown in MASKS:
        text = text.str.replace_all(pattern, shown)
    return named(frame.with_columns(text), covered)


def named(frame: pl.DataFrame, through: Callable[[str], str]) -> pl.DataFrame:
    """``frame`` with the names of its columns put ``through``; of those that come out alike all but the first are numbered."""
    names: list[str] = []
    for name in map(through, frame.columns):
        names.append(next(n for n in (name, *(f"{name}（{k}）" for k in range(2, frame.width + 2))) if n not in names))
    return frame.rename(dict(zip(frame.columns, names, strict=True))) if names != frame.columns else frame


def without_numbers(value: Any) -> Any:
    """``value`` (what JSON holds) with personal numbers hidden in every text of it, but for digests."""
    if isinstance(value, str):
        return covered(value)
    if isinstance(value, Mapping):
        return {key: _under(key, one) for key, one in cast("Mapping[str, Any]", value).items()}
    return [without_numbers(one) for one in cast("list[Any]", value)] if isinstance(value, list | tuple) else value


def _under(key: str, value: Any) -> Any:
    if key in _ORIGINS and isinstance(value, Mapping):
        return {name: covered_origin(text) for name, text in cast("Mapping[str, str]", value).items()}
    return value if key == _DIGEST else without_numbers(value)


def told(report: Report, through: Callable[[str], str], origin: Callable[[str], str]) -> Report:
    """``report`` with every sentence around its table put ``through``, and what names files with their digests, ``origin``."""
    say, roster = report.summary, report.roster
    sheets = tuple(replace(sheet, title=through(sheet.title)) for sheet in roster.sheets) if roster else ()
    near = tuple(replace(each, text=through(each.text)) for each in say.near)
    return replace(
        report,
        summary=replace(say, near=near, manual=tuple(map(through, say.manual))),
        provenance={key: origin(value) for key, value in report.provenance.items()},
        not_run=tuple(replace(skip, why=through(skip.why)) for skip in report.not_run),
        notices=tuple(map(through, report.notices)),
        roster=replace(roster, sheets=sheets) if roster else None,
    )


def covered_report(report: Report) -> Report:
    """``report`` without personal numbers in any sentence around its table; the table itself its writer hides (``masked``)."""
    return told(report, covered, covered_origin)
