"""``jybf ledger import``: what was paid before there was a ledger, brought in as history."""

from pathlib import Path

import polars as pl

from jybf.commands.config import load_config
from jybf.commands.deliver import listening
from jybf.commands.ledger.approve import left_over
from jybf.commands.ledger.opened import deliver_booked, ledger_at, list_way
from jybf.commands.opening import column_map
from jybf.commands.past import files_of
from jybf.commands.request import Delivery, Request
from jybf.ledger.booking import Booked, book
from jybf.ledger.bringing import brought
from jybf.ledger.claims import LINE
from jybf.ledger.events import act_of
from jybf.ledger.store import writing
from jybf.model import LINE as AT
from jybf.model import ROW, SHEET, Pack, Roster
from jybf.policy import detect_region, find_region, load_pack
from jybf.policy.regions import named_elsewhere
from jybf.report.listed import Listed
from jybf.roster import read
from jybf.roster.reversed import without_reversed
from jybf.vocabulary.yuan import yuan


def ledger_import(request: Request, delivery: Delivery, where: str, operator: str) -> int:
    """Book all payments of ``request.files`` as one batch, and list the rows that could not be placed, with the reason.

    Gives 1 if there are any, or any that can be held against nobody, else 0.
    """
    ledger, way = ledger_at(where), list_way(delivery, request.files)
    with listening(quiet=delivery.quiet) as voice:
        columns = column_map(request)
        history = read(request.files, encoding=request.encoding, columns=columns, progress=voice.doing, paid=True)
        history = without_reversed(history)
        for notice in history.notices:
            voice.say(notice)
        pack = _pack(request, history)
        if elsewhere := named_elsewhere(history, pack):
            voice.say(f"按{pack.name}的项目记，但{elsewhere}：核对地区")
        inputs = {"输入": files_of(history.sheets), "规则包": f"{pack.name} {pack.digest[:12]}"}
        draft, lost, bare = brought(history, pack, inputs, {"导入": sorted({sheet.sha256 for sheet in history.sheets})})
        with writing(ledger) as connection:
            booked = book(connection, draft, act_of(operator))
    rows = _told(history, draft.payments, (lost, bare), booked)
    unpaid = history.rows.height - draft.payments.height - len(lost)
    deliver_booked(Listed("没有记的，和有重复的", rows, says=tuple(_came_to(booked, len(lost), unpaid))), way)
    return left_over(0 if booked.again else len(lost) + len(bare), delivery, "没有记或比对不到")


def _pack(request: Request, history: Roster) -> Pack:
    region = request.region or load_config(Path.cwd())[0].region
    return load_pack(find_region(region, "--region") if region else detect_region(history)[0])


def _told(history: Roster, payments: pl.DataFrame, dark: tuple[dict[int, str], dict[int, str]], booked: Booked) -> pl.DataFrame:
    """Where each row stands that was not brought in, that lacks a key, or that another payment is the same as, and why."""
    names = {sheet.index: (sheet.file, sheet.name) for sheet in history.sheets}
    out: list[tuple[str, str, int, str, str]] = []
    for state, rows in zip(("没有记", "已记，比对不到"), dark, strict=True):
        own = history.rows.filter(pl.col(ROW).is_in(list(rows))).select(SHEET, AT, ROW)
        out += [(*names[sheet], line, state, rows[row]) for sheet, line, row in own.iter_rows()]
    twice = payments.filter(pl.col(LINE).is_in(list(booked.against))).select("文件", "工作表", "行号", LINE)
    out += [(file, sheet, line, "已记，有重复", booked.against[n]) for file, sheet, line, n in twice.iter_rows()]
    types = {"文件": pl.String, "工作表": pl.String, "行号": pl.Int64, "记账": pl.String, "原因": pl.String}
    return pl.DataFrame(out, types, orient="row")


def _came_to(booked: Booked, lost: int, unpaid: int) -> list[str]:
    """``unpaid``: the rows that say that nothing was paid, or that it came back."""
    sums = f"第 {booked.batch} 批，{booked.rows} 笔 {yuan(booked.fen)} 元"
    if booked.again:
        return [f"导入  同样的文件已经导入过：{sums}；这次什么也没有记"]
    rest = f"；{unpaid} 行写着没有发到、退回了或是 0 元，没有记" if unpaid else ""
    if not booked.batch:
        return [f"导入  没有一行能记，{lost} 行认不出{rest}；账本没有动"]
    twice = "（就是同一笔的，用 jybf ledger reverse 冲销一笔，不然限额多算）" if booked.against else ""
    return [f"导入  {sums}；{lost} 行认不出，没有记{rest}；{len(booked.against)} 笔与别的重复{twice}"]
