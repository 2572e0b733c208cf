"""对账 adds up, whatever the rows say: what is claimed and granted is what is paid, cut, held, waiting or refused."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from msgspec.structs import replace as changed

from jybf.audit.balance import APART, balances
from jybf.audit.release import clearance, pay_list
from jybf.commands.audit import audited
from jybf.model import ASKED, BALANCED, CLEAR, REDUCED, UNPAID, VERIFY, WAITING, Balance
from jybf.report.progress import unheard
from tests.laws.test_worlds import put
from tests.laws.worlds import PACKS, World, world

if TYPE_CHECKING:
    from pathlib import Path

LEFT, RIGHT = BALANCED
CLAIMS = (None, "0", "300", "500", "800.55", "1000", "120000", "多少")
SEED = 11


def claiming(region: str, seed: int) -> World:
    """A world of all programmes of ``region`` whose rows claim, or don't, whatever sum."""
    rng = random.Random(seed)  # noqa: S311  nothing secret
    found = world(region, PACKS[region].payable(), seed, 2)
    rows = [replace(line, cells={**line.cells, "申请金额": rng.choice(CLAIMS)}) for line in found.rows]
    return replace(found, rows=rows)


def amounts(balance: Balance, terms: tuple[str, ...]) -> list[int]:
    return [sum(balance.parts[term][unit] for term in terms) for unit in range(3)]


@pytest.mark.parametrize("each", [False, True], ids=["as named", "by every programme"])
@pytest.mark.parametrize("region", PACKS)
def test_what_is_claimed_and_granted_is_what_becomes_of_it(region: str, each: bool, tmp_path: Path) -> None:
    found = claiming(region, SEED)
    asked, _ = put(tmp_path / "表", found, [found.rows], found.past, "csv", real=False)
    if each:
        asked = changed(asked, programs=tuple(program.id for program in PACKS[region].payable()), force=True)
    findings = audited(asked, unheard, unheard).findings
    assert findings is not None
    told = balances(findings)
    for one in told:
        assert amounts(one, LEFT) == amounts(one, RIGHT), one
    *programs, whole = told
    sums = {term: sum(one.parts[term][2] for one in programs) for term in (*LEFT, *RIGHT)}
    assert sums == {term: part[2] for term, part in whole.parts.items()}
    assert whole.parts[ASKED][2] == findings.roll["申领金额"].sum() > 0
    rows, left = pay_list(findings), clearance(findings)
    assert rows is not None and rows["核定金额"].sum() > 0  # noqa: PT018  else nothing was tried
    assert left is not None
    apart = sum(one.parts[ASKED][2] for one in programs if one.program == APART)
    assert rows["申领金额"].sum() + apart == whole.parts[ASKED][2]
    assert whole.parts[CLEAR][2] + whole.parts[REDUCED][2] == rows["本次可发"].sum()
    assert [whole.parts[term][1:] for term in (CLEAR, REDUCED, VERIFY)] == [left.clear, left.cut, left.doubted]
    assert whole.parts[UNPAID][1] + whole.parts[WAITING][1] >= left.stopped[0]
    paid = rows.filter(pl.col("核定金额").is_not_null()).group_by("补贴项目").agg(pl.sum("本次可发"))
    for program, fen in paid.iter_rows():
        mine = next(one for one in programs if one.program == program)
        assert mine.parts[CLEAR][2] + mine.parts[REDUCED][2] == fen
