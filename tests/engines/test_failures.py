"""What Spark says of a failure, in one sentence that names it; no Spark is needed to hear it."""

from __future__ import annotations

import polars as pl
import pytest

from jybf.commands.cluster import _check_places
from jybf.commands.request import Cluster, on_cluster
from jybf.errors import InputError, Problem, UsageError
from jybf.model import FILE, LINE, PAGE, ROW, SHEET
from jybf.spark.failures import _said, carrying
from jybf.spark.intake import WHAT, _batch, _expected, _table
from jybf.spark.local import local
from jybf.spark.publish import quoted

SAYINGS = [
    ("ModuleNotFoundError: No module named 'jybf'\n", "工作节点上没有 jybf"),
    ("[TABLE_OR_VIEW_NOT_FOUND] The table or view `库`.`表` cannot be found. Verify", "没有“库.表”这张表"),
    ("[PATH_NOT_FOUND] Path does not exist: file:/没有/甲.parquet. SQLSTATE: 42K03", "没有 file:/没有/甲.parquet"),
    ("AccessControlException: Permission denied: user=x, access=READ, inode=\"/warehouse/表\":hdfs", "没有读写 /warehouse/表 的权限"),
    ("Could not read footer for file: hdfs:/表/乙.parquet.", "hdfs:/表/乙.parquet 不是完整的 Parquet 文件"),
    ("Job aborted: ExecutorLostFailure (executor 2 exited)", "执行器的内存不够，或工作节点停了"),
    ("java.io.IOException: 怪事\n\tat org.apache", "Spark 停下了：java.io.IOException: 怪事"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), SAYINGS)
def test_a_failure_is_one_sentence(text, told):
    assert told in str(_said(text, ""))


def test_a_problem_of_a_worker_comes_to_the_user_as_it_is():
    with pytest.raises(RuntimeError) as raised, carrying():
        raise UsageError(Problem("哪里错", "何处", "怎么办"))
    found = _said(f"Traceback…\n{raised.value}\n\tat org.apache.spark…", "输入")
    assert isinstance(found, UsageError)
    assert found.problems == (Problem("哪里错", "何处", "怎么办"),)
    assert not isinstance(found, InputError)


def test_rows_keep_their_order_and_their_numbers_though_their_sheets_are_mixed():
    rows = pl.DataFrame({
        ROW: [70, 50, 60], SHEET: [2, 1, 1], FILE: ["乙.xlsx", "甲.xlsx", "甲.xlsx"], PAGE: ["表"] * 3, LINE: [9, 3, 4],
        "_表题": [""] * 3, "_表名": [""] * 3, "_表列": ["|姓名:A|"] * 3, "姓名": ["丙", "甲", "乙"],
    }).with_columns(pl.when(pl.col(ROW) == 60).then(2).otherwise(SHEET).alias(SHEET))  # fmt: skip
    own = local(rows)
    assert own.numbers.to_list() == [50, 60, 70]
    assert own.roster.rows["姓名"].to_list() == ["甲", "乙", "丙"]
    assert own.roster.rows[ROW].to_list() == [0, 1, 2]
    assert own.here(pl.Series([60, 99])).to_list() == [1, None]


def test_the_end_of_a_roster_may_be_a_total_alone():
    cells = {"姓名": ["甲示例", "合计"], "身份证号": ["140926197011110009", None], "申请金额": ["800", "800"]}
    table = _table(pl.DataFrame(cells), "表", paid=False)
    last = pl.DataFrame(cells).with_columns(pl.Series("_第", [5, 6], pl.Int64))[1:]
    told = _batch(last, "表", _expected(table), dict(table.sheet.columns), paid=False)
    assert told.select(LINE, WHAT).rows() == [(8, "合计")]


def test_the_parts_of_the_name_of_a_table_are_quoted():
    assert quoted("table:jy.2021") == "`jy`.`2021`"


def test_a_table_that_cannot_be_written_is_told_before_anything_is_worked_out():
    with pytest.raises(UsageError, match="写成表没有做"):
        _check_places("table:found", "", folder=True)
    with pytest.raises(UsageError, match="只能用字母"):
        _check_places("table:发现", "", folder=False)
    assert _check_places("table:jy.verdicts", "坏行/", folder=False) is None


def test_an_option_of_the_cluster_without_the_engine_is_told():
    assert not on_cluster("", Cluster())
    with pytest.raises(UsageError, match="是 Spark 的"):
        on_cluster("duckdb", Cluster(bad_rows="坏行/"))
