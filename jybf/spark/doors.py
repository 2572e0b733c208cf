"""The Python door: ``jybf.spark.calc`` and ``jybf.spark.audit`` on DataFrames of Spark."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Protocol

import msgspec

from jybf.assess.stages import MERGED_RESULT
from jybf.audit.catalogue import chosen
from jybf.errors import Problem, UsageError
from jybf.spark.anchor import stand
from jybf.spark.county import COUNTY as COLUMN
from jybf.spark.county import FOUND, SORT, Audit, Listed, auditing, schema
from jybf.spark.failures import told
from jybf.spark.intake import intake
from jybf.spark.regions import unplaced_findings, unplaced_verdicts
from jybf.spark.runs import ANY, Given, Run, Runs, asked_of, data, judged, moved
from jybf.spark.session import session_of, table_of
from jybf.spark.vicinity import check_size, listed, together
from jybf.spark.words import REGION, YEAR, in_words

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

COUNTY, OF_COUNTY = "户籍县", "县"
MOST = 2_000_000  # rows of a county with its neighbours: some 6 GB of one Python worker


def calc(
    df: "DataFrame",
    region: str = "",
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
    say none. Without a ``region`` each row is judged by the pack of the place that the title of its sheet or its 户籍 names;
    who is of no pack's place is 待补资料, his 地区 不明. The rest as in ``jybf.api.calc``; ``force``: every row is judged by
    ``programs``. Raises JybfError.
    """
    past = None if history is None else Given(history, "历史")
    runs = judged(Given(df, name), region, programs=programs, force=force, past=past, as_of=as_of, settings=settings)
    return words_of(runs)[0]


class Audited(msgspec.Struct, frozen=True):
    """``findings``: FINDING_COLUMNS (涉及金额 in 元), 地区 and 县; ``not_run``: by county what was not checked, and why."""

    findings: "DataFrame"
    not_run: "DataFrame"


def audit(
    df: "DataFrame",
    region: str = "",
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
    runs = judged(Given(df, name), region, past=past, as_of=as_of, settings=settings)
    return audited(runs, county, against or {}, select, ignore, most)


def audited(
    runs: Runs,
    county: str,
    against: Mapping[str, "DataFrame | tuple[DataFrame, date]"],
    select: Sequence[str],
    ignore: Sequence[str],
    most: int,
    names: Mapping[str, str] | None = None,
) -> Audited:
    """The audit after a calc; ``names``: kind of list → what its file is called. Raises JybfError."""
    task, session = runs.each[0].asked.task, runs.read.sparkSession
    with told():
        given = {kind: each if isinstance(each, tuple) else (each, None) for kind, each in against.items()}
        kept: list[DataFrame] = []
        lists: dict[str, DataFrame] = {}
        known: list[Listed] = []
        for kind, (table, drawn) in given.items():
            lists[kind] = stand(data(intake(moved(session, table), (names or {}).get(kind, kind), task)), kept)
            known.append(listed(kind, lists[kind], drawn))

        def by_counties(run: Run) -> "DataFrame":
            whole = stand(together(run.judged, county, lists, run.asked.task, kept), kept)
            check_size(whole, most)
            past = None if run.judged.past is None else tuple(run.judged.past.columns)
            asked = Audit(run.asked.task, past, tuple(known), tuple(select), tuple(ignore))
            return stand(whole.groupBy(COLUMN).applyInArrow(auditing(asked), schema(REGION, OF_COUNTY)), kept)

        whole = _joined([by_counties(run) for run in runs.each])
    found = whole.filter(f"`{SORT}` = '{FOUND}'").drop(SORT)
    if runs.rest is not None and "JY901" in chosen(select, ignore):
        found = found.unionByName(unplaced_findings(runs.rest, county))
    silent = whole.filter(f"`{SORT}` <> '{FOUND}'")
    told_ = ("`编号`", "`问题` AS `规则`", "`建议` AS `原因`", f"`{REGION}`", f"`{OF_COUNTY}`")
    return Audited(found, silent.selectExpr(*told_))


def _joined(parts: "Sequence[DataFrame]") -> "DataFrame":
    return reduce(lambda one, more: one.unionByName(more), parts)


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


def run_of(source: str, request: Wanted, master: str, conf: Sequence[str]) -> Runs:
    """The runs of a command: as :func:`judged`, of what the command line names. Raises JybfError."""
    asked = asked_of(request.region or ANY, settings=request.settings, as_of=request.as_of)
    session = session_of(master, conf)
    with told(source):
        given = Given(table_of(session, source, asked.task), source.rstrip("/").rpartition("/")[2])
    if len(request.history) > 1:
        raise UsageError(Problem("集群上历史是一张表", "--history", "先用 jybf canon 合成一张"))
    past = None
    for name in request.history:
        with told(name):
            past = Given(table_of(session, name, asked.task, paid=True), name.rstrip("/").rpartition("/")[2])
    return judged(
        given,
        request.region,
        programs=request.programs,
        force=request.force,
        past=past,
        as_of=request.as_of,
        settings=request.settings,
    )


def words_of(runs: Runs) -> tuple["DataFrame", int]:
    """The verdicts in words, and how many they have to be."""
    words = [in_words(run.judged, run.asked.task) for run in runs.each]
    count = sum(run.judged.verdicts.filter(f"`结果` <> {MERGED_RESULT}").count() for run in runs.each)
    if runs.rest is None:
        return _joined(words), count
    return _joined([*words, unplaced_verdicts(runs.rest, YEAR)]), count + runs.rest.count()
