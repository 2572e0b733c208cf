"""The same subsidy from another purse: social insurance paid for twice, cooperation funds, another county."""

from collections.abc import Callable
from functools import partial

import polars as pl
from msgspec.structs import replace

from jybf.assess.history import earlier_payments
from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, Which, complete, theirs
from jybf.audit.counties import COUNTY, MINE, other_county, with_county
from jybf.audit.hits import paid_for
from jybf.audit.overlap import Pairs, Time, certain, overlapping
from jybf.audit.pairs import first, months_in, of_months, other_employer, paired
from jybf.audit.registry import check
from jybf.audit.scope import pays, post, tier
from jybf.audit.spans import SPANS
from jybf.audit.wording import either, found, said, stack
from jybf.model import DOUBT, HINT, ROW, STOP, Program, last
from jybf.vocabulary.yuan import yuan

PERSON, INSURANCE, YEAR, PROGRAM = "身份证号", "社保补贴", "申请年度", "项目"
MONTH = ("所属期", "训练开始日期", "社保开始日期")
PAID: Pairs = (("所属期", "所属期"), ("训练开始日期", "训练结束日期"), ("社保开始日期", "社保结束日期"))
KINDS = {
    "养老": "养老|五险|三险",
    "医疗": "医疗|医保|五险|三险",
    "失业": "失业|五险|三险",
    "工伤": "工伤|五险",
    "生育": "生育|五险",
}
COOPERATION, COUNTIES = "协作资金", "上级汇总"
PAYER = "发放县"


def covers(program: Program) -> bool:
    """Pays social insurance contributions back."""
    return pays(program) and "单位缴费" in program.columns


def _insurance(book: Book) -> pl.DataFrame:
    """Claims for social insurance, of the input and of the history; of a public post those with a sum for it."""
    rows = book.pool(lambda program: covers(program) or post(program)).filter(CLAIMS)
    return rows.filter(~pl.col(PROGRAM).is_in(_indexes(book, post)) | (pl.col(INSURANCE) > 0))


def _indexes(book: Book, which: Which) -> list[int]:
    return [i for i, program in enumerate(book.pack.programs) if which(program)]


def insurance_of_two_rows(book: Book, which: Which) -> pl.DataFrame:
    """Two rows, be it for an employer and for a post; one employer's row written twice is JY301."""
    rows = _insurance(book)
    mine = rows.filter(pl.col(PROGRAM).is_in(_indexes(book, which)))
    other = (pl.col(PROGRAM) != pl.col(theirs(PROGRAM))) | other_employer().fill_null(value=False)
    return _twice(paired(book, mine, rows, where=other), "同一人", pl.lit(value=True))


def insurance_of_the_list(book: Book, which: Which) -> pl.DataFrame:
    """What the list says of the same employer may be this very payment, hence a doubt."""
    mine = _insurance(book).filter(pl.col(ROW) >= 0, pl.col(PROGRAM).is_in(_indexes(book, which)))
    hits = book.hits(INSURANCE, rows=mine)
    return _twice(hits, f"在{book.drawn(INSURANCE)}上，", other_employer().fill_null(value=False))


# Of a public post only the column for it says that insurance is paid for.
for _which, _needs in ((covers, (PERSON, MONTH)), (post, (PERSON, INSURANCE, MONTH))):
    check("JY312", needs=_needs, about=_which)(partial(insurance_of_two_rows, which=_which))
    check("JY312", needs=_needs, about=_which, lists=(INSURANCE,))(partial(insurance_of_the_list, which=_which))


def _twice(pairs: pl.DataFrame, where: str, other: pl.Expr) -> pl.DataFrame:
    """``pairs`` of one person that share a month and a kind of insurance; without months or kinds nothing is certain."""
    mine, listed = _months(str), _months(theirs)
    shared = overlapping(mine, listed).fill_null(value=False)
    vague = (mine[0].is_null() | listed[0].is_null()) & _same_time()
    kinds = [_kind(kind, str) & _kind(kind, theirs) for kind in KINDS]
    same = pl.any_horizontal(kinds)
    known = pl.col("参保险种").is_not_null() & pl.col(theirs("参保险种")).is_not_null()
    pairs = pairs.with_columns((shared & known & other).alias("_定"), shared.alias("_月"))
    rows = first(pairs.filter(shared | vague, same | ~known), "_定", "_月")
    since = pl.max_horizontal(mine[0], listed[0]).dt.strftime("%Y-%m")
    until = pl.min_horizontal(mine[1], listed[1]).dt.strftime("%Y-%m")
    span = said(since, either(since == until, "", said(" 至 ", until)), " ")
    when = either(pl.col("_月"), span, "同一年（月份没有写全）")
    payer = pl.coalesce(theirs("单位名称"), theirs("补贴项目"))
    by = either(payer.is_not_null(), said("（", payer, "）"))
    again = either(known, said("同一险种（", _named_kinds(), "）"), "（险种没有写全）")
    problem = said(where, when, "又有一笔社保补贴", by, again, "，见", pl.col(PLACE))
    level = pl.when(pl.col("_定")).then(pl.lit(STOP)).when("_月").then(pl.lit(DOUBT)).otherwise(pl.lit(HINT))
    return found(rows, PERSON, problem, want="一个月一个险种只补一次", level=level, fen=pl.col(FEN))


def _months(named: Callable[[str], str]) -> Time:
    """The months surely paid for. Fewer months than there are in the span, and nobody knows which; twelve are a whole year."""
    time, stated = of_months(PAID, named), pl.col(named("补贴月数"))
    year = (pl.col(named("所属期")).dt.year() == pl.col(named(last("所属期"))).dt.year()) & (stated == 12)
    known = (stated >= months_in(time)).fill_null(value=True)
    ends = (
        pl.col(named("所属期")).dt.truncate("1y"),
        pl.col(named("所属期")).dt.truncate("1y").dt.offset_by("1y").dt.offset_by("-1d"),
    )
    return tuple(pl.when(known).then(of).when(year).then(whole) for of, whole in zip(time, ends, strict=True))  # pyright: ignore[reportReturnType]


def _same_time() -> pl.Expr:
    """Whether the possible times of both meet, as far as both say."""
    sides = [(_first(str, 0), _first(str, 1)), (_first(theirs, 0), _first(theirs, 1))]
    return ((sides[0][0] <= sides[1][1]) & (sides[1][0] <= sides[0][1])).fill_null(value=False)


def _first(named: Callable[[str], str], end: int) -> pl.Expr:
    return pl.coalesce(*(named(last(pair[1]) if end else pair[0]) for pair in PAID))


def _kind(kind: str, named: Callable[[str], str]) -> pl.Expr:
    return pl.col(named("参保险种")).str.contains(KINDS[kind]).fill_null(value=False)


def _named_kinds() -> pl.Expr:
    both = [pl.when(_kind(kind, str) & _kind(kind, theirs)).then(pl.lit(kind)) for kind in KINDS]
    return pl.concat_list(both).list.drop_nulls().list.join("、")


@check("JY317", needs=(PERSON,), about=pays, lists=(COOPERATION,))
def paid_by_cooperation(book: Book) -> pl.DataFrame:
    """One programme (of the transport subsidy any tier) in one year; two posts one after the other are two payments."""
    claims = _claims(book)
    known = _same(book, _paid(book, COOPERATION), claims).filter((_years(str) == _years(theirs)) & ~_apart(book))
    name = pl.coalesce(theirs("补贴项目"), book.named())
    problem = said(
        f"在{book.drawn(COOPERATION)}上，", _years(str), " 年又由协作资金发放“", name, "”", _sum(), "，见", pl.col(PLACE)
    )
    told = found(first(known), PERSON, problem, want="同一年同一类只补一份", fen=pl.col(FEN))
    return stack(told, _unnamed(book, claims, told))


def _unnamed(book: Book, claims: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Hits in the same year that do not say for what."""
    listed = _paid(book, COOPERATION)
    hits = book.hits(COOPERATION, rows=claims.join(told, on=ROW, how="anti"))
    if not listed.is_empty():
        hits = hits.join(listed.select(PLACE), on=PLACE, how="anti")
    when = pl.coalesce(*map(theirs, ("所属期", "发放日期", "申请日期", "表题年度"))).dt.year()
    rows = first(hits.filter(pl.col(theirs("补贴项目")).is_null(), when == _years(str)))
    problem = said(f"在{book.drawn(COOPERATION)}上，", when, " 年也领了一笔，没有写是什么补助，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="查明是不是同类补助", level=HINT, fen=pl.col(FEN))


@check("JY318", needs=(PERSON,), about=pays, lists=(COUNTIES,))
def paid_by_another_county(book: Book) -> pl.DataFrame:
    """The same programme in the same year, or ever where it is once in a lifetime.

    Another county is one that is not the roster's; where nothing says which the roster's is, two counties on the list are.
    """
    claims = with_county(book, _claims(book))
    once = pl.col(PROGRAM).is_in(_indexes(book, lambda program: bool(program.once) and YEAR not in program.once))
    hits = _same(book, _paid(book, COUNTIES), claims).filter(once | ((_years(str) == _years(theirs)) & ~_apart(book)))
    payer = pl.coalesce(theirs(PAYER), theirs(COUNTY))
    hits = hits.with_columns(payer.alias("_付")).filter(pl.col("_付").is_not_null())
    two = pl.col("_付").n_unique().over(ROW, PROGRAM) > 1
    away = pl.when(pl.col(MINE).is_not_null()).then(other_county(pl.col("_付"), pl.col(MINE))).otherwise(two)
    year = either(_years(theirs).is_not_null(), said(_years(theirs), " 年"))
    problem = said(
        f"在{book.drawn(COUNTIES)}上，", pl.col("_付"), "在 ", year, "已发“", book.named(), "”", _sum(), "，见", pl.col(PLACE)
    )
    want = either(pl.col(MINE).is_not_null(), said("只在", pl.col(MINE), "领"), "只在一个县领")
    told = found(first(hits.filter(away)), PERSON, problem, want=want, fen=pl.col(FEN))
    return stack(told, _homeless(book, hits.filter(pl.col(MINE).is_null(), ~two)))


def _homeless(book: Book, hits: pl.DataFrame) -> pl.DataFrame:
    """Said once: hits of which nobody can tell whether they are another county's."""
    rows = hits.select(ROW).unique().height
    problem = f"花名册没有写是哪个县的，{rows} 行在{book.drawn(COUNTIES)}上有同一项目的发放，看不出是本县还是外县"
    return found(first(hits).head(1), COUNTY, problem, want="补填户籍县后再查", level=HINT)


def _claims(book: Book) -> pl.DataFrame:
    """Persons who claim, once a programme, with ``_年``: the year that the verdict found, else that of the governing day."""
    found_ = book.verdicts.rows.select(ROW, PROGRAM, pl.col("年度").cast(pl.Int64).alias("_判"))
    rows = book.pool(pays).filter(pl.col(ROW) >= 0, pl.col(CLAIMS), pl.col(PERSON).is_not_null())
    rows = rows.join(found_, on=[ROW, PROGRAM], how="left", maintain_order="left")
    one = pl.when(pl.col(DAY).dt.year() == pl.col(last(DAY)).dt.year()).then(pl.col(DAY).dt.year().cast(pl.Int64))
    return rows.with_columns(pl.coalesce("_判", one).alias("_年"))


def _paid(book: Book, kind: str) -> pl.DataFrame:
    """What a list of payments holds, told apart by programme as a history is: facts, ``项目``, ``_年`` and ``_处``."""
    own = book.lists[kind].roster
    numbered = replace(own, rows=own.rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW)))
    paid = complete(earlier_payments(numbered, book.pack))
    if "_at" not in paid.columns:
        return book.rows.clear().with_columns(pl.lit(None, pl.Int64).alias(PROGRAM), pl.lit(None, pl.String).alias(PLACE))
    places = book.listed(kind).select(PLACE).with_row_index("_n").with_columns((-1 - pl.col("_n").cast(pl.Int64)).alias(ROW))
    paid = paid.join(places.select(ROW, PLACE), on=ROW, how="left", maintain_order="left")
    return paid.with_columns(pl.col(YEAR).cast(pl.Int64).alias("_年")).filter(pl.col(PERSON).is_not_null())


def _same(book: Book, paid: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Each claim with each payment of the same kind to the same person, the payment's facts named by :func:`theirs`."""
    if paid.is_empty():
        return claims.clear().with_columns(pl.lit(None, dtype).alias(name) for name, dtype in _shape(claims).items())
    kind = pl.when(pl.col(PROGRAM).is_in(_indexes(book, tier))).then(pl.lit(-1)).otherwise(PROGRAM).alias("_类")
    other = paid.with_columns(kind).select(PERSON, "_类", PLACE, pl.exclude(PERSON, "_类", PLACE).name.suffix(theirs("")))
    return claims.with_columns(kind).join(other, on=[PERSON, "_类"], how="inner", maintain_order="left_right")


def _shape(claims: pl.DataFrame) -> dict[str, pl.DataType]:
    return {PLACE: pl.String(), **{theirs(name): dtype for name, dtype in claims.schema.items()}}


def _years(named: Callable[[str], str]) -> pl.Expr:
    return pl.col(named("_年"))


def _apart(book: Book) -> pl.Expr:
    """Whether a pair is of a programme that is paid again for every new time, and their times surely are two."""
    mine, listed = paid_for(), certain(SPANS, named=theirs)
    month = of_months((("所属期", "所属期"),), theirs)
    since, until = pl.coalesce(month[0], listed[0]), pl.coalesce(month[1], listed[1])
    two = (until < mine[0]) | (since > mine[1])
    return (pl.col(PROGRAM).is_in(_indexes(book, lambda program: not program.once)) & two).fill_null(value=False)


def _sum() -> pl.Expr:
    fen = pl.coalesce(*(theirs(name) for name in ("发放金额", "核定金额", "申请金额")))
    return either(fen.is_not_null(), said(" ", yuan(fen), " 元"))
