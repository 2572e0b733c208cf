"""The clauses that every programme has without writing them: whose business, by when, who, how much.

They read the engine's own columns: ``_at``/``_at_末`` (the governing date), ``_units``, and for an employer's roster
``_low``/``_high`` (persons who surely, possibly count), ``_blank`` (1: rows that name no person), ``_stated`` and
``_total`` (what such a row states: the greatest of the numbers, and all of them).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from jybf.model import UNDETERMINED, Clause, Predicate, Program, bad, last
from jybf.policy.clash import HELD, valid
from jybf.vocabulary.amounts import KINDS, kind_of
from jybf.vocabulary.facts import GOVERNING_YEAR, asked, facts, is_asked_elsewhere
from jybf.vocabulary.sql import month_number, quote

_OWN = ("适用", "期限", "身份", "键", "数量", "人数", "已享受", "年份", "止日", "版本", "停止")
APPLIES, DEADLINE, IDENTITY, KEY, UNITS, TALLY, PRIOR, YEARS, ENDS, VERSION, ENDED = _OWN
IDS = tuple(dict.fromkeys((*_OWN, *HELD, *(id_ for kind in KINDS.values() for id_ in kind.ids))))


# What begins on a day that governs lasts until that of another column.
_ENDS = {"上岗日期": "合同结束日期", "贷款合同日期": "贷款到期日期", "贷款发放日期": "贷款到期日期"}


def clauses(program: Program, applies: Predicate | None, applies_text: str) -> tuple[Clause, ...]:
    """The implicit clauses of ``program``, in the order in which a clerk would ask."""
    told = _clauses(program, applies, applies_text)
    return tuple(replace(clause, source=clause.source or program.source) for clause in told)


def _clauses(program: Program, applies: Predicate | None, applies_text: str) -> Iterator[Clause]:
    cite, since = program.cite, program.since.year
    if applies:
        yield Clause(APPLIES, cite, applies_text or f"属于{program.id}的范围", applies)
    yield from _identity(program)
    for key in _keys(program):
        yield _known(KEY, cite, f"能认定是哪一{key}" if is_asked_elsewhere(key) else f"{key}齐全", key, program)
    yield _deadline(program)
    yield _years(program, since)
    yield from _not_over(program, since)
    yield from _amount_clauses(program)
    if program.tally:
        yield _tally(program)
    if program.prior:
        holds = Predicate(f"NOT {program.prior.field}", f"NOT {quote(program.prior.field)}", (program.prior.field,), "为“否”")
        yield Clause(
            PRIOR,
            program.prior.cite,
            program.prior.text,
            holds,
            source=program.prior.source,
            code=program.codes.get("prior", "JY305"),
            presume=f"“{program.prior.field}”未登记，按未享受计",
        )
    if program.amount.pays:
        yield valid(program)


def _keys(program: Program) -> dict[str, None]:
    keys = dict.fromkeys((*program.once, *(program.quota.per if program.quota else ())))
    keys.update(dict.fromkeys((program.tally.per,) if program.tally else ()))
    if program.payee in {"个人", "户"} and not program.tally:
        keys.pop("身份证号", None)
    return keys


def _known(id_: str, cite: str, text: str, key: str, program: Program | None = None) -> Clause:
    wanted = program.basis[:1] if key == GOVERNING_YEAR and program else asked(key)
    sql = f"(CASE WHEN {quote(key)} IS NOT NULL THEN TRUE END)"
    return Clause(id_, cite, text, Predicate(key, sql, wanted, reads=() if key == GOVERNING_YEAR else (key,)), code="JY901")


def _identity(program: Program) -> Iterator[Clause]:
    """Nobody unknown is paid: the person, or for an employer's programme the person or the employer."""
    if program.payee in {"个人", "户"} and not program.tally:
        yield _known(IDENTITY, program.cite, "身份证号齐全", "身份证号")
    elif program.payee == "单位" and not program.tally and not {"身份证号", "单位"} & {*_keys(program)}:
        sql = f"(CASE WHEN {quote('身份证号')} IS NOT NULL OR {quote('单位')} IS NOT NULL THEN TRUE END)"
        yield Clause(
            IDENTITY,
            program.cite,
            "认得出单位或人员",
            Predicate("", sql, ("统一社会信用代码",), reads=("身份证号", "单位")),
            code="JY901",
        )


def _deadline(program: Program) -> Clause:
    period, at = program.period, quote("_at")
    until = period.until if period else program.until
    day = f"DATE '{until}'"
    silent = f'"_by" = {len(program.basis)}'  # the row has no date: it is an application of the day that --as-of says
    # A later date of the basis stands in for the first: it may pay, but filling in the first could still be in time.
    sql = (
        f"""(CASE WHEN {quote(last("_at"))} <= {day} THEN TRUE WHEN {at} > {day} AND ("_by" = 0 OR {silent}) THEN FALSE END)"""
    )
    if not period:
        holds = Predicate(f"{program.basis[0]} <= {day}", sql, program.basis[:1], f"不晚于 {until}", program.basis)
        cite, source = program.until_cite or program.cite, program.until_source if program.until_cite else ""
        return Clause(DEADLINE, cite, f"{program.basis[0]}不晚于 {until}", holds, source, code="JY507")
    start, proof = quote(period.start), quote(last(period.proof))
    sql = (
        f"(CASE WHEN {quote(last(period.start))} <= {day} THEN TRUE WHEN {start} > {day} AND {proof} <= {day} THEN NULL"
        f" WHEN {start} > {day} THEN FALSE"
        f" WHEN {start} IS NULL AND ({proof} <= {day} OR ({silent} AND {quote(last('_at'))} <= {day})) THEN TRUE END)"
    )
    wanted, needs = (period.start, period.proof), ((period.proof, f"{start} IS NULL"),)  # an application by then proves as much
    holds = Predicate(f"{period.start} <= {day}", sql, wanted, f"不晚于 {until}", wanted, needs)
    return Clause(DEADLINE, period.cite, f"政策执行到 {until}", holds, period.source, code="JY507")


def _years(program: Program, since: int) -> Clause:
    """Nothing is paid by a document for a year before its own; what lasts into that year is not of the year before."""
    day, at = f"DATE '{since:04}-01-01'", quote("_at")
    ends = {place: end for place, name in enumerate(program.basis) if (end := _end_of(name)) in facts()}
    held = " ".join(f"WHEN {quote('_by')} = {place} THEN {quote(last(end))}" for place, end in ends.items())
    until = f"(CASE {held} ELSE {quote(last('_at'))} END)" if held else quote(last("_at"))
    by_year = f" WHEN {_over(program)} < {day} THEN FALSE" if program.year else ""
    sql = f"(CASE{by_year} WHEN {at} >= {day} OR {until} >= {day} THEN TRUE WHEN {until} < {day} THEN FALSE END)"
    reads = tuple(dict.fromkeys((*program.basis, *program.year, *ends.values())))
    wanted = tuple(dict.fromkeys((program.basis[0], *ends.values())))
    needs = [(end, _lasts(program, place, end, day)) for place, end in ends.items()]
    needs += [(end, _unread(program, end)) for end in ends.values() if end in program.basis]
    holds = Predicate(f"{program.basis[0]} >= {since}", sql, wanted, f"不早于 {since} 年", reads, tuple(needs))
    return Clause(YEARS, program.cite, f"{program.basis[0]}不早于文件发布的 {since} 年", holds, code="JY507")


def _lasts(program: Program, place: int, end: str, day: str) -> str:
    """That the date at ``place`` of the basis governs and is before ``day``, and ``end`` may say that it lasts until then."""
    blank = [f"{quote(name)} IS NULL" for name in program.basis[:place]]
    return " AND ".join((*blank, f"{quote(program.basis[place])} < {day}", f"({quote(end)} IS NULL OR {quote(end)} < {day})"))


def _unread(program: Program, name: str) -> str:
    """That ``name``, of the basis, would govern and can't be read."""
    blank = [f"{quote(each)} IS NULL" for each in program.basis[: program.basis.index(name)]]
    return " AND ".join((*blank, quote(bad(name))))


def _not_over(program: Program, since: int) -> Iterator[Clause]:
    """Work whose end nobody wrote is taken for work that was not over before the document's year: told."""
    if program.year:
        start, end = program.year
        sql = f"(CASE WHEN {quote(end)} IS NOT NULL OR {quote(start)} >= DATE '{since:04}-01-01' THEN TRUE END)"
        holds = Predicate("", sql, (end,), reads=(start, end))
        text = f"写明{end}，或{start}不早于 {since} 年"
        yield Clause(ENDS, program.cite, text, holds, code="JY507", presume=f"{end}未填，按不早于 {since} 年计")


def _over(program: Program) -> str:
    """When the work of the ``year`` was over; NULL where it would be over before it began."""
    start, end = quote(program.year[0]), quote(last(program.year[1]))
    return f"(CASE WHEN {start} > {end} THEN NULL ELSE {end} END)"


def _end_of(name: str) -> str:
    return _ENDS.get(name) or (name.replace("开始", "结束") if "开始" in name else "")


def _amount_clauses(program: Program) -> Iterator[Clause]:
    kind = kind_of(program.amount)
    if program.amount.units and (kind.result != UNDETERMINED or program.quota or program.period):
        yield units(program)
        yield from filter(None, (_until_its_end(program),))
    yield from kind.clauses(program)


def units(program: Program) -> Clause:
    """The number of units is known and more than none."""
    amount, period = program.amount, program.period
    sql = f"(CASE WHEN {quote('_units')} IS NOT NULL THEN {quote('_units')} > 0 END)"
    asked = (amount.units, period.start, period.end, period.proof) if period else (amount.units,)
    holds = Predicate(amount.units, sql, asked, reads=asked if period else (), needs=tuple(_still_open(program)))
    return Clause(UNITS, program.cite, f"{amount.units}大于 0", holds, source=program.source, code="JY501")


def _still_open(program: Program) -> Iterator[tuple[str, str]]:
    """On what the months that can't be told still depend; which day of its month is nothing to them."""
    if not (period := program.period):
        return
    for name in (period.start, period.end):
        days = (quote(name), quote(last(name)))
        first, end = days if period.months == "对日" else map(month_number, days)
        yield name, f"({quote(name)} IS NULL OR {first} <> {end})"
    proved = f"CASE WHEN {quote(last(period.proof))} <= DATE '{period.until}' THEN FALSE ELSE TRUE END"
    yield (
        period.proof,
        f"({quote(period.start)} IS NOT NULL AND {quote(period.end)} IS NULL AND {proved})",
    )  # stands for the end


def _until_its_end(program: Program) -> Clause | None:
    """Without an end the months are those that are stated: told, since an end may make them fewer."""
    if not (period := program.period):
        return None
    holds = Predicate("", f"(CASE WHEN {quote(period.end)} IS NOT NULL THEN TRUE END)", (period.end,))
    text = f"{period.end}未填，按写明的{program.amount.units}计"
    return Clause(ENDS, period.cite, f"写明{period.end}", holds, period.source, code="JY501", presume=text)


def _tally(program: Program) -> Clause:
    tally = program.tally
    assert tally is not None  # noqa: S101  the caller has looked
    least, low, high, blank = tally.least, quote("_low"), quote("_high"), quote("_blank")
    stated, total = quote("_stated"), quote("_total")
    enough = f"(CASE WHEN {stated} >= {least} OR {total} >= {least} THEN TRUE WHEN {total} < {least} THEN FALSE END)"
    sql = f"(CASE WHEN {blank} = 1 THEN {enough} WHEN {low} >= {least} THEN TRUE WHEN {high} < {least} THEN FALSE END)"
    text = f"{tally.text}（名册里能确定的不足 {least} 人，“{tally.read}”也没有填）"
    return Clause(
        TALLY, tally.cite, text, Predicate(tally.counts.source, sql, (tally.read, *tally.beside)), tally.source, code="JY416"
    )
