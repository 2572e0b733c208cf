"""The first stages of the query, of a part of the rows: they ask nothing of other rows, so Polars carries them out in memory.

:mod:`jybf.assess.spilled` goes on, for all parts together, from what they come to: each clause of each row as an integer.
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
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD

LOST = "lost"  # the folder of the verdicts on rows that end here: no programme judges them
_DAYS = ("_at", last("_at"))


class Question(msgspec.Struct, frozen=True):
    """What a run is asked, as :func:`jybf.assess.assess` is; ``active``: the programmes that rows may be about."""

    pack: Pack
    programs: Sequence[str]
    force: bool
    as_of: date | None
    active: tuple[int, ...]


def asked_of(pack: Pack, programs: Sequence[str], as_of: date | None, *, force: bool) -> Question:
    """The question. Raises UsageError for a name that picks no programme."""
    wanted = wanted_of(pack, programs, force=force)
    active = wanted if force else paying(pack)
    return Question(pack, programs, force, as_of, active)


def begun(pack: Pack, index: int) -> str:
    """The name of the last stage of programme ``index`` that asks nothing of other rows; who counts for an employer does."""
    return stage(index, "rows" if pack.programs[index].tally else "facts")


def rest(question: Question, about: Sequence[int], *, past: bool) -> tuple[Stages, str]:
    """The stages after those that are :func:`begun` of the programmes ``about``, and what selects the verdicts from them."""
    query = compile_pack(question.pack, about, as_of=question.as_of, past=past, among=question.active)
    done = {name for name, _ in _first(query, question.pack, about)}
    return [(name, sql) for name, sql in query.stages if name not in done], query.selected


def keys(question: Question, about: Sequence[int]) -> tuple[str, ...]:
    """What earlier payments are held against the rows of the programmes ``about`` by."""
    own = (key for i in about for key in keys_along(question.pack, i, question.active))
    return tuple(sorted({*own}))


def begin(roster: Roster, question: Question, folder: Path, number: int, *, tied: bool = False) -> bool:
    """Write what the first stages come to of the rows of ``roster``, the part ``number``, into a folder for each stage.

    False, and nothing is written, where they ask of which household or employer a row is and that is not yet known (``tied``).
    """
    pack = question.pack
    named = candidates(roster, pack, question.programs, force=question.force)
    about = [i for i in question.active if hits(i) in named.columns]
    if not about:
        _write(_unnamed(roster.rows), folder / LOST, number)
        return True
    have = roster.rows.columns
    query = compile_pack(pack, about, as_of=question.as_of, have=have, past=False, among=question.active)
    if not tied and {HOUSEHOLD, EMPLOYER} & query.columns.keys():
        return False
    stages = [*query.before, *_first(query, pack, about)]
    wanted = {begun(pack, i): f"SELECT * FROM {begun(pack, i)}" for i in about} | {LOST: stranded(pack, about)}  # noqa: S608  names of our own
    rows = lay_out(roster.rows.hstack(named), query.columns)
    for name, frame in work_out(stages, wanted, roster=rows, known=rows).items():
        if frame.height or tied:  # instead of what was written before that was known
            _write(frame.select(_typed(frame)), folder / name.strip('"'), number)
    return True


def _first(query: Query, pack: Pack, about: Sequence[int]) -> Stages:
    names = {'"scoped"'}
    for i in about:
        names |= {stage(i, "rows")} if pack.programs[i].tally else {stage(i, name) for name in ("rows", "dated", "facts")}
    return [(name, sql) for name, sql in query.stages if name in names]


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
