"""What a roster of workers leaves blank beside what it fills in, and spells of work that run into each other."""

from functools import cache

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book
from jybf.audit.counties import names_county
from jybf.audit.overlap import same_employer
from jybf.audit.registry import check
from jybf.audit.scope import tier
from jybf.audit.wording import either, first_known, found, said, shown
from jybf.model import ROW, bad, last
from jybf.vocabulary.values.places import areas

PLACES = ("务工县", "务工市", "务工省", "务工地点", "务工区域")
MONTHS = ("务工月数", "稳定就业月数", "务工开始日期", "就业开始日期")
UNDIVIDED = "东莞|中山|儋州|嘉峪关|三沙"  # cities without counties
NARROW = "[县旗镇乡区路街村]"  # whatever has any of these in its name is less than a city
WIDE = "自治区|镇江|景德镇|新乡|萍乡"  # … but for these
SPELLS = 60  # rows of one number: more are no person's
START, END = "务工开始日期", "务工结束日期"
NOW = "(?:至今|现在|目前)$"


def _blank(book: Book, *names: str) -> pl.Expr:
    """Whether all of ``names`` are blank; what is there and can't be read is not (JY902 tells of it)."""
    unread = [pl.col(bad(name)).fill_null(value=False) for name in names if bad(name) in book.rows.columns]
    return pl.all_horizontal(*(pl.col(name).is_null() for name in names), *(~mark for mark in unread))


@check("JY112", needs=("务工月数", PLACES), about=tier)
def months_without_a_place(book: Book) -> pl.DataFrame:
    rows = book.of(tier).filter(CLAIMS, pl.col("务工月数") > 0, _blank(book, *PLACES))
    problem = said("填了务工 ", pl.col("务工月数"), " 个月，没有填在哪里务工")
    return found(rows, "务工地点", problem, want="填务工省、市、县")


@check("JY112", needs=("务工月数", "务工单位"), about=tier)
def months_without_an_employer(book: Book) -> pl.DataFrame:
    rows = book.of(tier).filter(CLAIMS, pl.col("务工月数") > 0, _blank(book, "务工单位"))
    problem = said("填了务工 ", pl.col("务工月数"), " 个月，没有填务工单位")
    return found(rows, "务工单位", problem, want="填单位；打零工的写“灵活就业”")


@check("JY112", needs=("月工资", MONTHS), about=tier)
def wages_without_months(book: Book) -> pl.DataFrame:
    rows = book.of(tier).filter(CLAIMS, pl.col("月工资") > 0, _blank(book, *MONTHS))
    return found(rows, "务工月数", said("填了月工资 ", shown("月工资"), " 元，没有填务工月数或起止"), want="填务工月数")


@check("JY112", needs=("身份证号", "姓名"))
def number_without_a_name(book: Book) -> pl.DataFrame:
    rows = book.rows.filter(CLAIMS, pl.col("身份证号").is_not_null(), _blank(book, "姓名"))
    return found(rows, "姓名", "申领了钱，有身份证号，没有姓名", want="填姓名", fen=pl.col(FEN))


@check("JY114", needs=(("务工县", "务工市", "务工地点"),), about=tier)
def place_without_its_county(book: Book) -> pl.DataFrame:
    """A province or a city is known, and nothing narrower, be it that a city of the rank of a county stands for the city.

    A city that is written once more as its own county says nothing narrower either.
    """
    twice = (_short(pl.col("务工县")) == _short(pl.col("务工市"))).fill_null(value=False)
    rows = book.of(tier).filter(
        CLAIMS, _blank(book, "务工县") | twice, pl.any_horizontal(pl.col("务工省", "务工市", "务工地点").is_not_null())
    )
    city = pl.col("务工市")
    narrow = (pl.col(name).str.replace_all(WIDE, "").str.contains(NARROW) for name in ("务工市", "务工地点"))
    enough = pl.any_horizontal(city.str.contains(UNDIVIDED), city.is_in(_counties().implode()), *narrow)
    rows = rows.filter(~enough.fill_null(value=False))
    rows = rows.filter(~_goes_on(rows, "务工市"), ~_goes_on(rows, "务工地点"))
    field = first_known(("务工地点", "务工市", "务工省"))
    now = pl.coalesce("务工地点", "务工市", "务工省")
    return found(rows, field, said("务工地点只写到“", now, "”，没有写到县（市、区）"), now=now, want="写到县（市、区）")


def _goes_on(rows: pl.DataFrame, name: str) -> pl.Expr:
    """Whether a county's name follows, often without its last word: 北京朝阳."""
    text = pl.concat_str(pl.col("务工省").fill_null(""), pl.col(name))
    texts = rows.select(text.alias("_")).to_series().drop_nulls().unique()
    told = pl.Series([text for text in texts if names_county(text)], dtype=pl.String)
    return text.is_in(told.implode()).fill_null(value=False)


def _short(city: pl.Expr) -> pl.Expr:
    return city.str.replace_all(r"\s", "").str.strip_suffix("市")


@cache
def _counties() -> pl.Series:
    """What counties are called, in full or in short."""
    return pl.Series(sorted(name for name, area in areas().items() if area.level == "县级"))


@check("JY115", needs=("身份证号", START, END))
def spell_before_the_last_one_ended(book: Book) -> pl.DataFrame:
    """Two spells of one person that surely overlap, at two employers or in two provinces, or each longer at its own end.

    One spell that is told twice (from the same day, or one within the other at the same place) is no contradiction.
    """
    away = _still_away(book).implode()
    own = book.claims().with_columns(_until_now(pl.col(ROW).is_in(away)))
    rows = pl.concat([own, book.past.unique(ROW)], how="diagonal_relaxed").filter(
        pl.col("身份证号").is_not_null(), pl.col(START) <= pl.col(END)
    )
    spell = ("身份证号", "务工单位", "单位名称", "统一社会信用代码", "务工省", START, END, last(START), last(END))
    rows = rows.filter(pl.len().over("身份证号").is_between(2, SPELLS)).select(ROW, FEN, *spell).sort(ROW)
    once = rows.unique(spell, keep="first", maintain_order=True)  # one spell may be told every month
    pairs = rows.join(once, on="身份证号", suffix="_前").filter(pl.col(ROW) >= 0, pl.col(f"{START}_前") <= pl.col(START))
    pairs = pairs.filter((pl.col(ROW) != pl.col(f"{ROW}_前")) & (pl.col(last(START)) < pl.col(f"{END}_前")))
    pairs = pairs.filter(pl.col(f"{last(START)}_前") < pl.col(END), _apart()).sort(ROW, f"{START}_前", f"{ROW}_前")
    pairs = pairs.unique(ROW, keep="first", maintain_order=True)
    still = pl.col(f"{ROW}_前").is_in(away)
    before = said(pl.col(f"{START}_前"), either(still, " 至今，填表时是 ", " 至 "), pl.col(f"{END}_前"))
    problem = said("这次务工开始时，上一次（", before, "）还没有结束，见", book.where(pairs[f"{ROW}_前"]))
    return found(pairs, START, problem, want=said("不早于 ", pl.col(f"{END}_前")), fen=pl.col(FEN))


def _still_away(book: Book) -> pl.Series:
    """``_row`` of the spells that are said to last until now."""
    cells = book.roster.problems.filter(pl.col("字段") == END, pl.col("原文").str.replace_all(r"\s", "").str.contains(NOW))
    return cells[ROW].unique()


def _until_now(away: pl.Expr) -> pl.Expr:
    """The end of a spell; of one until now (``away``) the day that this was written, or later: nobody knows its last."""
    return pl.when(pl.col(END).is_null() & away).then(pl.coalesce("申请日期", "填报日期")).otherwise(END).alias(END)


def _apart() -> pl.Expr:
    """Whether a pair of spells can't be one and the same."""
    employer = pl.coalesce("务工单位", "单位名称"), pl.coalesce("务工单位_前", "单位名称_前")
    codes = pl.col("统一社会信用代码"), pl.col("统一社会信用代码_前")
    same = same_employer((codes[0], employer[0]), (codes[1], employer[1]))
    province = (pl.col("务工省") != pl.col("务工省_前")).fill_null(value=False)
    later = (pl.col(START) > pl.col(f"{last(START)}_前")) & (pl.col(END) > pl.col(f"{last(END)}_前"))
    mirrored = (pl.col(START) == pl.col(f"{START}_前")) & (pl.col(ROW) < pl.col(f"{ROW}_前"))
    return (~same.fill_null(value=True) | province | later) & ~mirrored
