"""What a check reads: every row with every fact it may name, what it claims, and what the assessment said of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.assess import assess, places
from jybf.assess.history import earlier_payments
from jybf.assess.known import know
from jybf.audit import wording
from jybf.audit.in_force import ground_in_force
from jybf.model import LINE, PAID, RESULTS, ROW, SHEET, Listing, Pack, Program, Roster, Verdicts, bad, last
from jybf.vocabulary.facts import VOID
from jybf.vocabulary.frames import at, kept, looked_up
from jybf.vocabulary.roles import STAGES

Which = Callable[[Program], bool]

CLAIMS, FEN, COLUMN = "_领", "_分", "_列"  # does the row claim money; how much (分); which column says so
PLACE, OF_LIST = "_处", "_单"  # where a row of a list stands; behind the name of a list's own fact
DAY = "_基准"  # the day that governs the row, as an interval: DAY, last(DAY)
FALLBACK = ("申请日期", "所属期", "表题年度")  # governs a row that belongs to no programme
PAYS = ("补贴", "补助", "奖补", "奖励", "贴息", "申请", "申报", "发放", "领取")


class Book(msgspec.Struct, frozen=True):
    """The input of every check.

    ``rows``: the roster's, with a null column for each field that it lacks, and ``_领`` (Boolean), ``_分`` (Int64, null if
    unstated or unreadable), ``_列``, ``_基准`` and ``_基准_末`` (Date). ``columns``: those that the roster has.
    ``members``: which row belongs to which programme (``_row``, 项目), be it as one of an employer's workers; ``held``: the
    programmes that occur there.
    ``past``: the history's payments in the same columns, with a negative ``_row`` and the programme's index as 项目.
    ``controls``: verdicts on the pack's controls, beside those on its programmes. ``lists``: the lists given, by kind.
    """

    roster: Roster
    pack: Pack
    verdicts: Verdicts
    controls: Verdicts
    rows: pl.DataFrame
    columns: tuple[str, ...]
    past: pl.DataFrame
    members: pl.DataFrame
    held: frozenset[int]
    lists: Mapping[str, Listing] = {}
    _listed: dict[str, pl.DataFrame] = {}  # what listed() has laid out

    def listed(self, kind: str) -> pl.DataFrame:
        """The rows of a list that may concern the roster, with every fact, and ``_处``: where each stands."""
        if kind not in self._listed:
            roster = self.lists[kind].roster
            names = {sheet.index: f"《{sheet.file}》{sheet.name}第 " for sheet in roster.sheets}
            place = pl.col(SHEET).replace_strict(names, return_dtype=pl.String) + pl.col(LINE).cast(pl.String) + " 行"
            self._listed[kind] = complete(know(roster.rows, self.pack)).with_columns(place.alias(PLACE))
        return self._listed[kind]

    def hits(self, kind: str, key: str = "身份证号", *, by: str = "", rows: pl.DataFrame | None = None) -> pl.DataFrame:
        """Each of ``rows`` (default: all) with each row of the list whose ``by`` (default: ``key``) is its own ``key``.

        The list's facts have the names that :func:`theirs` gives; ``_处`` is where in the list they stand.
        """
        mine = self.rows if rows is None else rows
        listed = self.listed(kind).filter(pl.col(by or key).is_not_null())
        found = listed.select(pl.col(by or key).alias(key), PLACE, pl.exclude(PLACE, key).name.suffix(OF_LIST))
        return mine.join(found, on=key, how="inner", maintain_order="left_right")

    def missing_from(self, kind: str, rows: pl.DataFrame, key: str = "身份证号") -> pl.DataFrame:
        """Those of ``rows`` whose ``key`` is known and stands nowhere in the list."""
        return rows.filter(pl.col(key).is_not_null()).join(self.listed(kind), on=key, how="anti", maintain_order="left")

    def drawn(self, kind: str) -> str:
        """A list in words, with the day on which it was drawn."""
        day = self.lists[kind].drawn
        return f"{kind}名单（数据时点{f' {day}' if day else '不明'}）".replace("名单名单", "名单")

    def cases(self, wanted: Which) -> pl.DataFrame:
        """The verdicts of the programmes that are ``wanted``."""
        return self.verdicts.rows.filter(self.is_of(wanted))

    def judged(self, wanted: Which) -> pl.DataFrame:
        """One line a row and ``wanted`` programme: the row's facts, then 项目 and the verdict's columns."""
        return self.beside(self.cases(wanted))

    def beside(self, lines: pl.DataFrame, *texts: wording.Text) -> pl.DataFrame:
        """``lines`` (with ``_row``), each behind the facts of its row: to join them would take three times as long.

        With ``texts`` only the facts that these read: of a million rows all of them are hundreds of megabytes.
        """
        read = wording.read_by(*texts) - {*lines.columns} if texts else {*self.rows.columns} - {*lines.columns}
        facts = self.rows.select(name for name in self.rows.columns if name in read)
        return at(facts, lines[ROW]).hstack(lines) if read else lines

    def of(self, wanted: Which) -> pl.DataFrame:
        """The rows that belong to any ``wanted`` programme, be it as one of an employer's workers; each once."""
        here = pl.Series([False]).new_from_index(0, self.rows.height)  # a row's number is its place
        return kept(self.rows, here.scatter(self._members(wanted)[ROW], values=True))

    def claims(self, wanted: Which | None = None) -> pl.DataFrame:
        """The rows that claim money, those of the ``wanted`` programmes or all."""
        rows = self.of(wanted) if wanted else self.rows
        return kept(rows, rows[CLAIMS])

    def pool(self, wanted: Which) -> pl.DataFrame:
        """All that may collide: rows of the input and of the history (``_row`` negative), once a programme, with 项目."""
        rows = self.beside(self._members(wanted).sort(ROW, "项目"))
        if self.verdicts.history is None:
            return rows
        return pl.concat([rows, self.past.filter(self.is_of(wanted))], how="diagonal_relaxed").sort(ROW, "项目")

    def concerned(self, wanted: Which) -> bool:
        """Whether any row belongs to a ``wanted`` programme."""
        return any(wanted(self.pack.programs[index]) for index in self.held)

    def has(self, field: str) -> bool:
        """Whether any row says anything under ``field``, be it unreadable."""
        rows = self.verdicts.known
        said = field in rows.columns and rows[field].null_count() < rows.height
        return said or (bad(field) in rows.columns and bool(rows[bad(field)].any()))

    def where(self, rows: pl.Series) -> pl.Expr:
        """Which file, sheet and line each ``_row`` in ``rows`` is, in words; negative: of the history."""
        return pl.lit(places(rows, self.verdicts, self.roster))

    def named(self) -> pl.Expr:
        """The name of the row's 项目."""
        return self._each([program.id for program in self.pack.programs])

    def cited(self) -> pl.Expr:
        """The document and clause of the row's 项目."""
        return ground_in_force(self.pack.programs)

    def clauses(self, code: str) -> str:
        """The document and the clauses that carry ``code``, as a citation; empty when there are none."""
        clauses = [clause for program in self.pack.programs for clause in program.clauses if clause.code == code]
        return "、".join(dict.fromkeys(clause.source + clause.cite for clause in clauses))

    def is_of(self, wanted: Which) -> pl.Expr:
        """Whether the row's 项目 is one of the ``wanted`` programmes."""
        return pl.col("项目").is_in([i for i, program in enumerate(self.pack.programs) if wanted(program)])

    def _members(self, wanted: Which) -> pl.DataFrame:
        return self.members.filter(self.is_of(wanted))

    def _each(self, texts: list[str]) -> pl.Expr:
        return pl.col("项目").replace_strict(dict(enumerate(texts)), return_dtype=pl.String)


def theirs(name: str) -> str:
    """The column of :meth:`Book.hits` with the list's own value of field ``name``."""
    return f"{name}{OF_LIST}"


def open_book(
    roster: Roster, pack: Pack, verdicts: Verdicts, history: Roster | None = None, lists: Sequence[Listing] = ()
) -> Book:
    """Complete the rows, work out what each one claims and which day governs it, and assess the pack's controls."""
    verdicts = replace(verdicts, history=history or verdicts.history)
    own = verdicts.known
    rows = complete(own).with_columns(_money()).with_columns(_claims(roster, verdicts))
    controls = assess(roster, pack, as_of=verdicts.as_of, controls=True, known=own)
    by_kind = {listing.kind.name: listing for listing in lists}
    past = _past(verdicts, rows)
    members, rows = _members(verdicts), _governed(rows, verdicts)
    held = frozenset(members["项目"].unique())
    return Book(roster, pack, verdicts, controls, rows, tuple(own.columns), past, members, held, by_kind)


def narrowed(book: Book, verdicts: Verdicts) -> Book:
    """``book`` as if it had only the programmes that ``verdicts`` are of."""
    members = _members(verdicts)
    verdicts = replace(verdicts, history=book.verdicts.history)
    return replace(book, verdicts=verdicts, members=members, held=frozenset(members["项目"].unique()))


def _members(verdicts: Verdicts) -> pl.DataFrame:
    return pl.concat([frame.select(ROW, "项目") for frame in (verdicts.rows, verdicts.merged)]).unique(maintain_order=True)


def complete(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with a null column for every canonical field that no sheet has, and without the 结果 of an earlier output.

    Literals take no room, however often they are filtered and joined; a column of nulls takes 16 bytes a row each time.
    """
    have = set(rows.columns)
    lacking = [nothing for name, nothing in _nothing().items() if name not in have]
    return rows.drop("结果", strict=False).with_columns(lacking)


@cache
def _nothing() -> dict[str, pl.Expr]:
    """The null column of each canonical field: to say it costs more than to lay it out, and a small roster lacks hundreds."""
    return {name: pl.lit(None, dtype).alias(name) for name, dtype in wording.columns().items()}


def _money() -> list[pl.Expr]:
    """The sum that the last stage states, and the column that states it. A post may pay in two columns."""
    posts = pl.sum_horizontal(STAGES[-2:], ignore_nulls=True)
    stated = [pl.col(name).is_not_null() for name in STAGES]
    fen = pl.coalesce(*STAGES[:-2], pl.when(stated[-2] | stated[-1]).then(posts))
    column = pl.coalesce(pl.when(there).then(pl.lit(name)) for there, name in zip(stated, STAGES, strict=True))
    return [fen.alias(FEN), column.alias(COLUMN)]


def _claims(roster: Roster, verdicts: Verdicts) -> pl.Expr:
    """Whether a row claims: it states a sum, or one that can't be read, or it stands on a list of payments without sums.

    So does whatever would be paid, be its own cell blank, or would be but for its saying that it is void.
    """
    void = (
        verdicts.known.filter(pl.col(VOID).is_not_null())[ROW]
        if VOID in verdicts.known.columns
        else pl.Series([], dtype=pl.Int64)
    )
    due = (pl.col("结果") == RESULTS.index(PAID)) | ((pl.col("可望") > 0) & pl.col(ROW).is_in(void.implode()))
    paid = verdicts.rows.filter(due)[ROW].unique()
    marks = [pl.col(bad(name)) for name in STAGES if bad(name) in roster.rows.columns]
    unreadable = pl.any_horizontal(marks) if marks else pl.lit(value=False)
    silent = [sheet.index for sheet in roster.sheets if not set(STAGES) & set(sheet.columns)]
    told = [sheet.index for sheet in roster.sheets if any(word in sheet.title for word in PAYS)]
    listed = pl.any_horizontal(pl.col("申请日期", "发放日期", "补贴项目").is_not_null()) | pl.col(SHEET).is_in(told)
    unstated = pl.col(FEN).is_null() & (unreadable.fill_null(value=False) | (pl.col(SHEET).is_in(silent) & listed))
    due = pl.col(FEN).is_null() & pl.col(ROW).is_in(paid.implode())
    return ((pl.col(FEN) > 0).fill_null(value=False) | unstated | due).alias(CLAIMS)


def _governed(rows: pl.DataFrame, verdicts: Verdicts) -> pl.DataFrame:
    """``rows`` with the governing day of each row's first programme."""
    mine = pl.concat([verdicts.rows.select(ROW, "项目"), verdicts.merged.select(ROW, "项目")])
    first = mine.group_by(ROW).agg(pl.col("项目").min().alias("_项目"))
    rows = rows.hstack(looked_up(rows, first, ROW))
    held = first["_项目"].unique().sort().to_list()
    return rows.with_columns(_day(verdicts, held, str), _day(verdicts, held, last)).drop("_项目")


def _day(verdicts: Verdicts, held: Sequence[int], end: Callable[[str], str]) -> pl.Expr:
    silent = pl.lit(verdicts.as_of, pl.Date)
    chosen = pl.coalesce(*(end(name) for name in FALLBACK), silent)
    for index in held:
        basis = pl.coalesce(*(end(name) for name in verdicts.pack.programs[index].basis), silent)
        chosen = pl.when(pl.col("_项目") == index).then(basis).otherwise(chosen)
    return chosen.alias(end(DAY))


def _past(verdicts: Verdicts, rows: pl.DataFrame) -> pl.DataFrame:
    if verdicts.history is None:
        return rows.clear().with_columns(pl.lit(None, pl.Int64).alias("项目"))
    past = verdicts.past if verdicts.past is not None else earlier_payments(verdicts.history, verdicts.pack)
    paid = complete(past)
    if "_at" not in paid.columns:  # nothing in the history names a programme of this pack
        return rows.clear().with_columns(pl.lit(None, pl.Int64).alias("项目"))
    return paid.with_columns(pl.col("_at").alias(DAY), pl.col("_at").alias(last(DAY)), pl.lit(value=True).alias(CLAIMS))
