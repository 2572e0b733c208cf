"""Yes and no: a word is one or the other only if it speaks of the field, and a remark in brackets may turn it."""

import pytest

from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.values.choices import bool_parser, enum_parser
from jybf.vocabulary.values.text import Unreadable

FIELDS = load_fields().by_name


def said(name: str, text: str) -> object:
    """What is read; "?" where nothing can be."""
    field = FIELDS[name]
    value = (enum_parser if field.values and field.type == "enum" else bool_parser)(field)(text)
    return "?" if isinstance(value, Unreadable) else value


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("仍在缴费", "是 在缴 已参保 未停缴 未断缴 正常", "否 停缴 已停缴 已退保 已中断 未参保 没参保"),
        ("逾期", "是 逾期 已逾期 有", "否 未逾期 没有逾期 不逾期 正常"),
        ("享受过以工代训", "是 已享受 已领过 享受过了", "否 未享受 从未享受 没有享受过 未领 首次"),
        ("意外险", "已购 已购买意外险 已投保 √", "未购 未购买 未投保 ×"),
        ("易地搬迁", "已搬迁 是（集中安置）", "未搬迁 否（未搬迁）"),
    ],
)
def test_what_was_done_or_was_not_is_a_yes_or_a_no_of_its_own_word(name: str, yes: str, no: str) -> None:
    assert {text: said(name, text) for text in yes.split()} == dict.fromkeys(yes.split(), True)
    assert {text: said(name, text) for text in no.split()} == dict.fromkeys(no.split(), False)


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.type == "bool"])
@pytest.mark.parametrize(
    "text", ["未知", "未核实", "未填", "已核实", "已查", "已上报", "未定", "不清楚", "是（待核实）", "否（存疑）"]
)
def test_what_is_said_of_something_else_is_no_answer(name: str, text: str) -> None:
    assert said(name, text) == "?"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("仍在缴费", "是（已停缴）", "?"),
        ("本人申请", "是（村干部代签）", "?"),
        ("享受过以工代训", "否（首次）", False),
        ("人员类别", "脱贫户（不享受政策）", "?"),
        ("人员类别", "脱贫户(已清退)", "?"),
        ("人员类别", "脱贫户（2014年脱贫）", "脱贫人口"),
        ("监测对象类别", "边缘易致贫户（风险未消除）", "边缘易致贫户"),
        ("监测对象类别", "突发严重困难户（已消除）", "?"),
    ],
)
def test_a_remark_in_brackets_that_may_turn_the_word_is_told(name: str, text: str, value: object) -> None:
    assert said(name, text) == value
