"""What of a programme changes with time, each entry with when it is in force: sums, quotas, deadlines."""

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from jybf.errors import near
from jybf.model import UNDETERMINED, Amount, Program, Quota, Span, Version
from jybf.policy.loader import Loader
from jybf.policy.schema import AmountHead, DeadlineSpec, ProgramSpec, QuotaSpec
from jybf.policy.structure import convert
from jybf.policy.timeline import Entry, laid_out
from jybf.policy.versions import within
from jybf.vocabulary.amounts import KINDS, control, kind_of

_HEAD = ("from", "until", "entered", "repeal", "cite", "source")


class Sum(msgspec.Struct, frozen=True):
    """An amount in force in ``span``; ``ended``: by this clause (of ``ended_source``) it is no more."""

    span: Span
    amount: Amount
    ended: str = ""
    ended_source: str = ""


class Deadline(msgspec.Struct, frozen=True):
    """The last day of what is governed by a day in ``span``."""

    span: Span
    day: date
    cite: str
    source: str


def version_in(era: Span, sums: Sequence[Sum], quotas: Sequence[tuple[Span, Quota]], deadlines: Sequence[Deadline]) -> Version:
    """What is in force in ``era``, which no end of theirs cuts."""
    one = next((each for each in sums if within(era, each.span)), Sum(era, control.AMOUNT))
    quota = next((quota for span, quota in quotas if within(era, span)), None)
    end = next((each for each in deadlines if within(era, each.span)), Deadline(era, date.max, "", ""))
    return Version(era, one.amount, quota, end.day, end.cite, end.source, one.ended, one.ended_source)


def _tables(value: object) -> list[dict[str, Any]]:
    """A table, or each of a list of them."""
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return [cast("dict[str, Any]", item) for item in items if isinstance(item, dict)]


def amounts_of(here: Loader, raw: Mapping[str, Any], program: Program) -> list[Sum]:
    """Each with when it is in force; one for ever where the programme is a control, or its amount can't be read."""
    if raw.get("amount") is None:
        return [Sum(Span(), control.AMOUNT)]
    entries: list[Entry] = []
    read: dict[int, Amount] = {}
    for table in _tables(raw["amount"]):
        at = here.at(table, *here.place, "amount")
        head, _ = convert(at, {key: table[key] for key in _HEAD if key in table}, AmountHead)
        entries.append(Entry(table, head, "停止" if head.repeal else _said(table)))
        if not head.repeal:
            read[id(table)] = replace(_amount(at, table), cite=head.cite, source=head.source)
    laid = laid_out(here, "金额", entries, program.since, program.until, whole=True)
    found: list[Sum] = []
    for span, entry in laid:
        if entry.when.repeal:
            before = found[-1].amount if found else control.AMOUNT
            found.append(Sum(span, before, entry.when.cite or program.cite, entry.when.source))
        else:
            found.append(Sum(span, read[id(entry.raw)]))
    _alike(here, [(each.amount, entry) for each, (_, entry) in zip(found, laid, strict=True) if not each.ended])
    return found or [Sum(Span(), replace(control.AMOUNT, pays=True))]


def _said(table: Mapping[str, Any]) -> str:
    return f"{table['yuan']} 元" if "yuan" in table else f"kind = {table.get('kind', '没有写')}"


def _alike(here: Loader, amounts: Sequence[tuple[Amount, Entry]]) -> None:
    """How much, and how, may change with time, not by what it is counted; a sum may come where there was none."""
    for (a, first), (b, second) in pairwise(each for each in amounts if kind_of(each[0]).result != UNDETERMINED):
        if (a.unit, a.units) != (b.unit, b.units):
            lines = "、".join(filter(None, (here.line_of(first.raw), here.line_of(second.raw))))
            said = "、".join(" ".join(filter(None, (each.unit, each.units))) or "没有写" for each in (a, b))
            told = f"几版金额要按同样的数量计，unit、units 要一样（{lines}）：{said}；不一样的另写一个项目"
            here.at(second.raw, *here.place, "amount").fault(told, path=())


def _amount(at: Loader, raw: Mapping[str, Any]) -> Amount:
    """By the kind that ``raw`` names."""
    known = {name: kind for name, kind in KINDS.items() if kind.spec}
    said = str(raw.get("kind", ""))
    kind = known.get(said)
    if kind is None:
        slip = next((f"（“{key}”是不是“kind”）" for key in get_close_matches("kind", raw, n=1)), "")
        told = f"没有“{said}”这种 kind，{near(said, known)}可写：" if "kind" in raw else f"缺“kind”{slip}，可写："
        at.fault(told + "、".join(known), path=("kind",) if "kind" in raw else ())
        kind = next((known[name] for name in get_close_matches(said, known, n=1)), None)  # its author hears of the rest too
    if kind is None or kind.spec is None:
        return replace(control.AMOUNT, pays=True)
    keys = kind.spec.__struct_fields__
    for key in sorted(raw.keys() - {"kind", *keys, *_HEAD}):
        at.fault(f"{kind.name} 不认 {key}，{near(key, keys)}可写：{'、'.join(keys)}", path=(key,))
    spec, whole = convert(at, {key: value for key, value in raw.items() if key in keys}, kind.spec)
    if whole:
        return spec.amount(kind.name, at)
    for tier in _tables(raw.get("tiers")):  # its author hears of these too
        if isinstance(when := tier.get("when"), str):
            at.predicate(when)
    return Amount(kind.name)


def quotas_of(here: Loader, spec: ProgramSpec, raw: Mapping[str, Any], program: Program) -> list[tuple[Span, Quota]]:
    """Each with when it is in force."""
    specs: list[QuotaSpec] = spec.quota if isinstance(spec.quota, list) else [spec.quota] if spec.quota else []
    pairs = list(zip(specs, _tables(raw.get("quota")), strict=False))
    by_entry: dict[int, QuotaSpec] = {id(table): one for one, table in pairs}
    for one, table in pairs:
        at = here.at(table, *here.place, "quota")
        at.names(one.per)
        if not one.repeal and (lacking := [key for key in ("most", "unit", "per") if not table.get(key)]):
            at.fault(f'quota 缺 {"、".join(lacking)}：most 是大于 0 的整数，unit 如 "月"，per 如 ["身份证号"]')
        if one.most < 0:
            at.fault("most 要大于 0", path=("most",))
    if len({(one.unit, *one.per) for one in specs if not one.repeal}) > 1:
        told = "几版 quota 只能是 most 不同，unit、per 要一样；不一样的另写一个项目"
        here.at(pairs[-1][1], *here.place, "quota").fault(told)
    entries = [Entry(table, one, f"最多 {one.most} {one.unit}") for one, table in pairs]
    laid = laid_out(here, "限额", entries, program.since, program.until, whole=False)
    kept = [(span, by_entry[id(entry.raw)]) for span, entry in laid if not entry.when.repeal]
    return [(span, Quota(one.most, one.unit, tuple(one.per), one.cite, one.source)) for span, one in kept]


def deadlines_of(here: Loader, spec: ProgramSpec, raw: Mapping[str, Any], program: Program) -> list[Deadline]:
    """Each with the days whose last day it is."""
    if not spec.deadline:
        return [Deadline(Span(), program.until, program.until_cite, program.until_source)]
    if "until" in raw and here.line_of(raw):
        here.fault("until 和 deadline 只写一样", path=("until",))
    pairs = list(zip(spec.deadline, _tables(raw["deadline"]), strict=False))
    by_entry: dict[int, DeadlineSpec] = {id(table): one for one, table in pairs}
    for one, table in pairs:
        if one.day is None or one.repeal:
            here.at(table, *here.place, "deadline").fault("deadline 要写 day（最后一天）；取消的，写新的 day")
    entries = [Entry(table, one, f"{one.day} 截止") for one, table in pairs]
    last = max(one.day or date.max for one in spec.deadline)
    laid = laid_out(here, "截止日", entries, program.since, last, whole=True)
    ones = [(span, by_entry[id(entry.raw)]) for span, entry in laid]
    return [Deadline(span, one.day or date.max, one.cite, one.source) for span, one in ones]
