"""A law of one programme, to try a kind of amount on, and what comes of a row under it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.assess.describe import describe
from jybf.assess.why import prove
from jybf.policy import load_pack
from jybf.vocabulary.yuan import yuan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jybf.model import Pack

PROGRAM = "某补贴"
_PACK = """
id = "x"
name = "某县"
document = "某县通知"
short = "某县通知"
until = 2025-12-31

[[program]]
id = "某补贴"
cite = "（一）"
payee = "个人"
titles = ["某补贴"]
basis = "申请日期"
{limits}
[program.amount]
{amount}

[[program.case]]
name = "有人申请"
given = {{ "申请日期" = 2021-08-01 }}
expect = "{qualifies}"

[[program.case]]
name = "过期"
given = {{ "申请日期" = 2026-01-01 }}
expect = "不符合"

[[program.case]]
name = "没有日期"
given = {{ "申请日期" = "" }}
expect = "待补资料"
"""


class Told(NamedTuple):
    """What calc and why say of a row."""

    result: str
    yuan: str
    label: str
    reason: str
    assumed: str
    lines: Mapping[str, str]


def law(folder: Path, amount: str, *, qualifies: str = "可发放", limits: str = "", **settings: str) -> Pack:
    """The pack whose only programme has ``amount`` and ``limits`` (TOML), with ``--set 某补贴.key=value``."""
    path = folder / "x.toml"
    path.write_text(_PACK.format(amount=amount, qualifies=qualifies, limits=limits), encoding="utf-8")
    return load_pack(str(path), {f"{PROGRAM}.{key}": value for key, value in settings.items()})


def told(pack: Pack, /, **row: Any) -> Told:
    """Of a row that applies in time and has the facts of ``row``."""
    return told_of(pack, row)[0]


def told_of(pack: Pack, *rows: Mapping[str, Any]) -> list[Told]:
    """As :func:`told`, of several rows of one roster."""
    roster = roster_of([{"申请日期": date(2021, 8, 1)} | row for row in rows])
    verdicts = assess(roster, pack, programs=(PROGRAM,))
    frame = describe(verdicts, roster).select("结果", "核定金额", "标准类型", "说明", "假定")
    proofs = prove(roster, verdicts, range(len(rows)), (PROGRAM,))
    return [
        Told(result, "" if fen is None else yuan(fen), label, reason, assumed, dict(proof.proofs[0].sum))
        for (result, fen, label, reason, assumed), proof in zip(frame.iter_rows(), proofs, strict=True)
    ]
