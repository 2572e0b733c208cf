"""Checks find their place by registration: what a check reports, what it needs, and whom it concerns."""

from collections.abc import Callable, Sequence
from importlib import import_module

import msgspec
import polars as pl

from jybf.audit.book import Book, Which
from jybf.vocabulary.facts import asked

Find = Callable[[Book], pl.DataFrame]
Need = str | tuple[str, ...]  # a field, or several of which one is enough


class Check(msgspec.Struct, frozen=True, eq=False):
    """One function that looks for violations. It runs if some row belongs to what it is ``about`` and the data is there."""

    code: str
    find: Find
    needs: tuple[Need, ...]
    about: Which | None
    lists: tuple[str, ...] = ()
    listed: tuple[Need, ...] = ()
    history: bool = False

    def concerns(self, book: Book) -> bool:
        """Whether the roster has rows that this check is about; where it has none, there is nothing to check."""
        return self.about is None or book.concerned(self.about)

    def lacks(self, book: Book) -> tuple[str, ...]:
        """The columns that no row of the roster fills, in words."""
        unmet = [names for names in map(ways_of, self.needs) if not any(map(book.has, names))]
        return tuple("或".join(f"“{column}”列" for name in names for column in asked(name)) for names in unmet)

    def unlisted(self, book: Book) -> tuple[str, ...]:
        """The kinds of list that it compares with and that were not given, or lack a column that it reads, in words."""
        return tuple(told for kind in self.lists if (told := self._wanting(book, kind)))

    def _wanting(self, book: Book, kind: str) -> str:
        if kind not in book.lists:
            return kind
        columns = book.lists[kind].roster.rows.columns
        gaps = ["或".join(f"“{name}”" for name in need) for need in map(ways_of, self.listed) if not {*need} & {*columns}]
        return f"写有{'、'.join(gaps)}的{kind}" if gaps else ""


def ways_of(need: Need) -> tuple[str, ...]:
    """The fields any of which meets ``need``."""
    return (need,) if isinstance(need, str) else need


_CHECKS: list[Check] = []


def checks() -> Sequence[Check]:
    """Every check there is: loading their package registers them."""
    import_module("jybf.audit.checks")
    return _CHECKS


def check(
    code: str,
    *,
    needs: tuple[Need, ...] = (),
    about: Which | None = None,
    lists: tuple[str, ...] = (),
    listed: tuple[Need, ...] = (),
    history: bool = False,
) -> Callable[[Find], Find]:
    """Register a function ``Book → findings`` (:func:`jybf.audit.wording.found`) under ``code``.

    ``needs``: fields of the roster, ``lists``: kinds of list, and ``listed``: fields of those, without which nothing can be
    checked, so that the check is reported as not run; ``about``: the programmes that it concerns (default: every row);
    ``history``: without earlier payments it sees only half, and the report says so.
    """

    def register(find: Find) -> Find:
        _CHECKS.append(Check(code, find, needs, about, lists, listed, history))
        return find

    return register
