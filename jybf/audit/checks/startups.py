"""Businesses that their founders are paid for, against the register and the insured; and numbers of people against names."""

from functools import partial

import polars as pl

from jybf.audit.book import FEN, PLACE, Book, theirs
from jybf.audit.checks.posts import OURS, family
from jybf.audit.checks.registers import STATE, in_trouble
from jybf.audit.registry import check
from jybf.audit.scope import counts, months_asked, starts_business
from jybf.audit.wording import either, first_known, found, said, shown, stack
from jybf.model import DOUBT, HINT, ROW, Program, Tally, last
from jybf.roster import fold_name
from jybf.vocabulary.facts import by
from jybf.vocabulary.roles import LISTED_EMPLOYER

CODE, PERSON, REGISTER = "统一社会信用代码", "身份证号", "工商登记"
ENTITY = ("创业实体", "单位名称")
ENTRY = (CODE, *ENTITY)  # of the register: what a business is found by
OWNER = ("法定代表人身份证号", PERSON)
CLOSED = "注销|吊销|撤销|清算"
HEADS = "带动就业人数"


def registered(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """Each of ``rows`` with the entries of its business on the register: by its code, else by its name if one has none."""
    named = rows.with_columns(fold_name(pl.coalesce(*ENTITY)).alias("_企"))
    listed = book.listed(REGISTER).with_columns(fold_name(pl.coalesce("单位名称", "创业实体")).alias("_企"))
    coded, plain = (_met(named, listed, key) for key in (CODE, "_企"))
    uncoded = plain.filter(pl.col(CODE).is_null() | pl.col(theirs(CODE)).is_null())
    return pl.concat([coded, uncoded], how="diagonal_relaxed").sort(ROW, maintain_order=True)


def _met(rows: pl.DataFrame, listed: pl.DataFrame, key: str) -> pl.DataFrame:
    """As :meth:`Book.hits`, and with the list's own ``key``."""
    there = listed.filter(pl.col(key).is_not_null())
    named = there.select(key, PLACE, pl.exclude(PLACE).name.map(theirs))
    return rows.join(named, on=key, how="inner", maintain_order="left_right")


def _claims(book: Book) -> pl.DataFrame:
    return book.claims(starts_business)


register = partial(check, "JY415", needs=((CODE, *ENTITY),), about=starts_business, lists=(REGISTER,))


@register(listed=(ENTRY,))
def not_on_the_register(book: Book) -> pl.DataFrame:
    """A business with a code or name that the register does not know."""
    rows = _claims(book).filter(pl.col(CODE).is_not_null() | pl.coalesce(*ENTITY).is_not_null())
    rows = rows.join(registered(book, rows).select(ROW), on=ROW, how="anti", maintain_order="left")
    problem = f"{book.drawn(REGISTER)}上没有这个创业实体"
    return found(
        rows,
        first_known((CODE, *ENTITY)),
        problem,
        now=pl.coalesce(CODE, *ENTITY),
        want="登记在册",
        level=DOUBT,
        fen=pl.col(FEN),
    )


@register(listed=(ENTRY, ("注销日期", "经营状态")))
def closed_at_the_application(book: Book) -> pl.DataFrame:
    """Struck off by the day of the application; without a day of either, the state alone is a doubt."""
    gone = pl.col(theirs("注销日期"))
    state = pl.col(theirs("经营状态")).str.contains(CLOSED).fill_null(value=False)
    before = pl.col(theirs(last("注销日期"))) <= pl.col("申请日期")
    rows = registered(book, _claims(book)).filter(before.fill_null(value=gone.is_null() & state))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    when = either(gone.is_not_null(), said("注销日期 ", gone), said("状态是“", pl.col(theirs("经营状态")), "”，没有注销日期"))
    problem = said(f"在{book.drawn(REGISTER)}上，创业实体", when, "，见", pl.col(PLACE))
    return found(
        rows, _named(), problem, now=_name(), want=said("申请日期 ", shown("申请日期"), " 时在营"), level=DOUBT, fen=pl.col(FEN)
    )


@check("JY415", about=starts_business)
def closed_by_its_own_row(book: Book) -> pl.DataFrame:
    rows = _claims(book).filter(in_trouble())
    problem = said("“经营状态”填的是“", pl.col(STATE), "”，仍在申领")
    return found(rows, STATE, problem, want="申请时在营", level=DOUBT, fen=pl.col(FEN))


@register(listed=(ENTRY, "登记日期"))
def registered_too_late(book: Book) -> pl.DataFrame:
    """Fewer months from the register's day to the application than the policy asks for."""
    least = max((asked.get("正常经营月数", 0) for asked in map(months_asked, book.pack.programs) if asked), default=0)
    full = pl.col(theirs("登记日期")).dt.offset_by(f"{least}mo")
    rows = registered(book, _claims(book)).filter(full > pl.col(last("申请日期")))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    told = said(pl.col(theirs("登记日期")), " 才登记，到申请日期 ", shown("申请日期"), f" 不满 {least} 个月")
    problem = said(f"在{book.drawn(REGISTER)}上，创业实体 ", told, "，见", pl.col(PLACE))
    rows = rows if least else rows.clear()
    return found(rows, _named(), problem, now=_name(), want=said("满 ", full), level=DOUBT, fen=pl.col(FEN))


@register(listed=(ENTRY, OWNER))
def of_another_owner(book: Book) -> pl.DataFrame:
    """The register names another person, who is not of the household either."""
    owner = pl.coalesce(*map(theirs, OWNER))
    hit = registered(book, _claims(book)).with_columns(owner.alias("_主"))
    hit = hit.filter((pl.col("_主") == pl.col(PERSON)).fill_null(value=True).any().over(ROW).not_())
    rows = hit.join(family(book, "_主"), on=["户", "_主"], how="left", maintain_order="left").filter(pl.col(OURS).is_null())
    rows = rows.filter((pl.col("_主") != pl.col("户主身份证号")).fill_null(value=True))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    problem = said(f"在{book.drawn(REGISTER)}上，这个实体的经营者是别人，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="本人或同户家人经营", level=DOUBT, fen=pl.col(FEN))


@check("JY415", needs=(("登记日期", "开业日期"), "申请日期"), about=lambda p: "正常经营月数" in months_asked(p))
def more_months_than_since_it_was_registered(book: Book) -> pl.DataFrame:
    """The months that are stated are more than have passed: the fewer count. Where these are enough too it is but a hint."""
    return stack(*(_since(book, program, months_asked(program).get("正常经营月数")) for program in book.pack.programs))


def _since(book: Book, program: Program, least: int | None) -> pl.DataFrame:
    rows = book.claims(lambda other: other is program)
    if least is None or by("正常经营月数") not in rows.columns:
        return stack()
    rows = rows.filter(pl.col(by("正常经营月数")) == 1, pl.col("登记以来月数").is_not_null())
    since = pl.col("登记以来月数")
    problem = said("写的正常经营月数多于登记（开业）到申请的 ", since, " 个月，按少的计")
    level = either(since < least, DOUBT, HINT)
    return found(rows, "正常经营月数", problem, want=said("不超过 ", since), level=level, fen=pl.col(FEN))


def _named() -> pl.Expr:
    return first_known((*ENTITY, CODE))


def _name() -> pl.Expr:
    return pl.coalesce(*ENTITY, CODE)


@check(
    "JY415",
    needs=(HEADS, (CODE, *ENTITY)),
    about=starts_business,
    lists=("社保缴费",),
    listed=(PERSON, (CODE, *LISTED_EMPLOYER)),
)
def fewer_insured_than_claimed(book: Book) -> pl.DataFrame:
    """How many others the business has insured at any time. A list that doesn't know the business says nothing of it."""
    rows = _claims(book).with_columns(fold_name(pl.coalesce(*ENTITY)).alias("_企"))
    listed = book.listed("社保缴费").with_columns(fold_name(pl.coalesce(*LISTED_EMPLOYER)).alias("_企"))
    frames = [_staff(rows, listed, key) for key in (CODE, "_企")]
    staff = pl.concat(frames).unique().filter(pl.col("_工").is_not_null())
    heads = staff.group_by(ROW).agg((pl.col("_工") != pl.col("_本").fill_null("")).sum().alias("_数"))
    few = rows.join(heads, on=ROW, how="inner", maintain_order="left").filter(pl.col(HEADS) > pl.col("_数"))
    told = said("，这家除本人外只给 ", pl.col("_数"), " 人缴过社保，表上带动 ", pl.col(HEADS), " 人")
    problem = said(f"在{book.drawn('社保缴费')}上", told)
    return found(few, HEADS, problem, want=said("不超过 ", pl.col("_数"), " 人"), level=DOUBT, fen=pl.col(FEN))


def _staff(rows: pl.DataFrame, listed: pl.DataFrame, key: str) -> pl.DataFrame:
    """Row, the founder and each person that the list has under the same ``key``."""
    mine = rows.filter(pl.col(key).is_not_null()).select(ROW, key, pl.col(PERSON).alias("_本"))
    people = listed.filter(pl.col(key).is_not_null()).select(key, pl.col(PERSON).alias("_工")).unique()
    return mine.join(people, on=key, how="inner").select(ROW, "_本", "_工")


@check("JY416", about=counts)
def fewer_names_than_heads(book: Book) -> pl.DataFrame:
    """The number that an employer states beside a roster of names: one finding an employer, on its first row."""
    return stack(*(_fewer(book, program, program.tally) for program in book.pack.programs if counts(program) and program.tally))


def _fewer(book: Book, program: Program, tally: Tally) -> pl.DataFrame:
    stated = tally.read
    rows = book.of(lambda other: other is program).filter(pl.col("单位").is_not_null(), pl.col("姓名").is_not_null())
    names = pl.coalesce(PERSON, fold_name(pl.col("姓名"))).n_unique().over("单位")
    told = rows.with_columns(names.alias("_数"), pl.col(stated).max().over("单位").alias("_报"))
    told = told.filter(pl.col("_数") > 1, pl.col(stated) == pl.col("_报"), pl.col("_报") > pl.col("_数"))
    told = told.unique("单位", keep="first", maintain_order=True)
    problem = said("写的是 ", pl.col("_报"), " 人，名册里只有 ", pl.col("_数"), " 人")
    who = pl.coalesce("单位名称", "单位")
    return found(told, stated, problem, want=said(pl.col("_数"), " 人"), level=DOUBT, who=who, fen=pl.col(FEN))
