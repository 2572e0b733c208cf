"""What one row does to another: earlier payments, exclusions, once-only, quotas. Each stage as SQL."""

from collections.abc import Iterable, Sequence

from jybf.assess.stages import REASONS, stage
from jybf.model import ROW, Pack, Program
from jybf.policy.versions import UNLIMITED, most
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR
from jybf.vocabulary.keys import alternatives
from jybf.vocabulary.sql import NULL, quote

_PRESUMED = "= 2"  # what only a clause that says what is presumed may come to
_TURN = '"_late", "_at", "_row"'
_FIRST = f'ORDER BY "_open", {_TURN}'
_SO_FAR = f"ORDER BY {_TURN} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"


def judged(pack: Pack, program: Program, index: int, active: Sequence[int], kept: Iterable[str], *, past: bool) -> str:
    """Bits, and ``_bar``/``_barrer``: why and by which row payment is barred from outside the row.

    ``kept``: the facts that go along; ``past``: whether there is a history; without one nothing is asked of it.
    """
    bars: list[tuple[int, Sequence[str], str]] = []
    if program.prior and past:
        bars += [(REASONS.index("prior"), per, _earlier(index, per)) for per in alternatives(program.prior.per)]
    for exclusion in program.excluded_by:
        other = next(i for i, p in enumerate(pack.programs) if p.id == exclusion.program)
        batch = None if exclusion.history or other not in active else other
        if past or batch is not None:
            tables = ((per, _earlier(other, per, batch, past=past)) for per in alternatives(exclusion.per))
            bars += [(REASONS.index("excluded"), per, table) for per, table in tables]
    joins, whys, whos = "", "0", NULL
    for n, (why, per, table) in enumerate(bars):
        on = " AND ".join(f"f.{quote(key)} = b{n}.{quote(f'_k{m}')}" for m, key in enumerate(per))
        joins += f" LEFT JOIN ({table}) AS b{n} ON {on}"
        whys = f'CASE WHEN b{n}."_x" IS NOT NULL THEN {why} ELSE {whys} END'
        whos = f'COALESCE(b{n}."_x", {whos})'
    tests = {"不符": "= 0", "缺": "IS NULL", "推定": _PRESUMED}
    bits = ", ".join(f"{_bits(program, test)} AS {quote(name)}" for name, test in tests.items())
    why, who = ('"_bar0"', '"_barrer0"') if past else ('"_bar"', '"_barrer"')
    kept = ", ".join(f"f.{quote(name)}" for name in kept)
    own = f"SELECT {kept}, {bits}, {whys} AS {why}, {whos} AS {who} FROM {stage(index, 'facts')} AS f{joins}"
    return _used_up(program, index, own) if past else own


def _used_up(program: Program, index: int, own: str) -> str:
    """Of a row that lacks facts nobody asks for them where the history has used up all that it could get."""
    used = [(REASONS.index("once"), per, _earlier(index, per)) for per in alternatives(program.once)] if program.once else []
    if quota := program.quota:
        names = ", ".join(f'{quote(key)} AS "_k{m}"' for m, key in enumerate(quota.per))
        groups = ", ".join(map(quote, quota.per))
        sums = f'SELECT {groups}, MIN("_row") AS "_x", SUM("_units") AS "_n" FROM "history"'
        full = f'{sums} WHERE "项目" = {index} GROUP BY {groups}'
        used.append(
            (REASONS.index("quota"), quota.per, f'SELECT {names}, "_x" FROM ({full}) AS q WHERE "_n" >= {_at_most(program)}')
        )
    joins, why, who = "", '"_bar0"', '"_barrer0"'
    for n, (reason, per, table) in enumerate(used):
        on = " AND ".join(f"o.{quote(key)} = u{n}.{quote(f'_k{m}')}" for m, key in enumerate(per))
        joins += f" LEFT JOIN ({table}) AS u{n} ON {on}"
        met = f'"_bar0" = 0 AND "不符" = 0 AND "缺" > 0 AND u{n}."_x" IS NOT NULL'
        why, who = f"CASE WHEN {met} THEN {reason} ELSE {why} END", f'CASE WHEN {met} THEN u{n}."_x" ELSE {who} END'
    return f'SELECT o.*, {why} AS "_bar", {who} AS "_barrer" FROM ({own}) AS o{joins}'


def _at_most(program: Program) -> int:
    """The units that no version of the quota goes beyond."""
    quotas = [version.quota for version in program.versions] or [program.quota]
    return max(quota.most if quota else UNLIMITED for quota in quotas)


def _bits(program: Program, test: str) -> str:
    clauses = [j for j, clause in enumerate(program.clauses) if test != _PRESUMED or clause.presume]
    terms = [f'CASE WHEN "_c{j}" {test} THEN {1 << j} ELSE 0 END' for j in clauses]
    none = f"f.{quote(ROW)} * 0"  # no constant: ClickHouse loses one beside a join
    return f"CAST({' + '.join(terms) or none} AS BIGINT)"


def _earlier(index: int, per: Sequence[str], batch: int | None = None, *, past: bool = True) -> str:
    """Who had programme ``index``: per key, the first row in the history (if ``past``) or, if ``batch``, paid in this run."""
    names = ", ".join(f'{quote(key)} AS "_k{m}"' for m, key in enumerate(per))
    groups = ", ".join(quote(key) for key in per)
    rows = [f'SELECT {groups}, "_row" FROM "history" WHERE "项目" = {index}'] * past
    if batch is not None:
        own = ", ".join(f'"年度" AS {quote(key)}' if key == YEAR else quote(key) for key in per)
        rows.append(f'SELECT {own}, "_row" FROM {stage(batch, "final")} WHERE "结果" IN (0, 3)')
    return f'SELECT {names}, MIN("_row") AS "_x" FROM ({" UNION ALL ".join(rows)}) AS e GROUP BY {groups}'


def pool(program: Program, index: int, keys: Sequence[str], *, past: bool) -> str:
    """Who competes for once-only and quota: the rows that qualify by themselves, after all of the history.

    And ``_open``, those that may yet qualify, and whose day no other would govern: they take nothing, but what those before
    have used up is no longer to be had by them, whatever they lack. ``_alone``: no other row shares what they are counted by;
    so it is with nearly all, and the running windows, which cost most, are for the others.
    """
    columns = ", ".join(quote(name) for name in _competing(keys))
    own = (
        f'SELECT "_row", 1 AS "_late", CASE WHEN "缺" > 0 THEN 1 ELSE 0 END AS "_open", {columns}'
        f' FROM {stage(index, "judged")} WHERE "不符" = 0 AND "_bar" = 0 AND ("缺" = 0 OR "_by" = 0)'
    )
    paid = f'SELECT "_row", 0 AS "_late", 0 AS "_open", {columns} FROM "history" WHERE "项目" = {index}'
    rows = f"{own} UNION ALL {paid}" if past else own
    if not (counted := _counted(program)):
        return rows
    alone = " AND ".join(f"COUNT(*) {_over(per, '')} = 1" for per in counted)
    return f'SELECT *, CASE WHEN {alone} THEN 1 ELSE 0 END AS "_alone" FROM ({rows}) AS r'


def _competing(keys: Sequence[str]) -> tuple[str, ...]:
    return ("_at", "_units", *keys, YEAR)


def _counted(program: Program) -> list[tuple[str, ...]]:
    """By what rows compete: each key of once-only, and that of the quota."""
    once = alternatives(program.once) if program.once else []
    return list(dict.fromkeys((*once, *((tuple(program.quota.per),) if program.quota else ()))))


def _over(per: Sequence[str], frame: str) -> str:
    return f"OVER ({' '.join((_alike(per), frame)).strip()})"


def _alike(per: Sequence[str]) -> str:
    """Rows are of one person, employer, year if all of ``per`` are known and equal; of whom one is not known is nobody else."""
    unknown = " OR ".join(f"{quote(key)} IS NULL" for key in per)
    return f"PARTITION BY {', '.join(map(quote, per))}, CASE WHEN {unknown} THEN {quote(ROW)} END"


def turns(program: Program, index: int, keys: Sequence[str]) -> str:
    """``_turn``: 1 for the row that is paid among those sharing the once-only key; ``_first``, for the others: that row.

    Where a household is paid once, a person of it is too, whatever household another row says: whoever comes second by one
    key does not stand in the way of others by another.
    """
    pooled = stage(index, "pool")
    if not program.once:
        return f'SELECT *, 1 AS "_turn", "_row" AS "_first" FROM {pooled}'
    columns = ", ".join(quote(name) for name in (ROW, "_late", "_open", *_competing(keys), "_alone"))
    source, later, each = f'(SELECT * FROM {pooled} WHERE "_alone" = 0) AS t', "0", alternatives(program.once)[::-1]
    for n, per in enumerate(each):
        part, order = _alike(per), f'"_late", {later}, "_at", "_row"'
        before = f'SUM(1 - "_open") OVER ({part} ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)'
        counted = f'SELECT *, CAST({before} + "_open" AS BIGINT) AS "_turn{n}" FROM {source}'
        first = f'MAX(CASE WHEN "_open" = 0 AND "_turn{n}" = 1 THEN "_row" END) OVER ({part})'
        source = f'(SELECT *, {first} AS "_first{n}" FROM ({counted}) AS o{n}) AS t{n}'
        later = f'CASE WHEN "_late" = 1 AND "_turn{n}" > 1 THEN 1 ELSE 0 END'
    turn, first = '"_turn0"', '"_first0"'
    for n in range(1, len(each)):
        turn = f'CASE WHEN "_turn{n}" > {turn} THEN "_turn{n}" ELSE {turn} END'
        first = f'CASE WHEN "_turn0" > 1 THEN "_first0" ELSE "_first{n}" END'
    alone = f'SELECT {columns}, CAST(1 AS BIGINT) AS "_turn", "_row" AS "_first" FROM {pooled} WHERE "_alone" = 1'
    return f'SELECT {columns}, {turn} AS "_turn", {first} AS "_first" FROM {source} UNION ALL {alone}'


def uncounted(program: Program) -> str:
    """SQL: whether payments before count against the row of which no units are known: not while no quota is in force."""
    unlimited = any(version.quota is None for version in program.versions)
    return f'("_vague" > 0 AND {most(program)} < {UNLIMITED})' if program.quota and unlimited else '("_vague" > 0)'


def shares(program: Program, index: int) -> str:
    """``_used``: units of the quota that rows before took; ``_vague``: earlier payments of which no units are known.

    Where there are such payments, every row of this run is undecided, and what is undecided takes nothing from the next.
    """
    source, own = stage(index, "turns"), '"_row" AS "_r", "_turn", "_first"'
    nothing = f'SELECT {own}, CAST(0 AS BIGINT) AS "_used", "_row" AS "_quota_first"'
    if not program.quota:
        return f'{nothing}, CAST(0 AS BIGINT) AS "_vague" FROM {source}'
    per, units = program.quota.per, 'CASE WHEN "_turn" = 1 AND "_open" = 0 THEN "_units" ELSE 0 END'
    vague = 'CASE WHEN "_units" IS NULL AND "_open" = 0 THEN 1 ELSE 0 END'
    counted = (
        f'SELECT {own}, SUM({units}) {_over(per, _SO_FAR)} - {units} AS "_taken",'
        f' SUM(CASE WHEN "_late" = 0 THEN {units} ELSE 0 END) {_over(per, _SO_FAR)} AS "_earlier",'
        f' FIRST_VALUE("_row") {_over(per, _FIRST)} AS "_quota_first",'
        f' CAST(SUM({vague}) {_over(per, _SO_FAR)} AS BIGINT) AS "_vague" FROM {source} WHERE "_alone" = 0'
    )
    used = 'CAST(CASE WHEN "_vague" > 0 THEN "_earlier" ELSE "_taken" END AS BIGINT) AS "_used"'
    shared = f'SELECT "_r", "_turn", "_first", {used}, "_quota_first", "_vague" FROM ({counted}) AS c'
    return f'{shared} UNION ALL {nothing}, CAST({vague} AS BIGINT) AS "_vague" FROM {source} WHERE "_alone" = 1'


def granted(program: Program) -> str:
    """Units within what is left of the quota."""
    if not program.quota:
        return '"_units"'
    units = most(program)
    room = f'CASE WHEN "_used" >= {units} THEN 0 ELSE {units} - COALESCE("_used", 0) END'
    return f'CASE WHEN "_units" <= {room} THEN "_units" ELSE {room} END'
