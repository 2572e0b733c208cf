"""汇总: what a run comes to, on one sheet of a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import polars as pl

from jybf.audit import explain
from jybf.model import LEVELS, RESULTS, Report
from jybf.report.layout import Row, Table, Value
from jybf.report.notes import notes

_COLUMNS = ("补贴项目", *RESULTS, "可发放金额", "待补金额")
_FOUND = ("规则", "编号", "级别", "条数", " ", "涉及金额", "  ")  # 元 stand below 元
_RELEASED = ("放行", "行数", " ", "  ", "   ", "核定金额", "本次可发")
_WIDTHS = (44.0, *[12.0] * 6)


def overview(
    report: Report, name: str = "汇总", tints: Mapping[str, str] | None = None, released: pl.DataFrame | None = None
) -> Table:
    """汇总: the programmes of the run as a table, then the sentences that stand under the table on a screen.

    ``tints``: what each colour of the cells means (→ colour), if the workbook has any; ``released``: its 放行清单.
    """
    lines: list[Sequence[Value]] = list(_programs(report))
    columns, heads = _COLUMNS if lines else _FOUND, list[int]()
    if report.kind == "audit":
        heads += [len(lines)] if lines else []
        lines += [*[_FOUND] * len(heads), *_found(report)]
    if released is not None and released.height:
        heads.append(len(lines))
        lines += [_RELEASED, *_sums(released)]
    legend = {f"底色：{meaning}": colour for meaning, colour in (tints or {}).items()}
    sentences = ["", *legend, "", *_unchecked(report), *notes(report), *(f"提示  {notice}" for notice in report.notices)]
    lines += [[text] for text in [*sentences, *(f"{fact}  {value}" for fact, value in report.provenance.items())]]
    rows: list[Row] = [dict(zip(columns, line, strict=False)) for line in lines]
    return Table(
        name,
        columns,
        rows,
        figures=frozenset(columns[3:] if columns == _FOUND else columns[1:]),
        money=frozenset(columns[-2:]),
        widths=_WIDTHS,
        tints={columns[0]: legend} if legend else {},
        above=(f"就业帮扶补贴{'测算' if report.kind == 'calc' else '审核'}汇总",),
        heads=frozenset(heads),
        listed=False,
    )


def _programs(report: Report) -> Iterator[Sequence[Value]]:
    programs = report.summary.programs
    for p in programs:
        yield p.program, *(p.counts[r] for r in RESULTS), _yuan(p.paid_fen), _yuan(p.held_fen)
    if len(programs) > 1:
        sums = _yuan(sum(p.paid_fen for p in programs)), _yuan(sum(p.held_fen for p in programs))
        yield "合计", *(sum(p.counts[r] for p in programs) for r in RESULTS), *sums


def _found(report: Report) -> Iterator[Sequence[Value]]:
    """Findings by level and rule, with the money they concern."""
    order = pl.col("级别").replace_strict({level: rank for rank, level in enumerate(LEVELS)}, return_dtype=pl.Int8)
    stated = pl.when(pl.col("涉及金额").count() > 0).then(pl.sum("涉及金额"))  # nothing stated is not zero
    found = report.frame.group_by("级别", "编号").agg(pl.len(), stated).sort(order, "编号")
    for level, code, count, fen in found.iter_rows():
        yield explain(code).title, code, level, count, None, None if fen is None else _yuan(fen)


def _sums(released: pl.DataFrame) -> Iterator[Sequence[Value]]:
    """放行清单 by what it says of a row, what may be paid first, and all of it."""
    by = released.group_by("放行").agg(pl.len(), pl.sum("核定金额"), pl.sum("本次可发"))
    by = by.sort("本次可发", "核定金额", "放行", descending=[True, True, False])
    for word, count, granted, payable in [*by.iter_rows(), ("合计", *by.sum().row(0)[1:])]:
        yield word, count, None, None, None, _yuan(granted), _yuan(payable)


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def _unchecked(report: Report) -> list[str]:
    """Beside the figures, on the same sheet: that not everything was checked."""
    ran = f"查了 {len(report.checked)} 项，" if report.checked else ""
    said = f"{ran}{len(report.not_run)} 项没有查或没有查全，见“未检查”：没有查过，不等于没有问题"
    return [said] if report.not_run else []
