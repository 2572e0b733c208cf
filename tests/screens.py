"""The terminal as a user sees it, 80 columns wide: what the pages show and their test compares."""

import atexit
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
from functools import cache
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "sample_data"
COLUMNS, LINES = 80, 50
PLAIN = {"NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}


@cache
def folder() -> Path:
    """A copy of the samples, one for all screens: what one command writes there the next may read."""
    place = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return Path(shutil.copytree(SAMPLES, place / "sample_data"))


@cache
def screen(line: str) -> str:
    """What ``line`` ("audit 花名册.xlsx --select JY5"), run among the samples, prints on a terminal, without colours.

    Notices stand before it, the reason of exit 1 after it, as they appear; what shows progress is left out.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JYBF_", "COLUMNS"))} | PLAIN
    command = [sys.executable, "-m", "jybf", *shlex.split(line)]
    with subprocess.Popen(command, cwd=folder(), env=environment, stdout=theirs, stderr=subprocess.PIPE) as program:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b"")).decode()
        told = program.stderr.read().decode().splitlines() if program.stderr else []
    os.close(ours)
    notices = [each for each in told if each.startswith("提示：")]
    rest = [each for each in told if each not in notices]
    return "\n".join(each.rstrip() for each in [*notices, *shown.splitlines(), *rest])


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how Linux says that the last writer has gone
        return b""
