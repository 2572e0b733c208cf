"""A list of verdicts that carries the columns of its roster, read as the sheets that it was made of."""

import re
from collections.abc import Iterator, Sequence

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import LINE, MERGED, ROW, VERDICT_COLUMNS, Note
from jybf.roster.carry import HEADLESS, IDLE, LINES, PLACES, TITLE, TOLD, Told, meant
from jybf.roster.cast import PROBLEMS
from jybf.roster.grid import Grid, Origin, column_letters, column_of
from jybf.roster.header import Header
from jybf.roster.typed import Body
from jybf.vocabulary.fields import Fields
from jybf.vocabulary.types import names_of

BLANK = "空"  # of a carried problem: the cell has no value
_VERDICT = len(VERDICT_COLUMNS)
_PLACE = ["文件", "工作表", LINE]
_RUN = r"-(?P<n>[0-9]{1,5})|(?P<a>[A-Z]{1,3})(?::(?P<z>[A-Z]{1,3}))?"
_NEUTRAL = r"^'(\s*[=+\-@＝＋－＠]|[\t\r\n])"  # what a CSV puts before a text that a spreadsheet would run
_HINT = "用 --columns all 重写一份，或用原来的花名册"


def unfolded(grid: Grid, fields: Fields, *, paid: bool) -> list[tuple[Grid, Header | None]]:
    """The sheets whose rows ``grid`` carries, each with its header; any other grid is itself, and its header to be found.

    Where it says what was ``paid`` its verdicts do, and not what the rows once applied for. InputError if what is carried does
    not fit together any more.
    """
    heads = grid.cells.row(0) if grid.cells.height else ()
    if heads[:_VERDICT] != VERDICT_COLUMNS or TITLE not in heads[_VERDICT:]:
        return [(grid, None)]
    if paid:
        judged = pl.when(pl.col(str(VERDICT_COLUMNS.index("结果"))).is_in([MERGED]).not_().fill_null(value=True))
        own = grid.cells.select(judged.then(pl.col(str(n))).alias(str(n)) for n in range(_VERDICT))
        return [(replace(grid, cells=own), None)]
    if lost := [name for name in (PLACES, TOLD) if name not in heads]:
        raise InputError(Problem(f"没有“{'”“'.join(lost)}”列，读不回原来的表", grid.where, _HINT))
    names = [re.sub(_NEUTRAL, r"\1", head or "") if grid.form else head or "" for head in heads]
    rows = grid.cells.slice(1).rename({str(n): name for n, name in enumerate(names) if name in {*_PLACE, TITLE, PLACES, TOLD}})
    rows = _once(rows.filter(pl.any_horizontal(pl.all().is_not_null())), grid)
    if grid.form:
        rows = rows.with_columns(pl.col(pl.String).str.replace(_NEUTRAL, "${1}"))
    parts = rows.group_by("文件", "工作表", TITLE, PLACES, maintain_order=True)
    return [_sheet(grid, part, names, fields, first=not n) for n, (_, part) in enumerate(parts)]


def _once(rows: pl.DataFrame, grid: Grid) -> pl.DataFrame:
    """Each row of the roster once, whatever number of programmes judged it. InputError where two say different things of it."""
    own = [name for name in rows.columns if not name.isdigit() or int(name) >= _VERDICT]
    if rows.select(_PLACE).n_unique() < rows.height:
        rows = rows.unique([*_PLACE, *own], keep="first", maintain_order=True)
    lines = rows.with_columns(pl.col(LINE).str.extract("^([0-9]{1,9})$").cast(pl.Int64))
    lost, twice = lines.filter(pl.col(LINE).is_null()), lines.filter(pl.struct(_PLACE).is_duplicated())
    if lost.height or rows["文件"].null_count():
        raise InputError(Problem("有的行没有写“文件”，或“行号”不是数字，读不回原来的表", grid.where, _HINT))
    if twice.height:
        fault = f"原表的同一行写了两遍，写的不一样：{twice['文件'][0]} 第 {twice[LINE][0]} 行"
        raise InputError(Problem(fault, grid.where, _HINT))
    return lines


def _sheet(grid: Grid, rows: pl.DataFrame, names: Sequence[str], fields: Fields, *, first: bool) -> tuple[Grid, Header]:
    """The ``rows`` of one sheet in its own columns, below a row with the header."""
    carried = [n for n, name in enumerate(names) if n >= _VERDICT and name not in (TITLE, PLACES, TOLD)]
    places = list(_places(str(rows[PLACES][0]))) if rows[PLACES][0] else []
    if len(places) != len(carried) or len({p for p in places if p >= 0}) != sum(p >= 0 for p in places):
        raise InputError(Problem(f"列与“{PLACES}”对不上：写出来之后改过列", grid.where, _HINT))
    at = {place: (names[n], str(n)) for n, place in zip(carried, places, strict=True) if place >= 0}
    heads = [at.get(place, ("", "")) for place in range(max(at, default=-1) + 1)]
    found = [fields.by_name.get(meant(name, fields)) for name, _ in heads]
    shown = ["" if name == HEADLESS.format(column_letters(n)) else name.removesuffix(IDLE) for n, (name, _) in enumerate(heads)]
    nothing = pl.lit(None, pl.String)
    body = rows.select((pl.col(own) if own else nothing).alias(str(place)) for place, (_, own) in enumerate(heads))
    head = pl.DataFrame([[name or None for name in shown]], schema=body.schema, orient="row")
    told = _told(rows[TOLD], grid)
    lines: list[int] = rows[LINE].to_list()
    sheet = Grid(
        file=str(rows["文件"][0]),
        name=rows["工作表"][0] or "",
        sha256=grid.sha256,
        cells=pl.concat([head, body], rechunk=True),
        numbers=lambda _: pl.Series([False]).new_from_index(0, rows.height + 1),
        merged=(),
        notices=grid.notices if first else (),
        form=grid.form,
        notes=tuple(Note(line, *note) for line, one in zip(lines, told, strict=False) if one for note in one.notes),
        origin=Origin(
            grid.where,
            tuple((rows[TITLE][0] or "").split(LINES)),
            pl.Series([0, *lines], dtype=pl.Int64),
            _problems(told),
        ),
    )
    return sheet, Header(0, 0, tuple(shown), tuple(found))


def _places(text: str) -> Iterator[int]:
    """What ``carry`` wrote, column by column; -1 for one that the sheet does not have."""
    for run in text.split(","):
        found = re.fullmatch(_RUN, run)
        if not found:
            yield -2
        elif found["n"]:
            yield from [-1] * int(found["n"])
        else:
            yield from range(column_of(found["a"]), column_of(found["z"] or found["a"]) + 1)


def _told(texts: pl.Series, grid: Grid) -> list[Told | None]:
    try:
        return [msgspec.json.decode(text, type=Told) if text else None for text in texts] if texts.count() else []
    except msgspec.MsgspecError:
        raise InputError(Problem(f"“{TOLD}”列改过，读不回原来的表", grid.where, _HINT)) from None


def _problems(told: Sequence[Told | None]) -> pl.DataFrame:
    each = [(row, *problem) for row, one in enumerate(told) if one for problem in one.problems]
    return pl.DataFrame(each, schema={**PROBLEMS, BLANK: pl.Boolean}, orient="row")


def known_before(rows: pl.DataFrame, problems: pl.DataFrame, body: Body) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``rows`` and ``problems`` of a carried sheet with what its cells, as texts, don't tell any more.

    A cell that says something else by now has been corrected, and is as it is read.
    """
    if not body.grid.origin or body.grid.origin.problems.is_empty():
        return rows, problems
    told, fields = body.grid.origin.problems, body.fields
    now = [_text(body, name, row) for row, name in told.select(ROW, "字段").iter_rows()]
    told = told.with_columns(pl.Series("今", now, dtype=pl.String))
    told = told.filter((pl.col("今") == pl.col("原文")).fill_null(value=True)).drop("今")
    for (name,), part in told.filter(BLANK).group_by("字段", maintain_order=True):
        columns = [one for one in names_of(fields.by_name[str(name)]) if one in rows.columns] if name in fields.by_name else []
        at = pl.int_range(rows.height).is_in(part[ROW].implode())
        rows = rows.with_columns(pl.when(~at).then(pl.col(one)).alias(one) for one in columns)
    whole = pl.concat([told.drop(BLANK), problems])
    return rows, whole.unique([ROW, "字段"], keep="first", maintain_order=True)


def _text(body: Body, name: str, row: int) -> str | None:
    """What the cell says that fills field ``name``: its own, else that of a composite one."""
    own = name if name in body.columns else next((one for one in body.columns if name in body.fields.by_name[one].into), "")
    return body.texts(own)[row] if own else None
