"""The same query text on another engine: Polars and DuckDB must agree on every row."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from jybf.assess.compile import compile_pack
from jybf.assess.history import earlier_payments
from jybf.assess.prepare import prepare
from jybf.assess.stages import hits
from jybf.assess.tables import history_table, lay_out
from jybf.model import ROW
from jybf.policy import load_pack, pack_names

from .rows import random_roster

REGIONS = [name for name, _ in pack_names()]
ROWS = 20_000


@pytest.mark.parametrize("region", REGIONS)
def test_duckdb_and_polars_agree_on_random_rows_full_of_nulls(region: str) -> None:
    pack = load_pack(region)
    active = list(range(len(pack.programs)))
    roster, past = random_roster(pack, ROWS, seed=20211231), random_roster(pack, 500, seed=7)
    names = pl.DataFrame({hits(i): [(row * 7 + i) % 3 for row in range(ROWS)] for i in active})
    query = compile_pack(pack, active)
    table = lay_out(prepare(roster.rows, pack), names, query)
    history = history_table(earlier_payments(past, pack), query)

    ours = pl.SQLContext(roster=table.lazy(), history=history.lazy()).execute(query.sql).collect()
    with duckdb.connect() as engine:
        engine.register("roster", table.to_arrow())
        engine.register("history", history.to_arrow())
        theirs = pl.DataFrame(engine.sql(query.sql).to_arrow_table())

    order = [ROW, "项目"]
    assert ours.height > ROWS
    assert ours.sort(order).equals(theirs.cast(dict.fromkeys(theirs.columns, pl.Int64)).sort(order))
    assert {0, 1, 2, 3} <= set(ours["结果"].unique()) | ({0} if region in {"national", "xinjiang"} else set())
