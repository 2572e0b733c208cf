"""How a sum was worked out, line by line, from the figures of the query that pays."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jybf.assess import money
from jybf.assess.asked import ask
from jybf.model import REFUSED, RESULTS, last
from jybf.vocabulary.lpr import lpr_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jybf.assess.steps import Judged

Line = tuple[str, str]


def lines(judged: Judged) -> Iterator[Line]:
    """What the sum was made of, as (what, how). A refused row has none."""
    if RESULTS[judged.bits["结果"]] == REFUSED:
        return
    amount, program = judged.program.amount, judged.program
    if amount.kind in {"open", "control"}:
        yield "标准", "文件没有定，用 --set 或本地规则包给出"
        yield from _units(judged)
    elif amount.kind == "interest":
        yield from _interest(judged)
    else:
        asked = {"_rate": money.base(program), "_claim": money.claim(program)}
        figures = ask(judged.subject.one, asked).row(0, named=True)
        yield from _standard(judged, figures["_rate"])
        yield from _units(judged)
        yield from _product(judged, figures)


def _standard(judged: Judged, rate: int | None) -> Iterator[Line]:
    amount = judged.program.amount
    if rate is None:
        return
    which = [when.source for when, fen in amount.tiers if fen == rate]
    tier = f"，档次 {' 或 '.join(which)}" if which else ""
    kind = "上限" if amount.kind == "cap" else "定额"
    local = "，由 --set 给出" if amount.local else ""
    yield "标准", f"{_yuan(rate)} {amount.unit or '元'}（{kind}{tier}{local}）"


def _units(judged: Judged) -> Iterator[Line]:
    program, bits = judged.program, judged.bits
    if not program.amount.units:
        return
    stated, granted = bits["申报数量"], bits["数量"]
    allowed = ask(judged.subject.one, {"_units": money.units(program)})["_units"].item()
    told = f"“{program.amount.units}” {'没有' if stated is None else stated}"
    if program.period and allowed != stated:
        told += f"，执行期（至 {program.period.until}）以内 {'不能定' if allowed is None else allowed}"
    yield "数量", f"{told}，核 {'不能定' if granted is None else granted}"


def _product(judged: Judged, figures: dict[str, Any]) -> Iterator[Line]:
    amount, granted, asked = judged.program.amount, judged.bits["数量"], judged.bits["申报数量"]
    rate, claim = figures["_rate"], figures["_claim"]
    if rate is None or granted is None:
        return
    total = rate * granted
    if amount.units:
        yield ("最多" if amount.kind == "cap" else "金额"), f"{_yuan(rate)} × {granted} = {_yuan(total)} 元"
    if amount.kind != "cap":
        return
    names = [name for name in ("申报金额", *amount.spent) if judged.subject.value(name)]
    told = "，".join(f"{name} {judged.subject.value(name)}" for name in names)
    if claim is None:
        yield "申报", "没有写明，按上限"
    elif asked is not None and granted < asked:
        share = claim * granted // asked
        yield "申报", f"{told}，按 {granted}/{asked} 折合 {_yuan(share)} 元；与上限取低的 {_yuan(min(share, total))} 元"
    else:
        yield "申报", f"{told}；与上限 {_yuan(total)} 元取最低的 {_yuan(min(claim, total))} 元"


def _interest(judged: Judged) -> Iterator[Line]:
    subject, amount = judged.subject, judged.program.amount
    principal, rate, days, signed = ("贷款金额", "执行利率", "计息天数", "贷款合同日期")
    first, end = subject.cells.get(signed), subject.cells.get(last(signed))
    lpr = lpr_at(first, end) if first and end else None
    if lpr is None:
        yield "LPR", f"“{signed}”没有或不在 LPR 表所载的日子里，不能定"
        return
    yield "LPR", f"{subject.value(signed)} 的一年期 LPR {_percent(lpr)}"
    own = lpr - amount.margin
    yield "自付", f"LPR − {_percent(amount.margin)} = {_percent(own)}，由借款人负担"
    charged = subject.cells.get(rate)
    if charged is None:
        return
    over = max(charged - own, 0)
    none = "" if over else "，没有可贴的"
    yield "贴息率", f"{rate} {_percent(charged)} − {_percent(own)} = {_percent(charged - own)}{none}"
    if all(subject.value(name) for name in (principal, days)):
        fen = ask(subject.one, {"_i": money.interest(judged.program)})["_i"].item()
        how = f"{subject.value(principal)} × {_percent(over)} × {subject.value(days)} 天 ÷ {amount.days} 天"
        yield "贴息", f"{how} = {_yuan(fen)} 元（四舍五入到分）"


def _percent(millionths: int) -> str:
    return f"{Decimal(millionths) / 10_000:f}%"


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"
