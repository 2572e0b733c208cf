"""What a ledger must hold, kept in plain dictionaries: which payments there are, what became of each, who holds what."""

from collections.abc import Sequence
from typing import NamedTuple

from jybf.ledger import schema
from jybf.ledger.claims import FIRST, QUOTA
from tests.ledger.drafts import Claim, Wanted

Place = tuple[str, str, str, int]


class Batch(NamedTuple):
    identity: str
    kind: str
    payments: dict[int, int]  # by the line of the draft


class Memory:
    """The ledger of somebody who forgets nothing. ``most``: the places of every quota."""

    def __init__(self, most: int):
        self.most = most
        self.batches: list[Batch] = []
        self.states: dict[int, str] = {}
        self.paid: set[int] = set()
        self.holders: dict[Place, tuple[str, set[int]]] = {}  # who may share it, and which living payments do
        self.quotas: dict[int, dict[tuple[str, str], int]] = {}  # living payment → what it has of each quota

    def book(self, kind: str, identity: str, wanted: Sequence[Wanted]) -> tuple[int, int, bool]:
        """Batch (0: none), payments, and whether the same was there already."""
        gone = (schema.RETURNED, schema.REVERSED)
        same = [(n, batch) for n, batch in enumerate(self.batches, 1) if batch.identity == identity]
        there = {line: n for n, batch in same for line, payment in batch.payments.items() if self.states[payment] not in gone}
        made: dict[int, int] = {}
        for line, row in enumerate(wanted):
            payment = len(self.states) + 1
            if line in there:
                continue
            if self._take(row, payment, f"第 {len(self.batches) + 1} 批", strict=kind == schema.APPROVED):
                made[line] = payment
                self.states[payment] = kind
        if not made:
            last = max(there.values(), default=0)
            return last, len(self.batches[last - 1].payments) if last else 0, bool(there)
        self.batches.append(Batch(identity, kind, made))
        return len(self.batches), len(made), False

    def _take(self, row: Wanted, payment: int, batch: str, *, strict: bool) -> bool:
        gets: list[tuple[Claim, int]] = []
        for claim in row.claims:
            free = self._free(claim, batch)
            if free < claim.count and strict:
                return False
            gets.append((claim, min(free, claim.count)))
        for claim, count in gets:
            if claim.kind == QUOTA:
                self.quotas.setdefault(payment, {})[claim.program, claim.key] = count
            elif count:
                place = (claim.kind, claim.program, claim.key, claim.slot or 0)
                self.holders.setdefault(place, (_holder(claim, batch), set()))[1].add(payment)
        return True

    def _free(self, claim: Claim, batch: str) -> int:
        if claim.kind == QUOTA:
            return self.most - sum(used.get((claim.program, claim.key), 0) for used in self.quotas.values())
        holder, _ = self.holders.get((claim.kind, claim.program, claim.key, claim.slot or 0), (None, set()))
        return int(holder is None or (holder != "" and holder == _holder(claim, batch)))

    def pay(self, batch: int) -> bool:
        own = self.batches[batch - 1].payments.values()
        fresh = batch not in self.paid
        self.paid.add(batch)
        for payment in own:
            if self.states[payment] == schema.APPROVED:
                self.states[payment] = schema.PAID
        return fresh

    def undo(self, payment: int, kind: str) -> bool:
        if self.states[payment] in (schema.RETURNED, schema.REVERSED):
            return False
        self.states[payment] = kind
        self.quotas.pop(payment, None)
        for place, (_, owners) in list(self.holders.items()):
            owners.discard(payment)
            if not owners:
                del self.holders[place]
        return True


def _holder(claim: Claim, batch: str) -> str:
    return batch if claim.kind == FIRST else claim.holder
