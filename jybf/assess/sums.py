"""How a sum was worked out, line by line, from the figures of the query that pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jybf.assess import money
from jybf.assess.asked import run
from jybf.model import REFUSED, RESULTS
from jybf.vocabulary.amounts import Line, Row, kind_of

if TYPE_CHECKING:
    from jybf.assess.steps import Judged


def lines(judged: Judged) -> Iterator[Line]:
    """What the sum was made of, as (what, how). A refused row has none."""
    program, bits, subject = judged.program, judged.bits, judged.subject
    if RESULTS[bits["结果"]] == REFUSED:
        return
    figures = run(subject.one, money.worked_out(program, bits["数量"], bits["申报数量"])).row(0, named=True)
    yield from kind_of(program.amount).proof(program.amount, Row(figures, subject.value, tuple(_units(judged, figures))))


def _units(judged: Judged, figures: Mapping[str, Any]) -> Iterator[Line]:
    program = judged.program
    if not program.amount.units:
        return
    stated, allowed, granted = (figures[name] for name in ("_asked", "_units", "_granted"))
    told = f"“{program.amount.units}” {'没有' if stated is None else stated}"
    if program.period and allowed != stated:
        told += f"，执行期（至 {program.period.until}）以内 {'不能定' if allowed is None else allowed}"
    yield "数量", f"{told}，核 {'不能定' if granted is None else granted}"
