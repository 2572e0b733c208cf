"""``jybf canon`` writes one table and its manifest, or neither; and calc says of it what it says of the files."""

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from jybf.commands.calc import calc
from jybf.commands.canon import canon
from jybf.commands.request import Delivery, Request
from jybf.errors import InputError, OutputError, UsageError
from tests.roster.books import text

SAMPLES = Path(__file__).parents[2] / "sample_data"
FILES = tuple(sorted(str(path) for path in SAMPLES.glob("山西_*")))


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("规范") / "规范表.parquet"
    canon(Request(FILES), str(path), quiet=True)
    return path


def _verdicts(files, target):
    calc(Request(tuple(files), "shanxi"), Delivery(output=str(target), quiet=True))
    return target.read_bytes()


def test_calc_says_of_the_table_what_it_says_of_the_files(table, tmp_path):
    assert _verdicts([str(table)], tmp_path / "表.csv") == _verdicts(FILES, tmp_path / "簿.csv")


def test_the_manifest_tells_what_went_in_and_what_came_out(table):
    told = json.loads(Path(f"{table}.json").read_text(encoding="utf-8"))
    assert told["SHA-256"] == hashlib.sha256(table.read_bytes()).hexdigest()
    assert [one["SHA-256"] for one in told["文件"]] == [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in FILES]
    assert sum(one["行数"] for one in told["文件"]) == told["行数"] == pl.read_parquet(table).height
    assert sum(sum(one["认不出"].values()) for one in told["文件"]) == 4


def test_the_same_files_give_the_same_bytes(table, tmp_path):
    canon(Request(FILES), str(tmp_path / "规范表.parquet"), quiet=True)
    assert (tmp_path / "规范表.parquet").read_bytes() == table.read_bytes()
    assert Path(f"{tmp_path / '规范表.parquet'}.json").read_bytes() == Path(f"{table}.json").read_bytes()


def test_files_that_cannot_be_read_are_told_all_at_once_and_nothing_is_written(tmp_path):
    broken = [text(tmp_path, b"\xff\xfe\0", name="坏.csv"), text(tmp_path, "随便\n写的\n", name="也坏.csv")]
    with pytest.raises(InputError) as error:
        canon(Request((*FILES, *broken)), str(tmp_path / "规范表.parquet"), quiet=True)
    assert {Path(problem.where).name for problem in error.value.problems} == {"坏.csv", "也坏.csv"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["也坏.csv", "坏.csv"]


def test_it_is_a_parquet_file_beside_its_inputs(tmp_path):
    with pytest.raises(UsageError, match=r"后缀是 \.parquet"):
        canon(Request(FILES), str(tmp_path / "规范表.csv"), quiet=True)
    with pytest.raises(OutputError, match="不能覆盖输入"):
        canon(Request((str(tmp_path / "a.parquet"),)), str(tmp_path / "a.parquet"), quiet=True)
