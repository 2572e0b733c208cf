"""``--engine spark``: calc and audit of tables on a cluster, published whole or not at all."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from jybf.commands.config import load_config
from jybf.commands.opening import column_map, left_open, stated_pack, stated_region
from jybf.commands.past import ledger_of
from jybf.commands.request import Cluster, Delivery, Request, Shape, check_inputs
from jybf.errors import Problem, UsageError
from jybf.model import LEVELS
from jybf.policy import load_pack
from jybf.policy.regions import shipped_names
from jybf.roster.listkinds import parse_against
from jybf.spark import OWN_PACK, need
from jybf.visible import say

_REFUSED: Mapping[str, str] = {
    "sheet": "--sheet", "encoding": "--encoding", "law_as_of": "--law-as-of", "waivers": "--waivers",
    "carried": "--columns", "split": "--split", "form": "-f", "mask": "--mask", "show_pii": "--show-pii", "whole": "--all",
    "pay_list": "--pay-list", "statistics": "--statistics", "sample": "--sample",
}  # fmt: skip


def calc_on(request: Request, delivery: Delivery, cluster: Cluster) -> None:
    """Verdicts of a table to a folder or a table. Raises JybfError; then nothing is published."""
    request = _checked(request, delivery, cluster)
    from jybf.spark.doors import run_of, words_of
    from jybf.spark.failures import told
    from jybf.spark.publish import Part, vacant
    from jybf.spark.session import session_of

    with told(request.files[0]):
        vacant(session_of(cluster.master, cluster.conf), *filter(None, (delivery.output, cluster.bad_rows)))
        runs = run_of(request.files[0], request, cluster.master, cluster.conf)
        words, rows = words_of(runs)
        _leave([Part(words, delivery.output, ("地区", "年度"), rows)], runs, delivery, cluster, "个结果")
        _tell_law(runs, request, delivery)


def audit_on(
    request: Request, delivery: Delivery, shape: Shape, cluster: Cluster, threshold: str, *, strict: bool = False
) -> int:
    """Findings of a table, county by county, and beside them what was not checked. Gives the exit code. Raises JybfError."""
    request = _checked(request, delivery, cluster, shape)
    if request.programs:
        raise UsageError(Problem("集群上的审核查全部项目", "--program", "去掉它"))
    lists = [parse_against(text) for text in request.against]
    names = [each.kind.name for each in lists]
    faults = [Problem("集群上一种名单是一张表", name, "先合成一张") for name in dict.fromkeys(names) if names.count(name) > 1]
    hint = "写成 --against 死亡=名单.parquet@2021-12-31"
    faults += [Problem("集群上名单要写明是哪一天的", each.kind.name, hint) for each in lists if not each.stated]
    if faults:
        raise UsageError(*faults)
    from jybf.spark.doors import COUNTY, MOST, audited, run_of
    from jybf.spark.failures import told
    from jybf.spark.publish import Part, vacant
    from jybf.spark.session import session_of, table_of

    beside = f"{delivery.output.rstrip('/')}_没查"
    with told(request.files[0]):
        vacant(session_of(cluster.master, cluster.conf), *filter(None, (delivery.output, beside, cluster.bad_rows)))
        runs = run_of(request.files[0], request, cluster.master, cluster.conf)
        session, task = runs.read.sparkSession, runs.each[0].asked.task
        tables = {each.kind.name: (table_of(session, each.path, task), each.stated) for each in lists}
        files = {each.kind.name: Path(each.path).name for each in lists}
        found = audited(runs, cluster.county or COUNTY, tables, request.select, request.ignore, cluster.most or MOST, files)
        grave = ", ".join(f"'{level}'" for level in LEVELS[: LEVELS.index(threshold) + 1])
        failing = found.findings.filter(f"`级别` IN ({grave}) OR (`编号` LIKE 'JY9%' AND `编号` <> 'JY904')").count()
        silent = found.not_run.select("编号").distinct().count()
        unchecked = Part(found.not_run, beside)
        whole = Part(found.findings, delivery.output, ("地区", "县"), found.findings.count())
        _leave([unchecked, whole], runs, delivery, cluster, "条发现")
        _tell_law(runs, request, delivery)
    if not delivery.quiet:
        say(f"没查的规则 {silent} 项，逐县写在 {beside}", sys.stderr)
    return int(failing > 0 or (strict and silent > 0))


def _check_places(output: str, bad_rows: str, *, folder: bool) -> None:
    """Raises UsageError for a table where only a ``folder`` is written, and for a name that Spark gives no table."""
    if bad_rows.startswith("table:") or (folder and output.startswith("table:")):
        where = "--bad-rows" if bad_rows.startswith("table:") else "-o"
        raise UsageError(Problem("这里只写文件夹，写成表没有做", where, "写成文件夹，如 结果/"))
    if output.startswith("table:") and not re.fullmatch(r"table:(\w+\.)*\w+", output, re.ASCII):
        raise UsageError(
            Problem(f"Spark 的表名只能用字母、数字、下划线：{output}", "-o", "写成 table:库.表，如 table:jy.verdicts")
        )


def _checked(request: Request, delivery: Delivery, cluster: Cluster, shape: Shape | None = None) -> Request:
    """``request`` with the region (none: each row's own) and settings that jybf.toml adds, once a cluster can do all of it.

    Raises UsageError for what it does not do, and where there is no PySpark.
    """
    need()
    check_inputs(request)
    if len(request.files) != 1:
        raise UsageError(Problem("集群上一次算一张表", "--engine spark", "先用 jybf canon 合成一张"))
    if not delivery.output:
        raise UsageError(Problem("没有写明放在哪里", "--engine spark", "加上 -o 文件夹/"))
    _check_places(delivery.output, cluster.bad_rows, folder=shape is not None)
    config, path = load_config(Path.cwd())
    given = [option for part in (request, delivery, shape) for name, option in _REFUSED.items() if getattr(part, name, None)]
    given += [
        option
        for option, on in (("--ledger", ledger_of(request.ledger, config)), ("--map", column_map(request, config).path))
        if on
    ]
    if given:
        raise UsageError(Problem(f"集群上不能用 {'、'.join(given)}", "--engine spark", "去掉它，或用一台机器算"))
    settings = dict(config.settings) | dict(request.settings)
    if not stated_region(request, config, path)[0]:
        return replace(request, settings=settings)
    pack, _ = stated_pack(request, lambda text: None if delivery.quiet else say(text, sys.stderr))
    if pack.id not in shipped_names() or load_pack(pack.id, settings).digest != pack.digest:
        raise UsageError(Problem(OWN_PACK, pack.id, "用自带的规则包加 --set，或用一台机器算"))
    return replace(request, region=pack.id, settings=settings)


def _tell_law(runs: Any, request: Request, delivery: Delivery) -> None:
    """What a file of one machine says of itself, and a folder of Parquet can't: by which packs, and what was left open."""
    if delivery.quiet:
        return
    for notice in runs.notices:
        say(notice, sys.stderr)
    for run in runs.each:
        judged = [row[0] for row in run.judged.verdicts.select("项目").distinct().collect() if row[0] is not None]
        rows = f" {run.judged.rows.count()} 行" if runs.rest is not None else ""
        taken = left_open(run.pack, judged, request.settings)
        said = f"规则包 {run.pack.id} {run.pack.digest[:12]}{rows}{'；设置 ' + taken if taken else ''}"
        say(said, sys.stderr)
    if runs.rest is not None and (lost := runs.rest.count()):
        say(f"看不出用哪个地区的政策的 {lost} 行没有算：结果里的“地区”是“不明”", sys.stderr)


def _leave(parts: Sequence[Any], runs: Any, delivery: Delivery, cluster: Cluster, unit: str) -> None:
    """``parts``: those of :func:`jybf.spark.publish.publish_all`, the result itself last."""
    from jybf.spark.publish import Part, bad_rows, publish_all

    bad = bad_rows(runs.read)
    lost = bad.count()
    beside = [Part(bad, cluster.bad_rows)] if cluster.bad_rows else []
    *_, written = publish_all([*beside, *parts])
    if not delivery.quiet:
        say(f"已写入 {delivery.output}：{written} {unit}", sys.stderr)
        if lost:
            where = f"写在 {cluster.bad_rows}" if cluster.bad_rows else "用 --bad-rows 写出来看"
            say(f"认不出的格、不是数据的行共 {lost} 处：{where}", sys.stderr)
