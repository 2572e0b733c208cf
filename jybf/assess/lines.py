"""Where rows stand, as a reader is told it: file, sheet and line, of the roster or of the history."""

import polars as pl

from jybf.model import LINE, SHEET, Roster, Verdicts


def places(rows: pl.Series, verdicts: Verdicts, roster: Roster) -> pl.Series:
    """Where each of ``rows`` (``_row``; negative: of the history) stands, for a reader: 《文件》工作表第 n 行."""
    here = _labels(rows.clip(lower_bound=0), roster)
    held = verdicts.history  # of a part of a run no row may be pointed at
    history = held if held and held.rows.height else None
    past = _labels((-1 - rows).clip(lower_bound=0), history) if history else here
    where = pl.when(rows < 0).then(pl.concat_str([pl.lit("历史记录"), past])).otherwise(here)
    return pl.select(where.fill_null("别处")).to_series().alias("_where")


def place(row: int | None, verdicts: Verdicts, roster: Roster) -> str:
    """:func:`places` of one row."""
    return str(places(pl.Series([row], dtype=pl.Int64), verdicts, roster)[0])


def _labels(rows: pl.Series, roster: Roster) -> pl.Series:
    names = {sheet.index: f"《{sheet.file}》{sheet.name}" for sheet in roster.sheets}
    origin = roster.rows.select(pl.col(SHEET, LINE).gather(rows))
    return origin.select(pl.format("{}第 {} 行", pl.col(SHEET).replace_strict(names, return_dtype=pl.String), LINE)).to_series()
