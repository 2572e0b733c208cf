"""``jybf audit``: what must not be paid, and why."""

import sys
from datetime import date
from pathlib import Path

from msgspec.structs import replace

import jybf.audit
from jybf.audit.catalogue import chosen
from jybf.audit.release import paid
from jybf.audit.sample import check_size, sampled
from jybf.audit.statistics import tallied
from jybf.audit.waiver_file import waivers_of
from jybf.audit.waivers import Waivers, apply
from jybf.commands.deliver import deliver_report, find_way, listening
from jybf.commands.opening import Opened, Say, open_run, shown_name
from jybf.commands.pace import AUDIT, counted, of_rows
from jybf.commands.parts import check_split, deliver_parts
from jybf.commands.request import Delivery, Request, Shape, check_inputs
from jybf.errors import Problem, UsageError
from jybf.model import LEVELS, Findings, Report, Roster
from jybf.report import FORMATS
from jybf.report.marks import REBUILT, too_large
from jybf.report.progress import Doing
from jybf.report.summary import summarise_findings
from jybf.visible import say


def audit(request: Request, delivery: Delivery, shape: Shape, *, threshold: str, strict: bool = False) -> int:
    """Deliver the findings in ``shape``. Gives the exit code: 1 if the audit is not passed, see :func:`_failures`.

    Raises JybfError of every kind, with all there is to say.
    """
    check_inputs(request)
    _check_shape(shape, request, delivery)
    way = find_way(delivery, request.inputs, FORMATS)
    with listening(quiet=delivery.quiet) as voice:
        report = audited(request, voice.say, voice.doing)
        shaped = _shaped(report, shape, voice.say)
        if way.form == "xlsx" and shaped.kind == "audit" and too_large(shaped) and not delivery.split:
            voice.say(REBUILT)
    shaped = replace(shaped, notices=voice.told)
    if delivery.split and report.findings:
        found = report.findings
        deliver_parts(shaped, found.verdicts, found.roster, delivery.split, way, request.inputs)
    else:
        deliver_report(shaped, way)
    failures = _failures(report, threshold, strict=strict)
    if failures and not delivery.quiet:
        say(f"以 1 退出：{'，'.join(failures)}", sys.stderr)
    return int(bool(failures))


def audited(request: Request, say: Say, progress: Doing) -> Report:
    """All findings on what ``request`` names. ``say`` gets the notices, ``progress`` what is being done."""
    wanted = chosen(request.select, request.ignore)
    if not wanted:
        raise UsageError(Problem("没有剩下要查的规则", "--select --ignore", "少排除一些"))
    waivers = waivers_of(request.waivers, Path.cwd())  # its faults are told before a large file is read
    run = open_run(request, say, progress, AUDIT)
    rows = run.roster.rows.height
    progress(f"审核 {counted(rows)}", of_rows(AUDIT, rows))
    found = jybf.audit.audit(
        run.roster, run.pack, run.verdicts, history=run.history, lists=run.lists, select=request.select, ignore=request.ignore
    )
    found, told = _waived(found, run, waivers, request, say, wanted)
    return Report(
        "audit", found.rows, summarise_findings(found), run.provenance | told, found.not_run, context=found.context,
        checked=found.checked, roster=run.roster, paths=_paths(request, run.roster), findings=found,
    )  # fmt: skip


def _waived(
    found: Findings, run: Opened, waivers: Waivers | None, request: Request, say: Say, wanted: frozenset[str]
) -> tuple[Findings, dict[str, str]]:
    """``found`` after the waivers in force, and what the provenance must say of them."""
    if not waivers:
        return found, {}
    on = request.as_of or date.today()  # noqa: DTZ011  a term ends by the user's calendar; the provenance says the day
    found = apply(found, waivers, on, roster=run.roster, wanted=wanted)
    used = int((found.context["豁免"] != "").sum())
    say(f"{waivers.name} 有 {len(waivers.entries)} 条豁免，按 {on} 判断，用在 {used} 条发现上")
    return found, {"豁免": waivers.told(on)}


def _paths(request: Request, roster: Roster) -> dict[str, str]:
    """文件, as findings name it, → the path that was asked for."""
    names = [sheet.file for sheet in roster.sheets]
    return {name: path for path in request.files for name in names if name in (shown_name(path), Path(shown_name(path)).name)}


def _check_shape(shape: Shape, request: Request, delivery: Delivery) -> None:
    asked = {"--pay-list": shape.pay_list, "--statistics": shape.statistics, "--sample": shape.sample is not None}
    names = [name for name, wanted in asked.items() if wanted]
    if len(names) > 1:
        raise UsageError(Problem(f"{' 与 '.join(names)} 只能用一个"))
    if delivery.split:
        check_split(delivery.split, delivery.output)
        if names:
            raise UsageError(Problem(f"--split 不能与 {names[0]} 同用"))
    if shape.sample is not None:
        check_size(shape.sample)
    if shape.pay_list and (request.select or request.ignore):
        raise UsageError(Problem("只查一部分规则，说不出哪些能发", "--pay-list", "去掉 --select、--ignore"))


def _shaped(report: Report, shape: Shape, say: Say) -> Report:
    if shape.pay_list:
        return paid(report)
    if shape.statistics:
        return tallied(report)
    return report if shape.sample is None else sampled(report, shape.sample, shape.seed, say)


_REMARK = "JY904"  # of the JY9 the one that tells of a remark, and not of a row that could not be decided


def _failures(report: Report, threshold: str, *, strict: bool) -> list[str]:
    """Why an audit is not passed, in words; empty if it is.

    Findings at ``threshold`` or above count, level by level as the summary above counts them, and at whatever level rows
    that could not be decided (JY9xx); with ``strict`` a check that did not run counts too: unchecked is never passed.
    """
    grave = LEVELS[: LEVELS.index(threshold) + 1]
    undecided = report.frame["编号"].str.starts_with("JY9") & (report.frame["编号"] != _REMARK)
    counts = {
        **{f"{level} {{}} 条": (report.frame["级别"] == level).sum() for level in grave},
        "核定不了的 {} 条": (undecided & ~report.frame["级别"].is_in(grave)).sum(),
        "没查的规则 {} 项（--strict）": len(report.not_run) if strict else 0,
    }
    return [words.format(count) for words, count in counts.items() if count]
