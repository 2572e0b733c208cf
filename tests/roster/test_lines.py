"""Which lines are people, and what the others are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jybf.model import Total
from jybf.roster import cell, read
from tests.roster.books import HEADER, WANG, book, idno, people

ZHAO = idno("500230198801014012"[:17])
SHAPES = st.lists(st.sampled_from(["数据", "合计", "落款", "空行", "表头"]), max_size=12)


def test_title_header_people_totals_and_signatures_each_have_their_place(tmp_path):
    path = book(
        tmp_path,
        ["双路镇2021年交通补助花名册"],
        ["填报单位（盖章）：双路镇人民政府   填报日期：2021年9月1日   单位：元"],
        HEADER,
        *people(2),
        [],
        ["合计", None, "2人", 1600],
        ["填表人：赵六   审核人：钱七"],
        [None, None, None, "2021年9月1日"],
    )
    sheet = read([path]).sheets[0]
    assert sheet.lines == {"表题": 2, "表头": 1, "数据": 2, "合计": 1, "示例": 0, "落款": 2, "空行": 1}
    assert sheet.header_line == 3
    assert sheet.totals == (Total(7, "申请金额", 160000, 160000, True), Total(7, "人数", 2, 2, True, "C7"))


def test_a_row_with_a_name_or_an_amount_but_no_id_is_a_person(tmp_path):
    rows = read([book(tmp_path, HEADER, (1, "张三", None, None), (2, None, None, 800), *people(1))]).rows
    assert rows["行号"].to_list() == [2, 3, 4]


def test_a_header_repeated_on_the_next_page_is_no_person(tmp_path):
    assert read([book(tmp_path, HEADER, *people(1), HEADER, *people(1))]).rows["行号"].to_list() == [2, 4]


def test_a_row_that_numbers_the_columns_is_no_person(tmp_path):
    assert read([book(tmp_path, HEADER, (1, 2, 3, 4), *people(1))]).rows["行号"].to_list() == [3]


def test_a_template_line_with_only_its_serial_number_is_blank(tmp_path):
    sheet = read([book(tmp_path, HEADER, *people(1), [2], [3], ["填表人：某某"])]).sheets[0]
    assert (sheet.lines["数据"], sheet.lines["空行"], sheet.lines["落款"]) == (1, 2, 1)


@pytest.mark.parametrize(
    "row",
    [
        ("示例", "张三", ZHAO, 800),
        ("例", "张三", ZHAO, 800),
        ("填写示例：", "张三", ZHAO, 800),
        (None, "例如", ZHAO, 800),
    ],
)
def test_a_templates_example_is_nobodys_row_even_with_an_id(tmp_path, row):
    roster = read([book(tmp_path, HEADER, row, *people(1))])
    assert roster.rows["行号"].to_list() == [3]
    assert roster.sheets[0].lines["示例"] == 1


@pytest.mark.parametrize("words", ["填写说明", "填表说明：身份证号填 18 位", "说明："])
def test_a_templates_instructions_are_nobodys_row_even_with_an_id(tmp_path, words):
    roster = read([book(tmp_path, HEADER, (words, "姓名照身份证填", ZHAO, 800), *people(1))])
    assert roster.rows["行号"].to_list() == [3]
    assert roster.sheets[0].lines["落款"] == 1


def test_a_person_whose_name_only_begins_like_an_example_stays_a_person(tmp_path):
    assert read([book(tmp_path, HEADER, (1, "例阿妹", ZHAO, 800))]).rows.height == 1


def test_leading_blank_rows_and_columns_keep_excels_own_numbers(tmp_path):
    shifted = [[None, None, *row] for row in (HEADER, *people(1))]
    roster = read([book(tmp_path, [], [], [], *shifted)])
    assert roster.rows["行号"].to_list() == [5]
    assert cell(roster.sheets[0], "身份证号", 5) == "E5"


@settings(max_examples=30, deadline=None)
@given(SHAPES)
def test_every_row_ends_in_exactly_one_kind(tmp_path_factory, shapes):
    looks = {
        "数据": (1, "张三", ZHAO, 800),
        "合计": ("合计", None, None, 800),
        "落款": ("审核人：某某",),
        "空行": (),
        "表头": HEADER,
    }
    rows = [("花名册",), HEADER, people(1)[0], *(looks[shape] for shape in shapes), ("注：完",)]
    lines = read([book(tmp_path_factory.mktemp("s"), *rows)]).sheets[0].lines
    assert sum(lines.values()) == len(rows)
    assert {kind: lines[kind] for kind in looks} == {
        kind: shapes.count(kind) + {"数据": 1, "表头": 1, "落款": 1}.get(kind, 0) for kind in looks
    }


def test_the_invented_people_have_sound_ids():
    assert len(idno(WANG)) == 18
