"""A pack's TOML laid over the pack that it extends: a county adds to its province in the open, never by accident."""

import hashlib
from pathlib import Path
from typing import Any

from jybf.errors import PackError, Problem
from jybf.vocabulary.fields import rules_dir
from jybf.vocabulary.toml import Door

_DOOR = Door("规则包")


def read_merged(path: Path, seen: tuple[Path, ...]) -> tuple[dict[str, Any], str, str]:
    """The TOML of ``path`` laid over the pack it extends, the SHA-256 over both texts, and its own text."""
    data = _DOOR.read(path)
    text, raw = _DOOR.parse(data, path.name)
    digest = hashlib.sha256(data).hexdigest()
    if not raw.get("extends"):
        return raw, digest, text
    if path in seen:
        raise PackError(Problem("extends 绕成了圈", path.name))
    parent = next((p for p in (path.parent, rules_dir()) if (p / f"{raw['extends']}.toml").is_file()), None)
    if parent is None:
        raise PackError(Problem(f"extends 的规则包“{raw['extends']}”不存在", path.name))
    base, base_digest, _ = read_merged(parent / f"{raw['extends']}.toml", (*seen, path))
    return _overlay(path.name, base, raw), hashlib.sha256((base_digest + digest).encode()).hexdigest(), text


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
