"""Every field of the dictionary is used, or says why it is only read: what is read and never compared is silence."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jybf
from jybf.vocabulary.fields import load_fields, rules_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

# What only recognises a sheet, shows, or tells a reader is no use.
IDLE = {"case", "given", "columns", "titles", "text", "meaning", "aliases", "name"}


def used() -> set[str]:
    """The fields that code names as a whole text, rules in a condition, a key, a source or a list, and that composites fill."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(jybf.__path__[0]).rglob("*.py"))
    rules = [path for path in rules_dir().glob("*.toml") if path.name != "fields.toml"]
    said = "\n".join(text for path in rules for text in texts(tomllib.loads(path.read_text(encoding="utf-8"))))
    words = {*re.findall(r'"(\w+)"', code), *re.findall(r"\w+", said)}
    fields = load_fields().by_name.values()
    return {field.name for field in fields if field.into or field.name in words}


def texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            if name not in IDLE:
                yield from texts(each, name)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from texts(each, key)
    elif isinstance(value, str):
        yield value


def test_every_field_is_used_or_says_why_it_is_only_read() -> None:
    only = {field.name for field in load_fields().by_name.values() if field.only}
    assert load_fields().by_name.keys() - used() == only
