"""The query carried out by DuckDB, over canonical tables on disk and larger than memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jybf.assess.stages import OUTPUT, hits
from jybf.assess.ties import TIED
from jybf.assess.warehouse import HISTORY, NAMED_ROWS, ROSTER, Warehouse, over_canonical
from jybf.errors import Problem, UsageError
from jybf.model import LINE, ROW, SHEET, Pack
from jybf.roster.canonical import columns
from jybf.vocabulary.sql import quote, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS = 500_000  # of the roster, whose verdicts are a part of the result
THEIR_SHEET, THEIR_LINE = "_先表", "_先行"  # where the row stands that a verdict names
_PART = "_part"
_KEPT = frozenset({TIED, '"verdicts"', '"history"'})  # read when all is done


class Disk(msgspec.Struct, frozen=True):
    """Where DuckDB works: its ``folder``, and how much ``memory`` (4GB) it may take before it spills there."""

    folder: Path
    memory: str


class Spilled(msgspec.Struct, frozen=True):
    """The verdicts in ``folder``, a part for each ROWS of the roster; the households and employers where they are asked for."""

    folder: Path
    tied: bool
    past: pl.DataFrame | None
    programs: tuple[int, ...]  # those that have a verdict

    def part(self, number: int) -> pl.DataFrame:
        """OUTPUT, THEIR_SHEET and THEIR_LINE of the verdicts on the rows of a part, in order of ``_row`` and 项目."""
        return _read(self.folder / "verdicts", number).sort(ROW, "项目")

    def keys(self, number: int) -> pl.DataFrame | None:
        """``_row``, 户 and 单位 of the rows of a part, in order; None where nothing asks for them."""
        return _read(self.folder / "tied", number).sort(ROW) if self.tied else None


def _read(folder: Path, number: int) -> pl.DataFrame:
    files = sorted((folder / f"{_PART}={number}").glob("*.parquet"))
    return pl.concat([pl.read_parquet(file, hive_partitioning=False) for file in files]) if files else _nothing()


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys((*OUTPUT, THEIR_SHEET, THEIR_LINE), pl.Int64))


def judge(
    rosters: Sequence[Path],
    history: Sequence[Path],
    pack: Pack,
    disk: Disk,
    *,
    programs: Sequence[str] = (),
    force: bool = False,
    as_of: date | None = None,
    named: pl.DataFrame,
) -> Spilled:
    """The verdicts on the rows of ``rosters``, canonical tables; arguments as of :func:`jybf.assess.assess`.

    ``named``: how well each programme is named, of each ``_sheet`` and 补贴项目 of the rows; if none is, there are no verdicts.

    Raises UsageError where DuckDB is not installed or the memory does not suffice.
    """
    about = [i for i in range(len(pack.programs)) if hits(i) in named.columns]
    if not about:
        return Spilled(disk.folder, tied=False, past=None, programs=())
    have = {name for path in rosters for name in pl.read_parquet_schema(path)}
    made = over_canonical(
        pack, programs, force=force, as_of=as_of, past=bool(history), have=have, about=about, whole=True, named=True
    )
    engine = _engine()
    with engine.connect(str(disk.folder / "jybf.duckdb")) as connection:
        try:
            _prepare(connection, disk, rosters, history)
            named.write_parquet(disk.folder / "named.parquet")
            connection.execute(f"CREATE TABLE {quote(NAMED_ROWS)} AS FROM {text(str(disk.folder / 'named.parquet'))}")
            _carry_out(connection, made)
            return _written(connection, made, disk.folder, past=bool(history))
        except engine.OutOfMemoryException:
            hint = "加大 --memory，或关掉别的程序"
            raise UsageError(Problem(f"{disk.memory} 内存不够", "--memory", hint)) from None


def _engine():  # pyright: ignore[reportUnknownParameterType]
    try:
        import duckdb
    except ImportError:
        raise UsageError(Problem("没有安装 DuckDB", "--engine duckdb", "pip install 'jybf[duckdb]'")) from None
    return duckdb


def _prepare(connection: DuckDBPyConnection, disk: Disk, rosters: Sequence[Path], history: Sequence[Path]) -> None:
    for setting, value in (("memory_limit", disk.memory), ("temp_directory", str(disk.folder / "spill"))):
        connection.execute(f"SET {setting} = {text(value)}")
    connection.execute("SET preserve_insertion_order = false")
    for name, paths in ((ROSTER, rosters), (HISTORY, history)):
        if paths:
            connection.execute(f"CREATE VIEW {quote(name)} AS {_laid_out(paths)}")


def _laid_out(paths: Sequence[Path]) -> str:
    """The canonical table of these files: typed NULLs (FALSE for "unreadable") for what none of them has."""
    there = {name for path in paths for name in pl.read_parquet_schema(path)}
    absent = {name: "FALSE" if name.endswith("_误") else f"CAST(NULL AS {kind})" for name, kind in columns().items()}
    marks = {name: f"COALESCE({quote(name)}, FALSE)" if name.endswith("_误") else quote(name) for name in columns()}
    told = ", ".join(f"{marks[name] if name in there else absent[name]} AS {quote(name)}" for name in columns())
    files = ", ".join(text(str(path)) for path in paths)
    return f"SELECT {told} FROM read_parquet([{files}], union_by_name = true)"


def _carry_out(connection: DuckDBPyConnection, made: Warehouse) -> None:
    """The stages, one by one: a table where several read it, until the last of them has; else a view."""
    tables = _tables(made)
    last = _last_readers(made, tables)
    held: list[str] = []
    for n, (name, sql) in enumerate(made.stages):
        connection.execute(f"CREATE TEMP {'TABLE' if name in tables else 'VIEW'} {name} AS {sql}")
        if name in tables:
            held.append(name)
            for old in [one for one in held if last[one] <= n and one not in _KEPT]:
                held.remove(old)
                connection.execute(f"DROP TABLE {old}")


def _tables(made: Warehouse) -> frozenset[str]:
    """The stages that are worth keeping: what one stage reads once is a part of it."""
    texts = [sql for _, sql in made.stages]
    return frozenset(name for name, _ in made.stages if name in _KEPT or sum(sql.count(name) for sql in texts) > 1)


def _last_readers(made: Warehouse, tables: frozenset[str]) -> dict[str, int]:
    """By stage the last table that reads it, be it through others that are none."""
    last: dict[str, int] = {}
    for n, (name, _) in reversed(list(enumerate(made.stages))):
        readers = ((m, own) for m, (own, sql) in enumerate(made.stages) if m > n and name in sql)
        last[name] = max((m if own in tables else last[own] for m, own in readers), default=n)
    return last


def _written(connection: DuckDBPyConnection, made: Warehouse, folder: Path, *, past: bool) -> Spilled:
    own = ", ".join(f"v.{quote(name)}" for name in OUTPUT)
    there = f"r.{quote(SHEET)} AS {quote(THEIR_SHEET)}, r.{quote(LINE)} AS {quote(THEIR_LINE)}"
    joined = f'"verdicts" AS v LEFT JOIN {quote(ROSTER)} AS r ON v."先" >= 0 AND v."先" = r.{quote(ROW)}'
    _partitioned(connection, f"SELECT {own}, {there}, v.{quote(ROW)} // {ROWS} AS {_PART} FROM {joined}", folder / "verdicts")
    tied = TIED in dict(made.stages)
    if tied:
        keys = f'"_r" AS {quote(ROW)}, "户", "单位", "_r" // {ROWS} AS {_PART}'
        _partitioned(connection, f'SELECT {keys} FROM {TIED} WHERE "_t" = 0', folder / "tied")
    if past:
        connection.execute(f'COPY "history" TO {text(str(folder / "past.parquet"))} (FORMAT parquet)')
    named = connection.execute('SELECT DISTINCT "项目" FROM "verdicts" WHERE "项目" IS NOT NULL ORDER BY 1').fetchall()
    return Spilled(folder, tied, pl.read_parquet(folder / "past.parquet") if past else None, tuple(index for (index,) in named))


def _partitioned(connection: DuckDBPyConnection, sql: str, folder: Path) -> None:
    connection.execute(f"COPY ({sql}) TO {text(str(folder))} (FORMAT parquet, PARTITION_BY ({_PART}))")
