"""What the law of a region adds to a roster before it is judged: what goes without saying, and who works elsewhere."""

from __future__ import annotations

import polars as pl

from jybf.model import Pack, bad


def default(name: str) -> str:
    """The Boolean column that says ``name`` was blank and took the pack's default."""
    return f"_default_{name}"


def prepare(rows: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """``rows`` with the pack's defaults in blank (never in unreadable) cells, and the facts 跨省 and 县外."""
    for name, value in pack.defaults.items():
        silent = _column(rows, name).is_null() & ~_flag(rows, name)
        rows = rows.with_columns(
            pl.when(silent).then(pl.lit(value)).otherwise(_column(rows, name)).alias(name), silent.alias(default(name))
        )
    stated = _column(rows, "务工区域")  # 省内 alone does not say whether outside the county
    by_place = _column(rows, "务工省") != _column(rows, "户籍省")
    by_county = by_place | (_column(rows, "务工县") != _column(rows, "户籍县"))
    return rows.with_columns(
        _agreed(by_place, stated == "省外").alias("跨省"),
        _agreed(by_county, pl.when(stated != "省内").then(stated != "县内")).alias("县外"),
    )


def _agreed(derived: pl.Expr, stated: pl.Expr) -> pl.Expr:
    """Either of two sources, unknown where they contradict each other."""
    return pl.when(derived != stated).then(None).otherwise(pl.coalesce(derived, stated))


def _column(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in rows.columns else pl.lit(None, pl.String)


def _flag(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(bad(name)) if bad(name) in rows.columns else pl.lit(value=False)
