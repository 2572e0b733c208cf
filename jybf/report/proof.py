"""What ``jybf why`` shows: the row and its facts, each programme like a proof, what the audit found. A page, or JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, BinaryIO

import msgspec
from rich.console import Console
from rich.table import Table

from jybf.model import ROW, Findings
from jybf.model.proof import FAILS, HOLDS, IDLE, LACKS, PRESUMED, Apart, Fact, Mark, Proof, RowProof, Step, Why
from jybf.policy.implicit import KEY
from jybf.report.plain import without_numbers
from jybf.report.prose import Prose
from jybf.report.rows import says, short
from jybf.report.screen import COLOURS, FOLDED, WIDE, grid, labelled, on_paper, tell, tell_origin
from jybf.vocabulary.yuan import yuan

_Line = tuple[str, str, str]  # label, text, style

SCHEMA = 1
_SIGNS: Mapping[Mark, tuple[str, str]] = {
    HOLDS: ("✓", "green"), FAILS: ("✗", "red"), LACKS: ("?", "yellow"), PRESUMED: ("~", "cyan"), IDLE: ("·", "dim"),
}  # fmt: skip
_LABELS = {KEY: "归属"}  # a clerk's word for what only the engine calls so
_LEGEND = "✓ 成立  ✗ 不成立  ? 缺资料  ~ 按推定  · 没有判到"
_MOST = 20  # rows of an employer on a terminal


def print_why(why: Why, screen: Console, *, mask: bool) -> None:
    """One page a row on ``screen``, which hides numbers by itself; of the person's own only the ends are shown if ``mask``."""
    for row in why.rows:
        _Page(screen, mask=mask).row(row, why)
    screen.print()
    tell(screen, _LEGEND, "dim")
    if why.provenance:
        tell_origin(screen, "出处  " + " · ".join(f"{key} {value}" for key, value in why.provenance.items()), "dim")


def write_why(why: Why, out: BinaryIO, form: str, *, mask: bool) -> None:
    """The same as one JSON object, or as plain text (``form``: json or table), in UTF-8."""
    out.write(as_json(why, mask=mask) if form == "json" else on_paper(lambda page: print_why(why, page, mask=mask), mask=mask))


def _together(apart: Sequence[Apart]) -> Iterator[_Line]:
    """The programmes that a row is not about; those with one reason on one line."""
    for why, ones in groupby(apart, key=lambda one: one.why):
        first, *others = (one.program for one in ones)
        yield (f"{first} 等 {len(others) + 1} 个" if others else first), why, "dim"


class _Page:
    """A row's page: a screen, and whether numbers are hidden on it."""

    def __init__(self, screen: Console, *, mask: bool) -> None:
        self._screen = screen
        self._mask = mask

    def row(self, row: RowProof, why: Why) -> None:
        """Who it is, the facts, the programmes that the row is about and those that it is not, what the audit found."""
        self._screen.print()
        place = row.file + (f"〔{row.sheet}〕" if row.sheet else " ")
        self._say(f"{place}第 {row.line} 行", "bold")
        self._say("  ".join(filter(None, (row.name, short(row.number, self._mask), row.employer))))
        for proof in row.proofs:
            self._verdict(proof)
        if row.unnamed:
            self._say(f"待补资料  {row.unnamed}", COLOURS["待补资料"])
        self._facts(row.facts)
        for proof in row.proofs:
            self._proof(proof, row)
        if row.apart:
            self._head(f"不归的项目  {len(row.apart)} 个")
            self._grid(_together(row.apart))
        if why.findings:
            self._found(row, why.findings)

    def _verdict(self, proof: Proof) -> None:
        sum_ = f"  {yuan(proof.fen)} 元" if proof.fen is not None else ""
        hope = f"  补齐后最多 {yuan(proof.hope)} 元" if proof.hope is not None else ""
        counted = f"（并入{proof.head}）" if proof.head else ""
        self._say(f"{proof.program}  {proof.result}{sum_}{hope}{counted}", f"bold {COLOURS[proof.result]}")

    def _facts(self, facts: Sequence[Fact]) -> None:
        self._head("这一行的事实")
        table = _table(4)
        for fact in facts:
            shown = Prose(fact.value or "缺", "" if fact.value else "yellow")
            table.add_row(Prose(fact.name), shown, fact.cell, Prose(fact.origin, "yellow" if fact.unread else "dim"))
        self._screen.print(table)

    def _proof(self, proof: Proof, row: RowProof) -> None:
        self._head(f"{proof.program}  {proof.cite}  发给{proof.payee}")
        if proof.head:
            mine = "".join(_SIGNS[one.mark][0] for one in proof.members if one.row == row.row)
            self._say(f"  本行只计入单位的人数（{mine}），结果写在{proof.head}；以下是那一行的")
        table = _table(3)
        for step in proof.steps:
            table.add_row(*self._step(step, proof.source))
        self._screen.print(table)
        self._conclusion(proof)

    def _step(self, step: Step, source: str) -> tuple[Prose, Prose, Prose]:
        sign, style = _SIGNS[step.mark]
        text = Prose(step.text)
        text.append(f"  {step.cite.removeprefix(source)}", "dim")
        if step.said:
            text.append("\n" + step.said, "" if step.mark == HOLDS else style)
        return Prose(sign, style), Prose(_LABELS.get(step.id, step.id), style if step.mark != HOLDS else ""), text

    def _members(self, proof: Proof) -> list[_Line]:
        if not proof.members:
            return []
        shown = proof.members[:_MOST] if self._screen.is_terminal else proof.members
        told = "、".join(f"{_SIGNS[one.mark][0]} {one.name or one.place}" for one in shown)
        more = f" …共 {len(proof.members)} 行，全部的用 -f json" if len(shown) < len(proof.members) else ""
        return [("人员", told + more, "")]

    def _conclusion(self, proof: Proof) -> None:
        money = f"{yuan(proof.fen)} 元" if proof.fen is not None else "无"
        hope = f"（补齐后最多 {yuan(proof.hope)} 元）" if proof.hope is not None else ""
        said = f"{proof.result}：{proof.reason}" if proof.reason else proof.result
        lines = [*self._members(proof), *((what, how, "") for what, how in proof.sum)]
        lines += [("结果", said, COLOURS[proof.result]), ("核定", money + hope, ""), ("依据", proof.grounds, "")]
        lines += [("假定", text, "") for text in proof.assumed]
        self._grid([*lines, *(("须人工核实", f"{text}  {cite}", "") for cite, text in proof.manual)])

    def _found(self, row: RowProof, findings: Findings) -> None:
        mine = _of_row(row, findings)
        self._head(f"审核发现  {len(mine)} 条" if mine else "审核发现  没有")
        table = _table(4)
        for one in mine:
            text = Prose(says(one))
            text.append(f"\n{one['依据']}", "dim")
            table.add_row(one["编号"], Prose(one["级别"], COLOURS[one["级别"]]), one["单元格"], text)
        if mine:
            self._screen.print(table)
        if findings.not_run:
            self._say(f"  另有 {len(findings.not_run)} 项没有数据可查，不等于没有问题：jybf audit 列出", "dim")

    def _grid(self, lines: Iterable[_Line]) -> None:
        """Labelled lines, the label of several said once."""
        shown = ((label, "", [Prose(text, style)]) for label, text, style in lines)
        labelled(_table(2), shown, self._screen)

    def _head(self, text: str) -> None:
        self._screen.print()
        self._say(text, "bold")

    def _say(self, text: str, style: str = "") -> None:
        tell(self._screen, text, style)


def _table(columns: int) -> Table:
    return grid(*[FOLDED] * (columns - 1), WIDE)


def _of_row(row: RowProof, findings: Findings) -> list[dict[str, Any]]:
    """The findings on ``row``, by column of the contract."""
    return findings.rows.filter(findings.context[ROW] == row.row).to_dicts()


def as_json(why: Why, *, mask: bool) -> bytes:
    """The same for programs: one JSON object, UTF-8; sums in 元 as text, null where there is none."""
    found = {"schema": SCHEMA, "kind": "why", "行": [_row_facts(row, why) for row in why.rows], "出处": dict(why.provenance)}
    hidden = without_numbers(found) if mask else found
    return msgspec.json.format(msgspec.json.encode(hidden), indent=1) + b"\n"


def _row_facts(row: RowProof, why: Why) -> dict[str, Any]:
    audit = why.findings
    return {
        "文件": row.file,
        "工作表": row.sheet,
        "行号": row.line,
        "姓名": row.name,
        "身份证号": row.number,
        "单位": row.employer,
        "事实": [{"名称": f.name, "值": f.value, "单元格": f.cell, "来处": f.origin, "读不出": f.unread} for f in row.facts],
        "项目": [_proof_facts(proof) for proof in row.proofs],
        "未指明项目": row.unnamed,
        "不归的项目": [{"补贴项目": one.program, "原因": one.why} for one in row.apart],
        "发现": [{**one, "涉及金额": _money(one["涉及金额"])} for one in _of_row(row, audit)] if audit else [],
        "未检查": [{"编号": one.code, "检查": one.title, "原因": one.why} for one in audit.not_run] if audit else [],
    }


def _proof_facts(proof: Proof) -> dict[str, Any]:
    return {
        "补贴项目": proof.program,
        "条款": proof.cite,
        "发给": proof.payee,
        "并入": proof.head,
        "结果": proof.result,
        "核定金额": _money(proof.fen),
        "可望": _money(proof.hope),
        "依据": proof.grounds,
        "说明": proof.reason,
        "假定": list(proof.assumed),
        "条件": [{"判断": s.mark, "名称": s.id, "条文": s.text, "依据": s.cite, "说明": s.said} for s in proof.steps],
        "人员": [{"行": one.place, "姓名": one.name, "判断": one.mark} for one in proof.members],
        "计算": [{"项": what, "怎样": how} for what, how in proof.sum],
        "须人工核实": [{"依据": cite, "内容": text} for cite, text in proof.manual],
    }


def _money(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)
