"""A kill, a full disk and a lost connection: the ledger is whole, and what was acknowledged is in it."""

import resource
import subprocess

import pytest

from jybf.errors import OutputError
from jybf.ledger.booking import book
from jybf.ledger.events import head
from jybf.ledger.store import open_ledger, reading, writing
from jybf.ledger.verifying import faults
from tests.ledger.county import POST, Batch, Row, write
from tests.ledger.crashes import killed
from tests.ledger.drafts import ACT, Wanted, draft, once
from tests.ledger.races import approval, environment


def state(where):
    with reading(open_ledger(where)) as connection:
        return list(faults(connection)), head(connection).number


@pytest.mark.slow
def test_whoever_writes_is_killed_at_any_moment(where):
    outcome = killed(where, kills=3, rows=20)
    assert outcome["acknowledged"]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_full_disk_leaves_the_ledger_as_it_was(where, tmp_path):
    (roster,) = write(Batch(0, 1, tuple(Row(POST, n, 1) for n in range(300))), tmp_path)

    def narrow():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    said = subprocess.run(
        approval(roster, where), env=environment(), capture_output=True, text=True, preexec_fn=narrow, check=False
    )
    assert said.returncode == 2, said.stderr
    assert said.stderr.count("错误：") == 1
    assert "磁盘" in said.stderr
    assert "Traceback" not in said.stderr
    assert state(where) == ([], 0)
    assert subprocess.run(approval(roster, where), env=environment(), check=False).returncode == 0
    assert state(where) == ([], 1)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_connection_that_is_killed_leaves_the_ledger_as_it_was(where, server):
    ledger = open_ledger(where)
    made = draft([Wanted(str(n), 100, (once(str(n)),)) for n in range(10)], "a")
    name = where.split("/")[3].split("?")[0]
    others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    with pytest.raises(OutputError, match="和数据库的连接断了"):  # noqa: PT012, SIM117  it is the end of the block that fails
        with writing(ledger) as connection:
            book(connection, made, ACT)
            server.run(others)
    assert state(where) == ([], 0)
    with writing(ledger) as connection:
        assert book(connection, made, ACT).rows == 10
    assert state(where) == ([], 1)
