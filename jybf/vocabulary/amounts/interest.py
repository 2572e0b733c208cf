"""A subsidy of interest: what a loan costs above the borrower's own share, which ends so much below the LPR.

principal × (rate − (LPR − margin)) × days ÷ days of the year. Rates are millionths, the one rounding is half up to the 分.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec.structs import replace

from jybf.model import Amount, Clause, Predicate, Program, last
from jybf.vocabulary.amounts.kind import Kind, Line, Row, Setting, Spec, Vetting, percent
from jybf.vocabulary.lpr import lpr_end, lpr_sql, lpr_steps
from jybf.vocabulary.sql import quote
from jybf.vocabulary.yuan import yuan

RATE, SUM = "利率", "利息"
_SIGNED, _PAID_OUT = "贷款合同日期", "贷款发放日期"
_PRINCIPAL, _CHARGED, _DAYS = "贷款金额", "执行利率", "计息天数"
_NO_DAYS = "只有贴息有计息天数，取 360 或 365"


class InterestSpec(Spec, frozen=True):
    """``margin``: percent that the borrower's share ends below the LPR; ``days``: of a year; ``by``: the day of the LPR."""

    margin: str = "0"
    days: Literal[360, 365] = 360
    by: Literal["贷款合同日期", "贷款发放日期"] = "贷款合同日期"

    def amount(self, kind: str, vet: Vetting) -> Amount:
        margin = vet.exact(self.margin, 10_000, "百分数", least=-1_000_000)
        by = {"by": 1} if self.by == _PAID_OUT else {}
        return Amount(kind, terms={"margin": margin, "days": self.days, **by})


def _clauses(program: Program) -> Iterator[Clause]:
    """All is known, and the LPR is one and the same on every day that the contract may be of."""
    signed = _day_of(program.amount)
    facts = (signed, _PRINCIPAL, _CHARGED, _DAYS)
    known = " AND ".join(f"{quote(name)} IS NOT NULL" for name in facts[1:])
    sql = f"(CASE WHEN {known} AND {_lpr(signed)} = {_lpr(last(signed))} THEN TRUE END)"
    text = f"LPR 表只载 {lpr_steps()[0].start} 至 {lpr_end()}"
    which = f"(CASE WHEN {_lpr(signed)} = {_lpr(last(signed))} THEN FALSE ELSE TRUE END)"  # of one rate any day will do
    yield Clause(RATE, program.cite, text, Predicate("", sql, facts, needs=((signed, which),)), code="JY512")
    if program.amount.terms:  # an amount that its author has to correct has none
        text = "有利息可贴：本金、天数和利差都大于 0"
        yield Clause(SUM, program.cite, text, _something(program.amount), code="JY512")


def _something(amount: Amount) -> Predicate:
    """Nothing lent, no days, no spread, or less than half a 分 of interest, is nothing to pay, whatever else is lacking.

    Of what is lacking itself the rate's own clause tells.
    """
    signed = _day_of(amount)
    facts = (_PRINCIPAL, _CHARGED, _DAYS, signed)
    spreads = [f"({quote(_CHARGED)} - ({_lpr(day)} - {amount.terms['margin']}))" for day in (signed, last(signed))]
    none = f"{quote(_PRINCIPAL)} <= 0 OR {quote(_DAYS)} <= 0 OR ({' AND '.join(f'{spread} <= 0' for spread in spreads)})"
    sums = [f"({_interest(amount, spread)})" for spread in spreads]
    little = " AND ".join(f"{sum_} <= 0" for sum_ in sums)
    sql = f"(CASE WHEN {none} THEN FALSE WHEN {little} THEN FALSE ELSE TRUE END)"
    return Predicate("", sql, facts)


def _day_of(amount: Amount) -> str:
    return _PAID_OUT if amount.terms.get("by") else _SIGNED


def _lpr(day: str) -> str:
    return lpr_sql(quote(day))


def _figures(amount: Amount) -> Mapping[str, str]:
    """``_lpr``, ``_lpr_to``: on the first and last day that the contract may be of; ``_own``: the borrower's share."""
    signed = _day_of(amount)
    own = f"({_lpr(signed)} - {amount.terms['margin']})"
    over = f"({quote(_CHARGED)} - {own})"
    return {
        "_lpr": _lpr(signed),
        "_lpr_to": _lpr(last(signed)),
        "_own": own,
        "_charged": quote(_CHARGED),
        "_over": over,
        "_interest": _interest(amount, over),
    }


def _interest(amount: Amount, over: str) -> str:
    """SQL: 分 for a spread of ``over`` millionths."""
    year = 1_000_000 * amount.terms["days"]
    interest = f"(2 * {quote(_PRINCIPAL)} * {over} * {quote(_DAYS)} + {year}) // {2 * year}"
    return f"CASE WHEN {over} <= 0 THEN 0 ELSE {interest} END"


def _words(amount: Amount) -> str:
    margin, days = percent(amount.terms["margin"]), amount.terms["days"]
    return f"贷款金额 × (执行利率 − (LPR − {margin})) × 天数 ÷ {days}，四舍五入到分"


def _proof(amount: Amount, row: Row) -> Iterator[Line]:
    names = ("_lpr", "_lpr_to", "_own", "_charged", "_over", "_due")
    lpr, lpr_to, own, charged, over, due = (row.figures[name] for name in names)
    if lpr is None or own is None or lpr != lpr_to:
        yield "LPR", f"“{_day_of(amount)}”没有或不在 LPR 表所载的日子里，不能定"
        return
    yield "LPR", f"{row.shown(_day_of(amount))} 的一年期 LPR {percent(lpr)}"
    yield "自付", f"LPR − {percent(amount.terms['margin'])} = {percent(own)}，由借款人负担"
    if charged is None or over is None:
        return
    none = "" if over > 0 else "，没有可贴的"
    yield "贴息率", f"{_CHARGED} {percent(charged)} − {percent(own)} = {percent(over)}{none}"
    if due is not None and row.shown(_PRINCIPAL) and row.shown(_DAYS):
        how = f"{row.shown(_PRINCIPAL)} × {percent(max(over, 0))} × {row.shown(_DAYS)} 天 ÷ {amount.terms['days']} 天"
        yield "贴息", f"{how} = {yuan(due)} 元（四舍五入到分）"


def _set_days(amount: Amount, value: str, vet: Vetting) -> Amount:
    if value not in {"360", "365"}:
        vet.fault(_NO_DAYS)
        return amount
    return replace(amount, terms={**amount.terms, "days": int(value)})


SETTINGS = {"days": Setting("days=360/365", _NO_DAYS, _set_days)}
KIND = Kind(
    name="interest",
    label="计算",
    spec=InterestSpec,
    settings=SETTINGS,
    supposes=SETTINGS,
    ids=(RATE, SUM),
    clauses=_clauses,
    figures=_figures,
    sums=lambda _: {"_due": '"_interest"'},
    page=lambda _: "按 LPR 计算贴息",
    words=_words,
    presumes=lambda program: f"计息按一年 {program.amount.terms['days']} 天（当地规定不同时用 --set {program.id}.days=365）",
    proof=_proof,
    code="JY512",
)
