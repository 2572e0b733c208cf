"""``jybf calc --engine duckdb``: rosters larger than memory, read, judged and described part by part; the same bytes."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.assess import describe, missing
from jybf.assess.describe import nothing_described
from jybf.assess.firsthand import Asked, asked_of, begin, named_in
from jybf.assess.history import unmatched
from jybf.assess.known import know
from jybf.assess.needed import asks_of_homes, needed, told_of
from jybf.assess.partial import ROWS
from jybf.assess.run import verdicts_of
from jybf.assess.spilled import THEIR_LINE, THEIR_SHEET, Disk, Spilled, judge
from jybf.commands.batches import Parts, read_parts
from jybf.commands.deliver import Way, deliver, listening, sum_up
from jybf.commands.opening import Say, left_open, stated_pack
from jybf.commands.pace import counted
from jybf.commands.past import files_of
from jybf.commands.request import Request
from jybf.errors import Problem, UsageError
from jybf.model import LINE, ROW, SHEET, Lines, Pack, Report, Roster, Summary, bad
from jybf.report import flows, writer
from jybf.report.progress import Doing
from jybf.report.summary import added, summarise
from jybf.roster.canonical import problems_of, values_of
from jybf.roster.reversed import without_reversed
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD
from jybf.vocabulary.roles import STAGES

_MEMORY = r"[1-9][0-9]*(?:\.[0-9]+)?\s*[KMGT]i?B"


def calc_larger(request: Request, way: Way) -> None:
    """As calc, by DuckDB on disk. Raises UsageError for what can't be done part by part, InputError, OutputError."""
    _check(request, way)
    with TemporaryDirectory(prefix="jybf-", dir=way.target.parent if way.target else None) as folder:
        with listening(quiet=way.quiet) as voice:
            run = _opened(request, Path(folder), voice.say, voice.doing)
        summaries: list[Summary] = []
        lines = Lines(run.parts.rows, lambda: _worded(run, summaries))
        whole = Report("calc", nothing_described(), Summary(0, {}), run.provenance, lines=lines)
        deliver(
            way,
            lambda _: None,
            lambda out: writer(way.form)(whole, out, mask=way.mask),
            lambda: sum_up(replace(whole, summary=added(summaries, run.parts.sheets)), whole=way.whole),
        )


def _check(request: Request, way: Way) -> None:
    faults = [
        (not flows(way.form), f"--engine duckdb 写不了 {way.form}", "加上 -f csv，或 -o 结果.parquet"),
        (request.carried, "--engine duckdb 不能带花名册自己的列", "去掉 --columns all"),
        (bool(request.ledger), "--engine duckdb 不能读账本", "要与账本比的，不加 --engine duckdb"),
        (not re.fullmatch(_MEMORY, request.memory, re.IGNORECASE), f"“{request.memory}”不是内存的大小", "写成 --memory 4GB"),
    ]
    if found := [Problem(what, "", hint) for wrong, what, hint in faults if wrong]:
        raise UsageError(*found)


class _Run(msgspec.Struct, frozen=True):
    pack: Pack
    parts: Parts
    history: Roster | None
    unmatched: tuple[tuple[int, str], ...]  # rows of the history that can be held against nobody
    spilled: Spilled
    request: Request
    provenance: dict[str, str]


def _opened(request: Request, folder: Path, say: Say, progress: Doing) -> _Run:
    pack, provenance = stated_pack(request, say)
    asked = asked_of(pack, request.programs, request.as_of, force=request.force, past=bool(request.history))
    begun = _Begun(asked, folder, asked.past)
    keyed = asked.past or asks_of_homes(pack, asked.active)
    parts = read_parts(request, request.files, folder / "rows", progress, keep=begun.add, keyed=keyed)
    past = _netted(read_parts(request, request.history, folder / "past", progress)) if request.history else None
    for notice in dict.fromkeys((*parts.notices, *(past.notices if past else ()))):
        say(notice)
    progress(f"逐行测算 {counted(parts.rows)}", 0)
    disk = Disk(folder, request.memory)
    spilled = judge(parts.paths, past.paths if past else (), asked, disk, partial(_tied, parts) if begun.waits else None)
    history = past.roster() if past else None
    lost = unmatched(history, spilled.past, pack) if history and spilled.past is not None else ()
    if lost:
        say(f"历史发放有 {len(lost)} 行认不出项目或人，没有比对；不加 --engine duckdb 时逐行说明")
    told = {"输入": files_of(parts.sheets)} | ({"历史": files_of(past.sheets)} if past else {})
    told |= {"设置": left_open(pack, spilled.programs, request.settings)}
    order = ("程序", "规则包", "输入", "历史", "项目", "都按", "工作表", "列名", "基准日", "规定截至", "设定", "设置")
    whole = provenance | told
    return _Run(pack, parts, history, lost, spilled, request, {key: whole[key] for key in order if whole.get(key)})


class _Begun(msgspec.Struct):
    """The first stages, as the parts are read. ``waits``: they ask what all rows, or a history, tell of a row's household."""

    asked: Asked
    folder: Path
    waits: bool
    kept: dict[tuple[int, ...], frozenset[str]] = {}

    def add(self, roster: Roster, number: int) -> frozenset[str]:
        """The columns of a part that are needed again."""
        asked = self.asked
        self.waits = self.waits or not begin(roster, asked, self.folder, number)
        _, about = named_in(roster, asked)
        if about not in self.kept:
            self.kept[about] = needed(asked.pack, about, asked.active, past=asked.past)
        return self.kept[about]


def _tied(parts: Parts, number: int, keys: pl.DataFrame | None) -> Roster:
    """The rows of a part as a roster, with the ``keys`` that all rows tell."""
    frame = parts.part(number)
    if keys is not None:
        frame = frame.with_columns(keys[name] for name in (HOUSEHOLD, EMPLOYER) if name in frame.columns or keys[name].count())
    return Roster(frame, problems_of(frame, "规范表"), parts.sheets)


def _netted(past: Parts) -> Parts:
    """``past`` without what was taken back in full, as one table."""
    history = past.roster()
    left = without_reversed(history)
    if left is history:
        return past
    changed = [name for name in left.rows.columns if name in STAGES or name.removesuffix(bad("")) in STAGES]
    path = past.paths[0].with_name("netted.parquet")
    past.whole().with_columns(left.rows.select(changed)).write_parquet(path)
    return replace(past, paths=(path,), notices=(*past.notices, *left.notices))


def _worded(run: _Run, summaries: list[Summary]) -> Iterator[pl.DataFrame]:
    """The verdicts in words, part by part; each part adds its own to ``summaries``."""
    wanted = told_of(run.pack, run.spilled.programs)
    for number in range(len(run.parts.paths)):
        roster, result, rows = _part(run, number)
        request = run.request
        facts = know(roster.rows, run.pack, wanted)
        verdicts = verdicts_of(result, facts, run.pack, request.as_of, request.programs, force=request.force)
        verdicts = replace(verdicts, history=run.history, past=run.spilled.past, unmatched=run.unmatched)
        own = pl.int_range(rows, eager=True)
        summaries.append(summarise(verdicts, roster, missing(verdicts), own))
        yield describe(verdicts, roster)


def _part(run: _Run, number: int) -> tuple[Roster, pl.DataFrame, int]:
    """The rows of a part, numbered from 0, and behind them those of others that its verdicts name; these; how many are its."""
    roster, first = _tied(run.parts, number, run.spilled.keys(number)), number * ROWS
    rows = values_of(roster.rows)
    theirs = run.spilled.theirs(number)
    others = theirs.select(pl.col(THEIR_SHEET).alias(SHEET), pl.col(THEIR_LINE).alias(LINE))
    whole = pl.concat([rows, others], how="diagonal") if others.height else rows
    whole = whole.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW), pl.col(f"^.*{bad('')}$").fill_null(value=False)
    )
    place = theirs.select("先", pl.int_range(rows.height, rows.height + pl.len(), dtype=pl.Int64).alias("_at"))
    result = run.spilled.part(number).join(place, on="先", how="left", maintain_order="left")
    here = pl.when(pl.col("先") < 0).then("先").otherwise(pl.coalesce("_at", pl.col("先") - first))
    result = result.with_columns(pl.col(ROW) - first, here.alias("先")).drop("_at")
    return Roster(whole, roster.problems, roster.sheets), result, rows.height
