"""What a heading that no field is for asks, and which answers speak against paying: by the kinds of headings, not by a list."""

import itertools

import polars as pl
import pytest

from jybf.vocabulary.questions import Question, answered, question

TITLE = "示例县2021年跨省务工交通补贴花名册"
HAD = Question(yes=True)


@pytest.mark.parametrize(
    "heading",
    ["".join(parts) for parts in itertools.product(("以前年度", "往年", "2020年", "上年度", "同类补贴"), ("是否", ""), ("享受", "领取"), ("情况", "补贴金额"))]
    + ["是否享受过同类补贴", "已领取金额（元）", "前期已发", "其他部门补贴", "应扣金额", "退款金额"],
)  # fmt: skip
def test_what_was_had_before_or_elsewhere_speaks_against_paying(heading):
    found = question(heading, TITLE)
    assert found, heading
    assert found.yes


@pytest.mark.parametrize(
    "heading",
    [
        "享受政策", "补贴标准", "本次领取金额", "领取方式", "领取人签字", "2021年享受月数", "是否享受过低保", "以前年度工资", "已领取人数",
        "稳岗返还金额", "务工单位性质", "民族", "文化程度", "备注一", "联系人", "已脱贫享受政策", "家庭人口数", "开户行", "是否", "核减后金额",
    ],
)  # fmt: skip
def test_other_headings_ask_nothing_of_the_kind(heading):
    assert question(heading, TITLE) is None


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("是否服刑", Question(yes=True)),
        ("是否作废", Question(yes=True, void=True)),
        ("迁出时间", Question(yes=True)),
        ("是否符合条件", Question(no=True)),
        ("符合条件（是/否）", Question(no=True)),
        ("乡镇审核结果", Question(no=True)),
        ("是否在岗", Question(no=True)),
        ("收款人是否本人", Question(no=True)),
        ("是否在校学生", Question(yes=True, who="劳动")),
        ("是否财政供养人员", Question(yes=True, who="务工")),
        ("是否外出务工", Question(no=True, who="外出")),
        ("核查情况/是否在校学生", Question(yes=True, who="劳动")),
        ("享受情况/2020年", Question(yes=True)),
        ("以前年度享受情况/月数", Question(yes=True)),
        ("有无逾期", Question(yes=True, who="贷款")),
    ],
)
def test_what_decides_about_a_claim_is_known_with_its_answer_and_whom_it_concerns(heading, found):
    assert question(heading, TITLE) == found


BLANK, NO = [None, "—", "/"], ["否", "无", "没有", "未享受", "×", "0", "0.00元", "0个月", "不存在", "首次", "n"]
YES = ["是", "√", "1", "800", "2020年享受3个月", "享受过", "不详", "不清楚", "未知", "待查", "2021-05-01"]


def test_what_denies_nothing_answers_yes_and_a_blank_answers_nothing():
    cells = pl.Series(BLANK + NO + YES)
    assert cells.filter(answered(HAD, cells)).to_list() == YES
    assert cells.filter(answered(Question(no=True), cells)).to_list() == NO
