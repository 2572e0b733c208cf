"""What rows larger than memory do to each other, carried out by DuckDB over files; each row by itself is `firsthand`'s."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jybf.assess.firsthand import LOST, Asked, begin, begun, keys, rest
from jybf.assess.partial import ROWS
from jybf.assess.stages import OUTPUT, Stages, reading_order, stage
from jybf.assess.tables import carry_out
from jybf.assess.ties import TIED, ties
from jybf.assess.warehouse import HISTORY, ROSTER, of_history
from jybf.errors import Problem, UsageError
from jybf.model import LINE, ROW, SHEET, Roster
from jybf.roster.canonical import columns
from jybf.vocabulary.sql import quote, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

THEIR_SHEET, THEIR_LINE = "_先表", "_先行"  # where the row stands that a verdict names
_THERE: tuple[str, ...] = ("先", THEIR_SHEET, THEIR_LINE)
_PART = "_part"
_VERDICTS, _THEIRS, _TIED = "verdicts", "theirs", "tied"  # folders, with one for each part
_PAST = '"history"'
_SHARES = ("_r", "_turn", "_first", "_used", "_quota_first", "_vague")
_WHOLE = [pl.col(name).cast(pl.Int64) for name in _SHARES]


class Disk(msgspec.Struct, frozen=True):
    """Where DuckDB works: its ``folder``, and how much ``memory`` (4GB) it may take before it spills there."""

    folder: Path
    memory: str


class Spilled(msgspec.Struct, frozen=True):
    """The verdicts in ``folder``, a part for each ROWS of the roster; the households and employers where they are asked for.

    ``ends``: by programme whose rows stand alone the stage that makes verdicts of their clauses and shares.
    """

    folder: Path
    tied: bool
    past: pl.DataFrame | None
    programs: tuple[int, ...]  # those that have a verdict
    ends: Mapping[int, str]

    def part(self, number: int) -> pl.DataFrame:
        """OUTPUT of the verdicts on the rows of a part, in order of ``_row`` and 项目."""
        files = [*_files(self.folder / _VERDICTS, number), self.folder / LOST / _file(number)]
        parts = [pl.read_parquet(path, columns=list(OUTPUT), hive_partitioning=False) for path in files if path.is_file()]
        ended = [self._ended(index, number) for index in self.ends]
        whole = pl.concat([part for part in (*parts, *ended) if part.height])
        return whole[reading_order(whole)]

    def _ended(self, index: int, number: int) -> pl.DataFrame:
        """OUTPUT of programme ``index``, whose rows stand alone."""
        judged, shares = (stage(index, name).strip('"') for name in ("judged", "shares"))
        path = self.folder / judged / _file(number)
        if not path.is_file():
            return pl.DataFrame(schema=dict.fromkeys(OUTPUT, pl.Int64))
        parts = [pl.read_parquet(path, hive_partitioning=False) for path in _files(self.folder / shares, number)]
        shared = pl.concat([pl.DataFrame(schema=dict.fromkeys(_SHARES, pl.Int64)), *(part.select(_WHOLE) for part in parts)])
        tables = {judged: pl.read_parquet(path), shares: shared}
        return carry_out([], f"SELECT {', '.join(map(quote, OUTPUT))} FROM ({self.ends[index]}) AS e", **tables)

    def theirs(self, number: int) -> pl.DataFrame:
        """先, THEIR_SHEET and THEIR_LINE of the rows of other parts that verdicts of a part name, each once, in order."""
        schema = dict.fromkeys(_THERE, pl.Int64)
        parts = [pl.read_parquet(path, hive_partitioning=False) for path in _files(self.folder / _THEIRS, number)]
        return pl.concat([pl.DataFrame(schema=schema), *parts]).sort("先")

    def keys(self, number: int) -> pl.DataFrame | None:
        """``_row``, 户 and 单位 of the rows of a part, in order; None where nothing asks for them."""
        return keys_of(self.folder, number) if self.tied else None


def keys_of(folder: Path, number: int) -> pl.DataFrame:
    """As :meth:`Spilled.keys`, once they are known."""
    return pl.concat([pl.read_parquet(path, hive_partitioning=False) for path in _files(folder / _TIED, number)]).sort(ROW)


def _file(number: int) -> str:
    return f"{number:06}.parquet"


def _files(folder: Path, number: int) -> list[Path]:
    return sorted((folder / f"{_PART}={number}").glob("*.parquet"))


def judge(
    rosters: Sequence[Path],
    history: Sequence[Path],
    asked: Asked,
    disk: Disk,
    part: Callable[[int, pl.DataFrame], Roster] | None = None,
) -> Spilled:
    """The verdicts on the rows of ``rosters``, canonical tables, whose first stages (``firsthand``) are in ``disk.folder``.

    ``part``: the rows of a part with the keys that all rows tell, where the first stages had to wait for those.

    Raises UsageError where DuckDB is not installed or the memory does not suffice.
    """
    engine = _engine()
    with engine.connect(str(disk.folder / "jybf.duckdb")) as connection:
        try:
            _prepare(connection, disk, rosters, history)
            if part:
                _tie(connection, disk.folder, past=asked.past)
                for number in range(len(rosters)):
                    begin(part(number, keys_of(disk.folder, number)), asked, disk.folder, number, tied=True)
            return _judged(connection, asked, disk.folder, tied=part is not None)
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
    return f"SELECT {told} FROM {_parquet(paths)}"


def _parquet(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(text(str(path)) for path in paths)}], union_by_name = true, hive_partitioning = false)"


def _tie(connection: DuckDBPyConnection, folder: Path, *, past: bool) -> None:
    """Households and employers, as all rows and the history tell them."""
    _carry_out(connection, ties([quote(ROSTER), *[quote(HISTORY)] * past]), {TIED})
    keys = f'"_r" AS {quote(ROW)}, "户", "单位", "_r" // {ROWS} AS {_PART}'
    _partitioned(connection, f'SELECT {keys} FROM {TIED} WHERE "_t" = 0', folder / _TIED)


def _judged(connection: DuckDBPyConnection, asked: Asked, folder: Path, *, tied: bool) -> Spilled:
    about = [i for i in asked.active if (folder / begun(asked, i).strip('"')).is_dir()]
    named = {index for path in (folder / LOST).glob("*.parquet") for index in pl.read_parquet(path)["项目"].unique()}
    past = folder / "past.parquet"
    if asked.past:
        _carry_out(connection, [*of_history(asked.pack, keys(asked))], {_PAST})
        connection.execute(f"COPY {_PAST} TO {text(str(past))} (FORMAT parquet)")
    for name in (begun(asked, i) for i in about):
        files = sorted((folder / name.strip('"')).glob("*.parquet"))
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {_parquet(files)}")
    alone = [i for i in about if i in asked.alone]
    pointing = [sql for index in alone if (sql := _shared(connection, asked, index, folder))]
    if others := [i for i in about if i not in asked.alone]:
        pointing.append(_verdicts(connection, asked, others, folder))
    if pointing:
        _point(connection, pointing, folder)
    ends = {i: dict(rest(asked, [i])[0])[stage(i, "final")] for i in alone}
    programs = tuple(sorted({*about, *named} - {None}))
    return Spilled(folder, tied, pl.read_parquet(past) if asked.past else None, programs, ends)


def _shared(connection: DuckDBPyConnection, asked: Asked, index: int, folder: Path) -> str:
    """Turns and shares of a programme whose rows stand alone. Gives what selects the rows that they name, if there are any."""
    shares = stage(index, "shares")
    stages, _ = rest(asked, [index])
    _carry_out(connection, [(name, sql) for name, sql in stages if name != stage(index, "final")], set())
    _partitioned(connection, f'SELECT *, "_r" // {ROWS} AS {_PART} FROM {shares}', folder / shares.strip('"'))
    first = 'CASE WHEN "_turn" > 1 THEN "_first" ELSE "_quota_first" END'
    named = f'SELECT "_r" AS {quote(ROW)}, {first} AS "先" FROM {_written(folder / shares.strip(chr(34)))}'
    return f'{named} WHERE "_turn" > 1 OR "_used" > 0' if any(folder.glob(f"{shares.strip(chr(34))}/*/*.parquet")) else ""


def _verdicts(connection: DuckDBPyConnection, asked: Asked, about: Sequence[int], folder: Path) -> str:
    """The verdicts of the programmes ``about``. Gives what selects the rows that they name."""
    stages, selected = rest(asked, about)
    _carry_out(connection, stages, set(), selected)
    _partitioned(connection, f"SELECT *, {quote(ROW)} // {ROWS} AS {_PART} FROM ({selected}) AS v", folder / _VERDICTS)
    return f'SELECT {quote(ROW)}, "先" FROM {_written(folder / _VERDICTS)}'


def _written(folder: Path) -> str:
    return f"read_parquet({text(str(folder / '*' / '*.parquet'))}, hive_partitioning = false)"


def _point(connection: DuckDBPyConnection, pointing: Sequence[str], folder: Path) -> None:
    """Where the rows stand that verdicts on rows of other parts name."""
    part = f"{quote(ROW)} // {ROWS}"
    named = f'SELECT DISTINCT "先", {part} AS {_PART} FROM ({" UNION ALL ".join(pointing)}) AS p'
    there = f'"先", {quote(SHEET)} AS {quote(THEIR_SHEET)}, {quote(LINE)} AS {quote(THEIR_LINE)}, {_PART}'
    joined = f'({named} WHERE "先" >= 0 AND "先" // {ROWS} <> {part}) AS v JOIN {quote(ROSTER)} AS r ON v."先" = r.{quote(ROW)}'
    _partitioned(connection, f"SELECT {there} FROM {joined}", folder / _THEIRS)


def _carry_out(connection: DuckDBPyConnection, stages: Stages, kept: set[str], selected: str = "") -> None:
    """The stages, one by one: a table where several read it, until the last has, or it is ``kept``; else a view."""
    tables = _tables(stages, kept, selected)
    last = _last_readers(stages, tables, selected)
    held: list[str] = []
    for n, (name, sql) in enumerate(stages):
        connection.execute(f"CREATE TEMP {'TABLE' if name in tables else 'VIEW'} {name} AS {sql}")
        if name in tables:
            held.append(name)
            for old in [one for one in held if last[one] <= n and one not in kept]:
                held.remove(old)
                connection.execute(f"DROP TABLE {old}")


def _tables(stages: Stages, kept: set[str], selected: str) -> frozenset[str]:
    """The stages that are worth keeping: what one stage reads once is a part of it."""
    texts = [*(sql for _, sql in stages), selected]
    return frozenset(name for name, _ in stages if name in kept or sum(sql.count(name) for sql in texts) > 1)


def _last_readers(stages: Stages, tables: frozenset[str], selected: str) -> dict[str, int]:
    """By stage the last table that reads it, be it through others that are none; behind all what ``selected`` reads."""
    last: dict[str, int] = {}
    whole = [*stages, ("", selected)]
    for n, (name, _) in reversed(list(enumerate(stages))):
        readers = ((m, own) for m, (own, sql) in enumerate(whole) if m > n and name in sql)
        last[name] = max((m if own in tables or not own else last[own] for m, own in readers), default=n)
    return last


def _partitioned(connection: DuckDBPyConnection, sql: str, folder: Path) -> None:
    connection.execute(f"COPY ({sql}) TO {text(str(folder))} (FORMAT parquet, PARTITION_BY ({_PART}))")
