"""A pack's own examples, run through the engine that pays: the rule's tests live beside the rule."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import msgspec
import polars as pl

from jybf.assess.describe import describe
from jybf.assess.known import known_of
from jybf.assess.run import assess
from jybf.assess.together import assess_together
from jybf.model import LINE, MERGED, ROW, SHEET, Case, Field, Pack, Program, Roster, Sheet, Tally, Verdicts, bad, last
from jybf.policy.derivation import cells_of, derived
from jybf.vocabulary.facts import Example, by, entries, facts
from jybf.vocabulary.types import TYPES, dtype, is_dated
from jybf.vocabulary.values.dates import month, year
from jybf.vocabulary.yuan import yuan

_UNFIT = (TypeError, ValueError, ArithmeticError, pl.exceptions.PolarsError)
_MOST = 10**15  # 分, as a cell may hold
_IDENTITIES = ("身份证号", "户", "单位")


class UnfitError(Exception):
    """A literal row has a value that its field, which is named, can't have."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of one example: what came out otherwise than it says, and the verdicts' rows (None: it could not be run).

    ``aside``: the pack says that its override makes the example untrue; then it is a fault that it still holds.
    """

    program: Program
    case: Case
    faults: tuple[str, ...]
    rows: pl.DataFrame | None
    aside: bool = False

    @property
    def at(self) -> str:
        """第 n 行 of the pack's own file, and the programme; of what is inherited only that."""
        return f"{self.case.line} {self.program.id}".lstrip()

    @property
    def overridden(self) -> bool:
        """Whether an inherited example fails that the local pack may set aside, in the open."""
        local = self.program.overrides or any(one.value != one.default for one in self.program.settings)
        return bool(self.faults and local) and not self.aside and self.case.source in ("", self.program.source)


def check_cases(pack: Pack) -> list[str]:
    """Run every case of ``pack``; what did not come out as expected, as sentences (empty: all hold)."""
    return [f"{outcome.at} {fault}".strip() for outcome in outcomes(pack) for fault in outcome.faults]


def outcomes(pack: Pack, word: str = "") -> Iterator[Outcome]:
    """Each example of ``pack`` carried out, of those in whose programme or name ``word`` stands."""
    for program in pack.programs:
        cases = [case for case in program.cases if word in program.id or word in case.name]
        judged = _judged(pack, program, cases)
        for place, case in enumerate(cases):
            faults, rows = _check(pack, program, case, judged.get(place))
            if case.name in program.aside:
                still = f"“{case.name}”：改写以后仍然成立，不用写进 aside"
                yield Outcome(program, case, () if faults else (still,), rows, aside=True)
            else:
                yield Outcome(program, case, tuple(faults), rows)


def verdicts_of(pack: Pack, program: Program, case: Case) -> tuple[Roster, Verdicts]:
    """The rows of ``case`` and what ``program`` says of them. Raises UnfitError."""
    roster = roster_of(case.given, program)
    past = roster_of([{"补贴项目": program.id, **row} for row in case.history], program) if case.history else None
    return roster, assess(roster, pack, programs=(program.id,), force=True, history=past)


def _judged(pack: Pack, program: Program, cases: Sequence[Case]) -> dict[int, tuple[Roster, Verdicts]]:
    """By place the rosters and verdicts of those ``cases`` that one query can judge: with the same columns and no history."""
    alike: dict[tuple[str, ...], list[tuple[int, Roster]]] = {}
    for place, case in enumerate(cases):
        with suppress(UnfitError):
            roster = roster_of(case.given, program)
            columns = (*roster.rows.columns, str(place) if case.history else "")
            alike.setdefault(columns, []).append((place, roster))
    found: dict[int, tuple[Roster, Verdicts]] = {}
    for group in (group for group in alike.values() if len(group) > 1):
        verdicts = assess_together([roster for _, roster in group], pack, programs=(program.id,), force=True)
        found |= {place: (roster, each) for (place, roster), each in zip(group, verdicts, strict=True)}
    return found


def _check(
    pack: Pack, program: Program, case: Case, judged: tuple[Roster, Verdicts] | None
) -> tuple[list[str], pl.DataFrame | None]:
    where = f"“{case.name}”"
    try:
        roster, verdicts = judged or verdicts_of(pack, program, case)
    except UnfitError as error:
        return [f"{where}：“{error}”的值不是这一列能有的"], None
    frame = describe(verdicts, roster)
    got = dict(zip(frame[LINE].to_list(), frame.select("结果", "核定金额", "说明", "假定").rows(), strict=True))
    faults: list[str] = []
    for line, expected in enumerate(case.expect, start=1):
        result, fen, said, assumed = got.get(line, (MERGED, None, "", ""))
        if result != expected:
            faults.append(f"{where}第 {line} 行：应为{expected}，得到{result}（{said}）")
            continue  # the sum and the words follow from it
        wanted = case.yuan[line - 1] if line <= len(case.yuan) else ""
        if wanted and (fen is None or Decimal(wanted) * 100 != fen):
            faults.append(f"{where}第 {line} 行：应为 {wanted} 元，得到 {'无' if fen is None else yuan(fen)}")
        if line == len(case.expect) and case.says and not faults and case.says not in said + assumed:
            faults.append(f"{where}：说明里应有“{case.says}”，得到“{said}”")
    return faults, verdicts.rows


def check_facts() -> list[str]:
    """Work out every example of ``rules/facts.toml``; what did not come out as expected, as sentences (empty: all hold)."""
    found = [(entry.name, example) for entry in entries().values() for example in entry.case]
    rows = [{**dict.fromkeys(_IDENTITIES, ""), **example.given} for _, example in found]
    known = known_of(roster_of(rows).rows, {})
    return [fault for row, (name, example) in enumerate(found) for fault in _wrong(known.row(row, named=True), name, example)]


def _wrong(row: Mapping[str, Any], name: str, example: Example) -> Iterator[str]:
    """What ``row`` says of the fact ``name`` otherwise than ``example``."""
    field, fact, way = facts()[name], derived()[name], row[by(name)]
    wanted = {column: values[0] for column, values in _column(field, [example.is_]).items()}
    got = {column: row[column] for column in wanted}
    if got != wanted:
        yield f"{name}“{example.name}”：应为 {wanted}，得到 {got}"
    from_ = next((cell for cell in cells_of(fact, way) if example.given.get(cell, "") != ""), "") if way is not None else ""
    if from_ != example.by and not (row[bad(name)] and not example.by):
        yield f"{name}“{example.name}”：应来自“{example.by}”，得到“{from_}”"


def roster_of(rows: Sequence[Mapping[str, object]], program: Program | None = None) -> Roster:
    """A roster of literal rows (canonical field → text, date, integer, Boolean, or 元 as text).

    Unless a row says otherwise, each is a different person, household and employer (no person where ``program`` counts
    persons and the row says nothing about one); "" leaves a cell blank. A date may be "2021-08" (to the month); a value
    "？" is an unreadable cell. Raises UnfitError.
    """
    fields = facts()
    names = list(dict.fromkeys([*_IDENTITIES, *(name for row in rows for name in row)]))
    full = [_identified(row, i, program.tally if program else None) for i, row in enumerate(rows)]
    columns: dict[str, pl.Series] = {}
    for name in names:
        try:
            columns |= _column(fields[name], [row.get(name) for row in full])
        except _UNFIT:
            raise UnfitError(name) from None
    frame = pl.DataFrame(columns).with_row_index(ROW).cast({ROW: pl.Int64})
    frame = frame.with_columns(pl.lit(0, pl.Int32).alias(SHEET), (pl.col(ROW) + 1).alias(LINE))
    problems = pl.DataFrame(schema={ROW: pl.Int64, "字段": pl.String, "原文": pl.String, "原因": pl.String, "编号": pl.String})
    return Roster(frame, problems, (Sheet(0, "case", "", "", 0, {name: i for i, name in enumerate(names)}),))


def _identified(row: Mapping[str, object], i: int, tally: Tally | None) -> dict[str, object]:
    """``row`` with the identities that it leaves unsaid."""
    known: dict[str, object] = {name: f"{name}{i}" for name in _IDENTITIES}
    if tally and not set(row) & {*tally.counts.fields, "姓名"}:
        known.pop("身份证号")
    return known | dict(row)


def _column(field: Field, values: Sequence[object]) -> dict[str, pl.Series]:
    name, scale = field.name, TYPES[field.type].scale
    unread = {bad(name): pl.Series(bad(name), [value == "？" for value in values])}
    known = [None if value in ("", "？") else value for value in values]
    if is_dated(field):
        days = [(None, None) if value is None else _interval(value) for value in known]
        ends = {name: [a for a, _ in days], last(name): [b for _, b in days]}
        return unread | {key: pl.Series(key, side, dtype=pl.Date) for key, side in ends.items()}
    if scale > 1:
        known = [None if value is None else int(Decimal(str(value)) * scale) for value in known]
    if any(isinstance(value, int) and abs(value) >= _MOST for value in known):
        raise ValueError(name)
    return unread | {name: pl.Series(name, known, dtype=dtype(field))}


def _interval(value: object) -> tuple[date, date]:
    if isinstance(value, list):
        first, end = cast("list[date]", value)
        return first, end
    if isinstance(value, date) and not isinstance(value, datetime):
        return value, value
    parts = [int(part) for part in str(value).split("-")]
    first = date(parts[0], *[*parts[1:], 1, 1][:2])
    return {1: year(parts[0]), 2: month(first.year, first.month)}.get(len(parts), (first, first))
