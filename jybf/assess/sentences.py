"""A row's facts and clauses as sentences: values as a reader writes them, what failed or is lacking, who came first."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import polars as pl

from jybf.assess.stages import NOTHING_DUE
from jybf.model import ROW, SHEET, Clause, Program, Roster, bad, last
from jybf.policy.clash import CLASH, HELD, VALID
from jybf.policy.derivation import can_tell, columns_for, derived, sources
from jybf.policy.implicit import DEADLINE, IDENTITY, KEY, TALLY, YEARS
from jybf.vocabulary.amounts import CLAIM
from jybf.vocabulary.facts import by, facts, standing
from jybf.vocabulary.types import TYPES, written

NOTHING = pl.lit("")


def sentences(program: Program, columns: Sequence[str]) -> list[tuple[Clause, pl.Expr]]:
    """Each clause with the sentence that a row failing it gets ("连续缴费月数 8，要求不少于 12")."""
    return [(clause, failure(clause, program, columns)) for clause in program.clauses]


def failure(clause: Clause, program: Program, columns: Sequence[str]) -> pl.Expr:
    """The sentence of one failed clause, over the roster's ``columns``."""
    if clause.id == TALLY and program.tally:
        return pl.lit(f"符合条件的人数不足 {program.tally.least} 人，不符合“{program.tally.text}”")
    if clause.id == DEADLINE and not program.period:
        return pl.concat_str([_governing(program, columns), pl.lit(f"，要求{clause.holds.want}")])
    if clause.id == YEARS:
        return pl.concat_str([_of_year(clause, program, columns), pl.lit(f"，要求{clause.holds.want}（文件发布的那一年）")])
    asked = clause.holds.fields[:1] if clause.id == DEADLINE else clause.holds.fields
    if clause.span and asked[-1:] == program.basis[:1]:  # the day that says whether it is in force
        asked = asked[:-1]
    when = f"（{clause.span}）" if clause.span else ""
    names = [name for name in asked if name in columns]
    values = [pl.format(f"{name} {{}}", value(name, columns).fill_null("未填")) for name in names]
    if len(names) == 1 and clause.holds.want:
        return pl.format(f"{{}}，要求{clause.holds.want}{when}", values[0])
    said = pl.lit(f"不符合“{clause.text}”{when}")
    return pl.concat_str([*values, said], separator="，") if values else pl.lit(clause.text)


def _governing(program: Program, columns: Sequence[str]) -> pl.Expr:
    """The governing date by its name."""
    known = [pl.format(f"{name} {{}}", value(name, columns)) for name in program.basis if name in columns]
    return pl.coalesce([*known, pl.lit("作准日期")])


def _of_year(clause: Clause, program: Program, columns: Sequence[str]) -> pl.Expr:
    """What tells the year: the whole time of the programme's ``year`` where it is over before, else the governing date."""
    governing = _governing(program, columns)
    if not program.year or not set(program.year) <= set(columns):
        return governing
    start, end = program.year
    over = pl.col(last(end)).dt.year() < int(clause.holds.source.rsplit(" ", 1)[1])
    span = pl.format(f"{start} {{}}，{end} {{}}", value(start, columns).fill_null("未填"), value(end, columns))
    return pl.when(over).then(span).otherwise(governing)


def value(name: str, columns: Sequence[str]) -> pl.Expr:
    """A field's value as a reader writes it; null where there is none."""
    return written(facts()[name], columns)


def lacking(program: Program, bits: int, columns: Sequence[str]) -> dict[str, pl.Expr]:
    """The facts that the undecided clauses ``bits`` read → whether the row lacks it (blank, unreadable, or not to the day).

    Of a fact that a clerk fills elsewhere, a cell is lacking too that nobody is asked for but that can't be read.
    """
    asked: dict[str, pl.Expr] = {}
    tally = next((clause for j, clause in enumerate(program.clauses) if bits >> j & 1 and clause.id == TALLY), None)
    if tally:  # what an employer's persons lack is not on the employer's row; a row that names nobody states the number itself
        nobody = pl.all_horizontal(_blank(name, columns) for name in ("身份证号", "姓名"))
        asked |= {name: nobody & _unknown(name, columns) for name in tally.holds.fields}
    # What contradicts itself, or is void, lacks nothing.
    clauses = [clause for j, clause in enumerate(program.clauses) if bits >> j & 1 and clause.id not in {TALLY, *HELD}]
    for clause in clauses:
        for name in clause.holds.fields:
            if clause.id != CLAIM or name not in asked:
                open_ = _unknown(name, columns) & _matters(clause, name, columns)
                lacks = _unreadable(name, columns) if clause.id == CLAIM else open_
                lacks = lacks & ~_too_late(program, columns) if clause.id in {IDENTITY, KEY} else lacks
                asked[name] = asked[name] | lacks if name in asked else lacks
    hidden = {name: test for clause in clauses for name, test in _hidden(clause, columns)}
    return asked | {name: test for name, test in hidden.items() if name not in asked}


def _too_late(program: Program, columns: Sequence[str]) -> pl.Expr:
    """Whether the row began after the deadline, by a date of the basis that an application in time would contradict.

    Such a row is not paid, whosever it is, unless an earlier date of the basis governs meanwhile and is in time.
    """
    first, *others = program.basis
    clashing = {clause.holds.source for clause in program.clauses if clause.id == CLASH}
    there = [name for name in others if name in columns]
    begins = [pl.col(name) > program.until for name in there if f"{first} < {name}" in clashing]
    if not begins:
        return pl.lit(value=False)
    late = pl.any_horizontal(begins) & (pl.coalesce(there) > program.until)
    return (_blank(first, columns) & late).fill_null(value=False)


def apart(clause: Clause, columns: Sequence[str]) -> pl.Expr:
    """The cells of a row that can't both be true, or the one that says that it is void."""
    if clause.id == VALID:
        return pl.concat_str([value(clause.holds.reads[0], columns), pl.lit("：不该发的删去这一行，该发的改正这一处")])
    values = [_cell(name, columns) for name in clause.holds.fields if name in columns]
    return pl.concat_str([pl.concat_str(values, separator="，"), pl.lit(f"：前后矛盾，应当{clause.text}")])


def _cell(name: str, columns: Sequence[str]) -> pl.Expr:
    """The fact ``name`` with its value, by the name of the cell that tells it: the first that is filled, or as 自 says."""
    fact = derived().get(name)
    cells = {n: way.reads[0] for n, way in enumerate(fact.ways if fact else (), 1) if way.cell and way.reads[0] in columns}
    tells = {cell: pl.col(by(name)) == n if by(name) in columns else pl.col(cell).is_not_null() for n, cell in cells.items()}
    told = [pl.when(test).then(_stated(cell, columns)) for cell, test in tells.items()]
    return pl.coalesce([*told, _stated(name, columns)])


def _stated(name: str, columns: Sequence[str]) -> pl.Expr:
    return pl.format(f"{name} {{}}", value(name, columns))


def contradictions(program: Program, bits: int) -> list[Clause]:
    """Of the undecided clauses ``bits`` those that are so since the row contradicts itself, or is void."""
    return [clause for j, clause in enumerate(program.clauses) if bits >> j & 1 and clause.id in HELD]


def _hidden(clause: Clause, columns: Sequence[str]) -> Iterator[tuple[str, pl.Expr]]:
    """What a clause reads, or a fact of it comes from, and nobody is asked for: lacking where it can't be read."""
    for fact in clause.holds.reads:
        for source in sources(fact):
            yield source, _unreadable(fact, columns) & _unreadable(source, columns)
        if not sources(fact):
            yield fact, _unreadable(fact, columns)


def _matters(clause: Clause, name: str, columns: Sequence[str]) -> pl.Expr:
    """Whether the clause, undecided, still depends on ``name``."""
    paths = [path for field, path in clause.holds.needs if field == name]
    return pl.any_horizontal(pl.sql_expr(_there(path, frozenset(columns))) for path in paths) if paths else pl.lit(value=True)


@cache
def _there(sql: str, columns: frozenset[str]) -> str:
    """``sql`` over a frame that has ``columns`` only: typed NULLs for what it lacks."""

    def column(found: re.Match[str]) -> str:
        name = found[1]
        if name in columns:
            return found[0]
        fact = name.removesuffix(bad("")).removesuffix(last("")).removesuffix(by(""))
        if name == by(fact):
            return "CAST(NULL AS BIGINT)"
        return "FALSE" if name == bad(fact) else f"CAST(NULL AS {TYPES[facts()[fact].type].sql})"

    return re.sub(r'"([^"]+)"', column, sql)


def _blank(name: str, columns: Sequence[str]) -> pl.Expr:
    return pl.col(name).is_null() if name in columns else pl.lit(value=True)


def _unknown(name: str, columns: Sequence[str]) -> pl.Expr:
    if name not in columns:
        return pl.lit(value=True)
    vague = pl.col(name) != pl.col(last(name)) if last(name) in columns else pl.lit(value=False)
    return pl.col(name).is_null() | vague | _weak(name, columns)


def _weak(name: str, columns: Sequence[str]) -> pl.Expr:
    """Whether what is known of ``name`` may be true beside the value that is asked for."""
    return pl.col(by(name)).is_in(standing(name).weak).fill_null(value=False) if by(name) in columns else pl.lit(value=False)


def _unreadable(name: str, columns: Sequence[str]) -> pl.Expr:
    return pl.col(bad(name)) if bad(name) in columns else pl.lit(value=False)


def lack(name: str, columns: Sequence[str], roster: Roster) -> pl.Expr:
    """What is wrong with a fact that a row lacks; for an unreadable cell, the reader's own reason."""
    vague = pl.col(name).is_not_null() if last(name) in columns else pl.lit(value=False)
    why = _reasons(name, roster.problems)
    plain = f"“{name}”认不出"
    reason = pl.col(ROW).replace_strict(why, default=plain, return_dtype=pl.String) if why else pl.lit(plain)
    return (
        pl.when(_unreadable(name, columns)).then(reason)
        .when(vague).then(pl.lit(f"“{name}”须写到日"))
        .otherwise(lacked(name, roster) + _beside(name, columns))
    )  # fmt: skip


def _reasons(name: str, problems: pl.DataFrame) -> dict[int, str]:
    """By row why the cell of ``name`` could not be read, or the first of those that it follows from."""
    if problems.is_empty():
        return {}
    order = list(dict.fromkeys((name, *sources(name))))
    unread = problems.filter(pl.col("字段").is_in(order)).sort(pl.col("字段").cast(pl.Enum(order)))
    first = unread.unique(ROW, keep="first", maintain_order=True)
    told = first.select(pl.format("“{}”：{}", "字段", "原因")).to_series().to_list()
    return dict(zip(first[ROW].to_list(), told, strict=True))


def _beside(name: str, columns: Sequence[str]) -> pl.Expr:
    """What is known of ``name`` in a weak way, which does not tell whether it is what is asked for too."""
    told = pl.format("（只写了{}，没有写是不是所要的那一类）", value(name, columns)) if name in columns else NOTHING
    return pl.when(_weak(name, columns)).then(told).otherwise(NOTHING)


def lacked(name: str, roster: Roster) -> pl.Expr:
    """That a row lacks the fact ``name``, and which column to add where its sheet has none for it."""
    without = [sheet.index for sheet in roster.sheets if not can_tell(sheet.columns, name)]
    lacks, (first, *others) = f"缺“{name}”", columns_for(name) or ((name,),)
    besides = f"；{'、'.join(map(_quoted, others))}也可以" if others else ""
    add = f"（表中没有{_quoted(first)}一列，请加上{besides}）"
    return pl.lit(lacks) + pl.when(pl.col(SHEET).is_in(without)).then(pl.lit(add)).otherwise(NOTHING)


def _quoted(names: Sequence[str]) -> str:
    return "和".join(f"“{name}”" for name in names)


def unsettled(clause: Clause, columns: Sequence[str]) -> pl.Expr:
    """A clause that can't be told though nothing is blank, with all that it was looked for in: what is written can't stand."""
    names = [name for name in clause.holds.fields if name in columns]
    stated = [pl.format(f"“{name}”写着 {{}}", value(name, columns)) for name in names]
    told = pl.concat_str([*stated, pl.lit("")], separator="，", ignore_nulls=True).str.strip_suffix("，")
    return pl.concat_str(
        [pl.lit(f"不能确定：{clause.text}"), pl.when(told != "").then(pl.format("（{}，须核对）", told)).otherwise(NOTHING)]
    )


def bar(program: Program, reason: str) -> pl.Expr:
    """What bars a row from outside, over ``_where``: the place of the row that was paid first."""
    if reason == "once":
        return pl.format(f"同一{'、'.join(program.once)}已在{{}}核定一次", "_where")
    if reason == NOTHING_DUE:
        return pl.lit("核定的金额不足 1 分，没有可发的")
    if reason == "quota" and program.quota:
        return pl.format(f"累计 {program.quota.most} 个{program.quota.unit}已满，先核的是{{}}", "_where")
    if reason == "prior" and program.prior:
        return pl.format(f"{program.prior.text}：见{{}}", "_where")
    return pl.format(f"{'；'.join(e.text for e in program.excluded_by)}：见{{}}", "_where")
