"""What is to be paid against what was approved: each person, each sum, each account, in both directions."""

import polars as pl
from msgspec.structs import replace

from jybf.assess import assess, named
from jybf.audit.book import CLAIMS, COLUMN, FEN, PLACE, Book
from jybf.audit.registry import check
from jybf.audit.wording import CELL, NUMBER, either, found, said, stack
from jybf.model import DOUBT, LINE, ROW, SHEET, last
from jybf.roster import cell, fold_name
from jybf.vocabulary.yuan import yuan

LIST, PERSON, ACCOUNT = "审批表", "身份证号", "银行账号"
PERIOD = ("所属期", last("所属期"))
# What was approved is what the last stage before the payment says; a post may be paid in two columns.
APPROVED = ("核定金额", "发放金额", "申请金额", "申报金额", "贴息金额")
SUM, LIST_SUM, TIMES, LIST_TIMES = "_应", "_批", "_笔", "_批笔"
DIGITS = r"[^0-9A-Za-z]"


@check("JY607", needs=(PERSON,), lists=(LIST,))
def differs_from_the_approval(book: Book) -> pl.DataFrame:
    """By person, and by period where every row on both sides states one: sums, accounts, names, and who was added or left out.

    A sum that some row leaves unsaid or that can't be read is not compared; rows without a number that can be read can't be.
    """
    rows, listed = book.rows.filter(pl.col(PERSON).is_not_null()), _listed(book)
    key = [PERSON, *PERIOD] if all(frame["所属期"].null_count() == 0 for frame in (rows, listed)) else [PERSON]
    if len(key) > 1:
        listed = listed.join(rows, on=list(PERIOD), how="semi", maintain_order="left")
    mine, approved = _summed(rows, pl.col(FEN), key, SUM, TIMES), _summed(listed, _approved(), key, LIST_SUM, LIST_TIMES)
    both = rows.join(mine, on=key, maintain_order="left").join(approved, on=key, maintain_order="left")
    return stack(
        _sums(both, key),
        _accounts(book, both),
        _names(book, both),
        _added(book, rows.join(approved, on=key, how="anti", maintain_order="left")),
        _left_out(
            book, listed.join(mine, on=key, how="anti", maintain_order="left").unique(key, keep="first", maintain_order=True)
        ),
    )


def _listed(book: Book) -> pl.DataFrame:
    """The rows of the list that name a person, but for those that are surely about other programmes than the roster's.

    What only the columns suggest is not sure: an approval has columns of every programme that it may be used for.
    """
    listing, listed = book.lists[LIST], book.listed(LIST)
    numbered = listing.roster.rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    judged = assess(replace(listing.roster, rows=numbered), book.pack, as_of=book.verdicts.as_of)
    about = pl.concat([frame.select(ROW, "项目") for frame in (judged.rows, judged.merged)])
    own = pl.concat([frame.select("项目") for frame in (book.verdicts.rows, book.verdicts.merged)]).unique()
    others = about.join(about.join(own, on="项目", how="semi"), on=ROW, how="anti")
    others = others.join(numbered.filter(named(listing.roster, book.pack)), on=ROW, how="semi")
    listed = listed.with_columns(numbered[ROW]) if own.height else listed
    return listed.join(others, on=ROW, how="anti", maintain_order="left").filter(pl.col(PERSON).is_not_null())


def _approved() -> pl.Expr:
    posts = pl.sum_horizontal("岗位补贴", "社保补贴", ignore_nulls=True)
    paid = pl.any_horizontal(pl.col("岗位补贴", "社保补贴").is_not_null())
    return pl.coalesce(*APPROVED, pl.when(paid).then(posts))


def _summed(rows: pl.DataFrame, fen: pl.Expr, key: list[str], sum_: str, times: str) -> pl.DataFrame:
    """By ``key``: the sum (null if any part is unknown), how many rows, the accounts and names, and where the first stands."""
    whole = pl.when(fen.null_count() == 0).then(fen.sum())
    name, account = fold_name(pl.col("姓名")), pl.col(ACCOUNT).str.replace_all(DIGITS, "")
    place = [pl.col(PLACE).first()] if PLACE in rows.columns else []
    sets = [] if sum_ == SUM else [account.drop_nulls().unique().alias("_账"), name.drop_nulls().unique().alias("_名")]
    return rows.group_by(key, maintain_order=True).agg(whole.alias(sum_), pl.len().alias(times), *sets, *place)


def _sums(both: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Once a person, on the first row that states a sum. Less than was approved may be a first instalment, hence a doubt."""
    wrong = both.filter(pl.col(SUM) != pl.col(LIST_SUM)).unique(key, keep="first", maintain_order=True)
    here, there = (_times(times, sum_) for times, sum_ in ((TIMES, SUM), (LIST_TIMES, LIST_SUM)))
    problem = said("审批表批了", there, "，这里要发", here, "，见", pl.col(PLACE))
    fen = (pl.col(SUM) - pl.col(LIST_SUM)).abs()
    level = either(pl.col(SUM) < pl.col(LIST_SUM), DOUBT)
    return found(wrong, pl.col(COLUMN), problem, now=yuan(pl.col(SUM)), want=yuan(pl.col(LIST_SUM)), level=level, fen=fen)


def _times(times: str, sum_: str) -> pl.Expr:
    return said(either(pl.col(times) > 1, said(" ", pl.col(times), " 笔共")), " ", yuan(pl.col(sum_)), " 元")


def _accounts(book: Book, both: pl.DataFrame) -> pl.DataFrame:
    own = pl.col(ACCOUNT).str.replace_all(DIGITS, "")
    wrong = both.filter(CLAIMS, pl.col("_账").list.len() > 0, ~pl.col("_账").list.contains(own))
    want = said("尾号 ", pl.col("_账").list.first().str.tail(4))
    return found(wrong, ACCOUNT, said(f"账号与{book.drawn(LIST)}上的不同，见", pl.col(PLACE)), want=want, fen=pl.col(FEN))


def _names(book: Book, both: pl.DataFrame) -> pl.DataFrame:
    wrong = both.filter(CLAIMS, pl.col("_名").list.len() > 0, ~pl.col("_名").list.contains(fold_name(pl.col("姓名"))))
    problem = said(f"身份证号相同，姓名与{book.drawn(LIST)}上的不同，见", pl.col(PLACE))
    return found(wrong, "姓名", problem, want=pl.col("_名").list.first(), level=DOUBT, fen=pl.col(FEN))


def _added(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """Claims of people whom nobody approved; where numbers on the list can't be read they may be among those."""
    dark = book.lists[LIST].dark
    gap = f"；名单上有 {dark} 行证号认不出，先核对是不是其中的" if dark else ""
    problem, level = f"不在{book.drawn(LIST)}上{gap}", DOUBT if dark else ""
    return found(rows.filter(CLAIMS), PERSON, problem, want="批准了的才发", level=level, fen=pl.col(FEN))


def _left_out(book: Book, listed: pl.DataFrame) -> pl.DataFrame:
    """Approved and not to be paid here: it may be in another batch. On no row of the roster, but on one of the list."""
    missed = listed.with_columns(_approved().alias(FEN)).filter((pl.col(FEN) != 0) | pl.col(FEN).is_null())
    problem = said(
        "审批表批了", either(pl.col(FEN).is_not_null(), said(" ", yuan(pl.col(FEN)), " 元")), "，要发的表上没有这个人"
    )
    todo = "查是漏了、改了证号，还是在别的批次发；都不是的补发。"
    told = found(missed, PERSON, problem, level=DOUBT, who=pl.col("姓名"), todo=todo, want="批准了的都要发")
    sheets = {sheet.index: cell(sheet, PERSON, 1).removesuffix("1") for sheet in book.lists[LIST].roster.sheets}
    column = pl.col(SHEET).replace_strict(sheets, return_dtype=pl.String)
    own = missed.select(SHEET, LINE, (column + pl.col(LINE).cast(pl.String)).alias(CELL), pl.col(PERSON).alias(NUMBER))
    return pl.concat([told.with_columns(pl.lit(None, pl.Int64).alias(ROW)), own], how="horizontal")
