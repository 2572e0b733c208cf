"""``jybf ledger pay`` and ``reverse``: a batch is paid, the bank returns some of it, or somebody takes a payment back."""

import polars as pl
from msgspec.structs import replace
from sqlalchemy import Connection

from jybf.commands.deliver import Voice, listening
from jybf.commands.ledger.opened import deliver_booked, ledger_at, list_way
from jybf.commands.opening import column_map
from jybf.commands.request import Delivery, Request
from jybf.errors import Problem, UsageError
from jybf.ledger import schema
from jybf.ledger.chain import digest_of
from jybf.ledger.events import Act, act_of
from jybf.ledger.looking import PAYMENTS, find_payments
from jybf.ledger.paying import pay, undo
from jybf.ledger.returns import refuse_list_of_another, returned
from jybf.ledger.store import writing
from jybf.report.listed import Listed
from jybf.roster import read
from jybf.visible import say
from jybf.vocabulary.yuan import yuan

_SHOWN = ("笔号", "姓名", "身份证号", "补贴项目", "金额", "经过")
_FREED = "已冲销，名额已放开；已经送银行的，请银行停付，发了的要追回"


def ledger_pay(batch: int, where: str, operator: str, returns: Request, delivery: Delivery) -> None:
    """Mark ``batch`` as paid; what the bank's file ``returns`` gives back is taken back, all of it or nothing."""
    ledger, way, act = ledger_at(where), list_way(delivery, returns.files), act_of(operator)
    with listening(quiet=delivery.quiet) as voice, writing(ledger) as connection:
        fresh = pay(connection, batch, act)
        numbers, same = _take_back(connection, batch, returns, act, voice) if returns.files else ([], 0)
        mine = find_payments(connection, schema.payment.c.batch == batch)
    back = mine.filter(pl.col("笔号").is_in(numbers))
    sent = mine.filter(pl.col("状态") == schema.PAID)
    told = f"第 {batch} 批  {'记为已发放' if fresh else '已发放'}：{sent.height} 笔 {yuan(int(sent['金额'].sum()))} 元"
    new = f"；这次退回 {back.height} 笔 {yuan(int(back['金额'].sum()))} 元，名额已放开" if numbers else ""
    new += f"；退票文件里有 {same} 笔以前已经记过" if same else ""
    if returns.files or way.target:
        deliver_booked(Listed("退回的", back.select(PAYMENTS), ("金额",), _SHOWN, (told + new,)), way)
    else:
        say(told)


def _take_back(connection: Connection, batch: int, returns: Request, act: Act, voice: Voice) -> tuple[list[int], int]:
    """The numbers of the payments that are taken back now; and how many were already, which are left as they are."""
    roster = read(returns.files, encoding=returns.encoding, columns=column_map(returns), progress=voice.doing)
    for notice in roster.notices:
        voice.say(notice)
    content = digest_of(sorted({sheet.sha256 for sheet in roster.sheets}))
    refuse_list_of_another(connection, batch, content)
    those, paid = returned(connection, batch, roster)
    if paid:
        voice.say(f"退票文件里有 {paid} 行写着成功，没有动")
    acts = {each.payment: replace(act, reason=each.reason) for each in those}
    fresh = [number for number, own in acts.items() if undo(connection, number, schema.RETURNED, own, content)]
    return fresh, len(those) - len(fresh)


def ledger_reverse(payment: int, where: str, operator: str, reason: str) -> None:
    """Take one payment back and release what it held. Raises UsageError without a reason, or for no such payment."""
    if not reason.strip():
        raise UsageError(Problem("没有写为什么冲销", "--reason", "写上理由，审计要看"))
    with writing(ledger_at(where)) as connection:
        fresh = undo(connection, payment, schema.REVERSED, act_of(operator, reason.strip()))
        row = find_payments(connection, schema.payment.c.payment == payment).row(0, named=True)
    told = f"第 {row['批次']} 批第 {payment} 笔，{row['姓名'] or row['单位']} {row['补贴项目']} {yuan(row['金额'] or 0)} 元"
    before = f"以前已{row['状态']}，什么也没有记"
    say(f"{told}：{_FREED if fresh else before}")
