"""Several clerks at once: 0 paid twice, 0 lost, whichever engine keeps the ledger."""

import pytest

from jybf.ledger import schema
from jybf.ledger.store import open_ledger, reading
from tests.ledger.races import approvals, drafts, wrong


def batches(where):
    with reading(open_ledger(where)) as connection:
        return len(connection.execute(schema.batch.select()).all())


@pytest.mark.slow
def test_batches_booked_at_once_pay_nobody_twice_and_lose_nobody(where):
    assert drafts(where, 8, 100) == [0] * 8
    assert wrong(where, 8, 100, named=False) == []
    assert batches(where) == 8


@pytest.mark.slow
def test_rosters_approved_at_once_pay_nobody_twice_and_lose_nobody(where, tmp_path):
    codes = approvals(where, 2, 40, tmp_path)
    assert sorted(codes) == [0, 1]  # the first has all of its rows, the other misses the half that is everybody's
    assert wrong(where, 2, 40, named=True) == []
