"""A result is whole or absent, and never the input."""

import os
import shutil
import subprocess
import sys

import pytest

from jybf.errors import OutputError
from jybf.report.output import check_target, replacing
from tests.cli.program import SAMPLES


def test_a_finished_block_replaces_the_file(tmp_path):
    target = tmp_path / "结果.csv"
    target.write_text("旧")
    with replacing(target) as out:
        out.write("新".encode())
    assert target.read_text(encoding="utf-8") == "新"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_block_changes_nothing(tmp_path):
    target = tmp_path / "结果.csv"
    target.write_text("旧")
    with pytest.raises(TypeError), replacing(target) as out:
        out.writelines([b"half", None])
    assert target.read_text() == "旧"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_killed_run_has_left_is_taken_away_after_an_hour_and_no_sooner(tmp_path):
    old, new = tmp_path / ".jybf.a.part", tmp_path / ".jybf.b.part"
    for left in (old, new):
        left.touch()
    os.utime(old, (0, 0))
    with replacing(tmp_path / "结果.csv") as out:
        out.write(b"x")
    assert {path.name for path in tmp_path.iterdir()} == {"结果.csv", new.name}


def test_a_new_file_gets_the_rights_that_files_get_here_and_an_old_one_keeps_its_own(tmp_path):
    usual, own = tmp_path / "usual", tmp_path / "own"
    usual.touch()
    own.touch(mode=0o600)
    for target in (tmp_path / "结果.csv", own):
        with replacing(target) as out:
            out.write(b"x")
    assert (tmp_path / "结果.csv").stat().st_mode == usual.stat().st_mode
    assert own.stat().st_mode & 0o777 == 0o600


def test_the_input_is_never_the_output(tmp_path):
    source = tmp_path / "花名册.csv"
    source.write_text("x")
    link = tmp_path / "另一个名字.csv"
    link.symlink_to(source)
    for path in (source, link):
        with pytest.raises(OutputError, match="不能覆盖输入"):
            check_target(str(path), [str(source)])


def test_a_device_is_not_replaced():
    with pytest.raises(OutputError, match="不是普通文件"):
        check_target("/dev/null", [])


def test_a_missing_folder_is_told_before_the_work(tmp_path):
    with pytest.raises(OutputError, match="文件夹不存在"):
        check_target(str(tmp_path / "没有" / "结果.csv"), [])


def audited(source, target):
    """What an audit of ``source`` into ``target`` says on stderr, run as a user runs it."""
    command = [sys.executable, "-m", "jybf", "audit", source, "-r", "shanxi", "-o", target]
    done = subprocess.run(list(map(str, command)), capture_output=True, check=False, encoding="utf-8")
    assert done.returncode in {0, 1}, done.stderr
    return done.stderr


@pytest.mark.slow
def test_an_annotated_copy_leaves_the_source_as_it_was_and_a_rebuilt_one_is_said_aloud(tmp_path):
    for sample, built in (("山西_公益性岗位台账.xlsx", False), ("山西_以工代训补贴花名册_GBK.csv", True)):
        source, target = tmp_path / sample, tmp_path / f"批注_{sample}.xlsx"
        shutil.copy(SAMPLES / sample, source)
        said = audited(source, target)
        assert source.read_bytes() == (SAMPLES / sample).read_bytes()
        assert ("按原来的行列另建了一份，没有原来的格式" in said, target.exists()) == (built, True)
