"""What a ledger says was paid, as a history that a run reads like every other: each row with its batch, day, file and line."""

from collections.abc import Sequence

import msgspec
import polars as pl
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, case, select

from jybf.errors import InputError, Problem
from jybf.ledger import schema
from jybf.ledger.events import Head, head
from jybf.ledger.queries import DAY, LIVING, file_of, payments, rows_of
from jybf.ledger.sayings import ALTERED
from jybf.model import LINE, ROW, SHEET, Roster
from jybf.regex import pattern
from jybf.roster.source import as_text

_ORIGIN = {"file": pl.String, "sheet": pl.String, "line": pl.Int64}
_SHEET = "_to_sheet"
_inputs = msgspec.json.Decoder(dict[str, str]).decode
_DIGEST = pattern(r" ([0-9a-f]{12})(?:、|$)")  # behind a file's name
_PAID = schema.payment.c
_TO_EMPLOYER = (_PAID.收款人 == _PAID.单位) & (_PAID.单位 != "")
# Where the money went, by which an audit meets it again: not among the facts, for the payment has it itself.
_WHERE_TO: dict[str, ColumnElement[str]] = {
    "银行账号": case((_TO_EMPLOYER, ""), else_=_PAID.账号),
    "对公账号": case((_TO_EMPLOYER, _PAID.账号), else_=""),
    "联系电话": _PAID.电话,
}


class Past(msgspec.Struct, frozen=True):
    """The living payments of a ledger. ``tables``: the text of each, one row a payment; ``origins``: file, sheet, line of each.

    ``head``: the newest event when they were read; ``files``: the first twelve digits of the SHA-256 of what they are of.
    """

    tables: tuple[bytes, ...]
    origins: tuple[pl.DataFrame, ...]
    head: Head
    files: frozenset[str] = frozenset()


def past(connection: Connection) -> Past:
    """All payments that were not undone: those of this tool's own verdicts, and those brought in, a table each."""
    tables: list[bytes] = []
    origins: list[pl.DataFrame] = []
    batches: set[int] = set()
    own, batch = schema.payment.c, schema.batch.c
    columns = (own.facts, *_WHERE_TO.values(), own.batch, DAY, own.文件, own.工作表, own.行号)
    for kind in (schema.APPROVED, schema.IMPORTED):
        rows = rows_of(connection, payments(*columns).where(LIVING, batch.kind == kind).order_by(own.payment))
        if rows:
            facts, *more = zip(*(row[: 1 + len(_WHERE_TO)] for row in rows), strict=True)
            tables.append(_table(facts, more if kind == schema.APPROVED else ()))
            places = [(file_of(b, kind, day, file), sheet, line or 0) for *_, b, day, file, sheet, line in rows]
            origins.append(pl.DataFrame(places, _ORIGIN, orient="row"))
            batches |= {row[-5] for row in rows}
    inputs = rows_of(connection, select(batch.inputs).where(batch.batch.in_(batches)))
    files = frozenset(digest for (text,) in inputs for digest in _DIGEST.findall(_inputs(text).get("输入", "")))
    return Past(tuple(tables), tuple(origins), head(connection), files)


def _table(facts: Sequence[str], more: Sequence[Sequence[str]]) -> bytes:
    """``more``: what each payment says of _WHERE_TO; one that was brought in has it among its facts."""
    try:
        told = pl.read_ndjson("\n".join(facts).encode(), infer_schema_length=None)
    except pl.exceptions.PolarsError as error:
        raise InputError(ALTERED) from error
    if "补贴项目" not in told.columns or told["补贴项目"].has_nulls():
        raise InputError(ALTERED)
    return as_text(told.with_columns(pl.Series(name, those) for name, those in zip(_WHERE_TO, more, strict=False)))


def placed(history: Roster, first: int, found: Past) -> Roster:
    """``history``, whose sheets from ``first`` on are the tables of ``found``, with each row at its own file, sheet and line.

    Raises InputError if a row of them could not be read: whoever is not found there would be paid twice.
    """
    rows, sheets = history.rows, list(history.sheets[:first])
    places: list[pl.DataFrame] = []
    for index, origins in enumerate(found.origins, first):
        own = rows.filter(pl.col(SHEET) == index)
        if own.height != origins.height:
            raise InputError(Problem(f"账本里有 {origins.height} 笔，只读出 {own.height} 笔", hint="请把这一行报告给我们"))
        new = origins.select("file", "sheet").unique(maintain_order=True).with_row_index(_SHEET, len(sheets))
        where = origins.join(new, on=["file", "sheet"], how="left", maintain_order="left")
        places.append(where.select(own[ROW], pl.col(_SHEET).cast(rows.schema[SHEET]), pl.col("line").cast(rows.schema[LINE])))
        sheets += [replace(history.sheets[index], index=n, file=file, name=sheet) for n, file, sheet in new.iter_rows()]
    if places:
        moved = rows.join(pl.concat(places), on=ROW, how="left", maintain_order="left")
        own = (pl.coalesce(_SHEET, SHEET).alias(SHEET), pl.coalesce("line", LINE).alias(LINE))
        rows = moved.with_columns(own).drop(_SHEET, "line")
    return replace(history, rows=rows, sheets=tuple(sheets))
