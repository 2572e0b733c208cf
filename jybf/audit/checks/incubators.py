"""Bases that are paid by the businesses they house, held against their ledger: each business counts once, however written."""

import polars as pl

from jybf.audit.book import FEN, PLACE, Book
from jybf.audit.registry import check
from jybf.audit.wording import either, found, said
from jybf.model import DOUBT, HINT, ROW, Program
from jybf.roster import fold_name

LEDGER, HOUSED, CODE = "入驻台账", "入驻实体数", "统一社会信用代码"
ENTITY, NAMED = "创业实体", "单位名称"
_A_CODE = "^[0-9A-Za-z]{18}$"
_MOST = 5  # places that are named


def houses(program: Program) -> bool:
    return program.amount.pays and HOUSED in program.columns


@check("JY417", needs=(HOUSED,), about=houses, lists=(LEDGER,), listed=((CODE, ENTITY, NAMED),))
def fewer_than_stated(book: Book) -> pl.DataFrame:
    """A number of businesses that the ledger does not bear out, or that it has some of twice: by code here, by name there."""
    rows = book.claims(houses).with_columns(fold_name(pl.col(NAMED)).alias("_基"))
    entities = _entities(book.listed(LEDGER))
    if entities["_基"].null_count() and rows["单位"].n_unique() > 1:
        return found(rows, HOUSED, f"{book.drawn(LEDGER)}没有写明是哪个基地的，没有比对", level=HINT, fen=pl.col(FEN))
    whose = ["_基"] if not entities["_基"].null_count() else []
    each = entities.group_by(*whose, "_体", maintain_order=True).agg(pl.col(PLACE))
    twice = pl.col(PLACE).list.len() > 1
    shown = pl.col(PLACE).filter(twice).list.join("与").head(_MOST).str.join("；")
    counted = (each.group_by(whose) if whose else each.group_by(pl.lit(0).alias("_"))).agg(
        pl.len().cast(pl.Int64).alias("_数"), shown.alias("_重")
    )
    told = rows.join(counted, on="_基", how="left") if whose else rows.join(counted.drop("_"), how="cross")
    told = told.with_columns(pl.col("_数").fill_null(0), pl.col("_重").fill_null("")).sort(ROW)
    few = pl.col(HOUSED) > pl.col("_数")
    told = told.filter(few | (pl.col("_重") != ""))
    again = either(pl.col("_重") != "", said("，同一家写了几次的只算一家：", pl.col("_重")), "")
    problem = said(f"在{book.drawn(LEDGER)}上有 ", pl.col("_数"), " 家", again)
    level = either(pl.col(HOUSED) > pl.col("_数"), DOUBT, HINT)
    return found(told, HOUSED, problem, want=said("不超过 ", pl.col("_数")), level=level, fen=pl.col(FEN))


def _entities(listed: pl.DataFrame) -> pl.DataFrame:
    """Each line of the ledger: ``_基`` its base (null: it names none), ``_体`` the business, and where it stands.

    A name is of the code that stands beside it anywhere in the ledger.
    """
    own = listed[ENTITY].null_count() < listed.height
    name, base = (pl.col(ENTITY), fold_name(pl.col(NAMED))) if own else (pl.col(NAMED), pl.lit(None, pl.String))
    is_code = name.str.contains(_A_CODE).fill_null(value=False)
    code = pl.coalesce(CODE, pl.when(is_code).then(name.str.to_uppercase()))
    lines = listed.select(PLACE, base.alias("_基"), code.alias("_码"), pl.when(~is_code).then(fold_name(name)).alias("_名"))
    known = (
        lines.drop_nulls(["_码", "_名"])
        .unique("_名", keep="first", maintain_order=True)
        .select("_名", pl.col("_码").alias("_其"))
    )
    told = lines.join(known, on="_名", how="left", maintain_order="left")
    return told.select("_基", PLACE, pl.coalesce("_码", "_其", "_名").alias("_体")).drop_nulls("_体")
