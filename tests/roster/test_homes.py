"""A household that one row numbers and another names by its head is one household; a name that several bear ties nobody."""

import polars as pl

from jybf.roster import read
from jybf.roster.homes import tied
from tests.roster.books import book, idno

HEAD, SON, OTHER = idno("50023019850312011"), idno("50023019900701012"), idno("50023019880101401")
NUMBER = "5002300011223"
COLUMNS = ("户编号", "户主身份证号", "户主姓名", "与户主关系", "身份证号")


def homes(*rows):
    texts = dict.fromkeys(("户", *COLUMNS), pl.String)
    return tied([pl.DataFrame(rows, schema=texts, orient="row")])[0]["户"].to_list()


def test_a_row_that_names_only_the_head_has_the_number_of_the_heads_household(tmp_path):
    header = ["姓名", "身份证号", "户编号", "户主身份证号"]
    one = read([book(tmp_path, header, ["秦远", HEAD, NUMBER, HEAD], ["秦近", SON, "", HEAD])])
    assert one.rows["户"].to_list() == [NUMBER, NUMBER]


def test_the_head_is_known_by_the_own_number_where_the_tie_or_another_row_says_head():
    assert homes((NUMBER, NUMBER, None, None, "户主", HEAD), (HEAD, None, HEAD, None, None, SON)) == [NUMBER, NUMBER]
    assert homes((None, None, None, None, None, HEAD), (NUMBER, NUMBER, HEAD, None, None, SON)) == [NUMBER, NUMBER]


def test_rows_with_a_number_keep_it_and_a_member_is_no_head():
    assert homes((NUMBER, NUMBER, HEAD, None, None, SON), ("9999999", "9999999", HEAD, None, None, OTHER)) == [
        NUMBER,
        "9999999",
    ]
    assert homes((NUMBER, NUMBER, HEAD, None, None, SON), (None, None, None, None, "之子", OTHER)) == [NUMBER, None]


def test_a_row_without_any_household_is_of_the_one_that_other_rows_give_its_person():
    assert homes((NUMBER, NUMBER, HEAD, None, None, SON), (None, None, None, None, "之子", SON)) == [NUMBER, NUMBER]
    two = (NUMBER, NUMBER, HEAD, None, None, SON), ("9999999", "9999999", OTHER, None, None, SON)
    assert homes(*two, (None, None, None, None, None, SON)) == [NUMBER, "9999999", None]


def employers(*rows):
    texts = dict.fromkeys(("单位", "统一社会信用代码", "单位名称"), pl.String)
    return tied([pl.DataFrame(rows, schema=texts, orient="row")])[0]["单位"].to_list()


def test_an_employer_that_is_only_named_is_the_one_of_that_very_name_unless_two_codes_bear_it():
    coded, named = ("91A", "91A", "示例厂"), ("示例厂", None, "示例厂")
    assert employers(coded, named) == ["91A", "91A"]
    assert employers(coded, ("91B", "91B", "示例厂"), named) == ["91A", "91B", "示例厂"]
    assert employers(coded, ("示例二厂", None, "示例二厂")) == ["91A", "示例二厂"]
    assert employers(coded, (None, None, "示例厂")) == ["91A", None]  # its code can't be read


def test_a_name_goes_with_its_head_unless_two_heads_bear_it():
    name = "张大|东村"
    member = (name, None, None, "张大", "之子", SON)
    head, namesake = ((name, None, None, "张大", "户主", number) for number in (HEAD, OTHER))
    assert homes(head, member) == [HEAD, HEAD]
    assert homes(head, namesake, member) == [HEAD, OTHER, name]
    assert homes(head, member, (NUMBER, NUMBER, HEAD, None, None, None)) == [NUMBER] * 3


def test_a_history_that_names_the_head_is_of_the_household_that_the_roster_numbers():
    roster = pl.DataFrame({"户": [NUMBER], "户编号": [NUMBER], "户主身份证号": [HEAD], "身份证号": [SON]})
    history = pl.DataFrame({"身份证号": [HEAD, OTHER]})
    assert [frame["户"].to_list() for frame in tied([roster, history])] == [[NUMBER], [NUMBER, None]]
    assert tied([history])[0].columns == ["身份证号"]
