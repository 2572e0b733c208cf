"""Whether a ledger is still what was written: the database's own check, every hash, every sum, every claim."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, select

from jybf.ledger import schema
from jybf.ledger.chain import FIRST, digest, digest_of
from jybf.ledger.events import Head
from jybf.ledger.queries import CLAIM, ENDED, claims, rows_of

_HELD = (*CLAIM, "generation")


def faults(connection: Connection, known: Head | None = None) -> Iterator[str]:
    """What is wrong, from the database upwards, the first broken link first; nothing if all is well.

    ``known``: the newest event at an earlier time, as whoever kept it has it: a ledger that ends before it was cut off.
    """
    yield from _engine(connection)
    yield from _chain(connection, known)
    yield from _batches(connection)
    yield from _claims(connection)


def _engine(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(1)"):
        if said != "ok":
            yield f"数据库文件坏了：{said}"
    for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(1):
        yield f"{table} 里有一行指着不存在的行"


def _chain(connection: Connection, known: Head | None) -> Iterator[str]:
    previous, number = FIRST, 0
    for row in connection.execute(select(schema.events).order_by(schema.events.c.number)).mappings():
        number += 1
        told = f"第 {number} 件事（{row['at'][:10]} {row['kind']}）"
        if row["number"] != number:
            yield f"第 {number} 件事不见了"
            return
        if row["previous"] != previous:
            yield f"{told}接不上前一件"
            return
        if digest(_bare(row, "hash")) != row["hash"]:
            yield f"{told}被改过"
            return
        previous = row["hash"]
        if known and known.number == number and known.hash != previous:
            yield f"{told}不是记下的那一件：账本被换过"
    if known and known.number > number:
        yield f"记下的有 {known.number} 件事，账本里只有 {number} 件：后面的不见了"


def _batches(connection: Connection) -> Iterator[str]:
    own = schema.events.c
    content = dict(rows_of(connection, select(own.batch, own.content).where(own.kind.in_(schema.KINDS[:2]))))
    for batch in connection.execute(select(schema.batch).order_by(schema.batch.c.batch)).mappings():
        number = batch["batch"]
        if content.get(number) != digest(dict(batch)):
            yield f"第 {number} 批被改过，或者没有记它的那件事"
        digests: list[str] = []
        fen = 0
        rows = select(schema.payment).where(schema.payment.c.batch == number).order_by(schema.payment.c.line)
        for row in connection.execute(rows).mappings():
            if digest(_bare(row, "digest")) != row["digest"]:
                yield f"第 {number} 批的第 {row['payment']} 笔被改过"
            digests.append(row["digest"])
            fen += row["fen"] or 0
        if (len(digests), fen, digest_of(digests)) != (batch["rows"], batch["fen"], batch["digest"]):
            yield f"第 {number} 批记的是 {batch['rows']} 笔 {batch['fen']} 分，现在是 {len(digests)} 笔 {fen} 分"
    lost = set(content) - set(connection.execute(select(schema.batch.c.batch)).scalars()) - {None}
    yield from (f"第 {number} 批不见了" for number in sorted(lost))


def _claims(connection: Connection) -> Iterator[str]:
    """Each payment holds what it says it holds, until it is undone; and no claim lives longer than those who hold it."""
    undone = set(connection.execute(select(schema.events.c.payment).where(schema.events.c.payment.is_not(None))).scalars())
    owners, living = defaultdict[tuple[Any, ...], set[int]](set), set[tuple[Any, ...]]()
    made = claims(*(schema.claim.c[name] for name in _HELD), schema.claim.c.payment, ENDED)
    for *held, payment, ended in rows_of(connection, made):
        owners[tuple(held)].add(payment)
        living |= {tuple(held)} if ended is None else set()
    shared = select(*(schema.share.c[name] for name in _HELD), schema.share.c.payment)
    for *held, payment in rows_of(connection, shared):
        owners[tuple(held)].add(payment)
    holds = defaultdict[int, set[tuple[Any, ...]]](set)
    for held, payments in owners.items():
        for payment in payments:
            holds[payment].add(held[:-1])
        if (held in living) != bool(payments - undone):
            yield f"“{'·'.join(map(str, held[:-1]))}”{'没有人占着，却没有放开' if held in living else '还占着，却已经放开'}"
    said = select(schema.payment.c.payment, schema.payment.c.claims).order_by(schema.payment.c.payment)
    for payment, text in rows_of(connection, said):
        if {tuple(each) for each in msgspec.json.decode(text)} != holds[payment]:
            yield f"第 {payment} 笔占的名额与它写的不一样"


def _bare(row: RowMapping, own: str) -> dict[str, Any]:
    """A row without its own hash."""
    return {str(name): value for name, value in row.items() if name != own}
