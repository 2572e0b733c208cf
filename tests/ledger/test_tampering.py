"""Whoever changes a ledger behind the program's back, with its triggers off, is found out: every column, every row."""

from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, create_engine
from sqlalchemy.exc import DBAPIError

from jybf.ledger import schema, verifying
from jybf.ledger.booking import book
from jybf.ledger.events import head
from jybf.ledger.paying import pay, undo
from jybf.ledger.store import _version, open_ledger, reading, writing
from tests.ledger.drafts import ACT, Wanted, draft, exclusive, first, month, once, quota

# A year brought in, two batches that share claims, a return that releases them, and what follows it.
BATCHES = (
    (schema.IMPORTED, [Wanted("甲", 100, (once("甲", 2024),)), Wanted("乙", None, (quota("乙", 2),))]),
    (
        schema.APPROVED,
        [
            Wanted("甲", 100, (once("甲"), quota("甲", 2), month("甲", 202101), exclusive("甲", "甲"), first("甲"))),
            Wanted("甲", 200, (exclusive("甲", "甲"), first("甲"))),
            Wanted("丙", 300, (first("丙"),)),
        ],
    ),
    (schema.APPROVED, [Wanted("乙", 400, (quota("乙", 1),)), Wanted("丁", 500, (month("丁", 202101),))]),
)


@pytest.fixture
def full(where):
    """A ledger in which every table has rows, every column a value, and its newest event."""
    ledger = open_ledger(where)
    with writing(ledger) as connection:
        for number, (kind, wanted) in enumerate(BATCHES):
            book(connection, draft(wanted, str(number), kind), ACT)
        pay(connection, 2, ACT)
        for payment in (3, 4, 5):
            assert undo(connection, payment, schema.RETURNED, ACT)
        book(connection, draft(BATCHES[1][1], "again"), ACT)
        newest = head(connection)
    assert found(ledger) == []
    return ledger, newest


def found(ledger):
    with reading(ledger) as connection:
        return list(verifying.faults(connection))


@contextmanager
def intruder(ledger):
    """``tampered(*statements)``: what ``verify`` says of the ledger after them; None if the engine itself refused.

    Neither triggers, foreign keys nor checks stand in the way. All is undone each time.
    """
    engine = create_engine(ledger.engine.url)
    with engine.connect() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(verifying, "_guards", lambda _: ())  # whoever takes the triggers away can put them back
        run, lite = connection.exec_driver_sql, connection.dialect.name == "sqlite"
        if lite:
            connection.connection.dbapi_connection.isolation_level = None
            run("PRAGMA foreign_keys = OFF")
            run("BEGIN")
            for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                run(f"DROP TRIGGER {name}")
        else:
            run("SET LOCAL session_replication_role = replica")

        def tampered(*statements, known=None):
            run("SAVEPOINT before")
            if lite:
                run("PRAGMA ignore_check_constraints = ON")
            try:
                for statement in statements:
                    run(statement)
            except DBAPIError:
                return None
            else:
                if lite:
                    run("PRAGMA ignore_check_constraints = OFF")
                version = _version(connection)
                return [f"版本 {version}"] if version != schema.VERSION else list(verifying.faults(connection, known))
            finally:
                run("ROLLBACK TO SAVEPOINT before")

        yield tampered
        connection.rollback()
    engine.dispose()


def rows_in(ledger, table):
    with reading(ledger) as connection:
        keys = ", ".join(f'"{column.name}"' for column in table.c)
        return [dict(row._mapping) for row in connection.exec_driver_sql(f"SELECT {keys} FROM {table.name}")]


def literal(value):
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def at(row):
    return " AND ".join(f'"{name}" = {literal(value)}' for name, value in row.items() if value is not None)


def change(table, column, row, new):
    return f'UPDATE {table.name} SET "{column.name}" = {literal(new)} WHERE {at(row)}'


def changed(column, value):
    """Another value that the column may have."""
    if isinstance(column.type, Text):
        return (value or "") + "1" if value != "核准" else "导入"
    return 7_000 if value is None else value + 1_000


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_a_value_that_was_changed_is_named(full, table):
    ledger, _ = full
    rows = rows_in(ledger, table)
    with intruder(ledger) as tampered:
        for column in table.c:
            said = [
                tampered(change(table, column, row, changed(column, row[column.name]))) for row in rows[:: len(rows) // 2 or 1]
            ]
            assert [] not in said, column
            assert any(said) or ledger.engine.dialect.name == "postgresql", column  # there a check holds whoever one is


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_a_row_that_is_gone_or_new_is_named(full, table):
    ledger, newest = full
    rows = rows_in(ledger, table)
    new = {column.name: changed(column, rows[-1][column.name]) for column in table.c}
    names, values = ", ".join(f'"{name}"' for name in new), ", ".join(map(literal, new.values()))
    with intruder(ledger) as tampered:
        assert all(tampered(f"DELETE FROM {table.name} WHERE {at(row)}", known=newest) for row in rows)
        assert tampered(f"INSERT INTO {table.name} ({names}) VALUES ({values})")


def test_a_tail_that_was_cut_off_is_named_by_whoever_kept_the_head(full):
    ledger, newest = full
    last = max(row["batch"] for row in rows_in(ledger, schema.batch))
    numbers = [row["payment"] for row in rows_in(ledger, schema.payment) if row["batch"] == last]
    those = ", ".join(map(str, numbers))
    cut = [f"DELETE FROM {name} WHERE payment IN ({those})" for name in ("share", "claim", "payment")]
    cut += [f"DELETE FROM {name} WHERE batch = {last}" for name in ("refusal", "event", "batch")]
    with intruder(ledger) as tampered:
        assert tampered(*cut) == []
        assert tampered(*cut, known=newest)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_any_change_of_any_value_is_named(full):
    ledger, _ = full
    rows = [(table, column, row) for table in schema.TABLES for row in rows_in(ledger, table) for column in table.c]
    texts, numbers = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5), st.integers(-(2**60), 2**60)
    with intruder(ledger) as tampered:

        @given(place=st.sampled_from(rows), text=texts, number=numbers)
        @settings(max_examples=100)
        def named(place, text, number):
            table, column, row = place
            new = text if isinstance(column.type, Text) else number
            assert new == row[column.name] or tampered(change(table, column, row, new)) != []

        named()


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_a_ledger_without_its_triggers_is_named(full, table):
    ledger, _ = full
    with ledger.engine.begin() as connection:
        verbs = {
            "sqlite": [f"DROP TRIGGER {table.name}_update"],
            "postgresql": [f"DROP TRIGGER {table.name}_kept ON {table.name}"],
        }
        for statement in verbs[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    assert any(table.name in fault and "触发器" in fault for fault in found(ledger))


@pytest.mark.parametrize(
    "verb", ["UPDATE batch SET fen = 0", "DELETE FROM share", "UPDATE event SET reason = ''", "DELETE FROM payment"]
)
def test_no_row_is_changed_or_deleted_while_the_triggers_stand(full, verb):
    ledger, _ = full
    with pytest.raises(Exception, match="账本只增不改"), ledger.engine.begin() as connection:
        connection.exec_driver_sql(verb)
    assert not found(ledger)
