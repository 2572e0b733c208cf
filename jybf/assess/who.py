"""Which rows a user means: by Excel's row number, by a citizen's number, or by a name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches

import polars as pl

from jybf.errors import Problem, UsageError
from jybf.model import LINE, ROW, SHEET, Roster
from jybf.model.survey import FileSurvey
from jybf.regex import pattern
from jybf.roster.rows import BLANK, DATA
from jybf.vocabulary.values.text import fold_name

_LINE = pattern(r"(?:(?P<sheet>.+)[!！])?第?\s*(?P<line>\d{1,7})\s*行?")
_NUMBER = pattern(r"[0-9A-Z]{15,18}")
_MASKED = pattern(r"(\d{6})[…*.]+(\d?[0-9X])")
_NAMED = ("姓名", "单位名称", "创业实体", "单位")
_MOST = 3  # rows that are shown at once
_LISTED = 12


def find(roster: Roster, who: str, look: Callable[[], Sequence[FileSurvey]]) -> list[int]:
    """The rows (``_row``) that ``who`` means: 217, 表名!217, a citizen's number (also masked, as 140926…13), or a name.

    ``look`` is asked what stands on a line that is no person's. Raises UsageError where nothing fits, with near names, and
    where more rows fit than anybody reads at once, with a list of them.
    """
    text = who.strip()
    line = _LINE.fullmatch(text)
    rows = _on_line(roster, int(line["line"]), line["sheet"]) if line else _numbered(roster, text) or _named(roster, text)
    if not rows:
        raise UsageError(*(_no_person(int(line["line"]), line["sheet"], look) if line else _nobody(roster, text)))
    if len(rows) > _MOST:
        raise UsageError(_several(roster, text, rows))
    return rows


def _on_line(roster: Roster, line: int, name: str | None) -> list[int]:
    sheets = [sheet.index for sheet in roster.sheets if name in (None, sheet.name, sheet.file)]
    if not sheets:
        known = "、".join(sheet.name or sheet.file for sheet in roster.sheets)
        raise UsageError(Problem(f"没有工作表“{name}”", _files(roster), f"有 {known}"))
    return roster.rows.filter(pl.col(LINE) == line, pl.col(SHEET).is_in(sheets))[ROW].to_list()


def _numbered(roster: Roster, text: str) -> list[int]:
    """The rows with this citizen's number, as read or as it stands in a cell that can't be."""
    number, masked = text.upper(), _MASKED.fullmatch(text.upper())
    if not masked and not _NUMBER.fullmatch(number):
        return []
    fits = f"^{masked[1]}.*{masked[2]}$" if masked else f"^{number}$"
    unread = roster.problems.filter(pl.col("字段") == "身份证号", pl.col("原文").str.contains(f"(?i){fits}"))[ROW]
    test = pl.col(ROW).is_in(unread.to_list())
    if "身份证号" in roster.rows.columns:
        test |= pl.col("身份证号").str.contains(fits)
    return roster.rows.filter(test)[ROW].to_list()


def _named(roster: Roster, text: str) -> list[int]:
    columns = [column for column in _NAMED if column in roster.rows.columns]
    wanted = pl.select(fold_name(pl.lit(text))).item()
    fits = pl.any_horizontal(pl.lit(value=False), *(fold_name(pl.col(column)) == wanted for column in columns))
    return roster.rows.filter(fits)[ROW].to_list()


def _names(roster: Roster, column: str) -> list[str]:
    return roster.rows[column].drop_nulls().unique().sort().to_list() if column in roster.rows.columns else []


def _nobody(roster: Roster, text: str) -> Iterator[Problem]:
    names = list(dict.fromkeys(name for column in _NAMED[:3] for name in _names(roster, column)))
    near = get_close_matches(text, names, n=5, cutoff=0.4) or [name for name in names if text and text in name][:5]
    hint = f"相近的有 {'、'.join(near)}" if near else "写 Excel 的行号、姓名或身份证号"
    yield Problem(f"没有“{_shown(text)}”", _files(roster), hint)


def _shown(text: str) -> str:
    return f"{text[:6]}…{text[-2:]}" if _NUMBER.fullmatch(text.upper()) else text


def _no_person(line: int, name: str | None, look: Callable[[], Sequence[FileSurvey]]) -> Iterator[Problem]:
    """What stands on ``line`` of each sheet instead of a person."""
    for file in look():
        for sheet in file.sheets:
            kind = next((s.kind for s in sheet.rows if s.first <= line <= s.last), "")
            if sheet.rows and kind != DATA and name in (None, sheet.name, file.file):
                where = file.file + (f"〔{sheet.name}〕" if sheet.name else "")
                what = {"": "在表的下面，没有内容", BLANK: "是空行"}.get(kind, f"是{kind}")
                people = "、".join(f"{s.first}–{s.last}" for s in sheet.rows if s.kind == DATA)
                yield Problem(f"第 {line} 行{what}，不是人员行", where, f"人员在第 {people} 行" if people else "")


def _several(roster: Roster, text: str, rows: Iterable[int]) -> Problem:
    labels = {sheet.index: sheet.name or sheet.file for sheet in roster.sheets}
    mine = roster.rows.filter(pl.col(ROW).is_in(list(rows)))
    places = [f"{labels[sheet]} 第 {line} 行" for sheet, line in mine.select(SHEET, LINE).iter_rows()]
    more = f" 等 {len(places)} 行" if len(places) > _LISTED else ""
    told = "、".join(places[:_LISTED])
    return Problem(
        f"“{_shown(text)}”有 {len(places)} 行：{told}{more}", _files(roster), "写行号；几张工作表里都有的行号，写成 表名!行号"
    )


def _files(roster: Roster) -> str:
    return "、".join(dict.fromkeys(sheet.file for sheet in roster.sheets))
