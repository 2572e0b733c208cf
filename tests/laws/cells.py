"""Rows that are paid, written as a clerk writes them, and what can happen to one of their cells."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from jybf.assess.compile import reads
from jybf.model import PAID, UNDETERMINED
from jybf.policy.derivation import derived
from jybf.vocabulary.facts import facts
from tests.roster.books import idno

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from jybf.model import Pack, Program

Row = dict[str, Any]
Group = tuple[str, str, str, list[Row]]  # variant, what was done, to which cell, rows

UNREADABLE = "看不清楚"
CELLS = {"户": "户编号", "单位": "单位名称", "申报金额": "申请金额"}  # a fact of a case → a column that a clerk fills
TOWN = {"乡镇": "示例镇", "行政村": "示例村"}


def start(months: int) -> date:
    """So many months before the end of August 2021."""
    return pl.select(pl.date(2021, 9, 1).dt.offset_by(f"-{months}mo")).item()


def of_months(first: str, last: str, months: int) -> Row:
    return {first: start(months), last: date(2021, 8, 31)}


def ways(name: str, value: Any) -> Iterator[Row]:
    """Other cells that say of a row what the fact ``name`` says."""
    yield from OTHERWISE[name](value) if name in OTHERWISE else ()


def _stable(months: int) -> list[Row]:
    spans = [
        ("就业开始日期", "就业结束日期"),
        ("务工开始日期", "务工结束日期"),
        ("招用日期", "离职日期"),
        ("招用日期", "解除日期"),
    ]
    return [{"务工月数": months}, *(of_months(first, last, months) for first, last in spans)]


def _group(group: str) -> list[Row]:
    if group == "脱贫人口":
        return [{"脱贫户": True}, *({"人员类别": other, "监测对象类别": "脱贫不稳定户"} for other in ("一般农户", None))]
    flags = [{"易地搬迁": True}, {"低保特困": True}]
    return [*flags, {"监测对象类别": "边缘易致贫户"}, {"监测对象类别": "突发严重困难户"}]


def _loan(name: str) -> Callable[[Any], list[Row]]:
    paid_out = {"贷款发放日期": date(2021, 3, 15)}
    return lambda day: [{name: day, **paid_out, "贷款期限": 12}, {name: day, **paid_out, "贷款到期日期": date(2022, 3, 15)}]


OTHERWISE: dict[str, Callable[[Any], list[Row]]] = {
    **dict.fromkeys(("申报金额", "申请金额"), lambda yuan: [{"核定金额": yuan}, {"发放金额": yuan}]),
    "离职日期": lambda day: [{"解除日期": day}],
    "连续缴费月数": lambda months: [of_months("社保开始日期", "社保结束日期", months)],
    "稳定就业月数": _stable,
    "补贴月数": lambda months: [
        of_months("训练开始日期", "训练结束日期", months),
        {"岗位名称": "保洁员", "所属期": "2021-08"},
    ],
    "合同开始日期": lambda day: [{"上岗日期": day, "合同月数": 12}],
    "合同结束日期": lambda _: [{"合同月数": 12}],
    "计息天数": lambda days: [{"计息开始日期": date(2021, 1, 1), "计息结束日期": date(2021, 1, 1) + timedelta(days)}],
    "正常经营月数": lambda months: [{day: start(months), "申请日期": date(2021, 9, 10)} for day in ("登记日期", "开业日期")],
    **{name: _loan(name) for name in ("贷款到期日期", "贷款合同日期")},
    "人员类别": _group,
    "务工省": lambda province: [{"务工省": province, "务工区域": "省外"}, {"务工区域": "省外"}],
    "务工县": lambda _: [{"务工市": "太原市", "户籍市": "忻州市"}],
    "户编号": lambda number: [
        {"户主身份证号": "own"} | TOWN,
        {"户主姓名": "own"} | TOWN,
        {"与户主关系": "户主"} | TOWN,
        {"户编号": number, "户主身份证号": "own", "户主姓名": "own"} | TOWN,
    ],
    **dict.fromkeys(("单位名称", "统一社会信用代码"), lambda _: [{"统一社会信用代码": "own", "单位名称": "own"}]),
}


@dataclass(frozen=True)
class World:
    """Rows of one sheet in groups (an employer's rows belong together); ``about``: per group what was done to which cell."""

    program: Program
    groups: list[Group] = field(default_factory=list)


def paid(program: Program) -> Iterator[list[Row]]:
    """The rows of its examples that are paid: each by itself, but for an employer's, which belong together."""
    for case in (case for case in program.cases if not case.history):
        if program.tally:
            yield from [[as_cells(given) for given in case.given]] if {PAID, UNDETERMINED} & set(case.expect) else []
        else:
            pairs = zip(case.given, case.expect, strict=True)
            yield from ([as_cells(given)] for given, result in pairs if result in (PAID, UNDETERMINED))


def as_cells(given: Mapping[str, Any]) -> Row:
    return {CELLS.get(name, name): value for name, value in given.items() if value != ""}


def keyed(program: Program) -> Iterator[list[Row]]:
    """The rows of each paid case, with the keys that they are counted by."""
    yield from ([with_keys(row, program) for row in example] for example in paid(program))


def variants(program: Program) -> Iterator[list[Row]]:
    """The rows of each paid case, as they stand and with each of their facts told another way."""
    for rows in keyed(program):
        yield rows
        for name in rows[0]:
            for cells in ways(name, rows[0][name]):
                yield [{k: v for k, v in row.items() if k != name} | cells if name in row else row for row in rows]


def with_keys(row: Row, program: Program) -> Row:
    """``row`` with a person, a household and an employer of its own, where they are asked for."""
    per = {*program.once, *(program.quota.per if program.quota else ())}
    alone = program.tally and not {"身份证号", "姓名"} & set(row)  # an employer's own row names nobody
    keys: Row = {} if alone else {"姓名": "own", "身份证号": "own"}
    if "户" in per:
        keys["户编号"] = "own"
    if "单位" in per or program.tally or program.payee == "单位":
        keys |= {"统一社会信用代码": "own", "单位名称": "own"}
    return {**keys, **row}


def mutations(row: Row) -> Iterator[tuple[str, str, Row]]:
    """What can happen to one cell of ``row``: (what, cell, row)."""
    for name, value in row.items():
        if value is None or name in ("姓名", "乡镇", "行政村"):
            continue
        if facts()[name].type not in ("text", "name"):
            yield "unreadable", name, {**row, name: UNREADABLE}
        yield "blank", name, {**row, name: None}
        for sibling, other in siblings(name, value):
            yield "contradicted", sibling, {**row, sibling: other}


def siblings(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Another source of the same fact that says something else, worse for the row."""
    match name:
        case "务工省" if value != "山西省":
            yield "务工区域", "县内"
        case "离职日期":
            yield "解除日期", start(8)
        case "申请金额":
            yield "核定金额", "1"
        case "稳定就业月数" | "务工月数":
            yield "就业开始日期", date(2021, 8, 1)
        case "人员类别" if value == "脱贫人口":
            yield "监测对象类别", "边缘易致贫户"
        case _:
            pass


def written(name: str, value: Any, group: int, row: int) -> str:
    """``value`` as it stands in a cell; "own": something that no other row has."""
    serial = group * 7 + row
    own = {
        "姓名": lambda: f"示例{chr(0x4E00 + serial % 3000)}{chr(0x4E00 + serial // 3000)}",
        "身份证号": lambda: idno(
            f"140926{1960 + serial % 40}0{1 + serial // 40 % 9}{10 + serial // 360 % 18}{serial // 6480:03d}"
        ),
        "户主身份证号": lambda: idno(
            f"140926{1950 + group % 40}0{1 + group // 40 % 9}{10 + group // 360 % 18}{900 + group // 6480}"
        ),
        "户编号": lambda: f"14092600{group:05d}",
        "户主姓名": lambda: f"户主{chr(0x4E00 + group % 3000)}",
        "统一社会信用代码": lambda: credit_code(group),
        "单位名称": lambda: f"示例{chr(0x4E00 + group % 3000)}有限公司",
    }
    if value == "own" or (name in ("户编号", "单位名称") and value != UNREADABLE and value is not None):
        return own[name]()
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def credit_code(number: int) -> str:
    """A sound credit code."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    head = f"91140926MA0{number:06d}"[:17]
    total = sum(alphabet.index(letter) * pow(3, place, 31) for place, letter in enumerate(head))
    return head + alphabet[-total % 31]


def write(path: Path, pack: Pack, world: World, first: int = 0) -> list[int]:
    """Write the sheet; the Excel line on which each group begins. ``first``: the number of the first, of whom nobody is of another."""
    names = list(dict.fromkeys(name for *_, rows in world.groups for row in rows for name in row))
    lines, starts = [[f"{pack.name}{world.program.id}花名册"], names], []
    for number, (*_, rows) in enumerate(world.groups, first):
        starts.append(len(lines) + 1)
        lines += [[written(name, row.get(name), number, k) for name in names] for k, row in enumerate(rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return starts


def facts_read(program: Program) -> set[str]:
    """The derived facts on which a verdict on ``program`` can rest."""
    found, todo = set(), [*reads(program)]
    while todo:
        name = todo.pop()
        if name in derived() and name not in found:
            found.add(name)
            todo += [read for way in derived()[name].ways for read in way.reads]
    return found
