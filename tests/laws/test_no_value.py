"""What stands in a cell instead of a value, in any column by which something is decided, holds the row's money."""

from __future__ import annotations

from itertools import cycle
from random import Random
from typing import TYPE_CHECKING

import pytest

from jybf.model import HINT, Field
from jybf.vocabulary.fields import load_fields
from tests.clean.clerk import Clerk
from tests.contradictions.run import COUNTY
from tests.contradictions.sheet import APART, NAMES, Sheet, judged, region, sheet

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("#REF!", "同上", "######", "见附件", "〃", "#N/A", "待补", "？？", "详见附表", "#VALUE!", "未知", "后补", "#DIV/0!")


def decides(header: str) -> bool:
    """Whether anything is decided by the column: no remark, nothing that is read for people only."""
    field = load_fields().find(header)
    words = isinstance(field, Field) and bool(field.name == "序号" or field.only or field.none)
    return field is not None and not words


def spoilt(form: str, law: str, seed: int) -> tuple[Sheet, dict[int, tuple[str, str]]]:
    """A lawful sheet in which each column that decides has a word for no value on one row; and which row has which."""
    clerk, words = Clerk(Random(seed), COUNTY[law], distinct=True), cycle(WORDS)  # noqa: S311  nothing secret
    for _ in range(seed * 5):
        next(words)
    headers = [header for header in sheet(form, APART, clerk).rows[0] if decides(header)]
    made = sheet(form, APART * (len(headers) + 2), clerk)
    at = {APART * (n + 1) + 1: (header, next(words)) for n, header in enumerate(headers)}
    for n, (header, word) in at.items():
        made.rows[n][header] = word
    return made, at


@pytest.mark.parametrize("law", COUNTY)
def test_a_word_for_no_value_is_told_and_its_row_is_held(law: str, tmp_path: Path) -> None:
    made = [spoilt(form, law, seed=1) for form in NAMES if region(form) == law]
    said = judged([path for each, _ in made for path in each.write(tmp_path)], law)
    silent = [
        (each.form, *what)
        for each, at in made
        for n, what in at.items()
        if said.level(each.place(n)) in ("", HINT) or said.released.get(each.place(n)) == "可发"
    ]
    assert sum(len(at) for _, at in made) > 60
    assert not silent
