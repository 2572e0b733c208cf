"""Verdicts in words: every clause that failed or lacks a fact, with the row's own values. Integers become text only here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import polars as pl

from jybf.assess.prepare import default, prepare
from jybf.model import (
    LINE, RESULTS, ROW, SHEET, VERDICT_COLUMNS, Clause, Pack, Program, Roster, Verdicts, bad, last,
)  # fmt: skip
from jybf.policy.facts import facts
from jybf.policy.implicit import CLAIM, DEADLINE, PRIOR, RATE, TALLY

_KINDS = {"cap": "上限", "fixed": "定额", "open": "未定", "interest": "计算", "control": "控制"}
_PLAIN = pl.lit("")


def describe(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """One row a verdict in VERDICT_COLUMNS, in reading order; 行号 Int64, 核定金额 Int64 分 (null unless paid), else text."""
    parts = [_program(verdicts, roster, i) for i in verdicts.rows["项目"].unique().sort().to_list()]
    parts.append(_unnamed(verdicts, roster))
    frame = pl.concat(parts).sort(ROW, "_order", maintain_order=True)
    return frame.select(VERDICT_COLUMNS)


def missing(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """``_row``, ``项目``, ``字段``: each fact that an undecided row lacks."""
    parts = []
    for index in verdicts.rows["项目"].unique().to_list():
        rows = _joined(verdicts, roster, index).filter(pl.col("缺") != 0)
        for name, lacks in _lacking(verdicts.pack.programs[index], rows.columns).items():
            parts.append(rows.filter(lacks).select(ROW, "项目", pl.lit(name).alias("字段")))
    schema = {ROW: pl.Int64, "项目": pl.Int64, "字段": pl.String}
    return pl.concat(parts).cast(schema).sort(ROW, "项目") if parts else pl.DataFrame(schema=schema)


def sentences(program: Program, columns: Sequence[str]) -> list[tuple[Clause, pl.Expr]]:
    """Each clause with the sentence that a row failing it gets ("连续缴费月数 8，要求不少于 12")."""
    return [(clause, _failure(clause, program, columns)) for clause in program.clauses]


def _joined(verdicts: Verdicts, roster: Roster, index: int) -> pl.DataFrame:
    """The verdicts of one programme beside the roster's columns (a row's number is its position)."""
    rows = verdicts.rows.filter(pl.col("项目") == index)
    own = prepare(roster.rows, verdicts.pack).drop("结果", strict=False)[rows[ROW]]
    return pl.concat([rows, own.drop(ROW)], how="horizontal")


def _program(verdicts: Verdicts, roster: Roster, index: int) -> pl.DataFrame:
    pack, program = verdicts.pack, verdicts.pack.programs[index]
    rows = _joined(verdicts, roster, index)
    columns = rows.columns
    paid, refused = pl.col("结果").is_in([0, 3]), pl.col("结果") == 1
    plain, odd = rows.filter(paid), rows.filter(~paid)
    odd = odd.with_columns(_barred(odd, verdicts, roster))
    told = [
        plain.with_columns(_grounds(program).alias("说明"), pl.lit(pack.short + program.cite).alias("依据")),
        odd.with_columns(
            pl.when(refused).then(_failures(program, columns)).otherwise(_lacks(program, columns)).alias("说明"),
            pl.when(refused).then(_cites(pack, program)).otherwise(pl.lit(pack.short + program.cite)).alias("依据"),
        ).drop("_barred"),
    ]
    frame = pl.concat(told, how="diagonal")
    return frame.select(ROW, pl.lit(index).cast(pl.Int64).alias("_order"), *_output(roster, program, verdicts, columns))


def _output(roster: Roster, program: Program, verdicts: Verdicts, columns: Sequence[str]) -> Iterator[pl.Expr]:
    yield from _origin(roster, columns, whole=not program.tally)
    yield pl.lit(program.id).alias("补贴项目")
    yield pl.col("结果").replace_strict(dict(enumerate(RESULTS)), return_dtype=pl.String).alias("结果")
    yield pl.col("分").alias("核定金额")
    amount = program.amount
    yield pl.lit("本地标准" if amount.local else _KINDS[amount.kind]).alias("标准类型")
    yield pl.col("依据")
    yield pl.col("说明")
    yield _assumed(verdicts, program, columns).alias("假定")


def _origin(roster: Roster, columns: Sequence[str], *, whole: bool) -> Iterator[pl.Expr]:
    """Where the row stands and who it is; an employer's verdict names no person."""
    for name, part in (("文件", "file"), ("工作表", "name")):
        labels = {sheet.index: getattr(sheet, part) for sheet in roster.sheets}
        yield pl.col(SHEET).replace_strict(labels, return_dtype=pl.String).alias(name)
    yield pl.col(LINE)
    for name in ("姓名", "身份证号"):
        yield (_shown(name, roster, columns) if whole else _PLAIN).alias(name)
    employer = [pl.col(name) for name in ("单位名称", "务工单位", "填报单位", "创业实体") if name in columns]
    yield pl.coalesce([*employer, _PLAIN]).alias("单位")


def _shown(name: str, roster: Roster, columns: Sequence[str]) -> pl.Expr:
    """The value, or where it could not be read the cell's own text."""
    if name not in columns:
        return _PLAIN
    unread = roster.problems.filter(pl.col("字段") == name).unique(ROW)
    own = pl.col(name)
    if unread.height:
        text = dict(zip(unread[ROW].to_list(), unread["原文"].to_list(), strict=True))
        own = pl.coalesce(own, pl.col(ROW).replace_strict(text, default=None, return_dtype=pl.String))
    return own.fill_null("")


def _unnamed(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    rows = roster.rows[verdicts.unnamed[ROW]]
    said = "没有写明申请哪个项目：在表题或“补贴项目”列写明，或用 --program 指定"
    return rows.select(
        ROW, pl.lit(-1).cast(pl.Int64).alias("_order"), *_origin(roster, rows.columns, whole=True),
        _PLAIN.alias("补贴项目"), pl.lit(RESULTS[2]).alias("结果"), pl.lit(None, pl.Int64).alias("核定金额"),
        _PLAIN.alias("标准类型"), pl.lit(verdicts.pack.short).alias("依据"), pl.lit(said).alias("说明"), _PLAIN.alias("假定"),
    )  # fmt: skip


def _grounds(program: Program) -> pl.Expr:
    """Why this sum: the year and months it is for (which a later run reads back as history), the rate, what was cut."""
    amount = program.amount
    unit = amount.unit.removeprefix("元/").split("·")[-1] if amount.units else ""
    quota = program.quota.unit if program.quota else unit
    year = pl.when(pl.col("年度").is_not_null()).then(pl.format("{}年", "年度")).otherwise(_PLAIN)
    months = pl.format(f"{{}}个{quota}" if quota == "月" else f"{{}}{quota}", "数量") if amount.units else _PLAIN
    head = _join([year, months], "；")
    head = pl.when(head != "").then(pl.format("〔{}〕", head)).otherwise(_PLAIN)
    return pl.concat_str([head, _rate(program), _cut(program, quota)])


def _rate(program: Program) -> pl.Expr:
    amount = program.amount
    if amount.kind == "open":
        return pl.lit("文件未定标准：用 --set 或本地规则包给出")
    if amount.kind == "interest":
        return pl.lit(f"贷款金额 × (执行利率 − (LPR − {amount.margin / 10_000:g}%)) × 天数 ÷ {amount.days}，四舍五入到分")
    if amount.fen is None:
        return pl.lit("按档次定额")
    yuan = f"{amount.fen / 100:.10g} {amount.unit or '元'}"
    if amount.kind == "fixed":
        return pl.format(f"{yuan} × {{}}", "数量") if amount.units else pl.lit(yuan)
    ceiling = pl.format(f"不超过 {yuan} × {{}}", "数量") if amount.units else pl.lit(f"不超过 {yuan}")
    claimed = pl.col("分") < amount.fen * pl.col("数量")
    return pl.concat_str([ceiling, pl.when(claimed).then(pl.lit("，按申报或实际支出核定")).otherwise(_PLAIN)])


def _cut(program: Program, unit: str) -> pl.Expr:
    """Units that were asked for but not granted, and why."""
    if not program.amount.units:
        return _PLAIN
    quota, period = program.quota, program.period
    why = [f"每人累计不超过 {quota.most} 个{quota.unit}（{quota.cite}）"] if quota else []
    why += [f"政策执行到 {period.until}（{period.cite}）"] if period else []
    text = pl.format(f"；申报 {{}} 个{unit}，核 {{}} 个{unit}：{'，'.join(why)}", "申报数量", "数量")
    return pl.when(pl.col("数量") < pl.col("申报数量")).then(text).otherwise(_PLAIN)


def _join(parts: Sequence[pl.Expr], separator: str) -> pl.Expr:
    """The non-empty texts of ``parts`` with ``separator`` between them."""

    def both(left: pl.Expr, right: pl.Expr) -> pl.Expr:
        glue = pl.when((left != "") & (right != "")).then(pl.lit(separator)).otherwise(_PLAIN)
        return pl.concat_str([left, glue, right])

    return reduce(both, parts) if parts else _PLAIN


def _bit(column: str, j: int) -> pl.Expr:
    return (pl.col(column) // (1 << j)) % 2 == 1


def _failures(program: Program, columns: Sequence[str]) -> pl.Expr:
    told = [pl.col("_barred")]
    for j, (_, sentence) in enumerate(sentences(program, columns)):
        told.append(pl.when(_bit("不符", j)).then(sentence).otherwise(_PLAIN))
    return _texts(told)


def _texts(parts: Sequence[pl.Expr]) -> pl.Expr:
    """Like :func:`_join` for many parts, most of them empty: one pass over a list."""
    return pl.concat_list([pl.when(part != "").then(part) for part in parts]).list.drop_nulls().list.join("；")


def _cites(pack: Pack, program: Program) -> pl.Expr:
    told = [pl.when(_bit("不符", j)).then(pl.lit(clause.cite)).otherwise(_PLAIN) for j, clause in enumerate(program.clauses)]
    parts = pl.concat_list([pl.when(cite != "").then(cite) for cite in told]).list.drop_nulls()
    cites = parts.list.unique(maintain_order=True).list.join("、")
    return pl.concat_str([pl.lit(pack.short), pl.when(cites == "").then(pl.lit(program.cite)).otherwise(cites)])


def _failure(clause: Clause, program: Program, columns: Sequence[str]) -> pl.Expr:
    if clause.id == TALLY and program.tally:
        return pl.lit(f"符合条件的人数不足 {program.tally.least} 人：{clause.text}")
    if clause.id == DEADLINE and not program.period:
        return pl.concat_str([_governing(program, columns), pl.lit(f"，{clause.holds.want}")])
    names = [name for name in clause.holds.fields if name in columns]
    values = [pl.format(f"{name} {{}}", value(name, columns).fill_null("未填")) for name in names]
    if len(names) == 1 and clause.holds.want:
        return pl.format(f"{{}}，要求{clause.holds.want}", values[0])
    return pl.concat_str([_join(values, "、"), pl.lit(f"，不符合“{clause.text}”")]) if values else pl.lit(clause.text)


def _governing(program: Program, columns: Sequence[str]) -> pl.Expr:
    """The governing date by its name."""
    known = [pl.format(f"{name} {{}}", value(name, columns)) for name in program.basis if name in columns]
    return pl.coalesce([*known, pl.lit("所定日期")])


def value(name: str, columns: Sequence[str]) -> pl.Expr:
    """A field's value as a reader writes it; null where there is none."""
    kind, own = facts()[name].type, pl.col(name)
    if kind == "money":
        return pl.format("{} 元", (own / 100).round(2))
    if kind == "rate":
        return pl.format("{}%", own / 10_000)
    if kind == "bool":
        return own.replace_strict({True: "是", False: "否"}, return_dtype=pl.String)
    if kind in {"date", "period"} and last(name) in columns:
        return _day(own, pl.col(last(name)))
    return own.cast(pl.String)


def _day(first: pl.Expr, end: pl.Expr) -> pl.Expr:
    """A date to the precision that the roster gave."""
    month = (first.dt.day() == 1) & (end == first.dt.month_end())
    year = (first.dt.ordinal_day() == 1) & (end == first.dt.offset_by("1y").dt.offset_by("-1d"))
    return (
        pl.when(first == end).then(first.dt.to_string("%Y-%m-%d"))
        .when(year).then(first.dt.to_string("%Y年")).when(month).then(first.dt.to_string("%Y-%m"))
        .otherwise(pl.format("{}至{}", first, end))
    )  # fmt: skip


def _lacking(program: Program, columns: Sequence[str]) -> dict[str, pl.Expr]:
    """Each fact that some clause needs → whether an undecided row lacks it (blank, unreadable, or not to the day)."""
    asked: dict[str, list[int]] = {}
    for j, clause in enumerate(program.clauses):
        for name in clause.holds.fields:
            asked.setdefault(name, []).append(j)
    lacks = {}
    for name, bits in asked.items():
        wanted = pl.any_horizontal([_bit("缺", j) for j in bits])
        lacks[name] = wanted & _unknown(name, columns, only_unreadable=_is_claim(program, bits))
    return lacks


def _is_claim(program: Program, bits: Sequence[int]) -> bool:
    return all(program.clauses[j].id == CLAIM for j in bits)


def _unknown(name: str, columns: Sequence[str], *, only_unreadable: bool = False) -> pl.Expr:
    unreadable = pl.col(bad(name)) if bad(name) in columns else pl.lit(False)  # noqa: FBT003
    if only_unreadable or name not in columns:
        return unreadable if only_unreadable else pl.lit(True)  # noqa: FBT003
    vague = pl.col(name) != pl.col(last(name)) if last(name) in columns else pl.lit(False)  # noqa: FBT003
    return pl.col(name).is_null() | vague


def _lacks(program: Program, columns: Sequence[str]) -> pl.Expr:
    told = []
    for name, lacks in _lacking(program, columns).items():
        unreadable = pl.col(bad(name)) if bad(name) in columns else pl.lit(False)  # noqa: FBT003
        vague = pl.col(name).is_not_null() if name in columns else pl.lit(False)  # noqa: FBT003
        words = (
            pl.when(unreadable).then(pl.lit(f"“{name}”认不出"))
            .when(vague).then(pl.lit(f"“{name}”须写到日"))
            .otherwise(pl.lit(f"缺“{name}”"))
        )  # fmt: skip
        told.append(pl.when(lacks).then(words).otherwise(_PLAIN))
    text = _texts(told)
    others = [pl.when(_bit("缺", j)).then(pl.lit(c.text)).otherwise(_PLAIN) for j, c in enumerate(program.clauses)]
    fallback = pl.when(pl.col("缺") == 0).then(pl.lit("历史记录没有写明已享受的数量")).otherwise(_texts(others))
    rate = [j for j, clause in enumerate(program.clauses) if clause.id == RATE]
    late = pl.when(_bit("缺", rate[0]) & (text == "")).then(pl.lit(program.clauses[rate[0]].text)) if rate else None
    return pl.coalesce([*([late] if late is not None else []), pl.when(text != "").then(text), fallback])


def _barred(rows: pl.DataFrame, verdicts: Verdicts, roster: Roster) -> pl.Series:
    """What bars the row from outside: the row that was paid first, with file, sheet and line."""
    program_of = {i: program for i, program in enumerate(verdicts.pack.programs)}
    texts = []
    for index, reason, first in rows.select("项目", "缘由", "先").iter_rows():
        texts.append(_bar(program_of[index], reason, place(first, verdicts, roster)) if reason else "")
    return pl.Series("_barred", texts, dtype=pl.String)


def _bar(program: Program, reason: str, where: str) -> str:
    if reason == "once":
        return f"同一{'、'.join(program.once)}已在{where}核定一次（{program.cite}）"
    if reason == "quota" and program.quota:
        return f"累计 {program.quota.most} 个{program.quota.unit}已满，先核的是{where}（{program.quota.cite}）"
    if reason == "prior" and program.prior:
        return f"{program.prior.text}：见{where}（{program.prior.cite}）"
    return "；".join(f"{e.text}：见{where}（{e.cite}）" for e in program.excluded_by)


def place(row: int | None, verdicts: Verdicts, roster: Roster) -> str:
    """Where row ``row`` stands, for a reader: file, sheet and Excel row; a negative one is a row of the history."""
    if row is None:
        return "别处"
    source = roster if row >= 0 else verdicts.history
    if source is None:
        return "历史记录"
    index, line = source.rows.select(SHEET, LINE).row(row if row >= 0 else -1 - row)
    sheet = next(sheet for sheet in source.sheets if sheet.index == index)
    return f"{'' if row >= 0 else '历史记录'}《{sheet.file}》{sheet.name}第 {line} 行"


def _assumed(verdicts: Verdicts, program: Program, columns: Sequence[str]) -> pl.Expr:
    """The presumptions that the verdict rests on."""
    told = []
    for j, clause in enumerate(program.clauses):
        if clause.presume and not (clause.id == PRIOR and verdicts.history):
            told.append(pl.when(_bit("推定", j)).then(pl.lit(clause.presume)).otherwise(_PLAIN))
    if not verdicts.history and (program.once or program.quota):
        told.append(pl.when(pl.col("结果").is_in([0, 3])).then(pl.lit("未与历史发放比对")).otherwise(_PLAIN))
    for name, text in verdicts.pack.defaults.items():
        if any(name in clause.holds.fields for clause in program.clauses):
            told.append(pl.when(default(name)).then(pl.lit(f"{name}未填，按{text}")).otherwise(_PLAIN))
    told += _date_assumed(verdicts, program)
    if program.amount.kind == "interest":
        told.append(pl.lit(f"计息按一年 {program.amount.days} 天（当地规定不同时用 --set {program.id}.days=365）"))
    return _texts(told) if told else _PLAIN


def _date_assumed(verdicts: Verdicts, program: Program) -> list[pl.Expr]:
    told = []
    for place_, name in enumerate(program.basis):
        if name == "表题年度":
            told.append(pl.when(pl.col("依据日") == place_).then(pl.lit("年度按表题认定")).otherwise(_PLAIN))
    if verdicts.as_of:
        told.append(
            pl.when(pl.col("依据日") == len(program.basis))
            .then(pl.lit(f"{program.basis[0]}未填，按 --as-of {verdicts.as_of}"))
            .otherwise(_PLAIN)
        )
    return told
