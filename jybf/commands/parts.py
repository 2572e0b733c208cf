"""The report of a run in parts (``--split``), each with its own figures, which add up to those of the whole."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import polars as pl
from msgspec.structs import replace

from jybf.assess import missing
from jybf.commands.deliver import Way, sum_up, write_file
from jybf.commands.pace import counted, writing
from jybf.errors import Problem, UsageError
from jybf.model import ROW, Findings, Report, Roster, Verdicts
from jybf.report import FORMATS
from jybf.report.output import check_folder
from jybf.report.progress import apart, progress
from jybf.report.split import BY, PART, UNSAID, file_names, heading_of, headings, write_parts
from jybf.report.summary import summarise, summarise_findings
from jybf.visible import say

_SUMMED = ("table", "json", "xlsx", "html")  # the formats that have a summary of their own
_MOST = 20  # parts that are told one by one


def check_split(by: str, output: str) -> None:
    """Raises UsageError for a way to split that nobody knows, or without a folder to split into."""
    if by not in BY:
        raise UsageError(Problem(f"不能按“{by}”分", "--split", f"可用：{'、'.join(BY)}"))
    if not output:
        raise UsageError(Problem("分成几个文件，要写明放在哪个文件夹", "--split", "加上 -o 文件夹/"))
    if Path(output).suffix in FORMATS.values():
        raise UsageError(Problem("分成几个文件时，-o 后面写文件夹", output, f"格式用 -f {Path(output).suffix[1:]}"))
    check_folder(output)


def deliver_parts(report: Report, verdicts: Verdicts, roster: Roster, by: str, way: Way, inputs: Sequence[str]) -> None:
    """Write each part of ``report`` into the folder of ``way``, and tell the files and how they add up. Raises OutputError."""
    parts = _parts(report, verdicts, roster, by, summed=way.form in _SUMMED)
    names = file_names(parts, FORMATS[way.form])
    files: dict[str, Callable[[BinaryIO], object]] = {names[part]: partial(write_file, one, way) for part, one in parts.items()}
    folder = Path(way.name)
    strangers = (
        sorted(path.name for path in folder.glob(f"*{FORMATS[way.form]}") if path.name not in files) if folder.is_dir() else []
    )
    with progress(quiet=way.quiet) as doing:
        doing(f"写 {way.name} {counted(report.frame.height)}", writing(way.form, report.frame.height))
        apart(lambda: write_parts(folder, files, inputs))
    if way.quiet:
        return
    sum_up(report, whole=way.whole)
    counts = {names[part]: one.frame.height for part, one in parts.items()}
    for line in (*_told(report, counts, by, way), *_about(strangers, way)):
        say(line, sys.stderr)


def _told(report: Report, counts: Mapping[str, int], by: str, way: Way) -> list[str]:
    unit = "行" if report.kind == "calc" else "条"
    lines = [f"  {name}  {count} {unit}" for name, count in islice(counts.items(), _MOST)]
    if len(counts) > _MOST:
        lines.append(f"  另有 {len(counts) - _MOST} 个文件  {sum(islice(counts.values(), _MOST, None))} {unit}")
    total = sum(counts.values())
    whole = "" if total == report.frame.height else f"，与全部 {report.frame.height} {unit}不符"
    return [f"已写入 {way.name}：按{by}分成 {len(counts)} 个文件，合计 {total} {unit}{whole}", *lines]


def _about(strangers: Sequence[str], way: Way) -> list[str]:
    shown = "、".join(strangers[:3]) + (f" 等 {len(strangers)} 个" if len(strangers) > 3 else "")
    return [f"提示：{way.name} 里还有不是这次写的文件：{shown}；别和这次的混在一起"] * bool(strangers)


def _parts(report: Report, verdicts: Verdicts, roster: Roster, by: str, *, summed: bool) -> dict[str, Report]:
    """Part → its report, in the order of the lines, UNSAID last; of an audit also where nothing was found."""
    of_line = heading_of(report.frame, roster.rows, roster.sheets, by)
    of_row = roster.rows.select(ROW, headings(roster.rows, by))
    every = dict.fromkeys([*of_line, *(of_row[PART] if report.findings else [])])
    names = sorted(map(str, every), key=lambda name: name == UNSAID)
    lines = _by_part(report.frame.with_columns(of_line.alias(PART)))
    plain = {name: replace(report, frame=lines(name), roster=None) for name in names}
    if not summed:
        return plain
    rows, verdicts_of = _by_part(of_row), _verdicts(verdicts, of_row)
    if report.findings:
        found = _findings(report.findings, of_line, of_row)
        whole = {name: replace(found(name), verdicts=verdicts_of(name)) for name in names}
        return {
            name: replace(plain[name], summary=summarise_findings(own, rows(name)[ROW]), findings=own, context=own.context)
            for name, own in whole.items()
        }
    judged = {name: verdicts_of(name) for name in names}
    return {
        name: replace(plain[name], summary=summarise(own, roster, missing(own), rows(name)[ROW]))
        for name, own in judged.items()
    }


def _by_part(frame: pl.DataFrame) -> Callable[[str], pl.DataFrame]:
    """Part → the lines of ``frame`` that belong to it, as its last column says."""
    parts = frame.partition_by(PART, as_dict=True, include_key=False, maintain_order=True)
    return lambda part: parts.get((part,), frame.drop(PART).clear())


def _verdicts(verdicts: Verdicts, of_row: pl.DataFrame) -> Callable[[str], Verdicts]:
    """Part → the verdicts on its rows."""
    whole = {"rows": verdicts.rows, "merged": verdicts.merged, "unnamed": verdicts.unnamed}
    parts = {name: _by_part(_with_part(frame, of_row)) for name, frame in whole.items()}
    return lambda part: replace(verdicts, **{name: own(part) for name, own in parts.items()})


def _with_part(frame: pl.DataFrame, of_row: pl.DataFrame) -> pl.DataFrame:
    return frame.join(of_row, on=ROW, how="left", maintain_order="left")


def _findings(found: Findings, of_line: pl.Series, of_row: pl.DataFrame) -> Callable[[str], Findings]:
    """Part → its findings. What stands against a row is known from all of them: an employer's worker may live elsewhere."""
    from jybf.audit.release import standing

    whole = {"rows": found.rows.with_columns(of_line.alias(PART)), "context": found.context.with_columns(of_line.alias(PART))}
    parts = {name: _by_part(frame) for name, frame in (whole | {"roll": _with_part(found.roll, of_row)}).items()}
    bare = replace(found, standing=standing(found))
    return lambda part: replace(bare, **{name: own(part) for name, own in parts.items()})
