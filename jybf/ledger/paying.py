"""What becomes of a batch after it is booked: it is paid, the bank returns some of it, or somebody undoes a payment."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, union_all

from jybf.errors import Problem, UsageError
from jybf.ledger import schema
from jybf.ledger.events import Act, note
from jybf.ledger.queries import CLAIM, LIVING, payments

_CLAIM = (*CLAIM, "generation")


def find_batch(connection: Connection, number: int) -> Row[Any]:
    """The batch of that number. Raises UsageError if there is none."""
    found = connection.execute(select(schema.batch).where(schema.batch.c.batch == number)).first()
    if not found:
        last = connection.execute(select(func.max(schema.batch.c.batch))).scalar()
        raise UsageError(Problem(f"账本里没有第 {number} 批", hint=f"最后一批是 {last}" if last else "还没有一批"))
    return found


def pay(connection: Connection, number: int, act: Act) -> bool:
    """Mark a batch as paid; False if it was already. Raises UsageError for one that was only brought in."""
    batch = find_batch(connection, number)
    if batch.kind == schema.IMPORTED:
        raise UsageError(Problem(f"第 {number} 批是导入的，本来就发过", hint="要发的批次用 jybf ledger approve 记"))
    events = schema.events.c
    if connection.execute(select(events.number).where(events.kind == schema.PAID, events.batch == number)).first():
        return False
    note(connection, schema.PAID, act, batch=number)
    return True


def undo(connection: Connection, payment: int, kind: str, act: Act, content: str = "") -> bool:
    """Take a payment back, as ``kind`` (退票 or 冲销), and release what it held; False if it was taken back already.

    ``content``: the digest of the list that says so. Raises UsageError if there is no such payment.
    """
    own = schema.payment.c.payment
    if not connection.execute(select(own).where(own == payment)).first():
        raise UsageError(Problem(f"账本里没有第 {payment} 笔", hint="用 jybf ledger show 批次 查笔号"))
    if connection.execute(select(schema.events.c.number).where(schema.events.c.payment == payment)).first():
        return False
    number = note(connection, kind, act, payment=payment, content=content)
    ended = [held for held in _held(connection, payment) if not _shared(connection, held)]
    if ended:
        connection.execute(schema.release.insert(), [{**held, "event": number} for held in ended])
    return True


def _held(connection: Connection, payment: int) -> list[dict[str, Any]]:
    """The living claims that a payment made or shares."""
    parts = [
        select(*(table.c[name] for name in _CLAIM)).where(table.c.payment == payment) for table in (schema.claim, schema.share)
    ]
    mine = union_all(*parts).subquery()
    same = and_(*(mine.c[name] == schema.release.c[name] for name in _CLAIM))
    living = select(mine).outerjoin(schema.release, same).where(schema.release.c.event.is_(None))
    return [dict(row) for row in connection.execute(living).mappings()]


def _shared(connection: Connection, held: Mapping[str, Any]) -> bool:
    """Whether another payment that was not undone holds the same claim."""
    parts = [
        select(table.c.payment).where(and_(*(table.c[name] == held[name] for name in _CLAIM)))
        for table in (schema.claim, schema.share)
    ]
    own = schema.payment.c.payment
    return connection.execute(payments(own).where(LIVING, own.in_(union_all(*parts))).limit(1)).first() is not None
