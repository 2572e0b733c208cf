"""Random rosters full of NULLs and edges, for laws that must hold whatever the rows are."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from jybf.model import LINE, ROW, SHEET, Pack, Roster, Sheet, bad, last
from jybf.policy.derivation import derived
from jybf.vocabulary.facts import facts

if TYPE_CHECKING:
    from collections.abc import Sequence

EDGES = [
    date(2020, 2, 29), date(2021, 2, 28), date(2021, 3, 1), date(2021, 6, 30), date(2021, 12, 31), date(2022, 1, 1),
    date(2022, 3, 1), date(2022, 3, 2), date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 8, 20),
]  # fmt: skip
NUMBERS = [0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 19, 20, 36, 37, 49, 50, 51, 70, 100, 799, 800, 801]
ENGINE = {"跨省", "县外", "申请年度"}
SOURCES = [source for fact in derived().values() if fact.ways for source in fact.sources if source not in derived()]


def fields_of(pack: Pack) -> list[str]:
    """Every roster field that the pack's clauses, keys, dates and amounts read."""
    names: dict[str, None] = dict.fromkeys(
        ["身份证号", "户", "单位", "姓名", "申报金额", "务工省", "务工县", "户籍县", "户籍省"]
    )
    for program in pack.programs:
        for clause in program.clauses:
            names |= dict.fromkeys(clause.holds.fields)
        names |= dict.fromkeys([*program.basis, *program.once, *program.amount.spent, program.amount.units])
        names |= dict.fromkeys(program.tally.counts.fields if program.tally else ())
        names |= dict.fromkeys(n for when, _ in program.amount.tiers for n in when.fields)
        names |= dict.fromkeys((program.period.start, program.period.end, program.period.proof) if program.period else ())
    return [name for name in names if name and name not in ENGINE]


def random_roster(pack: Pack, count: int, seed: int, also: Sequence[str] = ()) -> Roster:
    """``count`` rows over all fields of ``pack`` and ``also``: a third NULL, few persons and employers, days at the law's edges."""
    rng = random.Random(seed)  # noqa: S311  reproducible, not secret
    columns: dict[str, pl.Series] = {}
    for name in dict.fromkeys([*fields_of(pack), *also]):
        columns |= _column(rng, name, count)
    frame = pl.DataFrame(columns).with_columns(
        pl.int_range(count, dtype=pl.Int64).alias(ROW), pl.lit(0, pl.Int32).alias(SHEET),
        pl.int_range(1, count + 1, dtype=pl.Int64).alias(LINE),
    )  # fmt: skip
    titles = " ".join(word for program in pack.programs for word in program.titles[:1])
    problems = pl.DataFrame(schema={ROW: pl.Int64, "字段": pl.String, "原文": pl.String, "原因": pl.String, "编号": pl.String})
    return Roster(frame, problems, (Sheet(0, "随机.csv", "", titles, 1, {name: i for i, name in enumerate(columns)}),))


def _column(rng: random.Random, name: str, count: int) -> dict[str, pl.Series]:
    field = facts()[name]
    empty = [rng.random() < 0.25 for _ in range(count)]
    unread = pl.Series(bad(name), [e and rng.random() < 0.2 for e in empty])
    if field.type in {"date", "period"}:
        first = [None if e else rng.choice(EDGES) + timedelta(rng.choice([0, 0, 1, -1])) for e in empty]
        end = [d and d + timedelta(rng.choice([0, 0, 0, 27, 30])) for d in first]
        return {name: pl.Series(name, first, pl.Date), last(name): pl.Series(last(name), end, pl.Date), bad(name): unread}
    values: list[object] = {
        "bool": lambda: [rng.random() < 0.7 for _ in empty],
        "int": lambda: [rng.choice(NUMBERS) for _ in empty],
        "money": lambda: [rng.choice(NUMBERS) * rng.choice([100, 99, 30_000]) for _ in empty],
        "rate": lambda: [rng.choice([23_500, 38_500, 43_500, 50_000]) for _ in empty],
        "enum": lambda: [rng.choice(list(field.values)) for _ in empty],
        "place": lambda: [rng.choice(["山西省", "广东省", "重庆市", "新疆维吾尔自治区"]) for _ in empty],
    }.get(field.type, lambda: [f"{name}{rng.randrange(max(2, count // 3))}" for _ in empty])()
    known = [None if e else value for e, value in zip(empty, values, strict=True)]
    return {name: pl.Series(name, known, strict=False), bad(name): unread}
