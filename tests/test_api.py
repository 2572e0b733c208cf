"""jybf from Python: as the commands, on files and frames."""

import doctest
from datetime import date

import polars as pl
import pytest

from jybf import api
from tests.cli.program import SAMPLES

PEOPLE = pl.DataFrame(
    {
        "姓名": ["甲示例"],
        "身份证号": ["140926197011110009"],
        "人员类别": ["脱贫户"],
        "务工省": ["广东省"],
        "申请日期": [date(2021, 8, 1)],
        "申请金额": [650.5],
        "享受过": [False],
    }
)


def test_the_examples_of_the_interface_say_what_it_does() -> None:
    done = doctest.testmod(api)
    assert (done.failed, done.attempted > 4) == (0, True)


def test_a_frame_a_csv_and_a_parquet_file_have_the_same_verdicts(tmp_path) -> None:
    PEOPLE.write_parquet(tmp_path / "名册.parquet")
    PEOPLE.with_columns(pl.lit("否").alias("享受过")).write_csv(tmp_path / "名册.csv")
    sources = [PEOPLE, tmp_path / "名册.parquet", str(tmp_path / "名册.csv")]
    frames = [api.calc(source, "shanxi", programs=["跨省"]).frame.drop("文件") for source in sources]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])
    assert frames[0]["核定金额"].to_list() == [65050]


def test_what_a_frame_was_paid_before_is_its_history() -> None:
    first = api.calc(PEOPLE, "shanxi")
    again = api.calc(PEOPLE, "shanxi", history=api.yuan(first))
    assert (first.frame["结果"].to_list(), again.frame["结果"].to_list()) == (["可发放"], ["不符合"])


def test_what_a_command_says_on_stderr_stands_in_the_notices() -> None:
    report = api.calc(SAMPLES / "山西_以工代训补贴花名册_GBK.csv")
    assert any("gb18030" in notice for notice in report.notices)


def test_an_error_says_everything_at_once_and_nothing_exits(tmp_path) -> None:
    with pytest.raises(api.JybfError) as caught:
        api.read([tmp_path / "甲.csv", tmp_path / "乙.csv"])
    assert [problem.message for problem in caught.value.problems] == ["文件不存在"] * 2


def test_an_audit_with_a_list_finds_the_dead() -> None:
    roster, dead = SAMPLES / "山西_公益性岗位台账.xlsx", SAMPLES / "名单_静乐县死亡人员_20211231.xlsx"
    found, without = api.audit(roster, "shanxi", against={"死亡": str(dead)}), api.audit(roster, "shanxi")
    assert set(found.frame["编号"]) - set(without.frame["编号"]) == {"JY203"}
    assert "JY203" in {skipped.code for skipped in without.not_run}


def test_nested_columns_of_a_parquet_file_are_told(tmp_path) -> None:
    PEOPLE.with_columns(pl.Series("备注", [["甲", "乙"]])).write_parquet(tmp_path / "名册.parquet")
    with pytest.raises(api.JybfError, match="备注"):
        api.read(tmp_path / "名册.parquet")
