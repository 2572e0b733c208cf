"""A pack's TOML laid over the pack that it extends: a county adds to its province in the open, never by accident."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from jybf.errors import PackError, Problem
from jybf.regex import pattern
from jybf.vocabulary import toml
from jybf.vocabulary.fields import rules_dir

_DOOR = toml.Door("规则包")
_PLAIN_NAME = pattern(r"[^/\\\x00-\x1f:]{1,60}")  # of a file beside the pack, or of a pack that comes with the program


def read_merged(path: Path, seen: tuple[Path, ...]) -> tuple[dict[str, Any], str, str]:
    """The TOML of ``path`` laid over the pack it extends, the SHA-256 over both texts, and its own text."""
    data = _DOOR.read(path)
    text, raw = _DOOR.parse(data, path.name)
    digest = hashlib.sha256(data).hexdigest()
    above = raw.get("extends")
    if above or seen:
        _refuse_shapeless(raw, path.name, text)
    if not above:
        return raw, digest, text
    if not isinstance(above, str) or not _PLAIN_NAME.fullmatch(above):
        raise PackError(Problem('extends 应是一个规则包的代号，如 "shanxi"', path.name))
    if path in seen:
        raise PackError(Problem("extends 绕成了圈", path.name))
    parent = next((p for p in (path.parent, rules_dir()) if (p / f"{above}.toml").is_file()), None)
    if parent is None:
        raise PackError(Problem(f"extends 的规则包“{above}”不存在", path.name))
    base, base_digest, _ = read_merged(parent / f"{above}.toml", (*seen, path))
    return _overlay(path.name, base, raw), hashlib.sha256((base_digest + digest).encode()).hexdigest(), text


class _Shape(msgspec.Struct):
    """What an overlay asks of a pack: all else is vetted when it is whole."""

    defaults: dict[str, Any] = {}
    program: list[dict[str, Any]] = []
    control: list[dict[str, Any]] = []


class _Item(msgspec.Struct):
    id: str = ""
    clause: list[dict[str, Any]] = []


def _refuse_shapeless(raw: dict[str, Any], file: str, text: str) -> None:
    """PackError for tables that are none, all at once."""
    wrong = list(toml.faults({key: raw[key] for key in _Shape.__struct_fields__ if key in raw}, _Shape))
    for kind in ("program", "control"):
        for i, item in enumerate([] if wrong else raw.get(kind, [])):
            own = {key: item[key] for key in _Item.__struct_fields__ if key in item}
            wrong += [((kind, i, *place), fault) for place, fault in toml.faults(own, _Item)]
    if wrong:
        raise PackError(*(Problem(fault, " ".join(filter(None, (file, toml.line(text, place))))) for place, fault in wrong))


def _overlay(file: str, base: dict[str, Any], local: dict[str, Any]) -> dict[str, Any]:
    """Two rules for one thing without an explicit override is an error; an override needs a citation of its own."""
    faults: list[Problem] = []
    result = {**base, **local, "defaults": {**base.get("defaults", {}), **local.get("defaults", {})}}
    for kind in ("program", "control"):
        items = {item.get("id"): _sourced(item, base.get("short", "")) for item in base.get(kind, [])}
        for item in local.get(kind, []):
            override, name = item.pop("override", False), item.get("id")
            if name in items and not override:
                faults.append(Problem("上级规则包已有这个项目；要改它须写 override = true 和本地的 cite", f"{file} {name}"))
            elif name in items and not item.get("cite"):
                faults.append(Problem("改写上级规则须写本地的 cite", f"{file} {name}"))
            items[name] = {**items[name], "source": "", **item} if name in items and override else item
        result[kind] = list(items.values())
    if faults:
        raise PackError(*faults)
    return result


def _sourced(item: dict[str, Any], document: str) -> dict[str, Any]:
    """An inherited programme goes on citing the document that it stands in."""
    clauses = [{"source": document, **clause} for clause in item.get("clause", [])]
    return {"source": document, **item, "clause": clauses}
