"""A lawful roster with one contradiction: at least a doubt on that row, and nothing on the others, through the user's door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jybf.model import DOUBT
from tests.contradictions.run import EVERY, run

if TYPE_CHECKING:
    from pathlib import Path

# One run a law, and one of workbooks: what a run costs hardly depends on its rows. By hand: python -m tests.contradictions
RUNS = (("shanxi", ("行", "名单")), ("fengdu", ("行", "名单")), ("shanxi", ("工作簿",)))
FORMS = 2  # of a contradiction and law, each time the next two


def test_there_are_more_than_fifty_contradictions_each_with_a_name_of_its_own() -> None:
    names = [case.name for case in EVERY if case.level == DOUBT]
    assert len(names) == len({*names}) > 50


@pytest.mark.parametrize(("law", "kinds"), RUNS)
def test_a_contradiction_is_told_on_its_row_and_on_no_other(law: str, kinds: tuple[str, ...], tmp_path: Path) -> None:
    assert not run(tmp_path, law, kinds, seed=1, forms=FORMS)
