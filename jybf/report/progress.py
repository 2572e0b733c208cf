"""A moving line on a terminal: what is being done, how far it has come, how long it may take yet."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from threading import Thread
from threading import enumerate as threads
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_SOON = 3.0  # seconds of work after which one wants to know how many more
_WORKER = "writing"
_TURN = 0.1  # seconds between two looks at who works


class Doing(Protocol):
    """Says what is being done now: something that takes about so many ``seconds`` on an ordinary machine, then ``after`` more.

    Without ``seconds`` it is a part of what was said before.
    """

    def __call__(self, what: str, seconds: float = 0, after: float = 0) -> None: ...


def unheard(what: str, seconds: float = 0, after: float = 0) -> None:
    """Nobody watches how far it has come."""


class Pace:
    """How far a run has come, by what its stages were thought to take and what those that are over did take."""

    def __init__(self, now: Callable[[], float] = time.monotonic, slowness: float = 1) -> None:
        self._now, self._slowness = now, slowness
        self._begun = self._stage = now()
        self._thought, self._current, self._after, self._most = 0.0, 0.0, 0.0, 0

    def next(self, seconds: float, after: float) -> None:
        """The next stage begins."""
        if seconds:
            self._thought += self._current
            self._stage, self._current, self._after = self._now(), seconds, after
            if self._thought:
                self._slowness = (self._stage - self._begun) / self._thought

    @property
    def slowness(self) -> float:
        """How much slower this machine is than an ordinary one."""
        return self._slowness

    def left(self) -> float | None:
        """The seconds left; None if nobody knows. What takes longer than it was thought to is never quite over."""
        if not self._current:
            return None
        stage = self._current * self._slowness
        return max(stage - (self._now() - self._stage), stage / 20) + self._after * self._slowness

    def told(self) -> str:
        """In words: 45%, and after a while what is left; "" if nobody knows."""
        left, spent = self.left(), self._now() - self._begun
        if left is None:
            return ""
        self._most = max(self._most, min(int(100 * spent / (spent + left)), 99))  # it never goes back
        return f"{self._most}%" + (f"  约还要 {_duration(left)}" if spent >= _SOON else "")


def _duration(seconds: float) -> str:
    return f"{max(round(seconds), 1)} 秒" if seconds < 90 else f"{round(seconds / 60)} 分钟"


_known = 1.0  # how slow this machine has been found to be, by the line before


@contextmanager
def progress(*, quiet: bool) -> Iterator[Doing]:
    """A moving line on stderr; silent when ``quiet`` or off a terminal."""
    global _known  # noqa: PLW0603 - there is one machine
    if quiet or not sys.stderr.isatty():
        yield unheard
        return
    from rich.progress import Progress, ProgressColumn, SpinnerColumn, TextColumn, TimeElapsedColumn  # of no use to a pipe
    from rich.text import Text

    from jybf.report.screen import console

    pace = Pace(slowness=_known)

    class Left(ProgressColumn):
        def render(self, task: Any) -> Text:  # noqa: ARG002  Rich asks with it
            return Text(pace.told())

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), Left(), TimeElapsedColumn())
    with Progress(*columns, console=console(sys.stderr), transient=True) as bar:
        task = bar.add_task("读取", total=None)

        def doing(what: str, seconds: float = 0, after: float = 0) -> None:
            pace.next(seconds, after)
            bar.update(task, description=what)

        yield doing
    _known = pace.slowness


def apart(work: Callable[[], T]) -> T:
    """What ``work`` gives, done beside the main thread: a library that does not listen is no reason to wait after Ctrl-C."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001  raised again below
            failed.append(error)

    worker = Thread(target=run, daemon=True, name=_WORKER)
    worker.start()
    while worker.is_alive():
        worker.join(_TURN)
    if failed:
        raise failed[0]
    return done[0]


def abandoned() -> bool:
    """Whether some work goes on that nobody waits for any more."""
    return any(thread.name == _WORKER for thread in threads())
