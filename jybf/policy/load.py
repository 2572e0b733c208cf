"""A pack's TOML → a vetted :class:`~jybf.model.Pack`; every fault at once, with file and clause."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from msgspec.structs import replace

from jybf.errors import PackError
from jybf.model import INCOMPLETE, MERGED, PAID, REFUSED, RESULTS, Amount, Case, Clause, Pack, Program, Tally
from jybf.policy import implicit
from jybf.policy.clash import at_one, doubts, held
from jybf.policy.inherit import read_merged
from jybf.policy.loader import Loader
from jybf.policy.schema import CaseSpec, ClauseSpec, PackSpec, ProgramSpec
from jybf.policy.structure import convert
from jybf.vocabulary.amounts import KINDS, control, kind_of
from jybf.vocabulary.facts import facts
from jybf.vocabulary.types import TYPES


def load_file(path: Path) -> Pack:
    """Read and vet ``path`` and what it extends; raises :class:`PackError` with all faults."""
    raw, digest, text = read_merged(path, ())
    loader = Loader(path.name, facts(), text)
    spec = convert(loader, raw, PackSpec)
    if spec is None:
        raise PackError(*loader.faults)
    programs = [_program(loader, spec, item, control=False) for item in spec.program]
    programs += [_program(loader, spec, item, control=True) for item in spec.control]
    found = tuple(program for program in programs if program)
    _cross_check(loader, spec, found)
    if loader.faults:
        raise PackError(*loader.faults)
    return Pack(
        spec.id, spec.name, tuple(spec.aliases), tuple(spec.places), spec.document, spec.short,
        spec.issued, spec.since, spec.until, spec.defaults, found, digest,
    )  # fmt: skip


def _program(loader: Loader, pack: PackSpec, raw: dict[str, Any], *, control: bool) -> Program | None:
    spec = convert(loader, raw, ProgramSpec, str(raw.get("id", "")))
    if spec is None:
        _vet_anyway(loader, raw)
        return None
    if control == (spec.amount is not None):
        loader.fault("[[program]] 必须有 amount，[[control]] 不能有", spec.id)
    basis = tuple([spec.basis] if isinstance(spec.basis, str) else spec.basis)
    ids = [clause.id for clause in spec.clause]
    for name in sorted({name for name in ids if ids.count(name) > 1 or name in implicit.IDS}):
        loader.fault(f"条件名“{name}”用了两次，或是程序自己的条件名（{'、'.join(implicit.IDS)}）", spec.id)
    program = Program(
        spec.id, spec.cite, spec.payee, _amount(loader.at(spec.id, "amount"), spec.amount),
        tuple(_clause(loader, spec.id, spec.source or pack.short, clause) for clause in spec.clause),
        loader.names(basis, spec.id, types=frozenset({"date", "period"})),
        spec.until or pack.until, spec.until_cite or (spec.cite if spec.until else pack.until_cite),
        source=spec.source or pack.short,
        titles=tuple(spec.titles), unless=tuple(spec.unless),
        columns=loader.names(spec.columns, spec.id),
        year=loader.names(spec.year, spec.id, types=frozenset({"date"})), once=loader.names(spec.once, spec.id),
        **_limits(loader, spec), fund=spec.fund, codes=spec.codes,
        manual=tuple((item.cite, item.text) for item in spec.manual),
        cases=tuple(case for item in spec.case if (case := _case(loader, spec.id, item))),
    )  # fmt: skip
    if len(spec.year) not in {0, 2}:
        loader.fault("year 应写起、止两个日期", spec.id)
    if not basis:
        loader.fault("basis（以哪一天为准）不能空", spec.id)
    applies = loader.predicate(spec.applies, spec.id, "applies") if spec.applies else None
    clauses = (*program.clauses, *implicit.clauses(program, applies, spec.applies_text, pack.since.year))
    return at_one(replace(program, clauses=clauses))


def _vet_anyway(loader: Loader, raw: dict[str, Any]) -> None:
    """Whatever else is wrong with a programme, its author wants to hear of the predicates and the amount too."""
    if isinstance(amount := raw.get("amount"), dict):
        _amount(loader.at(str(raw.get("id", "")), "amount"), cast("dict[str, object]", amount))
    for clause in raw.get("clause", []):
        if isinstance(clause, dict) and isinstance(holds := cast("dict[str, Any]", clause).get("holds"), str):
            loader.predicate(holds, str(raw.get("id", "")), str(cast("dict[str, Any]", clause).get("id", "")))


def _limits(loader: Loader, spec: ProgramSpec) -> dict[str, Any]:
    """The keys that the engine carries out across rows."""
    if quota := spec.quota:
        loader.names(quota.per, spec.id, "quota")
    if period := spec.period:
        loader.names((period.start, period.end, period.proof), spec.id, "period", types=frozenset({"date"}))
    if prior := spec.prior:
        loader.names((prior.field,), spec.id, "prior", types=frozenset({"bool"}))
        loader.names(prior.per, spec.id, "prior")
    tally = _tally(loader, spec)
    for rule in spec.excluded_by:
        loader.names(rule.per, spec.id, "excluded_by")
    return {"quota": quota, "period": period, "prior": prior, "tally": tally, "excluded_by": spec.excluded_by}


def _tally(loader: Loader, spec: ProgramSpec) -> Tally | None:
    tally = spec.tally
    if not tally:
        return None
    loader.names((tally.per, tally.read, *tally.beside), spec.id, "tally")
    counts = loader.predicate(tally.counts, spec.id, "tally")
    reads = dict.fromkeys((*(counts.reads or counts.fields), *(name for apart in doubts(counts) for name in apart.fields)))
    counts = replace(held(counts), reads=tuple(reads))
    return Tally(tally.per, counts, tally.least, tally.read, tally.cite, tally.text, tuple(tally.beside))


def _clause(loader: Loader, program: str, source: str, spec: ClauseSpec) -> Clause:
    holds = loader.predicate(spec.holds, program, spec.id)
    return Clause(spec.id, spec.cite, spec.text, holds, spec.source or source, spec.code, spec.presume, spec.breach)


def _amount(loader: Loader, raw: Mapping[str, object] | None) -> Amount:
    """By the kind that ``raw`` names; None is a control's."""
    if raw is None:
        return control.AMOUNT
    kind = KINDS.get(str(raw.get("kind")))
    if kind is None or kind.spec is None:
        known = "、".join(name for name, kind in KINDS.items() if kind.spec)
        loader.fault(f"没有“{raw['kind']}”这种 kind，可写：{known}" if "kind" in raw else f"缺“kind”，可写：{known}")
        return replace(control.AMOUNT, pays=True)
    keys = kind.spec.__struct_fields__
    for key in sorted(raw.keys() - {"kind", *keys}):
        loader.fault(f"{kind.name} 不认 {key}，可写：{'、'.join(keys)}")
    spec = convert(loader, {key: value for key, value in raw.items() if key in keys}, kind.spec)
    return spec.amount(kind.name, loader) if spec else Amount(kind.name)


def _case(loader: Loader, program: str, spec: CaseSpec) -> Case | None:
    given = spec.given if isinstance(spec.given, list) else [spec.given]
    expect = spec.expect if isinstance(spec.expect, list) else [spec.expect] * len(given)
    yuan = spec.yuan if isinstance(spec.yuan, list) else [spec.yuan]
    for each in filter(None, yuan):
        loader.at(program, spec.name).exact(each, 100, "到分为止的金额")
    loader.names([name for row in (*given, *spec.history) for name in row], program, spec.name)
    if len(expect) != len(given) or not set(expect) <= {*RESULTS, MERGED}:
        loader.fault(f"expect 应与 given 一样多，只能是 {'、'.join((*RESULTS, MERGED))}", program, spec.name)
        return None
    return Case(spec.name, tuple(given), tuple(expect), tuple(yuan), tuple(spec.history), spec.says)


def _cross_check(loader: Loader, pack: PackSpec, programs: Sequence[Program]) -> None:
    """What only the whole pack can tell: names, citations, cases."""
    names = [program.id for program in programs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        loader.fault("同一个项目写了两次", name)
    for name in loader.names(list(pack.defaults), "defaults"):
        if (field := loader.fields.get(name)) and TYPES[field.type].sql != "VARCHAR":
            loader.fault(f"“{name}”是{TYPES[field.type].label}，defaults 里只能写文字的列", "defaults")
    for program in programs:
        for other in program.excluded_by:
            if other.program not in names:
                loader.fault(f"excluded_by 的“{other.program}”不在本规则包里", program.id)
        _check_program(loader, program)


def _check_program(loader: Loader, program: Program) -> None:
    """Each clause is cited, the programme can be recognised, and its examples show every outcome."""
    for where, cite in [(program.id, program.cite), *((f"{program.id} {c.id}", c.cite) for c in program.clauses)]:
        if not cite:
            loader.fault("缺 cite（文件里的条款号）", where)
    if not program.titles and not program.columns and program.amount.pays:
        loader.fault("titles 和 columns 至少写一项，否则认不出花名册", program.id)
    seen = {result for case in program.cases for result in case.expect}
    if kind_of(program.amount).result in seen:
        seen.add(PAID)  # as far as the document goes
    for result in (PAID, REFUSED, INCOMPLETE):
        if result not in seen:
            loader.fault(f"缺一个“{result}”的 case", program.id)
