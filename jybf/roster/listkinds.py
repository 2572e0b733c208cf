"""The kinds of lists that a roster is held against, and how the command line names one."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from jybf.errors import PackError, Problem, UsageError, near
from jybf.model import ListKind
from jybf.regex import pattern
from jybf.vocabulary.fields import fold_header, load_fields, rules_dir
from jybf.vocabulary.toml import Door
from jybf.vocabulary.values.dates import parse_date

_DOOR = Door("名单目录")
_CATALOGUE = "lists.toml"
_AT = pattern(r"@((?:19|20)\d\d[-./年]?\d\d?[-./月]?\d\d?日?)$")


class Against(NamedTuple):
    """One ``--against``; ``stated``: the day on which the user says that the list was drawn."""

    kind: ListKind
    path: str
    stated: date | None


class ListsFile(msgspec.Struct):
    """``rules/lists.toml`` as it stands."""

    list: tuple[ListKind, ...]


@cache
def kinds() -> Mapping[str, ListKind]:
    """Every kind of list by its name. PackError when ``rules/lists.toml`` is not as it must be."""
    entries = _DOOR.load(rules_dir() / _CATALOGUE, ListsFile).list
    named = {name for entry in entries for name in (*entry.keys, *entry.wants, *entry.also, *entry.whole)}
    if strange := named - set(load_fields().by_name):
        raise PackError(Problem(f"名单目录提到的字段没有声明：{'、'.join(sorted(strange))}", _CATALOGUE))
    return {entry.name: entry for entry in entries}


def kind_named(word: str) -> ListKind | None:
    """The kind of list that ``word`` names, by its own name or another."""
    spoken = {fold_header(each): kind for kind in kinds().values() for each in (kind.name, *kind.aliases)}
    return spoken.get(fold_header(word))


def parse_against(text: str) -> Against:
    """``死亡=名单.xlsx@2021-12-31`` → kind, path, day (None if unsaid). UsageError with the kinds that there are."""
    name, equals, rest = text.partition("=")
    kind = kind_named(name)
    if not equals or not rest or not kind:
        fault = f"没有“{name}”这种名单" if equals else f"“{text}”没有写是什么名单"
        hint = f"{near(name, kinds())}写成 死亡=名单.xlsx；可用：{'、'.join(kinds())}"
        raise UsageError(Problem(fault, "--against", hint))
    stated = None if Path(rest).exists() else _AT.search(rest)
    return Against(kind, rest[: stated.start()] if stated else rest, _iso(stated[1]) if stated else None)


def _iso(text: str) -> date:
    found = parse_date(text)  # as cells are read
    if isinstance(found, tuple) and found[0] == found[1]:
        return found[0]
    raise UsageError(Problem(f"“{text}”不是日期", "--against", "写成 死亡=名单.xlsx@2021-12-31"))
