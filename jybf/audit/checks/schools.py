"""Pupils: whether they were at school in the school year that is paid for, and at which."""

import polars as pl

from jybf.audit.book import FEN, PLACE, Book, theirs
from jybf.audit.checks.identity import BORN
from jybf.audit.registry import check
from jybf.audit.scope import schools
from jybf.audit.wording import either, found, said, shown, stack
from jybf.model import DOUBT, HINT, ROW, last
from jybf.roster import fold_name

PERSON, ROLL = "身份证号", "在校生"
# States in which nobody goes to school. 毕业班 and 未毕业 do, and who has graduated did so on a day that must be known.
LEFT = r"^(已|因.{0,6})?(退学|休学|开除|勒令退学|自动退学|肄业|死亡|注销)"
OVER = r"^已?(毕业|结业|离校)"
# What a school's name says of its kind: none that is paid for; none of 中职; none of 高职, which gets more.
ORDINARY, PLAIN = (
    r"小学|幼儿园|初级中学|初中|高级中学|普通高中|实验中学|[一二三四五六七八九十]中$|中学$",
    r"职业|中职|技工|技术",
)
COLLEGE, NO_COLLEGE = "大学|本科", "附属|中专|中职|技工|技师"
SECONDARY, NO_SECONDARY = "职教中心|职业教育中心|中等|中专|职业中学|职业高中|职高|技工学校|技校", "学院|高等"
YOUNGEST, OLDEST_PUPIL = 13, 35  # years, at the beginning of the school year
EARLY, LATE = "-3mo", "1y"  # an application so long before the school year or after it is for another one
BEGINS = 9  # a school year runs from September to the next August


def _year() -> tuple[pl.Expr, pl.Expr]:
    """The first and last day of the school year that is claimed; null where the row does not say which."""
    first = pl.col("学年").str.extract(r"(20\d\d)").cast(pl.Int32, strict=False)
    since = pl.date(first, BEGINS, 1)
    return since, since.dt.offset_by("1y").dt.offset_by("-1d")


def _claims(book: Book) -> pl.DataFrame:
    since, until = _year()
    return book.claims(schools).with_columns(since.alias("_起"), until.alias("_止"))


@check("JY418", about=schools)
def left_by_its_own_row(book: Book) -> pl.DataFrame:
    """What the roster says itself: who has left, who had graduated before the year, who does not attend full-time."""
    rows = _claims(book)
    states = [rows.filter(pl.col(name).str.contains(f"{LEFT}|{OVER}$")) for name in ("学籍状态", "在校生状况")]
    gone = rows.filter(pl.col(last("毕业日期")) < pl.col("_起"))
    entered = rows.filter(pl.col("入学日期") > pl.col("_止"))
    part = rows.filter(~pl.col("全日制"))
    want, fen = said("学年里在校就读"), pl.col(FEN)
    told = said(shown("毕业日期"), " 已毕业或离校，还申领 ", pl.col("学年"), " 学年")
    return stack(
        *(found(f, n, said("这一栏是“", pl.col(n), "”，仍申领"), want=want, fen=fen)
          for f, n in zip(states, ("学籍状态", "在校生状况"), strict=True)),
        found(gone, "毕业日期", told, want=want, fen=fen),
        found(entered, "入学日期", said(shown("入学日期"), " 才入学，申领的是 ", pl.col("学年"), " 学年"), want=want, fen=fen),
        found(part, "全日制", "不是全日制，仍申领", want="全日制在校", fen=fen),
    )  # fmt: skip


@check("JY418", about=schools)
def school_of_another_kind(book: Book) -> pl.DataFrame:
    """By its name: one that no stage is paid at, or not the stage that is claimed, which sets the sum."""
    rows, name, stage = _claims(book), pl.col("学校").str.replace_all(r"\s|[（(].*$", ""), pl.col("教育阶段")
    ordinary = name.str.contains(ORDINARY) & ~name.str.contains(PLAIN)
    college = (stage == "中职") & name.str.contains(COLLEGE) & ~name.str.contains(NO_COLLEGE)
    secondary = (stage == "高职") & name.str.contains(SECONDARY) & ~name.str.contains(NO_SECONDARY)
    other = (college | secondary).fill_null(value=False)
    problem = either(ordinary, "学校的名称不像中职、高职", said("学校的名称不像", stage))
    return found(rows.filter(ordinary | other), "学校", problem, want="学校与教育阶段一致", fen=pl.col(FEN))


@check("JY418", about=schools)
def of_another_age_or_year(book: Book) -> pl.DataFrame:
    """Whoever is no pupil by the number, and a school year that was long over or far ahead when it was applied for."""
    rows, applied = _claims(book), pl.col("申请日期")
    age = pl.col("_起").dt.year() - BORN.dt.year()
    aged = rows.filter(~age.is_between(YOUNGEST, OLDEST_PUPIL))
    ahead = pl.col(last("申请日期")) < pl.col("_起").dt.offset_by(EARLY)
    away = rows.filter(ahead | (applied > pl.col("_止").dt.offset_by(LATE)))
    old = said(BORN, " 出生，学年开始时 ", age, " 岁，不像在读的学生")
    year = said("申请日期 ", shown("申请日期"), " 与学年 ", pl.col("学年"), " 对不上")
    return stack(
        found(aged, PERSON, old, want=f"{YOUNGEST} 至 {OLDEST_PUPIL} 岁", fen=pl.col(FEN)),
        found(away, "学年", year, want="申请时的学年", fen=pl.col(FEN)),
    )


@check("JY418", needs=(PERSON,), about=schools, lists=(ROLL,), listed=(("毕业日期", "学籍状态", "入学日期"),))
def left_by_the_roll(book: Book) -> pl.DataFrame:
    """Left or graduated before the school year; leaving without a day is a doubt, graduating without one says nothing."""
    rows = book.hits(ROLL, rows=_claims(book))
    day, state = pl.col(theirs("毕业日期")), pl.col(theirs("学籍状态"))
    before = pl.col(theirs(last("毕业日期"))) < pl.col("_起")
    left = state.str.contains(LEFT).fill_null(value=False) & day.is_null()
    entered = pl.col(theirs("入学日期")) > pl.col("_止")
    here = ~(before.fill_null(value=False) | left | entered.fill_null(value=False))
    rows = rows.filter(~here.any().over(ROW)).unique(ROW, keep="last", maintain_order=True)  # of two schools one is enough
    told = pl.coalesce(
        pl.when(before).then(said(day, " 已", pl.coalesce(state, pl.lit("毕业或离校")))),
        pl.when(left).then(said("学籍状态是“", state, "”，没有写日期")),
        said(pl.col(theirs("入学日期")), " 才入学"),
    )
    problem = said(f"在{book.drawn(ROLL)}上，", told, "，申领的是 ", pl.col("学年"), " 学年，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="学年里在校就读", fen=pl.col(FEN))


@check("JY418", needs=(PERSON, ("教育阶段", "学校")), about=schools, lists=(ROLL,), listed=(("教育阶段", "学校"),))
def another_school(book: Book) -> pl.DataFrame:
    """The stage sets the sum, so another one is a doubt; another school is a hint: pupils change."""
    rows = book.hits(ROLL, rows=_claims(book))
    stage = (pl.col("教育阶段") != pl.col(theirs("教育阶段"))).fill_null(value=False)
    mine, other = (fold_name(pl.col(name)) for name in ("学校", theirs("学校")))
    school = ~(mine.str.contains(other, literal=True) | other.str.contains(mine, literal=True)).fill_null(value=True)
    wrong = rows.filter(stage.all().over(ROW)).unique(ROW, maintain_order=True)
    moved = rows.filter(school.all().over(ROW) & ~stage).unique(ROW, maintain_order=True)
    there = f"在{book.drawn(ROLL)}上"
    stages = said(f"{there}读的是", pl.col(theirs("教育阶段")), "，不是", pl.col("教育阶段"), "，见", pl.col(PLACE))
    names = said(f"{there}就读“", pl.col(theirs("学校")), "”，见", pl.col(PLACE))
    return stack(
        found(wrong, "教育阶段", stages, want=pl.col(theirs("教育阶段")), level=DOUBT, fen=pl.col(FEN)),
        found(moved, "学校", names, want=pl.col(theirs("学校")), level=HINT, fen=pl.col(FEN)),
    )


@check("JY418", needs=(PERSON,), about=schools, lists=(ROLL,))
def not_on_the_roll(book: Book) -> pl.DataFrame:
    """A roll of one county or province has not the pupils who study elsewhere: a hint."""
    rows = book.missing_from(ROLL, _claims(book))
    todo = "在外省、外县就读的，附学籍证明"
    return found(rows, PERSON, f"{book.drawn(ROLL)}上没有这个学生", want="查得到学籍", level=HINT, todo=todo, fen=pl.col(FEN))
