"""One page for a browser and for paper: a leader reads the first sheet, an auditor filters, sorts and prints the rest."""

import re
from typing import Any, BinaryIO

import polars as pl

from jybf.model import BALANCED, PAID, Report
from jybf.report.headline import headline, numbers
from jybf.report.listing import MOST, facets, groups, lines, meant, money
from jybf.report.notes import cleared, levels_found, shown
from jybf.report.pages import rendered
from jybf.report.pictures import Picture, parts, picture, risk_pictures
from jybf.report.plain import masked, money_columns, told
from jybf.visible import INVISIBLE, visible

_TITLES = {
    "calc": "就业帮扶补贴测算报告",
    "audit": "就业帮扶补贴发放前审核报告",
    "statistics": "审核统计",
    "sample": "抽查名单",
    "pay_list": "放行清单",
}
_SHORT = 6  # characters
_ROOM = 120  # characters of provenance on the first sheet
_MOST_NAMED = 3  # files named in the heading; all are listed under 出处


def write(report: Report, out: BinaryIO, *, mask: bool) -> None:
    """The page in UTF-8. With ``mask`` no ID, card or phone number of its table is in it; the rest is as ``report`` has it."""
    report = told(report, visible, visible)
    page: dict[str, Any] = {"report": report, "title": _title(report), "origin": _origin(report)}
    page |= {"balances": shown(report.summary.balances), "sides": BALANCED, "pay": _payment(report, mask=mask)}
    page |= _listed(report, mask=mask) if report.kind in ("calc", "audit") else _plain(report, mask=mask)
    out.writelines(rendered("report", page, script=True))


def _listed(report: Report, *, mask: bool) -> dict[str, Any]:
    """What the template says of verdicts or findings: head, pictures, lines by group, what was and was not checked."""
    every = lines(report, mask=mask)
    waived = pl.col("豁免") != ""
    found = every.filter(~waived)
    return {
        "sentence": headline(report, found),
        "numbers": numbers(report, found),
        "pictures": risk_pictures(found) if report.kind == "audit" else _paid(found),
        "parts": parts(report.summary),
        "groups": groups(found),
        "waived": groups(every.filter(waived)),
        "facets": facets(found, report.kind),
        "total": found.height,
        "waived_total": every.height - found.height,
        "most": MOST,
        "files": every["文件"].n_unique() > 1,
        "sheets": every.select("文件", "工作表").n_unique() > 1,
        "place": " · ".join(filter(None, (_only(every, "文件"), _only(every, "工作表")))),
        "program": _only(every, "补贴项目") if report.kind == "audit" else "",
        "checked": _checked(report, found),
        "missing": list(dict.fromkeys(name for skip in report.not_run for name in skip.lists)),
    }


def _payment(report: Report, *, mask: bool) -> dict[str, Any] | None:
    if report.kind not in ("audit", "pay_list"):
        return None
    from jybf.report.payment import payment  # calc does without the audit

    return payment(report, mask=mask)


def _only(every: pl.DataFrame, name: str) -> str:
    """The one value that all lines share, which need not be said on each; else nothing."""
    return str(every[name][0]) if every[name].n_unique() == 1 else ""


def _plain(report: Report, *, mask: bool) -> dict[str, Any]:
    """What the template says of any other table: its columns as they are, each with whether it holds figures."""
    frame = masked(report.frame.head(MOST)) if mask else report.frame.head(MOST)
    same = [name for name in ("文件", "工作表") if name in frame.columns and frame[name].n_unique() == 1]
    place = " · ".join(filter(None, (_only(frame, name) for name in same)))
    frame = frame.drop(same)
    sums = pl.col(money_columns(report)).map_elements(money, return_dtype=pl.String)
    rows = frame.with_columns(sums).select(pl.all().cast(pl.String).fill_null("").str.replace_all(INVISIBLE, "")).rows()
    columns = [(name, _kind(frame[name])) for name in frame.columns]
    total = report.frame.height
    return {"sentence": _said(report), "columns": columns, "rows": rows, "total": total, "most": MOST, "place": place}


def _said(report: Report) -> str:
    """What the table is, in one sentence."""
    if report.kind == "sample":
        whole = report.provenance.get("总体", "")
        return f"抽出 {report.frame.height} 行核查" + (f"；总体是{whole}" if whole else "") + "。"
    if report.kind == "pay_list":
        return cleared(report.summary.clearance).removeprefix("放行  ") + "。" if report.summary.clearance else ""
    return "，".join(levels_found(report.summary)) + "。"


def _kind(column: pl.Series) -> str:
    """How a column is set: ``m`` for figures, ``short`` where no value needs a second line."""
    if column.dtype.is_numeric():
        return "m"
    long = (column.cast(pl.String).str.len_chars() > _SHORT).any()
    return "short" if column.name == "身份证号" or not long else ""


def _origin(report: Report) -> list[tuple[str, str]]:
    """What the first sheet has room for; all of it stands under 出处."""
    facts = [(key, value) for key, value in report.provenance.items() if key != "基准日"]
    room = sum(len(key) + len(value) for key, value in facts) <= _ROOM
    return facts if room else [fact for fact in facts if fact[0] in ("程序", "规则包")]


def _paid(found: pl.DataFrame) -> tuple[Picture, ...]:
    """What may be paid, by programme and employer."""
    paid = found.filter(pl.col("级别") == PAID).with_columns(pl.lit(1).alias("条"))
    heads = (("编号", "按补贴项目"), ("单位", "按单位"))
    how = "可发放的金额"
    return tuple(picture(paid, name, title, how, "元", PAID) for name, title in heads) if paid.height else ()


def _checked(report: Report, found: pl.DataFrame) -> list[tuple[str, str, int, bool]]:
    """Each check that ran: code, title, findings, and whether a part of it lacked its data."""
    counts = dict(found.group_by("编号").len().iter_rows())
    partly = {skip.code for skip in report.not_run}
    return [(code, meant(code)[0], int(counts.get(code, 0)), code in partly) for code in report.checked]


def _title(report: Report) -> dict[str, str]:
    """The region, the documents (the first few by name), and the heading of the roster itself where there is just one."""
    region = report.provenance.get("规则包", "").rsplit(" ", 1)[0]
    source = report.provenance.get("输入", "")
    names = re.split(r" [0-9a-f]{12}(?:、|$)", source)[:-1] or [source]
    named = "、".join(names[:_MOST_NAMED]) + (f" 等 {len(names)} 个文件" if len(names) > _MOST_NAMED else "")
    sheets = report.roster.sheets if report.roster else ()
    headings = list(dict.fromkeys(sheet.title.split(" ")[0] for sheet in sheets if sheet.title))
    heading = headings[0][:80] if len(headings) == 1 else ""
    return {"what": _TITLES[report.kind], "region": region, "files": named, "heading": heading}
