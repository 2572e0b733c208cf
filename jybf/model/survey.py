"""What ``jybf inspect`` finds in its files before any money is computed: a survey of each."""

from collections.abc import Mapping

import msgspec

from jybf.errors import Problem

# What becomes of a sheet, and of a column that is one of many for the months of a year.
READ, REFUSED, NO_HEADER = "已读", "不能读", "没有认得的表头，没有读"
BY_MONTH = "按月合并"


class Seen(msgspec.Struct, frozen=True):
    """One column. ``field`` "" = not read; ``open``: the fields between which nothing decides; ``near``: a suggestion only.

    ``filled``: its cells with something in them; ``unread``: those of them that can't be read; ``seems``: what they look like.
    """

    at: str
    header: str
    field: str
    how: str
    filled: int
    unread: int = 0
    open: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    seems: str = ""


class Fault(msgspec.Struct, frozen=True):
    """Cells of one column that can't be read for one reason: Excel's names of them and what stands in them."""

    column: str
    field: str
    reason: str
    code: str
    cells: tuple[str, ...]
    texts: tuple[str, ...]


class Gap(msgspec.Struct, frozen=True):
    """Blank cells of one column: the header's own word, and Excel's names of them."""

    field: str
    cells: tuple[str, ...]


class Stretch(msgspec.Struct, frozen=True):
    """Excel rows ``first`` to ``last`` of one kind."""

    kind: str
    first: int
    last: int


class Sum(msgspec.Struct, frozen=True):
    """What a total row states and what the rows come to: 分 if ``money``, else a count. ``cell``: where it stands.

    ``gaps``: the cells among the added that can't be read; with them nothing is proved.
    """

    cell: str
    field: str
    stated: int
    computed: int
    money: bool
    gaps: int = 0


class SheetSurvey(msgspec.Struct, frozen=True):
    """One sheet. ``count``: its rows of data; ``taken``: facts of the title that hold for every row.

    ``blanks``: of each column whose header is marked as one that must be filled, the cells that are not.
    """

    name: str
    state: str
    problems: tuple[Problem, ...] = ()
    hidden: tuple[int, ...] = ()  # Excel rows that are hidden or filtered out, and read all the same
    title: str = ""
    taken: Mapping[str, str] = {}
    header: tuple[int, int] | None = None
    rows: tuple[Stretch, ...] = ()
    count: int = 0
    columns: tuple[Seen, ...] = ()
    faults: tuple[Fault, ...] = ()
    blanks: tuple[Gap, ...] = ()
    elsewhere: tuple[str, ...] = ()  # broken cells that no field needs
    sums: tuple[Sum, ...] = ()

    @property
    def of_people(self) -> bool:
        """Whether its rows are people rather than employers."""
        return any(seen.field in ("姓名", "身份证号") for seen in self.columns)


class FileSurvey(msgspec.Struct, frozen=True):
    """One file. ``problems``: why nothing of it would be computed; ``bytes``: its size."""

    file: str
    kind: str = ""
    bytes: int = 0
    sha256: str = ""
    form: str = ""
    sheets: tuple[SheetSurvey, ...] = ()
    notices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
