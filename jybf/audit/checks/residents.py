"""Whether people, and the sheets they stand on, are of the place whose policy they are paid by."""

import polars as pl

from jybf.audit.book import FEN, Book
from jybf.audit.regions import PROVINCES
from jybf.audit.registry import check
from jybf.audit.scope import pays
from jybf.audit.wording import found, said, shown, stack
from jybf.model import DOUBT, SHEET, Pack, Program
from jybf.vocabulary.facts import DEFAULT, by
from jybf.vocabulary.values.addresses import Place, place_of_title
from jybf.vocabulary.values.places import areas, counties

PERSON, HOME, COUNTY = "身份证号", "户籍省", "户籍县"
STATED = 1  # the way to know it: its own cell
FEWEST = 3  # numbers of elsewhere on one sheet: a single person may have married into the place
BEFORE = {"重庆市": "四川省"}  # where numbers were given out before there was the province


def of_people(program: Program) -> bool:
    """Paid to people or households themselves: employers may lawfully have workers from anywhere."""
    return pays(program) and program.payee in ("个人", "户")


@check("JY214", about=of_people)
def home_elsewhere(book: Book) -> pl.DataFrame:
    """A stated home outside the province, or outside the county, that the rule pack is of."""
    province, county = _own(book.pack)
    rows = book.claims(of_people)
    stated = pl.col(HOME).is_not_null() & (pl.col(by(HOME)) != DEFAULT if by(HOME) in rows.columns else pl.lit(value=True))
    elsewhere = rows.filter(stated & (pl.col(HOME) != province)) if province else rows.clear()
    known = {name: area.province for name, area in counties().items()}
    of_county = pl.col(COUNTY).replace_strict(known, default=None, return_dtype=pl.String)
    beyond = pl.col(COUNTY) != county if county else of_county != province
    written = pl.col(by(COUNTY)) == STATED if by(COUNTY) in rows.columns else pl.lit(value=True)  # the title's is told once
    abroad = rows.filter(~stated.fill_null(value=False) | (pl.col(HOME) == province), written)
    abroad = abroad.filter(of_county.is_not_null() & beyond)
    abroad = abroad if province else rows.clear()
    policy = said("，用的却是", book.pack.name, "的政策")
    return stack(
        found(elsewhere, HOME, said("户籍在", shown(HOME), policy), want=book.pack.name, level=DOUBT, fen=pl.col(FEN)),
        found(abroad, COUNTY, said("户籍在", shown(COUNTY), policy), want=book.pack.name, level=DOUBT, fen=pl.col(FEN)),
    )


@check("JY214", needs=(PERSON,), about=pays)
def sheet_of_elsewhere(book: Book) -> pl.DataFrame:
    """A sheet whose title begins with another place, or most of whose people have numbers of another province."""
    province, county = _own(book.pack)
    if not province:
        return stack()
    titles = {sheet.index: place_of_title((sheet.title, sheet.name)) for sheet in book.roster.sheets}
    strange = {index: _words(place) for index, place in titles.items() if place and _is_elsewhere(place, province, county)}
    rows = book.claims()
    named = pl.col(SHEET).replace_strict(strange, default=None, return_dtype=pl.String)
    titled = rows.filter(named.is_not_null())
    numbered = _numbered(book.claims(of_people).filter(~pl.col(SHEET).is_in(list(strange))), province)
    policy = said("，用的却是", book.pack.name, "的政策")
    by_title = said("这张表的表题、表名写着“", named, "”", policy)
    by_number = said("这张表多半是", pl.col("_省"), "的证号", policy)
    return stack(
        found(titled, PERSON, by_title, want=book.pack.name, level=DOUBT, fen=pl.col(FEN)),
        found(numbered, PERSON, by_number, want=book.pack.name, level=DOUBT, fen=pl.col(FEN)),
    )


def _own(pack: Pack) -> tuple[str, str]:
    """The province, and the county if it is one's, that ``pack`` is of; "" for the country's."""
    own = [areas()[name] for name in pack.places if name in areas()]
    return next((area.province for area in own), ""), next((area.name for area in own if area.level == "县级"), "")


def _is_elsewhere(place: Place, province: str, county: str) -> bool:
    return place.province != province or bool(county and place.county and place.county != county)


def _words(place: Place) -> str:
    return place.county or place.city or place.province or ""


def _numbered(rows: pl.DataFrame, province: str) -> pl.DataFrame:
    """Those of ``rows`` with a number of elsewhere, ``_省``, on sheets of which most people have one."""
    held = rows.with_columns(pl.col(PERSON).str.slice(0, 2).replace_strict(PROVINCES, default=None).alias("_省"))
    strange = ~pl.col("_省").is_in([province, BEFORE.get(province, province)])
    many = strange.sum().over(SHEET)
    return held.filter(strange & (many >= FEWEST) & (many * 2 > pl.col("_省").count().over(SHEET)))
