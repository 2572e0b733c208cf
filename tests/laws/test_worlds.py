"""What must not matter does not: in how many files rows stand, in which order and form; and no limit is overdrawn.

``tests/bench/worlds.py`` tries many more worlds by hand.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from jybf.assess import assess
from jybf.audit import audit
from jybf.audit.release import pay_list
from jybf.commands import own_pack
from jybf.commands.calc import calc, calculated
from jybf.commands.request import Delivery, Request
from jybf.model import PAID
from jybf.report.progress import unheard
from jybf.roster import read, same_homes
from tests.laws.limits import overdrawn
from tests.laws.test_cells import PROGRAMS
from tests.laws.test_own_output import RELEASED, alike
from tests.laws.worlds import PACKS, PAST, ROSTERS, Line, World, firm_of, world, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from jybf.model import Pack, Program

YUAN = "500"
SEED = 7  # its worlds tell an engine that forgets the history, or the order of the days
_NO_COLUMN = re.compile("（表中没有[^）]*）")  # of a sheet that lacks what another of the files has
_PLACE = re.compile(r"《([^》]*)》[^《第]*第 (\d+) 行")
Told = dict[Any, list[tuple[Any, ...]]]  # row → programme, result, 分, 说明, 假定
# One programme of each kind of key and deadline.
KINDS = list({(*alike(p), bool(p.period)): (region, p) for region, p in PROGRAMS}.values())


def kept(load: Callable[..., Pack]) -> Callable[..., Pack]:
    """``load``, each pack once: a world is read many times by the same law."""
    packs: dict[tuple[Any, ...], Pack] = {}

    def load_once(region: str, settings: Mapping[str, str] | None = None, known_on: date | None = None) -> Pack:
        key = (region, known_on, *sorted((settings or {}).items()))
        return packs.setdefault(key, packs[key] if key in packs else load(region, settings, known_on))

    return load_once


LOAD = kept(own_pack.load_pack)


@pytest.fixture(autouse=True)
def _packs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_pack, "load_pack", LOAD)


def put(folder: Path, world: World, parts: Sequence[Sequence[Line]], past: Sequence[Line], form: str, *, real: bool):
    """What a user asks of the world's files, and which row stands where: file and line → number."""
    folder.mkdir()
    files: dict[str, list[str]] = {PAST: [], "": []}
    where: dict[tuple[str, int], int] = {}
    for name, lines in [*zip(ROSTERS, parts, strict=False), (PAST, past)]:
        if lines:
            path = folder / f"{name}.{form}"
            write(path, world, lines, real=real)
            where |= {(path.name, at): line.number for at, line in enumerate(lines, 3)}
            files[name if name == PAST else ""].append(str(path))
    named = (world.title,) if world.title else ()
    sums = {f"{p.id}.yuan": YUAN for p in PACKS[world.region].payable() if p.amount.kind == "open"}
    asked = Request(tuple(files[""]), region=world.region, programs=named, history=tuple(files[PAST]), settings=sums)
    return asked, where


def judged(
    folder: Path, world: World, parts: Sequence[Sequence[Line]], past: Sequence[Line], form: str = "csv", *, real: bool = False
) -> Told:
    """The verdicts on each row by its number; rows that a verdict names are named by theirs."""
    asked, where = put(folder, world, parts, past, form, real=real)
    told: Told = defaultdict(list)
    for row in calculated(asked, _ignore, unheard).frame.iter_rows(named=True):
        why = _PLACE.sub(lambda found: f"[{where[found[1], int(found[2])]}]", _NO_COLUMN.sub("", row["说明"]))
        told[where[row["文件"], row["行号"]]].append((row["补贴项目"], row["结果"], row["核定金额"], why, row["假定"]))
    return told


def _ignore(_: str) -> None:
    """Nobody listens."""


def faults(folder: Path, world: World, seed: int) -> Iterator[str]:
    """All that is wrong in ``world``, each by itself."""
    own = judged(folder / "一", world, [world.rows], world.past)
    yield from overdraws(world, own)
    yield from differing("three files", own, judged(folder / "三", world, world.parts, world.past))
    yield from permuted(folder / "换", world, own, random.Random(seed))  # noqa: S311  nothing secret
    for form in ("text", "real"):
        found = judged(folder / form, world, world.parts, world.past, "xlsx", real=form == "real")
        yield from differing(form, own, found)
    yield from paid_again(folder / "再", world)


def overdraws(world: World, told: Told) -> Iterator[str]:
    rows = {line.number: line for line in world.rows}
    paid = [(v[0], rows[n].cells, v[2], v[3]) for n, verdicts in told.items() for v in verdicts if v[1] == PAID]
    return overdrawn(world.region, YUAN, paid, [(line.program, line.cells) for line in world.past])


def permuted(folder: Path, world: World, own: Told, rng: random.Random, form: str = "csv") -> Iterator[str]:
    """The rows in another order, in other files, after a history in another order; an employer's verdict may stand on any."""
    mixed, past = (rng.sample(lines, len(lines)) for lines in (world.rows, world.past))
    third = len(mixed) // 3 + 1
    parts = [part for part in (mixed[2 * third :], mixed[:third], mixed[third : 2 * third]) if part]
    tallied = {program.id for program in PACKS[world.region].programs if program.tally}
    rows = {line.number: line for line in world.rows}
    other = judged(folder, world, parts, past, form, real=form != "csv")
    yield from differing("permuted", *(_by_claim(told, rows, tallied) for told in (own, other)))


def _by_claim(told: Told, rows: Mapping[int, Line], tallied: set[str]) -> Told:
    """``told`` by employer where its people are counted, without the numbers of rows that came first."""
    found: Told = defaultdict(list)
    for number, verdicts in told.items():
        cells = rows[number].cells
        people = rows[number].program in tallied and (cells.get("姓名") or cells.get("身份证号"))
        of_firm = people and firm_of(cells) is not None
        key = (rows[number].program, firm_of(cells)) if of_firm else number
        # Which of an employer's rows of one day speaks for it, their order says, and with it how it is called.
        unsaid = r"^〔.*?〕|\[\d+\]" if of_firm else r"\[\d+\]"
        found[key] += [(*v[:3], re.sub(unsaid, "", v[3]), v[4]) for v in verdicts]
    return found


def differing(what: str, one: Told, other: Told) -> Iterator[str]:
    for key in one.keys() | other.keys():
        before, after = (sorted(told.get(key, ()), key=str) for told in (one, other))
        if before != after:
            yield f"{what} {key}: {before} → {after}"


def paid_again(folder: Path, world: World) -> Iterator[str]:
    """Whoever an audit lets be paid though the run before has paid all it could, its output being part of the history."""
    asked, where = put(folder, world, world.parts, world.past, "csv", real=False)
    result = folder / "结果.csv"
    calc(asked, Delivery(output=str(result), quiet=True))
    now, before = same_homes([read(asked.files), read([*asked.history, str(result)], paid=True)])
    verdicts = assess(now, LOAD(world.region, asked.settings), programs=asked.programs, history=before)
    rows = pay_list(audit(now, verdicts.pack, verdicts, history=before))
    by_number = {line.number: line.cells for line in world.rows}
    for row in rows.filter(pl.col("放行").is_in(RELEASED)).iter_rows(named=True) if rows is not None else ():
        yield f"again {row} {by_number[where[row['文件'], row['行号']]]}"


@pytest.mark.parametrize(("region", "program"), KINDS, ids=[f"{region}-{program.id}" for region, program in KINDS])
def test_files_order_and_form_change_no_verdict_and_no_limit_is_overdrawn(
    region: str, program: Program, tmp_path: Path
) -> None:
    found = world(region, [program], SEED, 8)
    own = judged(tmp_path / "一", found, [found.rows], found.past)
    assert list(overdraws(found, own)) == []
    assert list(permuted(tmp_path / "三", found, own, random.Random(SEED), "xlsx")) == []  # noqa: S311
