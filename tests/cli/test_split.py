"""``--split``: a file for each township, employer or village; whole or absent, and adding up to the whole."""

import csv
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from jybf.commands import parts
from jybf.errors import OutputError
from jybf.report.split import UNSAID, file_names, headings, write_parts
from tests.cli.program import HEADER, SAMPLES

ROWS = (
    ("甲示例,140926198503120013,脱贫户,广东省,2021-08-01,800", "东河镇", "甲厂"),
    ("乙示例,140926199007010020,脱贫户,广东省,2021-08-01,900", "西河乡", "甲厂"),
    ("丙示例,140926197810220036,一般农户,广东省,2021-08-01,800", "", "乙/厂"),
)
TEXT = "\n".join([f"{HEADER},乡镇,务工单位", *(",".join(row) for row in ROWS)])


def lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def test_each_township_has_its_rows_and_all_together_are_the_whole(jybf, roster, tmp_path):
    done = jybf("calc", roster(TEXT), "-r", "shanxi", "-f", "csv", "-o", "结果", "--split", "乡镇")
    files = {path.name: lines(path) for path in (tmp_path / "结果").iterdir()}
    assert {name: [row[3] for row in rows] for name, rows in files.items()} == {
        "东河镇.csv": ["甲示例"],
        "西河乡.csv": ["乙示例"],
        "未写明.csv": ["丙示例"],
    }
    assert "按乡镇分成 3 个文件，合计 3 行" in done.err
    whole = jybf("calc", roster(TEXT), "-r", "shanxi", "-f", "csv", "-q").out
    assert sorted(row for rows in files.values() for row in rows) == sorted(csv.reader(whole.splitlines()[1:]))


def released(path):
    """放行清单 of an audit's workbook: name → what may be paid."""
    sheet = openpyxl.load_workbook(path)["放行清单"]
    heads, *rows = sheet.iter_rows(values_only=True)
    return {row[heads.index("姓名")]: (row[heads.index("放行")], row[heads.index("本次可发")]) for row in rows}


def test_an_audit_in_parts_releases_what_the_whole_releases(jybf, roster, tmp_path):
    jybf("audit", roster(TEXT), "-r", "shanxi", "-o", "审核", "--split", "乡镇")
    jybf("audit", roster(TEXT), "-r", "shanxi", "-o", "全部.xlsx")
    books = [released(path) for path in sorted((tmp_path / "审核").iterdir())]
    assert len(books) == 3
    assert {name: line for book in books for name, line in book.items()} == released(tmp_path / "全部.xlsx")


def test_what_stands_against_a_worker_of_another_village_stands_against_the_employers_row_too(jybf, tmp_path):
    source = SAMPLES / "丰都_创业与吸纳补贴申报.xlsx"
    jybf("audit", source, "-r", "fengdu", "-f", "json", "-o", "全部.json")
    jybf("audit", source, "-r", "fengdu", "-f", "json", "-o", "审核", "--split", "单位")
    sums = [pl.read_json(path)["summary"][0]["放行"] for path in (tmp_path / "审核").iterdir()]
    whole = pl.read_json(tmp_path / "全部.json")["summary"][0]["放行"]
    for word in ("可发", "核减后发", "先核实", "不发"):
        assert sum(each[word]["行数"] for each in sums) == whole[word]["行数"]


def test_the_summary_of_a_part_is_that_of_its_rows(jybf, roster, tmp_path):
    jybf("calc", roster(TEXT), "-r", "shanxi", "-f", "json", "-o", "结果", "--split", "单位")
    parts = {path.stem: pl.read_json(path)["summary"][0] for path in (tmp_path / "结果").iterdir()}
    assert {name: (part["总行数"], part["去向"]) for name, part in parts.items()} == {
        "甲厂": (2, {"可发放": 2}),
        "乙_厂": (1, {"不符合": 1}),
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--split", "人", "-o", "x"), "不能按“人”分"),
        (("--split", "乡镇"), "加上 -o 文件夹"),
        (("--split", "乡镇", "-o", "x.xlsx"), "后面写文件夹"),
        (("--split", "乡镇", "-o", "没有/x"), "文件夹不存在"),
        (("--split", "乡镇", "-o", "花名册.csv"), "后面写文件夹"),
    ],
)
def test_a_wrong_way_to_split_is_told_before_any_work(options, told, jybf, roster):
    done = jybf("calc", roster(TEXT), "-r", "shanxi", *options)
    assert (done.code, told in done.err) == (2, True)


def test_other_files_in_the_folder_are_named_and_left(jybf, roster, tmp_path):
    (tmp_path / "结果").mkdir()
    (tmp_path / "结果" / "上次的.csv").write_text("x")
    done = jybf("calc", roster(TEXT), "-r", "shanxi", "-f", "csv", "-o", "结果", "--split", "乡镇")
    assert "不是这次写的文件：上次的.csv" in done.err
    assert (tmp_path / "结果" / "上次的.csv").read_text() == "x"


def test_the_input_is_none_of_the_files(jybf, roster, tmp_path):
    source = roster(TEXT, "东河镇.csv")
    done = jybf("calc", source, "-r", "shanxi", "-f", "csv", "-o", ".", "--split", "乡镇")
    assert (done.code, "不能覆盖输入" in done.err, source.read_text(encoding="utf-8")) == (2, True, TEXT)
    assert [path.name for path in tmp_path.iterdir()] == ["东河镇.csv"]


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\企业", "C__企业"),
        ("=HYPERLINK(1)", "HYPERLINK(1)"),
        ("-rf", "rf"),
        ("甲厂140926198503120013", "甲厂140926xxxxxxxxxx13"),
        ("乙厂 13800001234", "乙厂 138xxxx1234"),
        ("甲\n厂\u202e", "甲_厂"),
        ("con", "_con"),
        ("...", "_"),
        ("甲" * 300, "甲" * 50),
    ],
)
def test_a_files_name_is_harmless(part, name):
    assert file_names([part], ".csv") == {part: f"{name}.csv"}


def test_no_two_files_are_alike_and_the_unsaid_keeps_its_name():
    names = file_names(["A厂", "a厂", "未写明 ", UNSAID], ".csv")
    assert names == {UNSAID: "未写明.csv", "A厂": "A厂.csv", "a厂": "a厂（2）.csv", "未写明 ": "未写明（2）.csv"}


def test_a_village_goes_by_its_township_too_and_without_a_column_nothing_is_said():
    rows = pl.DataFrame({"乡镇": ["东河镇", None, "东河镇"], "行政村": ["上村", "上村", " "]})
    assert headings(rows, "村").to_list() == ["东河镇_上村", "上村", UNSAID]
    assert headings(rows, "单位").to_list() == [UNSAID] * 3


def test_where_one_file_can_not_be_written_none_is(tmp_path):
    folder = tmp_path / "结果"
    folder.mkdir()
    (folder / "甲.csv").write_text("旧")

    def fails(out):
        out.write(b"x")
        raise OSError(28, "full")

    with pytest.raises(OutputError, match="磁盘满了"):
        write_parts(folder, {"甲.csv": lambda out: out.write(b"x"), "乙.csv": fails}, ())
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"甲.csv": "旧"}


def _replace(path, to, stuck):
    """As Windows does it where ``stuck`` is open in Excel."""
    if to.name == stuck:
        raise PermissionError(13, "open")
    path.rename(to)


def test_where_one_file_can_not_be_replaced_the_others_are_put_back(tmp_path, monkeypatch):
    (tmp_path / "甲.csv").write_text("旧")
    files = {name: lambda out: out.write(b"x") for name in ("甲.csv", "丙.csv", "乙.csv")}
    monkeypatch.setattr(Path, "replace", lambda path, to: _replace(path, to, "乙.csv"))
    with pytest.raises(OutputError):
        write_parts(tmp_path, files, ())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"甲.csv": "旧"}


def test_parts_that_do_not_add_up_would_be_told(jybf, roster, monkeypatch):
    whole = parts._parts
    monkeypatch.setattr(parts, "_parts", lambda *a, **k: dict(list(whole(*a, **k).items())[:-1]))
    done = jybf("calc", roster(TEXT), "-r", "shanxi", "-f", "csv", "-o", "结果", "--split", "乡镇")
    assert "合计 2 行，与全部 3 行不符" in done.err
