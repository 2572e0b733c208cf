"""A ledger's database: SQLite in one file, or PostgreSQL by URL. Opened, created, read and written, each fault a sentence."""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from jybf.errors import Problem, UsageError
from jybf.ledger import schema
from jybf.ledger.sayings import telling

_WAIT = 600  # seconds for whoever writes at the moment
_TURN = 300  # milliseconds of one try
_SHARED_DRIVES = re.compile(r"nfs|cifs|smb|afs|sshfs|glusterfs|ceph|lustre|9p|webdav|davfs", re.IGNORECASE)
_SHOWN = ("host", "port")  # of what the query of a URL says: a password may be there too
_WRITES = "jybf_writes"  # option of a connection: take the lock of a writer at once


class Ledger(msgspec.Struct, frozen=True):
    """An open ledger. ``name``: how messages name it, never with a password."""

    engine: Engine
    name: str


def open_ledger(where: str) -> Ledger:
    """The ledger at ``where``, a path or a URL. Raises UsageError where there is none, or one of another version."""
    ledger = _connect(where)
    with reading(ledger) as connection:
        found = _version(connection)
    if found is None:
        raise UsageError(Problem("这里没有账本", ledger.name, "新建：jybf ledger init"))
    if found > schema.VERSION:
        raise UsageError(Problem(f"账本是更新的版本（{found}），这个程序只认到 {schema.VERSION}", ledger.name, "升级 jybf"))
    if found < schema.VERSION:
        raise UsageError(Problem(f"账本是旧版本（{found}）", ledger.name, "备份以后升级：jybf ledger upgrade"))
    return ledger


def create_ledger(where: str) -> tuple[Ledger, bool]:
    """The ledger at ``where``, made if there is none, and whether it was made now."""
    ledger = _connect(where, new=True)
    with writing(ledger, new=True) as connection:
        fresh = _version(connection) is None
        if fresh:
            schema.create(connection)
            connection.execute(schema.version.insert(), {"number": schema.VERSION})
    return open_ledger(where), fresh


# From each version to the next: what makes the tables of the one those of the other, in one transaction.
UPGRADES: dict[int, tuple[str, ...]] = {}


def upgrade_ledger(where: str) -> tuple[str, int, int]:
    """Bring the ledger at ``where`` to this program's version: its name, the version it had and the one it has."""
    ledger = _connect(where)
    with writing(ledger, new=True) as connection:
        found = _version(connection)
        if found is None or found > schema.VERSION:
            open_ledger(where)  # says what is wrong
        had = found or 0
        for number in range(had, schema.VERSION):
            for statement in UPGRADES[number]:
                connection.exec_driver_sql(statement)
            connection.execute(schema.version.insert(), {"number": number + 1})
    return ledger.name, had, schema.VERSION


@contextmanager
def reading(ledger: Ledger) -> Iterator[Connection]:
    """One state of the ledger, whatever others write meanwhile."""
    with telling(ledger.name), ledger.engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


@contextmanager
def writing(ledger: Ledger, *, new: bool = False) -> Iterator[Connection]:
    """The ledger for one writer alone: what the block writes is there whole when it ends well, else not at all.

    Others can read meanwhile, and whoever wants to write waits. ``new``: the tables may not be there yet.
    """
    with telling(ledger.name), ledger.engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}s'")
            # Before the first query, which fixes what the transaction sees.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(5017)" if new else "LOCK TABLE event IN EXCLUSIVE MODE")
        yield connection


def _version(connection: Connection) -> int | None:
    """The version of the tables; None where there are none."""
    if not inspect(connection).has_table("version"):
        return None
    return connection.execute(select(func.max(schema.version.c.number))).scalar()


def _connect(where: str, *, new: bool = False) -> Ledger:
    if not where:
        raise UsageError(Problem("没有说用哪一本账", "--ledger", "写 --ledger 账本.db，或设 JYBF_LEDGER"))
    if "://" in where:
        return _server(where)
    path = Path(where)
    _check_place(path, new=new)
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool, connect_args={"timeout": _WAIT})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return Ledger(engine, where)


def _server(where: str) -> Ledger:
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):  # of a port that is no number
        raise UsageError(Problem("账本的网址写得不对", "--ledger", "写成 postgresql://用户@主机/库名")) from None
    if url.get_backend_name() != "postgresql":
        raise UsageError(Problem(f"账本不能用 {url.get_backend_name()}", "--ledger", "用一个文件，或 postgresql://…"))
    kept = {key: value for key, value in url.query.items() if key in _SHOWN}
    shown = url.set(query=kept).render_as_string(hide_password=True)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"), poolclass=NullPool, connect_args={"connect_timeout": 10}
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise UsageError(Problem("没有装 PostgreSQL 的驱动", shown, "安装：pip install 'jybf[postgres]'")) from None
    return Ledger(engine, shown)


def _check_place(path: Path, *, new: bool) -> None:
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(Problem("文件夹不存在" if not path.is_dir() else "这是文件夹", str(path), "给出一个文件，如 账本.db"))
    if not new and not path.exists():
        raise UsageError(Problem("没有这本账", str(path), "新建：jybf ledger init"))
    kind = _drive(path)
    if _SHARED_DRIVES.search(kind):
        why = "网络盘的锁靠不住，两个人同时写会丢账"
        raise UsageError(
            Problem(f"账本不能放在网络盘（{kind}）上：{why}", str(path), "放在本机的盘上；几个人用，用 PostgreSQL")
        )


def _drive(path: Path) -> str:
    """The kind of file system that ``path`` lies on, as far as it is known; "" if not."""
    real = os.path.realpath(path)
    if sys.platform == "win32" and real.startswith("\\\\"):
        return "smb"
    homes = [part for part in psutil.disk_partitions(all=True) if Path(real).is_relative_to(part.mountpoint)]
    home = max(homes, key=lambda part: len(part.mountpoint)) if homes else None
    return "" if home is None else "smb" if "remote" in home.opts.split(",") else home.fstype  # as Windows says it


def _prepare(connection: Any, _: Any) -> None:
    """A connection of SQLite that begins transactions when it is told to, and has written when it says so."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = EXTRA"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A reader begins at once; a writer tries until nobody else writes, in turns short enough to be interrupted."""
    if not connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("BEGIN")
        return
    until = time.monotonic() + _WAIT
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_TURN}")
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > until:
                raise
        else:
            break
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_WAIT * 1000}")  # to commit one waits for those who read
