"""What was paid before, as far as a run is told: the files of --history, and the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec.structs import replace

from jybf.commands.config import Config
from jybf.commands.request import Request
from jybf.errors import Problem, UsageError
from jybf.model import Roster, Sheet
from jybf.roster import ColumnMap, read
from jybf.roster.reversed import without_reversed

if TYPE_CHECKING:
    from jybf.ledger.events import Head

Say = Callable[[str], None]


def read_history(request: Request, config: Config, columns: ColumnMap, progress: Say) -> tuple[Roster | None, dict[str, str]]:
    """The payments of both as one history, None if there is neither or nothing in them; and where they come from, in words.

    Of the ledger it is said which event was its newest: the same one means the same payments. Raises UsageError for a file
    whose payments are in the ledger: months would count twice.
    """
    where = ledger_of(request.ledger, config)
    told = {"历史": "", "账本": ""}
    if not where:
        history = _read(request, columns, request.history, progress)
        return history and without_reversed(history), told | {"历史": files_of(history.sheets) if history else ""}
    from jybf.ledger.history import past, placed
    from jybf.ledger.store import open_ledger, reading

    ledger = open_ledger(where)
    with reading(ledger) as connection:
        found = past(connection)
    with TemporaryDirectory() as folder:
        paths = [Path(folder, f"账本{n}.csv") for n in range(len(found.tables))]
        for path, table in zip(paths, found.tables, strict=True):
            path.write_bytes(table)
        history = _read(request, columns, (*request.history, *map(str, paths)), progress)
    told["账本"] = state_of(ledger.name, found.head)
    if not history:
        return None, told
    history = replace(history, notices=tuple(notice for notice in history.notices if folder not in notice))
    first = len(history.sheets) - len(found.tables)
    if twice := [sheet.file for sheet in history.sheets[:first] if sheet.sha256[:12] in found.files]:
        raise UsageError(
            Problem(
                f"《{twice[0]}》发的已经在账本里，再给一次就算了两遍", "--history", "去掉它；写在 jybf.toml 里的，删去那一行"
            )
        )
    told["历史"] = files_of(history.sheets[:first])
    return without_reversed(placed(history, first, found)), told


def ledger_of(stated: str, config: Config) -> str:
    """The ledger of --ledger (``stated``), else JYBF_LEDGER, else jybf.toml; "" for none."""
    return stated or os.environ.get("JYBF_LEDGER", "") or config.ledger


def state_of(name: str, newest: Head) -> str:
    """A ledger with its newest event, in words."""
    return f"{Path(name).name if '://' not in name else name} 第 {newest.number} 件 {newest.hash[:12]}"


def files_of(sheets: Iterable[Sheet]) -> str:
    """The files of ``sheets``, each once, with their digests."""
    return "、".join(dict.fromkeys(f"{Path(sheet.read or sheet.file).name} {sheet.sha256[:12]}" for sheet in sheets))


def _read(request: Request, columns: ColumnMap, paths: Sequence[str], progress: Say) -> Roster | None:
    if not paths:
        return None
    return read(paths, encoding=request.encoding, columns=columns.of_named_files(), progress=progress, paid=True)
