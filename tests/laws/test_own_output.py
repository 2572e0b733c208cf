"""What a run has paid, its own output given back as history keeps from being paid again: for every programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from typer.testing import CliRunner

from jybf.assess import assess
from jybf.audit import audit
from jybf.audit.release import pay_list
from jybf.cli.app import app
from jybf.model import PAID
from jybf.policy import load_pack
from jybf.roster import read, same_homes
from tests.laws.cells import World, keyed, write
from tests.laws.test_cells import PROGRAMS

if TYPE_CHECKING:
    from pathlib import Path

    from jybf.model import Program, Roster

YUAN = "500"
RELEASED = ("可发", "核减后发")


def alike(program: Program) -> tuple[object, ...]:
    """What tells a claim from another: programmes that share it are found again in the same way."""
    return program.once, program.quota and program.quota.per, program.payee == "项目", bool(program.tally)


# One programme of each kind of key a region, for what costs more than a csv.
KINDS = list({(region, alike(program)): (region, program) for region, program in reversed(PROGRAMS)}.values())
SET = [(region, program) for region, program in PROGRAMS if program.amount.kind != "open"]
KINDS_SET = list({(region, alike(program)): (region, program) for region, program in reversed(SET)}.values())


def run(*arguments: str) -> None:
    assert CliRunner().invoke(app, [*arguments, "-q"]).exit_code in (0, 1)


def released(roster: Path, paid: Roster, region: str, program: Program, settings: dict[str, str]) -> pl.DataFrame:
    """What an audit with the history ``paid`` lets be paid."""
    pack = load_pack(region, settings)
    now, before = same_homes([read([str(roster)]), paid])
    verdicts = assess(now, pack, programs=(program.id,), history=before)
    rows = pay_list(audit(now, pack, verdicts, history=before))
    assert rows is not None
    return rows.filter(pl.col("放行").is_in(RELEASED)).select("行号", "原因")


def roster_of(folder: Path, region: str, program: Program) -> Path:
    """The paid examples of ``program``, each with the keys that its claim goes by, and what an open sum is paid by."""
    path = folder / "花名册.csv"
    units = {program.amount.units: 1} if program.amount.units else {}
    groups = [(str(n), "", "", [{**units, **row} for row in rows]) for n, rows in enumerate(keyed(program))]
    write(path, load_pack(region), World(program, groups))
    return path


@pytest.mark.parametrize(
    ("region", "program", "form"),
    [
        pytest.param(region, program, form, id=f"{region}-{program.id}-{form}")
        for form, programs in (("csv", PROGRAMS), ("xlsx", KINDS))
        for region, program in programs
    ],
)
def test_its_own_result_pays_nobody_again(region: str, program: Program, form: str, tmp_path: Path) -> None:
    roster, result = roster_of(tmp_path, region, program), tmp_path / f"结果.{form}"
    settings = {f"{program.id}.yuan": YUAN} if program.amount.kind == "open" else {}
    options = [option for pair in settings.items() for option in ("--set", "=".join(pair))]
    run("calc", str(roster), "-r", region, "--program", program.id, *options, "-o", str(result))
    paid = read([str(result)], paid=True)
    assert PAID in set(paid.rows["结果"])
    assert released(roster, paid, region, program, settings).rows() == []


@pytest.mark.parametrize(("region", "program"), KINDS_SET, ids=[f"{region}-{program.id}" for region, program in KINDS_SET])
def test_of_an_audits_workbook_only_what_it_released_counts_as_paid(region: str, program: Program, tmp_path: Path) -> None:
    roster, book = roster_of(tmp_path, region, program), tmp_path / "审核.xlsx"
    run("audit", str(roster), "-r", region, "--program", program.id, "-o", str(book))
    paid = read([str(book)], paid=True)
    assert set(paid.rows["结果"]) <= {*RELEASED, "先核实", "不发", "不符合", "待补资料", "待定标准"}
    assert released(roster, paid, region, program, {}).rows() == []
