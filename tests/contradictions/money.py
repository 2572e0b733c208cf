"""Sums that don't agree, accounts that are somebody else's, telephones that nobody has, and what is written beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jybf.model import HINT
from tests.contradictions.case import CARDS, PEOPLE, does, says

if TYPE_CHECKING:
    from tests.contradictions.sheet import Sheet

NOTE, LABOUR = "备注", "跨省 省内 公岗 丰都公岗 代训 吸纳"
OTHERS_ACCOUNT = (
    "卡号为其子",
    "卡为儿子的",
    "用其妻账户",
    "账号是其父亲的",
    "打入其女儿卡",
    "借用邻居银行卡",
    "代领人李四",
    "存折为村会计保管",
    "账户不是本人的",
    "由他人代领",
)
NOT_HERE = (
    "已死亡",
    "2021年3月病故",
    "2020-08-31离职",
    "已退岗",
    "人已失踪",
    "服刑中",
    "已停发",
    "退票",
    "已追回",
    "作废",
    "与上行重复",
    "不予发放",
)
NOT_SO = ("查无此人", "本人不知情", "冒名", "已享受过", "已领过", "户口已迁出", "情况待核实")
AT_HOME, OFFICE = ("未外出务工", "实际在家务农", "没有务工"), ("财政供养人员", "村干部")


def _same_account(sheet: Sheet, n: int) -> set[int]:
    other = sheet.stranger(n)
    sheet.put(n, 银行账号=sheet.get(other, "银行账号"))
    return {other, *(i for i in range(len(sheet.rows)) if sheet.get(i, "银行账号") == sheet.get(other, "银行账号"))}


def _one_telephone(sheet: Sheet, n: int) -> None:
    sheet.put(n, 联系电话="138001380")


CONTRADICTIONS = (
    says("申领 90000", PEOPLE.replace(" 公岗", "").replace(" 丰都公岗", ""), "金额", 金额="90000"),
    says("申领负数", PEOPLE, "金额", 金额="-800"),
    says("申领写成文字", PEOPLE, "金额", 金额="八百左右"),
    says("大写是另一个数", PEOPLE, "大写金额", 大写金额="玖佰玖拾玖元整"),
    says("补贴标准高出一倍", "代训", "", 补贴标准="600元/人·月", 金额=lambda s, n: 600 * int(s.get(n, "补贴月数"))),
    says("列错了资金", "跨省", "资金来源", 资金来源="就业补助资金"),
    does("与外人共用账号", CARDS, "银行账号", _same_account),
    says("开户名是别人", CARDS, "开户名", 开户名="戚冒领"),
    says("开户名是村委会", CARDS, "开户名", 开户名="东坡村村民委员会"),
    says("开户名是公司", CARDS, "开户名", 开户名="丰都县某劳务有限公司"),
    says("账号是本人身份证号", CARDS, "银行账号", 银行账号=lambda s, n: s.get(n, "身份证号")),
    says("账号是本人手机号", CARDS, "银行账号", 联系电话="19011223344", 银行账号="19011223344"),
    says("账号少了几位", CARDS, "银行账号", HINT, 银行账号="621700123"),
    says("账号成了科学计数", CARDS, "银行账号", 银行账号="6.21700E+18"),
    says("开户人证号是别人的", CARDS, "", 开户人身份证号="140926198003150016"),
    does("电话位数不对", "跨省 公岗 丰都公岗 雨露 创业 贷款", "联系电话", _one_telephone, HINT),
    *(says(f"备注：{text}", PEOPLE, NOTE, 备注=text) for text in (*OTHERS_ACCOUNT, *NOT_HERE, *NOT_SO)),
    *(says(f"备注：{text}", "跨省 省内", NOTE, 备注=text) for text in AT_HOME),
    *(says(f"备注：{text}", PEOPLE.replace(" 雨露", ""), NOTE, 备注=text) for text in OFFICE),
    *(says(f"备注：{text}", LABOUR, NOTE, 备注=text) for text in ("在校学生", "初中在读", "丧失劳动能力")),
)
