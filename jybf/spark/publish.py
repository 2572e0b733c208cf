"""What a run on Spark leaves behind, whole or absent: Spark's committer writes beside the target, then all is put there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from jybf.errors import OutputError, Problem
from jybf.model import FILE, LINE, PAGE
from jybf.roster.canonical import UNREAD
from jybf.spark.intake import TEXT, WHAT

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TABLE = "table:"  # how the name of a table begins where a path may stand


class Part(NamedTuple):
    """What is left behind at one place: see :func:`publish`."""

    df: "DataFrame"
    target: str
    by: tuple[str, ...] = ()
    rows: int | None = None


def publish_all(parts: Sequence[Part]) -> list[int]:
    """Each part in turn, the result itself last, or none of them. Gives their counts of rows. Raises OutputError."""
    written: list[int] = []
    try:
        for each in parts:
            written.append(publish(each.df, each.target, each.by, rows=each.rows))  # noqa: PERF401  one may fail
    except BaseException:
        for each in parts[: len(written)]:
            _withdraw(each.df, each.target)
        raise
    return written


def _withdraw(df: "DataFrame", target: str) -> None:
    if target.startswith(TABLE):
        df.sparkSession.sql(f"DROP TABLE IF EXISTS {_qualified(df.sparkSession, target)}")
    else:
        files, path = _path(df.sparkSession, target)
        files.delete(path, True)


def vacant(session: "SparkSession", *targets: str) -> None:
    """Raises OutputError for those of ``targets`` where something is already, before anything is worked out."""
    faults: list[Problem] = []
    for target in targets:
        if target.startswith(TABLE) and session.catalog.tableExists(_qualified(session, target)):
            faults.append(Problem("这张表已经有了", target.removeprefix(TABLE), "换一个名字，或先删掉它"))
        elif not target.startswith(TABLE) and (place := _path(session, target))[0].exists(place[1]):
            faults.append(Problem("已经有了", target, "换一个位置，或先移走它"))
    if faults:
        raise OutputError(*faults)


def quoted(name: str) -> str:
    """The name of a table as Spark reads one that is not of Latin letters: each of its parts in backquotes."""
    return ".".join(f"`{part.strip('`')}`" for part in name.removeprefix(TABLE).split("."))


def _qualified(session: "SparkSession", target: str) -> str:
    """The table with its database: a name alone could be that of a table of the run's own."""
    name = quoted(target)
    return name if "." in name else f"{quoted(session.catalog.currentDatabase())}.{name}"


def publish(df: "DataFrame", target: str, by: Sequence[str] = (), *, rows: int | None = None) -> int:
    """Write ``df`` to ``target`` (a folder, or ``table:`` and its name), partitioned ``by`` columns. Gives the count of rows.

    ``rows``: how many there have to be. Raises OutputError if something is there already or rows are lost; then nothing is.
    """
    vacant(df.sparkSession, target)
    if target.startswith(TABLE):
        return _table(df, _qualified(df.sparkSession, target), by, rows)
    files, path = _path(df.sparkSession, target)
    aside = path.getParent().suffix(f"/.{path.getName()}.jybf-{uuid4().hex[:8]}")
    try:
        df.write.partitionBy(*by).parquet(aside.toString())
        written = df.sparkSession.read.parquet(aside.toString()).count()
        _same(written, rows, target)
        if not files.rename(aside, path):
            raise OutputError(Problem("放不到那里", target, "核对路径和权限"))
    finally:
        if files.exists(aside):
            files.delete(aside, True)
    return written


def _path(session: Any, target: str) -> tuple[Any, Any]:
    """The file system and the path of ``target``, as Hadoop has them."""
    path = session._jvm.org.apache.hadoop.fs.Path(target)  # noqa: SLF001  PySpark has no door of its own to file systems
    files = path.getFileSystem(session._jsc.hadoopConfiguration())  # noqa: SLF001
    return files, files.makeQualified(path)


def _table(df: "DataFrame", name: str, by: Sequence[str], rows: int | None) -> int:
    """A table is there when all of it is written; what is written is counted before."""
    whole = df.persist()
    count = whole.count()
    _same(count, rows, name)
    whole.write.partitionBy(*by).saveAsTable(name)
    return count


def _same(written: int, rows: int | None, target: str) -> None:
    if rows is not None and written != rows:
        raise OutputError(Problem(f"应有 {rows} 行，写出 {written} 行，没有发布", target, "这是程序的错，请报告"))


def bad_rows(read: "DataFrame") -> "DataFrame":
    """What could not be read, a line each: 文件, 工作表, 行号, 字段, 原文, 原因, 编号; of a row that is no data what it is."""
    from pyspark.sql import functions as F  # noqa: N812

    place = [F.col(own).alias(name) for own, name in ((FILE, "文件"), (PAGE, "工作表"), (LINE, "行号"))]
    no_data = read.filter(F.col(WHAT).isNotNull())
    rest = no_data.select(
        *place,
        F.lit("").alias("字段"),
        F.col(TEXT).alias("原文"),
        F.concat(F.col(WHAT), F.lit("，不是数据")).alias("原因"),
        F.lit("").alias("编号"),
    )
    if UNREAD not in read.columns:
        return rest
    cells = read.filter(F.col(UNREAD).isNotNull()).select(
        *place, F.explode(F.from_json(UNREAD, "array<array<string>>")).alias("_格")
    )
    told = [F.col("_格")[n].alias(name) for n, name in enumerate(("字段", "原文", "原因", "编号"))]
    return rest.unionByName(cells.select("文件", "工作表", "行号", *told))
