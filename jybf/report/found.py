"""Findings on a screen: by level, then by rule; what many rows have alike is said once."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import polars as pl
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from jybf.audit import explain
from jybf.model import LEVELS, LINE, Report
from jybf.report.plain import masked
from jybf.report.rows import cut, person, rest, says, spot
from jybf.report.screen import COLOURS, FOLDED, WIDE, Prose, grid
from jybf.vocabulary.yuan import yuan

_MOST = 200  # findings of one rule on a terminal
_ALIKE = 6  # findings on a terminal that say the same of so many rows are one entry
_PLACES = 20  # stretches of lines that are named of one entry


def print_findings(report: Report, screen: Console, mask: bool) -> None:
    """Findings by level, then by rule, its ground and its advice said once."""
    for level in LEVELS:
        part = report.frame.filter(pl.col("级别") == level)
        if part.height:
            screen.print(Text(f"\n{level}  {part.height} 条", f"bold {COLOURS[level]}"))
        for (code, ground, advice), found in part.group_by("编号", "依据", "建议", maintain_order=True):
            _rule(str(code), found, screen, mask)
            for word, text in (("依据", ground), ("建议", advice)):
                if text:
                    screen.print(Padding(Prose(f"{word}  {text}", "dim"), (0, 0, 0, 2), expand=False))


def _rule(code: str, found: pl.DataFrame, screen: Console, mask: bool) -> None:
    screen.print(Text(f"\n{code}  ", "bold") + Text(f"{explain(code).title}  {found.height} 条"))
    entries = list(_entries(found, screen))
    shown = entries[:_MOST] if screen.is_terminal else entries
    for (file, sheet), part in groupby(shown, lambda entry: (entry["文件"][0], entry["工作表"][0])):
        screen.print(Padding(Prose(f"{file} {sheet}".rstrip(), "dim"), (0, 0, 0, 2), expand=False))
        table = grid({"no_wrap": True, "style": "bold"}, FOLDED | {"min_width": 8}, WIDE)
        for entry in part:
            table.add_row(*_told(masked(entry) if mask else entry, screen, mask))
        screen.print(table)
    rest(sum(entry.height for entry in entries[len(shown) :]), screen)


def _entries(found: pl.DataFrame, screen: Console) -> Iterator[pl.DataFrame]:
    """The findings one by one; on a terminal those together that say the same of many rows of a sheet."""
    same = ("文件", "工作表", "列名", "当前值", "应为", "问题")
    least = _ALIKE if screen.is_terminal else found.height + 1
    many = (pl.len().over(same) >= least) & pl.col(LINE).is_not_null()
    alone = pl.when(~many).then(pl.int_range(pl.len()))
    apart = found.with_columns(alone.alias("_n")).group_by(*same, "_n", maintain_order=True)
    return (entry.drop("_n") for _, entry in apart)


def _told(entry: pl.DataFrame, screen: Console, mask: bool) -> tuple[str, str, Prose]:
    """Where, who and what of one entry."""
    row = cut(entry, 1, screen).row(0, named=True)
    if entry.height == 1:
        return spot(row), "\n".join(filter(None, person(row, mask))), Prose(_says(row))
    names = [name for name in entry["姓名"].unique(maintain_order=True).to_list() if name]
    who = names[0] + "等" * (len(names) > 1) if names else ""
    sums = entry["涉及金额"]
    row["涉及金额"] = int(sums.sum()) if sums.count() else None
    runs = _runs(entry[LINE].to_list())
    places = "、".join(runs[:_PLACES]) + "…" * (len(runs) > _PLACES)
    return f"{entry.height} 条", who, Prose(f"{_says(row)}：第 {places} 行")


def _runs(lines: Sequence[int]) -> list[str]:
    """3–5、8: what stands below one another as one."""
    ordered = sorted(set(lines))
    parts = [[line for _, line in part] for _, part in groupby(enumerate(ordered), lambda pair: pair[1] - pair[0])]
    return [f"{part[0]}–{part[-1]}" if part[1:] else str(part[0]) for part in parts]


def _says(row: dict[str, Any]) -> str:
    return says(row, f"涉及 {yuan(row['涉及金额'])} 元" if row["涉及金额"] else "")
