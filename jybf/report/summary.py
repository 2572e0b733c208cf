"""The end of a run in numbers: where every row of the input went, per programme what is certain and what is held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jybf.model import (
    INCOMPLETE,
    LEVELS,
    LINE,
    PAID,
    REFUSED,
    RESULTS,
    ROW,
    STOP,
    UNDETERMINED,
    Findings,
    ProgramSum,
    Release,
    Roster,
    Summary,
    Verdicts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MERGED, UNNAMED, APART = "并入单位", "未指明项目", "不涉及"
PLACES = (PAID, UNDETERMINED, INCOMPLETE, REFUSED, MERGED, UNNAMED, APART)  # a row counts at the first that it reaches
_NEAR = 5


def summarise(verdicts: Verdicts, roster: Roster, missing: pl.DataFrame) -> Summary:
    """What a run of ``calc`` ends with. ``missing``: ``_row``, ``项目``, ``字段`` of each fact that an open row lacks."""
    lines = _places(verdicts, roster)
    return Summary(sum(lines.values()), lines, _programs(verdicts), _releases(verdicts, missing))


def summarise_findings(findings: Findings, verdicts: Verdicts, roster: Roster) -> Summary:
    """What a run of ``audit`` ends with. A row with several findings at 拦截 puts its largest sum at risk, once."""
    lines = _places(verdicts, roster)
    counts = dict(findings.rows.group_by("级别").len().iter_rows())
    stopped = findings.rows.filter(pl.col("级别") == STOP).group_by("文件", "工作表", LINE).agg(pl.max("涉及金额"))
    levels = {level: int(counts.get(level, 0)) for level in LEVELS}
    return Summary(sum(lines.values()), lines, levels=levels, risk_fen=int(stopped["涉及金额"].sum()))


def _places(verdicts: Verdicts, roster: Roster) -> Mapping[str, int]:
    """How many lines of all sheets ended where; each exactly once, so that the numbers add up to the files' lines."""
    order = pl.Series([PLACES.index(result) for result in RESULTS], dtype=pl.UInt8)
    ranked = (
        verdicts.rows.select(ROW, rank=order.gather(verdicts.rows["结果"])),
        verdicts.merged.select(ROW, rank=pl.lit(PLACES.index(MERGED), pl.UInt8)),
        verdicts.unnamed.select(ROW, rank=pl.lit(PLACES.index(UNNAMED), pl.UInt8)),
        roster.rows.select(ROW, rank=pl.lit(PLACES.index(APART), pl.UInt8)),
    )
    best = pl.concat(ranked, how="vertical_relaxed").group_by(ROW).agg(pl.min("rank"))
    rows: dict[str, int] = {PLACES[rank]: count for rank, count in best.group_by("rank").len().sort("rank").iter_rows()}
    return rows | _other_lines(roster)


def _other_lines(roster: Roster) -> dict[str, int]:
    others: dict[str, int] = {}
    for sheet in roster.sheets:
        for kind, count in sheet.lines.items():
            if kind != "数据" and count:
                others[kind] = others.get(kind, 0) + count
    return others


def _programs(verdicts: Verdicts) -> tuple[ProgramSum, ...]:
    sums: dict[int, dict[str, tuple[int, int, int]]] = {}
    grouped = verdicts.rows.group_by("项目", "结果").agg(pl.len(), pl.sum("分"), pl.sum("可望"))
    for program, result, *figures in grouped.sort("项目", "结果").iter_rows():
        sums.setdefault(program, {})[RESULTS[result]] = tuple(figures)
    return tuple(_program(verdicts.pack.programs[index].id, by) for index, by in sums.items())


def _program(name: str, by: Mapping[str, tuple[int, int, int]]) -> ProgramSum:
    none = (0, 0, 0)
    counts = {result: by.get(result, none)[0] for result in RESULTS}
    return ProgramSum(name, counts, by.get(PAID, none)[1], by.get(INCOMPLETE, none)[2])


def _releases(verdicts: Verdicts, missing: pl.DataFrame) -> tuple[Release, ...]:
    """The sets of facts that open rows lack: filling one set decides its rows. Largest sum first, then most rows."""
    lacks = missing.group_by(ROW, "项目").agg(pl.col("字段").unique().sort().str.join("、"))
    hopes = verdicts.rows.select(ROW, "项目", "可望")
    sets = lacks.join(hopes, on=[ROW, "项目"]).group_by("字段").agg(pl.len(), pl.sum("可望").fill_null(0))
    ordered = sets.sort("可望", "len", "字段", descending=[True, True, False])
    return tuple(Release(fact, rows, fen) for fact, rows, fen in ordered.iter_rows())
