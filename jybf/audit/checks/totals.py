"""Total rows against the rows that they sum up: money and heads."""

import polars as pl

from jybf.audit.book import FEN, Book
from jybf.audit.registry import check
from jybf.audit.wording import CELL, either, found, said, stack
from jybf.model import DOUBT, LINE, ROW, SHEET, Roster, Sheet, Total
from jybf.roster import cell
from jybf.roster.remarks import WRITTEN_IN
from jybf.roster.totals import HEADS
from jybf.vocabulary.facts import facts
from jybf.vocabulary.remarks import struck_out
from jybf.vocabulary.roles import STAGES
from jybf.vocabulary.yuan import yuan

SHOWN = 5  # unreadable cells named one by one
OF_HEADS = ("人数", "人口数", "家庭人口")  # columns that count people themselves
# What is the same for everybody, or everybody's own: below it stands a rate or a mean, never a sum.
NO_SUMS = frozenset(["补贴标准", "月工资", "年龄", "家庭人口", "脱贫年度", "合同月数", "贷款期限"])
SCHEMA = {
    SHEET: pl.Int64, LINE: pl.Int64, "项": pl.String, "述": pl.Int64, "算": pl.Int64, "总": pl.Boolean, "文": pl.Boolean,
    CELL: pl.String, "认不出": pl.String, ROW: pl.Int64,
}  # fmt: skip


@check("JY117", needs=("大写金额", STAGES))
def words_differ_from_figures(book: Book) -> pl.DataFrame:
    """The sum in words is none of the sums in figures: of one of the two a digit is wrong."""
    told = pl.col("大写金额")
    figures = [name for name in STAGES if name in book.rows.columns]
    same = pl.any_horizontal((pl.col(name) == told).fill_null(value=False) for name in figures)
    rows = book.rows.filter(told.is_not_null(), pl.coalesce(figures).is_not_null(), ~same)
    wanted = yuan(pl.coalesce(figures))
    excess = (told - pl.coalesce(figures)).abs()
    return found(rows, "大写金额", said("大写的金额与小写的 ", wanted, " 元不一样"), want=wanted, fen=excess)


@check("JY117")
def totals_do_not_add_up(book: Book) -> pl.DataFrame:
    """No row of data, hence ``_sheet``, 行号 and the cell itself. What can't be read may be what the sum lacks: a doubt."""
    rows = _totals(book.roster)
    whole, gaps = rows.filter(pl.col("认不出") == ""), rows.filter(pl.col("认不出") != "")
    money = pl.col("项").is_in([name for name, field in facts().items() if field.type == "money"])
    stated, computed = (either(money, yuan(pl.col(name)), pl.col(name).cast(pl.String)) for name in ("述", "算"))
    kind = either(pl.col("文"), "表题或落款里说的数", either(pl.col("总"), "合计", "小计"))
    excess = pl.when(money).then((pl.col("述") - pl.col("算")).abs())
    level = either(pl.col("文"), DOUBT)
    wrong = found(whole, pl.col("项"), said(kind, "与逐行相加不符"), now=stated, want=computed, level=level, fen=excess)
    unsure = said(kind, "不能核对：有认不出的单元格（", pl.col("认不出"), "）")
    doubt = found(gaps, pl.col("项"), unsure, now=stated, level=DOUBT, todo="先更正认不出的单元格，再核对合计。")
    return stack(*(f.with_columns(of[SHEET], of[LINE], of[CELL]) for f, of in ((wrong, whole), (doubt, gaps))))


@check("JY117")
def claims_below_the_last_total(book: Book) -> pl.DataFrame:
    """Rows that no total takes in: who signed the sum above them has not signed for these."""
    return stack(*(_below(book, sheet) for sheet in book.roster.sheets))


def _below(book: Book, sheet: Sheet) -> pl.DataFrame:
    sums = [total for total in sheet.totals if not total.prose]
    if not sums or any(total.grand for total in sums):
        return stack()
    final = max(total.line for total in sums)
    rows = book.claims().filter(pl.col(SHEET) == sheet.index)
    if not (rows[LINE] < final).any():
        return stack()
    problem = said(f"在最后的合计（第 {final} 行）以下，没有计入任何合计，仍在申领")
    want = "计入合计，或从表上删去"
    return found(rows.filter(pl.col(LINE) > final), "姓名", problem, want=want, level=DOUBT, fen=pl.col(FEN))


def _totals(roster: Roster) -> pl.DataFrame:
    """The totals that are not what their rows come to."""
    wrong = [(sheet, total) for sheet in roster.sheets for total in sheet.totals if _differs(roster, sheet, total)]
    return pl.DataFrame([_line(roster, sheet, total) for sheet, total in wrong], SCHEMA, orient="row")


def _differs(roster: Roster, sheet: Sheet, total: Total) -> bool:
    if total.stated in {total.computed, _without_struck(roster, sheet, total)} or total.field in NO_SUMS:
        return False
    if total.field != HEADS:
        return True
    return bool({"姓名", "身份证号"} & set(sheet.columns)) and total.stated not in _heads(roster, sheet, total)


def _without_struck(roster: Roster, sheet: Sheet, total: Total) -> int | None:
    """What the rows come to without those marked as void, if there are any: JY904 tells of these."""
    rows = roster.rows.filter(pl.col(SHEET) == sheet.index, _inside(total))
    marks = [struck_out(pl.col(name).cast(pl.String)).is_not_null() for name in WRITTEN_IN if name in rows.columns]
    struck = rows.select(pl.any_horizontal(marks)).to_series() if marks else pl.Series([False])
    if not struck.any():
        return None
    left = rows.filter(~struck)
    return left.height if total.field == HEADS else int(left[total.field].sum() or 0)


def _heads(roster: Roster, sheet: Sheet, total: Total) -> set[int]:
    """What else than rows a number of heads may count: persons, of whom one may stand on three rows, or a column of heads."""
    rows = roster.rows.filter(pl.col(SHEET) == sheet.index, _inside(total))
    numbers = [pl.col("身份证号")] if "身份证号" in rows.columns else []
    persons = pl.coalesce(*numbers, pl.col(ROW).cast(pl.String)).n_unique().alias("人")
    return {*rows.select(persons, pl.col(name for name in rows.columns if name.endswith(OF_HEADS)).sum()).row(0)}


def _inside(total: Total) -> pl.Expr:
    return pl.lit(total.grand) | pl.col(LINE).is_between(total.since, total.line)


def _line(roster: Roster, sheet: Sheet, total: Total) -> tuple[int | str | bool | None, ...]:
    where = total.cell or cell(sheet, total.field, total.line)
    unread = _unreadable(roster, sheet, total)
    told = (total.field, total.stated, total.computed, total.grand, total.prose)
    return (sheet.index, total.line, *told, where, unread, None)


def _unreadable(roster: Roster, sheet: Sheet, total: Total) -> str:
    """The cells that ``total`` sums up and that nobody can read, by name; empty when there are none."""
    refused = roster.problems.filter(pl.col("字段") == total.field).join(roster.rows.select(ROW, SHEET, LINE), on=ROW)
    mine = refused.filter(pl.col(SHEET) == sheet.index, _inside(total))[LINE].unique().sort()
    names = [cell(sheet, total.field, line) or f"第 {line} 行" for line in mine]
    return "、".join(names[:SHOWN]) + (f" 等 {len(names)} 个" if len(names) > SHOWN else "")
