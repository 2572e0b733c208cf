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
from jybf.vocabulary.remarks import against, anothers_account, struck_out, unsettled

REMARK = "备注"
# The person of the row himself, so that neither 经村干部核实 nor 其子在读 is meant.
_BEING, _END = r"(?:^|[，,。；;、\s（(])(?:本人|实际|一直|目前|全年|现|仍|是|系|为|属|任|正|在)*?", r"(?:$|[，,。；;、\s）)])"
_OFFICE = (
    "村?(?:两委|支)?(?:成员|干部|支书|书记|主任|会计|文书)|公务员|公职人员|财政供养人?员?|教师|"
    "(?:事业单位|机关)?(?:在编|编制内?|正式)人员"
)
_SCHOOL = "小学|初中|高中|中学|中职|中专|技校"
_UNDENIED = "(?:^有?|[^无未没非不曾有、]|[^没]有)"  # before a word: nothing there denies it
_PLACE = r"(?:在?外出?|到外地|(?:在|到|去|赴)[^，,。；;、\s曾村本当镇乡内家]{1,6})"
_AWAY = rf"{_BEING}(?:\d{{1,2}}月份?(?:起|以来)?)?({_PLACE}(?:务工|打工))(?:{_END}|至今|期间|未归)"
# What contradicts some claims and no others: whom it concerns, and the words.
OUT_OF_PLACE: tuple[tuple[Which, str], ...] = (
    (tier, rf"{_BEING}((?:未|没有?|不)(?:在?外出?|出去)?(?:务工|打工|外出)|在家(?:务农|待业|闲)|(?:未|没有?)出(?:县|省|去))"),
    (works, rf"{_BEING}((?:本村)?(?:{_OFFICE})){_END}"),
    (pensioned, rf"{_BEING}(已?(?:退休|内退)(?:人员|干部|职工)?){_END}"),
    (labours, rf"{_BEING}(已?(?:完全)?丧失劳动能?力|瘫痪|长期卧床)"),
    (labours, rf"{_BEING}((?:在校|在读)的?(?:{_SCHOOL})?(?:学生|生)?|(?:{_SCHOOL})(?:在校|在读|就读|学)(?:学?生)?|学生){_END}"),
    (post, _AWAY),
    (post, r"(顶岗|替岗|代岗|长期不在(?:村|岗|家)?|不在(?:村|岗))"),
    (post, rf"(兼任?[^，,。；;、]{{0,3}}(?:{_OFFICE}))"),
    (starts_business, rf"{_UNDENIED}(停业|歇业|停止?营业|关门|转让|(?:含|包括|包含)(?:其)?(?:本人|自己|业主|经营者))"),
    (lends, rf"{_UNDENIED}(提前(?:部分)?(?:还款|归还|偿还|还清|结清)|逾期|展期|代偿|挪用)"),
    (insured, rf"{_UNDENIED}(补缴|代缴|挂靠)"),
)
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
    return stack(*(_out_of_place(book.claims(which), words) for which, words in OUT_OF_PLACE))


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
    rows = _notes(book)
    stops = pl.any_horizontal(says(pl.col("_文")).is_not_null() for says in (against, anothers_account, unsettled))
    struck, remarked = rows.filter(pl.col("_类") == "删除线"), rows.filter(pl.col("_类") == "批注")
    text, cell = (pl.col(name).str.slice(0, SHOWN) for name in ("_文", "_原"))
    told = said("这一格有批注“", text, either(stops, "”，却照样申领", "”，程序没有照批注改"))
    aside, at = rows.filter(pl.col("_类") == BESIDE), either(pl.col("_栏") == "", REMARK, pl.col("_栏"))
    return stack(
        found(aside, at, said(pl.col("_文"), "，却照样申领"), now=cell, fen=pl.col(FEN)).with_columns(aside["_格"].alias(CELL)),
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
        _notes(book)
        .filter(pl.col("_类") == "图片")
        .with_columns(pl.len().over(SHEET).alias("_数"))
        .unique(SHEET, keep="first", maintain_order=True)
    )
    problem = said("有 ", pl.col("_数"), " 格是 WPS 嵌在格里的图片，别的程序读不出，没有核对是谁签的")
    return found(rows, pl.col("_栏"), problem, now="#NAME?", want="在 WPS 里改为浮动图片，或对照原件", level=HINT)


def _notes(book: Book) -> pl.DataFrame:
    """The claims with a note, once a note: ``_类`` and ``_文`` of it, ``_原`` its cell's text, ``_栏`` that cell's field."""
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
    rows = book.claims().with_columns(pl.col(SHEET).cast(pl.Int64), pl.col(LINE).cast(pl.Int64))
    return rows.join(notes, on=[SHEET, LINE], how="inner", maintain_order="left_right")


def address(note: Note) -> str:
    """Excel's name of the cell that ``note`` is on; "" if it is on a row."""
    return f"{column_letters(note.column)}{note.line}" if note.column >= 0 else ""


def _marked(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    text = pl.col(name).cast(pl.String)
    word = against(text) if name == REMARK else struck_out(text)
    problem = said("“", name, "”里写着“", pl.col("_词"), "”，却照样申领")
    return found(rows.with_columns(word.alias("_词")).filter(pl.col("_词").is_not_null()), name, problem, fen=pl.col(FEN))
