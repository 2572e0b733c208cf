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
from jybf.report.prose import Prose
from jybf.report.rows import cut, person, rest, says, spot
from jybf.report.screen import COLOURS, FOLDED, WIDE, brief, grid, tell
from jybf.vocabulary.yuan import yuan

_MOST = 200  # findings of one rule on a terminal
_WHO = 26  # cells that a name and a number have beside one another, before they go below
_NAMES = 3  # names, and cells, of one entry on a terminal that stands for several rows
_PLACES = 20  # stretches of lines that are named of one entry


def print_findings(report: Report, screen: Console, mask: bool) -> None:
    """Findings by level, then by rule, its ground and its advice said once; where they stand, if not all on one sheet."""
    several = report.frame.select("文件", "工作表").n_unique() > 1
    for level in LEVELS:
        part = report.frame.filter(pl.col("级别") == level)
        if part.height:
            screen.print(Text(f"\n{level}  {part.height} 条", f"bold {COLOURS[level]}"))
        for (code, ground, advice), found in part.group_by("编号", "依据", "建议", maintain_order=True):
            tell(screen, f"\n{code}  {explain(str(code)).title}  {found.height} 条", "bold", f"  {ground}")
            _rule(found, screen, mask, several=several)
            if advice:
                screen.print(Padding(Prose(f"建议  {advice}", "dim"), (0, 0, 0, 2), expand=False))


def _rule(found: pl.DataFrame, screen: Console, mask: bool, *, several: bool) -> None:
    entries = list(_entries(found, screen))
    shown = entries[:_MOST] if brief(screen) else entries
    for (file, sheet), part in groupby(shown, lambda entry: (entry["文件"][0], entry["工作表"][0])):
        if several:
            screen.print(Padding(Prose(f"{file} {sheet}".rstrip(), "dim"), (0, 0, 0, 2), expand=False))
        table = grid({"no_wrap": True, "style": "bold"}, FOLDED | {"min_width": 8, "max_width": _WHO}, WIDE)
        for entry in part:
            table.add_row(*_told(masked(entry) if mask else entry, screen, mask))
        screen.print(table)
    rest(sum(entry.height for entry in entries[len(shown) :]), screen)


def _entries(found: pl.DataFrame, screen: Console) -> Iterator[pl.DataFrame]:
    """The findings one by one; on a terminal those together that say the same of several rows of a sheet."""
    same = ("文件", "工作表", "列名", "当前值", "应为", "问题")
    alike = pl.col(LINE).is_not_null() if brief(screen) else pl.lit(value=False)
    alone = pl.when(~alike).then(pl.int_range(pl.len()))
    apart = found.with_columns(alone.alias("_n")).group_by(*same, "_n", maintain_order=True)
    return (entry.drop("_n") for _, entry in apart)


def _told(entry: pl.DataFrame, screen: Console, mask: bool) -> tuple[str, str, Prose]:
    """Where, who and what of one entry."""
    row = cut(entry, 1, screen).row(0, named=True)
    if entry.height == 1:
        return spot(row), " ".join(filter(None, person(row, mask))), Prose(_says(row))
    names = [name for name in entry["姓名"].unique(maintain_order=True).to_list() if name]
    who = "、".join(names[:_NAMES]) + "等" * (len(names) > _NAMES)
    sums = entry["涉及金额"]
    row["涉及金额"] = int(sums.sum()) if sums.count() else None
    places = _places(entry)
    told = "" if places in row["问题"] else f"：{places}"
    return f"{entry.height} 条", who, Prose(_says(row) + told)


def _places(entry: pl.DataFrame) -> str:
    """The cells of an entry, if there are few; else its lines."""
    cells = entry["单元格"].unique(maintain_order=True).to_list()
    if all(cells) and len(cells) <= _NAMES:
        return "、".join(cells)
    runs = _runs(entry[LINE].to_list())
    return f"第 {'、'.join(runs[:_PLACES])}{'…' * (len(runs) > _PLACES)} 行"


def _runs(lines: Sequence[int]) -> list[str]:
    """3–5、8: what stands below one another as one."""
    ordered = sorted(set(lines))
    parts = [[line for _, line in part] for _, part in groupby(enumerate(ordered), lambda pair: pair[1] - pair[0])]
    return [f"{part[0]}–{part[-1]}" if part[1:] else str(part[0]) for part in parts]


def _says(row: dict[str, Any]) -> str:
    return says(row, f"涉及 {yuan(row['涉及金额'])} 元" if row["涉及金额"] else "")
