"""放行小计: what the pay list comes to, by programme, township, village and payee."""

from collections.abc import Sequence

import polars as pl

from jybf.audit.statistics import UNSAID, WHOLE

SUBTOTAL_COLUMNS = ("按", "名称", "账号", "人数", "笔数", "本次可发")  # the last three Int64, 分 the last; the rest text
HEADINGS = ("补贴项目", "乡镇", "行政村", "收款人")


def subtotals(pay: pl.DataFrame, headings: Sequence[str] = HEADINGS) -> pl.DataFrame:
    """SUBTOTAL_COLUMNS of a pay list's lines with a 本次可发: each of ``headings`` in turn, its largest sum first, then WHOLE.

    A village goes with its township, a payee with the account: an employer's workers stand under the employer's account.
    People are counted by their numbers, a line without one by itself.
    """
    person = pl.when(pl.col("身份证号") != "").then("身份证号").otherwise(pl.format("#{}", pl.int_range(pl.len())))
    paid = pay.filter(pl.col("本次可发").is_not_null()).with_columns(person.alias("_人"))
    village = pl.concat_str(pl.col("乡镇", "行政村").replace("", None), separator=" ", ignore_nulls=True)
    paid = paid.with_columns(village.alias("行政村"), pl.lit(WHOLE).alias(WHOLE))
    return pl.concat([_by(paid, heading) for heading in (*headings, WHOLE)])


def _by(paid: pl.DataFrame, heading: str) -> pl.DataFrame:
    account = pl.col("账号") if heading == "收款人" else pl.lit("").alias("账号")
    name = pl.when(pl.col(heading) != "").then(heading).otherwise(pl.lit(UNSAID)).alias("名称")
    sums = pl.col("_人").n_unique().cast(pl.Int64).alias("人数"), pl.len().cast(pl.Int64).alias("笔数"), pl.sum("本次可发")
    parts = paid.group_by(name, account).agg(sums).sort("本次可发", "名称", "账号", descending=[True, False, False])
    return parts.select(pl.lit(heading).alias("按"), *SUBTOTAL_COLUMNS[1:])
