"""A file that is read again, so that its bytes need not be held: the same bytes, or it is refused."""

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from jybf.errors import InputError, Problem

CHUNK = 16 * 1024 * 1024  # bytes that are read at once


class OnDisk(msgspec.Struct, frozen=True):
    """Where the bytes of an input lie; ``stamp``: the file's number, size and time as they were read."""

    file: str
    path: str
    stamp: tuple[int, int, int]

    def whole(self) -> bytes:
        """The bytes again. Raises InputError if they are not those that were read."""
        return b"".join(self.parts())

    def parts(self) -> Iterator[bytes]:
        """As :meth:`whole`, a part after the other."""
        self.check()
        with Path(self.path).open("rb") as file:
            yield from iter(partial(file.read, CHUNK), b"")
        self.check()

    def check(self) -> None:
        """Raises InputError if the file has changed since."""
        try:
            now = _stamp(Path(self.path).stat())
        except OSError:
            now = None
        if now != self.stamp:
            raise InputError(Problem("文件在读的时候变了", where=self.file, hint="等写它的程序写完，再试"))


def on_disk(path: str, file: str) -> OnDisk | None:
    """Where ``path`` lies, if it is a file that can be read again; messages name it ``file``."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None  # what it is, is told when it is read
    return OnDisk(file, str(Path(path).absolute()), _stamp(status)) if stat.S_ISREG(status.st_mode) else None


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns
