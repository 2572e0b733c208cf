"""Payments of a history that were taken back in full: the same row once more with the opposite sum."""

from collections.abc import Iterable

import polars as pl
from msgspec.structs import replace

from jybf.model import LINE, ROW, SHEET, Roster, bad, last
from jybf.vocabulary.keys import PERSON
from jybf.vocabulary.roles import STAGES
from jybf.vocabulary.values.money import parse_money
from jybf.vocabulary.values.text import Unreadable, plain

_LATER = ("发放日期", "发放状态", "备注", "退票原因", "笔号")  # what the row that takes back may say otherwise
_APART = {ROW, LINE, *(wrap(name) for name in (*STAGES, *_LATER) for wrap in (str, last, bad))}
_SUM = "_sum"
MOST = 5  # places that are named


def without_reversed(history: Roster) -> Roster:
    """``history`` with sums of 0, which count as not paid, where rows of one sheet are the same but for opposite sums.

    Whatever does not cancel exactly stays as it is; so does a row that names nobody by number. What cancels is told.
    """
    gone = taken_back(history)
    return _emptied(history, gone) if gone.any() else history


def taken_back(history: Roster) -> pl.Series:
    """Of each row whether it cancels with others; only rows of one sheet about one person decide that."""
    below = _below_zero(history.problems)
    if not below or PERSON not in history.rows.columns:
        return pl.repeat(value=False, n=history.rows.height, dtype=pl.Boolean, eager=True)
    rows, stages = history.rows, [name for name in STAGES if name in history.rows.columns]
    negative = pl.col(ROW).replace_strict(below, default=None, return_dtype=pl.Int64)
    own, same = pl.col(_SUM), [name for name in rows.columns if name not in _APART]
    cancels = (own.null_count() == 0) & (own.sum() == 0) & (own.abs().n_unique() == 1) & (own != 0)
    told = rows.with_columns(pl.coalesce(negative, *stages).alias(_SUM))
    return told.select((cancels.over(same) & pl.col(PERSON).is_not_null()).fill_null(value=False)).to_series()


def told_of(places: Iterable[tuple[str, int]], count: int) -> str:
    """The notice that ``count`` rows cancel; ``places``: file and line of the first ``MOST`` of them."""
    more = f" 等 {count} 行" if count > MOST else ""
    return f"历史里同一笔发了又全额冲回的，不算发过：{'、'.join(f'《{file}》第 {line} 行' for file, line in places)}{more}"


def _below_zero(problems: pl.DataFrame) -> dict[int, int]:
    """``_row`` → the sum below zero, in 分, that it states in words of money."""
    found: dict[int, int] = {}
    for row, raw in problems.filter(pl.col("字段").is_in(STAGES)).select(ROW, "原文").iter_rows():
        fen = parse_money(plain(raw).strip("-()"))
        if parse_money(raw) == Unreadable("金额为负") and isinstance(fen, int):
            found[row] = -fen
    return found


def _emptied(history: Roster, gone: pl.Series) -> Roster:
    rows, sheets = history.rows.filter(gone), history.sheets
    stages = [name for name in STAGES if name in rows.columns]
    marks = [bad(name) for name in stages if bad(name) in rows.columns]
    nothing = [pl.when(gone).then(0).otherwise(name).cast(rows.schema[name]).alias(name) for name in stages]
    read = [(~gone & pl.col(name)).alias(name) for name in marks]
    places = ((str(sheets[int(sheet)].file), int(line)) for sheet, line in rows.select(SHEET, LINE).head(MOST).iter_rows())
    solved = history.problems[ROW].is_in(rows[ROW].implode()) & history.problems["字段"].is_in(stages)
    return replace(
        history, rows=history.rows.with_columns(*nothing, *read), problems=history.problems.filter(~solved),
        notices=(*history.notices, told_of(places, rows.height)),
    )  # fmt: skip
