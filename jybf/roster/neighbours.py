"""Two tables on one sheet, below or beside each other: never read as one with shifted columns, never in part."""

import re
from collections.abc import Iterable

import polars as pl

from jybf.errors import InputError, Problem
from jybf.model import Field
from jybf.regex import pattern
from jybf.roster.grid import Grid, column_letters
from jybf.roster.header import UNIT, Header
from jybf.vocabulary.fields import Choice, Fields, fold_header

_WHO = pattern("姓名|身份证|证件号|单位名称|企业名称|信用代码")
_HINT = "分成两个工作表（或两个文件）再试"
_MONEY_UNIT = pattern("[万千百]?元")
_SHOWN = 4


def names_columns(cells: list[pl.Expr], fields: Fields) -> pl.Expr:
    """Rows below the header that look like one: most cells are headers of the dictionary, one of them says who."""
    words = pl.Series(list(fields.headers), dtype=pl.String)
    who = pl.Series([word for word in fields.headers if _WHO.search(word)], dtype=pl.String)
    packed = [cell.str.replace_all(r"\s", "") for cell in cells]
    known = pl.sum_horizontal(cell.is_in(words.implode()).fill_null(False) for cell in packed)
    filled = pl.sum_horizontal(cell.is_not_null() for cell in cells)
    says_who = pl.any_horizontal(cell.is_in(who.implode()).fill_null(False) for cell in packed)
    return says_who & (known >= 2) & (known * 2 > filled)


def refuse_another_header(grid: Grid, header: Header, fields: Fields, lines: Iterable[int]) -> None:
    """InputError if one of the Excel rows ``lines``, headers printed again, has other columns or another unit than ``header``.

    Other spellings of the same columns are no difference.
    """
    heads = grid.cells.slice(header.first, header.last - header.first + 1).rows()
    for line in lines:
        row = grid.cells.row(line - 1)
        only_units = all(re.match(UNIT, text) for text in row if text)
        own = (
            ()
            if only_units
            else max(
                heads, key=lambda head: sum(text is not None and text == other for text, other in zip(head, row, strict=True))
            )
        )
        lacking = [_told(c, line, None, text) for c, text in enumerate(own) if text and not row[c]]
        others = [
            _told(c, line, text, " ".join(above))
            for c, text in enumerate(row)
            if text and not _says_the_same(text, header.found[c], above := [head[c] or "" for head in heads], fields)
        ]
        if differ := others + lacking:
            message = f"第 {line} 行又是一个表头，与第 {header.last + 1} 行的不同（{'、'.join(differ[:_SHOWN])}）"
            raise InputError(Problem(message, where=grid.where, hint=f"{_HINT}；若是分页重印的表头，把各列排得与上面一样"))


def _told(column: int, line: int, text: str | None, own: str) -> str:
    stands = f"“{text}”" if text else "空着"
    return f"{column_letters(column)}{line}{stands}，上面{f'是“{own.strip()}”' if own.strip() else '空着'}"


def _says_the_same(text: str, own: Field | Choice | None, above: list[str], fields: Fields) -> bool:
    """Whether ``text`` names what its column is named ``above``, in whatever spelling, with the same unit of money."""
    unit, unit_above = _unit(text), next((unit for head in above if (unit := _unit(head))), "元")
    if unit and unit != unit_above:
        return False
    found = fields.find(text)
    by_field = found is not None and own is not None and found.name == own.name
    return by_field or bool(re.match(UNIT, text)) or fold_header(text) in map(fold_header, above)


def _unit(text: str) -> str:
    found = _MONEY_UNIT.search(text)
    return found[0] if found else ""


def refuse_header_above(grid: Grid, header: Header, fields: Fields) -> None:
    """InputError if a row above ``header`` names persons' columns: the table below it would be taken for a title."""
    for line, row in enumerate(grid.cells.head(header.first).rows(), 1):
        texts = [text for text in row if text]
        known = {found.name for text in texts if (found := fields.find(text))}
        if len(known) > 1 and known & {"姓名", "身份证号"} and len(known) * 2 > len(texts):
            message = f"第 {line} 行和第 {header.last + 1} 行都是表头，列不一样：一张表里放了上下两个表"
            raise InputError(Problem(message, where=grid.where, hint=_HINT))


def refuse_side_by_side(grid: Grid, header: Header) -> None:
    """InputError if the columns that say who somebody is come twice, or begin to be numbered again beyond a blank one."""
    places: dict[str, list[int]] = {}
    for column, found in enumerate(header.found):
        if isinstance(found, Field) and (not found.repeat or found.name == "序号"):
            places.setdefault(found.name, []).append(column)
    twice = {name: columns for name, columns in places.items() if len(columns) > 1}
    gap = _gap(grid, header)
    again = gap is not None and gap + 1 in twice.get("序号", ())
    if not again and (len(twice) < 2 or not twice.keys() & {"姓名", "身份证号", "单位名称"}):
        return
    left_ends, right_begins = max(c[0] for c in twice.values()), min(c[1] for c in twice.values())
    if left_ends < right_begins:
        named = "、".join(f"“{name}”" for name in twice)
        message = f"{column_letters(right_begins)} 列起又是一遍{named}：一张表里并排放了两个表"
        raise InputError(Problem(message, where=grid.where, hint=_HINT))


def about_gap(grid: Grid, header: Header) -> tuple[str, ...]:
    """A notice of columns to the right of a wholly blank one, which may be another table."""
    gap = _gap(grid, header)
    if gap is None:
        return ()
    right = "、".join(name for name in header.names[gap:] if name)
    return (f"{grid.where}：{column_letters(gap)} 列空着，右边的列（{right}）按同一个表读；若是另一个表，{_HINT}",)


def _gap(grid: Grid, header: Header) -> int | None:
    """The first wholly blank column between two that the header names."""
    named = [c for c, name in enumerate(header.names) if name]
    spanned = {c for m in grid.merged or () if header.first <= m.top <= header.last for c in range(m.left, m.right + 1)}
    blank = (c for c in range(named[0], named[-1]) if not header.names[c] and c not in spanned)
    return next((c for c in blank if grid.cells[str(c)].slice(header.last + 1).is_null().all()), None)
