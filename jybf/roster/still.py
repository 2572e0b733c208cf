"""Work that had not ended when the form was filled in: 至今 is until that day, where the sheet states it."""

from collections.abc import Mapping

import polars as pl

from jybf.model import ROW, last
from jybf.vocabulary.values.dates import STILL

FILLED_IN = "填报日期"
_ENDS = ("务工结束日期", "就业结束日期", "社保结束日期", "训练结束日期")


def until_filled_in(values: Mapping[str, pl.Series], problems: pl.DataFrame) -> tuple[dict[str, pl.Series], pl.DataFrame]:
    """The columns of ends with the day of filling in where they say 至今, and the ``problems`` that are left.

    A day of filling in that is known to the month only, or lies before the work began, ends nothing.
    """
    still = problems.filter(pl.col("字段").is_in(_ENDS) & (pl.col("原因") == STILL.reason))
    if still.is_empty() or FILLED_IN not in values or last(FILLED_IN) not in values:
        return {}, problems
    told: dict[str, pl.Series] = {}
    for name in still["字段"].unique():
        said = still.filter(pl.col("字段") == name)[ROW]
        day, start = values[FILLED_IN], values.get(name.replace("结束", "开始"))
        sure = (day == values[last(FILLED_IN)]) & ((day >= start).fill_null(value=True) if start is not None else True)
        ends = pl.Series([False]).new_from_index(0, day.len()).scatter(said, values=True) & sure.fill_null(value=False)
        told |= {column: day.zip_with(ends, values[column]).alias(column) for column in (name, last(name))}
        ended = pl.col(ROW).is_in(ends.arg_true().cast(pl.Int64).implode()) & (pl.col("字段") == name)
        problems = problems.filter(~ended)
    return told, problems
