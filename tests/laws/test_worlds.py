"""What must not matter does not matter: in how many files rows stand, in which order and form; and no limit is overdrawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jybf.commands.calc import calculated
from jybf.commands.request import Request
from tests.laws.worlds import PAST, ROSTERS, Line, World, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

YUAN = "500"
_PLACE = re.compile(r"《([^》]*)》[^《第]*第 (\d+) 行")
Told = dict[int, list[tuple[Any, ...]]]


def settings(region, programs):
    return {f"{program.id}.yuan": YUAN for program in programs if program.amount.kind == "open"}


def judged(folder: Path, world: World, programs, parts: Sequence[Sequence[Line]], past: Sequence[Line], *, form="csv", real=False, turned=False) -> Told:
    """By number of the row its verdicts: programme, result, 分, and why, with rows named by their numbers."""
    folder.mkdir()
    where: dict[tuple[str, int], int] = {}
    files: list[str] = []
    history: list[str] = []
    for name, lines in [*zip(ROSTERS, parts, strict=False), (PAST, past)]:
        if not lines:
            continue
        path = folder / f"{name}.{form}"
        write(path, world, lines, real=real)
        where |= {(path.name, at): line.number for at, line in enumerate(lines, 3)}
        (history if name == PAST else files).append(str(path))
    named = (world.title,) if world.title else ()
    request = Request(tuple(files[::-1] if turned else files), region=world.region, programs=named, history=tuple(history), settings=settings(world.region, programs))
    frame = calculated(request, lambda _: None, lambda _: None).frame

    def known(text: str) -> str:
        return _PLACE.sub(lambda m: f"[{where[m[1], int(m[2])]}]", text)

    told: Told = {}
    for row in frame.iter_rows(named=True):
        own = told.setdefault(where[row["文件"], row["行号"]], [])
        own.append((row["补贴项目"], row["结果"], row["核定金额"], known(row["说明"]), row["假定"]))
    return told
