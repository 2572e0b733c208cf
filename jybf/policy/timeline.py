"""Entries that are in force from a day to a day, laid out in time: each day in exactly one, or a fault that names both."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import msgspec

from jybf.model import Span
from jybf.policy.loader import Loader
from jybf.policy.schema import Dated

T = TypeVar("T")
_DAY = timedelta(days=1)


class Entry(msgspec.Struct, frozen=True):
    """One entry: as it is written (``raw``), its dates (``when``), and in a few words what it says."""

    raw: Any
    when: Dated
    says: str

    @property
    def start(self) -> date:
        return self.when.from_ or date.min


def laid_out(
    loader: Loader, what: str, entries: Sequence[Entry], since: date, until: date, *, whole: bool
) -> list[tuple[Span, Entry]]:
    """``entries`` of one thing (``what``), in order, each with the days on which it is in force.

    ``since``, ``until``: of the programme; what is in force on the first of these days was so before, and on the last, after.
    ``whole``: there must be one on every day. All faults are noted.
    """
    ordered = _corrected(loader, what, sorted(entries, key=lambda entry: entry.start))
    for entry in ordered:
        _check(loader, entry, since)
    for a, b in pairwise(ordered):
        _meet(loader, what, a, b)
    if not ordered:
        return []
    _reach(loader, what, ordered, since, until, whole=whole)
    starts = [None if entry.start <= since or (whole and entry is ordered[0]) else entry.start for entry in ordered]
    ends = [*(b.start - _DAY for b in ordered[1:]), _end(ordered[-1], until)]
    return [(Span(start, end), entry) for start, end, entry in zip(starts, ends, ordered, strict=True)]


def _end(entry: Entry, until: date) -> date | None:
    end = entry.when.until
    return None if end is None or end >= until else end


def _corrected(loader: Loader, what: str, ordered: Sequence[Entry]) -> list[Entry]:
    """Of two that begin on one day the one that was entered later, which corrects the other."""
    kept: list[Entry] = []
    for entry in ordered:
        if kept and kept[-1].start == entry.start:
            a, b = kept[-1], entry
            early, late = a.when.entered or date.min, b.when.entered or date.min
            if early == late:
                _fault(loader, b, f"{what}有两条从同一天起：{_named(loader, a)}和{_named(loader, b)}；更正的写上较晚的 entered")
            kept[-1] = a if early > late else b
        else:
            kept.append(entry)
    return kept


def _check(loader: Loader, entry: Entry, since: date) -> None:
    start, end = entry.when.from_, entry.when.until
    if start and start < since:
        told = f"from {start} 早于规则包的施行日 since {since}：{_named(loader, entry)}；最早的一条不写 from"
        _fault(loader, entry, told, "from")
    if start and end and end < start:
        _fault(loader, entry, f"until {end} 早于 from {start}：{_named(loader, entry)}", "until")
    if entry.when.repeal and not start:
        _fault(loader, entry, "repeal = true 要写从哪天起停止（from）", "repeal")


def _meet(loader: Loader, what: str, a: Entry, b: Entry) -> None:
    end = a.when.until
    if end and end >= b.start:
        both = f"{what}有重叠：{_named(loader, a)}和{_named(loader, b)}都管 {b.start} 至 {end}"
        _fault(loader, b, f"{both}；前一条的 until 去掉，或写到 {b.start - _DAY}", "from")
    elif end and end < b.start - _DAY:
        gap = f"{end + _DAY} 至 {b.start - _DAY}"
        told = f"{what}有空当：{_named(loader, a)}和{_named(loader, b)}之间，{gap} 没有写；确是停了的，写一条 repeal = true"
        _fault(loader, b, told, "from")


def _reach(loader: Loader, what: str, ordered: Sequence[Entry], since: date, until: date, *, whole: bool) -> None:
    first, end = ordered[0], ordered[-1]
    if whole and first.start > since and since > date.min:
        told = f"{what}有空当：规则包从 {since} 起施行，最早的是{_named(loader, first)}，之前没有写；加一条不写 from 的"
        _fault(loader, first, told, "from")
    if end.when.until and end.when.until < until and not end.when.repeal:
        gap = f"到 {end.when.until} 为止，项目到 {until} 截止"
        told = f"{what}有空当：{_named(loader, end)}{gap}；确是停了的，写一条 repeal = true"
        _fault(loader, end, told, "until")


def _named(loader: Loader, entry: Entry) -> str:
    """“1500 元”（第 30 行，2023-01-01 起）."""
    when = Span(entry.when.from_, entry.when.until)
    line = loader.line_of(entry.raw)
    return f"“{entry.says}”（{'，'.join(filter(None, (line, str(when))))}）"


def _fault(loader: Loader, entry: Entry, message: str, key: str = "") -> None:
    path = (key,) if key and key in entry.raw else ()
    loader.at(entry.raw, *loader.place).fault(message, path=path)
