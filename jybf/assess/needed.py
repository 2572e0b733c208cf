"""What verdicts and their words read of a row: of a roster that stands on disk no other column need stand there.

A column that is not there reads as a blank one, silently. So the words are asked themselves, with all that there is to say.
"""

from collections.abc import Collection, Iterator, Sequence

import polars as pl
from msgspec.structs import replace

from jybf.assess.compile import reads
from jybf.assess.grounds import Pattern, grounds
from jybf.assess.known import known_tables
from jybf.assess.partial import ROWS
from jybf.assess.select import candidate_programs
from jybf.assess.stages import REASONS
from jybf.assess.ties import KEYS
from jybf.model import INCOMPLETE, LINE, PAID, REFUSED, ROW, SHEET, Pack, Program, Roster, Verdicts, bad, last
from jybf.policy.derivation import derived, sources
from jybf.roster.canonical import CELL, UNREAD, columns
from jybf.roster.cast import no_problems
from jybf.vocabulary.facts import GOVERNING_YEAR, by, facts
from jybf.vocabulary.frames import compact
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD, PERSON
from jybf.vocabulary.roles import EMPLOYER as EMPLOYERS

_ALWAYS = (ROW, SHEET, LINE, CELL, UNREAD)  # which row it is, what it applies for, the words for what can't be read
_WHO = ("姓名", PERSON, *EMPLOYERS)  # who a verdict is on


def needed(pack: Pack, about: Sequence[int], active: Sequence[int], *, past: bool = False) -> frozenset[str]:
    """The canonical columns from which the verdicts of the programmes ``about``, and all words on them, are worked out.

    ``active``: those that other rows may be about; ``past``: whether there is a history. All of them tell of each other whose
    household and employer they are of.
    """
    names = facts_of(pack, about) | {*pack.defaults}
    names = (names | {source for name in names for source in sources(name)}) & facts().keys() - {GOVERNING_YEAR}
    origins = known_tables(columns(), pack.defaults, wanted=names).reads
    own = {each for name in names for each in (name, last(name), bad(name), by(name))}
    tied = past or asks_of_homes(pack, active)
    return frozenset({*_ALWAYS, *origins, *own, *(KEYS if tied else ())} & columns().keys())


def without_idle(roster: Roster, pack: Pack, programs: Sequence[str], *, force: bool, past: bool) -> Roster:
    """``roster`` with no other columns than verdicts and words read of its rows; of few rows it is not worth finding out."""
    if roster.rows.height <= ROWS:
        return roster
    those = candidate_programs(roster, pack, programs, force=force)
    wanted = needed(pack, those, those, past=past)
    return replace(roster, rows=compact(roster.rows.select(name for name in roster.rows.columns if name in wanted)))


def facts_of(pack: Pack, about: Sequence[int]) -> frozenset[str]:
    """The facts that verdicts of the programmes ``about`` rest on, or the words on them tell."""
    return told_of(pack, about) | ({name for i in about for name in reads(pack.programs[i])} & facts().keys())


def asks_of_homes(pack: Pack, active: Sequence[int]) -> bool:
    """Whether any of the programmes ``active`` asks of which household or employer a row is."""
    return any({HOUSEHOLD, EMPLOYER} & _read(pack, i) for i in active)


def told_of(pack: Pack, about: Sequence[int]) -> frozenset[str]:
    """The facts that the words on verdicts of the programmes ``about`` tell, or ask whether they are known."""
    clauses = (clause.holds for i in about for clause in pack.programs[i].clauses)
    asked = (name for holds in clauses for name in (*holds.fields, *holds.reads))
    told = (fact_of(column) for i in about for column in worded(pack, pack.programs[i]))
    return frozenset({*_WHO, *asked, *told} & facts().keys())


def _read(pack: Pack, index: int) -> frozenset[str]:
    """All columns that the query of programme ``index`` reads."""
    names = {*reads(pack.programs[index])} - {GOVERNING_YEAR}
    return frozenset({*names, *known_tables(columns(), pack.defaults, wanted=names).reads})


def fact_of(column: str) -> str:
    """The fact that a column is of, be it its 末, 误 or 自."""
    return column if column in facts() else column.rpartition("_")[0]


def worded(pack: Pack, program: Program, there: Collection[str] | None = None) -> frozenset[str]:
    """The columns of a row's facts that any sentence on a verdict of ``program`` reads, of a roster with those ``there``."""
    whole = there or _all()
    said = (name for pattern in _patterns(pack, program, list(whole)) for name in grounds(pattern, _NOBODY).meta.root_names())
    return frozenset(said) & {*whole}


def _all() -> Collection[str]:
    own = (each for name in derived() for each in (name, last(name), bad(name), by(name)))
    return dict.fromkeys((*columns(), *own))


_NOBODY = Roster(pl.DataFrame({SHEET: []}), no_problems(), ())


def _patterns(pack: Pack, program: Program, there: Sequence[str]) -> Iterator[Pattern]:
    """A pattern for each kind of verdict, with all clauses of ``program`` in every version of it."""
    for version in (None, *range(len(program.versions))):
        own = program.at(version)
        every = (1 << len(own.clauses)) - 1
        kinds = [(PAID, 0, 0, ""), (INCOMPLETE, 0, every, ""), *((REFUSED, every, 0, reason) for reason in REASONS)]
        for result, failed, lacks, reason in kinds:
            verdicts = Verdicts(pl.DataFrame(), pl.DataFrame(), pl.DataFrame(), pack, pl.DataFrame(), None)
            yield Pattern(verdicts, own, there, result, failed, lacks, 0, reason, None, False, (), {})
