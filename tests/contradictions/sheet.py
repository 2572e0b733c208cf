"""A lawful sheet that can be spoilt cell by cell, and what an audit says of its rows."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from jybf.audit.release import pay_list
from jybf.commands import audit
from jybf.commands.request import Request
from jybf.model import DOUBT, HINT, LINE, ROW, SHEET, STOP
from jybf.report.progress import unheard
from jybf.vocabulary.fields import load_fields
from tests.clean.clerk import Clerk
from tests.clean.forms import FORMS, firm
from tests.clean.more import MORE
from tests.roster.books import idno

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jybf.model import Findings
    from tests.clean.clerk import Cell
    from tests.clean.forms import Row

EVERY = FORMS | MORE
# Short names of the forms, as contradictions name them.
NAMES = dict(zip(("跨省", "省内", "公岗", "丰都公岗", "代训", "吸纳", "雨露", "创业", "贷款"), (
    "跨省务工交通补贴", "省内务工交通补贴", "公益性岗位补贴", "丰都公益性岗位补贴", "以工代训补贴", "一次性吸纳就业补贴", "雨露计划",
    "一次性创业补助", "创业担保贷款贴息",
), strict=True))  # fmt: skip
HEADERS = {"金额": ("申请金额", "岗位补贴", "贴息金额")}
APART = 3  # rows that a contradiction has for itself: small employers, so that each spoils its own
RANK = (HINT, DOUBT, STOP)
PLACE = tuple[str, int]  # file and line


@dataclass
class Sheet:
    """``rows`` by header. ``second``: another file's rows under the same title; ``past``: what was paid before."""

    form: str
    title: list[str]
    rows: list[Row]
    clerk: Clerk
    second: list[Row] = field(default_factory=list)
    past: list[Row] = field(default_factory=list)
    lists: dict[str, list[dict[str, Cell]]] = field(default_factory=dict)
    comments: dict[tuple[int, str], str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)  # field → header
    suffix: str = ".csv"
    columns: list[str] = field(default_factory=list)  # as they were written
    struck: set[int] = field(default_factory=set)
    again: dict[int, int] = field(default_factory=dict)  # a row → its place in the other file, where it is told

    def header(self, name: str) -> str:
        """The header of the column that is field ``name``, which is added where there is none."""
        if name not in self.known:
            wanted = HEADERS.get(name, (name,))
            self.known[name] = next((h for h in self.rows[0] if h == name or _field(h) in wanted), wanted[0])
        return self.known[name]

    def get(self, n: int, name: str) -> str:
        return str(self.rows[n].get(self.header(name)) or "").strip(" \t'　")

    def put(self, n: int, **cells: Cell) -> None:
        for name, value in cells.items():
            self.rows[n][self.header(name)] = value

    def headers(self) -> list[str]:
        return list(dict.fromkeys(header for row in (*self.rows, *self.second) for header in row))

    def line(self, n: int) -> int:
        return n + len(self.title) + 2

    def place(self, n: int) -> PLACE:
        """Where an audit tells of row ``n``."""
        if n in self.again:
            return f"{self.form}二.csv", self.line(self.again[n])
        return f"{self.form}{self.suffix}", self.line(n)

    def firm(self, n: int) -> set[int]:
        """The rows of the employer of row ``n``."""
        code = self.rows[n].get("统一社会信用代码")
        return {i for i, row in enumerate(self.rows) if code and row.get("统一社会信用代码") == code}

    def stranger(self, n: int) -> int:
        """A row above ``n``, of another household and another employer."""
        apart = [h for h in ("户编号", "统一社会信用代码") if self.rows[n].get(h)]
        return next(i for i in range(n - 1, -1, -1) if all(self.rows[i][h] != self.rows[n][h] for h in apart))

    def copy(self, n: int, **cells: Cell) -> Row:
        return self.rows[n] | {self.header(name): value for name, value in cells.items()}

    def write(self, folder: Path, suffix: str = ".csv") -> list[str]:
        """The files of the sheet: its own, and another one if it has a second."""
        self.suffix, self.columns = suffix, self.headers()
        paths = [folder / f"{self.form}{suffix}"]
        _write(paths[0], self.title, self.columns, self.rows, self)
        if self.second:
            paths.append(folder / f"{self.form}二.csv")
            _write(paths[1], self.title, self.columns, self.second, None)
        return [str(path) for path in paths]


def _field(header: str) -> str:
    found = load_fields().find(header)
    return found.name if found else ""


def _write(path: Path, title: Sequence[str], headers: Sequence[str], rows: Sequence[Row], notes: Sheet | None) -> None:
    lines: list[list[Any]] = [[text] for text in title] + [list(headers)] + [[row.get(h) for h in headers] for row in rows]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([*line, *[None] * (len(headers) - len(line))] for line in lines)
        return
    book = openpyxl.Workbook()
    sheet = book.create_sheet("花名册", 0)
    for line in lines:
        sheet.append(line)
    for (n, header), text in notes.comments.items() if notes else ():
        sheet.cell(notes.line(n), headers.index(header) + 1).comment = Comment(text, "审核")
    for n in notes.struck if notes else ():
        for cell in sheet[notes.line(n)]:
            cell.font = Font(strike=True)
    book.save(path)


def sheet(form: str, count: int, clerk: Clerk) -> Sheet:
    """``count`` lawful rows of a form by its short name. Who fills in two sheets invents nobody twice."""
    made = EVERY[NAMES[form]][0](clerk, count)
    rows = [dict(row) for row in made.rows]
    if {"单位名称", "统一社会信用代码"} <= rows[0].keys():
        employers = [firm(clerk, place) for place in range(count // APART + 1)]
        rows = [row | employers[n // APART] for n, row in enumerate(rows)]
    return Sheet(form, list(made.title), rows, clerk)


def region(form: str) -> str:
    return EVERY[NAMES[form]][2]


@dataclass(frozen=True)
class Judged:
    """By file and line: what was found there or holds it (level, code, cell, problem), and the word of 放行."""

    found: Mapping[PLACE, list[tuple[str, str, str, str]]]
    released: Mapping[PLACE, str]

    def level(self, place: PLACE) -> str:
        return max((level for level, *_ in self.found.get(place, ())), key=RANK.index, default="")


def beside(sheets: Sequence[Sheet], folder: Path) -> tuple[list[str], list[str]]:
    """The files of what was paid before, one a sheet, and of the lists, one a kind, each with its kind."""
    history: list[Path] = []
    lists: dict[str, list[Row]] = {}
    for each in sheets:
        if each.past:
            history.append(folder / f"历史{each.form}.csv")
            _write(history[-1], each.title, each.headers(), each.past, None)
        for kind, rows in each.lists.items():
            lists.setdefault(kind, []).extend(rows)
    for kind, rows in lists.items():
        headers = list(dict.fromkeys(header for row in rows for header in row))
        _write(folder / f"名单{kind}.csv", ["名单（数据截至2026年1月1日）"], headers, rows, None)
    return [str(path) for path in history], [f"{kind}={folder / f'名单{kind}.csv'}" for kind in lists]


def judged(paths: Sequence[str], law: str, *, history: Sequence[str] = (), against: Sequence[str] = ()) -> Judged:
    report = audit.audited(
        Request(tuple(paths), region=law, history=tuple(history), against=tuple(against)), lambda _: None, unheard
    )
    findings: Findings = report.findings
    places = _places(findings)
    found: dict[PLACE, list[tuple[str, str, str, str]]] = {}
    texts = findings.rows.select("级别", "编号", "单元格", "问题", "文件", "行号").iter_rows()
    for (*told, file, line), held in zip(texts, findings.context["及"].to_list(), strict=True):
        for place in {(file, line), *(places[row] for row in held or () if row in places)}:
            found.setdefault(place, []).append(tuple(told))
    cleared = pay_list(findings)
    words = {(file, line): word for file, line, word in cleared.select("文件", "行号", "放行").iter_rows()}
    return Judged(found, words)


def _places(findings: Findings) -> dict[int, PLACE]:
    names = {sheet.index: sheet.file for sheet in findings.roster.sheets}
    rows = findings.roster.rows.select(pl.col(ROW).cast(pl.Int64), SHEET, LINE).iter_rows()
    return {row: (names[index], line) for row, index, line in rows}


def citizen(area: str, born: str, serial: int) -> str:
    return idno(f"{area}{born}{serial:03d}")
