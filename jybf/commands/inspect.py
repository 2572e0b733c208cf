"""``jybf inspect``: what calc and audit would read, before any money is computed; and the map of columns to be edited."""

import sys
from collections.abc import Sequence
from pathlib import Path

import jybf.roster.inspect
from jybf.commands.deliver import PAGE, deliver, find_way, listening
from jybf.commands.opening import check_map, check_sheet, column_map, shown_name
from jybf.commands.request import Delivery, Request, check_inputs
from jybf.errors import InputError, Problem, UsageError
from jybf.model.survey import FileSurvey
from jybf.report.column_map import map_text
from jybf.report.output import check_target, replacing
from jybf.report.progress import Doing
from jybf.report.survey import print_survey, write_survey
from jybf.roster import Options
from jybf.visible import say


def inspect(request: Request, delivery: Delivery, write_map: str = "") -> int:
    """Show what each file holds, and write the map of its columns to ``write_map`` if that names a file.

    Gives the exit code: 3 if a file can't be read. Raises UsageError, InputError, OutputError.
    """
    check_inputs(request)
    way = find_way(delivery, (), PAGE, command="inspect", piped="table")
    target = _map_target(write_map, request) if write_map else None
    with listening(quiet=delivery.quiet) as voice:
        files = surveyed(request, voice.doing)
    deliver(
        way,
        lambda screen: print_survey(files, screen),
        lambda out: write_survey(files, out, way.form, mask=way.mask),
    )
    if target:
        with replacing(target) as out:
            out.write(map_text(files).encode("utf-8", errors="replace"))
        if not delivery.quiet:
            say(f"已写入 {write_map}：改好后用 --map {write_map}", sys.stderr)
    return InputError.exit_code if any(file.problems for file in files) else 0


def surveyed(request: Request, progress: Doing) -> tuple[FileSurvey, ...]:
    """What calc and audit would read, file by file, and why not where they would not."""
    columns = column_map(request)
    files = jybf.roster.inspect.inspect(request.files, Options(request.sheet, request.encoding, columns), progress)
    check_map(request, columns, _places(request.files, files))
    check_sheet(request, (file.file for file in files if file.kind == "text"))
    return files


def _map_target(write_map: str, request: Request) -> Path:
    """Where the map goes; never over another, which somebody may have edited."""
    target = check_target(write_map, request.inputs)
    if target.exists():
        raise UsageError(Problem("已经有这个文件，不覆盖", write_map, "换一个文件名；里面可能有改过的内容"))
    if target.suffix.lower() != ".toml":
        raise UsageError(Problem("列名文件的后缀应是 .toml", write_map, "如 --write-map 列名.toml"))
    return target


def _places(paths: Sequence[str], files: Sequence[FileSurvey]) -> list[tuple[str, str | None]]:
    """Each sheet of each file; of a file that could not be opened nobody knows the sheets."""
    names: list[tuple[str, str | None]] = []
    for path, file in zip(paths, files, strict=True):
        names += [(shown_name(path), sheet.name) for sheet in file.sheets] or [(shown_name(path), None)]
    return names
