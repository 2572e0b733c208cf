"""Rows about one person, two by two: what stands in one place against what stands in another, in the input or the history."""

from collections.abc import Callable, Iterable, Sequence

import polars as pl

from jybf.audit.book import OF_LIST, PLACE, Book, theirs
from jybf.audit.overlap import Pairs, Time, same_employer
from jybf.model import ROW, SHEET, last
from jybf.roster import fold_name
from jybf.vocabulary.frames import at
from jybf.vocabulary.keys import PERSON, SHORT

CODE, NAME, EMPLOYER = "统一社会信用代码", "单位名称", "单位"
HOME = ("户编号", "户主身份证号")
# Rows of one key that are compared: ten years of months. A placeholder for an ID or a household must not square itself.
MOST = 120
# The roster's keys and the list's: one household, or one of the two its head.
_SAME = (("_长",), (HOME[0], "_主"), (HOME[0], "行政村"), HOME[1:])
_TOGETHER = (*((key, key) for key in _SAME), (HOME[1:], (PERSON,)), ((PERSON,), HOME[1:]))
ALL = pl.lit(value=True)
_AT, _PART = "_at", 1 << 15  # pairs whose facts are looked at at once


def paired(
    book: Book, mine: pl.DataFrame, others: pl.DataFrame, key: str = "身份证号", *, where: pl.Expr = ALL, later: bool = False
) -> pl.DataFrame:
    """Each of ``mine`` that is of the input with each earlier of ``others`` that has its ``key``; history comes before all.

    ``later``: with each later one too, for each of ``mine`` is to be told of all ``others``. Of these pairs the ones of which
    ``where`` is TRUE; it looks at a part of them at a time, for the facts of both sides stand in each.

    As :meth:`Book.hits` has it: the other's facts have the names that :func:`theirs` gives, ``_处`` is where it stands.
    """
    asked = _most(_keyed(mine, key).filter(pl.col(ROW) >= 0), key)
    near = _most(_keyed(others, key), key)
    pairs = asked.join(near, on=key, how="inner", suffix=OF_LIST, maintain_order="left_right")
    pairs = pairs.filter(pl.col(theirs(ROW)) != pl.col(ROW) if later else pl.col(theirs(ROW)) < pl.col(ROW))
    return pl.concat([_beside(book, mine, others, part, key).filter(where) for part in _parts(pairs)])


def _keyed(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """``rows`` whose ``key`` is known, by their place: no more than is needed to join them."""
    return rows.select(ROW, key).with_row_index(_AT).drop_nulls(key)


def _parts(pairs: pl.DataFrame) -> Iterable[pl.DataFrame]:
    return pairs.iter_slices(_PART) if pairs.height else [pairs]


def _beside(book: Book, mine: pl.DataFrame, others: pl.DataFrame, pairs: pl.DataFrame, key: str) -> pl.DataFrame:
    """``pairs`` of places in ``mine`` and ``others`` with the facts of both."""
    there = at(others, pairs[theirs(_AT)]).select(pl.exclude(key).name.suffix(OF_LIST))
    return at(mine, pairs[_AT]).with_columns(book.where(pairs[theirs(ROW)]).alias(PLACE)).hstack(there)


def strangers(mine: pl.DataFrame, others: pl.DataFrame, key: str = "身份证号") -> bool:
    """Whether no row of ``mine`` has its ``key`` in common with another of ``others``: as a rule, and then none is compared.

    To look closely at no pair at all takes as long as to look at a hundred.
    """
    known = mine[key].drop_nulls()
    return not (known.is_duplicated() if mine is others else known.is_in(others[key].drop_nulls().implode())).any()


def _most(rows: pl.DataFrame, *key: str) -> pl.DataFrame:
    """At most :data:`MOST` of each key, the last of them: what is in the input goes before the history."""
    return rows.filter(pl.int_range(pl.len(), 0, -1).over(key) <= MOST) if rows.height else rows


def first(pairs: pl.DataFrame, *before: str) -> pl.DataFrame:
    """One line a row: the first of its pairs, those come first of which the Boolean columns ``before`` are TRUE."""
    down = [True] * len(before)
    ordered = pairs.sort(ROW, *before, descending=[False, *down], nulls_last=True, maintain_order=True)
    return ordered.unique(ROW, keep="first", maintain_order=True)


def both(book: Book, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A line for each row that is in one of ``pairs``, with ``_处``: the later of a pair, and the earlier of the input.

    Each tells of the first that it was paired with, whatever that one was paired with before: it is the same wherever the
    rows of its key are together.
    """
    back = pairs.select(pl.col(theirs(ROW)).alias(ROW), book.where(pairs[ROW]).alias(PLACE))
    back = back.unique(ROW, keep="first", maintain_order=True)
    return first(pairs), book.rows.join(back, on=ROW, how="inner", maintain_order="left")


def other_employer() -> pl.Expr:
    """Whether a pair surely names two employers: two codes, as a firm and its branch have, or two names.

    Null: unknown, as where one has only a code and the other only a name.
    """
    codes = pl.col(CODE) != pl.col(theirs(CODE))
    same = same_employer((pl.lit(None, pl.String), pl.col(NAME)), (pl.lit(None, pl.String), pl.col(theirs(NAME))))
    return pl.coalesce(codes, (pl.col(EMPLOYER) != pl.col(theirs(EMPLOYER))) & ~same)


def surely(time: Time, possible: Time, other: Time, others: Time) -> pl.Expr:
    """Whether two times share a day wherever their unknown days lie: the certain parts meet, or one is all within the other.

    ``possible`` and ``others`` reach from the first to the last possible day.
    """
    meet = (time[0] <= other[1]) & (other[0] <= time[1]) & (time[0] <= time[1]) & (other[0] <= other[1])
    around = (time[0] <= others[0]) & (others[1] <= time[1])
    within = (other[0] <= possible[0]) & (possible[1] <= other[1])
    return pl.any_horizontal(test.fill_null(value=False) for test in (meet, around, within))


def payee() -> pl.Expr:
    """Who is paid: the person by number, else whoever has the name at the employer; where nobody is named, the employer.

    Null: nobody is known.
    """
    named = pl.concat_str([fold_name(pl.col("姓名")), EMPLOYER], separator="|")
    of_that_name = pl.when(named.is_not_null()).then(pl.coalesce(pl.col("身份证号").max().over(named), named))
    return pl.coalesce("身份证号", of_that_name, pl.when(pl.col("姓名").is_null()).then(EMPLOYER))


def only_named() -> pl.Expr:
    """Whether a row names a person and gives no number."""
    return pl.col("身份证号").is_null() & pl.col("姓名").is_not_null()


def of_months(pairs: Pairs, named: Callable[[str], str] = str) -> Time:
    """The months that are paid for, as first and last day, of the first of ``pairs`` of date fields known to the month."""
    since = until = pl.lit(None, pl.Date)
    for start, end in reversed(pairs):
        a, b = (pl.col(named(name)) for name in (start, last(start)))
        c, d = (pl.col(named(name)) for name in (end, last(end)))
        one = a.dt.month_start() == b.dt.month_start()
        known = one if start == end else one & (c.dt.month_start() == d.dt.month_start()) & (a <= d)
        since = pl.when(known).then(a.dt.month_start()).otherwise(since)
        until = pl.when(known).then(d.dt.month_end()).otherwise(until)
    return since, until


def months_in(time: Time) -> pl.Expr:
    """How many calendar months ``time`` (whole months) has."""
    since, until = time[0].dt, time[1].dt
    return (until.year().cast(pl.Int64) - since.year()) * 12 + until.month().cast(pl.Int64) - since.month() + 1


def home() -> pl.Expr:
    """The household; a short number counts from one again in every village, or in every sheet that names none."""
    number, village = pl.col(HOME[0]), pl.coalesce("行政村", pl.format("表 {}", SHEET))
    local = pl.concat_str([number, pl.col("乡镇").fill_null(""), village], separator="|")
    return pl.when(number.str.len_chars() < SHORT).then(local).otherwise("户")


def of_household(book: Book, kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Each of ``rows`` with each row of the list about its household; all of the list's facts are named by :func:`theirs`.

    A short number of a household may be another village's: then the head's name or the village has to be the same too.
    """
    mine, listed = _with_homes(rows), _with_homes(book.listed(kind))
    frames = [_of_one_home(mine, listed, key, by) for key, by in _TOGETHER]
    return pl.concat(frames, how="diagonal").unique([ROW, PLACE], keep="first", maintain_order=True)


def _with_homes(rows: pl.DataFrame) -> pl.DataFrame:
    long = pl.when(pl.col(HOME[0]).str.len_chars() >= SHORT).then(HOME[0])
    return rows.with_columns(long.alias("_长"), fold_name(pl.col("户主姓名")).alias("_主"))


def _of_one_home(mine: pl.DataFrame, listed: pl.DataFrame, key: Sequence[str], by: Sequence[str]) -> pl.DataFrame:
    told = _most(listed.filter(pl.col(name).is_not_null() for name in by), *by)
    own = (pl.col(theirs_).alias(ours) for theirs_, ours in zip(by, key, strict=True))
    told = told.select(*own, PLACE, pl.exclude(PLACE, "_长", "_主").name.suffix(OF_LIST))
    return mine.join(told, on=list(key), how="inner", maintain_order="left_right").drop("_长", "_主")
