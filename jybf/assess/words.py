"""Verdicts in words. Integers become text only here, pattern by pattern: rows that failed alike share one sentence frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from jybf.assess.prepare import default, prepare
from jybf.assess.sentences import NOTHING, bar, failure, lack, lacking, places
from jybf.model import (
    INCOMPLETE,
    LINE,
    PAID,
    REFUSED,
    RESULTS,
    ROW,
    SHEET,
    UNDETERMINED,
    VERDICT_COLUMNS,
    Program,
    Roster,
    Verdicts,
    bad,
    last,
)  # fmt: skip
from jybf.policy.implicit import PRIOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jybf.model import Pack

_KINDS = {"cap": "上限", "fixed": "定额", "open": "未定", "interest": "计算", "control": "控制"}
_WHO = (SHEET, LINE, "姓名", "身份证号")
_EMPLOYER = ("单位名称", "务工单位", "填报单位", "创业实体")
_PATTERN = ("结果", "不符", "缺", "推定", "缘由", "依据日")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Rows of one programme that came out alike: the same result for the same clauses."""

    verdicts: Verdicts
    program: Program
    columns: Sequence[str]
    result: str
    failed: int
    lacks: int
    presumed: int
    reason: str
    by: int | None

    @property
    def settled(self) -> bool:
        return self.result in {PAID, UNDETERMINED}


def describe(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """One row a verdict in VERDICT_COLUMNS, in reading order; 行号 Int64, 核定金额 Int64 分 (null unless paid), else text."""
    parts = [_unnamed(verdicts, roster)]
    for index, rows in _by_program(verdicts.rows, verdicts, roster):
        program = verdicts.pack.programs[index]
        for key, alike in rows.group_by(_PATTERN):
            if key[_PATTERN.index("缘由")]:
                alike = alike.with_columns(places(alike["先"], verdicts, roster))  # noqa: PLW2901  only these need it
            pattern = Pattern(verdicts, program, rows.columns, RESULTS[int(str(key[0]))], *key[1:])  # type: ignore[arg-type]
            parts.append(alike.select(ROW, pl.lit(index, pl.Int64).alias("_order"), *_cells(pattern, roster)))
    return pl.concat(parts).sort(ROW, "_order").select(VERDICT_COLUMNS)


def missing(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """``_row``, ``项目``, ``字段``: each fact that an undecided row lacks."""
    schema = {ROW: pl.Int64, "项目": pl.Int64, "字段": pl.String}
    parts = [pl.DataFrame(schema=schema)]
    undecided = verdicts.rows.filter(pl.col("结果") == RESULTS.index(INCOMPLETE))
    for index, rows in _by_program(undecided, verdicts, roster):
        for (bits,), alike in rows.group_by("缺"):
            lacks = lacking(verdicts.pack.programs[index], int(str(bits)), rows.columns)
            parts += [alike.filter(test).select(ROW, "项目", pl.lit(name).alias("字段")) for name, test in lacks.items()]
    return pl.concat(parts).sort(ROW, "项目")


def _by_program(judged: pl.DataFrame, verdicts: Verdicts, roster: Roster) -> Iterator[tuple[int, pl.DataFrame]]:
    """The verdicts of each programme beside the facts they were drawn from (a row's number is its position)."""
    facts = prepare(roster.rows, verdicts.pack)
    for (index,), rows in judged.group_by("项目", maintain_order=True):
        told = _told(verdicts.pack, verdicts.pack.programs[int(str(index))])
        beside = facts.select(name for name in facts.columns if name in told)
        yield int(str(index)), pl.concat([rows, beside[rows[ROW]]], how="horizontal")


def _told(pack: Pack, program: Program) -> set[str]:
    """The columns that a verdict's words can name."""
    names = {name for clause in program.clauses for name in clause.holds.fields} | {*program.basis, *_WHO, *_EMPLOYER}
    return names | {wrap(name) for wrap in (last, bad) for name in names} | {default(name) for name in pack.defaults}


def _cells(pattern: Pattern, roster: Roster) -> Iterator[pl.Expr]:
    program = pattern.program
    yield from _origin(roster, pattern.columns, person=not program.tally)
    yield pl.lit(program.id).alias("补贴项目")
    yield pl.lit(pattern.result).alias("结果")
    yield pl.col("分").alias("核定金额")
    yield pl.lit("本地标准" if program.amount.local else _KINDS[program.amount.kind]).alias("标准类型")
    yield pl.lit(_cites(pattern)).alias("依据")
    yield _grounds(pattern, roster).alias("说明")
    yield _assumed(pattern).alias("假定")


def _origin(roster: Roster, columns: Sequence[str], *, person: bool) -> Iterator[pl.Expr]:
    """Where the row stands and who it is; an employer's verdict names no person."""
    for name, part in (("文件", "file"), ("工作表", "name")):
        labels = {sheet.index: getattr(sheet, part) for sheet in roster.sheets}
        yield pl.col(SHEET).replace_strict(labels, return_dtype=pl.String).alias(name)
    yield pl.col(LINE)
    for name in ("姓名", "身份证号"):
        yield (_shown(name, roster, columns) if person else NOTHING).alias(name)
    employer = [pl.col(name) for name in _EMPLOYER if name in columns]
    yield pl.coalesce([*employer, NOTHING]).alias("单位")


def _shown(name: str, roster: Roster, columns: Sequence[str]) -> pl.Expr:
    """The value, or where it could not be read the cell's own text."""
    own = pl.col(name) if name in columns else pl.lit(None, pl.String)
    unread = roster.problems.filter(pl.col("字段") == name).unique(ROW)
    if unread.height:
        text = dict(zip(unread[ROW].to_list(), unread["原文"].to_list(), strict=True))
        own = pl.coalesce(own, pl.col(ROW).replace_strict(text, default=None, return_dtype=pl.String))
    return own.fill_null("")


def _unnamed(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """Rows of which nothing says what they apply for: undecided, with the way out."""
    rows = roster.rows[verdicts.unnamed[ROW]]
    said = "没有写明申请哪个项目：在表题或“补贴项目”列写明，或用 --program 指定"
    texts = {"补贴项目": "", "结果": RESULTS[2], "标准类型": "", "依据": verdicts.pack.short, "说明": said, "假定": ""}
    frame = rows.select(
        ROW, pl.lit(-1, pl.Int64).alias("_order"), *_origin(roster, rows.columns, person=True),
        pl.lit(None, pl.Int64).alias("核定金额"), *(pl.lit(text).alias(name) for name, text in texts.items()),
    )  # fmt: skip
    return frame.select(ROW, "_order", *VERDICT_COLUMNS)


def _cites(pattern: Pattern) -> str:
    """The clauses that decided; the programme's own where it pays."""
    program = pattern.program
    cites = [(clause.source, clause.cite) for j, clause in enumerate(program.clauses) if pattern.failed >> j & 1]
    if pattern.reason == "quota" and program.quota:
        cites.append((program.source, program.quota.cite))
    if pattern.reason == "prior" and program.prior:
        cites.append((program.source, program.prior.cite))
    if pattern.reason == "excluded":
        cites += [(program.source, exclusion.cite) for exclusion in program.excluded_by]
    cites = list(dict.fromkeys(cites or [(program.source, program.cite)]))
    documents = dict.fromkeys(source for source, _ in cites)
    return "；".join(source + "、".join(cite for own, cite in cites if own == source) for source in documents)


def _grounds(pattern: Pattern, roster: Roster) -> pl.Expr:
    program, columns = pattern.program, pattern.columns
    if pattern.settled:
        return _sum(pattern)
    if pattern.result == REFUSED:
        told = [bar(program, pattern.reason)] if pattern.reason else []
        told += [failure(c, program, columns) for j, c in enumerate(program.clauses) if pattern.failed >> j & 1]
        return pl.concat_str(told, separator="；")
    lacks = lacking(program, pattern.lacks, columns)
    parts = [pl.when(test).then(lack(name, columns, roster)) for name, test in lacks.items()]
    texts = [clause.text for j, clause in enumerate(program.clauses) if pattern.lacks >> j & 1]
    otherwise = pl.lit("不能确定：" + "；".join(texts) if texts else "历史记录没有写明已享受的数量")
    named = pl.concat_str(parts, separator="；", ignore_nulls=True) if parts else NOTHING
    return pl.when(named == "").then(otherwise).otherwise(named)


def _sum(pattern: Pattern) -> pl.Expr:
    """Why this sum: the year and months it is for (which a later run reads back as history), the rate, what was cut."""
    program = pattern.program
    unit = _unit(program)
    count = pl.format(f"{{}}{'个' if unit == '月' else ''}{unit}", "数量") if unit else pl.lit(None, pl.String)
    head = pl.concat_str([pl.format("{}年", "年度"), count], separator="；", ignore_nulls=True)
    bracket = pl.when(head == "").then(NOTHING).otherwise(pl.format("〔{}〕", head))
    return pl.concat_str([bracket, _rate(program), _cut(pattern, unit)])


def _unit(program: Program) -> str:
    """What is counted: 月, 天, 年; "" for a sum paid once."""
    if not program.amount.units:
        return ""
    return program.quota.unit if program.quota else program.amount.unit.removeprefix("元/").split("·")[-1]


def _rate(program: Program) -> pl.Expr:
    amount = program.amount
    if amount.kind in {"open", "control"}:
        return pl.lit("文件未定标准：用 --set 或本地规则包给出")
    if amount.kind == "interest":
        return pl.lit(f"贷款金额 × (执行利率 − (LPR − {amount.margin / 10_000:g}%)) × 天数 ÷ {amount.days}，四舍五入到分")
    if amount.fen is None:
        return pl.lit("按档次定额")
    yuan = f"{amount.fen / 100:.10g} {amount.unit or '元'}"
    times = pl.format(f"{yuan} × {{}}", "数量") if amount.units else pl.lit(yuan)
    if amount.kind == "fixed":
        return times
    claimed = pl.when(pl.col("分") < amount.fen * pl.col("数量")).then(pl.lit("，按申报或实际支出核定")).otherwise(NOTHING)
    return pl.concat_str([pl.lit("不超过 "), times, claimed])


def _cut(pattern: Pattern, unit: str) -> pl.Expr:
    """Units that were asked for but not granted, and why: months past the deadline, else what the quota left."""
    program = pattern.program
    if not program.amount.units:
        return NOTHING
    quota, period = program.quota, program.period
    why = pl.lit(f"累计不超过 {quota.most} 个{quota.unit}{quota.cite}" if quota else "")
    if period and last(period.end) in pattern.columns:
        late = pl.col(last(period.end)) > period.until
        why = pl.when(late).then(pl.lit(f"政策执行到 {period.until}{period.cite}")).otherwise(why)
    text = pl.format(f"；申报 {{}} 个{unit}，核 {{}} 个{unit}：{{}}", "申报数量", "数量", why)
    return pl.when(pl.col("数量") < pl.col("申报数量")).then(text).otherwise(NOTHING)


def _assumed(pattern: Pattern) -> pl.Expr:
    """The presumptions that the verdict rests on."""
    program, verdicts = pattern.program, pattern.verdicts
    told = [pl.lit(text) for text in _presumptions(pattern)]
    asked = {name for clause in program.clauses for name in clause.holds.fields}
    for name, text in verdicts.pack.defaults.items():
        if name in asked:
            told.append(pl.when(default(name)).then(pl.lit(f"{name}未填，按{text}")))
    return pl.concat_str(told, separator="；", ignore_nulls=True) if told else NOTHING


def _presumptions(pattern: Pattern) -> Iterator[str]:
    program, verdicts = pattern.program, pattern.verdicts
    for j, clause in enumerate(program.clauses):
        if pattern.presumed >> j & 1 and not (clause.id == PRIOR and verdicts.history):
            yield clause.presume
    if pattern.settled and not verdicts.history and (program.once or program.quota):
        yield "未与历史发放比对"
    if pattern.by == len(program.basis):
        yield f"{program.basis[0]}未填，按 --as-of {verdicts.as_of}"
    elif pattern.by:
        yield f"{program.basis[0]}未填，以{program.basis[pattern.by]}为准"
    if pattern.settled and program.amount.kind == "interest":
        yield f"计息按一年 {program.amount.days} 天（当地规定不同时用 --set {program.id}.days=365）"
