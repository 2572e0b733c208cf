"""A sum that the document states: so much a unit, no more and no less."""

from jybf.vocabulary.amounts import rates
from jybf.vocabulary.amounts.kind import Kind

KIND = Kind(
    name="fixed",
    label="定额",
    spec=rates.RateSpec,
    supposes=rates.SUPPOSES,
    ids=(rates.TIER,),
    clauses=rates.tier_clauses,
    figures=lambda amount: {"_rate": rates.rate(amount)},
    sums=lambda _: {"_total": rates.TOTAL, "_due": rates.TOTAL},
    page=rates.page,
    words=rates.words,
    proof=lambda amount, row: rates.proof(amount, row, "定额", "金额"),
    code="JY501",
    exact=True,
)
