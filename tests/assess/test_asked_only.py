"""Of many rows no more is worked out than is asked: verdicts and words are those of rows of which everything is known."""

from pathlib import Path

import pytest

from jybf.assess import assess, describe, missing, needed, run
from jybf.assess.compile import compile_pack
from jybf.assess.known import known_tables
from jybf.assess.needed import asks_of_homes, facts_of, without_idle, worded
from jybf.policy import load_pack, pack_names
from jybf.roster import read
from jybf.roster.canonical import columns
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD
from tests.engines.rows import random_rows

SAMPLES = Path(__file__).parents[2] / "sample_data"
REGIONS = [name for name, _ in pack_names()]
FILES = {"shanxi": "山西", "fengdu": "丰都", "xinjiang": "新疆", "national": "国家"}


def told(verdicts, roster):
    return describe(verdicts, roster), missing(verdicts)


def same(pack, whole, lean, **more):
    """Whether ``lean``, of which only what is asked is worked out, comes out as ``whole``; and how many facts that saved."""
    lean = without_idle(lean, pack, (), force=False, past=False)
    every, few = assess(whole, pack, **more), assess(lean, pack, **more, beside=())
    assert every.rows.height
    for one, other in zip(told(every, whole), told(few, lean), strict=True):
        assert one.equals(other)
    return len(every.known.columns) - len(few.known.columns)


@pytest.fixture
def many(monkeypatch):
    """All rosters are large."""
    monkeypatch.setattr(run, "ROWS", 0)
    monkeypatch.setattr(needed, "ROWS", 0)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("region", REGIONS)
def test_random_rows_about_all_programmes_come_out_the_same(tmp_path, region):
    pack, file = load_pack(region), str(tmp_path / "表.parquet")
    random_rows(pack, 100, 5).frame.write_parquet(file)
    roster = read([file])
    assert same(pack, roster, roster) > 3, "some facts are not worked out"


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("region", REGIONS)
def test_households_and_employers_are_worked_out_where_they_are_asked_for(region):
    pack, files = load_pack(region), sorted(str(path) for path in SAMPLES.glob(f"*{FILES[region]}*.xlsx"))
    lean = read(files, keyed=False)
    assert not {HOUSEHOLD, EMPLOYER} & {*lean.rows.columns}
    same(pack, read(files), lean)


@pytest.mark.parametrize("region", REGIONS)
def test_all_that_a_query_or_a_sentence_reads_is_asked_for(region):
    pack, there = load_pack(region), columns()
    every = {*known_tables(there, pack.defaults).gives}
    fewer = 0
    for i, program in enumerate(pack.programs):
        if program.amount.pays:
            few = {*known_tables(there, pack.defaults, wanted=facts_of(pack, [i])).gives}
            read = {*compile_pack(pack, [i]).facts, *worded(pack, program, sorted({*there, *every}))}
            assert read & every <= few, program.id
            fewer += len(every - few)
    assert fewer > 100


def test_some_programmes_ask_of_households_and_some_do_not():
    pack = load_pack("shanxi")
    asked = {asks_of_homes(pack, [i]) for i, program in enumerate(pack.programs) if program.amount.pays}
    assert asked == {True, False}
