"""What comes out: verdicts, findings, and what a report says around them. The column lists are the outside contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from jybf.model.law import Pack
from jybf.model.roster import ROW, SHEET, Roster

if TYPE_CHECKING:
    import polars as pl


PAID, REFUSED, INCOMPLETE, UNDETERMINED = "可发放", "不符合", "待补资料", "待定标准"
MERGED = "并入单位"  # a worker's row that only counts towards its employer's verdict
APART = "不涉及"  # a row that no programme judges
RESULTS = (PAID, REFUSED, INCOMPLETE, UNDETERMINED)  # Verdicts.rows carries the index

VERDICT_COLUMNS = (
    "文件", "工作表", "行号", "姓名", "身份证号", "单位", "补贴项目",
    "结果", "核定金额", "标准类型", "依据", "说明", "假定",
)  # fmt: skip

FINDING_COLUMNS = (
    "编号", "级别", "文件", "工作表", "行号", "列名", "单元格", "姓名", "身份证号",
    "当前值", "应为", "问题", "依据", "涉及金额", "建议",
)  # fmt: skip

# Counts, but 维度 and 名称 (text) and the three sums; 豁免 apart from its level; 金额不明: rows at 拦截 that state no sum.
STATISTICS_COLUMNS = (
    "维度", "名称", "拦截", "疑点", "提示", "豁免", "行数", "总行数", "拦截金额", "金额不明", "涉及金额", "申领金额",
)  # fmt: skip

# 序号 and 行号 Int64, 入样概率 Decimal, 核查结果 blank for whoever checks.
SAMPLE_COLUMNS = (
    "序号", "文件", "工作表", "行号", "姓名", "身份证号", "乡镇", "单位", "补贴项目",
    "申领金额", "抽法", "入样概率", "发现", "核查结果",
)  # fmt: skip

MONEY = ("核定金额", "涉及金额", "拦截金额", "申领金额", "本次可发")  # the columns in 分 of any of them

STOP, DOUBT, HINT = "拦截", "疑点", "提示"
LEVELS = (STOP, DOUBT, HINT)  # from the gravest


class Verdicts(msgspec.Struct, frozen=True):
    """What each row gets from each programme it belongs to.

    ``rows``: ``_row``, ``项目`` (index into ``pack.programs``), ``结果`` (index into RESULTS), ``分`` (null unless paid),
    ``数量`` (units granted), ``申报数量``, ``年度``, ``不符`` ``缺`` ``推定`` (bit j: clause j failed, lacks, is presumed),
    ``可望`` (分 that an undecided row would get if every missing fact held; null if no document sets it),
    ``缘由`` ("" or once, quota, excluded, prior), ``先`` (the ``_row`` that was paid first; negative: row of the history).
    ``merged``: ``_row``, ``项目``, ``并入``: worker rows that only count towards the employer's verdict on row ``并入``.
    ``unnamed``: ``_row`` of rows of which nothing says what they apply for.
    ``known``: the roster's rows with every fact under ``pack`` (see :func:`jybf.assess.known.know`).
    ``past``: what of the ``history`` was paid (see :func:`jybf.assess.history.earlier_payments`); None without one.
    """

    rows: pl.DataFrame
    merged: pl.DataFrame
    unnamed: pl.DataFrame
    pack: Pack
    known: pl.DataFrame
    as_of: date | None = None
    history: Roster | None = None
    past: pl.DataFrame | None = None
    unmatched: tuple[tuple[int, str], ...] = ()  # rows of the history that can be held against nobody, and what they lack
    whole: Verdicts | None = None  # those of every programme, where only some were asked for


class NotRun(msgspec.Struct, frozen=True):
    """A check that lacked its data: unchecked is never passed.

    ``lists``, ``columns``: what it asks for, in words, if nothing else is lacking but lists and columns.
    """

    code: str
    title: str
    why: str
    lists: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


# What a finding is about, besides what its columns say; one line a finding, in their order. All text but the first two and
# 及: the other rows whose money it holds (a list; null: none).
CONTEXT = (ROW, SHEET, "乡镇", "单位", "补贴项目", "豁免", "及")


class Findings(msgspec.Struct, frozen=True):
    """``rows`` has FINDING_COLUMNS as text but 行号 (Int64) and 涉及金额 (Int64, 分).

    ``context`` has CONTEXT, a line for each of ``rows``: ``_row`` and ``_sheet`` are null where the finding is on no row of
    the roster; 乡镇, 单位, 补贴项目 are "" where unsaid; 豁免 says who waived it until when, "" if nobody did.
    ``roll``: every row of the roster and what it claims, see jybf.audit.roll. ``verdicts`` and ``roster``: what was
    audited; ``partial``: checks were left out on purpose, so that nothing can be said of what may be paid. ``controls``: rows
    that are about a control of the pack, and ask for no money. ``standing``: of more findings than
    these, see :func:`jybf.audit.release.standing`.
    """

    rows: pl.DataFrame
    context: pl.DataFrame
    not_run: tuple[NotRun, ...]
    checked: tuple[str, ...]  # codes that ran
    roll: pl.DataFrame
    verdicts: Verdicts
    roster: Roster
    partial: bool = False
    controls: frozenset[int] = frozenset()
    standing: pl.DataFrame | None = None


class Lines(msgspec.Struct, frozen=True):
    """The lines of a large report, ``count`` of them, part by part in their order: ``parts`` begins with the first."""

    count: int
    parts: Callable[[], Iterator[pl.DataFrame]]


class Report(msgspec.Struct, frozen=True):
    """What a writer gets: one table of contract columns, what to say around it, and where every figure came from.

    ``frame``: VERDICT_COLUMNS, FINDING_COLUMNS, STATISTICS_COLUMNS, SAMPLE_COLUMNS or a pay list's; 行号 Int64, MONEY Int64
    in 分 (null where there is none), the rest text with "" for nothing. ``summary``: what stands on stderr, under the table
    and on the first sheet.
    ``context``: of an audit, CONTEXT for each line of ``frame``. ``roster``: what was read; ``paths``: 文件 → where it lies.
    ``findings``: all that an audit found, whatever ``frame`` shows of it.
    ``lines``: where they need not stand all at once, for a writer that flows; ``frame`` has none then.
    """

    kind: Literal["calc", "audit", "statistics", "sample", "pay_list"]
    frame: pl.DataFrame
    summary: Summary
    provenance: Mapping[str, str]
    not_run: tuple[NotRun, ...] = ()
    notices: tuple[str, ...] = ()  # what was said on stderr of how the input was read; a workbook lists it
    context: pl.DataFrame | None = None
    checked: tuple[str, ...] = ()
    roster: Roster | None = None
    paths: Mapping[str, str] = {}
    findings: Findings | None = None
    lines: Lines | None = None

    @property
    def height(self) -> int:
        return self.lines.count if self.lines else self.frame.height


class ProgramSum(msgspec.Struct, frozen=True):
    """One programme in one run: rows by result, and 分 that are certain or still held back by missing facts."""

    program: str
    counts: Mapping[str, int]
    paid_fen: int
    held_fen: int


class Release(msgspec.Struct, frozen=True):
    """What a missing fact holds back: filling ``fact`` (alone) would decide ``rows`` rows and release up to ``fen`` 分."""

    fact: str
    rows: int
    fen: int


class Near(msgspec.Struct, frozen=True):
    """``rows`` that one condition of ``program`` alone, ``text``, keeps from being paid, by a measure they miss by a little."""

    program: str
    text: str
    rows: int

    @property
    def said(self) -> str:
        return f"{self.program}：{self.rows} 行只差“{self.text}”"


class Clearance(msgspec.Struct, frozen=True):
    """What an audit leaves of the rows that calc would pay, each (rows, 分): ``clear`` of findings at 拦截 and 疑点; ``cut``:
    too much is claimed, and calc grants less; ``doubted`` (verify first); ``stopped``. ``elsewhere``: findings on no row.
    """  # noqa: D205  the figures are the summary

    clear: tuple[int, int]
    cut: tuple[int, int]
    doubted: tuple[int, int]
    stopped: tuple[int, int]
    elsewhere: int = 0


ASKED, UNASKED = "申领", "未申领即核定"
CLEAR, REDUCED, CUT_OFF, VERIFY, WAITING, UNPAID = "可发", "核减后发", "核减", "先核实", "待补", "不发"
BALANCED = (ASKED, UNASKED), (CLEAR, REDUCED, CUT_OFF, VERIFY, WAITING, UNPAID)  # the terms of the two sides


class Balance(msgspec.Struct, frozen=True):
    """What is claimed under one programme, and what becomes of it: both sides of BALANCED add up, in each of the three.

    ``parts``: people, rows and 分 of each term; 核减, what calc cuts off, is a sum only. ``unstated``: rows that claim and
    don't state how much.
    """

    program: str
    parts: Mapping[str, tuple[int, int, int]]
    unstated: int = 0


class Summary(msgspec.Struct, frozen=True):
    """The end of a run, for a human. ``lines``: how many rows of the input ended where; they add up to ``total``."""

    total: int
    lines: Mapping[str, int]
    programs: tuple[ProgramSum, ...] = ()
    releases: tuple[Release, ...] = ()
    near: tuple[Near, ...] = ()
    levels: Mapping[str, int] = {}  # audit: findings by level
    risk_fen: int = 0  # audit: 分 that the findings at 拦截 concern
    risk_unstated: int = 0  # audit: findings at 拦截 on rows that state no sum: not zero, unknown
    clearance: Clearance | None = None  # audit, if no check was left out
    balances: tuple[Balance, ...] = ()  # audit, likewise: a programme each, then all of them
    manual: tuple[str, ...] = ()  # what only a person can decide about the programmes that pay here, as sentences
