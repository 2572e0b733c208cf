"""What speaks for each meaning of an ambiguous header: the title, the columns beside it, its unit, its values."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl

from jybf.regex import pattern
from jybf.roster.grid import Grid
from jybf.roster.header import Header
from jybf.roster.readers import reader_of
from jybf.roster.title import Title
from jybf.vocabulary.fields import Fields, Option
from jybf.vocabulary.values.choices import fold_word
from jybf.vocabulary.values.ids import credit_code_ok
from jybf.vocabulary.values.text import Unreadable, plain

_SAMPLE = 200  # rows looked at to decide a header by its values


class Sign(NamedTuple):
    """A field that a header may mean, and what speaks for it, in the user's words."""

    field: str
    how: str


def find_signs(
    options: Sequence[Option],
    grid: Grid,
    header: Header,
    column: int,
    title: Title,
    sure: set[str],
    fields: Fields,
    share: float = 0.5,
) -> tuple[Sign, ...]:
    """The options whose evidence holds: of values, in more than ``share`` of them. ``sure``: the fields beyond doubt."""
    values = grid.cells[str(column)].slice(header.last + 1).drop_nulls().head(_SAMPLE).to_list()
    said = _said([word for option in options for word in option.title], grid, header, title)

    def how(option: Option) -> str:
        """The kind of evidence that speaks for it; "" if it asks for none, or for one that fails."""
        kinds = (
            ("按表题", option.title, lambda: any(all(word in text for text in said) for word in option.title)),
            ("按同表的列", option.columns, lambda: set(option.columns) <= sure and not set(option.without) & sure),
            ("按表头的单位", option.header, lambda: bool(re.search(option.header, plain(header.names[column])))),
            ("按取值", option.values or option.like, lambda: _matching(values, _matcher(option, fields)) > share),
        )
        asked = [(kind, holds) for kind, is_asked, holds in kinds if is_asked]
        return asked[-1][0] if asked and all(holds() for _, holds in asked) else ""

    return tuple(Sign(option.field, by) for option in options if (by := how(option)))


def _said(words: Sequence[str], grid: Grid, header: Header, title: Title) -> list[str]:
    """What tells of what a sheet is: its title and name; its 补贴项目 or file only where those say none of ``words``.

    Each of several has to say it: a sheet of several programmes is about none of them.
    """
    above = f"{title.text} {grid.name}"
    if not words or any(word in above for word in words):
        return [above]
    file = re.split(r"[\\/]", grid.file)[-1]
    programs = [c for c, found in enumerate(header.found) if found and found.name == "补贴项目"]
    listed = [grid.cells[str(c)].slice(header.last + 1).drop_nulls().unique() for c in programs]
    return [text for texts in listed for text in texts] or [file]


def _matching(values: Sequence[str], matches: Callable[[str], bool]) -> float:
    return sum(map(matches, values)) / len(values) if values else 0


def _matcher(option: Option, fields: Fields) -> Callable[[str], bool]:
    if not option.like:
        return _shaped(re.compile(f".*(?:{option.values}).*", re.DOTALL))
    return value_matcher(option.like, fields)


def value_matcher(name: str, fields: Fields) -> Callable[[str], bool]:
    """Whether a cell can be read as a value of field ``name``; what an enum calls vague is of its kind too."""
    field = fields.by_name[name]
    if field.type == "enum":
        known = {fold_word(w) for v, spellings in field.values.items() for w in (v, *spellings)}
        known |= {fold_word(word) for word in field.vague}
        return lambda value: fold_word(value) in known
    parse = reader_of(field, fields).parse
    return lambda value: parse is not None and not isinstance(parse(value)[0], Unreadable | None)


_SHAPES = (("手机号", pattern(r"1[3-9]\d{9}")), ("银行卡号", pattern(r"62\d{14,17}")))
_LOOKS = (("身份证号", "身份证号"), ("人员类别", "人员类别"), ("申请日期", "日期"), ("务工省", "省份"))


def seems(cells: pl.Series, fields: Fields) -> str:
    """What most of ``cells`` look like, in the user's words; "" if like nothing in particular. Nothing is read by it."""
    values = cells.drop_nulls().head(_SAMPLE).to_list()
    tests: list[tuple[str, Callable[[str], bool]]] = [("统一社会信用代码", credit_code_ok)]
    tests += [(word, _shaped(shape)) for word, shape in _SHAPES]
    tests += [(word, value_matcher(name, fields)) for name, word in _LOOKS]
    return next((word for word, test in tests if _matching(values, test) > 0.5), "")


def _shaped(shape: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: bool(shape.fullmatch(plain(value)))
