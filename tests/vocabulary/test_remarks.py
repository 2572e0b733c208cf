"""What a remark says against paying, what it denies, and what it says of something else."""

import polars as pl
import pytest

from jybf.vocabulary import remarks
from jybf.vocabulary.remarks import against, may_speak, stops, struck_out


def said(text, how=against):
    return pl.DataFrame({"t": [text]}).select(how(pl.col("t"))).item()


@pytest.mark.parametrize(
    "text", ["不同意", "村里审核未通过", "已驳回", "会议否决", "2022-08-31离职", "9月停发", "已死亡", "退票"]
)
def test_a_remark_against_paying_is_heard(text):
    assert said(text)


@pytest.mark.parametrize(
    "text", ["同意", "已核对票据", "与原件相符，无死亡、停发情况", "没有重复、退回的", "未死亡", "信息有误已更正", "已享受低保"]
)
def test_what_denies_it_or_speaks_of_something_else_is_not(text):
    assert said(text) is None


def test_a_row_that_is_void_says_so_in_fewer_words():
    assert (said("作废", struck_out), said("停发", struck_out), said("停发", stops)) == ("作废", None, "停发")


@pytest.mark.parametrize("word", [*remarks.STRUCK_OUT, *remarks._DEAD, *remarks._STOPPED])
def test_a_quick_look_misses_no_word(word):
    plain = word.replace("了?", "").strip("^$")
    assert said(plain, stops)
    assert may_speak(pl.Series([plain, "示例", None])).to_list() == [True, False, False]
