"""What a run has paid, its own output given back as history keeps from being paid again: for every programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from typer.testing import CliRunner

from jybf.assess import assess
from jybf.audit import audit
from jybf.audit.release import payout
from jybf.cli.app import app
from jybf.policy import load_pack
from jybf.roster import read, same_homes
from tests.laws.cells import World, variants, write
from tests.laws.test_cells import PROGRAMS, judged

if TYPE_CHECKING:
    from pathlib import Path

    from jybf.model import Program

YUAN = "500"
RELEASED = ("可发", "核减后发")


def run(*arguments: str) -> None:
    assert CliRunner().invoke(app, [*arguments, "-q"]).exit_code in (0, 1)


def released(roster: Path, history: Path, region: str, program: Program, settings: dict[str, str]) -> pl.DataFrame:
    """What an audit with ``history`` lets be paid."""
    pack = load_pack(region, settings)
    now, before = same_homes([read([str(roster)]), read([str(history)], paid=True)])
    verdicts = assess(now, pack, programs=(program.id,), history=before)
    rows = payout(audit(now, pack, verdicts, history=before))
    assert rows is not None
    return rows.filter(pl.col("放行").is_in(RELEASED)).select("行号", "原因")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(("region", "program"), PROGRAMS, ids=[f"{region}-{program.id}" for region, program in PROGRAMS])
def test_its_own_result_pays_nobody_again(region: str, program: Program, form: str, tmp_path: Path) -> None:
    world = World(program, [(str(n), "", "", rows) for n, rows in enumerate(variants(program))])
    judged(tmp_path, region, world)
    roster, result = tmp_path / "花名册.csv", tmp_path / f"结果.{form}"
    write(roster, load_pack(region), world)
    settings = {f"{program.id}.yuan": YUAN} if program.amount.kind == "open" else {}
    options = [option for pair in settings.items() for option in ("--set", "=".join(pair))]
    run("calc", str(roster), "-r", region, "--program", program.id, *options, "-o", str(result))
    assert released(roster, result, region, program, settings).rows() == []


SET = [(region, program) for region, program in PROGRAMS if program.amount.kind != "open"]


@pytest.mark.parametrize(("region", "program"), SET, ids=[f"{region}-{program.id}" for region, program in SET])
def test_of_an_audits_workbook_only_what_it_released_counts_as_paid(region: str, program: Program, tmp_path: Path) -> None:
    world = World(program, [(str(n), "", "", rows) for n, rows in enumerate(variants(program))])
    roster, book = tmp_path / "花名册.csv", tmp_path / "审核.xlsx"
    write(roster, load_pack(region), world)
    run("audit", str(roster), "-r", region, "--program", program.id, "-o", str(book))
    paid = read([str(book)], paid=True).rows
    assert set(paid["结果"]) <= {*RELEASED, "先核实", "不发", "不符合", "待补资料", "待定标准"}
    assert released(roster, book, region, program, {}).rows() == []
