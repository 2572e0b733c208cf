"""应享未享: who meets every condition and claims nothing, on the roster or on the list of those lifted out of poverty."""

import polars as pl
from msgspec.structs import replace

from jybf.assess import assess
from jybf.audit.book import COLUMN, FEN, Book, Which
from jybf.audit.checks.amounts import sets_sum
from jybf.audit.registry import check
from jybf.audit.wording import CELL, NUMBER, found, said, stack
from jybf.model import LINE, PAID, RESULTS, ROW, SHEET, Program
from jybf.roster import cell
from jybf.vocabulary.yuan import yuan

LIST = "脱贫名单"
PLACES = ("乡镇", "行政村")
AT_WORK = ("务工省", "务工区域", "务工县", "务工开始日期", "务工月数")  # of the list: without any of them it knows of no work
PAYABLE = pl.col("结果") == RESULTS.index(PAID)


def to_persons(program: Program) -> bool:
    """Programmes that a person is due for what the row says of it, without an employer's or a school's doing."""
    return program.payee in {"个人", "户"} and sets_sum(program) and not program.amount.units


@check("JY517", about=to_persons)
def entitled_and_silent(book: Book) -> pl.DataFrame:
    """Rows of a list of claims that could be paid, and where the sum is blank or nought."""
    sums = [sheet.index for sheet in book.roster.sheets if {"申请金额", "核定金额", "发放金额"} & set(sheet.columns)]
    rows = book.judged(to_persons).filter(PAYABLE & (pl.col(FEN).fill_null(0) <= 0), pl.col(SHEET).is_in(sums))
    rows = rows.filter(~pl.any_horizontal(pl.col("发放状态").is_not_null(), pl.col("发放日期").is_not_null()))
    problem = said("符合", book.named(), "的各项条件，却没有申领")
    want = said("最多 ", yuan(pl.col("分")), " 元")
    return found(rows, pl.coalesce(COLUMN, pl.lit("申请金额")), problem, now="", want=want, ground=book.cited())


@check("JY517", needs=("身份证号",), about=to_persons, lists=(LIST,), listed=(AT_WORK,))
def on_the_list_and_absent(book: Book) -> pl.DataFrame:
    """Persons on the list whose work, as the list has it, meets a programme of this roster, and who are nowhere in it.

    Of the roster's own townships and villages, where both say which; whoever was paid before is not meant.
    """
    listing = book.lists[LIST]
    programs = tuple(program.id for program in book.pack.programs if to_persons(program) and book.concerned(_only(program)))
    if not listing.whole or not programs:
        return stack()
    rows = listing.roster.rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    roster = replace(listing.roster, rows=rows)
    judged = assess(roster, book.pack, programs=programs, force=True, as_of=book.verdicts.as_of, history=book.verdicts.history)
    due = judged.rows.filter(PAYABLE).select(ROW, "项目", "分").sort(ROW, "项目").unique(ROW, keep="first", maintain_order=True)
    people = book.listed(LIST).with_columns(rows[ROW]).join(due, on=ROW, how="inner", maintain_order="left")
    here = book.pool(lambda program: program.id in programs).select("身份证号").drop_nulls()
    known = _nearby(book, people.filter(pl.col("身份证号").is_not_null()))
    missed = known.join(here, on="身份证号", how="anti", maintain_order="left")
    problem = said("在", book.drawn(LIST), "上，符合", book.named(), "的各项条件，花名册里没有")
    want = said("最多 ", yuan(pl.col("分")), " 元")
    told = found(missed, "身份证号", problem, want=want, ground=book.cited(), who=pl.col("姓名"))
    where = pl.struct(SHEET, LINE).map_elements(lambda at: _cell(book, at[SHEET], at[LINE]), return_dtype=pl.String)
    own = missed.select(SHEET, LINE, where.alias(CELL), pl.col("身份证号").alias(NUMBER))
    return pl.concat([told.with_columns(pl.lit(None, pl.Int64).alias(ROW)), own], how="horizontal")


def _only(program: Program) -> Which:
    return lambda other: other is program


def _nearby(book: Book, people: pl.DataFrame) -> pl.DataFrame:
    """Without those of other townships and villages than the roster's."""
    for name in PLACES:
        ours = book.rows[name].drop_nulls().unique()
        if ours.len():
            people = people.filter(pl.col(name).is_null() | pl.col(name).is_in(ours.implode()))
    return people


def _cell(book: Book, index: int, line: int) -> str:
    sheet = next(sheet for sheet in book.lists[LIST].roster.sheets if sheet.index == index)
    return cell(sheet, "身份证号", line)
