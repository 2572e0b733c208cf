"""Whether a ledger is still what was written: the database's own check, every hash, every sum, every claim."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, inspect, select

from jybf.ledger import schema
from jybf.ledger.chain import FIRST, digest, digest_of
from jybf.ledger.events import Head
from jybf.ledger.queries import ENDED, HELD, claims, rows_of

_claimed = msgspec.json.Decoder(list[tuple[str, str, str, int, int, str]]).decode


def faults(connection: Connection, known: Head | None = None) -> Iterator[str]:
    """What is wrong, from the database upwards, the first broken link first; nothing if all is well.

    ``known``: the newest event at an earlier time, as whoever kept it has it: a ledger that ends before it was cut off.
    """
    yield from _engine(connection)
    yield from _guards(connection)
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


def _guards(connection: Connection) -> Iterator[str]:
    """Tables that miss some of the constraints and triggers by which the database refuses what must not be."""
    found = inspect(connection)
    triggers = [name for (name,) in connection.exec_driver_sql(_TRIGGERS[connection.dialect.name])]
    for table in schema.TABLES:
        keys = (found.get_unique_constraints, found.get_foreign_keys, found.get_check_constraints)
        there = sum(len(kind(table.name)) for kind in keys) + bool(found.get_pk_constraint(table.name)["constrained_columns"])
        if there < len(table.constraints):
            yield f"{table.name} 少了约束：重复的也记得进来"
        if sum(name.startswith(f"{table.name}_") for name in triggers) < schema.TRIGGERS[connection.dialect.name]:
            yield f"{table.name} 少了触发器：记下的改得动"


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


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
        yield from _refusals(connection, number, batch["refused"])
        if (len(digests), fen, digest_of(digests)) != (batch["rows"], batch["fen"], batch["digest"]):
            yield f"第 {number} 批记的是 {batch['rows']} 笔 {batch['fen']} 分，现在是 {len(digests)} 笔 {fen} 分"
    told = set(content)
    for table in (schema.payment, schema.refusal):
        told |= set(connection.execute(select(table.c.batch).distinct()).scalars())
    lost = told - set(connection.execute(select(schema.batch.c.batch)).scalars())
    yield from (f"第 {number} 批不见了" for number in sorted(lost))


def _refusals(connection: Connection, number: int, stated: str) -> Iterator[str]:
    rows = select(schema.refusal).where(schema.refusal.c.batch == number).order_by(schema.refusal.c.line)
    digests: list[str] = []
    for row in connection.execute(rows).mappings():
        if digest(_bare(row, "digest")) != row["digest"]:
            yield f"第 {number} 批没有记的第 {row['line']} 行被改过"
        digests.append(row["digest"])
    if digest_of(digests) != stated:
        yield f"第 {number} 批没有记的行少了或多了"


def _claims(connection: Connection) -> Iterator[str]:
    """Each payment holds what it says it holds, until it is undone; and each claim ends with the last of those who hold it."""
    own = schema.events.c
    undone = dict(rows_of(connection, select(own.payment, own.number).where(own.payment.is_not(None))))
    owners, ends = defaultdict[tuple[Any, ...], set[int]](set), dict[tuple[Any, ...], int | None]()
    made = claims(*(schema.claim.c[name] for name in (*HELD, "payment")), ENDED)
    for *held, payment, ended in rows_of(connection, made):
        owners[tuple(held)].add(payment)
        ends[tuple(held)] = ended
    shared = select(*(schema.share.c[name] for name in (*HELD, "payment")))
    for *held, payment in rows_of(connection, shared):
        owners[tuple(held)].add(payment)
    holds = defaultdict[int, set[tuple[Any, ...]]](set)
    for held, payments in owners.items():
        for payment in payments:
            holds[payment].add(held)
        last = None if payments - undone.keys() else max(undone[payment] for payment in payments)
        if ends.get(held) != last:
            yield f"“{'·'.join(map(str, held[:4]))}”{_ENDED[ends.get(held) is None, last is None]}"
    freed = rows_of(connection, select(*(schema.release.c[name] for name in HELD[:-1])))
    yield from (f"“{'·'.join(map(str, place[:4]))}”没有人占过，却放开了" for place in set(freed) - {held[:-1] for held in ends})
    said = select(schema.payment.c.payment, schema.payment.c.claims).order_by(schema.payment.c.payment)
    for payment, text in rows_of(connection, said):
        if _written(text) != holds.pop(payment, set()):
            yield f"第 {payment} 笔占的名额与它写的不一样"
    yield from (f"第 {payment} 笔不见了，它占的名额还在" for payment in sorted(holds))


def _written(text: str) -> set[tuple[Any, ...]] | None:
    """What the text of a payment says that it holds; None if it says nothing any more."""
    try:
        return set(_claimed(text))
    except msgspec.DecodeError:
        return None


# Whether a claim lives, and whether somebody holds it, where the two do not agree.
_ENDED = {
    (True, False): "没有人占着，却没有放开",
    (False, True): "还占着，却已经放开",
    (False, False): "不是由最后那件事放开的",
}


def _bare(row: RowMapping, own: str) -> dict[str, Any]:
    """A row without its own hash."""
    return {str(name): value for name, value in row.items() if name != own}
