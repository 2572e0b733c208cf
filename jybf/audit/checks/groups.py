"""Whether a person is what the policy is for: on the list of those lifted out of poverty or monitored, and at that time."""

import re
from collections.abc import Callable

import polars as pl

from jybf.audit.book import CLAIMS, DAY, FEN, PLACE, Book, theirs
from jybf.audit.hits import day, undated
from jybf.audit.registry import check
from jybf.audit.scope import pays
from jybf.audit.spans import SINCE, UNTIL, spanned
from jybf.audit.wording import either, found, said, shown, stack
from jybf.model import DOUBT, HINT, ROW, Program, bad, last

LIST, GROUP, PERSON = "脱贫名单", "人员类别", "身份证号"
MONITORED = ("边缘易致贫人口", "突发严重困难人口")
LISTED = ("脱贫人口", *MONITORED)  # the groups that the list is of; whoever was resettled or is poor otherwise is on others
ORDINARY = "一般农户"
KIND, APART = "监测对象类别", (("脱贫人口", "边缘易致贫户"), ("边缘易致贫人口", "脱贫不稳定户"))
KNOWN, CLEARED = "识别时间", "风险消除时间"


def admitted(program: Program) -> frozenset[str]:
    """The groups that ``program`` is for; empty where its document names none."""
    rules = [clause.holds for clause in program.clauses if clause.holds.fields == (GROUP,)]
    rules += [program.tally.counts] if program.tally else []
    return frozenset(name for rule in rules for name in re.findall(r"'([^']+)'", rule.source))


def for_groups(program: Program) -> bool:
    """Programmes for groups that the list has."""
    return pays(program) and bool(admitted(program) & set(LISTED))


def for_listed_alone(program: Program) -> bool:
    return for_groups(program) and admitted(program) <= set(LISTED)


def for_monitored(program: Program) -> bool:
    return pays(program) and bool(admitted(program) & set(MONITORED))


@check("JY201", needs=(PERSON,), about=for_groups, lists=(LIST,))
def not_on_the_list(book: Book) -> pl.DataFrame:
    """Who claims as one of the groups of the list, or as nobody in particular where the programme is for no others."""
    alone = book.of(for_listed_alone)[ROW]
    blank = pl.col(GROUP).is_null() & pl.col(ROW).is_in(alone.implode())
    rows = _claimed(book, for_groups).filter(pl.col(GROUP).is_in(LISTED) | blank)
    unread = pl.col(bad(GROUP)) if bad(GROUP) in rows.columns else pl.lit(value=False)
    silent = either(unread, "人员类别认不出", "没有写人员类别")
    told = either(pl.col(GROUP).is_null(), silent, said("填的是", pl.col(GROUP)))
    count = book.lists[LIST].dark
    dark = f"；名单有 {count} 个身份证号认不出，也可能在其中" if count else ""
    problem = said(told, f"，不在{book.drawn(LIST)}上{dark}")
    return found(book.missing_from(LIST, rows), PERSON, problem, want="在名单上", fen=pl.col(FEN))


@check("JY201", needs=(PERSON, GROUP), about=for_groups, lists=(LIST,))
def listed_as_another_group(book: Book) -> pl.DataFrame:
    """On the list, but there of a group that the programme is not for. Two entries of one person: either may be right."""
    here = [program for index, program in enumerate(book.pack.programs) if index in book.held and for_groups(program)]
    return stack(*(_otherwise(book, program) for program in here))


def _otherwise(book: Book, program: Program) -> pl.DataFrame:
    groups = sorted(admitted(program))
    mine = _claimed(book, lambda other: other is program)
    mine = mine.filter(pl.col(GROUP).is_in(LISTED), pl.col(GROUP).is_in(groups))
    rows, theirs_ = book.hits(LIST, rows=mine), pl.col(theirs(GROUP))
    wrong = theirs_.is_in([*LISTED, ORDINARY]) & ~theirs_.is_in(groups)
    rows = rows.filter(wrong.all(ignore_nulls=False).over(ROW)).unique(ROW, keep="first", maintain_order=True)
    problem = said("填的是", pl.col(GROUP), f"，{book.drawn(LIST)}上是", theirs_, "，见", pl.col(PLACE))
    return found(rows, GROUP, problem, want="、".join(groups), ground=program.source + program.cite, fen=pl.col(FEN))


@check("JY214", about=for_groups)
def of_two_groups(book: Book) -> pl.DataFrame:
    """Monitored as what the stated group can't be: who was lifted out of poverty is no 边缘户, and the other way round."""
    apart = pl.any_horizontal((pl.col(GROUP) == group) & (pl.col(KIND) == kind) for group, kind in APART)
    problem = said("人员类别是", pl.col(GROUP), "，监测对象类别却是", pl.col(KIND))
    return found(_claimed(book, for_groups).filter(apart), KIND, problem, want="两栏一致", level=DOUBT, fen=pl.col(FEN))


def _claimed(book: Book, wanted: Callable[[Program], bool]) -> pl.DataFrame:
    """Rows that claim, and those of the workers by whom an employer claims."""
    counted = book.of(lambda program: wanted(program) and program.tally is not None)[ROW]
    named = pl.col(ROW).is_in(counted.implode()) & pl.col(GROUP).is_not_null()
    return book.of(wanted).filter(pl.col(CLAIMS) | named)


@check("JY202", about=for_monitored)
def outside_by_its_own_row(book: Book) -> pl.DataFrame:
    rows = spanned(_monitored(book))
    early, late = rows.filter(_before(KNOWN)), rows.filter(_after(last(CLEARED)))
    vague = rows.filter(pl.col("风险是否已消除") & pl.col(CLEARED).is_null())
    told = said("风险 ", shown(CLEARED), " 已消除，补贴从 ", _start(), " 起")
    unknown = said("补贴到 ", pl.col(UNTIL), "，", shown(KNOWN), " 才识别为监测对象")
    stated, fen = "风险已消除，没有写消除时间，说不清补贴期间是不是监测对象", pl.col(FEN)
    return stack(
        found(early, KNOWN, unknown, want=said("不晚于补贴期末 ", pl.col(UNTIL)), fen=fen),
        found(late, CLEARED, told, want=said("不早于补贴期初 ", _start()), fen=fen),
        found(vague, "风险是否已消除", stated, want="补填风险消除时间", level=HINT, fen=fen),
    )


@check("JY202", needs=(PERSON, GROUP), about=for_monitored, lists=(LIST,), listed=((KNOWN, CLEARED),))
def outside_by_the_list(book: Book) -> pl.DataFrame:
    """By the list's dates, where the row has none of its own. Whoever is there as lifted out of poverty stays entitled."""
    rows = spanned(book.hits(LIST, rows=_monitored(book).filter(pl.col(KNOWN).is_null() & pl.col(CLEARED).is_null())))
    rows = rows.filter((pl.col(theirs(GROUP)) != LISTED[0]).fill_null(value=True).all().over(ROW))
    early, late = _before(theirs(KNOWN)).fill_null(value=False), _after(theirs(last(CLEARED))).fill_null(value=False)
    rows = rows.filter((early | late).all().over(ROW)).unique(ROW, keep="first", maintain_order=True)
    where = said("，见", pl.col(PLACE))
    began = said("补贴到 ", pl.col(UNTIL), f"，{book.drawn(LIST)}上 ", day(KNOWN), " 才识别为监测对象", where)
    ended = said(f"{book.drawn(LIST)}上风险 ", day(CLEARED), " 已消除，补贴从 ", _start(), " 起", where)
    return found(rows, PERSON, either(early, began, ended), want="补贴期间是监测对象", fen=pl.col(FEN))


def _monitored(book: Book) -> pl.DataFrame:
    """Claims of persons who are entitled only while they are monitored."""
    return book.of(for_monitored).filter(CLAIMS, pl.col(GROUP).is_in(MONITORED))


def _before(known: str) -> pl.Expr:
    return pl.col(known) > pl.col(UNTIL)


def _after(cleared: str) -> pl.Expr:
    return pl.col(cleared) < _start()


def _start() -> pl.Expr:
    """The first day of what is paid for; where only the day of the application is known, the work may be of all its year."""
    return pl.when(undated()).then(pl.col(DAY).dt.truncate("1y")).otherwise(pl.col(SINCE))
