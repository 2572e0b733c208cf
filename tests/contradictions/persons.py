"""Who somebody is: numbers, names, sexes and ages that can't be, and two rows that can't both be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jybf.model import HINT
from tests.contradictions.case import CARDS, PEOPLE, does, says
from tests.roster.books import idno

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contradictions.sheet import Sheet

ID, NAME = "身份证号", "姓名"
WORK = "跨省 省内 公岗 丰都公岗 代训 吸纳 创业"


def number(change: Callable[[str], str]) -> Callable[[Sheet, int], str]:
    return lambda sheet, n: change(sheet.get(n, ID).translate(FULL).upper())


FULL = str.maketrans("０１２３４５６７８９Ｘ", "0123456789X")


def born(year: int) -> Callable[[Sheet, int], str]:
    return number(lambda own: idno(f"{own[:6]}{year}0615{own[14:17]}"))


def _same_number(sheet: Sheet, n: int) -> set[int]:
    other = sheet.stranger(n)
    sheet.put(n, 身份证号=sheet.get(other, ID))
    return {other}


def _two_numbers(sheet: Sheet, n: int) -> set[int]:
    """One man twice: name, village, telephone alike, another number of the same day."""
    other = sheet.stranger(n)
    own = number(str)(sheet, other)
    sheet.put(other, 联系电话="19011220000")
    cells = {name: sheet.get(n, name) for name in ("户编号", "银行账号", "统一社会信用代码", "单位名称") if sheet.get(n, name)}
    sheet.rows[n] = sheet.copy(other, 身份证号=idno(f"{own[:14]}{(int(own[14:17]) + 2) % 1000:03d}"), **cells)
    return {other}


def _old_number(sheet: Sheet, n: int) -> set[int]:
    other = sheet.stranger(n)
    own = number(str)(sheet, other)
    sheet.rows[n] = sheet.copy(other, 身份证号=own[:6] + own[8:17])
    return {other}


def _twice(sheet: Sheet, n: int) -> set[int]:
    other = sheet.stranger(n)
    sheet.rows[n] = sheet.copy(other, 身份证号=number(str.lower)(sheet, other))
    return {other}


CONTRADICTIONS = (
    says(
        "证号末位录错",
        PEOPLE,
        ID,
        身份证号=number(lambda own: own[:17] + str((int(own[16]) + 5) % 10 if own[17] == "X" else "X")),
    ),
    says("证号少一位", PEOPLE, ID, 身份证号=number(lambda own: own[:17])),
    says("证号里的月份是 13", PEOPLE, ID, 身份证号=number(lambda own: idno(f"{own[:10]}1306{own[14:17]}"))),
    says("申请时还没有出生", PEOPLE, ID, 身份证号=born(2023)),
    says("生于 1890 年", PEOPLE, ID, 身份证号=born(1890)),
    says("15 位旧号", PEOPLE, ID, 身份证号=number(lambda own: own[:6] + own[8:17])),
    says("前两位不是哪个省", PEOPLE, ID, 身份证号=number(lambda own: idno(f"18{own[2:17]}"))),
    says("证号成了科学计数", PEOPLE, ID, 身份证号=number(lambda own: f"{own[0]}.{own[1:6]}E+17")),
    says("证号打了星号", PEOPLE, ID, 身份证号=number(lambda own: f"{own[:6]}********{own[14:]}")),
    says("证号空着", PEOPLE, "", 身份证号=None),
    says("证号是手机号", PEOPLE, ID, 身份证号="19012345678"),
    says("性别与证号相反", PEOPLE, "性别", 性别=lambda s, n: "女男"[int(number(str)(s, n)[16]) % 2 == 0]),
    says("14 岁报务工", WORK, ID, 身份证号=born(2008)),
    says("九旬老人报务工", "跨省 省内 公岗 代训 吸纳", ID, 身份证号=born(1929)),
    says("年龄差 11 岁", PEOPLE, "年龄", HINT, 年龄=lambda s, n: 2021 - int(number(str)(s, n)[6:10]) + 11),
    says("出生日期是另一天", PEOPLE, "出生日期", HINT, 出生日期=lambda s, n: f"{int(number(str)(s, n)[6:10]) - 3}-02-03"),
    says("姓名是某某", PEOPLE, NAME, 姓名="吕某某"),
    says("姓名打了星号", PEOPLE, NAME, 姓名="吕**"),
    says("姓名里有问号", PEOPLE, NAME, 姓名="吕?"),
    says("姓名里有方框", PEOPLE, NAME, 姓名="吕□"),
    says("姓名里有认不出的字", PEOPLE, NAME, 姓名="吕\ufffd明"),
    says("姓名是测试", PEOPLE, NAME, 姓名="测试"),
    says("一格两个姓名", PEOPLE, NAME, 姓名="张甲子、李乙丑"),
    says("姓名是数字", PEOPLE, NAME, 姓名="12345"),
    says("姓名空着", PEOPLE, NAME, HINT, 姓名=None),
    does("两个人一个证号", PEOPLE, "", _same_number),
    does("一个人两个证号", "跨省 省内 公岗 丰都公岗 创业", "", _two_numbers),
    does("15 位号、18 位号各报一次", CARDS, "", _old_number),
    does("同一行报了两次", PEOPLE, "", _twice),
)
