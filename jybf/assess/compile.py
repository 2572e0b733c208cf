"""A pack → one SQL query over the tables ``roster`` and ``history``: facts, clauses, verdicts, once-only, quotas, exclusions.

The text is plain SQL that Polars runs here and DuckDB, Spark or PostgreSQL run elsewhere. Clause results are integers:
1 holds, 0 fails, 2 presumed, NULL undecided; bit j of 不符, 缺 and 推定 is clause j. Verdicts are indexes into RESULTS.
Engine columns begin with an underscore. A programme is a chain of common table expressions:

    known   the facts of the rows, worked out in as many tables as they build on each other
    scoped  every row once: which programme is named best among those whose business the row can be
    p_dated     the rows of programme p with their governing date (employer-level: one row an employer, counted)
    p_facts     each clause as an integer, units and keys
    p_judged    bits, and what bars payment from outside the row (earlier payments, exclusions)
    p_turns     once-only and quota, as running windows over the qualifying rows and the history
    p_final     verdict and money
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from jybf.assess import money
from jybf.assess.heads import group_by_employer
from jybf.assess.known import Columns, columns_of, known_tables
from jybf.assess.rivals import granted, judged, pool, shares, turns, uncounted
from jybf.assess.stages import NOTHING_DUE, OUTPUT, REASONS, Stages, as_number, columns, hits, stage, text
from jybf.model import RESULTS, ROW, Clause, Pack, Program, bad, last
from jybf.policy.implicit import APPLIES
from jybf.policy.versions import most
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.dated import chosen
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR
from jybf.vocabulary.facts import STATED_YEARS, facts
from jybf.vocabulary.keys import alternatives
from jybf.vocabulary.sql import quote


class Query(msgspec.Struct, frozen=True):
    """``sql`` over the tables ``roster`` (``columns``: name → SQL type) and ``history`` (with the columns ``keys``).

    ``before``: its tables up to the facts; ``stages``, ``selected``: what comes after, over a table ``known`` with the columns
    ``facts``.
    """

    sql: str
    columns: Columns
    keys: tuple[str, ...]
    before: Stages
    stages: Stages
    selected: str
    facts: Columns


def compile_pack(
    pack: Pack,
    active: Sequence[int],
    *,
    as_of: date | None = None,
    have: Collection[str] | None = None,
    past: bool = True,
    among: Sequence[int] | None = None,
) -> Query:
    """The query for the programmes ``active`` (indexes into ``pack.programs``); ``as_of`` governs where rows are silent.

    ``have``: the columns of the roster; what follows from none of them is left out (default: any may be there).
    ``past``: whether there is a table ``history``; a query without one takes half the time on a small roster.
    ``among``: those of whose rows these are a part (default: the same).
    """
    keys = {i: keys_along(pack, i, active if among is None else among) for i in active}
    order = sorted(active, key=lambda i: any(not e.history for e in pack.programs[i].excluded_by))
    parts = [scoped(pack, active)]
    for index in order:
        parts += _program(pack, index, active, keys[index], as_of, past=past)
    output = ", ".join(quote(name) for name in OUTPUT)
    sources = [stage(i, name) for i in order for name in ("final", "merged")[: 1 + bool(pack.programs[i].tally)]]
    selected = " UNION ALL ".join(f"SELECT {output} FROM {source}" for source in sources)
    wanted = sorted({name for i in active for name in (*keys[i], *reads(pack.programs[i]))} - {YEAR})
    keep: Columns = {ROW: "BIGINT", **columns_of(wanted), **{hits(i): "BIGINT" for i in active}}
    tables = known_tables(facts() if have is None else have, pack.defaults, keep, wanted)
    first = tables.stages or [('"known"', 'SELECT * FROM "known"')]
    every = {key for own in keys.values() for key in own}
    return Query(text([*first, *parts], selected), tables.reads, tuple(sorted(every)), first, parts, selected, keep)


def reads(program: Program) -> Iterator[str]:
    """The facts that the query of ``program`` reads; the figures of its amount read what its clauses do."""
    period, tally = program.period, program.tally
    for clause in program.clauses:
        yield from clause.holds.reads or clause.holds.fields
    yield from (*program.basis, *program.year, *STATED_YEARS, "身份证号", "姓名", *(keys_of(program) - {YEAR}))
    yield from filter(None, (program.amount.units,))
    yield from (period.start, period.end, period.proof) if period else ()
    yield from (tally.per, tally.read, *tally.beside, *(tally.counts.reads or tally.counts.fields)) if tally else ()


def limits(program: Program) -> tuple[tuple[str, ...], ...]:
    """What rows of ``program`` are counted by, for each of its limits: once-only, quota, earlier payment, exclusions."""
    quota, prior = program.quota, program.prior
    own = (program.once, quota.per if quota else (), prior.per if prior else (), *(e.per for e in program.excluded_by))
    return tuple(per for per in own if per)


def keys_of(program: Program) -> set[str]:
    """The fields, but for the year, by which rows of ``program`` are told to be of one person, household or employer."""
    return {key for per in limits(program) for keys in alternatives(per) for key in keys} - {YEAR}


def keys_along(pack: Pack, index: int, active: Sequence[int]) -> tuple[str, ...]:
    """The keys that go along with a row of programme ``index``: its own, and those by which it excludes any that is active."""
    barred = (e.per for i in active for e in pack.programs[i].excluded_by if e.program == pack.programs[index].id)
    others = {key for per in barred for keys in alternatives(per) for key in keys}
    return tuple(sorted((keys_of(pack.programs[index]) | others) - {YEAR}))


def _applies(program: Program) -> Clause | None:
    return next((clause for clause in program.clauses if clause.id == APPLIES), None)


def scoped(pack: Pack, active: Sequence[int]) -> tuple[str, str]:
    """``_best``: the most telling name among the programmes that are not ruled out by their own 适用."""
    return '"scoped"', f'SELECT *, {best_named(pack, active)} AS "_best" FROM "known"'


def best_named(pack: Pack, active: Sequence[int]) -> str:
    """How well the programme is named that is named best and not ruled out by its own 适用."""
    best = "0"
    for index in active:
        clause, own = _applies(pack.programs[index]), quote(hits(index))
        possible = f"CASE WHEN NOT ({clause.holds.sql}) THEN 0 ELSE {own} END" if clause else own
        best = f"GREATEST({best}, {possible})"
    return best


def belongs(program: Program, index: int) -> str:
    """Over ``scoped``: the row is named for programme ``index`` best, and its 适用 does not rule it out."""
    own, clause = quote(hits(index)), _applies(program)
    ruled_out = f" AND NOT COALESCE(NOT ({clause.holds.sql}), FALSE)" if clause else ""
    return f'{own} > 0 AND {own} = "_best"{ruled_out}'


def _program(
    pack: Pack, index: int, active: Sequence[int], keys: Sequence[str], as_of: date | None, *, past: bool
) -> Iterator[tuple[str, str]]:
    program = pack.programs[index]
    yield from _dated(program, index, as_of)
    kept = _kept(program, keys)
    yield stage(index, "facts"), _facts(program, index, kept)
    yield stage(index, "judged"), judged(pack, program, index, active, kept, past=past)
    yield stage(index, "pool"), pool(program, index, keys, past=past)
    yield stage(index, "turns"), turns(program, index, keys)
    yield stage(index, "shares"), shares(program, index)
    yield stage(index, "final"), _final(program, index, keys)


def _dated(program: Program, index: int, as_of: date | None) -> Iterator[tuple[str, str]]:
    """The rows of one programme with ``_at``, ``_at_末`` and ``_by`` (which of ``basis`` governs; one more: ``as_of``)."""
    source = f'SELECT * FROM "scoped" WHERE {belongs(program, index)}'
    dates = [f"{_governing(program, name, as_of)} AS {quote(name)}" for name in ("_at", last("_at"), "_by")]
    yield stage(index, "rows"), f"SELECT *, {', '.join(dates)} FROM ({source}) AS t"
    rows = stage(index, "rows")
    if program.tally:
        yield from group_by_employer(program.tally, index, f"SELECT * FROM {rows}", _speaks_first(program))
        rows = stage(index, "heads")
    yield stage(index, "dated"), f"SELECT *, {_year(program)} AS {quote(YEAR)} FROM {rows}"


def _speaks_first(program: Program) -> str:
    """Which row of an employer says when it applied: one that can't be read, else the latest; never the order of its rows."""
    unread = " OR ".join(quote(bad(name)) for name in program.basis)
    silent = len(program.basis) + 1
    rank = f'CASE WHEN "_by" IS NULL AND ({unread}) THEN -1 WHEN "_by" IS NULL THEN {silent} ELSE "_by" END'
    return f"{rank}, {quote(last('_at'))} DESC, "


def _year(program: Program) -> str:
    """The year of the programme's ``year`` period, else that which the row or its title states, else the governing date's.

    NULL if those are of two years.
    """
    stated = [(name, last(name)) for name in STATED_YEARS]
    periods = [(program.year[0], last(program.year[1])), *stated] if program.year else []
    whens = [
        f"WHEN {_year_of(first)} = {_year_of(end)} THEN {_year_of(first)}" for first, end in (*periods, ("_at", last("_at")))
    ]
    return f"CASE {' '.join(whens)} END"


def _year_of(name: str) -> str:
    return f"CAST(EXTRACT(YEAR FROM {quote(name)}) AS BIGINT)"


def _governing(program: Program, column: str, as_of: date | None) -> str:
    """The first filled date of ``basis``; an unreadable one leaves the date unknown instead of falling through."""
    whens = ""
    for place, name in enumerate(program.basis):
        value = {"_at": quote(name), last("_at"): quote(last(name))}.get(column, str(place))
        whens += f" WHEN {quote(name)} IS NOT NULL THEN {value} WHEN {quote(bad(name))} THEN NULL"
    final = str(len(program.basis)) if column == "_by" else f"DATE '{as_of}'"
    return f"CASE{whens} ELSE {final if as_of else 'NULL'} END"


def _kept(program: Program, keys: Sequence[str]) -> dict[str, str]:
    """What of a row goes along to the verdict: name → SQL over its facts, units and what it asks for."""
    names = (ROW, "_at", last("_at"), "_by", YEAR, *keys, "_asked", "_units")
    return {name: quote(name) for name in names} | money.figures(program)


def _facts(program: Program, index: int, kept: Mapping[str, str]) -> str:
    clauses = {f"_c{j}": _clause(clause) for j, clause in enumerate(program.clauses)}
    wanted = ", ".join(f"{sql} AS {quote(name)}" for name, sql in {**kept, **clauses}.items())
    source = f'SELECT *, {money.units(program)} AS "_units", {money.asked(program)} AS "_asked" FROM {stage(index, "dated")}'
    return f"SELECT {wanted} FROM ({source}) AS d"


def _clause(clause: Clause) -> str:
    sql = clause.holds.sql
    if not clause.presume:
        return as_number(sql)
    unreadable = " OR ".join(quote(bad(name)) for name in clause.holds.reads or clause.holds.fields)
    known = f" WHEN ({clause.holds.blank}) IS NOT NULL THEN NULL" if clause.holds.blank else ""
    return f"COALESCE({as_number(sql)}, CASE WHEN {unreadable} THEN NULL{known} ELSE 2 END)"


def _final(program: Program, index: int, keys: Sequence[str]) -> str:
    """Verdict and money; the keys go along for the programmes that this one excludes."""
    rows = f'{stage(index, "judged")} AS j LEFT JOIN {stage(index, "shares")} AS s ON j."_row" = s."_r"'
    shared = f'SELECT *, {granted(program)} AS "_granted" FROM {rows}'
    spent = f' WHEN "_used" >= {most(program)} THEN {REASONS.index("quota")}' if program.quota else ""
    lacks = f'("缺" > 0 OR {uncounted(program)})'
    none = f' WHEN NOT {lacks} AND "_due" <= 0 THEN {REASONS.index(NOTHING_DUE)}'
    reason = f'CASE WHEN "_bar" > 0 THEN "_bar" WHEN "_turn" > 1 THEN {REASONS.index("once")}{spent}{none} ELSE 0 END'
    owed = f'SELECT *, {money.due(program)} AS "_due" FROM ({shared}) AS g'
    settled = f'SELECT *, {reason} AS "_why" FROM ({owed}) AS o'
    result = f'CASE WHEN "不符" > 0 OR "_why" > 0 THEN 1 WHEN {lacks} THEN 2 ELSE {_granted_as(program)} END'
    barrer = 'WHEN "_bar" > 0 THEN "_barrer" WHEN "_turn" > 1 THEN "_first"'
    values = {
        ROW: '"_row"', "项目": str(index), "结果": result, "分": f'CASE WHEN {result} = 0 THEN "_due" END',
        "数量": '"_granted"', "期内": '"_units"', "申报数量": '"_asked"', "年度": quote(YEAR),
        "不符": '"不符"', "缺": '"缺"', "推定": '"推定"',
        "可望": f'CASE WHEN {result} = 2 THEN "_due" END', "缘由": '"_why"',
        "先": f'CASE {barrer} WHEN "_why" = {REASONS.index("quota")} THEN "_quota_first" END',
        "依据日": '"_by"',
        "早于施行": f"CASE WHEN {quote(last('_at'))} < DATE '{program.since}' THEN 1 ELSE 0 END",
        "版": _version(program),
    }  # fmt: skip
    select = ", ".join([columns(values), *(f"t.{quote(key)}" for key in keys)])
    return f"SELECT {select} FROM ({settled}) AS t"


def _granted_as(program: Program) -> str:
    """What becomes of a row that qualifies: an index into RESULTS, as SQL; while there was no sum, none is paid."""
    results = {version.span: str(RESULTS.index(kind_of(version.amount).result)) for version in program.versions}
    return chosen(results) if results else str(RESULTS.index(kind_of(program.amount).result))


def _version(program: Program) -> str:
    """Which of the programme's versions the first possible day of the row is in."""
    whens = [f"WHEN \"_at\" <= DATE '{v.span.last}' THEN {i}" for i, v in enumerate(program.versions) if v.span.last]
    return f'CASE {" ".join(whens)} WHEN "_at" IS NOT NULL THEN {len(whens)} END' if whens else "0"
