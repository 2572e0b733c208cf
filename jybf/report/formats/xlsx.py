"""A workbook that a county prints and signs: real numbers, frozen headers, IDs as text, the same bytes for the same input."""

from typing import BinaryIO

import polars as pl
from openpyxl import Workbook

from jybf.errors import OutputError, Problem
from jybf.model import INCOMPLETE, REFUSED, Report
from jybf.report.overview import overview
from jybf.report.plain import amount_column, in_yuan, masked
from jybf.report.sheets import MOST_LINES, add_table, add_unchecked, save, stamped

_ALONE = {"statistics": "统计", "sample": "抽样核查"}  # one sheet has it all


def write(report: Report, out: BinaryIO, *, mask: bool) -> list[str]:
    """汇总 明细 不予发放 待补资料 for calc; for audit the user's own workbook, annotated. OutputError past Excel's last row.

    Statistics and samples are 汇总, one sheet of their own and 未检查. What the user should know of the annotated copy
    stands in its 汇总 and is given back, as sentences.
    """
    if report.frame.height >= MOST_LINES:
        fault = f"共 {report.frame.height} 行，Excel 一张表最多 {MOST_LINES - 1} 行"
        raise OutputError(Problem(fault, hint="改用 -o 结果.csv"))
    if report.kind == "audit":
        from jybf.report.annotate import annotated

        return annotated(report, out, mask=mask)
    workbook = stamped(Workbook(write_only=True))
    overview(workbook, report)
    frame = in_yuan(report)
    rows = masked(frame) if mask else frame
    if report.kind in _ALONE:
        add_table(workbook, _ALONE[report.kind], rows, "")
        add_unchecked(workbook, report)
        save(workbook, out)
        return []
    for name, wanted in (("明细", ""), ("不予发放", REFUSED), ("待补资料", INCOMPLETE)):
        add_table(workbook, name, rows.filter(pl.col("结果") == wanted) if wanted else rows, amount_column(report))
    save(workbook, out)
    return []
