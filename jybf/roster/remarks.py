"""Rows that are read like any other, though something in them says that perhaps nobody is to be paid."""

import re
from collections.abc import Iterator, Sequence

import polars as pl

from jybf.model import Note, Sheet
from jybf.roster.delimited.encoding import enumerated
from jybf.roster.grid import Grid, column_letters
from jybf.roster.typed import Body
from jybf.vocabulary.facts import VOID

STRUCK_OUT = ["作废", "取消", "退回", "死亡", "已故", "去世", "重复", "注销"]
LEFT = [
    "离职",
    "辞职",
    "离岗",
    "退岗",
    "停缴",
    "断缴",
    "停保",
    "退票",
    "追回",
    "停发",
    "失踪",
    "服刑",
    "判刑",
]  # and what else ends a claim
DENIED = "[不未无没非]"  # 未重复享受 says the contrary
STRUCK, ENDED = (rf"(?:^|{DENIED.replace('[', '[^')})({'|'.join(words)})" for words in (STRUCK_OUT, [*STRUCK_OUT, *LEFT]))
STOPPED = "停发|不发|不予|暂缓|缓发|追回|不符合"  # of a comment
BESIDE = "旁注"
_SHOWN, _MOST = 30, 20  # characters of a comment, and comments
WRITTEN_IN = ("序号", "姓名", "备注")


def about_remarks(body: Body) -> Iterator[str]:
    """Notices of the rows that are marked as void, and of those with an ID but without a name."""
    where = body.grid.where
    struck = [(text, mark) for name in WRITTEN_IN if name in body.columns for text, mark in _struck_out(body, name)]
    if struck:
        rows = pl.concat([mark for _, mark in struck]).unique().sort()
        words = "".join(f"“{word}”" for word in dict.fromkeys(word for word, _ in struck))
        yield f"{where}：第 {_lines(body, rows)} 行写着{words}，照样读取；不该发的请删去该行"
    if {"姓名", "身份证号"} <= body.columns.keys() and body.texts("姓名").null_count():
        nameless = (body.texts("姓名").is_null() & body.texts("身份证号").is_not_null()).arg_true()
        if nameless.len():
            yield f"{where}：第 {_lines(body, nameless)} 行有身份证号，没有姓名，照样读取；请补上姓名"


def beside(body: Body) -> Iterator[Note]:
    """The cells of columns that nobody knows and that say that somebody has died, left, or given the money back."""
    yield from (Note(line, column, BESIDE, f"“{name}”里写着“{text}”") for line, column, name, text in _beside(body))


def void(body: Body, notes: Sequence[Note]) -> pl.Series:
    """VOID of each row of data: where and in what word it says that nobody is to be paid for it; null where it does not.

    ``notes``: those on the sheet. That somebody has left pays up to then, and is none of these.
    """
    lines = body.is_data.arg_true() + 1
    told = dict(reversed([*_void(body, notes)]))
    return lines.cast(pl.Int64).replace_strict(told, default=None, return_dtype=pl.String).alias(VOID)


def _void(body: Body, notes: Sequence[Note]) -> Iterator[tuple[int, str]]:
    """Excel row and words; of one row the gravest first."""
    yield from ((note.line, note.text) for note in notes if note.column < 0)
    lines = body.is_data.arg_true() + 1
    for name in (name for name in WRITTEN_IN if name in body.columns and body.texts(name).str.contains_any(STRUCK_OUT).any()):
        words = body.texts(name).str.extract(STRUCK)
        said = zip(lines.to_list(), words.to_list(), strict=True)
        yield from ((line, _word(name, body.columns[name], line, word)) for line, word in said if word)
    written = [(n.line, n.column, "批注", n.text) for n in notes if n.kind == "批注"]
    for line, column, name, text in (*written, *_beside(body)):
        found = re.search(f"{STRUCK}|({STOPPED})" if name == "批注" else STRUCK, text)
        if found:
            yield line, _word(name, column, line, next(filter(None, found.groups())))


def _word(name: str, column: int, line: int, word: str) -> str:
    return f"“{name}”（{column_letters(column)}{line}）写着“{word}”"


def _beside(body: Body) -> Iterator[tuple[int, int, str, str]]:
    """Excel row, column, header and text."""
    for column, (name, known) in enumerate(zip(body.header.names, body.header.found, strict=True)):
        if known is None and name and str(column) in body.data.columns:
            texts = body.data[str(column)]
            rows = texts.str.contains(ENDED).fill_null(value=False).arg_true()
            lines = body.is_data.arg_true().gather(rows) + 1
            yield from ((line, column, name, text) for line, text in zip(lines, texts.gather(rows), strict=True))


def about_notes(grid: Grid, sheet: Sheet) -> Iterator[str]:
    """Notices of comments on cells, wherever they stand, of rows that are struck out, and of signatures that are pictures."""
    told = [f"{column_letters(note.column)}{note.line}“{note.text[:_SHOWN]}”" for note in grid.notes if note.column >= 0]
    if told:
        more = f" 等 {len(told)} 格" * (len(told) > _MOST)
        yield f"{grid.where}：有批注的格：{'、'.join(told[:_MOST])}{more}；没有照批注改，请核对"
    struck = [note.line for note in sheet.notes if note.column < 0]
    if struck:
        yield f"{grid.where}：第 {enumerated(struck)} 行整行有删除线，照样读取；不该发的请删去该行"
    pictures = [note.line for note in sheet.notes if note.kind == "图片"]
    if pictures:
        yield f"{grid.where}：签字一列有 {len(pictures)} 格是 WPS 嵌在格里的图片，没有读"


def _struck_out(body: Body, name: str) -> Iterator[tuple[str, pl.Series]]:
    """The words of STRUCK_OUT that one column holds, each with the indices of its rows."""
    texts = body.texts(name)
    if not texts.str.contains_any(STRUCK_OUT).any():
        return
    for word in STRUCK_OUT:
        rows = texts.str.contains(word, literal=True).arg_true()
        if rows.len():
            yield word, rows


def _lines(body: Body, rows: pl.Series) -> str:
    """Excel's numbers of the rows of data with these indices."""
    return enumerated((body.is_data.arg_true().gather(rows) + 1).to_list())
