"""A sum of 元 a unit, one figure or one a tier: what a ceiling and a fixed sum have in common."""

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from jybf.model import Amount, Clause, Predicate, Program
from jybf.vocabulary.amounts.kind import Line, Row, Setting, Spec, Vetting
from jybf.vocabulary.sql import NULL
from jybf.vocabulary.yuan import short_yuan, yuan

TIER = "档次"
TOTAL = '("_rate" * "_granted")'  # SQL: 分 for the units granted
local_sum = partial(Setting, "yuan=金额", "这个项目的标准由文件定死，不能另设")


class Tier(Spec, frozen=True):
    """``yuan`` where ``when`` holds."""

    when: str
    yuan: str


class RateSpec(Spec, frozen=True):
    """元 a unit, ``unit`` its words, ``units`` the field that counts."""

    yuan: str = ""
    unit: str = ""
    units: str = ""
    tiers: tuple[Tier, ...] = ()

    def amount(self, kind: str, vet: Vetting) -> Amount:
        if bool(self.yuan) == bool(self.tiers):
            vet.fault(f"{kind} 要写 yuan 或 tiers，只写一项")
        counted(self.unit, self.units, vet)
        tiers = tuple((vet.predicate(tier.when), fen(tier.yuan, vet)) for tier in self.tiers)
        return Amount(kind, fen(self.yuan, vet) if self.yuan else None, self.unit, self.units, tiers=tiers)


def counted(unit: str, units: str, vet: Vetting) -> None:
    """Vet the field ``units``, without which a sum a ``unit`` would be paid once."""
    if unit and not units:
        vet.fault(f'写了 unit（{unit}），没有写 units：数量在哪一列，如 units = "补贴月数"；不按数量计的，不写 unit')
    vet.names([units] if units else [])


def fen(yuan: str, vet: Vetting) -> int:
    """元 as 分."""
    return vet.exact(yuan, 100, "到分为止的金额")


def _supposed(amount: Amount, value: str, vet: Vetting) -> Amount:
    return replace(amount, fen=fen(value, vet), tiers=(), local=True)


SUPPOSES = {"yuan": local_sum(_supposed)}  # any sum, one for all tiers


def tier_clauses(program: Program) -> Iterator[Clause]:
    """A row must be of a tier, where there are any: of the first that holds, and of none while one before it may hold."""
    if tiers := program.amount.tiers:
        before = [f"NOT ({when.sql})" for when, _ in tiers]
        ways = (" AND ".join([*before[:i], f"({when.sql})"]) for i, (when, _) in enumerate(tiers))
        sql = f"({' OR '.join(f'({way})' for way in ways)})"
        facts = tuple(dict.fromkeys(name for when, _ in tiers for name in when.fields))
        yield Clause(TIER, program.cite, "属于文件规定的档次", Predicate("", sql, facts), code="JY501")


def rate(amount: Amount) -> str:
    """SQL: 分 a unit."""
    if amount.tiers:
        whens = " ".join(f"WHEN {when.sql} THEN {fen}" for when, fen in amount.tiers)
        return f"CAST(CASE {whens} END AS BIGINT)"
    return NULL if amount.fen is None else f"CAST({amount.fen} AS BIGINT)"


def page(amount: Amount) -> str:
    """800.00 元, 3000.00 / 5000.00 元/人·月."""
    sums = [yuan(fen) for _, fen in amount.tiers] or [yuan(amount.fen or 0)]
    return f"{' / '.join(sums)} {amount.unit or '元'}"


def words(amount: Amount) -> str:
    """800 元/人·月 × {}."""
    if amount.fen is None:
        return "按档次定额"
    return f"{short_yuan(amount.fen)} {amount.unit or '元'}{' × {}' if amount.units else ''}"


def proof(amount: Amount, row: Row, label: str, what: str) -> Iterator[Line]:
    """元 a unit (by which tier, set by whom), the units, and ``what`` the two come to."""
    rate, granted, total = (row.figures[name] for name in ("_rate", "_granted", "_total"))
    if rate is not None:
        which = [when.source for when, fen in amount.tiers if fen == rate]
        tier = f"，档次 {' 或 '.join(which)}" if which else ""
        yield "标准", f"{yuan(rate)} {amount.unit or '元'}（{label}{tier}{'，由 --set 给出' if amount.local else ''}）"
    yield from row.counted
    if amount.units and rate is not None and total is not None:
        yield what, f"{yuan(rate)} × {granted} = {yuan(total)} 元"
