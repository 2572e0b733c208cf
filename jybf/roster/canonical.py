"""The canonical table: what the reader makes of rosters as one flat table, one row a row of data, for files and warehouses.

``jybf canon`` writes it, ``jybf sql --ddl`` declares it, the query of a pack (``jybf.assess.warehouse``) reads it on any
engine, and calc and audit take it back as they take the workbooks: only this module says how it looks.

* **Row by row.** Nothing of a row depends on another: files are made into it one by one, in any number of tasks, and the
  parts together are the table. What rows do to each other, and which are of one household or employer, is the query's.
* **Values** stand typed under the names of the dictionary: text VARCHAR, date DATE, whole number BIGINT, money BIGINT in 分,
  rate BIGINT in millionths, yes or no BOOLEAN. A date is two columns, its first possible day and its last (``last``).
* **A cell that can't be read** has no value (NULL), and its ``bad`` is TRUE; in ``UNREAD`` each of them stands with its
  text, the reason and the code, as JSON: ``[[field, text, reason, code], …]``, NULL where all could be read.
* **Absent is unknown.** A column that no file has may be left out: its values are NULL, its ``bad`` is FALSE.
* **Keys** of household and employer are those of the row's own cells (``with_keys``); ``NAMED`` is the employer's name as
  names are compared, by which the query finds the code that another row gives; ``MEANT`` the 补贴项目 without blanks.
* **Origin.** ``_row`` numbers the rows through, in the order that decides who comes first; ``_sheet`` numbers the sheets;
  ``FILE``, ``PAGE`` and ``行号`` (Excel's) say where a row stands. ``TITLE`` (in one line), ``CALLED`` (title, sheet and
  file without blanks) and ``COLUMNS`` (``|field:column|field:column|``, Excel's letters) are the sheet's: they tell what
  its rows apply for. ``HEAD`` holds on
  one row of each sheet all else that is known of it (totals, notes, digest, notices) as JSON; without it that much is
  unknown, and no row is lost.
* **History and lists** are tables of the same columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import CALLED, COLUMNS, FILE, LINE, ORIGIN, PAGE, ROW, SHEET, TITLE, Sheet, bad
from jybf.roster.cast import PROBLEMS
from jybf.roster.grid import column_letters, column_of
from jybf.roster.rows import DATA
from jybf.roster.table import Table
from jybf.vocabulary.facts import GOVERNING_YEAR, by, entries, facts
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD, column, folded, with_keys
from jybf.vocabulary.types import TYPES, Sql, names_of, stored
from jybf.vocabulary.values.text import UNCHECKED

HEAD, UNREAD, NAMED, MEANT = "_表", "_认不出", "_单位名", "_项目"
CELL = "补贴项目"  # the cell that says what its row applies for
_NUMBERS = (ROW, SHEET, LINE)
_BESIDE = (HEAD, UNREAD, NAMED, MEANT)
_KEYS = (HOUSEHOLD, EMPLOYER)
_UNREAD = list[tuple[str, str | None, str, str]]
_HINT = "用 jybf canon 重写一份"


class Head(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a sheet, and, on the first sheet of a file, what was said when the file was read."""

    sheet: Sheet
    notices: tuple[str, ...] = ()


@cache
def columns() -> Mapping[str, Sql]:
    """All columns of the table in their order, name → SQL type."""
    own = [*load_fields().by_name, *(name for name, entry in entries().items() if entry.read and name != GOVERNING_YEAR)]
    found: dict[str, Sql] = {name: "BIGINT" if name in _NUMBERS else "VARCHAR" for name in ORIGIN}
    for name in dict.fromkeys(own):
        field = facts()[name]
        found |= dict.fromkeys(names_of(field), TYPES[field.type].sql)
        found[bad(name)] = "BOOLEAN"
        if name in _KEYS:
            found[by(name)] = "BIGINT"
    return {**found, **dict.fromkeys(_BESIDE, "VARCHAR")}


def canonical(tables: Sequence[Table], first: int = 0, notices: Sequence[str] = (), *, keyed: bool = True) -> pl.DataFrame:
    """The ``tables`` of one file as rows of the canonical table, numbered from ``first``; a column that none has is not there.

    ``notices``: of the file; ``keyed``: with the keys of household and employer. Sheets keep the numbers and the file's name
    that they have.
    """
    parts: list[pl.DataFrame] = []
    for number, table in enumerate(tables):
        parts.append(_laid_out(table, first, tuple(notices) if not number else (), keyed=keyed))
        first += table.rows.height
    whole = pl.concat(parts, how="diagonal")
    order = [name for name in columns() if name in whole.columns]
    return whole.select(order).with_columns(pl.col(f"^.*{bad('')}$").fill_null(value=False))


def _laid_out(table: Table, first: int, notices: tuple[str, ...], *, keyed: bool) -> pl.DataFrame:
    sheet, rows = table.sheet, table.rows
    origin = {
        ROW: pl.int_range(first, first + rows.height, dtype=pl.Int64), SHEET: pl.lit(sheet.index, pl.Int64),
        FILE: pl.lit(sheet.file), PAGE: pl.lit(sheet.name), TITLE: pl.lit(sheet.title), CALLED: pl.lit(called(sheet)),
        COLUMNS: pl.lit(_placed(sheet)),
    }  # fmt: skip
    marked = rows.with_columns(_marks(table))
    marked = with_keys(marked) if keyed else marked
    head = msgspec.json.encode(Head(sheet, notices)).decode()
    told = [
        pl.when(pl.int_range(rows.height) == 0).then(pl.lit(head)).alias(HEAD),
        pl.lit(_unread(table)),
        folded(marked, "单位名称").alias(NAMED),
        column(marked, CELL).str.replace_all(r"\s", "").alias(MEANT),
    ]
    return marked.select(*(expr.alias(name) for name, expr in origin.items()), pl.all(), *told)


def called(sheet: Sheet) -> str:
    """What a sheet says of itself: the words in it name programmes."""
    return re.sub(r"\s", "", f"{sheet.title} {sheet.name} {Path(sheet.file).stem}")


def _placed(sheet: Sheet) -> str:
    return "".join(f"|{name}:{column_letters(place)}" for name, place in sheet.columns.items()) + "|"


def _marks(table: Table) -> Iterator[pl.Series]:
    """``bad`` of each field with cells that can't be read."""
    for (name,), of_field in table.problems.group_by("字段", maintain_order=True):
        yield pl.Series(bad(str(name)), [False]).new_from_index(0, table.rows.height).scatter(of_field[ROW], True)


def _unread(table: Table) -> pl.Series:
    told: dict[int, _UNREAD] = {}
    for row, *problem in table.problems.select(list(PROBLEMS)).iter_rows():
        told.setdefault(row, []).append((problem[0], *problem[1:]))
    blank = pl.Series(UNREAD, [None], dtype=pl.String).new_from_index(0, table.rows.height)
    texts = [msgspec.json.encode(one).decode() for one in told.values()]
    return blank.scatter(list(told), texts) if told else blank


def read_canonical(frame: pl.DataFrame, file: str, sha256: str, index: int = 0) -> tuple[list[Table], tuple[str, ...]]:
    """The sheets of which ``frame``, a canonical table, holds rows, numbered from ``index``, and what was said of their files.

    Raises InputError for columns of another type, rows without an origin or with the same number, or a value that can't be.
    """
    rows = _checked(frame, file).sort(ROW)
    tables: list[Table] = []
    notices: dict[str, None] = {}
    for part in rows.partition_by(SHEET, maintain_order=True):
        head = _head(part, file)
        notices |= dict.fromkeys(head.notices)
        tables.append(_table(part, replace(head.sheet, index=index + len(tables), sha256=sha256, read=file), file))
    return tables, tuple(notices)


def _checked(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    """``frame`` with the columns and types of the table. Raises InputError, with all that is wrong."""
    known = columns()
    wrong = [name for name in frame.columns if name in known and not _fits(frame.schema[name], known[name])]
    faults = [f"“{name}”列的类型是 {frame.schema[name]}，应是 {known[name]}" for name in wrong]
    if not wrong:
        lost = frame.select(pl.col(ROW, SHEET, FILE, LINE).null_count()).row(0)
        faults += [f"有 {most} 行没有写明来处（{ROW}、{SHEET}、{FILE}、{LINE}）" for most in [max(lost)] if most]
        faults += [f"有两行的 {ROW} 相同"] * (not any(lost) and frame[ROW].n_unique() < frame.height)
    if faults:
        raise InputError(*(Problem(f"不是规范表：{fault}", file, _HINT) for fault in faults))
    return frame.select(pl.col(name).cast(stored(kind)) for name, kind in known.items() if name in frame.columns)


def _fits(found: pl.DataType, wanted: Sql) -> bool:
    """Whether the values of a column can be taken as they are; one of nothing but NULL has any type."""
    if found == pl.Null or found == stored(wanted):
        return True
    return (wanted == "BIGINT" and found.is_integer()) or (wanted == "VARCHAR" and found == pl.Categorical)


def _head(part: pl.DataFrame, file: str) -> Head:
    texts = part[HEAD].drop_nulls() if HEAD in part.columns else pl.Series(dtype=pl.String)
    if not texts.is_empty():
        with _decoding(file, HEAD):
            return msgspec.json.decode(texts[0], type=Head)
    title, where = str(part[TITLE][0] or ""), str(part[COLUMNS][0] or "")
    places = (one.rpartition(":") for one in where.strip("|").split("|"))
    at = {name: column_of(letters) for name, _, letters in places if name}
    return Head(Sheet(0, part[FILE][0], part[PAGE][0] or "", title, 0, at, lines={DATA: part.height}))


@contextmanager
def _decoding(file: str, name: str) -> Iterator[None]:
    """Raises InputError for JSON of the column ``name`` that can't be read."""
    try:
        yield
    except msgspec.MsgspecError:
        raise InputError(Problem(f"“{name}”列改过，读不回原来的表", file, _HINT)) from None


def _table(part: pl.DataFrame, sheet: Sheet, file: str) -> Table:
    problems = problems_of(part, file)
    keys = [each for key in _KEYS for each in (key, bad(key), by(key))]  # put together anew, with those of all files
    marks = [name for name in part.columns if name.endswith(bad(""))]
    values = part.drop(*set(ORIGIN) - {LINE}, *_BESIDE, *keys, *marks, strict=False)
    there = [name for name in values.columns if name == LINE or values[name].null_count() < part.height]
    named = {each for name in sheet.columns if name in facts() for each in names_of(facts()[name])}
    rows = values.select(LINE, *(name for name in values.columns if name != LINE and name in named | set(there)))
    return Table(sheet, rows, problems, (), pl.Series([DATA]).new_from_index(0, part.height))


def values_of(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a canonical table as ``Roster.rows`` has them: the columns that hold anything, and keys of the row's own."""
    return frame.drop(FILE, PAGE, TITLE, CALLED, COLUMNS, *_BESIDE, strict=False)


def problems_of(part: pl.DataFrame, file: str) -> pl.DataFrame:
    """PROBLEMS of the rows; of a mark without its words it is said that there are none."""
    told: list[tuple[int, str, str | None, str, str]] = []
    if UNREAD in part.columns:
        texts = part.select(pl.int_range(pl.len()).alias("n"), UNREAD).drop_nulls()
        with _decoding(file, UNREAD):
            told = [(row, *one) for row, text in texts.iter_rows() for one in msgspec.json.decode(text, type=_UNREAD)]
    own = pl.DataFrame(told, schema=PROBLEMS, orient="row")
    return pl.concat([own, _unsaid(part, own)]).sort(ROW, maintain_order=True)


def _unsaid(part: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """PROBLEMS of the cells that are marked, and not among those ``told``, field by field."""
    there = set(part.columns)
    names = [name for name in load_fields().by_name if bad(name) in there]
    if not names:
        return told.clear()
    places = part.select(pl.col(bad(name)).arg_true().implode().alias(name) for name in names)  # one question, not a hundred
    marked = places.unpivot(variable_name="字段", value_name=ROW).explode(ROW).drop_nulls().cast({ROW: pl.Int64})
    rest = marked.join(told, on=[ROW, "字段"], how="anti", maintain_order="left")
    own = {"原文": "", "原因": "规范表里没有写明原因", "编号": UNCHECKED}
    return rest.select(ROW, "字段", *(pl.lit(text).alias(key) for key, text in own.items()))
