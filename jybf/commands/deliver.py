"""The one way of a result to where the user wants it: data on stdout or in a file, everything else on stderr."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from jybf.commands.pace import DESCRIBE, counted, of_rows, writing
from jybf.commands.request import Delivery
from jybf.errors import OutputError, Problem, UsageError
from jybf.model import Report
from jybf.report import format_of, writer
from jybf.report.ending import ending
from jybf.report.notes import source
from jybf.report.output import check_target, reason, replacing
from jybf.report.progress import Doing, apart, progress
from jybf.visible import say, say_origin, sentence, show_numbers

if TYPE_CHECKING:
    from jybf.report.screen import Console

_NO_TEXT = {"xlsx", "parquet"}
PAGE = {"table": ".txt", "json": ".json"}  # the formats of a command that has just a page and JSON


class Way(msgspec.Struct, frozen=True):
    """Where a result goes. ``target``: the file, None for stdout; ``name``: as the user wrote it; ``mask``: hide numbers."""

    form: str
    target: Path | None
    name: str
    mask: bool
    quiet: bool
    whole: bool = False

    @property
    def on_screen(self) -> bool:
        """Whether it is a page on a terminal, with its width and colours."""
        return self.form == "table" and self.target is None and sys.stdout.isatty()


class Voice(msgspec.Struct, frozen=True):
    """What a run tells while it works: ``doing`` shows what is being done, ``say`` keeps a notice for the end."""

    doing: Doing
    notices: list[str] = []

    def say(self, notice: str) -> None:
        """One more notice."""
        self.notices.append(notice)

    @property
    def told(self) -> tuple[str, ...]:
        """Each notice once."""
        return tuple(dict.fromkeys(self.notices))


def find_way(
    delivery: Delivery, inputs: Sequence[str], formats: Mapping[str, str], *, command: str = "", piped: str = "csv"
) -> Way:
    """The way that ``delivery`` asks for; without format and file a terminal gets the table and a pipe gets ``piped``.

    ``formats``: what ``command`` can be written as, with its suffix. Raises UsageError, and OutputError for one of ``inputs``:
    what the command line gets wrong is said before any work is done.
    """
    if delivery.mask and delivery.show_pii:
        raise UsageError(Problem("--mask 与 --show-pii 只能用一个"))
    silent = "table" if sys.stdout.isatty() else piped
    named = "xlsx" if delivery.split else format_of(delivery.output, formats) if delivery.output else silent
    form = delivery.form or named
    if form not in formats:
        raise UsageError(Problem(f"{command} 没有输出格式“{form}”".lstrip(), hint=f"可用：{'、'.join(formats)}"))
    if form in _NO_TEXT and not delivery.output and sys.stdout.isatty():
        raise UsageError(Problem(f"{form} 不能显示在终端里", hint=f"加上 -o 结果{formats[form]}"))
    if PurePath(delivery.output).suffix.lower() in set(formats.values()) - {formats[form]}:
        raise UsageError(Problem(f"后缀与 -f {form} 不一致", delivery.output, f"后缀改成 {formats[form]}，或去掉 -f"))
    show_numbers(delivery.show_pii)
    mask = not delivery.show_pii if form in ("table", "html") else delivery.mask  # what people read
    target = check_target(delivery.output, inputs) if delivery.output and not delivery.split else None
    return Way(form, target, delivery.output, mask, delivery.quiet, delivery.whole)


@contextmanager
def listening(*, quiet: bool) -> Iterator[Voice]:
    """The voice of a run: what it had to say stands on stderr when it ends, also where it fails."""
    notices: list[str] = []
    try:
        with progress(quiet=quiet) as doing:
            yield Voice(doing, notices)
    finally:
        if not quiet:
            tell_notices(notices)


def tell_notices(notices: Iterable[str]) -> None:
    """``notices`` on stderr, each once."""
    for notice in dict.fromkeys(notices):
        say(f"提示：{sentence(notice)}", sys.stderr)


def deliver_report(report: Report, way: Way) -> None:
    """Deliver ``report`` and end with its summary, which a page has on itself."""

    def show(screen: Console) -> None:
        from jybf.report.formats.table_txt import print_report  # Rich is for those who look

        print_report(report, screen, mask=way.mask)

    write = writer(way.form)
    deliver(way, show, lambda out: write(report, out, mask=way.mask), lambda: sum_up(report, whole=way.whole), report)


def sum_up(report: Report, *, whole: bool) -> None:
    """The end of a run on stderr."""
    if not sys.stderr.isatty():
        say(ending(report), sys.stderr)
        say_origin(source(report), sys.stderr)
        return
    from jybf.report.screen import console, summary

    summary(report, console(sys.stderr, whole=whole))


def deliver(
    way: Way,
    show: Callable[[Console], object],
    write: Callable[[BinaryIO], Sequence[str] | None],
    after: Callable[[], object] = lambda: None,
    report: Report | None = None,
) -> None:
    """``show`` the result on a terminal, else ``write`` it where ``way`` leads; then tell what there is to know of it.

    ``write`` gives notices, such as that the workbook is no copy but was built anew. ``after`` tells on stderr what a page
    says itself; ``report``: what is written, if that may take a while. Raises OutputError.
    """
    told: Sequence[str] | None = None
    if way.on_screen:
        from jybf.report.screen import console

        show(console(whole=way.whole))
    elif way.target:
        with progress(quiet=way.quiet) as doing, replacing(way.target) as out:
            doing(*_about_writing(report, way))
            told = apart(lambda: _into_file(write, out, way))
    else:
        told = _to_stdout(write)
    if way.quiet:
        return
    tell_notices(told or ())
    if way.form != "table" or way.target:
        after()
    if way.target:
        say(f"已写入 {way.name}", sys.stderr)


def _about_writing(report: Report | None, way: Way) -> tuple[str, float]:
    """What is written, and about how many seconds it takes."""
    if not report:
        return f"写 {way.name}", 0
    annotated = False
    if report.kind == "audit":
        from jybf.report.marks import too_large

        annotated = not too_large(report)
    rows = max(report.height, report.roster.rows.height if report.roster else 0)
    seconds = writing(way.form, rows, annotated=annotated) + (of_rows(DESCRIBE, rows) if report.lines else 0)
    return f"写 {way.name} {counted(report.height)}", seconds


def write_file(report: Report, way: Way, out: BinaryIO) -> Sequence[str] | None:
    """``report`` as a file of its own. Gives what there is to know of it."""
    return _into_file(lambda out: writer(way.form)(report, out, mask=way.mask), out, way)


def _into_file(write: Callable[[BinaryIO], Sequence[str] | None], out: BinaryIO, way: Way) -> Sequence[str] | None:
    if way.form == "csv":
        out.write(codecs.BOM_UTF8)  # without it Excel takes a CSV file for GBK
    return write(out)


def _to_stdout(write: Callable[[BinaryIO], Sequence[str] | None]) -> Sequence[str] | None:
    """All that ``write`` writes to stdout; a reader that has seen enough (``| head``) is no error."""
    try:
        told = write(sys.stdout.buffer)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left would be written once more at the end
        if not isinstance(error, BrokenPipeError) and "os error 32" not in str(error):  # as Polars tells of the same
            raise OutputError(Problem(f"写不进去：{reason(error)}", "标准输出", "检查磁盘空间，或改用 -o 文件名")) from None
        return None
    return told
