"""This tool's own outputs, read again: which of their sheets say who was paid, and the facts that a 说明 carries."""

import re
from collections.abc import Iterator, Mapping

import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import FINDING_COLUMNS, SAMPLE_COLUMNS, STATISTICS_COLUMNS
from jybf.roster.grid import Grid
from jybf.roster.header import Header
from jybf.vocabulary.fields import Fields

_VERDICTS = frozenset({"结果", "核定金额", "标准类型", "依据", "说明", "假定"})
_PAYOUT = {"放行": "结果", "本次可发": "发放金额", "原因": "说明"}  # its columns, and what they say as a verdict's
_MEANT = _PAYOUT | {"账号": "银行账号"}
_REPORTS = (
    ("问题清单", frozenset(FINDING_COLUMNS)),
    ("抽查名单", frozenset(SAMPLE_COLUMNS)),
    ("统计", frozenset(STATISTICS_COLUMNS)),
    ("放行小计", frozenset({"按", "名称", "笔数", "本次可发"})),
)
GUIDE, GUIDED = "填表说明", ("项目", "是什么", "内容", "填不填", "怎样填", "做什么用")  # of a form: its sheet and its columns
TRIAL = "试算"  # the first column of whatever whatif writes: what would be, and is not
_TRIED = frozenset({"变化", "原结果", "新结果"})  # of its rows, where somebody has cut that column away
ADDED = ("审核结论", "审核说明", "涉及金额")  # what an audit adds to the end of each row of the copy
_GUIDE_HEAD = 10  # rows of it that are looked at
GRANTED = ("可发放", "可发", "核减后发")  # what 结果 or 放行 of a row says that was paid
HEAD = r"^〔([^〕]*)〕|〔([^〕]*)〕$"  # how the 说明 of a row that is paid begins, its 原因 ends: 〔2021年；6个月；户编号 …〕
_YEAR, _MONTHS = r"^(\d{4}年)", r"(?:^|；)(\d+)个月(?:；|$)"
_NAME = r"^(\S+) "


def is_guide(grid: Grid) -> bool:
    """Whether a sheet is the 填表说明 that this tool puts behind its forms: by its title and by its columns."""
    lines = grid.cells.head(_GUIDE_HEAD).rows() if grid.name == GUIDE else []
    return any((row[0] or "").endswith(GUIDE) for row in lines[:1]) and any(row[: len(GUIDED)] == GUIDED for row in lines)


def is_payout(header: Header) -> bool:
    """Whether a sheet is an audit's 放行清单."""
    return _PAYOUT.keys() <= set(header.names)


def report_of(header: Header) -> str:
    """What a sheet of this tool's own is called that tells about rows, and is itself no list of people to be paid; else ""."""
    names = set(header.names)
    return next((name for name, columns in _REPORTS if columns <= names), "")


def understood(grid: Grid, header: Header, fields: Fields) -> tuple[Grid, Header]:
    """``grid`` and ``header``, of a list of verdicts with the facts that its 说明 carries as columns of their own.

    InputError for a trial: it says what would be paid if the law were another.
    """
    names = set(header.names)
    if TRIAL in names or names >= _TRIED:
        raise InputError(
            Problem("这是 whatif 的试算，不是结果，也不是花名册", grid.where, "用原来的花名册，或 calc、audit 的结果")
        )
    if is_payout(header):
        meant = [fields.by_name.get(_MEANT.get(name, ""), own) for name, own in zip(header.names, header.found, strict=True)]
        header = replace(header, found=tuple(meant))
    elif not names >= _VERDICTS:
        return grid, header
    place = next(c for c, field in enumerate(header.found) if field and field.name == "说明")
    told = _told(grid.cells[str(place)], fields)
    there = {field.name: str(c) for c, field in enumerate(header.found) if field and field.name in told}
    filled = grid.cells.with_columns(pl.coalesce(c, told[name]).alias(c) for name, c in there.items())  # its own cell first
    told = {name: column for name, column in told.items() if name not in there}
    width, height = grid.cells.width, grid.cells.height
    cells = filled.with_columns(column.alias(str(width + n)) for n, column in enumerate(told.values()))
    gap = width - len(header.names)
    wider = replace(
        header,
        names=(*header.names, *[""] * gap, *told),
        found=(*header.found, *[None] * gap, *(fields.by_name[name] for name in told)),
    )

    def numbers(column: int) -> pl.Series:
        known = grid.numbers(column) if grid.numbers and column < width else None
        return pl.Series([False]).new_from_index(0, height) if known is None else known

    return replace(grid, cells=cells, numbers=grid.numbers and numbers), wider


def _told(texts: pl.Series, fields: Fields) -> Mapping[str, pl.Series]:
    """Field → what the head of each text says of it, as a cell would."""
    head = texts.str.extract(HEAD).zip_with(texts.str.starts_with("〔").fill_null(value=False), texts.str.extract(HEAD, 2))
    items = head.drop_nulls().str.split("；").explode().unique()
    names = [name for name in items.str.extract(_NAME).drop_nulls().unique().sort() if name in fields.by_name]
    return dict(_columns(head, names))


def _columns(head: pl.Series, names: list[str]) -> Iterator[tuple[str, pl.Series]]:
    own = {name: head.str.extract(rf"(?:^|；){re.escape(name)} ([^；]*)") for name in names}
    year = head.str.extract(_YEAR)
    own["所属期"] = own["所属期"].zip_with(own["所属期"].is_not_null(), year) if "所属期" in own else year
    own["补贴月数"] = head.str.extract(_MONTHS)
    yield from own.items()
