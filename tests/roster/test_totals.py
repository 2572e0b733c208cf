"""What a total says, and what the rows above it come to."""

import pytest

from jybf.model import Total
from jybf.roster import read
from tests.roster.books import HEADER, book, people


@pytest.mark.parametrize(
    ("told", "totals"),
    [
        ("本表共3人，合计金额1,700元。", [("人数", 3), ("申请金额", 170000)]),
        ("补贴人数：2人    补贴金额合计：1600元", [("人数", 2), ("申请金额", 160000)]),
        ("以上人员共5人，补贴资金3020.5元，经村民代表会议评议通过。", [("人数", 5), ("申请金额", 302050)]),
        ("全县共1200人，合计金额960000元", []),
        ("补贴标准：每人800元，共计划下达1600元", []),
        ("审核人：共产党员 2人", []),
    ],
)
def test_what_a_sentence_says_of_the_whole_table_is_a_total_too(tmp_path, told, totals):
    above, below = (
        read([book(tmp_path, *rows)]).sheets[0].totals
        for rows in (([told], HEADER, *people(2)), (HEADER, *people(2), [f"说明：{told}"]))
    )
    assert [(t.field, t.stated, t.prose) for t in above] == [(*each, True) for each in totals]
    assert [(t.field, t.stated) for t in below] == totals
    assert all(t.computed == {"人数": 2, "申请金额": 160000}[t.field] for t in above + below)


def test_subtotals_count_from_the_one_above_and_page_totals_are_no_grand_total(tmp_path):
    path = book(
        tmp_path,
        HEADER,
        *people(2),
        ["小计", None, None, 1600],
        *people(1),
        ["本页合计", None, None, 999],
        ["总计", None, None, 2400],
    )
    totals = read([path]).sheets[0].totals
    assert [(t.stated, t.computed, t.grand) for t in totals] == [
        (160000, 160000, False),
        (99900, 80000, False),
        (240000, 240000, True),
    ]


def test_a_total_in_words_is_compared_where_one_amount_can_be_meant(tmp_path):
    totals = read([book(tmp_path, HEADER, *people(2), ["合计：3人，1,700元"])]).sheets[0].totals
    assert totals == (Total(4, "申请金额", 170000, 160000, True, "A4"), Total(4, "人数", 3, 2, True, "A4"))


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("合计：贰人，壹仟陆佰元整", 160000),
        ("合计（大写）：人民币壹仟陆佰元伍角整", 160050),
        ("合计：1600元（大写：壹仟陆佰元整）", 160000),
        ("合计：1600元（大写：壹仟柒佰元整）", None),
        ("合计：12千元", None),
        ("合计：1.5万元", None),
    ],
)
def test_a_total_in_chinese_numerals_is_compared_too(tmp_path, said, fen):
    totals = read([book(tmp_path, HEADER, *people(2), [said])]).sheets[0].totals
    assert [total.stated for total in totals if total.field == "申请金额"] == [fen] * (fen is not None)
