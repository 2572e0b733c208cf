"""Laws that hold for every shipped pack, whatever the rows are."""

from __future__ import annotations

import random

import polars as pl
import pytest

from jybf.assess import assess, describe
from jybf.assess.known import know
from jybf.model import LINE, ROW, VERDICT_COLUMNS, Pack, Program, Roster, bad, last
from jybf.policy import load_pack, pack_names
from jybf.policy.clash import CLASH
from jybf.policy.derivation import derived
from jybf.policy.implicit import _end_of
from jybf.vocabulary.amounts import kind_of

from .rows import fields_of, random_roster

PACKS = {name: load_pack(name) for name, _ in pack_names()}
PROGRAMS = [(name, i) for name, pack in PACKS.items() for i, p in enumerate(pack.programs) if p.amount.pays]
regions = pytest.mark.parametrize("region", list(PACKS))
ROWS = 100
MANY = 200  # where they cost little


def verdicts_of(roster: Roster, pack: Pack, program: Program, known: pl.DataFrame | None = None) -> dict[int, int]:
    rows = assess(roster, pack, programs=(program.id,), force=True, known=known).rows
    return dict(rows.select(ROW, "结果").iter_rows())


def strangers(roster: Roster) -> Roster:
    """The roster with a person, a household and an employer of its own in every row that has one, and a name in each."""
    names = [name for name in ("身份证号", "户", "单位", "统一社会信用代码") if name in roster.rows.columns]
    own = [pl.when(pl.col(name).is_not_null()).then(pl.format(name + "{}", ROW)).alias(name) for name in names]
    return Roster(roster.rows.with_columns(*own, pl.lit("某甲").alias("姓名")), roster.problems, roster.sheets)


def presumed(program: Program) -> set[str]:
    """Facts whose blank is spoken for.

    By a stated presumption, by the pack's default, by the next date of the basis, by an application that proves its months,
    by the other cells from which it follows.
    """
    facts = {name for clause in program.clauses if clause.presume for name in clause.holds.fields}
    facts |= {name for name, fact in derived().items() if len(fact.ways) > 1}
    return facts | {
        *program.basis,
        *map(_end_of, program.basis),
        "户籍省",
        "申报金额",
        *program.amount.spent,
        *((program.period.end,) if program.period else ()),
    }


def asking(program):
    """The clauses that ask for facts: a row that contradicts itself is at one with itself again without one of its cells."""
    return [clause for clause in program.clauses if clause.id != CLASH]


@pytest.mark.parametrize(("region", "index"), PROGRAMS)
def test_blanking_a_fact_never_pays_or_refuses_a_row_that_was_not(region: str, index: int) -> None:
    pack, rng = PACKS[region], random.Random(index)  # noqa: S311
    program = pack.programs[index]
    whole = random_roster(pack, MANY, seed=index)
    asked = [n for n in fields_of(pack) if n in {f for c in asking(program) for f in c.holds.fields} - presumed(program)]
    names = ["", *asked, "身份证号"]
    # Whatever was blanked stands below what was not, as rows of other people: one run of the engine for all of them.
    rows = pl.concat([whole.rows] * len(names)).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    told = strangers(Roster(rows, whole.problems, whole.sheets))
    hits = {name: [rng.random() < 0.7 for _ in range(MANY)] for name in names[1:]}
    parts = [told.rows[n * MANY : (n + 1) * MANY] for n in range(len(names))]
    parts = [parts[0], *(blanked(part, name, pl.Series(hits[name])) for part, name in zip(parts[1:], names[1:], strict=True))]
    verdicts = verdicts_of(Roster(pl.concat(parts), whole.problems, whole.sheets), pack, program)
    before = {row: result for row, result in verdicts.items() if row < MANY}
    for n, name in enumerate(names[1:], 1):
        after = {row - n * MANY: result for row, result in verdicts.items() if row // MANY == n}
        turned = {row: (before.get(row), now) for row, now in after.items() if before.get(row) != now}
        assert all(now == 2 for _, now in turned.values()), (program.id, name, turned)


def blanked(rows: pl.DataFrame, name: str, hit: pl.Series) -> pl.DataFrame:
    """``rows`` where those that are ``hit`` say nothing of ``name``, and nothing that can't be read."""
    blank = [pl.when(hit).then(None).otherwise(pl.col(c)).alias(c) for c in (name, last(name)) if c in rows.columns]
    return rows.with_columns(*blank, (pl.col(bad(name)) & ~hit).alias(bad(name)))


@regions
def test_a_row_alone_gets_what_it_gets_among_strangers(region: str) -> None:
    pack = PACKS[region]
    roster = strangers(random_roster(pack, 40, seed=3))
    known = know(roster.rows, pack)
    together = {program.id: verdicts_of(roster, pack, program, known) for program in pack.payable()}
    for row in range(0, 40, 8):
        only = roster.rows[row].with_columns(pl.lit(0, pl.Int64).alias(ROW))
        own = know(only, pack)
        for program in pack.payable():
            alone = verdicts_of(Roster(only, roster.problems, roster.sheets), pack, program, own)
            assert alone.get(0) == together[program.id].get(row), (program.id, row)


@regions
def test_the_order_of_rows_decides_nothing_but_who_comes_first_on_one_day(region: str) -> None:
    pack = PACKS[region]
    roster = random_roster(pack, ROWS, seed=5)
    order = list(range(ROWS))
    random.Random(9).shuffle(order)  # noqa: S311
    mixed = roster.rows[order].with_columns(pl.int_range(ROWS, dtype=pl.Int64).alias(ROW))
    known, known_mixed = know(roster.rows, pack), know(mixed, pack)
    for program in pack.payable():
        if program.tally:
            continue  # an employer's verdict stands on its first row, wherever that is
        one = assess(roster, pack, programs=(program.id,), force=True, known=known).rows
        two = assess(
            Roster(mixed, roster.problems, roster.sheets), pack, programs=(program.id,), force=True, known=known_mixed
        ).rows
        own = {row: (a, b, c) for row, a, b, c in one.select(ROW, "不符", "缺", "推定").iter_rows()}
        moved = {order[row]: (a, b, c) for row, a, b, c in two.select(ROW, "不符", "缺", "推定").iter_rows()}
        assert own == moved
        assert one["分"].sum() == two["分"].sum() or program.quota or kind_of(program.amount).ceiling
        assert one["结果"].value_counts(sort=True).height == two["结果"].value_counts(sort=True).height


@regions
def test_every_row_ends_in_exactly_one_place_for_each_programme(region: str) -> None:
    pack = PACKS[region]
    roster = random_roster(pack, ROWS, seed=11)
    known = know(roster.rows, pack)
    for program in pack.payable():
        verdicts = assess(roster, pack, programs=(program.id,), force=True, known=known)
        judged, merged = verdicts.rows[ROW].to_list(), verdicts.merged[ROW].to_list()
        assert sorted(judged + merged + verdicts.unnamed[ROW].to_list()) == list(range(ROWS))


@regions
def test_words_have_the_contract_columns_and_say_something_about_every_verdict(region: str) -> None:
    pack = PACKS[region]
    roster = random_roster(pack, ROWS, seed=13)
    known = know(roster.rows, pack)
    for program in pack.payable():
        verdicts = assess(roster, pack, programs=(program.id,), force=True, known=known)
        frame = describe(verdicts, roster)
        assert tuple(frame.columns) == VERDICT_COLUMNS
        assert frame[LINE].to_list() == (verdicts.rows[ROW] + 1).to_list()
        assert frame["说明"].null_count() == 0
        assert (frame["说明"] != "").all()
        assert (
            frame.filter(pl.col("结果") != "可发放")["核定金额"].null_count() == frame.filter(pl.col("结果") != "可发放").height
        )
