"""What is looked up and put in order for millions of rows is what a join and a sort of a few would give."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jybf.vocabulary import frames
from jybf.vocabulary.frames import at, compact, constant, grouped, in_parts, looked_up, put_in_order, told_once, unique


def test_what_is_looked_up_stands_beside_its_row_and_is_null_where_the_table_lacks_it():
    rows = pl.DataFrame({"键": ["乙", "甲", None, "乙", "丙"]})
    table = pl.DataFrame({"键": ["甲", "乙", None], "值": [1, 2, 3]})
    assert looked_up(rows, table, "键")["值"].to_list() == [2, 1, None, 2, None]
    assert looked_up(rows, table, "键", nulls_equal=True)["值"].to_list() == [2, 1, 3, 2, None]


def test_rows_are_fetched_by_their_numbers_and_no_number_or_one_of_a_history_is_no_row():
    table = pl.DataFrame({"文": ["甲", "乙", "丙"]}).with_columns(同=pl.lit("一"))
    assert at(table, pl.Series([2, None, -1, 0])).rows() == [("丙", "一"), (None, None), (None, None), ("甲", "一")]
    assert at(table, pl.Series([None, -1], dtype=pl.Int64))["文"].to_list() == [None, None]
    assert at(table, pl.Series([0, 1, 2])) is table
    assert at(table, pl.Series([2, 1, 0]))["文"].to_list() == ["丙", "乙", "甲"]
    assert at(table, pl.Series([1, 2]))["文"].to_list() == ["乙", "丙"]
    assert at(table, pl.Series([1, 1, 2]))["文"].to_list() == ["乙", "乙", "丙"]
    assert at(table, pl.Series([1, None]))["文"].to_list() == ["乙", None]


def test_rows_that_are_alike_are_one_group_whatever_columns_tell_them_apart():
    rows = pl.DataFrame({"数": [2, 1, 2, None, 1, None], "空": [None] * 5 + [1], "同": ["一"] * 6})
    keys, places = grouped(rows)
    assert keys.rows() == [(2, None, "一"), (1, None, "一"), (None, None, "一"), (None, 1, "一")]
    assert [each.to_list() for each in places] == [[0, 2], [1, 4], [3], [5]]
    keys, places = grouped(rows.select("同"))
    assert (keys.rows(), [each.to_list() for each in places]) == ([("一",)], [[0, 1, 2, 3, 4, 5]])
    assert grouped(rows.clear())[1] == []


def test_rows_are_put_in_order_and_those_of_no_place_are_left_out():
    rows = pl.DataFrame({"数": [1, 2, 3], "文": ["甲", "乙", "丙"], "列": [[1], None, [2, 3]]}).with_columns(同=pl.lit("一"))
    parts = pl.concat([rows, rows.clear(), rows], rechunk=False)
    assert {column.n_chunks() for column in put_in_order(parts, pl.Series([5, 0])).get_columns()} == {1}, "one form of them all"
    assert put_in_order(rows, pl.Series([2, 0])).rows() == [(3, "丙", [2, 3], "一"), (1, "甲", [1], "一")]


def test_texts_that_repeat_stay_what_they_are_and_take_less():
    texts = pl.Series("文", [None if n % 7 == 0 else f"第 {n % 3} 句，长得一个格子放不下的话" for n in range(20_000)])
    assert told_once(texts).equals(texts, check_names=True, null_equal=True)
    each = pl.Series("文", [f"每一句都不同，长得一个格子放不下的话 {n}" for n in range(20_000)])
    assert told_once(each) is each


FEW = st.sampled_from([None, 1, 2])
TABLES = st.integers(0, 12).flatmap(
    lambda height: st.tuples(*[st.lists(FEW, min_size=height, max_size=height) | FEW.map(lambda one: [one] * height)] * 3)
)


@given(TABLES)
def test_a_column_of_one_value_is_told_and_takes_no_room_and_all_stays_what_it_is(columns):
    rows = pl.DataFrame(columns, {"甲": pl.Int64, "乙": pl.Int64, "丙": pl.Int64}).with_columns(
        文=pl.col("甲").cast(pl.String), 类=pl.col("乙").cast(pl.String).cast(pl.Enum(["1", "2"])), 列=pl.concat_list("丙")
    )
    for first in (1, 1000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(frames, "_FIRST", first)
            told = constant(rows)
            alike = {name: rows[name].n_unique() <= 1 for name in rows.columns if name != "列"}
            assert {name: told[name] for name in alike} == alike
            assert not told["列"] or rows["列"].n_unique() <= 1
            assert compact(rows).equals(rows)
            order = pl.int_range(rows.height, eager=True).reverse()
            assert put_in_order(rows.clone(), order).equals(rows.reverse())


@given(TABLES)
def test_work_on_parts_and_the_rows_that_differ_are_those_of_the_whole(columns):
    rows = pl.DataFrame(columns, {"甲": pl.Int64, "乙": pl.Int64, "丙": pl.Int64})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "_PART", 5)
        assert unique(rows).equals(rows.unique(keep="first", maintain_order=True))
        assert in_parts(lambda part: part["甲"] + 1, rows).equals(rows["甲"] + 1)
        assert in_parts(lambda part: part + 1, rows["乙"]).equals(rows["乙"] + 1)
