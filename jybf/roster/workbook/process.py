"""The parent's side of the reading process: start it, feed it, watch it, take its frames, or say why there are none."""

import contextlib
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import msgspec
import psutil

from jybf.errors import InputError, Problem
from jybf.roster.workbook.limits import SAVE_AS, Limits, limits_of, too_much

_CHILD = Path(__file__).with_name("child.py")
_SECONDS_TO_LOAD = 60.0
_POLL = 0.05
_FRAME = struct.Struct("<II")


class Frame(msgspec.Struct, frozen=True):
    """One sheet as the child sent it."""

    head: dict[str, Any]
    body: memoryview


@contextmanager
def reading(data: bytes, file: str, limits: Limits | None = None) -> Iterator[Callable[[], list[Frame]]]:
    """Begin to read ``data``; the function given waits for the sheets. Leaving the block ends the child in any case.

    Its InputError says what became of the child: a damaged workbook, a password, too much memory, too long a time.
    """
    allowed = limits or limits_of(len(data))
    request = msgspec.json.encode({"ceiling": allowed.memory})
    with tempfile.TemporaryFile() as errors, ThreadPoolExecutor(2) as pool:
        child = _start(errors)
        try:
            ready = threading.Event()
            pool.submit(_feed, cast("IO[bytes]", child.stdin), request + b"\n", data)
            sent = pool.submit(_drain, cast("IO[bytes]", child.stdout), ready, allowed.output)
            watch = threading.Thread(target=_watch, args=(child, allowed.memory, over := threading.Event()), daemon=True)
            watch.start()
            yield lambda: _frames(_wait(sent, ready, allowed, file), allowed.output, child, over, errors, file)
        finally:
            child.kill()
            child.wait()


def _start(errors: Any) -> subprocess.Popen[bytes]:
    # -P: the folder of the script is no place to import from, its modules have everyday names.
    path = os.pathsep.join(part for part in sys.path if part)
    few_threads = {"RAYON_NUM_THREADS": "2", "RUST_BACKTRACE": "0"}
    return subprocess.Popen(  # noqa: S603 - this interpreter and our own file
        [sys.executable, "-P", "-S", "-B", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, **few_threads, "PYTHONPATH": path},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _feed(pipe: IO[bytes], *parts: bytes) -> None:
    with contextlib.suppress(OSError, ValueError), pipe:  # a child that has died says enough by its silence
        for part in parts:
            pipe.write(part)


def _drain(pipe: IO[bytes], ready: threading.Event, most: int) -> bytes:
    with pipe:
        pipe.read(1)
        ready.set()
        return pipe.read(most)


def _watch(child: subprocess.Popen[bytes], ceiling: int, over: threading.Event) -> None:
    """What RLIMIT does on Linux, for every system."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(child.pid)
        while child.poll() is None:
            if process.memory_info().rss > ceiling:
                over.set()
                child.kill()
            time.sleep(_POLL)


def _wait(sent: Future[bytes], ready: threading.Event, limits: Limits, file: str) -> bytes:
    try:
        if ready.wait(_SECONDS_TO_LOAD):
            return sent.result(limits.seconds)
    except TimeoutError:
        pass
    raise InputError(Problem("读取超时，文件可能已损坏或是恶意构造的", where=file, hint=SAVE_AS))


def _frames(
    sent: bytes, most: int, child: subprocess.Popen[bytes], over: threading.Event, errors: Any, file: str
) -> list[Frame]:
    if len(sent) >= most:
        raise too_much(file)
    frames = list(_split(sent))
    end = frames.pop().head if frames else {}
    if "end" in end:
        return frames
    errors.seek(0)
    said = errors.read(4096).decode(errors="replace") + str(end.get("error", ""))
    if end.get("password"):
        raise InputError(Problem("文件有密码", where=file, hint="打开后去掉密码，另存一份再试"))
    if over.is_set() or "memory allocation" in said or "MemoryError" in said:
        raise too_much(file)
    raise InputError(Problem(f"工作簿已损坏，读不了{_reason(end, child)}", where=file, hint=SAVE_AS))


def _reason(end: dict[str, Any], child: subprocess.Popen[bytes]) -> str:
    if "error" in end:
        return f"：{end['error']}" if "Panic" not in end["error"] else ""
    child.wait(_POLL)
    return f"（读取程序以 {child.returncode} 中止）"


def _split(sent: bytes) -> Iterator[Frame]:
    view, at = memoryview(sent), 0
    while at + _FRAME.size <= len(sent):
        head, body = _FRAME.unpack_from(sent, at)
        start = at + _FRAME.size
        at = start + head + body
        if at <= len(sent):
            with contextlib.suppress(msgspec.MsgspecError):  # what makes no sense is no frame
                yield Frame(msgspec.json.decode(view[start : start + head], type=dict[str, Any]), view[start + head : at])
