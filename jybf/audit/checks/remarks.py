"""What somebody wrote beside a row that may mean that nobody is to be paid for it."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book
from jybf.audit.registry import check
from jybf.audit.wording import found, said, stack
from jybf.model import ROW
from jybf.roster.remarks import STRUCK_OUT, WRITTEN_IN

DENIED = "[不未无没非]"  # 未重复享受 says the contrary
STRUCK = rf"(?:^|{DENIED.replace('[', '[^')})({'|'.join(STRUCK_OUT)})"


@check("JY904", needs=(WRITTEN_IN,))
def struck_out(book: Book) -> pl.DataFrame:
    """Rows that claim, and are marked as void or as a dead person's: they were read and judged as if they were not."""
    written = [name for name in WRITTEN_IN if book.has(name)]
    rows = book.rows.filter(CLAIMS).select(ROW, FEN, *written)
    return stack(*(_marked(rows, name) for name in written))


def _marked(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    word = pl.col(name).cast(pl.String).str.extract(STRUCK)
    problem = said("“", name, "”里写着“", pl.col("_词"), "”，却照样申领")
    return found(rows.with_columns(word.alias("_词")).filter(pl.col("_词").is_not_null()), name, problem, fen=pl.col(FEN))
