"""One programme of a local pack over its parent's: only the keys that it names change, and each says by which clause."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

from jybf.errors import near
from jybf.policy.loader import Loader

_DATED = ("amount", "quota", "deadline")
_PARTS = ("tally", "period", "prior")
_LISTS = ("excluded_by", "manual", "case")
_NOT_KEYS = {"id", "cite", "entered", "source", "aside"}
_DAY = timedelta(days=1)


def sourced(item: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """An inherited programme goes on citing the document that it stands in, with all that is in it, and ends when that says."""
    document = base.get("short", "")
    own = {**item, "source": item.get("source") or document}
    for key in ("since", "until"):
        if key in base:
            own.setdefault(key, base[key])
    if "until" not in item and "deadline" not in item:
        own.setdefault("until_cite", base.get("until_cite", ""))
    own.setdefault("until_source", document)
    return own


def _marked(value: Any, document: str, cite: str = "") -> Any:
    """A table, or each of a list, with the document that it stands in; ``cite``: of those that say none."""
    if isinstance(value, list):
        return [_marked(one, document, cite) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    table = cast("dict[str, Any]", value)
    return {"source": document, **({"cite": cite} if cite else {}), **table}


def overridden(here: Loader, base: Mapping[str, Any], item: Mapping[str, Any], pack: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with what ``item``, of the local ``pack``, says otherwise, from the day on which that comes into force.

    Faults are noted.
    """
    cite, document = str(item.get("cite", "")), str(pack.get("short", ""))
    item = _from_its_day(here, item, pack.get("since"), base.get("since"))
    if not cite:
        here.fault("改写上级规则须写本地的 cite", path=())
    out: dict[str, Any] = {**base}
    changed: list[list[str]] = [*base.get("overrides", [])]
    for key in (key for key in item if key not in _NOT_KEYS):
        value = item[key]
        if key in _DATED:
            before = _one_deadline(base) if key == "deadline" and key not in base else base.get(key)
            out[key] = _over_time(here, before, value, document, cite)
        elif key in _PARTS:
            out[key] = _keep(here, _marked(value, document, cite), value)
        elif key == "clause":
            out[key] = _clauses(here, base, value, document)
        elif key in _LISTS:
            added = _keep(here, _marked(value, document, cite if key == "excluded_by" else ""), value)
            out[key] = added if key == "excluded_by" else [*base.get(key, []), *added]
        else:
            out[key] = value
        if key not in ("case", "manual", "until_cite"):
            changed.append([key, f"{document}{_cite_of(value) or (item.get('until_cite') if key == 'until' else '') or cite}"])
    if "until" in item:
        out |= {"until_cite": item.get("until_cite", cite), "until_source": document}
        out.pop("deadline", None)
    if "deadline" in item:
        out.pop("until", None)
    _set_aside(here, base, item)
    out |= {"overrides": changed, "aside": [*base.get("aside", []), *item.get("aside", [])]}
    return here.same(out, item)


def _one_deadline(base: Mapping[str, Any]) -> dict[str, Any]:
    """The one last day of all time, as an entry that another may follow."""
    cite = base.get("until_cite") or base.get("cite", "")
    return {"day": base.get("until"), "cite": cite, "source": base.get("until_source", "")}


def _from_its_day(here: Loader, item: Mapping[str, Any], since: object, before: object) -> Mapping[str, Any]:
    """``item``, of whose entries those that do not say from when are in force since its document is; before, the parent's."""
    if not isinstance(since, date) or not isinstance(before, date) or since <= before:
        return item
    own = {**item}
    for key in (key for key in (*_DATED, "clause") if key in item):
        value = item[key]
        tables = cast("list[Any]", value if isinstance(value, list) else [value])
        dated = [_keep(here, {"from": since, **table}, table) if isinstance(table, dict) else table for table in tables]
        own[key] = dated if isinstance(value, list) else dated[0]
    return own


def _cite_of(value: Any) -> str:
    first: object = next(iter(cast("list[Any]", value)), None) if isinstance(value, list) else value
    return str(cast("dict[str, Any]", first).get("cite", "")) if isinstance(first, dict) else ""


def _from(value: Any) -> date | None:
    """The first day of the earliest entry; None where one is of all time."""
    entries = cast("list[Any]", value if isinstance(value, list) else [value])
    tables = [cast("dict[str, Any]", entry) if isinstance(entry, dict) else {} for entry in entries]
    days = [day for table in tables if isinstance(day := table.get("from"), date)]
    return min(days, default=None) if len(days) == len(tables) else None


def _over_time(here: Loader, base: Any, value: Any, document: str, cite: str) -> Any:
    """What is to hold from a day leaves what held before it as it was; else it holds instead."""
    new = _keep(here, _marked(value, document, cite), value)
    start = _from(value)
    if base is None or start is None:
        return new
    old = cast("list[Any]", base if isinstance(base, list) else [base])
    before = [entry for entry in old if not isinstance(entry.get("from"), date) or entry["from"] < start]
    closed = [{**entry, "until": min(entry.get("until") or start, start - _DAY)} for entry in before]
    return [*closed, *(new if isinstance(new, list) else [new])]


def _clauses(here: Loader, above: Mapping[str, Any], value: list[Any], document: str) -> list[Any]:
    """The conditions of the programme ``above``, but for those that are overridden or repealed by name, and what is added."""
    base: list[Any] = above.get("clause", [])
    names = [entry.get("id") for entry in base]
    left, twice = list(base), list[Any]()
    for entry in value:
        name, override = entry.get("id"), entry.pop("override", False)
        if name in names and not override:
            twice.append(entry)
            theirs = next(each for each in base if each.get("id") == name)
            mine = f"本地：{entry.get('cite', '')} {entry.get('text', '')}"
            source = theirs.get("source") or above.get("source", "")
            both = f"上级：{source}{theirs.get('cite', '')} {theirs.get('text', '')}；{mine}"
            here.fault(f"上级规则包已有条件“{name}”；要改它，在这一条写 override = true（{both}）", about=str(name))
        elif override and name not in names:
            known = [str(each) for each in names]
            here.fault(
                f"override = true，上级却没有条件“{name}”：{near(str(name), known)}上级的有 {'、'.join(known)}", about=str(name)
            )
        if override and not isinstance(entry.get("from"), date):
            left = [each for each in left if each.get("id") != name]
    ours = [entry for entry in value if entry not in twice]
    started = {entry.get("id"): entry["from"] for entry in reversed(ours) if isinstance(entry.get("from"), date)}
    left = [
        {**each, "until": started[each["id"]] - _DAY} if each.get("id") in started and not each.get("until") else each
        for each in left
    ]
    gone = [entry for entry in value if entry.get("repeal") and not isinstance(entry.get("from"), date)]
    added = [_keep(here, _marked(entry, document), entry) for entry in value if entry not in gone and entry not in twice]
    return [*left, *added]


def _set_aside(here: Loader, base: Mapping[str, Any], item: Mapping[str, Any]) -> None:
    known = [str(case.get("name")) for case in base.get("case", [])]
    for name in item.get("aside", []):
        if name not in known:
            close = near(str(name), known).rstrip("；") or "照抄上级例子的 name"
            here.fault(f"aside 的“{name}”不是上级的例子：{close}", about=str(name))


def _keep(here: Loader, new: Any, old: Any) -> Any:
    if isinstance(new, list):
        return [_keep(here, one, other) for one, other in zip(cast("list[Any]", new), cast("list[Any]", old), strict=True)]
    return here.same(new, old)
