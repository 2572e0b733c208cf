"""The user's own map of a file's columns (``--map``): where the header stands, and which field each column holds."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec
from msgspec.structs import replace

from jybf.errors import InputError, Problem, UsageError
from jybf.model import Field, Sheet
from jybf.regex import pattern
from jybf.roster.evidence import value_matcher
from jybf.roster.grid import Grid, column_letters
from jybf.roster.header import Header, header_at
from jybf.vocabulary.fields import Fields, fold_header
from jybf.vocabulary.toml import Door
from jybf.vocabulary.values.text import plain

OPEN = "?"  # a column that the user has yet to decide
_REWRITE = "改好，或用 jybf inspect 花名册 --write-map 列名.toml 重写一份"
_DOOR = Door("列名文件", UsageError, _REWRITE)

_ID_OR_ACCOUNT = pattern("[0-9]{15}")
_TELLING = frozenset({"date", "money", "int", "enum", "place"})  # types whose values no header looks like


class MappedColumn(msgspec.Struct, frozen=True):
    """One column: Excel's letters, the header as it is written, its field ("" = not read)."""

    at: str
    header: str
    field: str


class MappedSheet(msgspec.Struct, frozen=True):
    """One sheet, or all of one layout: ``file`` and ``name`` may hold ``*``; ``header``: its Excel rows, from 1."""

    header: list[int]
    column: list[MappedColumn]
    file: str = "*"
    name: str = "*"


class _File(msgspec.Struct):
    sheet: list[MappedSheet] = []


class ColumnMap(msgspec.Struct, frozen=True):
    """A map file: how messages name it, its SHA-256 and its sheets. An empty one maps nothing."""

    path: str = ""
    sha256: str = ""
    sheets: tuple[MappedSheet, ...] = ()

    def find(self, file: str, name: str) -> MappedSheet | None:
        """What the map says of sheet ``name`` of ``file``: the first of its sheets that speaks of it."""
        return next((sheet for sheet in self.sheets if _speaks_of(sheet, file, name)), None)

    def speaks_of(self, file: str, name: str | None) -> bool:
        """Whether any of its sheets is meant for sheet ``name`` of ``file``; a ``name`` of None is not known yet."""
        return any(_speaks_of(sheet, file, sheet.name.replace("*", "") if name is None else name) for sheet in self.sheets)

    @property
    def labels(self) -> str:
        """Its sheets as messages name them."""
        return "、".join(map(_label, self.sheets))

    def of_named_files(self) -> Self:
        """Without the sheets of any file: they are meant for the rosters, not for the history."""
        return replace(self, sheets=tuple(sheet for sheet in self.sheets if sheet.file.strip("*")))

    def unused(self, sheets: Iterable[Sheet]) -> list[str]:
        """A sentence on each part of the map that none of ``sheets`` answers to."""
        used = [self.find(sheet.file, sheet.name) for sheet in sheets]
        idle = [sheet for sheet in self.sheets if not any(sheet is one for one in used)]
        return [f"{self.path}：{_label(sheet)}没有对上任何工作表，没有用到；核对 file 和 name" for sheet in idle]


NO_MAP = ColumnMap()


def load_map(path: str, fields: Fields) -> ColumnMap:
    """The map at ``path``. UsageError with all its faults at once."""
    data = _DOOR.read(Path(path))
    file, problems = _DOOR.typed(data, _File, path)
    faults = [fault for sheet in file.sheet for fault in _faults(sheet, fields)]
    faults += [f"{label}写了不止一次" for label, count in Counter(map(_label, file.sheet)).items() if count > 1]
    faults += [] if file.sheet or problems else ["里面没有一张表（[[sheet]]）"]
    problems += [Problem(fault, path, _REWRITE) for fault in faults]
    if problems:
        raise UsageError(*problems)
    return ColumnMap(path, hashlib.sha256(data).hexdigest(), tuple(file.sheet))


def _faults(sheet: MappedSheet, fields: Fields) -> Iterator[str]:
    label = _label(sheet)
    rows = sheet.header
    if not rows or min(rows) < 1 or rows != list(range(rows[0], rows[0] + len(rows))) or len(rows) > 5:
        yield f"{label}的 header = {rows} 不对：写表头所在的行，如 [3] 或相连的 [3, 4]"
    for column in sheet.column:
        if not re.fullmatch(r"[A-Z]{1,3}", column.at):
            yield f"{label}的 at = “{column.at}”不是 Excel 的列号：写 A、B … AA"
        if column.field == OPEN:
            yield f'{label} {column.at} 列“{column.header}”还没有定：field 写一个字段，不用这一列就写 ""'
        elif column.field and column.field not in fields.by_name:
            near = "、".join(fields.near(column.field))
            yield f"{label} {column.at} 列：没有字段“{column.field}”" + (f"，相近的：{near}" if near else "")
    yield from _repeats(sheet, label, fields)


def _repeats(sheet: MappedSheet, label: str, fields: Fields) -> Iterator[str]:
    letters = Counter(column.at for column in sheet.column)
    yield from (f"{label}的 {at} 列写了不止一次" for at, count in letters.items() if count > 1)
    single = {name for name, known in fields.by_name.items() if not known.repeat}
    for name in dict.fromkeys(column.field for column in sheet.column):
        claimed = "、".join(column.at for column in sheet.column if column.field == name)
        if name in single and "、" in claimed:
            yield f'{label}的 {claimed} 列都是“{name}”：只留一列，别的 field 写 ""'


def _label(sheet: MappedSheet) -> str:
    return f"{sheet.file}〔{sheet.name}〕" if sheet.name else sheet.file


def _speaks_of(sheet: MappedSheet, file: str, name: str) -> bool:
    path, wanted = file.replace("\\", "/"), sheet.file.replace("\\", "/")
    return _like(wanted, path if "/" in wanted else path.rsplit("/", 1)[-1]) and _like(sheet.name, name)


def _like(pattern: str, text: str) -> bool:
    """Whether ``text`` is ``pattern``, whose ``*`` stands for anything; names of files may hold any other mark."""
    return bool(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL))


def mapped_header(sheet: MappedSheet, grid: Grid, fields: Fields, path: str) -> Header:
    """The header of ``grid`` with the fields that the map at ``path`` gives its columns. InputError: another layout."""
    first, last = sheet.header[0] - 1, sheet.header[-1] - 1
    hint = f"这份列名文件是另一种版式的：{_REWRITE}"
    if last >= grid.cells.height:
        raise InputError(Problem(f"表上没有第 {last + 1} 行，{path} 里写着表头到那一行", grid.where, hint))
    header = header_at(grid, first, last, fields)
    places = {column_letters(place): place for place in range(len(header.names))}
    differences = list(_differences(sheet.column, header.names, places, last + 1))
    if differences:
        raise InputError(*(Problem(difference, grid.where, hint) for difference in differences))
    named = {places[column.at]: fields.by_name[column.field] for column in sheet.column if column.field}
    _refuse_person(header, named, grid, fields)
    return replace(header, found=tuple(map(named.get, range(len(header.names)))), mapped=True)


def _refuse_person(header: Header, named: Mapping[int, Field], grid: Grid, fields: Fields) -> None:
    """InputError if what stands in the header are values: an ID or an account in it, or two values of their columns' fields."""
    cells = enumerate(zip(*grid.cells.slice(header.first, header.last - header.first + 1).rows(), strict=True))
    numbers = [c for c, texts in cells if any(_ID_OR_ACCOUNT.search(plain(text)) for text in texts if text)]
    unknown = {c: field for c, field in named.items() if field.type in _TELLING and not _names(header.names[c], field, fields)}
    values = [c for c, field in unknown.items() if value_matcher(field.name, fields)(header.names[c])]
    if numbers or len(values) > 1:
        shown = "、".join(column_letters(c) for c in numbers or values)
        message = f"第 {header.last + 1} 行像是人，不是表头（{shown} 列是值，不是列名）"
        raise InputError(Problem(message, grid.where, "在上面插入一行表头，或把 header 改成表头所在的行"))


def _names(header: str, field: Field, fields: Fields) -> bool:
    """Whether ``header`` stands for ``field``, or may: 低保 is a header of 低保特困 as well as a value of it."""
    found = fields.find(header)
    return found is not None and field.name in ((found.name,) if isinstance(found, Field) else found.fields)


def _differences(columns: Sequence[MappedColumn], names: Sequence[str], places: dict[str, int], line: int) -> Iterator[str]:
    mapped = {column.at: column.header for column in columns}
    for at, expected in mapped.items():
        stands = names[places[at]] if at in places else ""
        if fold_header(stands) != fold_header("".join(expected.split())):
            yield f"{at}{line} 的表头是“{stands}”，列名文件里写的是“{expected}”"
    for at, place in places.items():
        if names[place] and at not in mapped:
            yield f"{at}{line} 的表头“{names[place]}”没有写进列名文件"
