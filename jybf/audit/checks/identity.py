"""Data quality: what can't be read, and what contradicts itself within one row or sheet."""

import csv
from functools import cache, partial

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, Book
from jybf.audit.paid import LISTED, listed_months
from jybf.audit.registry import Need, check
from jybf.audit.scope import post
from jybf.audit.wording import Text, either, found, governing, months, said, shown, stack
from jybf.errors import PackError, Problem
from jybf.model import DOUBT, HINT, ROW, last
from jybf.vocabulary.fields import rules_dir
from jybf.vocabulary.values.ids import OLD_NUMBER

# What the reader refused, by the code it gave. JY902 is for every other cell that can't be read as its type.
REFUSED: dict[str, tuple[Need, ...]] = {
    "JY101": ("身份证号",), "JY102": ("身份证号",), "JY103": ("身份证号",), "JY104": ("身份证号",), "JY113": ("务工月数",),
    "JY116": (), "JY605": (("银行账号", "对公账号"),), "JY902": (),
}  # fmt: skip
SPANS = ("务工", "合同", "社保", "训练", "就业", "培训", "意外险", "计息", "公示")

SEX = pl.col("身份证号").str.slice(16, 1).cast(pl.Int64, strict=False) % 2
BORN = pl.col("身份证号").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
QUARTER = 3  # months of the longest period of which each month is meant
OLDEST = 120  # years; nobody known to have lived here was older
OTHER_PAPERS = "护照|通行证|旅行证|军官|士兵"  # their numbers are none of GB 11643
AREAS_UNTIL = 2021  # whoever was born later may have the code of an area made since
FOREIGN = "^9"  # permanent residents from abroad: 9, the code of the province, that of the country


def unreadable(book: Book, code: str) -> pl.DataFrame:
    """Each cell that the reader refused under ``code``, whether or not the row claims anything."""
    others = [other for other in REFUSED if other != code]
    mine = ~pl.col("编号").is_in(others) if code == "JY902" else pl.col("编号") == code
    cells = book.roster.problems.filter(mine).join(book.rows.select(ROW, FEN, "证件类型"), on=ROW, how="left")
    other = (pl.col("字段") == "身份证号") & pl.col("证件类型").str.contains(OTHER_PAPERS)
    old = pl.col("原因") == OLD_NUMBER.reason  # whose it is can be told, and the number of 18 be asked for
    unsure = other | old if code == "JY101" else pl.lit(code == "JY605")  # an account kept as a number has lost digits
    problem = said(pl.col("原因"), either(other, said("；证件类型写的是", pl.col("证件类型"))))
    return found(cells, pl.col("字段"), problem, now=pl.col("原文"), level=either(unsure, DOUBT), fen=pl.col(FEN))


for _code, _needs in REFUSED.items():
    check(_code, needs=_needs)(partial(unreadable, code=_code))


@check("JY104", needs=("身份证号",))
def born_impossibly(book: Book) -> pl.DataFrame:
    """Born after the last day that the money can be for, or so long before the first that nobody lives to see it."""
    after = pl.col(last(DAY)) < BORN
    before = BORN.dt.offset_by(f"{OLDEST}y") < pl.col(DAY)
    rows = book.rows.filter(CLAIMS, after | before)
    when = said("身份证号里的出生日期是 ", BORN, "，补贴的作准日期是 ", governing(DAY))
    problem = said(when, either(after, "，那时还没有出生", f"，那时已过 {OLDEST} 岁"))
    return found(rows, "身份证号", problem, fen=pl.col(FEN))


@check("JY105", needs=("身份证号",))
def code_of_no_area(book: Book) -> pl.DataFrame:
    """A province that never was is no misprint of an old table; a county that no table has may be one."""
    code = pl.col("身份证号").str.slice(0, 6)
    known = pl.Series(sorted(_areas()))
    provinces = known.str.slice(0, 2).unique()
    rows = book.rows.filter(BORN.dt.year() <= AREAS_UNTIL, ~code.str.contains(FOREIGN), ~code.is_in(known.implode()))
    province = code.str.slice(0, 2).is_in(provinces.implode())
    problem = said("前六位 ", code, either(province, " 在历年的区划代码里都没有", " 不是任何一个省的代码"))
    return found(rows, "身份证号", problem, level=either(province, HINT, DOUBT))


@cache
def _areas() -> frozenset[str]:
    """Every code of an area from 1980 to ``AREAS_UNTIL``. PackError if ``rules/id_areas.csv`` can't be read."""
    path = rules_dir() / "id_areas.csv"
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        return frozenset(row["前四位"] + end for row in csv.DictReader(lines) for end in row["后两位"].split())
    except (OSError, KeyError, UnicodeDecodeError) as e:
        raise PackError(Problem(f"身份证地址码表读不到或缺列：{e}", path.name)) from None


@check("JY106", needs=("身份证号", "性别"))
def sex_contradicts_id(book: Book) -> pl.DataFrame:
    """The 17th digit of a citizen's number is odd for men and even for women."""
    of_id = either(SEX == 1, "男", "女")
    rows = book.rows.filter(SEX.is_not_null() & (pl.col("性别") != of_id))
    return found(rows, "性别", said("性别填“", pl.col("性别"), "”，身份证号第 17 位表示", of_id), want=of_id)


@check("JY107", needs=("身份证号", ("年龄", "出生日期")))
def age_contradicts_id(book: Book) -> pl.DataFrame:
    """Age by the year that governs the row; a year either way is a question of the day on which it was filled in."""
    youngest, oldest = (pl.col(end).dt.year() - BORN.dt.year() for end in (DAY, last(DAY)))
    aged = book.rows.filter((pl.col("年龄") < youngest - 1) | (pl.col("年龄") > oldest + 1))
    born = book.rows.filter((pl.col("出生日期") > BORN) | (pl.col(last("出生日期")) < BORN))
    problem = said("年龄与身份证上的出生日期 ", BORN, " 不符")
    return stack(
        found(aged, "年龄", problem, want=said(youngest, " 岁上下（", governing(DAY), "）")),
        found(born, "出生日期", "出生日期与身份证号不符", want=said(BORN)),
    )


@check("JY116")
def ends_before_it_starts(book: Book) -> pl.DataFrame:
    """A span whose end lies before its start, whatever days its months stand for."""
    return stack(*(_backwards(book.rows, f"{name}开始日期", f"{name}结束日期") for name in SPANS))


def _backwards(rows: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    wrong = rows.filter(pl.col(last(end)) < pl.col(start))
    return found(wrong, end, f"{end}早于{start}", want=said("不早于 ", shown(start)), fen=pl.col(FEN))


@check("JY116")
def more_days_than_the_month(book: Book) -> pl.DataFrame:
    over = said("出勤天数多于所属期 ", shown("所属期"), " 的天数")
    return _too_many_days(book, "实际出勤天数", "规定出勤天数", _days("所属期", "所属期"), over)


@check("JY116")
def more_days_than_the_course(book: Book) -> pl.DataFrame:
    return _too_many_days(book, "出勤天数", "培训天数", _days("培训开始日期", "培训结束日期"), "出勤天数多于培训起止的天数")


def _days(start: str, end: str) -> pl.Expr:
    return (pl.col(last(end)) - pl.col(start)).dt.total_days() + 1


def _too_many_days(book: Book, done: str, due: str, most: pl.Expr, over: Text) -> pl.DataFrame:
    """Beyond the calendar is impossible; beyond the days that are stated, somebody counts them differently."""
    worked, stated, fen = pl.col(done), pl.col(due), pl.col(FEN)
    impossible = (worked > most).fill_null(value=False)
    beyond, above = book.rows.filter(impossible), book.rows.filter(~impossible & (worked > stated))
    return stack(
        found(beyond, done, over, want=said("不超过 ", most, " 天"), fen=fen),
        found(above, done, f"{done}多于{due}", want=said("不超过 ", stated, " 天"), level=DOUBT, fen=fen),
    )


@check("JY116")
def more_months_than_the_span(book: Book) -> pl.DataFrame:
    """Months that are stated beside the first and the last of them, unless those run back: that is another finding."""
    span = months("训练开始日期", "训练结束日期")
    rows = book.rows.filter((span >= 1) & (pl.col("补贴月数") > span))
    return found(rows, "补贴月数", "补贴月数多于起止的月份", want=said("不超过 ", span, " 个月"), level=DOUBT, fen=pl.col(FEN))


@check("JY116")
def months_outside_the_span(book: Book) -> pl.DataFrame:
    """Months listed one by one beside a first and a last day that do not hold all of them."""
    span = pl.col("训练开始日期").is_not_null() & pl.col("训练结束日期").is_not_null()
    rows = book.rows.filter(pl.col(LISTED).is_not_null(), span).filter(listed_months().is_null())
    problem = said(
        "列出的月份“", pl.col(LISTED), "”不都在训练起止 ", shown("训练开始日期"), " 至 ", shown("训练结束日期"), " 以内"
    )
    return found(rows, LISTED, problem, want="月份与起止一致", level=DOUBT, fen=pl.col(FEN))


@check("JY116", about=post)
def more_months_than_the_period(book: Book) -> pl.DataFrame:
    """A post paid for more months than the month or the quarter has that it is said to be paid for."""
    most = months("所属期", "所属期")
    rows = book.claims(post).filter(pl.col(LISTED).is_null(), most <= QUARTER, pl.col("补贴月数") > most)
    problem = said("补贴月数 ", pl.col("补贴月数"), "，所属期 ", shown("所属期"), " 只有 ", most, " 个月")
    return found(rows, "补贴月数", problem, want=said("不超过 ", most, " 个月"), level=DOUBT, fen=pl.col(FEN))
