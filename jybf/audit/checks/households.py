"""One person, one number; one household, one head: what the rows of a person or of a household say of each other."""

import polars as pl

from jybf.audit.book import Book
from jybf.audit.checks.identity import SEX
from jybf.audit.registry import check
from jybf.audit.wording import either, found, said, stack
from jybf.model import ROW, SHEET, Program
from jybf.roster import fold_name
from jybf.vocabulary.keys import SHORT

HOME, NAME, THERE, PLACE = "_家", "_名", "_那", "先"
HEADS, ONESELF = ("户主", "户主本人"), ("本人", "本人或户主")
SELF = (*HEADS, *ONESELF)
SPOUSE = ("配偶", "爱人")
COUPLE = (*SPOUSE, "夫", "丈夫", "老公", "妻", "妻子", "老婆")
# Only words that say a sex: 外孙 or 兄弟姐妹 may be either, and 弟妹 is a brother's wife here, both of them there.
MEN = frozenset([
    "夫", "丈夫", "老公", "子", "儿子", "儿", "长子", "次子", "三子", "四子", "五子", "养子", "继子", "独生子", "女婿",
    "孙女婿", "父亲", "父", "继父", "养父", "岳父", "公公", "祖父", "爷爷", "外祖父", "外公", "姥爷", "孙子", "长孙",
    "外孙子", "曾孙子", "兄", "弟", "哥哥", "弟弟", "哥", "侄子", "侄儿", "外甥子", "伯父", "叔父", "叔叔",
])  # fmt: skip
WOMEN = frozenset([
    "妻", "妻子", "老婆", "女", "女儿", "长女", "次女", "二女", "三女", "四女", "五女", "养女", "继女", "独生女", "儿媳",
    "儿媳妇", "媳妇", "孙媳", "孙媳妇", "母亲", "母", "继母", "养母", "岳母", "婆婆", "祖母", "奶奶", "外祖母", "外婆",
    "姥姥", "孙女", "外孙女", "曾孙女", "姐", "妹", "姐姐", "妹妹", "嫂子", "弟媳", "侄女", "外甥女", "伯母", "婶婶",
])  # fmt: skip
IN_HOUSE = pl.col("与户主关系").str.replace_all(r"\s|[（(].*$", "").str.replace("^(户主)?之|^户主的", "")  # 户主之长子 → 长子


def to_people(program: Program) -> bool:
    """Paid to persons and households, whose rosters say who belongs together."""
    return program.payee in {"个人", "户"}


def home() -> pl.Expr:
    """The household by a number; null where only a name says which it is: two heads of one village may share a name."""
    number = pl.col("户编号")
    within = [pl.col(SHEET).cast(pl.String), pl.col("乡镇").fill_null(""), pl.col("行政村").fill_null("")]
    local = pl.concat_str([*within, number], separator="|")
    return pl.coalesce(pl.when(number.str.len_chars() < SHORT).then(local).otherwise(number), "户主身份证号")


def conflicting(book: Book, rows: pl.DataFrame, key: tuple[str, ...], value: str) -> pl.DataFrame:
    """Those of ``rows`` (by ``_row``, ``value`` known) with whose ``key`` another ``value`` stands elsewhere too.

    ``先``: where the first such row is, in words; ``_那``: its ``_row``. Rows of the history only serve as that other row.
    """
    known = rows.select(*key, value).drop_nulls().filter(pl.col(key[0]).is_duplicated())
    several = known.group_by(key).agg((pl.col(value).min() != pl.col(value).max()).alias("_异")).filter("_异")
    # nearly all have one value, and windows are slow over many groups
    rows = rows.join(several, on=key, how="semi").filter(pl.col(value).is_not_null()).sort(ROW)
    differs = pl.col(value) != pl.col(value).first().over(key)
    second = pl.when(differs).then(ROW).min().over(key)
    there = pl.when(differs).then(pl.col(ROW).first().over(key)).otherwise(second)
    rows = rows.with_columns(there.alias(THERE)).filter(pl.col(THERE).is_not_null(), pl.col(ROW) >= 0)
    return rows.with_columns(book.where(rows[THERE]).alias(PLACE))


@check("JY110", needs=("与户主关系",), about=to_people)
def relation_contradicts_sex(book: Book) -> pl.DataFrame:
    """By the number, else as filled in; where these two contradict each other JY106 says so."""
    columns = (ROW, SHEET, "乡镇", "行政村", "姓名", "身份证号", "户编号", "户主姓名", "户主身份证号", "与户主关系")
    rows = book.rows.select(*columns, _sex().alias("_性"), IN_HOUSE.alias("_系"))
    wrong = (
        pl.when(pl.col("_系").is_in(MEN))
        .then(pl.col("_性") == "女")
        .when(pl.col("_系").is_in(WOMEN))
        .then(pl.col("_性") == "男")
    )
    told = rows.filter(wrong)
    problem = said("与户主关系是“", pl.col("与户主关系"), "”，性别却是", pl.col("_性"))
    married = _married(rows).join(told, on=ROW, how="anti", maintain_order="left")
    return stack(
        found(told, "与户主关系", problem),
        found(
            married,
            "与户主关系",
            said("与户主都是", pl.col("_性"), "，户主见", book.where(married[THERE])),
            want="户主与配偶一男一女",
        ),
    )


def _sex() -> pl.Expr:
    of_id = pl.when(SEX == 1).then(pl.lit("男")).when(SEX == 0).then(pl.lit("女"))
    agreed = pl.coalesce(of_id == pl.col("性别"), pl.lit(value=True))
    return pl.when(agreed).then(pl.coalesce(of_id, "性别"))


def _married(rows: pl.DataFrame) -> pl.DataFrame:
    """Spouses whose household has one head of their own sex; without a number, its head's name and village tell it."""
    village = [pl.col(SHEET).cast(pl.String), *(pl.col(name).fill_null("") for name in ("乡镇", "行政村"))]
    named = pl.concat_str([*village, fold_name(pl.col("户主姓名"))], separator="|")
    rows = rows.with_columns(pl.coalesce(home(), named).alias(HOME)).filter(pl.col(HOME).is_not_null())
    heads = _heads(rows).filter(pl.len().over(HOME) == 1)
    heads = heads.select(HOME, pl.col("_性").alias("_主性"), pl.col(ROW).alias(THERE))
    spouses = rows.filter(pl.col("_系").is_in(COUPLE)).join(heads, on=HOME, maintain_order="left")
    return spouses.filter(pl.col("_性") == pl.col("_主性"))


def _heads(rows: pl.DataFrame) -> pl.DataFrame:
    """The heads among ``rows`` (with ``_系`` and their household): who says so, else who is 本人 where that means the head."""
    stated = pl.col("_系").is_in(HEADS)
    another = (fold_name(pl.col("姓名")) != fold_name(pl.col("户主姓名"))).fill_null(value=False)
    oneself = ~another & ~pl.col(HOME).is_in(rows.filter(stated)[HOME].implode())
    by_head = rows.select(ROW, SHEET).join(_of_heads(rows), on=SHEET, how="semi").select(ROW)
    selves = rows.filter(pl.col("_系").is_in(ONESELF)).filter(oneself).join(by_head, on=ROW, how="semi")
    return pl.concat([rows.filter(stated), selves]).sort(ROW)


def _of_heads(rows: pl.DataFrame) -> pl.DataFrame:
    """The sheets whose relations are those to the head: households where 本人 has others beside it are not outnumbered.

    Where a column tells who the payee is, every member of a household is 本人.
    """
    oneself = pl.col("_系").is_in(ONESELF)
    homes = rows.filter(pl.col("_系").is_not_null(), pl.col(HOME).is_not_null()).group_by(SHEET, HOME)
    told = homes.agg(
        (oneself.any() & ~oneself.all()).alias("_混"), (oneself.all() & (pl.col("身份证号").n_unique() > 1)).alias("_纯")
    )
    sums = told.group_by(SHEET).agg(pl.col("_混").sum(), pl.col("_纯").sum())
    return sums.filter(pl.col("_混") > 0, pl.col("_混") >= pl.col("_纯")).select(SHEET)


@check("JY110", needs=("与户主关系",), about=to_people)
def head_is_somebody_else(book: Book) -> pl.DataFrame:
    """A row that calls itself the head beside another head's name, and the head's own row that calls itself something else."""
    rows = book.rows.with_columns(IN_HOUSE.alias("_系"))
    own, head = fold_name(pl.col("姓名")), fold_name(pl.col("户主姓名"))
    number = pl.col("身份证号") == pl.col("户主身份证号")
    false = rows.filter(pl.col("_系").is_in(HEADS)).filter(own != head, ~number.fill_null(value=False))
    hidden = rows.filter(number).filter(own == head, pl.col("_系").is_in([*MEN, *WOMEN, *SPOUSE]))
    return stack(
        found(false, "与户主关系", said("填的是户主，户主姓名却写“", pl.col("户主姓名"), "”")),
        found(hidden, "与户主关系", "姓名、证号都与户主相同，关系却不是户主", want=HEADS[0]),
    )


@check("JY110", needs=("与户主关系", ("户编号", "户主身份证号")), about=to_people)
def household_without_one_head(book: Book) -> pl.DataFrame:
    """Two heads of one household; none, only where every member that 家庭人口 counts is on the roster."""
    rows = book.rows.with_columns(IN_HOUSE.alias("_系"), home().alias(HOME))
    two = conflicting(book, _heads(rows), (HOME,), "身份证号")
    headless = ~pl.col("_系").is_in(SELF).any().over(HOME)
    none = rows.filter(pl.col(HOME).is_not_null()).filter(_whole() & headless).unique(HOME, keep="first", maintain_order=True)
    told = said("这一户 ", pl.col("家庭人口"), " 口人都在表上，没有一个是户主")
    other = either(pl.col("_系").is_in(HEADS), "同一户另有一个户主，见", "同一户另有一个人也填“本人”，见")
    return stack(
        found(two, "与户主关系", said(other, pl.col(PLACE)), want="一户一名户主"),
        found(none, "与户主关系", told, want="一户一名户主"),
    )


def _whole() -> pl.Expr:
    """Whether all members of the household are on the roster, each with a number and a relation."""
    known = (pl.col("身份证号").is_not_null() & pl.col("_系").is_not_null()).all().over(HOME)
    return known & (pl.col("身份证号").n_unique().over(HOME) == pl.col("家庭人口").max().over(HOME))
