"""What the blanks of a row may turn out to be: nothing decided turns unless it was said, and what is asked for is what matters."""

from __future__ import annotations

from collections import Counter

import pytest

from jybf.policy import load_pack, pack_names

from .completions import broken, judge, random_rows, space_of

SPACES = {
    f"{name} {program.id}": space_of(pack, program)
    for name, _ in pack_names()
    for pack in (load_pack(name),)
    for program in pack.payable()
}
ROWS = 12
SOME = [
    "fengdu 一次性吸纳就业补贴",
    "fengdu 创业担保贷款贴息",
    "fengdu 雨露计划",
    "shanxi 跨省务工交通补贴",
    "shanxi 创业孵化基地奖补",
    "shanxi 以工代训补贴",
    "xinjiang 公益性岗位补贴",
]  # fmt: skip  each another kind of programme; tests/bench/completions.py tries all of them, by the thousand


@pytest.mark.parametrize("name", SOME)
def test_a_blank_that_is_filled_turns_nothing_but_what_was_presumed_and_what_is_asked_for_decides(name: str) -> None:
    space, counts = SPACES[name], Counter[str]()
    places = random_rows(space, ROWS, seed=1)
    found = [(law, of) for law, kind, of, _ in broken(space, places, judge(space, places), 1, counts) if not kind]
    assert counts["fillings"] > ROWS
    assert not found
