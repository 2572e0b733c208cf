"""Random worlds: a few people who come up again and again, in rosters cut into files, with a history of payments."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import openpyxl

from jybf.policy import load_pack, pack_names
from jybf.vocabulary.facts import facts
from tests.laws.cells import TOWN, UNREADABLE, Row, as_cells, credit_code, variants, with_keys
from tests.roster.books import idno

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jybf.model import Program

PACKS = {name: load_pack(name) for name, _ in pack_names()}
HOMES = ("户编号", "户主身份证号", "户主姓名", "与户主关系")
NUMERIC = ("int", "money", "rate")
PEOPLE, AT_HOME, FIRMS = 6, 2, 3
HEADERS = {"出勤天数": "参训天数"}  # whose days 出勤天数 are, other columns of its sheet decide
ROSTERS = ("花名册", "花名册二", "花名册三")
PAST = "历史"


@dataclass(frozen=True)
class Line:
    """One row of a world: the programme it is about, its cells, and the number by which it is known again."""

    number: int
    program: str
    cells: Row


@dataclass(frozen=True)
class World:
    """``rows`` to be judged, each in one of three files (``parts``), beside the payments ``past``; titled for one programme.

    Without ``title`` each row says itself what it is about.
    """

    region: str
    title: str
    rows: list[Line]
    parts: list[list[Line]]
    past: list[Line]


def person(number: int) -> Row:
    return {"姓名": f"示例{chr(0x4E00 + number)}", "身份证号": idno(f"140926{1960 + number % 40}0315{100 + number}")}


def home(number: int, who: int) -> Row:
    """All that a row can say of the household of the person ``who``."""
    head = person(number * AT_HOME)
    relation = "户主" if who == number * AT_HOME else "配偶"
    return {
        "户编号": f"140926{number:06d}",
        "户主身份证号": head["身份证号"],
        "户主姓名": head["姓名"],
        "与户主关系": relation,
        **TOWN,
    }


def firm(number: int) -> Row:
    return {"统一社会信用代码": credit_code(number), "单位名称": f"示例{chr(0x4E00 + number)}有限公司"}


def firm_of(cells: Row) -> int | None:
    """Which employer a row says it is of, by its code, else its name."""
    told = cells.get("统一社会信用代码") or cells.get("单位名称")
    return next((number for number in range(FIRMS) if told in firm(number).values()), None)


@cache
def sources(region: str, program_id: str) -> tuple[list[list[Row]], list[list[Row]]]:
    """The rows of the programme's paid cases in all their variants, and those of all its cases."""
    program = next(p for p in PACKS[region].programs if p.id == program_id)
    every = [[with_keys(_somebody(given), program) for given in case.given] for case in program.cases if not case.history]
    return list(variants(program)), every


def _somebody(given: Mapping[str, Any]) -> Row:
    """A row of an example is about a person of its own, unless it says that it is about none."""
    row = as_cells(given if "身份证号" in given else {"姓名": "own", "身份证号": "own", **given})
    return {name: value[0] if isinstance(value, list) else value for name, value in row.items()}


def world(region: str, programs: Sequence[Program], seed: int, groups: int) -> World:
    """So many claims for each of ``programs`` and some payments, as ``seed`` has it."""
    rng = random.Random(f"{region} {[p.id for p in programs]} {seed}")  # noqa: S311  nothing secret
    mixed = len(programs) > 1
    found: dict[bool, list[Line]] = {False: [], True: []}
    number = 0
    for program in programs:
        taken = set[Any]()
        for paid in [False] * groups + [True] * rng.randint(1, 2 if mixed else 4):
            for cells in _claim(rng, region, program, taken, paid=paid):
                own = {"补贴项目": program.id} if mixed else {}
                if mixed:
                    cells.pop("享受过", None)  # had before what? Other columns of its sheet decide
                found[paid].append(Line(number, program.id, {"序号": number, **own, **cells}))
                number += 1
    rows = found[False]
    rng.shuffle(rows)
    cuts = sorted(rng.sample(range(1, len(rows)), 2)) if len(rows) > 2 else [len(rows), len(rows)]
    parts = [rows[: cuts[0]], rows[cuts[0] : cuts[1]], rows[cuts[1] :]]
    return World(region, "" if mixed else programs[0].id, rows, [part for part in parts if part], found[True])


def _claim(rng: random.Random, region: str, program: Program, taken: set[Any], *, paid: bool) -> list[Row]:
    good, every = sources(region, program.id)
    rows = [dict(row) for row in rng.choice(good if rng.random() < 0.85 else every)]
    workers = [row for group in every for row in group if row.get("身份证号")]
    if program.tally and program.tally.least <= 10 and workers and rng.random() < 0.6:
        rows = [dict(rng.choice(workers)) for _ in range(program.tally.least + rng.randint(-1, 1))]
    employer, who = rng.randrange(FIRMS), rng.sample(range(PEOPLE if len(rows) <= PEOPLE else 40), len(rows))
    for row, one in zip(rows, who, strict=True):
        _name(rng, row, one, employer)
        _vary(rng, row, program, paid=paid)
    together = program.tally and all(row.get("姓名") or row.get("身份证号") for row in rows)  # one application of an employer
    return [one for claim in ([rows] if together else [[row] for row in rows]) for one in _dated(rng, claim, taken)]


def _name(rng: random.Random, row: Row, who: int, employer: int) -> None:
    """Say who it is, and of household and employer as much as the row does or less."""
    if row.get("身份证号"):
        row |= person(who)
    if {*HOMES} & {*row}:
        told = home(who // AT_HOME, who)
        kept = rng.sample(HOMES, rng.randint(1, 4))
        for name in HOMES:
            row.pop(name, None)
        row |= {name: told[name] for name in (*kept, *TOWN)}
    if {"单位名称", "统一社会信用代码"} & {*row}:
        row |= firm(employer)
        if rng.random() < 0.3:
            row[rng.choice(("单位名称", "统一社会信用代码"))] = None


def _vary(rng: random.Random, row: Row, program: Program, *, paid: bool) -> None:
    """Another claim, other months; now and then a cell that says nothing."""
    amount, quota = program.amount, program.quota
    if amount.units in row and isinstance(row[amount.units], int) and rng.random() < 0.5:
        row[amount.units] = rng.randint(1, (quota.most if quota else 6) + 1)
    if rng.random() < 0.4:
        unit = (amount.fen or 50000) // 100
        row["申请金额"] = rng.choice(["1", "100.01", str(unit), str(unit * 3), str(unit * 9)])
    if paid and rng.random() < 0.6:
        row["发放金额"] = row.get("申请金额") or str((amount.fen or 50000) // 100)
        row["发放日期"] = date(2021, 12, 15)
    names = [name for name, value in row.items() if value is not None]
    if rng.random() < 0.15:
        row[rng.choice(names)] = None
    if rng.random() < 0.1:
        read = [name for name in names if name in facts() and facts()[name].type not in ("text", "name")]
        row[rng.choice(read)] = UNREADABLE


def _dated(rng: random.Random, rows: list[Row], taken: set[Any]) -> list[Row]:
    """``rows`` with their days moved so that no other claim has any of them; none where they can't be."""
    for _ in range(60):
        by = timedelta(rng.randint(-30, 60))
        moved = [{k: v + by if isinstance(v, date) and k != "发放日期" else v for k, v in row.items()} for row in rows]
        days = {day for row in moved for day in _days(row)}
        if not days & taken and not any(isinstance(day, date) and day.day == 1 for day in days):
            taken |= days
            return moved
    return []


def _days(row: Row) -> Iterator[Any]:
    """All that says when, but for the day of the payment."""
    for name, value in row.items():
        dated = isinstance(value, date) or (name in facts() and facts()[name].type in ("date", "period"))
        if dated and name != "发放日期" and value not in (None, UNREADABLE):
            yield value


def shown(value: Any) -> str:
    """As a clerk types it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def stored(name: str, value: Any) -> Any:
    """As a spreadsheet keeps it: days as days, figures as figures."""
    if isinstance(value, date) or value is None:
        return value
    text = shown(value)
    if name in facts() and facts()[name].type in NUMERIC and text.replace(".", "", 1).isdigit():
        return float(text) if "." in text else int(text)
    return text


def titled(world: World) -> str:
    return f"{PACKS[world.region].name}{world.title}花名册"


def write(path: Path, world: World, lines: Sequence[Line], *, real: bool = False) -> None:
    """A sheet of ``lines`` from row 3 on, with those columns that any of them fills; ``real``: typed cells of a workbook."""
    filled = (name for line in lines for name, value in line.cells.items() if value is not None)
    names = list(dict.fromkeys(("序号", "姓名", "身份证号", *filled)))
    put = stored if real else lambda _, value: shown(value)
    table = [
        [titled(world)],
        [HEADERS.get(name, name) for name in names],
        *([put(name, line.cells.get(name)) for name in names] for line in lines),
    ]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
        return
    book = openpyxl.Workbook()
    for row in table:
        book.active.append([None if value == "" else value for value in row])
    book.save(path)
