"""A word that names several kinds at once is told by the column beside it that names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jybf.assess.known import known_of
from jybf.roster import read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("word", "kind", "known"),
    [
        ("三类户", "边缘易致贫户", "边缘易致贫人口"),
        ("监测对象", "脱贫不稳定户", "脱贫人口"),
        ("三类 人员（监测）", "突发严重困难户", "突发严重困难人口"),
        ("三类户", "", None),
        ("三类户", "无", None),
        ("三类户", "三类户", None),
        ("说不清", "边缘易致贫户", None),  # another word than those that name the three
        ("一般农户", "边缘易致贫户", "边缘易致贫人口"),
    ],
)
def test_the_kind_of_household_names_what_a_vague_word_means(tmp_path: Path, word: str, kind: str, known: str | None) -> None:
    path = tmp_path / "花名册.csv"
    path.write_text(f"补贴花名册\n姓名,人员类别,监测对象类别\n甲示例,{word},{kind}\n", encoding="utf-8")
    roster = read([str(path)])
    row = known_of(roster.rows, {}).row(0, named=True)
    assert row["人员类别"] == known
    assert (known is None) == ("人员类别" in roster.problems["字段"]) == row["人员类别_误"]
