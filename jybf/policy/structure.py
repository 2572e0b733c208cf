"""Raw TOML → one of the tables of ``schema``; every key that is missing, unknown or of a wrong type, in the author's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from msgspec import inspect

from jybf.vocabulary import toml

if TYPE_CHECKING:
    from jybf.policy.loader import Loader

T = TypeVar("T")


def convert(loader: Loader, raw: Mapping[str, Any], kind: type[T]) -> tuple[T, bool]:
    """``raw``, the table at hand, as ``kind``, and whether nothing was wrong with it.

    All its faults are noted; what is wrong is left out, and what is missing stands in by something empty, so that its author
    hears of the rest too.
    """
    wrong = list(toml.faults(raw, kind))
    for place, fault in wrong:
        told = str(place[-1]) if place and isinstance(place[-1], str) and not fault.startswith("缺") else ""
        quoted = "，加引号" if "应是文字，写成了" in fault else ""
        loader.fault(fault + quoted, toml.label(raw, place), about=told, path=place)
    mended = _complete(_mended(raw, {place for place, fault in wrong if not fault.startswith("缺")}), inspect.type_info(kind))
    return toml.convert(mended, kind), not wrong


def _mended(value: Any, wrong: set[toml.Place], place: toml.Place = ()) -> Any:
    """``value`` without what stands at the places ``wrong``."""
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return {key: _mended(item, wrong, (*place, key)) for key, item in table.items() if (*place, key) not in wrong}
    if isinstance(value, list):
        items = enumerate(cast("list[Any]", value))
        return [_mended(item, wrong, (*place, i)) for i, item in items if (*place, i) not in wrong]
    return value


def _complete(value: Any, kind: inspect.Type) -> Any:
    """``value`` with something empty for every key that ``kind`` requires and it lacks."""
    members = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    for member in members:
        if isinstance(member, inspect.StructType) and isinstance(value, dict):
            table = cast("dict[str, Any]", value)
            known = {field.encode_name: field for field in member.fields}
            lacking = {name: _empty(field.type) for name, field in known.items() if field.required and name not in table}
            return {key: _complete(item, known[key].type) for key, item in table.items()} | lacking
        if isinstance(member, inspect.ListType | inspect.VarTupleType) and isinstance(value, list):
            return [_complete(item, member.item_type) for item in cast("list[Any]", value)]
        if isinstance(member, inspect.DictType) and isinstance(value, dict):
            return {key: _complete(item, member.value_type) for key, item in cast("dict[str, Any]", value).items()}
    return value


def _empty(kind: inspect.Type) -> Any:
    if isinstance(kind, inspect.UnionType):
        return _empty(kind.types[0])
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    empty: dict[type, Any] = {
        inspect.StrType: "", inspect.IntType: 0, inspect.DateType: date.max, inspect.ListType: [], inspect.VarTupleType: [],
        inspect.DictType: {}, inspect.BoolType: False,
    }  # fmt: skip
    return empty.get(type(kind))
