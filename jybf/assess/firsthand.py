"""The first stages of the query, of a part of the rows: they ask nothing of other rows, so Polars carries them out in memory.

:mod:`jybf.assess.spilled` goes on, for all parts together, from what they come to: the clauses of each row as integers.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec
import polars as pl

from jybf.assess.compile import Query, compile_pack, keys_along
from jybf.assess.select import candidates, paying, wanted_of
from jybf.assess.stages import OUTPUT, Stages, hits, stage
from jybf.assess.tables import lay_out, work_out
from jybf.assess.warehouse import stranded
from jybf.model import ROW, Pack, Roster, last
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD, PERSON

LOST = "lost"  # the folder of the verdicts on rows that end here: no programme judges them
_DAYS = ("_at", last("_at"))


class Asked(msgspec.Struct, frozen=True):
    """What a run is asked, as :func:`jybf.assess.assess` is; ``past``: whether there is a history.

    ``active``: the programmes that rows may be about; ``alone``: those of them whose rows, but for turns and shares, no
    other programme and no history has to do with.
    """

    pack: Pack
    programs: Sequence[str]
    force: bool
    as_of: date | None
    past: bool
    active: tuple[int, ...]
    alone: frozenset[int]


def asked_of(pack: Pack, programs: Sequence[str], as_of: date | None, *, force: bool, past: bool) -> Asked:
    """All that a run is asked. Raises UsageError for a name that picks no programme."""
    wanted = wanted_of(pack, programs, force=force)
    active = wanted if force else paying(pack)
    ids = {pack.programs[i].id: i for i in active}
    pairs = {(i, ids[e.program]) for i in active for e in pack.programs[i].excluded_by if e.program in ids and not e.history}
    bound = {i for pair in pairs for i in pair} | {i for i in active if pack.programs[i].tally}
    return Asked(pack, programs, force, as_of, past, active, frozenset() if past else frozenset(active) - bound)


def begun(asked: Asked, index: int) -> str:
    """The name of the last stage of programme ``index`` that asks nothing of other rows; who counts for an employer does."""
    return stage(index, _names(asked, index)[-1])


def _names(asked: Asked, index: int) -> Sequence[str]:
    if asked.pack.programs[index].tally:
        return ("rows",)
    return ("rows", "dated", "facts", "judged") if index in asked.alone else ("rows", "dated", "facts")


def _first(query: Query, asked: Asked, about: Sequence[int]) -> Stages:
    names = {'"scoped"', *(stage(i, name) for i in about for name in _names(asked, i))}
    return [(name, sql) for name, sql in query.stages if name in names]


def rest(asked: Asked, about: Sequence[int]) -> tuple[Stages, str]:
    """The stages after those that are :func:`begun` of the programmes ``about``, and what selects the verdicts from them."""
    query = compile_pack(asked.pack, about, as_of=asked.as_of, past=asked.past, among=asked.active)
    done = {name for name, _ in _first(query, asked, about)}
    return [(name, sql) for name, sql in query.stages if name not in done], query.selected


def keys(asked: Asked) -> tuple[str, ...]:
    """What earlier payments are held against rows by; a person is one, though no limit asks for it."""
    own = (key for i in paying(asked.pack) for key in keys_along(asked.pack, i, asked.active))
    return tuple(sorted({PERSON, *own}))


def named_in(roster: Roster, asked: Asked) -> tuple[pl.DataFrame, tuple[int, ...]]:
    """How well each row names each programme, and those that any is named for."""
    named = candidates(roster, asked.pack, asked.programs, force=asked.force)
    return named, tuple(i for i in asked.active if hits(i) in named.columns)


def begin(roster: Roster, asked: Asked, folder: Path, number: int, *, tied: bool = False) -> bool:
    """Write what the first stages come to of the rows of ``roster``, the part ``number``, into a folder for each stage.

    False, and nothing is written, where they ask of which household or employer a row is and that is not yet known (``tied``).
    """
    pack = asked.pack
    named, about = named_in(roster, asked)
    if not about:
        _write(_unnamed(roster.rows), folder / LOST, number)
        return True
    have = roster.rows.columns
    query = compile_pack(pack, about, as_of=asked.as_of, have=have, past=False, among=asked.active)
    if not tied and {HOUSEHOLD, EMPLOYER} & query.columns.keys():
        return False
    stages = [*query.before, *_first(query, asked, about)]
    ends = [begun(asked, i) for i in about]
    wanted = {name: f"SELECT * FROM {name}" for name in ends} | {LOST: stranded(pack, about)}
    rows = lay_out(roster.rows.hstack(named), query.columns)
    for name, frame in work_out(stages, wanted, roster=rows, known=rows).items():
        if frame.height or tied:  # instead of what was written before that was known
            _write(frame.select(_typed(frame)), folder / name.strip('"'), number)
    return True


def _typed(frame: pl.DataFrame) -> Iterator[pl.Expr]:
    """The columns, each of a type: of what no row of a part has Polars knows none."""
    for name, kind in frame.schema.items():
        of = pl.Date() if name in _DAYS else pl.Int64()
        yield pl.col(name).cast(of) if kind == pl.Null or kind.is_integer() else pl.col(name)


def _unnamed(rows: pl.DataFrame) -> pl.DataFrame:
    """OUTPUT of rows for which nothing names a programme."""
    told: Mapping[str, int] = {"结果": 2, "不符": 0, "缺": 0, "推定": 0, "缘由": 0}
    return rows.select(pl.col(ROW) if name == ROW else pl.lit(told.get(name), pl.Int64).alias(name) for name in OUTPUT)


def _write(frame: pl.DataFrame, folder: Path, number: int) -> None:
    folder.mkdir(exist_ok=True)
    frame.write_parquet(folder / f"{number:06}.parquet", compression="lz4", statistics=False)
