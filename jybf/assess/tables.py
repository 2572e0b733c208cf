"""The tables that a query reads: what the rows have, and typed NULLs for what they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jybf.model import ROW, bad

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jybf.assess.compile import Query

_TYPES: Mapping[str, pl.DataType] = {
    "BIGINT": pl.Int64(), "DATE": pl.Date(), "BOOLEAN": pl.Boolean(), "VARCHAR": pl.String(),
}  # fmt: skip


def lay_out(rows: pl.DataFrame, named: pl.DataFrame, query: Query) -> pl.DataFrame:
    """The table ``roster`` of ``query``: what the rows have, typed NULLs (FALSE for "unreadable") for what they lack."""
    have = pl.concat([rows, named], how="horizontal")
    return have.select(
        (pl.col(name) if name in have.columns else _absent(name, kind)).cast(_TYPES[kind]).alias(name)
        for name, kind in query.columns.items()
    )


def _absent(name: str, kind: str) -> pl.Expr:
    return pl.lit(False if name == bad(name.removesuffix("_误")) else None, dtype=_TYPES[kind])


def history_table(past: pl.DataFrame | None, query: Query) -> pl.DataFrame:
    """The table ``history`` of ``query``: the paid rows of ``past``, none without it."""
    kinds = {ROW: "BIGINT", "项目": "BIGINT", "_at": "DATE", "_units": "BIGINT", "申请年度": "BIGINT"}
    kinds |= {key: query.columns.get(key, "VARCHAR") for key in query.keys}
    frame = pl.DataFrame(schema={ROW: pl.Int64}) if past is None else past
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(_TYPES[kind]).alias(name) for name, kind in kinds.items()
    )
