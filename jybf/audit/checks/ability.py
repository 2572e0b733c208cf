"""Who is said to work and can't be: without the strength for it, at school, or not yet what the roster calls him."""

import polars as pl

from jybf.audit.book import CLAIMS, FEN, PLACE, Book, theirs
from jybf.audit.hits import WHEN, day, in_force
from jybf.audit.registry import check
from jybf.audit.scope import lends, pays, schools, starts_business, trains
from jybf.audit.wording import either, found, said, shown
from jybf.model import ROW, SHEET, Program, last

PERSON, CERTIFIED = "身份证号", "残疾证发证日期"
UNFIT = r"^(已|完全|全部)?(丧失|失去|无|没有)(全部)?劳动?(力|能力)|^(丧失|无|没有)$"
# School up to the twelfth year, or its vocational kind; who has left it is no pupil.
PUPIL = r"学前|幼儿|小学|初中|高中|普高|中职|中专|技校|技工|职高|职业中学|[一二三四五六七八九]年级"
SOME = "^是$|在校|在读|就读|学生"  # of whatever stage: nobody can tell
STUDENT = r"高职|高专|大专|专科|本科|大学|学院|研究生|硕士|博士"
GONE = r"毕业|肄业|结业|离校|退学|辍学|休学|转出|开除|除名|死亡|注销|非在校|不在校|未在校|已离"


def labours(program: Program) -> bool:
    """Programmes paid for work: journeys to it, posts, jobs; not for lessons, loans or a business of one's own."""
    apart = trains(program) or schools(program) or lends(program) or starts_business(program)
    return pays(program) and not apart and "入驻实体数" not in program.columns


@check("JY211", about=labours)
def unfit_by_its_own_row(book: Book) -> pl.DataFrame:
    """Weak and half labour is what public posts are for; only the loss of all of it contradicts the work."""
    rows = book.of(labours).filter(pl.col(CLAIMS) & pl.col("劳动能力").str.replace_all(r"\s", "").str.contains(UNFIT))
    problem = said("“劳动能力”填的是“", pl.col("劳动能力"), "”，却按务工、上岗申领")
    return found(rows, "劳动能力", problem, want="有劳动能力（含弱劳力、半劳力）", fen=pl.col(FEN))


@check("JY211", needs=(PERSON,), about=labours, lists=("特困供养",))
def kept_by_the_state(book: Book) -> pl.DataFrame:
    rows = in_force(book.hits("特困供养", rows=book.claims(labours)), "待遇开始日期", "待遇结束日期")
    problem = said(f"在{book.drawn('特困供养')}上，", pl.col(WHEN), "，却按务工、上岗申领，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="不是特困供养人员", fen=pl.col(FEN))


@check("JY212", about=labours)
def pupil_by_its_own_row(book: Book) -> pl.DataFrame:
    rows = book.of(labours).filter(pl.col(CLAIMS) & _pupil("在校生状况"))
    problem = said("“在校生状况”填的是“", pl.col("在校生状况"), "”，却按务工、上岗申领")
    return found(rows, "在校生状况", problem, want="不在高中及以下学校就读", fen=pl.col(FEN))


@check("JY212", needs=(PERSON,), about=labours, lists=("在校生",), listed=(("学校", "教育阶段"),))
def pupil_by_the_list(book: Book) -> pl.DataFrame:
    """On the rolls of a school for some of the time paid for; who has left it, or surely studies, is not meant."""
    rows = book.hits("在校生", rows=book.claims(labours))
    left = pl.col(theirs("学籍状态")).str.contains(GONE).fill_null(value=False)
    kinds = [pl.col(theirs(name)) for name in ("教育阶段", "学校")]
    schooled, higher = (
        pl.any_horizontal(*(kind.str.contains(words).fill_null(value=False) for kind in kinds))
        for words in (f"{PUPIL}|中学", STUDENT)
    )
    rows = in_force(rows.filter(~left & (schooled | ~higher)), "入学日期", "毕业日期")
    school = pl.coalesce(theirs("学校"), theirs("教育阶段"))
    where = either(school.is_not_null(), said("就读“", school, "”"), "没有写学校")
    stage = either(schooled & ~higher, "", "，看不出是高中及以下，还是大学、高职")
    problem = said(f"在{book.drawn('在校生')}上，", where, stage, "，", pl.col(WHEN), "，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want="不在高中及以下学校就读", fen=pl.col(FEN))


def _pupil(name: str) -> pl.Expr:
    text = pl.col(name)
    return text.str.contains(f"{PUPIL}|{SOME}") & ~text.str.contains(STUDENT) & ~text.str.contains(GONE)


@check("JY213", about=trains)
def certified_after_the_course(book: Book) -> pl.DataFrame:
    rows = book.of(trains).filter(pl.col(CLAIMS) & (pl.col(CERTIFIED) > pl.col(last("培训结束日期"))))
    problem = said("残疾证 ", shown(CERTIFIED), " 才发，培训 ", shown("培训结束日期"), " 已经结束")
    return found(rows, CERTIFIED, problem, want=said("不晚于 ", shown("培训结束日期")), fen=pl.col(FEN))


@check("JY213", needs=(PERSON, "培训结束日期"), about=trains, lists=("残疾证",), listed=(CERTIFIED,))
def listed_after_the_course(book: Book) -> pl.DataFrame:
    """Trained as a disabled person, by a number of a certificate or the sheet's title, before there was a certificate."""
    titled = [sheet.index for sheet in book.roster.sheets if "残疾" in sheet.title + sheet.name]
    named = pl.col("残疾证号").is_not_null() | pl.col(SHEET).is_in(titled)
    rows = book.hits("残疾证", rows=book.of(trains).filter(pl.col(CLAIMS) & named))
    issued = pl.col(theirs(CERTIFIED))
    rows = rows.filter(issued.min().over(ROW) > pl.col(last("培训结束日期"))).unique(ROW, keep="first", maintain_order=True)
    issue = said(f"在{book.drawn('残疾证')}上，残疾证 ", day(CERTIFIED), " 才发，")
    problem = said(issue, "培训 ", shown("培训结束日期"), " 已经结束，见", pl.col(PLACE))
    return found(rows, PERSON, problem, want=said("不晚于 ", shown("培训结束日期")), fen=pl.col(FEN))
