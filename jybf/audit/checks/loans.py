"""Start-up loans: whether the borrower is who runs the business, what else is owed, and what the money is for."""

from collections.abc import Callable

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.checks.households import conflicting
from jybf.audit.checks.startups import CLOSED, OWNER, registered
from jybf.audit.kin import alike
from jybf.audit.pairs import paired
from jybf.audit.registry import check
from jybf.audit.scope import lends, lent_at_most, lent_to_partners
from jybf.audit.wording import either, found, said, shown, stack
from jybf.model import DOUBT, ROW, Program, last
from jybf.vocabulary.roles import LOAN
from jybf.vocabulary.yuan import yuan

PERSON, REGISTER, LOANS = "身份证号", "工商登记", "贷款"
ENTITY = ("统一社会信用代码", "创业实体", "单位名称")
BORROWED = ("贷款合同日期", "贷款发放日期")
# Debts that local rules leave out of account; and what a start-up loan may not be spent on.
HARMLESS = "助学|住房|购房|房贷|按揭|购车|汽车|小额信|扶贫|脱贫|消费|信用卡"
ABUSE = "购房|买房|住房|房产|房贷|装修|购车|还债|还贷|偿还|炒股|股票|理财|投资|转借|转贷|消费"


def _claims(book: Book) -> pl.DataFrame:
    return book.claims(lends)


def _own(book: Book) -> pl.DataFrame:
    """Loans of one person: partners borrow on the name of one of them, and a firm has no number of its own."""
    return _claims(book).filter(pl.col("贷款类型").is_null() | (pl.col("贷款类型") == "个人"))


@check("JY419", about=lends)
def borrower_does_not_run_it(book: Book) -> pl.DataFrame:
    """The row's own columns: the borrower's number is not that of the legal representative."""
    rows = _own(book).filter(pl.col("法定代表人身份证号") != pl.col(PERSON))
    return found(rows, "法定代表人身份证号", "借款人不是创业实体的法定代表人（经营者）", want="与借款人同一人", fen=pl.col(FEN))


@check("JY419", needs=(PERSON, LOAN), about=lends)
def contract_of_another(book: Book) -> pl.DataFrame:
    """One contract of two single borrowers, be the other one's paid before; partners may well have one."""
    alone = pl.col("贷款类型").is_null() | (pl.col("贷款类型") == "个人")
    rows = book.pool(lends).filter(CLAIMS | (pl.col(ROW) < 0), alone).with_columns(alike(LOAN).alias("_合"))
    told = conflicting(book, rows, ("_合",), PERSON)
    problem = said("这个合同编号也是另一个借款人的，见", pl.col("先"))
    return found(told, LOAN, problem, want="一份合同一个借款人（合伙的写明）", fen=pl.col(FEN))


@check("JY419", needs=(PERSON, ENTITY), about=lends, lists=(REGISTER,), listed=(ENTITY, OWNER))
def register_names_another(book: Book) -> pl.DataFrame:
    owner = pl.coalesce(*map(theirs, OWNER))
    rows = registered(book, _own(book)).with_columns(owner.alias("_主"))
    rows = rows.filter((pl.col("_主") == pl.col(PERSON)).fill_null(value=True).any().over(ROW).not_())
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    problem = said(f"在{book.drawn(REGISTER)}上，这家的法定代表人（经营者）不是借款人，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="借款人就是法定代表人（经营者）", fen=pl.col(FEN))


@check("JY419", needs=(ENTITY,), about=lends, lists=(REGISTER,), listed=(ENTITY, ("注销日期", "经营状态")))
def closed_while_interest_runs(book: Book) -> pl.DataFrame:
    """Struck off before the interest that is subsidised began to run."""
    gone, state = pl.col(theirs("注销日期")), pl.col(theirs("经营状态")).str.contains(CLOSED).fill_null(value=False)
    before = pl.col(theirs(last("注销日期"))) < pl.coalesce("计息开始日期", *BORROWED)
    rows = registered(book, _claims(book)).filter(before.fill_null(value=gone.is_null() & state))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    when = either(gone.is_not_null(), said("注销日期 ", gone), said("状态是“", pl.col(theirs("经营状态")), "”，没有注销日期"))
    problem = said(f"在{book.drawn(REGISTER)}上，借款的实体", when, "，仍在贴息，见", pl.col(PLACE))
    names = pl.coalesce(*(pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in ENTITY))
    return found(rows, names, problem, now=pl.coalesce(*ENTITY), want="计息期间在营", fen=pl.col(FEN))


@check("JY419", needs=(PERSON,), about=lends, lists=(LOANS,))
def owes_elsewhere(book: Book) -> pl.DataFrame:
    """Another loan that was out when this one was made. Settled or due before, or made after, it is none of its business."""
    rows = book.hits(LOANS, rows=_claims(book))
    made = [pl.coalesce(*(theirs(end(name)) for name in reversed(BORROWED))) for end in (str, last)]
    mine = [pl.coalesce(*(end(name) for name in BORROWED)) for end in (str, last)]
    numbers = pl.col("贷款合同编号") == pl.col(theirs("贷款合同编号"))
    alike = (pl.col("贷款金额") == pl.col(theirs("贷款金额"))) & (made[0] <= mine[1]) & (mine[0] <= made[1])
    itself = pl.coalesce(numbers, alike).fill_null(value=False)
    done = pl.coalesce(theirs(last("结清日期")), theirs(last("贷款到期日期"))) < mine[0]
    later = made[0] > mine[1]
    use = pl.concat_str(pl.col(theirs("贷款用途"), theirs("贷款类型")), separator=" ", ignore_nulls=True).str.contains(HARMLESS)
    rows = rows.filter(~itself, *(~other.fill_null(value=False) for other in (done, later, use)))
    rows = rows.unique(ROW, keep="first", maintain_order=True)
    when = either(made[0].is_null(), "（没有写放款日期）", said("（", made[0], " 放款）"))
    problem = said(f"在{book.drawn(LOANS)}上，借款时名下另有贷款", when, "，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="借款时没有其他不相容的贷款", fen=pl.col(FEN))


@check("JY419", about=lends)
def lent_before_it_was_agreed(book: Book) -> pl.DataFrame:
    """Two days of one loan that can't follow in that order, whatever a policy asks."""
    orders = (("贷款合同日期", "贷款发放日期"), ("贷款发放日期", "计息开始日期"))
    if _reckoned(book):  # what else can not be, its own clauses refuse
        return stack(*(_backwards(_claims(book), first, then) for first, then in orders))
    orders += (("计息开始日期", "贷款到期日期"), ("计息开始日期", "结清日期"), ("贷款发放日期", "贷款到期日期"))
    most = (pl.col(last("计息结束日期")) - pl.col("计息开始日期")).dt.total_days() + 1
    over = _claims(book).filter((most >= 1) & (pl.col("计息天数") > most))
    days = found(over, "计息天数", said("计息天数多于起止的 ", most, " 天"), want=said("不超过 ", most), fen=pl.col(FEN))
    return stack(*(_backwards(_claims(book), first, then) for first, then in orders), days)


def _reckoned(book: Book) -> bool:
    """Whether the pack itself asks for the days of interest."""
    return bool(book.clauses("JY512"))


def _backwards(rows: pl.DataFrame, first: str, then: str) -> pl.DataFrame:
    rows = rows.filter(pl.col(first) > pl.col(last(then)))
    problem = said(shown(then), " 的", then, "早于", first, " ", shown(first))
    return found(rows, then, problem, want=said("不早于 ", shown(first)), fen=pl.col(FEN))


@check("JY419", about=lends)
def spent_on_something_else(book: Book) -> pl.DataFrame:
    rows = _claims(book).filter(pl.col("贷款用途").str.contains(ABUSE))
    problem = said("贷款用途写着“", shown("贷款用途"), "”，不像创业经营")
    return found(rows, "贷款用途", problem, want="用于创业经营", fen=pl.col(FEN))


@check("JY511", needs=(PERSON,), about=lends, history=True)
def more_lent_in_all(book: Book) -> pl.DataFrame:
    """Several loans of one person, none of which surely ended before the last was made, are one debt to the limit."""
    most = max((lent_at_most(program) or 0 for program in book.pack.programs if lends(program)), default=0) * 100
    alone = pl.col("贷款类型").is_null() | (pl.col("贷款类型") == "个人")
    loans = book.pool(lends).filter(CLAIMS | (pl.col(ROW) < 0), alone, pl.col("贷款金额") > 0)
    made, theirs_made = (_made(str), _made(theirs))
    over = (_done(theirs) < made[0]) | (_done(str) < theirs_made[0])
    pairs = paired(book, loans, loans, where=~_same_loan().fill_null(value=False) & ~over.fill_null(value=False))
    which = pl.coalesce(
        theirs("贷款合同编号"), pl.format("{}|{}", theirs_made[0], theirs("贷款金额")), pl.format("#{}", theirs(ROW))
    )
    each = pairs.with_columns(which.alias("_笔")).unique([ROW, "_笔"], keep="first", maintain_order=True)
    sums = each.group_by(ROW, maintain_order=True).agg(pl.col(theirs("贷款金额")).sum().alias("_别"), pl.col(PLACE).first())
    rows = loans.unique(ROW, keep="first", maintain_order=True).join(sums, on=ROW, how="inner", maintain_order="left")
    total = pl.col("贷款金额") + pl.col("_别")
    rows = rows.filter(total > most) if most else rows.clear()
    problem = said("同一人的几笔贷款合计 ", yuan(total), " 元，个人最高 ", yuan(pl.lit(most)), " 元，另一笔见", pl.col(PLACE))
    todo = "核对前一笔是不是在后一笔发放以前已经还清；没有还清的，超过额度的部分不贴息"
    return found(
        rows, "贷款金额", problem, want=said("合计不超过 ", yuan(pl.lit(most))), level=DOUBT, todo=todo, fen=pl.col(FEN)
    )


@check("JY511", needs=(LOAN,), about=lends, history=True)
def more_lent_to_partners(book: Book) -> pl.DataFrame:
    """Partners on rows of their own, under one contract: together they may not borrow more than the partners' limit."""
    return stack(*(_partners(book, program) for program in book.pack.programs if lends(program)))


def _partners(book: Book, program: Program) -> pl.DataFrame:
    each, most = lent_to_partners(program) or (0, 0)
    rows = book.pool(lambda other: other is program).filter(CLAIMS | (pl.col(ROW) < 0), pl.col("贷款类型") == "合伙")
    rows = rows.filter(pl.col("贷款金额") <= each * 100, pl.col(PERSON).is_not_null()).with_columns(alike(LOAN).alias("_合"))
    rows = rows.drop_nulls("_合").unique(["_合", PERSON], keep="last", maintain_order=True)
    total = pl.col("贷款金额").sum().over("_合")
    rows = rows.filter(total > most * 100, pl.col(ROW) >= 0)
    problem = said("同一份合伙合同的各行合计 ", yuan(total), " 元，合伙最高 ", yuan(pl.lit(most * 100)), " 元")
    return found(rows, "贷款金额", problem, want=said("合计不超过 ", yuan(pl.lit(most * 100))), level=DOUBT, fen=pl.col(FEN))


def _made(named: Callable[[str], str]) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last day on which the loan may have been made."""
    first, end = (pl.coalesce(*(named(of(name)) for name in reversed(BORROWED))) for of in (str, last))
    return first, end


def _done(named: Callable[[str], str]) -> pl.Expr:
    """The last day on which the loan was surely over; that it had to be repaid by then does not say that it was."""
    return pl.col(named(last("结清日期")))


def _same_loan() -> pl.Expr:
    """By its number; where either has none, by the sum and the day."""
    mine, other = _made(str), _made(theirs)
    alike = (pl.col("贷款金额") == pl.col(theirs("贷款金额"))) & (other[0] <= mine[1]) & (mine[0] <= other[1])
    return pl.coalesce(pl.col("贷款合同编号") == pl.col(theirs("贷款合同编号")), alike)
