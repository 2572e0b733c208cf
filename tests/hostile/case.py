"""What a hostile file is and what it must get: the vocabulary of the corpus."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

SECRET = "GLWXCANARY7731"  # noqa: S105 - stands in a file that no input may make the program read


class Row(NamedTuple):
    """A row of the result: Excel's row, name, ID and the sum to be paid ("" where nothing may be paid)."""

    line: int
    name: str
    id: str
    amount: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case is made: its folder, a file with a secret beside it, and a port at which somebody listens."""

    folder: Path
    canary: Path
    port: int


@dataclass(frozen=True, slots=True)
class Expect:
    """``codes``: the exit codes allowed; ``rows``: all rows of the result where there is one; ``says``: words on stderr, each an alternative.

    ``says`` hold for a refusal if a refusal is allowed, else for a reading; ``cells`` are those that ``audit`` must name;
    ``never`` may stand in no output.
    """

    kind: str
    codes: tuple[int, ...]
    rows: tuple[Row, ...] | None = None
    says: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One file: what it is (``name``), of which class, how it is called, how it is made, and what it must get."""

    name: str
    group: str
    file: str
    make: Callable[[Place], bytes]
    expect: Expect
    options: tuple[str, ...] = ()

    def write(self, place):
        """Make the file in the folder of ``place``; return its path."""
        path = place.folder / self.file
        path.write_bytes(self.make(place))
        return path


def refused(*says, never=()):
    """Exit 3 and nothing assessed; the message has one of the words ``says``."""
    return Expect("refused", (3,), None, says, (), never)


def reads(rows, *, says=(), cells=(), never=()):
    """Exactly these rows; stderr has every one of the words ``says``; ``audit`` names the ``cells``."""
    return Expect("read", (0, 1), tuple(rows), says, cells, never)


def either(rows, *says, never=()):
    """Exactly these rows (None: whatever they are), or a refusal with one of the words ``says``."""
    return Expect("either", (0, 1, 3), None if rows is None else tuple(rows), says, (), never)
