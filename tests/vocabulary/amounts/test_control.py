"""控制: no amount; what is audited and pays nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jybf.assess import assess, describe
from jybf.assess.cases import roster_of
from jybf.errors import PackError
from jybf.policy import load_pack
from jybf.vocabulary.amounts import kind_of

from .law import law

if TYPE_CHECKING:
    from pathlib import Path


def test_a_control_judges_and_pays_nothing() -> None:
    pack = load_pack("fengdu")
    control = next(program for program in pack.programs if not program.amount.pays)
    roster = roster_of(control.cases[0].given)
    frame = describe(assess(roster, pack, programs=(control.id,), controls=True), roster)
    assert (frame["标准类型"].unique().to_list(), frame["核定金额"].null_count()) == (["控制"], frame.height)
    assert kind_of(control.amount).page(control.amount) == "不发钱，只审核"


def test_only_the_absence_of_an_amount_says_control(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="没有“control”这种 kind，可写：cap、"):
        law(tmp_path, 'kind = "control"')
