"""The form in which spreadsheet programs write a sheet, and its cells, taken out of XML that is in this form as a whole.

Every row and every cell must match a pattern from end to end: so no comment, prefix, quote or attribute can hide anything.
XML that doesn't may be just as sound, and is read by a parser (odd.py). Polars goes through it, a part at a time.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple
from xml.etree import ElementTree as ET

import polars as pl

from jybf.regex import pattern
from jybf.roster.grid import Merged, column_letters, column_of
from jybf.roster.workbook.sheet import CELLS, FORMULAS, KINDS, Layout, Sheet

LAST_LINE, LAST_COLUMN = 1_048_576, 16_384
_LONGEST_GAP = 1_000  # blank rows inside a table
_MOST_CELLS = 5_000_000  # of a rectangle that is mostly blank
_SPARSE = 10  # a rectangle with fewer than one value in so many cells
_FEWEST_COLUMNS = 26  # that such a rectangle is taken to have
_CHUNK = 1024 * 1024  # fits the processor's cache
_AT_ONCE = 4  # parts that are looked at side by side

_TAG = r'<row r="[1-9][0-9]{0,6}"(?: [a-zA-Z0-9:]+="[^"<>]*")*'
_BLANKS = rf"(?:{_TAG}(?: ?/>|></row>))*"
_FORMULA = r'(?:<f(?: [a-zA-Z0-9]+="[^"<>]*")*(?: ?/>|>[^<]*</f>))'
_NUMBER = r"<v>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?</v>"
_TEXT = r'<is><t(?: xml:space="preserve")?(?: ?/>|>[^<]*</t>)</is>'
_VALUES = (
    r'(?: t="[a-zA-Z]{1,9}")?(?: ?/>|></c>)',
    rf'(?: t="n")?>(?:{_FORMULA}?{_NUMBER}|{_FORMULA}(?:<v ?/>|<v></v>)?)</c>',
    rf' t="s">{_FORMULA}?<v>[0-9]{{1,9}}</v></c>',
    rf' t="inlineStr">{_TEXT}</c>',
    rf' t="str">{_FORMULA}?<v(?: xml:space="preserve")?>[^<]*</v></c>',
    rf' t="b">{_FORMULA}?<v>[01]</v></c>',
    rf' t="[ed]">{_FORMULA}?<v>[^<]+</v></c>',
)
_CELL = rf'[A-Z]{{1,2}}[1-9][0-9]{{0,6}}"(?: s="[0-9]{{1,6}}")?(?:{"|".join(_VALUES)})'
# Cut before every cell, rows are a beginning, cells that may be followed by the next row, and a last one that closes its own.
_FIRST, _INNER, _LAST = rf"^{_BLANKS}{_TAG}>$", rf"^{_CELL}(?:</row>{_BLANKS}{_TAG}>)?$", rf"^{_CELL}</row>{_BLANKS}$"
# Address, attributes and text of a cell that matches. ASCII where nothing else can be: few states, a third of the time.
_PARTS = r'^([A-Z]+)([0-9]+)"([ -=?-~]*)>(?:<(?:v|is><t)[ -=?-~]*>([^<]*)<)?'
_FORMULA_PARTS = r"^[^>]*><f([^<>]*)>([^<]*)<(?:/f><)?(?:v[^<>]*>([^<]*))?"
_STYLE = pattern(r' s="([0-9]+)"')
_KIND = pattern(r' t="([a-zA-Z]+)"')
_ROW = pattern(rb'<row r="([0-9]+)"([^<>]*)>(<c)?')
_REFERENCE = pattern(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# What must not stand before or after the cells: declarations, and cells again in whatever dress.
_ALIEN = pattern(rb"<!|<\?(?!xml )|<(?:[\w.-]+:)?(?:sheetData|row|c|v|is)[\s/>]")
MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_MOST_HEAD = 4 * 1024 * 1024
_HIDDEN = pattern(rb' hidden="(?:1|true)"')
_COLUMN = pattern(rb"<col [^<>]*>")
_MERGED = pattern(rb'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')


class OddError(Exception):
    """XML is in another form than the one looked for."""


def regular(xml: bytes) -> Sheet | None:
    """The cells of a sheet that is as programs write it: the form above, rows in their order, no vast blanks. None: it isn't.

    Takes memory for a part of the sheet at a time besides what it returns, and a time that no input can stretch.
    """
    begin, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    if begin < 0 or not _is_head(xml[:begin]) or _ALIEN.search(xml, end + len(b"</sheetData>")):
        return None
    lines, hidden, cells, formulas = [0], list[int](), [CELLS.to_frame()], [FORMULAS.to_frame()]
    try:
        for part in _in_turn(_chunks(xml, begin + len(b"<sheetData>"), end)):
            cells.append(part.cells)
            formulas.append(part.formulas)
            lines += part.lines
            hidden += part.hidden
    except (OddError, pl.exceptions.PolarsError):  # or it is not UTF-8
        return None
    if not pl.Series(lines, dtype=pl.Int64).diff().drop_nulls().is_between(1, _LONGEST_GAP).all():
        return None
    layout = layout_of(xml[:begin], xml[end:], hidden)
    return in_order(Sheet(pl.concat(cells), pl.concat(formulas), layout), lines[-1])


class _Part(NamedTuple):
    """A stretch of rows: all their lines, those that are hidden, the cells that hold something, and their formulas."""

    lines: list[int]
    hidden: list[int]
    cells: pl.DataFrame
    formulas: pl.DataFrame


def _in_turn(chunks: Iterator[bytes]) -> Iterator[_Part]:
    """The parts in their order, some at a time: Polars lets one thread go on while another waits for it."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while some := list(islice(chunks, _AT_ONCE)):
            yield from pool.map(_part, some)


def _part(chunk: bytes) -> _Part:
    """Raises OddError where cells are not of the row that they stand in."""
    pieces, (lines, filled, hidden) = _pieces(chunk), _rows(chunk)
    found, formulas = _cells(pieces, escaped=b"&" in chunk), FORMULAS.to_frame()
    if found["line"].rle().struct.field("value").to_list() != filled:
        raise OddError
    if b"f" in chunk and b"<f" in chunk:  # the letter alone is looked for in no time
        found, formulas = _with_formulas(found, pieces)
    return _Part(lines, hidden, found.drop_nulls("text"), formulas)


def in_order(sheet: Sheet, last: int) -> Sheet | None:
    """The sheet, if no cell is there twice and not nearly all of it is blank. ``last``: its last line."""
    places = sheet.cells.select(pl.col("line").cast(pl.UInt64) * LAST_COLUMN + pl.col("column")).to_series()
    is_twice = not (places.diff().drop_nulls() > 0).all() and places.n_unique() < places.len()
    width = max(sheet.cells.select(pl.col("column").max() + 1).item() or 0, _FEWEST_COLUMNS)
    is_sparse = last * _FEWEST_COLUMNS > _MOST_CELLS and last * width > _SPARSE * places.len()
    return None if is_twice or is_sparse or last > LAST_LINE else sheet


def layout_of(head: bytes, tail: bytes, hidden_lines: Iterable[int]) -> Layout:
    """What is told of columns before the cells, and of merged ranges after them."""
    corners = ([part.decode() for part in found] for found in _MERGED.findall(tail))
    merged = (Merged(int(top) - 1, column_of(left), int(end) - 1, column_of(right)) for left, top, right, end in corners)
    return Layout(tuple(hidden_lines), tuple(_hidden_columns(head)), tuple(merged))


def _hidden_columns(head: bytes) -> Iterator[str]:
    for column in _COLUMN.findall(head):
        ends = [int(n) for n in re.findall(rb' (?:min|max)="([0-9]{1,5})"', column)]
        if ends and _HIDDEN.search(column):
            first, end = column_letters(min(ends) - 1), column_letters(max(ends) - 1)
            yield first if first == end else f"{first}–{end}"


def _is_head(head: bytes) -> bool:
    """Whether the cells that follow are those of a worksheet, and not of something inside or around it."""
    if len(head) > _MOST_HEAD or _ALIEN.search(head):
        return False
    try:
        root = ET.fromstring(head + b"</worksheet>")  # noqa: S314 - without a DOCTYPE
    except (ET.ParseError, ValueError, LookupError):
        return False
    return root.tag in [f"{{{space}}}worksheet" for space in MAIN]


def _chunks(xml: bytes, begin: int, end: int) -> Iterator[bytes]:
    """The rows in stretches of whole rows."""
    while begin < end:
        cut = xml.find(b"<row ", begin + _CHUNK, end)
        stop = cut if cut > 0 else end
        yield xml[begin:stop]
        begin = stop


def _pieces(chunk: bytes) -> pl.Series:
    """The cells, each from its address on. OddError if there is anything besides them and the tags of their rows."""
    cut = pl.Series([chunk]).cast(pl.String).str.split('<c r="').explode()
    inner = cut[1:-1]
    if cut.len() == 1:
        is_as_written = bool(re.fullmatch(_BLANKS, cut[0]))
    else:
        is_as_written = re.match(_FIRST, cut[0]) and re.match(_LAST, cut[-1]) and inner.str.contains(_INNER).all()
    if not is_as_written:
        raise OddError
    return cut.slice(1)


def _rows(chunk: bytes) -> tuple[list[int], list[int], list[int]]:
    """The lines of all rows, of those with cells, and of those that are hidden."""
    rows = [(int(line), attributes, cell) for line, attributes, cell in _ROW.findall(chunk)]
    hidden = [line for line, attributes, _ in rows if _HIDDEN.search(attributes)] if b' hidden="' in chunk else []
    return [line for line, _, _ in rows], [line for line, _, cell in rows if cell], hidden


def _cells(pieces: pl.Series, *, escaped: bool) -> pl.DataFrame:
    """The cells, one a piece; the text is null where there is none, and where a formula stands before it."""
    if pieces.is_empty():
        return CELLS.to_frame()
    names = ["letters", "line", "head", "text"]
    parts = pieces.str.extract_groups(_PARTS).struct.rename_fields(names).struct.unnest()
    (column,) = _meanings(parts["letters"], lambda letters: (column_of(letters),), pl.UInt32())
    kind, style = _meanings(parts["head"], _kind_and_style, KINDS, pl.UInt32())
    text = unescaped(parts["text"]) if escaped else parts["text"]
    return pl.DataFrame([parts["line"].cast(pl.UInt32), column, kind, style, text], schema=CELLS)


def _meanings(texts: pl.Series, meaning: Callable[[str], tuple[object, ...]], *dtypes: pl.DataType) -> list[pl.Series]:
    """What each text means, where few are different."""
    codes = texts.cast(pl.Categorical(pl.Categories.random())).to_physical()  # from 0 on, without a gap
    first = codes.arg_unique()
    known = zip(*(meaning(text) for text in texts.gather(first.gather(codes.gather(first).arg_sort()))), strict=True)
    return [pl.Series(values, dtype=dtype).gather(codes) for values, dtype in zip(known, dtypes, strict=True)]


def _kind_and_style(head: str) -> tuple[str, int]:
    kind, style = _KIND.search(head), _STYLE.search(head)
    return kind[1] if kind else "n", int(style[1]) if style else 0


def _with_formulas(cells: pl.DataFrame, pieces: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cells with the results of formulas, and the formulas."""
    places = pieces.str.contains("><f", literal=True).arg_true()
    names = ["attributes", "written", "text"]
    parts = pieces.gather(places).str.extract_groups(_FORMULA_PARTS).struct.rename_fields(names).struct.unnest()
    results = unescaped(parts["text"].fill_null(""))
    formulas = cells[places].with_columns(results, parts["attributes"], written=unescaped(parts["written"]))
    return cells.with_columns(cells["text"].scatter(places, results)), formulas


def unescaped(texts: pl.Series) -> pl.Series:
    """Texts with the characters that are written &lt; or &#19968;. OddError for what refers to none."""
    places = texts.str.contains("&", literal=True).arg_true()
    return texts.clone().scatter(places, [_REFERENCE.sub(_character, text) for text in texts.gather(places)])


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    code = int(decimal or hexadecimal or "0", 10 if decimal else 16)
    if not name and (code not in range(1, 0x110000) or code in range(0xD800, 0xE000)):
        raise OddError
    return _NAMED[name] if name else chr(code)
