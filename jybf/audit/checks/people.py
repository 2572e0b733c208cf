"""Persons against lists: who has died, is in custody, is paid by the treasury, draws a pension. A hit alone is a doubt."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.hits import WHEN, day, in_force, paid_for
from jybf.audit.overlap import RESIDENT
from jybf.audit.registry import check
from jybf.audit.scope import insured, pays, post, works
from jybf.audit.spans import SINCE, UNTIL, spanned
from jybf.audit.wording import either, found, said, stack
from jybf.model import DOUBT, HINT, ROW, STOP, Program, last

PERSON = "身份证号"
DEAD = r"^(是|已?(死亡|去世|病故|身故|亡故)|已故|死亡销户.*|自然减少.*死亡.*)$"
AT_LARGE = "缓刑|社区矫正|假释|监外执行"  # sentences that are served at work
SOON = "6mo"  # within which money is paid that was applied for
OWN_POST = "公益"  # some treasuries pay the public posts themselves


def pensioned(program: Program) -> bool:
    """Programmes that nobody with an employee's pension may be on: public posts, and whatever asks for contributions."""
    return pays(program) and (post(program) or insured(program) or "社保补贴" in program.titles)


@check("JY203", needs=(PERSON,), lists=("死亡",))
def paid_to_the_dead(book: Book) -> pl.DataFrame:
    """Dead before the first day that is paid for is certain; without a day, within the time, or before applying, a doubt."""
    rows = book.hits("死亡", rows=spanned(book.rows).filter(CLAIMS))
    died = theirs("死亡日期")
    late = (pl.col(died) < pl.col("申请日期")).fill_null(value=False)
    rows = rows.filter(pl.col(died).is_null() | (pl.col(died) <= pl.col(UNTIL)) | late).unique(
        ROW, keep="first", maintain_order=True
    )
    surely = (pl.col(theirs(last("死亡日期"))) < pl.col(SINCE)).fill_null(value=False)
    after = late & (pl.col(died) > pl.col(UNTIL)).fill_null(value=False)
    when = either(pl.col(died).is_null(), "没有写死亡日期", said("死亡日期 ", day("死亡日期")))
    problem = said(
        f"在{book.drawn('死亡')}上，",
        when,
        "，见",
        pl.col(PLACE),
        either(surely, "", either(after, "；死亡以后才申请，须核实是谁申请、发给谁", "；与补贴期间的先后须核实")),
    )
    want = said("死亡之后不发；补贴期间从 ", pl.col(SINCE), " 起")
    return found(rows, PERSON, problem, want=want, level=either(surely, "", DOUBT), fen=pl.col(FEN))


@check("JY203", needs=(PERSON,), lists=("死亡",))
def dead_before_the_money_came(book: Book) -> pl.DataFrame:
    """Dead after what is paid for, and before the day of payment: a doubt; soon after it where that day is not said: a hint."""
    rows = book.hits("死亡", rows=spanned(book.rows).filter(CLAIMS)).unique(ROW, keep="first", maintain_order=True)
    died, sent = theirs("死亡日期"), pl.col(last("发放日期"))
    rows = rows.filter((pl.col(died) > pl.col(UNTIL)) & ~(pl.col(died) < pl.col("申请日期")).fill_null(value=False))
    before = (pl.col(died) < sent).fill_null(value=False)
    soon = sent.is_null() & pl.col("所属期").is_null() & (pl.col(died) <= pl.col(UNTIL).dt.offset_by(SOON))
    told = said(
        f"在{book.drawn('死亡')}上，死亡日期 ",
        day("死亡日期"),
        "，见",
        pl.col(PLACE),
        "；在补贴期间以后、发放以前死亡的，核实发给谁",
    )
    return found(rows.filter(before | soon), PERSON, told, level=either(before, DOUBT, HINT), fen=pl.col(FEN))


@check("JY203")
def dead_by_its_own_row(book: Book) -> pl.DataFrame:
    """The roster's own columns: a day of death before what is paid for, or a state of death without a day."""
    rows, died = spanned(book.rows).filter(CLAIMS), pl.col(last("死亡日期"))
    before = rows.filter(died < pl.col(SINCE))
    stated = rows.filter(pl.col("生存状态").str.contains(DEAD) & died.is_null())
    want = said("死亡之后不发；补贴期间从 ", pl.col(SINCE), " 起")
    noted = said("“生存状态”填的是“", pl.col("生存状态"), "”，没有写死亡日期，仍然申领")
    told = found(before, "死亡日期", "死亡日期在补贴期间以前，仍然申领", want=want, fen=pl.col(FEN))
    return stack(told, found(stated, "生存状态", noted, want="写明死亡日期", level=DOUBT, fen=pl.col(FEN)))


@check("JY204", needs=(PERSON,), lists=("服刑",))
def paid_in_custody(book: Book) -> pl.DataFrame:
    rows = book.hits("服刑", rows=book.claims())
    rows = rows.filter(~_noted(("备注",), AT_LARGE))
    rows = in_force(rows, "服刑开始日期", "服刑结束日期")
    problem = said(f"在{book.drawn('服刑')}上，服刑、羁押或强戒 ", pl.col(WHEN), "，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want=said(_span(), "不在服刑、强戒"), fen=pl.col(FEN))


@check("JY205", needs=(PERSON,), about=works, lists=("财政供养",))
def paid_by_the_treasury(book: Book) -> pl.DataFrame:
    """Whoever left the payroll before is not meant, nor the people whom a treasury pays for their public post."""
    rows = book.hits("财政供养", rows=book.claims(works))
    rows = in_force(rows.filter(~_noted(("职务", "岗位名称", "岗位类别", "备注"), OWN_POST)), "任职开始日期", "任职结束日期")
    employer = pl.coalesce(theirs("单位名称"), theirs("务工单位"))
    where = either(employer.is_not_null(), said("“", employer, "”"), "")
    problem = said(f"在{book.drawn('财政供养')}上，由", where, "财政发工资，", pl.col(WHEN), "，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="不是财政供养人员", fen=pl.col(FEN))


@check("JY210", needs=(PERSON,), about=pensioned, lists=("养老待遇",))
def draws_a_pension(book: Book) -> pl.DataFrame:
    """A pension is drawn by the month. Before all that is paid for, on a list that reaches its end, it is certain."""
    rows = spanned(book.hits("养老待遇", rows=book.claims(pensioned)))
    rows = rows.filter(~_noted(("参保险种", "备注"), RESIDENT))
    begin, finish, drawn = (pl.col(theirs(name)) for name in ("待遇开始日期", "待遇结束日期", "数据时点"))
    since, until = paid_for()
    ended = (pl.col(theirs(last("待遇结束日期"))) <= pl.col(SINCE)).fill_null(value=False)
    month = pl.col(theirs(last("待遇开始日期"))).dt.month_start()
    within = (month <= until) & (finish.is_null() | (finish > since))
    before = pl.col(theirs(last("待遇开始日期"))) < pl.col(SINCE)
    surely = (before & (pl.coalesce(finish, drawn) >= pl.col(UNTIL))).fill_null(value=False)
    holds = (within | (before & finish.is_null())).fill_null(value=False)
    rows = rows.filter(~ended & (begin.is_null() | holds | surely)).with_columns(surely.alias("_定"))
    rows = rows.sort(ROW, "_定", descending=[False, True], maintain_order=True).unique(ROW, keep="first", maintain_order=True)
    when = either(begin.is_null(), "没有写待遇开始日期", said(day("待遇开始日期"), " 起领职工养老金"))
    problem = said(f"在{book.drawn('养老待遇')}上，", when, "，见", pl.col(PLACE))
    want = said(_span(), "没有领职工养老金")
    return found(rows, PERSON, problem, want=want, level=either(pl.col("_定"), STOP), fen=pl.col(FEN))


def _noted(names: tuple[str, ...], pattern: str) -> pl.Expr:
    """Whether the list's row says ``pattern`` under one of ``names``."""
    return pl.any_horizontal(pl.col(theirs(name)).str.contains(pattern).fill_null(value=False) for name in names)


def _span() -> pl.Expr:
    """What is paid for, to begin a sentence with."""
    until = either(pl.col(SINCE) == pl.col(UNTIL), "", said(" 至 ", pl.col(UNTIL)))
    return either(pl.col(SINCE).is_null(), "", said("补贴期间（", pl.col(SINCE), until, "）"))
