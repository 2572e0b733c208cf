"""What an audit's workbook has before the user's own sheets: 放行清单 and 放行小计, 汇总, 问题清单."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from msgspec.structs import replace

from jybf.audit.release import pay_list
from jybf.audit.subtotals import subtotals
from jybf.model import LEVELS, LINE, MONEY, ROW, SHEET, Report
from jybf.report.layout import Table, table
from jybf.report.marks import COLOURS, WAIVED, Place, PlacedFindings, legend
from jybf.report.overview import overview
from jybf.report.plain import masked, yuan_columns
from jybf.roster.grid import column_letters
from jybf.visible import covered

OWN = PAYS, SUBTOTALS, SUMMED, FOUND, _ = ("放行清单", "放行小计", "汇总", "问题清单", "未检查")
_STOPPED, _WAITING, _OPEN, _ = COLOURS
_PAYABLE = "C6E0B4"
_TINTS = {  # how 放行 begins → colour
    "不": _STOPPED, "先核实": _WAITING, "待补资料": _WAITING, "待定标准": _OPEN, "可发": _PAYABLE, "核减后发": _PAYABLE,
}  # fmt: skip
_MOST_LINKS = 65_000  # on one sheet; Excel takes 65,530


def lists(
    report: Report,
    found: PlacedFindings,
    named: Mapping[int, str],
    names: Mapping[str, str],
    notices: list[str],
    *,
    mask: bool,
) -> list[Table]:
    """The sheets, under ``names``; ``named``: the sheets of the user that are in the workbook, by index."""
    links = [_link(named, *where) if where else "" for where in found.places]
    if sum(map(bool, links)) > _MOST_LINKS:
        notices.append(f"问题清单只有前 {_MOST_LINKS} 条带链接，这是 Excel 的上限")
    tints = {"级别": dict(zip(LEVELS, COLOURS, strict=False))}
    first = table(names[FOUND], found.rows, links=(("单元格", "行号"), _few(links)), tints=tints)
    told = replace(report, notices=(*report.notices, *(map(covered, notices) if mask else notices)))
    summed = overview(told, names[SUMMED], legend(waived=WAIVED in found.ranks))
    pay = pay_list(report.findings) if report.findings else None
    return [*([] if pay is None else _pay(pay, named, names, mask=mask)), summed, first]


def paid(rows: pl.DataFrame, name: str, *, mask: bool, **more: Any) -> Table:
    """放行清单 as a sheet; ``rows``: PAY_COLUMNS."""
    sums = yuan_columns(rows, [name for name in MONEY if name in rows.columns])
    return table(name, masked(sums) if mask else sums, tints={"放行": _TINTS}, **more)


def summed_up(rows: pl.DataFrame, name: str, *, mask: bool) -> Table:
    """What the list comes to, as a sheet."""
    sums = yuan_columns(subtotals(rows), ("本次可发",))
    return table(name, masked(sums) if mask else sums)


def _pay(rows: pl.DataFrame, named: Mapping[int, str], names: Mapping[str, str], *, mask: bool) -> list[Table]:
    """The pay list, each line with a link to its row, and what it comes to."""
    links = [_link(named, sheet, (line, 0)) for sheet, line in rows.select(SHEET, LINE).iter_rows()]
    listed = paid(rows.drop(ROW, SHEET), names[PAYS], mask=mask, links=((LINE,), _few(links)))
    return [listed, summed_up(rows, names[SUBTOTALS], mask=mask)]


def _few(links: Sequence[str]) -> Sequence[str]:
    return [*links[:_MOST_LINKS], *[""] * (len(links) - _MOST_LINKS)]


def _link(named: Mapping[int, str], sheet: int, place: Place) -> str:
    if sheet not in named:
        return ""
    line, column = place
    title = named[sheet].replace("'", "''")
    return f"'{title}'!{column_letters(column)}{line}"
