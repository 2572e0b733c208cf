"""What a run on Spark takes in and which pack it goes by; and what is said and left where something is wrong."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import jybf.api
import jybf.spark
from jybf.errors import JybfError
from jybf.model import ROW
from jybf.roster.canonical import canonical
from jybf.roster.files import Options, read_frame
from jybf.spark import anchor
from jybf.spark.county import COUNTY
from jybf.spark.doors import MOST, audited, words_of
from jybf.spark.publish import Part, publish_all, vacant
from jybf.spark.runs import Given, judged
from jybf.spark.vicinity import check_size
from tests.engines import spark as own

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("session")]
ROWS = 300


@pytest.fixture(scope="module")
def shanxi(tmp_path_factory):
    rows, past = own.made("shanxi", ROWS)
    return rows, past, own.written(tmp_path_factory.mktemp("表"), rows, past)


def _read(session, path):
    return session.read.parquet(path)


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
    from jybf.spark.publish import bad_rows

    people = pl.DataFrame({"姓名": ["甲示例", "合计"], "身份证号": ["14092619701111000", None], "申请金额": ["800", "800"]})
    path = tmp_path / "raw.parquet"
    people.write_parquet(path)
    run = judged(Given(_read(session, str(path)), "raw.parquet"), "shanxi")
    told = own.here(bad_rows(run.read)).sort("行号").select("行号", "字段", "原因").rows()
    assert [(line, field) for line, field, _ in told] == [(2, "身份证号"), (3, "")]
    assert told[1][2] == "合计，不是数据"


def test_what_a_history_took_back_in_full_was_not_paid_and_what_it_took_back_in_part_was(session, tmp_path):
    numbers = ["140926197011110009", "140926197112120003", "140926197301010006"]
    people = pl.DataFrame({
        "姓名": ["甲示例", "乙示例", "丙示例"], "身份证号": numbers, "人员类别": ["脱贫户"] * 3, "务工省": ["广东省"] * 3,
        "申请日期": ["2021-08-01"] * 3, "申请金额": ["800"] * 3, "补贴项目": ["跨省务工交通补贴"] * 3, "户籍县": ["静乐县", "岚县", "静乐县"],
    })  # fmt: skip
    paid = [(0, "800"), (1, "800"), (2, "800"), (0, "-800"), (2, "-700")]
    past = pl.DataFrame({
        "身份证号": [numbers[n] for n, _ in paid], "补贴项目": ["跨省务工交通补贴"] * 5, "申请日期": ["2021-05-01"] * 5,
        "发放金额": [sum_ for _, sum_ in paid], "备注": [None, None, None, "冲回", "冲回"],
    })  # fmt: skip
    roster, history = str(tmp_path / "人.parquet"), str(tmp_path / "历史.parquet")
    people.write_parquet(roster)
    past.write_parquet(history)
    read = session.read.parquet
    ours = jybf.api.calc(roster, "shanxi", history=history)
    assert ours.frame.sort("行号")["结果"].to_list() == ["可发放", "不符合", "不符合"]
    run = judged(Given(read(roster), "人.parquet"), "shanxi", past=Given(read(history), "历史.parquet"))
    assert run.notices == tuple(each for each in ours.notices if "全额冲回" in each)
    assert not own.differing(own.here(words_of(run)[0]), jybf.api.yuan(ours))
    ours = jybf.api.yuan(jybf.api.audit(roster, "shanxi", history=history))
    assert not own.differing(own.here(audited(run, "户籍县", {}, (), (), MOST).findings), ours)


PEOPLE = {
    "姓名": ["甲示例", "乙示例", "丙示例", "丁示例", "戊示例"],
    "身份证号": ["140926197011110009", "140926197112120003", "140926197301010003", "140926197401010007", "140926197501010003"],
    "人员类别": ["脱贫户"] * 5,
    "务工省": ["广东省"] * 5,
    "户籍省": ["山西省", "重庆市", "新疆维吾尔自治区", "陕西省", None],
    "户籍县": ["静乐县", "丰都县", None, None, None],
    "申请日期": ["2021-08-01"] * 5,
    "申请金额": ["800", "600", "500", "800", "800"],
    "补贴项目": ["跨省务工交通补贴", "跨区域交通补助", "转移就业交通补助", "跨省务工交通补贴", "跨省务工交通补贴"],
}  # fmt: skip
OWN = {"shanxi": ["甲示例"], "fengdu": ["乙示例"], "xinjiang": ["丙示例"]}


@pytest.fixture(scope="module")
def regions(tmp_path_factory):
    """People of three regions, one of a place without a pack, and one of whom nobody knows; and each region's alone."""
    folder = tmp_path_factory.mktemp("各地")
    rows = canonical([read_frame(pl.DataFrame(PEOPLE), "人.csv", Options())])
    rows.write_parquet(folder / "人.parquet")
    for region, names in OWN.items():
        rows.filter(pl.col("姓名").is_in(names)).write_parquet(folder / f"{region}.parquet")
    return folder


def test_without_a_region_each_row_is_judged_by_the_pack_of_its_own_place(session, regions):
    theirs = own.here(jybf.spark.calc(_read(session, str(regions / "人.parquet"))))
    ours = [jybf.api.yuan(jybf.api.calc(regions / f"{region}.parquet", region)) for region in OWN]
    lost = theirs.filter(pl.col("地区") == "不明")
    assert lost.sort("行号").select("姓名", "结果", "说明").rows() == [
        ("丁示例", "待补资料", "看不出用哪个地区的政策：户籍写的是“陕西省”"),
        ("戊示例", "待补资料", "看不出用哪个地区的政策：没有写户籍"),
    ]
    assert not own.differing(theirs.filter(pl.col("地区") != "不明"), pl.concat(ours))


def test_without_a_region_each_row_is_audited_by_the_pack_of_its_own_place(session, regions):
    found = jybf.spark.audit(_read(session, str(regions / "人.parquet")), county="户籍省")
    theirs = own.here(found.findings)
    ours = [jybf.api.yuan(jybf.api.audit(regions / f"{region}.parquet", region)) for region in OWN]
    lost = theirs.filter(pl.col("地区") == "不明")
    assert lost.sort("行号").select("姓名", "编号", "县").rows() == [("丁示例", "JY901", "陕西省"), ("戊示例", "JY901", "")]
    assert not own.differing(theirs.filter(pl.col("地区") != "不明"), pl.concat(ours))
    assert set(own.here(found.not_run)["地区"]) == set(OWN)


def test_a_command_without_a_region_says_which_packs_it_went_by_and_how_many_rows_are_of_none(regions, tmp_path, capsys):
    from jybf.commands.cluster import calc_on
    from jybf.commands.request import Cluster, Delivery, Request

    target = tmp_path / "结果"
    calc_on(Request((str(regions / "人.parquet"),)), Delivery(output=str(target)), Cluster("local[2]"))
    told = capsys.readouterr().err
    assert all(f"规则包 {region} " in told for region in OWN)
    assert "看不出用哪个地区的政策的 2 行没有算" in told
    written = {each.name for each in target.iterdir() if each.is_dir()}
    assert written == {f"地区={name}" for name in (*OWN, "不明")}


def test_who_asks_for_a_programme_has_to_state_the_region(session, regions):
    with pytest.raises(JybfError, match="写明 --region"):
        jybf.spark.calc(_read(session, str(regions / "人.parquet")), programs=["跨省"])


def test_a_worker_with_another_pack_is_told(session, shanxi, monkeypatch):
    from msgspec.structs import replace

    from jybf.spark import runs

    right = runs.task_of
    monkeypatch.setattr(runs, "task_of", lambda *given: replace(right(*given), digest="0" * 64))
    with pytest.raises(JybfError, match=r"工作节点上的规则包是 .*，这次运行的是 000000000000"):
        jybf.spark.calc(_read(session, shanxi[2][0]), "shanxi")


def test_a_worker_with_another_version_is_told(session, shanxi, monkeypatch):
    from msgspec.structs import replace

    from jybf.spark import runs

    right = runs.task_of
    monkeypatch.setattr(runs, "task_of", lambda *given: replace(right(*given), version="9.9"))
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


def test_no_task_carries_a_lineage_that_overflows_a_stack(session):
    kept = []
    rows = session.createDataFrame([(n, n) for n in range(20)], f"`{ROW}` bigint, n bigint")
    for _ in range(30):
        rows = anchor.stand(rows.selectExpr(f"`{ROW}`", "n + 1 AS n"), kept)
    assert anchor._length(rows._jdf.queryExecution().toRdd(), {}) < 50  # each of them adds two at least
    assert sorted(row["n"] for row in rows.collect()) == list(range(30, 50))


def test_rows_of_one_part_are_parted_for_all_cores_where_they_are_many(session):
    one = session.range(60_000).selectExpr(f"id AS `{ROW}`", "sha2(CAST(id AS string), 256) AS t").coalesce(1)
    few, many = anchor.stand(one.limit(5000), [], spread=True), anchor.stand(one, [], spread=True)
    assert len(few.selectExpr("spark_partition_id() AS p").distinct().collect()) == 1
    sizes = [row["count"] for row in many.selectExpr("spark_partition_id() AS p").groupBy("p").count().collect()]
    assert sum(sizes) == 60_000
    assert max(sizes) < 45_000


def test_what_is_told_of_a_query_has_not_how_its_tables_came_to_be(session):
    rows = session.createDataFrame([(1, 1)], f"`{ROW}` bigint, n bigint")
    for _ in range(3):
        rows = anchor.stand(rows.unionAll(rows), [])
    of = session._jvm.org.apache.spark.sql.execution.SparkPlanInfo
    told = of.fromSparkPlan(rows._jdf.queryExecution().sparkPlan())
    assert told.children().isEmpty()


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
