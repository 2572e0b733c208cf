"""Raw TOML → one of the tables of ``schema``; every key that is missing, unknown or of a wrong type, in the author's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

if TYPE_CHECKING:
    from jybf.policy.loader import Loader

T = TypeVar("T", bound=msgspec.Struct)

_TYPES = {
    "str": "文字", "int": "整数", "bool": "true 或 false", "date": "日期", "array": "列表", "object": "表", "float": "小数",
    "null": "空",
}  # fmt: skip
_WORDS = (
    (r"Invalid enum value '?(.*?)'?$", "“{0}”不在可选的取值里"),
    (r"Object missing required field `(.*)`", "缺“{0}”"),
    (r"Object contains unknown field `(.*)`", "没有“{0}”这个键"),
    (r"Expected `(\w+).*`, got `(\w+)`", "应是{0}，写成了{1}"),
)


def convert(loader: Loader, raw: dict[str, object], kind: type[T], *where: str) -> T | None:
    """``raw`` as ``kind``; None after noting all its faults."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        pass
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for name in raw.keys() - fields.keys():
        loader.fault(f"没有“{name}”这个键", *where)
    for name, field in fields.items():
        if name in raw:
            _check(loader, raw[name], field.type, name, *where)
        elif field.required:
            loader.fault(f"缺“{name}”", *where)
    return None


def _check(loader: Loader, value: object, kind: object, name: str, *where: str) -> None:
    try:
        msgspec.convert(value, cast("type[object]", kind))
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        loader.fault(f"“{name}{place.rstrip('`')}”{in_words(message)}", *where)


def in_words(message: str) -> str:
    """A message of the validator in Chinese."""
    for pattern, words in _WORDS:
        if found := re.match(pattern, message):
            return words.format(*(_TYPES.get(part, part) for part in found.groups()))
    return f"写法不对：{message}"
