"""The reading process: whatever becomes of it, the user gets one clear refusal, and nothing of it stays behind."""

import struct
import time
from pathlib import Path

import psutil
import pytest

from jybf.errors import InputError
from jybf.roster import read
from jybf.roster.workbook import process
from jybf.roster.workbook.limits import Limits
from jybf.roster.workbook.process import reading
from tests.roster.books import HEADER, book, people

MIB = 1024 * 1024
ROOMY = Limits(memory=2048 * MIB, seconds=30.0, output=MIB)


@pytest.fixture
def child(tmp_path, monkeypatch):
    """``child(code)``: from now on the reading process does this, after it has said that it is ready."""

    def run(code):
        script = tmp_path / "child.py"
        script.write_text(f"import os, sys, time, struct\nsys.stdout.buffer.write(b'.')\nsys.stdout.flush()\n{code}\n")
        monkeypatch.setattr(process, "_CHILD", script)

    return run


def refusal(limits=ROOMY):
    with reading(b"PK", "甲.xlsx", limits) as wait, pytest.raises(InputError) as refused:
        wait()
    return str(refused.value)


def test_a_reader_that_never_ends_is_stopped(child):
    child("time.sleep(600)")
    begun = time.monotonic()
    assert "甲.xlsx：读取超时" in refusal(Limits(2048 * MIB, 0.3, MIB))
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("end", ["os.abort()", "os._exit(3)", "raise SystemExit", "1/0"])
def test_a_reader_that_dies_is_a_damaged_workbook(child, end):
    child(end)
    assert "工作簿已损坏" in refusal()


def test_where_the_system_sets_no_limit_the_parent_watches_the_memory(child):
    child("held = bytearray(os.urandom(1) * 400_000_000)\ntime.sleep(600)")
    assert "过多内存" in refusal(Limits(200 * MIB, 30.0, MIB))


def test_the_reader_sets_a_limit_to_itself(tmp_path, monkeypatch):
    pytest.importorskip("resource")
    monkeypatch.setattr(process, "_watch", lambda *_: None)
    data = Path(book(tmp_path, HEADER, *people(20_000))).read_bytes()
    with reading(data, "甲.xlsx", Limits(30 * MIB, 30.0, MIB)) as wait, pytest.raises(InputError) as refused:
        wait()
    assert "过多内存" in str(refused.value)


def test_a_reader_that_sends_without_end_is_cut_off(child):
    child("while True: sys.stdout.buffer.write(bytes(65536))")
    assert "过多内存" in refusal()


def test_half_a_frame_is_no_frame(child):
    child("sys.stdout.buffer.write(struct.pack('<II', 10, 1 << 30) + b'{}')")
    assert "工作簿已损坏" in refusal()


def test_words_of_the_library_are_passed_on_and_a_password_is_named(child):
    frame = "h = b'{}'; sys.stdout.buffer.write(struct.pack('<II', len(h), 0) + h)"
    child(frame.format('{"error": "cell G7 is odd", "password": false}'))
    assert "cell G7 is odd" in refusal()
    child(frame.format('{"error": "x", "password": true}'))
    assert "文件有密码" in refusal()


def test_no_process_is_left_behind(child, tmp_path):
    own = psutil.Process()
    read([book(tmp_path, HEADER, *people(1))])
    child("time.sleep(600)")
    with pytest.raises(KeyboardInterrupt), reading(b"PK", "甲.xlsx", ROOMY):
        raise KeyboardInterrupt
    assert own.children(recursive=True) == []


def test_frames_are_what_was_sent():
    head = b'{"name": "x"}'
    sent = struct.pack("<II", len(head), 3) + head + b"abc" + struct.pack("<II", 2, 0) + b"{}"
    first, second = process._split(sent)
    assert (first.head, bytes(first.body), second.head) == ({"name": "x"}, b"abc", {})
