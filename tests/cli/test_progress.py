"""Long work shows itself, and ends at once when it is told to."""

import os
import signal
import subprocess
import sys
import time

import pytest

from jybf.commands.pace import reading, writing
from jybf.report.marks import REBUILT
from jybf.report.progress import Pace, apart
from tests.cli.program import PAID


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_nothing_is_said_of_what_nobody_knows():
    assert Pace(Clock()).told() == ""


def test_after_three_seconds_one_hears_how_many_are_left():
    clock = Clock()
    pace = Pace(clock)
    pace.next(8, 2)
    clock.now = 2
    assert pace.told() == "20%"
    clock.now = 4
    assert pace.told() == "40%  约还要 6 秒"


def test_a_slow_machine_is_found_out_and_the_share_never_goes_back():
    clock = Clock()
    pace = Pace(clock)
    pace.next(4, 6)
    clock.now = 8  # twice as long as thought
    before = pace.told()
    pace.next(6, 0)
    assert pace.slowness == 2
    assert before == "56%  约还要 6 秒"
    assert pace.told() == "56%  约还要 12 秒"


def test_what_takes_longer_than_thought_is_never_quite_over():
    clock = Clock()
    pace = Pace(clock)
    pace.next(10, 0)
    clock.now = 1000
    assert pace.told() == "99%  约还要 1 秒"


def test_longer_files_take_longer_and_a_workbook_longest(tmp_path):
    for name, size in (("a.csv", 10), ("b.csv", 10_000), ("b.xlsx", 10_000)):
        (tmp_path / name).write_bytes(b"x" * size)
    short, long, book = (reading([str(tmp_path / name)], 1.0) for name in ("a.csv", "b.csv", "b.xlsx"))
    assert short < long < book
    assert reading(["-"], 1.0) == (0, 0)
    assert writing("csv", 1000) < writing("xlsx", 1000) < writing("xlsx", 1000, annotated=True)


def test_work_beside_gives_its_result_or_raises_its_error():
    assert apart(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        apart(lambda: 1 // 0)


DEAF = """
import sys, time
from jybf import cli
from jybf.commands import deliver
def writer(form):
    def write(report, out, *, mask):
        out.write(b"half")
        out.flush()
        time.sleep(60)
    return write
deliver.writer = writer
sys.argv = ["jybf", "calc", "花名册.csv", "-r", "shanxi", "-o", "结果.csv", "-q"]
cli.main()
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no kill -INT")
@pytest.mark.parametrize(("sent", "code", "told"), [(signal.SIGINT, 130, "已中断：没有写入结果\n"), (signal.SIGTERM, 143, "")])
def test_a_writer_that_does_not_listen_is_left_at_once(sent, code, told, tmp_path):
    (tmp_path / "花名册.csv").write_text(PAID, encoding="utf-8")
    child = subprocess.Popen([sys.executable, "-c", DEAF], cwd=tmp_path, stderr=subprocess.PIPE, encoding="utf-8")
    while child.poll() is None and not any(path.suffix == ".part" and path.stat().st_size for path in tmp_path.iterdir()):
        time.sleep(0.02)
    begun = time.monotonic()
    child.send_signal(sent)
    err = child.communicate(timeout=30)[1]
    assert (child.returncode, err) == (code, told)
    assert time.monotonic() - begun < 10  # and not 60
    assert [path.name for path in tmp_path.iterdir()] == ["花名册.csv"]


def test_that_a_workbook_is_built_anew_is_said_before_it_is_written_and_once(jybf, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "花名册.csv").write_text(PAID, encoding="utf-8")
    monkeypatch.setattr("jybf.report.marks._MOST_BY_CELL", 1)
    monkeypatch.setattr("jybf.commands.deliver.apart", lambda work: print("写", file=sys.stderr) or work())
    err = jybf("audit", "花名册.csv", "-r", "shanxi", "-o", "审核.xlsx").err
    assert err.count(REBUILT) == 1
    assert err.index(REBUILT) < err.index("写\n")
