"""What somebody wrote beside a row that may mean that nobody is to be paid for it."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book
from jybf.audit.registry import check
from jybf.audit.wording import CELL, either, found, said, stack
from jybf.model import HINT, LINE, ROW, SHEET, Note
from jybf.roster.grid import column_letters
from jybf.roster.remarks import BESIDE, ENDED, STOPPED, STRUCK, WRITTEN_IN

SHOWN = 40  # characters of a comment


@check("JY904", needs=(WRITTEN_IN,))
def struck_out(book: Book) -> pl.DataFrame:
    """Rows that claim, and are marked as void or as a dead person's: they were read and judged as if they were not."""
    written = [name for name in WRITTEN_IN if book.has(name)]
    rows = book.rows.filter(CLAIMS).select(ROW, FEN, *written)
    return stack(*(_marked(rows, name) for name in written))


@check("JY904")
def noted(book: Book) -> pl.DataFrame:
    """Rows that claim, and are struck out as a whole or have a comment; one that stops nothing is only a hint."""
    rows = _notes(book)
    stops = pl.col("_类").eq("删除线") | pl.col("_文").str.contains(f"{STRUCK}|{STOPPED}")
    struck, remarked = rows.filter(pl.col("_类") == "删除线"), rows.filter(pl.col("_类") == "批注")
    text = pl.col("_文").str.slice(0, SHOWN)
    told = said("这一格有批注“", text, either(stops, "”，却照样申领", "”，程序没有照批注改"))
    unused = rows.filter(pl.col("_类") == BESIDE)
    return stack(
        found(unused, "备注", said(pl.col("_文"), "，这一列没有用到，却照样申领"), now=text, fen=pl.col(FEN)).with_columns(
            unused["_格"].alias(CELL)
        ),
        found(struck, "姓名", "整行有删除线，却照样申领", fen=pl.col(FEN)),
        found(remarked, pl.col("_栏"), told, now=text, level=either(stops, "", HINT), fen=pl.col(FEN)),
    )


@check("JY902")
def signed_by_pictures(book: Book) -> pl.DataFrame:
    """Signatures that WPS keeps as pictures in cells, once a sheet: who signed can't be told, nor that nobody did."""
    rows = (
        _notes(book)
        .filter(pl.col("_类") == "图片")
        .with_columns(pl.len().over(SHEET).alias("_数"))
        .unique(SHEET, keep="first", maintain_order=True)
    )
    problem = said("有 ", pl.col("_数"), " 格是 WPS 嵌在格里的图片，别的程序读不出，没有核对是谁签的")
    return found(rows, pl.col("_栏"), problem, now="#NAME?", want="在 WPS 里改为浮动图片，或对照原件", level=HINT)


def _notes(book: Book) -> pl.DataFrame:
    """The claims with a note, once a note: ``_类`` and ``_文`` of it, ``_栏`` the field whose cell it is on."""
    fields = {
        sheet.index: {column: name for name, column in reversed(list(sheet.columns.items()))} for sheet in book.roster.sheets
    }
    told = [
        (sheet.index, note.line, note.kind, note.text, fields[sheet.index].get(note.column, ""), address(note))
        for sheet in book.roster.sheets
        for note in sheet.notes
    ]
    schema = {SHEET: pl.Int64, LINE: pl.Int64, "_类": pl.String, "_文": pl.String, "_栏": pl.String, "_格": pl.String}
    notes = pl.DataFrame(told, schema=schema, orient="row")
    rows = book.rows.filter(CLAIMS).with_columns(pl.col(SHEET).cast(pl.Int64), pl.col(LINE).cast(pl.Int64))
    return rows.join(notes, on=[SHEET, LINE], how="inner", maintain_order="left_right")


def address(note: Note) -> str:
    """Excel's name of the cell that ``note`` is on; "" if it is on a row."""
    return f"{column_letters(note.column)}{note.line}" if note.column >= 0 else ""


def _marked(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    word = pl.col(name).cast(pl.String).str.extract(ENDED if name == "备注" else STRUCK)
    problem = said("“", name, "”里写着“", pl.col("_词"), "”，却照样申领")
    return found(rows.with_columns(word.alias("_词")).filter(pl.col("_词").is_not_null()), name, problem, fen=pl.col(FEN))
