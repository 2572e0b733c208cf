"""What somebody wrote beside a row that may mean that nobody is to be paid for it."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book, Which
from jybf.audit.checks.ability import labours
from jybf.audit.checks.people import pensioned
from jybf.audit.registry import check
from jybf.audit.scope import insured, lends, post, starts_business, tier, works
from jybf.audit.wording import CELL, either, found, said, stack
from jybf.model import HINT, INCOMPLETE, LINE, REFUSED, RESULTS, ROW, SHEET, Note
from jybf.roster.grid import column_letters
from jybf.roster.remarks import BESIDE, WRITTEN_IN
from jybf.vocabulary.remarks import CONTRARY, against, anothers_account, may_speak, struck_out, unsettled

REMARK = "备注"
# Whose claims each of CONTRARY concerns.
WHO: dict[str, Which] = {
    "外出": tier, "务工": works, "养老": pensioned, "劳动": labours, "公岗": post, "创业": starts_business, "贷款": lends,
    "参保": insured,
}  # fmt: skip
_STRIKE = "不该发的，从表上删去这一行；该发的，"
UNSIGNED = "(代签|代领|代收|代按|未签|没签|拒签)"
SHOWN = 40  # characters of a comment


@check("JY904", needs=(WRITTEN_IN,))
def marked(book: Book) -> pl.DataFrame:
    """Rows that claim, and are marked as void or as a dead person's: they were read and judged as if they were not."""
    written = [name for name in WRITTEN_IN if book.has(name)]
    rows = book.claims().select(ROW, FEN, *written)
    return stack(*(_marked(rows, name) for name in written))


@check("JY904")
def out_of_place(book: Book) -> pl.DataFrame:
    """A remark that contradicts what the row claims for: nobody went away, or is a pupil, an official, a pensioner."""
    return stack(*(_out_of_place(book.claims(WHO[who]), words) for who, words in CONTRARY))


def _out_of_place(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    rows = rows.with_columns(pl.col(REMARK).str.extract(words).alias("_词"))
    rows = rows.filter(pl.col("_词").is_not_null(), against(pl.col(REMARK)).is_null())
    return found(rows, REMARK, said("“备注”里写着“", pl.col("_词"), "”，却照样申领"), fen=pl.col(FEN))


@check("JY904")
def to_be_verified(book: Book) -> pl.DataFrame:
    """Left to be found out by the remark, and paid; what holds a row back already says itself what is lacking."""
    held = book.verdicts.rows.filter(pl.col("结果").is_in([RESULTS.index(INCOMPLETE), RESULTS.index(REFUSED)]))
    rows = book.rows.filter(pl.col(REMARK).is_not_null(), CLAIMS).join(held, on=ROW, how="anti")
    rows = rows.with_columns(unsettled(pl.col(REMARK)).alias("_词"))
    rows = rows.filter(pl.col("_词").is_not_null(), against(pl.col(REMARK)).is_null())
    return found(rows, REMARK, said("“备注”里写着“", pl.col("_词"), "”，却照样申领"), fen=pl.col(FEN))


@check("JY904")
def signed_by_another(book: Book) -> pl.DataFrame:
    """Who is paid has not signed, and has authorised nobody to."""
    rows = book.claims().filter(~pl.col("代领授权").fill_null(value=False))
    rows = rows.with_columns(pl.col("签字").str.extract(UNSIGNED).alias("_词")).filter(pl.col("_词").is_not_null())
    problem = said("“签字”里写着“", pl.col("_词"), "”，却照样申领")
    return found(rows, "签字", problem, want="本人签字，或附委托书", fen=pl.col(FEN))


@check("JY602")
def into_another_account(book: Book) -> pl.DataFrame:
    """The remark says whose account it is: not the payee's. Who is authorised to draw it is none of this."""
    rows = book.rows.filter(CLAIMS, ~pl.col("代领授权").fill_null(value=False))
    rows = rows.with_columns(anothers_account(pl.col(REMARK)).alias("_词")).filter(pl.col("_词").is_not_null())
    problem = said("“备注”里写着“", pl.col("_词"), "”，账户不是本人的")
    return found(rows, REMARK, problem, want="本人的账户", fen=pl.col(FEN))


@check("JY904")
def noted(book: Book) -> pl.DataFrame:
    """Rows that claim, and are struck out as a whole or have a comment; one that stops nothing is only a hint."""
    rows = _notes(book, book.claims())
    stops = pl.any_horizontal(says(pl.col("_文")).is_not_null() for says in (against, anothers_account, unsettled))
    struck, remarked = rows.filter(pl.col("_类") == "删除线"), rows.filter(pl.col("_类") == "批注")
    text = pl.col("_文").str.slice(0, SHOWN)
    told = said("这一格有批注“", text, either(stops, "”，却照样申领", "”，程序没有照批注改"))
    kinds = {note.kind for sheet in book.roster.sheets for note in sheet.notes}
    theirs = [(BESIDE + who, which) for who, which in WHO.items() if BESIDE + who in kinds]
    aside = [rows.filter(pl.col("_类") == BESIDE)]
    aside += [_notes(book, book.claims(which)).filter(pl.col("_类") == kind) for kind, which in theirs]
    return stack(
        *map(_aside, aside),
        found(struck, "姓名", "整行有删除线，却照样申领", todo=f"{_STRIKE}去掉删除线。", fen=pl.col(FEN)),
        found(
            remarked,
            pl.col("_栏"),
            told,
            now=text,
            todo=f"{_STRIKE}改好这一格，删去批注。",
            level=either(stops, "", HINT),
            fen=pl.col(FEN),
        ),
    )


@check("JY902")
def signed_by_pictures(book: Book) -> pl.DataFrame:
    """Signatures that WPS keeps as pictures in cells, once a sheet: who signed can't be told, nor that nobody did."""
    rows = (
        _notes(book, book.claims())
        .filter(pl.col("_类") == "图片")
        .with_columns(pl.len().over(SHEET).alias("_数"))
        .unique(SHEET, keep="first", maintain_order=True)
    )
    problem = said("有 ", pl.col("_数"), " 格是 WPS 嵌在格里的图片，别的程序读不出，没有核对是谁签的")
    return found(rows, pl.col("_栏"), problem, now="#NAME?", want="在 WPS 里改为浮动图片，或对照原件", level=HINT)


def _aside(rows: pl.DataFrame) -> pl.DataFrame:
    """What stands where nobody reads it."""
    heading = pl.coalesce(pl.col("_文").str.extract("^“(.+?)”"), pl.lit(REMARK))
    told = said(pl.col("_文"), "，却照样申领")
    return found(rows, heading, told, now=pl.col("_原").str.slice(0, SHOWN), fen=pl.col(FEN)).with_columns(
        rows["_格"].alias(CELL)
    )


def _notes(book: Book, claims: pl.DataFrame) -> pl.DataFrame:
    """The ``claims`` with a note, once a note: its ``_类`` and ``_文``, its cell's text ``_原``, that cell's field ``_栏``."""
    fields = {
        sheet.index: {column: name for name, column in reversed(list(sheet.columns.items()))} for sheet in book.roster.sheets
    }
    told = [
        (sheet.index, note.line, note.kind, note.text, note.cell, fields[sheet.index].get(note.column, ""), address(note))
        for sheet in book.roster.sheets
        for note in sheet.notes
    ]
    schema = {SHEET: pl.Int64, LINE: pl.Int64, **dict.fromkeys(("_类", "_文", "_原", "_栏", "_格"), pl.String)}
    notes = pl.DataFrame(told, schema=schema, orient="row")
    rows = claims.with_columns(pl.col(SHEET).cast(pl.Int64), pl.col(LINE).cast(pl.Int64))
    return rows.join(notes, on=[SHEET, LINE], how="inner", maintain_order="left_right")


def address(note: Note) -> str:
    """Excel's name of the cell that ``note`` is on; "" if it is on a row."""
    return f"{column_letters(note.column)}{note.line}" if note.column >= 0 else ""


def _marked(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    text = pl.col(name).cast(pl.String)
    rows = rows if name == REMARK else rows.filter(may_speak(rows[name].cast(pl.String)))  # names are many, and say nothing
    word = against(text) if name == REMARK else struck_out(text)
    problem = said("“", name, "”里写着“", pl.col("_词"), "”，却照样申领")
    return found(rows.with_columns(word.alias("_词")).filter(pl.col("_词").is_not_null()), name, problem, fen=pl.col(FEN))
