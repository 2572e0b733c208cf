"""Ledgers of both engines, a fresh one wherever a test asks for it."""

import itertools
from contextlib import ExitStack

import pytest

from jybf.ledger.store import create_ledger
from tests.ledger.server import NoServerError, serving

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server():
    """One PostgreSQL server for all tests of a worker."""
    pytest.importorskip("psycopg")
    with ExitStack() as stack:
        try:
            found = stack.enter_context(serving())
        except NoServerError as error:
            pytest.skip(str(error))
        yield found


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture
def ledgers(engine, request, tmp_path):
    """``ledgers()`` is where a new ledger of ``engine`` stands, with its tables; ``ledgers(made=False)`` without them."""
    numbers = itertools.count(1)
    server = request.getfixturevalue("server") if engine == "postgresql" else None
    mine = []

    def new(*, made=True):
        if server is None:
            where = str(tmp_path / f"账本{next(numbers)}.db")
        else:
            name = f"ledger_{abs(hash(request.node.nodeid)):x}_{next(numbers)}"
            server.run(f"CREATE DATABASE {name}")
            mine.append(name)
            where = server.url(name)
        if made:
            create_ledger(where)
        return where

    yield new
    for name in mine:
        server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def where(ledgers):
    """Where one new ledger stands."""
    return ledgers()


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """The working folder of an office, with an empty ledger that every command finds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JYBF_LEDGER", str(tmp_path / "账本.db"))
    monkeypatch.setenv("JYBF_OPERATOR", "经办甲")
    create_ledger(str(tmp_path / "账本.db"))
    return tmp_path
