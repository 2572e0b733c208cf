"""Clerks who approve overlapping batches at the same moment: nobody is paid twice, and nobody who is due is left out.

    python -m tests.ledger.races [processes] [rows of each] [URL of an empty ledger for either kind]...

Half of each batch is everybody's, half its own: whoever comes first has the common half. Once with drafts straight into
the ledger, once with ``python -m jybf ledger approve`` and rosters.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from jybf.ledger.booking import book
from jybf.ledger.looking import find_payments
from jybf.ledger.store import create_ledger, open_ledger, reading, writing
from jybf.ledger.verifying import faults
from tests.ledger.county import POST, Batch, Row, number, write
from tests.ledger.drafts import ACT, Wanted, draft, month, once, quota


def people(clerk: int, rows: int) -> list[int]:
    """Who is on a clerk's list: the common half first, in an order of the clerk's own."""
    common = rows // 2
    turned = [(n + clerk * 7) % common for n in range(common)]
    return [*turned, *range((clerk + 1) * rows, (clerk + 1) * rows + rows - common)]


def _draft(where: str, clerk: int, rows: int, gate) -> None:
    wanted = [Wanted(str(n), 100, (once(str(n)), month(str(n), 202101), quota(str(n), 4))) for n in people(clerk, rows)]
    made = draft(wanted, f"clerk {clerk}")
    ledger = open_ledger(where)
    gate.wait()
    with writing(ledger) as connection:
        book(connection, made, ACT)


def drafts(where: str, clerks: int, rows: int) -> list[int]:
    """The exit codes of as many processes, all let go at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.ledger.races"])
    gate = context.Barrier(clerks)
    running = [context.Process(target=_draft, args=(where, clerk, rows, gate)) for clerk in range(clerks)]
    for process in running:
        process.start()
    for process in running:
        process.join(600)
    return [process.exitcode for process in running]


def approvals(where: str, clerks: int, rows: int, folder: Path) -> list[int]:
    """The exit codes of as many commands, all started at once."""
    rosters = []
    for clerk in range(clerks):
        own = folder / str(clerk)
        own.mkdir()
        rosters += write(Batch(clerk, 1, tuple(Row(POST, n, 1) for n in people(clerk, rows))), own)
    running = [subprocess.Popen(approval(path, where), env=environment(), stderr=subprocess.DEVNULL) for path in rosters]
    return [process.wait() for process in running]


def approval(roster: Path, where: str) -> list[str]:
    words = ["ledger", "approve", roster, "-r", "xinjiang", "--set", f"{POST}.yuan=800", "--ledger", where]
    return [sys.executable, "-m", "jybf", *map(str, words), "-q", "--by", "甲", "-o", f"{roster}.未记.csv"]


def environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": root, "POLARS_MAX_THREADS": "1"}


def wrong(where: str, clerks: int, rows: int, *, named: bool) -> list[str]:
    """What is not as it must be: somebody paid twice, somebody lost, or a ledger that does not verify. ``named``: by number."""
    with reading(open_ledger(where)) as connection:
        told = list(faults(connection))
        paid = Counter(find_payments(connection)["身份证号" if named else "姓名"].to_list())
    due = {number(n) if named else str(n) for clerk in range(clerks) for n in people(clerk, rows)}
    told += [f"{who} was paid {times} times" for who, times in paid.items() if times > 1]
    return (
        told + [f"{who} was lost" for who in sorted(due - paid.keys())] + [f"{who} is a stranger" for who in paid.keys() - due]
    )


def main() -> None:
    clerks, rows = (int(text) for text in (*sys.argv[1:3], *("8", "10000")[len(sys.argv[1:3]) :]))
    for kind, url in zip(("drafts", "approvals"), (*sys.argv[3:], "", ""), strict=False):
        with tempfile.TemporaryDirectory() as place:
            where = url or str(Path(place, "账本.db"))
            create_ledger(where)
            start = time.perf_counter()
            codes = drafts(where, clerks, rows) if kind == "drafts" else approvals(where, clerks, rows, Path(place))
            took = time.perf_counter() - start
            found = wrong(where, clerks, rows, named=kind == "approvals")
        print(f"{kind}: {clerks} × {rows}, {took:.1f} s, exit codes {codes}, wrong: {found[:3] or 'nothing'} ({len(found)})")


if __name__ == "__main__":
    main()
