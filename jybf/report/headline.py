"""What a page says first: one sentence for whoever has to decide, and the big numbers under it."""

import polars as pl

from jybf.model import DOUBT, HINT, INCOMPLETE, LEVELS, LINE, PAID, REFUSED, RESULTS, ROW, STOP, UNDETERMINED, Report
from jybf.report.listing import money
from jybf.report.pictures import at_risk, unstated
from jybf.report.summary import PLACES

Number = tuple[str, str, str]  # what, how much, in small


def headline(report: Report, found: pl.DataFrame) -> str:
    """The whole of the report in plain words. ``found``: of ``listing.lines``, without what is waived."""
    return _paid(report) if report.kind == "calc" else _stopped(report, found)


def numbers(report: Report, found: pl.DataFrame) -> tuple[Number, ...]:
    """The figures of the sentence and those around it. A sum that nobody stated is no zero."""
    say = report.summary
    data = sum(count for place, count in say.lines.items() if place in PLACES)
    read = ("读入", f"{say.total:,}", f"行，其中数据 {data:,} 行")
    if report.kind == "calc":
        counts = [(result, sum(p.counts[result] for p in say.programs)) for result in RESULTS]
        fen = {PAID: sum(p.paid_fen for p in say.programs), INCOMPLETE: sum(p.held_fen for p in say.programs)}
        words = {PAID: "共", INCOMPLETE: "补齐后最多"}
        asides = {result: f"{words[result]} {money(sum_)} 元" for result, sum_ in fen.items() if sum_}
        return read, *((result, f"{count:,}", asides.get(result, "件")) for result, count in counts)
    risk = at_risk(found)
    levels = [(level, f"{found.filter(pl.col('级别') == level).height:,}", f"条，{_MEANING[level]}") for level in LEVELS]
    silent = unstated(risk)
    much, of = money(int(risk["分"].sum())), "元" + (f"，另 {silent} 条没有写明金额" if silent else "")
    if not risk["分"].sum() and silent:
        much, of = "未知", f"{silent} 条都没有写明金额"
    partly = _partly(report)
    aside = f"项，另 {partly} 项没有查全" if partly else "项，没有查过不等于没有问题"
    return read, *levels, ("拦截涉及", much, of), ("没有查", f"{len(report.not_run) - partly:,}", aside)


_MEANING = {STOP: "更正前不能发", DOUBT: "核实后再定", HINT: "提醒"}


def _paid(report: Report) -> str:
    programs = report.summary.programs
    count = {result: sum(p.counts[result] for p in programs) for result in RESULTS}
    paid, held = sum(p.paid_fen for p in programs), sum(p.held_fen for p in programs)
    said = [f"{count[PAID]} 件可以发，共 {money(paid)} 元，发放以审核的放行为准" if count[PAID] else "没有可以发的"]
    said += [f"{count[REFUSED]} 件不符合条件"] * bool(count[REFUSED])
    held_words = f"，补齐后最多 {money(held)} 元" if held else ""
    said += [f"{count[INCOMPLETE]} 件要先补资料{held_words}"] * bool(count[INCOMPLETE])
    said += [f"{count[UNDETERMINED]} 件条件满足，但文件没有定标准"] * bool(count[UNDETERMINED])
    return "；".join(said) + "。"


def _stopped(report: Report, found: pl.DataFrame) -> str:
    doubts = found.filter(pl.col("级别") == DOUBT).height
    grave = _grave(report, found)
    said = [*grave]
    said += [f"{'另有 ' if grave else ''}{doubts} 条要先核实"] * bool(doubts)
    if not said:
        said = ["没有发现要拦下或要核实的问题"]
    left = report.summary.clearance
    rows, fen = (left.clear[i] + left.cut[i] for i in (0, 1)) if left else (0, 0)
    cut = f"（其中 {left.cut[0]} 行按核减后的数）" if left and left.cut[0] else ""
    said += [f"{rows} 行、{money(fen)} 元现在可以发{cut}"] * bool(rows)
    waived = report.frame.height - found.height
    said += [f"{waived} 条已豁免，不算在内"] * bool(waived)
    partly = _partly(report)
    said += [f"{len(report.not_run) - partly} 项没有查"] * (len(report.not_run) > partly)
    said += [f"{partly} 项没有查全"] * bool(partly)
    return "；".join(said) + "。"


def _partly(report: Report) -> int:
    """How many of the checks that lacked data did a part of their work."""
    return sum(skip.code in report.checked for skip in report.not_run)


def _grave(report: Report, found: pl.DataFrame) -> list[str]:
    """Who must not be paid how much, and what is wrong on no row of data."""
    rest = found.filter(pl.col("级别") == STOP, ~pl.col("_on"))
    what = "合计与逐行相加不符" if set(rest["编号"]) == {"JY117"} else "表内问题要更正"
    told = [f"{rest.height} 处{what}"] * bool(rest.height)
    risk = at_risk(found)
    if risk.is_empty():
        return told
    fen, silent = int(risk["分"].sum()), unstated(risk)
    who = "、".join(_concerned(report, found))
    if not fen and silent:
        return [f"{who}现在不能发，表上没有写明金额", *told]
    return [f"{who}的 {money(fen)} 元现在不能发" + (f"（另有 {silent} 条没有写明金额）" if silent else ""), *told]


def _concerned(report: Report, found: pl.DataFrame) -> list[str]:
    """Who must not be paid: persons and employers, each once."""
    stops = report.frame.with_row_index("_n").join(found.filter(pl.col("级别") == STOP).select("_n", "_on"), on="_n")
    place = pl.concat_str("文件", "工作表", pl.col(LINE).cast(pl.String), separator="\n", ignore_nulls=True)
    known = pl.when(pl.col("身份证号") != "").then("身份证号").otherwise(place)
    on = stops.filter("_on")
    one = on.filter(_persons(report, on))
    others = on.filter(~_persons(report, on))
    people, units = one.select(known).to_series().n_unique(), others["姓名"].n_unique()
    counts = ((people, "人"), (units, "家单位"))
    return [f"{count} {unit}" for count, unit in counts if count]


def _persons(report: Report, on: pl.DataFrame) -> pl.Series:
    """Which of the findings ``on`` rows of data are about a person; the others' rows name an employer only."""
    rows = report.roster.rows if report.roster else None
    if rows is None or report.context is None:
        return pl.repeat(value=True, n=on.height, dtype=pl.Boolean, eager=True)
    named = [pl.col(name).is_not_null() for name in ("姓名", "身份证号") if name in rows.columns]
    people = rows.select(ROW, pl.any_horizontal(pl.lit(value=False), *named).alias("_p"))
    at = report.context.with_row_index("_n").select("_n", ROW).join(people, on=ROW, how="left")
    return on.select("_n").join(at, on="_n", how="left", maintain_order="left")["_p"].fill_null(value=True)
