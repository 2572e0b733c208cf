"""Files → one Roster: every sheet read, every problem of every file told at once."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
from msgspec.structs import replace

from jybf.errors import InputError, Problem
from jybf.model import LINE, ROW, SHEET, Roster, Sheet, bad
from jybf.roster.carry import together
from jybf.roster.cast import PROBLEMS, no_problems
from jybf.roster.files import File, Options, read_file
from jybf.roster.homes import with_homes
from jybf.roster.mapping import NO_MAP, ColumnMap
from jybf.roster.table import Table
from jybf.visible import sentence
from jybf.vocabulary.fields import load_fields


def read(
    paths: Sequence[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: ColumnMap = NO_MAP,
    progress: Callable[[str], None] | None = None,
    paid: bool = False,
    carried: bool = False,
    keyed: bool = True,
) -> Roster:
    """Read rosters (xlsx, xls, ods, CSV; "-" is stdin) into one typed table.

    ``sheet`` picks one sheet of each workbook by name or number from 1; ``encoding`` is that of text files; ``columns``: the
    user's own map, where the dictionary does not know better; ``paid``: the files say what was paid earlier; ``carried``: keep
    ``Roster.own``; ``keyed``: say of which household and employer each row is. ``progress`` hears each file's name as it is
    begun. InputError carries the problems of all files; then nothing is read.
    """
    fields, options = load_fields(), Options(sheet, encoding, columns, paid, carried)
    tables: list[Table] = []
    notices: list[str] = []
    problems: list[Problem] = []
    for path in paths:
        if progress:
            progress(path)
        try:
            own, told = _tables(read_file(path, options, fields, len(tables)))
        except InputError as error:
            problems += error.problems
        else:
            tables += own
            notices += told
    if problems:
        raise InputError(*problems)
    return gather(tables, notices, keyed=keyed)


def _tables(file: File) -> tuple[list[Table], tuple[str, ...]]:
    """What is read of ``file``, and notices; its cells as they stand go with it. InputError for its problems."""
    if file.problems:
        raise InputError(*file.problems)
    return [page.table for page in file.pages if page.table], file.notices


def gather(tables: Sequence[Table], notices: Sequence[str], *, keyed: bool = True) -> Roster:
    """The ``tables`` of some files as one Roster, their rows numbered through and, if ``keyed``, their keys put together."""
    rows: list[pl.DataFrame] = []
    problems: list[pl.DataFrame] = [no_problems()]
    start = 0
    for table in tables:
        place = pl.int_range(start, start + table.rows.height, dtype=pl.Int64, eager=True)
        own = pl.lit(table.sheet.index, dtype=pl.Int64).alias(SHEET)
        rows.append(table.rows.select(place.alias(ROW), own, LINE, pl.exclude(LINE)))
        problems.append(table.problems.with_columns(pl.col(ROW) + start))
        start += table.rows.height
    found = pl.concat(problems).select(*PROBLEMS).sort(ROW, maintain_order=True)
    own = _marked(pl.concat(rows, how="diagonal"), found)
    whole = with_homes(own) if keyed else own
    carried = [table.carried for table in tables if table.carried]
    return Roster(whole, found, short_names([t.sheet for t in tables]), tuple(notices), together(carried) if carried else None)


def short_names(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """A file goes by its name, and by its path where two have the same name."""
    paths = dict.fromkeys(sheet.file for sheet in sheets)
    count = Counter(Path(path).name for path in paths)
    short = {path: Path(path).name if count[Path(path).name] == 1 else path for path in paths}
    return tuple(replace(sheet, file=short[sheet.file], name=sentence(sheet.name)) for sheet in sheets)


def _marked(rows: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """Say of each field with unreadable cells which rows they are in. ``_row`` is the row's index."""
    marks: list[pl.Series] = []
    for (name,), of_field in problems.group_by(["字段"], maintain_order=True):
        mark = pl.Series([False]).new_from_index(0, rows.height).scatter(of_field[ROW], True)
        marks.append(mark.alias(bad(str(name))))
    return rows.with_columns(marks)
