"""``jybf ledger init``, ``upgrade`` and ``verify``."""

from jybf.commands.ledger.opened import ledger_at, where_of
from jybf.errors import Problem, UsageError
from jybf.ledger.events import Head, head
from jybf.ledger.store import create_ledger, reading, upgrade_ledger
from jybf.ledger.verifying import faults
from jybf.regex import pattern
from jybf.visible import say, say_origin

_HEAD = pattern(r"([1-9]\d*):([0-9a-f]{64})")


def ledger_init(where: str) -> None:
    """Create the ledger, or say that it is there."""
    ledger, fresh = create_ledger(where_of(where))
    say(f"{'建好了' if fresh else '已经有了'} {ledger.name}")


def ledger_upgrade(where: str) -> None:
    """Bring an older ledger to this program's version."""
    name, had, has = upgrade_ledger(where_of(where))
    say(f"{name}：" + (f"从版本 {had} 升到 {has}" if had < has else f"已经是版本 {has}"))


def ledger_verify(where: str, known: str) -> int:
    """Check every hash, sum and claim: 0 if all is well, else 1 with every fault told. ``known``: number:hash of an event."""
    ledger, kept = ledger_at(where), _kept(known)
    with reading(ledger) as connection:
        wrong = list(faults(connection, kept))
        newest = head(connection)
    for fault in wrong:
        say(f"✗ {fault}")
    if not wrong:
        say(f"✓ {ledger.name}：{newest.number} 件事都接得上，金额、名额都对得上")
        say_origin(f"  记下这一行，以后用 --head 核对没有换过、没有截短：{newest}")
    return int(bool(wrong))


def _kept(text: str) -> Head | None:
    if not text:
        return None
    found = _HEAD.fullmatch(text.strip())
    if not found:
        raise UsageError(Problem("写得不对", "--head", "写 verify 打印的“号:摘要”"))
    return Head(int(found[1]), found[2])
