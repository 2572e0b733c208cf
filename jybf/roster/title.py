"""What stands above the header: the title, its year, its unit of money, and facts that hold for every row."""

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from jybf.model import Field
from jybf.regex import pattern
from jybf.roster.grid import joined
from jybf.vocabulary.fields import Fields
from jybf.vocabulary.values.addresses import county_in
from jybf.vocabulary.values.dates import arabic_date
from jybf.vocabulary.values.schools import school_year_in
from jybf.vocabulary.values.text import plain

# 联系电话 and the like above the header are those of whoever filled in the form, not of the people below.
_OF_ALL_ROWS = frozenset((
    "填报单位", "填报日期", "数据时点", "单位名称", "统一社会信用代码", "所属期", "乡镇", "行政村", "户籍县", "补贴项目",
    "批次", "法定代表人",
))  # fmt: skip
# Patterns are compiled when they are first asked for: most rosters ask for few, and each takes a millisecond.
_NAME = r"[^\s:：()（）]{2,12}(?:\s*[(（][^()（）]{1,6}[)）])?"
_PAIR = pattern(rf"({_NAME})\s*[:：](.*?)(?=\s+{_NAME}\s*[:：]|$)", re.DOTALL)
_YEAR = r"(?<![0-9])((?:19|20)[0-9]{2})年"
_TOWN_NAME = (
    r"(?P<town>(?!关于|附件|各|全)[\u4e00-\u9fff]{1,7}(?:(?<![城乡村集各全本])镇|(?<![城下返回还离家故老外异])乡|街道|苏木))"
)
_TOWN = r"(?:\(?[0-9]{1,2}\)?[.、-]?)?" + _TOWN_NAME + r"(?:\([0-9]+\)|花名册|名单|[0-9]{4}年.*)?"
_TITLE_OF_TOWN = (
    r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|市))?(?:[\u4e00-\u9fff]{2,7}?(?:自治州|州|市))?"
    r"(?:[\u4e00-\u9fff]{2,10}?(?:自治县|县|区|旗))?" + _TOWN_NAME + r"(?=[0-9(]|人民政府|$)"
)
_SHEET_OF_MONTH = r"(?:(?P<y>(?:19|20)[0-9]{2})(?:年|[-.]))?(?P<m>1[0-2]|0?[1-9])月份?(?:\([0-9]+\)|花名册|名单|发放表)?"
_OF_POSTS = r"公益性?岗位|公岗"  # paid by the month: other titles name the month of an application as well
_PAYS = "补贴|补助|发放|工资|报酬|考勤|出勤"
_DAY = r"(?:(?:19|20)[0-9]{2}年)?[0-9]{1,2}月[0-9]{1,2}[日号]"
_ANY_MONTH = r"[0-9]{1,2}月"
_MONTH_PAID = (
    r"(?<![0-9至到~—–-])(?<!截[至止]|日期|时间|填报|填表|制表|上报)(?P<y>(?:19|20)[0-9]{2})年(?P<m>1[0-2]|0?[1-9])月"
    r"(?!份?(?:[至到~—–、,和及起止前后-]|以[前后来]|申请|申报|公示|新|开发|招))"
)
_OF_A_FIRM = "公司|厂|合作社|车间|企业|工坊|基地|学校|学院|机构|园区|单位"
_UNIT = r"单位[:：]?(?:人民币)?([万千百]元)"
_DATED = r"\s+[0-9]{4}\s*[年.-]\s*[0-9]{1,2}\s*[月.-](?:\s*[0-9]{1,2}\s*日?)?$"  # 某某镇人民政府   2021年9月5日
_LONGEST = 500  # characters of a line that are looked at
_OWN_UNIT = r"(?:人民币)?[万千百]?元?(?:[、，,/]?[人天月户])*|[人天月户](?:[、，,/](?:[人天月户]|[万千百]?元))+"


class Title(msgspec.Struct, frozen=True):
    """``text`` in one line; ``year`` if it names exactly one; ``unit`` 万元, 千元, 百元 or ""; ``constants`` field → text.

    ``county``: the one that a title of persons, not of a firm, names in full, or "".
    ``notices``: what the name of the sheet says and the title contradicts or leaves open.
    """

    text: str = ""
    year: int | None = None
    unit: str = ""
    constants: Mapping[str, str] = {}
    notices: tuple[str, ...] = ()
    county: str = ""


def read_title(rows: Iterable[tuple[str | None, ...]], fields: Fields, name: str = "") -> Title:
    """The title above the header, from the rows of cells there; what it leaves open the ``name`` of the sheet may say."""
    lines = [joined(row)[:_LONGEST] for row in rows]
    pairs = [pair for line in lines for pair in _PAIR.findall(line)]
    headings = [plain(_PAIR.sub("", line)) for line in lines]
    years = set(re.findall(_YEAR, arabic_date("".join(headings))))
    year = int(years.pop()) if len(years) == 1 else None
    unit = re.search(_UNIT, plain(" ".join(lines)))
    period, notices = _period(name, year, _month_paid("|".join(headings)))
    towns = {found["town"] for text in headings if (found := re.match(_TITLE_OF_TOWN, text))}
    own = re.fullmatch(_TOWN, plain(name))
    town = own["town"] if own else towns.pop() if len(towns) == 1 else ""
    of_sheet = {"乡镇": town, "所属期": period, "学年": school_year_in("".join(headings))}
    said = {**of_sheet, **dict(_constants(pairs, fields))}
    facts = {label: value for label, value in said.items() if value}
    return Title(joined(lines), year, unit[1] if unit else "", facts, notices, _county([*headings, plain(name)]))


def _county(texts: Sequence[str]) -> str:
    """The county whose people a title is about; where a firm stands says nothing of where its workers are from."""
    return "" if re.search(_OF_A_FIRM, "".join(texts)) else county_in(texts) or ""


def _period(name: str, year: int | None, titled: str) -> tuple[str, tuple[str, ...]]:
    """The month that a sheet is named after (2021年3月, 3月份), its year at need that of the title; and what is in the way.

    ``titled``: the month that the title says is paid for; "" if it says none.
    """
    found = re.fullmatch(_SHEET_OF_MONTH, arabic_date(plain(name)))
    if not found:
        return titled, ()
    own = int(found["y"]) if found["y"] else year
    if own is None:
        return "", (f"工作表“{name}”的月份没有年份，没有用作所属期：请在表题或表名里写明年份",)
    if year and own != year:
        return "", (f"工作表“{name}”与表题的 {year} 年不符，没有用作所属期",)
    named = f"{own}年{int(found['m'])}月"
    if titled and titled != named:
        return "", (f"工作表“{name}”与表题的 {titled}不符，没有用作所属期",)
    return named, ()


def _month_paid(heading: str) -> str:
    """The one month that the title of a list of posts says it pays for; "" if it names none, or several."""
    text = re.sub(_DAY, "", arabic_date(heading))
    of_one = len(re.findall(_ANY_MONTH, text)) == 1 and re.search(_OF_POSTS, text) and re.search(_PAYS, text)
    found = re.search(_MONTH_PAID, text) if of_one else None
    return f"{found['y']}年{int(found['m'])}月" if found else ""


def _constants(pairs: Iterable[tuple[str, str]], fields: Fields) -> Iterable[tuple[str, str]]:
    for label, value in pairs:
        found = fields.find("填报单位" if plain(label) in ("单位", "单位(盖章)", "单位(公章)") else label)
        given = value.strip().strip("_").strip()
        has_blanks_to_fill = re.fullmatch(r"[年月日_\s]*", given)
        if (
            isinstance(found, Field)
            and found.name in _OF_ALL_ROWS
            and not has_blanks_to_fill
            and not re.fullmatch(_OWN_UNIT, given)
        ):
            yield found.name, re.sub(_DATED, "", given) if found.type == "text" else given
