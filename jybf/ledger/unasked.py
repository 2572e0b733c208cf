"""Who was refused for what a list says, and is asked for again without the list: not booked until it is compared."""

import re
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, select

from jybf.ledger import schema
from jybf.ledger.queries import LIVING, payments, rows_of

Payee = tuple[str, str]  # programme, and who: a number, else the employer's name
_CODE = r"JY\d{3}"


def payee_of(said: Mapping[str, str]) -> Payee:
    return said["补贴项目"], said["身份证号"] or said["单位"]


def unasked(connection: Connection, unchecked: Collection[str], payees: Collection[Payee]) -> dict[Payee, str]:
    """Why some of ``payees`` may not be booked: the newest batch that knows them refused them for an ``unchecked`` code."""
    if not unchecked:
        return {}
    own, found = schema.refusal.c, dict[Payee, tuple[int, str]]()
    columns = (own.batch, own.补贴项目, own.身份证号, own.单位, own.原因)
    for batch, program, number, employer, reason in rows_of(connection, select(*columns).order_by(own.batch, own.line)):
        payee = (program, number or employer)
        if payee[1] and payee in payees and (codes := {*re.findall(_CODE, reason)} & {*unchecked}):
            found[payee] = (batch, _told(batch, codes, reason))
    booked = _booked(connection) if found else {}  # goes through all payments, for the few that were refused
    return {payee: why for payee, (batch, why) in found.items() if booked.get(payee, 0) < batch}


def _told(batch: int, codes: Collection[str], reason: str) -> str:
    listed = "、".join(sorted(codes))
    return f"第 {batch} 批查名单时因 {listed} 没有记，这一次没有给那份名单：给了再核准，核实了要发的加 --anew（{reason}）"


def _booked(connection: Connection) -> dict[Payee, int]:
    """The newest batch of which each payee has a living payment."""
    own = schema.payment.c
    query = payments(own.补贴项目, own.身份证号, own.单位, func.max(own.batch)).where(LIVING)
    rows = rows_of(connection, query.group_by(own.补贴项目, own.身份证号, own.单位))
    return {(program, number or employer): batch for program, number, employer, batch in rows}
