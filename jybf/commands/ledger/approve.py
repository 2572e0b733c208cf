"""``jybf ledger approve``: read, assess and audit a roster with the ledger as its history, and book what may be paid."""

import sys
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from msgspec.structs import replace

from jybf.commands.audit import audited
from jybf.commands.deliver import Voice, listening
from jybf.commands.ledger.opened import deliver_booked, ledger_at, list_way, where_of
from jybf.commands.past import state_of
from jybf.commands.request import Delivery, Request, check_inputs
from jybf.ledger.booking import SOURCE, Booked, Draft, again, book, booked_before, left_to_book
from jybf.ledger.claims import LINE
from jybf.ledger.drafting import RELEASED, drafted
from jybf.ledger.events import Act, act_of, head
from jybf.ledger.store import Ledger, reading, writing
from jybf.model import REDUCED, Report
from jybf.report.listed import Listed
from jybf.visible import say
from jybf.vocabulary.yuan import yuan

_SHOWN = ("行号", "姓名", "身份证号", "补贴项目", "原因")
_FEW = 5  # people that are named
_MONEY = ("申领金额", "核定金额", "本次可发")
_OPEN = ("程序", "规则包", "输入", "账本")  # of the provenance: what the identity has in full, or not at all


def ledger_approve(request: Request, delivery: Delivery, operator: str, *, dry_run: bool = False, anew: bool = False) -> int:
    """Book as one batch what the audit releases, and list what it does not with the reason.

    Gives the exit code: 0 if every row that asks for money was booked, now or before, else 1.
    """
    request = replace(request, ledger=where_of(request.ledger))
    check_inputs(request)
    ledger, way = ledger_at(request.ledger), list_way(delivery, request.inputs)
    with listening(quiet=delivery.quiet) as voice:
        booked, lines, unchecked = _booked(ledger, request, act_of(operator), voice, dry_run=dry_run, anew=anew)
    rows = _told(lines, booked, dry_run=dry_run)
    deliver_booked(_listed(rows, booked, ledger, unchecked, dry_run=dry_run), way)
    return left_over(int((rows["记账"] == "未记").sum()), delivery)


def left_over(rows: int, delivery: Delivery, what: str = "没有记") -> int:
    """The exit code: 1, and why, where so many ``rows`` were not booked."""
    if rows and not delivery.quiet:
        say(f"以 1 退出：{rows} 行{what}", sys.stderr)
    return int(bool(rows))


def _booked(
    ledger: Ledger, request: Request, act: Act, voice: Voice, *, dry_run: bool, anew: bool
) -> tuple[Booked, pl.DataFrame, tuple[str, ...]]:
    """What was booked, the lines, and the lists that were not compared.

    The audit goes first without holding anybody up; if others have written meanwhile, once more while nobody can.
    """
    report = audited(request, voice.say, voice.doing)
    findings = report.findings
    lists = tuple(dict.fromkeys(name for entry in findings.not_run for name in entry.lists)) if findings else ()
    draft, lines = _drafted(report, anew=anew)
    if dry_run:
        with reading(ledger) as connection:
            before = booked_before(connection, draft)
            left = left_to_book(draft, before)
            none = again(connection, before, {})
        return Booked(0, left.height, int(left["fen"].sum()), before=before) if left.height else none, lines, lists
    voice.doing("等别人写完账本")
    with writing(ledger) as connection:
        if state_of(ledger.name, head(connection)) != report.provenance["账本"]:
            draft, lines = _drafted(audited(request, voice.say, voice.doing), anew=anew)
        voice.doing("记账")
        return book(connection, draft, act), lines, lists


def _drafted(report: Report, *, anew: bool) -> tuple[Draft, pl.DataFrame]:
    findings = report.findings
    assert findings is not None, "an audit has findings"  # noqa: S101
    inputs = dict(report.provenance)
    return drafted(findings, inputs, identity(report, findings.verdicts.pack.digest), anew=anew)


def identity(report: Report, pack: str) -> Mapping[str, object]:
    """All that a batch is made from: the bytes of the roster, the rules, the lists and options; not names, not the ledger."""
    sheets = report.roster.sheets if report.roster else ()
    rest = {name: text for name, text in report.provenance.items() if name not in _OPEN}
    return {"输入": sorted({sheet.sha256 for sheet in sheets}), "规则包": pack, **rest}


def _told(lines: pl.DataFrame, booked: Booked, *, dry_run: bool) -> pl.DataFrame:
    """Every line of the 放行清单 with 记账, and the reason why it was not booked."""
    against = pl.col(LINE).replace_strict(dict(booked.against), default=None, return_dtype=pl.String)
    ready = pl.col("放行").is_in(RELEASED) & (pl.col("本次可发") > 0)
    done = "可记" if dry_run else "已记"
    free = pl.when(ready & against.is_null()).then(pl.lit(done)).otherwise(pl.lit("未记"))
    sources = lines.select(SOURCE).with_columns(pl.col(pl.String).fill_null("")).iter_rows()
    was = pl.Series([source in booked.before for source in sources], dtype=pl.Boolean)
    written = pl.when(was).then(pl.lit("以前已记")).otherwise(free)
    return lines.with_columns(written.alias("记账"), pl.coalesce(against, "原因").alias("原因")).select(
        "记账", pl.exclude("记账", LINE, "_row", "_sheet", "cells")
    )


def _listed(rows: pl.DataFrame, booked: Booked, ledger: Ledger, lists: Sequence[str], *, dry_run: bool) -> Listed:
    left = rows.filter(pl.col("记账") == "未记")
    uncompared = f"没比  没有给 {len(lists)} 份名单，没有比对：{'、'.join(lists)}（--against 名单=文件）"
    says = (
        *_came_to(booked, left.height, dry_run=dry_run),
        *_worth_knowing(rows),
        *[uncompared][: len(lists)],
        f"账本  {ledger.name}",
    )
    shown = ("文件", *_SHOWN) if rows["文件"].n_unique() > 1 else _SHOWN
    return Listed("未记账的行", rows, _MONEY, shown, says, sums=False, page=left)


def _worth_knowing(rows: pl.DataFrame) -> Iterator[str]:
    """What was cut, and whom no bank can pay."""
    own = rows.filter(pl.col("记账").is_in(["已记", "可记"]))
    cut = own.filter(pl.col("放行") == REDUCED, pl.col("申领金额") > pl.col("本次可发"))
    if cut.height:
        less = int((cut["申领金额"] - cut["本次可发"]).sum())
        yield f"核减  {cut.height} 笔比申领的少，共少 {yuan(less)} 元：{_names(cut)}"
    bare = own.filter(pl.col("账号") == "")
    if bare.height:
        yield f"账号  {bare.height} 笔没有账号，银行的文件写不出：{_names(bare)}；冲销这几笔，补上账号再核准"


def _names(rows: pl.DataFrame) -> str:
    names = rows.select(pl.when(pl.col("姓名") != "").then("姓名").otherwise("单位")).to_series().head(_FEW).to_list()
    return "、".join(names) + (f" 等 {rows.height} 笔" if rows.height > _FEW else "")


def _came_to(booked: Booked, left: int, *, dry_run: bool) -> Iterator[str]:
    sums = f"{booked.rows} 笔 {yuan(booked.fen)} 元"
    if booked.again:
        more = f"；另有 {left} 行没有记" if left else ""
        yield f"记账  同样的花名册、规则和名单已经核准过：第 {booked.batch} 批，{sums}；这次什么也没有记{more}"
    elif dry_run:
        yield f"试记  可记 {sums}，不记 {left} 行；账本没有动"
    elif not booked.batch:
        yield f"记账  没有一笔可记，不记 {left} 行；账本没有动"
    else:
        yield f"记账  第 {booked.batch} 批，{sums}；没有记 {left} 行"
        yield f"接着  jybf export bank {booked.batch} -o 代发.csv；发完以后 jybf ledger pay {booked.batch}"
