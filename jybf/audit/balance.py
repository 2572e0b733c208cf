"""对账: what is claimed under each programme, and what becomes of it, in people, rows and 分, so that both sides add up."""

from collections.abc import Iterator
from itertools import chain

import polars as pl

from jybf.audit.release import LACKS, STANDING, WORDS, asked, gravest
from jybf.audit.roll import CLAIMED, CLAIMING
from jybf.model import (
    ASKED,
    BALANCED,
    CUT_OFF,
    INCOMPLETE,
    PAID,
    REFUSED,
    RESULTS,
    ROW,
    UNASKED,
    UNPAID,
    WAITING,
    Balance,
    Findings,
)

WHOLE, UNNAMED, APART = "合计", "未指明项目", "不涉及"
_LEFT, _RIGHT = BALANCED
_WHO, _FIRST, _WORD, _SIDE = "_谁", "_首", "_归", "_自"
_SIDES = {_SIDE: pl.Enum(_LEFT), _WORD: pl.Enum(_RIGHT)}  # their terms, the gravest first


def balances(findings: Findings, worst: pl.DataFrame | None = None) -> tuple[Balance, ...]:
    """A balance of each programme in the pack's order, then WHOLE; none where checks were left out, or nothing is claimed.

    A person of several rows, and of WHOLE a row of several programmes, counts once: at the first term that any of them
    comes to. ``worst``: :func:`gravest`, where it is at hand.
    """
    lines = pl.DataFrame() if findings.partial else _lines(findings, gravest(findings) if worst is None else worst)
    if lines.is_empty():
        return ()
    names = {index: program.id for index, program in enumerate(findings.verdicts.pack.programs)}
    names |= {len(names): UNNAMED, len(names) + 1: APART}
    parts = ((names[index], lines.filter(pl.col("项目") == index)) for index in lines["项目"].unique().sort())
    return tuple(Balance(name, dict(_terms(part)), int(part[LACKS].sum())) for name, part in chain(parts, [(WHOLE, lines)]))


def _lines(findings: Findings, worst: pl.DataFrame) -> pl.DataFrame:
    """One line a verdict that is claimed or granted: ``_row``, 项目, ``_谁``, the term on each side, and 分 of each term.

    What is refused or waits is so whatever of it was claimed or would be granted; of all else 核减 is what is not granted.
    """
    lines = _apportioned(findings, worst)
    granted, whole = pl.col("分").fill_null(0), pl.col(_WORD).is_in([WAITING, UNPAID])
    both, claimed = pl.max_horizontal(ASKED, granted), (pl.col(ASKED) > 0) | pl.col(LACKS)
    fen = pl.when(whole).then(both).otherwise(granted)
    return lines.filter(claimed | pl.col("分").is_not_null()).with_columns(
        pl.when(claimed).then(pl.lit(ASKED)).otherwise(pl.lit(UNASKED)).cast(_SIDES[_SIDE]).alias(_SIDE),
        (both - pl.col(ASKED)).alias(UNASKED),
        *(pl.when(pl.col(_WORD) == word).then(fen).otherwise(0).alias(word) for word in _RIGHT if word != CUT_OFF),
        (both - fen).alias(CUT_OFF),
    )


def _apportioned(findings: Findings, worst: pl.DataFrame) -> pl.DataFrame:
    """The verdicts with 申领, what of its row's claim each has, and ``_不明``, whether it claims a sum that nobody knows.

    A row's claim goes to what its programmes grant, in their order; what is left of it, to the first.
    """
    lines = _judged(findings, worst).join(asked(findings), on=ROW, how="left", maintain_order="left")
    granted, claimed = pl.col("分").fill_null(0), pl.col(CLAIMED).fill_null(0)
    before, whole = _in_row(granted)
    rest = pl.when(_FIRST).then(pl.max_horizontal(claimed - whole, 0)).otherwise(0)
    _, grants = _in_row(pl.col("分").is_not_null().cast(pl.Int64))
    unclaimed = pl.col(CLAIMED).is_null() & (grants > 0)  # a row that is granted something
    return lines.with_columns(
        (pl.min_horizontal(pl.max_horizontal(claimed - before, 0), granted) + rest).alias(ASKED),
        pl.col(LACKS).fill_null(value=False) & pl.col(_FIRST) & ~unclaimed,
    )


def _in_row(value: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Sums of ``value`` over the lines of a row, which stand together: of those before each line, and of all of them."""
    after = value.cum_sum()
    start = pl.when(_FIRST).then(after - value).forward_fill()
    end = pl.when(pl.col(_FIRST).shift(-1, fill_value=True)).then(after).backward_fill()
    return after - value - start, end - start


def _judged(findings: Findings, worst: pl.DataFrame) -> pl.DataFrame:
    """``_row``, 项目 (as of :func:`_verdicts`), 分, ``_归``, ``_首`` (whether it is the first of its row) and ``_谁``."""
    lines = _verdicts(findings).filter(~pl.col(ROW).is_in(findings.controls)).sort(ROW, "项目")
    lines = lines.join(worst, on=ROW, how="left", maintain_order="left")
    people = findings.roll.select(pl.col(ROW).cast(pl.Int64), "身份证号", "单位")
    lines = lines.join(people, on=ROW, how="left", maintain_order="left")
    word = pl.col(STANDING).replace_strict(WORDS, return_dtype=pl.String)
    refused = pl.when(pl.col("结果") == RESULTS.index(REFUSED)).then(pl.lit(UNPAID)).otherwise(pl.lit(WAITING))
    firms = pl.col("项目").is_in([n for n, each in enumerate(findings.verdicts.pack.programs) if each.tally])
    key = pl.when(firms).then("单位").otherwise("身份证号")
    return lines.select(
        ROW,
        "项目",
        "分",
        pl.when(pl.col("结果") == RESULTS.index(PAID)).then(word).otherwise(refused).cast(_SIDES[_WORD]).alias(_WORD),
        pl.col(ROW).is_first_distinct().alias(_FIRST),
        pl.when(key != "").then(key).otherwise(pl.format("#{}", ROW)).alias(_WHO),
    )


def _verdicts(findings: Findings) -> pl.DataFrame:
    """``_row``, 项目, 分, 结果 of each verdict; beyond the pack's programmes: of rows that name, or match, none."""
    verdicts, beyond = findings.verdicts, len(findings.verdicts.pack.programs)
    own = verdicts.rows.select(pl.col(ROW, "项目", "分", "结果").cast(pl.Int64))
    unnamed = verdicts.unnamed.select(pl.col(ROW).cast(pl.Int64))
    seen = pl.concat([own[ROW], unnamed[ROW], verdicts.merged[ROW].cast(pl.Int64)])
    apart = findings.roll.filter(CLAIMING).select(pl.col(ROW).cast(pl.Int64)).filter(~pl.col(ROW).is_in(seen.implode()))
    others = ((unnamed, INCOMPLETE), (apart, REFUSED))
    more = [
        rows.select(ROW, pl.lit(beyond + n, pl.Int64).alias("项目"), pl.lit(RESULTS.index(result), pl.Int64).alias("结果"))
        for n, (rows, result) in enumerate(others)
    ]
    return pl.concat([own, *more], how="diagonal")


def _terms(lines: pl.DataFrame) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Term → people, rows, 分 of ``lines``."""
    counts = [_counted(lines, key) for key in (_WHO, ROW)]
    sums = lines.select(pl.sum(*_LEFT, *_RIGHT)).row(0, named=True)
    for term in (*_LEFT, *_RIGHT):
        people, rows = (count.get(term, 0) for count in counts)
        yield term, (people, rows, int(sums[term]))


def _counted(lines: pl.DataFrame, key: str) -> dict[str, int]:
    """Term → how many different ``key`` there are, each at its first term of either side."""
    best = lines.group_by(key).agg(pl.col(column).to_physical().min() for column in _SIDES)
    counts = [(terms.categories, best.group_by(column).len()) for column, terms in _SIDES.items()]
    return {terms[rank]: int(count) for terms, each in counts for rank, count in each.iter_rows()}
