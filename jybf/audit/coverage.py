"""What was checked and what was not: unchecked is never passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from jybf.audit.book import Book
from jybf.audit.catalogue import texts
from jybf.audit.eligibility import at_hand, limits
from jybf.model import UNDETERMINED, Clause, NotRun, Program
from jybf.vocabulary.amounts import kind_of

if TYPE_CHECKING:
    from jybf.audit.registry import Check

ALONE = "没有给历史发放（--history），只在本次各表之间比对"


def not_run(book: Book, lacking: Mapping[Check, Sequence[str]]) -> tuple[NotRun, ...]:
    """One entry a code with all its reasons. ``lacking``: the columns that each registered check had to do without."""
    whys: dict[str, dict[str, None]] = {}
    for code, why in (*_undecided(book), *_unset(book), *_untotalled(book), *_alone(book, lacking), *_dark(book, lacking)):
        whys.setdefault(code, {})[why] = None
    columns, lists = _absent(lacking), _unlisted(book, lacking)
    return tuple(
        _entry(code, list(whys.get(code, ())), tuple(columns.get(code, ())), tuple(lists.get(code, ())))
        for code in sorted({*whys, *columns, *lists})
    )


def _entry(code: str, whys: Sequence[str], columns: tuple[str, ...], lists: tuple[str, ...]) -> NotRun:
    told = [*whys, *(f"花名册没有{'、'.join(columns)}" for _ in columns[:1])]
    told += [f"没有给{'、'.join(lists)}名单（--against）".replace("名单名单", "名单") for _ in lists[:1]]
    plain = not whys
    return NotRun(code, texts()[code].title, "；".join(told), lists if plain else (), columns if plain else ())


def ran(book: Book, lacking: Mapping[Check, Sequence[str]], silent: Sequence[NotRun]) -> set[str]:
    """The codes that ran. A check that needs no columns does not speak for a code whose main check had to be left out."""
    clauses = {clause.code for _, clause, decided in _decided(book) if decided}
    able = {check: not needs and not check.unlisted(book) for check, needs in lacking.items()}
    strong = {check.code for check, ready in able.items() if ready and (check.needs or check.lists)}
    weak = {check.code for check, ready in able.items() if ready} - {entry.code for entry in silent}
    return clauses | strong | weak | {code for code, _ in _limits(book)}


def _decided(book: Book) -> Iterator[tuple[Program, Clause, bool]]:
    """Each clause of the programmes and controls at hand, and whether any row has the facts to decide it."""
    for verdicts in (book.verdicts, book.controls):
        lacked = verdicts.rows.group_by("项目").agg(pl.col("缺").bitwise_and()).sort("项目")
        for index, by_all in lacked.iter_rows():
            program = book.pack.programs[int(index)]
            yield from ((program, clause, not by_all >> j & 1) for j, clause in enumerate(program.clauses))


def _undecided(book: Book) -> Iterator[tuple[str, str]]:
    for program, clause, decided in _decided(book):
        if not decided and clause.code != "JY901":
            yield clause.code, f"{program.id}“{clause.text}”缺“{'”“'.join(clause.holds.fields)}”，一行也不能判定"


def _unset(book: Book) -> Iterator[tuple[str, str]]:
    """Sums that no document sets can't be compared with anything."""
    unset = [program.id for program in at_hand(book, book.verdicts) if kind_of(program.amount).result == UNDETERMINED]
    if unset:
        yield "JY501", f"文件没有定{'、'.join(unset)}的标准，用 --set 项目.yuan=… 给出"


def _untotalled(book: Book) -> Iterator[tuple[str, str]]:
    """A sheet may well have no total, or one that nobody can read: then nothing was added up against it."""
    if not any(sheet.totals for sheet in book.roster.sheets):
        yield "JY117", "表上没有合计，或合计行的数认不出，没有可比的"


def _limits(book: Book) -> list[tuple[str, str]]:
    return [(code, program.id) for program in at_hand(book, book.verdicts) for code in limits(program)]


def _alone(book: Book, lacking: Mapping[Check, Sequence[str]]) -> list[tuple[str, str]]:
    """What only a history could show."""
    if not book.verdicts.history:
        halves = [check.code for check, columns in lacking.items() if check.history and not columns]
        return [(code, ALONE) for code in (*(code for code, _ in _limits(book)), *halves)]
    gaps = f"历史发放有 {len(book.verdicts.unmatched)} 行认不出项目或人，没有比对"
    return [(code, gaps) for code, _ in _limits(book)] if book.verdicts.unmatched else []


def _dark(book: Book, lacking: Mapping[Check, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Lists with rows by which nobody can be found: of those people nothing was checked."""
    for kind, listing in book.lists.items():
        if listing.dark:
            why = f"{kind}名单有 {listing.dark} 行的“{listing.kind.keys[0]}”认不出，没有比对到这些人".replace(
                "名单名单", "名单"
            )
            yield from ((check.code, why) for check, columns in lacking.items() if kind in check.lists and not columns)


def _absent(lacking: Mapping[Check, Sequence[str]]) -> dict[str, dict[str, None]]:
    """By code the columns, in words, that its checks lack."""
    needs: dict[str, dict[str, None]] = {}
    for check, columns in lacking.items():
        if columns:
            needs.setdefault(check.code, {}).update(dict.fromkeys(columns))
    return {code: {name: None for name in names if not _met_by(name, names)} for code, names in needs.items()}


def _met_by(need: str, others: Iterable[str]) -> bool:
    """Whether a column that another check of the code asks for by itself is one of the ways to meet ``need``."""
    ways = need.split("或")
    return len(ways) > 1 and any(way in others for way in ways)


def _unlisted(book: Book, lacking: Mapping[Check, Sequence[str]]) -> dict[str, dict[str, None]]:
    """By code the lists that its checks ask for and that were not given; a check that lacks columns as well is not helped."""
    names: dict[str, dict[str, None]] = {}
    for check in (check for check, columns in lacking.items() if not columns and check.unlisted(book)):
        names.setdefault(check.code, {}).update(dict.fromkeys(check.unlisted(book)))
    return names
