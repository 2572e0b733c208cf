"""What a ledger says was paid, as a history that a run reads like every other: each row with its batch, day, file and line."""

from collections.abc import Iterator, Sequence

import msgspec
import polars as pl
from msgspec.structs import replace
from sqlalchemy import Connection

from jybf.errors import InputError, Problem
from jybf.ledger import schema
from jybf.ledger.events import Head, head
from jybf.ledger.queries import DAY, LIVING, file_of, payments, rows_of
from jybf.model import LINE, ROW, SHEET, Roster
from jybf.roster.source import as_text

Origin = tuple[str, str, int]  # file, sheet, line
_SHEET, _LINE = "_to_sheet", "_to_line"
_facts = msgspec.json.Decoder(dict[str, str])


class Past(msgspec.Struct, frozen=True):
    """The living payments of a ledger. ``tables``: the text of each, one row a payment; ``origins``: where each row is from.

    ``head``: the newest event when they were read.
    """

    tables: tuple[bytes, ...]
    origins: tuple[tuple[Origin, ...], ...]
    head: Head


def past(connection: Connection) -> Past:
    """All payments that were not undone: those of this tool's own verdicts, and those brought in, a table each."""
    tables: list[bytes] = []
    origins: list[tuple[Origin, ...]] = []
    own, batch = schema.payment.c, schema.batch.c
    for kind in (schema.APPROVED, schema.IMPORTED):
        query = payments(own.facts, own.batch, DAY, own.文件, own.工作表, own.行号).where(LIVING, batch.kind == kind)
        rows = rows_of(connection, query.order_by(own.payment))
        if rows:
            tables.append(as_text(_frame([row[0] for row in rows])))
            origins.append(tuple((file_of(b, kind, day, file), sheet, line or 0) for _, b, day, file, sheet, line in rows))
    return Past(tuple(tables), tuple(origins), head(connection))


def _frame(texts: Sequence[str]) -> pl.DataFrame:
    facts = [_facts.decode(text) for text in texts]
    names = dict.fromkeys(name for each in facts for name in each)
    return pl.DataFrame({name: [each.get(name) for each in facts] for name in names}, dict.fromkeys(names, pl.String))


def placed(history: Roster, first: int, found: Past) -> Roster:
    """``history``, whose sheets from ``first`` on are the tables of ``found``, with each row at its own file, sheet and line.

    Raises InputError if a row of them could not be read: whoever is not found there would be paid twice.
    """
    rows, sheets = history.rows, list(history.sheets[:first])
    places: list[pl.DataFrame] = []
    for index, origins in enumerate(found.origins, first):
        own = rows.filter(pl.col(SHEET) == index)
        if own.height != len(origins):
            raise InputError(Problem(f"账本里有 {len(origins)} 笔，只读出 {own.height} 笔", hint="请把这一行报告给我们"))
        new = dict(_numbered(origins, len(sheets)))
        where = [(new[file, sheet], line) for file, sheet, line in origins]
        at = pl.DataFrame(where, {_SHEET: rows.schema[SHEET], _LINE: rows.schema[LINE]}, orient="row")
        places.append(at.with_columns(own[ROW]))
        sheets += [replace(history.sheets[index], index=n, file=file, name=sheet) for (file, sheet), n in new.items()]
    if places:
        moved = rows.join(pl.concat(places), on=ROW, how="left", maintain_order="left")
        own = (pl.coalesce(_SHEET, SHEET).alias(SHEET), pl.coalesce(_LINE, LINE).alias(LINE))
        rows = moved.with_columns(own).drop(_SHEET, _LINE)
    return replace(history, rows=rows, sheets=tuple(sheets))


def _numbered(origins: Sequence[Origin], start: int) -> Iterator[tuple[tuple[str, str], int]]:
    places = dict.fromkeys((file, sheet) for file, sheet, _ in origins)
    yield from zip(places, range(start, start + len(places)), strict=True)
