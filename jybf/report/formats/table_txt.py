"""The table for people: who is not paid comes first, since that is what a clerk has to act on."""

from collections.abc import Callable
from typing import Any, BinaryIO

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jybf.model import INCOMPLETE, LEVELS, LINE, PAID, REFUSED, UNDETERMINED, Report
from jybf.report.found import print_findings
from jybf.report.plain import masked
from jybf.report.prose import Prose
from jybf.report.rows import cut, person, rest
from jybf.report.screen import COLOURS, on_paper, summary, tell
from jybf.report.summary import UNNAMED
from jybf.vocabulary.yuan import yuan

_URGENT = (REFUSED, INCOMPLETE, UNDETERMINED, PAID)
_MOST_OPEN, _MOST_PAID, _MOST_SAMPLED, _MOST_GROUPS = 200, 20, 200, 20  # rows on a terminal; text files have them all


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """The table as plain text in UTF-8."""
    out.write(on_paper(lambda page: print_report(report, page, mask=mask), mask=mask))


def print_report(report: Report, screen: Console, *, mask: bool) -> None:
    """The table and then the summary on ``screen``; long rosters are shortened on a terminal only."""
    {"calc": _verdicts, "audit": print_findings, "statistics": _statistics, "sample": _sample, "pay_list": _pay}[report.kind](
        report, screen, mask
    )
    summary(report, screen)


def _verdicts(report: Report, screen: Console, mask: bool) -> None:
    """A table a programme (and sheet, where there are several): refused, incomplete and undetermined rows, then paid ones."""
    frame = report.frame
    several = frame.select("文件", "工作表").n_unique() > 1
    for (program, file, sheet), part in frame.group_by("补贴项目", "文件", "工作表", maintain_order=True):
        place = f"  {file} {sheet}".rstrip() if several else ""
        ground = str(part.sort(pl.col("结果") == REFUSED, maintain_order=True)["依据"][0])  # a refusal cites its own clause
        tell(screen, f"\n{program or UNNAMED}", "bold", f"  {ground}{place}")
        urgency = pl.col("结果").replace_strict(dict(zip(_URGENT, range(4), strict=True)), default=0)
        unpaid = part.filter(pl.col("结果") != PAID).sort(urgency, LINE)
        paid = part.filter(pl.col("结果") == PAID)
        shown = pl.concat([cut(unpaid, _MOST_OPEN, screen), cut(paid, _MOST_PAID, screen)])
        screen.print(_verdict_table(masked(shown) if mask else shown, ground, mask))
        rest(part.height - shown.height, screen)
        for assumed, count in _assumptions(part):
            tell(screen, f"假定  {assumed}（{count} 行）", "dim")


def _verdict_table(rows: pl.DataFrame, ground: str, mask: bool) -> Table:
    """``ground`` stands above the table; a row with a ground of its own says so."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("行", justify="right", no_wrap=True)
    table.add_column("姓名", min_width=6, overflow="fold")
    table.add_column("身份证号", no_wrap=True)
    table.add_column("结果", no_wrap=True)
    table.add_column("金额 元", justify="right", no_wrap=True)
    table.add_column("说明", overflow="fold", min_width=16, ratio=1)
    for row in rows.iter_rows(named=True):
        result, fen = row["结果"], row["核定金额"]
        why = row["说明"] + ("" if row["依据"] == ground else f"（{row['依据']}）")
        money = "" if fen is None else yuan(int(fen))
        table.add_row(str(row[LINE]), *person(row, mask), Text(result, COLOURS.get(result, "")), money, Prose(why))
    return table


def _assumptions(part: pl.DataFrame) -> list[tuple[str, int]]:
    """What the verdicts rest on, said once with the number of rows: on a screen most rows would say the same."""
    together = part.filter(pl.col("假定") != "").group_by("假定", maintain_order=True).len()
    each = together.with_columns(pl.col("假定").str.split("；")).explode("假定").group_by("假定", maintain_order=True)
    return [(str(text), int(count)) for text, count in each.agg(pl.sum("len")).iter_rows()]


def _statistics(report: Report, screen: Console, _mask: bool) -> None:
    """One table with a part a dimension, so that the figures of all stand below one another."""
    waived = [name for name in ("豁免",) if report.frame[name].sum()]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("", overflow="fold", min_width=16)
    for name in (*LEVELS, *waived, "行", "拦截 元", "涉及 元"):
        table.add_column(name, justify="right", no_wrap=True, style=COLOURS.get(name, ""))
    for (dimension,), part in report.frame.group_by("维度", maintain_order=True):
        whole = part.height == 1 and part["名称"].item() == dimension
        if not whole:
            table.add_row(Text(str(dimension), "bold"))
        shown = cut(part, _MOST_GROUPS, screen)
        for row in shown.iter_rows(named=True):
            counts = [str(row[name] or "·") for name in (*LEVELS, *waived)]
            name = Prose(row["名称"], "bold" if whole else "")
            table.add_row(Padding(name, (0, 0, 0, 0 if whole else 2), expand=False), *counts, *_weight(row))
        if part.height > shown.height:
            table.add_row(Text(f"  …另有 {part.height - shown.height} 个", "dim"))
        table.add_section()
    screen.print()
    if report.frame.is_empty():
        tell(screen, "没有发现", "bold")
    else:
        screen.print(table)


def _weight(row: dict[str, Any]) -> tuple[str, str, str]:
    """Rows, of how many; and the money, where a sum that nobody stated is no zero."""
    rows = str(row["行数"] or "·") + (f"/{row['总行数']}" if row["总行数"] else "")
    sums = ["—" if row[name] is None else yuan(int(row[name])) for name in ("拦截金额", "涉及金额")]
    unknown = row["金额不明"]
    if unknown:
        sums[0] = "未写明" if row["拦截金额"] is None else f"{sums[0]}\n另 {unknown} 行未写明"
    return rows, sums[0], sums[1]


def _pay(report: Report, screen: Console, mask: bool) -> None:
    """Who is paid now, how much and where, by sheet; then who is not, and why."""
    frame = report.frame
    now, later = frame.filter(pl.col("本次可发").is_not_null()), frame.filter(pl.col("本次可发").is_null())
    tell(screen, f"\n放行清单  {now.height} 笔 {yuan(int(now['本次可发'].sum()))} 元", "bold")
    _by_sheet(now, screen, _MOST_OPEN, lambda rows: _pay_table(rows, mask), mask=mask)
    counts = later.group_by("放行", maintain_order=True).len().iter_rows()
    tell(screen, "\n这次不发  " + ("、".join(f"{word} {count} 行" for word, count in counts) or "没有"), "bold")
    _by_sheet(later, screen, _MOST_PAID, lambda rows: _unpaid_table(rows, mask), mask=mask)


def _pay_table(rows: pl.DataFrame, mask: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("行", justify="right", no_wrap=True)
    for name in ("姓名", "身份证号", "收款人", "账号", "项目"):
        table.add_column(name, overflow="fold", min_width=6, no_wrap=name in ("身份证号", "账号"))
    table.add_column("本次可发 元", justify="right", no_wrap=True)
    for row in rows.iter_rows(named=True):
        to = (Prose(row[name]) for name in ("收款人", "账号", "补贴项目"))
        table.add_row(str(row[LINE]), *person(row, mask), *to, yuan(int(row["本次可发"])))
    return table


def _unpaid_table(rows: pl.DataFrame, mask: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("行", justify="right", no_wrap=True)
    table.add_column("姓名", min_width=6, overflow="fold")
    table.add_column("身份证号", no_wrap=True)
    table.add_column("放行", no_wrap=True)
    table.add_column("原因", overflow="fold", min_width=16, ratio=1)
    for row in rows.iter_rows(named=True):
        table.add_row(str(row[LINE]), *person(row, mask), row["放行"], Prose(row["原因"]))
    return table


def _sample(report: Report, screen: Console, mask: bool) -> None:
    """The rows to check, by sheet."""
    tell(screen, f"\n抽样核查  {report.frame.height} 行", "bold")
    _by_sheet(report.frame, screen, _MOST_SAMPLED, lambda rows: _sample_table(rows, mask), mask=mask)


def _by_sheet(frame: pl.DataFrame, screen: Console, most: int, shown: Callable[[pl.DataFrame], Table], *, mask: bool) -> None:
    """A table a sheet, on a terminal of its first rows."""
    for (file, sheet), part in frame.group_by("文件", "工作表", maintain_order=True):
        tell(screen, f"\n{file} {sheet}".rstrip(), "dim")
        rows = cut(part, most, screen)
        screen.print(shown(masked(rows) if mask else rows))
        rest(part.height - rows.height, screen)


def _sample_table(rows: pl.DataFrame, mask: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("序号", "行"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("姓名", min_width=6, overflow="fold")
    table.add_column("身份证号", no_wrap=True)
    table.add_column("申领 元", justify="right", no_wrap=True)
    table.add_column("抽法", no_wrap=True)
    table.add_column("概率", justify="right", no_wrap=True)
    table.add_column("发现", overflow="fold", ratio=1)
    for row in rows.iter_rows(named=True):
        money = "未写明" if row["申领金额"] is None else yuan(int(row["申领金额"]))
        place = (str(row["序号"]), str(row[LINE]), *person(row, mask))
        table.add_row(*place, money, row["抽法"], f"{row['入样概率']:.2%}", Prose(row["发现"]))
    return table
