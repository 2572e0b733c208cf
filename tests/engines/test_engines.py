"""The query over the canonical table gives calc's verdicts on every engine; and the comparison can fail."""

from functools import cache

import pytest

from jybf.assess.warehouse import over_canonical
from jybf.commands.probe import probe
from jybf.commands.sql import written
from jybf.policy import load_pack, pack_names
from jybf.policy.dialects import BEFORE, DIALECTS, translated
from tests.engines.compare import as_it_stands, carried_out, differing, expected, tables
from tests.engines.conftest import ASKED
from tests.engines.engines import ENGINES
from tests.engines.rows import random_rows

ROWS, PAID = 400, 80
MANY = 3 * ROWS  # so that a mutation meets rows of the kind that it is about: few share a key and a day
REGIONS = [name for name, _ in pack_names()]
MUTATIONS = {  # what is wrong: the engine's own text, and what stands there instead
    "a NULL key is shared": (' IS NULL THEN "_row" END', " IS NULL THEN 0 END"),
    "who comes second comes first": ('"_at", "_row"', '"_at", -"_row"'),
    "a year has 364 days": ("INTERVAL '1' YEAR", "INTERVAL '364' DAY"),
}
# A client of MariaDB leaves its socket to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
few = pytest.mark.parametrize("region", REGIONS if ASKED else ["xinjiang"])
engines = pytest.mark.parametrize("engine", ENGINES)


@cache
def case(region, count=ROWS):
    pack = load_pack(region)
    rows, past = random_rows(pack, count, 1), random_rows(pack, PAID, 2, paid=True)
    return pack, tables(rows, past), expected(pack, rows.roster, past.roster)


@engines
@few
def test_an_engine_gives_the_verdicts_of_calc(engine, region, running):
    pack, given, ours = case(region)
    run = running(engine, given)
    assert ours.height > ROWS
    theirs = carried_out(run, pack, engine, past=True, steps=True) if ASKED else as_it_stands(run, pack)
    assert differing(theirs, ours) == 0


@pytest.mark.skipif(not ASKED, reason="only make test-engines")
@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_an_engine_takes_the_whole_query_as_one(engine, running):
    pack, given, ours = case("national")
    assert differing(carried_out(running(engine, given), pack, engine, past=True, steps=False), ours) == 0


@pytest.mark.parametrize("what", MUTATIONS if ASKED else list(MUTATIONS)[:1])
def test_a_query_that_says_something_else_is_found_out(what, running):
    pack, given, ours = case("xinjiang", MANY)
    right, wrong = MUTATIONS[what]
    assert any(right in sql for _, sql in over_canonical(pack, past=True).stages)
    theirs = as_it_stands(running("duckdb", given), pack, change=lambda sql: sql.replace(right, wrong))
    assert differing(theirs, ours) > 0


@engines
def test_an_engine_answers_the_probe_as_it_must(engine, running):
    found = running(engine, {})(probe(engine).rstrip(";"))
    assert found.height == 30
    assert found.filter(found["比较"] != "相同").rows() == []


@pytest.mark.parametrize("dialect", DIALECTS if ASKED else ["tsql"])
def test_a_query_is_text_of_its_dialect_and_can_be_read_again(dialect):
    import sqlglot

    pack = load_pack("national")
    made = over_canonical(pack) if ASKED else over_canonical(pack, [pack.programs[0].id], force=True)
    stages, select = translated(made.stages, made.select, dialect)
    assert "//" not in select
    for _, sql in stages:
        assert sqlglot.parse_one(sql, read=dialect)


def test_a_query_says_what_it_is_and_what_each_of_its_tables_holds():
    pack = load_pack("xinjiang")
    text = written(pack, over_canonical(pack, [pack.programs[0].id], force=True), "postgres")
    assert text.startswith("-- postgres：在测试里用真的引擎逐行比对过")
    assert "只有文字的：spark、hive、tsql、oracle" in text.splitlines()[1]
    assert text.splitlines()[2].endswith(BEFORE["postgres"])
    assert f"-- {pack.programs[0].id}：谁先谁后" in text
    assert pack.digest[:12] in text
