"""``jybf export``: what leaves the house of a batch: the bank's file, the public notice, what goes back to be mended."""

import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from jybf.commands.ledger.opened import ledger_at
from jybf.errors import Problem, UsageError
from jybf.ledger import schema
from jybf.ledger.looking import TAKEN_BACK, find_payments, refusals
from jybf.ledger.paying import find_batch
from jybf.ledger.store import reading
from jybf.report.bank import PAYMENT, write_bank
from jybf.report.bank_layout import find_layout
from jybf.report.notice import Notice, write_notice
from jybf.report.output import check_target
from jybf.report.sent_back import write_returns
from jybf.visible import say
from jybf.vocabulary.yuan import yuan


def export_bank(batch: int, where: str, output: str, layout: str, *, merge: bool, quiet: bool) -> None:
    """Write what of ``batch`` is to be paid as the bank's file, and say what there is to know of it."""
    way, target = find_layout(layout), _target(output)
    with reading(ledger_at(where)) as connection:
        living = _living(connection, batch)
        if (living["状态"] == schema.PAID).any():
            raise UsageError(Problem(f"第 {batch} 批已经记为发放，再发就是第二次", hint="要看发过的，用 jybf ledger show"))
        stated = _stated(connection, batch)
    sent = write_bank(_payments(living), way, target, stated=stated, merge=merge)
    if not quiet:
        for notice in sent.told:
            say(f"提示：{notice}", sys.stderr)
        say(f"已写入 {output}：{sent.lines.height} 行 {yuan(sent.fen)} 元，{way.name}", sys.stderr)
        say(f"只送银行一次；送出以后马上记：jybf ledger pay {batch}", sys.stderr)


def export_notice(batch: int, where: str, output: str, notice: Notice, *, quiet: bool) -> None:
    """Write what of ``batch`` is to be paid as a list for the public."""
    target = _target(output)
    with reading(ledger_at(where)) as connection:
        living = _living(connection, batch)
    write_notice(_payments(living), notice, target)
    if not quiet:
        say(f"已写入 {output}：{living.height} 笔 {yuan(int(living['金额'].sum()))} 元，{notice.period}", sys.stderr)


def export_return(batch: int, where: str, output: str, by: str, *, mask: bool, quiet: bool) -> None:
    """Write what of ``batch`` was not paid, refused or returned, into the folder ``output``, a file a part."""
    if not output:
        raise UsageError(Problem("没有说写到哪个文件夹", "-o", "写成 -o 退回/"))
    with reading(ledger_at(where)) as connection:
        find_batch(connection, batch)
        back = find_payments(connection, schema.payment.c.batch == batch).filter(pl.col("状态").is_in(TAKEN_BACK))
        back = back.with_columns(pl.concat_str("状态", "经过", separator="：").alias("原因"))
        refused = refusals(connection, batch).with_columns(pl.lit(0, pl.Int64).alias("笔号"))
    rows = pl.concat([_payments(back), _payments(refused)])
    files = write_returns(rows, Path(output), by, mask=mask)
    if not quiet:
        say(f"已写入 {output}：按{by}分成 {len(files)} 个文件，{rows.height} 行", sys.stderr)
        for name, count in files.items():
            say(f"  {name}  {count} 行", sys.stderr)


def notice_of(title: str, first: date | None, days: int, office: str, phone: str) -> Notice:
    """What stands around a notice: from tomorrow on unless a day is given."""
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011  by the calendar of whoever puts it up
    return Notice(title, first or tomorrow, office, phone, days)


def _target(output: str) -> Path:
    if not output:
        raise UsageError(Problem("没有说写到哪里", "-o", "写成 -o 代发.csv"))
    return check_target(output, ())


def _living(connection: Connection, batch: int) -> pl.DataFrame:
    """What of ``batch`` was not taken back. Raises UsageError for one that was only brought in, or of which nothing is left."""
    if find_batch(connection, batch).kind == schema.IMPORTED:
        raise UsageError(Problem(f"第 {batch} 批是导入的，以前就发过"))
    rows = find_payments(connection, schema.payment.c.batch == batch)
    living = rows.filter(~pl.col("状态").is_in(TAKEN_BACK))
    if living.is_empty():
        raise UsageError(Problem(f"第 {batch} 批都已退回或冲销"))
    return living


def _stated(connection: Connection, batch: int) -> int:
    """What the batch was booked with, less what was taken back, in 分."""
    rows = find_payments(connection, schema.payment.c.batch == batch).filter(pl.col("状态").is_in(TAKEN_BACK))
    return find_batch(connection, batch).fen - int(rows["金额"].sum())


def _payments(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the columns of PAYMENT, texts "" for nothing."""
    silent = [pl.lit("").alias(name) for name in PAYMENT if name not in rows.columns]
    return rows.with_columns(silent).select(pl.col(name).cast(dtype) for name, dtype in PAYMENT.items()).with_columns(
        pl.col(pl.String).fill_null(""), pl.col("金额").fill_null(0)
    )  # fmt: skip
