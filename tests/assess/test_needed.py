"""What stands on disk of a row is all that its verdicts and their words read: without the rest they are the very same."""

import random

import polars as pl
import pytest

from jybf.assess import needed as own
from jybf.assess.compile import compile_pack
from jybf.assess.grounds import grounds
from jybf.assess.known import known_tables
from jybf.assess.needed import needed, told_of, worded
from jybf.model import INCOMPLETE, REFUSED, ROW, SHEET, Roster, Verdicts
from jybf.policy import load_pack, pack_names
from jybf.roster.canonical import columns
from jybf.roster.cast import no_problems
from jybf.vocabulary.facts import facts

REGIONS = [name for name, _ in pack_names()]
NOBODY = Roster(pl.DataFrame({SHEET: []}), no_problems(), ())
TAKEN = {SHEET, ROW}


def fields(rng):
    """Some of the fields of the dictionary, as columns that a roster has."""
    names = [name for name in facts() if name in columns() and rng.random() < 0.5]
    return {name for name in columns() if own.fact_of(name) in names}


def known(pack, there, wanted=None):
    return {*there, *TAKEN, *known_tables(there, pack.defaults, wanted=wanted).gives}


def patterns(pack, program, there):
    """What any verdict of ``program`` may say: all that ``needed`` asks, and each clause by itself."""
    empty = pl.DataFrame()
    verdicts = Verdicts(empty, empty, empty, pack, empty)
    yield from own._patterns(pack, program, there)
    for j in range(len(program.clauses)):
        for result, failed, lacks in ((REFUSED, 1 << j, 0), (INCOMPLETE, 0, 1 << j)):
            yield own.Pattern(verdicts, program, there, result, failed, lacks, 0, "", None, False, (), {})


@pytest.mark.parametrize("region", REGIONS)
def test_the_words_are_the_same_without_the_columns_that_are_left_out(region):
    pack, rng = load_pack(region), random.Random(7)  # noqa: S311  reproducible, not secret
    paying = [i for i, program in enumerate(pack.programs) if program.amount.pays]
    shorter = 0
    for i in paying:
        there = fields(rng)
        kept = there & needed(pack, [i], paying)
        shorter += len(there) - len(kept)
        all_, few = known(pack, there), known(pack, kept, told_of(pack, [i]))
        program = pack.programs[i]
        assert worded(pack, program, sorted(all_)) <= few
        pairs = zip(patterns(pack, program, sorted(all_)), patterns(pack, program, sorted(few)), strict=True)
        assert all(grounds(one, NOBODY).meta.eq(grounds(other, NOBODY)) for one, other in pairs), program.id
    assert shorter > 100, "some are left out"


@pytest.mark.parametrize("region", REGIONS)
def test_the_query_is_the_same_without_the_columns_that_are_left_out(region):
    pack, rng = load_pack(region), random.Random(8)  # noqa: S311  reproducible, not secret
    paying = [i for i, program in enumerate(pack.programs) if program.amount.pays]
    for i in paying:
        there = fields(rng)
        kept = there & needed(pack, [i], paying)
        assert compile_pack(pack, [i], have=kept).sql == compile_pack(pack, [i], have=there).sql


def test_a_column_that_a_word_reads_is_missed_where_it_is_left_out(monkeypatch):
    pack = load_pack("shanxi")
    monkeypatch.setattr(own, "worded", lambda *_: frozenset())
    monkeypatch.setattr(own, "sources", lambda _: ())
    there = {*columns()} - {"_row"}
    few = known(pack, there & needed(pack, [0], [0]) - {"务工省", "户籍省"}, told_of(pack, [0]))
    program = pack.programs[0]
    assert not worded(pack, program, sorted(known(pack, there))) <= few
