"""Rows that came out alike, and what they share in words: the clauses cited, why this sum, what was presumed."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import polars as pl

from jybf.assess.carried import carried
from jybf.assess.sentences import NOTHING, apart, bar, contradictions, failure, lack, lacking, unsettled
from jybf.assess.stages import UNCOUNTED
from jybf.model import PAID, REFUSED, UNDETERMINED, Program, Roster, Setting, Verdicts
from jybf.policy.implicit import PRIOR
from jybf.vocabulary.amounts import CLAIM, kind_of


class Pattern(msgspec.Struct, frozen=True):
    """Rows that came out alike: one programme, the same result for the same clauses, the same facts left to the default."""

    verdicts: Verdicts
    program: Program
    columns: Sequence[str]
    result: str
    failed: int
    lacks: int
    presumed: int
    reason: str
    by: int | None
    early: bool
    defaulted: Sequence[str]
    supposed: Mapping[str, str]  # fact → what is said of the presumption by which it is known

    @property
    def settled(self) -> bool:
        return self.result in {PAID, UNDETERMINED}


def cites(pattern: Pattern) -> str:
    """The clauses that decided, by document; the programme's own where it pays."""
    program = pattern.program
    own = [(clause.source, clause.cite) for j, clause in enumerate(program.clauses) if pattern.failed >> j & 1]
    if pattern.reason == "quota" and program.quota:
        own.append((program.quota.source, program.quota.cite))
    if pattern.reason == "prior" and program.prior:
        own.append((program.prior.source, program.prior.cite))
    if pattern.reason == "excluded":
        own += [(exclusion.source, exclusion.cite) for exclusion in program.excluded_by]
    if not own and program.amount.cite:
        own = [("", program.cite), (program.amount.source, program.amount.cite)]
    unique = list(dict.fromkeys((source or program.source, cite) for source, cite in own or [("", program.cite)]))
    documents = dict.fromkeys(source for source, _ in unique)
    return "；".join(source + "、".join(cite for document, cite in unique if document == source) for source in documents)


def grounds(pattern: Pattern, roster: Roster) -> pl.Expr:
    """Why the result is what it is, over the columns of the verdict and of the row's facts."""
    program, columns = pattern.program, pattern.columns
    if pattern.settled:
        return _sum(pattern)
    if pattern.result == REFUSED:
        told = [bar(program, pattern.reason)] if pattern.reason else []
        told += [failure(c, program, columns) for j, c in enumerate(program.clauses) if pattern.failed >> j & 1]
        return pl.concat_str(told, separator="；")
    lacks = lacking(program, pattern.lacks, columns)
    parts = [pl.when(test).then(lack(name, columns, roster)) for name, test in lacks.items()]
    parts += [apart(clause, columns) for clause in contradictions(program, pattern.lacks)]
    texts = [unsettled(clause, columns) for j, clause in enumerate(program.clauses) if pattern.lacks >> j & 1]
    otherwise = pl.concat_str(texts, separator="；") if texts else pl.lit(UNCOUNTED)
    named = pl.concat_str(parts, separator="；", ignore_nulls=True) if parts else NOTHING
    return pl.when(named == "").then(otherwise).otherwise(named)


def _sum(pattern: Pattern) -> pl.Expr:
    """Why this sum: what it is for and by which keys (which a later run reads back as history), the rate, what was cut."""
    program = pattern.program
    unit = _unit(program)
    counted = unit and not (program.quota and unit != "月")  # other units of a quota are carried by the name of their field
    count = pl.format(f"{{}}{'个' if unit == '月' else ''}{unit}", "数量") if counted else pl.lit(None, pl.String)
    parts = [pl.format("{}年", "年度"), count, *carried(program, pattern.columns)]
    head = pl.concat_str(parts, separator="；", ignore_nulls=True)
    bracket = pl.when(head == "").then(NOTHING).otherwise(pl.format("〔{}〕", head))
    return pl.concat_str([bracket, _rate(program), _cut(pattern, unit)])


def _unit(program: Program) -> str:
    """What is counted: 月, 天, 年; "" for a sum paid once."""
    if not program.amount.units:
        return ""
    return program.quota.unit if program.quota else program.amount.unit.removeprefix("元/").split("·")[-1]


def _rate(program: Program) -> pl.Expr:
    kind, amount = kind_of(program.amount), program.amount
    words = kind.words(amount)
    told = pl.format(words, "数量") if "{}" in words else pl.lit(words)
    if amount.fen is None or not kind.ceiling:
        return told
    less = pl.when(pl.col("分") < amount.fen * pl.col("数量")).then(pl.lit(kind.ceiling)).otherwise(NOTHING)
    return pl.concat_str([told, less])


def _cut(pattern: Pattern, unit: str) -> pl.Expr:
    """Units that were asked for but not granted, and why: months past the deadline, else what the quota left."""
    program = pattern.program
    if not program.amount.units:
        return NOTHING
    quota, period = program.quota, program.period
    by_quota = pl.lit(f"累计不超过 {quota.most} 个{quota.unit}{quota.cite}" if quota else "")
    late = pl.lit(f"政策执行到 {period.until}{period.cite}" if period else "")
    by_both = [
        pl.when(pl.col("期内") < pl.col("申报数量")).then(late),
        pl.when(pl.col("数量") < pl.col("期内")).then(by_quota),
    ]
    why = pl.concat_str(by_both, separator="，", ignore_nulls=True)
    text = pl.format(f"；申报 {{}} 个{unit}，核 {{}} 个{unit}：{{}}", "申报数量", "数量", why)
    return pl.when(pl.col("数量") < pl.col("申报数量")).then(text).otherwise(NOTHING)


def as_taken(setting: Setting) -> str:
    """How what the document leaves open was taken, where not as goes without saying."""
    by = f"（{setting.cite}）" if setting.cite else ""
    return f"{setting.name}：{setting.value}{by}" if setting.value != setting.default or by else ""


def assumed(pattern: Pattern) -> Iterator[str]:
    """The presumptions that a verdict rests on."""
    program, verdicts = pattern.program, pattern.verdicts
    needless = {PRIOR} if verdicts.history and not verdicts.unmatched else set[str]()
    needless |= set[str]() if pattern.settled else {CLAIM}  # a row that gets nothing rests on no sum
    yield from (c.presume for j, c in enumerate(program.clauses) if pattern.presumed >> j & 1 and c.id not in needless)
    if pattern.settled and verdicts.unmatched and (program.once or program.quota or program.prior):
        yield f"历史记录有 {len(verdicts.unmatched)} 行认不出项目或人，没有比对"
    if pattern.settled and not verdicts.history and (program.once or program.quota):
        yield "未与历史发放比对"
    if pattern.settled and pattern.early:
        yield f"作准日期早于文件施行（{program.since}），须核对当时的政策"
    if pattern.by == len(program.basis):
        yield f"{program.basis[0]}未填，按 --as-of {verdicts.as_of}"
    elif pattern.by:
        yield f"{program.basis[0]}未填，以{program.basis[pattern.by]}为准"
    if pattern.settled and (told := kind_of(program.amount).presumes(program)):
        yield told
    if pattern.settled:
        yield from (taken for setting in program.settings if (taken := as_taken(setting)))
    asked = {name for clause in program.clauses for name in clause.holds.fields}
    read = {name for clause in program.clauses for name in clause.holds.reads}
    yield from (text for name, text in pattern.supposed.items() if name in asked | read)
    yield from (f"{name}未填，按{verdicts.pack.defaults[name]}" for name in pattern.defaulted if name in asked)
