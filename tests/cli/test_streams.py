"""Streams that are closed, full or waited for: each has its sentence and its code, and no traceback."""

import os
import subprocess
import sys

import pytest

ROSTER = "姓名,身份证号,人员类别,务工省,申请日期,申请金额\n李示例,140926197011110009,脱贫户,广东省,2021-08-01,800\n"


def run(arguments, redirect, folder):
    """Jybf with the shell's ``redirect``: its exit code and what it says."""
    command = f'exec "{sys.executable}" -m jybf {arguments} {redirect}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, encoding="utf-8", cwd=folder, timeout=60)
    assert "Traceback" not in done.stderr
    assert "内部错误" not in done.stderr
    return done.returncode, done.stderr + done.stdout


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-8")
    os.mkfifo(tmp_path / "管道.csv")
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize(
    ("arguments", "redirect", "code", "told"),
    [
        ("calc 名册.csv -r shanxi -f csv -q", "> /dev/full", 2, "磁盘满了"),
        ("calc 名册.csv -r shanxi -f json -q", "> /dev/full", 2, "磁盘满了"),
        ("rules list", "> /dev/full", 2, "写不进去"),
        ("calc 名册.csv -r shanxi -f csv -q", ">&-", 2, "标准输出：写不进去：关着"),
        ("calc 名册.csv -r shanxi -f csv", "2>&-", 0, "800.00"),
        ("calc - -r shanxi", "<&-", 3, "标准输入关着"),
        ("calc 管道.csv -r shanxi", "", 3, "没有程序往里写"),
        ("calc <(sleep 0.2; cat 名册.csv) -r shanxi -f csv -q", "", 0, "800.00"),
    ],
)
def test_a_stream_that_does_not_work_has_its_own_sentence(folder, arguments, redirect, code, told):
    found, said = run(arguments, redirect, folder)
    assert (found, told in said) == (code, True), said


def test_with_stderr_closed_the_data_stay_alone(folder):
    _, said = run("calc 名册.csv -r shanxi -f csv", "2>&-", folder)
    assert len(said.splitlines()) == 2


def test_a_name_as_long_as_names_may_be_is_written_and_a_longer_one_is_told(folder):
    for count, code in ((83, 0), (84, 2)):
        found, said = run(f"calc 名册.csv -r shanxi -q -o {'名' * count}.csv", "", folder)
        assert (found, "文件名太长" in said) == (code, code == 2)


def test_a_file_that_claims_gigabytes_of_nothing_is_empty_at_once(folder):
    with (folder / "空.csv").open("wb") as file:
        file.truncate(8 << 30)
    assert run("calc 空.csv -r shanxi", "", folder) == (3, "错误：空.csv：文件是空的（检查导出是否完成）\n")
