"""Every row of the roster on one line: where it stands, who it is, under which heading it falls, and what it claims."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book
from jybf.model import LINE, ROW, SHEET
from jybf.vocabulary.roles import EMPLOYER

CLAIMING, CLAIMED = "申领", "申领金额"
NAMED = pl.coalesce(*EMPLOYER, "单位").alias("单位")


def roll(book: Book) -> pl.DataFrame:
    """One line a row, in reading order: ``_row``, 文件, 工作表, 行号, 姓名 (else the employer), 身份证号, 乡镇, 单位, 补贴项目,
    申领 (Boolean: does it claim money) and 申领金额 (Int64, 分; null where no sum is stated or nobody can read it).

    Texts are "" where unsaid. A row of several programmes has them all in 补贴项目, as findings on it do.
    """  # noqa: D205  the columns are the summary
    sheets = [(sheet.index, sheet.file, sheet.name) for sheet in book.roster.sheets]
    places = pl.DataFrame(sheets, {SHEET: pl.Int64, "文件": pl.String, "工作表": pl.String}, orient="row")
    rows = book.rows.select(
        ROW, pl.col(SHEET, LINE).cast(pl.Int64), pl.coalesce("姓名", "单位名称").alias("姓名"), "身份证号", "乡镇",
        NAMED, pl.col(CLAIMS).alias(CLAIMING),
        pl.when(CLAIMS).then(FEN).alias(CLAIMED),
    )  # fmt: skip
    whole = rows.join(places, on=SHEET, how="left").join(programs(book), on=ROW, how="left").sort(ROW)
    order = (ROW, "文件", "工作表", LINE, "姓名", "身份证号", "乡镇", "单位", "补贴项目", CLAIMING, CLAIMED)
    return whole.select(order).with_columns(pl.col(pl.String).fill_null(""))


def programs(book: Book) -> pl.DataFrame:
    """``_row`` and 补贴项目: the programmes of each row that has any, joined with 、."""
    several = pl.col(ROW).is_duplicated()  # few are, and to join the others' names takes longer than all the rest
    names = book.members.select(ROW, book.named().alias("补贴项目"), several.alias("_几项"))
    joined = names.filter("_几项").group_by(ROW, maintain_order=True).agg(pl.col("补贴项目").str.join("、"))
    return pl.concat([names.filter(~pl.col("_几项")).select(joined.columns), joined])
