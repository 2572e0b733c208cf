"""Rosters larger than memory as canonical tables on disk: read piece by piece, written in parts of the same length."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.assess.partial import ROWS
from jybf.commands.opening import column_map
from jybf.commands.pace import sized
from jybf.commands.request import Request
from jybf.errors import InputError, Problem
from jybf.model import Roster, Sheet, bad
from jybf.report.progress import Doing
from jybf.roster.canonical import canonical, columns, problems_of, values_of
from jybf.roster.cast import no_problems
from jybf.roster.files import Options
from jybf.roster.pieces import Piece, pieces
from jybf.roster.reading import short_names
from jybf.roster.table import Table
from jybf.vocabulary.fields import load_fields

_MARKS = pl.selectors.ends_with(bad(""))


class Parts(msgspec.Struct, frozen=True):
    """Canonical tables on disk: their ``paths`` in order, of ROWS rows but for the last, ``rows`` in all; sheets, notices."""

    paths: tuple[Path, ...]
    rows: int
    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...]

    def part(self, number: int) -> pl.DataFrame:
        """The rows of a part, in their order, with every column that any part has."""
        return pl.concat([self._nothing(), pl.read_parquet(self.paths[number])], how="diagonal").with_columns(_unmarked())

    def whole(self) -> pl.DataFrame:
        """All rows."""
        return pl.concat([self._nothing(), *map(pl.read_parquet, self.paths)], how="diagonal").with_columns(_unmarked())

    def roster(self) -> Roster:
        """All rows, as a history."""
        frame = self.whole()
        return Roster(values_of(frame), problems_of(frame, "历史"), self.sheets)

    def _nothing(self) -> pl.DataFrame:
        there = {name: kind for path in self.paths for name, kind in pl.read_parquet_schema(path).items()}
        return pl.DataFrame(schema={name: there[name] for name in columns() if name in there})


def _unmarked() -> pl.Expr:
    return _MARKS.fill_null(value=False)


class _Taken(msgspec.Struct):
    """What was read so far. ``keyed``: each row is to say of which household and employer it is."""

    keyed: bool
    rows: int = 0
    sheets: dict[int, Sheet] = {}
    notices: dict[str, None] = {}

    def add(self, piece: Piece) -> pl.DataFrame:
        """The rows of ``piece`` behind those before."""
        frame = canonical(piece.tables, self.rows, keyed=self.keyed)
        self.rows += frame.height
        self.notices |= dict.fromkeys(piece.notices)
        _add(self.sheets, piece.tables)
        return frame


def read_parts(
    request: Request,
    paths: Sequence[str],
    folder: Path,
    progress: Doing,
    *,
    keep: Callable[[Roster, int], Collection[str]] | None = None,
    keyed: bool = True,
) -> Parts:
    """The files in ``folder``, of a roster the columns that ``keep`` says of each part, of a history all.

    ``keyed``: of which household and employer each row is.

    Raises InputError with the problems of all files.
    """
    folder.mkdir()
    options = Options(request.sheet, request.encoding, column_map(request), keep is None)
    taken, found = _Taken(keyed), list[Path]()
    for number, frame in enumerate(_even(_frames(paths, options, taken, progress))):
        roster = Roster(frame, no_problems(), short_names([*taken.sheets.values()]))
        there = frame.columns if keep is None else keep(roster, number)
        found.append(folder / f"{number:06}.parquet")
        frame.select(name for name in frame.columns if name in there).write_parquet(
            found[-1], compression="lz4", statistics=False
        )
    return Parts(tuple(found), taken.rows, short_names([*taken.sheets.values()]), tuple(taken.notices))


def _frames(paths: Sequence[str], options: Options, taken: _Taken, progress: Doing) -> Iterator[pl.DataFrame]:
    """The canonical rows of the files piece by piece; of what can't be read all is said at the end."""
    problems: list[Problem] = []
    for path in paths:
        progress(f"读取 {path}{sized(path)}", 0)
        try:
            yield from map(taken.add, pieces(path, options, load_fields(), len(taken.sheets)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)


def _even(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """``frames``, one after the other, in parts of ROWS rows."""
    held = pl.DataFrame()
    for frame in frames:
        held = pl.concat([held, frame], how="diagonal")
        while held.height >= ROWS:
            yield held.head(ROWS).with_columns(_unmarked())
            held = held.slice(ROWS)
    if held.height:
        yield held.with_columns(_unmarked())


def _add(sheets: dict[int, Sheet], tables: Sequence[Table]) -> None:
    """A later piece of a sheet adds its rows to it."""
    for table in tables:
        own = table.sheet
        if known := sheets.get(own.index):
            counts = {kind: known.lines.get(kind, 0) + own.lines.get(kind, 0) for kind in {**known.lines, **own.lines}}
            sheets[own.index] = replace(known, lines=counts)
        else:
            sheets[own.index] = own
