"""Text with separators (CSV, TSV) → a Grid. One record is one Excel row; blank lines stay rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING

import polars as pl

from jybf.errors import InputError, Problem
from jybf.roster.grid import Grid, tidied

if TYPE_CHECKING:
    from jybf.roster.source import Source

_HEAD = 64 * 1024
_SNIFFED = 100  # records looked at for the separator and the width
_WIDEST = 702
_TYPED_BY_HAND = 4 * 1024 * 1024
_FEW = 2  # fields of a title or signature row
_LONGEST_LINE = 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONE_CR = re.compile(rb"\r[^\n]")
_PROOF_OF_UTF8 = 8  # so many characters in a row are no accident of another encoding
_ASK = "用 --encoding 写明编码，如 --encoding gb18030，或另存为 xlsx"


def read_delimited(source: Source, encoding: str | None) -> tuple[list[Grid], list[str]]:
    """The one table of a text file, and a notice of the encoding if it isn't UTF-8. InputError names the line."""
    text, used = _as_utf8(source, encoding)
    text = _one_newline(text.removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF8))
    notices = [] if used == "utf-8" else [f"{source.file}：按 {used} 编码读取"]
    skipped, text = _without_sep_line(text)
    cells = _parse(text, *_sniff(text, source.file), source.file)
    notices += _about_short_rows(text, cells.width, source.file)
    if skipped:
        cells = pl.concat([pl.DataFrame({n: [None] for n in cells.columns}, schema=cells.schema), cells])
    return [Grid(source.file, "", source.sha256, tidied(cells))], notices


def _about_short_rows(text: bytes, width: int, file: str) -> list[str]:
    """A notice of rows with data that end early."""
    # Polars can't tell a missing field from a blank one; Python's reader can, but would take seconds for a large file.
    if len(text) > _TYPED_BY_HAND:
        return []
    separator, _ = _sniff(text, file)
    records = csv.reader(io.StringIO(text.decode(), newline=""), delimiter=separator)
    short = [str(n) for n, r in enumerate(records, 1) if len(r) < width and sum(map(bool, r)) > _FEW]
    return [f"{file}：第 {'、'.join(short[:9])} 行的列比表头少，缺的按空白处理"] if short else []


def _as_utf8(source: Source, encoding: str | None) -> tuple[bytes, str]:
    data = source.data
    by_bom = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding or by_bom:
        return _decoded(source, encoding or by_bom or "", bool(encoding)), (encoding or by_bom or "").lower()
    if _starts_as_utf8(data):
        return data, "utf-8"  # Polars checks the rest, so that 150 MB aren't decoded twice
    try:
        return _decoded(source, "gb18030", True), "gb18030"
    except InputError:
        raise InputError(Problem("认不出文字编码，不是 UTF-8 也不是 GB18030", where=source.file, hint=_ASK)) from None


def _decoded(source: Source, encoding: str, asked: bool) -> bytes:
    try:
        return source.data.decode(encoding).encode()
    except LookupError:
        raise InputError(Problem(f"没有叫“{encoding}”的编码", where=source.file, hint=_ASK)) from None
    except UnicodeError:
        reason = f"不能按 {encoding} 读出文字" if asked else "文字编码已损坏"
        raise InputError(Problem(reason, where=source.file, hint=_ASK)) from None


def _starts_as_utf8(data: bytes) -> bool:
    """Whether the file is UTF-8 as far as its beginning tells; a later line that isn't is then a fault of that line."""
    head = data[:_HEAD] if not data[:_HEAD].isascii() else data
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, len(head) == len(data))
    except UnicodeDecodeError as e:
        return sum(ord(c) > 127 for c in head[: e.start].decode()) >= _PROOF_OF_UTF8
    return True


def _one_newline(text: bytes) -> bytes:
    """Old Mac and mixed line ends would merge rows: make them one kind, where there are any."""
    lone = b"\r" in text and _LONE_CR.search(text)
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if lone else text


def _without_sep_line(text: bytes) -> tuple[bool, bytes]:
    found = re.match(rb'"?sep=(.)"?\r?\n', text, re.IGNORECASE)
    return bool(found), text[found.end() :] if found else text


def _sniff(text: bytes, file: str) -> tuple[str, int]:
    """The separator and the number of columns, from the first records."""
    head = text[:_LONGEST_LINE].decode("utf-8", errors="ignore")
    widths = {separator: _width(head, separator) for separator in ",\t;"}
    separator = "," if widths[","] > 1 else max(widths, key=lambda s: widths[s])
    if widths[separator] == 1 and "，" in head:
        raise InputError(Problem("各列之间是中文逗号“，”", where=file, hint="把“，”换成“,”，或另存为 xlsx"))
    if widths[separator] > _WIDEST or (len(text) > _LONGEST_LINE and b"\n" not in text[:_LONGEST_LINE]):
        raise InputError(Problem(f"一行有 {widths[separator]} 列，不像花名册", where=file, hint="检查分隔符"))
    return separator, widths[separator]


def _width(head: str, separator: str) -> int:
    try:
        records = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
        return max((len(record) for _, record in zip(range(_SNIFFED), records, strict=False)), default=1) or 1
    except csv.Error:  # a field beyond csv's limit
        return 1


def _parse(text: bytes, separator: str, width: int, file: str) -> pl.DataFrame:
    schema = {str(c): pl.String() for c in range(width)}
    scan = pl.scan_csv(text, has_header=False, schema=schema, separator=separator, infer_schema=False, missing_columns="insert")
    try:
        return scan.collect()
    except pl.exceptions.PolarsError as e:
        raise InputError(_diagnosis(text, separator, width, file) or Problem(f"分隔文本读不了：{e}", where=file)) from None


def _diagnosis(text: bytes, separator: str, width: int, file: str) -> Problem | None:
    """Why Polars refused, with the line: it names none."""
    for number, line in enumerate(text.split(b"\n"), 1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return Problem(f"第 {number} 行的文字不是 UTF-8，与前面各行编码不同", where=file, hint=_ASK)
    for number, row in enumerate(text.decode().split("\n"), 1):
        if row.count('"') % 2:
            return Problem(f"第 {number} 行的引号不成对", where=file, hint="改正该行，或另存为 xlsx")
        fields = sum(len(record) for record in csv.reader([row], delimiter=separator))
        if fields > width:
            hint = "该行可能有未加引号的逗号（如金额 1,500），改正后再试"
            return Problem(f"第 {number} 行有 {fields} 列，表头只有 {width} 列", where=file, hint=hint)
        if re.search(r'[^,\t;]"[^,\t;"\r]', row):
            return Problem(f"第 {number} 行的字段中间有引号", where=file, hint="改正该行，或另存为 xlsx")
    return None
