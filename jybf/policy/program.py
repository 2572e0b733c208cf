"""One programme's TOML → a vetted :class:`~jybf.model.Program`, with its versions where it changes with time."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from msgspec.structs import replace

from jybf.errors import near
from jybf.model import MERGED, RESULTS, UNDETERMINED, Amount, Case, Clause, Predicate, Program, Setting, Span, Tally
from jybf.policy import implicit
from jybf.policy.clash import at_one, doubts, held
from jybf.policy.codes import known_codes
from jybf.policy.fitting import misfits
from jybf.policy.in_time import amounts_of, deadlines_of, quotas_of, version_in
from jybf.policy.loader import Loader
from jybf.policy.schema import CaseSpec, ClauseSpec, PackSpec, ProgramSpec
from jybf.policy.structure import convert
from jybf.policy.timeline import Entry, laid_out
from jybf.policy.versions import eras, merged
from jybf.vocabulary.amounts import kind_of

_CODED = ("once", "quota", "excluded", "prior", "tally")


def read_program(
    loader: Loader, pack: PackSpec, raw: dict[str, Any], settings: tuple[Setting, ...], *, control: bool
) -> Program:
    """The programme that ``raw`` says; what is wrong with it is noted, and stands in by something empty."""
    name = str(raw.get("id", ""))
    here = loader.at(raw, name)
    spec, _ = convert(here, raw, ProgramSpec)
    if control == (spec.amount is not None):
        here.fault("[[program]] 必须有 amount，[[control]] 不能有")
    basis = tuple([spec.basis] if isinstance(spec.basis, str) else spec.basis)
    if not basis:
        here.fault("basis（以哪一天为准）不能空", path=("basis",))
    if len(spec.year) not in {0, 2}:
        here.fault("year 应写起、止两个日期", path=("year",))
    _coded(here, spec)
    program = Program(
        spec.id, spec.cite, spec.payee, Amount(""), (), here.names(basis, types=frozenset({"date", "period"}), key="basis"),
        spec.until or pack.until, spec.until_cite or (spec.cite if spec.until else pack.until_cite), spec.until_source,
        source=spec.source or pack.short, titles=tuple(spec.titles), unless=tuple(spec.unless),
        columns=here.names(spec.columns, key="columns"), year=here.names(spec.year, types=frozenset({"date"}), key="year"),
        once=here.names(spec.once, key="once"),
        **_limits(here, spec), fund=spec.fund, codes=spec.codes,
        manual=tuple(_manual(spec, pack.short)),
        cases=tuple(_cases(here, spec, raw, spec.source or pack.short)),
        since=spec.since or pack.since, overrides=tuple((key, cite) for key, cite in spec.overrides), aside=tuple(spec.aside),
        settings=settings,
    )  # fmt: skip
    program, own = _in_time(here, spec, raw, program)
    applies = here.predicate(spec.applies, "applies") if spec.applies else None
    if not basis:
        return program
    return at_one(merged(program, own, lambda as_then: implicit.clauses(as_then, applies, spec.applies_text)))


def _coded(here: Loader, spec: ProgramSpec) -> None:
    """Findings go by codes that the catalogue has."""
    codes = known_codes()
    for key in (key for key in spec.codes if key not in _CODED):
        here.fault(f"codes 没有“{key}”，{near(key, _CODED)}可写：{'、'.join(_CODED)}", about=key)
    for code in (*spec.codes.values(), *(clause.code for clause in spec.clause)):
        if code not in codes:
            here.fault(f"没有审核编号“{code}”，{near(code, codes)}jybf explain 列出全部", about=code)


def _in_time(here: Loader, spec: ProgramSpec, raw: Mapping[str, Any], program: Program) -> tuple[Program, tuple[Clause, ...]]:
    """``program`` with its sum, quota and deadline, in versions where they change, and its own clauses."""
    amounts = amounts_of(here, raw, program)
    quotas = quotas_of(here, spec, raw, program)
    deadlines = deadlines_of(here, spec, raw, program)
    own = _clauses(here, spec, raw, program)
    spans = [each.span for each in (*amounts, *deadlines)]
    spans += [*(span for span, _ in quotas), *(clause.span for clause in own if clause.span)]
    cut = eras(spans)
    versions = [version_in(era, amounts, quotas, deadlines) for era in cut]
    shape = next(
        (v.amount for v in reversed(versions) if kind_of(v.amount).result != UNDETERMINED or len(versions) == 1),
        versions[-1].amount,
    )
    quota = next((v.quota for v in reversed(versions) if v.quota), None)
    until, cite, source = versions[-1].until, versions[-1].until_cite, versions[-1].until_source
    program = replace(program, amount=shape, quota=quota, until=until, until_cite=cite, until_source=source)
    return replace(program, versions=tuple(versions) if len(cut) > 1 else ()), own


def _clauses(here: Loader, spec: ProgramSpec, raw: Mapping[str, Any], program: Program) -> tuple[Clause, ...]:
    """The programme's own, in the order of the file; those of one name share all of time."""
    tables = {id(one): table for one, table in zip(spec.clause, raw.get("clause", []), strict=False)}
    groups: dict[str, list[ClauseSpec]] = {}
    for one in spec.clause:
        groups.setdefault(one.id, []).append(one)
    found: list[tuple[int, Clause]] = []
    for name, ones in groups.items():
        if name in implicit.IDS:
            at = here.at(tables[id(ones[0])], *here.place)
            at.fault(f"“{name}”是程序自己的条件名（{'、'.join(implicit.IDS)}），换一个", about=name)
        entries = [Entry(tables[id(one)], one, one.text or name) for one in ones]
        for span, entry in laid_out(here, f"条件“{name}”", entries, program.since, program.until, whole=False):
            one = cast("ClauseSpec", entry.when)
            if not one.repeal:
                clause = _clause(here.at(entry.raw, *here.place), program.source, one)
                found.append((spec.clause.index(one), replace(clause, span=None if span == Span() else span)))
    return tuple(clause for _, clause in sorted(found, key=lambda each: each[0]))


def _clause(here: Loader, source: str, spec: ClauseSpec) -> Clause:
    for key in ("text", "holds"):
        if not getattr(spec, key):
            here.fault(f"缺“{key}”", spec.id)
    holds = here.predicate(spec.holds, spec.id) if spec.holds else Predicate("", "FALSE", ())
    return Clause(spec.id, spec.cite, spec.text, holds, spec.source or source, spec.code, spec.presume, spec.breach)


def _limits(here: Loader, spec: ProgramSpec) -> dict[str, Any]:
    """The keys that the engine carries out across rows."""
    if period := spec.period:
        here.names((period.start, period.end, period.proof), "period", types=frozenset({"date"}))
    if prior := spec.prior:
        here.names((prior.field,), "prior", types=frozenset({"bool"}))
        here.names(prior.per, "prior")
    for rule in spec.excluded_by:
        here.names(rule.per, "excluded_by")
    return {"period": period, "prior": prior, "tally": _tally(here, spec), "excluded_by": spec.excluded_by}


def _tally(here: Loader, spec: ProgramSpec) -> Tally | None:
    tally = spec.tally
    if not tally:
        return None
    here.names((tally.per, tally.read, *tally.beside), "tally")
    counts = here.predicate(tally.counts, "tally")
    reads = dict.fromkeys((*(counts.reads or counts.fields), *(name for apart in doubts(counts) for name in apart.fields)))
    counts = replace(held(counts), reads=tuple(reads))
    return Tally(tally.per, counts, tally.least, tally.read, tally.cite, tally.text, tuple(tally.beside), tally.source)


def _manual(spec: ProgramSpec, document: str) -> Iterator[tuple[str, str]]:
    """Clause and text; where a local pack speaks too, each with its document."""
    for item in spec.manual:
        own = (item.source or spec.source or document) if spec.overrides else ""
        yield own + item.cite, item.text


def _cases(here: Loader, spec: ProgramSpec, raw: Mapping[str, Any], document: str) -> Iterator[Case]:
    for item, table in zip(spec.case, raw.get("case", []), strict=False):
        yield _case(here, item, table, document)


def _case(here: Loader, spec: CaseSpec, raw: Mapping[str, Any], document: str) -> Case:
    at = here.at(raw, *here.place, spec.name)
    given = spec.given if isinstance(spec.given, list) else [spec.given]
    expect = spec.expect if isinstance(spec.expect, list) else [spec.expect] * len(given)
    yuan = spec.yuan if isinstance(spec.yuan, list) else [spec.yuan]
    for each in filter(None, yuan):
        at.exact(each, 100, "到分为止的金额")
    for row in (*given, *spec.history):
        for name in at.names(list(row)):
            if fault := misfits(here.fields.get(name), row[name]):
                at.fault(fault, about=str(row[name]) if isinstance(row[name], str) else name)
    outcomes = (*RESULTS, MERGED)
    for each in (each for each in expect if each not in outcomes):
        at.fault(f"expect 没有“{each}”，{near(each, outcomes)}只能是 {'、'.join(outcomes)}", about=each)
    if len(expect) != len(given):
        at.fault(f"expect 应与 given 一样多：given {len(given)} 行，expect {len(expect)} 个", path=("expect",))
    rows, results, history = tuple(given), tuple(expect), tuple(spec.history)
    return Case(spec.name, rows, results, tuple(yuan), history, spec.says, spec.source or document, here.line_of(raw))
