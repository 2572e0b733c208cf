"""What was taken back before, by the bank or by somebody: whoever books the same again should know why."""

from collections.abc import Callable, Collection

from sqlalchemy import Connection

from jybf.ledger import schema
from jybf.ledger.queries import payments, place_of, rows_of, undone

_MANY = 5_000  # payments of one query


def taken_back(connection: Connection, those: Collection[int]) -> Callable[[int, str], str]:
    """Of ``those`` payments, which were taken back, why one is not simply booked again to an account; "" if it may be.

    What the bank returned may come again with another account. What somebody reversed was reversed for a reason.
    """
    own, ids = schema.payment.c, sorted(those)
    found: dict[int, tuple[str, str, str]] = {}
    for start in range(0, len(ids), _MANY):
        query = payments(own.payment, undone.kind, undone.reason, own.账号).where(own.payment.in_(ids[start : start + _MANY]))
        found |= {number: (kind, reason, account) for number, kind, reason, account in rows_of(connection, query)}

    def why(payment: int, account: str) -> str:
        kind, reason, before = found[payment]
        if kind == schema.RETURNED and account != before:
            return ""
        same = "，账号没有改" if kind == schema.RETURNED else ""
        return f"{place_of(connection, payment)}已{kind}（{reason}）{same}：核实了要再发的，加 --anew"

    return why
