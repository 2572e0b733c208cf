"""xls, xlsb and ods: their cells come from the reading process with their types, there is nothing else to ask."""

import zipfile
from collections.abc import Sequence

import msgspec
import polars as pl

from jybf.errors import InputError, Problem
from jybf.regex import pattern
from jybf.roster.grid import Grid, Merged, tidied
from jybf.roster.source import Source
from jybf.roster.workbook.biff import SheetRecords, sheet_records
from jybf.roster.workbook.choice import about_hidden, choose
from jybf.roster.workbook.corrections import corrections, without
from jybf.roster.workbook.opendocument import Beside, beside, oddity
from jybf.roster.workbook.package import check, open_package, pack, unpack
from jybf.roster.workbook.process import Frame, reading

# What an ods says of a cell and its reader does not.
_FAULTS = {
    b'value-type="error"': "表中有错误值（如 #DIV/0!）",
    b"</text:p>": "表中有错误值（如 #DIV/0!）",
    b"<draw:text-box": "单元格里有文本框，文字会混在一起",
    b"<text:ruby": "单元格里有注音，文字会混在一起",
    b"<text:note": "单元格里有脚注，文字会混在一起",
    b"null-date": "工作簿的日期不从 1899-12-30 算起，分不清是哪一天",
}
_FAULT = pattern(
    rb'value-type="error"|>(?:#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:[0-9]{3})</text:p>|<draw:text-box'
    rb'|<text:ruby[ >]|<text:note[ >]|<table:null-date(?![^<>]*date-value="1899-12-30")'
)


_NO_NOTES = "xlsb 里的批注读不出；另存为 xlsx 再试"
_IN_PARTS = "有的字体带删除线，xls 里看不出划去了一格中的哪几个字；另存为 xlsx 再试，能指出是哪一格"


class _Cells(msgspec.Struct):
    columns: list[list[str | None]]
    numbers: list[list[int]]


def read_typed(source: Source, sheet: str | None) -> tuple[list[Grid], list[str], list[str]]:
    """The sheets, the names of hidden ones left out and of those without cells.

    InputError for what is damaged or made to harm.
    """
    data, told = (source.data, dict[str, Beside]()) if source.kind == "xls" else _checked(source)
    with reading(data, source.file) as wait:
        known = sheet_records(source.data, source.file) if source.kind == "xls" else list[SheetRecords]()
        sent = wait()
    frames = [frame for frame in sent if frame.head["cells"]]
    others = [frame.head["name"] for frame in sent if not frame.head["cells"]] if sheet is None else []
    places, hidden = choose([(f.head["name"], f.head["visible"]) for f in frames], sheet, source.file)
    grids = [_grid(frames[place], known, told.get(frames[place].head["name"], _unread(source)), source) for place in places]
    return grids, hidden, others


def _unread(source: Source) -> Beside:
    return Beside(unread=_NO_NOTES if source.kind == "xlsb" and b"xl/comments" in source.data else "")


def _checked(source: Source) -> tuple[bytes, dict[str, Beside]]:
    """The package packed anew, once every part is what its check sum says, and what an ods says beside its cells."""
    parts = open_package(source.data, source.file)
    for path, entry in parts.items():
        check(entry, source.file)
        if path == "content.xml" and (reason := _reason(unpack(entry, source.file))):
            raise InputError(Problem(reason, where=source.file, hint="另存为 xlsx 再试，能指出是哪一格"))
    content, styles = (unpack(parts[p], source.file) if p in parts else b"" for p in ("content.xml", "styles.xml"))
    told = beside(content, styles, source.file) if content else {}
    # The type comes first and unpacked: so it is in an ods.
    return pack(sorted(parts.values(), key=lambda e: e.name != "mimetype" or e.method != zipfile.ZIP_STORED)), told


def _reason(content: bytes) -> str:
    """Why an ods can't be trusted to be read as it shows; "" if it can."""
    fault = _FAULT.search(content)
    return next(why for part, why in _FAULTS.items() if part in fault[0]) if fault else oddity(content)


def _grid(frame: Frame, known: Sequence[SheetRecords], told: Beside, source: Source) -> Grid:
    head, cells = frame.head, msgspec.json.decode(frame.body, type=_Cells)
    names = [str(c) for c in range(len(cells.columns))]
    texts = pl.DataFrame(dict(zip(names, cells.columns, strict=True)), schema=dict.fromkeys(names, pl.String()))
    merged = None if head["merged"] is None else [Merged(top, left, end, right) for (top, left), (end, right) in head["merged"]]

    def numbers(column: int) -> pl.Series:
        lines = pl.Series(cells.numbers[column], dtype=pl.UInt32)
        return pl.Series([False]).new_from_index(0, texts.height).scatter(lines, True)

    place: int = head["place"]
    own = known[place] if place < len(known) else None
    where = f"{source.file}〔{head['name']}〕"
    if own:
        told = Beside(list(own.notes), [], set(own.struck), _IN_PARTS if own.in_parts else "")
    within = [(line, column) for line, column in told.whole if line <= texts.height and column < texts.width]
    corrected, rows = corrections(told.parts, [at for at in within if texts.item(at[0] - 1, at[1])], lambda: _filled(texts))
    corrected += told.broken
    return Grid(
        source.file,
        head["name"],
        source.sha256,
        without(tidied(texts), corrected),
        numbers,
        merged,
        lambda: (*(own.broken if own else ()), *corrected),
        (*(about_hidden(where, own.hidden_lines) if own else ()), *((f"{where}：{told.unread}",) if told.unread else ())),
        blind=own is None,
        since_1904=own.since_1904 if own else False,
        hidden_lines=own.hidden_lines if own else (),
        notes=(*rows, *told.notes),
    )


def _filled(texts: pl.DataFrame) -> dict[int, int]:
    counts = texts.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    return {line: count for line, count in enumerate(counts, 1) if count}
