"""The Python door: ``jybf.spark.calc`` and ``jybf.spark.audit`` on DataFrames of Spark."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import msgspec

from jybf.assess.stages import MERGED_RESULT
from jybf.errors import InputError, Problem, UsageError
from jybf.model import FILE, ROW, Pack
from jybf.policy import find_region, load_pack
from jybf.policy.regions import is_own
from jybf.spark import OWN_PACK
from jybf.spark.anchor import stand
from jybf.spark.county import COUNTY as COLUMN
from jybf.spark.county import FOUND, SORT, Audit, Listed, auditing, schema
from jybf.spark.failures import task_of, told
from jybf.spark.intake import TEXT, WHAT, intake
from jybf.spark.judging import Asked, Judged, judge
from jybf.spark.session import session_of, table_of
from jybf.spark.vicinity import check_size, listed, together
from jybf.spark.words import REGION, in_words

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

COUNTY, OF_COUNTY = "户籍县", "县"
MOST = 2_000_000  # rows of a county with its neighbours: some 6 GB of one Python worker
_PLANS = {  # what the query's tables are planned by: each stands on its own, and none is folded into its readers
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}


class Given(msgspec.Struct, frozen=True):
    """A table and what messages and 文件 call it."""

    table: "DataFrame"
    name: str = "数据"


class Run(msgspec.Struct, frozen=True):
    """A calc on a cluster: all rows that were taken in (``read``, with what is none of data), and the verdicts."""

    pack: Pack
    asked: Asked
    read: "DataFrame"
    judged: Judged


def calc(
    df: "DataFrame",
    region: str,
    *,
    programs: Sequence[str] = (),
    force: bool = False,
    history: "DataFrame | None" = None,
    as_of: date | None = None,
    settings: Mapping[str, str] | None = None,
    name: str = "数据",
) -> "DataFrame":
    """The verdicts on ``df`` as ``jybf calc`` has them: VERDICT_COLUMNS (核定金额 in 元), 地区 and 年度.

    ``df``: a canonical table (``jybf canon``), or columns of text under the headings of a roster; so is ``history``. Rows of
    Parquet files come in the order of files and rows, others in that of Spark's partitions. ``name``: the 文件 of rows that
    say none. The rest as in ``jybf.api.calc``; ``force``: every row is judged by ``programs``.
    Raises JybfError.
    """
    past = None if history is None else Given(history, "历史")
    run = judged(Given(df, name), region, programs=programs, force=force, past=past, as_of=as_of, settings=settings)
    return in_words(run.judged, run.asked.task)


class Audited(msgspec.Struct, frozen=True):
    """``findings``: FINDING_COLUMNS (涉及金额 in 元), 地区 and 县; ``not_run``: by county what was not checked, and why."""

    findings: "DataFrame"
    not_run: "DataFrame"


def audit(
    df: "DataFrame",
    region: str,
    *,
    county: str = COUNTY,
    history: "DataFrame | None" = None,
    against: Mapping[str, "DataFrame | tuple[DataFrame, date]"] | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    as_of: date | None = None,
    settings: Mapping[str, str] | None = None,
    most: int = MOST,
    name: str = "数据",
) -> Audited:
    """The findings on ``df``, county by county, each with the rows of others that share a key with it.

    ``county``: the column that says which county a row is of; ``against``: kind of list → its table, and the day of
    which it is; ``most``: rows that one county may have with its neighbours. The rest as of :func:`calc`. Raises JybfError.
    """
    past = None if history is None else Given(history, "历史")
    run = judged(Given(df, name), region, past=past, as_of=as_of, settings=settings)
    return audited(run, county, against or {}, select, ignore, most)


def audited(
    run: Run,
    county: str,
    against: Mapping[str, "DataFrame | tuple[DataFrame, date]"],
    select: Sequence[str],
    ignore: Sequence[str],
    most: int,
    names: Mapping[str, str] | None = None,
) -> Audited:
    """The audit after a calc; ``names``: kind of list → what its file is called. Raises JybfError."""
    task, session = run.asked.task, run.judged.rows.sparkSession
    with told():
        given = {kind: each if isinstance(each, tuple) else (each, None) for kind, each in against.items()}
        lists: dict[str, DataFrame] = {}
        known: list[Listed] = []
        kept: list[DataFrame] = []
        for kind, (table, drawn) in given.items():
            rows = intake(_moved(session, table), (names or {}).get(kind, kind), task)
            lists[kind] = stand(_named_short(rows.filter(f"`{WHAT}` IS NULL").drop(WHAT, TEXT)), kept)
            known.append(listed(kind, lists[kind], drawn))
        whole = stand(together(run.judged, county, lists, task, kept), kept)
        check_size(whole, most)
        past = run.judged.past
        asked = Audit(task, None if past is None else tuple(past.columns), tuple(known), tuple(select), tuple(ignore))
        told_ = stand(whole.groupBy(COLUMN).applyInArrow(auditing(asked), schema(REGION, OF_COUNTY)), kept)
    found = told_.filter(f"`{SORT}` = '{FOUND}'").drop(SORT)
    return Audited(
        found,
        told_.filter(f"`{SORT}` <> '{FOUND}'").selectExpr(
            "`编号`", "`问题` AS `规则`", "`建议` AS `原因`", f"`{REGION}`", f"`{OF_COUNTY}`"
        ),
    )


def judged(
    given: Given, region: str, *, programs: Sequence[str] = (), force: bool = False, past: Given | None = None,
    as_of: date | None = None, settings: Mapping[str, str] | None = None,
) -> Run:  # fmt: skip
    """The run of a calc up to its verdicts. Raises JybfError; rows in are rows out, or InputError."""
    pack = load_pack(region, settings)
    if region.endswith(".toml") or is_own(find_region(region)):
        raise UsageError(Problem(OWN_PACK, region, "用自带的规则包加 settings，或用一台机器算"))
    asked = Asked(task_of(pack, find_region(region), dict(settings or {}), as_of), tuple(programs), force)
    with told(given.name):
        session = _session(given.table)
        kept: list[DataFrame] = []
        tables = [(_moved(session, each.table), each.name, each is past) for each in (given, *([past] if past else []))]
        read = [stand(intake(table, name, asked.task, paid=paid), kept) for table, name, paid in tables]
        rows = [_named_short(each.filter(f"`{WHAT}` IS NULL").drop(WHAT, TEXT)) for each in read]
        verdicts = judge(rows[0], rows[1] if past else None, pack, asked)
        _check(tables[0][0], read[0], verdicts, whole=not programs)
    return Run(pack, asked, read[0], verdicts)


class Wanted(Protocol):
    """What of a command's request a run reads."""

    @property
    def region(self) -> str: ...
    @property
    def programs(self) -> tuple[str, ...]: ...
    @property
    def force(self) -> bool: ...
    @property
    def settings(self) -> Mapping[str, str]: ...
    @property
    def as_of(self) -> date | None: ...
    @property
    def history(self) -> tuple[str, ...]: ...


def run_of(source: str, request: Wanted, master: str, conf: Sequence[str]) -> Run:
    """The run of a command: as :func:`judged`, of what the command line names. Raises JybfError."""
    pack = load_pack(request.region, request.settings)
    session = session_of(master, conf)
    task = task_of(pack, find_region(request.region), dict(request.settings), request.as_of)
    with told(source):
        given = Given(table_of(session, source, task), source.rstrip("/").rpartition("/")[2])
    if len(request.history) > 1:
        raise UsageError(Problem("集群上历史是一张表", "--history", "先用 jybf canon 合成一张"))
    past = None
    for name in request.history:
        with told(name):
            past = Given(table_of(session, name, task, paid=True), name.rstrip("/").rpartition("/")[2])
    return judged(
        given,
        request.region,
        programs=request.programs,
        force=request.force,
        past=past,
        as_of=request.as_of,
        settings=request.settings,
    )


def words_of(run: Run) -> tuple["DataFrame", int]:
    """The verdicts in words, and how many they have to be."""
    return in_words(run.judged, run.asked.task), run.judged.verdicts.filter(f"`结果` <> {MERGED_RESULT}").count()


def _session(df: "DataFrame") -> "SparkSession":
    """A session of the run's own beside the user's: its tables and settings are nobody else's."""
    if not hasattr(df.sparkSession, "newSession"):
        raise UsageError(Problem("不能用 Spark Connect 的会话", "", "用 --master，或在 Spark 自己的驱动程序里调用"))
    session = df.sparkSession.newSession()
    for key, value in _PLANS.items():
        session.conf.set(key, value)
    return session


def _moved(session: "SparkSession", df: "DataFrame") -> "DataFrame":
    """``df`` as a table of ``session``."""
    name = f"jybf_{uuid4().hex}"
    df.createGlobalTempView(name)
    try:
        return session.table(f"global_temp.{name}")
    finally:
        df.sparkSession.catalog.dropGlobalTempView(name)


def _named_short(rows: "DataFrame") -> "DataFrame":
    """A file goes by its name, and by its path where two have the same name."""
    from pyspark.sql import functions as F  # noqa: N812

    files = rows.select(FILE).distinct().withColumn("_短", F.regexp_extract(FILE, r"[^/\\]*$", 0))
    several = files.groupBy("_短").count().filter("count > 1").select("_短", F.lit(True).alias("_几"))
    short = files.join(several, "_短", "left").select(
        F.col(FILE).alias("_长"), F.when(F.col("_几"), F.col(FILE)).otherwise(F.col("_短")).alias("_名")
    )
    return rows.join(F.broadcast(short), rows[FILE] == short["_长"], "left").withColumn(FILE, F.col("_名")).drop("_长", "_名")


def _check(given: "DataFrame", read: "DataFrame", run: Judged, *, whole: bool) -> None:
    """Rows in are rows out: each row that was given was taken in once, and each of data ends somewhere. Raises InputError."""
    came, (taken, numbers) = given.count(), read.selectExpr("count(1)", f"count(distinct `{ROW}`)").first() or (0, 0)
    if taken != numbers:
        raise InputError(Problem(f"有两行的 {ROW} 相同（{taken} 行里只有 {numbers} 个）", "", "几份规范表要接着编号"))
    if came != taken:
        raise InputError(Problem(f"给了 {came} 行，只读到 {taken} 行", "", "数据在变，或分区的次序不定：先写成 Parquet 再算"))
    ended, data = run.verdicts.select(ROW).distinct().count(), read.filter(f"`{WHAT}` IS NULL").count()
    if whole and ended != data:
        raise InputError(Problem(f"有 {data} 行数据，只有 {ended} 行有结果", "", "这是程序的错，请报告"))
