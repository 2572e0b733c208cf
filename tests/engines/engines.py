"""Real engines that carry out what ``jybf sql`` prints: each on loopback or in this process, in a folder that goes with it."""

import csv
import io
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from jybf.policy.dialects import BEFORE, declared, named
from jybf.vocabulary.types import Sql, stored
from tests.ledger.server import NoServerError, serving

Tables = Mapping[str, tuple[pl.DataFrame, Mapping[str, Sql]]]  # name → rows and the SQL types of their columns
Run = Callable[[str], pl.DataFrame]  # what a query gives, its integers as integers


class NoEngineError(Exception):
    """Why an engine is not here."""


def _texts(frame: pl.DataFrame, null: str, yes: str, no: str) -> str:
    """``frame`` as CSV, every value quoted and NULL as ``null``."""
    out = io.StringIO()
    flags = pl.col(pl.Boolean).replace_strict({True: yes, False: no}, return_dtype=pl.String)
    writer = csv.writer(out, quoting=csv.QUOTE_NONE, quotechar=None, delimiter="\x01", lineterminator="\n", escapechar=None)
    for row in frame.with_columns(flags).cast(pl.String).iter_rows():
        writer.writerow([null if value is None else value.replace("\\", "\\\\").replace("\n", "\\n") for value in row])
    return out.getvalue()


def _frame(rows: Sequence[Sequence[object]], columns: Sequence[Sequence[object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), [str(column[0]) for column in columns], orient="row", infer_schema_length=None)


@contextmanager
def duckdb(tables: Tables) -> Iterator[Run]:
    import duckdb as engine

    with engine.connect() as connection:
        for name, (frame, _) in tables.items():
            connection.register(name, frame.to_arrow())

        def run(sql: str) -> pl.DataFrame:
            found = connection.sql(sql)
            return pl.DataFrame(found.to_arrow_table()) if found else pl.DataFrame()

        yield run


@contextmanager
def postgres(tables: Tables) -> Iterator[Run]:
    try:
        import psycopg
    except ImportError as error:
        raise NoEngineError(str(error)) from None
    try:
        with serving() as server, psycopg.connect(f"host={server.folder} user=postgres", autocommit=True) as connection:
            connection.execute(BEFORE["postgres"])
            for name, (frame, columns) in tables.items():
                connection.execute(declared(name, columns, "postgres"))
                with connection.cursor().copy(f"COPY \"{name}\" FROM STDIN (DELIMITER E'\\x01')") as copy:
                    copy.write(_texts(frame, "\\N", "t", "f"))
                connection.execute(f'ANALYZE "{name}"')

            def run(sql: str) -> pl.DataFrame:
                found = connection.execute(sql)
                return _frame(found.fetchall(), found.description) if found.description else pl.DataFrame()

            yield run
    except NoServerError as error:
        raise NoEngineError(str(error)) from None


@contextmanager
def clickhouse(tables: Tables) -> Iterator[Run]:
    try:
        from chdb.session import Session
    except ImportError as error:
        raise NoEngineError(str(error)) from None
    with tempfile.TemporaryDirectory() as folder:
        session = Session(folder)
        session.query("CREATE DATABASE jybf ENGINE = Atomic")
        session.query("USE jybf")
        for name, (frame, columns) in tables.items():
            path = Path(folder, f"{name}.parquet")
            frame.write_parquet(path)
            session.query(declared(name, columns, "clickhouse").rstrip(";"))
            session.query(f"INSERT INTO {named(name, 'clickhouse')} SELECT * FROM file('{path}', Parquet)")

        def run(sql: str) -> pl.DataFrame:
            found = session.query(sql, "Parquet").bytes()
            return pl.read_parquet(io.BytesIO(found)) if found else pl.DataFrame()

        try:
            yield run
        finally:
            session.close()


@contextmanager
def mysql(tables: Tables) -> Iterator[Run]:
    """MariaDB."""
    program = shutil.which("mariadbd") or shutil.which("mysqld")
    try:
        import pymysql
    except ImportError as error:
        raise NoEngineError(str(error)) from None
    if not program or not shutil.which("mariadb-install-db"):
        raise NoEngineError("there is no MariaDB server here (mariadbd)")
    folder = Path(tempfile.mkdtemp(prefix="jybf-my-", dir="/tmp"))
    user = [] if os.geteuid() else ["--user=root"]
    data = ["--no-defaults", f"--datadir={folder}/data"]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server: subprocess.Popen | None = None
    try:
        made = subprocess.run(
            ["mariadb-install-db", *data, *user, "--skip-test-db", "--auth-root-authentication-method=normal"],
            **quiet,
            check=False,
        )
        if made.returncode:
            raise NoEngineError("mariadb-install-db failed")
        settings = (
            f"--socket={folder}/s", "--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=256M",
            "--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin", "--max-allowed-packet=256M", "--thread-stack=8M",
            "--tmp-table-size=1G", "--max-heap-table-size=1G", "--local-infile=1", f"--log-error={folder}/log",
        )  # fmt: skip
        server = subprocess.Popen([program, *data, *user, *settings], cwd=folder, **quiet)
        connection = _reached(
            lambda: pymysql.connect(unix_socket=f"{folder}/s", user="root", charset="utf8mb4", local_infile=True), server
        )
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE jybf")
            cursor.execute("USE jybf")
            cursor.execute(BEFORE["mysql"].rstrip(";"))
            for name, (frame, columns) in tables.items():
                cursor.execute(declared(name, columns, "mysql").rstrip(";") + " ENGINE=Aria TRANSACTIONAL=0")
                path = folder / f"{name}.csv"
                path.write_text(_texts(frame, "\\N", "1", "0"), encoding="utf-8")
                cursor.execute(
                    f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE `{name}` CHARACTER SET utf8mb4 FIELDS TERMINATED BY X'01'"
                )

            def run(sql: str) -> pl.DataFrame:
                cursor.execute(sql)
                return _frame(cursor.fetchall(), cursor.description) if cursor.description else pl.DataFrame()

            yield run
    finally:
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _reached(connect: Callable[[], object], server: subprocess.Popen) -> object:
    for _ in range(300):
        if server.poll() is not None:
            raise NoEngineError("the server ended at once")
        try:
            return connect()
        except Exception:  # noqa: BLE001  not yet
            time.sleep(0.1)
    raise NoEngineError("the server did not answer")


ENGINES = {"duckdb": duckdb, "postgres": postgres, "clickhouse": clickhouse, "mysql": mysql}


def laid_out(frame: pl.DataFrame, columns: Mapping[str, Sql]) -> tuple[pl.DataFrame, Mapping[str, Sql]]:
    """``frame`` with all ``columns``, each of its type."""
    absent = {name: pl.lit(value=False) if name.endswith("_误") else pl.lit(None) for name in columns}
    return frame.select(
        (pl.col(name) if name in frame.columns else absent[name]).cast(stored(kind)).alias(name)
        for name, kind in columns.items()
    ), columns
