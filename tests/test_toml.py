"""The one door for TOML: every fault at once, each with its line, the near word and what would be right."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec
import pytest

from jybf.errors import PackError, UsageError
from jybf.vocabulary.toml import Door


@dataclass(frozen=True)
class Sum:
    kind: Literal["cap", "fixed", "open"]
    yuan: str = ""


class Rule(msgspec.Struct):
    id: str
    amount: Sum
    says: str = ""
    until: date | None = None
    once: tuple[str, ...] = ()
    given: dict[str, int] | list[dict[str, int]] = []
    days: Literal[360, 365] = 360


class File(msgspec.Struct):
    rule: list[Rule]
    name: str = ""


RULE = '[[rule]]\nid = "甲"\n[rule.amount]\nkind = "cap"\n'


def told(text):
    try:
        problems = Door("规则").typed(text.encode(), File, "x.toml")[1]
    except PackError as refused:
        problems = refused.problems
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE + "[[rule]]\nid = '乙'\nsay = 1\namount = { kind = 'cap' }", "x.toml 第 7 行 乙：没有“say”这个键，是不是“says”"),
        (RULE.replace("cap", "fixd"), "x.toml 第 4 行 甲：“amount.kind”没有“fixd”这个取值，是不是“fixed”；可用：cap、fixed、open"),
        (RULE.replace('"cap"', "3"), "x.toml 第 4 行 甲：“amount.kind”应是文字，写成了整数"),
        ("[[rule]]\nid = '甲'", "x.toml 第 1 行 甲：缺“amount”"),
        ("rule = 3", "x.toml 第 1 行：“rule”应是以 [[rule]] 开头的表，写成了整数"),
        ("[[rule]]\nid = '甲'\namount = 800", "x.toml 第 3 行 甲：“amount”应是以 [amount] 开头的表，写成了整数"),
        ("name = 'x'", "x.toml：缺“rule”"),
        (RULE.replace("id", "until = '2025-12-31'\nid"), "x.toml 第 2 行 甲：“until”应是日期（如 2026-12-31，不加引号），写成了文字"),
        (RULE.replace("id", "until = 2025-12-31T00:00:00\nid"), "x.toml 第 2 行 甲：“until”应是日期（如 2026-12-31，不加引号），写成了日期加时刻"),
        (RULE.replace("id", "once = ['证号', 1]\nid"), "x.toml 第 2 行 甲：“once 第 2 个”应是文字，写成了整数"),
        (RULE.replace("id", "given = 'x'\nid"), "“given”应是以 [given] 开头的表或以 [[given]] 开头的表，写成了文字"),
        (RULE.replace("id", "given = [{ 'a' = true }]\nid").replace("'a'", "a"), "x.toml 第 2 行 甲 第 1 个 given：“a”应是整数，写成了true 或 false"),
        (RULE.replace("id", "days = 300\nid"), "“days”没有“300”这个取值"),
        ("name = 'x'\n[[rule]", "x.toml 第 2 行：不是正确的 TOML"),
        ("x = " + "[" * 2000, "不是正确的 TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_told_where_it_stands_with_what_would_be_right(text, said):
    assert said in "\n".join(told(text))


def test_all_faults_are_told_at_once_and_what_is_right_is_kept():
    text = f"nmae = 'x'\n{RULE}[[rule]]\nid = '乙'\n{RULE.replace('cap', 'x').replace('id', 'ID')}"
    found, problems = Door("规则", hint="改好").typed(text.encode(), File, "x.toml")
    assert [rule.id for rule in found.rule] == ["甲"]
    assert [problem.where for problem in problems] == [
        "x.toml 第 1 行", "x.toml 第 6 行 乙", "x.toml 第 9 行 第 3 个 rule", "x.toml 第 8 行 第 3 个 rule", "x.toml 第 11 行 第 3 个 rule",
    ]  # fmt: skip
    assert {problem.hint for problem in problems} == {"改好"}


def test_a_file_that_is_not_there_or_no_text_is_an_error_of_its_kind(tmp_path):
    door = Door("列名文件", UsageError)
    (tmp_path / "gbk.toml").write_bytes("名 = 1".encode("gb18030"))
    for name, said in (("无.toml", "列名文件读不到：没有这个文件"), ("", "列名文件读不到"), ("gbk.toml", "不是 UTF-8")):
        with pytest.raises(UsageError, match=said):
            door.load(tmp_path / name, File)
