"""汇总: what a run comes to, on one sheet of a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import polars as pl

from jybf.audit import explain
from jybf.model import BALANCED, CUT_OFF, LEVELS, RESULTS, Balance, Report
from jybf.report.layout import Row, Table, Value
from jybf.report.notes import notes, shown

_COLUMNS = ("补贴项目", *RESULTS, "可发放金额", "待补金额")
_FOUND = ("规则", "编号", "级别", "条数", " ", "涉及金额", "  ")  # 元 stand below 元
_BALANCED = (" ", "  ", "人", "行", "元", "   ")
_WIDTHS = (44.0, *[12.0] * 6)


def overview(report: Report, name: str = "汇总", tints: Mapping[str, str] | None = None) -> Table:
    """汇总: 对账 and the programmes of the run as tables, then the sentences that stand under the table on a screen.

    ``tints``: what each colour of the cells means (→ colour), if the workbook has any.
    """
    blocks = list(_blocks(report))
    columns, heads, lines = blocks[0][0], list[int](), list[Sequence[Value]]()
    for head, block in blocks:
        heads += [len(lines)] * bool(lines)
        lines += [*[head] * bool(lines), *block]
    legend = {f"底色：{meaning}": colour for meaning, colour in (tints or {}).items()}
    sentences = ["", *legend, "", *_unchecked(report), *notes(report), *(f"提示  {notice}" for notice in report.notices)]
    lines += [[text] for text in [*sentences, *(f"{fact}  {value}" for fact, value in report.provenance.items())]]
    rows: list[Row] = [dict(zip(columns, line, strict=False)) for line in lines]
    return Table(
        name,
        columns,
        rows,
        figures=frozenset(columns[1:] if columns == _COLUMNS else columns[3:]),
        money=frozenset(columns[-2:]),
        widths=_WIDTHS,
        tints={columns[0]: legend} if legend else {},
        above=(f"就业帮扶补贴{'测算' if report.kind == 'calc' else '审核'}汇总",),
        heads=frozenset(heads),
        listed=False,
    )


def _blocks(report: Report) -> Iterator[tuple[Sequence[str], list[Sequence[Value]]]]:
    """The tables that stand below one another in the same columns: the head and the lines of each."""
    for balance in shown(report.summary.balances):
        yield (f"对账  {balance.program}", *_BALANCED), list(_balanced(balance))
    if report.kind == "audit":
        yield _FOUND, list(_found(report))
    elif report.summary.programs or not report.summary.balances:
        yield _COLUMNS if report.summary.programs else _FOUND, list(_programs(report))


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


def _balanced(balance: Balance) -> Iterator[Sequence[Value]]:
    """Both sides of a balance, each with its sum: they are alike."""
    for terms in BALANCED:
        for n, term in enumerate(terms):
            people, rows, fen = balance.parts[term]
            counts = (None, None) if term == CUT_OFF else (people, rows)
            yield f"{'＋ ' * (n > 0)}{term}", None, None, *counts, _yuan(fen)
        people, rows, fen = (sum(balance.parts[term][unit] for term in terms) for unit in range(3))
        yield "＝", None, None, people, rows, _yuan(fen)


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def _unchecked(report: Report) -> list[str]:
    """Beside the figures, on the same sheet: that not everything was checked."""
    ran = f"查了 {len(report.checked)} 项，" if report.checked else ""
    said = f"{ran}{len(report.not_run)} 项没有查或没有查全，见“未检查”：没有查过，不等于没有问题"
    return [said] if report.not_run else []
