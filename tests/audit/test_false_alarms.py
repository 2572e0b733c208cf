"""A lawful roster is left alone, however it is written: what is stopped wrongly costs a family its money, and us our name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from jybf.commands import audit
from jybf.commands.request import Request
from jybf.model import HINT
from jybf.report.progress import unheard
from tests.clean.forms import FORMS, write

if TYPE_CHECKING:
    from pathlib import Path

    from jybf.model import Report

EXPLAINED = {  # hints that a lawful roster may well get, and why
    "跨省务工交通补贴": {
        "JY601": "families that share an account: explained by the household, still to be authorised",
        "JY602": "the account's holder is of the same household",
    },
    "以工代训补贴": {"JY507": "paid weeks after the end of 2021 for months before it: the locality's rule of transition"},
}
EVERY = [(name, suffix, seed) for name in FORMS for suffix, seed in ((".csv", 1), (".csv", 2), (".xlsx", 3))]


def audited(name: str, path: Path, count: int, seed: int = 0) -> Report:
    region = write(name, path, count, seed)
    return audit.audited(Request((str(path),), region=region), lambda _: None, unheard)


def unexplained(report: Report, name: str) -> dict[str, int]:
    """Findings that nothing explains, counted by what they say."""
    explained = (pl.col("级别") == HINT) & pl.col("编号").is_in(list(EXPLAINED.get(name, ())))
    counts = report.frame.filter(~explained).group_by("级别", "编号", "问题").len().sort("编号", "问题")
    return {f"{level} {code} {problem}": count for level, code, problem, count in counts.iter_rows()}


@pytest.mark.parametrize(("name", "suffix", "seed"), EVERY)
def test_a_lawful_roster_has_no_finding_that_its_families_do_not_explain(
    name: str, suffix: str, seed: int, tmp_path: Path
) -> None:
    assert not unexplained(audited(name, tmp_path / f"花名册{suffix}", 200, seed), name)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_nor_has_one_of_ten_thousand_rows(name: str, tmp_path: Path) -> None:
    """As many people as meet by chance in a name, a number's tail or a phone; how they are written says the test above."""
    report = audited(name, tmp_path / "花名册.csv", 10_000)
    assert not unexplained(report, name)
    people = sum(report.summary.lines.get(place, 0) for place in ("可发放", "待定标准"))
    assert people == 10_000


def test_each_hint_that_is_explained_does_occur(tmp_path: Path) -> None:
    """Else the explanation would outlive the hint, and hide the next one."""
    for name, hints in EXPLAINED.items():
        found = audited(name, tmp_path / f"{name}.csv", 1_000).frame["编号"].unique().to_list()
        assert set(hints) <= set(found)


def test_the_same_seed_writes_the_same_roster(tmp_path: Path) -> None:
    one, other, third = (tmp_path / f"{i}.csv" for i in range(3))
    for path, seed in ((one, 5), (other, 5), (third, 6)):
        write("跨省务工交通补贴", path, 50, seed)
    assert one.read_bytes() == other.read_bytes() != third.read_bytes()


def test_one_wrong_digit_among_a_thousand_right_ones_is_found(tmp_path: Path) -> None:
    path = tmp_path / "花名册.csv"
    write("公益性岗位补贴", path, 1_000)
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(i for i, line in enumerate(lines[500:], 500) if ",男,1409" in line)
    at = lines[place].index(",男,1409") + 3
    lines[place] = lines[place][: at + 16] + str((int(lines[place][at + 16]) + 2) % 10) + lines[place][at + 17 :]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = audit.audited(Request((str(path),), region="shanxi"), lambda _: None, unheard).frame
    assert "JY102" in found["编号"].to_list()
    assert set(found["行号"]) == {place + 1}
