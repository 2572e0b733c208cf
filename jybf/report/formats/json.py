"""One JSON object for a whole run: ``schema`` numbers its shape, so that a reader knows when a field has changed."""

import io
from collections.abc import Mapping
from typing import BinaryIO

import msgspec

from jybf.audit.release import WORDS
from jybf.model import Balance, Clearance, Report, Summary
from jybf.report.formats import jsonl
from jybf.report.plain import without_numbers
from jybf.vocabulary.yuan import yuan

SCHEMA = 1


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """UTF-8; the head's keys in a fixed order, then ``rows`` with one row a line so that two runs can be compared."""
    write_under(_head(report), report, out, mask=mask)


def write_under(head: Mapping[str, object], report: Report, out: BinaryIO, *, mask: bool) -> None:
    """One object: what ``head`` has, then the rows of ``report``."""
    rows = io.BytesIO()
    jsonl.write(report, rows, mask=mask)
    lines = rows.getvalue().rstrip(b"\n").replace(b"\n", b",\n")
    out.write(
        msgspec.json.encode(without_numbers(head) if mask else head).removesuffix(b"}") + b',"rows":[\n' + lines + b"\n]}\n"
    )


def _head(report: Report) -> dict[str, object]:
    unchecked = [{"编号": skip.code, "检查": skip.title, "原因": skip.why} for skip in report.not_run]
    return {
        "schema": SCHEMA,
        "kind": report.kind,
        "provenance": dict(report.provenance),
        "summary": _summary(report.summary),
        **({"not_run": unchecked} if report.kind != "calc" else {}),
    }


def _summary(summary: Summary) -> dict[str, object]:
    programs = [
        {"补贴项目": p.program, **p.counts, "可发放金额": yuan(p.paid_fen), "待补金额": yuan(p.held_fen)}
        for p in summary.programs
    ]
    releases = [{"补齐": r.fact, "行数": r.rows, "金额": yuan(r.fen)} for r in summary.releases]
    return {
        "总行数": summary.total,
        "去向": dict(summary.lines),
        "项目": programs,
        "补齐可决定": releases,
        "差一点": [near.said for near in summary.near],
        "须人工核实": list(summary.manual),
        **(_levels(summary) if summary.levels else {}),
    }


def _levels(summary: Summary) -> dict[str, object]:
    cleared: dict[str, object] = {"放行": _cleared(summary.clearance)} if summary.clearance else {}
    balanced: dict[str, object] = {"对账": list(map(_balanced, summary.balances))} if summary.balances else {}
    risk = {"涉及金额": yuan(summary.risk_fen), "没有写明金额": summary.risk_unstated}
    return {"级别": dict(summary.levels), **risk, **cleared, **balanced}


def _cleared(left: Clearance) -> dict[str, object]:
    parts = dict(zip(WORDS.values(), (left.clear, left.cut, left.doubted, left.stopped), strict=True))
    sums = {name: {"行数": rows, "金额": yuan(fen)} for name, (rows, fen) in parts.items()}
    return {**sums, "不在某一行上的发现": left.elsewhere}


def _balanced(balance: Balance) -> dict[str, object]:
    """One programme, or 合计: 申领 + 未申领即核定 is the sum of all other terms, in each of the three."""
    parts = {term: {"人数": people, "行数": rows, "金额": yuan(fen)} for term, (people, rows, fen) in balance.parts.items()}
    return {"补贴项目": balance.program, **parts, "没有写明金额": balance.unstated}
