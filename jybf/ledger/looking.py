"""What stands in a ledger, as frames: batches, the payments of one, totals, and all that one person has had."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import ColumnElement, Connection, func, or_, select

from jybf.errors import JybfError, Problem, UsageError
from jybf.ledger import schema
from jybf.ledger.claims import QUOTA
from jybf.ledger.paying import find_batch
from jybf.ledger.queries import DAY, ENDED, STATE, claims, payments, rows_of, undone
from jybf.policy import load_pack
from jybf.regex import pattern

TAKEN_BACK = (schema.RETURNED, schema.REVERSED)
GROUPS = {"项目": "补贴项目", "乡镇": "乡镇", "村": "行政村", "年度": "年度", "资金": "资金", "单位": "单位", "批次": "批次"}
PAYMENTS = (
    "批次", "笔号", "状态", "补贴项目", "姓名", "身份证号", "单位", "乡镇", "行政村", "年度", "数量", "金额", "收款人",
    "收款人证号", "开户银行", "账号", "电话", "资金", "日期", "文件", "工作表", "行号", "经过",
)  # fmt: skip
_inputs = msgspec.json.Decoder(dict[str, str]).decode
_DIGEST = pattern(r" [0-9a-f]{12}\b")  # behind a file's name
_NUMBER, _DIGITS = pattern(r"[0-9]{15}|[0-9]{17}[0-9Xx]"), 15  # of a citizen, and the digits of an old one
_INTEGERS = ("批次", "笔号", "年度", "数量", "金额", "行号")


def find_payments(connection: Connection, *where: ColumnElement[bool]) -> pl.DataFrame:
    """PAYMENTS of those that ``where`` asks for, in their order: 金额 Int64 (分; null: brought in without a sum)."""
    own = schema.payment.c
    known: dict[str, Any] = {
        "批次": own.batch, "笔号": own.payment, "状态": STATE, "金额": own.fen, "日期": func.substr(DAY, 1, 10),
        "经过": undone.reason,
    }  # fmt: skip
    columns = [known.get(name, own.get(name)) for name in PAYMENTS]
    rows = rows_of(connection, payments(*columns).where(*where).order_by(own.payment))
    types = {name: pl.Int64 if name in _INTEGERS else pl.String for name in PAYMENTS}
    return pl.DataFrame(rows, types, orient="row").with_columns(pl.col(pl.String).fill_null(""))


def refusals(connection: Connection, batch: int) -> pl.DataFrame:
    """What asked for money beside the payments of ``batch`` and got none: SAID, 行号, 金额 (分, as asked for) and 原因."""
    own = schema.refusal.c
    names = (*schema.SAID, "行号", "金额", "原因")
    query = select(*(own.fen if name == "金额" else own[name] for name in names)).where(own.batch == batch).order_by(own.line)
    types = {name: pl.Int64 if name in _INTEGERS else pl.String for name in names}
    return pl.DataFrame(rows_of(connection, query), types, orient="row")


def find_batches(connection: Connection) -> pl.DataFrame:
    """One line a batch: 批次, 类别, 地区, 日期, 经办, 笔数, 金额, 状态, 退回笔数, 退回金额, 输入."""
    rows = rows_of(connection, select(schema.batch.c.batch, schema.batch.c.region, schema.batch.c.inputs))
    made = select(schema.events.c.batch, schema.events.c.operator).where(schema.events.c.kind.in_(schema.KINDS[:2]))
    by = dict(rows_of(connection, made))
    told = {number: (region, inputs) for number, region, inputs in rows}
    back, whole = pl.col("状态").is_in(TAKEN_BACK), find_payments(connection)
    sums = whole.group_by("批次", maintain_order=True).agg(
        pl.col("日期").first(), pl.len().cast(pl.Int64).alias("笔数"), pl.sum("金额"),
        pl.col("状态").filter(~back).first().fill_null("都已退回").alias("状态"),
        back.sum().cast(pl.Int64).alias("退回笔数"), pl.col("金额").filter(back).sum().alias("退回金额"),
    )  # fmt: skip
    return sums.with_columns(
        pl.Series("地区", [told[n][0] for n in sums["批次"]], pl.String),
        pl.Series("经办", [by[n] for n in sums["批次"]], pl.String),
        pl.Series("输入", [_DIGEST.sub("", _inputs(told[n][1]).get("输入", "")) for n in sums["批次"]], pl.String),
    )


def totals(connection: Connection, groups: Sequence[str]) -> pl.DataFrame:
    """By ``groups`` (keys of GROUPS), in 分: 核准金额 = 退票金额 + 冲销金额 + 发放金额 + 待发金额.

    笔数 are all payments, 人数 those who keep one.
    """
    wrong = [name for name in groups if name not in GROUPS]
    if wrong:
        raise UsageError(Problem(f"不能按“{'、'.join(wrong)}”合计", "--by", f"可选：{'、'.join(GROUPS)}"))
    keys = [GROUPS[name] for name in groups]
    back, paid = pl.col("状态").is_in(TAKEN_BACK), pl.col("状态").is_in([schema.PAID, schema.IMPORTED])
    who = (
        pl.when(pl.col("身份证号") != "")
        .then("身份证号")
        .otherwise(pl.when(pl.col("姓名") != "").then("姓名").otherwise("单位"))
    )
    sums = (
        pl.len().cast(pl.Int64).alias("笔数"),
        who.filter(~back).n_unique().cast(pl.Int64).alias("人数"),
        pl.col("金额").sum().alias("核准金额"),
        *(pl.col("金额").filter(pl.col("状态") == kind).sum().alias(f"{kind}金额") for kind in TAKEN_BACK),
        pl.col("金额").filter(paid).sum().alias("发放金额"),
        pl.col("金额").filter(~back & ~paid).sum().alias("待发金额"),
    )
    whole = find_payments(connection)
    return whole.group_by(keys).agg(sums).sort(keys) if keys else whole.select(sums)


def person(connection: Connection, who: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """PAYMENTS to whoever ``who`` names (a number, or the name of a person, payee or employer), and what quotas leave.

    Raises UsageError if the ledger knows nobody of that name.
    """
    text, own = who.strip(), schema.payment.c
    named = (own.身份证号, own.收款人证号, own.姓名, own.收款人, own.单位)
    mine = or_(
        *(column == (text.upper() if column is own.身份证号 or column is own.收款人证号 else text) for column in named),
        *_before(text),
    )
    found = find_payments(connection, mine)
    if found.is_empty():
        raise UsageError(Problem("账本里没有这个人或单位", hint="写全姓名、身份证号或单位名称"))
    return found, tuple(_left(connection, found, mine))


def _before(number: str) -> Iterator[ColumnElement[bool]]:
    """Whether a payment was brought in under the 15 digits that ``number`` is, or was before it had 18."""
    if _NUMBER.fullmatch(number):
        old = number if len(number) == _DIGITS else number[:6] + number[8:17]
        yield schema.payment.c.facts.contains(f'"身份证号":"{old}"', autoescape=True)


def _left(connection: Connection, found: pl.DataFrame, mine: ColumnElement[bool]) -> Iterator[str]:
    """Of each quota that the payments ``found``, which are ``mine``, count for: how much is used, and how much is left."""
    own, numbers = schema.claim.c, select(schema.payment.c.payment).where(mine)
    held = claims(own.program, own.key).where(own.kind == QUOTA, own.payment.in_(numbers)).order_by(own.payment)
    for program, key in dict.fromkeys(rows_of(connection, held)):
        living = claims(func.count()).where(own.kind == QUOTA, own.program == program, own.key == key, ENDED.is_(None))
        used = int(connection.execute(living).scalar() or 0)
        yield f"{program}（{key}）：已享受 {used} {_rest(connection, program, found, used)}"


def _rest(connection: Connection, program: str, found: pl.DataFrame, used: int) -> str:
    """What is left of a quota by the rules of the batch that paid last; "份" where they are not at hand."""
    batch = int(found.filter(pl.col("补贴项目") == program)["批次"].to_list()[-1])
    try:
        pack = load_pack(find_batch(connection, batch).region)
    except JybfError:
        return "份"
    quota = next((each.widest() for each in pack.programs if each.id == program), None)
    unit = {"月": "个月"}.get(quota.unit, f"个{quota.unit}") if quota else ""
    return f"{unit}，还可 {quota.most - used} {unit}" if quota else "份"
