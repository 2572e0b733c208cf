"""What a run has paid, its own output given back as history keeps from being paid again: for every programme."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import pytest
from typer.testing import CliRunner

from jybf.assess import assess
from jybf.audit import audit
from jybf.audit.release import pay_list
from jybf.cli.app import app
from jybf.model import PAID, SHEET
from jybf.policy import load_pack
from jybf.roster import read, same_homes
from tests.laws.cells import World, keyed, write
from tests.laws.test_cells import PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jybf.model import Pack, Program, Roster

YUAN = "500"
RELEASED = ("可发", "核减后发")
_APART = 100  # from the first number of one file's groups to that of the next


def alike(program: Program) -> tuple[object, ...]:
    """What tells a claim from another: programmes that share it are found again in the same way."""
    return program.once, program.quota and program.quota.per, program.payee == "项目", bool(program.tally)


# One programme of each kind of key a region, for what costs more than an audit.
KINDS = list({(region, alike(program)): (region, program) for region, program in reversed(PROGRAMS)}.values())
SET = [(region, program) for region, program in PROGRAMS if program.amount.kind != "open"]


def run(*arguments: str) -> None:
    assert CliRunner().invoke(app, [*arguments, "-q"]).exit_code in (0, 1)


def roster_of(folder: Path, region: str, program: Program, first: int = 0) -> Path:
    """The paid examples of ``program``, each with the keys that its claim goes by, and what an open sum is paid by."""
    path = folder / f"花名册{first or ''}.csv"
    units = {program.amount.units: 1} if program.amount.units else {}
    groups = [(str(n), "", "", [{**units, **row} for row in rows]) for n, rows in enumerate(keyed(program))]
    write(path, load_pack(region), World(program, groups), first)
    return path


class Again(NamedTuple):
    """What was said of each programme's file, by its id: results and of which programme, and what is released once more."""

    results: dict[str, set[tuple[str, str]]]
    released: dict[str, list[tuple[object, ...]]]


class Files(NamedTuple):
    """A file for each programme, no row of which is of another's people, and what stands in them."""

    programs: dict[str, Program]
    roster: Roster


def files_of(folder: Path, region: str, programs: Sequence[Program]) -> Files:
    files = {str(roster_of(folder, region, program, n * _APART)): program for n, program in enumerate(programs, 1)}
    return Files(files, read([*files]))


def again(files: Files, result: Path, region: str, verb: str) -> Again:
    """A run of ``verb`` on the ``files``, and an audit that knows it. All at once: a run takes a second whatever is in it."""
    settings = {f"{program.id}.yuan": YUAN for program in files.programs.values() if program.amount.kind == "open"}
    options = [option for pair in settings.items() for option in ("--set", "=".join(pair))]
    run(verb, *files.programs, "-r", region, *options, "-o", str(result))
    paid = read([str(result)], paid=True)
    own = {Path(file).name: program.id for file, program in files.programs.items()}
    told = paid.rows.select("文件", "结果", "补贴项目").rows()
    results = {id_: {(what, which) for file, what, which in told if own[file] == id_} for id_ in own.values()}
    freed = released(files.roster, paid, load_pack(region, settings))
    return Again(results, {own[name]: freed.get(name, []) for name in own})


def released(roster: Roster, paid: Roster, pack: Pack) -> dict[str, list[tuple[object, ...]]]:
    """What an audit with the history ``paid`` lets be paid, by file."""
    now, before = same_homes([roster, paid])
    verdicts = assess(now, pack, history=before)
    rows = pay_list(audit(now, pack, verdicts, history=before))
    assert rows is not None
    found: dict[str, list[tuple[object, ...]]] = {}
    for sheet, *row in rows.filter(pl.col("放行").is_in(RELEASED)).select(SHEET, "补贴项目", "行号", "原因").iter_rows():
        found.setdefault(now.sheets[sheet].file, []).append(tuple(row))
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Again]:
    """``runs(region, verb, form)``: one run of all programmes of a region, the first time that it is asked for."""

    @cache
    def files(region: str, verb: str) -> Files:
        programs = [program for name, program in (PROGRAMS if verb == "calc" else SET) if name == region]
        return files_of(tmp_path_factory.mktemp(f"{region}{verb}"), region, programs)

    @cache
    def of(region: str, verb: str, form: str) -> Again:
        return again(files(region, verb), tmp_path_factory.mktemp("结果") / f"结果.{form}", region, verb)

    return of


@pytest.mark.parametrize(
    ("region", "program", "form"),
    [
        pytest.param(region, program, form, id=f"{region}-{program.id}-{form}")
        for form in ("csv", "xlsx")
        for region, program in PROGRAMS
    ],
)
def test_its_own_result_pays_nobody_again(region: str, program: Program, form: str, runs: Callable[..., Again]) -> None:
    told = runs(region, "calc", form)
    assert (PAID, program.id) in told.results[program.id]
    assert told.released[program.id] == []


@pytest.mark.parametrize(("region", "program"), SET, ids=[f"{region}-{program.id}" for region, program in SET])
def test_of_an_audits_workbook_only_what_it_released_counts_as_paid(
    region: str, program: Program, runs: Callable[..., Again]
) -> None:
    told = runs(region, "audit", "xlsx")
    results = {what for what, _ in told.results[program.id]}
    assert results <= {*RELEASED, "先核实", "不发", "不符合", "待补资料", "待定标准"}
    assert told.released[program.id] == []
