"""Which column holds which field: decides the ambiguous headers or asks, refuses conflicts, lists the unknown."""

from collections.abc import Iterator, Mapping

import msgspec

from jybf.errors import InputError, Problem
from jybf.model import Field
from jybf.roster.evidence import Sign, find_signs
from jybf.roster.grid import Grid, column_letters
from jybf.roster.header import Header
from jybf.roster.title import Title
from jybf.vocabulary.fields import Choice, Fields

ASK = "用 jybf inspect --write-map 写出列名文件，改好后用 --map"
BY_NAME, BY_BOTH, BY_MAP, BY_DEFAULT = "列名", "两层表头", "--map", "没有依据"


class Columns(msgspec.Struct, frozen=True):
    """Field → column (from 0), the headers nobody knows, and notices on what was decided.

    ``how``: by column, what told the field; ``open``: ambiguous columns that nothing decides, with their fields;
    ``problems``: why the sheet can't be read as long as nobody decides.
    """

    by_field: Mapping[str, int]
    unknown: tuple[str, ...]
    notices: tuple[str, ...]
    how: Mapping[int, str]
    open: Mapping[int, tuple[str, ...]]
    problems: tuple[Problem, ...]
    claims: Mapping[int, str]  # column → field, also of columns in conflict


def map_columns(grid: Grid, header: Header, title: Title, fields: Fields) -> Columns:
    """Map the columns of ``grid``. InputError: two columns that claim one field, and open questions of money."""
    columns = choose_columns(grid, header, title, fields)
    if columns.problems:
        raise InputError(*columns.problems)
    return columns


def choose_columns(grid: Grid, header: Header, title: Title, fields: Fields) -> Columns:
    """The columns of ``grid``, with what stands against reading it as ``problems``."""
    decided: dict[int, Field] = {c: f for c, f in enumerate(header.found) if isinstance(f, Field)}
    how = {c: BY_MAP if header.mapped else BY_BOTH if "/" in header.names[c] else BY_NAME for c in decided}
    sure = {f.name for f in decided.values()}
    choices = {c: choice for c, choice in enumerate(header.found) if isinstance(choice, Choice)}
    notices: list[str] = []
    problems: list[Problem] = []
    for column, choice in choices.items():
        name, signs = _decide(choice, grid, header, column, title, sure, fields)
        if name:
            decided[column], how[column] = fields.by_name[name], _by(signs, name)
            if header.names[column] != name or how[column] == BY_DEFAULT:
                notices.append(_about_decided(grid, header, column, decided[column], how[column]))
        elif choice.must and _filled(grid, header, column):
            problems.append(Problem(_about_open(header, column, choice), grid.where, ASK))
        else:
            notices.append(f"{grid.where}：{_about_open(header, column, choice)}，没有用到；要用就{ASK}")
    by_field = {decided[c].name: c for c in sorted(decided, reverse=True)}  # the first of a repeated one wins
    return Columns(
        by_field=dict(sorted(by_field.items(), key=lambda item: item[1])),
        unknown=_unknown(grid, header),
        notices=tuple(notices),
        how=how,
        open={c: choice.fields for c, choice in choices.items() if c not in decided},
        problems=(*_conflicts(decided, grid, header), *problems),
        claims={c: field.name for c, field in sorted(decided.items())},
    )


def _at(header: Header, column: int) -> str:
    return f"{column_letters(column)}{header.last + 1}"


def _decide(
    choice: Choice, grid: Grid, header: Header, column: int, title: Title, sure: set[str], fields: Fields
) -> tuple[str, tuple[Sign, ...]]:
    """The field that the header means, "" if nothing decides, and the signs that were found."""
    left = tuple(option for option in choice.options if option.field not in sure)
    names = dict.fromkeys(option.field for option in left)
    if len(names) == 1 and len(names) < len(choice.fields):
        name = next(iter(names))
        return name, (Sign(name, "按同表的列"),)
    signs = find_signs(left, grid, header, column, title, sure, fields)
    # Where it must be right, a single value that speaks for another field is too much.
    rivals = find_signs(left, grid, header, column, title, sure, fields, share=0) if choice.must else signs
    if signs and len({sign.field for sign in (*signs, *rivals)}) == 1:
        return signs[0].field, signs
    return ("" if choice.otherwise in sure else choice.otherwise), ()


def _by(signs: tuple[Sign, ...], name: str) -> str:
    return next((sign.how for sign in signs if sign.field == name), BY_DEFAULT)


def _about_decided(grid: Grid, header: Header, column: int, field: Field, how: str) -> str:
    meant = f"；{field.meaning}" if field.meaning else ""
    doubt = f"，表上没有写明，不对时用 --map 指定{meant}" if how == BY_DEFAULT else f"（{how}）"
    return f"{grid.where}：表头“{header.names[column]}”（{_at(header, column)}）按“{field.name}”理解{doubt}"


def _about_open(header: Header, column: int, choice: Choice) -> str:
    named = f"表头“{header.names[column]}”（{_at(header, column)}）"
    if len(choice.fields) == 1:
        return f"{named}没有写明单位（元/月、元/天、元/人等）"
    return f"{named}可能是{'、'.join(f'“{name}”' for name in choice.fields)}，表题、同表的列和取值都定不了"


def _filled(grid: Grid, header: Header, column: int) -> bool:
    return grid.cells[str(column)].slice(header.last + 1).count() > 0


def _conflicts(decided: Mapping[int, Field], grid: Grid, header: Header) -> Iterator[Problem]:
    claims: dict[str, list[int]] = {}
    for column, field in sorted(decided.items()):
        if not field.repeat:
            claims.setdefault(field.name, []).append(column)
    for name, columns in claims.items():
        if len(columns) > 1:
            named = "、".join(f"“{header.names[c]}”（{_at(header, c)}）" for c in columns)
            yield Problem(f"{named}都是“{name}”，不能断定用哪一列", where=grid.where, hint=f"改名或删去其中一列，或者{ASK}")


def _unknown(grid: Grid, header: Header) -> tuple[str, ...]:
    """Headers that name no field, and columns with values but no header."""
    unknown: list[str] = []
    for column, (name, found) in enumerate(zip(header.names, header.found, strict=False)):
        if name and not found:
            unknown.append(name)
        elif not name and not found and _filled(grid, header, column):
            unknown.append(f"（{column_letters(column)} 列没有表头）")
    return tuple(unknown)
