"""Where a row's facts come from: its own cell, the sheet's title, the region's default, or other facts of the row."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import msgspec
import polars as pl

from jybf.assess.sentences import value
from jybf.model import LINE, ROW, SHEET, Roster, Sheet, Verdicts
from jybf.model.proof import Fact
from jybf.policy.derivation import cells_of, derived
from jybf.roster.cells import cell
from jybf.vocabulary.facts import DEFAULT, by, facts


class Subject(msgspec.Struct, frozen=True, dict=True):
    """One row with all that is known of it."""

    roster: Roster
    verdicts: Verdicts
    row: int

    @property
    def all(self) -> pl.DataFrame:
        """The facts of all rows, a row's number being its position."""
        return self.verdicts.known

    @cached_property
    def one(self) -> pl.DataFrame:
        """The row alone."""
        return self.all[[self.row]]

    @cached_property
    def cells(self) -> dict[str, Any]:
        """The row's typed values by column."""
        return self.one.row(0, named=True)

    @cached_property
    def columns(self) -> Sequence[str]:
        """The columns of the prepared rows."""
        return self.all.columns

    @property
    def line(self) -> int:
        """Excel's number of the row."""
        return int(self.cells[LINE])

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet that the row stands on."""
        return next(sheet for sheet in self.roster.sheets if sheet.index == self.cells[SHEET])

    @cached_property
    def faults(self) -> dict[str, tuple[str, str]]:
        """Field → what stands in the cell, and why it can't be read."""
        mine = self.roster.problems.filter(self.roster.problems[ROW] == self.row)
        return {field: (text or "", reason) for field, text, reason in mine.select("字段", "原文", "原因").iter_rows()}

    def said(self, expression: pl.Expr) -> str:
        """``expression`` of this row as text; "" where it is null."""
        found = self.one.select(expression).item()
        return "" if found is None else str(found)

    def value(self, name: str) -> str:
        """The fact ``name`` as a reader writes it; "" where the row lacks it."""
        return self.said(value(name, self.columns)) if name in self.columns and name in facts() else ""

    def cell(self, name: str) -> str:
        """Excel's name of the cell of ``name``; "" if the sheet has no column for it."""
        return cell(self.sheet, name, self.line)


def known(subject: Subject, names: Iterable[str]) -> tuple[Fact, ...]:
    """The facts ``names`` of the row, each with where it comes from or why it is lacking."""
    return tuple(_fact(subject, name) for name in dict.fromkeys(names) if name in facts())


def _fact(subject: Subject, name: str) -> Fact:
    shown, own, way = subject.value(name), subject.cell(name), subject.cells.get(by(name))
    if name in subject.faults:
        text, reason = subject.faults[name]
        return Fact(name, text, own, f"读不出：{reason}", unread=True)
    if shown and way == DEFAULT:
        pack = subject.verdicts.pack
        return Fact(name, shown, own, f"未填，按{pack.defaults_of.get(name, pack.name)}的规则取默认")
    told = _sources(subject, name, way)
    if not shown:
        blank = "空着" if own else "" if told else "花名册没有这一列"
        return Fact(name, "", own, "；".join(filter(None, (blank, told and f"也推不出：{told}" if own else told))))
    if told:
        return Fact(name, shown, "", f"由{told}得出")
    return Fact(name, shown, own, "" if own else "取自表题或表名")


def _sources(subject: Subject, name: str, way: int | None) -> str:
    """What the row has of the cells that the fact ``name`` comes from by its ``way`` (None: by any), in words."""
    fact = derived().get(name)
    cells = cells_of(fact, way) if fact else ()
    if name in cells and way is not None:
        return ""
    own = subject.sheet.columns.get(name)
    names = [n for n in cells if n != name and (own is None or subject.sheet.columns.get(n) != own)]
    there = [n for n in names if subject.value(n) or n in subject.faults or n in subject.sheet.columns]
    return "、".join(_source(subject, n) for n in there)


def _source(subject: Subject, name: str) -> str:
    place = subject.cell(name)
    where = f"（{place}）" if place else ""
    if name in subject.faults:
        return f"{name}{where}读不出：{subject.faults[name][1]}"
    if subject.cells.get(by(name)) == DEFAULT:
        return f"{name} {subject.value(name)}（默认）"
    return f"{name} {subject.value(name) or '空着'}{where}"


def governing(subject: Subject, basis: Sequence[str], by: int | None) -> str:
    """The governing date by name and value ("申请日期 2021-08-10"); "" where there is none."""
    if by is None:
        return ""
    if by == len(basis):
        return f"--as-of {subject.verdicts.as_of}"
    return f"{basis[by]} {subject.value(basis[by])}"
