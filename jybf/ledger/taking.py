"""Whether what a payment claims is still to be had, and what it then holds: in the ledger and in the batch being booked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import Connection

from jybf.ledger import schema
from jybf.ledger.claims import EXCLUSIVE, FIRST, MONTH, ONCE, QUOTA, SAME
from jybf.ledger.queries import ENDED, HELD, claims, rows_of

Key = tuple[str, str, str, int]  # kind, programme, key, slot
Held = tuple[str, str, str, int, int, str]  # the same, for the how-manieth time, and who may share it
Asked = tuple[str, str, str, int | None, int, str]  # kind, programme, key, slot, count, holder

_MANY = 5_000  # keys of one query
_WORDS = {
    ONCE: "只给一次", QUOTA: "限额已经用完", MONTH: "这个月已经给过", EXCLUSIVE: "两项不能兼得", FIRST: "以前享受过",
    SAME: "这一笔已经给过",
}  # fmt: skip
_TIMED = (ONCE, MONTH, SAME)  # what says of which time a payment is


class Living(msgspec.Struct, frozen=True):
    """A claim that lives: how-manieth of its kind, who may share it, and the payment that made it."""

    generation: int
    holder: str
    payment: int


class Taken(msgspec.Struct):
    """What is held, and what this batch adds: rows for ``claim`` and ``share``."""

    most: Mapping[str, int]
    living: dict[Key, Living]
    ended: dict[Key, Living]  # the last of each kind that was released
    claims: list[dict[str, Any]] = []
    shares: list[dict[str, Any]] = []

    def take(self, asked: Iterable[Asked], payment: int, *, strict: bool) -> tuple[list[Held], list[tuple[str, int]]]:
        """What ``payment`` gets of what it asks, and its faults: in words, with the payment that stands in the way.

        With a fault a ``strict`` one gets nothing at all.
        """
        wanted: dict[Key, str] = {}
        faults: list[tuple[str, int]] = []
        for kind, program, key, slot, count, holder in asked:
            if slot is None:
                free, rival = self._free(program, key, count)
                wanted |= dict.fromkeys(free, "")
                faults += [(_WORDS[kind], rival)] if len(free) < count else []
                continue
            place = (kind, program, key, slot)
            there = self.living.get(place)
            if there is None or (holder and there.holder == holder):
                wanted[place] = holder
            else:
                faults.append((_WORDS[kind], there.payment))
        if faults and strict:
            return [], faults
        return [self._hold(place, holder, payment) for place, holder in wanted.items()], faults

    def undone(self, asked: Iterable[Asked]) -> set[int]:
        """The payments that had the very same before and were taken back: of the same time, or of a quota without times."""
        own = [each for each in asked if each[0] in _TIMED]
        if own:
            places = {(kind, program, key, slot) for kind, program, key, slot, *_ in own if slot is not None}
            return {self.ended[place].payment for place in places - self.living.keys() if place in self.ended}
        quotas = {tuple(each[:3]) for each in asked if each[0] == QUOTA}
        return {ended.payment for place, ended in self.ended.items() if place[:3] in quotas and place not in self.living}

    def _free(self, program: str, key: str, count: int) -> tuple[list[Key], int]:
        """``count`` slots of a quota that nobody holds, if there are so many, and a payment that holds one of the others."""
        slots = [(QUOTA, program, key, slot) for slot in range(1, self.most.get(program, 0) + 1)]
        free = [place for place in slots if place not in self.living]
        held = [self.living[place].payment for place in slots if place in self.living]
        return free[:count], held[-1] if held else 0

    def _hold(self, place: Key, holder: str, payment: int) -> Held:
        there, before = self.living.get(place), self.ended.get(place)
        generation = there.generation if there else (before.generation if before else 0) + 1
        held: Held = (*place, generation, holder)
        row: dict[str, Any] = {**dict(zip(HELD, held, strict=True)), "payment": payment}
        if there:
            self.shares.append(row)
        else:
            self.claims.append({**row, "before": before.generation if before else None})
            self.living[place] = Living(generation, holder, payment)
        return held


def taken(connection: Connection, wanted: pl.DataFrame, most: Mapping[str, int]) -> Taken:
    """What is held in the ledger of the keys that are ``wanted``; ``most``: the slots of each programme's quota."""
    living: dict[Key, Living] = {}
    ended: dict[Key, Living] = {}
    for kind, program, keys in _groups(wanted):
        own = schema.claim.c
        query = claims(*(own[name] for name in (*HELD, "payment")), ENDED)
        query = query.where(own.kind == kind, own.program == program, own.key.in_(keys)).order_by(own.generation)
        for *place, generation, holder, payment, event in rows_of(connection, query):
            key: Key = (place[0], place[1], place[2], place[3])
            (living if event is None else ended)[key] = Living(generation, holder, payment)
    return Taken(most, living, ended)


def _groups(wanted: pl.DataFrame) -> Iterator[tuple[str, str, Sequence[str]]]:
    for (kind, program), rows in wanted.group_by("kind", "program", maintain_order=True):
        keys = rows["key"].unique(maintain_order=True).to_list()
        for start in range(0, len(keys), _MANY):
            yield str(kind), str(program), keys[start : start + _MANY]
