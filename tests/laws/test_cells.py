"""What one cell can do to a verdict, from the file to the yuan: knowing less never pays, and never refuses unread."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest

from jybf.assess import assess, describe
from jybf.audit import audit
from jybf.model import INCOMPLETE, LINE, PAID, REFUSED, ROW, UNDETERMINED, Program
from jybf.policy import load_pack, pack_names
from jybf.policy.derivation import derived
from jybf.roster import cell, read
from jybf.vocabulary.facts import entries
from tests.laws.cells import Group, World, facts_read, mutations, variants, write

PACKS = {name: load_pack(name) for name, _ in pack_names()}
PROGRAMS = [(name, program) for name, pack in PACKS.items() for program in pack.payable()]
RANK = {PAID: 3, UNDETERMINED: 3, INCOMPLETE: 1, REFUSED: 0}
# A ceiling, and a whole year, stand where nothing below them is stated.
BOUNDS = {"申请金额", "核定金额", "发放金额", "票据金额", "学期数"}


@cache
def paid_groups(region: str) -> dict[str, list[Group]]:
    """By programme of the region the variants of its examples that are paid, each on a file of its own people."""
    tried = {p.id: [(str(n), "", "", rows) for n, rows in enumerate(variants(p))] for name, p in PROGRAMS if name == region}
    places: list[tuple[str, str, int]] = []
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"花名册{n}.csv" for n, _ in enumerate(tried)]
        for path, (name, groups) in zip(files, tried.items(), strict=True):
            world = World(next(p for p in PACKS[region].programs if p.id == name), groups)
            places += [(name, path.name, line) for line in write(path, PACKS[region], world, len(places))]
        roster = read([*map(str, files)])
    rows = describe(assess(roster, PACKS[region]), roster).select("补贴项目", "文件", LINE, "结果").rows()
    results = {(program, file, line): result for program, file, line, result in rows}
    good = iter([results.get(place) in (PAID, UNDETERMINED) for place in places])  # none: its own 适用 rules it out
    return {name: [group for group in groups if next(good)] for name, groups in tried.items()}


def world_of(program: Program, region: str) -> World:
    """Every paid variant, and after each what can happen to each of its cells."""
    world = World(program)
    for name, *_, rows in paid_groups(region)[program.id]:
        world.groups.append((name, "", "", rows))
        world.groups.extend((name, what, field, [row, *rows[1:]]) for what, field, row in mutations(rows[0]))
    return world


def judged(folder: Path, region: str, world: World):
    """The verdict of each group, and the roster with its verdicts."""
    path = folder / "花名册.csv"
    starts = write(path, PACKS[region], world)
    roster = read([str(path)])
    verdicts = assess(roster, PACKS[region], programs=(world.program.id,))
    rows = {row[LINE]: row for row in describe(verdicts, roster).iter_rows(named=True)}
    return [rows[line] for line in starts], roster, verdicts, starts


@pytest.mark.parametrize(("region", "program"), PROGRAMS, ids=[f"{region}-{program.id}" for region, program in PROGRAMS])
def test_a_cell_that_says_less_never_makes_a_verdict_better(region: str, program: Program, tmp_path: Path) -> None:
    world = world_of(program, region)
    results, roster, verdicts, starts = judged(tmp_path, region, world)
    found = audit(roster, PACKS[region], verdicts).rows.filter(pl.col("单元格") != "")
    told = {row: set(cells) for row, cells in found.group_by(LINE).agg("单元格").iter_rows()}
    unread = set(zip((roster.rows[LINE][row] for row in roster.problems[ROW]), roster.problems["字段"], strict=True))
    before = results[0]
    for (_, what, field, rows), now, line in zip(world.groups, results, starts, strict=True):
        if not what:
            before = now
            assert now["结果"] in (PAID, UNDETERMINED)
            continue
        told_so = f"{what} {field}: {before['结果']} → {now['结果']} {now['说明']} {rows[0]}"
        assert RANK[now["结果"]] <= RANK[before["结果"]], told_so
        if what != "blank" or field not in BOUNDS:
            assert (now["核定金额"] or 0) <= (before["核定金额"] or 0), told_so
        if what == "unreadable" and now["结果"] != before["结果"]:
            assert (line, field) in unread, told_so
            assert now["结果"] != REFUSED, told_so
            assert f"“{field}”" in now["说明"], told_so
            assert cell(roster.sheets[0], field, line) in told.get(line, ()), told_so


def test_every_source_of_every_fact_that_a_programme_reads_is_tried() -> None:
    tried, wanted = set[str](), set[str]()
    for region, program in PROGRAMS:
        sources = {source for name in facts_read(program) for source in derived()[name].sources}
        wanted |= {source for source in sources if source not in entries() or not entries()[source].read}  # the title's own
        tried |= {name for *_, rows in paid_groups(region)[program.id] for row in rows for name in row}
    assert not wanted - tried
