"""Whatever is done to a ledger in whatever order, and wherever it breaks off: it holds what a plain memory of it holds.

python -m tests.ledger.test_stateful [examples] [URL of an empty ledger]
"""

import copy
import itertools
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import create_engine, event, func

from jybf.ledger import schema
from jybf.ledger.booking import book
from jybf.ledger.looking import find_payments
from jybf.ledger.paying import pay, undo
from jybf.ledger.queries import ENDED, claims
from jybf.ledger.store import create_ledger, open_ledger, reading, writing
from jybf.ledger.verifying import faults
from tests.ledger.drafts import ACT, PROGRAM, Wanted, draft, exclusive, first, month, once, quota
from tests.ledger.memory import Memory

MOST = 3
PEOPLE = st.sampled_from("甲乙丙")
CLAIMS = st.one_of(
    st.builds(once, PEOPLE, st.sampled_from([0, 2021])), st.builds(quota, PEOPLE, st.integers(1, 3)),
    st.builds(month, PEOPLE, st.sampled_from([202101, 202102])), st.builds(exclusive, PEOPLE, st.sampled_from("甲乙")), st.builds(first, PEOPLE),
)  # fmt: skip
ROWS = st.builds(
    Wanted, PEOPLE, st.integers(1, 10**9), st.lists(CLAIMS, min_size=1, max_size=3, unique_by=lambda claim: (claim.kind, claim.key, claim.slot)).map(tuple),
    st.just(PROGRAM),
)  # fmt: skip
BATCHES = st.lists(ROWS, min_size=1, max_size=4)
CRASHES = st.one_of(st.none(), st.integers(0, 12))  # how many statements are through when it breaks off


class CrashError(Exception):
    """The end of everything between two statements."""


class Clerk(RuleBasedStateMachine):
    """Does with a ledger what can be done with it; ``crash`` in any of it leaves everything as it was."""

    where = ""  # of an empty ledger
    drafts = Bundle("drafts")

    @initialize()
    def begin(self):
        self.ledger, self.memory, self.numbers = open_ledger(emptied(self.where)), Memory(MOST), itertools.count()

    def _do(self, act, expected, crash):
        """Compare what ``act`` gives with what the memory ``expected``; nothing has happened where it broke off."""
        after = copy.deepcopy(self.memory)
        listener = _crasher(crash)
        event.listen(self.ledger.engine, "before_cursor_execute", listener)
        try:
            with writing(self.ledger) as connection:
                found = act(connection)
        except CrashError:
            return
        finally:
            event.remove(self.ledger.engine, "before_cursor_execute", listener)
        assert found == expected(after)
        self.memory = after

    def _book(self, kind, identity, rows, crash):
        def act(connection):
            booked = book(connection, draft(rows, identity, kind, MOST), ACT)
            return booked.batch, booked.rows, booked.again

        self._do(act, lambda memory: memory.book(kind, identity, rows), crash)
        return kind, identity, rows

    @rule(target=drafts, rows=BATCHES, crash=CRASHES)
    def approve(self, rows, crash):
        return self._book(schema.APPROVED, str(next(self.numbers)), rows, crash)

    @rule(target=drafts, rows=BATCHES, crash=CRASHES)
    def bring_in(self, rows, crash):
        return self._book(schema.IMPORTED, str(next(self.numbers)), rows, crash)

    @rule(same=drafts, crash=CRASHES)
    def try_the_same_again(self, same, crash):
        self._book(*same, crash)

    @precondition(lambda self: any(batch.kind == schema.APPROVED for batch in self.memory.batches))
    @rule(data=st.data(), crash=CRASHES)
    def pay_with_returns(self, data, crash):
        own = [number for number, batch in enumerate(self.memory.batches, 1) if batch.kind == schema.APPROVED]
        batch = data.draw(st.sampled_from(own))
        back = data.draw(
            st.lists(st.sampled_from(sorted(self.memory.batches[batch - 1].payments.values())), max_size=2, unique=True)
        )

        def act(connection):
            return pay(connection, batch, ACT), [undo(connection, each, schema.RETURNED, ACT) for each in back]

        self._do(act, lambda memory: (memory.pay(batch), [memory.undo(each, schema.RETURNED) for each in back]), crash)

    @precondition(lambda self: self.memory.states)
    @rule(data=st.data(), crash=CRASHES)
    def reverse(self, data, crash):
        payment = data.draw(st.sampled_from(sorted(self.memory.states)))
        self._do(
            lambda connection: undo(connection, payment, schema.REVERSED, ACT),
            lambda memory: memory.undo(payment, schema.REVERSED),
            crash,
        )

    @rule()
    def look(self):
        with reading(self.ledger) as connection:
            rows = find_payments(connection)
            own = schema.claim.c
            living = connection.execute(claims(func.count()).where(ENDED.is_(None), own.kind != "限额")).scalar()
            used = connection.execute(claims(func.count()).where(ENDED.is_(None), own.kind == "限额")).scalar()
        assert dict(rows.select("笔号", "状态").iter_rows()) == self.memory.states
        assert living == len(self.memory.holders)
        assert used == sum(sum(each.values()) for each in self.memory.quotas.values())

    def teardown(self):
        if not hasattr(self, "ledger"):
            return
        self.look()
        with reading(self.ledger) as connection:
            assert list(faults(connection)) == []


def _crasher(crash):
    left = itertools.count(crash if crash is not None else 10**6, -1)

    def listener(*_):
        if next(left) <= 0:
            raise CrashError

    return listener


def emptied(where):
    """The same ledger with nothing in it."""
    engine = create_engine(open_ledger(where).engine.url)
    names = ", ".join(table.name for table in schema.TABLES if table is not schema.version)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(f"TRUNCATE {names}")
    engine.dispose()
    return where


def run(where, examples):
    """So many examples of 20 steps; ``where()`` is where the ledger of the next one stands."""

    class Here(Clerk):
        @initialize()
        def begin(self):
            self.where = where()
            super().begin()

    run_state_machine_as_test(Here, settings=settings(max_examples=examples, stateful_step_count=20, deadline=None))


@pytest.mark.slow
def test_a_ledger_holds_what_a_plain_memory_of_it_holds(ledgers, engine):
    kept = ledgers()
    run(ledgers if engine == "sqlite" else lambda: kept, 12)


def main():
    """A file for each example, or the one ledger at the URL, emptied."""
    examples, numbers = int([*sys.argv[1:], "150"][0]), itertools.count()
    with tempfile.TemporaryDirectory() as place:

        def new():
            where = [*sys.argv[2:], str(Path(place, f"{next(numbers)}.db"))][0]
            create_ledger(where)
            return where

        run(new, examples)
    print(f"{examples} × 20: the ledger held what the memory held")


if __name__ == "__main__":
    main()
