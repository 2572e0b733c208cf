"""The program run on one case, measured with all its children, and judged."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from jybf import cli
from tests.hostile.case import SECRET, Place, Row

ROOT = Path(__file__).parent.parent.parent
_LOOK = 0.05  # seconds between two looks at the memory of a run
HANG = 60  # seconds after which a run is given up
MOST_MEMORY = 1_500_000_000
MOST_CPU, MOST_CPU_TO_REFUSE = 20, 5  # seconds of the processor: those of the clock depend on what else runs
_TRACES = re.compile(r"Traceback|panicked|内部错误|File \".*\", line|RuntimeWarning|core dumped")
_TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: exit code, both streams, seconds, processor seconds, bytes of memory at the peak of the whole tree."""

    code: int
    out: str
    err: str
    seconds: float
    cpu: float
    memory: int


@contextlib.contextmanager
def place(folder):
    """An empty folder to make a case in, a secret beside it and a listener that must hear nothing."""
    work = Path(folder) / "work"
    work.mkdir()
    canary = Path(folder) / "secret.txt"
    canary.write_text(SECRET, encoding="utf-8")
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen()
        ear.setblocking(False)
        yield Place(work, canary, ear.getsockname()[1])
        with contextlib.suppress(BlockingIOError):
            caller, _ = ear.accept()
            caller.close()
            raise AssertionError("a connection to the network was made")


def start(arguments, folder):
    """Run ``jybf`` with ``arguments`` in ``folder``; what hangs is ended and has the code -9."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JYBF_")} | {"PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        before = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "jybf", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environment,
            start_new_session=True,
        )
        memory, code, usage = _watch(process, before + HANG)
        seconds = time.perf_counter() - before
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "backslashreplace"))
    return Outcome(code, *texts, seconds, usage.ru_utime + usage.ru_stime, memory)


def _watch(process, deadline):
    """Wait for the end; the peak is the largest sum of shares, or the largest high-water mark of one process."""
    peak = 0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return peak, process.returncode, usage
        tree = _tree(process.pid)
        if time.perf_counter() > deadline:
            for child in tree:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, 9)
        marks = [_kilobytes(child, "status", "VmHWM") for child in tree]
        peak = max(peak, *marks, sum(_kilobytes(child, "smaps_rollup", "Pss") for child in tree))
        time.sleep(_LOOK)


def _tree(pid):
    """``pid`` and all its descendants, where the system can tell."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def _kilobytes(pid, file, field):
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8")
        found = re.search(rf"^{field}:\s+([0-9]+) kB", text, re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    return 0


def apart(case, where, command="calc"):
    """What a command does with a case that has been made in ``where``, in a process of its own."""
    return start(arguments(command, case), where.folder)


def inside(case, where, capture, command="calc"):
    """The same in this process and thus ten times as fast, but without its memory; ``capture`` empties both streams."""
    return here(arguments(command, case), where.folder, capture)


def here(words, folder, capture):
    """Run ``jybf`` with the arguments ``words`` in ``folder`` in this process."""
    capture()
    before, spent = time.perf_counter(), _spent()
    with contextlib.chdir(folder):
        code = cli._run(words)
    return Outcome(code, *capture(), time.perf_counter() - before, _spent() - spent, 0)


def _spent():
    """Seconds of the processor, of this process and of the children that have ended."""
    return sum(os.times()[:4])


def arguments(command, case):
    """What to call the program with."""
    return [command, f"./{case.file}", "-r", "shanxi", "-f", "json", *case.options]


def faults(case, done, where):
    """Everything that is wrong with what a run did, in words."""
    expect, said = case.expect, done.out + done.err
    wrong = list(_always(case, done, where))
    if done.code not in expect.codes:
        return [*wrong, f"exit {done.code}, expected {expect.codes}: {done.err[-400:]}"]
    if done.code == 3:
        if done.out:
            wrong.append("something on stdout of a refusal")
        if expect.says and not any(word in done.err for word in expect.says):
            wrong.append(f"says none of {expect.says}: {done.err[-400:]}")
        return wrong
    if expect.kind == "read":
        wrong += [f"does not say {word}: {done.err[:600]}" for word in expect.says if word not in said]
    return wrong + different(expect.rows, result(done.out))


def _always(case, done, where):
    said = done.out + done.err
    if done.code == -9:
        yield f"hangs for {HANG} s"
    if _TRACES.search(said):
        yield f"a trace: {done.err[-400:]}"
    if _TERMINAL.search(done.err):
        yield f"a control character on the terminal: {_TERMINAL.findall(done.err)!r}"
    yield from (f"shows {word!r}" for word in (SECRET, *case.expect.never) if word in said)
    if done.memory > MOST_MEMORY:
        yield f"takes {done.memory / 1e6:.0f} MB"
    if done.cpu > (MOST_CPU_TO_REFUSE if done.code == 3 else MOST_CPU):
        yield f"takes {done.cpu:.1f} s of processor time"
    left = {path.name for path in where.folder.iterdir()} - {case.file}
    outside = {path.name for path in where.folder.parent.iterdir()} - {"work", "secret.txt"}
    if left or outside:
        yield f"files left behind: {left | outside}"


def result(text):
    """The rows of a JSON result; a row that several programmes may concern stands once."""
    rows = json.loads(text)["rows"]
    paid = ((r["核定金额"] or "") if r["结果"] == "可发放" else "" for r in rows)
    return tuple(
        dict.fromkeys(Row(r["行号"], r["姓名"] or "", r["身份证号"] or "", fen) for r, fen in zip(rows, paid, strict=True))
    )


def different(wanted, got):
    """How two results differ, in words; nothing if they don't. None is anything."""
    if wanted is None or (len(wanted) == len(got) and all(map(_same, wanted, got))):
        return []
    missing = [row for row in wanted if not any(_same(row, other) for other in got)]
    extra = [row for row in got if not any(_same(other, row) for other in wanted)]
    return [f"missing {missing[:4]}, extra {extra[:4]} ({len(wanted)} rows expected, {len(got)} read)"]


def _same(wanted, got):
    return all(a is None or a == b for a, b in zip(wanted, got, strict=True))


def unnamed(case, done):
    """The cells that an audit should have named and has not."""
    named = {row["单元格"] for row in json.loads(done.out)["rows"]} if done.code in (0, 1) else set()
    return sorted(set(case.expect.cells) - named)
