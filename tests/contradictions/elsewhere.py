"""What a list, an earlier payment, another file or a mark in the workbook says against a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.contradictions.case import CARDS, DATED, PEOPLE, Change, Contradiction, does
from tests.contradictions.persons import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clean.clerk import Cell
    from tests.contradictions.sheet import Sheet

LABOUR, POST = "跨省 省内 公岗 丰都公岗 代训 吸纳", "公岗 丰都公岗"
ALL = PEOPLE
PUPIL = {"入学日期": "2019-09-01", "毕业日期": "2024-07-01", "学籍状态": "在读"}


def listed(name: str, forms: str, kind: str, **cells: Cell | Callable[[Sheet, int], Cell]) -> Contradiction:
    """The person of the row stands on a list of this kind."""

    def change(sheet: Sheet, n: int) -> None:
        told = {field: value(sheet, n) if callable(value) else value for field, value in cells.items()}
        sheet.lists.setdefault(kind, []).append({"姓名": sheet.get(n, "姓名"), "身份证号": number(str)(sheet, n)} | told)

    return does(name, forms, "", change, kind="名单")


def owner(name: str, forms: str, **cells: Cell) -> Contradiction:
    def change(sheet: Sheet, n: int) -> None:
        person = {"法定代表人": sheet.get(n, "姓名"), "法定代表人身份证号": number(str)(sheet, n)}
        sheet.lists.setdefault("工商登记", []).append({"单位名称": f"示例{n}酒楼"} | person | cells)

    return does(name, forms, "", change, kind="名单")


def paid_before(name: str, forms: str, change: Change) -> Contradiction:
    return does(name, forms, "", change, kind="名单")


def _paid(*without: str) -> Change:
    def change(sheet: Sheet, n: int) -> None:
        sheet.past.append({header: None if header in without else value for header, value in sheet.rows[n].items()})

    return change


def _shared_with_the_past(sheet: Sheet, n: int) -> None:
    other = sheet.clerk.person()
    past = {"姓名": other.name, "身份证号码": other.number, "户编号": "900001", "乡镇": "别乡", "行政村": "别村"}
    sheet.past.append(
        sheet.rows[n] | {h: v for h, v in past.items() if h in sheet.rows[n]} | {sheet.header("开户名"): other.name}
    )


def _in_two_files(sheet: Sheet, n: int) -> None:
    sheet.again[n] = len(sheet.second)
    sheet.second.append(sheet.copy(n))


def commented(text: str) -> Contradiction:
    def change(sheet: Sheet, n: int) -> None:
        sheet.comments[n, sheet.header("姓名")] = text

    return does(f"批注：{text}", ALL, "姓名", change, kind="工作簿")


def _struck(sheet: Sheet, n: int) -> None:
    sheet.struck.add(n)


CONTRADICTIONS = (
    listed("名单：前年就去世了", ALL, "死亡", 死亡日期="2019-05-01"),
    listed("名单：去世，没有写哪一天", ALL, "死亡"),
    listed("名单：15 位旧号的死者", ALL, "死亡", 死亡日期="2019-05-01", 身份证号=number(lambda own: own[:6] + own[8:17])),
    listed("名单：一直在服刑", ALL, "服刑", 服刑开始日期="2018-01-01", 服刑结束日期="2026-01-01"),
    listed("名单：财政发工资", LABOUR, "财政供养", 任职开始日期="2010-01-01", 单位名称="示例镇中心小学"),
    listed(
        "名单：账号是会计的",
        CARDS,
        "村干部",
        姓名="会计甲",
        身份证号="140926197001010018",
        职务="会计",
        银行账号=lambda s, n: s.get(n, "银行账号"),
    ),
    listed(
        "名单：账号是经办人的",
        CARDS,
        "经办人",
        姓名="经办乙",
        身份证号="140926197001010034",
        银行账号=lambda s, n: s.get(n, "银行账号"),
    ),
    listed("名单：早就领养老金", f"{POST} 吸纳", "养老待遇", 待遇开始日期="2015-01"),
    listed("名单：在读初中", LABOUR, "在校生", 学校="示例县初级中学", **PUPIL),
    listed("名单：在读，分不出学段", LABOUR, "在校生", 学校="静乐示例学校", **PUPIL),
    listed("名单：在读，没有写学校", LABOUR, "在校生", **PUPIL),
    listed("名单：特困供养", LABOUR, "特困供养", 待遇开始日期="2015-01-01"),
    listed("名单：协作资金发过", "跨省 省内", "协作资金", 补贴项目="跨省务工交通补助", 所属期="2021年", 发放金额="800"),
    listed(
        "名单：外县发过", "跨省 省内", "上级汇总", 补贴项目="跨省务工交通补贴", 所属期="2021年", 发放金额="800", 发放县="岚县"
    ),
    listed("名单：同期在公岗", "跨省", "公岗台账", 上岗日期="2020-06-01", 退岗日期="2022-05-31"),
    listed(
        "名单：同期在外县务工",
        POST,
        "务工台账",
        务工省="广东省",
        务工县="番禺区",
        务工开始日期="2021-06-01",
        务工结束日期="2022-11-30",
    ),
    owner("名单：名下有企业", "公岗", 登记日期="2018-01-01", 经营状态="存续"),
    paid_before("历史：同一年领过", "跨省 省内 吸纳 雨露 创业 代训", _paid()),
    paid_before("历史：没有写乡镇村", "跨省 省内 雨露 创业", _paid("乡镇", "行政村", "户编号", "户主姓名")),
    paid_before("历史：没有写证号", "跨省 省内 吸纳 雨露 创业 代训", _paid("身份证号码")),
    paid_before("历史：账号发给过别人", "跨省 省内 雨露 创业", _shared_with_the_past),
    does("在另一份表里又报一次", DATED, "", _in_two_files, kind="名单"),
    *(commented(text) for text in ("已死亡，停发", "卡号是他儿子的", "查无此人", "人在监狱服刑")),
    does("整行有删除线", ALL, "姓名", _struck, kind="工作簿"),
)
