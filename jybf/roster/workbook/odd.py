"""An odd sheet read all the same: cells without addresses, rows out of order, other prefixes, a stray cell at the world's end.

What can't be decided is refused by cell: the same cell twice, a cell outside the grid, a text that isn't there.
"""

from collections.abc import Iterable
from itertools import pairwise

import polars as pl

from jybf.errors import InputError, Problem
from jybf.regex import pattern
from jybf.roster.grid import Broken, column_letters
from jybf.roster.workbook.collect import MISPLACED, Rows, collect
from jybf.roster.workbook.grammar import in_order, layout_of, regular
from jybf.roster.workbook.limits import REPAIR
from jybf.roster.workbook.sheet import CELLS, FORMULAS, NOT_COMPUTED, PICTURE, Sheet, picture

WIDEST = 702  # columns of a roster: A to ZZ
_PREFIX = pattern(rb"<([A-Za-z_][\w.-]*:)worksheet[ >]")
_BETWEEN = pattern(rb">[ \t\r\n]+<")
_BLANK_CELL = pattern(rb"<c [^<>]*(?:/>|></c>)")
_BLANK_ROW = pattern(rb"<row [^<>]*(?:/>|></row>)")
_NUMBER = pattern(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_TEXTS = frozenset(("str", "inlineStr"))
_KINDS = _TEXTS | {"n", "s", "b", "d"}
_BLANKS_BEFORE_STRAY = 1_000  # rows
_COLUMNS_BEFORE_STRAY = 100
_MOST_STRAYS = 20  # rows
_WIDEST_STRAY = 2  # cells of a stray row: more are somebody's row


def sheet_of(xml: bytes, texts: int, where: str) -> Sheet:
    """The cells of a sheet, however it is written. ``texts``: how many shared texts there are to refer to.

    InputError names the cell that can't stand as it does.
    """
    sheet = regular(xml) or ((dressed := _undressed(xml)) and regular(dressed))
    is_whole = sheet and (sheet.of("s")["text"].cast(pl.UInt32) < texts).all()
    return sheet if sheet and is_whole else _parsed(xml, texts, where)


def _undressed(xml: bytes) -> bytes | None:
    """The XML without its one prefix and without blanks between its tags; None if it has neither where its cells stand."""
    found = _PREFIX.search(xml, 0, 4096)
    dressed = found or _BETWEEN.search(xml, max(xml.find(b"<sheetData>"), 0))
    return _BETWEEN.sub(b"><", _unprefixed(xml, found[1]) if found else xml) if dressed else None


def _unprefixed(xml: bytes, prefix: bytes) -> bytes:
    named = b"xmlns:" + prefix.rstrip(b":") + b"="
    return xml.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</").replace(named, b"xmlns=", 1)


def _parsed(xml: bytes, texts: int, where: str) -> Sheet:
    sheet = collect(_without_blanks(xml), where)
    columns = frozenset(_beyond_gap({column for row in sheet.rows.values() for column in row}, _COLUMNS_BEFORE_STRAY))
    _refuse_wide(sheet.rows, columns, where)
    lines = _stray_lines(sheet.rows, columns, where)
    strays = tuple(
        f"{column_letters(column)}{line}"
        for line, row in sorted(sheet.rows.items())
        for column in sorted(row)
        if line in lines or column in columns
    )
    kept = {n: {c: cell for c, cell in row.items() if c not in columns} for n, row in sheet.rows.items() if n not in lines}
    broken = tuple(_broken(kept, texts, where))
    for cell in broken:
        del kept[cell.line][cell.column]
    told = "".join(sheet.told).encode()
    layout = layout_of(told, told, sorted(sheet.hidden & kept.keys()))
    found = Sheet(*_frames(kept), layout, broken, strays, tuple(sorted(lines)))
    if not in_order(found, max(kept, default=0)):
        raise InputError(Problem("工作表的写法认不出", where=where, hint=REPAIR))
    return found


def _without_blanks(xml: bytes) -> bytes:
    """Formatted blanks come by the million. Where cells stand by their order alone, they count and stay."""
    addressed = xml.count(b"<c ") == xml.count(b'<c r="') and xml.count(b"<row ") == xml.count(b'<row r="') and b"<!" not in xml
    return _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", xml)) if addressed and b"<c>" not in xml and b"<row>" not in xml else xml


def _stray_lines(rows: Rows, columns: frozenset[int], where: str) -> frozenset[int]:
    """The few rows that stand far below all others with next to nothing in them. InputError for what may be people."""
    lines = frozenset(_beyond_gap(set(rows), _BLANKS_BEFORE_STRAY))
    wide = [line for line in lines if len(rows[line]) > _WIDEST_STRAY or columns & set(rows[line])]
    if wide or len(lines) > _MOST_STRAYS:
        line = min(wide or lines)
        cell = f"{column_letters(min(rows[line]))}{line}"
        reason = f"隔了 {_BLANKS_BEFORE_STRAY} 行以上的空白，{cell} 又有内容，不能断定是不是花名册的一部分"
        raise InputError(Problem(reason, where=where, hint="清除多余的单元格，或把空行删掉"))
    return lines


def _refuse_wide(rows: Rows, strays: frozenset[int], where: str) -> None:
    widest = max((column for row in rows.values() for column in row if column not in strays), default=0)
    if widest >= WIDEST:
        raise InputError(Problem(f"工作表有 {widest + 1} 列，不像花名册", where=where, hint="删去多余的列"))


def _beyond_gap(places: Iterable[int], gap: int) -> list[int]:
    """What comes after the first gap of that many places."""
    ordered = sorted(places)
    for i, (before, after) in enumerate(pairwise(ordered), 1):
        if after - before > gap:
            return ordered[i:]
    return []


def _broken(rows: Rows, texts: int, where: str) -> Iterable[Broken]:
    """Error cells, formulas without a value, numbers that are none. InputError for a reference to a text that isn't there."""
    for line, row in rows.items():
        for column, (kind, _, value, formula) in row.items():
            if formula and PICTURE in formula[1]:
                yield picture(line, column)
            elif kind == MISPLACED:
                yield Broken(line, column, value or "", f"单元格的值没有写在该写的地方，不能断定是什么：{(value or '')[:20]}")
            elif kind == "e":
                yield Broken(line, column, value or "", f"单元格是错误值 {value}")
            elif formula and (value is None or (not value and kind != "str")):
                yield Broken(line, column, "", NOT_COMPUTED)
            elif kind == "n" and not _NUMBER.fullmatch((value or "").strip()):
                yield Broken(line, column, value or "", f"单元格存的不是数：{(value or '')[:20]}")
            elif kind not in _KINDS or (kind == "b" and value not in ("0", "1")):
                yield Broken(line, column, value or "", f"单元格的类型“{kind[:20]}”不认识")
            elif kind == "s" and not _is_index(value or "", texts):
                cell = f"{column_letters(column)}{line}"
                reason = f"工作簿已损坏：{cell} 引用的文字（第 {(value or '')[:20]} 条）不存在"
                raise InputError(Problem(reason, where=where, hint=REPAIR))


def _is_index(value: str, texts: int) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 10 and int(value) < texts


def _frames(rows: Rows) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cells that have a text, and the formulas."""
    written = [
        (line, column, kind, _style(style), value if kind in _TEXTS else value.strip(), *(formula or (None, None)))
        for line, row in sorted(rows.items())
        for column, (kind, style, value, formula) in sorted(row.items())
        if value
    ]
    cells = pl.DataFrame(written, schema=FORMULAS, orient="row")
    return cells.select(CELLS.names()), cells.filter(pl.col("attributes").is_not_null())


def _style(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 0
