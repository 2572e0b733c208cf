"""How lines of Chinese go on below: what a terminal of few columns shows."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from jybf.report.screen import tell


def lines(text, width):
    out = io.StringIO()
    screen = Console(file=out, width=width, color_system=None, highlight=False, markup=False, emoji=False)
    tell(screen, text)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_blank_beside_digits_leaves_no_stub():
    assert lines("须人工核实  跨省务工交通补贴：是否当年", 24) == ["须人工核实  跨省务工交通", "补贴：是否当年"]
    assert lines("在前 15 行里没有找到", 12) == ["在前 15 行里", "没有找到"]
    assert lines("不能超过前 15 行", 14) == ["不能超过前", "15 行"]


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one():
    assert lines("缺“合同开始”（应为 补齐）", 12) == ["缺“合同开始”", "（应为 补", "齐）"]
    assert lines("一二三四五，六", 10) == ["一二三四", "五，六"]
    assert lines("各行 12 · 表题", 9) == ["各行 12 ·", "表题"]


def test_a_file_keeps_its_suffix_and_what_is_wider_than_the_line_is_cut():
    assert lines("输入 花名册.xlsx", 11) == ["输入 花名", "册.xlsx"]
    assert lines("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


@given(st.text("一二（）“”，。、 15aZ.·_\n", max_size=60), st.integers(4, 30))
def test_nothing_is_lost_and_no_line_is_too_wide(text, width):
    shown = lines(text, width)
    assert "".join("".join(shown).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in shown)
