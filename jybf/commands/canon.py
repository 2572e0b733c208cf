"""``jybf canon``: many files → one canonical table (:mod:`jybf.roster.canonical`) and a manifest of what went into it."""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf import __version__
from jybf.commands.deliver import listening
from jybf.commands.opening import check_map, check_sheet, column_map, shown_name
from jybf.commands.pace import counted, sized
from jybf.commands.request import Request, check_inputs
from jybf.errors import InputError, Problem, UsageError
from jybf.model import ROW, Sheet
from jybf.report.output import check_target, replacing
from jybf.report.progress import Doing
from jybf.roster.canonical import UNREAD, canonical, columns
from jybf.roster.cells import cell
from jybf.roster.files import Options, read_file
from jybf.roster.table import Table
from jybf.visible import say
from jybf.vocabulary.fields import load_fields

_SHOWN = 5  # cells of a file that a line names
_SUFFIX = ".parquet"


class _Part(msgspec.Struct, frozen=True):
    """One file as it stands in the table; ``entry``: in the manifest; ``told``: which of its cells can't be read."""

    path: Path
    entry: dict[str, Any]
    sheets: tuple[Sheet, ...]
    told: str


def canon(request: Request, output: str, *, paid: bool = False, quiet: bool = False) -> None:
    """Read the files of ``request`` one by one and write the table ``output`` and beside it ``output``.json, or neither.

    ``paid``: they say what was paid earlier. Raises UsageError, InputError with the problems of all files, OutputError.
    """
    check_inputs(request)
    if not output.lower().endswith(_SUFFIX):
        raise UsageError(Problem(f"规范表的后缀是 {_SUFFIX}", output or "-o", f"如 -o 规范表{_SUFFIX}"))
    target, manifest = (check_target(path, request.inputs) for path in (output, f"{output}.json"))
    with listening(quiet=quiet) as voice, TemporaryDirectory(dir=target.parent, prefix=".jybf.", suffix=".part") as folder:
        parts = _parts(request, Path(folder), voice.doing, paid=paid)
        rows = sum(part.entry["行数"] for part in parts)
        voice.doing(f"写 {output} {counted(rows)}", 0)
        with replacing(manifest) as beside, replacing(target) as out:
            digest = _joined([part.path for part in parts], out)
            beside.write(_manifest(parts, target.name, digest, rows))
        for part in parts:
            for notice in part.entry["提示"]:
                voice.say(notice)
            if part.told:
                voice.say(part.told)
    if not quiet:
        unread = sum(sum(part.entry["认不出"].values()) for part in parts)
        say(f"{len(parts)} 个文件，{rows} 行，{unread} 格认不出：每一格的原文和原因在 {UNREAD} 列", sys.stderr)
        say(f"已写入 {output}、{output}.json", sys.stderr)


def _parts(request: Request, folder: Path, progress: Doing, *, paid: bool) -> list[_Part]:
    """Each file as a table of its own in ``folder``. Raises InputError with the problems of all of them."""
    columns_ = column_map(request)
    options = Options(request.sheet, request.encoding, columns_, paid)
    check_map(request, columns_, [(shown_name(path), None) for path in request.files])
    names = _short([shown_name(path) for path in request.files])
    parts: list[_Part] = []
    problems: list[Problem] = []
    first = sheets = 0
    for number, path in enumerate(request.files):
        progress(f"读取 {shown_name(path)}{sized(path)}（{number + 1}/{len(request.files)}）")
        try:
            part = _part(path, names, options, (first, sheets), folder / f"{number:06}{_SUFFIX}")
        except InputError as error:
            problems += error.problems
            continue
        parts.append(part)
        first, sheets = first + part.entry["行数"], sheets + len(part.sheets)
    if problems:
        raise InputError(*problems)
    check_sheet(request, (sheet.file for part in parts for sheet in part.sheets if not sheet.name))
    check_map(request, columns_, [(sheet.file, sheet.name) for part in parts for sheet in part.sheets])
    return parts


def _short(names: Sequence[str]) -> dict[str, str]:
    """A file goes by its name, and by its path where two have the same name."""
    count = Counter(Path(name).name for name in names)
    return {name: Path(name).name if count[Path(name).name] == 1 else name for name in names}


def _part(path: str, names: dict[str, str], options: Options, first: tuple[int, int], target: Path) -> _Part:
    file = read_file(path, options, load_fields(), first[1])
    if file.problems:
        raise InputError(*file.problems)
    tables = [page.table for page in file.pages if page.table]
    short = [replace(t, sheet=replace(t.sheet, file=names.get(t.sheet.file, t.sheet.file))) for t in tables]
    frame = canonical(short, first[0], file.notices)
    frame.write_parquet(target)
    unread = Counter(name for table in tables for name in table.problems["字段"].to_list())
    name = names.get(file.source.file, file.source.file)
    entry: dict[str, Any] = {
        "文件": name, "SHA-256": file.source.sha256, "字节": file.size, "行数": frame.height, "首行": first[0],
        "工作表": [{"名称": table.sheet.name, "行数": table.rows.height} for table in tables],
        "认不出": dict(sorted(unread.items())), "提示": list(file.notices),
    }  # fmt: skip
    return _Part(target, entry, tuple(table.sheet for table in tables), _about(name, tables))


def _about(name: str, tables: Sequence[Table]) -> str:
    """Which cells of a file can't be read."""
    found = list(_unread(tables))
    more = f" 等 {len(found)} 格" if len(found) > _SHOWN else ""
    return f"{name}：认不出 {'、'.join(found[:_SHOWN])}{more}" if found else ""


def _unread(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        lines = table.rows["行号"]
        for row, field, text in table.problems.select(ROW, "字段", "原文").iter_rows():
            where = cell(table.sheet, field, lines[row]) or f"第 {lines[row]} 行“{field}”"
            yield f"{where}“{(text or '')[:20]}”"


def _joined(parts: Sequence[Path], out: BinaryIO) -> str:
    """The ``parts`` as one table, their columns in the order of the table, and its SHA-256."""
    scans = [pl.scan_parquet(part) for part in parts]
    there = {name for scan in scans for name in scan.collect_schema().names()}
    order = [name for name in columns() if name in there]
    whole = pl.concat(scans, how="diagonal").select(order)
    marks = [name for name in order if name.endswith("_误")]
    path = Path(out.name)
    whole.with_columns(pl.col(marks).fill_null(value=False)).sink_parquet(path, maintain_order=True)
    with path.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def _manifest(parts: Sequence[_Part], name: str, digest: str, rows: int) -> bytes:
    """What went into the table, file by file, and what came out: the same inputs give the same bytes."""
    told = {
        "schema": 1, "kind": "canon", "程序": f"jybf {__version__}", "表": name, "SHA-256": digest, "行数": rows,
        "文件": [part.entry for part in parts],
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"
