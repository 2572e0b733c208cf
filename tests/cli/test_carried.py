"""The roster's own columns behind the verdicts (``--columns all``) keep the meaning of the roster: nothing lost, nothing new."""

import csv

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.commands.audit import audited
from jybf.commands.calc import calculated
from jybf.commands.request import Request
from jybf.model import VERDICT_COLUMNS
from jybf.report import writer
from jybf.report.progress import unheard
from jybf.roster import read
from tests.cli.program import PAID, SAMPLES
from tests.roster.books import book

ACROSS, BUSINESS = "山西_跨省务工交通补贴花名册.xlsx", "丰都_创业与吸纳补贴申报.xlsx"
ROSTERS = {
    ("shanxi", "csv"): ACROSS,
    ("fengdu", "xlsx"): BUSINESS,
    ("xinjiang", "parquet"): "新疆_公益性岗位台账.xlsx",
    ("national", "csv"): "国家_跨省务工交通补助花名册.xlsx",
}
TITLE = "静乐县示例镇2021年脱贫人口跨省务工一次性交通补贴花名册"


def audit(*paths, region="shanxi"):
    return audited(Request(tuple(map(str, paths)), region), list[str]().append, unheard)


def carry(folder, *paths, region="shanxi", form="csv"):
    """The result of a calculation with the columns of the rosters, as a file."""
    report = calculated(Request(tuple(map(str, paths)), region, carried=True), list[str]().append, unheard)
    target = folder / f"结果.{form}"
    with target.open("wb") as out:
        writer(form)(report, out, mask=False)
    return target


def same(first, second):
    """Whether two audits found the same on rows of data, and leave the same to be paid."""
    on_rows = [one.frame.filter(one.context["_row"].is_not_null()).rows() for one in (first, second)]
    assert on_rows[0] == on_rows[1]
    first, second = (replace(one.summary.clearance, elsewhere=0) for one in (first, second))
    assert first == second


@pytest.mark.parametrize(("region", "form"), ROSTERS)
def test_an_audit_of_the_result_finds_what_an_audit_of_the_roster_finds(region, form, tmp_path):
    path = SAMPLES / ROSTERS[region, form]
    same(audit(path, region=region), audit(carry(tmp_path, path, region=region, form=form), region=region))


def test_several_rosters_in_one_result_are_told_apart_again(tmp_path):
    rosters = sorted(SAMPLES.glob("山西_*"))
    before, after = audit(*rosters), audit(carry(tmp_path, *rosters))
    same(before, after)
    assert after.frame["文件"].n_unique() == len(rosters)


def test_the_region_and_the_findings_are_those_of_the_roster_to_the_letter(jybf, tmp_path):
    target = tmp_path / "结果.csv"
    target.write_text(jybf("calc", SAMPLES / ACROSS, "--columns", "all", "-q").out, encoding="utf-8")
    assert jybf("audit", target, "-f", "csv", "-q") == jybf("audit", SAMPLES / ACROSS, "-f", "csv", "-q")


def test_the_columns_of_the_contract_come_first_as_they_always_are(tmp_path):
    path = tmp_path / "花名册.csv"
    path.write_text(PAID, encoding="utf-8")
    bare = calculated(Request((str(path),), "shanxi"), list[str]().append, unheard).frame
    whole = calculated(Request((str(path),), "shanxi", carried=True), list[str]().append, unheard).frame
    assert whole.columns[: len(VERDICT_COLUMNS)] == list(VERDICT_COLUMNS)
    assert whole.select(VERDICT_COLUMNS).equals(bare)
    assert whole.columns[len(VERDICT_COLUMNS) :] == [
        "姓名（原表）", "身份证号（原表）", "人员类别", "务工省", "申请日期", "申请金额", "原表题", "原表列", "原表提示",
    ]  # fmt: skip


def test_a_result_that_is_filtered_sorted_and_corrected_is_read_as_it_stands(tmp_path):
    path = SAMPLES / ACROSS
    whole = pl.read_csv(carry(tmp_path, path), infer_schema=False)
    kept = whole.filter(pl.col("行号").cast(pl.Int64) > 6).sort("行号", descending=True)
    corrected = kept.with_columns(
        pl.when(pl.col("行号") == "12")
        .then(pl.lit("140926198503120013"))
        .otherwise("身份证号（原表）")
        .alias("身份证号（原表）")
    )
    target = tmp_path / "改过.csv"
    corrected.write_csv(target)
    rows = read([str(target)]).rows
    assert rows["行号"].to_list() == kept["行号"].cast(pl.Int64).to_list()
    assert rows.filter(pl.col("行号") == 12)["身份证号"].item() == "140926198503120013"
    assert read([str(carry(tmp_path, path))]).rows.filter(pl.col("行号") == 12)["身份证号"].item() is None


def test_every_row_of_the_roster_is_carried_once_whatever_number_of_verdicts_is_on_it(tmp_path):
    path = SAMPLES / BUSINESS
    lines = calculated(Request((str(path),), "fengdu", carried=True), list[str]().append, unheard).frame
    rows = read([str(carry(tmp_path, path, region="fengdu"))]).rows
    assert rows.height == lines.select("文件", "工作表", "行号").n_unique() == read([str(path)]).rows.height


def test_what_a_cell_looked_like_is_known_after_it_became_text(tmp_path):
    """An ID kept as a number, a comment, an error cell, a unit in the header, a year in the title, a field without a header."""
    header = ["序号", "姓名", "身份证号", "人员类别", "务工省", "务工时间", "申请金额（万元）", None, "结果"]
    row = [1, "甲示例", "140926198503120013", "脱贫户", "广东省", "3月-8月", "0.08", "已死亡", "同意"]
    path = book(tmp_path, [TITLE], header, row, [2, "乙示例", 140926199007010020, *row[3:]])
    rows, again = read([str(path)]), read([str(carry(tmp_path, path))])
    assert again.rows.equals(rows.rows)
    assert again.problems.equals(rows.problems)
    assert again.problems.height
    assert [sheet.notes for sheet in again.sheets] == [sheet.notes for sheet in rows.sheets]
    same(audit(path), audit(carry(tmp_path, path)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda heads, row: (heads[:-1], row[:-1]), "没有“原表提示”列"),
        (lambda heads, row: ([*heads[:13], *heads[14:]], [*row[:13], *row[14:]]), "改过列"),
        (lambda heads, row: (heads, [*row[:2], "第五行", *row[3:]]), "“行号”不是数字"),
        (lambda heads, row: (heads, [*row[:-1], "{"]), "“原表提示”列改过"),
        (lambda heads, row: (heads, [*row[:-2], "A:B,?", row[-1]]), "改过列"),
    ],
)
def test_a_result_whose_frame_was_changed_is_refused_aloud(change, told, jybf, roster, tmp_path):
    with carry(tmp_path, roster()).open(encoding="utf-8", newline="") as file:
        heads, row = csv.reader(file)
    heads, row = change(heads, row)
    target = tmp_path / "改过.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, row])
    done = jybf("audit", target, "-r", "shanxi")
    assert (done.code, told in done.err, "内部错误" in done.err) == (3, True, False)


def test_two_lines_that_say_different_things_of_one_row_are_refused(jybf, roster, tmp_path):
    target = carry(tmp_path, roster())
    line = target.read_text(encoding="utf-8").splitlines()[1]
    target.write_text(target.read_text(encoding="utf-8") + line.replace("广东省", "山西省") + "\r\n", encoding="utf-8")
    assert "同一行写了两遍" in jybf("audit", target, "-r", "shanxi").err


def test_as_history_it_says_what_was_paid_and_not_what_was_asked(jybf, roster, tmp_path):
    target = carry(tmp_path, roster())
    done = jybf("calc", roster(), "-r", "shanxi", "--history", target, "-f", "csv", "-q")
    assert "不符合" in done.out
    assert "可发放" not in done.out


def test_a_number_of_a_person_in_a_header_is_hidden_with_the_others(jybf, roster):
    text = PAID.replace("申请金额", "申请金额,联系140926199007010020").replace("800\n", "800,=1+1\n")
    done = jybf("calc", roster(text), "-r", "shanxi", "--columns", "all", "--mask", "-f", "csv", "-q")
    assert "140926199007010020" not in done.out
    assert "140926198503120013" not in done.out
    assert ",'=1+1," in done.out


def test_a_page_has_no_room_for_them_and_says_so_before_any_work(jybf, roster):
    for form in ("table", "html"):
        done = jybf("calc", roster(), "-r", "shanxi", "--columns", "all", "-f", form)
        assert (done.code, "-f csv" in done.err) == (2, True)


def test_its_audit_can_not_be_written_into_the_roster_and_says_so(jybf, roster, tmp_path):
    done = jybf("audit", carry(tmp_path, roster()), "-r", "shanxi", "-o", "审核.xlsx")
    assert "读的是测算的结果，没有附原表" in done.err
    assert (tmp_path / "审核.xlsx").exists()


def test_inspect_and_why_speak_of_the_roster(jybf, roster, tmp_path):
    target = carry(tmp_path, roster())
    assert "花名册.csv 第 2 行" in jybf("why", target, "2", "-r", "shanxi").out
    assert "身份证号（原表）" in jybf("inspect", target).out
