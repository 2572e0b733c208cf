"""What changed between two audits: a page for people, CSV and JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jybf.diff.compare import CHANGED, NEW, SAME, SOLVED, STATES, UNSEEN
from jybf.model import FINDING_COLUMNS, LEVELS, LINE, Report, Summary
from jybf.report.formats import csv, json
from jybf.report.plain import masked
from jybf.report.prose import Prose
from jybf.report.rows import person, says, spot
from jybf.report.screen import COLOURS, FOLDED, WIDE, grid, on_paper, tell, tell_origin
from jybf.vocabulary.yuan import yuan

if TYPE_CHECKING:
    from jybf.diff import Difference, Past

SCHEMA = 1
FORMS = {"table": ".txt", "csv": ".csv", "json": ".json"}
COLUMNS = ("状态", *FINDING_COLUMNS, "上次")  # of CSV, and of the rows of JSON

_STYLES = {NEW: "red", CHANGED: "yellow", UNSEEN: "magenta", SOLVED: "green", SAME: "dim"}
_MEANS = {
    CHANGED: "同一个人的同一个问题，值或级别不同了",
    UNSEEN: "上次有，这次没有查到这里，不算解决",
    SOLVED: "上次有，这次查了没有：改正了，或人已不在表里",
}
_MOST, _MOST_ON_PAPER = 200, 5000  # findings of one state; CSV and JSON have them all


def print_difference(found: Difference, screen: Console, *, mask: bool, everything: bool) -> None:
    """The page: what is new first, then the counts. Findings that stay are counted only, unless ``everything``."""
    for state in STATES if everything else STATES[:-1]:
        part = found.frame.filter(pl.col("状态") == state)
        if part.height:
            _state(state, masked(part) if mask else part, screen, mask=mask)
    screen.print()
    screen.print(_counts(found))
    for notice in found.notices:
        tell(screen, f"提示  {notice}")
    for word, past in (("上次", found.old), ("这次", found.new)):
        tell_origin(screen, _origin(word, past))


def write(found: Difference, out: BinaryIO, form: str, *, mask: bool, everything: bool) -> None:
    """``found`` as ``form`` (a key of FORMS), in UTF-8; a table is neither wrapped nor coloured, and cut only if immense."""
    if form == "table":
        out.write(on_paper(lambda page: print_difference(found, page, mask=mask, everything=everything), mask=mask))
        return
    frame = found.frame if everything else found.frame.filter(pl.col("状态") != SAME)
    report = Report("audit", frame.select(COLUMNS), Summary(0, {}), {})
    if form == "csv":
        csv.write(report, out, mask=mask)
    else:
        _json(found, report, out, mask=mask)


def _json(found: Difference, report: Report, out: BinaryIO, *, mask: bool) -> None:
    """The head, then a finding a line."""
    both = (("上次", found.old), ("这次", found.new))
    sides = {side: {"文件": past.name, "出处": dict(past.provenance)} for side, past in both}
    counts = {state: dict(zip((*LEVELS, "涉及金额"), figures, strict=True)) for state, *figures in _figures(found)}
    head = {"schema": SCHEMA, "kind": "diff", **sides, "提示": found.notices, "条数": counts}
    json.write_under(head, report, out, mask=mask)


def _state(state: str, part: pl.DataFrame, screen: Console, *, mask: bool) -> None:
    tell(screen, f"\n{state}  {part.height} 条", f"bold {_STYLES[state]}", f"  {_MEANS[state]}" if state in _MEANS else "")
    shown = part.head(_MOST if screen.is_terminal else _MOST_ON_PAPER)
    places = [name for name in ("文件", "工作表") if part[name].n_unique() > 1]  # what all have in common is no news
    table = grid({"no_wrap": True}, FOLDED | {"min_width": 10}, WIDE)
    for row in shown.iter_rows(named=True):
        code = Text(row["级别"], COLOURS[row["级别"]]) + Text(f" {row['编号']}", "default")
        said = Prose(_says(row))
        said.append(f"  {' '.join(filter(None, (*(row[name] for name in places), spot(row))))}", "dim")
        table.add_row(code, "\n".join(filter(None, person(row, mask))), said)
    screen.print(table)
    if part.height > shown.height:
        tell(screen, f"  …另有 {part.height - shown.height} 条，用 -o 比较.csv 查看全部", "dim")


def _says(row: dict[str, Any]) -> str:
    """What stands in the audit, the money, and what was said before."""
    sum_ = "" if row["涉及金额"] is None else f"涉及 {yuan(row['涉及金额'])} 元"
    return says(row, sum_, f"上次 {row['上次']}" if row["上次"] else "")


def _counts(found: Difference) -> Table:
    table = grid({"no_wrap": True}, *[{"justify": "right", "no_wrap": True}] * (len(LEVELS) + 1))
    table.add_row("", *(Text(level, COLOURS[level]) for level in LEVELS), "涉及 元")
    for state, *counts, sum_ in _figures(found):
        money = sum_ if sum_ is not None else "·" if not any(counts) else "未写明"
        table.add_row(Text(state, _STYLES[state]), *(str(count or "·") for count in counts), money)
    return table


def _figures(found: Difference) -> Iterator[tuple[str, int, int, int, str | None]]:
    """Each state: its findings by level, and the 元 of the rows that they are on, each row's largest sum once; None: unsaid."""
    for state in STATES:
        part = found.frame.filter(pl.col("状态") == state)
        stop, doubt, hint = (int((part["级别"] == level).sum()) for level in LEVELS)
        rows = part.drop_nulls("涉及金额").group_by("文件", "工作表", LINE).agg(pl.max("涉及金额"))
        yield state, stop, doubt, hint, yuan(int(rows["涉及金额"].sum())) if rows.height else None


def _origin(word: str, past: Past) -> str:
    return f"{word}  {past.name}：{past.findings.height} 条 · {past.provenance.get('输入', '')}"
