"""The time that a row is paid for, as far as it says: from the first possible to the last possible day."""

import polars as pl

from jybf.audit.book import DAY
from jybf.model import last

SINCE, UNTIL = "_自", "_至"
# The nearest to the money first: the period paid for, then the time trained, worked, employed.
SPANS = (
    ("所属期", "所属期"), ("训练开始日期", "训练结束日期"), ("计息开始日期", "计息结束日期"),
    ("培训开始日期", "培训结束日期"), ("务工开始日期", "务工结束日期"), ("就业开始日期", "就业结束日期"),
    ("上岗日期", "退岗日期"), ("合同开始日期", "合同结束日期"),
)  # fmt: skip


def spanned(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``_自`` and ``_至`` (Date): the first and last possible day of what is paid for.

    Taken from the first pair of dates that is known at both ends, else from the first start that is known to the day that
    governs, else that day; null where nothing is said.
    """
    since, until = pl.min_horizontal(DAY, pl.coalesce(*(start for start, _ in SPANS))), pl.col(last(DAY))
    for start, end in reversed(SPANS):
        both = pl.col(start).is_not_null() & pl.col(end).is_not_null()
        since = pl.when(both).then(start).otherwise(since)
        until = pl.when(both).then(last(end)).otherwise(until)
    return rows.with_columns(since.alias(SINCE), until.alias(UNTIL))
