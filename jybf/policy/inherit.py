"""A pack's TOML laid over the pack that it extends: a county adds to its province in the open, never by accident."""

from __future__ import annotations

import hashlib
import re
import tomllib
from typing import TYPE_CHECKING, Any

from jybf.errors import PackError, Problem
from jybf.vocabulary.fields import rules_dir

if TYPE_CHECKING:
    from pathlib import Path


def read_merged(path: Path, seen: tuple[Path, ...]) -> tuple[dict[str, Any], str]:
    """The TOML of ``path`` laid over the pack it extends, and the SHA-256 over both texts."""
    try:
        text = path.read_bytes()
        raw = tomllib.loads(text.decode("utf-8"))
    except FileNotFoundError:
        raise PackError(Problem("规则包不存在", str(path), "核对文件名与所在文件夹")) from None
    except OSError:
        raise PackError(Problem("规则包读不出来", str(path), "检查是不是文件、有没有读取的权限")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{path.name} 第 {line[1]} 行" if line else path.name
        raise PackError(Problem("不是正确的 TOML", where, "键和文字要加引号，存成 UTF-8")) from error
    digest = hashlib.sha256(text).hexdigest()
    if not raw.get("extends"):
        return raw, digest
    if path in seen:
        raise PackError(Problem("extends 绕成了圈", path.name))
    parent = next((p for p in (path.parent, rules_dir()) if (p / f"{raw['extends']}.toml").is_file()), None)
    if parent is None:
        raise PackError(Problem(f"extends 的规则包“{raw['extends']}”不存在", path.name))
    base, base_digest = read_merged(parent / f"{raw['extends']}.toml", (*seen, path))
    return _overlay(path.name, base, raw), hashlib.sha256((base_digest + digest).encode()).hexdigest()


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
