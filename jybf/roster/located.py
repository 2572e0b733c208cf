"""Where people are from and where they work: the columns of province, prefecture, county and region of a row held together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.roster.cast import PROBLEMS, no_problems
from jybf.vocabulary.frames import in_parts, looked_up, unique
from jybf.vocabulary.values.addresses import locate_county
from jybf.vocabulary.values.places import areas, counties
from jybf.vocabulary.values.text import UNCHECKED, Unreadable, is_nothing, plain

WORK, HOME = ("务工省", "务工市", "务工县"), ("户籍省", "户籍市", "户籍县")
REGION = "务工区域"
_SAID, _ADDRESS = "_说的区域", "_地点的县"
_COLUMNS = (*WORK, *HOME, REGION, _SAID, _ADDRESS)
_WITHIN = {"省外": {"省外"}, "省内": {"省内", "省内县外", "县内"}, "省内县外": {"省内", "省内县外"}, "县内": {"省内", "县内"}}


class _Side(msgspec.Struct, frozen=True):
    """Where somebody is from, or works; ``faults``: field → why its cell can't be believed."""

    province: str | None = None
    city: str | None = None
    county: str | None = None
    region: str | None = None
    faults: tuple[tuple[str, str], ...] = ()

    def without(self, *faults: tuple[str, str]) -> _Side:
        return replace(self, faults=(*self.faults, *faults))


def located(
    values: Mapping[str, pl.Series], said: Mapping[str, pl.Series], texts: Mapping[str, pl.Series], title: str
) -> tuple[dict[str, pl.Series], pl.DataFrame]:
    """The columns of places by their official names, and PROBLEMS where two cells contradict each other.

    ``said``: what composite cells say of REGION and of the county of work beside these fields' own columns; ``texts``: the
    cells as written; ``title``: the county of the title, or "".
    """
    if not {WORK[2], HOME[2], WORK[1]} & set(values) and not (REGION in values and REGION in said):
        return {}, no_problems()
    given = {
        **{name: values.get(name) for name in (*WORK, *HOME, REGION)},
        _SAID: said.get(REGION),
        _ADDRESS: said.get(WORK[2]),
    }
    rows = pl.DataFrame([cells.alias(name) for name, cells in given.items() if cells is not None and cells.count()])
    distinct = unique(rows)
    written = [dict.fromkeys(_COLUMNS) | row for row in distinct.iter_rows(named=True)] or [dict.fromkeys(_COLUMNS)]
    sides = [_sides(row, title) for row in written]
    index = _index(rows, distinct, next(iter(values.values())).len())
    return _columns(sides, written, index), _problems(sides, index, texts)


def _index(rows: pl.DataFrame, distinct: pl.DataFrame, height: int) -> pl.Series:
    """Which of the ``distinct`` rows each of ``rows`` is; the first where nothing is told."""
    if not rows.width:
        return pl.Series([0], dtype=pl.UInt32).new_from_index(0, height)
    numbered = distinct.with_row_index("_n")
    return in_parts(lambda part: looked_up(part, numbered, *rows.columns, nulls_equal=True)["_n"], rows)


def _columns(
    sides: Sequence[tuple[_Side, _Side]], written: Sequence[Mapping[str, str | None]], index: pl.Series
) -> dict[str, pl.Series]:
    """The columns that are otherwise than as they were ``written``."""
    found: dict[str, list[str | None]] = {REGION: [work.region for work, _ in sides]}
    for side, names in enumerate((WORK, HOME)):
        for name, part in zip(names, ("province", "city", "county"), strict=True):
            found[name] = [getattr(both[side], part) for both in sides]
    told = {name: texts for name, texts in found.items() if texts != [row[name] for row in written]}
    return {name: pl.Series(name, texts, dtype=pl.String).gather(index) for name, texts in told.items()}


def _problems(sides: Sequence[tuple[_Side, _Side]], index: pl.Series, texts: Mapping[str, pl.Series]) -> pl.DataFrame:
    found = [no_problems()]
    for n, both in enumerate(sides):
        for field, reason in (fault for side in both for fault in side.faults):
            at = (index == n).arg_true().cast(pl.Int64)
            written = texts[field].gather(at) if field in texts else pl.Series([""]).new_from_index(0, at.len())
            found.append(
                pl.DataFrame({"_row": at, "原文": written.fill_null("")}).select(
                    "_row", pl.lit(field).alias("字段"), "原文", pl.lit(reason).alias("原因"), pl.lit(UNCHECKED).alias("编号")
                )
            )
    return pl.concat(found).select(list(PROBLEMS))


def _sides(row: Mapping[str, str | None], title: str) -> tuple[_Side, _Side]:
    home = _home(row)
    known = home.province or _province_of(home.county or title)
    work = _region(_with_address(_work(row, known), row[_ADDRESS]), row)
    if work.region == "县内" and not work.county:
        work = replace(work, county=home.county or title or None)
    work = _against_home(work, replace(home, province=known, county=home.county or title or None))
    if not home.city and work.city and not work.county:  # a prefecture alone is compared with that of the own county
        home = replace(home, city=_city_of(home.county or title))
    return work, home


def _home(row: Mapping[str, str | None]) -> _Side:
    province, city, county = (row[name] for name in HOME)
    place = locate_county(county, province) if county else None
    side = _Side(province, _city(city), county)
    if isinstance(place, str):  # 本县 is that of the title
        return replace(side, county=None)
    if isinstance(place, Unreadable):  # it matters where it is compared with that of the work
        compared = row[WORK[2]] or row[_ADDRESS]
        return replace(side, county=None).without((HOME[2], place.reason)) if compared else side
    if place is None:
        return side
    if province and place.province and place.province != province:
        reason = f"{place.county or place.city}在{place.province}，与户籍省“{province}”矛盾"
        return _Side(city=side.city).without((HOME[2], reason), (HOME[0], reason))
    return replace(side, province=province or place.province, city=side.city or place.city, county=place.county or county)


def _work(row: Mapping[str, str | None], home: str | None) -> _Side:
    """Where somebody from the province ``home`` works."""
    province, city, county = (row[name] for name in WORK)
    side = _Side(province, _city(city))
    near = province or home
    place = locate_county(county, near) if county and not is_nothing(plain(county)) else None
    if place is None:
        return _of_city(side)
    if isinstance(place, str):
        return replace(_of_city(side), region=place)
    if isinstance(place, Unreadable):  # where the county matters: in another province it does not
        elsewhere = province and home and province != home
        return _of_city(replace(side, county=county)) if elsewhere else _of_city(side).without((WORK[2], place.reason))
    if province and place.province and place.province != province:
        reason = f"{place.county or place.city}在{place.province}，与务工省“{province}”矛盾"
        return _Side(city=side.city).without((WORK[2], reason), (WORK[0], reason))
    return replace(side, province=province or place.province, city=side.city or place.city, county=place.county)


def _of_city(side: _Side) -> _Side:
    """A city by its official name tells its province too, and must not stand in another one."""
    area = areas().get(side.city or "")
    if not area or area.level == "县级" or not side.province:
        return replace(side, province=side.province or area.province) if area and area.level == "地级" else side
    if area.province == side.province:
        return side
    reason = f"{area.name}在{area.province}，与务工省“{side.province}”矛盾"
    return replace(side, province=None, city=None).without((WORK[1], reason), (WORK[0], reason))


def _with_address(side: _Side, address: str | None) -> _Side:
    """The county of an address beside a column of counties: two of one table that differ are a contradiction."""
    if not (side.county and address) or side.county == address:
        return side
    if not all(name in counties(side.province) for name in (side.county, address)):
        return side
    return replace(side, county=None).without((WORK[2], f"与务工地点的“{address}”矛盾"))


def _region(side: _Side, row: Mapping[str, str | None]) -> _Side:
    """The region of work by its own column, else by what the columns of province and county say instead of a name."""
    said = list(_told(side, row))
    own = row[REGION]
    if any(one not in _WITHIN.get(other, {one}) for one in (own, *said) for other in (own, *said) if one and other):
        words = "、".join(dict.fromkeys(filter(None, said)))
        return replace(side, region=None).without((REGION, f"务工省、务工县填的是“{words}”，与务工区域“{own or words}”矛盾"))
    return replace(side, region=own or next(iter(sorted(filter(None, said), key=len, reverse=True)), None))


def _against_home(work: _Side, home: _Side) -> _Side:
    """A region of work that the names of places speak against is none."""
    there, here = work.county or work.province, home.county or home.province
    province = work.province == home.province if work.province and home.province else None
    county = work.county == home.county if work.county and home.county and province is not False else None
    possible = {
        "省外": province is not True and county is not True,
        "省内": province is not False,
        "省内县外": province is not False and county is not True,
        "县内": province is not False and county is not False,
    }
    if possible.get(work.region or "省内", True) or work.region is None:
        return work
    return replace(work, region=None).without((REGION, f"户籍在{here}，务工在{there}，与“{work.region}”矛盾"))


def _told(side: _Side, row: Mapping[str, str | None]) -> Iterator[str]:
    yield from filter(None, (row[_SAID], side.region))


def _city(text: str | None) -> str | None:
    area = areas().get(plain(text)) if text else None
    return area.name if area else text


def _province_of(county: str | None) -> str | None:
    area = counties().get(county) if county else None
    return area.province if area else None


def _city_of(county: str | None) -> str | None:
    area = counties().get(county) if county else None
    return area.city or None if area else None
