"""The audit of one county, by the very checks of one machine: its own rows, and those of others that share a key with them."""

from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.assess.history import earlier_payments, unmatched
from jybf.assess.stages import OUTPUT
from jybf.audit.run import audit
from jybf.model import FINDING_COLUMNS, ROW, SHEET, Findings, Listing, Pack, Roster, Verdicts
from jybf.report.plain import yuan_columns
from jybf.roster.canonical import HEAD
from jybf.roster.canonical import columns as canonical_columns
from jybf.roster.cast import no_problems
from jybf.roster.listkinds import kinds
from jybf.roster.lists import dated
from jybf.spark.anchor import short_texts
from jybf.spark.failures import Task, carrying
from jybf.spark.local import TIED, Local, local, verdicts
from jybf.vocabulary.types import stored

COUNTY, FROM, OF = "_县", "_来", "_v"  # which county is audited, what a row is in it, and how a verdict's columns begin
OWN, NEAR, JUDGED, PAST, LIST = "自", "邻", "判", "史", "单"
SORT, FOUND, NOT_RUN = "_种", "发现", "没查"
MONEY = "decimal(20,2)"
TOLD = ("编号", "问题", "建议")  # of a check that did not run: its code, what it looks for, why it did not


class Listed(msgspec.Struct, frozen=True):
    """What is known of a whole list, of which a county sees the rows that meet it."""

    kind: str
    columns: tuple[str, ...]
    drawn: Any  # date or None
    total: int
    dark: int


class Audit(msgspec.Struct, frozen=True):
    """What every county is audited by."""

    task: Task
    past: tuple[str, ...] | None  # the columns of the history, if there is one
    lists: tuple[Listed, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def schema(region: str, county: str) -> str:
    """What :func:`audit_county` gives."""
    told = (f"`{name}` {'bigint' if name == '行号' else MONEY if name == '涉及金额' else 'string'}" for name in FINDING_COLUMNS)
    return ", ".join([*told, f"`{SORT}` string", f"`{region}` string", f"`{county}` string"])


def auditing(asked: Audit) -> Callable[[Any], Any]:
    """:func:`audit_county` as Spark calls it, which would look at what types a named function states."""
    return lambda table: audit_county(table, asked)


def audit_county(table: Any, asked: Audit) -> Any:
    """The findings on the county's own rows and what did not run, as Arrow; ``table``: all rows that it is given."""
    with carrying():
        pack = asked.task.pack()
        frame = pl.DataFrame(table)
        rows, past = _canonical(frame, OWN, NEAR), _canonical(frame, PAST)
        own = local(
            rows.with_columns(pl.when(_is(frame, OWN, NEAR)[FROM] == OWN).then(HEAD).alias(HEAD))
            if HEAD in rows.columns
            else rows
        )
        before = _before(past) if asked.past is not None else None
        told = _verdicts(frame, own, before, pack, asked.task)
        lists = _lists(frame, own, asked)
        found = audit(
            own.roster, pack, told, history=before and before.roster, lists=lists, select=asked.select, ignore=asked.ignore
        )
        mine = _is(frame, OWN).select(ROW, SHEET)
        return short_texts(_laid_out(found, own, mine, pack, str(frame[COUNTY][0])).to_arrow())


def _is(frame: pl.DataFrame, *what: str) -> pl.DataFrame:
    return frame.filter(pl.col(FROM).is_in(what))


def _canonical(frame: pl.DataFrame, *what: str) -> pl.DataFrame:
    known = [name for name in frame.columns if name in canonical_columns() or name in TIED.values()]
    return _is(frame, *what).select(known)


def _before(past: pl.DataFrame) -> Local:
    if past.height:
        return local(past)
    rows = past.clear().select(ROW, SHEET, "行号")
    return Local(Roster(rows, no_problems(), ()), rows[ROW])


def _verdicts(frame: pl.DataFrame, own: Local, before: Local | None, pack: Pack, task: Task) -> Verdicts:
    judged = _is(frame, JUDGED).select(ROW, *(pl.col(OF + name).alias(name) for name in OUTPUT[1:]))
    told = verdicts(judged, own, pack, task.as_of)
    first = told.rows["先"]
    here = own.here(first.clip(lower_bound=0))
    then = -1 - before.here((-1 - first).clip(lower_bound=0)) if before else here
    placed = pl.select(pl.when(first < 0).then(then).otherwise(here).alias("先")).to_series()
    told = replace(told, rows=told.rows.with_columns(placed))
    if before is None:
        return told
    past = earlier_payments(before.roster, pack)
    return replace(told, history=before.roster, past=past, unmatched=unmatched(before.roster, past, pack))


def _lists(frame: pl.DataFrame, own: Local, asked: Audit) -> list[Listing]:
    lists: list[Listing] = []
    index = len(own.roster.sheets)
    for each in asked.lists:
        rows = _canonical(frame, LIST + each.kind).drop(*TIED.values(), strict=False)
        near = local(rows, index) if rows.height else _before(rows)
        index += len(near.roster.sheets)
        lacking = [
            pl.lit(None, stored(canonical_columns()[n])).alias(n) for n in each.columns if n not in near.roster.rows.columns
        ]
        whole = near.roster.rows.with_columns(lacking)
        roster = replace(near.roster, rows=dated(whole, {sheet.index: each.drawn for sheet in near.roster.sheets}))
        lists.append(Listing(kinds()[each.kind], roster, each.drawn, each.total, each.dark, whole=False))
    return lists


def _laid_out(found: Findings, own: Local, mine: pl.DataFrame, pack: Pack, county: str) -> pl.DataFrame:
    here = own.here(mine[ROW])
    sheets = own.roster.rows[here][SHEET].unique() if here.len() else pl.Series(dtype=pl.Int32)
    on_row, on_sheet = pl.col(ROW).is_in(here.implode()), pl.col(SHEET).is_in(sheets.implode())
    kept = found.context.select(
        pl.when(pl.col(ROW).is_not_null()).then(on_row).otherwise(pl.col(SHEET).is_null() | on_sheet)
    ).to_series()
    rows = yuan_columns(found.rows.filter(kept).with_columns(pl.lit(FOUND).alias(SORT)), ["涉及金额"])
    silent = [(each.code, each.title, each.why) for each in found.not_run]
    beside = pl.DataFrame(silent, dict.fromkeys(TOLD, pl.String), orient="row").with_columns(pl.lit(NOT_RUN).alias(SORT))
    whole = pl.concat([rows, beside], how="diagonal")
    texts = [name for name in FINDING_COLUMNS if name not in ("行号", "涉及金额")]
    return whole.with_columns(
        pl.col(*texts, SORT).cast(pl.String), pl.lit(pack.id).alias("地区"), pl.lit(county).alias("县")
    ).select(*FINDING_COLUMNS, SORT, "地区", "县")
