"""What nobody may get more of than once, or than so many months: from the text of a pack and plain cells, without the engine."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.laws.cells import UNREADABLE, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RULES = Path(__file__).parents[2] / "rules"
Paid = tuple[str, Row, int, str]  # programme, cells, 分, 说明


@cache
def law(region: str) -> dict[str, dict[str, Any]]:
    """The programmes of a pack as they are written."""
    return {p["id"]: p for p in tomllib.loads((RULES / f"{region}.toml").read_text(encoding="utf-8"))["program"]}


def overdrawn(region: str, yuan: str, paid: Iterable[Paid], past: Iterable[tuple[str, Row]]) -> Iterator[str]:
    """Each limit that the ``paid`` rows of a run break, beside the payments ``past``; ``yuan``: what open sums are set to."""
    used: dict[tuple[Any, ...], int] = defaultdict(int)
    got: dict[tuple[Any, ...], int] = defaultdict(int)
    for name, cells in past:
        if UNREADABLE in cells.values():
            continue
        for limit, most, units, key in _draws(law(region)[name], cells, _stated(law(region)[name], cells)):
            used[name, limit, most, key] += units
    for name, cells, fen, told in paid:
        program = law(region)[name]
        units = _granted(told)
        if fault := _too_much(program, cells, fen, units, yuan):
            yield f"{name} {fen}: {fault} {cells}"
        for limit, most, drawn, key in _draws(program, cells, units):
            got[name, limit, most, key] += drawn
    for draw, units in got.items():
        if units and used[draw] + units > draw[2]:
            yield f"{draw}: {used[draw]} + {units}"


def _draws(program: dict[str, Any], cells: Row, units: int) -> Iterator[tuple[str, int, int, tuple[Any, ...]]]:
    """limit, most, how much of it the row takes, and of whose."""
    if once := program.get("once"):
        yield from (("once", 1, 1, key) for key in _keys(program, once, cells))
    if quota := program.get("quota"):
        yield from (("quota", quota["most"], units, key) for key in _keys(program, quota["per"], cells))


def _keys(program: dict[str, Any], per: list[str], cells: Row) -> Iterator[tuple[Any, ...]]:
    """Whoever is not told can't be told again, nor can what stands in a cell that nobody reads."""
    yield from product(*({*_told(program, name, cells)} for name in per))


def _told(program: dict[str, Any], name: str, cells: Row) -> Iterator[Any]:
    """All by which a row says which person, household, employer or year it is about."""
    match name:
        case "户":
            yield from _filled(cells, "身份证号", "户编号", "户主身份证号")
        case "单位":
            yield from _filled(cells, "统一社会信用代码", "单位名称")
        case "申请年度":
            yield from [year for year in [_year(program, cells)] if year]
        case _:
            yield from _filled(cells, name)


def _filled(cells: Row, *names: str) -> Iterator[Any]:
    yield from ((name.removeprefix("户主"), cells[name]) for name in names if cells.get(name) not in (None, UNREADABLE))


def _year(program: dict[str, Any], cells: Row) -> int | None:
    """The year of the work, else that which the row states, else of the day that governs; None if anything is in the way."""
    span = [cells.get(name) for name in program.get("year", ())]
    days = [
        *([span] if None not in span else []),
        *([cells[name]] for name in ("所属期", *program["basis"]) if cells.get(name)),
    ]
    years = [{_year_of(day) for day in each} for each in days]
    known = next((each for each in years if len(each) == 1), {None})
    return None if any(None in each for each in years) else known.pop()


def _year_of(day: Any) -> int | None:
    text = day.isoformat() if isinstance(day, date) else str(day)
    return int(text[:4]) if re.match(r"\d{4}", text) else None


def _stated(program: dict[str, Any], cells: Row) -> int:
    stated = cells.get(program["amount"].get("units", ""))
    return stated if isinstance(stated, int) else 0


def _granted(told: str) -> int:
    """The units that the reasons of a paid row say it is paid for."""
    found = re.search(r"〔[^〕]*?(?:(\d+)个月|学期数 (\d+))", told)
    return int(found[1] or found[2]) if found else 1


def _too_much(program: dict[str, Any], cells: Row, fen: int, units: int, yuan: str) -> str:
    """Why the sum of one row alone is too much, or ""."""
    amount, period = program["amount"], program.get("period")
    rates = [tier["yuan"] for tier in amount.get("tiers", ())] or [amount.get("yuan", yuan)]
    most = max(float(rate) * 100 for rate in rates) * (units if re.search("月|学期", amount.get("unit", "")) else 1)
    claimed = cells.get("申请金额")
    if amount["kind"] != "interest" and not re.search("天", amount.get("unit", "")) and fen > most:
        return f"more than {most}"
    if amount["kind"] == "cap" and claimed and fen > float(claimed) * 100:
        return "more than was claimed"
    start = cells.get(period["start"]) if period else None
    if isinstance(start, date) and units > 12 * (period["until"].year - start.year) + period["until"].month - start.month + 1:
        return "months after the end of the policy"
    return ""
