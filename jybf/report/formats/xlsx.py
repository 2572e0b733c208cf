"""A workbook that a county prints and signs: real numbers, frozen headers, IDs as text, the same bytes for the same input."""

from typing import BinaryIO

from jybf.errors import OutputError, Problem
from jybf.model import INCOMPLETE, REFUSED, UNDETERMINED, Report
from jybf.report.anew import write_book
from jybf.report.layout import MOST_LINES, clean_text, table, unchecked
from jybf.report.marks import COLOURS
from jybf.report.overview import overview
from jybf.report.plain import in_yuan, masked, named

_TINTS = {"结果": dict(zip((REFUSED, INCOMPLETE, UNDETERMINED), COLOURS, strict=False))}
_ALONE = {"statistics": "统计", "sample": "抽样核查"}


def write(report: Report, out: BinaryIO, *, mask: bool) -> list[str]:
    """汇总 and 明细 for calc; for audit the user's own workbook, annotated. OutputError past Excel's last row.

    Statistics and samples are 汇总, one sheet of their own and 未检查. What the user should know of the annotated copy
    stands in its 汇总 and is given back, as sentences.
    """
    if report.frame.height >= MOST_LINES:
        fault = f"共 {report.frame.height} 行，Excel 一张表最多 {MOST_LINES - 1} 行"
        raise OutputError(Problem(fault, hint="改用 -o 结果.csv"))
    if report.kind == "audit":
        from jybf.report.annotate import annotated

        return annotated(report, out, mask=mask)
    frame = in_yuan(report)
    rows = named(masked(frame) if mask else frame, clean_text)
    if report.kind == "pay_list":
        from jybf.report.fronts import PAYS, SUBTOTALS, paid, summed_up  # calc does without the audit

        lists = paid(report.frame, PAYS, mask=mask), summed_up(report.frame, SUBTOTALS, mask=mask)
        write_book([*lists, overview(report), unchecked(report)], out)
    elif report.kind in _ALONE:
        write_book([overview(report), table(_ALONE[report.kind], rows), unchecked(report)], out)
    else:
        write_book([overview(report), table("明细", rows, tints=_TINTS)], out)
    return []
