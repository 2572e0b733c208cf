"""Which programmes a row is about: what the user asked for, its own 补贴项目 cell, the sheet's title, or its columns."""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from jybf.assess.stages import hits
from jybf.model import SHEET, Pack, Program, Roster, Sheet
from jybf.policy.named import program_named
from jybf.roster.canonical import CELL, called

CERTAIN = 100  # a cell or an option that names the programme outright


def chosen(pack: Pack, names: Sequence[str], option: str = "--program") -> tuple[int, ...]:
    """The programmes that the user's ``names`` (ids, or unambiguous parts of one) pick; all that pay if there are none.

    Raises :class:`UsageError` for a name, given by ``option``, that picks none or several.
    """
    picked = tuple(program_named(pack, name, option) for name in names)
    return picked or paying(pack)


def paying(pack: Pack) -> tuple[int, ...]:
    """The programmes of ``pack`` that pay, as indexes: all but its controls."""
    return tuple(i for i, program in enumerate(pack.programs) if program.amount.pays)


def candidates(
    roster: Roster, pack: Pack, names: Sequence[str] = (), *, force: bool = False, controls: bool = False
) -> pl.DataFrame:
    """``_hits_<i>`` per row of ``roster.rows`` (Int64, 0: not about it) for each programme that any row may be about.

    A row that nothing names a programme for is about those of ``names``, if there are any; one that is named for others is
    not, unless they are to ``force`` every row.
    """
    wanted = wanted_of(pack, names, force=force, controls=controls)
    if force:
        return pl.select(pl.repeat(CERTAIN, roster.rows.height, dtype=pl.Int64).alias(hits(i)) for i in wanted)
    by_sheet, by_cell, about = _told(roster, pack, names, wanted, controls=controls)
    sheets = [sheet.index for sheet in roster.sheets]
    rows = pl.DataFrame(
        roster.rows[SHEET].replace_strict(sheets, by_sheet[i], default=None, return_dtype=pl.Int64).alias(hits(i))
        for i in about
    )
    rows = _by_cell(roster.rows[CELL], by_cell, rows, about) if by_cell else rows
    rows = _theirs_alone(rows, wanted) if names else rows
    most = rows.max().row(0) if rows.width else ()
    return rows.select(name for name, best in zip(rows.columns, most, strict=True) if best)


def candidate_programs(roster: Roster, pack: Pack, names: Sequence[str], *, force: bool) -> Sequence[int]:
    """The programmes of :func:`candidates`, and perhaps some for which none of the rows is left there."""
    wanted = wanted_of(pack, names, force=force)
    return wanted if force else _told(roster, pack, names, wanted, controls=False)[2]


def _told(
    roster: Roster, pack: Pack, names: Sequence[str], wanted: Sequence[int], *, controls: bool
) -> tuple[Mapping[int, list[int]], Mapping[str, Mapping[int, int]], Sequence[int]]:
    """How well each sheet, and each text of a 补贴项目 cell, names which programmes; and those that are named or asked for."""
    pays = {pack.programs[i].amount.pays for i in wanted}
    indexes = tuple(i for i, program in enumerate(pack.programs) if program.amount.pays in pays)
    by_sheet = _by_sheet(roster, pack, indexes, wanted if names else ())
    cells = roster.rows[CELL].unique() if CELL in roster.rows.columns and not controls else ()
    by_cell = {value: _cell_hits(value, pack, indexes) for value in cells if value}
    named = {*(i for own in by_cell.values() for i in own), *(wanted if names else ())}
    return by_sheet, by_cell, [i for i in indexes if i in named or any(by_sheet[i])]


def wanted_of(pack: Pack, names: Sequence[str], *, force: bool = False, controls: bool = False) -> tuple[int, ...]:
    """The programmes that are asked for: those of ``names``, else all, be it all ``controls``. Raises UsageError."""
    if controls and not names:
        return tuple(i for i, program in enumerate(pack.programs) if not program.amount.pays)
    return chosen(pack, names, "--as-program" if force else "--program")


def _theirs_alone(rows: pl.DataFrame, wanted: Sequence[int]) -> pl.DataFrame:
    """``rows`` without the other programmes where one of the ``wanted`` is named better than any of them."""
    others = [name for name in rows.columns if name not in {hits(i) for i in wanted}]
    better = pl.max_horizontal(*(hits(i) for i in wanted)) > pl.max_horizontal(0, *others)
    return rows.with_columns(pl.when(better).then(0).otherwise(name).alias(name) for name in others)


def _by_sheet(roster: Roster, pack: Pack, indexes: Sequence[int], silent: Sequence[int]) -> dict[int, list[int]]:
    """Programme → one number a sheet."""
    named = [_sheet_hits(pack, indexes, sheet, silent) for sheet in roster.sheets]
    return {i: [each[i] for each in named] for i in indexes}


def _sheet_hits(pack: Pack, indexes: Sequence[int], sheet: Sheet, silent: Sequence[int]) -> dict[int, int]:
    """Words of the title that name each programme; where it names none, the ``silent`` ones, else 1 for those with a column."""
    text = called(sheet)
    named = {i: _words(pack.programs[i], text) for i in indexes}
    if any(named.values()):
        return named
    if silent:
        return {i: CERTAIN * (i in silent) for i in indexes}
    return {i: int(any(column in sheet.columns for column in pack.programs[i].columns)) for i in indexes}


def _words(program: Program, text: str) -> int:
    if any(word in text for word in program.unless):
        return 0
    return CERTAIN if program.id in text else sum(word in text for word in program.titles)


def _by_cell(cells: pl.Series, best: Mapping[str, Mapping[int, int]], rows: pl.DataFrame, about: Sequence[int]) -> pl.DataFrame:
    """A filled 补贴项目 cell speaks for its row alone, whatever the sheet's title says."""
    for i in about:
        own = cells.replace_strict(
            {value: named.get(i, 0) for value, named in best.items()}, default=None, return_dtype=pl.Int64
        )
        rows = rows.with_columns(pl.coalesce(own, pl.col(hits(i))).alias(hits(i)))
    return rows


def _cell_hits(value: str, pack: Pack, indexes: Sequence[int]) -> dict[int, int]:
    text = re.sub(r"\s", "", value)
    if text in {pack.programs[i].id for i in indexes}:
        return {i: CERTAIN for i in indexes if pack.programs[i].id == text}
    found = {i: _words(pack.programs[i], text) for i in indexes}
    return {i: n for i, n in found.items() if n}


def named(roster: Roster, pack: Pack) -> pl.Series:
    """Per row: whether a title or a 补贴项目 cell (and not merely its columns) names a programme."""
    telling = {s.index: any(_words(program, called(s)) for program in pack.programs) for s in roster.sheets}
    by_title = roster.rows[SHEET].replace_strict(telling, return_dtype=pl.Boolean)
    if CELL not in roster.rows.columns:
        return by_title
    return by_title | roster.rows[CELL].is_not_null()
