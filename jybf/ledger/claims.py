"""What a payment uses up for good, from the programme's own keys: ``once``, ``quota``, months, ``excluded_by``, ``prior``.

一次  (programme, key of once, year or 0)
限额  (programme, key of the quota, slot 1 … most): ``count`` slots, whichever are free
按月  (programme, person, month as 202103), where money goes by the month and the months are known
互斥  (both programmes, key, year or 0), held by one of the two programmes, whose payments share it
首次  (programme, key of prior, year or 0), held by one batch, whose payments share it
同笔  (programme, who, 0) with what tells the payment from others, where nothing above applies
"""

from collections.abc import Iterator, Sequence

import polars as pl

from jybf.audit.book import complete
from jybf.audit.paid import COUNT, paid_months
from jybf.model import Pack, Program, Quota
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD, PERSON, alternatives, column, household

ONCE, QUOTA, MONTH, EXCLUSIVE, FIRST, SAME = "一次", "限额", "按月", "互斥", "首次", "同笔"
_LIMITS = (ONCE, QUOTA, MONTH)
LINE, UNITS, OF_YEAR, TOLD = "_line", "数量", "年度", "_told"
COLUMNS = {
    LINE: pl.Int64, "kind": pl.String, "program": pl.String, "key": pl.String, "slot": pl.Int64, "count": pl.Int64,
    "holder": pl.String,
}  # fmt: skip
THIS_BATCH = "本批"  # the holder of a 首次 until the batch has its number


def claims_of(rows: pl.DataFrame, program: Program, pack: Pack) -> pl.DataFrame:
    """COLUMNS: what each payment of ``program`` claims; ``slot`` null where ``count`` free ones are wanted.

    ``rows``: a payment each, with the facts of its row, ``_line`` (Int64), 数量 and 年度 (Int64), and ``_told``: what tells
    it from other payments, in words.
    """
    whole = complete(rows.drop(UNITS, OF_YEAR, TOLD)).with_columns(rows[UNITS], rows[OF_YEAR], rows[TOLD])
    found = pl.concat([pl.DataFrame(schema=COLUMNS), *_claims(whole, program, pack)])
    limited = found.filter(pl.col("kind").is_in(_LIMITS)).select(LINE)
    return pl.concat([found, _same(whole.join(limited, on=LINE, how="anti"), program)]).unique(maintain_order=True)


def _claims(rows: pl.DataFrame, program: Program, pack: Pack) -> Iterator[pl.DataFrame]:
    own = program.id
    yield from (_laid_out(rows, ONCE, own, key, _year(program.once)) for key in _keys(rows, program.once))
    if program.quota:
        yield from _slots(rows, program, program.quota)
    if program.amount.units == COUNT:
        yield from _of_months(rows, program)
    for other, per in _rivals(program, pack):
        both = "、".join(sorted((own, other)))
        yield from (_laid_out(rows, EXCLUSIVE, both, key, _year(per), holder=own) for key in _keys(rows, per))
    prior = program.prior.per if program.prior else ()
    yield from (_laid_out(rows, FIRST, own, key, _year(prior), holder=THIS_BATCH) for key in _keys(rows, prior))


def _year(per: Sequence[str]) -> pl.Expr:
    """The slot of what is held for one year, or for good."""
    return pl.col(OF_YEAR) if YEAR in per else pl.lit(0, pl.Int64)


def _slots(rows: pl.DataFrame, program: Program, quota: Quota) -> Iterator[pl.DataFrame]:
    """As many as units are paid; of which year, where the quota is one of each."""
    for key in _keys(rows, quota.per):
        dated = pl.format("{}；{}年", key, OF_YEAR) if YEAR in quota.per else key
        yield _laid_out(rows, QUOTA, program.id, dated, pl.lit(None, pl.Int64), count=pl.col(UNITS)).drop_nulls("count")


def _of_months(rows: pl.DataFrame, program: Program) -> Iterator[pl.DataFrame]:
    months = rows.with_columns(_months(program).alias("_months")).explode("_months").drop_nulls("_months")
    number = pl.col("_months").dt.year().cast(pl.Int64) * 100 + pl.col("_months").dt.month().cast(pl.Int64)
    yield from (_laid_out(months, MONTH, program.id, key, number) for key in _keys(months, (PERSON,)))


def _same(rows: pl.DataFrame, program: Program) -> pl.DataFrame:
    """Of ``rows`` that nothing limits: that each is not paid again."""
    who = pl.coalesce(*_keys(rows, (PERSON,)), *_keys(rows, (EMPLOYER,)), pl.lit(None, pl.String))
    told = pl.when(pl.col(TOLD) != "").then(TOLD)
    return _laid_out(rows, SAME, program.id, pl.format("{}；{}", who, told), pl.lit(0, pl.Int64))


def _months(program: Program) -> pl.Expr:
    """The months paid for: of those that the row states and that count, the first so many as are paid."""
    months = paid_months()
    if program.period:
        months = months.list.filter(pl.element() <= program.period.until)
    return months.list.head(UNITS)


def _rivals(program: Program, pack: Pack) -> Iterator[tuple[str, Sequence[str]]]:
    """The programmes of which each rules the other out, and by which key."""
    for exclusion in program.excluded_by:
        other = next(p for p in pack.programs if p.id == exclusion.program)
        if any(theirs.program == program.id and theirs.per == exclusion.per for theirs in other.excluded_by):
            yield other.id, exclusion.per


def _keys(rows: pl.DataFrame, per: Sequence[str]) -> Iterator[pl.Expr]:
    """Each way in which the key ``per`` is told, without its year: 身份证号=…；单位=…; null where a part is not known."""
    for way in alternatives(per) if per else ():
        names = [name for name in way if name != YEAR]
        if HOUSEHOLD not in names:
            yield _said({name: column(rows, name) for name in names})
            continue
        sources = household(rows)
        for source in ("户编号", "户主身份证号", PERSON):  # a head's name is a household's only within a village
            yield _said({name: sources[source] if name == HOUSEHOLD else column(rows, name) for name in names})


def _said(parts: dict[str, pl.Expr]) -> pl.Expr:
    return pl.concat_str([pl.format(f"{name}={{}}", part.cast(pl.String)) for name, part in parts.items()], separator="；")


def _laid_out(
    rows: pl.DataFrame, kind: str, program: str, key: pl.Expr, slot: pl.Expr, *, count: pl.Expr | None = None, holder: str = ""
) -> pl.DataFrame:
    one = pl.lit(1, pl.Int64) if count is None else count
    told = rows.select(
        LINE, pl.lit(kind).alias("kind"), pl.lit(program).alias("program"), key.alias("key"), slot.alias("slot"),
        one.cast(pl.Int64).alias("count"), pl.lit(holder).alias("holder"),
    )  # fmt: skip
    return told.drop_nulls("key").filter((pl.lit(kind) == QUOTA) | pl.col("slot").is_not_null())
