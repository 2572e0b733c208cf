"""Rows of a report on a screen: as many as one reads, where each is, who it is about and what it says."""

from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from jybf.model import LINE
from jybf.report.screen import brief

_LONGEST = 300  # characters of one text on a terminal


def cut(frame: pl.DataFrame, most: int, screen: Console) -> pl.DataFrame:
    """On a terminal the first ``most`` rows, and of long texts the beginning."""
    if not brief(screen):
        return frame
    text = pl.col(pl.String)
    shortened = pl.when(text.str.len_chars() > _LONGEST).then(text.str.head(_LONGEST) + "…").otherwise(text)
    return frame.head(most).with_columns(shortened)


def rest(count: int, screen: Console) -> None:
    """Say that ``count`` rows are not shown, if any."""
    if count:
        screen.print(Text(f"  …另有 {count} 行，用 --all 或 -o 结果.xlsx 查看全部", "dim"))


def person(row: dict[str, Any], mask: bool) -> tuple[str, str]:
    """The name, else the employer, and the number of the row's person, with ``mask`` only its ends."""
    return row["姓名"] or row.get("单位", ""), short(row["身份证号"], mask)


def short(number: str, mask: bool) -> str:
    """A person's number, with ``mask`` only its ends."""
    return f"{number[:6]}…{number[-2:]}" if mask and len(number) > 8 else number


def spot(row: dict[str, Any]) -> str:
    """The finding's cell, else its row, else nothing: it may be about none."""
    return row["单元格"] or ("" if row[LINE] is None else f"第 {row[LINE]} 行")


def says(row: dict[str, Any], *more: str) -> str:
    """One finding in one sentence: what is wrong, what stands there, what should (unless said already), and ``more``."""
    values = ((word, row[name]) for word, name in (("现为", "当前值"), ("应为", "应为")))
    told = [*(f"{word} {value}" for word, value in values if value and value not in row["问题"]), *filter(None, more)]
    return row["问题"] + (f"（{'；'.join(told)}）" if told else "")
