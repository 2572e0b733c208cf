"""What a sheet of an xlsx says beside the values of its cells: characters and rows that are struck out, and comments."""

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from jybf.errors import InputError, Problem
from jybf.model import Note
from jybf.regex import pattern
from jybf.roster.grid import Broken
from jybf.roster.workbook.grammar import column_of
from jybf.roster.workbook.index import parsed
from jybf.roster.workbook.limits import REPAIR
from jybf.roster.workbook.package import Entry, unpack
from jybf.roster.workbook.sheet import Sheet
from jybf.roster.workbook.styles import Styles

COMMENT, STRUCK, PICTURE = "批注", "删除线", "图片"
# What an audit wrote into the copy that comes back: below the user's own words, or alone.
_OWN = pattern(r"(?s)(?:^|\n\n)(?:JY\d{3} (?:拦截|疑点|提示)|“未发现问题”只是说).*$")

_ITEM = pattern(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_CELL = pattern(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_RUN = pattern(rb"<(?:\w+:)?r>(.*?)</(?:\w+:)?r>", re.DOTALL)
_TEXT = pattern(rb"<(?:\w+:)?t\b[^>]*>([^<]*)<")
_STRIKE = pattern(rb"<(?:\w+:)?d?strike\b(?![^>]*val=.(?:0|false))")
_ADDRESS = pattern(rb"\br=.([A-Z]+)([0-9]+)")
_WHOLE = "整格有删除线，看不出还作不作数：不作数的清空，作数的去掉删除线"
_MOST_TOLD = 20  # characters


class Corrected(NamedTuple):
    """A text some of whose characters are struck out, and what of it stands."""

    struck: str
    standing: str


def struck_items(xml: bytes) -> dict[int, Corrected]:
    """The shared texts, by their places, in which something is struck out."""
    if b"strike" not in xml:
        return {}
    items = enumerate(_ITEM.findall(xml))
    return {place: told for place, item in items if b"strike" in item and (told := _corrected(item))}


def struck_cells(xml: bytes, sheet: Sheet, shared: Mapping[int, Corrected]) -> Iterator[tuple[int, int, Corrected]]:
    """Line, column and text of the cells of a sheet in whose own text, or in whose shared one, something is struck out."""
    if shared:
        texts = sheet.of("s").filter(pl.col("text").cast(pl.UInt32).is_in(list(shared)))
        yield from ((line, column, shared[int(text)]) for line, column, text in texts["line", "column", "text"].iter_rows())
    if b"strike" not in xml:
        return
    for attributes, inside in _CELL.findall(xml):
        address = _ADDRESS.search(attributes)
        told = _corrected(inside) if address and b"strike" in inside else None
        if address and told:
            yield int(address[2]), column_of(address[1].decode()), told


def _corrected(xml: bytes) -> Corrected | None:
    runs = [(bool(_STRIKE.search(run)), _said(run)) for run in _RUN.findall(xml)]
    struck = "".join(text for is_struck, text in runs if is_struck)
    return Corrected(struck, "".join(text for is_struck, text in runs if not is_struck)) if struck.strip() else None


def _said(xml: bytes) -> str:
    from html import unescape  # of the few cells that are struck out

    return unescape(b"".join(_TEXT.findall(xml)).decode(errors="replace"))


def struck_styles(sheet: Sheet, styles: Styles | None) -> set[tuple[int, int]]:
    """Line and column of the cells whose style strikes them out."""
    whole = sheet.cells.filter(pl.col("style").is_in(styles.struck)) if styles and styles.struck else sheet.cells.clear()
    return {(line, column) for line, column in whole.select("line", "column").iter_rows()}


def corrections(
    corrected: Iterable[tuple[int, int, Corrected]], whole: Collection[tuple[int, int]], filled: Callable[[], Mapping[int, int]]
) -> tuple[list[Broken], list[Note]]:
    """Cells of which it can't be said what counts, and the rows that are struck out as a whole, whose cells stay.

    ``whole``: places struck out by their style; ``filled``: line → how many of its cells hold anything.
    """
    parts = {(line, column): told for line, column, told in corrected}
    struck = {*whole, *(place for place, told in parts.items() if not told.standing.strip())}
    held = filled() if struck else dict[int, int]()
    by_line: dict[int, int] = {}
    for line, _ in struck:
        by_line[line] = by_line.get(line, 0) + 1
    rows = {line for line, count in by_line.items() if count > 1 and count * 2 > held.get(line, 0)}
    broken = [Broken(*at, t.standing, _reason(t)) for at, t in parts.items() if at not in struck]
    broken += [Broken(*at, "", _WHOLE) for at in sorted(struck) if at[0] not in rows]
    return broken, [Note(line, -1, STRUCK, "整行有删除线") for line in sorted(rows)]


def without(cells: pl.DataFrame, broken: Sequence[Broken]) -> pl.DataFrame:
    """The cells with blanks where there is no value to trust."""
    by_column: dict[str, list[int]] = {}
    for cell in broken:
        by_column.setdefault(str(cell.column), []).append(cell.line - 1)
    return cells.with_columns(cells[name].scatter(lines, None) for name, lines in by_column.items())


def _reason(told: Corrected) -> str:
    return f"有删除线：划去“{told.struck[:_MOST_TOLD]}”，留下“{told.standing[:_MOST_TOLD]}”；核对后只写作数的"


def comments(parts: Mapping[str, Entry], path: str, file: str) -> list[Note]:
    """The comments on the cells of the sheet at ``path``, in the order of their cells."""
    folder, name = posixpath.split(path.replace("\\", "/").lower())
    relations = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if relations is None:
        return []
    tree = parsed(unpack(relations, file), relations.name, file)
    targets = [one.get("Target", "") for one in tree if one.get("Type", "").endswith("/comments")]
    paths = [posixpath.normpath(t.lstrip("/") if t.startswith("/") else f"{folder}/{t}").lower() for t in targets]
    if lost := next((at for at in paths if at not in parts), None):
        raise InputError(Problem(f"工作簿不完整，缺少批注 {lost}", where=file, hint=REPAIR))
    found = [note for at in paths for note in _comments(parts[at], file)]
    return sorted(found)


def unplaced(parts: Mapping[str, Entry], file: str) -> Iterator[str]:
    """The names of parts with comments that no sheet refers to."""
    named = b"".join(unpack(entry, file).lower() for path, entry in parts.items() if "_rels/" in path)
    for path, entry in parts.items():
        name = posixpath.basename(path)
        if name.startswith("comment") and name.endswith(".xml") and name.encode() not in named:
            yield entry.name


def _comments(entry: Entry, file: str) -> Iterator[Note]:
    for comment in parsed(unpack(entry, file), entry.name, file).iterfind(".//{*}comment"):
        address = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", comment.get("ref", ""))
        text = _OWN.sub("", "".join(one.text or "" for one in comment.iterfind(".//{*}t"))).strip()
        if address and text:
            yield Note(int(address[2]), column_of(address[1]), COMMENT, " ".join(text.split()))
