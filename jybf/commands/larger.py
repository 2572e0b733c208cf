"""``jybf calc --engine duckdb``: rosters larger than memory, read, judged and described part by part; the same bytes."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.assess import describe, missing
from jybf.assess.history import unmatched
from jybf.assess.known import know
from jybf.assess.run import verdicts_of
from jybf.assess.needed import needed
from jybf.assess.select import candidates, paying, wanted_of
from jybf.assess.spilled import ROWS, THEIR_LINE, THEIR_SHEET, Disk, Spilled, judge
from jybf.assess.stages import OUTPUT
from jybf.commands.deliver import Way, deliver, listening, sum_up
from jybf.commands.opening import Say, column_map, left_open, stated_pack
from jybf.commands.pace import counted, sized
from jybf.commands.past import files_of
from jybf.commands.request import Request
from jybf.errors import InputError, Problem, UsageError
from jybf.model import LINE, ROW, SHEET, Pack, Report, Roster, Sheet, Summary, bad
from jybf.report import writer
from jybf.report.progress import Doing
from jybf.report.summary import added, summarise
from jybf.roster.canonical import CELL, canonical, problems_of, values_of
from jybf.roster.cast import no_problems
from jybf.roster.files import Options
from jybf.roster.pieces import pieces
from jybf.roster.reading import short_names
from jybf.roster.reversed import without_reversed
from jybf.roster.table import Table
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD
from jybf.vocabulary.roles import STAGES

FORMS = ("csv", "parquet")
_MEMORY = r"[1-9][0-9]*(?:\.[0-9]+)?\s*[KMGT]i?B"


class _Parts(msgspec.Struct, frozen=True):
    """Canonical tables on disk: their ``paths`` in order, how many ``rows``, the sheets, notices, and what rows apply for."""

    paths: tuple[Path, ...]
    rows: int
    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...]
    meant: pl.DataFrame

    def rows_of(self, number: int) -> pl.DataFrame:
        """The canonical rows of a part, in their order."""
        whole = pl.concat([pl.scan_parquet(path) for path in self.paths], how="diagonal")
        return whole.slice(number * ROWS, ROWS).collect()


def calc_larger(request: Request, way: Way) -> None:
    """As calc, by DuckDB on disk. Raises UsageError for what can't be done part by part, InputError, OutputError."""
    _check(request, way)
    with TemporaryDirectory(prefix="jybf-", dir=way.target.parent if way.target else None) as folder:
        with listening(quiet=way.quiet) as voice:
            run = _opened(request, Path(folder), voice.say, voice.doing)
        summaries: list[Summary] = []
        whole = Report("calc", pl.DataFrame(), Summary(0, {}), run.provenance)
        deliver(
            way,
            lambda _: None,
            lambda out: _write(run, way, out, summaries),
            lambda: sum_up(replace(whole, summary=added(summaries, run.parts.sheets)), whole=way.whole),
        )


def _check(request: Request, way: Way) -> None:
    faults = [
        (way.form not in FORMS, f"--engine duckdb 写不了 {way.form}", "加上 -f csv，或 -o 结果.parquet"),
        (request.carried, "--engine duckdb 不能带花名册自己的列", "去掉 --columns all"),
        (bool(request.ledger), "--engine duckdb 不能读账本", "要与账本比的，不加 --engine duckdb"),
        (not re.fullmatch(_MEMORY, request.memory, re.IGNORECASE), f"“{request.memory}”不是内存的大小", "写成 --memory 4GB"),
    ]
    if found := [Problem(what, "", hint) for wrong, what, hint in faults if wrong]:
        raise UsageError(*found)


class _Run(msgspec.Struct, frozen=True):
    pack: Pack
    parts: _Parts
    history: Roster | None
    spilled: Spilled
    request: Request
    provenance: dict[str, str]


def _opened(request: Request, folder: Path, say: Say, progress: Doing) -> _Run:
    pack, provenance = stated_pack(request, say)
    active = wanted_of(pack, request.programs, force=True) if request.force else paying(pack)
    keep = needed(pack, active, past=bool(request.history))
    parts = _read(request, request.files, folder / "rows", progress, keep=keep)
    past = _netted(_read(request, request.history, folder / "past", progress)) if request.history else None
    for notice in dict.fromkeys((*parts.notices, *(past.notices if past else ()))):
        say(notice)
    meant = parts.meant if CELL in parts.meant.columns else parts.meant.with_columns(pl.lit(None, pl.String).alias(CELL))
    named = candidates(Roster(meant, no_problems(), parts.sheets), pack, request.programs, force=request.force)
    progress(f"逐行测算 {counted(parts.rows)}", 0)
    disk = Disk(folder, request.memory)
    spilled = judge(
        parts.paths, past.paths if past else (), pack, disk,
        programs=request.programs, force=request.force, as_of=request.as_of, named=meant.hstack(named),
    )  # fmt: skip
    history = _history(past) if past else None
    if history and spilled.past is not None and (lost := len(unmatched(history, spilled.past, pack))):
        say(f"历史发放有 {lost} 行认不出项目或人，没有比对；不加 --engine duckdb 时逐行说明")
    told = {"输入": files_of(parts.sheets)} | ({"历史": files_of(past.sheets)} if past else {})
    told |= {"设置": left_open(pack, spilled.programs, request.settings)}
    order = ("程序", "规则包", "输入", "历史", "项目", "都按", "工作表", "列名", "基准日", "规定截至", "设定", "设置")
    whole = provenance | told
    return _Run(pack, parts, history, spilled, request, {key: whole[key] for key in order if whole.get(key)})


def _read(request: Request, paths: Sequence[str], folder: Path, progress: Doing, *, keep: Collection[str] | None = None) -> _Parts:
    """The files as canonical tables in ``folder``, piece by piece, of a roster the columns ``keep``, of a history all.

    Raises InputError with the problems of all files.
    """
    folder.mkdir()
    options = Options(request.sheet, request.encoding, column_map(request), keep is None)
    found, sheets, notices, meant = list[Path](), dict[int, Sheet](), dict[str, None](), list[pl.DataFrame]()
    problems: list[Problem] = []
    rows = 0
    for path in paths:
        progress(f"读取 {path}{sized(path)}", 0)
        try:
            for piece in pieces(path, options, load_fields(), len(sheets)):
                whole = canonical(piece.tables, rows)
                frame = whole if keep is None else whole.select(name for name in whole.columns if name in keep)
                found.append(folder / f"{len(found):06}.parquet")
                frame.write_parquet(found[-1], compression="lz4", statistics=False)
                rows += frame.height
                notices |= dict.fromkeys(piece.notices)
                _add(sheets, piece.tables)
                meant.append(frame.select(SHEET, *([CELL] if CELL in frame.columns else [])).unique())
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    cells = pl.concat(meant, how="diagonal").unique(maintain_order=True)
    return _Parts(tuple(found), rows, short_names([*sheets.values()]), tuple(notices), cells)


def _add(sheets: dict[int, Sheet], tables: Sequence[Table]) -> None:
    """A later piece of a sheet adds its rows to it."""
    for table in tables:
        own = table.sheet
        if known := sheets.get(own.index):
            counts = {kind: known.lines.get(kind, 0) + own.lines.get(kind, 0) for kind in {**known.lines, **own.lines}}
            sheets[own.index] = replace(known, lines=counts)
        else:
            sheets[own.index] = own


def _history(past: _Parts) -> Roster:
    frame = _whole(past)
    return Roster(values_of(frame), problems_of(frame, "历史"), past.sheets)


def _whole(past: _Parts) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(path) for path in past.paths], how="diagonal")


def _netted(past: _Parts) -> _Parts:
    """``past`` without what was taken back in full, as one table."""
    history = _history(past)
    left = without_reversed(history)
    if left is history:
        return past
    changed = [name for name in left.rows.columns if name in STAGES or name.removesuffix(bad("")) in STAGES]
    path = past.paths[0].with_name("netted.parquet")
    _whole(past).with_columns(left.rows.select(changed)).write_parquet(path)
    return replace(past, paths=(path,), notices=(*past.notices, *left.notices))


def _write(run: _Run, way: Way, out: BinaryIO, summaries: list[Summary]) -> None:
    """The verdicts part by part, as the format writes them at once."""
    reports = _reports(run, summaries)
    if way.form == "csv":
        for number, report in enumerate(reports):
            text = BytesIO()
            writer("csv")(report, text, mask=way.mask)
            whole = text.getvalue()
            out.write(whole if not number else whole[whole.index(b"\n") + 1 :])
        return
    with TemporaryDirectory(dir=run.spilled.folder) as name:
        paths: list[Path] = []
        for number, report in enumerate(reports):
            paths.append(Path(name, f"{number:06}.parquet"))
            with paths[-1].open("wb") as part:
                writer("parquet")(report, part, mask=way.mask)
        pl.scan_parquet(paths).sink_parquet(Path(name, "whole"), maintain_order=True)
        out.write(Path(name, "whole").read_bytes())


def _reports(run: _Run, summaries: list[Summary]) -> Iterator[Report]:
    for number in range(-(-run.parts.rows // ROWS)):
        roster, result = _part(run, number)
        own = pl.int_range(min(ROWS, run.parts.rows - number * ROWS), eager=True)
        request = run.request
        facts = know(roster.rows, run.pack)
        verdicts = verdicts_of(result, facts, run.pack, request.as_of, request.programs, force=request.force)
        verdicts = replace(verdicts, history=run.history, past=run.spilled.past)
        summaries.append(summarise(verdicts, roster, missing(verdicts), own))
        yield Report("calc", describe(verdicts, roster), summaries[-1], run.provenance)


def _part(run: _Run, number: int) -> tuple[Roster, pl.DataFrame]:
    """The rows of a part, numbered from 0, and behind them those of others that verdicts on them name; and these verdicts."""
    frame, first = run.parts.rows_of(number), number * ROWS
    result = run.spilled.part(number)
    if result.is_empty():  # every row ends somewhere: nothing names a programme for any of these
        told = {ROW: pl.col(ROW), "结果": 2, "不符": 0, "缺": 0, "推定": 0, "缘由": 0}
        result = frame.select(
            pl.lit(told.get(name)).cast(pl.Int64).alias(name) if name != ROW else ROW
            for name in (*OUTPUT, THEIR_SHEET, THEIR_LINE)
        )
    there = (pl.col("先") >= 0) & ~pl.col("先").is_between(first, first + frame.height - 1)
    theirs = result.filter(there).select("先", THEIR_SHEET, THEIR_LINE).unique("先").sort("先")
    at: Mapping[int, int] = {row: frame.height + n for n, row in enumerate(theirs["先"].to_list())}
    moved = pl.when(pl.col("先") < 0).then("先").when(there).then(pl.col("先").replace(at)).otherwise(pl.col("先") - first)
    result = result.with_columns(pl.col(ROW) - first, moved.alias("先")).drop(THEIR_SHEET, THEIR_LINE)
    keys = run.spilled.keys(number)
    if keys is not None:
        tied = {name: keys[name] for name in (HOUSEHOLD, EMPLOYER) if name in frame.columns or keys[name].count()}
        frame = frame.with_columns(**tied)
    problems = problems_of(frame, "规范表")
    others = theirs.select(pl.col(THEIR_SHEET).alias(SHEET), pl.col(THEIR_LINE).alias(LINE))
    rows = pl.concat([values_of(frame), others], how="diagonal") if others.height else values_of(frame)
    marks = [name for name in rows.columns if name.endswith("_误")]
    rows = rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW), pl.col(marks).fill_null(value=False))
    return Roster(rows, problems, run.parts.sheets), result
