"""对账 adds up, whatever the rows say: what is claimed and granted is what is paid, cut, held, waiting or refused."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from jybf.audit.balance import balances
from jybf.audit.release import clearance, pay_list
from jybf.commands.audit import audited
from jybf.model import ASKED, BALANCED, CLEAR, REDUCED, UNPAID, VERIFY, Balance
from tests.laws.test_worlds import put
from tests.laws.worlds import PACKS, Line, world

if TYPE_CHECKING:
    from pathlib import Path

LEFT, RIGHT = BALANCED
CLAIMS = (None, "0", "300", "500", "800.55", "1000", "120000", "多少")
SEED = 11


def claiming(region: str, seed: int) -> list[Line]:
    """The rows of a world of all programmes of ``region``, many of which claim a sum, and some the sum of two of them."""
    rng = random.Random(seed)  # noqa: S311  nothing secret
    found = world(region, PACKS[region].payable(), seed, 3)
    several = ["、".join(program.id for program in rng.sample(PACKS[region].payable(), 2)) for _ in range(3)]
    rows = [replace(line, cells={**line.cells, "申请金额": rng.choice(CLAIMS)}) for line in found.rows]
    return [*rows, *(replace(rng.choice(rows), program=both, number=10_000 + n) for n, both in enumerate(several))]


def amounts(balance: Balance, terms: tuple[str, ...]) -> list[int]:
    return [sum(balance.parts[term][unit] for term in terms) for unit in range(3)]


@pytest.mark.parametrize("region", PACKS)
def test_what_is_claimed_and_granted_is_what_becomes_of_it(region: str, tmp_path: Path) -> None:
    found = world(region, PACKS[region].payable(), SEED, 3)
    asked, _ = put(tmp_path / "表", found, [claiming(region, SEED)], found.past, "csv", real=False)
    findings = audited(asked, lambda _: None, lambda _: None).findings
    assert findings is not None
    told = balances(findings)
    for each in told:
        assert amounts(each, LEFT) == amounts(each, RIGHT), each
    *programs, whole = told
    sums = {term: sum(each.parts[term][2] for each in programs) for term in (*LEFT, *RIGHT)}
    assert sums == {term: part[2] for term, part in whole.parts.items()}
    assert whole.parts[ASKED][2] == findings.roll["申领金额"].sum() > 0
    rows, left = pay_list(findings), clearance(findings)
    assert rows is not None and rows["核定金额"].sum() > 0  # noqa: PT018  else nothing was tried
    assert left is not None
    assert whole.parts[CLEAR][2] + whole.parts[REDUCED][2] == rows["本次可发"].sum()
    assert [whole.parts[term][1:] for term in (CLEAR, REDUCED, VERIFY)] == [left.clear, left.cut, left.doubted]
    assert whole.parts[UNPAID][1] >= left.stopped[0]
    paid = rows.filter(pl.col("核定金额").is_not_null()).group_by("补贴项目").agg(pl.sum("本次可发"))
    for program, fen in paid.iter_rows():
        mine = next(each for each in programs if each.program == program)
        assert mine.parts[CLEAR][2] + mine.parts[REDUCED][2] == fen
