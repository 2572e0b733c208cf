"""What a contradiction is: a name, the forms that it suits, what it does to a row, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from jybf.model import DOUBT

if TYPE_CHECKING:
    from tests.contradictions.sheet import Sheet

Change = Callable[["Sheet", int], Iterable[int] | None]  # gives the other rows of the sheet that it concerns
Value = "Cell | Callable[[Sheet, int], Cell]"


class Contradiction(NamedTuple):
    """``cell``: the field whose cell must be named, "" where it is the row; ``level``: at least this.

    ``kind``: rows stand by themselves, lists come with the roster, or it takes a workbook.
    """

    name: str
    forms: tuple[str, ...]
    change: Change
    cell: str = ""
    level: str = DOUBT
    kind: str = "行"


PEOPLE = "跨省 省内 公岗 丰都公岗 代训 吸纳 雨露 创业 贷款"
DATED = "跨省 省内 代训 吸纳 雨露 创业 贷款"
CARDS = "跨省 省内 公岗 丰都公岗 雨露 创业 贷款"


def says(name: str, forms: str, cell: str, level: str = DOUBT, kind: str = "行", **cells: Value) -> Contradiction:
    """Cells of one row that say something else; a value may be worked out from the row."""

    def change(sheet: Sheet, n: int) -> None:
        told = {field: value(sheet, n) if callable(value) else value for field, value in cells.items()}
        sheet.put(n, **told)

    return Contradiction(name, tuple(forms.split()), change, cell, level, kind)


def does(name: str, forms: str, cell: str, change: Change, level: str = DOUBT, kind: str = "行") -> Contradiction:
    return Contradiction(name, tuple(forms.split()), change, cell, level, kind)
