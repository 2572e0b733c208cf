"""What an ods says beside the values of its cells, and its reader does not: comments, and characters that are struck out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from xml.etree import ElementTree as ET

import msgspec

from jybf.model import Note
from jybf.regex import pattern
from jybf.roster.grid import Broken
from jybf.roster.workbook.corrections import COMMENT, Corrected
from jybf.roster.workbook.index import parsed

_SIGNS = (b"annotation", b"line-through")
_MOST_REPEATED = 10_000  # rows or columns, that hold anything: more are blanks to the end of the sheet


_CELL = rb"table:(?:covered-)?table-cell"
_OPEN = rb"<" + _CELL + rb"(?:\s[^<>]*+)?(?<!/)>"
_TO_NEXT = rb"(?:[^<]|<(?!/?table:))*+"  # up to the next tag of the table itself
_BETWEEN = rb"(?:</" + _CELL + rb">|<" + _CELL + rb"(?:\s[^<>]*+)?(?<=/)>|<table:table-row(?:\s[^<>]*+)?(?<!/)>)"
_KINDS = rb"(?:float|percentage|currency|date|time|boolean|string|void)"
# What its reader would pass over, or take for another cell, without a word.
_ODD = pattern(
    rb"(?P<nested>" + _OPEN + _TO_NEXT + rb"(?!</" + _CELL + rb">))"
    rb"|(?P<between>" + _BETWEEN + _TO_NEXT + rb"(?!<" + _CELL + rb"[\s/>]|</table:table-row>))"
    rb"|(?P<kind>\soffice:value-type=(?!\"" + _KINDS + rb"\"))"
    rb"|(?P<untyped><" + _CELL + rb"(?![^<>]*\soffice:value-type=)[^<>]*+(?<!/)>\s*<text:p(?:\s[^<>]*+)?(?<!/)>(?!</text:p>))"
    rb"|(?P<valueless><" + _CELL + rb"(?=[^<>]*\soffice:value-type=\"(?:float|percentage|currency|date|time|boolean)\")"
    rb"(?![^<>]*\soffice:(?:value|date-value|time-value|boolean-value)=))"
)
_KEPT_AND_SHOWN = pattern(rb"\soffice:(?:date-)?value=\"([ -~]{1,40})\"[^<>]*>\s*<text:p>([ -~]{1,40})</text:p>")
_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = pattern(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_SAID = {
    "nested": "单元格里又有单元格或行，不能断定各在哪一格",
    "between": "一行里有不是单元格的东西，不能断定各在哪一格",
    "kind": "有的单元格的种类认不出，它的值会读成空白",
    "untyped": "有的单元格有字而没有写明种类，会读成空白",
    "valueless": "有的单元格只有显示的字，没有存下数或日期",
}


def oddity(content: bytes) -> str:
    """What of a table would be read as another than it shows, in words; "" if nothing is."""
    found = _ODD.search(content)
    return _SAID[found.lastgroup or ""] if found else ""


class Beside(msgspec.Struct):
    """Of one sheet: comments, texts that are struck out in part, and places (line from 1, column from 0) struck as a whole.

    ``broken``: cells that show another value than they keep; ``unread``: what of all this can't be read, in the user's words.
    """

    notes: list[Note] = []
    parts: list[tuple[int, int, Corrected]] = []
    whole: set[tuple[int, int]] = set()
    unread: str = ""
    broken: list[Broken] = []


def beside(content: bytes, styles: bytes, file: str) -> dict[str, Beside]:
    """What stands beside the cells of each sheet, by its name; nothing where neither part has a sign of it."""
    signs = any(sign in part for sign in _SIGNS for part in (content, styles))
    if not signs and not any(_differs(*map(bytes.decode, found)) for found in _KEPT_AND_SHOWN.findall(content)):
        return {}
    trees = [parsed(part, name, file) for part, name in ((styles, "styles.xml"), (content, "content.xml")) if part]
    struck = _struck(trees)
    tables = trees[-1].iterfind("{*}body/{*}spreadsheet/{*}table")
    return {_said(table, "name"): _beside(table, struck) for table in tables}


def _differs(kept: str, shown: str) -> bool:
    """Whether a cell shows another number, or another day, than it keeps: as far as its digits are plain."""
    if day := _DAY.fullmatch(shown):
        return bool(_DAY.match(kept)) and not kept.startswith(day[0])
    plain = shown.strip().lstrip("¥￥").replace(",", "")
    if not (_NUMBER.fullmatch(plain) and _NUMBER.fullmatch(kept)):
        return False
    places = len(plain.partition(".")[2])
    return abs(Decimal(kept) - Decimal(plain)) > Decimal(6).scaleb(-places - 1)


def _said(element: ET.Element, name: str) -> str:
    """The value of an attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _struck(trees: list[ET.Element]) -> set[str]:
    """The names of styles that strike out, by themselves or as the style that they are made from does."""
    found: dict[str, str | bool] = {}
    for style in (style for tree in trees for style in tree.iter() if style.tag.endswith("}style")):
        lines = {_said(one, "text-line-through-style") for one in style.iterfind("{*}text-properties")} - {""}
        found[_said(style, "name")] = bool(lines - {"none"}) if lines else _said(style, "parent-style-name")
    return {name for name in found if _strikes(name, found)}


def _strikes(name: str, styles: Mapping[str, str | bool]) -> bool:
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        above = styles.get(name, False)
        if isinstance(above, bool):
            return above
        name = above
    return False


def _repeats(element: ET.Element, what: str) -> int:
    written = _said(element, f"number-{what}-repeated")
    return int(written) if written.isdecimal() and len(written) < 8 else 1


def _beside(table: ET.Element, struck: set[str]) -> Beside:
    told, line = Beside(), 1
    columns = [
        (_repeats(one, "columns"), _said(one, "default-cell-style-name"))
        for one in table.iter()
        if one.tag.endswith("}table-column")
    ]
    for row in (row for row in table.iter() if row.tag.endswith("}table-row")):
        lines = _repeats(row, "rows")
        for column, count, cell in _cells(row):
            style = _said(cell, "style-name") or _said(row, "default-cell-style-name") or _default(columns, column)
            _look(
                cell,
                style in struck,
                struck,
                [(line + n, column + m) for n in range(min(lines, _MOST_REPEATED)) for m in range(count)],
                told,
            )
        line += lines
    return told


def _cells(row: ET.Element) -> Iterator[tuple[int, int, ET.Element]]:
    """The cells that hold anything: column, how many alike, and the cell."""
    column = 0
    for cell in row:
        if not cell.tag.endswith(("}table-cell", "}covered-table-cell")):
            continue
        count = _repeats(cell, "columns")
        if len(cell) and count <= _MOST_REPEATED:
            yield column, count, cell
        column += count


def _default(columns: list[tuple[int, str]], column: int) -> str:
    for count, style in columns:
        if column < count:
            return style
        column -= count
    return ""


def _look(cell: ET.Element, is_struck: bool, struck: set[str], places: list[tuple[int, int]], told: Beside) -> None:
    lines, columns = zip(*places, strict=True)
    for comment in cell.iterfind("{*}annotation"):
        text = " ".join(" ".join("".join(part.itertext()) for part in comment.iterfind("{*}p")).split())
        told.notes += [Note(lines[0], columns[0], COMMENT, text)] if text else []
    shown, kept = (
        "".join("".join(p.itertext()) for p in cell.iterfind("{*}p")),
        _said(cell, "value") or _said(cell, "date-value"),
    )
    if _differs(kept, shown):
        reason = f"显示的是 {shown}，存的是 {kept}，不能断定是哪个"
        told.broken += [Broken(line, column, shown, reason) for line, column in places]
    runs = [run for part in cell.iterfind("{*}p") for run in _runs(part, is_struck, struck)]
    gone, left = ("".join(text for text, is_gone in runs if is_gone == which) for which in (True, False))
    if gone.strip() and left.strip():
        told.parts += [(line, column, Corrected(gone, left)) for line, column in places]
    elif gone.strip():
        told.whole.update(places)


def _runs(element: ET.Element, is_struck: bool, struck: set[str]) -> Iterator[tuple[str, bool]]:
    """The texts of a paragraph in their order, and whether each is struck out."""
    yield element.text or "", is_struck
    for part in element:
        own = _said(part, "style-name")
        yield from _runs(part, (own in struck) if own else is_struck, struck)
        yield part.tail or "", is_struck
