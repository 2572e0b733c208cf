"""The same query text on another engine: Polars and DuckDB must agree on every row, from the cells on."""

from __future__ import annotations

import os

import duckdb
import polars as pl
import pytest
import sqlglot
from sqlglot import ErrorLevel

from jybf.assess import tables
from jybf.assess.compile import compile_pack
from jybf.assess.history import earlier_payments
from jybf.assess.known import know
from jybf.assess.stages import hits
from jybf.assess.tables import carry_out, history_table, lay_out
from jybf.model import ROW, Pack
from jybf.policy import load_pack, pack_names

from .rows import SOURCES, random_roster

REGIONS = [name for name, _ in pack_names()]
ROWS = int(os.environ.get("JYBF_ORACLE_ROWS", "1500"))  # each branch of each clause is met hundreds of times


def both(pack: Pack, rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What Polars and DuckDB make of ``rows`` random rows full of nulls, beside a history, in one order."""
    active = list(range(len(pack.programs)))
    roster, past = random_roster(pack, rows, 20211231, SOURCES), random_roster(pack, 500, seed=7)
    names = pl.DataFrame({hits(i): [(row * 7 + i) % 3 for row in range(rows)] for i in active})
    query = compile_pack(pack, active)
    known = lay_out(know(roster.rows, pack).hstack(names), query.facts)
    history = history_table(earlier_payments(past, pack), query.keys)

    ours = carry_out(query.stages, query.selected, known=known, history=history)
    with duckdb.connect() as engine:
        engine.register("roster", lay_out(roster.rows.hstack(names), query.columns).to_arrow())
        engine.register("history", history.to_arrow())
        theirs = pl.DataFrame(engine.sql(query.sql).to_arrow_table())
    order = [ROW, "项目"]
    return ours.sort(order), theirs.cast(dict.fromkeys(theirs.columns, pl.Int64)).sort(order)


@pytest.mark.parametrize("region", REGIONS)
def test_duckdb_and_polars_agree_on_random_rows_full_of_nulls(region: str) -> None:
    ours, theirs = both(load_pack(region), ROWS)
    assert ours.height > ROWS
    assert ours.equals(theirs)
    assert {0, 1, 2, 3} <= set(ours["结果"].unique()) | ({0} if region in {"national", "xinjiang"} else set())


@pytest.mark.parametrize("region", REGIONS)
def test_the_query_without_a_history_says_what_the_whole_one_says_of_an_empty_one(region: str) -> None:
    rows = ROWS // 5
    pack = load_pack(region)
    active = list(range(len(pack.programs)))
    roster = random_roster(pack, rows, 20211231, SOURCES)
    names = pl.DataFrame({hits(i): [(row * 7 + i) % 3 for row in range(rows)] for i in active})
    whole, lean = compile_pack(pack, active), compile_pack(pack, active, past=False)
    known = lay_out(know(roster.rows, pack).hstack(names), whole.facts)

    assert '"history"' not in lean.sql
    ours = carry_out(lean.stages, lean.selected, known=known)
    theirs = carry_out(whole.stages, whole.selected, known=known, history=history_table(None, whole.keys))
    assert ours.sort(ROW, "项目").equals(theirs.sort(ROW, "项目"))


@pytest.mark.parametrize("region", REGIONS)
def test_few_rows_that_are_calculated_in_one_piece_get_what_many_get_in_parts(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ROWS // 5
    pack = load_pack(region)
    active = list(range(len(pack.programs)))
    roster, past = random_roster(pack, rows, 20211231, SOURCES), random_roster(pack, 100, seed=7)
    names = pl.DataFrame({hits(i): [(row * 7 + i) % 3 for row in range(rows)] for i in active})
    query = compile_pack(pack, active)
    said = []
    for few in (0, ROWS):
        monkeypatch.setattr(tables, "_FEW", few)
        known = know(roster.rows, pack)
        history = history_table(earlier_payments(past, pack), query.keys)
        ours = carry_out(query.stages, query.selected, known=lay_out(known.hstack(names), query.facts), history=history)
        said.append((known, ours.sort(ROW, "项目")))
    assert said[0][0].equals(said[1][0])
    assert said[0][1].equals(said[1][1])


# Every pack's query is made of the same pieces: the two with the most of them, a dialect each.
@pytest.mark.parametrize(("region", "dialect"), [("fengdu", "spark"), ("shanxi", "postgres")])
def test_the_query_is_text_that_other_engines_can_parse(region: str, dialect: str) -> None:
    pack = load_pack(region)
    sql = compile_pack(pack, range(len(pack.programs))).sql
    told = sqlglot.parse_one(sql, read="duckdb").sql(dialect, unsupported_level=ErrorLevel.RAISE)
    assert "//" not in told
    assert sqlglot.parse_one(told, read=dialect).find(sqlglot.exp.CTE)
