"""One batch into the ledger: what of it can stand beside what is there, all at once or not at all."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import polars as pl
from msgspec.structs import replace
from sqlalchemy import Column, Connection, func, select

from jybf import __version__
from jybf.ledger import schema
from jybf.ledger.chain import digest, digest_of
from jybf.ledger.claims import LINE, THIS_BATCH
from jybf.ledger.events import Act, note
from jybf.ledger.queries import LIVING, insert, payments, place_of, rows_of
from jybf.ledger.taking import Taken, taken
from jybf.ledger.unasked import payee_of, unasked
from jybf.ledger.undone import taken_back

Source = tuple[str, str, int | None, str]
SOURCE = ("cells", "工作表", "行号", "补贴项目")  # by which a payment is that of the same row


class Draft(msgspec.Struct, frozen=True):
    """A batch before it is booked.

    ``payments``: one a line, ``_line`` and what ``schema.payment`` says of itself; ``claims``: see :mod:`jybf.ledger.claims`;
    ``refused``: what ``schema.refusal`` says of the lines beside them, and ``cells``; ``identity``: SHA-256 of all that it is
    made from; ``most``: programme → the slots of its quota.
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
    anew: bool = True  # what was taken back before, or refused for a list, may be booked as it stands
    unchecked: frozenset[str] = frozenset()  # the codes that the audit could not look for, for want of a list


class Booked(msgspec.Struct, frozen=True):
    """What came of a draft: the batch (0: nothing was left to book), and by ``_line`` what the ledger has against it.

    ``before``: what had been booked of the same, and by which batch; ``again``: so that nothing was written.
    """

    batch: int
    rows: int
    fen: int
    against: Mapping[int, str] = {}
    before: Mapping[Source, int] = {}
    again: bool = False


def booked_before(connection: Connection, draft: Draft) -> dict[Source, int]:
    """What was booked of the same roster, rules and lists, unless it was undone since: each with its batch."""
    own = schema.payment.c
    same = schema.batch.c.identity.like(f"{draft.identity}:%")
    found = rows_of(connection, payments(*(own[name] for name in SOURCE), own.batch).where(LIVING, same).order_by(own.payment))
    return {(cells, sheet, line, program): batch for cells, sheet, line, program, batch in found}


def left_to_book(draft: Draft, before: Mapping[Source, int]) -> pl.DataFrame:
    """The payments of ``draft`` that are not among those booked ``before``."""
    return draft.payments.filter([source not in before for source in draft.payments.select(SOURCE).iter_rows()])


def book(connection: Connection, draft: Draft, act: Act) -> Booked:
    """Write ``draft`` as one batch through ``connection``, which must be a writer's.

    A payment whose claim another one holds is left out; of what was paid before (导入) it is booked without that claim.
    """
    before = booked_before(connection, draft)
    number, first = _next(connection, schema.batch.c.batch), _next(connection, schema.payment.c.payment)
    wanted = draft.claims.with_columns(pl.col("holder").replace(THIS_BATCH, f"第 {number} 批"))
    hold = taken(connection, wanted, draft.most)
    rows, against = _rows(connection, replace(draft, payments=left_to_book(draft, before)), wanted, hold, (number, first))
    if not rows:
        return again(connection, before, against)
    refused = _refused(draft, before, against, number)
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
    return Booked(number, len(rows), fen, against, before)


def again(connection: Connection, before: Mapping[Source, int], against: Mapping[int, str]) -> Booked:
    """That nothing was left to book; with the last batch that was made from the same, if there is one."""
    if not before:
        return Booked(0, 0, 0, against)
    found = connection.execute(select(schema.batch).where(schema.batch.c.batch == max(before.values()))).one()
    return Booked(found.batch, found.rows, found.fen, against, before, again=True)


def _rows(
    connection: Connection, draft: Draft, wanted: pl.DataFrame, hold: Taken, start: tuple[int, int]
) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """The rows of ``payment``, and by ``_line`` what stands against it."""
    (batch, first), rows, against = start, list[dict[str, Any]](), dict[int, str]()
    asked = defaultdict[int, list[Any]](list)
    for line, *claim in wanted.iter_rows():
        asked[line].append(claim)
    strict = draft.kind == schema.APPROVED
    payees = {payee_of(said) for said in draft.payments.select("补贴项目", "身份证号", "单位").iter_rows(named=True)}
    open_ = {} if draft.anew else unasked(connection, draft.unchecked, payees)
    tell = taken_back(connection, {each for claims in asked.values() for each in hold.undone(claims)} if not draft.anew else ())
    for said in draft.payments.iter_rows(named=True):
        line = said.pop(LINE)
        back = [tell(each, said["账号"]) for each in sorted(hold.undone(asked.get(line, ())))] if not draft.anew else []
        back.append(open_.get(payee_of(said), ""))
        if any(back):
            against[line] = "；".join(filter(None, back))
            continue
        held, faults = hold.take(asked.get(line, ()), first + len(rows), strict=strict)
        if faults:
            against[line] = "；".join(f"{why}：见{_place(connection, rival, first, rows)}" for why, rival in faults)
            if strict:
                continue
        row = {"payment": first + len(rows), "batch": batch, "line": len(rows) + 1, **said, "claims": as_json(held)}
        rows.append(row | {"digest": digest(row)})
    return rows, against


def _refused(draft: Draft, before: Mapping[Source, int], against: Mapping[int, str], batch: int) -> list[dict[str, Any]]:
    """The rows of ``refusal``: what the audit did not release unless it is booked, and what the ledger did not take."""
    found: list[dict[str, Any]] = []
    if draft.refused is not None:
        left = draft.refused.filter([source not in before for source in draft.refused.select(SOURCE).iter_rows()])
        found += left.drop("cells").rename({LINE: "line"}).rows(named=True)
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
    """``draft.identity``, and how many batches were made from the same: what was undone or refused may come in a later one."""
    same = select(func.count()).where(schema.batch.c.identity.like(f"{draft.identity}:%"))
    return f"{draft.identity}:{connection.execute(same).scalar()}"


def _next(connection: Connection, column: Column[int]) -> int:
    return (connection.execute(select(func.max(column))).scalar() or 0) + 1


def as_json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def identity_of(parts: Mapping[str, object]) -> str:
    """SHA-256 of all that a batch is made from."""
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()
