"""Time: age on the day, contracts and insurance of public posts, the order of the file's own dates."""

from datetime import date
from functools import partial

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, theirs
from jybf.audit.checks.ability import labours
from jybf.audit.checks.identity import BORN
from jybf.audit.pairs import both, paired, strangers
from jybf.audit.registry import check
from jybf.audit.scope import contracts, pays, post, works
from jybf.audit.spans import SINCE, UNTIL, spanned
from jybf.audit.wording import either, first_known, found, governing, known, said, shown, stack
from jybf.model import DOUBT, HINT, ROW, SHEET, Program, last

AGE = 16
PUBLISHED = 5  # days: fewer are no five working days
OLDEST = 80  # of anybody who works for wages: beyond it more likely another person's number, or nobody at work
OLD = 70  # on a public post the national system of monitoring reports it as abnormal
TERM = 3  # years on a public post
SIGNING = "1mo"  # within which of its start a labour contract has to be signed
FIRST = "6mo"  # a contract that begins so long after the post was taken up is not the first one
BEGAN = ("训练开始日期", "务工开始日期", "就业开始日期", "上岗日期", "招用日期")
STEPS = ("申请日期", "审批日期", "公示开始日期", "公示结束日期", "发放日期")
TAKEN_UP, GIVEN_UP = ("上岗日期", "合同开始日期"), ("退岗日期", "合同结束日期")  # the post's own dates, else the contract's


@check("JY208", needs=("身份证号",), about=works)
def too_young(book: Book) -> pl.DataFrame:
    """Sixteen is reached on the day after the sixteenth birthday; a day known only by its year leaves a doubt."""
    birthday = BORN.dt.offset_by(f"{AGE}y")
    surely = pl.col(last(DAY)) <= birthday
    rows = book.of(works).filter(pl.col(CLAIMS) & (pl.col(DAY) <= birthday))
    problem = said(BORN, " 出生，", governing(DAY), either(surely, " 未满", " 可能未满"), f" {AGE} 周岁")
    return found(rows, "身份证号", problem, want=f"满 {AGE} 周岁", level=either(surely, "", DOUBT), fen=pl.col(FEN))


@check("JY208", needs=("身份证号",), about=works)
def too_young_to_begin(book: Book) -> pl.DataFrame:
    """Sixteen by the day that governs, but surely not when the work began: its first weeks are no lawful work."""
    birthday, began = BORN.dt.offset_by(f"{AGE}y"), pl.coalesce(*map(last, BEGAN))
    rows = book.of(works).filter(pl.col(CLAIMS) & (pl.col(DAY) > birthday) & (began <= birthday))
    begun = said(first_known(BEGAN), " ", pl.coalesce(*map(shown, BEGAN)))
    problem = said(BORN, " 出生，", begun, f" 还不满 {AGE} 周岁")
    return found(rows, "身份证号", problem, want=said(birthday, " 以后才满"), level=DOUBT, fen=pl.col(FEN))


@check("JY209", needs=("身份证号",), about=labours)
def too_old(book: Book) -> pl.DataFrame:
    """So old on the first day that is paid for. Any lower limit is a policy's own, and then a clause of its pack."""
    posts = book.of(post)
    others = book.of(labours).filter(~pl.col(ROW).is_in(posts[ROW].implode()))
    return stack(_older_than(OLD, posts, "还在岗领补贴"), _older_than(OLDEST, others, "还按务工、用工申领"))


def _older_than(age: int, mine: pl.DataFrame, yet: str) -> pl.DataFrame:
    rows = spanned(mine).filter(pl.col(CLAIMS) & (pl.col(SINCE) > BORN.dt.offset_by(f"{age}y")))
    problem = said(BORN, " 出生，", pl.col(SINCE), f" 已满 {age} 周岁，{yet}")
    return found(rows, "身份证号", problem, want=f"不满 {age} 周岁", fen=pl.col(FEN))


@check("JY506", about=post)
def ends_on_the_corresponding_day(book: Book) -> pl.DataFrame:
    """A year from 1 March ends with the first of March: lawful to the day, and often a year and a day on paper."""
    start, end = "合同开始日期", "合同结束日期"
    exact = (pl.col(start) == pl.col(last(start))) & (pl.col(end) == pl.col(last(end)))
    rows = book.of(post).filter(exact & (pl.col(end) == pl.col(start).dt.offset_by("1y")))
    problem, todo = "合同恰好在次年对应日到期，正好一年；再晚一天就超期", "核对协议原件；续签时把到期日写成对应日的前一天"
    ground = f"{book.clauses('JY506')}；民法典第 201、202 条"
    return found(rows, end, problem, level=HINT, ground=ground, todo=todo)


@check("JY506", about=post)
def more_than_twelve_months(book: Book) -> pl.DataFrame:
    """The stated term alone is enough where the dates of the contract are missing."""
    rows = book.of(post).filter(~known("合同开始日期", "合同结束日期") & (pl.col("合同月数") > 12))
    problem, ground = "公益性岗位合同期限超过一年", book.clauses("JY506")
    return found(rows, "合同月数", problem, want="不多于 12 个月", ground=ground, fen=pl.col(FEN))


@check("JY506", needs=("身份证号", "签订日期", "合同开始日期", "合同结束日期"), about=post, history=True)
def signed_together(book: Book) -> pl.DataFrame:
    """Two contracts of one person that were signed on one day are one contract, for the time of both."""
    exact = pl.col("签订日期") == pl.col(last("签订日期"))
    rows = book.pool(post).filter(exact, known("合同开始日期", "合同结束日期"))
    if strangers(rows, rows):
        return stack()
    same = pl.col("签订日期") == pl.col(theirs("签订日期"))
    start, end = "合同开始日期", "合同结束日期"
    apart = (pl.col(last(start)) < pl.col(theirs(start))) | (pl.col(theirs(last(start))) < pl.col(start))
    begun = pl.min_horizontal(last(start), theirs(last(start)))
    long = pl.max_horizontal(end, theirs(end)) > begun.dt.offset_by("1y")
    told = both(book, paired(book, rows, rows, where=same & apart & long))
    problem = said("同一天（", shown("签订日期"), "）签了两份前后相接的合同，合起来超过一年，另一份见", pl.col(PLACE))
    ground = book.clauses("JY506")
    return stack(*(found(each, "签订日期", problem, level=DOUBT, ground=ground, fen=pl.col(FEN)) for each in told))


@check("JY505", needs=("上岗日期",), about=post)
def long_on_a_post(book: Book) -> pl.DataFrame:
    """Three years are the rule for those hard to employ, five before retirement; no pack's document says it: a hint."""
    rows = spanned(book.of(post)).with_columns(pl.coalesce(UNTIL, DAY).alias("_至"))
    rows = rows.filter(CLAIMS, pl.col("_至") > pl.col(last("上岗日期")).dt.offset_by(f"{TERM}y"))
    problem = said(shown("上岗日期"), " 上岗，到 ", pl.col("_至"), f" 已超过 {TERM} 年")
    ground = "就业困难人员岗位补贴期限的通行规定；本地文件没有写的，以本地为准"
    return found(rows, "上岗日期", problem, level=HINT, ground=ground, todo="核对当地的期限；到期的退岗", fen=pl.col(FEN))


def _begun() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Since when the contract at hand must hold: the day as last possible, in words, and what it is.

    Of a contract that begins long after the post was taken up, and so is renewed, its own start.
    """
    up, start = TAKEN_UP
    renewed = (pl.col(start) >= pl.col(up).dt.offset_by(FIRST)).fill_null(value=False)
    names = (pl.when(renewed).then(name) for name in (last(start), shown(start), pl.lit(start)))
    plain = (pl.coalesce(*map(last, TAKEN_UP)), pl.coalesce(*map(shown, TAKEN_UP)), first_known(TAKEN_UP))
    day, text, name = (pl.coalesce(own, other) for own, other in zip(names, plain, strict=True))
    return day, text, name


@check("JY519", needs=(TAKEN_UP, ("意外险开始日期", "意外险结束日期")), about=post)
def insurance_does_not_cover(book: Book) -> pl.DataFrame:
    rows, ground = book.of(post), book.clauses("JY519")
    (begin, since, name), end = _begun(), pl.coalesce(*GIVEN_UP)
    late, early = rows.filter(pl.col("意外险开始日期") > begin), rows.filter(pl.col(last("意外险结束日期")) < end)
    until = pl.coalesce(*map(shown, GIVEN_UP))
    return stack(
        found(late, "意外险开始日期", said("意外险晚于", name, "才生效"), want=said("不晚于 ", since), ground=ground),
        found(early, "意外险结束日期", "意外险在岗位期满前到期", want=said("不早于 ", until), ground=ground),
    )


@check("JY519", needs=("签订日期", TAKEN_UP), about=post)
def signed_after_starting(book: Book) -> pl.DataFrame:
    begin, since, name = _begun()
    rows = book.of(post).filter(pl.col("签订日期") > begin)
    want = said("不晚于", name, " ", since)
    return found(rows, "签订日期", "先上岗后签协议（倒签）", want=want, ground=book.clauses("JY519"))


@check("JY509", needs=("签订日期", "合同开始日期"), about=contracts)
def signed_late(book: Book) -> pl.DataFrame:
    """A labour contract is signed within a month of its start, and before anything is applied for by it."""
    signed, start, applied = (pl.col(name) for name in ("签订日期", last("合同开始日期"), last("申请日期")))
    rows = book.of(contracts).filter(pl.col(CLAIMS))
    late = rows.filter(signed > start.dt.offset_by(SIGNING))
    after = rows.filter(signed > applied)
    ground = f"{book.clauses('JY509')}；劳动合同法第十条"
    want = said("不晚于合同开始后一个月（", shown("合同开始日期"), "）")
    return stack(
        found(late, "签订日期", "合同开始一个多月以后才签（倒签）", want=want, level=DOUBT, ground=ground, fen=pl.col(FEN)),
        found(
            after, "签订日期", said("申请（", shown("申请日期"), "）以后才签合同"), level=DOUBT, ground=ground, fen=pl.col(FEN)
        ),
    )


@check("JY519", needs=("合同结束日期", "所属期"), about=post)
def expired_before_the_period(book: Book) -> pl.DataFrame:
    rows = book.of(post).filter(pl.col(last("合同结束日期")) < pl.col("所属期"))
    problem, want = said("协议已到期，仍列入 ", shown("所属期")), said("不早于所属期 ", shown("所属期"))
    return found(rows, "合同结束日期", problem, want=want, ground=book.clauses("JY519"), fen=pl.col(FEN))


def out_of_order(book: Book, later: str) -> pl.DataFrame:
    """``later`` against the steps before it, where the order is surely wrong; of several the nearest is named."""
    earlier = reversed(STEPS[: STEPS.index(later)])
    return stack(*(_pair(book.rows, step, later) for step in earlier)).unique(ROW, keep="first", maintain_order=True)


def _pair(rows: pl.DataFrame, step: str, later: str) -> pl.DataFrame:
    """Money paid on the last day of publication is paid before it ran its course; any other two steps may share a day."""
    if (step, later) == STEPS[-2:]:
        wrong = rows.filter(pl.col(last(later)) <= pl.col(step))
        return found(wrong, later, "公示未满就发放", want=said(f"晚于{step} ", shown(step)), fen=pl.col(FEN))
    wrong = rows.filter(pl.col(last(later)) < pl.col(step))
    return found(wrong, later, f"{later}早于{step}", want=said(f"不早于{step} ", shown(step)), fen=pl.col(FEN))


for _later in STEPS[1:]:
    check("JY514", needs=(_later,))(partial(out_of_order, later=_later))


@check("JY514", needs=STEPS[2:4])
def published_too_short(book: Book) -> pl.DataFrame:
    """Five working days or seven days are usual, and fewer than five are neither; no document sets a time, so it is a hint.

    A single day may be the one on which publication began. One finding a sheet and time, on its first row.
    """
    start, end = STEPS[2:4]
    time = [SHEET, start, end]
    days = (pl.col(last(end)) - pl.col(start)).dt.total_days() + 1
    rows = book.rows.filter(CLAIMS, days.is_between(2, PUBLISHED - 1)).with_columns(pl.len().over(time).alias("_数"))
    problem = said("公示只有 ", days, " 天（共 ", pl.col("_数"), " 行）")
    want, todo = "当地规定的公示期，多为 5 个工作日或 7 天", "对照当地规定，公示期不够的补足"
    return found(rows.unique(time, keep="first", maintain_order=True), end, problem, want=want, todo=todo, level=HINT)


def latest(program: Program) -> date:
    """The last day on which any version lets one apply."""
    return max((version.until for version in program.versions), default=program.until)


@check("JY507")
def paid_after_the_end(book: Book) -> pl.DataFrame:
    """Governed by the policy's time but paid after it: lawful where the locality carries cases over, so a hint."""
    until = pl.col("项目").replace_strict({i: latest(program) for i, program in enumerate(book.pack.programs)})
    rows = book.judged(pays).filter((pl.col(last(DAY)) <= until) & (pl.col("发放日期") > until))
    problem, todo = "政策期内受理，期满后才发放", "按当地衔接规定办理，留存受理凭据"
    return found(rows, "发放日期", problem, want=said("不晚于 ", until), level=HINT, ground=book.cited(), todo=todo)
