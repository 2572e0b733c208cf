"""A small county lives through most of a year, and its ledger says what a plain model says."""

import pytest

from tests.ledger.county import MOST, lived


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_year_of_a_county_is_right_to_the_month_and_to_the_fen(where, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    batches = list(lived(where, tmp_path, people=5, towns=2, months=MOST + 1))
    assert sum(made for _, _, made in batches) > 90
    assert any(made < len(batch.rows) for batch, _, made in batches)
