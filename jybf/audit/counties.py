"""Counties: whether somebody works outside their own, and which county a row of the roster is of."""

import re
from collections.abc import Callable
from functools import cache

import polars as pl

from jybf.audit.book import Book, theirs
from jybf.model import SHEET
from jybf.regex import pattern
from jybf.vocabulary.values.addresses import county_in
from jybf.vocabulary.values.places import Area, areas
from jybf.vocabulary.values.text import plain

COUNTY = "户籍县"
MINE = "_县"  # the county that a row of the roster is of
OUTSIDE = ["省外", "省内县外"]
_FORM = r"(自治县|自治旗|林区|[县区旗市])$"
_BETWEEN = pattern(r"[-—–/、,·]|^中国")
_LONGEST = 12  # characters of an official name

# Districts that several cities have, which rules/areas.csv leaves out: in short, and where.
NAMESAKES = {
    "朝阳": "北京市 吉林省", "通州": "北京市 江苏省", "和平": "天津市 辽宁省", "河东": "天津市 山东省", "长安": "河北省 陕西省",
    "桥西": "河北省", "桥东": "河北省", "新华": "河北省 河南省", "新城": "内蒙古自治区 陕西省", "青山": "内蒙古自治区 湖北省",
    "铁西": "辽宁省 吉林省", "铁东": "辽宁省 吉林省", "海州": "辽宁省 江苏省", "向阳": "黑龙江省", "南山": "广东省 黑龙江省",
    "宝山": "上海市 黑龙江省", "普陀": "上海市 浙江省", "鼓楼": "江苏省 福建省 河南省", "西湖": "浙江省 江西省",
    "江北": "浙江省 重庆市", "永定": "福建省 湖南省", "市中": "山东省 四川省", "白云": "广东省 贵州省",
    "城中": "广西壮族自治区 青海省", "城关": "甘肃省 西藏自治区",
}  # fmt: skip


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


def names_county(text: str) -> bool:
    """Whether behind a province or a city ``text`` goes on with a county of the province, be it without 县, 市 or 区.

    The name of a city is never that of the county in it: 辽宁朝阳 is the city.
    """
    rest, province = _BETWEEN.sub("", plain(text)), ""
    for level in ("省级", "省级", "地级"):  # a column of provinces and an address may both name it
        for area, more in _first(rest, level):
            if province in {"", area.province}:
                rest, province = more, area.province
    return bool(province) and rest.startswith(_shortened(province))


def _first(text: str, level: str) -> list[tuple[Area, str]]:
    """The longest area of ``level`` that ``text`` begins with, and what follows; empty if there is none."""
    for end in range(min(len(text), _LONGEST), 1, -1):
        area = areas().get(text[:end])
        if area and area.level == level:
            return [(area, text[end:].removeprefix(area.name[-1] if text[:end] != area.name else ""))]
    return []


@cache
def _shortened(province: str) -> tuple[str, ...]:
    """What the counties of ``province`` are called without their last word; a single character is no name by itself."""
    names = [re.sub(_FORM, "", name) for name, area in areas().items() if area.level == "县级" and area.province == province]
    names += [name for name, provinces in NAMESAKES.items() if province in provinces.split()]
    return tuple(name for name in names if len(name) > 1)


def _level(name: str) -> str:
    area = areas().get(name)
    return area.level if area else ""
