"""The same verdicts and the same findings on Spark as on one machine; and what is said and left where something is wrong."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl
import pytest

if not os.environ.get("JYBF_ENGINES"):
    pytest.skip("only make test-spark", allow_module_level=True)
pytest.importorskip("pyspark", reason="PySpark is not installed: make test-spark")
if not shutil.which("java"):
    pytest.skip("there is no Java here", allow_module_level=True)

import jybf.api
import jybf.spark
from jybf.errors import JybfError
from jybf.spark.county import COUNTY
from jybf.spark.publish import Part, publish_all, vacant
from jybf.spark.vicinity import check_size
from tests.engines import spark as own

pytestmark = pytest.mark.filterwarnings("ignore")
ROWS = 300


@pytest.fixture(scope="module", autouse=True)
def session():
    found = own.session()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def shanxi(tmp_path_factory):
    rows, past = own.made("shanxi", ROWS)
    return rows, past, own.written(tmp_path_factory.mktemp("表"), rows, past)


def _read(session, path):
    return session.read.parquet(path)


@pytest.mark.parametrize("region", ["shanxi"])
def test_verdicts_are_those_of_one_machine_word_for_word(session, tmp_path, region):
    rows, past = own.made(region, ROWS)
    roster, history = own.written(tmp_path, rows, past)
    found = jybf.spark.calc(_read(session, roster), region, history=_read(session, history))
    assert not own.differing(own.here(found), own.expected_verdicts(region, rows, past))


def test_raw_columns_of_text_are_read_as_the_reader_reads_them(session, tmp_path):
    people = pl.DataFrame({
        "姓名": ["甲示例", "乙示例", "丙示例", None, "合计"],
        "身份证号": ["140926197011110009", "140926197112120003", "14092619711212000", None, None],
        "人员类别": ["脱贫户", "一般农户", "脱贫户", None, None],
        "务工省": ["广东省", "浙江省", "广东省", None, None],
        "申请日期": ["2021-08-01", "2021年8月", "2021-02-30", None, None],
        "申请金额": ["800", "800元", "八百", None, "2400"],
    })  # fmt: skip
    path = tmp_path / "raw.parquet"
    people.write_parquet(path)
    ours = jybf.api.yuan(jybf.api.calc(path, "shanxi", programs=["跨省"]))
    theirs = own.here(jybf.spark.calc(_read(session, str(path)), "shanxi", programs=["跨省"], name="raw.parquet"))
    assert not own.differing(theirs, ours)


def test_what_could_not_be_read_is_told_by_cell_and_by_row(session, tmp_path):
    from jybf.spark.doors import Given, judged
    from jybf.spark.publish import bad_rows

    people = pl.DataFrame({"姓名": ["甲示例", "合计"], "身份证号": ["14092619701111000", None], "申请金额": ["800", "800"]})
    path = tmp_path / "raw.parquet"
    people.write_parquet(path)
    run = judged(Given(_read(session, str(path)), "raw.parquet"), "shanxi")
    told = own.here(bad_rows(run.read)).sort("行号").select("行号", "字段", "原因").rows()
    assert [(line, field) for line, field, _ in told] == [(2, "身份证号"), (3, "")]
    assert told[1][2] == "合计，不是数据"


def test_findings_are_those_of_one_machine_though_each_county_sees_only_its_neighbours(session, shanxi):
    rows, past, (roster, history) = shanxi
    found = jybf.spark.audit(_read(session, roster), "shanxi", county=own.COUNTY, history=_read(session, history))
    assert not own.differing(own.here(found.findings), own.expected_findings("shanxi", rows, past))


def test_a_worker_with_another_pack_is_told(session, shanxi, monkeypatch):
    from msgspec.structs import replace

    from jybf.spark import doors

    right = doors.task_of
    monkeypatch.setattr(doors, "task_of", lambda *given: replace(right(*given), digest="0" * 64))
    with pytest.raises(JybfError, match=r"工作节点上的规则包是 .*，这次运行的是 000000000000"):
        jybf.spark.calc(_read(session, shanxi[2][0]), "shanxi")


def test_a_worker_with_another_version_is_told(session, shanxi, monkeypatch):
    from msgspec.structs import replace

    from jybf.spark import doors

    right = doors.task_of
    monkeypatch.setattr(doors, "task_of", lambda *given: replace(right(*given), version="9.9"))
    with pytest.raises(JybfError, match=r"工作节点上的 jybf 是 .*，这次运行的是 9\.9"):
        jybf.spark.calc(_read(session, shanxi[2][0]), "shanxi")


def test_a_canonical_table_with_another_type_is_told_by_column(session, shanxi):
    df = _read(session, shanxi[2][0]).withColumn("申请日期", __import__("pyspark").sql.functions.lit("2021"))
    with pytest.raises(JybfError, match=r"“申请日期”列的类型是 string，应是 date"):
        jybf.spark.calc(df, "shanxi")


def test_a_corrupt_file_is_named_and_nothing_is_published(shanxi, tmp_path):
    from jybf.commands.cluster import calc_on
    from jybf.commands.request import Cluster, Delivery, Request

    folder = tmp_path / "表"
    folder.mkdir()
    rows = pl.read_parquet(shanxi[2][0])
    rows.head(300).write_parquet(folder / "甲.parquet")
    (folder / "乙.parquet").write_bytes((folder / "甲.parquet").read_bytes()[:-2000])
    target = tmp_path / "结果"
    with pytest.raises(JybfError, match=r"乙\.parquet"):
        calc_on(Request((str(folder),), "shanxi"), Delivery(output=str(target)), Cluster("local[2]"))
    assert [each.name for each in tmp_path.iterdir()] == ["表"]


def test_a_county_too_large_is_told_with_what_to_do(session):
    rows = session.createDataFrame([("甲县",), ("甲县",), ("乙县",)], f"`{COUNTY}` string")
    check_size(rows, 2)
    with pytest.raises(JybfError, match=r"甲县 2 行（内存够就加大 --county-rows"):
        check_size(rows, 1)


def test_all_is_published_or_nothing_and_never_over_another(session, tmp_path):
    rows = session.createDataFrame([("甲", 1), ("甲", 2), ("乙", 3)], "name string, n bigint")
    first, second = (str(tmp_path / name) for name in ("坏行", "结果"))
    with pytest.raises(JybfError, match="应有 4 行，写出 3 行，没有发布"):
        publish_all([Part(rows, first, rows=3), Part(rows, second, rows=4)])
    assert not list(tmp_path.iterdir())
    assert publish_all([Part(rows, first, rows=3), Part(rows, second, ("name",), 3)]) == [3, 3]
    assert {each.name for each in Path(second).iterdir() if each.is_dir()} == {"name=甲", "name=乙"}
    with pytest.raises(JybfError, match="已经有了"):
        vacant(session, second)
