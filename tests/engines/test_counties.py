"""A province of twenty counties on Spark as on one machine, in every region; and a comparison that can fail."""

from __future__ import annotations

import polars as pl
import pytest

import jybf.api
import jybf.spark
from jybf.policy import pack_names
from jybf.spark import judging, runs, vicinity
from tests.engines import spark as own
from tests.engines.counties import compared, province
from tests.engines.reversals import with_reversals

pytestmark = pytest.mark.filterwarnings("ignore")
ROWS = 400
REGIONS = [name for name, _ in pack_names()]
MUTATIONS = {  # what is wrong: the engine's own text, and what stands there instead
    "a NULL key is shared": (' IS NULL THEN "_row" END', " IS NULL THEN 0 END"),
    "who comes second comes first": ('"_at", "_row"', '"_at", -"_row"'),
    "a year has eleven months": (" * 12 ", " * 11 "),
}
REACHED = ["一次性创业补贴", "以工代训补贴"]  # the programmes of 新疆 whose random rows come to all of these


@pytest.fixture(autouse=True)
def forgotten(session):
    """What a run keeps in the memory of Spark is gone after it: the next ones would wait for room."""
    yield
    session.catalog.clearCache()


@pytest.mark.parametrize("region", REGIONS)
def test_verdicts_and_findings_are_those_of_one_machine_word_for_word(session, tmp_path, region):
    given = province(region, ROWS, tmp_path)
    for _, ours, theirs in compared(session, given, region):
        assert ours.height > ROWS
        assert not own.differing(theirs, ours)


@pytest.fixture(scope="module")
def xinjiang(tmp_path_factory):
    """The tables of some programmes, and what calc says of them."""
    rows, past = own.made("xinjiang", 3 * ROWS)  # few share a key and a day
    past = past._replace(frame=with_reversals(past.frame))
    roster, history = own.written(tmp_path_factory.mktemp("新疆"), rows, past)
    return roster, history, jybf.api.yuan(jybf.api.calc(roster, "xinjiang", programs=REACHED, history=history))


@pytest.mark.parametrize("what", ["", *MUTATIONS])
def test_a_query_that_says_something_else_is_found_out(session, xinjiang, monkeypatch, what):
    roster, history, ours = xinjiang
    right, wrong = MUTATIONS.get(what, ("", ""))
    true, found = judging.translated, []

    def mutated(stages, select, dialect):
        found.extend(sql for _, sql in stages if right in sql)
        return true([(name, sql.replace(right, wrong) if right else sql) for name, sql in stages], select, dialect)

    monkeypatch.setattr(judging, "translated", mutated)
    read = session.read.parquet
    theirs = own.here(jybf.spark.calc(read(roster), "xinjiang", programs=REACHED, history=read(history)))
    assert found
    assert bool(own.differing(theirs, ours)) == bool(what)


def test_payments_taken_back_that_count_all_the_same_are_found_out(session, xinjiang, monkeypatch):
    roster, history, ours = xinjiang
    monkeypatch.setattr(runs, "netted", lambda past, *_: (past, ()))
    read = session.read.parquet
    theirs = own.here(jybf.spark.calc(read(roster), "xinjiang", programs=REACHED, history=read(history)))
    assert own.differing(theirs, ours)


@pytest.mark.parametrize("lost", [False, True])
def test_a_neighbour_that_is_lost_is_found_out(session, tmp_path, monkeypatch, lost):
    people = pl.DataFrame({
        "姓名": ["甲示例", "乙示例"], "身份证号": ["140926197011110009", "140926197112120003"], "人员类别": ["脱贫户"] * 2,
        "务工省": ["广东省"] * 2, "申请日期": ["2021-08-01"] * 2, "申请金额": ["800"] * 2, "补贴项目": ["跨省务工交通补贴"] * 2,
        "户籍县": ["静乐县", "岚县"], "银行账号": ["6228480000000000101"] * 2,
    })  # fmt: skip
    path = tmp_path / "人.parquet"
    people.write_parquet(path)
    if lost:
        none = vicinity._neighbours
        monkeypatch.setattr(vicinity, "_neighbours", lambda keys: none(keys).limit(0))
    ours = jybf.api.yuan(jybf.api.audit(path, "shanxi"))
    theirs = own.here(jybf.spark.audit(session.read.parquet(str(path)), "shanxi", name="人.parquet").findings)
    assert ours.filter(pl.col("编号") == "JY601").height == 2
    assert bool(own.differing(theirs, ours)) == lost
