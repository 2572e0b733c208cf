"""``jybf ledger list``, ``show``, ``totals``, ``person`` and ``export``: what stands in the ledger."""

from collections.abc import Callable

import polars as pl
from sqlalchemy import Connection

from jybf.commands.ledger.opened import deliver_list, ledger_at, list_way
from jybf.commands.request import Delivery
from jybf.ledger import schema
from jybf.ledger.looking import find_batches, find_payments, person, totals
from jybf.ledger.paying import find_batch
from jybf.ledger.store import reading
from jybf.report.listed import Listed
from jybf.vocabulary.yuan import yuan

_SHOWN = ("笔号", "状态", "姓名", "身份证号", "补贴项目", "金额", "经过")
_OF_ONE = ("日期", "批次", "笔号", "状态", "补贴项目", "年度", "数量", "金额", "经过")
_BATCH = ("批次", "日期", "状态", "笔数", "金额", "退回金额", "经办", "输入")
_SUMS = ("核准金额", "退票金额", "冲销金额", "发放金额", "待发金额")


def ledger_list(where: str, delivery: Delivery) -> None:
    """All batches, a line each."""
    _look(where, delivery, lambda connection: Listed("批次", find_batches(connection), ("金额", "退回金额"), _BATCH))


def ledger_show(batch: int, where: str, delivery: Delivery) -> None:
    """The payments of one batch."""

    def found(connection: Connection) -> Listed:
        find_batch(connection, batch)
        rows = find_payments(connection, schema.payment.c.batch == batch)
        return Listed(f"第 {batch} 批", rows, ("金额",), _SHOWN, (_standing(rows),), sums=False)

    _look(where, delivery, found)


def _standing(rows: pl.DataFrame) -> str:
    """What a batch comes to, by what became of its payments."""
    sums = rows.group_by("状态", maintain_order=True).agg(pl.len(), pl.sum("金额"))
    parts = [f"{state} {count} 笔 {yuan(int(fen))} 元" for state, count, fen in sums.iter_rows()]
    return f"合计  {rows.height} 笔 {yuan(int(rows['金额'].sum()))} 元" + (f" = {' + '.join(parts)}" if parts[1:] else "")


def ledger_totals(where: str, groups: tuple[str, ...], delivery: Delivery) -> None:
    """What was approved, returned, paid and is still to be paid, by ``groups``."""
    _look(where, delivery, lambda connection: Listed("合计", totals(connection, groups), _SUMS))


def ledger_person(who: str, where: str, delivery: Delivery) -> None:
    """All that one person or employer has had, and what quotas leave."""

    def found(connection: Connection) -> Listed:
        rows, left = person(connection, who)
        return Listed("领过的", rows, ("金额",), _OF_ONE, left, sums=False)

    _look(where, delivery, found)


def ledger_export(where: str, delivery: Delivery) -> None:
    """Every payment with what became of it."""
    _look(where, delivery, lambda connection: Listed("账本", find_payments(connection), ("金额",), _SHOWN))


def _look(where: str, delivery: Delivery, found: Callable[[Connection], Listed]) -> None:
    ledger, way = ledger_at(where), list_way(delivery)
    with reading(ledger) as connection:
        listed = found(connection)
    deliver_list(listed, way)
