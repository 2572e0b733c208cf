"""Whoever writes is killed at any moment: what was acknowledged is there, what is there is whole, and the ledger verifies.

python -m tests.ledger.crashes [kills] [payments of a batch] [URL of an empty ledger]
"""

import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import select

from jybf.ledger import schema
from jybf.ledger.booking import book
from jybf.ledger.events import head
from jybf.ledger.looking import find_payments
from jybf.ledger.paying import pay, undo
from jybf.ledger.store import create_ledger, open_ledger, reading, writing
from jybf.ledger.verifying import faults
from tests.ledger.drafts import ACT, Wanted, draft, exclusive, month, once, quota

BACK = 3  # payments of a batch that the bank returns, in the same transaction in which it is paid


def write(where: str, rows: int, seed: int, answer: Connection) -> None:
    """Approve, pay with returns, and reverse without end; each is acknowledged through ``answer`` by its last event's number.

    The operator of an event tells how many events its transaction has.
    """
    chance, ledger = random.Random(seed), open_ledger(where)  # noqa: S311  nothing secret
    answer.send(0)
    for turn in range(10_000):
        act = replace(ACT, operator=f"{seed}-{turn} 1")
        with writing(ledger) as connection:
            last = connection.execute(select(schema.batch.c.batch).order_by(schema.batch.c.batch.desc())).scalar()
            open_ = select(schema.payment.c.payment).where(schema.payment.c.batch == last).order_by(schema.payment.c.payment)
            mine = connection.execute(open_).scalars().all()
            verb = chance.choice(("approve", "pay", "reverse")) if last else "approve"
            if verb == "approve":
                book(connection, draft(_wanted(rows, (last or 0) + 1), f"{seed}-{turn}"), act)
            elif verb == "pay" and pay(connection, last, replace(act, operator=f"{seed}-{turn} {BACK + 1}")):
                for payment in mine[:BACK]:
                    undo(connection, payment, schema.RETURNED, replace(act, operator=f"{seed}-{turn} {BACK + 1}"))
            elif verb == "reverse":
                undo(connection, mine[-1 - chance.randrange(rows - BACK)], schema.REVERSED, act)
            newest = head(connection)
        answer.send(newest.number)


def _wanted(rows: int, batch: int) -> list[Wanted]:
    who = [f"{batch}-{n}" for n in range(rows)]
    return [Wanted(n, 100, (once(n), month(n, 202101), quota(n, 2), exclusive(n, "甲"))) for n in who]


def killed(where: str, kills: int, rows: int, span: float = 0.4) -> Counter[str]:
    """How many of ``kills`` left something that was not acknowledged, and how many acknowledgements there were."""
    outcome, ledger = Counter[str](), open_ledger(where)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.ledger.crashes"])
    for seed in range(kills):
        heard, answer = context.Pipe(duplex=False)
        process = context.Process(target=write, args=(where, rows, seed, answer))
        process.start()
        answer.close()
        said = [heard.recv()]
        time.sleep(random.Random(seed).uniform(0, span))  # noqa: S311
        process.kill()
        process.join()
        said += _rest(heard)
        with reading(ledger) as connection:
            newest = head(connection).number
            if seed % 20 == 0 or seed == kills - 1:  # nothing that is broken ever gets whole again
                assert list(faults(connection)) == []
            sizes = Counter(find_payments(connection)["批次"].to_list())
            parts = Counter(connection.execute(select(schema.events.c.operator)).scalars())
        assert max([*said, 0]) <= newest, f"event {max(said)} was acknowledged, the newest is {newest}"
        assert set(sizes.values()) <= {rows}, sizes
        assert all(count == int(operator.split()[1]) for operator, count in parts.items()), parts
        outcome["acknowledged"] += len(said) - 1
        outcome["written in silence"] += len(said) > 1 and newest > said[-1]
    return outcome


def _rest(heard: Connection) -> list[int]:
    """What was still said before the end."""
    said = []
    while True:
        try:
            said.append(heard.recv())
        except EOFError:
            return said


def main() -> None:
    kills, rows = (int(text) for text in (*sys.argv[1:3], *("200", "40")[len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory() as place:
        where = [*sys.argv[3:], str(Path(place, "账本.db"))][0]
        create_ledger(where)
        print(f"{kills} kills: {dict(killed(where, kills, rows))}; nothing lost, nothing in part, every verify clean")


if __name__ == "__main__":
    main()
