"""Batches written down in a line a payment, as an audit's draft would be: who, how much, what it claims. All persons are invented."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl

from jybf.ledger import schema
from jybf.ledger.booking import Draft, as_json
from jybf.ledger.claims import COLUMNS, LINE, THIS_BATCH
from jybf.ledger.events import Act

ACT = Act("测试", datetime(2026, 1, 1, tzinfo=UTC))
PROGRAM = "公益性岗位补贴"


class Claim(NamedTuple):
    """What a payment asks for; ``slot`` None: ``count`` of a quota."""

    kind: str
    key: str
    slot: int | None = 0
    count: int = 1
    holder: str = ""
    program: str = PROGRAM


class Wanted(NamedTuple):
    """A payment of a draft."""

    name: str
    fen: int | None
    claims: tuple[Claim, ...] = ()
    program: str = PROGRAM


def once(key: str, year: int = 0) -> Claim:
    return Claim("一次", key, year)


def month(key: str, number: int) -> Claim:
    return Claim("按月", key, number)


def quota(key: str, count: int) -> Claim:
    return Claim("限额", key, None, count)


def exclusive(key: str, holder: str) -> Claim:
    return Claim("互斥", key, 0, 1, holder, "甲、乙")


def first(key: str) -> Claim:
    return Claim("首次", key, 0, 1, THIS_BATCH)


def draft(wanted: Iterable[Wanted], identity: str, kind: str = schema.APPROVED, most: int = 6) -> Draft:
    rows = list(wanted)
    payments = pl.DataFrame(
        {
            LINE: pl.Series(range(1, len(rows) + 1), dtype=pl.Int64),
            **{name: pl.Series([""] * len(rows), dtype=pl.String) for name in schema.SAID},
            "行号": pl.Series(range(4, len(rows) + 4), dtype=pl.Int64),
            "年度": pl.Series([2026] * len(rows), dtype=pl.Int64),
            "数量": pl.Series([1] * len(rows), dtype=pl.Int64),
            "fen": pl.Series([row.fen for row in rows], dtype=pl.Int64),
            "facts": [as_json({"姓名": row.name, "补贴项目": row.program}) for row in rows],
            "cells": [hashlib.sha256(f"{identity}{n}".encode()).hexdigest() for n in range(len(rows))],
        }
    ).with_columns(
        pl.Series("姓名", [row.name for row in rows], pl.String), pl.Series("补贴项目", [row.program for row in rows], pl.String),
        pl.lit("花名册.csv").alias("文件"), pl.lit("表").alias("工作表"),
    )  # fmt: skip
    claims = [
        (line, each.kind, each.program, each.key, each.slot, each.count, each.holder)
        for line, row in enumerate(rows, 1)
        for each in row.claims
    ]
    identity = hashlib.sha256(identity.encode()).hexdigest()
    return Draft(
        kind, identity, "xinjiang", "0" * 64, {"输入": identity}, payments, pl.DataFrame(claims, COLUMNS, orient="row"),
        {PROGRAM: most}, refused(len(rows) + 1) if kind == schema.APPROVED else None,
    )  # fmt: skip


def refused(line: int) -> pl.DataFrame:
    """One line that the audit did not release."""
    said = {**dict.fromkeys(schema.SAID, ""), "姓名": "未发", "补贴项目": PROGRAM}
    return pl.DataFrame(
        {
            LINE: [line],
            **{name: [text] for name, text in said.items()},
            "行号": [line + 3],
            "fen": [100],
            "原因": ["缺材料"],
            "cells": [""],
        }
    )
