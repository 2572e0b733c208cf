"""汇总: what a run comes to, on one sheet of a workbook."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import PatternFill

from jybf.audit import explain
from jybf.model import LEVELS, RESULTS, Report
from jybf.report.notes import notes
from jybf.report.sheets import FIGURE, HEAD, MONEY, PLAIN, TITLE, UNWRAPPED, AnySheet, printable, styled


def overview(workbook: Workbook, report: Report, name: str = "汇总", tints: Mapping[str, PatternFill] | None = None) -> None:
    """汇总: the programmes of the run as a table, then the sentences that stand under the table on a screen.

    ``tints``: what each colour of the cells means, if the workbook has any.
    """
    sheet = printable(workbook, name, [26, *[12] * 6])
    sheet.append([styled(sheet, f"就业帮扶补贴{'测算' if report.kind == 'calc' else '审核'}汇总", TITLE)])
    programs = report.summary.programs
    if programs:
        sheet.append([styled(sheet, head, HEAD) for head in ("补贴项目", *RESULTS, "可发放金额", "待补金额")])
    for p in programs:
        sheet.append(_sums(sheet, p.program, [p.counts[r] for r in RESULTS], (p.paid_fen, p.held_fen)))
    if len(programs) > 1:
        counts = [sum(p.counts[r] for p in programs) for r in RESULTS]
        sheet.append(_sums(sheet, "合计", counts, (sum(p.paid_fen for p in programs), sum(p.held_fen for p in programs))))
    if report.kind == "audit":
        _counts(sheet, report)
    sheet.append([])
    for meaning, fill in (tints or {}).items():
        sheet.append([styled(sheet, f"底色：{meaning}", PLAIN | {"fill": fill})])
    for line in ("", *_unchecked(report), *notes(report), *(f"提示  {notice}" for notice in report.notices)):
        sheet.append([styled(sheet, line, UNWRAPPED)])
    for fact, value in report.provenance.items():
        sheet.append([styled(sheet, text, UNWRAPPED) for text in (fact, value)])


def _sums(sheet: AnySheet, name: str, counts: Sequence[int], sums: Sequence[int]) -> list[Cell]:
    figures = [styled(sheet, count, FIGURE) for count in counts]
    return [styled(sheet, name, PLAIN), *figures, *(styled(sheet, Decimal(fen) / 100, MONEY) for fen in sums)]


def _counts(sheet: AnySheet, report: Report) -> None:
    """Findings by level and rule, with the money they concern."""
    sheet.append([styled(sheet, head, HEAD) for head in ("规则", "编号", "级别", "条数", "涉及金额")])
    order = pl.col("级别").replace_strict({level: rank for rank, level in enumerate(LEVELS)}, return_dtype=pl.Int8)
    stated = pl.when(pl.col("涉及金额").count() > 0).then(pl.sum("涉及金额"))  # nothing stated is not zero
    found = report.frame.group_by("级别", "编号").agg(pl.len(), stated).sort(order, "编号")
    for level, code, count, fen in found.iter_rows():
        words = [styled(sheet, text, PLAIN) for text in (explain(code).title, code, level)]
        sheet.append([*words, styled(sheet, count, FIGURE), styled(sheet, None if fen is None else Decimal(fen) / 100, MONEY)])


def _unchecked(report: Report) -> list[str]:
    """Beside the figures, on the same sheet: that not everything was checked."""
    ran = f"查了 {len(report.checked)} 项，" if report.checked else ""
    said = f"{ran}{len(report.not_run)} 项没有查或没有查全，见“未检查”：没有查过，不等于没有问题"
    return [said] if report.not_run else []
