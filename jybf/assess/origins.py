"""Where a row's facts come from: its own cell, the sheet's title, the region's default, or other facts of the row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jybf.assess.prepare import default
from jybf.assess.sentences import value
from jybf.model import LINE, ROW, SHEET, last
from jybf.model.proof import Fact
from jybf.roster.cells import cell
from jybf.vocabulary.facts import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from jybf.model import Roster, Sheet, Verdicts

_STARTS, _ENDS = ("就业开始日期", "务工开始日期", "招用日期"), ("就业结束日期", "务工结束日期", "离职日期")

# A derived fact → what it may have been derived from, by the reader (roster/derive.py) or under the law (assess/prepare.py).
DERIVED: dict[str, tuple[str, ...]] = {
    "申报金额": ("申请金额", "核定金额", "发放金额"),
    "户": ("户编号", "户主身份证号", "户主姓名", "乡镇", "行政村", "与户主关系"),
    "单位": ("统一社会信用代码", "单位名称"),
    "跨省": ("务工省", "户籍省", "务工区域"),
    "县外": ("务工省", "户籍省", "务工县", "户籍县", "务工区域"),
    "人员类别": ("监测对象类别", "易地搬迁", "低保特困"),
    "连续缴费月数": ("社保开始日期", "社保结束日期"),
    "补贴月数": ("训练开始日期", "训练结束日期"),
    "离职日期": ("解除日期",),
    "合同开始日期": ("上岗日期", "合同月数"),
    "合同结束日期": ("合同开始日期", "合同月数"),
    "计息天数": ("计息开始日期", "计息结束日期"),
    "正常经营月数": ("登记日期", "开业日期", "申请日期"),
    "贷款到期日期": ("贷款发放日期", "贷款期限"),
    "贷款期限": ("贷款发放日期", "贷款到期日期"),
    "稳定就业月数": ("务工月数", *_STARTS, *_ENDS),
}


@dataclass(frozen=True)
class Subject:
    """One row with all that is known of it. ``all``: the prepared rows of the roster, a row's number being its position."""

    roster: Roster
    verdicts: Verdicts
    all: pl.DataFrame
    row: int

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
    shown, own = subject.value(name), subject.cell(name)
    if name in subject.faults:
        text, reason = subject.faults[name]
        return Fact(name, text, own, f"读不出：{reason}", unread=True)
    if shown and subject.cells.get(default(name)):
        return Fact(name, shown, own, f"未填，按{subject.verdicts.pack.name}的规则取默认")
    sources = _sources(subject, name)
    if not shown:
        blank = "空着" if own else "" if sources else "花名册没有这一列"
        return Fact(name, "", own, "；".join(filter(None, (blank, sources and f"也推不出：{sources}" if own else sources))))
    if own:
        return Fact(name, shown, own, f"或由{sources}得出" if sources and _may_fill(subject, name) else "")
    return Fact(name, shown, "", f"由{sources}得出" if sources else "取自表题或表名")


def _sources(subject: Subject, name: str) -> str:
    """What the row has of the facts that ``name`` may be derived from, in words."""
    own = subject.sheet.columns.get(name)
    names = [n for n in DERIVED.get(name, ()) if own is None or subject.sheet.columns.get(n) != own]
    there = [n for n in names if subject.value(n) or n in subject.faults or n in subject.sheet.columns]
    return "、".join(_source(subject, n) for n in there)


def _source(subject: Subject, name: str) -> str:
    place = subject.cell(name)
    where = f"（{place}）" if place else ""
    if name in subject.faults:
        return f"{name}{where}读不出：{subject.faults[name][1]}"
    if subject.cells.get(default(name)):
        return f"{name} {subject.value(name)}（默认）"
    return f"{name} {subject.value(name) or '空着'}{where}"


def _may_fill(subject: Subject, name: str) -> bool:
    """Whether the value may be derived although the sheet has a column for it: which of the two it was, nobody kept."""
    return any(subject.value(n) for n in DERIVED.get(name, ()))


def governing(subject: Subject, basis: Sequence[str], by: int | None) -> str:
    """The governing date by name and value ("申请日期 2021-08-10"); "" where there is none."""
    if by is None:
        return ""
    if by == len(basis):
        return f"--as-of {subject.verdicts.as_of}"
    return f"{basis[by]} {subject.value(basis[by])}"


def year_of(subject: Subject, year: Sequence[str]) -> bool:
    """Whether the period ``year`` (first and last day) decides the year that a claim is for: it is known and lies in one."""
    if not year:
        return False
    first, end = subject.cells.get(year[0]), subject.cells.get(last(year[1]))
    return first is not None and end is not None and first.year == end.year
