"""What a run on Spark is given, as the canonical table: it as it is, raw text read row by row, or a workbook a task.

Every row of the input comes out once: as a row of data, or with ``WHAT`` it is instead (a total, a blank line).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from jybf.errors import InputError, Problem
from jybf.model import FILE, LINE, ORIGIN, PAGE, ROW, SHEET, bad
from jybf.roster.canonical import HEAD, UNREAD, canonical, columns
from jybf.roster.files import Options, read_file, read_frame
from jybf.roster.rows import DATA
from jybf.roster.table import Table
from jybf.spark.failures import Task, guarded
from jybf.spark.local import frames
from jybf.vocabulary.facts import VOID, by, facts
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD
from jybf.vocabulary.types import Sql, names_of, stored

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

WHAT, TEXT, FAULT = "_何行", "_原文", "_读不了"  # beside the canonical columns
TYPES: dict[Sql, str] = {"BIGINT": "bigint", "DATE": "date", "BOOLEAN": "boolean", "VARCHAR": "string"}
_LOOKED_AT = 2000  # rows that tell what the columns are
_SHEETS = 1000  # of one workbook, at most
_SHIFT = 1 << 32  # rows of one workbook, at most
_KEYS = (HOUSEHOLD, EMPLOYER)
_NUMBER = "_第"


def schema(names: Iterable[str]) -> str:
    """The Spark schema of canonical columns."""
    return ", ".join(f"`{name}` {TYPES[columns()[name]]}" for name in names)


def is_canonical(df: "DataFrame") -> bool:
    """Whether a table is one that ``jybf canon`` has made."""
    return set(ORIGIN) <= set(df.columns)


def intake(df: "DataFrame", name: str, task: Task, *, paid: bool = False) -> "DataFrame":
    """The canonical rows of ``df`` with ``_何行`` and ``_原文``; ``name``: what messages and 文件 call it.

    Raises InputError for columns that are none of a roster, or of other types than the canonical table has.
    """
    return _as_it_is(df, name) if is_canonical(df) else _read(df, name, task, paid=paid)


def _as_it_is(df: "DataFrame", name: str) -> "DataFrame":
    from pyspark.sql import functions as F  # noqa: N812

    known, found = columns(), dict(df.dtypes)
    whole = {"tinyint", "smallint", "int", "bigint"}
    wrong = [
        n
        for n in df.columns
        if n in known
        and not (found[n] == TYPES[known[n]] or (known[n] == "BIGINT" and found[n] in whole) or found[n] == "void")
    ]
    if wrong:
        told = "；".join(f"“{n}”列的类型是 {found[n]}，应是 {TYPES[known[n]]}" for n in wrong)
        raise InputError(Problem(f"不是规范表：{told}", name, "用 jybf canon 重写一份"))
    own = [F.col(n).cast(TYPES[kind]).alias(n) for n, kind in known.items() if n in df.columns]
    return df.select(*own, *(F.lit(None).cast("string").alias(n) for n in (WHAT, TEXT)))


def _read(df: "DataFrame", name: str, task: Task, *, paid: bool) -> "DataFrame":
    top = pl.DataFrame(df.limit(_LOOKED_AT).toArrow())
    table = _table(top, name, paid=paid)
    names = _expected(table)
    work = partial(_rows, name=name, names=names, places=dict(table.sheet.columns), paid=paid)
    return _numbered(df).mapInArrow(guarded(task, work), f"{schema(names)}, `{WHAT}` string, `{TEXT}` string")


def _table(frame: pl.DataFrame, name: str, *, paid: bool) -> Table:
    """What the reader makes of a header and these rows. Raises InputError."""
    return read_frame(frame, name, Options(paid=paid))


def _expected(table: Table) -> list[str]:
    """The canonical columns that any rows below this header may have."""
    fields = [name for name in (*table.sheet.columns, VOID) if name in facts()]
    there = {
        each
        for name in fields
        if name in load_fields().by_name or name == VOID
        for each in (*names_of(facts()[name]), bad(name))
    }
    there |= {each for name in _KEYS for each in (name, bad(name), by(name))}
    there |= {*ORIGIN, HEAD, UNREAD, *canonical([table]).columns}
    return [name for name in columns() if name in there]


def _rows(batches: Iterable[Any], *, name: str, names: list[str], places: dict[str, int], paid: bool) -> Iterator[Any]:
    for frame in frames(batches):
        yield from _batch(frame, name, names, places, paid=paid).to_arrow().to_batches()


def _batch(frame: pl.DataFrame, name: str, names: list[str], places: dict[str, int], *, paid: bool) -> pl.DataFrame:
    numbers, cells = frame[_NUMBER], frame.drop(_NUMBER)
    here = f"{name} 第 {int(numbers[0]) + 2} 行起"  # pyright: ignore[reportArgumentType]
    if all(cells[column].null_count() == cells.height for column in cells.columns):
        return _not_data(frame.with_columns(pl.lit("空行").alias(WHAT)), name, names)
    table = _table(cells, name, paid=paid)
    if dict(table.sheet.columns) != places:
        raise InputError(Problem("这一部分的列与别处认成的不一样", here, "用 --map 指定，或先用 jybf canon 做成规范表"))
    at = table.rows[LINE] - 2
    rows = canonical([table]).drop(HEAD, strict=False)
    strange = [each for each in rows.columns if each not in names and rows[each].null_count() < rows.height]
    if strange := [each for each in strange if not each.endswith(bad("")) or rows[each].any()]:
        raise InputError(Problem(f"这一部分多出别处没有的列：{'、'.join(strange)}", here, "先用 jybf canon 做成规范表"))
    own = rows.with_columns(numbers[at].cast(pl.Int64).alias(ROW), (numbers[at] + 2).cast(pl.Int64).alias(LINE))
    kinds = table.kinds.slice(1)
    rest = frame.with_row_index("_i").join(
        at.alias("_i").cast(pl.UInt32).to_frame(), on="_i", how="anti", maintain_order="left"
    )
    what = rest["_i"].to_list()
    told = [str(kinds[i]) if i < kinds.len() and kinds[i] != DATA else "空行" for i in what]
    return pl.concat(
        [_laid(own, names), _not_data(rest.drop("_i").with_columns(pl.Series(WHAT, told, pl.String)), name, names)]
    )


def _not_data(rest: pl.DataFrame, name: str, names: list[str]) -> pl.DataFrame:
    """Rows that are none of data: where each stands, what it is, and its text."""
    cells = rest.drop(_NUMBER, WHAT)
    texts = [json.dumps([str(cell) for cell in row if cell is not None], ensure_ascii=False) for row in cells.iter_rows()]
    number = rest[_NUMBER].cast(pl.Int64)
    own = rest.select(
        number.alias(ROW), (number + 2).alias(LINE), pl.lit(0, pl.Int64).alias(SHEET), pl.lit(name).alias(FILE),
        pl.lit("").alias(PAGE),
        WHAT, pl.Series(TEXT, texts, pl.String),
    )  # fmt: skip
    return _laid(own, names)


def _laid(rows: pl.DataFrame, names: list[str], more: Sequence[str] = (WHAT, TEXT)) -> pl.DataFrame:
    """``rows`` in the canonical columns ``names`` and the texts ``more``."""
    there = set(rows.columns)
    absent = {each: pl.lit(value=False) if each.endswith(bad("")) else pl.lit(None) for each in names}
    own = [(pl.col(each) if each in there else absent[each]).cast(stored(columns()[each])).alias(each) for each in names]
    beside = [(pl.col(each) if each in there else pl.lit(None)).cast(pl.String).alias(each) for each in more]
    return rows.select(*own, *beside)


def _numbered(df: "DataFrame") -> "DataFrame":
    """``df`` with ``_第``, its rows' numbers from 0: of Parquet in the order of files and rows, else as Spark has them."""
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as F  # noqa: N812

    try:
        placed = df.select("*", F.col("_metadata.file_path").alias("_f"), F.col("_metadata.row_index").alias("_i"))
        placed.schema  # noqa: B018  asks whether it can be
    except AnalysisException:
        number = F.monotonically_increasing_id()
        placed = df.select(
            "*", F.shiftright(number, 33).cast("string").alias("_f"), number.bitwiseAND((1 << 33) - 1).alias("_i")
        )
    counts = [(row["_f"], row["count"]) for row in placed.groupBy("_f").count().collect()]  # a line a file, or a partition
    counts.sort(key=lambda each: (len(each[0]), each[0]) if each[0].isdigit() else (0, each[0]))
    starts, first = list[tuple[str, int]](), 0
    for file, count in counts:
        starts.append((file, first))
        first += count
    offsets = df.sparkSession.createDataFrame(starts or [("", 0)], "_f string, _s bigint")
    return placed.join(F.broadcast(offsets), "_f").select(*df.columns, (F.col("_s") + F.col("_i")).alias(_NUMBER))


def workbooks(session: "SparkSession", paths: list[str], task: Task, *, paid: bool = False) -> "DataFrame":
    """The canonical rows of files that every worker can reach, one task a file; all unreadable ones are told at once."""
    from pyspark.sql import functions as F  # noqa: N812

    order = session.createDataFrame(list(enumerate(sorted(paths))), "n bigint, path string").repartitionByRange(len(paths), "n")
    work = partial(_workbook_rows, paid=paid)
    whole = order.mapInArrow(
        guarded(task, work), f"{schema(columns())}, `{WHAT}` string, `{TEXT}` string, `{FAULT}` string"
    ).persist()
    if faults := [row[FAULT] for row in whole.filter(F.col(FAULT).isNotNull()).select(FAULT).limit(50).collect()]:
        raise InputError(*(Problem(*json.loads(fault)) for fault in faults))
    known = columns()
    said = whole.select(
        *(F.count(F.when(F.col(n), 1) if known[n] == "BOOLEAN" and n.endswith(bad("")) else F.col(n)).alias(n) for n in known)
    ).first()
    kept = [n for n in known if said and (said[n] or n in ORIGIN)]
    return whole.select(*kept, WHAT, TEXT)


def _workbook_rows(batches: Iterable[Any], *, paid: bool) -> Iterator[Any]:
    for batch in batches:
        for number, path in pl.DataFrame(batch).iter_rows():
            try:
                rows = _workbook(path, number, paid=paid)
            except InputError as error:
                told = [json.dumps([p.message, p.where, p.hint], ensure_ascii=False) for p in error.problems]
                rows = pl.DataFrame({FAULT: told})
            yield from _laid(rows, list(columns()), (WHAT, TEXT, FAULT)).to_arrow().to_batches()


def _workbook(path: str, number: int, *, paid: bool) -> pl.DataFrame:
    file = read_file(path, Options(paid=paid), load_fields(), number * _SHEETS)
    if file.problems:
        raise InputError(*file.problems)
    tables = [page.table for page in file.pages if page.table]
    return canonical(tables, number * _SHIFT, file.notices)
