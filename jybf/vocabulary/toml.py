"""The one door for TOML: a file → a typed table, or all that is wrong with it in its author's words, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from jybf.errors import JybfError, PackError, Problem
from jybf.regex import pattern
from jybf.vocabulary.syntax import told_of

T = TypeVar("T")
Place = tuple[str | int, ...]  # the keys, and numbers of tables from 0, that lead to a value

_LINE = pattern(r"line (\d+)(?:, column (\d+))?")
_NAMES = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"({_NAMES}(?:\s*\.\s*{_NAMES})*)"
_HEADER = pattern(rf"\s*\[(\[?)\s*{_DOTTED}\s*\]\]?\s*(?:#.*)?$")
_KEY = pattern(rf"\s*{_DOTTED}\s*=")
_NAME = pattern(_NAMES)
_TABLES, _LISTS = (inspect.StructType, inspect.DataclassType), (inspect.ListType, inspect.VarTupleType)
_NATIVE = (date, datetime, time)
_WRITTEN = {
    str: "文字", int: "整数", float: "小数", bool: "true 或 false", date: "日期", datetime: "日期加时刻", time: "时刻",
    list: "列表", dict: "表",
}  # fmt: skip
_EXPECTED: Mapping[str, tuple[tuple[type, ...], str]] = {
    "StrType": ((str,), "文字"), "IntType": ((int,), "整数"), "FloatType": ((int, float), "数"),
    "BoolType": ((bool,), "true 或 false"), "DateType": ((date,), "日期（如 2026-12-31，不加引号）"),
    "ListType": ((list,), '列表，如 ["…"]'), "VarTupleType": ((list,), '列表，如 ["…"]'), "DictType": ((dict,), "表"),
    "StructType": ((dict,), "表"), "DataclassType": ((dict,), "表"), "AnyType": (tuple(_WRITTEN), ""),
}  # fmt: skip


class Door(msgspec.Struct, frozen=True):
    """One kind of file: what messages call it, the error that its faults raise, what its author should do."""

    what: str
    error: type[JybfError] = PackError
    hint: str = ""

    def read(self, path: Path) -> bytes:
        """The bytes of ``path``. Raises ``error``."""
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise self.error(Problem(f"{self.what}读不到：没有这个文件", str(path), "核对文件名与所在文件夹")) from None
        except OSError:
            raise self.error(Problem(f"{self.what}读不到", str(path), "检查是不是文件、有没有读取的权限")) from None

    def parse(self, data: bytes, where: str, *, columns: bool = False) -> tuple[str, dict[str, Any]]:
        """The text, and its tables as they stand. Raises ``error`` with the line (and column) that is no TOML, and why."""
        import tomllib  # of no use where the rules are compiled

        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            hint = "存成 UTF-8；PowerShell 的 >> 会写成 UTF-16"
            raise self.error(Problem(f"{self.what}不是 UTF-8 文本", where, hint)) from None
        try:
            return text, tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # also a number of more digits than Python reads
            line = _LINE.search(str(error))
            column = f"第 {line[2]} 列" if line and line[2] and columns else ""
            at = f"{where} 第 {line[1]} 行{column}" if line else where
            wrong = text.splitlines()[int(line[1]) - 1 : int(line[1])] if line else []
            why = told_of(str(error), *wrong) if columns else ""
            hint = self.hint or ("" if why else "键和文字要加引号")
            raise self.error(Problem(f"不是正确的 TOML{why}", at, hint)) from None

    def typed(self, data: bytes, kind: type[T], where: str) -> tuple[T, list[Problem]]:
        """``data`` as ``kind`` without the entries that are wrong, and what is. Raises ``error`` where nothing is left."""
        text, raw = self.parse(data, where)
        wrong = list(faults(raw, kind))
        said = [(" ".join(filter(None, (where, line(text, place), label(raw, place)))), fault) for place, fault in wrong]
        problems = [Problem(fault, at, self.hint) for at, fault in said]
        try:
            return convert(_without(raw, {place[:2] for place, _ in wrong}), kind), problems
        except msgspec.ValidationError:
            raise self.error(*problems) from None

    def load(self, path: Path, kind: type[T], where: str = "") -> T:
        """The file at ``path`` as ``kind``. Raises ``error`` with all its faults."""
        found, problems = self.typed(self.read(path), kind, where or path.name)
        if problems:
            raise self.error(*problems)
        return found


def convert(raw: object, kind: type[T]) -> T:
    """``raw``, of which :func:`faults` had nothing to say, as ``kind``."""
    return msgspec.convert(raw, kind, builtin_types=_NATIVE)


def faults(raw: object, kind: object) -> Iterator[tuple[Place, str]]:
    """Each key that is missing, unknown or of a wrong type or value: where it stands, and what is wrong."""
    yield from _faults(raw, inspect.type_info(kind), ())


def _faults(value: Any, kind: inspect.Type, place: Place) -> Iterator[tuple[Place, str]]:
    members = _members(kind)
    kind = next((member for member in members if type(value) in _EXPECTED[_name(member)][0]), members[0])
    if type(value) not in {known for member in members for known in _EXPECTED[_name(member)][0]}:
        wanted = "或".join(dict.fromkeys(_wanted(member, place) for member in members))
        yield place, f"“{_subject(place)}”应是{wanted}，写成了{_WRITTEN[type(value)]}"
    elif isinstance(kind, _TABLES):
        yield from _table_faults(value, kind.fields, place)
    elif isinstance(kind, inspect.DictType):
        yield from (fault for key, item in value.items() for fault in _faults(item, kind.value_type, (*place, key)))
    elif isinstance(kind, _LISTS):
        yield from (fault for i, item in enumerate(value) for fault in _faults(item, kind.item_type, (*place, i)))
    elif isinstance(kind, inspect.LiteralType) and value not in kind.values:
        allowed = [str(each) for each in kind.values]
        yield place, f"“{_subject(place)}”没有“{value}”这个取值{_near(str(value), allowed)}；可用：{'、'.join(allowed)}"


def _members(kind: inspect.Type) -> Sequence[inspect.Type]:
    types = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return [member for member in types if not isinstance(member, inspect.NoneType)]


def _name(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.LiteralType):
        return "StrType" if isinstance(kind.values[0], str) else "IntType"
    return type(kind).__name__


def _wanted(kind: inspect.Type, place: Place) -> str:
    """What belongs at ``place``, with the header that a table needs."""
    words = _EXPECTED[_name(kind)][1]
    if isinstance(kind, inspect.StructType) and (keys := [each.encode_name for each in kind.fields if each.required]):
        return f"表，如 {{ {', '.join(f'{key} = …' for key in keys)} }}"
    if isinstance(kind, _LISTS) and _EXPECTED[_name(kind.item_type)][1] == "表":
        return f"以 [[{place[-1]}]] 开头的表"
    return f"以 [{place[-1]}] 开头的表" if words == "表" and isinstance(place[-1], str) else words


def _table_faults(value: dict[str, Any], fields: Sequence[inspect.Field], place: Place) -> Iterator[tuple[Place, str]]:
    known = {field.encode_name: field for field in fields}
    for key in (key for key in value if key not in known):
        near = _near(key, list(known)) or f"；可用：{'、'.join(known)}"
        yield (*place, key), f"没有“{_subject((*place, key))}”这个键{near}"
    for key, field in known.items():
        if key in value:
            yield from _faults(value[key], field.type, (*place, key))
        elif field.required:
            yield place, f"缺“{_subject((*place, key))}”{_such(key, field.type)}"


def _such(key: str, kind: inspect.Type) -> str:
    """How the ``key`` that is missing may be written."""
    if isinstance(kind, inspect.LiteralType):
        return f"；可用：{'、'.join(map(str, kind.values))}"
    sample = {"DateType": "2026-12-31", "StrType": '"…"', "ListType": '["…"]'}.get(_name(_members(kind)[-1]))
    return f"；写 {key} = {sample}" if sample else ""


def _near(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.65)
    return f"，是不是“{close[0]}”" if close else ""


def _subject(place: Place) -> str:
    """The keys that lead to ``place`` from the table that :func:`label` names."""
    last = max((i for i, step in enumerate(place) if isinstance(step, int)), default=-1)
    if last == len(place) - 1:
        return f"{place[-2]} 第 {int(place[-1]) + 1} 个"
    return ".".join(map(str, place[last + 1 :]))


def label(raw: Any, place: Place) -> str:
    """The tables of lists on the way to ``place``, each by its own name, else by its number."""
    names: list[str] = []
    here: Any = raw
    for before, step in zip(("", *place), place, strict=False):
        here = cast("Any", here[step] if isinstance(step, int) or step in here else {})
        if isinstance(step, int) and isinstance(here, dict):
            table = cast("dict[str, object]", here)
            own = next((str(table[key]) for key in ("id", "code", "name") if key in table), "")
            names.append(own if own.isalnum() else f"第 {step + 1} 个 {before}")
    return " ".join(names)


def line(text: str, place: Place) -> str:
    """第 n 行: where the value at ``place`` stands, or the nearest table around it; "" for the text as a whole."""
    number = _nearest(text, place)[0]
    return f"第 {number} 行" if number else ""


def spot(text: str, place: Place, word: str = "") -> str:
    """第 n 行第 m 列: as :func:`line`; of ``word`` where it stands in what belongs to ``place``, else of the key itself."""
    number, column = _nearest(text, place)
    if not number:
        return "" if place else "第 1 行第 1 列"
    lines = text.splitlines()
    ends = [other for other, _ in _lines(text).values() if other > number]
    for at, written in enumerate(lines[number - 1 : min(ends, default=len(lines) + 1) - 1], number):
        begin = column - 1 if at == number else 0
        found = next((i for each in (f'"{word}"', f"'{word}'", word) if (i := written.find(each, begin)) >= 0), -1)
        if word and found >= 0:
            return f"第 {at} 行第 {found + 1} 列"
    return f"第 {number} 行第 {column} 列"


def _nearest(text: str, place: Place) -> tuple[int, int]:
    known = _lines(text)
    return next((known[place[:end]] for end in range(len(place), 0, -1) if place[:end] in known), (0, 0))


@lru_cache(8)  # one file is asked for every fault of it
def _lines(text: str) -> Mapping[Place, tuple[int, int]]:
    """The line and the column, from 1, of every table and key that has a line of its own."""
    found: dict[Place, tuple[int, int]] = {}
    latest: dict[Place, int] = {}
    table: Place = ()
    for number, written in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(written):
            table = ()
            names = _parts(header[2])
            for depth, name in enumerate(names, 1):
                table = (*table, name)
                if depth == len(names) and header[1]:
                    latest[table] = latest.get(table, -1) + 1
                table = (*table, latest[table]) if table in latest else table
            found.setdefault(table, (number, header.start(2) + 1))
        elif key := _KEY.match(written):
            found.setdefault((*table, *_parts(key[1])), (number, key.start(1) + 1))
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in _NAME.findall(dotted))


def _without(raw: Mapping[str, Any], wrong: set[Place]) -> dict[str, Any]:
    """``raw`` without the entries that are wrong: tables of a list, else whole keys."""
    left: dict[str, Any] = {}
    for key, value in raw.items():
        if isinstance(value, list):
            left[key] = [item for i, item in enumerate(cast("list[object]", value)) if (key, i) not in wrong]
        elif not any(place[:1] == (key,) for place in wrong):
            left[key] = value
    return {key: value for key, value in left.items() if (key,) not in wrong}
