"""The same thing twice: within the input, and against earlier payments."""

from __future__ import annotations

from itertools import permutations

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, Book
from jybf.audit.registry import check
from jybf.audit.terms import pays, post
from jybf.audit.words import ORIGINS, either, first_known, found, said, shown
from jybf.model import DOUBT, REFUSED, RESULTS, ROW, Program, last

# What tells two payments of one programme to one person apart; blank in both is "not told apart".
PERIOD = (
    "所属期", "训练开始日期", "训练结束日期", "培训开始日期", "培训结束日期", "计息开始日期", "计息结束日期",
    "学年", "合同开始日期",
)  # fmt: skip


def to_employer(program: Program) -> bool:
    return program.payee == "单位" and pays(program)


def by_month(program: Program) -> bool:
    """Programmes paid for stated months of work at one employer."""
    return program.period is not None


def for_hiring(program: Program) -> bool:
    """Paid to an employer for a person it took on: one person, one employer."""
    return to_employer(program) and not program.amount.units and not by_month(program)


def tier(program: Program) -> bool:
    """The tiers of the transport subsidy, once a year each."""
    return program.codes.get("once") == "JY302"


def _repeats(program: Program) -> bool:
    """Paid again for every new period. Once-only programmes are left to their verdict, which knows the year."""
    return pays(program) and not program.once


@check("JY301", needs=(("身份证号", "单位"),), about=_repeats)
def same_row_twice(book: Book) -> pl.DataFrame:
    """Same programme, person (else employer), employer, loan and period; without any period it is only a doubt."""
    payer = [i for i, program in enumerate(book.pack.programs) if to_employer(program)]
    who = pl.coalesce("身份证号", pl.when(pl.col("姓名").is_null()).then("单位"))
    employer = pl.when(pl.col("项目").is_in(payer)).then("单位").fill_null("")
    rows = book.pool(_repeats).with_columns(
        who.alias("_人"), employer.alias("_付"), _joined(*PERIOD, "贷款合同编号").alias("_期")
    )
    again = _later(book, rows.filter(pl.col("_人").is_not_null()), "项目", "_人", "_付", "_期")
    dated = pl.any_horizontal(pl.col(name).is_not_null() for name in PERIOD)
    problem = said("与", pl.col("先"), either(dated, "重复：同一项目、同一对象、同一所属期", "可能重复：都没有写所属期"))
    field = first_known(("身份证号", *ORIGINS["单位"]))
    now = pl.coalesce("身份证号", *ORIGINS["单位"])
    return found(again, field, problem, now=now, level=either(dated, "", DOUBT), fen=pl.col(FEN))


@check("JY304", needs=("身份证号",), about=tier)
def two_tiers_in_a_year(book: Book) -> pl.DataFrame:
    """Whether both tiers of the transport subsidy may be drawn in one year is not said, hence a doubt."""
    refused = book.cases(tier).filter(pl.col("结果") == RESULTS.index(REFUSED)).select(ROW, "项目")
    year = pl.when(pl.col(DAY).dt.year() == pl.col(last(DAY)).dt.year()).then(pl.col(DAY).dt.year())
    rows = book.pool(tier).join(refused, on=[ROW, "项目"], how="anti").with_columns(year.alias("_年"))
    rows = rows.filter(pl.col(CLAIMS), pl.col("身份证号").is_not_null(), pl.col("_年").is_not_null())
    again = _later(book, rows.filter(pl.col("项目").n_unique().over("身份证号", "_年") > 1), "身份证号", "_年")
    problem = said(pl.col("_年"), " 年又领另一档交通补助，另一笔在", pl.col("先"))
    return found(again.unique(ROW, maintain_order=True), "身份证号", problem, fen=pl.col(FEN))


@check("JY307", needs=("身份证号", "单位", "训练开始日期"), about=by_month)
def same_month_two_employers(book: Book) -> pl.DataFrame:
    rows = book.pool(by_month).filter(pl.col("身份证号").is_not_null(), pl.col("单位").is_not_null())
    rows = rows.filter(pl.col("单位").n_unique().over("身份证号") > 1, pl.col("训练开始日期") <= pl.col("训练结束日期"))
    months = pl.date_ranges(pl.col("训练开始日期").dt.month_start(), pl.col("训练结束日期").dt.month_start(), "1mo")
    each = rows.with_columns(months.alias("_月")).explode("_月")
    again = _later(book, each.filter(pl.col("单位").n_unique().over("身份证号", "_月") > 1), "身份证号", "_月")
    listed = pl.col("_月").sort().dt.strftime("%Y-%m").unique(maintain_order=True).str.join("、")
    told = again.group_by(ROW, maintain_order=True).agg(pl.col(FEN, "先").first(), listed)
    problem = said("同一人 ", pl.col("_月"), " 又由另一单位申领，见", pl.col("先"))
    return found(told, "训练开始日期", problem, now=pl.col("_月"), fen=pl.col(FEN))


@check("JY311", needs=("身份证号", ("岗位名称", "单位", "务工单位")), about=post)
def two_posts_at_once(book: Book) -> pl.DataFrame:
    pairs = _overlaps(book, "身份证号")
    other = pairs.filter((pl.col("岗位名称") != pl.col("岗位名称_先")) | (pl.col("_处") != pl.col("_处_先")))
    problem = said("同一人同期在两个公益性岗位，另一岗在", pl.col("先"))
    return found(other.unique(ROW, maintain_order=True), "身份证号", problem, fen=pl.col(FEN))


@check("JY311", needs=("身份证号", "户"), about=post)
def two_posts_in_a_household(book: Book) -> pl.DataFrame:
    other = _overlaps(book, "户").filter(pl.col("身份证号") != pl.col("身份证号_先")).unique(ROW, maintain_order=True)
    problem, todo = said("同户另一人同期也在公益性岗位，见", pl.col("先")), "当地限一户一岗的，退出一岗；不限的，注明依据"
    now = pl.coalesce(*ORIGINS["户"])
    return found(other, first_known(ORIGINS["户"]), problem, now=now, level=DOUBT, todo=todo, fen=pl.col(FEN))


@check("JY314", needs=("身份证号", "单位"), about=for_hiring)
def two_employers_for_one_person(book: Book) -> pl.DataFrame:
    rows = book.pool(lambda program: for_hiring(program) and "身份证号" not in program.once)
    rows = rows.filter(pl.col("身份证号").is_not_null(), pl.col("单位").is_not_null())
    again = _later(book, rows.filter(pl.col("单位").n_unique().over("项目", "身份证号") > 1), "项目", "身份证号")
    return found(again, "身份证号", said("同一人已由另一单位申报同一补贴，见", pl.col("先")), fen=pl.col(FEN))


def _joined(*names: str) -> pl.Expr:
    """``names`` as one comparable text, a blank equal to a blank."""
    return pl.concat_str([shown(name).fill_null("") for name in names], separator="\x1f")


def _later(book: Book, rows: pl.DataFrame, *key: str) -> pl.DataFrame:
    """The rows of the input that are not the first with their ``key``, with ``先``: where the first stands."""
    again = rows.with_columns(pl.col(ROW).min().over(key).alias("_先")).filter(pl.col(ROW) > pl.col("_先"), pl.col(ROW) >= 0)
    return again.with_columns(book.where(again["_先"]).alias("先"))


def _overlaps(book: Book, key: str) -> pl.DataFrame:
    """Pairs of rows on public posts that share ``key`` and surely overlap: the later row, and ``…_先`` of the first.

    A month of pay is a month on the post; a year says only that there was pay in it, and of any other date known
    by its month alone only the certain part counts.
    """
    month = pl.col(last("所属期")) <= pl.col("所属期").dt.month_end()
    paid_from, paid_to = (pl.when(month).then(a).otherwise(b) for a, b in permutations(("所属期", last("所属期"))))
    begin = pl.coalesce(paid_from, last("上岗日期"), last("合同开始日期")).alias("_起")
    end = pl.coalesce(paid_to, "退岗日期", "合同结束日期").alias("_止")
    rows = book.pool(post).with_columns(begin, end, pl.coalesce("单位", "务工单位").alias("_处"))
    rows = rows.filter(pl.col(key).is_not_null(), pl.len().over(key) > 1)
    firsts = rows.select(pl.col(key).alias("_键"), pl.col(ROW, "身份证号", "岗位名称", "_处", "_起", "_止").name.suffix("_先"))
    pairs = rows.join(firsts, left_on=key, right_on="_键").filter(pl.col(f"{ROW}_先") < pl.col(ROW), pl.col(ROW) >= 0)
    pairs = pairs.filter((pl.col("_起") <= pl.col("_止_先")) & (pl.col("_起_先") <= pl.col("_止")))
    return pairs.with_columns(book.where(pairs[f"{ROW}_先"]).alias("先")).sort(ROW, f"{ROW}_先")
