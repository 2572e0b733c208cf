"""How a bank wants its file: ``rules/bank/*.toml``, as data; one more bank is one more file."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from jybf.errors import PackError, Problem, UsageError, near
from jybf.regex import pattern
from jybf.vocabulary.fields import rules_dir
from jybf.vocabulary.toml import Door

_DOOR = Door("银行文件的格式")
_FOLDER = "bank"
PROGRAM = "{补贴项目}"  # in a remark: what the payment is of
_BRACED = pattern(r"\{[^}]*\}?")
_ONCE = ("账号", "收款人", "金额")  # without which no bank can pay
_COUNTED = ("笔数", "金额")


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column: a ``value`` of the payment or a fixed ``text``.

    ``most``: bytes in the file's encoding that the bank takes, 0 for any; ``must``: whether it may not be blank.
    """

    head: str
    value: (
        Literal[
            "序号", "账号", "收款人", "收款人证号", "开户银行", "金额", "附言",
            "笔号", "补贴项目", "姓名", "身份证号", "单位", "乡镇", "行政村",
        ]
        | None
    ) = None  # fmt: skip
    text: str | None = None
    most: int = 0
    must: bool = True


class Total(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One cell of the control line: how many payments, their sum, or a fixed ``text``."""

    value: Literal["笔数", "金额"] | None = None
    text: str | None = None


class Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The line by which the bank checks the file."""

    place: Literal["首行", "末行"]
    column: tuple[Total, ...]


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One layout. ``remark``: what 附言 says of each payment, PROGRAM standing for its programme; ``forms``: the suffixes."""

    name: str
    about: str
    forms: tuple[Literal["csv", "txt", "xlsx"], ...]
    column: tuple[Column, ...]
    amount: Literal["元", "分"]
    encoding: Literal["gb18030", "gbk", "utf-8", "utf-8-sig"] = "gb18030"
    delimiter: str = ","
    newline: Literal["crlf", "lf"] = "crlf"
    header: bool = True
    remark: str = ""
    control: Control | None = None


@cache
def layouts() -> dict[str, Layout]:
    """Every layout of ``rules/bank`` by the name of its file. Raises PackError with all faults of all of them."""
    found, problems = dict[str, Layout](), list[Problem]()
    for path in sorted((rules_dir() / _FOLDER).glob("*.toml")):
        try:
            found[path.stem] = load_layout(path)
        except PackError as error:
            problems += error.problems
    if problems:
        raise PackError(*problems)
    return found


def find_layout(name: str) -> Layout:
    """The layout that ``name`` means: one of ``rules/bank`` by its file's or its own name, or a ``.toml`` of the user's.

    Raises UsageError with those that there are, PackError for a file with faults.
    """
    if name.endswith(".toml"):
        return load_layout(Path(name))
    known = layouts()
    named = known | {layout.name: layout for layout in known.values()}
    if name not in named:
        choices = "、".join(f"{stem}（{layout.name}）" for stem, layout in known.items())
        raise UsageError(
            Problem(f"没有“{name}”这种银行文件", "--layout", f"{near(name, named)}可用：{choices}，或自己的 .toml")
        )
    return named[name]


def load_layout(path: Path) -> Layout:
    """The layout at ``path``. Raises PackError with all its faults, each with its place."""
    layout, problems = _DOOR.typed(_DOOR.read(path), Layout, path.name)
    problems += [Problem(fault, f"{path.name} {place}".rstrip()) for place, fault in _faults(layout)]
    if problems:
        raise PackError(*problems)
    return layout


def _faults(layout: Layout) -> Iterator[tuple[str, str]]:
    """What no type says: where, and what is wrong."""
    text = {"csv", "txt"} & {*layout.forms}
    if not layout.forms:
        yield "forms", "没有写是 csv、txt 还是 xlsx"
    if text and (len(layout.delimiter) != 1 or layout.delimiter in '\r\n"'):
        yield "delimiter", f"分隔符“{layout.delimiter}”应是一个字符，不能是引号或换行"
    if "xlsx" in layout.forms and not layout.header:
        yield "header", "xlsx 的表都有表头"
    for braces in _BRACED.findall(layout.remark.replace(PROGRAM, "")):
        yield "remark", f"附言里的“{braces}”认不得，可用 {PROGRAM}"
    yield from _column_faults(layout)
    yield from _control_faults(layout)


def _column_faults(layout: Layout) -> Iterator[tuple[str, str]]:
    heads = [column.head for column in layout.column]
    for n, column in enumerate(layout.column, 1):
        place = f"column {column.head or f'第 {n} 个'}"
        if (column.value is None) == (column.text is None):
            yield place, "value 和 text 要写一个，只能写一个"
        if not column.head or heads.index(column.head) < n - 1:
            yield place, "表头不能空着，也不能与别的列一样"
        if column.most < 0:
            yield place, "most 不能是负数"
        if column.value == "附言" and not layout.remark:
            yield place, "有附言一列，没有写 remark"
    values = [column.value for column in layout.column]
    for value in _ONCE:
        if values.count(value) != 1:
            yield "column", f"“{value}”要有一列，只能有一列"


def _control_faults(layout: Layout) -> Iterator[tuple[str, str]]:
    if layout.control is None:
        return
    if layout.control.place == "首行" and "xlsx" in layout.forms:
        yield "control.place", "xlsx 的控制行只能在末行"
    if len(layout.control.column) > len(layout.column) and "xlsx" in layout.forms:
        yield "control.column", "xlsx 的控制行不能比各列还多"
    for n, cell in enumerate(layout.control.column, 1):
        if (cell.value is None) == (cell.text is None):
            yield f"control.column 第 {n} 个", "value 和 text 要写一个，只能写一个"
    values = [cell.value for cell in layout.control.column]
    for value in _COUNTED:
        if value not in values:
            yield "control.column", f"控制行没有写{value}"
