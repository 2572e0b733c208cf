"""The tables of a ledger. What may never happen twice is a unique constraint here, what may never change a trigger.

Rows are only ever added; what became of one is said by a later row. Money is an integer in 分, a time UTC to the second.
Engine columns have English names; what a payment says bears the names of the outputs.

    version   one row for each version of these tables that the ledger has had
    batch     what was approved, or brought in from before, at one time: whole or absent
    payment   one payment of a batch: to whom, how much, for which row of which file
    refusal   what asked for money beside the payments of a batch and got none, and why
    claim     what a payment has used up for good: one living claim for each (kind, program, key, slot)
    share     a further payment under a claim that several may hold together
    release   that a claim lives no longer; the next one of its kind follows it by ``before``
    event     what happened, in order, each with the hash of the one before it
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 1
APPROVED, IMPORTED, PAID, RETURNED, REVERSED = "核准", "导入", "发放", "退票", "冲销"
KINDS = (APPROVED, IMPORTED, PAID, RETURNED, REVERSED)  # of events; the first two make a batch, the last two undo a payment

# What a payment says of itself, as text, beside what the engine needs.
SAID = (
    "补贴项目", "姓名", "身份证号", "单位", "乡镇", "行政村", "收款人", "收款人证号", "开户银行", "账号", "电话",
    "资金", "文件", "工作表",
)  # fmt: skip

_metadata = MetaData()
_Number = BigInteger().with_variant(Integer(), "sqlite")
_CLAIM = ("kind", "program", "key", "slot")


def _text(name: str, *more: Any, **options: Any) -> Column[str]:
    return Column(name, Text, *more, nullable=False, **options)


def _number(name: str, *more: Any, nullable: bool = False, unique: bool = False) -> Column[int]:
    return Column(name, _Number, *more, nullable=nullable, unique=unique)


def _claimed() -> list[Column[Any]]:
    """What is claimed, and for the how-manieth time after a release."""
    return [*(_text(name) for name in _CLAIM[:-1]), _number("slot"), _number("generation")]


def _table(name: str, *parts: Any) -> Table:
    return Table(name, _metadata, *parts, sqlite_strict=True)


version = _table("version", _number("number", CheckConstraint("number > 0")), PrimaryKeyConstraint("number"))
batch = _table(
    "batch",
    _number("batch"),
    _text("identity", unique=True),  # of what it was made from: the same again is no second batch
    _text("kind", CheckConstraint(f"kind IN {KINDS[:2]}")),
    _text("region"),
    _text("pack"),  # SHA-256 of the rules
    _text("tool"),
    _text("inputs"),  # JSON: all that determined the figures
    _number("rows"),
    _number("fen"),
    _text("digest"),  # over the digests of its payments, in order
    _text("refused"),  # over those of its refusals
    PrimaryKeyConstraint("batch"),
)
payment = _table(
    "payment",
    _number("payment"),
    _number("batch", ForeignKey("batch.batch")),
    _number("line"),  # its place in the batch, from 1
    *(_text(name) for name in SAID),
    _number("行号", nullable=True),
    _number("年度", nullable=True),
    _number("数量", nullable=True),
    _number("fen", CheckConstraint("fen > 0"), nullable=True),  # null: a payment from before that states no sum
    _text("facts"),  # JSON: what a later run must know of it, column by column, as a roster would say it
    _text("cells"),  # SHA-256 of the source row as it was read
    _text("claims"),  # JSON: what it holds, each [kind, program, key, slot, generation, holder]
    _text("digest"),  # SHA-256 of all of this
    PrimaryKeyConstraint("payment"),
    UniqueConstraint("batch", "line"),
)
refusal = _table(
    "refusal",
    _number("batch", ForeignKey("batch.batch")),
    _number("line"),
    *(_text(name) for name in SAID),
    _number("行号", nullable=True),
    _number("fen", nullable=True),  # what was asked for, if the row says it
    _text("原因"),
    _text("digest"),
    PrimaryKeyConstraint("batch", "line"),
)
claim = _table(
    "claim",
    *_claimed(),
    _number("before", nullable=True),  # the generation that was released
    _text("holder"),  # who may share it: a programme, a batch; "" for what one payment has for itself
    _number("payment", ForeignKey("payment.payment")),
    PrimaryKeyConstraint(*_CLAIM, "generation"),
    UniqueConstraint(*_CLAIM, "generation", "holder", name="claim_held"),
    CheckConstraint("(before IS NULL AND generation = 1) OR (before IS NOT NULL AND before = generation - 1)"),
    ForeignKeyConstraint(
        [*_CLAIM, "before"], [f"release.{name}" for name in (*_CLAIM, "generation")], name="claim_follows", use_alter=True
    ),
)
share = _table(
    "share",
    *_claimed(),
    _text("holder", CheckConstraint("holder <> ''")),
    _number("payment", ForeignKey("payment.payment")),
    PrimaryKeyConstraint(*_CLAIM, "generation", "payment"),
    ForeignKeyConstraint([*_CLAIM, "generation", "holder"], [f"claim.{name}" for name in (*_CLAIM, "generation", "holder")]),
)
release = _table(
    "release",
    *_claimed(),
    _number("event", ForeignKey("event.number")),
    PrimaryKeyConstraint(*_CLAIM, "generation"),
    ForeignKeyConstraint([*_CLAIM, "generation"], [f"claim.{name}" for name in (*_CLAIM, "generation")]),
)
events = _table(
    "event",
    _number("number", CheckConstraint("number > 0")),
    _text("kind", CheckConstraint(f"kind IN {KINDS}")),
    _number("batch", ForeignKey("batch.batch"), nullable=True),
    _number("payment", ForeignKey("payment.payment"), unique=True, nullable=True),  # a payment is undone once
    _text("reason"),
    _text("operator"),
    _text("at"),
    _text("tool"),
    _text("content"),  # the digest of the batch that it made, or of the list by which the bank returned
    _text("previous", unique=True),
    _text("hash", unique=True),
    PrimaryKeyConstraint("number"),
    UniqueConstraint("kind", "batch"),  # a batch is made once, and paid once
)
TABLES = (version, batch, payment, refusal, claim, share, release, events)
CLAIM = tuple(claim.c[name] for name in _CLAIM)

_WORDS = "账本只增不改"
_REFUSE = {
    "sqlite": [
        f"CREATE TRIGGER {{table}}_{verb.lower()} BEFORE {verb} ON {{table}} BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kept()"
    ],
}
TRIGGERS = {dialect: len(statements) for dialect, statements in _REFUSE.items()}  # of each table
_KEPT = f"CREATE OR REPLACE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"


def create(connection: Connection) -> None:
    """Make the tables, their constraints and triggers, all in the transaction of ``connection``."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_KEPT)
    # One engine adds a constraint later that another makes with the table; SQLAlchemy notes it in what it is given.
    own = MetaData()
    for each in TABLES:
        each.to_metadata(own)
    own.create_all(connection, checkfirst=False)  # a table of that name is another program's
    for each in TABLES:
        for statement in _REFUSE[connection.dialect.name]:
            connection.exec_driver_sql(statement.format(table=each.name))
