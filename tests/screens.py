"""The terminal as a user sees it, 80 columns wide: what the pages show and their test compares.

python -m tests.screens line …        runs each line ("calc 花名册.xlsx") in the working folder, all in one process
"""

import fcntl
import os
import pty
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from jybf import cli
from jybf.ledger import events

ROOT = Path(__file__).parent.parent
COLUMNS, LINES = 80, 50
PLAIN = {"JYBF_OPERATOR": "经办人", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
_END = "——"  # between the lines of two commands


def screens(lines: Iterable[str]) -> Mapping[str, str]:
    """Line ("audit 花名册.xlsx --select JY5") → what it prints on a terminal, without colours.

    They run one after the other in a copy of the samples, and what one writes the next may read. Notices stand before what is
    printed, the reason of exit 1 after it, as they appear; what shows progress is left out.
    """
    lines = list(dict.fromkeys(lines))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JYBF_", "COLUMNS"))} | PLAIN
    command = [sys.executable, "-m", "tests.screens", *lines]
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryFile() as told:
        folder = shutil.copytree(ROOT / "sample_data", Path(place) / "sample_data")
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=theirs, stderr=told):
            os.close(theirs)
            shown = b"".join(iter(lambda: _read(ours), b"")).decode()
        os.close(ours)
        told.seek(0)
        both = (_apart(shown), _apart(told.read().decode()))
    return {line: _screen(*each) for line, *each in zip(lines, *both, strict=True)}


def _screen(shown: list[str], told: list[str]) -> str:
    notices = [each for each in told if each.startswith("提示：")]
    rest = [each for each in told if each not in notices]
    return "\n".join(each.rstrip() for each in [*notices, *shown, *rest])


def _apart(text: str) -> list[list[str]]:
    """The lines of ``text``, command by command."""
    return [part.splitlines() for part in text.replace("\r\n", "\n").split(f"{_END}\n")[:-1]]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how Linux says that the last writer has gone
        return b""


if __name__ == "__main__":
    events.now = lambda: datetime(2021, 12, 20, 9, 30, tzinfo=UTC)
    for line in sys.argv[1:]:
        cli._run(shlex.split(line))
        for stream in (sys.stdout, sys.stderr):
            print(_END, file=stream, flush=True)
