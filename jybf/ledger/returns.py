"""退票: which payments of a batch the bank gives back, found by their number, or by account, name and sum."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import Connection, select

from jybf.errors import InputError, Problem, UsageError
from jybf.ledger import schema
from jybf.ledger.queries import STATE, payments, rows_of
from jybf.model import LINE, ROW, SHEET, Roster
from jybf.regex import pattern
from jybf.vocabulary.roles import STAGES
from jybf.vocabulary.values.account import bare
from jybf.vocabulary.values.text import fold_name
from jybf.vocabulary.yuan import yuan

NUMBER, REASON = "笔号", "退票原因"
_PAID_OUT = pattern("成功|已入账|已到账|已发放|已支付|正常|完成")
_NOT = pattern("[不未没]|失败|异常|退")


class Returned(msgspec.Struct, frozen=True):
    """One payment that came back, and why the bank says it did."""

    payment: int
    reason: str


def returned(connection: Connection, batch: int, roster: Roster) -> tuple[list[Returned], int]:
    """The payments of ``batch`` that the rows of ``roster``, a bank's list, say were returned, and how many rows say success.

    A sum that is that of several payments to one account means all of them, and so do as many rows as there are payments.
    Raises InputError with every row that means none, that could mean several, or that does not say why: then nothing is
    taken back.
    """
    own = schema.payment.c
    query = payments(own.payment, own.账号, own.收款人, own.姓名, own.fen, STATE).where(own.batch == batch)
    paid = pl.DataFrame(rows_of(connection, query), _PAID, orient="row").with_columns(
        _folded("收款人"), _folded("姓名"), bare(pl.col("账号"))
    )
    rows = list(_rows(roster))
    failed = [row for row in rows if not _succeeded(row[REASON] or "")]
    alike = Counter(map(_told, failed))
    found: list[Returned] = []
    faults: list[Problem] = []
    for row in failed:
        those = _meant(row, paid, alike[_told(row)]) if row[REASON] else "没有写退票原因，看不出退没退"
        if isinstance(those, str):
            faults.append(Problem(those, _place(row, roster), "改好再来；一笔也没有记"))
        else:
            found += [Returned(number, row[REASON]) for number in those]
    if faults:
        raise InputError(*faults)
    return list({each.payment: each for each in found}.values()), len(rows) - len(failed)


def refuse_list_of_another(connection: Connection, batch: int, content: str) -> None:
    """Raises UsageError where the list of that digest was of another batch: who has the same sum each month is on either."""
    own, made = schema.payment.c, schema.events.c
    whole = schema.payment.join(schema.events, made.payment == own.payment)
    other = (
        select(own.batch).select_from(whole).where(made.content == content, made.kind == schema.RETURNED, own.batch != batch)
    )
    if (number := connection.execute(other.limit(1)).scalar()) is not None:
        raise UsageError(Problem(f"这份退票文件已经记在第 {number} 批", hint=f"核对是不是第 {batch} 批的；一笔也没有记"))


def _succeeded(reason: str) -> bool:
    """Whether a bank says that it paid: its list may hold all rows, and not only those that it returned."""
    return bool(_PAID_OUT.search(reason)) and not _NOT.search(reason)


def _told(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in (NUMBER, "账号", "户名", "fen"))


_PAID = {
    "payment": pl.Int64, "账号": pl.String, "收款人": pl.String, "姓名": pl.String, "fen": pl.Int64, "状态": pl.String,
}  # fmt: skip


def _folded(name: str) -> pl.Expr:
    return fold_name(pl.col(name)).alias(name)


def _rows(roster: Roster) -> Iterator[dict[str, Any]]:
    """Each row: 笔号, 账号, 户名, fen, 退票原因, and where it stands; None for what it does not say."""
    rows = roster.rows
    accounts = [name for name in ("银行账号", "对公账号") if name in rows.columns]
    names = [name for name in ("开户名", "姓名", "单位名称") if name in rows.columns]
    sums = [name for name in STAGES if name in rows.columns]
    reasons = [name for name in (REASON, "发放状态", "备注") if name in rows.columns]
    nothing = pl.lit(None)
    told = rows.select(
        SHEET, LINE, ROW,
        (pl.col(NUMBER) if NUMBER in rows.columns else nothing).cast(pl.Int64).alias(NUMBER),
        pl.coalesce(*reasons, nothing.cast(pl.String)).alias(REASON),
        bare(pl.coalesce(*accounts, nothing.cast(pl.String))).alias("账号"),
        fold_name(pl.coalesce(*names, nothing.cast(pl.String))).alias("户名"),
        pl.coalesce(*sums, nothing.cast(pl.Int64)).alias("fen"),
    )  # fmt: skip
    yield from told.iter_rows(named=True)


def _meant(row: Mapping[str, Any], paid: pl.DataFrame, alike: int) -> Sequence[int] | str:
    """The payments that a row means, one of ``alike`` rows that say the same, or why it is not known."""
    if row[NUMBER] is None and row["账号"] is None:
        return "没有笔号，账号空着或读不出（Excel 里存成数字的，后几位已丢）：不知道退的是哪一笔"
    fits = paid.filter(pl.col("payment") == row[NUMBER] if row[NUMBER] is not None else pl.col("账号") == row["账号"])
    for column, test in _tests(row):
        narrower = fits.filter(test)
        if fits.height and not narrower.height:
            return f"{column}与账上的不一样"
        fits = narrower
    return _of_sum(row["fen"], fits, alike) if fits.height else "这一批里没有这一笔"


def _of_sum(fen: int | None, fits: pl.DataFrame, alike: int) -> Sequence[int] | str:
    """Those of ``fits`` that are ``fen``, together or each, as many as there are rows for."""
    if fen is not None and fits["fen"].sum() == fen:
        return fits["payment"].to_list()
    exact = fits if fen is None else fits.filter(pl.col("fen") == fen)
    if fen is not None and not exact.height:
        return f"金额 {yuan(fen)} 元与账上的 {yuan(int(fits['fen'].sum()))} 元不一样"
    if exact.height not in (1, alike):
        return f"这个账号有 {exact.height} 笔，分不出是哪一笔（写上笔号）"
    return exact["payment"].to_list()


def _tests(row: Mapping[str, Any]) -> Iterator[tuple[str, pl.Expr]]:
    if row["账号"] is not None:
        yield "账号", pl.col("账号") == row["账号"]
    if row["户名"] is not None:
        yield "户名", (pl.col("收款人") == row["户名"]) | (pl.col("姓名") == row["户名"])


def _place(row: Mapping[str, Any], roster: Roster) -> str:
    sheet = roster.sheets[int(row[SHEET])]
    return f"《{sheet.file}》{sheet.name}第 {row[LINE]} 行"
