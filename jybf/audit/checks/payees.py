"""Whose account the money goes to: an official's, a company's, another one than last time; an employer's on a private card."""

from functools import partial

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.checks.accounts import COLLECTIVE, REAL, to_persons
from jybf.audit.checks.holders import for_employer, in_charge
from jybf.audit.checks.households import THERE, conflicting, to_people
from jybf.audit.hits import in_force
from jybf.audit.registry import check
from jybf.audit.scope import lends, to_employer
from jybf.audit.wording import either, found, known, said, stack
from jybf.model import HINT, ROW
from jybf.roster import fold_name
from jybf.vocabulary.payee import NUMBER, ORGANISATION, names_somebody
from jybf.vocabulary.values.account import CARD, bare

PERSON, ACCOUNT, HOLDER = "身份证号", "银行账号", "开户人身份证号"
SELF_EMPLOYED = "^92"  # how the codes of 个体工商户 begin: what is theirs is their owner's
HOLDER_NAME = fold_name(pl.col("开户名"))
PERSONAL = r"^(\p{Han}{1,3}[^户委局办会队组]|\p{Han}+·.+)$"  # 王厂长, and none of 基本户, 村委会
VILLAGERS = "村民?委|居民?委|政府|办事处|财政|合作社|劳务"  # nobody's own business
TAIL = 4  # digits by which a reader tells an account


def account_of_an_official(book: Book, kind: str) -> pl.DataFrame:
    """The account, or its holder's number, is on the list under somebody else, who held the post at the time.

    Of the same household it is a hint: the family of an official may draw what is due to it.
    """
    rows = to_persons(book).filter(CLAIMS)
    hits = [book.hits(kind, ACCOUNT, rows=rows.filter(REAL)), book.hits(kind, HOLDER, by=PERSON, rows=rows)]
    pairs = zip((ACCOUNT, HOLDER), hits, strict=True)
    rows = pl.concat([frame.with_columns(pl.lit(name).alias("_凭")) for name, frame in pairs], how="diagonal")
    number = pl.coalesce(pl.when(pl.col("_凭") == HOLDER).then(HOLDER), theirs(PERSON))
    own = (pl.col(PERSON) == number) | (fold_name(pl.col("姓名")) == fold_name(pl.col(theirs("姓名"))))
    rows = in_force(rows.filter(~own.fill_null(value=False)), "任职开始日期", "任职结束日期")
    house = [pl.col(name) == pl.col(theirs(name)) for name in ("户编号", "户主身份证号")]
    head = pl.col("户主身份证号") == pl.col(theirs(PERSON))
    family = pl.any_horizontal(expr.fill_null(value=False) for expr in (*house, head))
    what = either(pl.col("_凭") == ACCOUNT, "收款账号", "开户人")
    who = said(pl.col(theirs("职务")), either(known(theirs("姓名")), said("“", pl.col(theirs("姓名")), "”")))
    problem = said(what, f"在{book.drawn(kind)}上，是", who, "的", either(family, "，与本人同户"), "，见", pl.col(PLACE))
    return found(rows, pl.col("_凭"), problem, now=pl.coalesce(pl.when(pl.col("_凭") == HOLDER).then(HOLDER), ACCOUNT),
                 want="本人的账户", level=either(family, HINT), fen=pl.col(FEN))  # fmt: skip


for _kind in ("村干部", "经办人"):
    check("JY603", needs=((ACCOUNT, HOLDER),), lists=(_kind,))(partial(account_of_an_official, kind=_kind))


@check("JY603", needs=(("开户名", "对公账号"),), about=to_people)
def account_of_a_company(book: Book) -> pl.DataFrame:
    """What is due to persons goes to an organisation: by the holder's name, or because the roster calls it an employer's."""
    holder = fold_name(pl.col("开户名"))
    rows = book.claims(to_people)
    own = pl.any_horizontal((fold_name(pl.col(name)) == holder).fill_null(value=False) for name in ("姓名", "创业实体"))
    named = rows.filter(~own & holder.str.contains(COLLECTIVE) & pl.col("贷款类型").is_null())
    employers = book.rows["对公账号"].drop_nulls().unique()
    same = rows.join(named, on=ROW, how="anti").filter(REAL, pl.col(ACCOUNT).is_in(employers.implode()))
    same = same.filter(pl.col("创业实体").is_null())
    return stack(
        found(named, "开户名", "发给个人的钱，收款的是单位", want=pl.col("姓名"), fen=pl.col(FEN)),
        found(same, ACCOUNT, "发给个人的钱，收款账号是表上单位的对公账号", want="本人的账户", fen=pl.col(FEN)),
    )


@check("JY603", about=lends)
def interest_of_a_village(book: Book) -> pl.DataFrame:
    """Interest may go to the borrower's business, or to the bank: to no committee, office or agency for labour."""
    rows = book.of(lends).filter(CLAIMS, pl.col("贷款类型") == "个人", HOLDER_NAME.str.contains(VILLAGERS))
    return found(rows, "开户名", "个人贷款的贴息，收款的是单位", want="借款人的账户", fen=pl.col(FEN))


@check("JY604", needs=(PERSON, ACCOUNT), about=to_people, history=True)
def account_changed(book: Book) -> pl.DataFrame:
    """Another account than any that the history paid to, or than an earlier row of this roster: told once a person."""
    paid = book.pool(to_people)
    past = paid.filter(pl.col(ROW) < 0, known(PERSON), REAL).sort(ROW, descending=True)
    mine = to_persons(book).join(book.of(to_people), on=ROW, how="semi").filter(CLAIMS, known(PERSON))
    told_of = pl.col(PERSON).is_duplicated() | pl.col(PERSON).is_in(past[PERSON].implode())  # nobody else can have two
    rows = mine.filter(told_of).filter(REAL)
    if rows.is_empty():
        return stack()
    two = conflicting(book, rows, (PERSON,), ACCOUNT).filter(pl.col(THERE) < pl.col(ROW))
    latest = past.unique(PERSON, keep="last", maintain_order=True).select(
        PERSON, pl.col(ROW).alias(THERE), pl.col(ACCOUNT).alias("_旧")
    )
    new = rows.join(past, on=[PERSON, ACCOUNT], how="anti", maintain_order="left").join(
        latest, on=PERSON, maintain_order="left"
    )
    new = new.join(two, on=ROW, how="anti", maintain_order="left").unique(PERSON, keep="first", maintain_order=True)
    before = said("以前发到尾号 ", pl.col("_旧").str.tail(TAIL), " 的账号，这次换了，见", book.where(new[THERE]))
    return stack(
        found(two, ACCOUNT, said("同一个人在", pl.col("先"), "用的是另一个账号"), fen=pl.col(FEN)),
        found(new, ACCOUNT, before, fen=pl.col(FEN)),
    )


@check("JY606", needs=(("对公账号", ACCOUNT),), about=to_employer)
def employer_paid_on_a_private_card(book: Book) -> pl.DataFrame:
    """A bank card in the column of employers' accounts, or of a row without a person; or an account in its manager's name.

    What goes to each worker's own account is no matter of this; a broker who claims in person has no other account, and
    what a self-employed trader has is the trader's own.
    """
    rows = book.claims(to_employer)
    name = fold_name(pl.coalesce("单位名称", "创业实体"))
    broker = (name == HOLDER_NAME).fill_null(value=False) | ~name.str.contains(ORGANISATION).fill_null(value=True)
    company = HOLDER_NAME.str.contains(ORGANISATION).fill_null(value=False)
    rows = rows.filter(~broker & ~company)
    public = bare(pl.col("对公账号")).str.contains(CARD).fill_null(value=False)
    alone = pl.col("姓名").is_null() & NUMBER.str.contains(CARD).fill_null(value=False)
    named = in_charge() | (_person(name) & ~public & ~alone)
    field = pl.when(named).then(pl.lit("开户名")).when(public).then(pl.lit("对公账号")).otherwise(pl.lit(ACCOUNT))
    trader = pl.col("统一社会信用代码").str.contains(SELF_EMPLOYED) | pl.col("单位类型").str.contains("个体")
    rows = rows.filter(public | alone | named).with_columns(field.alias("_指"), in_charge().alias("_管"))
    now = pl.when(pl.col("_指") == "开户名").then("开户名").otherwise(pl.coalesce("对公账号", ACCOUNT))
    card = "付给单位的补贴，账号是个人银行卡的样子（62 开头）"
    whose = either(pl.col("_管"), said("是个人“", pl.col("开户名"), "”"), said("“", pl.col("开户名"), "”不像单位的名称"))
    problem = either(pl.col("_指") == "开户名", said("付给单位的补贴，开户名", whose), card)
    level = either(trader.fill_null(value=False), HINT)
    return found(rows, pl.col("_指"), problem, now=now, want="单位的对公账户", level=level, fen=pl.col(FEN))


@check("JY606", needs=("对公账号", "单位"), about=to_employer)
def one_account_of_several_employers(book: Book) -> pl.DataFrame:
    """Employers that are paid into one account may be one; each of their rows is told, those of the history only stand by."""
    account = pl.col("对公账号")
    pool = book.pool(to_employer).filter(CLAIMS, account.str.contains(r"[1-9]"), pl.col("单位").is_not_null())
    told = conflicting(book, pool.unique(ROW, maintain_order=True), ("对公账号",), "单位")
    there = pool.select(pl.col(ROW).alias(THERE), pl.coalesce("单位名称", "单位").alias("_他")).unique(THERE)
    told = told.join(there, on=THERE, how="left", maintain_order="left")
    problem = said("与“", pl.col("_他"), "”用同一个对公账号，见", pl.col("先"))
    return found(told, "对公账号", problem, want="各单位自己的账户", fen=pl.col(FEN))


def _person(employer: pl.Expr) -> pl.Expr:
    """Whether the employer's account is in a name like a person's, of whom nothing else is known."""
    like = HOLDER_NAME.str.contains(PERSONAL) & ~employer.str.contains(HOLDER_NAME, literal=True).fill_null(value=False)
    worker = (fold_name(pl.col("姓名")) == HOLDER_NAME).fill_null(value=False)
    return for_employer() & names_somebody("开户名") & like.fill_null(value=False) & ~worker
