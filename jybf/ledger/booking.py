"""One batch into the ledger: what of it can stand beside what is there, all at once or not at all."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import Column, Connection, func, select

from jybf import __version__
from jybf.ledger import schema
from jybf.ledger.chain import digest, digest_of
from jybf.ledger.claims import LINE, THIS_BATCH
from jybf.ledger.events import Act, note
from jybf.ledger.queries import insert, place_of
from jybf.ledger.taking import Taken, taken


class Draft(msgspec.Struct, frozen=True):
    """A batch before it is booked.

    ``payments``: one a line, ``_line`` and what ``schema.payment`` says of itself; ``claims``: see :mod:`jybf.ledger.claims`;
    ``refused``: what ``schema.refusal`` says of the lines beside them; ``identity``: SHA-256 of all that it is made from;
    ``most``: programme → the slots of its quota.
    """

    kind: str
    identity: str
    region: str
    pack: str
    inputs: Mapping[str, str]
    payments: pl.DataFrame
    claims: pl.DataFrame
    most: Mapping[str, int]
    refused: pl.DataFrame | None = None


class Booked(msgspec.Struct, frozen=True):
    """What came of a draft: the batch (0: nothing was left to book), and by ``_line`` what the ledger has against it.

    ``again``: the same had been booked before, and nothing was written.
    """

    batch: int
    rows: int
    fen: int
    against: Mapping[int, str] = {}
    again: bool = False


def booked_before(connection: Connection, draft: Draft) -> Booked | None:
    """The batch that was made from the same, unless something of it was undone since."""
    found = connection.execute(select(schema.batch).where(schema.batch.c.identity == _identity(connection, draft))).first()
    return Booked(found.batch, found.rows, found.fen, again=True) if found else None


def book(connection: Connection, draft: Draft, act: Act) -> Booked:
    """Write ``draft`` as one batch through ``connection``, which must be a writer's.

    A payment whose claim another one holds is left out; of what was paid before (导入) it is booked without that claim.
    """
    known = booked_before(connection, draft)
    if known:
        return known
    number, first = _next(connection, schema.batch.c.batch), _next(connection, schema.payment.c.payment)
    wanted = draft.claims.with_columns(pl.col("holder").replace(THIS_BATCH, f"第 {number} 批"))
    hold = taken(connection, wanted, draft.most)
    rows, against = _rows(connection, draft, wanted, hold, (number, first))
    if not rows:
        return Booked(0, 0, 0, against)
    refused = _refused(draft, against, number)
    fen = sum(row["fen"] or 0 for row in rows)
    batch = {
        "batch": number, "identity": _identity(connection, draft), "kind": draft.kind, "region": draft.region,
        "pack": draft.pack, "tool": f"jybf {__version__}", "inputs": as_json(draft.inputs), "rows": len(rows), "fen": fen,
        "digest": digest_of(row["digest"] for row in rows), "refused": digest_of(row["digest"] for row in refused),
    }  # fmt: skip
    connection.execute(schema.batch.insert(), batch)
    tables = (schema.payment, rows), (schema.refusal, refused), (schema.claim, hold.claims), (schema.share, hold.shares)
    for table, those in tables:
        insert(connection, table, those)
    note(connection, draft.kind, act, batch=number, content=digest(batch))
    return Booked(number, len(rows), fen, against)


def _rows(
    connection: Connection, draft: Draft, wanted: pl.DataFrame, hold: Taken, start: tuple[int, int]
) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """The rows of ``payment``, and by ``_line`` what stands against it."""
    (batch, first), rows, against = start, list[dict[str, Any]](), dict[int, str]()
    asked = defaultdict[int, list[Any]](list)
    for line, *claim in wanted.iter_rows():
        asked[line].append(claim)
    strict = draft.kind == schema.APPROVED
    for said in draft.payments.iter_rows(named=True):
        line = said.pop(LINE)
        held, faults = hold.take(asked.get(line, ()), first + len(rows), strict=strict)
        if faults:
            against[line] = "；".join(f"{why}：见{_place(connection, rival, first, rows)}" for why, rival in faults)
            if strict:
                continue
        row = {"payment": first + len(rows), "batch": batch, "line": len(rows) + 1, **said, "claims": as_json(held)}
        rows.append(row | {"digest": digest(row)})
    return rows, against


def _refused(draft: Draft, against: Mapping[int, str], batch: int) -> list[dict[str, Any]]:
    """The rows of ``refusal``: what the audit did not release, and what the ledger did not take."""
    found: list[dict[str, Any]] = []
    if draft.refused is not None:
        found += draft.refused.rename({LINE: "line"}).rows(named=True)
    if draft.kind == schema.APPROVED:
        kept = draft.payments.filter(pl.col(LINE).is_in(list(against))).rename({LINE: "line"})
        told = kept.select("line", *schema.SAID, "行号", "fen").rows(named=True)
        found += [{**row, "原因": against[row["line"]]} for row in told]
    rows = ({"batch": batch, **row} for row in sorted(found, key=lambda row: row["line"]))
    return [row | {"digest": digest(row)} for row in rows]


def _place(connection: Connection, payment: int, first: int, rows: Sequence[Mapping[str, Any]]) -> str:
    """Where the payment that stands in the way comes from: this very batch, or one before."""
    return place_of(connection, payment) if payment < first else f"本批第 {rows[payment - first]['行号']} 行"


def _identity(connection: Connection, draft: Draft) -> str:
    """``draft.identity``, and how many payments of batches made from the same were undone: what came back is new again."""
    undone = (
        select(func.count())
        .select_from(schema.events)
        .join(schema.payment, schema.events.c.payment == schema.payment.c.payment)
        .join(schema.batch, schema.payment.c.batch == schema.batch.c.batch)
        .where(schema.batch.c.identity.like(f"{draft.identity}:%"))
    )
    return f"{draft.identity}:{connection.execute(undone).scalar()}"


def _next(connection: Connection, column: Column[int]) -> int:
    return (connection.execute(select(func.max(column))).scalar() or 0) + 1


def as_json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def identity_of(parts: Mapping[str, object]) -> str:
    """SHA-256 of all that a batch is made from."""
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()
