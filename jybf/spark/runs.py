"""The runs of a calc on a cluster: what is given is taken in once, and each pack judges the rows that are its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from jybf.errors import InputError, Problem, UsageError
from jybf.model import FILE, ROW, Pack
from jybf.policy import find_region, is_own, load_pack
from jybf.spark import OWN_PACK
from jybf.spark.anchor import stand
from jybf.spark.failures import Task, task_of, told
from jybf.spark.intake import TEXT, WHAT, intake
from jybf.spark.judging import Asked, Judged, judge
from jybf.spark.netted import netted
from jybf.spark.regions import PLACED, placed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_PLANS = {  # what the query's tables are planned by: each stands on its own, and none is folded into its readers
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
ANY = "national"  # by whose pack the workers are found to be like the driver, where no region is stated


class Given(msgspec.Struct, frozen=True):
    """A table and what messages and 文件 call it."""

    table: "DataFrame"
    name: str = "数据"


class Run(msgspec.Struct, frozen=True):
    """What one pack makes of the rows that are its own."""

    pack: Pack
    asked: Asked
    judged: Judged


class Runs(msgspec.Struct, frozen=True):
    """``read``: all rows that were taken in, with what is none of data; ``each``: a run a pack.

    ``rest``: the rows of data that are no pack's; None where a region is stated, for then all are its. ``notices``: what is
    said of the history.
    """

    read: "DataFrame"
    each: tuple[Run, ...]
    rest: "DataFrame | None" = None
    notices: tuple[str, ...] = ()


def judged(
    given: Given, region: str, *, programs: Sequence[str] = (), force: bool = False, past: Given | None = None,
    as_of: date | None = None, settings: Mapping[str, str] | None = None,
) -> Runs:  # fmt: skip
    """The runs of a calc up to their verdicts; without a ``region`` each row is judged by the pack of its own place.

    Raises JybfError; rows in are rows out, or InputError.
    """
    if not region and (programs or settings):
        fault = "没有写地区时各地各用各的规则包，项目和设置不能一起给"
        raise UsageError(Problem(fault, "、".join([*programs, *(settings or {})]), "写明 --region，一个地区运行一次"))
    ask = partial(asked_of, programs=programs, settings=settings, as_of=as_of, force=force)
    first = ask(region or ANY).task
    with told(given.name):
        session = _session(given.table)
        kept: list[DataFrame] = []
        tables = [(moved(session, each.table), each.name, each is past) for each in (given, *([past] if past else []))]
        read = [stand(intake(table, name, first, paid=paid), kept, spread=True) for table, name, paid in tables]
        rows = [data(each) for each in read]
        before, notices = netted(rows[1], first, kept) if past else (None, ())
        parts, rest = ({region: rows[0]}, None) if region else _parted(rows[0], first, kept)
        each = [_run(part, before, ask(name)) for name, part in parts.items()]
        _check(tables[0][0], read[0], each, rest, whole=not programs)
    return Runs(read[0], tuple(each), rest, notices)


def _run(rows: "DataFrame", past: "DataFrame | None", asked: Asked) -> Run:
    pack = load_pack(asked.task.region, dict(asked.task.settings))
    return Run(pack, asked, judge(rows, past, pack, asked))


def asked_of(
    region: str,
    *,
    programs: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    as_of: date | None = None,
    force: bool = False,
) -> Asked:
    """What a run of the pack of ``region`` is asked. Raises JybfError: a cluster has the shipped packs only."""
    pack = load_pack(region, settings)
    if region.endswith(".toml") or is_own(find_region(region)):
        raise UsageError(Problem(OWN_PACK, region, "用自带的规则包加 settings，或用一台机器算"))
    return Asked(task_of(pack, find_region(region), dict(settings or {}), as_of), tuple(programs), force)


def _parted(rows: "DataFrame", task: Task, kept: "list[DataFrame]") -> tuple[dict[str, "DataFrame"], "DataFrame"]:
    """The rows of each pack, and those of none. Raises UsageError where no row says where it is of."""
    whole = stand(placed(rows, task), kept)
    found = sorted(row[PLACED] for row in whole.select(PLACED).distinct().collect() if row[PLACED])
    if not found:
        raise UsageError(Problem("没有一行看得出用哪个地区的政策", "", "写明 --region，如 --region shanxi"))

    def part(name: str) -> "DataFrame":
        return whole.filter(f"`{PLACED}` = '{name}'").drop(PLACED)

    return {name: part(name) for name in found}, part("")


def _session(df: "DataFrame") -> "SparkSession":
    """A session of the run's own beside the user's: its tables and settings are nobody else's."""
    if not hasattr(df.sparkSession, "newSession"):
        raise UsageError(Problem("不能用 Spark Connect 的会话", "", "用 --master，或在 Spark 自己的驱动程序里调用"))
    session = df.sparkSession.newSession()
    for key, value in _PLANS.items():
        session.conf.set(key, value)
    return session


def moved(session: "SparkSession", df: "DataFrame") -> "DataFrame":
    """``df`` as a table of ``session``."""
    name = f"jybf_{uuid4().hex}"
    df.createGlobalTempView(name)
    try:
        return session.table(f"global_temp.{name}")
    finally:
        df.sparkSession.catalog.dropGlobalTempView(name)


def data(read: "DataFrame") -> "DataFrame":
    """The rows of data. A file goes by its name, and by its path where two have the same name."""
    from pyspark.sql import functions as F  # noqa: N812

    rows = read.filter(f"`{WHAT}` IS NULL").drop(WHAT, TEXT)
    files = rows.select(FILE).distinct().withColumn("_短", F.regexp_extract(FILE, r"[^/\\]*$", 0))
    several = files.groupBy("_短").count().filter("count > 1").select("_短", F.lit(True).alias("_几"))
    short = files.join(several, "_短", "left").select(
        F.col(FILE).alias("_长"), F.when(F.col("_几"), F.col(FILE)).otherwise(F.col("_短")).alias("_名")
    )
    return rows.join(F.broadcast(short), rows[FILE] == short["_长"], "left").withColumn(FILE, F.col("_名")).drop("_长", "_名")


def _check(given: "DataFrame", read: "DataFrame", runs: Sequence[Run], rest: "DataFrame | None", *, whole: bool) -> None:
    """Rows in are rows out: each row that was given was taken in once, and each of data ends somewhere. Raises InputError."""
    came = given.count()
    taken, numbers = read.count(), read.select(ROW).distinct().count()
    if taken != numbers:
        raise InputError(Problem(f"有两行的 {ROW} 相同（{taken} 行里只有 {numbers} 个）", "", "几份规范表要接着编号"))
    if came != taken:
        raise InputError(Problem(f"给了 {came} 行，只读到 {taken} 行", "", "数据在变，或分区的次序不定：先写成 Parquet 再算"))
    ended = sum(run.judged.verdicts.select(ROW).distinct().count() for run in runs) + (rest.count() if rest is not None else 0)
    rows = read.filter(f"`{WHAT}` IS NULL").count()
    if whole and ended != rows:
        raise InputError(Problem(f"有 {rows} 行数据，只有 {ended} 行有结果", "", "这是程序的错，请报告"))
