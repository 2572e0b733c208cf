"""One row's verdicts as a proof: every fact, every condition, every figure, taken from the run that pays.

Nothing is judged anew. Whether a clause holds is a bit of ``Verdicts.rows``, what is said of it is what ``describe`` says,
and the figures are those of the query's own expressions: a proof can't come out otherwise than the run.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from msgspec.structs import replace

from jybf.assess.apart import apart
from jybf.assess.describe import describe
from jybf.assess.lines import place
from jybf.assess.origins import Subject, governing, known
from jybf.assess.steps import Judged, steps
from jybf.assess.sums import lines
from jybf.assess.tally import count
from jybf.model import ROW, Program, Roster, Verdicts
from jybf.model.proof import Proof, RowProof
from jybf.policy.clash import HELD
from jybf.vocabulary.roles import EMPLOYER


def prove(
    roster: Roster, verdicts: Verdicts, rows: Sequence[int], programs: Sequence[str] = (), *, force: bool = False
) -> tuple[RowProof, ...]:
    """A proof for each of ``rows`` (``_row``). ``verdicts``: of ``roster``, assessed with ``programs`` and ``force``."""
    return tuple(_row(Subject(roster, verdicts, row), programs, force=force) for row in rows)


def _row(subject: Subject, programs: Sequence[str], *, force: bool) -> RowProof:
    verdicts = subject.verdicts
    proofs = [*_own(subject), *_counted(subject)]
    own = [index for index, _ in proofs]
    asked = [name for index, proof in proofs for name in _asked(verdicts.pack.programs[index], worker=bool(proof.head))]
    unnamed = _told(subject)["说明"].to_list() if subject.row in verdicts.unnamed[ROW] else []
    return RowProof(
        row=subject.row,
        file=subject.sheet.file,
        sheet=subject.sheet.name,
        line=subject.line,
        name=subject.value("姓名") or subject.faults.get("姓名", ("",))[0],
        number=subject.value("身份证号") or subject.faults.get("身份证号", ("",))[0],
        employer=next((shown for name in EMPLOYER if (shown := subject.value(name))), ""),
        facts=known(subject, [*_who(subject), *(name for name in asked if _worth(subject, name))]),
        proofs=tuple(proof for _, proof in proofs),
        apart=tuple(apart(subject, own, programs, force=force)),
        unnamed="".join(unnamed),
    )


def _who(subject: Subject) -> Iterator[str]:
    if "身份证号" in subject.sheet.columns:
        yield "身份证号"


def _own(subject: Subject) -> Iterator[tuple[int, Proof]]:
    """The verdicts that stand on the row."""
    verdicts = subject.verdicts
    mine: pl.DataFrame = verdicts.rows.filter(pl.col(ROW) == subject.row)
    if mine.is_empty():
        return
    for bits, told in zip(mine.iter_rows(named=True), _told(subject).iter_rows(named=True), strict=True):
        yield bits["项目"], _proof(subject, bits, told)


def _counted(subject: Subject) -> Iterator[tuple[int, Proof]]:
    """The employers' verdicts that the row only counts towards, each proved on the row on which it stands."""
    merged = subject.verdicts.merged.filter(pl.col(ROW) == subject.row)
    for index, row in merged.select("项目", "并入").iter_rows():
        head = replace(subject, row=row)
        for i, proof in _own(head):
            if i == index:
                yield i, replace(proof, head=place(row, subject.verdicts, subject.roster))


def _told(subject: Subject) -> pl.DataFrame:
    """What calc says of the row, in VERDICT_COLUMNS."""
    verdicts = subject.verdicts
    mine = pl.col(ROW) == subject.row
    alone = replace(verdicts, rows=verdicts.rows.filter(mine), unnamed=verdicts.unnamed.filter(mine))
    return describe(alone, subject.roster)


def _proof(subject: Subject, bits: dict[str, Any], told: dict[str, Any]) -> Proof:
    index = int(bits["项目"])
    whole: Program = subject.verdicts.pack.programs[index]
    program = whole.at(bits["版"])
    counted = count(subject, index, program.tally) if program.tally else None
    judged = Judged(subject, program, bits, counted, whole.versions)
    return Proof(
        program=program.id,
        payee=program.payee,
        source=program.source,
        cite=f"{program.source}{program.cite}",
        result=told["结果"],
        fen=told["核定金额"],
        hope=bits["可望"],
        grounds=told["依据"],
        reason=told["说明"],
        assumed=tuple(filter(None, told["假定"].split("；"))),
        steps=tuple(steps(judged)),
        sum=(*_day(judged), *_version(judged), *_settings(program), *lines(judged)),
        manual=program.manual,
        members=counted.members if counted else (),
    )


def _day(judged: Judged) -> Iterator[tuple[str, str]]:
    day = governing(judged.subject, judged.program.basis, judged.bits["依据日"])
    if day:
        year = judged.bits["年度"]
        yield "作准", day + (f"，算在 {year} 年" if year is not None else "")


def _version(judged: Judged) -> Iterator[tuple[str, str]]:
    """Which version of what changes with time was applied."""
    if judged.versions and (version := judged.bits["版"]) is not None:
        one = judged.versions[int(version)]
        cites = f"，{judged.program.cited(one.amount)}" if one.amount.cite else ""
        yield "版本", f"{one.span}的规定{cites}（共 {len(judged.versions)} 版）"


def _settings(program: Program) -> Iterator[tuple[str, str]]:
    """How what the documents leave open was taken."""
    for one in program.settings:
        by = one.cite or "默认"
        yield "设置", f"{one.name}：{one.value}（{by}；还可以取 {'、'.join(c for c in one.choices if c != one.value)}）"


def _asked(program: Program, *, worker: bool) -> Iterator[str]:
    """The facts that anything about ``program`` reads, in the order in which it asks; of a ``worker``, those that count."""
    period, prior, tally = program.period, program.prior, program.tally
    if worker:
        yield from (tally.per, *tally.counts.fields) if tally else ()
        return
    for clause in program.clauses:
        yield from clause.holds.fields
    yield from (*program.basis, *program.year, *program.once, program.amount.units)
    yield from program.quota.per if program.quota else ()
    yield from (period.start, period.end, period.proof) if period else ()
    yield from (prior.field, *prior.per) if prior else ()
    yield from (name for exclusion in program.excluded_by for name in exclusion.per)
    yield from (tally.per, tally.read, *tally.beside, *tally.counts.fields) if tally else ()


def _worth(subject: Subject, name: str) -> bool:
    """Whether the row has something to show of ``name``, or some clause of its programmes asks for it."""
    if subject.value(name) or name in subject.faults or name in subject.sheet.columns:
        return True
    if any(name in program.tally.counts.fields for program in subject.verdicts.pack.programs if program.tally):
        return True
    clauses = [clause for program in _programs(subject) for clause in program.clauses if clause.id not in HELD]
    return any(name in clause.holds.fields for clause in clauses)


def _programs(subject: Subject) -> list[Program]:
    mine = subject.verdicts.rows.filter(pl.col(ROW) == subject.row)["项目"]
    return [subject.verdicts.pack.programs[int(index)] for index in mine]
