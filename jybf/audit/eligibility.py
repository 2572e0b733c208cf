"""What the assessment says of rows that claim money: clauses that fail, money already paid, facts that are missing."""

from collections.abc import Iterator
from typing import cast

import polars as pl

from jybf.assess import named, sentences
from jybf.assess.sentences import lack
from jybf.audit.book import CLAIMS, FEN, Book
from jybf.audit.in_force import by_version, excluding, units_allowed
from jybf.audit.namesakes import same_name
from jybf.audit.twice import claimed_twice, pointed
from jybf.audit.undecided import undecided
from jybf.audit.unmatched import may_have_been_paid
from jybf.audit.wording import Text, either, first_known, found, listed, said, shown, stack
from jybf.model import HINT, INCOMPLETE, PAID, REFUSED, RESULTS, ROW, SHEET, UNDETERMINED, Clause, Program, Verdicts, last
from jybf.policy.implicit import APPLIES, DEADLINE, UNITS, YEARS
from jybf.vocabulary.facts import asked, facts

REASONS = {"once": "JY303", "quota": "JY306", "excluded": "JY313", "prior": "JY305"}  # unless the programme says otherwise
LOAN_LIMIT = "JY511"
MEASURED = {"money", "date", "int"}
CONTRACT = ("合同开始日期", "合同结束日期")
SETTLED = [RESULTS.index(PAID), RESULTS.index(UNDETERMINED)]


def assessed(book: Book) -> pl.DataFrame:
    """All findings that follow from the verdicts on programmes and controls; each names its own 编号."""
    settled = book.verdicts.rows.filter(pl.col("结果").is_in(SETTLED)).select(ROW).unique()
    frames: list[pl.DataFrame] = []
    for program, rows in _judged(book, book.verdicts):
        alone = ~pl.col(ROW).is_in(settled[ROW].implode())  # what another programme carries is no violation
        refused = rows.filter(pl.col("结果") == RESULTS.index(REFUSED), _claims(book, program), alone)
        frames += [*_failures(book, program, rows, refused), _barred(book, program, rows), *_cut(book, program, rows)]
        frames += _unproven(book, program, rows, rows.filter(~pl.col(CLAIMS)))
        frames += _again(book, program, rows, settled)
        frames.append(may_have_been_paid(book, program, rows, next(iter(limits(program)), "JY301")))
    told = stack(*frames)
    for program, rows in _judged(book, book.controls):  # a control need not say again what a programme has said
        broken = stack(*_failures(book, program, rows, rows.clear()))
        told = stack(told, broken.join(told, on=[ROW, "编号", "字段"], how="anti"), *_unproven(book, program, rows, rows))
    return stack(told, undecided(book, settled), _unnamed(book))


def _again(book: Book, program: Program, rows: pl.DataFrame, settled: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """What may be paid again since no verdict knows the two for one: undecided claims, and employers of one name."""
    if not _may_recur(program, rows):
        return
    elsewhere = rows.filter(pl.col("结果") == RESULTS.index(INCOMPLETE)).join(settled, on=ROW, how="semi")
    live = rows.filter(pl.col("结果") != RESULTS.index(REFUSED)).join(elsewhere, on=ROW, how="anti")
    once, excluded = (code_of(program, reason) for reason in ("once", "excluded"))
    live = book.beside(live)
    yield from (claimed_twice(book, program, live, once), same_name(book, program, live, once, excluded))


def _may_recur(program: Program, rows: pl.DataFrame) -> bool:
    """Whether some claim is undecided, or employers are held against each other, who may be known by name only."""
    keys = {*program.once, *(key for rule in program.excluded_by for key in rule.per)}
    return "单位" in keys or RESULTS.index(INCOMPLETE) in rows["结果"]


def _claims(book: Book, program: Program) -> pl.Expr:
    """Whether a refusal is to be told: of a row that claims or, as a hint, leaves its sum blank; by 0 it asks for nothing.

    A base's list of names claims by itself, where its sums are all still to be filled in.
    """
    if program.tally is None:
        return pl.col(CLAIMS) | pl.col(FEN).is_null()
    empty = book.rows.group_by(SHEET).agg(pl.col(FEN).is_null().all()).filter(FEN)[SHEET]
    return pl.col(CLAIMS) | pl.col(SHEET).is_in(empty.implode())


def _judged(book: Book, verdicts: Verdicts) -> Iterator[tuple[Program, pl.DataFrame]]:
    """Each programme at hand with its verdicts, and of their rows what they claim, and the sheet."""
    for index in verdicts.rows["项目"].unique().sort():
        own = verdicts.rows.filter(pl.col("项目") == index)
        yield book.pack.programs[index], book.beside(own, pl.col(CLAIMS), pl.col(FEN), pl.col(SHEET))


def at_hand(book: Book, verdicts: Verdicts) -> list[Program]:
    """The programmes that have a verdict."""
    return [book.pack.programs[index] for index in verdicts.rows["项目"].unique().sort()]


def bit(column: str, j: int) -> pl.Expr:
    """Whether clause ``j`` is marked in ``column`` (不符, 缺, 推定)."""
    return (pl.col(column) // (1 << j)) % 2 == 1


def limits(program: Program) -> list[str]:
    """The codes of what a programme limits across rows and years."""
    has = {"once": program.once, "quota": program.quota, "excluded": program.excluded_by, "prior": program.prior}
    return [code_of(program, name) for name, key in has.items() if key]


def code_of(program: Program, reason: str) -> str:
    """The code under which ``program`` reports a ``reason`` of REASONS."""
    return program.codes.get(reason, REASONS[reason])


def _failures(book: Book, program: Program, rows: pl.DataFrame, refused: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Each failed clause of each claim that is refused; a breach whether or not anything is claimed."""
    failing = cast("int | None", rows["不符"].bitwise_or()) or 0
    if not failing:
        return
    who = pl.coalesce("单位名称", "单位") if program.tally else ""  # an employer's verdict is about no single worker
    for j, (clause, sentence) in enumerate(sentences(program, book.columns)):
        if not failing >> j & 1:
            continue
        wrong = (rows.filter(~_unplaced(program)) if clause.breach else refused).filter(bit("不符", j))
        if clause.id == UNITS:  # no units are left where the deadline has taken them all
            wrong = wrong.filter(~_failed(program, DEADLINE))
        ground = clause.source + clause.cite
        if clause.code == "JY506" and set(CONTRACT) <= set(clause.holds.fields):
            yield _too_long(book, wrong, ground)
            continue
        field, now = _evidence(program, clause)
        want = clause.holds.want.removeprefix("为").strip(" “”") or clause.text
        level = "" if program.tally or clause.breach else either(~pl.col(CLAIMS), HINT)
        words = {"now": now, "who": who, "want": want, "ground": ground, "level": level, "code": clause.code}
        yield found(book.beside(wrong, field, sentence, *words.values()), field, sentence, **words, fen=pl.col(FEN))


def _failed(program: Program, id_: str) -> pl.Expr:
    return bit("不符", next(j for j, clause in enumerate(program.clauses) if clause.id == id_))


def _unplaced(program: Program) -> pl.Expr:
    """Whether it can't be said that the row is any business of ``program``: then no failure is certain."""
    return next((bit("缺", j) for j, clause in enumerate(program.clauses) if clause.id == APPLIES), pl.lit(value=False))


def _too_long(book: Book, wrong: pl.DataFrame, ground: str) -> pl.DataFrame:
    """A contract of more than a year: the last lawful day is worth naming."""
    start, end = CONTRACT
    problem = said("合同 ", shown(start), " 至 ", shown(end), "，一次签订超过一年")
    want = said("不晚于 ", pl.col(last(start)).dt.offset_by("1y"))
    rows = book.beside(wrong, problem, want, shown(end))
    return found(rows, end, problem, want=want, ground=ground, code="JY506", fen=pl.col(FEN))


def _evidence(program: Program, clause: Clause) -> tuple[Text, Text]:
    """The field to point at and what the row says: of a deadline the date that governs, of a derived fact its sources."""
    if clause.id == YEARS or (clause.id == DEADLINE and not program.period):
        return first_known(program.basis), pl.coalesce(*map(shown, program.basis))
    names = tuple(dict.fromkeys(name for field in clause.holds.fields for name in asked(field)))
    if clause.code == LOAN_LIMIT:  # what is too much is the sum or the term, not the kind of loan that sets the limit
        names = tuple(sorted(names, key=lambda name: facts()[name].type not in MEASURED))
    return (first_known(names), listed(names)) if names else ("", "")


def _barred(book: Book, program: Program, rows: pl.DataFrame) -> pl.DataFrame:
    """Paid before, or too often; twice is twice even where no sum is stated."""
    mine = rows.filter(pl.col("缘由").is_in([*REASONS]) & (pl.col(CLAIMS) | (pl.col("缘由") == "once")))
    if mine.is_empty():
        return stack()
    told = _reasons(program)
    code, text, cite = (
        pl.col("缘由").replace_strict({reason: parts[i] for reason, parts in told.items()}, return_dtype=pl.String)
        for i in range(3)
    )
    names = pointed(program)
    first = either(pl.col("先") < 0, "；历史发放在先", "；作准日期早的那一行有效，同一天的看先后")
    turn = either(pl.col("缘由").is_in(["once", "quota"]), first)
    problem = said(text, "，见", book.where(mine["先"]), turn)
    field, now = first_known(names), pl.coalesce(*map(shown, names))
    return found(book.beside(mine, field, problem, now), field, problem, now=now, ground=cite, code=code, fen=pl.col(FEN))


def _reasons(program: Program) -> dict[str, tuple[str, str, str]]:
    """What bars a row: code, words, clause."""
    quota, prior, others = program.quota, program.prior, program.excluded_by
    told = {
        "once": (f"同一{'、'.join(program.once)}的{program.id}已核定一次", program.source + program.cite),
        "quota": (f"累计 {units_allowed(program)} 个{quota.unit}已满", program.cited(quota)) if quota else ("", ""),
        "prior": (prior.text, program.cited(prior)) if prior else ("", ""),
        "excluded": ("；".join(e.text for e in others), excluding(program)),
    }
    return {name: (code_of(program, name), *told[name]) for name in REASONS}


def _cut(book: Book, program: Program, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows of which only a part is granted: months beyond the deadline, and beyond what the quota leaves."""
    units, quota, period = program.amount.units, program.quota, program.period
    part = rows.filter(pl.col(CLAIMS) & pl.col("结果").is_in(SETTLED) & (pl.col("数量") < pl.col("申报数量")))
    if part.is_empty():
        return
    part = book.beside(part)
    told = said(f"{units} ", pl.col("申报数量"), "，只能核 ", pl.col("数量"), "：")
    excess = (pl.col(FEN) - pl.col("分")).clip(lower_bound=0)
    if period:
        late, ground = part.filter(pl.col("期内") < pl.col("申报数量")), program.cited(period)
        problem, where = said(told, f"政策执行到 {period.until}"), first_known((period.end, period.start))
        yield found(late, where, problem, want=f"不晚于 {period.until}", ground=ground, code="JY507", fen=excess)
    if quota and units:
        most = by_version(program, lambda then: then.quota.most if then.quota else None)
        alone = pl.min_horizontal("期内", most)  # what is granted less was taken by others
        taken, ground = part.filter(pl.col("数量") < alone), program.cited(quota)
        problem, code = said(told, "累计不超过 ", most, f" 个{quota.unit}"), code_of(program, "quota")
        yield found(taken, units, problem, want=said(pl.col("数量")), ground=ground, code=code, fen=excess)


def _unproven(book: Book, program: Program, rows: pl.DataFrame, silent: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """JY901: whether a row is in breach, which needs no claim, can't be said.

    Either a fact of the clause is missing on a ``silent`` row, or it is open whether the clause is about the row at all.
    """
    applies = next((clause for clause in program.clauses if clause.id == APPLIES), None)
    by_all = cast("int | None", rows["缺"].bitwise_and()) or 0
    for j, clause in enumerate(program.clauses):
        if clause.breach and applies:
            yield _doubted(book, clause, applies, rows.filter(bit("不符", j) & _unplaced(program)))
        if clause.breach and not by_all >> j & 1:  # else the clause is listed as not run
            yield _doubted(book, clause, clause, silent.filter(bit("缺", j)))


def _doubted(book: Book, clause: Clause, lacking: Clause, rows: pl.DataFrame) -> pl.DataFrame:
    """JY901 on ``rows``, of which ``clause`` can't be judged for what ``lacking`` reads."""
    if rows.is_empty():
        return stack()
    rows, names = book.beside(rows), lacking.holds.fields
    blank = [pl.when(pl.col(name).is_null()) for name in names]
    first = pl.coalesce(*(test.then(pl.lit(name)) for test, name in zip(blank, names, strict=True)), pl.lit(names[0]))
    each = [test.then(lack(name, rows.columns, book.roster)) for test, name in zip(blank, names, strict=True)]
    whys = pl.concat_list(each).list.drop_nulls()
    told = either(whys.list.len() > 0, whys.list.join("、"), "日期须写到日")
    ground, problem = clause.source + clause.cite, said(f"不能判定“{clause.text}”：", told)
    return found(rows, first, problem, want="补齐后重新核定", ground=ground, code="JY901")


def _unnamed(book: Book) -> pl.DataFrame:
    """JY903: money is claimed, and nothing says under which programme."""
    if book.verdicts.unnamed.is_empty():
        return stack()
    rows = book.rows.filter(~named(book.roster, book.pack)).join(book.verdicts.unnamed, on=ROW, how="semi").filter(CLAIMS)
    problem = "申领了钱，但表题、列名和“补贴项目”都没有说明是哪一项"
    return found(rows, "补贴项目", problem, code="JY903", fen=pl.col(FEN))
