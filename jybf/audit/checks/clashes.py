"""What no two cells of a row can both say: the row is not paid by it, and here its cells are named."""

from functools import partial

import polars as pl

from jybf.assess.sentences import apart
from jybf.audit.book import FEN, Book
from jybf.audit.registry import check
from jybf.audit.wording import found, stack
from jybf.model import DOUBT, ROW, Clause, Program
from jybf.policy.clash import CLASH
from jybf.vocabulary.facts import clashes

BY_WHEN = {clash.when: clash for clash in clashes()}


def clashing(program: Program, code: str) -> list[Clause]:
    """The clauses by which a row of ``program`` may contradict itself under ``code``."""
    mine = (clause for clause in program.clauses if clause.id == CLASH)
    return [clause for clause in mine if clause.holds.source in BY_WHEN and BY_WHEN[clause.holds.source].code == code]


def contradicts_itself(book: Book, code: str) -> pl.DataFrame:
    """Each claim with two cells that can't both be true."""
    frames: list[pl.DataFrame] = []
    for index in sorted(book.held):
        program = book.pack.programs[index]
        clauses = clashing(program, code)
        rows = book.claims(lambda other, mine=program: other is mine) if clauses else book.rows.clear()
        frames += [_apart(rows, clause) for clause in clauses if rows.height]
    return stack(*frames)


def _apart(rows: pl.DataFrame, clause: Clause) -> pl.DataFrame:
    with pl.SQLContext(rows=rows) as engine:
        wrong = engine.execute(f'SELECT "{ROW}" FROM rows WHERE {clause.holds.sql} IS NULL', eager=True)  # noqa: S608  vetted
    told = rows.join(wrong, on=ROW, how="semi", maintain_order="left")
    clash = BY_WHEN[clause.holds.source]
    return found(told, clash.at, apart(clause, told.columns), want=clause.text, level=DOUBT, fen=pl.col(FEN))


for _code in sorted({clash.code for clash in clashes()} - {""}):
    check(_code, about=lambda program, code=_code: bool(clashing(program, code)))(partial(contradicts_itself, code=_code))
