"""Literal rosters for the checks: a clean row of each programme, and what the audit says of a variation of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
from msgspec.structs import replace

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.audit import audit
from jybf.policy import load_pack

if TYPE_CHECKING:
    from jybf.model import Findings, Pack, Roster, Total

Row = Mapping[str, Any]

TRANSPORT = "2021年跨省务工交通补贴花名册"
TRAINING = "以工代训补贴花名册"
POST = "公益性岗位补贴发放表"
HIRING = "一次性吸纳就业补贴花名册"
LOAN = "创业担保贷款贴息台账"

pack: Any = cache(load_pack)


def number(serial: int, born: str = "19850101") -> str:
    """A citizen's number of an invented person with a right check digit; an even ``serial`` is a woman."""
    head = f"142201{born}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return head + "10X98765432"[sum(int(d) * w for d, w in zip(head, weights, strict=True)) % 11]


def traveller(**changes: Any) -> Row:
    """Somebody of Shanxi who is due 800 for the year and claims it."""
    row = {
        "姓名": "甲示例", "身份证号": number(1), "性别": "男", "人员类别": "脱贫人口", "务工省": "广东省", "申请日期": "2021-08-01",
        "申请金额": "800",
    }  # fmt: skip
    return row | changes


def trainee(**changes: Any) -> Row:
    """A worker for whom an employer of Shanxi is due 300 × 4."""
    row = {
        "姓名": "甲示例", "身份证号": number(1), "人员类别": "脱贫人口", "单位": "甲厂", "单位名称": "甲厂", "训练开始日期": "2021-03",
        "训练结束日期": "2021-06", "补贴月数": 4, "申请日期": "2021-07-01", "申请金额": "1200",
    }  # fmt: skip
    return row | changes


def keeper(**changes: Any) -> Row:
    """Somebody on a public post of Shanxi, with a contract of a year and insurance for all of it."""
    row = {
        "姓名": "甲示例", "身份证号": number(1), "人员类别": "脱贫人口", "岗位名称": "保洁员", "合同开始日期": "2021-03-01",
        "合同结束日期": "2022-02-28", "意外险": True, "申请金额": "500",
    }  # fmt: skip
    return row | changes


def report(*rows: Row, title: str = TRANSPORT, region: str = "shanxi", history: Sequence[Row] = (), **options: Any) -> Findings:
    """What the audit finds on ``rows`` under a sheet with ``title``; ``history`` rows name their own 补贴项目."""
    given = titled(roster_of(rows), title)
    past = roster_of(history) if history else None
    law: Pack = options.pop("law", None) or pack(region)
    return audit(given, law, assess(given, law, history=past), history=past, **options)


def only(code: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """``options`` with no other checks than that of ``code``: they cost more than all the rest of a test."""
    return {"select": (code,), **options}


def lines(code: str, *rows: Row, **options: Any) -> list[int]:
    """The lines (from 1) that have a finding with ``code``."""
    found = report(*rows, **only(code, options)).rows
    return found.filter(pl.col("编号") == code)["行号"].to_list()


def finding(code: str, *rows: Row, **options: Any) -> dict[str, Any]:
    """The only finding with ``code``, by column."""
    found = report(*rows, **only(code, options)).rows.filter(pl.col("编号") == code)
    assert found.height == 1, found
    return found.row(0, named=True)


def titled(roster: Roster, title: str) -> Roster:
    return replace(roster, sheets=(replace(roster.sheets[0], title=title),))


def with_problem(roster: Roster, line: int, field: str, text: str, reason: str, code: str) -> Roster:
    """``roster`` after its reader refused one cell."""
    problem = {"_row": line - 1, "字段": field, "原文": text, "原因": reason, "编号": code}
    return replace(roster, problems=pl.DataFrame([problem], schema=roster.problems.schema))


def with_total(roster: Roster, total: Total) -> Roster:
    return replace(roster, sheets=(replace(roster.sheets[0], totals=(total,)),))
