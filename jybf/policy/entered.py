"""The law as it was known on a day: without what was written down later."""

from datetime import date, timedelta
from typing import Any, cast

from jybf.policy.loader import Loader

_DATED = ("amount", "quota", "deadline", "clause")


def as_known(loader: Loader, raw: dict[str, Any], day: date) -> dict[str, Any]:
    """``raw``, a pack as TOML has it, as it was known on ``day``; what came later made no end of what was there."""
    since = raw.get("since")
    if isinstance(since, date) and since > day:
        loader.fault(f"{day} 还没有这份文件（{since} 起施行），不能按那一天所知的法律判断", about="since")
    whole = {**raw}
    for kind in ("program", "control"):
        if isinstance(items := raw.get(kind), list):
            tables = [item for item in cast("list[Any]", items) if not _later(item, day)]
            whole[kind] = [_item(loader, cast("dict[str, Any]", i), day) if isinstance(i, dict) else i for i in tables]
    return loader.same(whole, raw)


def _item(loader: Loader, item: dict[str, Any], day: date) -> dict[str, Any]:
    left = {**item}
    for key in _DATED:
        entries: object = item.get(key)
        if isinstance(entries, list):
            left[key] = _entries(loader, cast("list[Any]", entries), day)
        if _later(cast("object", entries), day) or left.get(key) == []:
            del left[key]
    return loader.same(left, item)


def _entries(loader: Loader, entries: list[Any], day: date) -> list[Any]:
    gone = [
        entry["from"] - timedelta(days=1) for entry in entries if _later(entry, day) and isinstance(entry.get("from"), date)
    ]
    kept: list[Any] = []
    for entry in (entry for entry in entries if not _later(entry, day)):
        closed = isinstance(entry, dict) and cast("dict[str, Any]", entry).get("until") in gone
        table = cast("dict[str, Any]", entry)
        kept.append(loader.same({k: v for k, v in table.items() if k != "until"}, table) if closed else entry)
    return kept


def _later(entry: object, day: date) -> bool:
    entered = cast("dict[str, Any]", entry).get("entered") if isinstance(entry, dict) else None
    return isinstance(entered, date) and entered > day
