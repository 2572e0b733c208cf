"""The payments and claims of a ledger, what became of them, and where each comes from, in words."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, FromClause, Select, Table, and_, case, select

from jybf.ledger import schema

Query = Select[*tuple[Any, ...]]

_MADE = schema.events.alias("made")
_PAID = schema.events.alias("paid")
_UNDONE = schema.events.alias("undone")
STATE: ColumnElement[str] = case(
    (_UNDONE.c.kind.is_not(None), _UNDONE.c.kind), (_PAID.c.number.is_not(None), schema.PAID), else_=schema.batch.c.kind
).label("状态")  # the newest event on it
DAY = _MADE.c.at.label("day")
LIVING = _UNDONE.c.number.is_(None)
undone = _UNDONE.c  # in a query of payments: the event that took one back

CLAIM = ("kind", "program", "key", "slot")
HELD = (*CLAIM, "generation", "holder")  # what a payment writes down of each that it holds
ENDED = schema.release.c.event  # in a query of claims: the event that ended it, null of a living one
_ENDS = and_(*(schema.claim.c[name] == schema.release.c[name] for name in (*CLAIM, "generation")))


def claims(*columns: Any) -> Query:
    """A query of ``columns`` over every claim; ENDED may be among them, or in its WHERE."""
    return select(*columns).select_from(schema.claim.outerjoin(schema.release, _ENDS))


def payments(*columns: Any) -> Query:
    """A query of ``columns`` over every payment with its batch; STATE, DAY and LIVING may be among them, or in its WHERE."""
    return select(*columns).select_from(_joined())


def _joined() -> FromClause:
    own = schema.batch.c.batch
    whole = schema.payment.join(schema.batch, schema.payment.c.batch == own)
    whole = whole.join(_MADE, and_(_MADE.c.batch == own, _MADE.c.kind == schema.batch.c.kind))
    whole = whole.outerjoin(_PAID, and_(_PAID.c.batch == own, _PAID.c.kind == schema.PAID))
    return whole.outerjoin(_UNDONE, _UNDONE.c.payment == schema.payment.c.payment)


def rows_of(connection: Connection, query: Executable) -> list[tuple[Any, ...]]:
    """The rows of ``query``."""
    return [tuple(row) for row in connection.execute(query).all()]


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add ``rows``, which all have the same columns, to ``table``: as the engine's driver takes them, for they may be many."""
    if rows:
        statement = table.insert().compile(dialect=connection.dialect, column_keys=list(rows[0]))
        given = itemgetter(*statement.positiontup) if statement.positiontup else dict[str, Any]
        connection.exec_driver_sql(str(statement), [given(row) for row in rows])


def file_of(batch: int, kind: str, day: str, file: str) -> str:
    """How the file of a payment is named where a later run refers to it: with its batch and day."""
    return f"第 {batch} 批（{day[:10]} {kind}）{file}"


def place_of(connection: Connection, payment: int) -> str:
    """Batch, day, file, sheet and row of a payment, in words; "别处" for none."""
    own, batch = schema.payment.c, schema.batch.c
    query = payments(own.batch, batch.kind, DAY, own.文件, own.工作表, own.行号).where(own.payment == payment)
    for number, kind, day, file, sheet, line in rows_of(connection, query):
        at = "" if line is None else f"第 {line} 行"
        return f"账本《{file_of(number, kind, day, file)}》{sheet}{at}"
    return "别处"
