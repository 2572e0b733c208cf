"""How many persons an employer's number is made of, counted by the query that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jybf.assess.asked import run
from jybf.assess.heads import group_by_employer
from jybf.assess.sentences import place
from jybf.assess.stages import stage
from jybf.model import ROW, Tally
from jybf.model.proof import FAILS, HOLDS, LACKS, Mark, Member

if TYPE_CHECKING:
    from jybf.assess.origins import Subject


class Count(msgspec.Struct, frozen=True):
    """An employer's rows, and in one sentence how many of its persons count."""

    said: str
    members: tuple[Member, ...]


def count(subject: Subject, index: int, tally: Tally) -> Count:
    """The persons of the employer whose verdict stands on the row of ``subject``, for programme ``index``."""
    merged = subject.verdicts.merged.filter(pl.col("项目") == index, pl.col("并入") == subject.row)[ROW]
    rows = subject.all[[subject.row, *merged.to_list()]]
    stages = ", ".join(group_by_employer(tally, index, 'SELECT * FROM "known"'))
    counted = f'WITH {stages} SELECT "_low", "_high", "_blank", "_stated" FROM {stage(index, "heads")}'
    head = run(rows, counted).row(0, named=True)
    if head["_blank"]:
        stated = "没有填" if head["_stated"] is None else f"写着 {head['_stated']}"
        return Count(f"单位自己的一行，“{tally.read}”{stated}，要求不少于 {tally.least}", ())
    each = run(rows, f'WITH {stages} SELECT "{ROW}", "_counts" FROM {stage(index, "group")}').sort(ROW)
    doubtful = head["_high"] - head["_low"]
    more = f"，另有 {doubtful} 人不能定" if doubtful else ""
    said = f"名册 {rows.height} 行，能确定的 {head['_low']} 人{more}，要求不少于 {tally.least} 人"
    return Count(said, tuple(_member(subject, row, counts) for row, counts in each.iter_rows()))


def _member(subject: Subject, row: int, counts: int | None) -> Member:
    mark: Mark = LACKS if counts is None else HOLDS if counts else FAILS
    name = subject.all["姓名"][row] if "姓名" in subject.columns else None
    return Member(row, place(row, subject.verdicts, subject.roster), name or "", mark)
