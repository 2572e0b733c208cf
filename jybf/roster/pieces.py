"""A text or Parquet file larger than memory, read in pieces: each as the whole would be, or the file is refused.

What the columns are is told by the first piece. A piece that would tell otherwise, and a row that is no row of data (a
total, a signature, another header), is refused: such files are read whole.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import ROW, SHEET, Sheet
from jybf.roster.canonical import read_canonical
from jybf.roster.delimited.encoding import as_utf8
from jybf.roster.files import Options, read_file
from jybf.roster.flat import flat
from jybf.roster.grid import Grid
from jybf.roster.header import Header, find_header
from jybf.roster.mapping import mapped_header
from jybf.roster.rows import BLANK, DATA
from jybf.roster.source import Source
from jybf.roster.table import Table, read_table
from jybf.roster.unfold import unfolded
from jybf.visible import sentence
from jybf.vocabulary.fields import Fields

_WHOLE = 32 * 1024 * 1024  # bytes; a smaller file is read at once
_BLOCK = 96 * 1024 * 1024
_ROWS = 300_000
_HEAD = 64 * 1024
_HINT = "不加 --engine duckdb 整个读，或拆成几个文件"


class Piece(msgspec.Struct, frozen=True):
    """Tables of the sheets of one file, or of a part of its only one; and notices."""

    tables: tuple[Table, ...]
    notices: tuple[str, ...]


class _Known(msgspec.Struct, frozen=True):
    """What the first piece has told: the header, what its columns are, and how many rows stand above the data."""

    header: Header
    sheet: Sheet
    above: int


def pieces(path: str, options: Options, fields: Fields, index: int) -> Iterator[Piece]:
    """The file in pieces, its sheets numbered from ``index``. Raises InputError."""
    form = _form(path)
    if form == "whole":
        file = read_file(path, options, fields, index)
        if file.problems:
            raise InputError(*file.problems)
        yield Piece(tuple(page.table for page in file.pages if page.table), file.notices)
        return
    file, digest = sentence(path), _digest(path)
    if form == "canonical":
        yield from _canonical(_slices(path), file, digest, index)
        return
    parts = _texts(path, options) if form == "text" else ((frame, None) for frame in _slices(path))
    yield from _read(parts, Source(file, b"", digest, "text"), options, fields, index)


def _form(path: str) -> str:
    """How the file is to be read: ``whole``, or in pieces of ``text``, ``parquet`` or a ``canonical`` table."""
    if path == "-" or not Path(path).is_file() or Path(path).stat().st_size < _WHOLE:
        return "whole"
    with Path(path).open("rb") as file:
        head = file.read(4)
    if head == b"PAR1":
        names = pl.scan_parquet(path).collect_schema().names()
        return "canonical" if "_表列" in names else "parquet"
    return "whole" if head[:2] in (b"PK", b"\xd0\xcf") else "text"


def _digest(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _slices(path: str) -> Iterator[pl.DataFrame]:
    scan = pl.scan_parquet(path)
    rows = int(scan.select(pl.len()).collect().item())
    yield from (scan.slice(first, _ROWS).collect() for first in range(0, rows, _ROWS))


def _canonical(slices: Iterator[pl.DataFrame], file: str, digest: str, index: int) -> Iterator[Piece]:
    """The canonical rows in slices; a sheet keeps the number that the first of them gave it. Raises InputError."""
    numbers, until = dict[int, int](), -1
    for frame in slices:
        tables, notices = read_canonical(frame, file, digest)
        rows = frame.select(ROW, SHEET).sort(ROW)
        if rows[ROW][0] <= until:
            raise InputError(Problem("规范表的行不是按 _row 的次序，不能分批读", file, _HINT))
        until = rows[ROW][-1]
        own = [numbers.setdefault(sheet, index + len(numbers)) for sheet in rows[SHEET].unique(maintain_order=True)]
        told = (replace(table, sheet=replace(table.sheet, index=n)) for table, n in zip(tables, own, strict=True))
        yield Piece(tuple(told), notices)


def _texts(path: str, options: Options) -> Iterator[tuple[bytes, str | None]]:
    """The lines of the file in blocks that end with a record, and the encoding of all of them."""
    with Path(path).open("rb") as file:
        _, used = as_utf8(file.read(_HEAD * 16), sentence(path), options.encoding)
        if used not in ("utf-8", "gb18030"):
            raise InputError(Problem(f"编码是 {used} 的大文件不能分批读", sentence(path), f"另存为 UTF-8；或{_HINT}"))
        file.seek(0)
        while block := file.read(_BLOCK):
            yield b"".join((block, *_rest_of_record(block, file))), used


def _rest_of_record(block: bytes, file: BinaryIO) -> Iterator[bytes]:
    """What ``file`` has of the record in which ``block`` ends: up to a newline with an even number of quotes before it."""
    quotes, beyond = block.count(b'"'), 0
    ended = block.endswith(b"\n")
    while (not ended or quotes % 2) and (line := file.readline(_BLOCK)):
        yield line
        quotes, beyond, ended = quotes + line.count(b'"'), beyond + len(line), line.endswith(b"\n")
        if beyond >= _BLOCK:
            raise InputError(Problem("一行太长，或引号不成对", str(file.name), _HINT))


def _read(
    parts: Iterator[tuple[bytes | pl.DataFrame, str | None]], source: Source, options: Options, fields: Fields, index: int
) -> Iterator[Piece]:
    """``parts``: the lines of a text, the first of which are its header, and their encoding; or frames."""
    known, head, skipped, said = None, b"", 0, dict[str, None]()
    for part, encoding in parts:
        given = replace(source, data=head + part) if isinstance(part, bytes) else replace(source, frame=part)
        grid, notices = _grid(given, encoding, skipped, known)
        table, first = _table(grid, known, options, fields, index)
        new = [notice for notice in dict.fromkeys((*notices, *table.notices)) if notice not in said]
        if known is None:
            known = first
            head = _lines(part, known.above) if isinstance(part, bytes) else b""
        said |= dict.fromkeys(new)
        skipped += grid.cells.height - known.above
        yield Piece((table,), tuple(new))


def _lines(text: bytes, count: int) -> bytes:
    """The first ``count`` lines; of a long text its head has them all."""
    top = text[: _HEAD * 16].splitlines(keepends=True)
    return b"".join((top if len(top) > count else text.splitlines(keepends=True))[:count])


def _grid(source: Source, encoding: str | None, skipped: int, known: _Known | None) -> tuple[Grid, list[str]]:
    try:
        grid, notices = flat(source, encoding).read()
    except InputError as error:
        if known is None:
            raise
        since = f"{source.file}，下面的行号加 {skipped}"
        raise InputError(*(replace(problem, where=since) for problem in error.problems)) from None
    return replace(grid, skipped=skipped), notices


def _table(grid: Grid, known: _Known | None, options: Options, fields: Fields, index: int) -> tuple[Table, _Known]:
    if unfolded(grid, fields, paid=options.paid)[0][1]:
        raise InputError(Problem("这是带着花名册自己的列的测算结果，不能分批读", grid.where, _HINT))
    mapped = options.columns.find(grid.file, grid.name)
    header = mapped_header(mapped, grid, fields, options.columns.path) if mapped else find_header(grid, fields)
    if header is None or (known and header != known.header):
        raise InputError(Problem("没有找到表头" if header is None else "后面又有一个表头", grid.where, _HINT))
    table = read_table(grid, header, fields, index)
    others = sorted({*table.kinds.slice(header.last + 1).unique()} - {DATA, BLANK})
    if others:
        raise InputError(Problem(f"数据中间或末尾有{'、'.join(others)}行，不能分批读", grid.where, f"删去这些行；或{_HINT}"))
    if known and table.sheet.columns != known.sheet.columns:
        apart = "、".join(sorted({name for name, _ in set(table.sheet.columns.items()) ^ set(known.sheet.columns.items())}))
        raise InputError(Problem(f"前后认列不一样：{apart}", grid.where, "用 jybf inspect 看一看，再用 --map 指定"))
    if known:  # what stands above the data is counted once
        blank = int((table.kinds.slice(header.last + 1) == BLANK).sum())
        table = replace(table, sheet=replace(table.sheet, lines={DATA: table.rows.height, BLANK: blank}))
    return table, known or _Known(header, table.sheet, header.last + 1)
