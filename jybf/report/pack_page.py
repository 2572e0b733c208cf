"""A pack as a page that a clerk can read: each condition in its author's words and as the program takes it, with its clause."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

import msgspec

from jybf.model import Clause, Pack, Program, Quota, Setting, Span
from jybf.policy.clash import HELD
from jybf.policy.implicit import DEADLINE, IDS
from jybf.policy.reading import aloud
from jybf.vocabulary.amounts import kind_of

_KEYS = {  # as a clerk calls what a pack overrides
    "amount": "金额", "quota": "限额", "until": "截止日", "deadline": "截止日", "clause": "条件", "basis": "以哪一天为准",
    "payee": "发给谁", "titles": "表题里的词", "columns": "认表的列", "applies": "归不归本项目", "once": "只给一次",
    "fund": "资金渠道", "period": "执行期间", "prior": "享受过的除外", "tally": "人数", "excluded_by": "与别的项目不并享",
    "year": "算在哪一年",
}  # fmt: skip


class Line(msgspec.Struct, frozen=True):
    """One rule: in words, with its clause.

    ``when``: in force, where that is not always; ``reads``: as the program takes it; ``note``: what else there is to say.
    """

    text: str
    cite: str
    when: str = ""
    reads: str = ""
    note: str = ""
    inherited: bool = False
    name: str = ""  # by which it is the same in another pack


class ProgramPage(msgspec.Struct, frozen=True):
    """One programme. ``sums``: what it pays, a line a version; ``manual``: what is decided by hand."""

    id: str
    cite: str
    payee: str
    pays: bool
    fund: str
    basis: str
    inherited: bool
    sums: tuple[Line, ...]
    conditions: tuple[Line, ...]
    limits: tuple[Line, ...]
    manual: tuple[Line, ...]
    settings: tuple[Line, ...]
    overrides: tuple[Line, ...]
    cases: int
    aside: tuple[str, ...]


class PackPage(msgspec.Struct, frozen=True):
    """The whole document."""

    name: str
    document: str
    short: str
    issued: str
    since: str
    until: str
    extends: str
    defaults: tuple[tuple[str, str], ...]
    digest: str
    programs: tuple[ProgramPage, ...]
    known_on: str = ""


def page_of(pack: Pack) -> PackPage:
    """``pack`` as a page."""
    since = str(pack.since) if pack.since > date.min else ""
    return PackPage(
        pack.name, pack.document, pack.short, pack.issued, since, str(pack.until), pack.extends, tuple(pack.defaults.items()),
        pack.digest[:12], tuple(_program(pack, program) for program in pack.programs), str(pack.known_on or ""),
    )  # fmt: skip


def _program(pack: Pack, program: Program) -> ProgramPage:
    return ProgramPage(
        program.id, program.source + program.cite, program.payee, program.amount.pays, program.fund, "、".join(program.basis),
        program.source != pack.short, tuple(_sums(pack, program)), tuple(_conditions(pack, program)),
        tuple(_limits(program)), tuple(Line(text, cite) for cite, text in program.manual),
        tuple(_setting(one) for one in program.settings), tuple(_overridden(program)),
        len(program.cases) - len(program.aside), program.aside,
    )  # fmt: skip


def _overridden(program: Program) -> Iterator[Line]:
    yield from (Line(_KEYS.get(key, key), cite) for key, cite in program.overrides)


def _sums(pack: Pack, program: Program) -> Iterator[Line]:
    if not program.versions:
        yield _sum(pack, program, "")
        return
    told: list[tuple[Line, str]] = []
    for i, version in enumerate(program.versions):
        then, start = program.at(i), str(version.span.first or "")
        line = Line("停止执行", f"{program.source}{version.ended}") if version.ended else _sum(pack, then, "")
        if not told or told[-1][0] != line:
            told.append((line, start))
    starts = [start for _, start in told]
    for i, (line, start) in enumerate(told):
        when = f"{start} 起" if start else f"{starts[1]} 以前" if len(starts) > 1 else ""
        end = f"，{starts[i + 1]} 以前" if start and i + 1 < len(starts) else ""
        yield Line(line.text, line.cite, when + end, inherited=line.inherited)


def _sum(pack: Pack, program: Program, when: str) -> Line:
    source = program.amount.source or program.source
    return Line(
        kind_of(program.amount).page(program.amount), program.cited(program.amount), when, inherited=source != pack.short
    )


def _conditions(pack: Pack, program: Program) -> Iterator[Line]:
    """The author's own, then the deadline; what the engine implies of every programme needs no word."""
    for clause in program.clauses:
        if clause.id in HELD or (clause.id in IDS and clause.id not in ("适用", DEADLINE)):
            continue
        yield _condition(pack, program, clause)


def _condition(pack: Pack, program: Program, clause: Clause) -> Line:
    source = clause.source or program.source
    reads = aloud(clause.holds.source) if clause.id != DEADLINE else ""
    when, note = str(clause.span) if clause.span else "", f"空白：{clause.presume}" if clause.presume else ""
    return Line(
        clause.text, source + clause.cite, when, "" if reads == clause.text else reads, note, source != pack.short, clause.id
    )


def _limits(program: Program) -> Iterator[Line]:
    own = program.source + program.cite
    if program.once:
        yield Line(f"每个{'、'.join(program.once)}一次", own, name="一次")
    for quota, when in _quotas(program):
        yield Line(f"每个{'、'.join(quota.per)}最多 {quota.most} 个{quota.unit}", program.cited(quota), when, name="限量")
    if tally := program.tally:
        yield Line(
            f"{tally.text}（按{tally.per}数，不少于 {tally.least}）",
            program.cited(tally),
            reads=aloud(tally.counts.source),
            name="人数",
        )
    if period := program.period:
        yield Line(
            f"{period.start}到{period.end}，算到 {period.until} 为止，按{period.months}计", program.cited(period), name="期间"
        )
    if prior := program.prior:
        yield Line(prior.text, program.cited(prior), note="看历史发放，也看花名册自己的列", name="已享受")
    for rule in program.excluded_by:
        note = f"与“{rule.program}”按{'、'.join(rule.per)}比对" + ("，只看历史" if rule.history else "")
        yield Line(rule.text, program.cited(rule), note=note, name=rule.program)


def _quotas(program: Program) -> Iterator[tuple[Quota, str]]:
    """Each quota, and when it is in force, where that is not always."""
    if not program.versions:
        yield from ((quota, "") for quota in (program.quota,) if quota)
    for quota, group in groupby(program.versions, key=lambda version: version.quota):
        spans = [version.span for version in group]
        whole = Span(spans[0].first, spans[-1].last)
        if quota:
            yield quota, "" if whole == Span() else str(whole)


def _setting(one: Setting) -> Line:
    others = "、".join(choice for choice in one.choices if choice != one.value)
    return Line(f"{one.name}：{one.value}", one.cite or "文件没有写，按默认", note=f"{one.text}；还可以取 {others}")
