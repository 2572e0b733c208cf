"""More forms: what a lawful row of 山西's other tier, and of 丰都's employers, pupils, founders and borrowers holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.clean.clerk import LIFTED, Clerk, Person
from tests.clean.forms import Form, Row, approved, firm, house, identity, job

if TYPE_CHECKING:
    from collections.abc import Callable

SCHOOLS = {"中职": ("丰都示例职业教育中心", "重庆示例工商学校"), "高职": ("重庆示例职业技术学院", "四川示例职业学院")}
COUNTIES = ("太原市小店区", "晋中市榆次区", "大同市平城区", "太原市清徐县")
TRADES = ("小吃店", "便利店", "修理铺", "理发店")


def nearby(clerk: Clerk, count: int) -> Form:
    """山西, 2021: people of lifted households whom somebody has brought to work in another county of the province."""
    rows: list[Row] = []
    for place in range(count):
        person = clerk.person()
        work = job(clerk) | {"务工省份": "山西省", "务工县": clerk.one(COUNTIES)}
        rows.append({
            "序号": place + 1, **house(clerk), **identity(clerk, person), "户类型": clerk.one(LIFTED), **work,
            "是否有组织输出": "是", **approved(clerk, date(2021, 11, 1)), "申请金额（元）": clerk.sum(30_000),
            **account(clerk, person), "备注": None,
        })  # fmt: skip
    title = "静乐县2021年脱贫人口省内县外务工一次性交通补贴花名册"
    return Form((title, "填报单位（盖章）：静乐县示例局　　填报日期：2021年12月5日"), rows, "申请金额（元）", count * 30_000)


def hiring(clerk: Clerk, count: int) -> Form:
    """丰都: employers that took somebody on, with a labour contract and a year of contributions that go on."""
    rows: list[Row] = []
    employer: Row = {}
    for place in range(count):
        employer = employer if place % 4 else firm(clerk, place)
        person, start = clerk.person(), date(2021, 1, 1) + timedelta(days=clerk.between(0, 60))
        end = date(2024, start.month, start.day) - timedelta(days=1)
        rows.append({
            "序号": place + 1, **employer, **identity(clerk, person), "户籍所在省": "重庆市", "人员类别": clerk.one(LIFTED),
            "招用时间": clerk.day(start), "合同类型": "劳动合同", "劳动合同签订时间": clerk.day(start), "合同起止": clerk.span(start, end),
            "社保缴费起始月": f"{start:%Y-%m}", "连续缴费月数": clerk.between(12, 14), "仍在缴费": "是",
            **approved(clerk, date(2022, 4, 1)), "申请金额": clerk.sum(600_000), "备注": None,
        })  # fmt: skip
    title = "丰都县一次性吸纳就业补贴花名册"
    return Form((title, "填报单位（盖章）：丰都县示例局　　填报日期：2022年5月5日"), rows, "申请金额", count * 600_000)


def school(clerk: Clerk, count: int) -> Form:
    """丰都, school year 2021-2022: pupils of vocational schools of lifted households."""
    rows: list[Row] = []
    total = 0
    for place in range(count):
        stage = clerk.one(tuple(SCHOOLS))
        person = clerk.person(2002, 2003) if stage == "高职" else clerk.person(2004, 2005)
        sum_ = 500_000 if stage == "高职" else 300_000
        total += sum_
        entered = date(2021 if stage == "中职" else 2020, 9, 1)
        rows.append({
            "序号": place + 1, **house(clerk), "户编号": f"{place + 1:06d}", **identity(clerk, person), "户类型": clerk.one(LIFTED),
            "就读学校": clerk.one(SCHOOLS[stage]), "教育阶段": stage, "入学时间": clerk.day(entered), "学年": "2021-2022学年",
            **approved(clerk, date(2021, 10, 1)), "申请金额": clerk.sum(sum_), **account(clerk, person), "备注": None,
        })  # fmt: skip
    title = "丰都县2021-2022学年雨露计划职业教育补助申请花名册"
    return Form((title, "填报单位（盖章）：丰都县示例局　　填报日期：2021年11月30日"), rows, "申请金额", total)


def founding(clerk: Clerk, count: int) -> Form:
    """丰都: shops of lifted households that have run for more than half a year with three people or more."""
    rows: list[Row] = []
    for place in range(count):
        person, opened = clerk.person(), date(2021, 1, 5) + timedelta(days=clerk.between(0, 40))
        shop = firm(clerk, place, "92500230MA")
        trade = f"丰都县示例{person.name[0]}{place}{clerk.one(TRADES)}"
        rows.append({
            "序号": place + 1, **house(clerk), "户编号": f"{place + 1:06d}", **identity(clerk, person), "人员类别": clerk.one(LIFTED),
            "个体工商户名称": trade, "统一社会信用代码": shop["统一社会信用代码"], "单位类型": "个体工商户", "登记日期": clerk.day(opened),
            "正常经营月数": 8, "带动就业人数": clerk.between(3, 6), "员工缴保月数": clerk.between(6, 8),
            **approved(clerk, date(2021, 10, 20)), "申请金额": clerk.sum(800_000), **account(clerk, person), "备注": None,
        })  # fmt: skip
    title = "丰都县一次性创业补助花名册"
    return Form((title, "填报单位（盖章）：丰都县示例局　　填报日期：2021年12月5日"), rows, "申请金额", count * 800_000)


def lending(clerk: Clerk, count: int) -> Form:
    """丰都: loans of 2021 to single borrowers at 4.35 %, of which two points are subsidised for a quarter."""
    rows: list[Row] = []
    total = 0
    for place in range(count):
        person, lent, principal = clerk.person(), date(2021, 9, 1) + timedelta(days=clerk.between(0, 20)), clerk.between(5, 20)
        fen = principal * 1_000_000 * 2 * 90 // 36_000  # 2 % of so many times 10,000 yuan, 90 days of 360
        total += fen
        rows.append({
            "序号": place + 1, **identity(clerk, person), "人员类别": clerk.one(LIFTED), "贷款类型": "个人",
            "贷款合同编号": f"丰担2021-{place + 1:04d}", "贷款金额": clerk.sum(principal * 1_000_000), "执行利率": "4.35%",
            "贷款合同签订日期": clerk.day(lent), "贷款发放日期": clerk.day(lent), "贷款到期日期": clerk.day(date(2023, 9, lent.day)),
            "计息起止": clerk.span(lent, lent + timedelta(days=90)), "计息天数": 90, "是否逾期": "否", "是否展期": "否",
            **approved(clerk, date(2022, 1, 4)), "贴息金额": clerk.sum(fen), **account(clerk, person), "备注": None,
        })  # fmt: skip
    title = "丰都县创业担保贷款贴息台账"
    return Form((title, "填报单位（盖章）：丰都县示例局　　填报日期：2022年2月5日　　单位：元"), rows, "贴息金额", total)


def account(clerk: Clerk, person: Person) -> Row:
    return {"银行账号": clerk.account(), "开户名": clerk.written(person.name), "联系电话": clerk.phone()}


MORE: dict[str, tuple[Callable[[Clerk, int], Form], str, str]] = {
    "省内务工交通补贴": (nearby, "静乐县", "shanxi"),
    "一次性吸纳就业补贴": (hiring, "丰都县", "fengdu"),
    "雨露计划": (school, "丰都县", "fengdu"),
    "一次性创业补助": (founding, "丰都县", "fengdu"),
    "创业担保贷款贴息": (lending, "丰都县", "fengdu"),
}
