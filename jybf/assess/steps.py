"""A verdict's conditions one by one: the clauses by the verdict's own bits, then what other rows have to do with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jybf.assess.lines import place
from jybf.assess.origins import Subject, governing
from jybf.assess.sentences import apart, bar, contradictions, failure, lack, lacking, unsettled
from jybf.assess.stages import UNCOUNTED
from jybf.model import RESULTS, ROW, Clause, Program, Version
from jybf.model.proof import FAILS, HOLDS, IDLE, LACKS, PRESUMED, Mark, Step
from jybf.policy.clash import HELD
from jybf.policy.implicit import DEADLINE, IDENTITY, KEY, TALLY, YEARS
from jybf.policy.versions import within
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR

if TYPE_CHECKING:
    from jybf.assess.tally import Count

ONCE, QUOTA, EXCLUDED, EARLIER = "一次", "限量", "不并享", "领过"
_WHO = ("身份证号", "单位")
_MOST = 5  # rows of the same person that are named


class Judged(msgspec.Struct, frozen=True):
    """One line of ``Verdicts.rows`` (``bits``) on the row of ``subject``; ``count``: an employer's persons."""

    subject: Subject
    program: Program
    bits: dict[str, Any]
    count: Count | None = None
    versions: tuple[Version, ...] = ()  # of the programme, of which ``program`` is one

    @property
    def stranded(self) -> bool:
        """Whether the row was refused because no programme takes it: then no other condition was looked at."""
        return self.bits["早于施行"] is None

    @property
    def entered(self) -> bool:
        """Whether the row qualifies by itself, so that once-only and quota were looked at."""
        own = self.bits["不符"] == 0 and self.bits["缺"] == 0
        return own and self.bits["缘由"] not in ("excluded", "prior") and not self.stranded


def steps(judged: Judged) -> Iterator[Step]:
    """Every condition of the programme, in the order of its clauses, then those that other rows decide."""
    for j, clause in enumerate(judged.program.clauses):
        idle = clause.id in HELD or not _in_force(judged, clause)  # a row that is at one with itself needs no word
        if not idle or _mark(judged, 1 << j) in (FAILS, LACKS):
            yield _clause(judged, j, clause)
    yield from _limits(judged)


def _in_force(judged: Judged, clause: Clause) -> bool:
    versions, version = judged.versions, judged.bits["版"]
    return version is None or not versions or within(versions[int(version)].span, clause.span)


def _clause(judged: Judged, j: int, clause: Clause) -> Step:
    program, tally = judged.program, judged.program.tally
    mark = _mark(judged, 1 << j)
    text = tally.text if tally and clause.id == TALLY else clause.text
    when = f"（{clause.span}）" if clause.span else ""
    cite = f"{clause.source or program.source}{clause.cite}"
    return Step(mark, clause.id, text + when, cite, _said(judged, mark, 1 << j, clause))


def _mark(judged: Judged, bit: int) -> Mark:
    marks: tuple[tuple[str, Mark], ...] = (("不符", FAILS), ("缺", LACKS), ("推定", PRESUMED))
    for name, mark in marks:
        if judged.bits[name] & bit:
            return mark
    return IDLE if judged.stranded else HOLDS


def _said(judged: Judged, mark: Mark, bit: int, clause: Clause) -> str:
    subject, program = judged.subject, judged.program
    counted = f"{judged.count.said}；" if judged.count and clause.id == TALLY else ""
    if mark == FAILS:
        return counted + subject.said(failure(clause, program, subject.columns))
    if mark == LACKS:
        lacks = lacking(program, bit, subject.columns)
        names = [name for name, test in lacks.items() if _true(subject, test)]
        told = [subject.said(lack(name, subject.columns, subject.roster)) for name in names]
        told += [subject.said(apart(each, subject.columns)) for each in contradictions(program, bit)]
        return counted + ("；".join(told) or ("不能确定" if counted else subject.said(unsettled(clause, subject.columns))))
    if mark == PRESUMED:
        return counted + clause.presume
    if mark == IDLE:
        return ""
    return judged.count.said if counted and judged.count else _held(judged, clause)


def _true(subject: Subject, test: pl.Expr) -> bool:
    return bool(subject.one.select(test).item())


def _held(judged: Judged, clause: Clause) -> str:
    """The values by which a clause holds, and what it asks."""
    subject, program = judged.subject, judged.program
    if clause.id == YEARS or (clause.id == DEADLINE and not program.period):
        values = [governing(subject, program.basis, judged.bits["依据日"])]
    elif clause.id == KEY and clause.holds.source == YEAR:
        values = [f"{YEAR} {judged.bits['年度']}"]
    else:
        names = {KEY: (clause.holds.source,), IDENTITY: _WHO}.get(clause.id, clause.holds.fields)
        values = [f"{name} {shown}" for name in names if (shown := _shown(subject, name))]
    told = "，".join(values)
    return f"{told}，要求{clause.holds.want}" if told and clause.holds.want else told


def _shown(subject: Subject, name: str) -> str:
    return subject.value(name) if name in subject.columns else ""


def _limits(judged: Judged) -> Iterator[Step]:
    """What other rows and earlier payments have to do with the row."""
    program, reason = judged.program, judged.bits["缘由"]
    if prior := program.prior:
        mark = FAILS if reason == "prior" else IDLE if reason == "excluded" else _unbarred(judged)
        yield _limit(judged, mark, EARLIER, f"以前没有领过（每{'、'.join(prior.per)}）", program.cited(prior), "prior")
    for exclusion in program.excluded_by[:1]:
        texts = "；".join(e.text for e in program.excluded_by)
        mark = FAILS if reason == "excluded" else _unbarred(judged)
        yield _limit(judged, mark, EXCLUDED, texts, program.cited(exclusion), "excluded")
    if program.once:
        yield _turn(judged, ONCE, f"每个{'、'.join(program.once)}一次", program.source + program.cite, "once", program.once)
    if quota := program.quota:
        text = f"每个{'、'.join(quota.per)}累计不超过 {quota.most} 个{quota.unit}"
        yield _turn(judged, QUOTA, text, program.cited(quota), "quota", quota.per)


def _unbarred(judged: Judged) -> Mark:
    if judged.stranded:
        return IDLE
    return HOLDS if judged.subject.verdicts.history else PRESUMED


def _limit(judged: Judged, mark: Mark, id_: str, text: str, cite: str, reason: str) -> Step:
    said = {FAILS: _barred(judged, reason), PRESUMED: "没有给历史发放，只与本批比对", HOLDS: "历史发放和本批里都没有"}
    return Step(mark, id_, text, cite, said.get(mark, ""))


def _barred(judged: Judged, reason: str) -> str:
    """What a verdict says of the row that stands in the way."""
    subject, first = judged.subject, judged.bits["先"]
    where = pl.DataFrame({"_where": [place(first, subject.verdicts, subject.roster)]})
    return str(where.select(bar(judged.program, reason)).item()) if judged.bits["缘由"] == reason else ""


def _turn(judged: Judged, id_: str, text: str, cites: str, reason: str, per: Sequence[str]) -> Step:
    if judged.bits["缘由"] == reason:
        return Step(FAILS, id_, text, cites, _told(_barred(judged, reason), _others(judged, per)))
    if not judged.entered or (reason == "quota" and judged.bits["缘由"] == "once"):
        return Step(IDLE, id_, text, cites, "别的条件已经决定，没有排到这一步")
    others = _others(judged, per)
    if RESULTS[judged.bits["结果"]] == "待补资料":
        return Step(LACKS, id_, text, cites, _told(UNCOUNTED, others))
    if judged.subject.verdicts.history:
        return Step(HOLDS, id_, text, cites, _told("已与历史发放和本批比对", others))
    return Step(PRESUMED, id_, text, cites, _told("本批里比对过，未与历史发放比对", others))


def _told(text: str, others: str) -> str:
    return f"{text}；{others}" if others else text


def _others(judged: Judged, per: Sequence[str]) -> str:
    """The other rows and earlier payments that share the row's keys, with what each came to."""
    subject, bits = judged.subject, judged.bits
    wanted = {key: bits["年度"] if key == YEAR else subject.cells.get(key) for key in per}
    if any(key is None for key in wanted.values()):
        return ""
    told = [*_paid_before(judged, wanted), *_in_this_batch(judged, wanted)]
    more = f" 等 {len(told)} 行" if len(told) > _MOST else ""
    return f"相同的还有{'、'.join(told[:_MOST])}{more}" if told else ""


def _paid_before(judged: Judged, wanted: dict[str, Any]) -> Iterator[str]:
    subject, program = judged.subject, judged.program
    past = subject.verdicts.past
    if past is None or not set(wanted) <= set(past.columns):
        return
    same = past.filter(pl.col("项目") == judged.bits["项目"], *(pl.col(key) == one for key, one in wanted.items()))
    for row, count in same.filter(~pl.col(ROW).is_in(_known(judged))).select(ROW, "_units").iter_rows():
        units = f" {count} 个{program.quota.unit}" if program.quota and count is not None else ""
        yield f"{place(row, subject.verdicts, subject.roster)}（发过{units}）"


def _known(judged: Judged) -> list[int]:
    """The row itself and the one that the verdict names anyway."""
    return [row for row in (judged.subject.row, judged.bits["先"]) if row is not None]


def _in_this_batch(judged: Judged, wanted: dict[str, Any]) -> Iterator[str]:
    subject, program = judged.subject, judged.program
    rows = subject.verdicts.rows.filter(pl.col("项目") == judged.bits["项目"], ~pl.col(ROW).is_in(_known(judged)))
    keys = subject.all.select(key for key in wanted if key != YEAR)[rows[ROW]]
    beside = pl.concat([rows.rename({"年度": YEAR}), keys], how="horizontal") if keys.columns else rows.rename({"年度": YEAR})
    same = beside.filter(*(pl.col(key) == one for key, one in wanted.items()))
    for row, result, count in same.select(ROW, "结果", "数量").iter_rows():
        units = f" {count} 个{program.quota.unit}" if program.quota and result in (0, 3) and count is not None else ""
        yield f"{place(row, subject.verdicts, subject.roster)}（{RESULTS[result]}{units}）"
