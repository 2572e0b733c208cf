"""Columns that say how somebody or something is: what is not known to be well is told, whatever it is."""

from functools import partial

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book, Which
from jybf.audit.checks.ability import UNFIT, labours
from jybf.audit.checks.people import DEAD
from jybf.audit.checks.procedure import FAILED
from jybf.audit.checks.registers import in_trouble
from jybf.audit.checks.schools import LEFT, OVER
from jybf.audit.registry import check
from jybf.audit.scope import pays, schools, starts_business, to_employer
from jybf.audit.wording import found, said
from jybf.model import DOUBT
from jybf.vocabulary.remarks import BRACKETS

_TRADING = "(?:正常|持续|继续)?(?:经营|营业|在营)中?|在经营|正常|存续|在业|在册|开业|登记成立|成立|有效|未注销"
_STUDIES = "(?:正常)?(?:在籍|在读|在校|就读)(?:在读|在校|就读)?(?:学?生)?"
_ENROLLED = f"正常|有效|有学籍|(?:已|有)?注册(?:学籍)?|未毕业|已?复学|入学|新生|{_STUDIES}"
_ABLE = "部分丧失劳动(?:力|能力)|(?:有|具备|正常)?(?:普通|技能|弱|半|部分|一般|全|整|强)?(?:劳动?(?:力|能力)(?:者)?)?|是|健全"
_ALIVE = "健在|在世|在|生存|存活|活着?|正常|良好|健康|未死亡|未去世|未亡|无异常|无|否|有"
_SENT = "(?:已|待|未)?(?:发|发放|拨付|支付|打卡|兑付|到账)(?:成功)?|成功|正常|完成|已完成"
# By code: the column, whom it concerns, the words for well, what it is to be, and what another check tells of already.
STATES: tuple[tuple[str, str, Which, str, str, pl.Expr], ...] = (
    ("JY203", "生存状态", pays, _ALIVE, "在世", pl.col("生存状态").str.contains(DEAD)),
    ("JY211", "劳动能力", labours, _ABLE, "有劳动能力", pl.col("劳动能力").str.replace_all(r"\s", "").str.contains(UNFIT)),
    ("JY418", "学籍状态", schools, _ENROLLED, "在籍", pl.col("学籍状态").str.contains(f"{LEFT}|{OVER}$")),
    ("JY415", "经营状态", starts_business, _TRADING, "在营", in_trouble()),
    ("JY702", "经营状态", to_employer, _TRADING, "在营", in_trouble()),
    ("JY904", "发放状态", pays, _SENT, "要发", pl.col("发放状态").str.contains(FAILED)),
)


def _not_known_to_be_well(book: Book, name: str, which: Which, well: str, want: str, told: pl.Expr) -> pl.DataFrame:
    state = pl.col(name).str.replace_all(rf"\s|{BRACKETS}", "")
    rows = book.of(which).filter(CLAIMS & ~state.str.contains(rf"^(?:(?:{well})?(?:[、，,；;/或和]|$))+$") & ~told)
    problem = said(f"“{name}”填的是“", pl.col(name), f"”，看不出是不是{want}，仍在申领")
    return found(rows, name, problem, want=want, level=DOUBT, fen=pl.col(FEN))


for _code, _name, _which, _well, _want, _told in STATES:
    check(_code, about=_which)(partial(_not_known_to_be_well, name=_name, which=_which, well=_well, want=_want, told=_told))
