"""What holds for every kind of amount, those to come included."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jybf.errors import PackError, UsageError
from jybf.policy import load_pack, pack_names
from jybf.vocabulary.amounts import KINDS, Kind, kind_of
from jybf.vocabulary.fields import rules_dir

from .law import law

if TYPE_CHECKING:
    from pathlib import Path

    from jybf.model import Amount

README = (rules_dir() / "README.md").read_text(encoding="utf-8")
AMOUNTS = {p.amount.kind: p.amount for name, _ in pack_names() for p in load_pack(name).programs}
WRITTEN = "可写：" + "、".join(kind.name for kind in KINDS.values() if kind.spec)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_kind_has_a_name_of_its_own_in_the_results(kind: Kind) -> None:
    assert [other.name for other in KINDS.values() if other.label == kind.label] == [kind.name]


@pytest.mark.parametrize("amount", AMOUNTS.values(), ids=list(AMOUNTS))
def test_each_kind_says_what_is_due_of_figures_that_it_works_out(amount: Amount) -> None:
    kind = kind_of(amount)
    names = {*kind.figures(amount), "_granted", "_asked"}
    for sql in kind.sums(amount).values():
        assert set(sql.split('"')[1::2]) <= names
    assert "_due" in kind.sums(amount)


@pytest.mark.parametrize("region", [name for name, _ in pack_names()])
def test_a_clause_that_an_amount_implies_bears_a_name_that_no_pack_may_take(region: str) -> None:
    for program in load_pack(region).programs:
        kind = kind_of(program.amount)
        assert {clause.id for clause in kind.clauses(program)} <= {*kind.ids}


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.spec], ids=lambda kind: kind.name)
def test_the_readme_of_the_packs_tells_every_key_of_every_kind(kind: Kind) -> None:
    (line,) = (line for line in README.splitlines() if line.startswith(f'| `"{kind.name}"` |'))
    assert set(kind.spec.__struct_fields__ if kind.spec else ()) <= set(line.rsplit(" | ", 1)[1].split("`"))


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=f"某补贴 amount：没有“capp”这种 kind，相近的有 cap；{WRITTEN}"):
        law(tmp_path, 'kind = "capp"')
    with pytest.raises(PackError, match=f"某补贴 amount：缺“kind”，{WRITTEN}"):
        law(tmp_path, 'yuan = "1"')


def test_a_setting_that_there_is_not_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--set 某补贴.x：应写 .*项目.days=360/365"):
        law(tmp_path, 'kind = "fixed"\nyuan = "1"', x="80")


def test_the_amount_is_vetted_beside_whatever_else_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(PackError) as error:
        law(tmp_path, 'kind = "cap"\nyuan = "八百"\ntiers = 1', limits='onec = ["身份证号"]')
    assert "没有“onec”这个键" in str(error.value)
    assert "第 18 行第 1 列 某补贴 amount：“tiers”应是以 [[tiers]] 开头的表，写成了整数" in str(error.value)


def test_kinds_are_known_without_polars_and_without_an_sql_parser() -> None:
    ask = "import sys, jybf.vocabulary.amounts; print(sorted({'polars', 'sqlglot'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.strip() == "[]"
