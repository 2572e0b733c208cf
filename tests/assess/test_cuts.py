"""Why fewer months are granted than were asked for: the deadline, the quota, or both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jybf.assess import assess, describe
from jybf.assess.cases import roster_of
from jybf.policy import load_pack

DEADLINE, QUOTA = "政策执行到 2021-12-31（九）", "累计不超过 6 个月（九）"


def told(*rows: dict[str, Any]) -> tuple[int, str]:
    """分 and the reason of the last row."""
    same = {"身份证号": "甲", "人员类别": "脱贫人口", "享受过以工代训": False, "申请日期": date(2021, 12, 31)}
    roster = roster_of([same | row for row in rows])
    row = describe(assess(roster, load_pack("shanxi"), programs=("以工代训补贴",)), roster).row(-1, named=True)
    return row["核定金额"], row["说明"].rpartition("：")[2]


@pytest.mark.parametrize(
    ("months", "start", "end", "fen", "why"),
    [
        (8, date(2021, 10, 1), "", 90000, DEADLINE),
        (8, date(2021, 10, 1), date(2022, 5, 31), 90000, DEADLINE),
        (8, "2021-08", "2022-03", 150000, DEADLINE),
        (8, date(2021, 3, 1), "", 180000, QUOTA),
        (9, date(2021, 6, 1), date(2022, 2, 28), 180000, f"{DEADLINE}，{QUOTA}"),
    ],
)
def test_a_cut_names_what_made_it(months: int, start: object, end: object, fen: int, why: str) -> None:
    assert told({"补贴月数": months, "训练开始日期": start, "训练结束日期": end}) == (fen, why)


def test_months_that_another_row_took_are_the_quotas() -> None:
    first = {"补贴月数": 4, "训练开始日期": date(2021, 3, 1), "训练结束日期": date(2021, 6, 30), "申请日期": date(2021, 7, 1)}
    later = {"补贴月数": 6, "训练开始日期": date(2021, 9, 1), "训练结束日期": date(2022, 2, 28)}
    assert told(first, later) == (60000, f"{DEADLINE}，{QUOTA}")
