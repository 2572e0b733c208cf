"""The catalogue's own examples, run through the audit: what each check finds, what it leaves alone, what it can't say."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from msgspec.structs import replace

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.audit.catalogue import Base, Case, bases
from jybf.audit.run import audit
from jybf.model import SHEET, Findings, Listing, Roster, last
from jybf.policy import load_pack
from jybf.roster import DRAWN, kinds, read

DAY = "2021-12-31"  # when the lists of examples were drawn, unless they say otherwise
UNSAID = {"户": "", "单位": ""}  # a list's rows belong to nobody's household and employer of the roster

_pack = cache(load_pack)


def run_case(case: Case, *codes: str) -> Findings:
    """What the audit finds on the rows of ``case`` under ``codes`` (default: under every one)."""
    base, roster = bases()[case.of], given(case)
    history = roster_of([{"补贴项目": "", **base.row, **row} for row in case.history]) if case.history else None
    history = history and _titled(history, case, base)
    pack = _pack(case.region or base.region)
    lists = [_listing(name, rows, roster, i) for i, (name, rows) in enumerate(case.lists.items(), 1)]
    verdicts = assess(roster, pack, history=history)
    return audit(roster, pack, verdicts, history=history, lists=lists, select=codes)


def given(case: Case) -> Roster:
    """The roster of ``case``: its rows over those of its base, or its table as it is read."""
    base = bases()[case.of]
    return _read(case) if case.table else _titled(roster_of([{**base.row, **row} for row in case.rows]), case, base)


def _titled(roster: Roster, case: Case, base: Base) -> Roster:
    return replace(roster, sheets=(replace(roster.sheets[0], title=case.title or base.title),))


def _listing(name: str, rows: Sequence[Mapping[str, object]], roster: Roster, index: int) -> Listing:
    """A list of literal rows; each is about the roster's first person unless it says otherwise."""
    person = roster.rows["身份证号"][0] if "身份证号" in roster.rows.columns else ""
    kind = kinds()[name]
    own = roster_of([{**UNSAID, DRAWN: DAY, "身份证号": person or "", **row} for row in rows])
    sheets = (replace(own.sheets[0], index=index, file=f"{name}.xlsx"),)
    own = replace(own, rows=own.rows.with_columns(pl.lit(index, pl.Int64).alias(SHEET)), sheets=sheets)
    whole = bool(set(kind.whole) & {column for row in rows for column in row})
    return Listing(kind, own, own.rows[last(DRAWN)].max(), len(rows), 0, whole)  # pyright: ignore[reportArgumentType]


def _read(case: Case) -> Roster:
    """The ``table`` of ``case``, read as a file is."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "例子.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(case.table)
        return read([str(path)])
