"""Rows that are read like any other, though something in them says that perhaps nobody is to be paid."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import polars as pl

from jybf.model import Note, Sheet
from jybf.roster.delimited.encoding import enumerated
from jybf.roster.grid import Grid, column_letters
from jybf.roster.own import ADDED
from jybf.roster.typed import Body
from jybf.vocabulary.facts import VOID
from jybf.vocabulary.questions import answered, question
from jybf.vocabulary.remarks import BRACKETS, STRUCK_OUT, against, may_speak, stops, struck_out, unsettled

BESIDE = "旁注"
_WORDS = ("text", "name", "enum", "bool", "place", "address")  # the types of which a value may have brackets behind it
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


class Aside(NamedTuple):
    """What is said where nobody reads it, on one row of a ``column``: as a sentence, and the cell that it stands in.

    ``who``: of CONTRARY, whose claims it concerns; "" all. ``void``: the word that says that nobody is to be paid.
    """

    line: int
    column: int
    heading: str
    sentence: str
    cell: str
    who: str = ""
    void: str | None = None


def asides(body: Body) -> tuple[Aside, ...]:
    """What is said in columns that nobody knows, and in brackets behind a value.

    That somebody has died, left, or given the money back, in words or by an answer to what the heading asks, and in brackets
    also that something is to be found out.
    """
    return (*_beside(body), *_in_brackets(body))


def noted(said: Sequence[Aside]) -> Iterator[Note]:
    """The asides as notes on their cells."""
    yield from (Note(each.line, each.column, BESIDE + each.who, each.sentence, each.cell) for each in said)


def void(body: Body, notes: Sequence[Note], said: Sequence[Aside]) -> pl.Series:
    """VOID of each row of data: where and in what word it says that nobody is to be paid for it; null where it does not.

    Empty where none does. ``notes``, ``said``: those on the sheet. That somebody has left pays up to then: it is none of these.
    """
    told = dict(reversed([*_void(body, notes, said)]))
    if not told:
        return pl.Series(VOID, [], dtype=pl.String)
    return body.lines.replace_strict(told, default=None, return_dtype=pl.String).alias(VOID)


def _void(body: Body, notes: Sequence[Note], said: Sequence[Aside]) -> Iterator[tuple[int, str]]:
    """Excel row and words; of one row the gravest first."""
    yield from ((note.line, note.text) for note in notes if note.column < 0)
    for name in (name for name in WRITTEN_IN if name in body.columns):
        yield from _saying(struck_out, body.lines, body.texts(name), name, body.columns[name])
    yield from ((each.line, _word(each.heading, each.column, each.line, each.void)) for each in said if each.void)
    for note in (note for note in notes if note.kind == "批注"):
        yield from _saying(stops, pl.Series([note.line]), pl.Series([note.text]), "批注", note.column)


def _saying(
    says: Callable[[pl.Expr], pl.Expr], lines: pl.Series, texts: pl.Series, name: str, column: int
) -> Iterator[tuple[int, str]]:
    near = may_speak(texts.cast(pl.String)).arg_true()
    said = zip(lines.gather(near), _heard(says, texts.gather(near).cast(pl.String)), strict=True)
    yield from ((line, _word(name, column, line, word)) for line, word in said if word)


def _word(name: str, column: int, line: int, word: str) -> str:
    return f"“{name}”（{column_letters(column)}{line}）写着“{word}”"


def _beside(body: Body) -> Iterator[Aside]:
    """What the columns say that no field is for."""
    for column, name, texts in _unread(body):
        speaks = _heard(against, texts).is_not_null()
        rows = speaks.arg_true()
        words = texts.gather(rows)
        for line, text, word in zip(body.lines.gather(rows), words, _heard(struck_out, words), strict=True):
            yield Aside(line, column, name, f"“{name}”里写着“{text}”，这一列没有用到", text, void=word)
        if asks := question(name, body.title.text):
            rows = (answered(asks, texts) & ~speaks).arg_true()
            for line, text in zip(body.lines.gather(rows), texts.gather(rows), strict=True):
                sentence = f"“{name}”填着“{text}”，这一列没有用到"
                yield Aside(line, column, name, sentence, text, asks.who, text if asks.void else None)


def _unread(body: Body) -> Iterator[tuple[int, str, pl.Series]]:
    """The columns that no field is for: which, header and texts."""
    used = set(body.columns.values())  # of two columns of one name, only the first
    for column, name in enumerate(body.header.names):
        if column not in used and name and name not in ADDED and str(column) in body.data.columns:
            yield column, name, body.data[str(column)]


def _in_brackets(body: Body) -> Iterator[Aside]:
    """What stands in brackets in columns of words; remarks are read as a whole."""
    says = pl.coalesce(against(pl.col("_")), unsettled(pl.col("_"))).is_not_null()
    for name, column in body.columns.items():
        if name in WRITTEN_IN[-1:] or body.fields.by_name[name].type not in _WORDS:
            continue
        if not body.distinct(name).str.contains_any(["(", "（"]).any():
            continue
        texts = body.texts(name)
        rows = texts.str.contains_any(["(", "（"]).arg_true()
        notes = texts.gather(rows).str.extract_all(BRACKETS).list.join("，").str.replace_all(r"[()（）]", "").alias("_")
        told = notes.to_frame().select(says).to_series().arg_true()
        words, cells = notes.gather(told), texts.gather(rows.gather(told))
        for line, text, cell, word in zip(
            body.lines.gather(rows.gather(told)), words, cells, _heard(struck_out, words), strict=True
        ):
            yield Aside(line, column, name, f"“{name}”的括号里写着“{text}”", cell, void=word)


def _heard(says: Callable[[pl.Expr], pl.Expr], texts: pl.Series) -> pl.Series:
    """The word by which each text ``says`` it; null where it does not."""
    return texts.to_frame("_").select(says(pl.col("_"))).to_series()


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
    if not body.distinct(name).str.contains_any([*STRUCK_OUT]).any():
        return
    texts = body.texts(name)
    for word in STRUCK_OUT:
        rows = texts.str.contains(word, literal=True).arg_true()
        if rows.len():
            yield word, rows


def _lines(body: Body, rows: pl.Series) -> str:
    """Excel's numbers of the rows of data with these indices."""
    return enumerated(body.lines.gather(rows).to_list())
