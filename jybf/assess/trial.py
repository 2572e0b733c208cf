"""What other sums, or another law, would change: two assessments of one roster side by side. Never a result."""

from collections.abc import Iterator, Sequence

import msgspec
import polars as pl

from jybf.assess.describe import described
from jybf.model import INCOMPLETE, LINE, PAID, RESULTS, ROW, UNDETERMINED, Amount, Pack, Roster, Verdicts
from jybf.vocabulary.amounts import kind_of

GAIN, LOSS, MORE, LESS, OTHER, HOPE = "新得", "不再得", "多得", "少得", "结果变了", "最多变了"
CHANGES = (GAIN, MORE, LESS, LOSS, OTHER, HOPE)
ROWS = (
    "文件",
    "工作表",
    LINE,
    "姓名",
    "身份证号",
    "单位",
    "补贴项目",
    "变化",
    "原结果",
    "新结果",
    "原金额",
    "新金额",
    "增减",
    "原待补金额",
    "新待补金额",
    "说明",
)
GROUPS = (
    "维度", "名称", "原人数", "新人数", "原金额", "新金额", "增减", "多得人数", "多得金额", "少得人数", "少得金额",
    "顶格人数", "顶格可增", "原待补金额", "新待补金额", "原最多", "新最多", "原待定标准", "新待定标准",
)  # fmt: skip
SUMS = ("原金额", "新金额", "增减", "多得金额", "少得金额", "顶格可增", "原待补金额", "新待补金额", "原最多", "新最多")  # in 分
WHOLE = "合计"
_BY = ("补贴项目", "乡镇", "人员类别")
_UNSAID = "（没有写）"
_ORIGIN = ("文件", "工作表", LINE, "姓名", "身份证号", "单位")


class Trial(msgspec.Struct, frozen=True):
    """``groups``: GROUPS, 合计 first, then a line a programme, township, category; ``rows``: ROWS, the verdicts that change.

    人数 are the persons (employers, where none is named) that are paid, 金额 what is certain, 待补 what missing facts hold back
    as far as a sum is set; 顶格: who claimed all that the ceiling let, and might claim more under a higher one, as far as
    what the row says was spent goes; 最多 all of these. 待定标准 counts the rows for which no sum is set. SUMS are Int64 分.
    """

    groups: pl.DataFrame
    rows: pl.DataFrame


def compared(before: Verdicts, after: Verdicts, roster: Roster) -> Trial:
    """What of the verdicts ``before`` comes out otherwise ``after``, of the same ``roster``."""
    sides = [_side(verdicts, roster).select(pl.all().name.prefix(mark)) for verdicts, mark in ((before, "原"), (after, "新"))]
    keys = [ROW, "补贴项目"]
    both = sides[0].join(sides[1], left_on=[f"原{key}" for key in keys], right_on=[f"新{key}" for key in keys], how="full")
    told = both.select(
        *(pl.coalesce(f"原{name}", f"新{name}").alias(name) for name in (*keys, *_ORIGIN, "乡镇", "人员类别")),
        *(pl.col(f"{mark}结果").fill_null("") for mark in "原新"),
        *(pl.col(f"{mark}核定金额").alias(f"{mark}金额") for mark in "原新"),
        *(pl.col(f"{mark}{name}") for mark in "原新" for name in ("待补金额", "顶")),
        "新花费",
        pl.coalesce("新说明", "原说明").alias("说明"),
    ).sort(keys, maintain_order=True)
    told = told.with_columns((_sum("新") - _sum("原")).alias("增减")).with_columns(
        _change().alias("变化"), _room().alias("可增")
    )
    groups = pl.concat([_figures(told, WHOLE, ()), *(_figures(told, name, (name,)) for name in _BY)])
    return Trial(groups, told.filter(pl.col("变化") != "").select(ROWS))


def _side(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """The verdicts in words, with 待补金额, the ceiling (顶), what was spent (花费), township and category of each row."""
    ids = pl.Series([program.id for program in verdicts.pack.programs], dtype=pl.String)
    ceilings = [pl.when(here).then(amount.fen if kind_of(amount).ceiling else None) for here, amount in _amounts(verdicts.pack)]
    rate = verdicts.rows.select(pl.coalesce(*ceilings, pl.lit(None, pl.Int64)).alias("顶"))["顶"]
    top = rate * verdicts.rows["数量"].fill_null(1)
    held = pl.when(pl.col("结果") == RESULTS.index(INCOMPLETE)).then("可望").alias("待补金额")
    sums = verdicts.rows.select(
        ROW, held, _spent(verdicts), ids.gather(verdicts.rows["项目"]).alias("补贴项目"), top.alias("顶")
    )
    facts = [name if name in verdicts.known.columns else pl.lit(None, pl.String).alias(name) for name in ("乡镇", "人员类别")]
    told = described(verdicts, roster).select(ROW, *_ORIGIN, "补贴项目", "结果", "核定金额", "说明")
    return told.join(sums, on=[ROW, "补贴项目"], how="left").join(verdicts.known.select(ROW, *facts), on=ROW, how="left")


def _spent(verdicts: Verdicts) -> pl.Series:
    """花费: the least that each row says was spent (null: it doesn't say), of a row that is granted fewer units its share."""
    rows = verdicts.rows.join(verdicts.known, on=ROW, how="left", maintain_order="left")
    bounds = [
        pl.when(here).then(pl.min_horizontal(pl.col(name).cast(pl.Int64) for name in names))
        for here, amount in _amounts(verdicts.pack)
        if (names := [name for name in amount.spent if name in rows.columns])
    ]
    spent = pl.coalesce(*bounds, pl.lit(None, pl.Int64))
    fewer = pl.col("数量") < pl.col("申报数量")
    share = pl.when(fewer).then(spent * pl.col("数量") // pl.col("申报数量")).otherwise(spent)
    return rows.select(share.alias("花费")).to_series()


def _amounts(pack: Pack) -> Iterator[tuple[pl.Expr, Amount]]:
    """Which verdicts a version of a programme is in force for, and its amount."""
    for index, program in enumerate(pack.programs):
        for version in range(len(program.versions) or 1):
            yield (pl.col("项目") == index) & (pl.col("版").fill_null(0) == version), program.at(version).amount


def _sum(mark: str) -> pl.Expr:
    return pl.col(f"{mark}金额").fill_null(0)


def _room() -> pl.Expr:
    """What a row that claimed up to the ceiling, and no more, may yet claim under the new one, never more than was spent."""
    bound = (pl.col("原金额") == pl.col("原顶")) & (pl.col("新金额") == pl.col("原金额"))
    most = pl.min_horizontal("新顶", "新花费")  # of those that are known
    return pl.when(bound & (most > pl.col("原顶"))).then(most - pl.col("原顶")).otherwise(0)


def _change() -> pl.Expr:
    paid = [pl.col(f"{mark}结果") == PAID for mark in "原新"]
    more = pl.col("增减")
    hope = pl.col("原待补金额").fill_null(0) != pl.col("新待补金额").fill_null(0)
    return (
        pl.when(~paid[0] & paid[1]).then(pl.lit(GAIN)).when(paid[0] & ~paid[1]).then(pl.lit(LOSS))
        .when(more > 0).then(pl.lit(MORE)).when(more < 0).then(pl.lit(LESS))
        .when(pl.col("原结果") != pl.col("新结果")).then(pl.lit(OTHER))
        .when(hope & (pl.col("新结果") == INCOMPLETE)).then(pl.lit(HOPE)).otherwise(pl.lit(""))
    )  # fmt: skip


def _figures(told: pl.DataFrame, dimension: str, by: Sequence[str]) -> pl.DataFrame:
    """GROUPS of the rows ``by`` one column, or of all of them."""
    label = pl.col(by[0]).fill_null("").replace("", _UNSAID) if by else pl.lit(WHOLE)
    named = told.with_columns(label.alias("名称"), pl.lit(dimension).alias("维度"))
    figures = named.group_by("维度", "名称").agg(
        *_sides(), *_changed("多得", pl.col("增减") > 0), *_changed("少得", pl.col("增减") < 0)
    )
    room = {"原": pl.lit(0), "新": pl.col("顶格可增")}
    sums = [(pl.col(f"{mark}金额") + pl.col(f"{mark}待补金额") + more).alias(f"{mark}最多") for mark, more in room.items()]
    return figures.with_columns(*sums, (pl.col("新金额") - pl.col("原金额")).alias("增减")).select(GROUPS).sort("名称")


def _sides() -> Iterator[pl.Expr]:
    for mark in "原新":
        result = pl.col(f"{mark}结果")
        yield _who().filter(result == PAID).n_unique().cast(pl.Int64).alias(f"{mark}人数")
        yield _sum(mark).sum().alias(f"{mark}金额")
        yield pl.col(f"{mark}待补金额").sum()
        yield (result == UNDETERMINED).sum().cast(pl.Int64).alias(f"{mark}待定标准")
    yield _who().filter(pl.col("可增") > 0).n_unique().cast(pl.Int64).alias("顶格人数")
    yield pl.col("可增").sum().alias("顶格可增")


def _changed(word: str, which: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    return (
        _who().filter(which).n_unique().cast(pl.Int64).alias(f"{word}人数"),
        pl.col("增减").filter(which).sum().abs().alias(f"{word}金额"),
    )


def _who() -> pl.Expr:
    """The person, else the employer, else the row itself."""
    named = [pl.when(pl.col(name) != "").then(name) for name in ("身份证号", "单位")]
    return pl.coalesce(*named, pl.format("#{}", ROW))
