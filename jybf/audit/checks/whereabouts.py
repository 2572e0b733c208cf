"""One person in two places at once, whichever two programmes say so: paid at home for a time of work elsewhere."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.checks.away import FLEXIBLE, WAY
from jybf.audit.counties import other_county, place
from jybf.audit.overlap import Pairs, Time, certain, common, full_time, share_a_month
from jybf.audit.pairs import first, paired, strangers
from jybf.audit.registry import check
from jybf.audit.scope import employs, on_the_job, pays, post, tier, trains
from jybf.audit.wording import either, found, said, stack
from jybf.model import DOUBT, ROW, Program
from jybf.vocabulary.values.places import counties

PERSON, HERE, AWAY, SINCE, UNTIL = "身份证号", "_本地", "_外地", "_起", "_止"
AT_HOME: Pairs = (
    ("训练开始日期", "训练结束日期"), ("培训开始日期", "培训结束日期"), ("就业开始日期", "就业结束日期"),
    ("招用日期", "离职日期"), ("上岗日期", "退岗日期"), ("所属期", "所属期"),
)  # fmt: skip
AT_WORK: Pairs = (("务工开始日期", "务工结束日期"), ("就业开始日期", "就业结束日期"))


def local(program: Program) -> bool:
    """Paid for what is done in the county that pays: training, work for its employers, its public posts."""
    return on_the_job(program) or employs(program) or trains(program) or post(program)


def located(program: Program) -> bool:
    """Whose rows may say where somebody was, and when."""
    return pays(program) and (
        local(program) or bool({"务工省", "务工区域", "务工开始日期"} & {*program.columns, *program.basis})
    )


RENAMED = {"长治县": "上党区", "大同县": "云州区"}  # counties whose name changed with their kind


@check("JY406", needs=(PERSON, tuple(start for start, _ in (*AT_HOME[:-1], AT_WORK[0]))), about=located)
def in_two_places(book: Book) -> pl.DataFrame:
    """A whole month in both, or one all within the other; posts beside journeys are JY309's, two journeys JY115's."""
    rows = _with_hours(book)
    if strangers(rows, rows):
        return stack()
    rows = _placed(book, rows)
    pairs = paired(book, rows, rows, where=_apart() & _at_once())
    back = _turned(book, pairs)
    return stack(*(_told(first(each)) for each in (pairs, back)))


def _with_hours(book: Book) -> pl.DataFrame:
    """The claims of those who have fixed hours there; others may be in two places."""
    rows = book.pool(located).filter(CLAIMS, full_time())
    return rows.filter(~pl.col(WAY).str.contains(FLEXIBLE).fill_null(value=False))


def _placed(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """Those of ``rows`` that say when, and whether here or elsewhere."""
    kinds = {name: [i for i, p in enumerate(book.pack.programs) if which(p)] for name, which in _KINDS.items()}
    rows = rows.with_columns(pl.col("项目").is_in(of).alias(name) for name, of in kinds.items())
    ends = pl.coalesce("申请日期", "填报日期")
    away = (pl.col("跨省") | pl.col("县外")).fill_null(value=False)
    here, there = certain(AT_HOME, ends=ends), certain(AT_WORK, ends=ends)
    rows = rows.with_columns(away.alias(AWAY), (pl.col("_本地类") & ~away).alias(HERE))
    when = [pl.when(HERE).then(a).otherwise(b) for a, b in zip(here, there, strict=True)]
    return rows.with_columns(when[0].alias(SINCE), when[1].alias(UNTIL)).filter(pl.col(SINCE) <= pl.col(UNTIL))


_KINDS = {"_本地类": local, "_岗": post, "_途": tier}


def _apart() -> pl.Expr:
    """Whether a pair is surely in two places, and no other check compares the two."""
    across = (pl.col(HERE) & pl.col(theirs(AWAY))) | (pl.col(AWAY) & pl.col(theirs(HERE)))
    provinces = pl.col("务工省") != pl.col(theirs("务工省"))
    counties = (pl.col("务工省") == pl.col(theirs("务工省"))) & other_county(pl.col("务工县"), pl.col(theirs("务工县")))
    journeys = pl.col("务工开始日期").is_not_null() & pl.col(theirs("务工开始日期")).is_not_null() & ~across
    posted = (pl.col("_岗") & pl.col(theirs("_途"))) | (pl.col("_途") & pl.col(theirs("_岗")))
    two = across | provinces.fill_null(value=False) | counties.fill_null(value=False)
    return two & ~journeys & ~posted & (pl.col("项目") != pl.col(theirs("项目")))


def _times() -> tuple[Time, Time]:
    return (pl.col(SINCE), pl.col(UNTIL)), (pl.col(theirs(SINCE)), pl.col(theirs(UNTIL)))


def _at_once() -> pl.Expr:
    mine, other = _times()
    inside = ((other[0] < mine[0]) & (mine[1] < other[1])) | ((mine[0] < other[0]) & (other[1] < mine[1]))
    return (share_a_month(mine, other) | inside).fill_null(value=False)


def _turned(book: Book, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs seen from the earlier row, where that is one of the input."""
    own, other = (SINCE, UNTIL, "务工地点", "务工省", "务工市", "务工县", "务工区域"), pairs.filter(pl.col(theirs(ROW)) >= 0)
    told = other.select(
        pl.col(theirs(ROW)).alias(ROW), book.where(other[ROW]).alias(PLACE),
        *(pl.col(name).alias(theirs(name)) for name in own),
        *(pl.col(theirs(name)).alias(f"{name}_我") for name in (SINCE, UNTIL)),
    )  # fmt: skip
    back = book.rows.join(told, on=ROW, how="inner", maintain_order="left")
    return back.with_columns(pl.col(f"{name}_我").alias(name) for name in (SINCE, UNTIL))


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    since, until = common(*_times())
    there = either(place().is_not_null(), said("在“", place(), "”"), "在本地")
    problem = said(since, " 至 ", until, " 又", there, "，见", pl.col(PLACE), "：一个人不会同时在两处")
    return found(rows, PERSON, problem, want="同一时间只在一处", fen=pl.col(FEN))


@check("JY504", about=tier)
def home_by_another_name(book: Book) -> pl.DataFrame:
    """The county of work is that of home under the name that it had before, or has since: 潞城市 is 潞城区."""
    work, home = (_of_today(pl.col(name)) for name in ("务工县", "户籍县"))
    rows = book.claims(tier).filter(pl.col("务工省") == pl.col("户籍省"), pl.col("务工县") != pl.col("户籍县"))
    beside = pl.all_horizontal(pl.col(name).is_in(list(counties())) for name in ("务工县", "户籍县"))  # 和田县, 和田市
    rows = rows.filter(work == home, ~beside)
    problem = said("务工县“", pl.col("务工县"), "”与户籍县“", pl.col("户籍县"), "”像是同一个县，撤县改区（市）前后的名称")
    return found(rows, "务工县", problem, want="在户籍县以外务工", level=DOUBT, fen=pl.col(FEN))


def _of_today(name: pl.Expr) -> pl.Expr:
    """A county without its kind, by the name that it has today."""
    return name.replace(RENAMED).str.replace(r"(?:县|区|市|旗|自治县)$", "")
