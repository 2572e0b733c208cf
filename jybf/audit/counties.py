"""Counties: whether somebody works outside their own, and which county a row of the roster is of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from jybf.audit.book import theirs
from jybf.model import SHEET
from jybf.roster.values.places import areas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jybf.audit.book import Book

COUNTY = "户籍县"
MINE = "_县"  # the county that a row of the roster is of
OUTSIDE = ["省外", "省内县外"]
_FORM = r"(自治县|自治旗|林区|[县区旗市])$"
_NAMED = re.compile(r"[\u4e00-\u9fff]{1,11}?(?:自治县|自治旗|[县区旗市])")


def outside(rows: pl.DataFrame, named: Callable[[str], str] = theirs) -> pl.Expr:
    """Whether ``rows`` work outside their county, by ``named`` columns of place; null: unknown, or the columns disagree.

    A county is another one if neither name is in the other; the name of a prefecture does not say which county of it.
    """
    province = pl.col(named("务工省")) != pl.coalesce("户籍省", named("户籍省"))
    work = pl.col(named("务工县"))
    wide = [name for name in rows[named("务工县")].drop_nulls().unique() if _level(name) in {"地级", "省级"}]
    county = pl.when(~work.is_in(wide)).then(other_county(work, pl.coalesce(COUNTY, named(COUNTY))))
    placed = pl.when(province).then(pl.lit(value=True)).otherwise(county)
    area = pl.col(named("务工区域"))
    stated = pl.when(area.is_in(OUTSIDE)).then(pl.lit(value=True)).when(area == "县内").then(pl.lit(value=False))
    return pl.when(placed != stated).then(None).otherwise(pl.coalesce(placed, stated))


def other_county(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether two names are of two counties: neither is in the other, whatever stands before or behind it."""
    a, b = (name.str.replace_all(r"\s", "").str.replace(_FORM, "") for name in (one, other))
    return ~(a.str.contains(b, literal=True) | b.str.contains(a, literal=True))


def place(named: Callable[[str], str] = theirs) -> pl.Expr:
    """Where somebody works, in words."""
    parts = [pl.col(named(name)) for name in ("务工省", "务工市", "务工县")]
    joined = pl.concat_str([part.fill_null("") for part in parts])
    return pl.coalesce(named("务工地点"), pl.when(joined != "").then(joined), named("务工区域"))


def with_county(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``_县``: its own column, else what the title or who filled the form in says, else the region's; or null."""
    titles = {sheet.index: county_in((sheet.title, sheet.name, sheet.file)) for sheet in book.roster.sheets}
    unit = {text: county_in((text,)) for text in rows["填报单位"].drop_nulls().unique()}
    ours = next((name for name in book.pack.places if _level(name) == "县级"), None)
    titled = pl.col(SHEET).replace_strict(titles, default=None, return_dtype=pl.String)
    filled = pl.col("填报单位").replace_strict(unit, default=None, return_dtype=pl.String)
    return rows.with_columns(pl.coalesce(COUNTY, titled, filled, pl.lit(ours, pl.String)).alias(MINE))


def county_in(texts: Iterable[str]) -> str | None:
    """The only county that ``texts`` name in full; None if there is none, or more than one."""
    names = {name for text in texts for found in _NAMED.finditer(text) for name in _endings(found[0])}
    return names.pop() if len(names) == 1 else None


def _endings(text: str) -> list[str]:
    """The longest end of ``text`` that is a county's full name: 山西省静乐县 ends with one."""
    known = (text[start:] for start in range(len(text)) if text[start:] in areas())
    return [name for name in known if _level(name) == "县级" and areas()[name].name == name][:1]


def _level(name: str) -> str:
    area = areas().get(name)
    return area.level if area else ""
