"""Rows of a report on a screen: as many as one reads, and who each is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

_LONGEST = 300  # characters of one text on a terminal


def cut(frame: pl.DataFrame, most: int, screen: Console) -> pl.DataFrame:
    """On a terminal the first ``most`` rows, and of long texts the beginning."""
    if not screen.is_terminal:
        return frame
    text = pl.col(pl.String)
    shortened = pl.when(text.str.len_chars() > _LONGEST).then(text.str.head(_LONGEST) + "…").otherwise(text)
    return frame.head(most).with_columns(shortened)


def rest(count: int, screen: Console) -> None:
    """Say that ``count`` rows are not shown, if any."""
    if count:
        screen.print(Text(f"  …另有 {count} 行，用 -o 结果.xlsx 查看全部", "dim"))


def person(row: dict[str, Any], mask: bool) -> tuple[str, str]:
    """The name, else the employer, and the number of the row's person, with ``mask`` only its ends."""
    number = row["身份证号"]
    short = f"{number[:6]}…{number[-2:]}" if mask and len(number) > 8 else number
    return row["姓名"] or row.get("单位", ""), short
