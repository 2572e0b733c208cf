"""A pack → one query over the canonical table (:mod:`jybf.roster.canonical`), for any engine: from typed cells to verdicts.

Before the query of :mod:`jybf.assess.compile` come the stages that a run on this machine does on the way: which household
and employer a row is of, and what it applies for; after it, where each row ended. All of it is one text.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from jybf.assess.compile import Query, compile_pack
from jybf.assess.known import Columns
from jybf.assess.payments import PAST, paid, wanted
from jybf.assess.select import CERTAIN, wanted_of
from jybf.assess.stages import OUTPUT, REASONS, Stages, hits
from jybf.assess.ties import TIED, ties
from jybf.model import CALLED, COLUMNS, FILE, LINE, PAGE, RESULTS, ROW, Pack, Program, bad
from jybf.policy.implicit import APPLIES
from jybf.roster.canonical import MEANT
from jybf.roster.canonical import columns as canonical_columns
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD
from jybf.vocabulary.sql import quote, text
from jybf.vocabulary.types import Sql

ROSTER, HISTORY = "jybf_roster", "jybf_history"  # the tables that the query reads
_TIED = (HOUSEHOLD, EMPLOYER)


class Warehouse(msgspec.Struct, frozen=True):
    """``stages``: tables that build on each other, the last of them ``verdicts``; ``select``: what is asked of them."""

    stages: Stages
    select: str
    query: Query


def over_canonical(
    pack: Pack,
    programs: Sequence[str] = (),
    *,
    force: bool = False,
    as_of: date | None = None,
    past: bool = False,
) -> Warehouse:
    """The query for ``pack`` on the table ROSTER; arguments as of :func:`jybf.assess.assess`.

    ``past``: whether there is a table of what was paid before, ``history``. The verdicts are those of calc: one a row and
    programme, of the rows that nothing names a programme for one without.
    """
    asked = wanted_of(pack, programs, force=force)
    active = asked if force else tuple(i for i, program in enumerate(pack.programs) if program.amount.pays)
    query = compile_pack(pack, active, as_of=as_of, have=canonical_columns(), past=past)
    tied = past or bool({*_TIED} & query.columns.keys())
    tables = [quote(ROSTER), *[quote(HISTORY)] * past]
    silent = [i for i in asked if i in active] if programs else ()
    rosters = _rosters(pack, query, active, silent, force=force)
    first = [*(ties(tables) if tied else ()), *rosters]
    before = list(of_history(pack, query.keys)) if past else []
    last = [('"judged"', query.selected), ('"verdicts"', verdicts_of(pack, active, asked))]
    stages = [*first, *before, *query.before, *query.stages, *last, *dimensions(pack, asked)]
    return Warehouse(stages, _select(), query)


def _rosters(
    pack: Pack, query: Query, active: Sequence[int], silent: Sequence[int], *, force: bool
) -> Iterator[tuple[str, str]]:
    """The rows as the query expects them: typed columns, and how well each programme is named."""
    own: Columns = {name: kind for name, kind in query.columns.items() if not name.startswith("_hits_")}
    if force:
        yield '"roster"', _laid_out(own, dict.fromkeys(active, str(CERTAIN)), quote(ROSTER), 0)
        return
    yield from _called(pack, active, ROSTER, "")
    rows = _laid_out(own, _named(pack, active, silent), '"told_by"', 0)
    if not silent or len(silent) == len(active):
        yield '"roster"', rows
        return
    yield '"meant"', rows
    ours, others = (
        f"GREATEST({', '.join(['0', *(quote(hits(i)) for i in some)])})"
        for some in (silent, [i for i in active if i not in silent])
    )
    alone = {hits(i): f"CASE WHEN {ours} > {others} THEN 0 ELSE {quote(hits(i))} END" for i in active if i not in silent}
    kept = ", ".join(f"{alone.get(name, quote(name))} AS {quote(name)}" for name in (*own, *map(hits, active)))
    yield '"roster"', f'SELECT {kept} FROM "meant"'


def of_history(pack: Pack, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What was paid before, from its canonical table to ``history``."""
    active = [i for i, program in enumerate(pack.programs) if program.amount.pays]
    facts, reads = wanted(pack, active, keys)
    yield from _called(pack, active, HISTORY, "past_")
    own: Columns = {name: kind for name, kind in reads.items() if not name.startswith("_hits_")}
    yield quote(PAST), _laid_out(own, _named(pack, active, ()), '"past_told_by"', 1)
    yield from (*facts, *paid(pack, active, keys))


def _laid_out(columns: Columns, named: Mapping[int, str], source: str, table: int) -> str:
    """``columns`` (name → type) and the hits ``named`` of the rows of ``source``, the ``table``-th of those that are tied."""
    tied = f' JOIN {TIED} AS t ON t."_t" = {table} AND t."_r" = r.{quote(ROW)}' if {*_TIED} & columns.keys() else ""
    told = {name: _column(name, kind) for name, kind in columns.items()}
    told |= {hits(i): f"CAST({sql} AS BIGINT)" for i, sql in named.items()}
    return f"SELECT {', '.join(f'{sql} AS {quote(name)}' for name, sql in told.items())} FROM {source} AS r{tied}"


def _column(name: str, kind: Sql) -> str:
    if name in canonical_columns():
        return f"{'t' if name in _TIED else 'r'}.{quote(name)}"
    return "FALSE" if name.endswith(bad("")) else f"CAST(NULL AS {kind})"


def _called(pack: Pack, active: Sequence[int], table: str, prefix: str) -> Iterator[tuple[str, str]]:
    """How well each programme is named by what its sheet and its cell say: ``_s<i>`` and ``_m<i>``; ``_s``: the best."""
    ids = ", ".join(text(pack.programs[i].id) for i in active)
    sheet, cell = f"r.{quote(CALLED)}", f"r.{quote(MEANT)}"
    words = {f"_s{i}": _words(pack.programs[i], sheet) for i in active}
    for i in active:
        exact = f"CASE WHEN {cell} = {text(pack.programs[i].id)} THEN {CERTAIN} ELSE 0 END"
        words[f"_m{i}"] = f"CASE WHEN {cell} IN ({ids}) THEN {exact} ELSE {_words(pack.programs[i], cell)} END"
    own = ", ".join(f"{sql} AS {quote(name)}" for name, sql in words.items())
    called = quote(f"{prefix}called")
    yield called, f"SELECT r.*, {own} FROM {quote(table)} AS r"
    best = ", ".join(quote(f"_s{i}") for i in active)
    yield quote(f"{prefix}told_by"), f'SELECT *, GREATEST({best}) AS "_s" FROM {called}'


def _named(pack: Pack, active: Sequence[int], silent: Sequence[int]) -> dict[int, str]:
    """By programme how well it is named, as :func:`jybf.assess.select.candidates` tells it."""
    named: dict[int, str] = {}
    for i in active:
        unsaid = str(CERTAIN * (i in silent)) if silent else _columns(pack.programs[i])
        sheet = f'CASE WHEN "_s" > 0 THEN {quote(f"_s{i}")} ELSE {unsaid} END'
        named[i] = f"CASE WHEN r.{quote(MEANT)} IS NULL THEN {sheet} ELSE {quote(f'_m{i}')} END"
    return named


def _words(program: Program, where: str) -> str:
    """How many words of the text ``where`` name ``program``, CERTAIN if all of its name stands there."""
    found = [f"CASE WHEN {_in(word, where)} THEN 1 ELSE 0 END" for word in program.titles]
    not_ours = f"WHEN {' OR '.join(_in(word, where) for word in program.unless)} THEN 0 " if program.unless else ""
    return f"(CASE {not_ours}WHEN {_in(program.id, where)} THEN {CERTAIN} ELSE {' + '.join(found) or '0'} END)"


def _columns(program: Program) -> str:
    places = f"r.{quote(COLUMNS)}"
    own = " OR ".join(_in(f"|{name}:", places) for name in program.columns)
    return f"CASE WHEN {own} THEN 1 ELSE 0 END" if own else "0"


def _in(word: str, where: str) -> str:
    return f"STRPOS({where}, {text(word)}) > 0"


def verdicts_of(pack: Pack, active: Sequence[int], wanted: Sequence[int]) -> str:
    """OUTPUT of every row that ends somewhere: judged, ruled out by each programme that it is named for, or named for none."""
    whole = f'SELECT * FROM "judged" UNION ALL {stranded(pack, active)}'
    kept = f' WHERE "项目" IS NULL OR "项目" IN ({", ".join(map(str, wanted))})'
    return f"SELECT * FROM ({whole}) AS w{kept if len(wanted) < len(active) else ''}"


def stranded(pack: Pack, active: Sequence[int]) -> str:
    """OUTPUT of the rows of ``scoped`` that no programme judges: those that they are named for rule them out, or none is."""
    best = f"GREATEST(0, {', '.join(quote(hits(i)) for i in active)})"
    lost = f'SELECT *, {best} AS "_named" FROM "scoped" WHERE "_best" = 0'
    which = " ".join(f'WHEN {quote(hits(i))} = "_named" THEN {i}' for i in active)
    bits = " ".join(f'WHEN {quote(hits(i))} = "_named" THEN {_applies(pack.programs[i])}' for i in active)
    told = {
        ROW: quote(ROW), "项目": f'CASE WHEN "_named" > 0 THEN CASE {which} END END',
        "结果": 'CASE WHEN "_named" > 0 THEN 1 ELSE 2 END', "不符": f'CASE WHEN "_named" > 0 THEN CASE {bits} END ELSE 0 END',
        **dict.fromkeys(("缺", "推定", "缘由"), "0"),
    }  # fmt: skip
    own = ", ".join(f"CAST({told.get(name, 'NULL')} AS BIGINT) AS {quote(name)}" for name in OUTPUT)
    return f"SELECT {own} FROM ({lost}) AS l"


def _applies(program: Program) -> int:
    return next((1 << j for j, clause in enumerate(program.clauses) if clause.id == APPLIES), 0)


def dimensions(pack: Pack, wanted: Sequence[int]) -> Stages:
    """Codes beside their texts: ``results``, ``reasons``, ``programs``, and ``clauses`` with the bit of each."""
    results = [(n, text(word)) for n, word in enumerate((*RESULTS, "并入单位"))]
    reasons = [(n, text(word)) for n, word in enumerate(REASONS)]
    programs = [(i, text(pack.programs[i].id), text(pack.programs[i].source + pack.programs[i].cite)) for i in wanted]
    clauses = [
        (i, 1 << j, text(clause.id), text(clause.source + clause.cite), text(clause.text))
        for i in wanted
        for j, clause in enumerate(pack.programs[i].clauses)
    ]
    return [
        ('"results"', _rows(("码", "名"), results)),
        ('"reasons"', _rows(("码", "名"), reasons)),
        ('"programs"', _rows(("码", "名", "依据"), programs)),
        ('"clauses"', _rows(("项目", "位", "名", "依据", "文"), clauses)),
    ]


def _rows(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    first, *rest = rows
    head = ", ".join(f"{value} AS {quote(name)}" for name, value in zip(names, first, strict=True))
    return " UNION ALL ".join([f"SELECT {head}", *(f"SELECT {', '.join(map(str, row))}" for row in rest)])


def _select() -> str:
    """Each verdict with the place of its row and the words of its codes."""
    own = ", ".join(f"v.{quote(name)} AS {quote(name)}" for name in OUTPUT)
    place = f'r.{quote(FILE)} AS "文件", r.{quote(PAGE)} AS "工作表", r.{quote(LINE)} AS {quote(LINE)}'
    words = 'p."名" AS "补贴项目", d."名" AS "结果名", w."名" AS "缘由名", p."依据" AS "依据"'
    joins = (
        f' JOIN {quote(ROSTER)} AS r ON r.{quote(ROW)} = v.{quote(ROW)} LEFT JOIN "programs" AS p ON p."码" = v."项目"'
        ' JOIN "results" AS d ON d."码" = v."结果" LEFT JOIN "reasons" AS w ON w."码" = v."缘由"'
    )
    return f'SELECT {own}, {place}, {words} FROM "verdicts" AS v{joins} ORDER BY v.{quote(ROW)}, v."项目"'
