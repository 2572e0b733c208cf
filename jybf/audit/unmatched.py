"""Payments of the history that can be held against nobody for what they lack: whoever may have had them is told."""

from collections.abc import Iterator

import polars as pl

from jybf.assess.compile import keys_of
from jybf.audit.book import FEN, Book
from jybf.audit.wording import first_known, found, said, shown, stack
from jybf.model import DOUBT, REFUSED, RESULTS, ROW, Program
from jybf.roster import fold_name
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD, PERSON, VILLAGE, column

_THERE, _WHY, _BY, _VALUE = "_那", "_缺", "_凭", "_值"
_NAMES = ("姓名", "单位名称", "户主姓名")
_NUMBERS = ("户编号", "户主身份证号", PERSON)
_NO_HOME = "没有写明是哪一户"
_ENOUGH = 2  # payments of one number of a household: one of them is another's
ADVICE = "查明历史的那一笔发给了谁；是同一人（户、单位）的，不予发放，已发的追回。"


def may_have_been_paid(book: Book, program: Program, rows: pl.DataFrame, code: str) -> pl.DataFrame:
    """Each of ``rows``, verdicts of ``program``, that is not refused and has a name or number of a payment without its keys."""
    told = _said(book, program)
    if told.is_empty():
        return stack()
    rows = book.beside(rows.filter(pl.col("结果") != RESULTS.index(REFUSED)))
    mine = pl.concat(_sources(rows, program)).drop_nulls()
    pairs = mine.join(told, on=[_BY, _VALUE], how="inner", maintain_order="left_right")
    pairs = pairs.join(rows.select(ROW, pl.col(PERSON).alias("_号")), on=ROW, how="left", maintain_order="left")
    other = (pl.col("_号") != pl.col("_他号")).fill_null(value=False)
    decided = (pl.col("_号") == pl.col("_他号")).fill_null(value=False) & (pl.col(_WHY) == _NO_HOME)
    pairs = pairs.filter(~decided, ~other | (pl.col(_BY) != "姓名")).unique(ROW, keep="first", maintain_order=True)
    where = book.where(-1 - pairs[_THERE])
    why = pairs.select(ROW, said(where, "有一笔没有比上（", pl.col(_WHY), "），", pl.col(_BY), "相同").alias("_文"))
    again = rows.join(why, on=ROW, how="inner", maintain_order="left")
    problem, now = said(pl.col("_文"), "，可能已经领过"), pl.coalesce(map(shown, _NAMES[:2]))
    ground = program.source + program.cite
    field = first_known(_NAMES[:2])
    return found(again, field, problem, now=now, ground=ground, todo=ADVICE, level=DOUBT, code=code, fen=pl.col(FEN))


def _said(book: Book, program: Program) -> pl.DataFrame:
    """``_那`` (the history's row), ``_缺``, ``_凭`` and ``_值``: what each payment that may be of ``program`` says of whom."""
    history, unmatched = book.verdicts.history, book.verdicts.unmatched
    if history is None:
        return pl.DataFrame()
    index = book.pack.programs.index(program)
    lacks = pl.DataFrame(unmatched, {ROW: pl.Int64, _WHY: pl.String}, orient="row")
    named = book.past.select((-1 - pl.col(ROW)).alias(ROW), "项目")
    other = named.join(named.filter(pl.col("项目") == index), on=ROW, how="anti").select(ROW).unique()
    lacks = pl.concat([lacks, *_of_no_home(book, program, lacks)])
    rows = history.rows.join(lacks, on=ROW, how="inner", maintain_order="left")
    rows = rows.join(other, on=ROW, how="anti", maintain_order="left")
    own = rows.select(pl.col(ROW), pl.col(_WHY), column(rows, PERSON).alias("_他号"))
    told = pl.concat(_sources(rows, program)).drop_nulls().join(own, on=ROW, how="left", maintain_order="left")
    told = told.rename({ROW: _THERE}).unique([_BY, _VALUE, "_他号"], keep="first", maintain_order=True)
    # By a name only a payment of no number, or of one's own, is meant; by the rest any is, but perhaps one's own.
    return told.filter((pl.col(_BY) == "姓名") | (pl.int_range(pl.len()).over(_BY, _VALUE) < _ENOUGH))


def _of_no_home(book: Book, program: Program, lacks: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Payments that a person's number matches, and nobody else of the household: they don't say which it is."""
    if HOUSEHOLD not in keys_of(program):
        return
    rows = book.past.filter(pl.col("项目") == book.pack.programs.index(program), of_no_home())
    yield rows.select((-1 - pl.col(ROW)).alias(ROW), pl.lit(_NO_HOME).alias(_WHY)).join(lacks, on=ROW, how="anti")


def of_no_home() -> pl.Expr:
    """Whether a payment doesn't say which household it went to: nothing tells, or a name alone."""
    where = [pl.col(name).is_null() for name in (*VILLAGE, "户编号", "户主身份证号")]
    return pl.col(HOUSEHOLD).is_null() | pl.all_horizontal(where)


def _sources(rows: pl.DataFrame, program: Program) -> Iterator[pl.DataFrame]:
    """``_row``, ``_凭`` and ``_值``: the names and numbers by which a row may be of the same payee as another."""
    keys = keys_of(program)
    persons = PERSON in keys or not keys
    asked = {"姓名": persons, PERSON: persons, "单位名称": EMPLOYER in keys and not persons}
    for name in (*_NAMES, *_NUMBERS):
        if asked.get(name, HOUSEHOLD in keys):
            text = fold_name(column(rows, name)) if name in _NAMES else column(rows, name)
            yield rows.select(pl.col(ROW), pl.lit(name).alias(_BY), text.alias(_VALUE))
