"""The programmes of the region that a row is not about, and what rules each of them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from jybf.assess.asked import ask
from jybf.assess.select import candidates, chosen
from jybf.assess.sentences import failure
from jybf.assess.stages import hits
from jybf.model import Pack, Program, Sheet
from jybf.model.proof import Apart
from jybf.policy.implicit import APPLIES
from jybf.roster.canonical import CELL, called

if TYPE_CHECKING:
    from jybf.assess.origins import Subject


def apart(subject: Subject, own: Sequence[int], programs: Sequence[str], *, force: bool = False) -> Iterator[Apart]:
    """Why each programme but ``own`` (indexes) has no verdict on the row.

    ``programs``: those that the user kept to, or by ``force`` had every row judged by.
    """
    pack = subject.verdicts.pack
    wanted, found = chosen(pack, programs), _hits(subject, programs, force=force)
    best = [i for i in own if found.get(i)] or list(own) or _best(found)
    option = "--as-program" if force else "--program"
    for i, program in enumerate(pack.programs):
        if i not in own:
            unasked = f"没有用 {option} 选它" if program.amount.pays else "不发钱，只在审核时核对"
            yield Apart(program.id, unasked if i not in wanted else _why(subject, i, found, best))


def _best(found: Mapping[int, int]) -> list[int]:
    """The programmes that the row is named best for."""
    return [i for i, hit in found.items() if hit == max(found.values())]


def _hits(subject: Subject, programs: Sequence[str], *, force: bool) -> Mapping[int, int]:
    """How well the row's cell or sheet names each programme."""
    pack = subject.verdicts.pack
    named = candidates(replace(subject.roster, rows=subject.roster.rows[[subject.row]]), pack, programs, force=force)
    return {i: named[hits(i)].item() for i in range(len(pack.programs)) if hits(i) in named.columns}


def _why(subject: Subject, i: int, found: Mapping[int, int], best: Sequence[int]) -> str:
    pack, program = subject.verdicts.pack, subject.verdicts.pack.programs[i]
    if i in found:
        return _ruled_out(subject, program) or _outdone(subject, pack, program, best)
    if cell := subject.value(CELL):
        return f"“{CELL}”{_place(subject)}写的是“{cell}”"
    return _unnamed(subject.sheet, program)


def _place(subject: Subject) -> str:
    return f"（{where}）" if (where := subject.cell(CELL)) else ""


def _ruled_out(subject: Subject, program: Program) -> str:
    """What its own 适用 says where that is false; "" where it isn't."""
    clause = next((clause for clause in program.clauses if clause.id == APPLIES), None)
    if not clause or ask(subject.one, {"_holds": clause.holds.sql})["_holds"].item() is not False:
        return ""
    return f"适用不成立：{subject.said(failure(clause, program, subject.columns))}"


def _outdone(subject: Subject, pack: Pack, program: Program, best: Sequence[int]) -> str:
    mine = _words(subject.sheet, program)
    others = "、".join(pack.programs[i].id for i in best) or "别的项目"
    named = f"表题只对上{_quoted(mine)}" if mine else "只有列对得上"
    return f"{named}，更合 {others}"


def _unnamed(sheet: Sheet, program: Program) -> str:
    text = called(sheet)
    if away := [word for word in program.unless if word in text]:
        return f"表题里有{_quoted(away)}，是另一项"
    lacking = [f"表题没有{_quoted(program.titles)}"] if program.titles else []
    if not set(program.columns) & set(sheet.columns) and program.columns:
        lacking.append(f"也没有{_quoted(program.columns)}列" if lacking else f"没有{_quoted(program.columns)}列")
    return "，".join(lacking)


def _words(sheet: Sheet, program: Program) -> list[str]:
    text = called(sheet)
    return [program.id] if program.id in text else [word for word in program.titles if word in text]


def _quoted(words: Sequence[str]) -> str:
    return "".join(f"“{word}”" for word in words)
