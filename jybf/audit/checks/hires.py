"""An employer's people as its roster names them: gone or not yet there, elsewhere at the same time, old hands, on hire."""

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, theirs
from jybf.audit.overlap import Pairs, certain, common, full_time, overlapping, same_employer
from jybf.audit.registry import check
from jybf.audit.scope import by_month, employs, for_hiring, read_by, takes_on
from jybf.audit.wording import either, first_known, found, governing, held, said, shown, stack
from jybf.model import DOUBT, HINT, ROW, Program, last
from jybf.vocabulary.roles import LISTED_EMPLOYER

PERSON, CODE, NAME = "身份证号", "统一社会信用代码", "单位名称"
PAID_FOR: Pairs = (("所属期", "所属期"), ("训练开始日期", "训练结束日期"), ("就业开始日期", "就业结束日期"))
EMPLOYED: Pairs = (*PAID_FOR, ("招用日期", "离职日期"), ("合同开始日期", "合同结束日期"))
HIRED = ("招用日期", "就业开始日期", "合同开始日期")
BEGUN = ("社保开始日期", "首次参保日期", "所属期")  # of a list: since when it has the person insured
DISPATCH = "派遣"
TOLD = {**{name: pl.col(name) for name in ("合同类型", "就业渠道", "务工单位")}, "全日制": pl.col("_式")}  # what may say it


def direct(program: Program) -> bool:
    """Programmes that labour dispatch is kept out of."""
    return any(clause.code == "JY408" for clause in program.clauses)


@check("JY405", about=employs)
def months_outside_employment(book: Book) -> pl.DataFrame:
    """Months claimed after the person had left, or before it came. A month that has a day of work in it counts."""
    rows = book.claims(employs)
    since, until = certain(PAID_FOR)
    left, came = pl.col(last("离职日期")), pl.col("招用日期")
    gone, early = rows.filter(until.dt.month_start() > left), rows.filter(since.dt.month_end() < came)
    after = said("离职以后的月份还在申领：离职日期 ", shown("离职日期"), "，申领到 ", until.dt.strftime("%Y-%m"))
    before = said("招用以前的月份也在申领：招用日期 ", shown("招用日期"), "，申领从 ", since.dt.strftime("%Y-%m"), " 起")
    return stack(
        found(gone, "离职日期", after, want="离职当月为止", fen=pl.col(FEN)),
        found(early, "招用日期", before, want="从招用当月起", fen=pl.col(FEN)),
    )


def at_work_still(program: Program) -> bool:
    """Paid for who works there when it is applied for, and no clause asks whether they do."""
    return employs(program) and not program.amount.units and "离职日期" not in read_by(program)


@check("JY405", about=at_work_still)
def gone_by_the_application(book: Book) -> pl.DataFrame:
    """People of a base, or newly taken on, who had left in a month before the application's; a base's list claims itself."""
    listed = book.of(lambda program: at_work_still(program) and program.tally is not None)[ROW]
    rows = book.of(at_work_still).filter(pl.col(CLAIMS) | pl.col(ROW).is_in(listed.implode()))
    rows = rows.filter(pl.col(last("离职日期")) < pl.col(DAY).dt.month_start())
    problem = said("离职日期 ", shown("离职日期"), "，申报（", governing(DAY), "）时早已不在，仍列在名册里")
    return found(rows, "离职日期", problem, want="申报时在职的", level=DOUBT, fen=pl.col(FEN))


@check("JY405", about=employs)
def without_a_wage(book: Book) -> pl.DataFrame:
    """The roster's own column of wages paid says nought; a blank says nothing."""
    rows = book.of(employs).filter(pl.col(CLAIMS) & (pl.col("实发工资") == 0))
    return found(rows, "实发工资", "实发工资是 0，仍在申领", want="发了工资的才申领", fen=pl.col(FEN))


@check("JY406", needs=(PERSON, "单位"), about=employs)
def at_two_employers_at_once(book: Book) -> pl.DataFrame:
    """Two rosters, one person, days that surely are the same; one of the two part-time is lawful.

    What is claimed twice under one programme is JY307's or JY314's.
    """
    since, until = certain(EMPLOYED)
    rows = book.pool(employs).filter(pl.col(CLAIMS), full_time(), pl.col(PERSON).is_not_null())
    rows = rows.filter(pl.col("单位").n_unique().over(PERSON) > 1)
    if rows.is_empty():
        return stack()
    rows = rows.with_columns(since.alias("_起"), until.alias("_止"))
    firsts = rows.select(PERSON, pl.col(ROW, "项目", CODE, NAME, "_起", "_止").name.suffix("_先"))
    pairs = rows.join(firsts, on=PERSON).filter(pl.col(f"{ROW}_先") < pl.col(ROW), pl.col(ROW) >= 0)
    told = [i for i, program in enumerate(book.pack.programs) if by_month(program) or for_hiring(program)]
    again = (pl.col("项目") == pl.col("项目_先")) & pl.col("项目").is_in(told)
    mine, other = (pl.col("_起"), pl.col("_止")), (pl.col("_起_先"), pl.col("_止_先"))
    same = same_employer((pl.col(CODE), pl.col(NAME)), (pl.col(f"{CODE}_先"), pl.col(f"{NAME}_先")))
    span = common(mine, other)
    pairs = pairs.filter(~again & ~same & overlapping(mine, other)).sort(ROW, f"{ROW}_先")
    pairs = pairs.with_columns(said(span[0], " 至 ", span[1], " 同时在“").alias("_时"))
    back = pairs.select("_时", pl.col(NAME).alias("_他"), pl.col(ROW).alias("_那"), pl.col(f"{ROW}_先").alias(ROW))
    back = book.rows.join(back.unique(ROW, keep="first", maintain_order=True), on=ROW, how="inner", maintain_order="left")
    pairs = pairs.unique(ROW, keep="first", maintain_order=True)
    pairs = pairs.with_columns(pl.col(f"{NAME}_先").alias("_他"), pl.col(f"{ROW}_先").alias("_那"))
    return stack(*(_at_another(book, rows) for rows in (pairs, back)))


def _at_another(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    problem = said(pl.col("_时"), pl.col("_他"), "”的名册里，见", book.where(rows["_那"]))
    return found(rows, PERSON, problem, want="同一时间只在一家单位全日制就业", fen=pl.col(FEN))


@check("JY407", about=takes_on)
def insured_before_hired(book: Book) -> pl.DataFrame:
    """Insured by this employer in a month before the one in which it says it took the person on."""
    hired = pl.coalesce(*HIRED)
    rows = book.of(takes_on).filter(pl.col(CLAIMS) & (pl.col(last("社保开始日期")) < hired.dt.month_start()))
    when = pl.coalesce(*map(shown, HIRED))
    problem = said("社保从 ", shown("社保开始日期"), " 就缴，", first_known(HIRED), "却是 ", when, "，像是原来就在的职工")
    return found(rows, "社保开始日期", problem, want=said("不早于 ", hired.dt.strftime("%Y-%m")), fen=pl.col(FEN))


@check("JY407", needs=(PERSON, HIRED), about=takes_on, lists=("社保缴费",), listed=(BEGUN, (CODE, *LISTED_EMPLOYER)))
def listed_before_hired(book: Book) -> pl.DataFrame:
    rows = book.hits("社保缴费", rows=book.claims(takes_on))
    began = [pl.coalesce(*(theirs(end(day)) for day in BEGUN)) for end in (str, last)]
    name = pl.coalesce(*(theirs(each) for each in LISTED_EMPLOYER))
    same = same_employer((pl.col(CODE), pl.col(NAME)), (pl.col(theirs(CODE)), name))
    hired = pl.coalesce(*HIRED)
    rows = rows.with_columns(began[0].alias("_始")).filter(same & (began[1] < hired.dt.month_start()))
    rows = rows.sort(ROW, "_始").unique(ROW, keep="first", maintain_order=True)
    since = pl.col("_始").dt.strftime("%Y-%m")
    problem = said(
        f"在{book.drawn('社保缴费')}上，", since, " 已由申报单位参保，", first_known(HIRED), "却是 ",
        pl.coalesce(*map(shown, HIRED)), "，见", pl.col(PLACE),
    )  # fmt: skip
    return found(rows, first_known(HIRED), problem, now=pl.coalesce(*map(shown, HIRED)), want="新招用的人", fen=pl.col(FEN))


@check("JY408", about=direct)
def placed_with_a_dispatcher(book: Book) -> pl.DataFrame:
    """The columns beside 劳务派遣 that give it away: to whom the person went, on what contract, through what channel.

    A form of employment (用工形式) is read as 全日制 or not, so that 劳务派遣 stands there as what could not be read.
    """
    form = book.roster.problems.filter(pl.col("字段") == "全日制").select(ROW, pl.col("原文").alias("_式")).unique(ROW)
    rows = book.of(direct).filter(pl.col(CLAIMS) & ~pl.col("劳务派遣").fill_null(value=False))
    rows = rows.join(form, on=ROW, how="left", maintain_order="left")
    denied = f"(不是|非|无|不含|不属于){DISPATCH}|非劳务{DISPATCH}|不是劳务{DISPATCH}"
    ground, problem, fen = book.clauses("JY408"), "这一栏写着派遣，“劳务派遣”却没有填“是”", pl.col(FEN)
    findings = [
        found(rows.filter(text.str.contains(DISPATCH) & ~text.str.contains(denied)), field, problem,
              now=text, level=DOUBT, ground=ground, fen=fen)
        for field, text in TOLD.items()
    ]  # fmt: skip
    return stack(*findings).unique(ROW, keep="first", maintain_order=True)


@check("JY408", needs=(NAME, "务工单位"), about=direct)
def placed_with_itself(book: Book) -> pl.DataFrame:
    """Whoever introduces people to itself has hired them, or sends them on."""
    none = pl.lit(None, pl.String)
    rows = book.claims(direct).filter(same_employer((none, pl.col(NAME)), (none, pl.col("务工单位"))))
    problem, ground = "介绍就业的单位就是申报单位自己", book.clauses("JY408")
    return found(rows, "务工单位", problem, want="介绍到别的用人单位", level=DOUBT, ground=ground, fen=pl.col(FEN))


@check("JY408", needs=(("统一社会信用代码", "单位名称"),), about=direct, lists=("工商登记",), listed=("经营范围",))
def registered_for_dispatch(book: Book) -> pl.DataFrame:
    """What the claimant is registered for proves nothing of this placement: one hint an employer."""
    rows = book.claims(direct)
    both = [book.hits("工商登记", key, rows=rows) for key in (CODE, NAME)]
    hit = pl.concat(both, how="diagonal").filter(pl.col(theirs("经营范围")).str.contains(DISPATCH)).sort(ROW)
    hit = hit.with_columns(held("单位")).unique("单位", keep="first", maintain_order=True)
    problem = said(f"在{book.drawn('工商登记')}上，申报单位的经营范围有劳务派遣，见", pl.col(PLACE))
    todo = "凭劳动合同核对：与本人签合同的是用工单位，还是申报单位"
    field = either(pl.col(CODE).is_not_null(), CODE, NAME)
    return found(hit, field, problem, now=pl.coalesce(CODE, NAME), level=HINT, ground=book.clauses("JY408"), todo=todo)
