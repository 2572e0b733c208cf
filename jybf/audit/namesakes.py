"""An employer known by its code in one place and only by its name in another: a doubt, for a name is no proof."""

from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from jybf.audit.book import FEN, Book
from jybf.audit.wording import found, said, stack
from jybf.model import DOUBT, REFUSED, RESULTS, ROW, Exclusion, Program
from jybf.roster import fold_name
from jybf.vocabulary.facts import GOVERNING_YEAR

CODE, NAME, EMPLOYER = "统一社会信用代码", "单位名称", "单位"
KEY, CODED, OTHER = "_键", "_有码", "_那"
NEVER = RESULTS.index(REFUSED)
ADVICE = "补全两边的统一社会信用代码，查实是不是同一家；是的，不予发放，已发的追回。"


def same_name(book: Book, program: Program, rows: pl.DataFrame, once: str, excluded: str) -> pl.DataFrame:
    """Claims of an employer that may have had the money already, were the one without a code the other of the same name.

    ``rows``: those of the programme that are not refused, with their verdicts. ``once``, ``excluded``: the codes of its limits.
    """
    frames: list[pl.DataFrame] = []
    if EMPLOYER in program.once:
        mine = _named(program.once, rows, pl.col("年度"))
        pairs = _pairs(mine, [_paid(book, program.id, program.once), mine]).filter(pl.col(OTHER) < pl.col(ROW))
        told = f"{program.id}只核定一次，同名单位还有一笔"
        frames.append(_told(book, rows, pairs, told, program.source + program.cite, once))
    for rule in program.excluded_by:
        if EMPLOYER in rule.per:
            pairs = _pairs(_named(rule.per, rows, pl.col("年度")), _excluding(book, rule))
            told = f"{rule.text}；同名单位的{rule.program}有一笔"
            frames.append(_told(book, rows, pairs, told, program.source + rule.cite, excluded))
    return stack(*frames)


def _excluding(book: Book, rule: Exclusion) -> Iterator[pl.DataFrame]:
    yield _paid(book, rule.program, rule.per)
    if not rule.history:
        here = book.judged(lambda program: program.id == rule.program).filter(pl.col("结果") != NEVER)
        yield _named(rule.per, here, pl.col("年度"))


def _paid(book: Book, name: str, keys: Sequence[str]) -> pl.DataFrame:
    index = next(i for i, program in enumerate(book.pack.programs) if program.id == name)
    return _named(keys, book.past.filter(pl.col("项目") == index), pl.col(GOVERNING_YEAR))


def _named(keys: Sequence[str], rows: pl.DataFrame, year: pl.Expr) -> pl.DataFrame:
    """``keys`` of each row as one, the employer by its whole name, and whether its code is known."""
    own = {EMPLOYER: fold_name(pl.col(NAME)), GOVERNING_YEAR: year}
    parts = [own.get(key, pl.col(key)).cast(pl.String) for key in keys]
    return rows.select(ROW, pl.concat_str(parts, separator="|").alias(KEY), pl.col(CODE).is_not_null().alias(CODED))


def _pairs(mine: pl.DataFrame, others: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Each of ``mine`` with the first of ``others`` of its key that has a code where it has none itself, or the other way."""
    first = pl.concat(others).sort(ROW).unique([KEY, CODED], keep="first", maintain_order=True)
    opposite = first.select(pl.col(ROW).alias(OTHER), KEY, ~pl.col(CODED))
    return mine.drop_nulls(KEY).join(opposite, on=[KEY, CODED], how="inner", maintain_order="left")


def _told(book: Book, rows: pl.DataFrame, pairs: pl.DataFrame, told: str, ground: str, code: str) -> pl.DataFrame:
    place = pairs.select(ROW, book.where(pairs[OTHER]).alias("_处"))
    mine = rows.join(place, on=ROW, how="inner", maintain_order="left")
    problem = said(told, "，见", pl.col("_处"), "；一边没有统一社会信用代码，可能是同一家")
    return found(mine, NAME, problem, ground=ground, todo=ADVICE, level=DOUBT, code=code, fen=pl.col(FEN))
