"""Lawful sheets with contradictions in them, through the user's door: what escapes, and what is told of other rows."""

from __future__ import annotations

from collections import defaultdict
from itertools import cycle, islice
from random import Random
from typing import TYPE_CHECKING

from jybf.model import HINT
from jybf.roster.grid import column_letters
from tests.clean.clerk import Clerk
from tests.contradictions import elsewhere, facts, money, persons
from tests.contradictions.sheet import APART, RANK, Judged, Sheet, beside, judged, region, sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.contradictions.case import Contradiction

EVERY = [case for module in (persons, facts, money, elsewhere) for case in module.CONTRADICTIONS]
COUNTY = {"shanxi": "静乐县", "fengdu": "丰都县"}
LAWFUL = ("可发", "待定标准")
FREE = ("可发",)  # the words of 放行 that pay the whole of what is asked


def spoilt(form: str, cases: list[Contradiction], clerk: Clerk) -> tuple[Sheet, dict[int, Contradiction], set[int]]:
    """A lawful sheet with each of ``cases`` on a row of its own; which row; and all the rows that one of them concerns."""
    made = sheet(form, APART * (len(cases) + 2), clerk)
    at = {APART * (n + 1) + 1: case for n, case in enumerate(cases)}
    named = {n: who(made, n) for n in range(len(made.rows))}
    concerned = {n for n, case in at.items() for n in (n, *(case.change(made, n) or ()))}
    same = set().union(*(named[n] | who(made, n) for n in concerned))
    return made, at, concerned | {n for n in named if named[n] & same}


def who(made: Sheet, n: int) -> set[str]:
    """By what a row is of the same person or account as another."""
    return {"".join(made.get(n, name).split()) for name in ("身份证号", "姓名", "银行账号")} - {""}


def escaped(case: Contradiction, made: Sheet, n: int, said: Judged) -> str:
    """What is wrong with what was said of the row, in words; "" for nothing."""
    place = made.place(n)
    told = said.found.get(place, [])
    level, cells = said.level(place), {cell for _, _, cell, _ in told}
    if not level or RANK.index(level) < RANK.index(case.level):
        return f"{made.form} {case.name}: {told}"
    if case.level != HINT and said.released.get(place) in FREE:
        return f"{made.form} {case.name}: 可发, though {told}"
    wanted = f"{column_letters(made.columns.index(made.header(case.cell)))}{place[1]}" if case.cell else ""
    return "" if not wanted or wanted in cells else f"{made.form} {case.name}: not at {wanted}: {told}"


def run(folder: Path, law: str, kinds: tuple[str, ...], seed: int, *, forms: int = 9, only: str = "") -> list[str]:
    """Whatever escapes, and whatever is said of rows that nothing concerns. ``forms``: of each contradiction at most."""
    suffix = ".xlsx" if "工作簿" in kinds else ".csv"
    clerk = Clerk(Random(seed), COUNTY[law], typed=suffix == ".xlsx", distinct=True)  # noqa: S311  nothing secret
    cases = [case for case in EVERY if case.kind in kinds and only in case.name]
    made = [spoilt(form, own, clerk) for form, own in by_form(cases, law, seed, forms).items()]
    if not made:
        return []
    sheets = [each for each, *_ in made]
    history, lists = beside(sheets, folder)
    said = judged([path for each in sheets for path in each.write(folder, suffix)], law, history=history, against=lists)
    wrong = [escaped(case, each, n, said) for each, at, _ in made for n, case in at.items()]
    return [text for text in (*wrong, *(text for each, _, concerned in made for text in meant(each, concerned, said))) if text]


def by_form(cases: list[Contradiction], law: str, seed: int, most: int) -> Mapping[str, list[Contradiction]]:
    """Which contradictions a form gets: each up to ``most`` of its forms of ``law``, another time the next ones."""
    forms: dict[str, list[Contradiction]] = defaultdict(list)
    for place, case in enumerate(cases, seed):
        own = [form for form in case.forms if region(form) == law]
        for form in islice(cycle(own), place % max(len(own), 1), place % max(len(own), 1) + min(most, len(own))):
            forms[form].append(case)
    return forms


def meant(made: Sheet, concerned: set[int], said: Judged) -> Iterator[str]:
    """What is wrongly said of the lawful rows."""
    for place in (made.place(n) for n in range(len(made.rows)) if n not in concerned):
        if said.level(place) not in ("", HINT) or said.released.get(place) not in LAWFUL:
            yield f"{place} {said.released.get(place)}: {said.found.get(place)}"
