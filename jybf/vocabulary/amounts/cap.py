"""A ceiling: at most so much a unit, and no more than is asked for or was spent."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from jybf.model import Amount, Clause, Predicate, Program, bad
from jybf.vocabulary.amounts import rates
from jybf.vocabulary.amounts.kind import CLAIM, Kind, Line, Row, Vetting
from jybf.vocabulary.sql import quote
from jybf.vocabulary.yuan import short_yuan, yuan

_ASKED = "申报金额"


class CapSpec(rates.RateSpec, frozen=True):
    """Also the money fields that say what was ``spent``."""

    spent: tuple[str, ...] = ()

    def amount(self, kind: str, vet: Vetting) -> Amount:
        return replace(rates.RateSpec.amount(self, kind, vet), spent=vet.names(self.spent))


def _clauses(program: Program) -> Iterator[Clause]:
    """What bounds a cap is readable. Nothing asked or spent is nothing paid; where neither is stated, the cap is presumed."""
    facts = (_ASKED, *program.amount.spent)
    none = " OR ".join(f"{quote(name)} = 0" for name in facts)
    unreadable = " OR ".join(quote(bad(name)) for name in facts)
    stated = " OR ".join(f"{quote(name)} IS NOT NULL" for name in facts)
    sql = f"(CASE WHEN {none} THEN FALSE WHEN {unreadable} THEN NULL WHEN {stated} THEN TRUE END)"
    holds, named = Predicate("", sql, facts), "、".join(facts)
    yield Clause(CLAIM, program.cite, f"{named}大于 0", holds, code="JY501", presume=f"未写{named}，按上限核定")
    yield from (_each(program, name, stated, [other for other in facts if other != name]) for name in facts if len(facts) > 1)
    yield from rates.tier_clauses(program)


def _each(program: Program, name: str, stated: str, others: Sequence[str]) -> Clause:
    """That ``name`` too is written, where another bound is: it might be less."""
    sql = f"(CASE WHEN {quote(name)} IS NOT NULL OR NOT ({stated}) THEN TRUE END)"
    beside = "、".join(others)
    holds, presume = Predicate("", sql, (name,)), f"未写{name}，按{beside}核定"
    return Clause(CLAIM, program.cite, f"写了{beside}的，也写明{name}", holds, code="JY501", presume=presume)


def _figures(amount: Amount) -> Mapping[str, str]:
    """``_claim``: the least of what is asked and was spent, of those that the row states."""
    bound = quote(_ASKED)
    for name in amount.spent:
        spent = quote(name)
        bound = f"(CASE WHEN {bound} IS NULL OR {spent} < {bound} THEN COALESCE({spent}, {bound}) ELSE {bound} END)"
    return {"_claim": bound, "_rate": rates.rate(amount)}


def _sums(_: Amount) -> Mapping[str, str]:
    """``_share``: a claim for more units than are granted counts in proportion, half up to the 分."""
    part = '(2 * "_claim" * "_granted" + "_asked") // (2 * "_asked")'
    share = f'CASE WHEN "_granted" < "_asked" THEN {part} ELSE "_claim" END'
    due = f"CASE WHEN ({share}) < {rates.TOTAL} THEN ({share}) ELSE {rates.TOTAL} END"
    return {"_total": rates.TOTAL, "_share": share, "_due": due}


def _proof(amount: Amount, row: Row) -> Iterator[Line]:
    yield from rates.proof(amount, row, "上限", "最多")
    total, share, due, granted, asked = (row.figures[f"_{name}"] for name in ("total", "share", "due", "granted", "asked"))
    if total is None or due is None:
        return
    told = "，".join(f"{name} {shown}" for name in (_ASKED, *amount.spent) if (shown := row.shown(name)))
    if share is None:
        yield "申报", "没有写明，按上限"
    elif granted is not None and asked is not None and granted < asked:
        yield "申报", f"{told}，按 {granted}/{asked} 折合 {yuan(share)} 元（四舍五入到分）；与上限取低的 {yuan(due)} 元"
    else:
        yield "申报", f"{told}；与上限 {yuan(total)} 元取最低的 {yuan(due)} 元"


def _set_lower(amount: Amount, value: str, vet: Vetting) -> Amount:
    """A ceiling of a county's own, never above the document's."""
    fen, most = rates.fen(value, vet), amount.fen or 0
    if fen > most:
        vet.fault(f"{value} 元超过文件的上限 {short_yuan(most)} 元")
    return replace(amount, fen=fen, tiers=(), local=True)


KIND = Kind(
    name="cap",
    label="上限",
    spec=CapSpec,
    settings={"yuan": rates.local_sum(_set_lower)},
    supposes=rates.SUPPOSES,
    ids=(CLAIM, rates.TIER),
    clauses=_clauses,
    figures=_figures,
    sums=_sums,
    page=lambda amount: f"最高 {rates.page(amount)}",
    words=lambda amount: rates.words(amount) if amount.fen is None else f"不超过 {rates.words(amount)}",
    ceiling="，按申报或实际支出核定",
    proof=_proof,
    code="JY501",
)
