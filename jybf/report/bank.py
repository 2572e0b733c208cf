"""The file by which a bank pays: accounts, names and sums as its layout wants them, whole or not at all.

A bank compares every character with its own records, so that no cell is escaped, quoted, padded or shortened: an apostrophe
before a name would send the money back. What a spreadsheet would run, what the delimiter would cut and what the encoding
can't say is refused instead, together with every account that can't be right.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from jybf.errors import OutputError, Problem
from jybf.report.anew import write_book
from jybf.report.bank_layout import PROGRAM, Column, Layout
from jybf.report.layout import MOST_LINES, Table, runs
from jybf.report.output import replacing
from jybf.visible import visible
from jybf.vocabulary.values.account import account_fault, bare, is_citizen, is_mobile
from jybf.vocabulary.values.ids import sound_ids
from jybf.vocabulary.values.text import LOST, fold_name, unknown_private
from jybf.vocabulary.yuan import yuan

PAYMENT = {  # the columns of payments, as they leave the ledger: "" for nothing, 金额 in 分
    "笔号": pl.Int64, "补贴项目": pl.String, "姓名": pl.String, "身份证号": pl.String, "单位": pl.String, "乡镇": pl.String,
    "行政村": pl.String, "收款人": pl.String, "收款人证号": pl.String, "开户银行": pl.String, "账号": pl.String,
    "金额": pl.Int64, "电话": pl.String, "原因": pl.String,
}  # fmt: skip
_MOST_TOLD = 200  # problems, and payees in a sentence
_NAMED = 5
_NUMBERS = "_笔号"
_WIDTHS = {"序号": 6, "账号": 24, "收款人": 16, "收款人证号": 22, "开户银行": 24, "金额": 14, "附言": 24}


class Sent(msgspec.Struct, frozen=True):
    """What was written: ``lines`` (序号 and the 笔号 of each), their sum, and what the user should know, as sentences."""

    lines: pl.DataFrame
    fen: int
    told: tuple[str, ...]


def write_bank(frame: pl.DataFrame, layout: Layout, target: Path, *, stated: int, merge: bool = False) -> Sent:
    """Write the payments ``frame`` (PAYMENT) to ``target`` as ``layout`` has it. ``stated``: the sum that the batch has, in 分.

    ``merge``: what goes to one payee on one account is one line; else every payment is a line. Raises OutputError with all
    that keeps the file from being paid: nothing is written then.
    """
    form = target.suffix.lower().removeprefix(".")
    if form not in layout.forms:
        choices = "、".join(f".{each}" for each in layout.forms)
        raise OutputError(Problem(f"“{layout.name}”写不成 .{form}", str(target), f"可用：{choices}"))
    lines = _lines(frame, layout, merge=merge)
    problems = [*_unpayable(frame, stated), *_unwritable(lines, layout, form)]
    if problems:
        more = [Problem(f"另有 {len(problems) - _MOST_TOLD} 处")] * (len(problems) > _MOST_TOLD)
        raise OutputError(*problems[:_MOST_TOLD], *more)
    with replacing(target) as out:
        if form == "xlsx":
            write_book([_sheet(lines, layout)], out)
        else:
            out.write(_text(lines, layout).encode(layout.encoding))
    return Sent(lines.select("序号", "笔号"), int(lines["金额"].sum()), tuple(_told(frame, merge=merge)))


def _lines(frame: pl.DataFrame, layout: Layout, *, merge: bool) -> pl.DataFrame:
    """The payments by line: their columns, 序号 from 1, 附言, 笔号 (list)."""
    rows = frame.with_columns(bare(pl.col("账号")), fold_name(pl.col("收款人")).alias("_人"), pl.col("笔号").alias(_NUMBERS))
    if merge:
        texts = [name for name, dtype in PAYMENT.items() if dtype == pl.String and name not in ("账号", "补贴项目")]
        each = pl.col("补贴项目").unique(maintain_order=True).str.join("、")
        first = (pl.col(name).filter(pl.col(name) != "").first().fill_null("") for name in texts)
        rows = rows.group_by("账号", "_人", maintain_order=True).agg(pl.sum("金额"), each, *first, pl.col(_NUMBERS))
    else:
        rows = rows.with_columns(pl.concat_list(_NUMBERS).alias(_NUMBERS))
    before, _, after = layout.remark.partition(PROGRAM)
    remark = pl.concat_str(pl.lit(before), "补贴项目", pl.lit(after)) if PROGRAM in layout.remark else pl.lit(layout.remark)
    return rows.drop("笔号", "_人", strict=False).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("序号"), remark.alias("附言"), pl.col(_NUMBERS).alias("笔号")
    )


def _unpayable(frame: pl.DataFrame, stated: int) -> Iterator[Problem]:
    """What keeps the payments from being paid, whatever the layout: each account and sum, one payment twice, another sum."""
    number, own = bare(pl.col("账号")), pl.col("身份证号", "收款人证号")
    citizen = (is_citizen(number) & ~_firm()) | pl.any_horizontal((own == number) & (own != ""))
    phone = (is_mobile(number) & ~_firm()) | ((pl.col("电话") == number) & (number != ""))
    faults = frame.with_columns(
        pl.when(pl.col("账号") == "").then(pl.lit("没有账号")).when(citizen).then(pl.lit("账号写的是身份证号"))
        .when(phone).then(pl.lit("账号写的是电话号码")).otherwise(account_fault(number)).alias("_号"),
        pl.when(pl.col("收款人") == "").then(pl.lit("没有收款人")).alias("_人"),
        pl.when(pl.col("金额") > 0).then(None).otherwise(pl.lit("金额不是大于零的数")).alias("_钱"),
        pl.when(pl.col("笔号").is_duplicated()).then(pl.lit("同一笔出现了两次")).alias("_重"),
    )  # fmt: skip
    for row in faults.filter(pl.any_horizontal(pl.col("_号", "_人", "_钱", "_重").is_not_null())).iter_rows(named=True):
        way = f"改正花名册，冲销这一笔（jybf ledger reverse {row['笔号']} --reason 原因），再核准加 --anew"
        yield from (Problem(row[name], _where(row), way) for name in ("_号", "_人", "_钱", "_重") if row[name])
    total = int(frame["金额"].sum())
    if total != stated:
        yield Problem(f"这一批记的是 {yuan(stated)} 元，各笔加起来是 {yuan(total)} 元", hint="先查清哪一笔不对，不要发")
    if frame.is_empty():
        yield Problem("没有要发的")


def _firm() -> pl.Expr:
    """Whether an employer is paid, whose account may have any digits."""
    code = pl.col("收款人证号")
    return ((code != "") & ~sound_ids(code).fill_null(value=False)) | (
        (pl.col("收款人") == pl.col("单位")) & (pl.col("单位") != "")
    )


def _unwritable(lines: pl.DataFrame, layout: Layout, form: str) -> Iterator[Problem]:
    """Each cell that the bank could not read as it is meant."""
    if lines.height >= MOST_LINES - 1 and form == "xlsx":
        yield Problem(f"共 {lines.height} 笔，Excel 一张表放不下", hint="分几批发")
    columns = [column for column in layout.column if column.value not in (None, "序号", "金额", "笔号")]
    texts = lines.select(*dict.fromkeys(str(column.value) for column in columns))
    for n, row in enumerate(texts.iter_rows(named=True)):
        for column in columns:
            for fault in _cell_faults(row[str(column.value)], column, layout, form):
                yield Problem(f"“{column.head}”{fault}", _where({**lines.row(n, named=True), "笔号": lines["笔号"][n][0]}))


def _cell_faults(text: str, column: Column, layout: Layout, form: str) -> Iterator[str]:
    if not text:
        yield from ["空着"] * (column.must and column.value not in ("账号", "收款人"))  # those are told already
        return
    if runs(text):
        yield f"以“{text[0]}”开头，表格软件会当成公式"
    if visible(text) != text or "\n" in text or "\t" in text or LOST in text or unknown_private(text):
        yield "有看不见或认不出的字符"
    if form != "xlsx" and (layout.delimiter in text or '"' in text):
        yield f"里有“{layout.delimiter if layout.delimiter in text else chr(34)}”，银行会读错列"
    unsaid = "" if form == "xlsx" or _said(text, layout) else [letter for letter in text if not _said(letter, layout)]
    if unsaid:
        yield f"的“{''.join(unsaid)}”，{layout.encoding} 里没有这个字"
    elif column.most and (size := len(text.encode(layout.encoding, "replace"))) > column.most:
        yield f"有 {size} 个字节，银行最多收 {column.most} 个"


def _said(text: str, layout: Layout) -> bool:
    """Whether the encoding has every character of ``text``: GB 18030 has all of Unicode, GBK has no rare names."""
    try:
        text.encode(layout.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _where(row: dict[str, Any]) -> str:
    return f"第 {row['笔号']} 笔 {row['姓名'] or row['收款人'] or row['单位']}".rstrip()


def _cells(row: dict[str, Any], layout: Layout) -> list[str]:
    """One payment as the bank reads it."""
    own = row | {"金额": _amount(row["金额"], layout), "笔号": "、".join(map(str, row["笔号"]))}
    return [str(own[column.value]) if column.value else column.text or "" for column in layout.column]


def _amount(fen: int, layout: Layout) -> str:
    return yuan(fen) if layout.amount == "元" else str(fen)


def _control(lines: pl.DataFrame, layout: Layout) -> list[list[str]]:
    told = {"笔数": str(lines.height), "金额": _amount(int(lines["金额"].sum()), layout)}
    cells = layout.control.column if layout.control else ()
    return [[told[cell.value] if cell.value else cell.text or "" for cell in cells]] * bool(layout.control)


def _text(lines: pl.DataFrame, layout: Layout) -> str:
    """The whole file; nothing in it needs quoting."""
    out = io.StringIO()
    newline = {"crlf": "\r\n", "lf": "\n"}[layout.newline]
    writer = csv.writer(out, delimiter=layout.delimiter, quoting=csv.QUOTE_NONE, quotechar=None, lineterminator=newline)
    control = _control(lines, layout)
    first = bool(layout.control and layout.control.place == "首行")
    writer.writerows(control if first else [])
    writer.writerows([[column.head for column in layout.column]] * layout.header)
    writer.writerows(_cells(row, layout) for row in lines.iter_rows(named=True))
    writer.writerows([] if first else control)
    return out.getvalue()


def _sheet(lines: pl.DataFrame, layout: Layout) -> Table:
    """The file as a sheet: sums as numbers, every number of an account as text."""
    heads = [column.head for column in layout.column]
    sums = [column.head for column in layout.column if column.value == "金额"]
    rows = [dict(zip(heads, _cells(row, layout), strict=True)) for row in lines.iter_rows(named=True)]
    rows += [dict(zip(heads, cells, strict=False)) for cells in _control(lines, layout)]
    scale = pl.Decimal(20, 2) if layout.amount == "元" else pl.Int64()
    table = pl.DataFrame(rows, dict.fromkeys(heads, pl.String)).with_columns(pl.col(sums).cast(scale))
    widths: Sequence[float] = [_WIDTHS.get(column.value or "", 12) for column in layout.column]
    money = frozenset(sums) if layout.amount == "元" else frozenset[str]()
    return Table("代发", heads, table, frozenset(sums), money, widths)


def _told(frame: pl.DataFrame, *, merge: bool) -> Iterator[str]:
    """One person on several lines, and one account of several people: lawful, or a mistake that nobody sees afterwards."""
    person = pl.when(pl.col("收款人证号") != "").then("收款人证号").otherwise(pl.format("{}|{}", "收款人", "账号"))
    rows = frame.with_columns(person.alias("_谁"), bare(pl.col("账号")))
    several = rows.group_by("_谁", maintain_order=True).agg(pl.col("收款人").first(), pl.len(), pl.sum("金额"))
    several = several.filter(pl.col("len") > 1)
    if several.height:
        each = [f"{name} {count} 笔 {yuan(fen)} 元" for name, count, fen in several.drop("_谁").head(_NAMED).iter_rows()]
        way = "账号和户名都相同的已合成一笔" if merge else "各是一行，没有合并"
        yield f"同一个人有几笔的 {several.height} 人：{'；'.join(each)}{_more(several.height)}。{way}"
    one = pl.when(_firm()).then("收款人").when(pl.col("身份证号") != "").then("身份证号").otherwise("姓名")
    people = rows.with_columns(one.alias("_个"), pl.when(_firm()).then("收款人").otherwise("姓名").alias("_名"))
    shared = people.unique(["账号", "_个"], keep="first", maintain_order=True).group_by("账号", maintain_order=True).agg("_名")
    shared = shared.filter(pl.col("_名").list.len() > 1)
    if shared.height:
        each = ["、".join(names[:_NAMED]) for names in shared["_名"].head(_NAMED).to_list()]
        yield f"一个账号收几个人的钱的 {shared.height} 个：{'；'.join(each)}{_more(shared.height)}。先核对"


def _more(count: int) -> str:
    return f" 等 {count} 个" if count > _NAMED else ""
