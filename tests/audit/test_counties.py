"""Counties: which one a text names, whether two names are two, and whether somebody works outside their own."""

from __future__ import annotations

import polars as pl
import pytest

from jybf.audit.book import theirs
from jybf.audit.counties import county_in, other_county, outside

PLACES = ("务工省", "务工县", "务工区域", "户籍省", "户籍县")


@pytest.mark.parametrize(
    ("texts", "county"),
    [
        (("静乐县2021年跨省务工交通补贴花名册", "", ""), "静乐县"),
        (("山西省忻州市静乐县交通补贴", "花名册"), "静乐县"),
        (("2021年交通补贴", "Sheet1", "静乐县.xlsx"), "静乐县"),
        (("静乐县、清徐县交通补贴",), None),
        (("2021年全县交通补贴",), None),
        (("",), None),
    ],
)
def test_a_county_is_read_from_a_text_that_names_one_in_full(texts: tuple[str, ...], county: str | None) -> None:
    assert county_in(texts) == county


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("静乐县", "静乐", False),
        ("忻州市静乐县", "静乐县", False),
        ("静 乐县", "静乐县", False),
        ("静乐县", "清徐县", True),
        ("静乐县", None, None),
    ],
)
def test_two_names_are_two_counties_when_neither_is_in_the_other(one: str, other: str | None, *, differ: bool | None) -> None:
    assert pl.select(other_county(pl.lit(one), pl.lit(other, pl.String))).item() is differ


@pytest.mark.parametrize(
    ("listed", "away"),
    [
        ({"务工省": "浙江省"}, True),
        ({"务工县": "清徐县"}, True),
        ({"务工县": "静乐"}, False),
        ({"务工区域": "省外"}, True),
        ({"务工区域": "县内"}, False),
        ({"务工区域": "省内"}, None),  # within the province: in the county or not
        ({"务工县": "忻州市"}, None),  # the prefecture: any of its counties
        ({"务工省": "浙江省", "务工区域": "县内"}, None),  # the columns contradict each other
        ({}, None),
    ],
)
def test_who_works_outside_the_county(listed: dict[str, str], *, away: bool | None) -> None:
    home = {"户籍省": "山西省", "户籍县": "静乐县"}
    values = {**home, **{theirs(name): listed.get(name) for name in PLACES}}
    rows = pl.DataFrame({name: pl.Series([value], dtype=pl.String) for name, value in values.items()})
    assert rows.select(outside(rows)).item() is away
