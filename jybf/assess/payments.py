"""Earlier payments as stages of the query: from the canonical table of what was paid to what ``jybf.assess.history`` has."""

from collections.abc import Iterator, Sequence

from jybf.assess.compile import belongs, best_named, reads
from jybf.assess.history import AGAIN, FAILED, NOT_AGAIN, PAID_ON
from jybf.assess.known import Columns, columns_of, known_tables
from jybf.assess.stages import Stages, hits
from jybf.model import ROW, Pack, Program, last
from jybf.roster.canonical import columns as canonical_columns
from jybf.roster.own import GRANTED
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR
from jybf.vocabulary.facts import STATED_YEARS
from jybf.vocabulary.sql import NULL, part, quote, text

RESULT, STATE, CLAIMED, REMARK = "结果", "发放状态", "申报金额", "备注"
PAST = "past"  # the rows of the history as the stages begin, with the columns of :func:`wanted`


def wanted(pack: Pack, active: Sequence[int], keys: Sequence[str]) -> tuple[Stages, Columns]:
    """The stages from PAST to the facts of its rows (``past_known``), and the columns that PAST must have."""
    programs = [pack.programs[i] for i in active]
    names = {name for program in programs for name in (*reads(program), *_dates(program), program.amount.units)}
    names |= {RESULT, STATE, CLAIMED, REMARK, *keys}
    names -= {YEAR, ""}
    keep: Columns = {ROW: "BIGINT", **columns_of(sorted(names)), **{hits(i): "BIGINT" for i in active}}
    tables = known_tables(canonical_columns(), pack.defaults, keep, sorted(names))
    stages = [(_own(name), _own(sql)) for name, sql in tables.stages]
    return stages or [('"past_known"', f"SELECT * FROM {quote(PAST)}")], tables.reads


def _own(sql: str) -> str:
    """``sql`` of the stages of the roster's facts, of those of the history."""
    return sql.replace('"known', '"past_known').replace('"roster"', quote(PAST))


def paid(pack: Pack, active: Sequence[int], keys: Sequence[str]) -> Stages:
    """The stages from ``past_known`` to ``history``: a row for each programme that has paid one."""
    named = f"GREATEST({', '.join(['0', *(quote(hits(i)) for i in active)])})"
    scoped = f'SELECT *, {best_named(pack, active)} AS "_best", {named} AS "_named" FROM "past_known" WHERE {_settled()}'
    parts = (_of(pack.programs[i], i, keys) for i in active)
    return [('"past_scoped"', scoped), ('"history"', " UNION ALL ".join(parts))]


def _settled() -> str:
    """Without the rows of this tool's own output that were not paid, payments that failed, and payments of nothing."""
    granted = f"({quote(RESULT)} IS NULL OR {quote(RESULT)} IN ({', '.join(map(text, GRANTED))}))"
    state = f"COALESCE({quote(STATE)}, '')"
    told = f"CONCAT({state}, COALESCE({quote(REMARK)}, ''))"
    again = f"({_says(told, AGAIN)}) AND NOT ({_says(told, NOT_AGAIN)})"
    failed = f"({_says(state, FAILED)}) AND NOT ({again})"
    return f"{granted} AND NOT ({failed}) AND ({quote(CLAIMED)} IS NULL OR {quote(CLAIMED)} <> 0)"


def _says(sql: str, words: Sequence[str]) -> str:
    return " OR ".join(f"STRPOS({sql}, {text(word)}) > 0" for word in words)


def _of(program: Program, index: int, keys: Sequence[str]) -> str:
    first, end = (_coalesced([quote(wrap(name)) for name in _dates(program)]) for wrap in (str, last))
    own = {
        ROW: f"-1 - {quote(ROW)}", "项目": str(index), "_at": first, "_units": _units(program),
        YEAR: _coalesced([*_years(program), _one_year(first, end)]),
    }  # fmt: skip
    kinds = {"_at": "DATE"}
    told = [f"CAST({sql} AS {kinds.get(name, 'BIGINT')}) AS {quote(name)}" for name, sql in own.items()]
    hit = quote(hits(index))
    mine = f'({belongs(program, index)}) OR ({hit} > "_best" AND {hit} = "_named")'
    return f'SELECT {", ".join([*told, *map(quote, keys)])} FROM "past_scoped" WHERE {mine}'


def _dates(program: Program) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*program.basis, *PAID_ON)))


def _coalesced(values: Sequence[str]) -> str:
    return f"COALESCE({', '.join(values)})" if len(values) > 1 else values[0]


def _years(program: Program) -> Iterator[str]:
    periods = [program.year, *((name, name) for name in STATED_YEARS)] if program.year else []
    yield from (_one_year(quote(a), quote(last(b))) for a, b in periods)


def _one_year(first: str, end: str) -> str:
    return f"CASE WHEN {part('YEAR', first)} = {part('YEAR', end)} THEN {part('YEAR', first)} END"


def _units(program: Program) -> str:
    """Units paid: as stated, else the sum over the fixed rate where that divides evenly; else unknown."""
    amount = program.amount
    if not amount.units:
        return "1"
    stated = [quote(amount.units)]
    if amount.fen and kind_of(amount).exact:
        sum_ = quote(CLAIMED)
        stated.append(f"CASE WHEN {sum_} % {amount.fen} = 0 THEN {sum_} // {amount.fen} END")
    return _coalesced([*stated, NULL])
