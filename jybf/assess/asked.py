"""The engine's own expressions, asked of a few rows: what a proof shows is worked out by what pays."""

from collections.abc import Mapping
from functools import cache

import polars as pl

from jybf.assess.known import Columns, columns_of
from jybf.assess.tables import lay_out
from jybf.model import ROW
from jybf.vocabulary.facts import facts
from jybf.vocabulary.sql import quote


def run(rows: pl.DataFrame, sql: str) -> pl.DataFrame:
    """The result of ``sql`` over the table ``known`` of the facts of ``rows``: those of some four hundred that it names."""
    read: Columns = {column: kind for column, kind in _all().items() if quote(column) in sql}
    table = lay_out(rows, {ROW: "BIGINT", **read})
    return pl.SQLContext(known=table.lazy()).execute(sql).collect()


@cache
def _all() -> Columns:
    return columns_of(facts())


def ask(rows: pl.DataFrame, expressions: Mapping[str, str]) -> pl.DataFrame:
    """``_row`` and a column for each of ``expressions``: name → SQL over the facts of ``rows``."""
    wanted = "".join(f', {sql} AS "{name}"' for name, sql in expressions.items())
    return run(rows, f'SELECT "{ROW}"{wanted} FROM "known"')
