"""What no two cells of a row can both say, and what says that the row is void, as clauses: they never fail.

Where a row is so, nothing is paid by it until it is put right.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from jybf.errors import PackError, Problem
from jybf.model import Clause, Predicate, Program, last
from jybf.vocabulary.facts import VOID, clashes, facts
from jybf.vocabulary.sql import month_number, quote

CLASH, VALID = "相合", "作数"
HELD = (CLASH, VALID)  # the clauses that lack no fact: something that is written has to be put right


def at_one(program: Program) -> Program:
    """``program``, undecided on a row that contradicts itself about a fact that it reads.

    Of an employer's roster each row is another person's: what one of them says is none of the employer's own.
    Raises :class:`PackError` for what is no condition.
    """
    if program.tally:
        return program
    own = (replace(clause, holds=held(clause.holds)) for clause in program.clauses)
    clashing = (replace(clause, source=program.source) for clause in _clashing(program))
    return replace(program, clauses=(*own, *clashing))


def _clashing(program: Program) -> Iterator[Clause]:
    """Of a fact that ``program`` reads; never FALSE."""
    read = {*program.basis, *program.year, *(name for c in program.clauses for name in c.holds.reads or c.holds.fields)}
    for clash in clashes():
        if read & {*clash.about, clash.of} - {""}:
            yield _clause(program, clash.text, _vetted(clash.when))
    yield from _yet_to_come(program)


def held(holds: Predicate) -> Predicate:
    """``holds``, unknown where two cells tell a fact that it reads otherwise: neither of them may refuse."""
    for apart in doubts(holds):
        holds = replace(holds, sql=f"(CASE WHEN {apart.sql} THEN NULL ELSE {holds.sql} END)")
    return holds


def doubts(holds: Predicate) -> list[Predicate]:
    """Where two cells tell a fact that ``holds`` reads otherwise."""
    return [_vetted(clash.when) for clash in clashes() if clash.of in (holds.reads or holds.fields)]


def valid(program: Program) -> Clause:
    """That the row is not struck out, nor marked as void or as a dead person's; of an employer's people, each for himself."""
    void = f"{quote(VOID)} IS NOT NULL" + (f" AND {quote('_blank')} = 1" if program.tally else "")
    holds = Predicate("", f"(CASE WHEN {void} THEN NULL ELSE TRUE END)", (), reads=(VOID,))
    return Clause(VALID, program.cite, "没有写着作废、退回、死亡", holds, code="JY901")


def of_valid_rows(condition: str) -> str:
    """``condition``, unknown of a row that is void."""
    return f"(CASE WHEN {quote(VOID)} IS NULL THEN {condition} END)"


def _vetted(when: str) -> Predicate:
    from jybf.policy.predicate import parse_clash  # of no use where there is a compiled form
    from jybf.policy.terms import Fault

    try:
        return parse_clash(when, facts())
    except Fault as fault:
        raise PackError(Problem(str(fault), f"facts.toml clash “{when}”")) from fault


def _clause(program: Program, text: str, apart: Predicate) -> Clause:
    holds = Predicate(apart.source, f"(CASE WHEN {apart.sql} THEN NULL ELSE TRUE END)", apart.fields)
    return Clause(CLASH, program.cite, text, holds, code="JY901")


def _yet_to_come(program: Program) -> Iterator[Clause]:
    """Months that had not begun when they were applied for; what lies after the deadline is not paid anyway.

    But training that begins after an application in time, be it after the deadline: one of the two days is wrong.
    """
    if not (period := program.period):
        return
    applied, end = month_number(quote(last(period.proof))), month_number(quote(period.end))
    until = period.until.year * 12 + period.until.month
    sql = f"({applied} < {end} AND {applied} < {until})"
    yield _clause(program, f"申请时{period.end}的月份已经开始", Predicate("", sql, (period.proof, period.end)))
    sql = f"({applied} < {month_number(quote(period.start))} AND {applied} <= {until})"
    yield _clause(program, f"申请时{period.start}的月份已经开始", Predicate("", sql, (period.proof, period.start)))
