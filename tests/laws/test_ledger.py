"""What the ledger booked is not booked again: not by an audit that reads it, not by one that does not, for every programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.assess import assess, describe
from jybf.ledger.bringing import brought
from jybf.ledger.claims import LINE, MONTH, ONCE, SAME
from jybf.policy import load_pack
from jybf.roster import read, same_homes
from tests.laws.cells import Row, World, as_cells, with_keys, write
from tests.laws.test_cells import PROGRAMS
from tests.laws.test_own_output import KINDS, YUAN, roster_of
from tests.ledger.runs import booked, draft_of, history_of, new_ledger
from tests.roster.books import idno

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jybf.ledger.booking import Draft
    from jybf.model import Case, Program

NAMED = [pytest.param(region, program, id=f"{region}-{program.id}") for region, program in PROGRAMS]


def settings_of(program: Program) -> dict[str, str]:
    return {f"{program.id}.yuan": YUAN} if program.amount.kind == "open" else {}


@pytest.mark.parametrize(("region", "program"), NAMED)
def test_a_roster_is_booked_once(region: str, program: Program, tmp_path: Path) -> None:
    where, files, settings = new_ledger(tmp_path), [str(roster_of(tmp_path, region, program))], settings_of(program)
    draft = draft_of(where, files, region, settings, (program.id,), waived=True)
    assert draft.payments.height
    assert set(draft.claims[LINE]) == set(draft.payments[LINE]), "each payment claims something"
    first = booked(where, draft)
    assert (first.rows, first.against) == (draft.payments.height, {})
    assert booked(where, draft).again
    if (region, program) in KINDS:  # what any other is known by is tried by test_own_output
        knowing = draft_of(where, files, region, settings, (program.id,))
        assert knowing.payments.is_empty(), "an audit that reads the ledger finds nothing to pay"
    tries = 0
    while (other := booked(where, replace(draft, identity=f"clerk {tries}, at the same moment"))).rows:
        tries += 1
        assert tries < rounds(program, draft), "the database refuses an audit that does not read the ledger"
    assert len(other.against) == first.rows


def rounds(program: Program, draft: Draft) -> int:
    """After how many times nothing is left of a quota; of what is told apart by its year, month or contract after one."""
    counted = draft.claims.filter(pl.col("kind").is_in([ONCE, MONTH, SAME]))[LINE]
    return 1 if program.quota is None or counted.n_unique() == draft.payments.height else program.quota.most


CASES = [
    pytest.param(region, program, case, id=f"{region}-{program.id}-{case.name}")
    for region, program in PROGRAMS
    for case in program.cases
    if case.history
]


def cells_of(row: Mapping[str, object], program: Program) -> Row:
    """The row as a clerk writes it; a person who is called by a letter in the case has a sound number."""
    cells = with_keys(as_cells(row), program)
    return {
        name: _number(value) if name == "身份证号" and value not in ("own", None) else value for name, value in cells.items()
    }


def _number(letter: object) -> str:
    return idno(f"1409261970{ord(str(letter)[0]) % 9 + 1:02d}10{ord(str(letter)[-1]) % 900:03d}")


@pytest.mark.parametrize(("region", "program", "case"), CASES)
def test_a_history_that_was_brought_in_decides_as_its_file_does(
    region: str, program: Program, case: Case, tmp_path: Path
) -> None:
    pack = load_pack(region, settings_of(program))
    now, past = tmp_path / "花名册.csv", tmp_path / "以前发的.csv"
    given, before = ([cells_of(row, program) for row in rows] for rows in (case.given, case.history))
    write(now, pack, World(program, [("0", "", "", given)]))
    write(past, pack, World(program, [("0", "", "", before)]))
    where, history = new_ledger(tmp_path), read([str(past)], paid=True)
    draft, lost, _ = brought(history, pack, {}, {"导入": "一次"})
    assert draft.payments.height == history.rows.height - len(lost)
    booked(where, draft)
    results = []
    for told in (history, history_of(where)):
        roster, paid = same_homes([read([str(now)]), told])
        verdicts = assess(roster, pack, programs=(program.id,), force=True, history=paid)
        results.append(describe(verdicts, roster).select("行号", "结果", "核定金额").rows())
    assert results[0] == results[1]
