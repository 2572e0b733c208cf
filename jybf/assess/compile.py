"""A pack → one SQL query over the table ``roster`` (and ``history``): clauses, verdicts, once-only, quotas, exclusions.

The text is plain SQL that Polars runs here and DuckDB, Spark or PostgreSQL run elsewhere. Clause results are integers:
1 holds, 0 fails, 2 presumed, NULL undecided; bit j of 不符, 缺 and 推定 is clause j. Verdicts are indexes into RESULTS.
Engine columns begin with an underscore. A programme is a chain of common table expressions:

    scoped  every row once: which programme is named best among those whose business the row can be
    p_dated     the rows of programme p with their governing date (employer-level: one row an employer, counted)
    p_facts     each clause as an integer, units and keys
    p_judged    bits, and what bars payment from outside the row (earlier payments, exclusions)
    p_turns     once-only and quota, as running windows over the qualifying rows and the history
    p_final     verdict and money
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jybf.assess import money
from jybf.model import RESULTS, ROW, Clause, Pack, Program, Tally, bad, last
from jybf.policy.facts import GOVERNING_YEAR as YEAR
from jybf.policy.facts import facts
from jybf.policy.implicit import APPLIES
from jybf.policy.predicate import quote

MERGED_RESULT = len(RESULTS)
REASONS = ("", "once", "quota", "excluded", "prior")
SQL_TYPES = {"int": "BIGINT", "money": "BIGINT", "rate": "BIGINT", "date": "DATE", "period": "DATE", "bool": "BOOLEAN"}
OUTPUT = (
    ROW, "项目", "结果", "分", "数量", "申报数量", "年度", "不符", "缺", "推定", "可望", "缘由", "先", "依据日",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """``sql`` over tables ``roster`` (``columns``: name → type) and ``history`` (``_row``, ``项目``, ``_at``, ``_units``, keys)."""

    sql: str
    columns: Mapping[str, str]
    keys: tuple[str, ...]


def hits(index: int) -> str:
    """The roster column that says how well a row's sheet or cell names programme ``index``; 0: not at all."""
    return f"_hits_{index}"


def compile_pack(pack: Pack, active: Sequence[int], *, as_of: date | None = None) -> Query:
    """The query for the programmes ``active`` (indexes into ``pack.programs``); ``as_of`` governs where rows are silent."""
    keys = tuple(sorted({key for i in active for key in _all_keys(pack.programs[i])}))
    order = sorted(active, key=lambda i: any(not e.history for e in pack.programs[i].excluded_by))
    parts = [_scoped(pack, active)]
    for index in order:
        parts += _program(pack, index, active, keys, as_of)
    columns = ", ".join(quote(name) for name in OUTPUT)
    union = " UNION ALL ".join(f"SELECT {columns} FROM {_name(i, source)}" for i in order for source in _sources(pack, i))
    sql = f"WITH {', '.join(parts)} {union}"
    return Query(sql, _columns(sql), keys)


def _sources(pack: Pack, index: int) -> tuple[str, ...]:
    return ("final", "merged") if pack.programs[index].tally else ("final",)


def _name(index: int, stage: str) -> str:
    return f'"p{index}_{stage}"'


def _all_keys(program: Program) -> set[str]:
    quota, prior = program.quota, program.prior
    keys = {*program.once, *(quota.per if quota else ()), *(prior.per if prior else ())}
    return keys.union(*(e.per for e in program.excluded_by)) - {YEAR}


def _applies(program: Program) -> Clause | None:
    return next((clause for clause in program.clauses if clause.id == APPLIES), None)


def _case(sql: str) -> str:
    """A predicate as an integer."""
    return f"CASE WHEN {sql} THEN 1 WHEN NOT ({sql}) THEN 0 END"


def _scoped(pack: Pack, active: Sequence[int]) -> str:
    """``_best``: the most telling name among the programmes that are not ruled out by their own 适用."""
    best = "0"
    for index in active:
        clause, own = _applies(pack.programs[index]), quote(hits(index))
        possible = f"CASE WHEN NOT ({clause.holds.sql}) THEN 0 ELSE {own} END" if clause else own
        best = f"GREATEST({best}, {possible})"
    return f'"scoped" AS (SELECT *, {best} AS "_best" FROM "roster")'


def _program(pack: Pack, index: int, active: Sequence[int], keys: Sequence[str], as_of: date | None) -> Iterator[str]:
    program = pack.programs[index]
    yield from _dated(program, index, as_of)
    yield f"{_name(index, 'facts')} AS ({_facts(program, index, keys)})"
    yield f"{_name(index, 'judged')} AS ({_judged(pack, program, index, active)})"
    yield f"{_name(index, 'pool')} AS ({_pool(index, keys)})"
    yield f"{_name(index, 'turns')} AS ({_turns(program, index)})"
    yield f"{_name(index, 'shares')} AS ({_shares(program, index)})"
    yield f"{_name(index, 'final')} AS ({_final(program, index)})"


def _dated(program: Program, index: int, as_of: date | None) -> Iterator[str]:
    """The rows of one programme with ``_at``, ``_at_末`` and ``_by`` (which of ``basis`` governs; one more: ``as_of``)."""
    own = quote(hits(index))
    clause = _applies(program)
    mine = f'{own} > 0 AND {own} = "_best"' + (f" AND NOT COALESCE(NOT ({clause.holds.sql}), FALSE)" if clause else "")
    source = f'SELECT * FROM "scoped" WHERE {mine}'
    if program.tally:
        yield from _grouped(program.tally, index, source)
        source = f"SELECT * FROM {_name(index, 'heads')}"
    dates = [f"{_governing(program, name, as_of)} AS {quote(name)}" for name in ("_at", last("_at"), "_by")]
    yield f"{_name(index, 'rows')} AS (SELECT *, {', '.join(dates)} FROM ({source}) AS t)"
    year = f"CAST(EXTRACT(YEAR FROM {quote('_at')}) AS BIGINT)"
    same = f"{year} = CAST(EXTRACT(YEAR FROM {quote(last('_at'))}) AS BIGINT)"
    dated = f"SELECT *, CASE WHEN {same} THEN {year} END AS {quote(YEAR)} FROM {_name(index, 'rows')}"
    yield f"{_name(index, 'dated')} AS ({dated})"


def _governing(program: Program, column: str, as_of: date | None) -> str:
    """The first filled date of ``basis``; an unreadable one leaves the date unknown instead of falling through."""
    whens = ""
    for place, name in enumerate(program.basis):
        value = {"_at": quote(name), last("_at"): quote(last(name))}.get(column, str(place))
        whens += f" WHEN {quote(name)} IS NOT NULL THEN {value} WHEN {quote(bad(name))} THEN NULL"
    final = str(len(program.basis)) if column == "_by" else f"DATE '{as_of}'"
    return f"CASE{whens} ELSE {final if as_of else 'NULL'} END"


def _grouped(tally: Tally, index: int, source: str) -> Iterator[str]:
    """One row an employer (its first), with the persons who surely and possibly count, each person once.

    A row that names no person is an employer's own row: it stands alone and states its number itself.
    """
    rows, heads, per = _name(index, "group"), _name(index, "counts"), quote(tally.per)
    person = quote("身份证号")
    nobody = f"({person} IS NULL AND {quote('姓名')} IS NULL)"
    row = f"CAST({quote(ROW)} AS VARCHAR)"
    yield (
        f"{rows} AS (SELECT *, CASE WHEN {per} IS NULL OR {nobody} THEN CONCAT('#', {row}) ELSE {per} END AS \"_group\","
        f" COALESCE({person}, CONCAT('#', {row})) AS \"_person\", {_case(tally.counts.sql)} AS \"_counts\" FROM ({source}) AS s)"
    )
    each = (
        f'SELECT "_group", MIN({quote(ROW)}) AS "_first", MAX(CASE WHEN "_counts" = 1 AND {person} IS NOT NULL THEN 1 ELSE 0 END)'
        f' AS "_yes", MAX(CASE WHEN "_counts" = 0 THEN 0 ELSE 1 END) AS "_maybe",'
        f" MAX(CASE WHEN {nobody} THEN 1 ELSE 0 END) AS \"_nobody\","
        f' MAX({quote(tally.read)}) AS "_read" FROM {rows} GROUP BY "_group", "_person"'
    )
    yield (
        f'{heads} AS (SELECT "_group" AS "_g", MIN("_first") AS "_rep", CAST(SUM("_yes") AS BIGINT) AS "_low",'
        f' CAST(SUM("_maybe") AS BIGINT) AS "_high", MAX("_nobody") AS "_blank", MAX("_read") AS "_stated"'
        f' FROM ({each}) AS e GROUP BY "_group")'
    )
    joined = f'{rows} AS r JOIN {heads} AS h ON r."_group" = h."_g"'
    yield f"{_name(index, 'heads')} AS (SELECT * FROM {joined} WHERE r.{quote(ROW)} = h.\"_rep\")"
    nothing = ", ".join(f"{value} AS {quote(name)}" for name, value in _merged_row(index).items())
    yield f"{_name(index, 'merged')} AS (SELECT {nothing} FROM {joined} WHERE r.{quote(ROW)} <> h.\"_rep\")"


def _merged_row(index: int) -> dict[str, str]:
    null = "CAST(NULL AS BIGINT)"
    known = {ROW: f"r.{quote(ROW)}", "项目": str(index), "结果": str(MERGED_RESULT), "不符": "0", "缺": "0", "推定": "0", "缘由": "0"}
    return {name: f"CAST({known[name]} AS BIGINT)" if name in known else null for name in OUTPUT} | {
        "先": 'CAST(h."_rep" AS BIGINT)'
    }


def _facts(program: Program, index: int, keys: Sequence[str]) -> str:
    facts = [quote(ROW), quote("_at"), quote("_by"), quote(YEAR), *(quote(key) for key in keys)]
    facts += [f'{money.claim(program)} AS "_claim"', f'{money.interest(program)} AS "_interest"']
    facts += [f'{money.base(program)} AS "_rate"', '"_asked"']
    facts += [f'{_clause(clause)} AS "_c{j}"' for j, clause in enumerate(program.clauses)]
    facts.append('"_units"')
    source = (
        f'SELECT *, {money.units(program)} AS "_units", {money.asked(program)} AS "_asked" FROM {_name(index, "dated")}'
    )
    return f"SELECT {', '.join(facts)} FROM ({source}) AS d"


def _clause(clause: Clause) -> str:
    sql = clause.holds.sql
    if not clause.presume:
        return _case(sql)
    unreadable = " OR ".join(quote(bad(name)) for name in clause.holds.fields)
    return f"CASE WHEN {sql} THEN 1 WHEN NOT ({sql}) THEN 0 WHEN {unreadable} THEN NULL ELSE 2 END"


def _bits(program: Program, test: str) -> str:
    terms = [f'CASE WHEN "_c{j}" {test} THEN {1 << j} ELSE 0 END' for j in range(len(program.clauses))]
    return f"CAST({' + '.join(terms)} AS BIGINT)"


def _judged(pack: Pack, program: Program, index: int, active: Sequence[int]) -> str:
    """Bits, and ``_bar``/``_barrer``: why and by which row payment is barred from outside the row."""
    facts, joins, bars = _name(index, "facts"), "", []
    if program.prior:
        bars.append((REASONS.index("prior"), program.prior.per, _earlier(index, program.prior.per)))
    for exclusion in program.excluded_by:
        other = next(i for i, p in enumerate(pack.programs) if p.id == exclusion.program)
        batch = None if exclusion.history or other not in active else other
        bars.append((REASONS.index("excluded"), exclusion.per, _earlier(other, exclusion.per, batch)))
    whys, whos = "0", "CAST(NULL AS BIGINT)"
    for n, (why, per, table) in enumerate(bars):
        on = " AND ".join(f"f.{quote(key)} = b{n}.{quote(f'_k{m}')}" for m, key in enumerate(per))
        joins += f" LEFT JOIN ({table}) AS b{n} ON {on}"
        whys = f'CASE WHEN b{n}."_x" IS NOT NULL THEN {why} ELSE {whys} END'
        whos = f'COALESCE(b{n}."_x", {whos})'
    return (
        f'SELECT f.*, {_bits(program, "= 0")} AS "不符", {_bits(program, "IS NULL")} AS "缺", {_bits(program, "= 2")} AS "推定",'
        f' {whys} AS "_bar", {whos} AS "_barrer" FROM {facts} AS f{joins}'
    )


def _earlier(index: int, per: Sequence[str], batch: int | None = None) -> str:
    """Who had programme ``index``: per key, the first row in the history or, if ``batch``, paid in this run."""
    names = ", ".join(f'{quote(key)} AS "_k{m}"' for m, key in enumerate(per))
    groups = ", ".join(quote(key) for key in per)
    rows = f'SELECT {groups}, "_row" FROM "history" WHERE "项目" = {index}'
    if batch is not None:
        rows += f' UNION ALL SELECT {groups}, "_row" FROM {_name(batch, "final")} WHERE "结果" IN (0, 3)'
    return f'SELECT {names}, MIN("_row") AS "_x" FROM ({rows}) AS e GROUP BY {groups}'


def _pool(index: int, keys: Sequence[str]) -> str:
    """Who competes for once-only and quota: the rows that qualify by themselves, after all of the history."""
    columns = ", ".join(quote(key) for key in (*keys, YEAR))
    return (
        f'SELECT "_row", 1 AS "_late", "_at", "_units", {columns} FROM {_name(index, "judged")}'
        f' WHERE "不符" = 0 AND "缺" = 0 AND "_bar" = 0 UNION ALL'
        f' SELECT "_row", 0 AS "_late", "_at", "_units", {columns} FROM "history" WHERE "项目" = {index}'
    )


_TURN = 'ORDER BY "_late", "_at", "_row"'
_SO_FAR = f"{_TURN} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"


def _over(per: Sequence[str], frame: str) -> str:
    return f"OVER (PARTITION BY {', '.join(quote(key) for key in per)} {frame})"


def _turns(program: Program, index: int) -> str:
    """``_turn``: 1 for the row that is paid among those sharing the once-only key; ``_first``: that row."""
    turn, first = "1", '"_row"'
    if program.once:
        turn, first = f"ROW_NUMBER() {_over(program.once, _TURN)}", f'FIRST_VALUE("_row") {_over(program.once, _TURN)}'
    return f'SELECT *, {turn} AS "_turn", {first} AS "_first" FROM {_name(index, "pool")}'


def _shares(program: Program, index: int) -> str:
    """``_used``: units of the quota that rows before took; ``_vague``: earlier payments of which no units are known."""
    used, quota_first, vague = "0", '"_row"', "0"
    if program.quota:
        per = program.quota.per
        units = 'CASE WHEN "_turn" = 1 THEN "_units" ELSE 0 END'
        used = f"SUM({units}) {_over(per, _SO_FAR)} - {units}"
        quota_first = f'FIRST_VALUE("_row") {_over(per, _TURN)}'
        vague = f'SUM(CASE WHEN "_units" IS NULL THEN 1 ELSE 0 END) {_over(per, _SO_FAR)}'
    return (
        f'SELECT "_row" AS "_r", "_turn", "_first", CAST({used} AS BIGINT) AS "_used", {quota_first} AS "_quota_first",'
        f' CAST({vague} AS BIGINT) AS "_vague" FROM {_name(index, "turns")}'
    )


def _final(program: Program, index: int) -> str:
    keys = ", ".join(f"t.{quote(key)}" for key in sorted(_all_keys(program)))
    most = program.quota.most if program.quota else None
    granted = '"_units"'
    if most is not None:
        room = f'CASE WHEN "_used" >= {most} THEN 0 ELSE {most} - COALESCE("_used", 0) END'
        granted = f'CASE WHEN "_units" <= {room} THEN "_units" ELSE {room} END'
    rows = f'{_name(index, "judged")} AS j LEFT JOIN {_name(index, "shares")} AS s ON j."_row" = s."_r"'
    shared = f'SELECT *, {granted} AS "_granted" FROM {rows}'
    reason = f'CASE WHEN "_bar" > 0 THEN "_bar" WHEN "_turn" > 1 THEN {REASONS.index("once")} WHEN "_granted" <= 0 AND "_turn" = 1 THEN {REASONS.index("quota")} ELSE 0 END'
    judged = f'SELECT *, {money.due(program)} AS "_due", {reason} AS "_why" FROM ({shared}) AS g'
    result = (
        'CASE WHEN "不符" > 0 OR "_why" > 0 THEN 1 WHEN "缺" > 0 OR "_vague" > 0 THEN 2'
        f" WHEN {3 if program.amount.kind == 'open' else 0} = 3 THEN 3 ELSE 0 END"
    )
    columns = {
        ROW: '"_row"', "项目": str(index), "结果": result, "分": f'CASE WHEN {result} = 0 THEN "_due" END',
        "数量": '"_granted"', "申报数量": '"_asked"', "年度": quote(YEAR), "不符": '"不符"', "缺": '"缺"', "推定": '"推定"',
        "可望": f'CASE WHEN {result} = 2 THEN "_due" END', "缘由": '"_why"',
        "先": f'CASE WHEN "_bar" > 0 THEN "_barrer" WHEN "_turn" > 1 THEN "_first" WHEN "_why" > 0 THEN "_quota_first" END',
        "依据日": '"_by"',
    }  # fmt: skip
    select = ", ".join(f"CAST({sql} AS BIGINT) AS {quote(name)}" for name, sql in columns.items())
    return f"SELECT {select}{', ' + keys if keys else ''} FROM ({judged}) AS t"


def _columns(sql: str) -> dict[str, str]:
    """The roster columns that the query reads, with their SQL types: every quoted name that the dictionary knows."""
    columns: dict[str, str] = {}
    fields = facts()
    for name in dict.fromkeys(re.findall(r'"([^"]+)"', sql)):
        stem, _, suffix = name.partition("_")
        if name.startswith("_hits_") or name == ROW:
            columns[name] = "BIGINT"
        elif stem in fields and stem != YEAR and suffix in {"", "末", "误"}:
            columns[name] = "BOOLEAN" if suffix == "误" else SQL_TYPES.get(fields[stem].type, "VARCHAR")
    return columns
