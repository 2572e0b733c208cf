"""Texts of a workbook are the same within a group as they are in a column, however their cells came to be."""

import polars as pl

from jybf.roster import read
from jybf.roster.grid import solid
from tests.roster.books import book

LONG = "6217000000000000012"


def persons(texts: pl.Series) -> list[int]:
    """How many different ones each of two groups of the same text has."""
    frame = pl.DataFrame({"text": texts, "group": [1] * len(texts)})
    return [frame.group_by("group").agg(pl.col("text").n_unique())["text"].item(), frame["text"].n_unique()]


def test_a_text_that_was_put_into_a_column_is_one_within_a_group() -> None:
    put = pl.Series([None] * 4, dtype=pl.String).scatter([1, 3], pl.Series([LONG, LONG]))
    assert persons(solid(put.to_frame("a"))["a"].drop_nulls()) == [1, 1]


def test_all_texts_of_a_workbook_are_one_within_a_group_where_they_are_one(tmp_path) -> None:
    one = [("张三", "140926198001010017", "6217000000000000012", "示例电子科技有限公司")] * 3
    sheet = (("姓名", "身份证号", "银行账号", "单位名称"), *one)
    for merged in ((), ("C2:C4", "D2:D4")):
        path = book(tmp_path, *sheet, name=f"{len(merged)}.xlsx", merge=merged)
        rows = read([path]).rows
        for name in ("身份证号", "银行账号", "单位名称"):
            assert persons(rows[name].drop_nulls()) == [1, 1], name
