"""Findings in numbers: by rule, township, employer and programme, how many, on how many rows, and how much money."""

import polars as pl
from msgspec.structs import replace

from jybf.audit.catalogue import texts
from jybf.audit.roll import CLAIMED
from jybf.model import LEVELS, LINE, ROW, STATISTICS_COLUMNS, STOP, Report

RULE, WHOLE = "规则", "合计"
GROUPS = ("乡镇", "单位", "补贴项目")  # each row falls under one heading of each, so that their counts add up to 合计
_ADDING_UP = (*GROUPS, WHOLE)
UNSAID, NO_ROW = "未写明", "不在某一行"  # a total that does not add up is on no row of data
_PLACE = ("文件", "工作表", LINE)
_WAIVED = "豁免"
_COUNTS = (*LEVELS, _WAIVED)


def tallied(report: Report) -> Report:
    """The report of an audit, its findings as :func:`statistics`. What was said around it stays as it is."""
    assert report.context is not None and report.findings is not None  # noqa: PT018, S101  an audit always has them
    frame = statistics(report.frame, report.context, report.findings.roll)
    return replace(report, kind="statistics", frame=frame, context=None)


def statistics(findings: pl.DataFrame, context: pl.DataFrame, roll: pl.DataFrame | None = None) -> pl.DataFrame:
    """STATISTICS_COLUMNS for ``findings`` (FINDING_COLUMNS) with their ``context`` (CONTEXT, line by line).

    A line a rule, township, employer and programme that has findings, the gravest first, then one line 合计. 行数: rows of
    data with a finding, each once. A row with several findings counts its largest sum once, in 拦截金额 of those at 拦截,
    in 涉及金额 of all; null where none states a sum. What is waived is counted under 豁免 and nowhere else. 总行数 and
    申领金额 are those of all rows under the same heading; null of a rule, and without a ``roll``.
    """
    found = _headed(pl.concat([findings, context.select(ROW, *GROUPS, _WAIVED)], how="horizontal"))
    parts = [_by(found, RULE).with_columns(pl.lit(None, pl.Int64).alias(name) for name in ("总行数", CLAIMED))]
    parts += [_by(found, name).join(_base(roll, name), on="名称", how="left", maintain_order="left") for name in _ADDING_UP]
    return pl.concat([part.select(STATISTICS_COLUMNS) for part in parts])


def _headed(found: pl.DataFrame) -> pl.DataFrame:
    """``found`` with the heading under which each finding falls in each dimension, and what it counts as."""
    rule = pl.col("编号").replace_strict(
        {code: f"{code} {text.title}" for code, text in texts().items()}, default=pl.col("编号")
    )
    nobody = pl.when(pl.col(ROW).is_null()).then(pl.lit(NO_ROW)).otherwise(pl.lit(UNSAID))
    headings = (pl.when(pl.col(name).fill_null("") != "").then(name).otherwise(nobody).alias(name) for name in GROUPS)
    waived = pl.col(_WAIVED).fill_null("") != ""
    counted = pl.when(waived).then(pl.lit(_WAIVED)).otherwise("级别").alias("_计")
    return found.with_columns(rule.alias(RULE), *headings, counted, pl.lit(WHOLE).alias(WHOLE))


def _by(found: pl.DataFrame, name: str) -> pl.DataFrame:
    live = pl.col("_计") != _WAIVED
    counts = [(pl.col("_计") == level).sum().cast(pl.Int64).alias(level) for level in _COUNTS]
    rows = pl.col(ROW).filter(live & pl.col(ROW).is_not_null()).n_unique().cast(pl.Int64).alias("行数")
    whole = found.group_by(name).agg(*counts, rows)
    return (
        whole.join(_sums(found, name), on=name, how="left")
        .rename({name: "名称"})
        .with_columns(pl.lit(name).alias("维度"), pl.col("金额不明").fill_null(0))
        .sort(*LEVELS, "名称", descending=[True, True, True, False])
    )


def _sums(found: pl.DataFrame, name: str) -> pl.DataFrame:
    """The money of each heading: of every row of data the largest sum, once; what is on no row is no money of anybody's."""
    on = pl.col(ROW).is_not_null()
    stop, live = on & (pl.col("_计") == STOP), on & (pl.col("_计") != _WAIVED)
    sums = {"拦截金额": stop, "涉及金额": live}
    largest = [pl.col("涉及金额").filter(kept).max().alias(column) for column, kept in sums.items()]
    lines = found.group_by(name, *_PLACE).agg(*largest, stop.any().alias("_拦"))
    stated = (pl.when(pl.col(column).count() > 0).then(pl.sum(column)).alias(column) for column in sums)
    unstated = (pl.col("_拦") & pl.col("拦截金额").is_null()).sum().cast(pl.Int64).alias("金额不明")
    return lines.group_by(name).agg(*stated, unstated)


def _base(roll: pl.DataFrame | None, name: str) -> pl.DataFrame:
    """Of each heading all rows and all that they claim."""
    if roll is None:
        return pl.DataFrame(schema={"名称": pl.String, "总行数": pl.Int64, CLAIMED: pl.Int64})
    heading = pl.lit(WHOLE) if name == WHOLE else pl.when(pl.col(name) != "").then(name).otherwise(pl.lit(UNSAID))
    claimed = pl.when(pl.col(CLAIMED).count() > 0).then(pl.sum(CLAIMED)).alias(CLAIMED)
    return roll.group_by(heading.alias("名称")).agg(pl.len().cast(pl.Int64).alias("总行数"), claimed)
