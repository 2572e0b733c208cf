"""How 分 are written as 元: exact, never by way of a float."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import polars as pl


@overload
def yuan(fen: int) -> str: ...
@overload
def yuan(fen: pl.Expr) -> pl.Expr: ...
def yuan(fen: int | pl.Expr) -> str | pl.Expr:
    """分 with two decimals: 80000 → ``800.00``; of a column of integers the texts, null where there is none."""
    if isinstance(fen, int):
        return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
    import polars as pl  # whoever writes a single sum does without

    digits = fen.abs().cast(pl.String).str.zfill(3)
    text = digits.str.head(-2) + "." + digits.str.tail(2)
    return pl.when(fen >= 0).then(text).otherwise(pl.lit("-") + text)


def short_yuan(fen: int) -> str:
    """分 as a document writes a rate: 80000 → ``800``, 85050 → ``850.5``."""
    return yuan(fen).rstrip("0").rstrip(".")
