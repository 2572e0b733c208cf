"""A pack's TOML → a vetted :class:`~jybf.model.Pack`; every fault at once, with file and clause."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from jybf.errors import PackError, Problem, UsageError
from jybf.fields import rules_dir
from jybf.model import (
    MERGED, RESULTS, Amount, Case, Clause, Exclusion, Field, Pack, Period, Predicate, Prior, Program, Quota, Tally,
)  # fmt: skip
from jybf.policy import implicit
from jybf.policy.facts import SOURCES, facts
from jybf.policy.predicate import Fault, parse
from jybf.policy.schema import AmountSpec, CaseSpec, ClauseSpec, PackSpec, ProgramSpec

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loader:
    """Where we are while reading one pack, and what was wrong so far."""

    file: str
    fields: Mapping[str, Field]
    faults: list[Problem] = field(default_factory=list)

    def fault(self, message: str, *where: str) -> None:
        self.faults.append(Problem(message, " ".join(part for part in (self.file, *where) if part)))

    def predicate(self, text: str, *where: str) -> Predicate:
        """The vetted predicate, or FALSE after noting why it is none."""
        try:
            return _in_columns(parse(text, self.fields))
        except Fault as fault:
            self.fault(f"{fault}：{text}", *where)
            return Predicate(text, "FALSE", ())

    def names(self, names: Sequence[str], *where: str, types: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """``names`` as they are, each one unknown (or of another type) noted."""
        for name in names:
            known = self.fields.get(name)
            if known is None:
                self.fault(f"没有“{name}”这个字段", *where)
            elif types and known.type not in types:
                self.fault(f"“{name}”不是{'、'.join(sorted(types))}类型的字段", *where)
        return tuple(names)


def _in_columns(holds: Predicate) -> Predicate:
    """Name the columns that a clerk can fill instead of the facts derived from them."""
    names = tuple(dict.fromkeys(source for name in holds.fields for source in SOURCES.get(name, (name,))))
    return holds if names == holds.fields else replace(holds, fields=names, want="")


def load_pack(path: Path, settings: Mapping[str, str] | None = None) -> Pack:
    """Read and vet ``path`` (and what it extends). ``settings``: "项目.yuan" → "650", over what the documents leave open.

    Raises :class:`PackError` with all faults, :class:`UsageError` for a setting that no programme has.
    """
    raw, digest = _merged(path, ())
    loader = Loader(path.name, facts())
    spec = _convert(loader, raw, PackSpec)
    if spec is None:
        raise PackError(*loader.faults)
    programs = [_program(loader, spec, item, control=False) for item in spec.program]
    programs += [_program(loader, spec, item, control=True) for item in spec.control]
    found = tuple(program for program in programs if program)
    _cross_check(loader, spec, found)
    if loader.faults:
        raise PackError(*loader.faults)
    pack = Pack(
        spec.id, spec.name, tuple(spec.aliases), tuple(spec.places), spec.document, spec.short, spec.issued, spec.until,
        spec.defaults, found, digest,
    )  # fmt: skip
    return _set(pack, settings or {})


def _merged(path: Path, seen: tuple[Path, ...]) -> tuple[dict[str, Any], str]:
    """The TOML of ``path`` laid over the pack it extends, and the SHA-256 over both texts."""
    try:
        text = path.read_bytes()
        raw = tomllib.loads(text.decode("utf-8"))
    except OSError as error:
        raise PackError(Problem("规则包读不出来", str(path), str(error.strerror or error))) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(Problem(f"不是合法的 TOML：{error}", path.name)) from error
    digest = hashlib.sha256(text).hexdigest()
    if not raw.get("extends"):
        return raw, digest
    if path in seen:
        raise PackError(Problem("extends 绕成了圈", path.name))
    parent = next((p for p in (path.parent, rules_dir()) if (p / f"{raw['extends']}.toml").is_file()), None)
    if parent is None:
        raise PackError(Problem(f"extends 的规则包“{raw['extends']}”不存在", path.name))
    base, base_digest = _merged(parent / f"{raw['extends']}.toml", (*seen, path))
    return _overlay(path.name, base, raw), hashlib.sha256((base_digest + digest).encode()).hexdigest()


def _overlay(file: str, base: dict[str, Any], local: dict[str, Any]) -> dict[str, Any]:
    """Two rules for one thing without an explicit override is an error; an override needs a citation of its own."""
    faults: list[Problem] = []
    result = {**base, **local, "defaults": {**base.get("defaults", {}), **local.get("defaults", {})}}
    for kind in ("program", "control"):
        items = {item.get("id"): _sourced(item, base.get("short", "")) for item in base.get(kind, [])}
        for item in local.get(kind, []):
            override, name = item.pop("override", False), item.get("id")
            if name in items and not override:
                faults.append(Problem("上级规则包已有这个项目；要改它须写 override = true 和本地的 cite", f"{file} {name}"))
            elif name in items and not item.get("cite"):
                faults.append(Problem("改写上级规则须写本地的 cite", f"{file} {name}"))
            items[name] = {**items[name], "source": "", **item} if name in items and override else item
        result[kind] = list(items.values())
    if faults:
        raise PackError(*faults)
    return result


def _sourced(item: dict[str, Any], document: str) -> dict[str, Any]:
    """An inherited programme goes on citing the document that it stands in."""
    clauses = [{"source": document, **clause} for clause in item.get("clause", [])]
    return {"source": document, **item, "clause": clauses}


def _convert(loader: Loader, raw: object, kind: type[T], *where: str) -> T | None:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        loader.fault(f"写法不对：{error}", *where)
        return None


def _program(loader: Loader, pack: PackSpec, raw: dict[str, Any], *, control: bool) -> Program | None:
    spec = _convert(loader, raw, ProgramSpec, str(raw.get("id", "")))
    if spec is None:
        return None
    if control == (spec.amount is not None):
        loader.fault("[[program]] 必须有 amount，[[control]] 不能有", spec.id)
    basis = tuple([spec.basis] if isinstance(spec.basis, str) else spec.basis)
    program = Program(
        spec.id, spec.cite, spec.payee, _amount(loader, spec, spec.amount),
        tuple(_clause(loader, spec.id, spec.source or pack.short, clause) for clause in spec.clause),
        loader.names(basis, spec.id, types=frozenset({"date", "period"})),
        spec.until or pack.until, spec.until_cite or (spec.cite if spec.until else pack.until_cite),
        spec.source or pack.short, tuple(spec.titles), tuple(spec.unless), loader.names(spec.columns, spec.id), loader.names(spec.once, spec.id),
        **_limits(loader, spec), fund=spec.fund, codes=spec.codes,
        manual=tuple((item.cite, item.text) for item in spec.manual),
        cases=tuple(case for item in spec.case if (case := _case(loader, spec.id, item))),
    )  # fmt: skip
    if not basis:
        loader.fault("basis（以哪一天为准）不能空", spec.id)
    applies = loader.predicate(spec.applies, spec.id, "applies") if spec.applies else None
    return replace(program, clauses=(*program.clauses, *implicit.clauses(program, applies, spec.applies_text)))


def _limits(loader: Loader, spec: ProgramSpec) -> dict[str, Any]:
    """The keys that the engine carries out across rows."""
    quota, period, prior, tally = spec.quota, spec.period, spec.prior, spec.tally
    return {
        "quota": quota and Quota(quota.most, quota.unit, loader.names(quota.per, spec.id, "quota"), quota.cite),
        "period": period and Period(
            *loader.names((period.start, period.end, period.proof), spec.id, "period", types=frozenset({"date"})),
            period.until, period.cite,
        ),
        "prior": prior and Prior(
            loader.names((prior.field,), spec.id, "prior", types=frozenset({"bool"}))[0],
            loader.names(prior.per, spec.id, "prior"), prior.cite, prior.text,
        ),
        "tally": tally and Tally(
            loader.names((tally.per,), spec.id, "tally")[0], loader.predicate(tally.counts, spec.id, "tally"),
            tally.least, loader.names((tally.read,), spec.id, "tally")[0], tally.cite, tally.text,
        ),
        "excluded_by": tuple(
            Exclusion(e.program, loader.names(e.per, spec.id, "excluded_by"), e.cite, e.text, e.history)
            for e in spec.excluded_by
        ),
    }  # fmt: skip


def _clause(loader: Loader, program: str, source: str, spec: ClauseSpec) -> Clause:
    holds = loader.predicate(spec.holds, program, spec.id)
    return Clause(spec.id, spec.cite, spec.text, holds, spec.source or source, spec.code, spec.presume, spec.breach)


def _amount(loader: Loader, program: ProgramSpec, spec: AmountSpec | None) -> Amount:
    if spec is None:
        return Amount("control")
    if (spec.kind in {"cap", "fixed"}) != bool(spec.yuan or spec.tiers):
        loader.fault("cap 和 fixed 要写 yuan 或 tiers，open 和 interest 不能写", program.id, "amount")
    loader.names([name for name in (spec.units, *spec.spent) if name], program.id, "amount")
    tiers = tuple((loader.predicate(t.when, program.id, "amount"), _fen(loader, t.yuan, program.id)) for t in spec.tiers)
    fen = _fen(loader, spec.yuan, program.id) if spec.yuan else None
    margin = int(Decimal(spec.margin) * 10_000)
    return Amount(spec.kind, fen, spec.unit, spec.units, tuple(spec.spent), tiers, margin, spec.days)


def _fen(loader: Loader, yuan: str, program: str) -> int:
    try:
        fen = Decimal(yuan) * 100
    except InvalidOperation:
        fen = Decimal("NaN")
    if not fen.is_finite() or fen < 0 or fen != fen.to_integral_value():
        loader.fault(f"“{yuan}”不是到分为止的金额", program, "amount")
        return 0
    return int(fen)


def _case(loader: Loader, program: str, spec: CaseSpec) -> Case | None:
    given = spec.given if isinstance(spec.given, list) else [spec.given]
    expect = spec.expect if isinstance(spec.expect, list) else [spec.expect] * len(given)
    yuan = spec.yuan if isinstance(spec.yuan, list) else [spec.yuan]
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
    loader.names(list(pack.defaults), "defaults")
    for program in programs:
        for where, cite in [(program.id, program.cite), *((f"{program.id} {c.id}", c.cite) for c in program.clauses)]:
            if not cite:
                loader.fault("缺 cite（文件里的条款号）", where)
        for other in program.excluded_by:
            if other.program not in names:
                loader.fault(f"excluded_by 的“{other.program}”不在本规则包里", program.id)
        if not program.titles and not program.columns and program.amount.kind != "control":
            loader.fault("titles 和 columns 至少写一项，否则认不出花名册", program.id)
        seen = {result for case in program.cases for result in case.expect}
        good = {RESULTS[0], RESULTS[3]} if program.amount.kind == "open" else {RESULTS[0]}
        for wanted, names_ in ((good, RESULTS[0]), ({RESULTS[1]}, RESULTS[1]), ({RESULTS[2]}, RESULTS[2])):
            if not seen & wanted:
                loader.fault(f"缺一个“{names_}”的 case", program.id)


def _set(pack: Pack, settings: Mapping[str, str]) -> Pack:
    """A local sum or day count for a programme whose document leaves it open; never over a sum the document sets."""
    loader, programs = Loader("--set", {}), {program.id: program for program in pack.programs}
    for key, value in settings.items():
        name, _, what = key.rpartition(".")
        program = programs.get(name)
        if program is None or what not in {"yuan", "days"}:
            known = "、".join(p.id for p in pack.payable())
            raise UsageError(Problem(f"--set {key}：应写 项目.yuan=金额 或 项目.days=360/365", "", f"{pack.name}的项目：{known}"))
        programs[name] = replace(program, amount=_local(loader, program, what, value))
    if loader.faults:
        raise UsageError(*loader.faults)
    return replace(pack, programs=tuple(programs.values()))


def _local(loader: Loader, program: Program, what: str, value: str) -> Amount:
    amount = program.amount
    if what == "days":
        if amount.kind != "interest" or value not in {"360", "365"}:
            loader.fault(f"{program.id}.days 只用于贴息，取 360 或 365")
            return amount
        return replace(amount, days=int(value))
    if amount.kind == "cap" and _fen(loader, value, program.id) > (amount.fen or 0):
        loader.fault(f"{program.id}：{value} 元超过文件的上限 {(amount.fen or 0) / 100:.2f} 元")
    if amount.kind in {"fixed", "interest", "control"}:
        loader.fault(f"{program.id} 的标准由文件定死，不能另设")
    kind = "cap" if amount.kind == "cap" else "fixed"
    return replace(amount, kind=kind, fen=_fen(loader, value, program.id), tiers=(), local=True)
