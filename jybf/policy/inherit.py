"""A pack's TOML laid over the pack that it extends: a county adds to its province in the open, never by accident.

What is inherited keeps its own document and clause; what is overridden is named, key by key, each with a clause of its own.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from jybf.errors import PackError, near
from jybf.policy.entered import as_known
from jybf.policy.folders import pack_file, pack_ids
from jybf.policy.loader import Loader
from jybf.policy.override import overridden, sourced
from jybf.regex import pattern
from jybf.vocabulary import toml
from jybf.vocabulary.facts import facts

_DOOR = toml.Door("规则包")
_PLAIN_NAME = pattern(r"[^/\\\x00-\x1f:]{1,60}")  # of a file beside the pack, or of a pack that comes with the program
TWICE = "同一个项目写了两次；金额、条件的几版写在一个项目里，不同的项目换一个 id"
_HEAD = ("since", "until", "until_cite")  # what a document says of all its programmes


def read_merged(path: Path, known_on: date | None, seen: tuple[Path, ...] = ()) -> tuple[dict[str, Any], str, Loader]:
    """The TOML of ``path`` laid over the pack it extends, the SHA-256 over both texts, and the loader of its own text.

    Raises :class:`PackError` for a file whose text is none, and for one that is not there.
    """
    data = _DOOR.read(path)
    text, raw = _DOOR.parse(data, path.name, columns=True)
    digest = hashlib.sha256(data).hexdigest()
    loader = Loader(path.name, facts(), text, faults=[], places={}, above=[])
    loader.stands(raw)
    loader = replace(loader, table=raw)
    _drop_shapeless(loader, raw)
    if known_on:
        raw = as_known(loader, raw, known_on)
    above = _parent(loader, path, raw.get("extends"), seen)
    if not above:
        return raw, digest, loader
    base, base_digest, _ = read_merged(above, known_on, (*seen, path))
    loader.above.append(above)
    whole = _overlay(loader, base, raw)
    return loader.same(whole, raw), hashlib.sha256((base_digest + digest).encode()).hexdigest(), loader


def _parent(loader: Loader, path: Path, above: object, seen: tuple[Path, ...]) -> Path | None:
    if not above:
        return None
    if not isinstance(above, str) or not _PLAIN_NAME.fullmatch(above):
        loader.fault('extends 应是一个规则包的代号，如 "shanxi"', about="extends")
    elif path in seen:
        ring = " → ".join(each.stem for each in (*seen[seen.index(path) :], path))
        loader.fault(f"extends 绕成了圈：{ring}；去掉其中一处", about="extends")
    elif found := pack_file(above, path.parent):
        return found
    else:
        known = [name for name in pack_ids(path.parent) if name != path.stem]
        loader.fault(f"extends 的规则包“{above}”不存在，{near(above, known)}可用：{'、'.join(known)}", about=above)
    raise PackError(*loader.faults)  # without it nothing else can be told


class _Shape(msgspec.Struct):
    """What an overlay asks of a pack: all else is vetted when it is whole."""

    defaults: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    setting: list[dict[str, Any]] = []
    program: list[dict[str, Any]] = []
    control: list[dict[str, Any]] = []


class _Item(msgspec.Struct):
    id: str = ""
    clause: list[dict[str, Any]] = []
    case: list[dict[str, Any]] = []
    manual: list[dict[str, Any]] = []
    deadline: list[dict[str, Any]] = []
    excluded_by: list[dict[str, Any]] = []


def _drop_shapeless(loader: Loader, raw: dict[str, Any]) -> None:
    """Note tables that are none, and go on without them."""
    for place, fault in list(toml.faults({key: raw[key] for key in _Shape.__struct_fields__ if key in raw}, _Shape)):
        loader.fault(fault, path=place)
        raw.pop(str(place[0]), None)
    for kind in ("program", "control"):
        for i, item in enumerate(raw.get(kind, [])):
            own = {key: item[key] for key in _Item.__struct_fields__ if key in item}
            for place, fault in list(toml.faults(own, _Item)):
                loader.fault(fault.replace("[[", f"[[{kind}."), str(item.get("id", "")), path=(kind, i, *place))
                item.pop(place[0], None)


def _overlay(loader: Loader, base: dict[str, Any], local: dict[str, Any]) -> dict[str, Any]:
    """``local`` over ``base``; two rules for one thing without an explicit override is a fault that shows both."""
    result = {**{key: base[key] for key in _HEAD if key in base}, **local}
    for key in ("defaults", "settings"):
        result[key] = loader.same({**base.get(key, {}), **local.get(key, {})}, local.get(key))
    result["setting"] = [*base.get("setting", []), *local.get("setting", [])]
    result["extends_short"] = base.get("short", "")
    above = {**dict.fromkeys(base.get("defaults", {}), base.get("name", "")), **base.get("defaults_of", {})}
    result["defaults_of"] = {name: who for name, who in above.items() if name not in local.get("defaults", {})}
    for kind in ("program", "control"):
        items = {str(item.get("id")): sourced(item, base) for item in base.get(kind, [])}
        own = set[str]()
        for item in local.get(kind, []):
            name, override = str(item.get("id")), item.pop("override", False)
            here = loader.at(item, name)
            if name in own:
                here.fault(TWICE, path=("id",))
            elif name in items and not override:
                _told_both(here, items[name], item, base)
            elif override and name not in items:
                close = near(name, items) or f"上级的有 {'、'.join(items)}；"
                here.fault(f"override = true，上级规则包却没有“{name}”：{close}本地另有的项目不写 override", path=("id",))
            elif override:
                items[name] = overridden(here, items[name], item, local)
            else:
                items[name] = item
            own.add(name)
        result[kind] = list(items.values())
    return result


def _told_both(here: Loader, theirs: Mapping[str, Any], ours: Mapping[str, Any], base: Mapping[str, Any]) -> None:
    said = [
        f"上级：{theirs.get('source', base.get('short', ''))}{theirs.get('cite', '')}，{_sum(theirs)}",
        f"本地：{ours.get('cite', '没有写 cite')}，{_sum(ours)}",
    ]
    told = "上级规则包已有这个项目；要改它须写 override = true 和本地的 cite，只写要改的键"
    here.fault(f"{told}（{'；'.join(said)}）", path=("id",))


def _sum(item: Mapping[str, Any]) -> str:
    amounts: object = item.get("amount")
    first: object = next(iter(cast("list[Any]", amounts)), None) if isinstance(amounts, list) else amounts
    table = cast("dict[str, Any]", first) if isinstance(first, dict) else {}
    return " ".join(str(table[key]) for key in ("kind", "yuan") if key in table) or "没有写金额"
