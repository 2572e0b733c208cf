"""A roster through the engine into a ledger, without a command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from jybf.assess import assess
from jybf.audit import audit
from jybf.commands.config import Config
from jybf.commands.past import read_history
from jybf.commands.request import Request
from jybf.ledger.booking import Booked, Draft, book
from jybf.ledger.drafting import drafted
from jybf.ledger.events import act_of
from jybf.ledger.store import create_ledger, open_ledger, writing
from jybf.policy import load_pack
from jybf.roster import NO_MAP, read, same_homes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jybf.model import Roster


def new_ledger(folder: Path) -> str:
    """A fresh ledger in a file of ``folder``."""
    where = str(folder / "账本.db")
    create_ledger(where)
    return where


def history_of(where: str, *files: str) -> Roster | None:
    """What a run with --ledger (and --history) takes for paid."""
    return read_history(Request((), history=files, ledger=where), Config(), NO_MAP, lambda _: None)[0]


def draft_of(
    where: str,
    files: Sequence[str],
    region: str,
    settings: Mapping[str, str],
    programs: Sequence[str] = (),
    *,
    waived: bool = False,
) -> Draft:
    """What would be booked of ``files`` with the ledger as history; ``waived``: if somebody answered for all that is found."""
    pack, roster, past = load_pack(region, settings), read(list(files)), history_of(where)
    if past:
        roster, past = same_homes([roster, past])
    verdicts = assess(roster, pack, programs=programs, history=past)
    made = {"输入": sorted({sheet.sha256 for sheet in roster.sheets})}
    found = audit(roster, pack, verdicts, history=past, select=("JY107",) if waived else ())
    free = replace(found, rows=found.rows.clear(), context=found.context.clear(), partial=False)
    return drafted(free if waived else found, {}, made)[0]


def booked(where: str, draft: Draft) -> Booked:
    """``draft`` in the ledger."""
    with writing(open_ledger(where)) as connection:
        return book(connection, draft, act_of("测试"))
