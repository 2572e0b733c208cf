"""What is paid once and claimed twice while a claim is undecided: no verdict holds such rows against each other."""

from collections.abc import Sequence

import polars as pl

from jybf.audit.book import FEN, PLACE, Book, theirs
from jybf.audit.pairs import first, paired
from jybf.audit.wording import either, first_known, found, said, shown, stack
from jybf.model import DOUBT, INCOMPLETE, RESULTS, ROW, Program
from jybf.policy import derivation
from jybf.vocabulary.facts import GOVERNING_YEAR
from jybf.vocabulary.keys import alternatives

KEY, YEAR = "_键", "_年"
OPEN = RESULTS.index(INCOMPLETE)
ADVICE = "补齐资料后重新核定，只发一笔；已发的追回。"


def pointed(program: Program) -> tuple[str, ...]:
    """The cells from which it is known whom the programme pays once: the row's own, not the engine's key."""
    key = next(key for key in (*program.once, "身份证号") if key != GOVERNING_YEAR)
    return derivation.pointed(key)


def claimed_twice(book: Book, program: Program, rows: pl.DataFrame, code: str) -> pl.DataFrame:
    """Each later claim of two that share what ``program`` pays once for, where one of the two is undecided.

    ``rows``: those of the programme that are not refused, with their verdicts.
    """
    if not program.once or not (rows["结果"] == OPEN).any():
        return stack()
    pairs = first(_pairs(book, program, rows))
    keys = [key for key in program.once if key != GOVERNING_YEAR]
    by = either(_same_year(), "、".join(program.once), "、".join(keys))
    doubt = either(_same_year(), "", "，看不出是不是同一年")
    problem = said("同一", by, f"的{program.id}还有一笔，见", pl.col(PLACE), doubt, "；只能核定一次，还有资料没有补齐")
    mine = rows.join(pairs.select(ROW, problem.alias("_文")), on=ROW, how="inner", maintain_order="left")
    field, now = first_known(pointed(program)), pl.coalesce(*map(shown, pointed(program)))
    ground = program.source + program.cite
    return found(mine, field, pl.col("_文"), now=now, ground=ground, todo=ADVICE, level=DOUBT, code=code, fen=pl.col(FEN))


def _same_year() -> pl.Expr:
    return (pl.col(YEAR) == pl.col(theirs(YEAR))).fill_null(value=False)


def _pairs(book: Book, program: Program, rows: pl.DataFrame) -> pl.DataFrame:
    """Two claims, one of them undecided, of one key and of one year; in the input also of a year that isn't known.

    Of payments before, whose years are many, one of an unknown year says nothing.
    """
    past = book.past.filter(pl.col("项目") == book.pack.programs.index(program))
    return pl.concat([_sharing(book, per, rows, past) for per in alternatives(program.once)])


def _sharing(book: Book, per: Sequence[str], rows: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    mine = _keyed(per, rows, pl.col("年度"), pl.col("结果"))
    others = _keyed(per, past, pl.col(GOVERNING_YEAR), pl.lit(None, pl.Int64))
    asked = mine.filter(pl.col("结果") == OPEN).select(KEY).unique()
    mine = mine.join(asked, on=KEY, how="semi", maintain_order="left")
    pairs = paired(book, mine, pl.concat([others, mine]), KEY)
    unknown = pl.any_horizontal(pl.col(YEAR, theirs(YEAR)).is_null()) & (pl.col(theirs(ROW)) >= 0)
    undecided = (pl.col("结果") == OPEN) | (pl.col(theirs("结果")) == OPEN).fill_null(value=False)
    return pairs.filter(undecided & (_same_year() | unknown))


def _keyed(per: Sequence[str], rows: pl.DataFrame, year: pl.Expr, result: pl.Expr) -> pl.DataFrame:
    keys = [pl.col(key) for key in per if key != GOVERNING_YEAR]
    at = year if GOVERNING_YEAR in per else pl.lit(0)  # without a year in its key all are of one
    return rows.select(
        ROW, pl.concat_str(keys, separator="|").alias(KEY), at.cast(pl.Int64).alias(YEAR), result.alias("结果").cast(pl.Int64)
    )
