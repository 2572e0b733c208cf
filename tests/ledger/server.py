"""A PostgreSQL server of the tests' own: in a folder that goes with it, reached by a socket alone, never written to disk for sure.

python -m tests.ledger.server [database]...   for what is run by hand: prints the URLs, and serves until its input ends
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

CLERK, PASSWORD = "clerk", "geheim/100%"  # who must give a password; anybody else need not
_ACCESS = f"local all {CLERK} scram-sha-256\nlocal all all trust\n"
_SETTINGS = (
    "listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB",
    "max_connections=40", "max_wal_size=2GB", "autovacuum=off",
)  # fmt: skip


class NoServerError(Exception):
    """Why there is no server here."""


class Server(NamedTuple):
    folder: Path

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.folder))}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple]:
        """What ``statement`` gives, as the owner of everything."""
        import psycopg

        with psycopg.connect(f"host={self.folder} user=postgres dbname={database}", autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []


@contextmanager
def serving() -> Iterator[Server]:
    """A server that is stopped and gone at the end. Raises NoServerError where there can be none."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="jybf-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        _do(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        (data / "pg_hba.conf").write_text(_ACCESS)
        settings = " ".join(f"-c {each}" for each in (*_SETTINGS, f"unix_socket_directories={folder}"))
        _do(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", settings, "start")
        try:
            server = Server(folder)
            server.run(f"CREATE USER {CLERK} PASSWORD '{PASSWORD}'")
            yield server
        finally:
            _do(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Where the server's own programs are."""
    found = shutil.which("initdb")
    homes = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for home in homes:
        if (home / "initdb").exists() and (home / "pg_ctl").exists():
            return home
    raise NoServerError("there is no PostgreSQL server here (initdb)")


def _do(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:  # a server refuses to be root's
        words = ["su", "postgres", "-s", "/bin/sh", "-c", shlex.join(words)]
    with tempfile.TemporaryFile() as said:  # a server would keep a pipe open
        code = subprocess.run(words, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False).returncode
        said.seek(0)
        if code:
            raise NoServerError(f"{words[-1][:60]} failed: {said.read()[-300:].decode(errors='replace')}")


def main() -> None:
    """Print the URL of a new database for each name on the command line, and serve until the input ends."""
    with serving() as server:
        for name in sys.argv[1:]:
            server.run(f"CREATE DATABASE {name}")
            print(server.url(name), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
