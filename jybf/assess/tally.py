"""How many persons an employer's number is made of, counted by the query that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jybf.assess.asked import ask, run
from jybf.assess.heads import group_by_employer, who_counts
from jybf.assess.lines import place
from jybf.assess.stages import stage, text
from jybf.model import ROW, Tally, Verdicts
from jybf.model.proof import FAILS, HOLDS, LACKS, Mark, Member

if TYPE_CHECKING:
    from jybf.assess.origins import Subject

_HEAD = "_首"


class Count(msgspec.Struct, frozen=True):
    """An employer's rows, and in one sentence how many of its persons count."""

    said: str
    members: tuple[Member, ...]


def count(subject: Subject, index: int, tally: Tally) -> Count:
    """The persons of the employer whose verdict stands on the row of ``subject``, for programme ``index``."""
    merged = subject.verdicts.merged.filter(pl.col("项目") == index, pl.col("并入") == subject.row)[ROW]
    rows = subject.all[[subject.row, *merged.to_list()]]
    stages = tuple(group_by_employer(tally, index, 'SELECT * FROM "known"'))
    counted = f'SELECT "_low", "_high", "_blank" FROM {stage(index, "heads")}'
    head = run(rows, text(stages, counted)).row(0, named=True)
    if head["_blank"]:
        names = (tally.read, *tally.beside)
        stated = "，".join(f"“{name}”{f'写着 {shown}' if (shown := subject.value(name)) else '没有填'}" for name in names)
        return Count(f"单位自己的一行，{stated}，要求{'合计' if tally.beside else ''}不少于 {tally.least}", ())
    each = run(rows, text(stages, f'SELECT "{ROW}", "_counts" FROM {stage(index, "group")}')).sort(ROW)
    doubtful = head["_high"] - head["_low"]
    more = f"，另有 {doubtful} 人不能定" if doubtful else ""
    said = f"名册 {rows.height} 行，能确定的 {head['_low']} 人{more}，要求不少于 {tally.least} 人"
    return Count(said, tuple(_member(subject, row, counts) for row, counts in each.iter_rows()))


def too_few(verdicts: Verdicts, doubted: pl.Series) -> pl.DataFrame:
    """``_row`` of each employer that is paid for so many persons, and 缘由, where those not ``doubted`` (rows) are too few."""
    frames = [pl.DataFrame(schema={ROW: pl.Int64, "缘由": pl.String})]
    for index, program in enumerate(verdicts.pack.programs):
        merged = verdicts.merged.filter(pl.col("项目") == index).select(ROW, pl.col("并入").cast(pl.Int64).alias(_HEAD))
        if program.tally and merged.height:
            frames.append(_short(verdicts, program.tally, merged, doubted))
    return pl.concat(frames)


def _short(verdicts: Verdicts, tally: Tally, merged: pl.DataFrame, doubted: pl.Series) -> pl.DataFrame:
    heads = merged.select(_HEAD).unique().select(pl.col(_HEAD).alias(ROW), _HEAD)
    rows = pl.concat([merged, heads])
    counted = ask(verdicts.known[rows[ROW]], {"_counts": who_counts(tally)}).join(rows, on=ROW)
    who = pl.coalesce("身份证号", pl.format("#{}", ROW)) if "身份证号" in verdicts.known.columns else pl.format("#{}", ROW)
    people = verdicts.known[counted[ROW]].select(ROW, who.alias("_谁"))
    sure = counted.filter(pl.col("_counts") == 1).join(people, on=ROW)
    sure = sure.with_columns(pl.col(ROW).is_in(doubted.implode()).alias("_疑"))
    each = sure.group_by(_HEAD, "_谁").agg(pl.col("_疑").any())  # each person once, doubted with any of their rows
    each = each.group_by(_HEAD).agg(pl.len().cast(pl.Int64).alias("_数"), pl.col("_疑").sum().cast(pl.Int64))
    left = pl.col("_数") - pl.col("_疑")
    why = pl.format(f"{{}} 人里有 {{}} 人待核实，其余不足 {tally.least} 人", "_数", "_疑")
    short = each.filter((left < tally.least) & (pl.col("_数") >= tally.least))
    return short.select(pl.col(_HEAD).alias(ROW), why.alias("缘由")).sort(ROW)


def _member(subject: Subject, row: int, counts: int | None) -> Member:
    mark: Mark = LACKS if counts is None else HOLDS if counts else FAILS
    name = subject.all["姓名"][row] if "姓名" in subject.columns else None
    return Member(row, place(row, subject.verdicts, subject.roster), name or "", mark)
