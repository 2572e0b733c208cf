"""Persons against lists: who has died, is in prison, is paid by the treasury, draws a pension. A hit alone is a doubt."""

from __future__ import annotations

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book, theirs
from jybf.audit.registry import check
from jybf.audit.spans import SINCE, UNTIL, spanned
from jybf.audit.words import either, found, said
from jybf.model import DOUBT, ROW, last


@check("JY203", needs=("身份证号",), lists=("死亡",))
def paid_to_the_dead(book: Book) -> pl.DataFrame:
    """Dead before the first day that is paid for is certain; without a day, or within the time, it is a doubt."""
    rows = book.hits("死亡", rows=spanned(book.rows).filter(CLAIMS))
    died = theirs("死亡日期")
    rows = rows.filter(pl.col(died).is_null() | (pl.col(died) <= pl.col(UNTIL))).unique(ROW, keep="first", maintain_order=True)
    surely = (pl.col(theirs(last("死亡日期"))) < pl.col(SINCE)).fill_null(value=False)
    when = either(pl.col(died).is_null(), "没有写死亡日期", said("死亡日期 ", pl.col(died)))
    problem = said(f"在{book.drawn('死亡')}上，", when, "，见", pl.col("_处"), either(surely, "", "；与补贴期间的先后须核实"))
    want = said("死亡之后不发；补贴期间从 ", pl.col(SINCE), " 起")
    return found(rows, "身份证号", problem, want=want, level=either(surely, "", DOUBT), fen=pl.col(FEN))
