"""Which lines of a text table are at fault, and why. Slow and thorough: only asked when something is known to be wrong."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import polars as pl

from jybf.errors import Problem
from jybf.roster.delimited.encoding import enumerated

_CORRECT = "改正后再试，或另存为 xlsx"
_NOT_UTF8, _NUL = "的文字不是 UTF-8，与其他各行编码不同", "有空字节（NUL），文件可能已损坏"
_QUOTES, _BARE = "的引号不成对", "的字段中间有引号"
LONGEST_CELL = 32_767  # characters, as in Excel
_LONG = f"有一格超过 {LONGEST_CELL} 字，不像花名册"
_HINTS = {_NOT_UTF8: "用 --encoding 写明编码，或另存为 xlsx"}
_COMMA = "可能有未加引号的逗号（如金额 1,500），改正后再试"
_FEW = 2  # fields of a title or signature row
_OTHER_SEPARATOR = "[，,;|\t]"
_MOST = 20  # faulty quotes that are looked for: each may swallow much of the file


def faults(text: bytes, separator: str, widths: tuple[int, int], file: str) -> list[Problem]:
    """What is wrong with the lines of ``text``, each kind of fault one Problem.

    ``widths``: that of a usual record, and that of the widest which can be read.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(text.split(b"\n"), 1):
        if b"\0" in line:
            found[_NUL].append(number)
        elif not _is_utf8(line):
            found[_NOT_UTF8].append(number)
    if not found:
        _find_faulty_records(text.decode(), separator, widths, found)
    return [
        Problem(
            f"第 {enumerated(lines)} 行{fault}",
            where=file,
            hint=_HINTS.get(fault, _COMMA if "其他行只有" in fault else _CORRECT),
        )
        for fault, lines in found.items()
    ]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _find_faulty_records(text: str, separator: str, widths: tuple[int, int], found: dict[str, list[int]]) -> None:
    usual, widest = widths
    short: dict[str, list[int]] = defaultdict(list)  # no fault alone
    quoted = re.compile(rf'(^|[{re.escape(separator)}]=?)"(?:[^"]|"")*"(?=[{re.escape(separator)}\r]|$)')
    lines = text.split("\n")
    for number, (start, end, fields) in enumerate(_records(lines, separator), 1):
        if fields is None:
            found[_LONG if len(lines[start]) > LONGEST_CELL else _QUOTES].append(number)
        elif len(fields) > widest or any(fields[usual:]):
            found[_too_long(len(fields), usual)].append(number)
        elif '"' in lines[start] and '"' in quoted.sub(r"\1", "\n".join(lines[start:end])):
            found[_QUOTES if lines[start].count('"') % 2 else _BARE].append(number)
        elif len(fields) < usual and sum(map(bool, fields)) > _FEW:
            short[f"只有 {len(fields)} 列，其他行有 {usual} 列"].append(number)
    found |= short if found else {}


def _too_long(width: int, usual: int) -> str:
    return f"有 {width} 列，其他行只有 {usual} 列"


def _records(lines: Sequence[str], separator: str) -> Iterator[tuple[int, int, list[str] | None]]:
    """First line, end line and fields of each record; None for one whose quotes don't close: it ends with its line."""
    start, failures = 0, 0
    while start < len(lines) and failures < _MOST:
        reader = csv.reader((f"{line}\n" for line in islice(lines, start, None)), delimiter=separator, strict=True)
        base = start
        try:
            for fields in reader:
                yield start, base + reader.line_num, fields
                start = base + reader.line_num
        except csv.Error:
            failures += 1
            yield start, start + 1, None
            start += 1


def misread(cells: pl.DataFrame, separator: str, file: str) -> tuple[bool, list[Problem]]:
    """Look at the records that go over several lines: whether their quotes are doubtful, and those that swallowed others."""
    texts = [pl.col(name) for name in cells.columns]
    long = cells.with_row_index("n", 1).filter(pl.any_horizontal(text.str.contains("\n", literal=True) for text in texts))
    doubtful = long.select(pl.any_horizontal(text.str.contains('"', literal=True) for text in texts).any()).item()
    # A quote that is closed lines below holds whole records: at least as many separators a line as a record has.
    inside = [text.str.count_matches(separator, literal=True) for text in texts]
    newlines = [text.str.count_matches("\n", literal=True) for text in texts]
    whole = [(n > 0) & (i >= n * (cells.width - 1)) for i, n in zip(inside, newlines, strict=True)]
    rows = long.filter(pl.any_horizontal(whole) & (cells.width > 2))["n"].to_list()
    said = [Problem(f"第 {enumerated(rows)} 行的引号里夹着好几行，引号可能多了或少了", where=file, hint=_CORRECT)]
    return bool(doubtful), said if rows else []


def with_zero_bytes(cells: pl.DataFrame, file: str) -> list[Problem]:
    """The rows with a NUL in a cell."""
    rows = _rows_where(cells, pl.all().str.contains("\0", literal=True))
    return [Problem(f"第 {enumerated(rows)} 行{_NUL}", where=file, hint=_CORRECT)] if rows else []


def _rows_where(cells: pl.DataFrame, wrong: pl.Expr) -> list[int]:
    """The rows, from 1, with a cell of which ``wrong`` (of all columns) is TRUE."""
    return (cells.select(pl.any_horizontal(wrong)).to_series().arg_true() + 1).to_list()


def overlong(cells: pl.DataFrame, file: str) -> list[Problem]:
    """The rows with a cell of more than LONGEST_CELL characters."""
    rows = _rows_where(cells, pl.all().str.len_chars() > LONGEST_CELL)
    return [Problem(f"第 {enumerated(rows)} 行{_LONG}", where=file, hint=_CORRECT)] if rows else []


def beyond(cells: pl.DataFrame, usual: int, file: str) -> list[Problem]:
    """The rows with something in a field beyond the usual number of them."""
    if usual >= cells.width:
        return []
    more = cells.select(pl.nth(range(usual, cells.width)) != "").fill_null(value=False)
    rows = more.select(pl.any_horizontal(pl.all())).to_series().arg_true().to_list()
    wide = _too_long(cells.width, usual)
    return [Problem(f"第 {enumerated([n + 1 for n in rows])} 行{wide}", where=file, hint=_COMMA)] if rows else []


def widths(text: bytes, separator: str) -> Iterable[int]:
    """The number of fields of each record of sound text."""
    if b'"' not in text:
        one = separator.encode()
        return (line.count(one) + 1 for line in text.split(b"\n"))
    return (len(record) for record in csv.reader(text.decode().split("\n"), delimiter=separator))


def short_rows(of_records: Iterable[int], cells: pl.DataFrame, usual: int) -> tuple[list[int], list[int]]:
    """Rows (from 0) with data that end early, and those that end early because another separator is in them.

    A title or a signature of one or two fields is neither.
    """
    early = [row for row, width in enumerate(islice(of_records, cells.height)) if width < usual]
    rows = cells[early].with_columns(n=pl.Series(early, dtype=pl.UInt32))
    texts = [pl.col(name) for name in cells.columns]
    several = pl.sum_horizontal((text != "").fill_null(value=False) for text in texts) > _FEW
    alien = pl.any_horizontal(_holds_a_record(text, usual) for text in texts) & ~several
    return rows.filter(several)["n"].to_list(), rows.filter(alien)["n"].to_list()


def _holds_a_record(text: pl.Expr, width: int) -> pl.Expr:
    """Whether a cell is a person's row with other separators, and not a sentence with commas."""
    others = text.str.count_matches(_OTHER_SEPARATOR)
    numbered = text.str.contains(rf"^\s*[0-9]+\s*{_OTHER_SEPARATOR}") & (others == width - 1)
    return ((others > _FEW) & text.str.contains("[0-9]{15,17}[0-9Xx]")) | numbered
