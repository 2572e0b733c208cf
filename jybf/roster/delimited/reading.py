"""Text with separators (CSV, TSV) → a Grid. One record is one Excel row; blank lines stay rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

import msgspec
import polars as pl

from jybf.errors import InputError, Problem
from jybf.roster.delimited.encoding import as_utf8, enumerated
from jybf.roster.delimited.faults import LONGEST_CELL, beyond, faults, misread, overlong, short_rows, widths
from jybf.roster.disk import OnDisk
from jybf.roster.grid import Grid
from jybf.roster.source import Source

_SEPARATORS = ",\t;|"
_NAMES = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
_SNIFFED = 100  # records looked at for the separator and the width
_WIDEST = 702
_LONGEST_LINE = 1024 * 1024
_LARGE = 256 * 1024 * 1024  # bytes; a file from which they are not held beside the cells that are read of them
# Excel takes the line for a word to itself: its row 1 is the next one.
_ABOUT_SEP = "{}：首行 sep= 是写给 Excel 的，Excel 里看不到，不算一行：行号从下一行算起，与文本编辑器的差一行"


class _Shape(NamedTuple):
    """``widths`` of the first records, in fields; 0 is a blank line."""

    separator: str
    widths: tuple[int, ...]

    @property
    def width(self) -> int:
        return max(self.widths, default=1) or 1

    @property
    def usual(self) -> int:
        """As wide as most records, and as the header, which stands above the first of them."""
        several = Counter(width for width in self.widths if width > 1).most_common(1)
        return max(self.widths[: self.widths.index(several[0][0]) + 1]) if several else self.width

    @property
    def lacking(self) -> int:
        return sum(self.width - max(width, 1) for width in self.widths)


class Text(msgspec.Struct, frozen=True):
    """A text that was looked at and is ready to be read. ``lines``: how many it has, where quotes may go over several.

    ``where``: its bytes, or the file that they are in as they stand: those of a large one need not be held beside its cells.
    """

    file: str
    sha256: str
    where: bytes | OnDisk
    shape: _Shape
    used: str  # encoding
    stated: bool  # whether its first line says what separates
    lines: int | None
    zero: bool  # whether any byte is none
    long: bool  # whether a line may be too long

    def whole(self) -> bytes:
        """All of it. Raises InputError if it is not what it was."""
        return self.where if isinstance(self.where, bytes) else self.where.whole()

    def separators(self) -> int:
        """How many there are. Raises as :meth:`whole`."""
        one = self.shape.separator.encode()
        return self.where.count(one) if isinstance(self.where, bytes) else sum(part.count(one) for part in self.where.parts())

    def read(self) -> tuple[Grid, list[str]]:
        """Its one table as it stands, and notices of its encoding and its short rows. InputError names all faulty lines."""
        cells = _parse(self)
        notices = [] if self.used == "utf-8" else [f"{self.file}：按 {self.used} 编码读取"]
        notices += [_ABOUT_SEP.format(self.file)] if self.stated else []
        notices += _check(self, cells)
        form = f"{self.used}，{_NAMES.get(self.shape.separator, self.shape.separator)}分隔"
        return Grid(self.file, "", self.sha256, cells, form=form), notices


def look_at(source: Source, encoding: str | None) -> Text:
    """What kind of text ``source`` is. Raises InputError."""
    file = source.file
    text, used = as_utf8(source.data, file, encoding)
    text = _one_newline(text)
    stated = re.match(rb'"?sep=([,;|:^~\t])"?\r?\n', text, re.IGNORECASE)
    body = text[stated.end() :] if stated else text
    if not body:
        raise InputError(Problem("文件是空的", where=file, hint="检查导出是否完成"))
    shape = _sniff(body, stated[1].decode() if stated else _SEPARATORS, file)
    where = source.disk if source.disk and body is source.data and len(body) >= _LARGE else body
    lines = body.count(b"\n") + (not body.endswith(b"\n")) if b'"' in body else None
    return Text(file, source.sha256, where, shape, used, bool(stated), lines, zero=b"\0" in body, long=_has_long_line(body))


def _one_newline(text: bytes) -> bytes:
    """Old Mac and mixed line ends would merge rows: make them one kind, where there are any."""
    lone = b"\r" in text and text.count(b"\r") != text.count(b"\r\n")
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if lone else text


def _sniff(text: bytes, separators: str, file: str) -> _Shape:
    """The separator that most of the first records agree on, and how wide they are."""
    if len(text) > _LONGEST_LINE and b"\n" not in text[:_LONGEST_LINE]:
        raise InputError(Problem("第 1 行超过 1 MB，不像花名册", where=file, hint="检查换行和分隔符"))
    head = text[:_LONGEST_LINE].decode("utf-8", errors="ignore")
    shape = max((_Shape(s, _first_widths(head, s)) for s in separators), key=_agreement)
    if shape.width == 1 and "，" in head:
        raise InputError(Problem("各列之间是中文逗号“，”", where=file, hint="把“，”换成“,”，或另存为 xlsx"))
    if shape.width > _WIDEST:
        raise InputError(Problem(f"一行有 {shape.width} 列，不像花名册", where=file, hint="检查分隔符"))
    return shape


def _first_widths(head: str, separator: str) -> tuple[int, ...]:
    found: list[int] = []
    with suppress(csv.Error):  # a field beyond csv's limit
        found += map(len, islice(csv.reader(io.StringIO(head, newline=""), delimiter=separator), _SNIFFED))
    return tuple(found)


def _agreement(shape: _Shape) -> int:
    """The cells of the records that have the commonest width above one."""
    several = [width for width in shape.widths if width > 1]
    return max((several.count(width) * width for width in set(several)), default=0)


def _parse(text: Text) -> pl.DataFrame:
    schema = {str(c): pl.String() for c in range(text.shape.width)}
    where = text.where if isinstance(text.where, bytes) else text.where.path
    scan = pl.scan_csv(
        where, has_header=False, schema=schema, separator=text.shape.separator, infer_schema=False, missing_columns="insert",
        glob=False,
    )  # fmt: skip
    try:
        cells = scan.collect()
    except (pl.exceptions.PolarsError, OSError) as e:
        found = faults(text.whole(), text.shape.separator, (text.shape.usual, text.shape.width), text.file)
        raise InputError(*found or [Problem(f"分隔文本读不了：{e}", where=text.file)]) from None
    if isinstance(text.where, OnDisk):
        text.where.check()
    return cells


def _check(text: Text, cells: pl.DataFrame) -> list[str]:
    """Refuse what was read otherwise than it was meant; notices of what is only odd. Counts tell whether to look closer."""
    shape, file = text.shape, text.file
    problems: list[Problem] = []
    over_lines = text.lines is not None and text.lines != cells.height
    doubtful = text.zero
    if over_lines:
        unclear, problems = misread(cells, shape.separator, file)
        doubtful |= unclear
    if doubtful:
        problems += faults(text.whole(), shape.separator, (shape.usual, shape.width), file)
    if over_lines or text.long:
        problems += overlong(cells, file)
    notices = [f"{file}：有的格里有换行，行号按 Excel 的行算，与文本编辑器的行号不同"] if over_lines else []
    if not problems:
        problems += beyond(cells, shape.usual, file)
    short, alien = short_rows(_widths_to_look_at(text, cells), cells, shape.usual)
    if alien:
        reason = f"第 {enumerated([n + 1 for n in alien])} 行的分隔符与其他行不同"
        problems.append(Problem(reason, where=file, hint=f"都改成“{shape.separator}”，或另存为 xlsx"))
    few = f"第 {enumerated([n + 1 for n in short])} 行的列比其他行少"
    if problems:
        raise InputError(*problems, *[Problem(few, where=file, hint="补齐")] * (bool(short) and not doubtful))
    return [*notices, f"{file}：{few}，缺的按空白处理"] if short else notices


def _has_long_line(text: bytes) -> bool:
    """Whether a line may hold a cell that is too long: some stretch of half that length is without a newline."""
    half = LONGEST_CELL // 2
    return any(text.find(b"\n", start, start + half) < 0 for start in range(0, len(text) - half, half))


def _widths_to_look_at(text: Text, cells: pl.DataFrame) -> Iterable[int]:
    """The widths of all records, or only of the first where the last cells or the separators say that no other is short."""
    shape = text.shape
    if not cells.width or not cells.to_series(-1).null_count():
        return shape.widths
    within = pl.all().str.count_matches(shape.separator, literal=True).sum().cast(pl.Int64)
    inside = 0 if text.lines is None else sum(n or 0 for n in cells.select(within).row(0))
    lacking = cells.height * (shape.width - 1) - text.separators() + inside
    return shape.widths if lacking == shape.lacking else widths(text.whole(), shape.separator)
