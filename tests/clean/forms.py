"""The forms: what a lawful row of each programme holds, and the file that it stands in."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count as naturals
from random import Random
from typing import TYPE_CHECKING

from openpyxl import Workbook

from tests.clean.clerk import FIRMS, LIFTED, POSTS, PROVINCES, STEMS, VILLAGES, Cell, Clerk, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

Row = dict[str, Cell]


@dataclass(frozen=True)
class Form:
    """A sheet: lines above the header, its rows, the column that the total adds up, and how much that is."""

    title: Sequence[str]
    rows: Sequence[Mapping[str, Cell]]
    summed: str
    fen: int

    def lines(self) -> Iterator[Sequence[Cell]]:
        header = list(self.rows[0])
        yield from ([text] for text in self.title)
        yield header
        yield from (list(row.values()) for row in self.rows)
        total: list[Cell] = [None] * len(header)
        total[0], total[header.index(self.summed)] = "合计", f"{self.fen / 100:.2f}"
        yield total
        yield ["填表人：卫填表　　　审核人：蒋审核"]


def transport(clerk: Clerk, count: int) -> Form:
    """山西, 2021: people of lifted households who worked in other provinces; families share accounts and phones."""
    sums = [clerk.between(200, 800) * 100 if clerk.chance(0.5) else 80_000 - clerk.between(0, 100) * 50 for _ in range(count)]
    rows: list[Row] = []
    for home in naturals(1):
        if len(rows) == count:
            break
        family, shared, account, phone = clerk.household(), clerk.chance(0.3), clerk.account(), clerk.phone()
        own = house(clerk) | {"户编号": f"{home:06d}", "户主姓名": clerk.written(family[0].name)}
        kind = clerk.one(LIFTED)
        for person in family[: count - len(rows)]:
            holder = family[0] if shared else person
            rows.append({
                "序号": len(rows) + 1, **own, **identity(clerk, person), "与户主关系": person.relation, "户类型": kind,
                **job(clerk), **approved(clerk, date(2021, 11, 1)), "申请金额（元）": clerk.sum(sums[len(rows)]),
                "资金来源": clerk.one(("衔接资金", "衔接推进乡村振兴补助资金", "")) or None,
                "一卡通账号": account if shared else clerk.account(), "开户名": clerk.written(holder.name),
                "联系电话": phone if clerk.chance(0.8) else None, "备注": "无" if clerk.chance(0.1) else None,
            })  # fmt: skip
    title = "静乐县2021年脱贫人口跨省务工一次性交通补贴花名册"
    return Form(
        (title, "填报单位（盖章）：静乐县示例局　　填报日期：2021年12月5日　　单位：元"), rows, "申请金额（元）", sum(sums)
    )


def post(clerk: Clerk, count: int) -> Form:
    """Public posts of 山西 or 丰都: one a household, contracts of at most a year, signed before and insured for all of it."""
    sums = [clerk.between(5, 8) * 10_000 for _ in range(count)]
    rows: list[Row] = []
    for place in range(count):
        person, own, account = clerk.person(), house(clerk), clerk.account()
        start = date(2021, 8, 1) + timedelta(days=clerk.between(0, 90))
        end = date(2022, start.month, start.day) - timedelta(days=1 if clerk.chance(0.7) else clerk.between(2, 20))
        signed = start - timedelta(days=clerk.between(0, 10))
        rows.append({
            "序号": place + 1, **own, "户编号": f"{place + 1:06d}", **identity(clerk, person), "年龄": 2022 - person.born,
            "人员类别": clerk.one(LIFTED), "岗位名称": clerk.one(POSTS), "用人单位": f"{clerk.county}{own['乡镇']}人民政府",
            "上岗时间": clerk.day(start), "协议签订时间": clerk.day(signed), "协议起止时间": clerk.span(start, end),
            "是否购买意外险": clerk.one(("是", "已购买", "√", "有")), "意外险起止": clerk.span(start, end),
            "所属期": clerk.one(("2022年6月", "2022-06", "2022.6", "202206")), "规定出勤天数": 22, "实际出勤天数": clerk.between(20, 22),
            "月岗位补贴（元）": clerk.sum(sums[place]), "银行账号": account, "开户名": clerk.written(person.name),
            "联系电话": clerk.phone() if clerk.chance(0.9) else None, "备注": None,
        })  # fmt: skip
    title = f"{clerk.county}乡村公益性岗位人员台账"
    return Form(
        (title, f"填报单位（盖章）：{clerk.county}示例局　　填报日期：2022年6月30日"), rows, "月岗位补贴（元）", sum(sums)
    )


def training(clerk: Clerk, count: int) -> Form:
    """山西 以工代训: employers with up to sixty workers; who changed between two of them never goes beyond six months in all."""
    rows: list[Row] = []
    total = left = 0
    employer: Row = {}
    movers: list[Person] = []  # trained from March to May elsewhere
    while len(rows) < count:
        if not left:
            employer, left = firm(clerk, len(rows)), clerk.between(3, 60)
        left -= 1
        mover = bool(movers) and clerk.chance(0.1)
        person, leaves = movers.pop() if mover else clerk.person(), not mover and clerk.chance(0.05)
        movers += [person] if leaves else []
        first, months = (8, clerk.between(1, 3)) if mover else (3, 3) if leaves else (clerk.between(1, 7), clerk.between(1, 6))
        final = first + months - 1
        total += months * 30_000
        rows.append({
            "序号": len(rows) + 1, **employer, **identity(clerk, person), "人员类别": clerk.one(LIFTED),
            "入职时间": clerk.day(date(2021, first, 1) - timedelta(days=clerk.between(0, 90))),
            "以工代训起止时间": clerk.one((f"2021.{first}-2021.{final}", f"2021年{first}月至2021年{final}月")), "补贴月数": months,
            "是否享受过以工代训": clerk.one(("否", "无", "未享受")), "补贴标准": "300元/人·月", "申请金额": clerk.sum(months * 30_000),
            **approved(clerk, date(2021, final, 28) + timedelta(days=4)), "备注": None,
        })  # fmt: skip
    second = "填报单位（盖章）：静乐县示例局　　填报日期：2022年2月28日　　地区：山西省"
    return Form(("静乐县2021年以工代训补贴花名册", second), rows, "申请金额", total)


def house(clerk: Clerk) -> Row:
    town = clerk.one(tuple(VILLAGES))
    return {"乡镇": town, "行政村": clerk.one(VILLAGES[town])}


def identity(clerk: Clerk, person: Person) -> Row:
    return {"姓名": clerk.written(person.name), "性别": clerk.sex(person), "身份证号码": clerk.id(person.number)}


def job(clerk: Clerk) -> Row:
    """At least three months of one year in another province."""
    start = date(2021, 2, 10) + timedelta(days=clerk.between(0, 60))
    end = date(2021, 8, 1) + timedelta(days=clerk.between(0, 80))
    province = clerk.one(PROVINCES)
    firm = f"{clerk.one(('某', '兴旺', '示例'))}{clerk.one(FIRMS)}"
    return {"务工省份": province, "务工单位": firm, "务工起止时间": clerk.span(start, end)}


def approved(clerk: Clerk, since: date) -> Row:
    """Applied for, approved, published for a week, paid: each in its turn."""
    days = [since + timedelta(days=clerk.between(0, 25))]
    for least, most in ((0, 10), (1, 3), (7, 9), (1, 20)):
        days.append(days[-1] + timedelta(days=clerk.between(least, most)))
    return dict(zip(("申请日期", "审批日期", "公示开始日期", "公示结束日期", "发放日期"), map(clerk.day, days), strict=True))


def firm(clerk: Clerk, place: int, began: str = "91140926MA") -> Row:
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    head = began + "".join(clerk.one(letters) for _ in range(7))
    check = -sum(letters.index(c) * pow(3, i, 31) for i, c in enumerate(head)) % 31
    return {"单位名称": f"山西示例{STEMS[place % 10]}{place}{clerk.one(FIRMS)}", "统一社会信用代码": head + letters[check]}


FORMS: dict[str, tuple[Callable[[Clerk, int], Form], str, str]] = {
    "跨省务工交通补贴": (transport, "静乐县", "shanxi"),
    "公益性岗位补贴": (post, "静乐县", "shanxi"),
    "丰都公益性岗位补贴": (post, "丰都县", "fengdu"),
    "以工代训补贴": (training, "静乐县", "shanxi"),
}


def write(name: str, path: Path, count: int, seed: int = 0) -> str:
    """Write ``count`` rows of FORMS[``name``] to ``path`` (.csv or .xlsx); gives the region whose law they keep."""
    make, county, region = FORMS[name]
    workbook = path.suffix == ".xlsx"
    form = make(Clerk(Random(seed), county, typed=workbook), count)  # noqa: S311  nothing secret
    (_write_xlsx if workbook else _write_csv)(form, path)
    return region


def _write_csv(form: Form, path: Path) -> None:
    width = len(form.rows[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*line, *[None] * (width - len(line))] for line in form.lines())


def _write_xlsx(form: Form, path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    for line in form.lines():
        sheet.append(list(line))
    book.save(path)
