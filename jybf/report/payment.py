"""The pay list as a page has it: who is paid now, what that comes to, and who is not paid, with the reason."""

from typing import Any

import polars as pl

from jybf.audit.release import pay_list
from jybf.audit.subtotals import subtotals
from jybf.model import LINE, Report
from jybf.report.listing import money
from jybf.report.plain import masked
from jybf.visible import INVISIBLE

MOST = 5_000  # lines of one list: about what a browser still lays out on paper
_SUMMED = ("补贴项目", "乡镇", "行政村")
_ROLLED = 2  # lines from which a payee is worth a line of its own


def payment(report: Report, *, mask: bool) -> dict[str, Any] | None:
    """``now`` and ``later``: the lines that are paid and those that are not, at most MOST of each; ``count`` and ``sum`` of all
    that is paid, ``others``: how many are not; ``sums``: what it comes to by heading, employers' workers rolled up.

    None where nothing can be said of what may be paid.
    """  # noqa: D205  the keys are the summary
    listed = report.kind == "pay_list"
    rows = report.frame if listed else pay_list(report.findings) if report.findings else None
    if rows is None or rows.is_empty():
        return None
    paid = pl.col("本次可发").is_not_null()
    now, later = rows.filter(paid), rows.filter(~paid)
    sums = subtotals(now, (*_SUMMED, "收款人"))
    sums = sums.filter((pl.col("按") != "收款人") | (pl.col("笔数") >= _ROLLED))
    return {
        "now": _lines(now.head(MOST), mask=mask),
        "later": _lines(later.sort("放行", LINE, maintain_order=True).head(MOST), mask=mask),
        "count": now.height,
        "others": later.height,
        "sum": money(int(now["本次可发"].sum())),
        "sums": _lines(sums, mask=mask),
        "most": MOST,
        "several": rows.select("文件", "工作表").n_unique() > 1,
    }


def _lines(rows: pl.DataFrame, *, mask: bool) -> list[dict[str, Any]]:
    """Each line by column, its sums as people read them, its texts harmless and without numbers of people if ``mask``."""
    sums = pl.col([name for name in ("申领金额", "核定金额", "本次可发") if name in rows.columns])
    told = rows.with_columns(sums.map_elements(money, return_dtype=pl.String).fill_null(""))
    plain = masked(told) if mask else told.with_columns(pl.col(pl.String).str.replace_all(INVISIBLE, ""))
    return plain.rows(named=True)
