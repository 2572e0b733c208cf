"""What happened to a ledger, in order, each event with the hash of the one before it."""

from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from jybf import __version__
from jybf.errors import Problem, UsageError
from jybf.ledger.chain import FIRST, digest
from jybf.ledger.schema import events

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SLACK = timedelta(minutes=10)  # by which the clocks of two machines may differ


class Act(msgspec.Struct, frozen=True):
    """Who does something, when (UTC), and why."""

    operator: str
    at: datetime
    reason: str = ""


class Head(msgspec.Struct, frozen=True):
    """The newest event: its number (0: none) and hash. Whoever keeps it can tell later that nothing before was changed."""

    number: int = 0
    hash: str = FIRST
    at: str = ""

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def act_of(operator: str, reason: str = "") -> Act:
    """What ``operator`` does now."""
    return Act(operator, now(), reason)


def now() -> datetime:
    """The time of what is done now."""
    return datetime.now(UTC)


def head(connection: Connection) -> Head:
    """The newest event of the ledger."""
    found = connection.execute(
        select(events.c.number, events.c.hash, events.c.at).order_by(events.c.number.desc()).limit(1)
    ).first()
    return Head(*found) if found else Head()


def note(
    connection: Connection, kind: str, act: Act, *, batch: int | None = None, payment: int | None = None, content: str = ""
) -> int:
    """Write down one event as the newest, and give its number. Raises UsageError where the clock runs backwards."""
    newest = head(connection)
    row: dict[str, object] = {
        "number": newest.number + 1, "kind": kind, "batch": batch, "payment": payment, "reason": act.reason,
        "operator": act.operator, "at": _after(act.at, newest.at), "tool": f"jybf {__version__}", "content": content,
        "previous": newest.hash,
    }  # fmt: skip
    connection.execute(events.insert(), {**row, "hash": digest(row)})
    return newest.number + 1


def _after(at: datetime, newest: str) -> str:
    """The time of an event that is no earlier than the ``newest``."""
    now = at.strftime(_TIME)
    if now >= newest:
        return now
    if at + _SLACK < datetime.strptime(newest, _TIME).replace(tzinfo=UTC):
        fault = f"这台机器的时钟（{now}）比账本里最后一笔（{newest}）还早"
        raise UsageError(Problem(fault, hint="校准时钟再试；是那一笔的时钟错了的，从它以前的备份恢复；什么也没有记"))
    return newest
