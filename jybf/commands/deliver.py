"""From a report to where the user wants it: data on stdout or in a file, everything else on stderr."""

from __future__ import annotations

import codecs
import os
import sys
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from jybf.commands.request import check_inputs
from jybf.errors import InputError, Problem, UsageError
from jybf.report import FORMATS, format_of, writer
from jybf.report.output import check_target, replacing
from jybf.visible import say, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jybf.commands.opening import Say
    from jybf.commands.request import Delivery, Request, Shape
    from jybf.model import Report
    from jybf.model.proof import Why
    from jybf.model.survey import FileFacts

_Result = TypeVar("_Result")


def produce(
    job: Callable[[Request, Say, Say], Report], request: Request, delivery: Delivery, shape: Shape | None = None
) -> Report:
    """Run ``job`` and deliver its report in ``shape``. What the command line gets wrong is said before any work is done.

    Gives the report as ``job`` made it.
    """
    check_inputs(request)
    _check_shape(shape)
    form, target = _plan(delivery, request.inputs)

    def work(say: Say, tell: Say) -> tuple[Report, Report]:
        whole = job(request, say, tell)
        return whole, _shaped(whole, shape, say)

    (report, shaped), notices = _heard(work, delivery)
    _write(replace(shaped, notices=notices), form, target, delivery)
    return report


def _check_shape(shape: Shape | None) -> None:
    if shape is None or shape.sample is None:
        return
    from jybf.audit.sample import check_size

    check_size(shape.sample)
    if shape.statistics:
        raise UsageError(Problem("--statistics 与 --sample 只能用一个"))


def _shaped(report: Report, shape: Shape | None, say: Say) -> Report:
    if shape and shape.statistics:
        from jybf.audit.statistics import tallied

        return tallied(report)
    if shape and shape.sample is not None:
        from jybf.audit.sample import sampled

        return sampled(report, shape.sample, shape.seed, say)
    return report


def tell_why(job: Callable[[Say, Say], Why], request: Request, delivery: Delivery) -> None:
    """Print the proof that ``job`` makes."""
    from jybf.report.proof import as_json, print_why, write_why
    from jybf.report.screen import console

    check_inputs(request)
    _only_json("why", delivery)
    found = _heard(job, delivery)[0]
    if delivery.form == "json":
        _to_stdout(lambda out: out.write(as_json(found, mask=delivery.mask)))
    elif sys.stdout.isatty():
        print_why(found, console(), mask=not delivery.show_pii)
    else:
        _to_stdout(lambda out: write_why(found, out, mask=not delivery.show_pii))


def _heard(job: Callable[[Say, Say], _Result], delivery: Delivery) -> tuple[_Result, tuple[str, ...]]:
    """What ``job`` makes, and what it had to say: that stands on stderr, also where it fails."""
    from jybf.report.screen import progress

    notices: list[str] = []
    try:
        with progress(quiet=delivery.quiet) as tell:
            result = job(notices.append, tell)
    finally:
        for notice in () if delivery.quiet else dict.fromkeys(notices):
            say(f"提示：{sentence(notice)}", sys.stderr)
    return result, tuple(dict.fromkeys(notices))


def _only_json(command: str, delivery: Delivery) -> None:
    """Raises UsageError for what a command that has just a page and JSON can't do."""
    if delivery.mask and delivery.show_pii:
        raise UsageError(Problem("--mask 与 --show-pii 只能用一个"))
    if delivery.form not in ("", "table", "json"):
        raise UsageError(Problem(f"{command} 没有输出格式“{delivery.form}”", hint="可用：table、json"))


def show(look: Callable[[Request, Say], Sequence[FileFacts]], request: Request, delivery: Delivery) -> int:
    """Print what ``look`` finds, and write the map of columns to ``delivery.output`` if it names one. Gives the exit code.

    The map is never written over another: somebody may have edited that.
    """
    from jybf.report.screen import console, progress
    from jybf.report.survey import print_survey, write_survey
    from jybf.report.survey_json import as_json

    check_inputs(request)
    form, target = _plan_look(delivery, request)
    with progress(quiet=delivery.quiet) as tell:
        files = look(request, tell)
    if form == "json":
        _to_stdout(lambda out: out.write(as_json(files, mask=delivery.mask)))
    elif sys.stdout.isatty():
        print_survey(files, console(), mask=not delivery.show_pii)
    else:
        _to_stdout(lambda out: write_survey(files, out, mask=not delivery.show_pii))
    if target:
        _write_map(files, target, delivery)
    return InputError.exit_code if any(facts.problems for facts in files) else 0


def _plan_look(delivery: Delivery, request: Request) -> tuple[str, Path | None]:
    _only_json("inspect", delivery)
    if not delivery.output:
        return delivery.form, None
    target = check_target(delivery.output, request.inputs)
    if target.exists():
        raise UsageError(Problem("已经有这个文件，不覆盖", delivery.output, "换一个文件名；里面可能有改过的内容"))
    if target.suffix.lower() != ".toml":
        raise UsageError(Problem("列名文件的后缀应是 .toml", delivery.output, "如 --write-map 列名.toml"))
    return delivery.form, target


def _write_map(files: Sequence[FileFacts], target: Path, delivery: Delivery) -> None:
    from jybf.report.columns import map_text

    with replacing(target) as out:
        out.write(map_text(files).encode("utf-8", errors="replace"))
    if not delivery.quiet:
        say(f"已写入 {delivery.output}：改好后用 --map {delivery.output}", sys.stderr)


def _plan(delivery: Delivery, inputs: Sequence[str]) -> tuple[str, Path | None]:
    """The format and the file; without either, a terminal gets the table and a pipe gets CSV."""
    if delivery.mask and delivery.show_pii:
        raise UsageError(Problem("--mask 与 --show-pii 只能用一个"))
    if not delivery.output:
        form = delivery.form or ("table" if sys.stdout.isatty() else "csv")
        writer(form)
        if form == "xlsx" and sys.stdout.isatty():
            raise UsageError(Problem("工作簿不能显示在终端里", hint="加上 -o 结果.xlsx"))
        return form, None
    form = delivery.form or format_of(delivery.output)
    writer(form)
    if PurePath(delivery.output).suffix.lower() in set(FORMATS.values()) - {FORMATS[form]}:
        raise UsageError(Problem(f"后缀与 -f {form} 不一致", delivery.output, f"后缀改成 {FORMATS[form]}，或去掉 -f"))
    return form, check_target(delivery.output, inputs)


def _write(report: Report, form: str, target: Path | None, delivery: Delivery) -> None:
    from jybf.report.screen import console, summary
    from jybf.report.table import show

    mask = not delivery.show_pii if form in ("table", "html") else delivery.mask  # what people read
    told: list[str] = []
    if target:
        with replacing(target) as out:
            if form == "csv":
                out.write(codecs.BOM_UTF8)  # without it Excel takes a CSV file for GBK
            told += writer(form)(report, out, mask=mask) or ()
    elif form == "table" and sys.stdout.isatty():
        show(report, mask=mask)
    else:
        _to_stdout(lambda out: told.extend(writer(form)(report, out, mask=mask) or ()))
    for notice in () if delivery.quiet else told:  # such as that the workbook is no copy but was built anew
        say(f"提示：{sentence(notice)}", sys.stderr)
    if not delivery.quiet and (form != "table" or target):
        summary(report, console(sys.stderr))
    if target and not delivery.quiet:
        say(f"已写入 {delivery.output}", sys.stderr)


def _to_stdout(write: Callable[[BinaryIO], object]) -> None:
    """All that ``write`` writes to stdout; a reader that has seen enough (``| head``) is no error."""
    try:
        write(sys.stdout.buffer)
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError) and "os error 32" not in str(error):  # as Polars tells of the same
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
