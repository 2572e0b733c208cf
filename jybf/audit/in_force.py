"""What of a programme was in force on a row's day, as an expression over the row's verdict."""

from collections.abc import Callable, Sequence

import polars as pl

from jybf.model import Program


def by_version(program: Program, of: Callable[[Program], int | None]) -> pl.Expr:
    """``of`` each version of ``program``, Int64; null where it has none, or no day tells which version it is."""
    values = [of(program.at(i)) for i in range(len(program.versions))] or [of(program)]
    if len({*values}) == 1:
        return pl.lit(values[0], pl.Int64)
    return pl.col("版").replace_strict(dict(enumerate(values)), default=None, return_dtype=pl.Int64)


def ground_in_force(programs: Sequence[Program]) -> pl.Expr:
    """Document and clause of the row's programme, of the version in force."""
    told = {
        i: [program.at(v).ground for v in range(len(program.versions))] or [program.ground]
        for i, program in enumerate(programs)
    }
    first = pl.col("项目").replace_strict({i: texts[0] for i, texts in told.items()}, default=None, return_dtype=pl.String)
    changing = {i: texts for i, texts in told.items() if len({*texts}) > 1}
    each = [
        pl.when((pl.col("项目") == i) & (pl.col("版") == v)).then(pl.lit(t))
        for i, ts in changing.items()
        for v, t in enumerate(ts)
    ]
    return pl.coalesce(*each, first) if each else first


def sum_in_force(programs: Sequence[Program]) -> pl.Expr:
    """分 that the row's programme sets, of the version in force; null where it sets no one sum."""
    sums = [pl.when(pl.col("项目") == i).then(by_version(p, lambda then: then.amount.fen)) for i, p in enumerate(programs)]
    return pl.coalesce(*sums, pl.lit(None, pl.Int64))


def excluding(program: Program) -> str:
    """The clauses by which other programmes exclude this one, the document of each said once."""
    by: dict[str, dict[str, None]] = {}
    for rule in program.excluded_by:
        by.setdefault(rule.source or program.source, {})[rule.cite] = None
    return "；".join(source + "、".join(cites) for source, cites in by.items())


def units_allowed(program: Program) -> str:
    """How many units the quota allows, of each version: 6, or 6 或 12."""
    quotas = [version.quota for version in program.versions] or [program.quota]
    return " 或 ".join(dict.fromkeys(str(quota.most) for quota in quotas if quota))
